//! JSON and YAML: a list of records, at the root or under one of the manifest's pointers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::FileError;
use super::table::{Cell, Row, Table, cell, loose};
use crate::error::Place;
use crate::strict_json;
use crate::yaml::{self, Spanned};

const SHAPE: &str = "write a list of records, each a mapping of column to text (or to a list of texts)";

/// Reads a list of objects.
pub(super) fn json(file: &str, text: &str, pointers: &[String]) -> Result<Table, FileError> {
    let wrong = |line: usize, column: usize, message: String| FileError::Content {
        place: Place {
            file: file.to_owned(),
            line,
            column,
        },
        message,
        help: SHAPE.to_owned(),
    };
    let document = strict_json::parse(text.as_bytes()).map_err(|error| {
        wrong(
            error.line,
            error.column,
            format!("{}{}", error.message, path(&error.path)),
        )
    })?;
    let found = pointers
        .iter()
        .find_map(|pointer| document.pointer(pointer)?.as_array());
    let Some(records) = found else {
        return Err(wrong(1, 1, no_list(pointers)));
    };
    let lists = pointers
        .iter()
        .filter(|at| document.pointer(at).is_some_and(Value::is_array));
    one_list(lists).map_err(|message| wrong(1, 1, message))?;
    let cut_short = cut_short(&document, records.len());
    let mut rows = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let not_a_record = |what: &str| wrong(1, 1, format!("record {} {what}", index + 1));
        let Value::Object(fields) = record else {
            return Err(not_a_record("is no object"));
        };
        let mut cells = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let cell = json_cell(value)
                .ok_or_else(|| not_a_record(&format!("has at `{name}` neither a text nor a list of texts")))?;
            cells.push((name.clone(), cell, value.is_array()));
        }
        rows.push((None, cells));
    }
    let table = aligned(rows).map_err(|(_, message)| wrong(1, 1, message))?;
    Ok(Table { cut_short, ..table })
}

/// Of two lists, nobody knows which is meant.
fn one_list<'a>(mut lists: impl Iterator<Item = &'a String>) -> Result<(), String> {
    match (lists.next(), lists.next()) {
        (Some(one), Some(other)) => Err(format!(
            "there are two lists, at `{one}` and at `{other}`: keep the one that is meant"
        )),
        _ => Ok(()),
    }
}

/// What a record around the list says of rows that are not in it.
fn cut_short(document: &Value, rows: usize) -> Option<String> {
    let Value::Object(fields) = document else { return None };
    fields.iter().find_map(|(name, value)| match loose(name).as_str() {
        "total" | "totalcount" | "totalresults" | "count" => {
            let total = value.as_u64().filter(|total| *total != rows as u64)?;
            Some(format!(
                "`{name}` says that there are {total} rows, and the file has {rows}"
            ))
        }
        "next" | "nextpage" | "nextcursor" | "nextpagetoken" | "hasmore" => {
            let nothing = matches!(value, Value::Null | Value::Bool(false)) || value.as_str() == Some("");
            (!nothing).then(|| format!("`{name}` says that more follows"))
        }
        _ => None,
    })
}

fn path(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    }
}

fn no_list(pointers: &[String]) -> String {
    let places: Vec<_> = pointers
        .iter()
        .map(|at| {
            if at.is_empty() {
                "the root".to_owned()
            } else {
                format!("`{at}`")
            }
        })
        .collect();
    format!("there is no list at {}", places.join(", "))
}

fn json_cell(value: &Value) -> Option<Cell> {
    Some(match value {
        Value::Null => Vec::new(),
        Value::Bool(value) => vec![value.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => cell(text),
        Value::Array(values) => {
            let scalars = values.iter().filter(|value| !value.is_array() && !value.is_object());
            let cells: Vec<_> = scalars.filter_map(json_cell).collect();
            if cells.len() < values.len() {
                return None;
            }
            cells.concat()
        }
        Value::Object(_) => return None,
    })
}

/// Reads a list of mappings. Scalars stay as they are written: `007` and `1.50` are texts.
pub(super) fn yaml(file: &str, text: &str, pointers: &[String]) -> Result<Table, FileError> {
    let document: Spanned<Node> = yaml::read(file, text)?;
    let wrong = |at: &Spanned<Node>, message: String| FileError::Content {
        place: yaml::place(file, at),
        message,
        help: SHAPE.to_owned(),
    };
    let list = |pointer: &String| {
        let mut node = &document;
        for step in pointer.split('/').skip(1) {
            let Node::Map(fields) = &node.value else { return None };
            node = fields.iter().find(|(name, _)| name == step).map(|(_, node)| node)?;
        }
        if let Node::List(items) = &node.value {
            Some(items)
        } else {
            None
        }
    };
    let Some(records) = pointers.iter().find_map(list) else {
        return Err(wrong(&document, no_list(pointers)));
    };
    one_list(pointers.iter().filter(|at| list(at).is_some())).map_err(|message| wrong(&document, message))?;
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let Node::Map(fields) = &record.value else {
            return Err(wrong(record, "the record is no mapping".to_owned()));
        };
        let mut cells = Vec::with_capacity(fields.len());
        for (name, node) in fields {
            let cell = yaml_cell(text, node)
                .ok_or_else(|| wrong(node, format!("`{name}` is neither a text nor a list of texts")))?;
            cells.push((name.clone(), cell, matches!(node.value, Node::List(_))));
        }
        rows.push((Some(record.referenced.line()), cells));
    }
    aligned(rows).map_err(|(row, message)| wrong(records.get(row).unwrap_or(&document), message))
}

fn yaml_cell(text: &str, node: &Spanned<Node>) -> Option<Cell> {
    match &node.value {
        Node::Text(text) => Some(cell(text)),
        Node::Bare => {
            let span = node.referenced.span();
            let start = usize::try_from(span.byte_offset()?).ok()?;
            let end = start.checked_add(usize::try_from(span.byte_len()?).ok()?)?;
            Some(cell(text.get(start..end)?))
        }
        Node::List(items) => {
            let texts = items
                .iter()
                .filter(|item| matches!(item.value, Node::Text(_) | Node::Bare));
            let cells: Vec<_> = texts.filter_map(|item| yaml_cell(text, item)).collect();
            if cells.len() == items.len() {
                Some(cells.concat())
            } else {
                None
            }
        }
        Node::Map(_) => None,
    }
}

/// A row's line, and its cells by name, each with whether it was a list.
type Record = (Option<u64>, Vec<(String, Cell, bool)>);

/// Puts the cells of every row under the headers of all rows. Names that differ in nothing but case, spaces, `_` and `-`
/// are one header, and a record with two of them is wrong: its number and why.
fn aligned(records: Vec<Record>) -> Result<Table, (usize, String)> {
    let mut table = Table::default();
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    let key = |name: &str| {
        Some(loose(name))
            .filter(|key| !key.is_empty())
            .unwrap_or(name.to_owned())
    };
    for (name, _, _) in records.iter().flat_map(|(_, cells)| cells) {
        index.entry(key(name)).or_insert_with(|| {
            table.headers.push(name.trim().to_owned());
            table.headers.len() - 1
        });
    }
    for (row, (line, named)) in records.into_iter().enumerate() {
        let mut cells = vec![Cell::new(); table.headers.len()];
        let mut seen: BTreeMap<usize, String> = BTreeMap::new();
        for (name, cell, list) in named {
            let Some(place) = index.get(&key(&name)).copied() else {
                continue;
            };
            if let Some(before) = seen.insert(place, name.clone()) {
                return Err((
                    row,
                    format!(
                        "record {} has both `{before}` and `{name}`, which are one column",
                        row + 1
                    ),
                ));
            }
            if list && cell.is_empty() {
                table.empty_lists.insert((row, place));
            }
            if let Some(kept) = cells.get_mut(place) {
                *kept = cell;
            }
        }
        table.rows.push(Row { line, cells });
    }
    Ok(table)
}

/// A YAML value whose scalars are still in the file.
enum Node {
    Text(String),
    /// A number or boolean: its spelling is read from the file.
    Bare,
    List(Vec<Spanned<Node>>),
    Map(Vec<(String, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }
            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
                Ok(Node::Bare)
            }
            fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
                Ok(Node::Bare)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
                Ok(Node::Bare)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
                Ok(Node::Bare)
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
                Ok(Node::Map(fields))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
