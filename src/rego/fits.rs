//! Whether a document is one that a subject can have: tests that judge another one prove nothing.

use serde_json::Value as Json;

use super::path::{Look, Path, ReadSet, Step};
use super::schema::{Schema, Shape};
use crate::error::did_you_mean;

impl Schema {
    /// What of a document no subject has, or what of the paths that are read it lacks. The first thing that is wrong, as
    /// a sentence and what to do about it.
    pub fn misfit(&self, document: &Json, reads: &ReadSet) -> Option<(String, String)> {
        self.excess(document, &Path::default()).or_else(|| {
            let read = reads
                .looked_at()
                .find(|(path, look)| self.lacks(document, path, *look))?;
            let message = format!("the document has no `{}`, which the check reads", read.0);
            let help = match read.0.0.first() {
                Some(Step::Field(first)) if first == "params" => "state the params that the check is judged with",
                _ => "make it with `data.lib.test`, which fills in what a test does not state",
            };
            Some((message, help.to_owned()))
        })
    }

    /// A field that there is not, a word that is never there, a value of another type.
    fn excess(&self, value: &Json, at: &Path) -> Option<(String, String)> {
        let wrong = |help: String| Some((format!("`{at}` is never {value}"), help));
        match (&self.shape, value) {
            (Shape::Any, _) => None,
            (_, Json::Null) if self.nullable => None,
            (Shape::Record(fields), Json::Object(record)) => record.iter().find_map(|(name, value)| {
                let below = at.then(Step::Field(name.clone()));
                match fields.get(name) {
                    Some(schema) => schema.excess(value, &below),
                    None => Some((
                        format!("no document has `{below}`"),
                        did_you_mean(name, fields.keys().map(String::as_str)),
                    )),
                }
            }),
            (Shape::List(element), Json::Array(list)) => {
                let below = at.then(Step::Each);
                list.iter().find_map(|value| element.excess(value, &below))
            }
            (Shape::Text(Some(words)), Json::String(word)) if !words.contains(word) => {
                wrong(did_you_mean(word, words.iter().map(String::as_str)))
            }
            (Shape::Text(_), Json::String(_)) | (Shape::Integer, Json::Number(_)) | (Shape::Boolean, Json::Bool(_)) => {
                None
            }
            _ => wrong("the subject's schema says what it can be".to_owned()),
        }
    }

    /// Whether a document has nothing at a path. Under an empty list nothing is missing.
    fn lacks(&self, document: &Json, path: &Path, look: Look) -> bool {
        fn missing(value: &Json, steps: &[Step], whole: Option<&Schema>) -> bool {
            match (steps.split_first(), value) {
                (Some((Step::Field(name), rest)), Json::Object(record)) => {
                    record.get(name).is_none_or(|value| missing(value, rest, whole))
                }
                (Some((Step::Each, rest)), Json::Array(list)) => list.iter().any(|value| missing(value, rest, whole)),
                // Null where a record could be: the excess says so where it may not be.
                (Some(_), _) => false,
                (None, value) => whole.is_some_and(|schema| schema.has_gap(value)),
            }
        }
        let whole = self.at(path).filter(|_| look == Look::Whole);
        missing(document, &path.0, whole)
    }

    fn has_gap(&self, value: &Json) -> bool {
        match (&self.shape, value) {
            (Shape::Record(fields), Json::Object(record)) => fields
                .iter()
                .any(|(name, schema)| record.get(name).is_none_or(|value| schema.has_gap(value))),
            (Shape::List(element), Json::Array(list)) => list.iter().any(|value| element.has_gap(value)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_no_subject_has_is_found() {
        let schema = Schema::from_json(&json!({"type": "object", "properties": {
            "state": {"type": "string", "enum": ["on", "off"]},
            "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "date": {"type": "object", "properties": {"at": {"type": "string"}, "days": {"type": "integer"}}},
            "list": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        }}));
        let mut reads = ReadSet::default();
        reads.add(Path::parse("state"), Look::Whole);
        reads.add(Path::parse("date"), Look::Whole);
        reads.add(Path::parse("list[].n"), Look::Whole);
        let cases = [
            (json!({"state": "on", "date": {"at": "x", "days": 1}, "list": []}), None),
            (
                json!({"state": "on", "date": {"at": "x"}, "list": []}),
                Some("the document has no `date`, which the check reads"),
            ),
            (
                json!({"date": {"at": "x", "days": 1}, "list": []}),
                Some("the document has no `state`, which the check reads"),
            ),
            (
                json!({"state": "on", "date": {"at": "x", "days": 1}, "list": [{}]}),
                Some("the document has no `list[].n`, which the check reads"),
            ),
            (json!({"stat": "on"}), Some("no document has `stat`")),
            (json!({"state": "onn"}), Some("`state` is never \"onn\"")),
            (json!({"state": null}), Some("`state` is never null")),
            (json!({"list": [{"n": "1"}]}), Some("`list[].n` is never \"1\"")),
            (
                json!({"state": "on", "name": null, "date": {"at": "x", "days": 1}, "list": [{"n": 1}]}),
                None,
            ),
        ];
        for (document, expected) in cases {
            let said = schema.misfit(&document, &reads).map(|(message, _)| message);
            assert_eq!(said.as_deref(), expected, "{document}");
        }
    }
}
