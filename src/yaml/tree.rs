//! A YAML file as it is written: keys, lists and texts, whatever they are read as.
//!
//! For holding two files, or two versions of one, against each other: `0x10` and `16` are two texts.

use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{self, Event, Parser};

use super::{DEPTH, YamlError, plain};

/// What stands in a file, without places, comments and layout.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(BTreeMap<String, Tree>),
}

/// A collection that is still open.
enum Open {
    List(Vec<Tree>),
    /// What it holds so far, and the key whose value comes next.
    Map(BTreeMap<String, Tree>, Option<String>),
}

/// Reads one document as it is written.
///
/// # Errors
/// The first thing that is not plain YAML.
pub fn tree(file: &str, text: &str) -> Result<Tree, YamlError> {
    plain::check(file, text)?;
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let mut open: Vec<Open> = Vec::new();
    let mut whole = Tree::Text(String::new());
    // What could not be parsed has been refused above.
    for (event, _) in Parser::new_from_str_with_options(text, options).flatten() {
        let done = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(BTreeMap::new(), None));
                continue;
            }
            Event::Scalar(value, ..) => Tree::Text(value.into_owned()),
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(list)) => Tree::List(list),
                Some(Open::Map(map, _)) => Tree::Map(map),
                None => continue,
            },
            _ => continue,
        };
        match (open.last_mut(), done) {
            (None, done) => whole = done,
            (Some(Open::List(list)), done) => list.push(done),
            (Some(Open::Map(_, key @ None)), Tree::Text(text)) => *key = Some(text),
            (Some(Open::Map(map, key)), done) => {
                map.extend(key.take().map(|key| (key, done)));
            }
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_and_comments_do_not_count_and_spelling_does() {
        let of = |text: &str| tree("a.yaml", text).unwrap();
        assert_eq!(of("a: [1, {b: c}]\n# x\nd: 'e'\n"), of("d: e\na:\n- 1\n- b: c # y\n"));
        assert_ne!(of("a: 0x10\n"), of("a: 16\n"));
        assert_ne!(of("a: {b: c}\n"), of("a: [b, c]\n"));
        assert!(tree("a.yaml", "a: [1\n").is_err());
    }
}
