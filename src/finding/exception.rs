//! What a report says of accepted findings.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::Place;

/// One exception of the project, and what it does in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The check whose findings it accepts.
    pub check: String,
    /// The subject's id, or the pattern of ids, as it is written.
    pub subject: String,
    /// The only reason it accepts; null where it accepts whatever the check finds.
    pub reason_code: Option<String>,
    /// Why the risk is taken.
    pub reason: String,
    /// Who took it: a staff id or an address.
    pub approved_by: String,
    /// The day it was taken.
    pub created: Date,
    /// The last day of it.
    pub expires: Date,
    /// The end of that day in the project's zone.
    pub ends_at: Timestamp,
    /// Whole days from the time of the report to that end; less than nothing once it is over.
    pub days_left: i64,
    /// Where it was decided.
    pub ticket: Option<String>,
    /// Where it is written.
    pub place: Place,
    /// What it does.
    pub state: ExceptionState,
    /// One sentence on why it does nothing; null where it is in force.
    pub problem: Option<String>,
    /// The fingerprints of the findings that it fits, whether it is in force or not. Sorted.
    pub findings: Vec<String>,
}

/// What an exception does in a run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionState {
    /// Its findings are accepted.
    InForce,
    /// It is not in the base project: whoever reviews the change decides.
    Proposed,
    /// Its first day is ahead.
    NotBegun,
    /// Its last day is over.
    Expired,
    /// It fits no finding: the subject is there, and the check does not fail for it.
    Unused,
    /// The check fails for its subject, but for another reason, or for another one as well.
    OtherReason,
    /// Its subject is there no more.
    TargetGone,
    /// What it accepts could not be judged in this run.
    NotJudged,
    /// It fits more than an exception may.
    TooBroad,
    /// Whoever approved it is the subject, is not on the roster or does not work here, or nobody can tell.
    NotApproved,
}

impl ExceptionState {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            ExceptionState::InForce => "in_force",
            ExceptionState::Proposed => "proposed",
            ExceptionState::NotBegun => "not_begun",
            ExceptionState::Expired => "expired",
            ExceptionState::Unused => "unused",
            ExceptionState::OtherReason => "other_reason",
            ExceptionState::TargetGone => "target_gone",
            ExceptionState::NotJudged => "not_judged",
            ExceptionState::TooBroad => "too_broad",
            ExceptionState::NotApproved => "not_approved",
        }
    }
}
