//! The report as annotations of a GitHub workflow.

use std::io::{self, Write};

use crate::finding::Report;

/// Writes it.
pub fn render(_report: &Report, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}
