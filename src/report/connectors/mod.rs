//! What connectors can read, for people and for programs: `rolecall/connectors/1`.

use std::io::{self, Write};

use serde_json::Value;

use super::Format;
use super::json::{schema_of, write_document};
use crate::connector::Connector;

mod document;
#[cfg(test)]
mod tests;
mod text;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/connectors/1";

/// What is shown.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'a> {
    /// Every connector, in short.
    All(&'a [&'a Connector]),
    /// One of them, with all that it can.
    One {
        /// Which.
        connector: &'a Connector,
        /// What a project file says to use it.
        paste: &'a str,
    },
}

/// Writes connectors.
pub fn render(shown: Shown<'_>, format: Format, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match (format, shown) {
        (Format::Text, Shown::All(connectors)) => text::list(connectors, styled, out),
        (Format::Text, Shown::One { connector, paste }) => text::one(connector, paste, styled, out),
        (Format::Json, Shown::All(connectors)) => write_document(&document::Document::of(connectors), out),
        (Format::Json, Shown::One { connector, .. }) => write_document(&document::Document::of(&[connector]), out),
    }
}

/// The JSON Schema of the list, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:connectors:1",
        "What rolecall can read: `rolecall connectors --format json`",
    )
}
