//! `rolecall check`: from sources or a snapshot to verdicts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::earlier::Earlier;
use super::error::OutputError;
use super::exceptions::{self, Base};
use super::expected::Purpose;
use super::facts::Prepared;
use super::targets::Targets;
use super::{CommandError, output};
use crate::check::{self, Checks};
use crate::cli::{CheckArgs, Color};
use crate::evaluate::{self, Context};
use crate::exit::Exit;
use crate::finding::{Bound, Input, Inputs, Report, Threshold};
use crate::lifecycle;
use crate::project::Project;
use crate::report::{self, Options, Volume};
use crate::reported::Reported;

/// Judges and reports.
pub fn run(args: &CheckArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.facts.project)?;
    let mut base = Base::read(args.base_project.as_deref(), &project)?;
    let base_files: Vec<PathBuf> = base.iter().flat_map(Base::files).map(Path::to_owned).collect();
    let read = [
        &args.facts.recording,
        &args.facts.snapshot,
        &args.facts.previous,
        &args.baseline,
    ];
    let mut read: Vec<&Path> = read.into_iter().filter_map(|path| path.as_deref()).collect();
    read.extend(base_files.iter().map(PathBuf::as_path));
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
    checks.hold_exceptions(&project.exceptions)?;
    if let Some(base) = &mut base {
        base.hold_against(&project, &checks, &args.facts)?;
    }
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
        base: base.as_ref(),
        baseline: baseline.as_ref(),
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
    // What can be written is written, whatever becomes of the rest.
    let saved: Vec<_> = targets
        .files()
        .map(|(format, file)| report::save(&report, format, &options, file))
        .collect();
    if let Some(format) = targets.terminal() {
        report::print(&report, format, &options).map_err(OutputError)?;
    }
    saved.into_iter().collect::<Result<Vec<()>, _>>()?;
    Ok(report.outcome)
}

/// What is wanted of a run.
pub(super) struct Wanted<'a> {
    /// The checks that run.
    pub chosen: &'a BTreeSet<String>,
    /// Which findings count.
    pub fail_on: &'a [Bound],
    /// The project whose exceptions count in place of the project's own.
    pub base: Option<&'a Base>,
    /// The report of an earlier run, whose times go on.
    pub baseline: Option<&'a Reported>,
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
    let mut report = evaluate::assemble(&context, &evaluation);
    let verdicts = wanted.baseline.map(|_| evaluation.verdicts()).unwrap_or_default();
    lifecycle::apply(&mut report, project, wanted.baseline, &verdicts)?;
    let of = exceptions::Of {
        snapshot: &facts.snapshot,
        subjects,
        evaluation: &evaluation,
        now: *now,
    };
    exceptions::lay_over(&mut report, project, wanted.base, &of)?;
    report.settle();
    Ok(report)
}

/// What verdicts are reached from, beside the facts.
pub(super) fn made_from(project: &Project, checks: &Checks, connectors: Vec<Input>) -> Inputs {
    let policies = checks.0.values().map(|check| Input {
        id: check.id.clone(),
        origin: check.origin.clone(),
        sha256: check.sha256.clone(),
        replaces_built_in: check.replaces_built_in,
    });
    Inputs {
        project: project_of(project),
        policies: policies.collect(),
        connectors,
        exceptions: exceptions_of(project).into_iter().collect(),
    }
}

/// The project file.
pub(super) fn project_of(project: &Project) -> Input {
    input(&project.file, project.folder.display().to_string(), &project.sha256)
}

/// The separate file of the project's exceptions.
pub(super) fn exceptions_of(project: &Project) -> Option<Input> {
    let exceptions = project.exceptions_file.as_ref()?;
    let folder = exceptions.file.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    Some(input(
        &exceptions.file,
        folder.display().to_string(),
        &exceptions.sha256,
    ))
}

fn input(file: &Path, origin: String, sha256: &str) -> Input {
    let name = file.file_name().unwrap_or_default();
    Input {
        id: name.to_string_lossy().into_owned(),
        origin,
        sha256: sha256.to_owned(),
        replaces_built_in: false,
    }
}
