//! `rolecall check`: from sources or a snapshot to verdicts.

use std::collections::BTreeSet;
use std::path::Path;

use super::earlier::Earlier;
use super::error::OutputError;
use super::expected::Purpose;
use super::facts::Prepared;
use super::targets::Targets;
use super::{CommandError, output};
use crate::check::{self, Checks};
use crate::cli::{CheckArgs, Color};
use crate::evaluate::{self, Context};
use crate::exit::Exit;
use crate::finding::{Bound, Input, Inputs, Report, Threshold};
use crate::project::Project;
use crate::report::{self, Options, Volume};

/// Judges and reports.
pub fn run(args: &CheckArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.facts.project)?;
    let read = [&args.facts.recording, &args.facts.snapshot, &args.facts.previous];
    let mut read: Vec<&Path> = read.into_iter().filter_map(|path| path.as_deref()).collect();
    let purpose = Purpose::of(args)?;
    match &purpose {
        Some(Purpose::Accept(file)) => output::hold_accepted(file, &project, &read)?,
        Some(Purpose::Expect { file, .. }) => read.push(file),
        None => {}
    }
    let targets = Targets::of(args)?;
    if let Some(Purpose::Expect { .. }) = &purpose {
        targets.plain()?; // before anything is read that takes long
    }
    for (_, file) in targets.files() {
        output::hold(file, &project, &read)?;
    }
    if let Some(folder) = &args.record {
        output::hold_folder(folder, &project, &read)?;
    }
    let earlier = Earlier::read(args.facts.previous.as_deref(), args.facts.max_drop)?;
    let checks = check::load(&project.policies, &project.checks)?;
    let asked = evaluate::choose(&checks, &project, &args.checks)?;
    // A verdict can hang on that of another check: what is compared is what all of them said together.
    let chosen = match &purpose {
        Some(_) => evaluate::choose(&checks, &project, &[])?,
        None => asked,
    };
    let need = evaluate::need(&checks, &chosen);
    let prepared = Prepared::read(&args.facts, args.record.as_deref(), (&project, earlier), need, volume)?;
    let wanted = Wanted {
        chosen: &chosen,
        fail_on: &args.fail_on,
        every_verdict: args.verdicts || purpose.is_some() || targets.need_every_verdict(),
    };
    let report = judge(&project, &checks, &prepared, &wanted)?;
    if let Some(purpose) = purpose {
        return purpose.serve(&report, args, &targets, color, volume);
    }
    let options = Options {
        color: color.into(),
        verdicts: args.verdicts,
    };
    for (format, file) in targets.files() {
        report::save(&report, format, &options, file)?;
    }
    if let Some(format) = targets.terminal() {
        report::print(&report, format, &options).map_err(OutputError)?;
    }
    Ok(report.outcome)
}

/// What is wanted of a run.
pub(super) struct Wanted<'a> {
    /// The checks that run.
    pub chosen: &'a BTreeSet<String>,
    /// Which findings count.
    pub fail_on: &'a [Bound],
    /// Whether to keep every verdict's words.
    pub every_verdict: bool,
}

/// Judges what was read.
pub(super) fn judge(
    project: &Project,
    checks: &Checks,
    prepared: &Prepared,
    wanted: &Wanted<'_>,
) -> Result<Report, CommandError> {
    let Prepared {
        facts,
        earlier,
        now,
        subjects,
    } = prepared;
    let evaluation = evaluate::evaluate(checks, wanted.chosen, project, subjects, *now)?;
    let context = Context {
        checks,
        project,
        snapshot: &facts.snapshot,
        snapshot_sha256: facts.sha256.clone(),
        snapshot_mode: facts.mode.to_owned(),
        earlier: earlier.as_ref(),
        subjects,
        now: *now,
        inputs: made_from(project, checks, facts.connectors.clone()),
        fail_on: Threshold(wanted.fail_on.to_vec()),
        every_verdict: wanted.every_verdict,
    };
    Ok(evaluate::assemble(&context, &evaluation))
}

/// What verdicts are reached from, beside the facts.
pub(super) fn made_from(project: &Project, checks: &Checks, connectors: Vec<Input>) -> Inputs {
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
    Inputs {
        project: Input {
            id: file,
            origin: project.folder.display().to_string(),
            sha256: project.sha256.clone(),
            replaces_built_in: false,
        },
        policies: policies.collect(),
        connectors,
    }
}
