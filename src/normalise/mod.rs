//! Streams to snapshot rows, through a connector's `normalise.rego`.
//!
//! The Rego says what the answers mean; everything that must never go wrong is held here: every row has exactly the
//! fields of the snapshot, every row that was read is kept or dropped with a reason, dates are read once and natively,
//! and what a stream could not show makes the fields that need it unavailable.

mod dates;
mod output;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::connector::Connector;
use crate::connector::manifest::FieldNeeds;
use crate::error::{Explain, Frame};
use crate::rego::{Limits, Program, RegoError};
use crate::snapshot::{
    Account, Approval, Collection, Completeness, Dropped, Mode, Provided, Reader, Role, Source, Staff, System,
};
use crate::streams::StreamRead;
use output::Output;

/// Column -> word -> what it means; words are folded.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// A normaliser is given longer than a policy: it sees a whole source at once.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(60),
};

/// What a normaliser may look at, and what is known of the source beside.
pub struct Input<'a> {
    /// The source's id.
    pub source: &'a str,
    /// Its connector.
    pub connector: &'a Connector,
    /// How its answers came in.
    pub mode: Mode,
    /// When they were taken.
    pub taken_at: Option<Timestamp>,
    /// In the manifest's order.
    pub streams: Vec<StreamRead>,
    /// The streams that the source does not take: it narrows what the connector provides.
    pub not_taken: Vec<String>,
    /// Rows that were left out before the normaliser saw them.
    pub dropped: Vec<Dropped>,
    /// The parameters in force.
    pub params: BTreeMap<String, String>,
    /// The options in force.
    pub options: BTreeMap<String, bool>,
    /// The words of a file's columns.
    pub words: Words,
    /// The connector's columns that a file has.
    pub columns: BTreeSet<String>,
}

/// One source's part of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the snapshot's own")]
pub struct Normalised {
    pub source: Source,
    pub system: Option<System>,
    pub roles: Vec<Role>,
    pub accounts: Vec<Account>,
    pub staff: Vec<Staff>,
    pub approvals: Vec<Approval>,
}

/// Why a source could not be normalised: the connector is at fault.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum NormaliseError {
    #[error("normalising source `{source_id}` with the connector `{connector}`: {error}")]
    Rego {
        source_id: String,
        connector: String,
        error: Box<RegoError>,
        frame: Option<Box<Frame>>,
    },
    #[error("normalising source `{source_id}`: `{file}` {message}")]
    Output {
        source_id: String,
        file: String,
        message: String,
        help: String,
    },
}

impl Explain for NormaliseError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Rego { error, .. } => error
                .help()
                .or_else(|| Some("the connector's normaliser needs mending, not the data".to_owned())),
            Self::Output { help, .. } => Some(help.clone()),
        }
    }

    fn frame(&self) -> Option<&Frame> {
        match self {
            Self::Rego { frame, .. } => frame.as_deref(),
            Self::Output { .. } => None,
        }
    }
}

/// An error of the normaliser beside its line.
fn framed(source: &str, connector: &Connector, error: &RegoError) -> Option<Box<Frame>> {
    let frame = error.frame([&connector.normaliser])?;
    let title = format!(
        "normalising source `{source}` with the connector `{}`: {}",
        connector.id, frame.title
    );
    Some(Box::new(Frame { title, ..frame }))
}

/// Normalises one source.
///
/// # Errors
/// The normaliser cannot be evaluated, or does not keep the contract.
pub fn normalise(mut input: Input<'_>) -> Result<Normalised, NormaliseError> {
    let connector = input.connector;
    let source = input.source;
    let rego = |error| NormaliseError::Rego {
        source_id: source.to_owned(),
        connector: connector.id.clone(),
        frame: framed(source, connector, &error),
        error: Box::new(error),
    };
    let mut program = Program::load(std::slice::from_ref(&connector.normaliser), LIMITS).map_err(rego)?;
    let answer = program
        .evaluate(&format!("data.connectors.{}", connector.id), document(&mut input))
        .map_err(rego)?;
    // The engine holds the raw rows and the result, and the result is here.
    drop(program);
    let provides: Vec<Collection> = connector
        .manifest
        .provides()
        .map(|(collection, _)| collection)
        .collect();
    let answer = answer.unwrap_or(Value::Null);
    let narrowed = !input.not_taken.is_empty();
    let output =
        Output::read(input.source, &provides, narrowed, answer).map_err(|(message, help)| NormaliseError::Output {
            source_id: input.source.to_owned(),
            file: connector.normaliser.path.clone(),
            message,
            help,
        })?;
    Ok(assemble(input, output))
}

/// The document that a normaliser sees as `input`. The rows move into it: nobody else needs them.
fn document(input: &mut Input<'_>) -> Value {
    let mut streams = serde_json::Map::new();
    let mut states = serde_json::Map::new();
    for stream in &mut input.streams {
        let name = &stream.summary.name;
        streams.insert(name.clone(), Value::Array(std::mem::take(&mut stream.rows)));
        states.insert(name.clone(), json!(stream.summary.state));
    }
    for name in &input.not_taken {
        streams.insert(name.clone(), json!([]));
        states.insert(name.clone(), json!(Completeness::Unavailable));
    }
    json!({
        "source": input.source,
        "taken_at": input.taken_at,
        "streams": streams,
        "states": states,
        "params": input.params,
        "options": input.options,
        "values": input.words,
        "columns": input.columns,
    })
}

/// Holds what the normaliser made against what was read.
fn assemble(input: Input<'_>, mut output: Output) -> Normalised {
    let manifest = &input.connector.manifest;
    output.dropped.extend(input.dropped.iter().cloned());
    let duplicates = output.refuse_duplicates();
    output.doubt(&conflicting(&input));
    let mut provides: Vec<Provided> = manifest
        .provides()
        .map(|(collection, streams)| {
            let streams: Vec<&StreamRead> = input
                .streams
                .iter()
                .filter(|stream| streams.contains(&stream.summary.name.as_str()))
                .collect();
            provided(collection, &streams, &output, duplicates.get(&collection))
        })
        .collect();
    provides.sort_by_key(|provided| provided.collection);
    let system = provides
        .iter()
        .any(|provided| provided.collection == Collection::Accounts)
        .then(|| System {
            id: input.source.to_owned(),
            product: input.connector.id.clone(),
            tenant: output.tenant.clone(),
            source: input.source.to_owned(),
            reader: output.reader.clone().unwrap_or(Reader {
                id: None,
                sees_all: crate::snapshot::YesNo::Unknown,
            }),
        });
    let mut unavailable = output.unavailable;
    unavailable.extend(unavailable_fields(&input));
    let notices = input.streams.iter().flat_map(|stream| stream.notices.iter().cloned());
    output.notices.extend(notices);
    Normalised {
        source: Source {
            id: input.source.to_owned(),
            connector: input.connector.id.clone(),
            connector_sha256: input.connector.sha256.clone(),
            mode: input.mode,
            taken_at: input.taken_at,
            provides,
            unavailable: unavailable.into_iter().collect(),
            streams: input.streams.into_iter().map(|stream| stream.summary).collect(),
            notices: output.notices.into_iter().collect(),
        },
        system,
        roles: output.roles,
        accounts: output.accounts,
        staff: output.staff,
        approvals: output.approvals,
    }
}

/// The keys of accounts that came twice with different values.
fn conflicting(input: &Input<'_>) -> BTreeSet<String> {
    let mut provides = input.connector.manifest.provides();
    let streams = provides.find(|(collection, _)| *collection == Collection::Accounts);
    let streams = streams.map(|(_, streams)| streams).unwrap_or_default();
    let own = |stream: &&StreamRead| streams.contains(&stream.summary.name.as_str());
    let keys = input
        .streams
        .iter()
        .filter(own)
        .flat_map(|stream| stream.conflicting.iter().cloned());
    keys.collect()
}

/// How completely one collection was read: by its streams, by the normaliser's word, and by counting.
fn provided(collection: Collection, streams: &[&StreamRead], output: &Output, duplicate: Option<&String>) -> Provided {
    let rows: u64 = streams.iter().map(|stream| stream.summary.distinct + stream.lost).sum();
    let kept = output.count(collection);
    let from_here = |dropped: &&Dropped| streams.iter().any(|stream| stream.summary.name == dropped.stream);
    let mut dropped: Vec<Dropped> = output.dropped.iter().filter(from_here).cloned().collect();
    dropped.sort();
    let mut state = Completeness::Complete;
    let mut whys: Vec<String> = Vec::new();
    let mut worse = |to: Completeness, why: String| {
        match to.is_incomplete().cmp(&state.is_incomplete()) {
            std::cmp::Ordering::Less => return,
            std::cmp::Ordering::Greater => whys.clear(),
            std::cmp::Ordering::Equal => {}
        }
        state = state.max(to);
        whys.push(why);
    };
    for stream in streams {
        let to = match stream.summary.state {
            Completeness::Complete => continue,
            Completeness::Unavailable => Completeness::Unavailable,
            broken => broken,
        };
        let why = stream.summary.why.clone().unwrap_or_default();
        worse(to, format!("`{}`: {why}", stream.summary.name));
    }
    if let Some(why) = output.incomplete.get(&collection) {
        worse(Completeness::Partial, why.clone());
    }
    if let Some(why) = duplicate {
        worse(Completeness::Partial, why.clone());
    } else if kept + dropped.len() as u64 != rows {
        let dropped = if dropped.is_empty() {
            String::new()
        } else {
            format!(" and dropped {}", dropped.len())
        };
        worse(
            Completeness::Partial,
            format!("normalise kept {kept}{dropped} of {rows} rows"),
        );
    }
    let why = (!whys.is_empty()).then(|| whys.join("; "));
    if state == Completeness::Failed && rows > 0 {
        state = Completeness::Partial;
    }
    Provided {
        collection,
        state,
        rows,
        kept,
        dropped,
        why,
    }
}

/// The fields whose streams were not read to their end, and those that the system never shows.
fn unavailable_fields(input: &Input<'_>) -> BTreeSet<String> {
    let complete = |name: &String| {
        input
            .streams
            .iter()
            .any(|stream| stream.summary.name == *name && stream.summary.state == Completeness::Complete)
    };
    let fields = input.connector.manifest.fields.0.iter();
    fields
        .filter(|(_, needs)| match needs {
            FieldNeeds::Never => true,
            FieldNeeds::Streams(streams) => !streams.iter().all(complete),
        })
        .map(|(field, _)| field.value.clone())
        .collect()
}
