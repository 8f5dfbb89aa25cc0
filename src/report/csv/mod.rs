//! The report as tables: findings, and everybody.

use std::io::{self, Write};

use crate::finding::Report;

/// Writes one row a finding.
pub fn findings(_report: &Report, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}

/// Writes one row for every verdict of every subject.
pub fn population(_report: &Report, _out: &mut impl Write) -> io::Result<()> {
    Ok(())
}
