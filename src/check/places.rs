//! Where everything stands in a `# METADATA` block: of `custom.fail.unmatched.message`, the line and column of the words.
//!
//! The loader's own reader keeps no positions; this one keeps nothing else. It is for whoever speaks of a block that has
//! been loaded.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::Place;
use crate::rego::{MetadataBlock, SourceFile};
use crate::yaml::{self, Spanned};

/// The places of keys and values by their path, such as `custom.controls.soc2[0]`.
#[derive(Debug, Clone)]
pub struct Places {
    values: BTreeMap<String, Place>,
    keys: BTreeMap<String, Place>,
    file: String,
    first_line: usize,
}

impl Places {
    /// Reads a block once more.
    pub fn of(file: &SourceFile, block: &MetadataBlock) -> Self {
        let mut places = Self {
            values: BTreeMap::new(),
            keys: BTreeMap::new(),
            file: file.path.clone(),
            first_line: block.first_line,
        };
        // The comment signs become blanks, so that lines and columns are those of the file.
        let before = "\n".repeat(block.first_line.saturating_sub(1));
        let lines: Vec<String> = block.yaml.lines().map(|line| format!("  {line}")).collect();
        // What the loader took and this reader does not has no places but those of lines.
        if let Ok(root) = yaml::read::<Spanned<Node>>(&file.path, &format!("{before}{}\n", lines.join("\n"))) {
            places.note(String::new(), &root);
        }
        places
    }

    /// Where a value stands; if it is not there, where its nearest parent does.
    pub fn value(&self, path: &str) -> Place {
        self.nearest(&self.values, path)
    }

    /// Where a key stands; if it is not there, where its nearest parent does.
    pub fn key(&self, path: &str) -> Place {
        self.nearest(&self.keys, path)
    }

    fn nearest(&self, known: &BTreeMap<String, Place>, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(place) = known.get(path).or_else(|| self.keys.get(path)) {
                return place.clone();
            }
            let Some(cut) = path.rfind(['.', '[']).filter(|cut| *cut > 0) else {
                return Place {
                    file: self.file.clone(),
                    line: self.first_line,
                    column: 3,
                };
            };
            path = &path[..cut];
        }
    }

    fn note(&mut self, path: String, node: &Spanned<Node>) {
        match &node.value {
            Node::Scalar => {}
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.note(format!("{path}[{index}]"), item);
                }
            }
            Node::Record(fields) => {
                for (key, value) in fields {
                    let below = if path.is_empty() {
                        key.value.clone()
                    } else {
                        format!("{path}.{}", key.value)
                    };
                    self.keys.insert(below.clone(), yaml::place(&self.file, key));
                    self.note(below, value);
                }
            }
        }
        self.values.insert(path, yaml::place(&self.file, node));
    }
}

/// YAML of which only the shape is kept.
enum Node {
    Scalar,
    List(Vec<Spanned<Node>>),
    Record(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Node::Record(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::{Package, package_metadata};

    #[test]
    fn every_key_and_value_has_its_place() {
        let file = SourceFile {
            path: "check.rego".to_owned(),
            text: "# licence\n# METADATA\n# title: \"x\"\n# custom:\n#   controls: {soc2: [CC6.1, CC6.2]}\n#   fail:\n#     a:\n#       message: words\npackage p\n".to_owned(),
        };
        let block = package_metadata(&file, &Package::parse(&file).unwrap()).unwrap();
        let places = Places::of(&file, &block);
        let at = |place: Place| (place.line, place.column);
        assert_eq!(at(places.value("title")), (3, 10));
        assert_eq!(at(places.value("custom.controls.soc2[1]")), (5, 30));
        assert_eq!(at(places.key("custom.fail.a")), (7, 7));
        assert_eq!(at(places.value("custom.fail.a.message")), (8, 18));
        assert_eq!(
            at(places.value("custom.fail.a.passes_if")),
            (8, 9),
            "the nearest that is there"
        );
        assert_eq!(at(places.key("description")), (3, 3), "the block's first line");
    }
}
