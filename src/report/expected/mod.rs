//! What differs from accepted verdicts, for people and for programs: `rolecall/differences/1`.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

use super::json::{schema_of, write_document};
use super::{Format, escape};
use crate::expected::{Comparison, Expected};

mod document;
#[cfg(test)]
mod tests;
mod text;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/differences/1";

/// Writes a comparison.
pub fn render(comparison: &Comparison, format: Format, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(comparison, styled, out),
        Format::Json => write_document(&document::Document::of(comparison), out),
    }
}

/// Says what was accepted, and where it is; a verdict that could not be reached is accepted as one.
pub fn accepted(expected: &Expected, path: &Path, out: &mut impl Write) -> io::Result<()> {
    let open = match expected.verdicts.iter().filter(|line| line.is_undecided()).count() {
        0 => String::new(),
        number => format!(", {number} of them undecided"),
    };
    writeln!(
        out,
        "wrote {}: {} of {}, as of {}{open}",
        escape::terminal(&path.display().to_string()),
        text::count(expected.verdicts.len(), "verdict"),
        text::count(expected.checks.len(), "check"),
        expected.as_of,
    )?;
    if !expected.cannot_decide.is_empty() {
        writeln!(out, "the run cannot decide:")?;
    }
    expected
        .cannot_decide
        .iter()
        .try_for_each(|why| writeln!(out, "  - {}", escape::sentence(why)))
}

/// The JSON Schema of a comparison, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:differences:1",
        "What differs from accepted verdicts: `rolecall check --expect --format json`",
    )
}
