//! What `except` says: what is accepted by whom and until when, and where that is written.

use std::io::{self, Write};
use std::path::Path;

use jiff::civil::Date;

use super::escape;

/// An exception, and what became of it.
#[derive(Debug, Clone)]
pub struct Excepted<'a> {
    /// The check's id.
    pub check: &'a str,
    /// The subject's id.
    pub subject: &'a str,
    /// The subject as people know it.
    pub who: Option<&'a str>,
    /// Who takes the risk.
    pub approved_by: &'a str,
    /// The last day.
    pub expires: Date,
    /// The file that it belongs into.
    pub file: &'a Path,
    /// What became of it.
    pub how: Written,
    /// The entry.
    pub yaml: String,
    /// Whether it is sure that whoever approved it works here.
    pub approver_was_held: bool,
}

/// What became of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It stands on this line of the file.
    Done(usize),
    /// It would stand there.
    Would(usize),
    /// A person has to put it there.
    Pasted,
}

/// Writes all of it.
pub fn render(excepted: &Excepted<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = escape::terminal;
    let file = escape::sentence(&excepted.file.display().to_string()).into_owned();
    let who = excepted.who.map(|who| format!(" ({})", shown(who))).unwrap_or_default();
    let what = format!("{} of {}{who}", shown(excepted.check), shown(excepted.subject));
    let (until, by) = (excepted.expires, shown(excepted.approved_by));
    match excepted.how {
        Written::Done(line) => {
            writeln!(out, "{what} is accepted until {until}, by {by}")?;
            writeln!(out, "written to {file}, line {line}:")?;
        }
        Written::Would(line) => {
            writeln!(out, "{what} would be accepted until {until}, by {by}")?;
            writeln!(out, "nothing is written; in {file} this would be line {line}:")?;
        }
        Written::Pasted => writeln!(out, "in {file}, under `exceptions:`:")?,
    }
    writeln!(out)?;
    for line in escape::lines(&excepted.yaml) {
        writeln!(out, "{line}")?;
    }
    if !excepted.approver_was_held {
        writeln!(out)?;
        writeln!(out, "whether {by} works here, the next `rolecall check` says")?;
    }
    Ok(())
}
