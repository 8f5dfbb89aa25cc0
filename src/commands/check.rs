//! `rolecall check`: from sources or a snapshot to verdicts.

use std::collections::BTreeMap;
use std::path::Path;

use super::earlier::Earlier;
use super::error::OutputError;
use super::{CommandError, output};
use crate::check;
use crate::cli::{CheckArgs, Color};
use crate::collect;
use crate::connector::Connectors;
use crate::evaluate::{self, Context};
use crate::exit::Exit;
use crate::finding::{Input, Inputs};
use crate::project::Project;
use crate::report::{self, Options, Progress, Volume};
use crate::snapshot::{Mode, Snapshot};
use crate::subject;

/// Judges and reports.
pub fn run(args: &CheckArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.project)?;
    let read = [&args.recording, &args.snapshot, &args.previous];
    let read: Vec<&Path> = read.into_iter().filter_map(|path| path.as_deref()).collect();
    if let Some(file) = &args.output {
        output::hold(file, &project, &read)?;
    }
    if let Some(folder) = &args.record {
        output::hold_folder(folder, &project, &read)?;
    }
    let earlier = Earlier::read(args.previous.as_deref(), args.max_drop)?;
    let checks = check::load(&project.policies, &project.checks)?;
    let chosen = evaluate::choose(&checks, &project, &args.checks)?;
    let facts = Facts::read(args, &project, volume)?;
    let earlier = earlier.map(|earlier| earlier.compare(&facts.snapshot)).transpose()?;
    let now = args.as_of.unwrap_or(facts.snapshot.taken_at);
    let need = evaluate::need(&checks, &chosen);
    let subjects = subject::subjects_needed(&facts.snapshot, &project, now, need, earlier.as_ref())?;
    let evaluation = evaluate::evaluate(&checks, &chosen, &project, &subjects, now)?;
    let policies = checks.0.values().map(|check| Input {
        id: check.id.clone(),
        origin: check.origin.clone(),
        sha256: check.sha256.clone(),
        replaces_built_in: check.replaces_built_in,
    });
    let file = project
        .file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let inputs = Inputs {
        project: Input {
            id: file,
            origin: project.folder.display().to_string(),
            sha256: project.sha256.clone(),
            replaces_built_in: false,
        },
        policies: policies.collect(),
        connectors: facts.connectors,
    };
    let context = Context {
        checks: &checks,
        project: &project,
        snapshot: &facts.snapshot,
        snapshot_sha256: facts.sha256,
        snapshot_mode: facts.mode.to_owned(),
        earlier: earlier.as_ref(),
        subjects: &subjects,
        now,
        inputs,
        fail_on: args.fail_on.least(),
        every_verdict: args.verdicts,
    };
    let report = evaluate::assemble(&context, &evaluation);
    let options = Options {
        color: color.into(),
        verdicts: args.verdicts,
    };
    match &args.output {
        Some(file) => report::save(&report, args.format, &options, file)?,
        None => report::print(&report, args.format, &options).map_err(OutputError)?,
    }
    Ok(report.outcome)
}

/// The facts of a run, and where they came from.
struct Facts {
    snapshot: Snapshot,
    sha256: String,
    mode: &'static str,
    connectors: Vec<Input>,
}

impl Facts {
    fn read(args: &CheckArgs, project: &Project, volume: Volume) -> Result<Self, CommandError> {
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
            record: args.record.as_deref(),
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
