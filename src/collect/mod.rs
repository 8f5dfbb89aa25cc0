//! Every source of a project to one snapshot: read, normalise, join, sort.
//!
//! Sources are read live, from recordings and from files. What a person wrote or pointed at wrongly is an error; what the
//! data could not show is in the snapshot, as a source that is not complete.

mod exec;
mod file;
mod http;
mod pending;
mod recorded;
mod secret;
mod settings;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::SignedDuration;

use self::pending::Pending;
pub use exec::ExecError;
pub use file::FileError;
pub use http::HttpError;
pub use http::auth::authorize;

use crate::connector::{ConnectorError, Connectors};
use crate::error::{Explain, Frame, Place};
use crate::exit::Exit;
use crate::normalise::{NormaliseError, Normalised};
use crate::progress::{Step, Unwatched, Watch};
use crate::project::{Project, SourceConfig};
use crate::recording::{INDEX, Recording, RecordingError};
use crate::snapshot::Snapshot;

/// How a project is read.
pub struct Request<'a> {
    /// Where sources that are not files come from instead: its sub-folder of a source's id, or the folder itself where the
    /// project has one such source.
    pub recording: Option<&'a Path>,
    /// Where the answers of every source that is read live are written: into a sub-folder of the source's id, which is
    /// where `recording` looks for them. They are written before they are understood, so that what cannot be understood is
    /// still there to look at.
    pub record: Option<&'a Path>,
    /// Ask every list for its first page only, and keep no snapshot: to find out what can be read.
    pub probe: bool,
    /// Who is told of every step.
    pub watch: &'a dyn Watch,
}

impl Default for Request<'_> {
    fn default() -> Self {
        Self {
            recording: None,
            record: None,
            probe: false,
            watch: &Unwatched,
        }
    }
}

/// What was read.
#[derive(Debug)]
pub struct Collected {
    /// The facts.
    pub snapshot: Snapshot,
    /// What the network showed beside the answers, by source.
    pub contacts: BTreeMap<String, Contact>,
}

/// What the network showed of a source beside its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Scheme, host and port that were asked.
    pub origin: String,
    /// The connector's name for the way of signing in.
    pub way: String,
    /// How far the other side's clock is ahead of this machine's; null where it told no time.
    pub skew: Option<SignedDuration>,
    /// What is left of the daily allowance and the whole of it, where the other side says so.
    pub budget: Option<(u64, u64)>,
}

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
    Http(#[from] HttpError),
    #[error(transparent)]
    Exec(#[from] ExecError),
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
    #[error(transparent)]
    Record(RecordingError),
    #[error("{file}: no source of it is read live, so there is nothing to record")]
    NothingLive { file: String },
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
            Self::Record(error) => error.help(),
            Self::NothingLive { .. } => {
                Some("leave `--record` out: files and recordings can be read again as they are".to_owned())
            }
            Self::File(error) => error.help(),
            Self::Http(error) => error.help(),
            Self::Exec(error) => error.help(),
            Self::Normalise(error) => error.help(),
            Self::Source { help, .. } | Self::Override { help, .. } => Some(help.clone()),
            Self::NoSources { .. } => Some("say under `sources` where accounts and staff come from".to_owned()),
            Self::NoTime { .. } => {
                Some("give a source `as_of: 2026-11-23`: the day on which its file was exported".to_owned())
            }
        }
    }

    fn frame(&self) -> Option<&Frame> {
        match self {
            Self::Connector(error) => error.frame(),
            Self::Normalise(error) => error.frame(),
            _ => None,
        }
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Reads every source of the project.
///
/// # Errors
/// The first source that cannot be read at all. A source that was read in part is in the snapshot, and says so.
pub fn collect(project: &Project, connectors: &Connectors, request: &Request<'_>) -> Result<Collected, CollectError> {
    if project.sources.is_empty() {
        return Err(CollectError::NoSources {
            file: project.file.display().to_string(),
        });
    }
    let folders = recorded::overrides(project, request.recording)?;
    let mut pending = Vec::with_capacity(project.sources.len());
    for source in &project.sources {
        pending.push(Pending::of(connectors, source, folders.get(source.id.as_str()))?);
    }
    if let Some(folder) = request.record {
        room(project, &pending, folder)?;
    }
    // Whatever can be wrong in the project is found before the first socket is opened: so programs are started first.
    let calls: Vec<http::Call> = pending.iter().filter_map(|pending| pending.call(request)).collect();
    let mut contacts = BTreeMap::new();
    let mut live = BTreeMap::new();
    for pending in &pending {
        let Some(call) = pending.program(connectors, project)? else {
            continue;
        };
        let id = &pending.source.id;
        request.watch.saw(id, &Step::Begins);
        live.insert(id.clone(), exec::run(&call)?);
        request.watch.saw(id, &Step::Ends);
    }
    for read in http::read(&calls)? {
        contacts.insert(read.source.clone(), read.contact);
        live.insert(read.source, (read.answers, read.taken_at));
    }
    for pending in &mut pending {
        let id = &pending.source.id;
        let answers = live.remove(id);
        if let Some(recording) = pending.answered(answers)
            && let Some(folder) = request.record
        {
            recording.write(&folder.join(id)).map_err(CollectError::Record)?;
        }
    }
    let mut sources = Vec::with_capacity(pending.len());
    for pending in pending {
        sources.push(pending.normalise(request.probe)?);
    }
    one_source_a_tenant(project, &sources)?;
    Ok(Collected {
        snapshot: snapshot_of(project, sources)?,
        contacts,
    })
}

/// Recordings can be written: found out before anything is read, which may take long.
fn room(project: &Project, pending: &[Pending<'_>], folder: &Path) -> Result<(), CollectError> {
    let live: Vec<&Pending<'_>> = pending.iter().filter(|pending| pending.is_live()).collect();
    if live.is_empty() {
        return Err(CollectError::NothingLive {
            file: project.file.display().to_string(),
        });
    }
    if folder.join(INDEX).exists() {
        return Err(CollectError::Record(RecordingError::Unwritable {
            folder: folder.display().to_string(),
            message: "it is a recording itself, and would hold others".to_owned(),
            help: "name another folder: each source gets one of its own in it",
        }));
    }
    for pending in live {
        Recording::room(&folder.join(&pending.source.id)).map_err(CollectError::Record)?;
    }
    Ok(())
}

fn snapshot_of(project: &Project, sources: Vec<Normalised>) -> Result<Snapshot, CollectError> {
    // The verdicts speak of the time at which the accounts were what they were: a roster of another day moves no clock.
    let newest = |accounts: bool| {
        let own = sources.iter().filter(|read| read.system.is_some() || !accounts);
        own.filter_map(|read| read.source.taken_at).max()
    };
    let taken_at = newest(true).or_else(|| newest(false));
    let taken_at = taken_at.ok_or_else(|| CollectError::NoTime {
        file: project.file.display().to_string(),
    })?;
    let mut snapshot = Snapshot::empty(taken_at);
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
