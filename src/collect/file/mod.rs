//! A file that a person or another program wrote: CSV, JSON or YAML, to rows with the connector's own column names.
//!
//! Every value stays text as it was written: `007` is no number, a date is read later, a formula is plain text. What
//! somebody wrote or pointed at wrongly is an error; a file without rows is read, and is incomplete.

mod columns;
mod csv_table;
mod structured;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::connector::Connector;
use crate::connector::manifest::{Format, StreamSpec};
use crate::digest;
use crate::error::said;
use crate::error::{Explain, Place};
use crate::normalise::Words;
use crate::project::SourceConfig;
use crate::snapshot::{Completeness, Dropped, Stream};
use crate::streams::StreamRead;
use crate::yaml::YamlError;
use table::Table;

/// A file's rows, and those that do not belong to the source.
pub(super) struct FileRead {
    pub(super) stream: StreamRead,
    pub(super) dropped: Vec<Dropped>,
    /// The connector's columns that the file has.
    pub(super) columns: BTreeSet<String>,
}

/// Why a file cannot be read as a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum FileError {
    #[error("{place}: reading `{path}`: {message}")]
    Unreadable {
        place: Place,
        path: String,
        message: String,
        help: String,
    },
    #[error("{place}: {message}")]
    Content {
        place: Place,
        message: String,
        help: String,
    },
    #[error("{place}: {message}")]
    Source {
        place: Place,
        message: String,
        help: String,
    },
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

impl Explain for FileError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Unreadable { help, .. } | Self::Content { help, .. } | Self::Source { help, .. } => {
                Some(help.clone())
            }
            Self::Yaml(error) => error.help(),
        }
    }
}

/// Reads the file of a source.
pub(super) fn read(
    connector: &Connector,
    source: &SourceConfig,
    words: &Words,
    path: &Path,
) -> Result<FileRead, FileError> {
    let shown = path.display().to_string();
    let unreadable = |message: String, help: String| FileError::Unreadable {
        place: source.place.clone(),
        path: shown.clone(),
        message,
        help,
    };
    let format = format(connector, path).map_err(|(message, help)| unreadable(message, help))?;
    if path.is_dir() {
        return Err(unreadable(
            "it is a directory, not a file".to_owned(),
            "name the file under `from: {file: …}`".to_owned(),
        ));
    }
    let bytes = std::fs::read(path).map_err(|error| {
        unreadable(
            said(&error, "file"),
            "check the path under `from: {file: …}`; it starts at the project's folder".to_owned(),
        )
    })?;
    let Some((name, spec)) = connector.manifest.streams.0.first() else {
        return Err(unreadable(
            "the connector has no stream".to_owned(),
            "give it one".to_owned(),
        ));
    };
    let text = text::decode(&shown, &bytes)?;
    let mut summary = Stream {
        name: name.value.clone(),
        state: Completeness::Complete,
        requests: 0,
        retries: 0,
        pages: 1,
        rows: 0,
        total: None,
        distinct: 0,
        duplicates: 0,
        bytes: bytes.len() as u64,
        sha256: digest::of(&bytes),
        started_at: None,
        ended_at: None,
        why: None,
    };
    if text.trim().is_empty() {
        summary.state = Completeness::Failed;
        summary.why = Some("the file is empty".to_owned());
        return Ok(FileRead {
            stream: stream(summary, Vec::new(), Vec::new()),
            dropped: Vec::new(),
            columns: BTreeSet::new(),
        });
    }
    let table = table(format, &shown, text, spec)?;
    summary.rows = table.rows.len() as u64;
    summary.distinct = summary.rows;
    let mapped = columns::map(connector, source, words, &shown, &table)?;
    if let Some(why) = &table.cut_short {
        summary.state = Completeness::Partial;
        summary.why = Some(why.clone());
    }
    if mapped.rows.is_empty() {
        summary.state = Completeness::Failed;
        summary.why = Some(if table.rows.is_empty() {
            "the file has no rows".to_owned()
        } else {
            format!("none of the file's {} rows belongs to the source", table.rows.len())
        });
    }
    let dropped = mapped.dropped.into_iter().map(|(key, reason)| Dropped {
        stream: name.value.clone(),
        key,
        reason: reason.to_owned(),
    });
    let dropped = dropped.collect();
    Ok(FileRead {
        stream: stream(summary, mapped.rows, mapped.notices),
        dropped,
        columns: mapped.columns,
    })
}

fn stream(summary: Stream, rows: Vec<Value>, notices: Vec<String>) -> StreamRead {
    StreamRead {
        summary,
        rows,
        conflicting: BTreeSet::new(),
        lost: 0,
        notices,
        tenant: None,
    }
}

/// The format, by the file's ending.
fn format(connector: &Connector, path: &Path) -> Result<Format, (String, String)> {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_lowercase();
    let named = match ending.as_str() {
        "csv" | "tsv" | "txt" => Some(Format::Csv),
        "json" => Some(Format::Json),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    };
    let formats = &connector.manifest.formats;
    let words: Vec<_> = formats
        .iter()
        .map(|format| format!("`.{}`", format.value.word()))
        .collect();
    named
        .filter(|format| formats.iter().any(|known| known.value == *format))
        .ok_or_else(|| {
            let help = if matches!(ending.as_str(), "xlsx" | "xls" | "ods" | "numbers") {
                "export the sheet as CSV (UTF-8)".to_owned()
            } else {
                format!("the connector `{}` reads {}", connector.id, words.join(", "))
            };
            (format!("the ending `.{ending}` names no format that is read"), help)
        })
}

fn table(format: Format, file: &str, text: &str, spec: &StreamSpec) -> Result<Table, FileError> {
    let root = [String::new()];
    let pointers = spec.records.as_ref().map_or(&root[..], |records| &records.value.0);
    match format {
        Format::Csv => csv_table::read(file, text),
        Format::Json => structured::json(file, text, pointers),
        Format::Yaml => structured::yaml(file, text, pointers),
    }
}
