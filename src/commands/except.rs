//! `rolecall except`: accepts one finding, with a reason and an end.

mod find;
mod target;

use std::path::PathBuf;

use jiff::civil::Date;

use self::find::{Found, Prefix};
use self::target::{Lock, Read, Target};
use super::CommandError;
use super::error::OutputError;
use crate::check::{self, CheckError};
use crate::cli::ExceptArgs;
use crate::error::{Explain, Place, did_you_mean};
use crate::exit::Exit;
use crate::project::Project;
use crate::project::exceptions::{NewException, day, hold_days};
use crate::report::{self, Excepted, Volume, Written};
use crate::yaml;

/// Writes the exception.
pub fn run(args: &ExceptArgs, volume: Volume) -> Result<Exit, CommandError> {
    let prefix = Prefix::of(&args.fingerprint)?;
    let before = Read::of(&args.facts.project)?;
    let project = &before.project;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let expires = value(day("--expires", args.expires.trim()))?;
    for (flag, text) in [
        ("--reason", Some(&args.reason)),
        ("--approved-by", Some(&args.approved_by)),
        ("--ticket", args.ticket.as_ref()),
    ] {
        if text.is_some_and(|text| yaml::is_blank(text)) {
            return Err(ExceptError::Empty { flag }.into());
        }
    }
    let found = match &args.report {
        Some(file) => find::in_report(file, &prefix, args, project)?,
        None => find::in_run(&prefix, args, project, &checks, volume)?,
    };
    let created = project.timezone.to_datetime(found.now).date();
    value(hold_days(created, expires))?;
    if let Some(code) = &args.reason_code {
        hold_code(&checks, code, &found)?;
    }
    let new = NewException {
        check: &found.check,
        subject: &found.subject,
        reason_code: args.reason_code.as_deref(),
        reason: args.reason.trim(),
        approved_by: args.approved_by.trim(),
        created,
        expires,
        ticket: args.ticket.as_deref().map(str::trim),
    };
    // Judging may have taken long: what others have accepted meanwhile is read, and nobody adds more until this is written.
    let lock = Lock::on(project);
    let now = before.again(&args.facts.project)??;
    hold_free(&now.project, args, &found)?;
    let target = Target::of(&now.project)?;
    let shown = |how: Written| Excepted {
        check: &found.check,
        subject: &found.subject,
        who: found.who.as_deref(),
        approved_by: new.approved_by,
        expires,
        file: &target.file,
        how,
        yaml: new.yaml(2, "\n"),
        approver_was_held: args.report.is_none(),
    };
    let Some(with) = target.with(&now.project, &new) else {
        hold_check(&checks, &found)?;
        report::excepted(&shown(Written::Pasted)).map_err(OutputError)?;
        return Err(ExceptError::Layout { file: target.file }.into());
    };
    // The finding of a report may be of a check that this project does not have: no command would take the file then.
    checks.hold_exceptions(&with.project.exceptions).map_err(not_written)?;
    if args.dry_run {
        report::excepted(&shown(Written::Would(with.line))).map_err(OutputError)?;
        return Ok(Exit::Clean);
    }
    target.hold()?;
    report::save_project(&with.text, &target.file, true)?;
    drop(lock);
    report::excepted(&shown(Written::Done(with.line))).map_err(OutputError)?;
    Ok(Exit::Clean)
}

/// A value of the command line that the project's file would not take either.
fn value<T>(result: Result<T, (String, String)>) -> Result<T, ExceptError> {
    result.map_err(|(message, help)| {
        let message = message
            .replace("`expires`", "`--expires`")
            .replace("`created`", "the day of the run");
        ExceptError::Value { message, help }
    })
}

/// What the checks say of the file as it would be. Its place is left out: there is no such line yet.
fn not_written(error: CheckError) -> CommandError {
    match error {
        CheckError::Settings { message, help, .. } => ExceptError::Value { message, help }.into(),
        other => other.into(),
    }
}

/// The project has the check that found it.
fn hold_check(checks: &check::Checks, found: &Found) -> Result<(), ExceptError> {
    if checks.0.contains_key(&found.check) {
        return Ok(());
    }
    Err(ExceptError::Value {
        message: format!("there is no check `{}`", found.check),
        help: did_you_mean(&found.check, checks.0.keys().map(String::as_str)),
    })
}

/// The finding has the reason that is to be accepted, and no other.
fn hold_code(checks: &check::Checks, code: &str, found: &Found) -> Result<(), ExceptError> {
    if let Some((message, help)) = checks.0.get(&found.check).and_then(|check| check.why_not(code)) {
        return Err(ExceptError::Value { message, help });
    }
    if found.codes.iter().any(|one| one != code) {
        return Err(ExceptError::OtherReason {
            code: code.to_owned(),
            subject: found.subject.clone(),
            codes: found.codes.clone(),
        });
    }
    Ok(())
}

/// No exception of the project speaks of the finding yet.
fn hold_free(project: &Project, args: &ExceptArgs, found: &Found) -> Result<(), ExceptError> {
    let code_meets = |other: &Option<String>| match (other, &args.reason_code) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let mut entries = project.exceptions.iter();
    let there =
        entries.find(|one| one.check == found.check && one.fits(&found.subject) && code_meets(&one.reason_code));
    match there {
        None => Ok(()),
        Some(there) => Err(ExceptError::There {
            subject: found.subject.clone(),
            place: Box::new(there.place.clone()),
            expires: there.expires,
        }),
    }
}

/// Why no exception was written.
#[derive(Debug, thiserror::Error)]
enum ExceptError {
    #[error("{message}")]
    Value { message: String, help: String },
    #[error("`{flag}` is empty")]
    Empty { flag: &'static str },
    #[error("{subject} fails for {}, and `{code}` alone would be accepted", listed(codes))]
    OtherReason {
        code: String,
        subject: String,
        codes: Vec<String>,
    },
    #[error("{subject} has an exception already, at {place}, which ends on {expires}")]
    There {
        subject: String,
        place: Box<Place>,
        expires: Date,
    },
    #[error("`{}` was changed while it was read: nothing is written", file.display())]
    Changed { file: PathBuf },
    #[error("`{}` may not be written to: nothing is written", file.display())]
    ReadOnly { file: PathBuf },
    #[error("`{}` is written in a way that a line cannot be added to safely: nothing is written", file.display())]
    Layout { file: PathBuf },
}

fn listed(codes: &[String]) -> String {
    codes
        .iter()
        .map(|code| format!("`{code}`"))
        .collect::<Vec<_>>()
        .join(" and ")
}

impl Explain for ExceptError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Value { help, .. } => help.clone(),
            Self::Empty { .. } => "write why, by whom and where it was decided: a reviewer reads it".to_owned(),
            Self::OtherReason { .. } => {
                "leave `--reason-code` out to accept the finding whatever its reasons are, or mend one of them"
                    .to_owned()
            }
            Self::There { .. } => "change that one: a finding has one exception, and one end".to_owned(),
            Self::Changed { .. } => "run it again".to_owned(),
            Self::ReadOnly { .. } => {
                "have somebody accept it who may change the file, or paste what `--dry-run` shows".to_owned()
            }
            Self::Layout { .. } => "paste the lines that are printed above under `exceptions:`".to_owned(),
        })
    }
}
