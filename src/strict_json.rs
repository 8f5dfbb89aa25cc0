//! JSON from outside, read so that nothing is lost and nothing can be read two ways.
//!
//! A repeated key, an integer that a double cannot hold, a byte order mark, text behind the end or nesting without end
//! is refused, with its place. The body itself is never part of an error: it may be a login page or hold names.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The largest integer that every reader of JSON holds exactly.
const EXACT: u64 = 1 << 53;

/// Lists and objects within each other, at most. No answer that means something comes near it.
const DEPTH: usize = 64;

/// Why a text is not the JSON that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{at} (line {line}, column {column})", at = at(.path))]
pub struct JsonError {
    /// What is wrong, in lower case.
    pub message: String,
    /// The JSON path, `$.users[3].id`; empty where none is known.
    pub path: String,
    /// Counts from 1.
    pub line: usize,
    /// Counts from 1.
    pub column: usize,
}

/// Reads one JSON value.
///
/// # Errors
/// The first thing that is not JSON, or that would lose something.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let here = |message: &str| JsonError {
        message: message.to_owned(),
        path: String::new(),
        line: 1,
        column: 1,
    };
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return Err(here("the text begins with a byte order mark"));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(here("the text is empty"));
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let line = 1 + bytes
            .iter()
            .take(error.valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count();
        return Err(JsonError {
            message: "the text is not UTF-8".to_owned(),
            path: String::new(),
            line,
            column: 1,
        });
    }
    let mut path = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        path: &mut path,
        depth: 0,
    }
    .deserialize(&mut deserializer)
    .and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| framed(&error, shown(&path)))
}

/// Reads one JSON value of a type, which should refuse unknown fields.
///
/// # Errors
/// What [`parse`] refuses, and what does not fit the type, with its JSON path.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    typed(bytes, &parse(bytes)?)
}

/// Turns a parsed value into a type; the bytes it was parsed from are read again only to say where it does not fit.
///
/// # Errors
/// What does not fit the type, with its JSON path.
pub fn typed<T: DeserializeOwned>(bytes: &[u8], value: &Value) -> Result<T, JsonError> {
    if let Ok(typed) = T::deserialize(value) {
        return Ok(typed);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." {
            "$".to_owned()
        } else {
            format!("$.{path}")
        };
        framed(error.inner(), path)
    })
}

/// Our words around the library's, whose own end in the place.
fn framed(error: &serde_json::Error, path: String) -> JsonError {
    let text = error.to_string();
    let message = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(message, _)| message);
    let message = match message {
        "expected value" => "this is not JSON",
        "trailing characters" => "something follows the end of the JSON",
        "recursion limit exceeded" => "lists and objects are nested too deep",
        message if message.starts_with("EOF while") => "the JSON is cut short",
        message => message,
    };
    JsonError {
        message: message.to_owned(),
        path,
        line: error.line().max(1),
        column: error.column().max(1),
    }
}

fn at(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    }
}

enum Step {
    Key(String),
    Index(usize),
}

fn shown(path: &[Step]) -> String {
    let mut text = "$".to_owned();
    for step in path {
        match step {
            Step::Key(key) => text.push_str(&format!(".{}", key.chars().take(60).collect::<String>().escape_debug())),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Builds a value and keeps the path to where it is. The path is left standing on an error.
struct Strict<'a> {
    path: &'a mut Vec<Step>,
    depth: usize,
}

impl Strict<'_> {
    fn inner(&mut self) -> Strict<'_> {
        Strict {
            path: self.path,
            depth: self.depth + 1,
        }
    }

    fn not_too_deep<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth < DEPTH {
            return Ok(());
        }
        Err(E::custom(format_args!(
            "lists and objects are nested more than {DEPTH} deep"
        )))
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        if number > EXACT {
            Err(too_large())
        } else {
            Ok(number.into())
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() > EXACT {
            Err(too_large())
        } else {
            Ok(number.into())
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "2^53 is exact")]
        let exact = EXACT as f64;
        match Number::from_f64(number) {
            Some(value) if number.abs() < exact => Ok(Value::Number(value)),
            _ => Err(too_large()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut values = Vec::new();
        loop {
            self.path.push(Step::Index(values.len()));
            let Some(value) = list.next_element_seed(self.inner())? else {
                break;
            };
            self.path.pop();
            values.push(value);
        }
        self.path.pop();
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        self.not_too_deep()?;
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.path.push(Step::Key(key.clone()));
            if values.contains_key(&key) {
                return Err(A::Error::custom("the key is there twice"));
            }
            let value = map.next_value_seed(self.inner())?;
            self.path.pop();
            values.insert(key, value);
        }
        Ok(Value::Object(values))
    }
}

fn too_large<E: serde::de::Error>() -> E {
    E::custom("the number is beyond 2^53 and would lose digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_lose_something_is_refused_with_its_place() {
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let bomb = "[".repeat(200_000);
        let cases: [(&[u8], &str); 16] = [
            (
                b"{\"a\": 1,\n \"a\": 2}",
                "the key is there twice at $.a (line 2, column 4)",
            ),
            (
                b"{\"u\": [{\"x\": true}, {\"x\": true, \"x\": false}]}",
                "the key is there twice at $.u[1].x (line 1, column 35)",
            ),
            (
                b"[1, 9007199254740993]",
                "the number is beyond 2^53 and would lose digits at $[1] (line 1, column 20)",
            ),
            (
                b"[-9007199254740993]",
                "the number is beyond 2^53 and would lose digits at $[0] (line 1, column 18)",
            ),
            (
                b"{\"id\": 184467440737095516150}",
                "the number is beyond 2^53 and would lose digits at $.id (line 1, column 28)",
            ),
            (b"[1e400]", "number out of range at $[0] (line 1, column 6)"),
            (b"[NaN]", "this is not JSON at $[0] (line 1, column 2)"),
            (b"<!doctype html><p>Sign in", "this is not JSON at $ (line 1, column 1)"),
            (
                b"{\"data\": [{\"id\": 1}, {\"id\"",
                "the JSON is cut short at $.data[1].id (line 1, column 26)",
            ),
            (
                b"{} {}",
                "something follows the end of the JSON at $ (line 1, column 4)",
            ),
            (
                b"\xEF\xBB\xBF{}",
                "the text begins with a byte order mark (line 1, column 1)",
            ),
            (b"\n\xE9", "the text is not UTF-8 (line 2, column 1)"),
            (b" \n", "the text is empty (line 1, column 1)"),
            (
                b"[\"\\ud800\"]",
                "unexpected end of hex escape at $[0] (line 1, column 9)",
            ),
            (deep.as_bytes(), ""),
            (bomb.as_bytes(), ""),
        ];
        for (text, expected) in cases {
            let error = parse(text).unwrap_err().to_string();
            if expected.is_empty() {
                assert!(
                    error.starts_with("lists and objects are nested more than 64 deep"),
                    "{error}"
                );
            } else {
                assert_eq!(error, expected);
            }
        }
    }

    #[test]
    fn what_is_exact_is_kept() {
        let text = br#"{"n": [null, true, 0, -7, 1.5, 9007199254740992], "s": "\u00e9", "o": {}}"#;
        let value = parse(text).unwrap();
        assert_eq!(value, serde_json::from_slice::<Value>(text).unwrap());
    }

    #[test]
    fn a_misfit_has_its_path() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "read for the errors")]
        struct Row {
            id: String,
        }
        let error = read::<Vec<Row>>(b"[{\"id\": \"a\"},\n {\"id\": 7}]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid type: integer `7`, expected a string at $.[1].id (line 2, column 9)"
        );
    }
}
