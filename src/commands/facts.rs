//! Where the facts of a run come from: a snapshot, a recording, or the sources themselves.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::CommandError;
use super::earlier::Earlier;
use crate::cli::FactsArgs;
use crate::collect;
use crate::connector::Connectors;
use crate::finding::Input;
use crate::project::Project;
use crate::report::{Progress, Volume};
use crate::snapshot::{Comparison, Mode, Snapshot};
use crate::subject::{self, Need, Subjects};

/// The facts of a run, and where they came from.
pub struct Facts {
    /// What was read.
    pub snapshot: Snapshot,
    /// Its digest.
    pub sha256: String,
    /// How it came in.
    pub mode: &'static str,
    /// The connectors that made it.
    pub connectors: Vec<Input>,
}

impl Facts {
    /// Those of a snapshot that has been read, with its digest.
    pub fn of_snapshot(snapshot: Snapshot, sha256: String) -> Self {
        let connectors = used(&snapshot, None);
        Self {
            snapshot,
            sha256,
            mode: "snapshot",
            connectors,
        }
    }

    /// Reads the snapshot that was named, or the project's sources; raw answers of live ones go to `record`.
    fn read(args: &FactsArgs, record: Option<&Path>, project: &Project, volume: Volume) -> Result<Self, CommandError> {
        if let Some(file) = &args.snapshot {
            let (snapshot, sha256) = Snapshot::read(file)?;
            return Ok(Self::of_snapshot(snapshot, sha256));
        }
        let connectors = Connectors::load(&project.connectors)?;
        let progress = Progress::new(volume);
        let request = collect::Request {
            recording: args.recording.as_deref(),
            watch: &progress,
            record,
            ..collect::Request::default()
        };
        let snapshot = collect::collect(project, &connectors, &request)?.snapshot;
        let sha256 = snapshot.sha256()?;
        let any = |mode: Mode| snapshot.sources.iter().any(|source| source.mode == mode);
        let mode = match (any(Mode::Live), any(Mode::Recording)) {
            (true, _) => "live",
            (false, true) => "recording",
            (false, false) => "file",
        };
        let connectors = used(&snapshot, Some(&connectors));
        Ok(Self {
            snapshot,
            sha256,
            mode,
            connectors,
        })
    }
}

/// The subjects of a run, and what they were made from.
pub struct Prepared {
    /// What was read.
    pub facts: Facts,
    /// What an earlier snapshot had, where one was named.
    pub earlier: Option<Comparison>,
    /// The time that verdicts speak of.
    pub now: Timestamp,
    /// Everything that can be judged.
    pub subjects: Subjects,
}

impl Prepared {
    /// Reads the facts, holds them against the earlier ones, and makes the documents that are needed of them.
    pub fn read(
        args: &FactsArgs,
        record: Option<&Path>,
        (project, earlier): (&Project, Option<Earlier>),
        need: Need,
        volume: Volume,
    ) -> Result<Self, CommandError> {
        let facts = Facts::read(args, record, project, volume)?;
        Self::of(facts, args.as_of, (project, earlier), need)
    }

    /// The same of facts that have been read.
    pub fn of(
        facts: Facts,
        as_of: Option<Timestamp>,
        (project, earlier): (&Project, Option<Earlier>),
        need: Need,
    ) -> Result<Self, CommandError> {
        let earlier = earlier.map(|earlier| earlier.compare(&facts.snapshot)).transpose()?;
        let now = as_of.unwrap_or(facts.snapshot.taken_at);
        let subjects = subject::subjects_needed(&facts.snapshot, project, now, need, earlier.as_ref())?;
        Ok(Self {
            facts,
            earlier,
            now,
            subjects,
        })
    }
}

/// The connectors that made a snapshot. Of an older snapshot only the digest is known, not the folder.
fn used(snapshot: &Snapshot, known: Option<&Connectors>) -> Vec<Input> {
    let inputs = snapshot.sources.iter().map(|source| {
        let of_now = known
            .and_then(|known| known.get(&source.connector))
            .map(crate::connector::Connector::input);
        let input = of_now.unwrap_or_else(|| Input {
            id: source.connector.clone(),
            origin: "snapshot".to_owned(),
            sha256: source.connector_sha256.clone(),
            replaces_built_in: false,
        });
        ((input.id.clone(), input.sha256.clone()), input)
    });
    inputs.collect::<BTreeMap<_, _>>().into_values().collect()
}
