//! Headers to the connector's columns, and which rows belong to the source.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::FileError;
use super::table::{Row, Table};
use crate::collect::folded;
use crate::connector::Connector;
use crate::connector::manifest::Column;
use crate::error::{Place, did_you_mean, nearest};
use crate::project::{Condition, SourceConfig};

/// Rows under the connector's names; every column is in every row.
pub(super) struct Mapped {
    pub(super) rows: Vec<Value>,
    /// The line (or number) of each row that was left out, and why.
    pub(super) dropped: Vec<(String, &'static str)>,
    pub(super) notices: Vec<String>,
}

/// The file's columns that fill each of the connector's, by their index.
type Places = BTreeMap<String, Vec<usize>>;

pub(super) fn map(
    connector: &Connector,
    source: &SourceConfig,
    file: &str,
    table: &Table,
) -> Result<Mapped, FileError> {
    let columns = &connector.manifest.columns.0;
    let names = || columns.iter().map(|(name, _)| name.value.as_str());
    for written in source.columns.keys() {
        if !names().any(|known| known == written) {
            let help = did_you_mean(written, names().collect::<Vec<_>>().iter().copied());
            let message = format!("the connector `{}` has no column `{written}`", connector.id);
            return Err(FileError::Source {
                place: source.place.clone(),
                message,
                help,
            });
        }
    }
    let mut mapped = Mapped {
        rows: Vec::new(),
        dropped: Vec::new(),
        notices: Vec::new(),
    };
    let mut places = Places::new();
    for (name, column) in columns {
        let name = &name.value;
        let found = match source.columns.get(name) {
            Some(headers) => stated(source, file, table, headers)?,
            None => by_default(name, column, table, &mut mapped.notices),
        };
        // A file without rows has no headers in JSON and YAML.
        if found.is_empty() && column.required && !(table.rows.is_empty() && table.headers.is_empty()) {
            return Err(missing(source, file, table, name));
        }
        places.insert(name.clone(), found);
    }
    let conditions = conditions(source, file, table, &places)?;
    for (index, row) in table.rows.iter().enumerate() {
        let number = index as u64 + 1;
        let key = row.line.unwrap_or(number).to_string();
        if row.cells.iter().all(Vec::is_empty) {
            mapped.dropped.push((key, "blank"));
        } else if conditions
            .iter()
            .any(|(condition, places)| !fits(condition, places, row))
        {
            mapped.dropped.push((key, "where"));
        } else {
            mapped.rows.push(record(connector, &places, row, number));
        }
    }
    Ok(mapped)
}

/// The headers that the project names; each must be there.
fn stated(source: &SourceConfig, file: &str, table: &Table, headers: &[String]) -> Result<Vec<usize>, FileError> {
    let find = |header: &String| {
        header_index(table, header).ok_or_else(|| FileError::Source {
            place: source.place.clone(),
            message: format!("`{file}` has no column `{header}`"),
            help: near_headers(header, table),
        })
    };
    headers.iter().map(find).collect()
}

/// The headers that mean a column where the project says nothing: the likeliest, or all of them.
fn by_default(name: &str, column: &Column, table: &Table, notices: &mut Vec<String>) -> Vec<usize> {
    let loose = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let mut found: Vec<usize> = Vec::new();
    for known in std::iter::once(name).chain(column.names.0.iter().map(String::as_str)) {
        let hits = table
            .headers
            .iter()
            .enumerate()
            .filter(|(_, header)| !header.is_empty() && loose(header) == loose(known));
        for (index, _) in hits {
            if !found.contains(&index) {
                found.push(index);
            }
        }
    }
    if !column.many && found.len() > 1 {
        let shown = |index: &usize| {
            table
                .headers
                .get(*index)
                .map_or(String::new(), |header| format!("`{header}`"))
        };
        let others: Vec<_> = found.iter().skip(1).map(shown).collect();
        let read = found.first().map(shown).unwrap_or_default();
        notices.push(format!(
            "column `{name}` is read from {read}, not from {}",
            others.join(", ")
        ));
        found.truncate(1);
    }
    found
}

fn missing(source: &SourceConfig, file: &str, table: &Table, name: &str) -> FileError {
    let headers: Vec<_> = table.headers.iter().map(|header| format!("`{header}`")).collect();
    FileError::Content {
        place: Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
        },
        message: format!("no column is the `{name}`; the file has {}", headers.join(", ")),
        help: format!(
            "say which under `columns:` of the source ({}): {{{name}: \"the header\"}}",
            source.place
        ),
    }
}

/// The conditions of the source, each with the columns it looks at.
fn conditions<'a>(
    source: &'a SourceConfig,
    file: &str,
    table: &Table,
    places: &Places,
) -> Result<Vec<(&'a Condition, Vec<usize>)>, FileError> {
    let find = |condition: &'a Condition| {
        let canonical = places
            .get(&condition.column)
            .filter(|places| !places.is_empty())
            .cloned();
        let found = canonical.or_else(|| header_index(table, &condition.column).map(|index| vec![index]));
        // Without a single row there is nothing to hold against the condition.
        let found = found.or_else(|| (table.headers.is_empty() && table.rows.is_empty()).then(Vec::new));
        found
            .map(|places| (condition, places))
            .ok_or_else(|| FileError::Source {
                place: condition.place.clone(),
                message: format!("`{file}` has no column `{}`", condition.column),
                help: near_headers(&condition.column, table),
            })
    };
    source.conditions.iter().map(find).collect()
}

fn fits(condition: &Condition, places: &[usize], row: &Row) -> bool {
    let cells = || places.iter().filter_map(|index| row.cells.get(*index)).flatten();
    let blank = cells().next().is_none();
    let any = condition.words.iter().any(|word| match folded(word) {
        word if word.is_empty() => blank,
        word => cells().any(|text| folded(text) == word),
    });
    any != condition.negated
}

fn record(connector: &Connector, places: &Places, row: &Row, number: u64) -> Value {
    let mut record = Map::new();
    record.insert("line".to_owned(), json!(row.line));
    record.insert("row".to_owned(), json!(number));
    for (name, column) in &connector.manifest.columns.0 {
        let places = places.get(&name.value).map(Vec::as_slice).unwrap_or_default();
        let mut cells = places
            .iter()
            .filter_map(|index| row.cells.get(*index))
            .filter(|cell| !cell.is_empty());
        let value = if column.many {
            json!(cells.flatten().collect::<Vec<_>>())
        } else {
            // The first header with a value; of a list in one cell nothing is lost.
            json!(cells.next().map(|cell| cell.join("; ")))
        };
        record.insert(name.value.clone(), value);
    }
    Value::Object(record)
}

fn header_index(table: &Table, written: &str) -> Option<usize> {
    let wanted = folded(written);
    table
        .headers
        .iter()
        .position(|header| !header.is_empty() && folded(header) == wanted)
}

fn near_headers(written: &str, table: &Table) -> String {
    let headers = || {
        table
            .headers
            .iter()
            .map(String::as_str)
            .filter(|header| !header.is_empty())
    };
    match nearest(written, headers()) {
        Some(header) => format!("did you mean `{header}`?"),
        None => format!(
            "the file has {}",
            headers()
                .map(|header| format!("`{header}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
