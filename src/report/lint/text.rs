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
    let folders = many(linted.units, "folder", "folders");
    let (errors, warnings) = (linted.count(Level::Error), linted.count(Level::Warning));
    let (style, mut words) = match (errors, warnings) {
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
    words = style.paint(&words, styled);
    if !linted.broken.is_empty() {
        let broken = many(linted.broken.len(), "folder does not load", "folders do not load");
        words = format!("{words}, {}", Style::ERROR.paint(&broken, styled));
    }
    writeln!(out, "{words} in {folders}")
}
