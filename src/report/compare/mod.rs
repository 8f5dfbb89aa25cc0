//! What changed between two runs, for people, for a comment on a pull request, and for programs: `rolecall/comparison/1`.

use std::io::{self, Write};

use serde_json::Value;

use super::CompareFormat;
use super::json::{schema_of, write_document};
use crate::compare::Comparison;

mod document;
mod markdown;
#[cfg(test)]
mod tests;
mod text;
mod words;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/comparison/1";

/// Writes a comparison.
pub fn render(comparison: &Comparison, format: CompareFormat, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        CompareFormat::Text => text::render(comparison, styled, out),
        CompareFormat::Json => write_document(&document::Document::of(comparison), out),
        CompareFormat::Markdown => markdown::render(comparison, out),
    }
}

/// The JSON Schema of a comparison, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:comparison:1",
        "What changed between two runs: `rolecall compare --format json`",
    )
}
