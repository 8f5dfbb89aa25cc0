//! Findings for people: a frame each, then what does not load, then how many.

use std::io::{self, Write};

use crate::error::Frame;
use crate::report::style::Style;
use crate::report::{complaint, frame};
use crate::workbench::lint::{Level, Linted};

pub(super) fn render(linted: &Linted, styled: bool, out: &mut impl Write) -> io::Result<()> {
    for finding in &linted.findings {
        let text = linted.texts.get(&finding.place.file).map_or("", String::as_str);
        let meant = Frame::new(&finding.message, &finding.place, Some(finding.width), text);
        let level = frame::Level::Rule(finding.rule.level == Level::Error, finding.rule.id);
        let page = finding.rule.page();
        let drawn = frame::draw(level, &meant, &[page], Some(&finding.help), styled);
        writeln!(out, "{drawn}\n")?;
    }
    for broken in &linted.broken {
        complaint::render(broken.error.explained(), styled, out)?;
        writeln!(out)?;
    }
    closing(linted, styled, out)
}

/// One line at the end that counts.
pub(super) fn closing(linted: &Linted, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let many = |count: usize, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {more}"),
    };
    let (errors, warnings) = (linted.count(Level::Error), linted.count(Level::Warning));
    let (style, found) = match (errors, warnings) {
        (0, 0) => (Style::GOOD, "nothing found".to_owned()),
        (0, _) => (Style::WARNING, many(warnings, "warning", "warnings")),
        (_, 0) => (Style::ERROR, many(errors, "error", "errors")),
        _ => (
            Style::ERROR,
            format!(
                "{}, {}",
                many(errors, "error", "errors"),
                many(warnings, "warning", "warnings")
            ),
        ),
    };
    if linted.broken.is_empty() {
        let folders = many(linted.units, "folder", "folders");
        return writeln!(out, "{} in {folders}", style.paint(&found, styled));
    }
    // Of what does not load nothing is known, so that comes first, and the rest is said of the others alone.
    let broken = many(linted.broken.len(), "folder does not load", "folders do not load");
    let broken = Style::ERROR.paint(&broken, styled);
    match linted.units.saturating_sub(linted.broken.len()) {
        0 => writeln!(out, "{broken}"),
        1 => writeln!(out, "{broken}; in the other folder: {found}"),
        others => writeln!(out, "{broken}; in the other {others} folders: {found}"),
    }
}
