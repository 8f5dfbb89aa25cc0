//! Findings as GitHub shows them beside the lines of a change: workflow commands.

use std::io::{self, Write};

use super::text::closing;
use super::{end_of, path_of, placed};
use crate::report::github::{data, property};
use crate::workbench::lint::Linted;

pub(super) fn render(linted: &Linted, out: &mut impl Write) -> io::Result<()> {
    for finding in &linted.findings {
        let command = finding.rule.level.word();
        let place = &finding.place;
        writeln!(
            out,
            "::{command} file={},line={},col={},endColumn={},title={}::{}",
            property(&path_of(finding)),
            place.line,
            place.column,
            end_of(linted, finding),
            property(&format!("rolecall lint: {}", finding.rule.id)),
            data(&format!(
                "{}\nhelp: {}\n{}",
                finding.message,
                finding.help,
                finding.rule.page()
            )),
        )?;
    }
    for broken in &linted.broken {
        let (place, message) = placed(broken.error.explained());
        let place = place.map(|place| {
            let file = property(&place.file);
            format!("file={file},line={},col={},", place.line, place.column)
        });
        writeln!(
            out,
            "::error {}title={}::{}",
            place.unwrap_or_default(),
            property("rolecall lint: it does not load"),
            data(&message)
        )?;
    }
    closing(linted, false, out)
}
