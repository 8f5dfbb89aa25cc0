//! Findings as GitHub shows them beside the lines of a change: workflow commands.

use std::io::{self, Write};

use super::text::closing;
use super::{end_of, path_of, placed};
use crate::report::escape;
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

/// The text of a command. What nobody sees is made visible; the end of a line would end the command.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(escape::sentence).collect();
    lines
        .join("\n")
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, where a colon and a comma have a meaning too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        assert_eq!(data("100%\n::error::b\u{1b}[2J"), "100%25%0A\\x3a:error::b\\x1b[2J");
        assert_eq!(property("a,b:c\r\nd"), "a%2Cb%3Ac%0Ad");
    }
}
