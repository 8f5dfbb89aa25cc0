//! `rolecall compare`: what changed between two runs.

mod file;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::file::Run;
use super::CommandError;
use super::check::{Wanted, judge};
use super::error::OutputError;
use super::facts::{Facts, Prepared};
use super::output;
use crate::check::{self, Checks};
use crate::cli::{Color, CompareArgs};
use crate::compare::{self, Comparison, Judged, Known, Named};
use crate::error::Explain;
use crate::evaluate;
use crate::exit::Exit;
use crate::project::{Project, ProjectError};
use crate::report;
use crate::reported::Reported;
use crate::snapshot::Snapshot;
use crate::staff::{self, Person};

/// Says what changed.
pub fn run(args: &CompareArgs, color: Color) -> Result<Exit, CommandError> {
    let shown = |path: &Path| path.display().to_string();
    if is_same(&args.old, &args.new) {
        return Err(CannotCompare::Same(shown(&args.new)).into());
    }
    let comparison = match (Run::read(&args.old)?, Run::read(&args.new)?) {
        (Run::Report(old), Run::Report(new)) => reports(args, &old, &new)?,
        (Run::Snapshot(old, old_sha256), Run::Snapshot(new, new_sha256)) => {
            snapshots(args, (*old, old_sha256), (*new, new_sha256))?
        }
        (old, new) => {
            return Err(CannotCompare::Mixed {
                old: shown(&args.old),
                new: shown(&args.new),
                is: [old.word(), new.word()],
            }
            .into());
        }
    };
    match &args.output {
        Some(file) => report::save_changes(&comparison, args.format, color.into(), file)?,
        None => report::print_changes(&comparison, args.format, color.into()).map_err(OutputError)?,
    }
    Ok(comparison.outcome)
}

fn reports(args: &CompareArgs, old: &Reported, new: &Reported) -> Result<Comparison, CommandError> {
    if args.project.is_some() {
        return Err(CannotCompare::ProjectOfReports.into());
    }
    let (old_file, new_file) = (args.old.display().to_string(), args.new.display().to_string());
    let old = Named {
        file: &old_file,
        report: old,
    };
    let new = Named {
        file: &new_file,
        report: new,
    };
    hold_output(args, None)?;
    // No project is needed; but whoever names a file of it by mistake is to keep it.
    if let Some(output) = args.output.as_ref().filter(|output| output.exists()) {
        let beside = output.parent().filter(|folder| !folder.as_os_str().is_empty());
        for folder in [Some(Path::new(".")), beside].into_iter().flatten() {
            match Project::load(folder) {
                Ok(project) => hold_output(args, Some(&project))?,
                Err(ProjectError::NotInFolder { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(Comparison::of_reports(old, new, &args.fail_on)?)
}

/// Both are judged by the project of now, each at its own time, so that what changed is the facts alone.
fn snapshots(args: &CompareArgs, old: (Snapshot, String), new: (Snapshot, String)) -> Result<Comparison, CommandError> {
    let folder = args.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let project = Project::load(&folder)?;
    hold_output(args, Some(&project))?;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let chosen = evaluate::choose(&checks, &project, &[])?;
    let need = evaluate::need(&checks, &chosen);
    let prepared = |(snapshot, sha256)| {
        let facts = Facts::of_snapshot(snapshot, sha256);
        Prepared::of(facts, None, (&project, None), need)
    };
    let (before, now) = (prepared(old)?, prepared(new)?);
    // Before anything is judged: the later one goes on with the times of the earlier one.
    compare::hold_snapshots(
        &before.facts.snapshot,
        &now.facts.snapshot,
        &args.old.display().to_string(),
    )?;
    let judge = |file: &Path, prepared, baseline| Seen::judge(file, prepared, (&project, &checks), &chosen, baseline);
    let old = judge(&args.old, before, None)?;
    let new = judge(&args.new, now, Some(&old.report))?;
    Ok(Comparison::of_snapshots(old.judged(), new.judged(), &args.fail_on)?)
}

/// One snapshot, judged.
struct Seen {
    file: String,
    prepared: Prepared,
    report: Reported,
    people: Vec<Person>,
}

impl Seen {
    fn judge(
        file: &Path,
        prepared: Prepared,
        (project, checks): (&Project, &Checks),
        chosen: &BTreeSet<String>,
        baseline: Option<&Reported>,
    ) -> Result<Self, CommandError> {
        let wanted = Wanted {
            chosen,
            fail_on: &[],
            base: None,
            baseline,
            every_verdict: true,
        };
        let report = Reported::of(&judge(project, checks, &prepared, &wanted)?);
        let people = staff::roster(&prepared.facts.snapshot, project, prepared.now).people;
        Ok(Self {
            file: file.display().to_string(),
            prepared,
            report,
            people,
        })
    }

    fn judged(&self) -> Judged<'_> {
        Judged {
            run: Named {
                file: &self.file,
                report: &self.report,
            },
            known: Known {
                snapshot: &self.prepared.facts.snapshot,
                people: &self.people,
            },
        }
    }
}

/// Refuses to write over what is read.
fn hold_output(args: &CompareArgs, project: Option<&Project>) -> Result<(), CommandError> {
    let Some(output) = &args.output else { return Ok(()) };
    let read: [&Path; 2] = [&args.old, &args.new];
    if let Some(project) = project {
        output::hold(output, project, &read)?;
    }
    if read.iter().any(|file| is_same(file, output)) {
        return Err(CannotCompare::OverInput(output.display().to_string()).into());
    }
    Ok(())
}

/// Whether two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    let is = |path: &Path| path.canonicalize().ok();
    is(one).is_some_and(|one| is(other) == Some(one))
}

/// Two files that cannot be held against each other.
#[derive(Debug, thiserror::Error)]
enum CannotCompare {
    #[error("reading `{file}`: {message}")]
    Unreadable { file: String, message: String },
    #[error("`{file}` is neither a report nor a snapshot")]
    Neither { file: String },
    #[error("comparing `{old}` with `{new}`: the first is a {}, and the second a {}", is[0], is[1])]
    Mixed {
        old: String,
        new: String,
        is: [&'static str; 2],
    },
    #[error("comparing `{0}` with itself")]
    Same(String),
    #[error("`--project` is for snapshots: a report has been judged already")]
    ProjectOfReports,
    #[error("writing `{0}`: the run reads it")]
    OverInput(String),
}

impl Explain for CannotCompare {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } | Self::Neither { .. } => {
                "name two files that `rolecall check --format json -o FILE` or `rolecall collect -o FILE` wrote"
                    .to_owned()
            }
            Self::Mixed { .. } => {
                "judge the snapshot first: `rolecall check --snapshot FILE --verdicts --format json -o REPORT`"
                    .to_owned()
            }
            Self::Same(_) => "name two files: `rolecall compare OLD NEW`".to_owned(),
            Self::ProjectOfReports => "leave `--project` out, or name two snapshots".to_owned(),
            Self::OverInput(_) => "name another file for `--output`".to_owned(),
        })
    }
}
