//! Where the facts of a run come from: a snapshot, a recording, or the sources themselves.

use std::collections::BTreeMap;
use std::path::Path;

use super::CommandError;
use crate::cli::FactsArgs;
use crate::collect;
use crate::connector::Connectors;
use crate::finding::Input;
use crate::project::Project;
use crate::report::{Progress, Volume};
use crate::snapshot::{Mode, Snapshot};

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
    /// Reads the snapshot that was named, or the project's sources; raw answers of live ones go to `record`.
    pub fn read(
        args: &FactsArgs,
        record: Option<&Path>,
        project: &Project,
        volume: Volume,
    ) -> Result<Self, CommandError> {
        if let Some(file) = &args.snapshot {
            let (snapshot, sha256) = Snapshot::read(file)?;
            let connectors = used(&snapshot, None);
            return Ok(Self {
                snapshot,
                sha256,
                mode: "snapshot",
                connectors,
            });
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
