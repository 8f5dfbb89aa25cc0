//! Every source of a project to one snapshot: read, normalise, join, sort.
//!
//! Sources come from recordings and from files. What a person wrote or pointed at wrongly is an error; what the data
//! could not show is in the snapshot, as a source that is not complete.

mod file;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use file::FileError;

use crate::connector::manifest::Kind;
use crate::connector::{Connector, ConnectorError, Connectors};
use crate::error::{Explain, Place, did_you_mean};
use crate::exit::Exit;
use crate::normalise::{self, NormaliseError, Normalised, Words};
use crate::project::{From, Project, SourceConfig};
use crate::recording::{INDEX, Recording, RecordingError};
use crate::snapshot::{self, Mode, Snapshot};
use crate::streams;
use settings::{options, params, words};

/// Why no snapshot could be made.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CollectError {
    #[error(transparent)]
    Connector(#[from] ConnectorError),
    #[error("{place}: source `{source_id}`: {error}")]
    Recording {
        place: Place,
        source_id: String,
        error: Box<RecordingError>,
    },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Normalise(#[from] NormaliseError),
    #[error("{place}: source `{source_id}`: {message}")]
    Source {
        place: Place,
        source_id: String,
        message: String,
        help: String,
    },
    #[error("collecting from the recording `{folder}`: {message}")]
    Override {
        folder: String,
        message: String,
        help: String,
    },
    #[error("{file}: no source says when its data was taken")]
    NoTime { file: String },
    #[error("{file}: the project has no sources, so there is nothing to read")]
    NoSources { file: String },
}

impl Explain for CollectError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Connector(error) => error.help(),
            Self::Recording { error, .. } => error.help(),
            Self::File(error) => error.help(),
            Self::Normalise(error) => error.help(),
            Self::Source { help, .. } | Self::Override { help, .. } => Some(help.clone()),
            Self::NoSources { .. } => Some("say under `sources` where accounts and staff come from".to_owned()),
            Self::NoTime { .. } => {
                Some("give a source `as_of: 2026-11-23`: the day on which its file was exported".to_owned())
            }
        }
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Reads every source of the project.
///
/// `recording` overrides where sources that are not files come from: its sub-folder of a source's id, or the folder
/// itself where the project has one such source.
///
/// # Errors
/// The first source that cannot be read at all. A source that was read in part is in the snapshot, and says so.
pub fn collect(project: &Project, connectors: &Connectors, recording: Option<&Path>) -> Result<Snapshot, CollectError> {
    if project.sources.is_empty() {
        return Err(CollectError::NoSources {
            file: project.file.display().to_string(),
        });
    }
    let folders = overrides(project, recording)?;
    let mut sources = Vec::with_capacity(project.sources.len());
    for source in &project.sources {
        sources.push(read(connectors, source, folders.get(source.id.as_str()))?);
    }
    one_source_a_tenant(project, &sources)?;
    // The verdicts speak of the time at which the accounts were what they were: a roster of another day moves no clock.
    let newest = |accounts: bool| {
        let own = sources.iter().filter(|read| read.system.is_some() || !accounts);
        own.filter_map(|read| read.source.taken_at).max()
    };
    let taken_at = newest(true).or_else(|| newest(false));
    let taken_at = taken_at.ok_or_else(|| CollectError::NoTime {
        file: project.file.display().to_string(),
    })?;
    let mut snapshot = Snapshot {
        schema: snapshot::SCHEMA.to_owned(),
        taken_at,
        tool: concat!("rolecall ", env!("CARGO_PKG_VERSION")).to_owned(),
        sources: Vec::new(),
        systems: Vec::new(),
        roles: Vec::new(),
        accounts: Vec::new(),
        staff: Vec::new(),
        approvals: Vec::new(),
    };
    for read in sources {
        snapshot.sources.push(read.source);
        snapshot.systems.extend(read.system);
        snapshot.roles.extend(read.roles);
        snapshot.accounts.extend(read.accounts);
        snapshot.staff.extend(read.staff);
        snapshot.approvals.extend(read.approvals);
    }
    snapshot.sort();
    Ok(snapshot)
}

/// Two sources of one tenant would show every account of it twice.
fn one_source_a_tenant(project: &Project, sources: &[Normalised]) -> Result<(), CollectError> {
    let mut seen: BTreeMap<(String, String), &SourceConfig> = BTreeMap::new();
    for (config, read) in project.sources.iter().zip(sources) {
        let Some(system) = &read.system else { continue };
        let Some(tenant) = &system.tenant else { continue };
        if let Some(before) = seen.insert((system.product.clone(), folded(tenant)), config) {
            return Err(CollectError::Source {
                place: config.place.clone(),
                source_id: config.id.clone(),
                message: format!(
                    "it reads the same {} `{tenant}` as the source `{}` ({})",
                    system.product, before.id, before.place
                ),
                help: "keep one source for each tenant; every account would be there twice".to_owned(),
            });
        }
    }
    Ok(())
}

/// Two words are one if they differ in nothing but case and the space around them.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The recording's folder of each source that `--recording` speaks of.
fn overrides<'a>(project: &'a Project, folder: Option<&Path>) -> Result<BTreeMap<&'a str, PathBuf>, CollectError> {
    let Some(folder) = folder else {
        return Ok(BTreeMap::new());
    };
    let wrong = |message: &str, help: String| CollectError::Override {
        folder: folder.display().to_string(),
        message: message.to_owned(),
        help,
    };
    let ids: Vec<&str> = project
        .sources
        .iter()
        .filter(|source| !matches!(source.from, From::File(_)))
        .map(|source| source.id.as_str())
        .collect();
    let mut found = BTreeMap::new();
    for id in &ids {
        let own = folder.join(id);
        if own.join(INDEX).is_file() {
            found.insert(*id, own);
        }
    }
    if found.is_empty() {
        match ids.as_slice() {
            [id] if folder.join(INDEX).is_file() => {
                found.insert(*id, folder.to_owned());
            }
            [] => {
                return Err(wrong(
                    "the project has no source that a recording could be of",
                    "leave `--recording` out".to_owned(),
                ));
            }
            [id] => {
                let help = format!("name a folder with a `{INDEX}`, or with a folder `{id}` that has one");
                return Err(wrong("there is no recording in it", help));
            }
            _ => {
                let help = format!(
                    "put each source's recording into a folder of its name: {}",
                    ids.join(", ")
                );
                return Err(wrong("there is no recording of any source in it", help));
            }
        }
    }
    Ok(found)
}

/// Reads and normalises one source.
fn read(connectors: &Connectors, source: &SourceConfig, folder: Option<&PathBuf>) -> Result<Normalised, CollectError> {
    let connector = connectors.named(&source.connector, &source.place)?;
    let wrong = |message: String, help: String| CollectError::Source {
        place: source.place.clone(),
        source_id: source.id.clone(),
        message,
        help,
    };
    let mut in_force = params(connector, source)?;
    let is_file = connector.manifest.kind.value == Kind::File;
    match (&source.from, folder) {
        (From::File(path), _) if is_file => {
            let words = words(connector, source)?;
            let read = file::read(connector, source, &words, path)?;
            Ok(normalise::normalise(normalise::Input {
                source: &source.id,
                connector,
                mode: Mode::File,
                taken_at: source.as_of,
                streams: vec![read.stream],
                dropped: read.dropped,
                params: in_force,
                options: options(connector, source),
                words,
                columns: read.columns,
            })?)
        }
        (From::File(_), _) => Err(wrong(
            format!("the connector `{}` does not read files", connector.id),
            "give the source `from: {recording: FOLDER}`".to_owned(),
        )),
        (_, _) if is_file => Err(wrong(
            format!("the connector `{}` reads a file", connector.id),
            "give the source `from: {file: PATH}`".to_owned(),
        )),
        (From::Live, None) => Err(wrong(
            "reading a live system is not in this version yet".to_owned(),
            "give the source `from: {recording: FOLDER}`, or the run `--recording FOLDER`".to_owned(),
        )),
        (From::Recording(path), None) => recorded(connector, source, path, &mut in_force),
        (_, Some(path)) => recorded(connector, source, path, &mut in_force),
    }
}

fn recorded(
    connector: &Connector,
    source: &SourceConfig,
    folder: &Path,
    params: &mut BTreeMap<String, String>,
) -> Result<Normalised, CollectError> {
    let failed = |error: RecordingError| CollectError::Recording {
        place: source.place.clone(),
        source_id: source.id.clone(),
        error: Box::new(error),
    };
    let shown = folder.display().to_string();
    let recording = Recording::open(folder).map_err(failed)?;
    fits(connector, &recording, &shown).map_err(failed)?;
    let other = |name: &str, found: &str, expected: &str| CollectError::Source {
        place: source.place.clone(),
        source_id: source.id.clone(),
        message: format!("the recording `{shown}` is of {name} `{found}`, not `{expected}`"),
        help: format!("check the source's `from:` and `params: {{{name}: …}}`"),
    };
    for (name, found) in &recording.params {
        match source.params.get(name) {
            Some(expected) if folded(expected) != folded(found) => return Err(other(name, found, expected)),
            _ => {
                params.insert(name.clone(), found.clone());
            }
        }
    }
    let switched = options(connector, source);
    let streams = streams::read(&connector.manifest, &switched, &recording.answers);
    for tenant in streams.iter().filter_map(|stream| stream.tenant.as_ref()) {
        if let Some(expected) = params.get(&tenant.param)
            && folded(expected) != folded(&tenant.value)
        {
            return Err(other(&tenant.param, &tenant.value, expected));
        }
    }
    Ok(normalise::normalise(normalise::Input {
        source: &source.id,
        connector,
        mode: Mode::Recording,
        taken_at: Some(recording.taken_at),
        streams,
        dropped: Vec::new(),
        params: std::mem::take(params),
        options: switched,
        words: Words::new(),
        columns: BTreeSet::new(),
    })?)
}

/// Whether a recording is one of this connector.
fn fits(connector: &Connector, recording: &Recording, folder: &str) -> Result<(), RecordingError> {
    if recording.connector != connector.id {
        return Err(RecordingError::OtherConnector {
            folder: folder.to_owned(),
            found: recording.connector.clone(),
            expected: connector.id.clone(),
        });
    }
    if recording.connector_version != connector.manifest.version {
        return Err(RecordingError::OtherVersion {
            folder: folder.to_owned(),
            connector: connector.id.clone(),
            found: recording.connector_version,
            expected: connector.manifest.version,
        });
    }
    let known = || connector.manifest.streams.0.iter().map(|(name, _)| name.value.as_str());
    match recording
        .answers
        .iter()
        .find(|answer| !known().any(|name| name == answer.stream))
    {
        Some(answer) => Err(RecordingError::UnknownStream {
            folder: folder.to_owned(),
            stream: answer.stream.clone(),
            help: did_you_mean(&answer.stream, known().collect::<Vec<_>>().iter().copied()),
        }),
        None => Ok(()),
    }
}
