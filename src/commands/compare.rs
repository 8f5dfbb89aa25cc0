//! `rolecall compare`: what changed between two runs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::CommandError;
use super::check::{Wanted, judge};
use super::error::OutputError;
use super::facts::Prepared;
use super::output;
use crate::check::{self, Checks};
use crate::cli::{Color, CompareArgs, FactsArgs};
use crate::compare::{self, Comparison, Judged, Known, Named};
use crate::error::{Explain, said};
use crate::evaluate;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{self, Volume};
use crate::reported::{self, Reported};
use crate::snapshot;
use crate::staff::{self, Person};
use crate::strict_json;

/// Says what changed.
pub fn run(args: &CompareArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let comparison = match kinds(args)? {
        Kind::Report => reports(args)?,
        Kind::Snapshot => snapshots(args, volume)?,
    };
    match &args.output {
        Some(file) => report::save_changes(&comparison, args.format, color.into(), file)?,
        None => report::print_changes(&comparison, args.format, color.into()).map_err(OutputError)?,
    }
    Ok(comparison.outcome)
}

fn reports(args: &CompareArgs) -> Result<Comparison, CommandError> {
    if args.project.is_some() {
        return Err(CannotCompare::ProjectOfReports.into());
    }
    let (old, new) = (Reported::read(&args.old)?, Reported::read(&args.new)?);
    let (old_file, new_file) = (args.old.display().to_string(), args.new.display().to_string());
    let old = Named {
        file: &old_file,
        report: &old,
    };
    let new = Named {
        file: &new_file,
        report: &new,
    };
    hold_output(args, None)?;
    Ok(Comparison::of_reports(old, new, &args.fail_on)?)
}

/// Both are judged by the project of now, each at its own time, so that what changed is the facts alone.
fn snapshots(args: &CompareArgs, volume: Volume) -> Result<Comparison, CommandError> {
    let folder = args.project.clone().unwrap_or_else(|| PathBuf::from("."));
    let project = Project::load(&folder)?;
    hold_output(args, Some(&project))?;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let chosen = evaluate::choose(&checks, &project, &[])?;
    let need = evaluate::need(&checks, &chosen);
    let read = |file: &Path| {
        let facts = FactsArgs {
            project: folder.clone(),
            snapshot: Some(file.to_owned()),
            recording: None,
            previous: None,
            max_drop: None,
            as_of: None,
        };
        Prepared::read(&facts, None, (&project, None), need, volume)
    };
    let (before, now) = (read(&args.old)?, read(&args.new)?);
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
    let is = |path: &Path| path.canonicalize().ok();
    if is(output).is_some() && read.iter().any(|file| is(file) == is(output)) {
        return Err(CannotCompare::OverInput(output.display().to_string()).into());
    }
    Ok(())
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Report,
    Snapshot,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Kind::Report => "report",
            Kind::Snapshot => "snapshot",
        }
    }
}

/// What both files are.
fn kinds(args: &CompareArgs) -> Result<Kind, CannotCompare> {
    let shown = |path: &Path| path.display().to_string();
    let is = |path: &Path| path.canonicalize().ok();
    if is(&args.old).is_some() && is(&args.old) == is(&args.new) {
        return Err(CannotCompare::Same(shown(&args.new)));
    }
    let (old, new) = (kind(&args.old)?, kind(&args.new)?);
    if old == new {
        return Ok(old);
    }
    Err(CannotCompare::Mixed {
        old: shown(&args.old),
        new: shown(&args.new),
        is: [old.word(), new.word()],
    })
}

/// What a file says that it is. What is wrong with a file that says nothing is for its reader to say.
fn kind(path: &Path) -> Result<Kind, CannotCompare> {
    #[derive(serde::Deserialize)]
    struct Head {
        schema: Option<String>,
    }
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| CannotCompare::Unreadable {
        file: file.clone(),
        message: if path.is_dir() {
            "it is a directory, not a file".to_owned()
        } else {
            said(&error, "file")
        },
    })?;
    let schema = match serde_json::from_slice::<Head>(&bytes) {
        Ok(head) => head.schema,
        // It is a list or a text; or it is no JSON, and where that begins is worth knowing.
        Err(_) => match strict_json::parse(&bytes) {
            Ok(_) => None,
            Err(error) => {
                let message = error.to_string();
                return Err(CannotCompare::Unreadable { file, message });
            }
        },
    };
    let name = |schema: &str| schema.rsplit_once('/').map(|(name, _)| name.to_owned());
    match schema {
        None => Err(CannotCompare::Neither { file }),
        Some(schema) if name(&schema) == name(reported::SCHEMA) => Ok(Kind::Report),
        Some(schema) if name(&schema) == name(snapshot::SCHEMA) => Ok(Kind::Snapshot),
        Some(_) => Err(CannotCompare::Neither { file }),
    }
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
