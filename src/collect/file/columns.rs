//! Headers to the connector's columns, and which rows belong to the source.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::FileError;
use super::table::{Row, Table, loose};
use crate::collect::folded;
use crate::connector::Connector;
use crate::connector::manifest::Column;
use crate::error::{Place, did_you_mean, nearest};
use crate::normalise::Words;
use crate::project::{Condition, SourceConfig};

/// Rows under the connector's names; every column is in every row.
pub(super) struct Mapped {
    pub(super) rows: Vec<Value>,
    /// The line (or number) of each row that was left out, and why.
    pub(super) dropped: Vec<(String, &'static str)>,
    pub(super) notices: Vec<String>,
    /// The connector's columns that the file has.
    pub(super) columns: BTreeSet<String>,
}

/// The file's columns that fill each of the connector's, by their index.
type Places = BTreeMap<String, Vec<usize>>;

/// What the rows of a file are held against.
struct Look<'a> {
    connector: &'a Connector,
    source: &'a SourceConfig,
    words: &'a Words,
    file: &'a str,
    table: &'a Table,
}

pub(super) fn map(
    connector: &Connector,
    source: &SourceConfig,
    words: &Words,
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
        columns: BTreeSet::new(),
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
        if !found.is_empty() {
            mapped.columns.insert(name.clone());
        }
        places.insert(name.clone(), found);
    }
    let conditions = conditions(source, file, table, &places)?;
    mapped.notices.extend(unread(table, &places, &conditions));
    let look = Look {
        connector,
        source,
        words,
        file,
        table,
    };
    for (index, row) in table.rows.iter().enumerate() {
        let number = index as u64 + 1;
        let key = row.line.unwrap_or(number).to_string();
        let said = |(row, _): &(usize, usize)| *row == index;
        if row.cells.iter().all(Vec::is_empty) && !table.empty_lists.iter().any(said) {
            mapped.dropped.push((key, "blank"));
        } else if conditions
            .iter()
            .any(|(condition, places)| !fits(condition, places, row))
        {
            mapped.dropped.push((key, "where"));
        } else {
            agreed(&look, &places, index, row)?;
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

/// The headers that mean a column where the project says nothing, the likeliest first. Each of the connector's names is
/// likelier than the bare name of the column: `Employment Status` than `Status`.
fn by_default(name: &str, column: &Column, table: &Table, notices: &mut Vec<String>) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for known in column.names.0.iter().map(String::as_str).chain([name]) {
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
    if !column.many
        && let [first, others @ ..] = found.as_slice()
        && !others.is_empty()
    {
        let others: Vec<_> = others.iter().map(|index| header(table, *index)).collect();
        notices.push(format!(
            "column `{name}` is read from {}, and where that is blank from {}",
            header(table, *first),
            others.join(", ")
        ));
    }
    found
}

fn header(table: &Table, index: usize) -> String {
    let header = table.headers.get(index).map(String::as_str);
    format!("`{}`", header.unwrap_or_default())
}

/// Every header that is in the file for nothing, in one sentence.
fn unread(table: &Table, places: &Places, conditions: &[(&Condition, Vec<usize>)]) -> Option<String> {
    let read = || {
        places
            .values()
            .chain(conditions.iter().map(|(_, places)| places))
            .flatten()
    };
    let unread = (0..table.headers.len()).filter(|index| !read().any(|known| known == index));
    let named = unread.map(|index| header(table, index)).filter(|header| header != "``");
    let named: Vec<_> = named.collect();
    (!named.is_empty()).then(|| format!("columns that are not read: {}", named.join(", ")))
}

/// What two filled cells of a row must not do where one of them could hide that somebody has left: differ.
fn agreed(look: &Look<'_>, places: &Places, index: usize, row: &Row) -> Result<(), FileError> {
    for (name, column) in &look.connector.manifest.columns.0 {
        let name = &name.value;
        let own = places.get(name).map(Vec::as_slice).unwrap_or_default();
        if !column.agree {
            continue;
        }
        let wrong = |message: String, help: String| FileError::Content {
            place: Place {
                file: look.file.to_owned(),
                line: row.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1),
                column: 1,
            },
            message,
            help,
        };
        if let Some(place) = own
            .iter()
            .find(|place| look.table.empty_lists.contains(&(index, **place)))
        {
            return Err(wrong(
                format!(
                    "record {} has at {} an empty list where a text is meant",
                    index + 1,
                    header(look.table, *place)
                ),
                "write the text, or null where there is none".to_owned(),
            ));
        }
        // Where the project names several headers, their order is its word.
        if look.source.columns.contains_key(name) {
            continue;
        }
        let meaning = |place: &usize| {
            let cell = row.cells.get(*place).filter(|cell| !cell.is_empty())?;
            let text = folded(&cell.join("; "));
            let known = look.words.get(name).and_then(|words| words.get(&text));
            Some((*place, known.cloned().unwrap_or(text)))
        };
        let filled: Vec<(usize, String)> = own.iter().filter_map(meaning).collect();
        let Some((first, said)) = filled.first() else { continue };
        if let Some((other, _)) = filled.iter().find(|(_, other)| other != said) {
            return Err(wrong(
                format!(
                    "{} and {} of this row differ, and either could be the `{name}`",
                    header(look.table, *first),
                    header(look.table, *other)
                ),
                format!(
                    "say which under `columns:` of the source ({}): {{{name}: \"the header\"}}",
                    look.source.place
                ),
            ));
        }
    }
    Ok(())
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
