//! `rolecall except`: accepts one finding, with a reason and an end.

mod find;

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use self::find::{Found, Prefix};
use super::CommandError;
use super::error::OutputError;
use crate::check;
use crate::cli::ExceptArgs;
use crate::digest;
use crate::error::{Explain, Place};
use crate::exit::Exit;
use crate::project::exceptions::{NewException, day, hold_days, insert};
use crate::project::{Project, parts};
use crate::report::{self, Excepted, Volume, Written};

/// Writes the exception.
pub fn run(args: &ExceptArgs, volume: Volume) -> Result<Exit, CommandError> {
    let prefix = Prefix::of(&args.fingerprint)?;
    let project = Project::load(&args.facts.project)?;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let expires = value(day("--expires", args.expires.trim()))?;
    for (flag, text) in [
        ("--reason", Some(&args.reason)),
        ("--approved-by", Some(&args.approved_by)),
        ("--ticket", args.ticket.as_ref()),
    ] {
        if text.is_some_and(|text| text.trim().is_empty()) {
            return Err(ExceptError::Empty { flag }.into());
        }
    }
    let found = match &args.report {
        Some(file) => find::in_report(file, &prefix, args, &project)?,
        None => find::in_run(&prefix, args, &project, &checks, volume)?,
    };
    let created = project.timezone.to_datetime(found.now).date();
    value(hold_days(created, expires))?;
    if let Some(code) = &args.reason_code {
        hold_code(&checks, code, &found)?;
    }
    hold_free(&project, args, &found)?;
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
    let target = Target::of(&project)?;
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
    let Some((text, line)) = target.with(&project, &new) else {
        report::excepted(&shown(Written::Pasted)).map_err(OutputError)?;
        return Err(ExceptError::Layout { file: target.file }.into());
    };
    if args.dry_run {
        report::excepted(&shown(Written::Would(line))).map_err(OutputError)?;
        return Ok(Exit::Clean);
    }
    // What somebody else wrote in the meantime is not written over.
    if std::fs::read(&target.file).ok().as_deref() != Some(target.text.as_bytes()) {
        return Err(ExceptError::Changed { file: target.file }.into());
    }
    report::save_project(&text, &target.file, true)?;
    report::excepted(&shown(Written::Done(line))).map_err(OutputError)?;
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

/// The file that the exception goes to, as it is now.
struct Target {
    file: PathBuf,
    text: String,
    /// Whether it holds exceptions alone.
    is_separate: bool,
}

impl Target {
    fn of(project: &Project) -> Result<Self, ExceptError> {
        let (file, sha256) = match &project.exceptions_file {
            Some(separate) => (&separate.file, &separate.sha256),
            None => (&project.file, &project.sha256),
        };
        let bytes = std::fs::read(file).unwrap_or_default();
        let changed = || ExceptError::Changed { file: file.clone() };
        if digest::of(&bytes) != *sha256 {
            return Err(changed());
        }
        Ok(Self {
            file: file.clone(),
            text: String::from_utf8(bytes).map_err(|_| changed())?,
            is_separate: project.exceptions_file.is_some(),
        })
    }

    /// The text with the exception, and the line where it stands; null where anything else would change with it.
    fn with(&self, project: &Project, new: &NewException<'_>) -> Option<(String, usize)> {
        let text = insert(&self.text, new)?;
        let after = if self.is_separate {
            let project_is = std::fs::read(&project.file).ok()?;
            Project::from_both(&project.file, &project_is, text.as_bytes()).ok()?
        } else {
            let same = |file: &Path, text: &str| parts(file, text.as_bytes()).ok();
            if same(&self.file, &self.text)? != same(&self.file, &text)? {
                return None;
            }
            Project::from_bytes(&project.file, text.as_bytes()).ok()?
        };
        let (last, before) = after.exceptions.split_last()?;
        let mut pairs = before.iter().zip(&project.exceptions);
        let is_whole = before.len() == project.exceptions.len()
            && pairs.all(|(now, then)| now.differs_in(then).is_empty())
            && new.is(last);
        is_whole.then_some((text, last.place.line))
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
            Self::Layout { .. } => "paste the lines that are printed above under `exceptions:`".to_owned(),
        })
    }
}
