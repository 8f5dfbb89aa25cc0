//! The cut: a subject's document reduced to what a check can look at.
//!
//! A policy is evaluated on the cut, so a verdict cannot depend on anything else.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::path::{Look, ReadSet, Step};

/// A read set, arranged for cutting.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    whole: bool,
    fields: BTreeMap<String, Cut>,
    each: Option<Box<Cut>>,
}

impl Cut {
    /// Arranges a read set.
    pub fn new(reads: &ReadSet) -> Self {
        let mut cut = Self::default();
        for (path, look) in reads.all() {
            let mut node = &mut cut;
            for step in &path.0 {
                node = match step {
                    Step::Field(name) => node.fields.entry(name.clone()).or_default(),
                    Step::Each => node.each.get_or_insert_default(),
                };
            }
            node.whole |= look == Look::Whole;
        }
        cut
    }

    /// A cut that keeps everything.
    pub fn whole() -> Self {
        Self {
            whole: true,
            ..Self::default()
        }
    }

    /// The part of a document that may be seen. What is only handed on or counted keeps its place and loses what it holds.
    pub fn apply(&self, value: &Json) -> Json {
        if self.whole {
            return value.clone();
        }
        match value {
            Json::Object(record) => {
                let kept = self
                    .fields
                    .iter()
                    .filter_map(|(name, cut)| record.get(name).map(|field| (name.clone(), cut.apply(field))));
                Json::Object(kept.collect::<Map<_, _>>())
            }
            Json::Array(list) => {
                let nothing = Cut::default();
                let each = self.each.as_deref().unwrap_or(&nothing);
                Json::Array(list.iter().map(|element| each.apply(element)).collect())
            }
            _ => Json::Null,
        }
    }

    /// Writes what [`Cut::apply`] would keep, so that equal bytes mean equal cuts. Cheaper than keeping it.
    pub fn write(&self, value: &Json, key: &mut Vec<u8>) {
        if self.whole {
            // Writing to memory does not fail.
            let _ = serde_json::to_writer(&mut *key, value);
            return;
        }
        match value {
            Json::Object(record) => {
                key.push(b'{');
                for (name, cut) in &self.fields {
                    match record.get(name) {
                        Some(field) => cut.write(field, key),
                        None => key.push(b'?'),
                    }
                    key.push(b',');
                }
            }
            Json::Array(list) => {
                key.push(b'[');
                key.extend(list.len().to_be_bytes());
                let nothing = Cut::default();
                let each = self.each.as_deref().unwrap_or(&nothing);
                for element in list {
                    each.write(element, key);
                    key.push(b',');
                }
            }
            _ => key.push(b'0'),
        }
    }

    /// The cut of one top-level part; none if nothing of it is looked at.
    pub fn part(&self, name: &str) -> Option<&Cut> {
        self.fields.get(name)
    }

    /// Whether the whole document is looked at.
    pub fn is_whole(&self) -> bool {
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::Path;
    use serde_json::json;

    #[test]
    fn only_what_is_read_stays() {
        let mut reads = ReadSet::default();
        reads.add(Path::parse("rules[].ticket"), Look::Whole);
        reads.add(Path::parse("ids"), Look::Counted);
        reads.add(Path::parse("staff"), Look::Handed);
        let document =
            json!({"rules": [{"ticket": true, "name": "a"}], "ids": ["x", "y"], "staff": {"id": "1"}, "other": 1});
        assert_eq!(
            Cut::new(&reads).apply(&document),
            json!({"ids": [null, null], "rules": [{"ticket": true}], "staff": {}})
        );
    }

    #[test]
    fn bytes_are_equal_where_cuts_are() {
        let mut reads = ReadSet::default();
        reads.add(Path::parse("list[].n"), Look::Whole);
        reads.add(Path::parse("gone.at"), Look::Whole);
        let cut = Cut::new(&reads);
        let documents = [
            json!({"list": [{"n": 1}, {"n": 23}], "gone": {"at": null}}),
            json!({"list": [{"n": 12}, {"n": 3}], "gone": {"at": null}}),
            json!({"list": [{"n": 123}], "gone": {"at": null}}),
            json!({"list": [{"n": "1"}, {"n": 23}], "gone": {"at": null}}),
            json!({"list": [{"n": 1}, {"n": 23}], "gone": null}),
            json!({"list": [{"n": 1}, {"n": 23}], "gone": {"at": "x"}}),
            json!({"list": [{"n": 1}, {"n": 23}], "gone": {"at": null}, "other": 7}),
        ];
        let bytes = |document| {
            let mut bytes = Vec::new();
            cut.write(document, &mut bytes);
            bytes
        };
        for left in &documents {
            for right in &documents {
                assert_eq!(
                    cut.apply(left) == cut.apply(right),
                    bytes(left) == bytes(right),
                    "{left} {right}"
                );
            }
        }
    }
}
