//! The report for a pull request, or the summary of a job.

use std::io::{self, Write};

use crate::finding::Report;

/// Writes it.
pub fn render(_report: &Report, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}
