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
        let drawn = frame::draw(frame::Level::Error, meant, &causes(error), help.as_deref(), styled);
        return writeln!(out, "{drawn}");
    }
    labelled(Style::ERROR, "error", &error.to_string(), styled, out)?;
    for cause in causes(error) {
        labelled(Style::DIM, "because", &cause, styled, out)?;
    }
    match error.help() {
        Some(help) => labelled(Style::GOOD, "help", &help, styled, out),
        None => Ok(()),
    }
}

/// The causes that the message, or the cause before, does not already hold.
fn causes(error: &dyn Explain) -> Vec<String> {
    let mut told = error.to_string();
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(next) = cause {
        let words = next.to_string();
        if !told.contains(&words) {
            causes.push(words.clone());
            told = words;
        }
        cause = next.source();
    }
    causes
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

    #[derive(Debug, thiserror::Error)]
    #[error("rolecall.yaml:3:1: unknown key `sytems`")]
    struct Framed(#[source] io::Error, crate::error::Frame);

    impl Explain for Framed {
        fn help(&self) -> Option<String> {
            Some("did you mean `systems`?".to_owned())
        }

        fn frame(&self) -> Option<&crate::error::Frame> {
            Some(&self.1)
        }
    }

    #[test]
    fn an_error_with_a_line_is_a_frame() {
        let place = crate::error::Place {
            file: "rolecall\u{1b}.yaml".to_owned(),
            line: 3,
            column: 1,
        };
        let frame = crate::error::Frame::new("unknown key `sytems`", &place, None, "\n\nsytems: {}\n");
        let mut out = Vec::new();
        render(&Framed(io::Error::other("broken\u{202e} disk"), frame), false, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        error: unknown key `sytems`
         --> rolecall\x1b.yaml:3:1
          |
        3 | sytems: {}
          | ^^^^^^
          |
          = note: broken\u202e disk
          = help: did you mean `systems`?
        ");
    }
}
