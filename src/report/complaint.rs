//! An error, as people read it: what was being done, to what, why it failed, and what to do next.

use std::io::{self, Write};

use super::style::Style;
use super::{escape, frame};
use crate::error::Explain;

/// Writes `error: …`, a `because: …` for each cause that the message does not already hold, and `help: …`; or all of it
/// in a frame, beside the line that the error speaks of. Errors quote files that anybody may have written, so every line
/// is escaped.
pub fn render(error: &dyn Explain, styled: bool, out: &mut impl Write) -> io::Result<()> {
    if let Some(meant) = error.frame() {
        let help = error.help();
        return writeln!(
            out,
            "{}",
            frame::draw(frame::Level::Error, meant, help.as_deref(), styled)
        );
    }
    let message = error.to_string();
    labelled(Style::ERROR, "error", &message, styled, out)?;
    let mut told = message;
    let mut cause = error.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !told.contains(&words) {
            labelled(Style::DIM, "because", &words, styled, out)?;
            told = words;
        }
        cause = next.source();
    }
    match error.help() {
        Some(help) => labelled(Style::GOOD, "help", &help, styled, out),
        None => Ok(()),
    }
}

/// The first line stands behind the label, the others below it as they are: they are often a quoted piece of a file
/// with a mark under it.
fn labelled(style: Style, label: &str, text: &str, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let mut lines = escape::lines(text);
    writeln!(
        out,
        "{} {}",
        style.paint(&format!("{label}:"), styled),
        lines.next().unwrap_or_default()
    )?;
    lines.try_for_each(|line| writeln!(out, "{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read rolecall.yaml:3:5: unknown key `sytems\u{1b}[2J`\n  3 | sytems:\n    | ^^^^^^")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("the file ends early: {0}")]
    struct Middle(#[source] io::Error);

    impl Explain for Outer {
        fn help(&self) -> Option<String> {
            Some("did you mean `systems`?".to_owned())
        }
    }

    #[test]
    fn an_error_says_what_why_and_what_next() {
        let error = Outer(Middle(io::Error::other("broken disk\u{202e}")));
        let mut out = Vec::new();
        render(&error, false, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        error: cannot read rolecall.yaml:3:5: unknown key `sytems\x1b[2J`
          3 | sytems:
            | ^^^^^^
        because: the file ends early: broken disk\u202e
        help: did you mean `systems`?
        ");
    }
}
