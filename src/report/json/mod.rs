//! The report for programs: `rolecall/report/1`.
//!
//! The published types live in `document.rs`, apart from the program's own, so that the one can change without the other.
//! What is written is plain JSON in declared order, pretty-printed, with a newline at the end. Characters that nobody
//! sees, or that move a terminal's cursor, are written as `\uXXXX`: the same text to every reader of JSON, and harmless
//! to somebody who looks at it with `less`.

use std::io::{self, Write};

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};
use serde_json::{Map, Value, json};

use super::escape;
use crate::finding::Report;
pub(super) use document::{Line, Tool};

mod document;
#[cfg(test)]
mod tests;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/report/1";

/// Writes the report as JSON, with every verdict of every subject if `verdicts` is set.
pub fn render(report: &Report, verdicts: bool, out: &mut impl Write) -> io::Result<()> {
    write_document(&document::Document::of(report, verdicts), out)
}

/// Writes a published document.
pub(super) fn write_document(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(
        &mut *out,
        Visible::default(),
    ))?;
    out.write_all(b"\n")
}

/// Writes a document on one line.
pub(super) fn write_line(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, VisibleLine))?;
    out.write_all(b"\n")
}

/// The JSON Schema of the report, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:report:1",
        "What rolecall says of one workspace: `rolecall check --format json`",
    )
}

/// The JSON Schema of a document that we write. Nullable parts are an `anyOf` with null: OPA's type checker drops
/// `type: [x, "null"]`, and a policy that is checked against the schema would go unchecked there.
pub(super) fn schema_of<T: JsonSchema>(id: &str, title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(nullable_as_any_of as fn(&mut Schema)))
        .into_generator();
    let mut body = generator.into_root_schema_for::<T>();
    let mut schema = Map::new();
    schema.extend(body.remove("$schema").map(|dialect| ("$schema".to_owned(), dialect)));
    schema.insert("$id".to_owned(), json!(id));
    schema.insert("title".to_owned(), json!(title));
    body.remove("title");
    schema.extend(body.as_object().cloned().unwrap_or_default());
    Value::Object(schema)
}

fn nullable_as_any_of(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(Value::Array(types)) = object.get("type") else {
        return;
    };
    if !types.iter().any(|word| word == "null") {
        return;
    }
    let others: Vec<Value> = types.iter().filter(|word| *word != "null").cloned().collect();
    // What describes the field stays beside the `anyOf`; what constrains the value moves into it.
    let (about, mut constraints): (Map<_, _>, Map<_, _>) = std::mem::take(object)
        .into_iter()
        .partition(|(key, _)| matches!(key.as_str(), "description" | "title" | "default"));
    constraints.remove("type");
    let any_of = others.into_iter().map(|word| {
        let mut one = Map::from_iter([("type".to_owned(), word)]);
        one.extend(constraints.clone());
        Value::Object(one)
    });
    *object = about;
    object.insert("anyOf".to_owned(), any_of.chain([json!({"type": "null"})]).collect());
}

/// Writes a part of a text, with hidden characters escaped, and what a CI system that shows it would take for a command.
fn visible<W: ?Sized + Write>(fragment: &str, out: &mut W) -> io::Result<()> {
    let mut plain = 0;
    let speaks = |at: usize, c| c == '#' && escape::is_command(fragment[at..].chars());
    let escaped = fragment.char_indices();
    for (at, c) in escaped.filter(|(at, c)| escape::is_hidden(*c) || speaks(*at, *c)) {
        out.write_all(&fragment.as_bytes()[plain..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        plain = at + c.len_utf8();
    }
    out.write_all(&fragment.as_bytes()[plain..])
}

/// serde_json's printer of one line, with hidden characters escaped.
struct VisibleLine;

impl Formatter for VisibleLine {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        visible(fragment, out)
    }
}

/// serde_json's pretty printer, with hidden characters escaped.
#[derive(Default)]
struct Visible<'a>(PrettyFormatter<'a>);

impl Formatter for Visible<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        visible(fragment, out)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }
    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }
    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }
    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }
    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}
