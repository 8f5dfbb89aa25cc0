//! JSON Schemas of YAML that people write, for their editors: derived from the types that read it.
//!
//! A schema refuses nothing that the program reads. It knows less than the program, which also holds names against each
//! other, and it stays with draft 7, which every editor's YAML language server knows.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{Entries, OneOrMore, Shape, Text};

/// The JSON Schema of a file that is read into a type.
pub fn schema_of<T: JsonSchema>(id: &str, title: &str) -> Value {
    let mut settings = SchemaSettings::draft07();
    settings
        .transforms
        .insert(0, Box::new(RecursiveTransform(as_it_is_read as fn(&mut Schema))));
    let mut body = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = Map::new();
    schema.extend(body.remove("$schema").map(|dialect| ("$schema".to_owned(), dialect)));
    schema.insert("$id".to_owned(), json!(id));
    schema.insert("title".to_owned(), json!(title));
    body.remove("title");
    schema.extend(body.as_object().cloned().unwrap_or_default());
    Value::Object(schema)
}

/// Marks a text whose spelling would be lost where it is a number or a boolean: these have to be in quotes.
const QUOTED: &str = "quoted";

/// What derived schemas say of values, as this program reads them: no value is ever null, a text stays as it is written
/// whether or not it looks like a number, and how wide a number is matters to nobody.
fn as_it_is_read(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(words)) = object.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(kind) = object.get_mut("type")
        && let Value::Array(kinds) = kind
    {
        kinds.retain(|one| one != "null");
        if let [only] = kinds.as_slice() {
            *kind = only.clone();
        }
    }
    if let Some(Value::Array(any_of)) = object.get_mut("anyOf") {
        any_of.retain(|one| one["type"] != "null");
        if let [Value::Object(only)] = any_of.as_slice() {
            let only = only.clone();
            object.remove("anyOf");
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
    }
    let quoted = object.remove(QUOTED).is_some();
    let of_few = ["enum", "const", "format"].iter().any(|key| object.contains_key(*key));
    match object.get("type").and_then(Value::as_str) {
        Some("string") if !quoted && !of_few => {
            object.insert("type".to_owned(), json!(["string", "number", "boolean"]));
        }
        Some("integer") => {
            object.remove("format");
        }
        _ => {}
    }
}

impl<V: JsonSchema> JsonSchema for Entries<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Entries_of_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": generator.subschema_for::<V>()})
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "\\S"})
    }
}

impl<M: JsonSchema> JsonSchema for Shape<M> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Text_or_{}", M::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = OneOrMore::json_schema(generator);
        let keys = generator.subschema_for::<M>().to_value();
        if let Some(Value::Array(any_of)) = schema.get_mut("anyOf") {
            any_of.push(keys);
        }
        schema
    }
}

impl JsonSchema for OneOrMore {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [
            {"type": "string", QUOTED: true},
            {"type": "array", "items": {"type": "string"}},
        ]})
    }
}
