//! Why a subject is judged as it is, for people and for programs: `rolecall/explain/1`.

use std::io::{self, Write};

use serde_json::Value;

use super::Format;
use super::json::{schema_of, write_document};
use crate::explain::Explanation;

mod document;
mod reasons;
#[cfg(test)]
mod tests;
mod text;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/explain/1";

/// Writes an explanation.
pub fn render(explanation: &Explanation, format: Format, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(explanation, styled, out),
        Format::Json => write_document(&document::Document::of(explanation), out),
    }
}

/// The JSON Schema of an explanation, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:explain:1",
        "Why a subject is judged as it is: `rolecall explain --format json`",
    )
}
