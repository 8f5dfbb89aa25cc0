//! The report for people, in a terminal.
//!
//! From the particular to the whole, so that the verdict is what stands above the prompt: findings by check, those that
//! are accepted, what could not be decided, exceptions that accept nothing, notices, sources with problems, how complete the facts are, a table of counts, and one last line.

use std::io::{self, Write};

use super::style::Style;
use crate::finding::Report;

mod exceptions;
mod findings;
mod remarks;
mod summary;
#[cfg(test)]
mod tests;
mod undecided;
mod verdicts;
pub(super) mod words;

/// How to show the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether to write colours.
    pub styled: bool,
    /// Whether to list every verdict of every subject.
    pub verdicts: bool,
}

/// Writes the report as text. Without styles, the only control character in it is the line end.
pub fn render(report: &Report, out: &mut impl Write, options: &Options) -> io::Result<()> {
    let mut page = Page {
        out,
        styled: options.styled,
    };
    findings::render(report, &mut page)?;
    exceptions::accepted(report, &mut page)?;
    undecided::render(report, &mut page)?;
    if options.verdicts {
        verdicts::render(report, &mut page)?;
    }
    exceptions::without_effect(report, &mut page)?;
    remarks::notices(report, &mut page)?;
    remarks::sources(report, &mut page)?;
    summary::render(report, &mut page)
}

/// Where the sections write. Every text that they pass has been escaped.
struct Page<'a, W> {
    out: &'a mut W,
    styled: bool,
}

impl<W: Write> Page<'_, W> {
    /// One line, indented by so many columns.
    fn line(&mut self, indent: usize, text: &str) -> io::Result<()> {
        writeln!(self.out, "{:indent$}{text}", "")
    }

    /// An empty line.
    fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// `label[id]: text`, the line that opens a group.
    fn heading(&mut self, style: Style, label: &str, id: &str, text: &str) -> io::Result<()> {
        let label = self.paint(style, &format!("{label}[{id}]"));
        let text = self.paint(Style::STRONG, text);
        self.line(0, &format!("{label}: {text}"))
    }

    fn paint(&self, style: Style, text: &str) -> String {
        style.paint(text, self.styled)
    }
}
