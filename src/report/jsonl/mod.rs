//! The report as records, one a line.

use std::io::{self, Write};

use crate::finding::Report;

/// Writes it.
pub fn render(_report: &Report, _verdicts: bool, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}
