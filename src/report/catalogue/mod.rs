//! The catalogue of checks, for people and for programs: `rolecall/catalogue/1`.

use std::io::{self, Write};

use serde_json::Value;

use super::DocsFormat;
use super::json::{schema_of, write_document};
use crate::catalogue::Catalogue;

mod document;
mod markdown;
#[cfg(test)]
mod tests;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/catalogue/1";

/// Writes a catalogue.
pub fn render(catalogue: &Catalogue, format: DocsFormat, out: &mut impl Write) -> io::Result<()> {
    match format {
        DocsFormat::Markdown => markdown::render(catalogue, out),
        DocsFormat::Json => write_document(&document::Document::of(catalogue), out),
    }
}

/// The JSON Schema of a catalogue, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:catalogue:1",
        "What every check says and reads: `rolecall docs --format json`",
    )
}
