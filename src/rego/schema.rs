//! What a subject's document looks like, as the published JSON Schema says.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::path::{Path, Step};

/// The shape of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// What it is, where it is not null.
    pub shape: Shape,
    /// Whether it may be null.
    pub nullable: bool,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Shape {
    Record(BTreeMap<String, Schema>),
    List(Box<Schema>),
    /// Text; with words, one of these.
    Text(Option<Vec<String>>),
    Integer,
    Boolean,
    /// Anything: a parameter without a schema of its own.
    Any,
}

impl Schema {
    /// Reads the part of JSON Schema that the published documents use.
    pub fn from_json(json: &Json) -> Self {
        let alternatives = json["anyOf"].as_array();
        let nullable = alternatives.is_some_and(|all| all.iter().any(|one| one["type"] == "null"));
        let json = alternatives
            .and_then(|all| all.iter().find(|one| one["type"] != "null"))
            .unwrap_or(json);
        let shape = match json["type"].as_str() {
            Some("object") => match json["properties"].as_object() {
                Some(fields) => Shape::Record(
                    fields
                        .iter()
                        .map(|(name, field)| (name.clone(), Self::from_json(field)))
                        .collect(),
                ),
                None => Shape::Any,
            },
            Some("array") => Shape::List(Box::new(Self::from_json(&json["items"]))),
            Some("string") => Shape::Text(json["enum"].as_array().map(|words| {
                words
                    .iter()
                    .filter_map(|word| word.as_str().map(str::to_owned))
                    .collect()
            })),
            Some("integer" | "number") => Shape::Integer,
            Some("boolean") => Shape::Boolean,
            _ => Shape::Any,
        };
        Self { shape, nullable }
    }

    /// A value of this shape that is never null.
    pub fn plain(shape: Shape) -> Self {
        Self { shape, nullable: false }
    }

    /// The schema at a path, if there is one.
    pub fn at(&self, path: &Path) -> Option<&Schema> {
        path.0
            .iter()
            .try_fold(self, |schema, step| match (step, &schema.shape) {
                (Step::Field(name), Shape::Record(fields)) => fields.get(name),
                (Step::Each, Shape::List(element)) => Some(element.as_ref()),
                _ => None,
            })
    }

    /// The names of a record's fields.
    pub fn fields(&self) -> Vec<&str> {
        match &self.shape {
            Shape::Record(fields) => fields.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The paths at or below `path` whose value may be the word `unknown`.
    pub fn unknowable(&self, path: &Path) -> Vec<Path> {
        let mut found = Vec::new();
        if let Some(schema) = self.at(path) {
            schema.collect_unknowable(path, &mut found);
        }
        found
    }

    /// The words of every field that holds one of several, list by list, each once.
    pub fn words(&self) -> Vec<Vec<String>> {
        let mut found = match &self.shape {
            Shape::Text(Some(words)) => vec![words.clone()],
            Shape::Record(fields) => fields.values().flat_map(Schema::words).collect(),
            Shape::List(element) => element.words(),
            _ => Vec::new(),
        };
        found.sort();
        found.dedup();
        found
    }

    fn collect_unknowable(&self, path: &Path, found: &mut Vec<Path>) {
        match &self.shape {
            Shape::Text(Some(words)) if words.iter().any(|word| word == "unknown") => found.push(path.clone()),
            Shape::Record(fields) => {
                for (name, field) in fields {
                    field.collect_unknowable(&path.then(Step::Field(name.clone())), found);
                }
            }
            Shape::List(element) => element.collect_unknowable(&path.then(Step::Each), found),
            _ => {}
        }
    }
}

/// Whether any value at a path of a document is the word `unknown`.
pub fn says_unknown(document: &Json, steps: &[Step]) -> bool {
    match steps.split_first() {
        None => document == "unknown",
        Some((Step::Field(name), rest)) => document.get(name).is_some_and(|value| says_unknown(value, rest)),
        Some((Step::Each, rest)) => document
            .as_array()
            .is_some_and(|list| list.iter().any(|element| says_unknown(element, rest))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        Schema::from_json(&json!({"type": "object", "properties": {
            "state": {"type": "string", "enum": ["on", "unknown"]},
            "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "list": {"type": "array", "items": {"type": "object", "properties": {"s": {"type": "string", "enum": ["unknown"]}}}},
        }}))
    }

    #[test]
    fn nullables_and_lists_are_understood() {
        let schema = schema();
        assert!(schema.at(&Path::parse("name")).unwrap().nullable);
        assert!(schema.at(&Path::parse("list[].s")).is_some());
        assert!(schema.at(&Path::parse("nmae")).is_none());
    }

    #[test]
    fn unknown_words_are_found_behind_lists() {
        let paths: Vec<_> = schema()
            .unknowable(&Path::default())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(paths, ["list[].s", "state"]);
        let document = json!({"state": "on", "list": [{"s": "x"}, {"s": "unknown"}]});
        assert!(says_unknown(&document, &Path::parse("list[].s").0));
        assert!(!says_unknown(&document, &Path::parse("state").0));
    }
}
