//! A report of an earlier run, read back: what `--baseline` carries on and `compare` holds another one against.
//!
//! Only what those two need is read; a report of the same version may hold more. What is read is held to add up, so that
//! a report that was cut or edited by hand is not taken for one in which less was wrong.

mod hold;
mod of;
mod tenant;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

pub use of::systems;
pub use tenant::OtherTenant;

use crate::digest;
use crate::error::{Explain, said};
use crate::finding::{ExceptionState, Lifecycle, RunVerdict, Severity, Verdict};
use crate::strict_json::{self, JsonError};

/// The version that is read.
pub const SCHEMA: &str = "rolecall/report/1";

/// What every version of it begins with.
const REPORT: &str = "rolecall/report/";

/// One report.
#[derive(Debug, Clone, Deserialize)]
pub struct Reported {
    /// The organisation's name.
    pub organisation: String,
    /// The time that the verdicts speak of.
    pub as_of: Timestamp,
    /// The facts that were judged.
    pub snapshot: SnapshotRef,
    /// What they were judged by.
    pub inputs: ReportedInputs,
    /// The project whose exceptions counted, where that was another one.
    pub base_project: Option<ReportedInput>,
    /// `clean`, `findings` or `cannot_decide`.
    pub verdict: RunVerdict,
    /// Why the run could not decide, one sentence each.
    pub cannot_decide: Vec<String>,
    /// The systems that the facts are of.
    pub systems: Vec<ReportedSystem>,
    /// One entry per check and system.
    pub checks: Vec<ReportedCheck>,
    /// What was wrong.
    pub findings: Vec<ReportedFinding>,
    /// Every exception of the project.
    pub exceptions: Vec<ReportedException>,
    /// The verdicts `unknown` and `error`.
    pub undecided: Vec<ReportedVerdict>,
    /// Every verdict of every subject; null unless the run was asked for them.
    pub verdicts: Option<Vec<ReportedVerdict>>,
    /// What the run itself went on with; null where it was the first.
    pub baseline: Option<ReportedBaseline>,
    /// Digest of the file, lower-case hex.
    #[serde(skip)]
    pub sha256: String,
}

/// What the facts were judged by.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedInputs {
    /// The project file.
    pub project: ReportedInput,
    /// The checks' folders.
    pub policies: Vec<ReportedInput>,
    /// The connectors that read the facts.
    pub connectors: Vec<ReportedInput>,
    /// The files of exceptions that stand beside a project.
    pub exceptions: Vec<ReportedInput>,
}

/// One file or folder that verdicts depend on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReportedInput {
    /// The check's or connector's id; the file's name for the project and for exceptions.
    pub id: String,
    /// Digest, lower-case hex.
    pub sha256: String,
}

/// The facts that were judged.
#[derive(Debug, Clone, Deserialize)]
pub struct SnapshotRef {
    /// Digest of the snapshot in its canonical form, lower-case hex.
    pub sha256: String,
    /// When it was taken.
    pub taken_at: Timestamp,
}

/// One system, as the facts had it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReportedSystem {
    /// Its name in the project file.
    pub id: String,
    /// What was read.
    pub product: String,
    /// Which tenant, where the facts said.
    pub tenant: Option<String>,
}

/// What one check did in one system, or in the workspace.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedCheck {
    /// Its id.
    pub id: String,
    /// What it judges: `account`, `staff`, `system` or `workspace`.
    pub subject: String,
    /// The system's id; null for checks of staff or the workspace.
    pub system: Option<String>,
    /// How its subjects fell out.
    pub population: ReportedPopulation,
    /// Whether it ran.
    pub ran: bool,
}

/// How a check's subjects fell out.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub struct ReportedPopulation {
    pub total: u64,
    pub pass: u64,
    pub fail: u64,
    pub not_applicable: u64,
    pub blocked: u64,
    pub unknown: u64,
    pub error: u64,
    /// Why it is not proved that these are all subjects; null where it is.
    pub unproved: Option<String>,
}

/// One finding.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedFinding {
    /// The check's id.
    pub check: String,
    /// The check's title.
    pub title: String,
    /// How bad it was.
    pub severity: Severity,
    /// Whom it was about.
    pub subject: ReportedSubject,
    /// Why.
    pub reasons: Vec<ReportedReason>,
    /// What the policy computed, by name.
    pub facts: BTreeMap<String, serde_json::Value>,
    /// How the account was identified; null for other subjects.
    pub identity: Option<ReportedIdentity>,
    /// Its times.
    pub clock: ReportedClock,
    /// The exception that accepted it.
    pub exception: Option<ReportedAcceptance>,
    /// Check and subject, the same in every run.
    pub fingerprint: String,
}

/// How an account was identified, in short.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedIdentity {
    /// The staff member's id.
    pub staff: Option<String>,
    /// The key that said so.
    pub key: Option<String>,
    /// Whose it may be.
    #[serde(default)]
    pub suggestions: Vec<ReportedSuggestion>,
}

/// Somebody an account might belong to, in short.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedSuggestion {
    /// Staff id, or address where the roster has no ids.
    pub staff: String,
    /// Their address.
    pub email: Option<String>,
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct ReportedSubject {
    /// `account`, `staff`, `system` or `workspace`.
    pub kind: String,
    /// Its stable id.
    pub id: String,
    /// As people knew it.
    pub name: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// The system's id.
    pub system: Option<String>,
}

/// Why a verdict was what it was.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedReason {
    /// The code.
    pub code: String,
    /// In words.
    pub message: String,
}

/// The times of a finding.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedClock {
    /// When a run first found it.
    pub first_failed_at: Timestamp,
    /// What its grace counted from.
    pub since: Timestamp,
    /// When it had to be gone; null where at once.
    pub due: Option<Timestamp>,
    /// How far its time had run.
    pub lifecycle: Lifecycle,
}

/// What a run went on with.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedBaseline {
    /// Findings that it could neither find again nor say to be gone.
    pub kept: Vec<ReportedKept>,
}

/// A finding whose times a run kept, since it could not judge its subject.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedKept {
    /// The check's id.
    pub check: String,
    /// Whom it was about.
    pub subject: ReportedSubject,
    /// When a run first found it.
    pub first_failed_at: Timestamp,
    /// What its grace counted from.
    pub since: Timestamp,
    /// When it had to be gone; null where at once.
    pub due: Option<Timestamp>,
    /// That of the finding.
    pub fingerprint: String,
}

/// The exception that accepted a finding, in short.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedAcceptance {
    /// Why.
    pub reason: String,
    /// By whom.
    pub approved_by: String,
    /// The last day of it.
    pub expires: Date,
}

/// One exception.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedException {
    /// The check.
    pub check: String,
    /// The subject's id or a pattern of ids.
    pub subject: String,
    /// What it did.
    pub state: ExceptionState,
    /// The fingerprints of the findings that it fits.
    pub findings: Vec<String>,
}

/// One verdict.
#[derive(Debug, Clone, Deserialize)]
pub struct ReportedVerdict {
    /// The check.
    pub check: String,
    /// Whom it was about.
    pub subject: ReportedSubject,
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<ReportedReason>,
    /// The paths that were missing, of an unknown.
    pub missing: Vec<String>,
    /// What else is to be said of an unknown or error.
    pub note: Option<String>,
}

/// Why a file is no report that can be gone on with.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ReportedError {
    #[error("reading the report `{file}`: {message}")]
    Unreadable { file: String, message: String },
    #[error("reading the report `{file}`: {error}")]
    Json { file: String, error: JsonError },
    #[error("`{file}` is no report: it has no `schema`")]
    NoSchema { file: String },
    #[error("`{file}` is no report: it is of the format `{found}`")]
    Other { file: String, found: String },
    #[error("`{file}` is of the format `{found}`; this program reads `{SCHEMA}`")]
    Version { file: String, found: String },
    #[error("the report `{file}` does not add up: {message}")]
    Broken { file: String, message: String },
}

impl Explain for ReportedError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } => "name a report that `rolecall check --format json` wrote".to_owned(),
            Self::NoSchema { .. } | Self::Other { .. } => {
                "write one with `rolecall check --format json -o FILE`".to_owned()
            }
            Self::Version { .. } => "use the rolecall that wrote it, or write the report again".to_owned(),
            Self::Json { .. } | Self::Broken { .. } => {
                "write it again with `rolecall check --format json`; a report is not edited by hand".to_owned()
            }
        })
    }
}

impl Reported {
    /// Reads a report.
    ///
    /// # Errors
    /// The file cannot be read, is of another format, or says what no run wrote.
    pub fn read(path: &Path) -> Result<Self, ReportedError> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| ReportedError::Unreadable {
            file: file.clone(),
            message: said(&error, "file"),
        })?;
        Self::parse(&file, &bytes)
    }

    /// Reads the bytes of a report; `file` is what errors call it.
    ///
    /// # Errors
    /// They are of another format, or say what no run wrote.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, ReportedError> {
        let json = |error| ReportedError::Json {
            file: file.to_owned(),
            error,
        };
        Self::of_value(file, bytes, &strict_json::parse(bytes).map_err(json)?)
    }

    /// The same of bytes that have been parsed already.
    ///
    /// # Errors
    /// They are of another format, or say what no run wrote.
    pub fn of_value(file: &str, bytes: &[u8], value: &serde_json::Value) -> Result<Self, ReportedError> {
        let json = |error| ReportedError::Json {
            file: file.to_owned(),
            error,
        };
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) => {}
            Some(found) if !found.starts_with(REPORT) => {
                return Err(ReportedError::Other {
                    file: file.to_owned(),
                    found: found.to_owned(),
                });
            }
            Some(found) => {
                return Err(ReportedError::Version {
                    file: file.to_owned(),
                    found: found.to_owned(),
                });
            }
            None => return Err(ReportedError::NoSchema { file: file.to_owned() }),
        }
        let mut reported: Self = strict_json::typed(bytes, value).map_err(json)?;
        hold::hold(&reported).map_err(|message| ReportedError::Broken {
            file: file.to_owned(),
            message,
        })?;
        reported.sha256 = digest::of(bytes);
        Ok(reported)
    }
}
