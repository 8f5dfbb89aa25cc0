//! Which JSON Schemas there are.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::Value;

use super::columns;

/// Every document with a line on what it is, from its schema.
pub fn render(documents: &BTreeMap<String, &str>, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let entries: Vec<_> = documents
        .iter()
        .map(|(name, schema)| (name.clone(), about(schema)))
        .collect();
    columns::render(&entries, 0, styled, out)?;
    writeln!(out, "\n`rolecall schema DOCUMENT` prints one")
}

/// The schema's title, or the first sentence of its description where the title is a name.
fn about(schema: &str) -> String {
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let text = |key: &str| schema[key].as_str().unwrap_or_default();
    let words = match text("title") {
        title if title.contains(' ') => title,
        _ => text("description"),
    };
    words
        .split(". ")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}
