//! Recordings in the place of the systems that they were made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{CollectError, folded};
use crate::connector::Connector;
use crate::error::did_you_mean;
use crate::normalise::Input;
use crate::project::{From, Project, SourceConfig};
use crate::recording::{INDEX, Recording, RecordingError};

/// The recording's folder of each source that `--recording` speaks of.
pub(super) fn overrides<'a>(
    project: &'a Project,
    folder: Option<&Path>,
) -> Result<BTreeMap<&'a str, PathBuf>, CollectError> {
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
    // Who names a recording for the run wants nobody to be asked.
    let live = |source: &&SourceConfig| matches!(source.from, From::Live | From::Run(_));
    if let Some(source) = project
        .sources
        .iter()
        .filter(live)
        .find(|source| !found.contains_key(source.id.as_str()))
    {
        let (id, message) = (
            &source.id,
            format!("there is no recording of the source `{}` in it", source.id),
        );
        let help = format!("record it as well: `--record` writes each source into a folder of its name, `{id}`");
        return Err(wrong(&message, help));
    }
    Ok(found)
}

/// Opens a source's recording; its parameters are in force where the source sets none.
pub(super) fn open(
    connector: &Connector,
    source: &SourceConfig,
    folder: &Path,
    params: &mut BTreeMap<String, String>,
) -> Result<Recording, CollectError> {
    let failed = |error: RecordingError| CollectError::Recording {
        place: source.place.clone(),
        source_id: source.id.clone(),
        error: Box::new(error),
    };
    let recording = Recording::open(folder).map_err(failed)?;
    fits(connector, &recording, &folder.display().to_string()).map_err(failed)?;
    for (name, found) in &recording.params {
        match source.params.get(name) {
            Some(expected) if folded(expected) != folded(found) && connector.manifest.asks_with(name) => {
                return Err(other(source, &recording, name, found, expected));
            }
            // How the answers are to be understood is for the project to say, today.
            Some(_) => {}
            None => {
                params.insert(name.clone(), found.clone());
            }
        }
    }
    Ok(recording)
}

/// Holds the tenant that the answers name against the parameters.
pub(super) fn of_this_tenant(
    source: &SourceConfig,
    recording: &Recording,
    input: &Input<'_>,
) -> Result<(), CollectError> {
    for tenant in input.streams.iter().filter_map(|stream| stream.tenant.as_ref()) {
        if let Some(expected) = input.params.get(&tenant.param)
            && folded(expected) != folded(&tenant.value)
        {
            return Err(other(source, recording, &tenant.param, &tenant.value, expected));
        }
    }
    Ok(())
}

/// A notice for files that lie in a recording and are not part of it.
pub(super) fn unread(recording: &Recording) -> Option<String> {
    let names: Vec<String> = recording.unread.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("the recording holds {}, which nobody reads", names.join(", ")))
}

fn other(source: &SourceConfig, recording: &Recording, name: &str, found: &str, expected: &str) -> CollectError {
    let live = recording.folder.as_os_str().is_empty();
    // An error may have several lines, and what a vendor says must not begin one.
    let found = found.replace('\n', "\\n");
    CollectError::Source {
        place: source.place.clone(),
        source_id: source.id.clone(),
        message: match live {
            true => format!("the answers are of {name} `{found}`, not `{expected}`"),
            false => format!(
                "the recording `{}` is of {name} `{found}`, not `{expected}`",
                recording.folder.display()
            ),
        },
        help: format!(
            "check the source's {} and `params: {{{name}: …}}`",
            if live { "credential" } else { "`from:`" }
        ),
    }
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
