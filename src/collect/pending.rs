//! One source on its way from the project to rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::{CollectError, Request, exec, file, http, recorded, settings};
use crate::connector::manifest::Kind;
use crate::connector::{Connector, Connectors};
use crate::normalise::{self, Normalised, Words};
use crate::project::{From, Project, SourceConfig};
use crate::recording::{Answer, Recording};
use crate::snapshot::Mode;
use crate::streams::{self, Extent};

/// A source of which everything that a person wrote is understood, and nothing is read yet.
pub(super) struct Pending<'a> {
    pub(super) source: &'a SourceConfig,
    connector: Connector,
    /// The streams that only what the source does not take would need.
    not_taken: Vec<String>,
    params: BTreeMap<String, String>,
    options: BTreeMap<String, bool>,
    words: Words,
    origin: Origin,
}

/// Where its raw answers come from.
enum Origin {
    File(PathBuf),
    Recording(Recording),
    /// Still to be asked.
    Live,
    /// Asked in this run.
    Answered(Recording),
}

impl<'a> Pending<'a> {
    /// # Errors
    /// What the project says wrongly, or a recording that is none of this source.
    pub(super) fn of(
        connectors: &Connectors,
        source: &'a SourceConfig,
        folder: Option<&PathBuf>,
    ) -> Result<Self, CollectError> {
        let whole = connectors.named(&source.connector, &source.place)?;
        let (connector, not_taken) = settings::narrowed(whole, source)?;
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
                Origin::Recording(recorded::open(whole, source, path, &mut params)?)
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
            not_taken,
            origin,
        })
    }

    /// Whether it is to be asked in this run.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live)
    }

    /// What is asked over the network, if anything is.
    pub(super) fn call<'c>(&'c self, request: &Request<'c>) -> Option<http::Call<'c>> {
        let live = self.is_live() && self.connector.manifest.kind.value == Kind::Http;
        live.then_some(http::Call {
            source: self.source,
            manifest: &self.connector.manifest,
            params: &self.params,
            options: &self.options,
            probe: request.probe,
            watch: request.watch,
        })
    }

    /// The program that is run, if any is.
    pub(super) fn program<'c>(
        &'c self,
        connectors: &'c Connectors,
        project: &'c Project,
    ) -> Result<Option<exec::Call<'c>>, CollectError> {
        let From::Run(words) = &self.source.from else {
            return Ok(None);
        };
        if !self.is_live() {
            return Ok(None);
        }
        Ok(Some(exec::Call {
            source: self.source,
            connector: &self.connector,
            whole: &connectors.named(&self.source.connector, &self.source.place)?.manifest,
            words,
            folder: &project.folder,
        }))
    }

    /// Takes what it was answered in this run: of a source that was asked, the recording.
    pub(super) fn answered(&mut self, live: Option<(Vec<Answer>, Timestamp)>) -> Option<&Recording> {
        if !self.is_live() {
            return None;
        }
        self.origin = Origin::Answered(recording(&self.connector, &self.params, live));
        match &self.origin {
            Origin::Answered(recording) => Some(recording),
            _ => None,
        }
    }

    /// Its rows. Of a source that was only probed what was asked for is all there is.
    pub(super) fn normalise(self, probe: bool) -> Result<Normalised, CollectError> {
        let (connector, source) = (&self.connector, self.source);
        let mut input = normalise::Input {
            source: &source.id,
            connector,
            mode: Mode::File,
            taken_at: source.as_of,
            streams: Vec::new(),
            not_taken: self.not_taken,
            dropped: Vec::new(),
            params: self.params,
            options: self.options,
            words: self.words,
            columns: BTreeSet::new(),
        };
        let (mode, recording) = match self.origin {
            Origin::File(path) => {
                let read = file::read(connector, source, &input.words, &path)?;
                input.streams = vec![read.stream];
                input.dropped = read.dropped;
                input.columns = read.columns;
                return Ok(normalise::normalise(input)?);
            }
            Origin::Recording(recording) => (Mode::Recording, recording),
            Origin::Answered(recording) => (Mode::Live, recording),
            Origin::Live => (Mode::Live, recording(connector, &input.params, None)),
        };
        let extent = match (probe, mode) {
            (true, Mode::Live) => Extent::FirstPages,
            _ => Extent::Whole,
        };
        input.mode = mode;
        input.taken_at = Some(recording.taken_at);
        input.streams = streams::read(&connector.manifest, &input.options, &recording.answers, extent);
        recorded::of_this_tenant(source, &recording, &input)?;
        let unread = recorded::unread(&recording);
        // The rows are out of the raw answers, which may be large.
        drop(recording);
        let mut normalised = normalise::normalise(input)?;
        normalised.source.notices.extend(unread);
        Ok(normalised)
    }
}

/// What a live source answered. One that nobody asked has no answers, and no answer is never an empty list.
fn recording(
    connector: &Connector,
    params: &BTreeMap<String, String>,
    live: Option<(Vec<Answer>, Timestamp)>,
) -> Recording {
    let (answers, taken_at) = live.unwrap_or_else(|| (Vec::new(), Timestamp::now()));
    Recording {
        folder: PathBuf::new(),
        connector: connector.id.clone(),
        connector_version: connector.manifest.version,
        params: params.clone(),
        taken_at,
        answers,
        unread: Vec::new(),
    }
}
