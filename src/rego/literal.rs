//! Values of the engine, written as Rego would.

use regorus::Value;

/// A value as a Rego literal: `{"a"}` for a set, `set()` for an empty one, texts in quotes.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Undefined => "undefined".to_owned(),
        Value::Array(items) => format!("[{}]", listed(items.iter().map(literal))),
        Value::Set(items) if items.is_empty() => "set()".to_owned(),
        Value::Set(items) => format!("{{{}}}", listed(items.iter().map(literal))),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", literal(key), literal(value)));
            format!("{{{}}}", listed(fields))
        }
        // What is left is written as in JSON.
        plain => plain.to_json_str().unwrap_or_else(|_| "undefined".to_owned()),
    }
}

/// A text as a Rego literal.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn listed(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use regorus::Engine;

    #[test]
    fn every_kind_of_value_is_written_as_it_is_read() {
        for written in [
            "null",
            "true",
            "-7",
            "1.5",
            r#""a \"quoted\" text\n""#,
            r#"["b", "a"]"#,
            "set()",
            r#"{"a", "b"}"#,
            "{}",
            r#"{"list": [{1}], "name": "x"}"#,
        ] {
            let mut engine = Engine::new();
            let results = engine.eval_query(written.to_owned(), false).unwrap();
            assert_eq!(literal(&results.result[0].expressions[0].value), written);
        }
    }
}
