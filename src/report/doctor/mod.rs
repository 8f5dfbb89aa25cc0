//! What `doctor` found, for people and for programs: `rolecall/doctor/1`.

use std::io::{self, Write};

use serde_json::Value;

use super::Format;
use super::json::{schema_of, write_document};
use crate::doctor::Examination;

mod document;
#[cfg(test)]
mod tests;
mod text;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/doctor/1";

/// Writes an examination.
pub fn render(examination: &Examination, format: Format, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Text => text::render(examination, styled, out),
        Format::Json => write_document(&document::Document::of(examination), out),
    }
}

/// The JSON Schema of an examination, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:doctor:1",
        "What a run of rolecall would lack: `rolecall doctor --format json`",
    )
}
