//! Every source of a project to one snapshot: read, normalise, join, sort.
//!
//! Sources are read live, from recordings and from files. What a person wrote or pointed at wrongly is an error; what the
//! data could not show is in the snapshot, as a source that is not complete.

mod exec;
mod file;
mod http;
mod recorded;
mod secret;
mod settings;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

pub use exec::ExecError;
pub use file::FileError;
pub use http::HttpError;
pub use http::auth::authorize;

use crate::connector::manifest::Kind;
use crate::connector::{Connector, ConnectorError, Connectors};
use crate::error::{Explain, Place};
use crate::exit::Exit;
use crate::normalise::{self, NormaliseError, Normalised, Words};
use crate::progress::{Unwatched, Watch};
use crate::project::{From, Project, SourceConfig};
use crate::recording::{Answer, Recording, RecordingError};
use crate::snapshot::{self, Mode, Snapshot};
use crate::streams;

/// How a project is read.
pub struct Request<'a> {
    /// Where sources that are not files come from instead: its sub-folder of a source's id, or the folder itself where the
    /// project has one such source.
    pub recording: Option<&'a Path>,
    /// Ask every list for its first page only, and keep no snapshot: to find out what can be read.
    pub probe: bool,
    /// Who is told of every step.
    pub watch: &'a dyn Watch,
}

impl Default for Request<'_> {
    fn default() -> Self {
        Self {
            recording: None,
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
    /// The raw answers of every source that was read live, by its id. Their folders are not set.
    pub recordings: BTreeMap<String, Recording>,
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
    // Whatever can be wrong in the project is found before the first socket is opened.
    let calls: Vec<http::Call> = pending.iter().filter_map(|pending| pending.call(request)).collect();
    let mut contacts = BTreeMap::new();
    let mut live = BTreeMap::new();
    for read in http::read(&calls)? {
        contacts.insert(read.source.clone(), read.contact);
        live.insert(read.source, (read.answers, read.taken_at));
    }
    let mut recordings = BTreeMap::new();
    let mut sources = Vec::with_capacity(pending.len());
    for pending in pending {
        let id = pending.source.id.clone();
        if let From::Run(words) = &pending.source.from
            && matches!(pending.origin, Origin::Live)
        {
            let folder = &project.folder;
            live.insert(
                id.clone(),
                exec::run(
                    &pending.source.id,
                    &pending.connector,
                    words,
                    folder,
                    &pending.source.place,
                )?,
            );
        }
        let (read, recording) = pending.normalise(live.remove(&id))?;
        sources.push(read);
        recordings.extend(recording.map(|recording| (id, recording)));
    }
    one_source_a_tenant(project, &sources)?;
    Ok(Collected {
        snapshot: snapshot_of(project, sources)?,
        recordings,
        contacts,
    })
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

/// A source of which everything that a person wrote is understood, and nothing is read yet.
struct Pending<'a> {
    source: &'a SourceConfig,
    connector: Connector,
    params: BTreeMap<String, String>,
    options: BTreeMap<String, bool>,
    words: Words,
    origin: Origin,
}

/// Where its raw answers come from.
enum Origin {
    File(std::path::PathBuf),
    Recording(Recording),
    Live,
}

impl<'a> Pending<'a> {
    fn of(
        connectors: &Connectors,
        source: &'a SourceConfig,
        folder: Option<&std::path::PathBuf>,
    ) -> Result<Self, CollectError> {
        let connector = settings::narrowed(connectors.named(&source.connector, &source.place)?, source)?;
        let wrong = |message: String, help: &str| CollectError::Source {
            place: source.place.clone(),
            source_id: source.id.clone(),
            message,
            help: help.to_owned(),
        };
        let id = &connector.id;
        let mut params = settings::params(&connector, source)?;
        let kind = connector.manifest.kind.value;
        let origin = match (kind, &source.from, folder) {
            (Kind::File, From::File(path), _) => Origin::File(path.clone()),
            (Kind::File, _, _) => {
                return Err(wrong(
                    format!("the connector `{id}` reads a file"),
                    "give the source `from: {file: PATH}`",
                ));
            }
            (_, From::File(_), _) => {
                return Err(wrong(
                    format!("the connector `{id}` does not read files"),
                    "give the source `from: {recording: FOLDER}`",
                ));
            }
            (_, _, Some(path)) | (_, From::Recording(path), None) => {
                Origin::Recording(recorded::open(&connector, source, path, &mut params)?)
            }
            (Kind::Exec, From::Live, None) => {
                return Err(wrong(
                    format!("the connector `{id}` reads what a program prints"),
                    "give the source `from: {run: [program, argument]}`",
                ));
            }
            (Kind::Http, From::Run(_), None) => {
                return Err(wrong(
                    format!("the connector `{id}` runs no program"),
                    "leave `from` out to read it live",
                ));
            }
            (_, From::Live | From::Run(_), None) => Origin::Live,
        };
        Ok(Self {
            source,
            params,
            options: settings::options(&connector, source),
            words: settings::words(&connector, source)?,
            connector,
            origin,
        })
    }

    /// What is asked over the network, if anything is.
    fn call<'c>(&'c self, request: &Request<'c>) -> Option<http::Call<'c>> {
        let live = matches!(self.origin, Origin::Live) && self.connector.manifest.kind.value == Kind::Http;
        live.then_some(http::Call {
            source: self.source,
            manifest: &self.connector.manifest,
            params: &self.params,
            options: &self.options,
            probe: request.probe,
            watch: request.watch,
        })
    }

    /// Its rows; of a live source the recording as well.
    fn normalise(
        self,
        live: Option<(Vec<Answer>, Timestamp)>,
    ) -> Result<(Normalised, Option<Recording>), CollectError> {
        let (connector, source) = (&self.connector, self.source);
        let mut input = normalise::Input {
            source: &source.id,
            connector,
            mode: Mode::File,
            taken_at: source.as_of,
            streams: Vec::new(),
            dropped: Vec::new(),
            params: self.params,
            options: self.options,
            words: self.words,
            columns: BTreeSet::new(),
        };
        let (mode, recording) = match (self.origin, live) {
            (Origin::File(path), _) => {
                let read = file::read(connector, source, &input.words, &path)?;
                input.streams = vec![read.stream];
                input.dropped = read.dropped;
                input.columns = read.columns;
                return Ok((normalise::normalise(input)?, None));
            }
            (Origin::Recording(recording), _) => (Mode::Recording, recording),
            (Origin::Live, live) => {
                let (answers, taken_at) = live.unwrap_or_else(|| (Vec::new(), Timestamp::now()));
                let recording = Recording {
                    folder: std::path::PathBuf::new(),
                    connector: connector.id.clone(),
                    connector_version: connector.manifest.version,
                    params: input.params.clone(),
                    taken_at,
                    answers,
                    unread: Vec::new(),
                };
                (Mode::Live, recording)
            }
        };
        input.mode = mode;
        input.taken_at = Some(recording.taken_at);
        input.streams = streams::read(&connector.manifest, &input.options, &recording.answers);
        recorded::of_this_tenant(source, &recording, &input)?;
        let mut normalised = normalise::normalise(input)?;
        normalised.source.notices.extend(recorded::unread(&recording));
        Ok((normalised, (mode == Mode::Live).then_some(recording)))
    }
}
