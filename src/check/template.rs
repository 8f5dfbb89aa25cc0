//! Words with placeholders: `{account.email|account.key} is {account.state}`. Of several paths the first known one is shown.

use serde_json::Value as Json;

use crate::rego::{Path, Schema, Shape};

/// A sentence of the metadata, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// The first of these that is known.
    Paths(Vec<Path>),
}

/// What a value prints as that is null, unavailable or not there.
const NOT_KNOWN: &str = "(not known)";

impl Template {
    /// Takes a sentence apart. `{{` and `}}` are braces.
    ///
    /// # Errors
    /// A sentence about the brace that is open or closed alone, or about an empty placeholder.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let (brace, after) = rest[at..].split_at(1);
            if let Some(doubled) = after.strip_prefix(brace) {
                plain.push_str(brace);
                rest = doubled;
                continue;
            }
            let end = after.find('}').filter(|_| brace == "{");
            let Some(end) = end else {
                return Err(format!("a `{brace}` stands alone in {text:?}"));
            };
            let names = after[..end].split('|').map(str::trim);
            if names.clone().any(str::is_empty) {
                return Err(format!("an empty placeholder in {text:?}"));
            }
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Paths(names.map(Path::parse).collect()));
            rest = &after[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// The sentence, taken apart.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The placeholders' paths.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().flat_map(|part| match part {
            Part::Paths(paths) => paths.as_slice(),
            Part::Text(_) => &[],
        })
    }

    /// Fills the placeholders in. `lookup` gives nothing for what is not known.
    pub fn fill(&self, lookup: impl Fn(&Path) -> Option<Json>) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Paths(paths) => {
                    let known = paths.iter().filter_map(&lookup).find(|value| !value.is_null());
                    filled.push_str(&show(known.as_ref()));
                }
            }
        }
        filled
    }
}

/// Whether values of a schema can be shown in a sentence.
pub fn showable(schema: &Schema) -> bool {
    match &schema.shape {
        Shape::Record(_) => false,
        Shape::List(element) => !matches!(element.shape, Shape::Record(_) | Shape::List(_)),
        _ => true,
    }
}

fn show(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => NOT_KNOWN.to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(Json::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(Json::Array(list)) => list
            .iter()
            .map(|element| show(Some(element)))
            .collect::<Vec<_>>()
            .join(", "),
        Some(Json::Bool(true)) => "yes".to_owned(),
        Some(Json::Bool(false)) => "no".to_owned(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placeholders_are_filled() {
        let template = Template::parse("{a.b} of {{x}}: {list}, {gone}, {null|gone|list}").unwrap();
        let filled = template.fill(|path| match path.to_string().as_str() {
            "a.b" => Some(json!("Ada {a.b}")),
            "list" => Some(json!(["x", 2])),
            "null" => Some(json!(null)),
            _ => None,
        });
        assert_eq!(filled, "Ada {a.b} of {x}: x, 2, (not known), x, 2");
    }

    #[test]
    fn loose_braces_are_refused() {
        assert_eq!(Template::parse("a } b").unwrap_err(), "a `}` stands alone in \"a } b\"");
        assert_eq!(Template::parse("a { b").unwrap_err(), "a `{` stands alone in \"a { b\"");
        assert_eq!(
            Template::parse("a {} b").unwrap_err(),
            "an empty placeholder in \"a {} b\""
        );
    }
}
