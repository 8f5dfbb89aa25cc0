//! `rolecall check`: from sources or a snapshot to verdicts.

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
use crate::finding::{Input, Inputs, Threshold};
use crate::lifecycle;
use crate::project::Project;
use crate::report::{self, Options, Volume};
use crate::reported::Reported;

/// Judges and reports.
pub fn run(args: &CheckArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.facts.project)?;
    let read = [
        &args.facts.recording,
        &args.facts.snapshot,
        &args.facts.previous,
        &args.baseline,
    ];
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
    let baseline = args.baseline.as_deref().map(Reported::read).transpose()?;
    if let Some(baseline) = &baseline {
        lifecycle::hold(baseline, &project)?;
    }
    let checks = check::load(&project.policies, &project.checks)?;
    let asked = evaluate::choose(&checks, &project, &args.checks)?;
    // A verdict can hang on that of another check: what is compared is what all of them said together.
    let chosen = match &purpose {
        Some(_) => evaluate::choose(&checks, &project, &[])?,
        None => asked,
    };
    let need = evaluate::need(&checks, &chosen);
    let prepared = Prepared::read(&args.facts, args.record.as_deref(), (&project, earlier), need, volume)?;
    let Prepared {
        facts,
        earlier,
        now,
        subjects,
    } = prepared;
    let evaluation = evaluate::evaluate(&checks, &chosen, &project, &subjects, now)?;
    let inputs = made_from(&project, &checks, facts.connectors);
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
        fail_on: Threshold(args.fail_on.clone()),
        every_verdict: args.verdicts || purpose.is_some() || targets.need_every_verdict(),
    };
    let mut report = evaluate::assemble(&context, &evaluation);
    lifecycle::apply(&mut report, &project, baseline.as_ref())?;
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
