//! Where a finding stands between the day it arose and the day it must be gone.

use jiff::Timestamp;

/// How far a finding's time has run. The verdict is `fail` all the while.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Nothing is wrong.
    #[default]
    Passing,
    /// Wrong, and there is time to mend it.
    Due,
    /// Wrong, and the time is nearly over.
    Critical,
    /// Wrong, and there is no time, or no more.
    Failing,
}

impl Lifecycle {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Lifecycle::Passing => "passing",
            Lifecycle::Due => "due",
            Lifecycle::Critical => "critical",
            Lifecycle::Failing => "failing",
        }
    }
}

/// The times of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// When a run first found it: carried from the baseline, else the time of this run.
    pub first_failed_at: Timestamp,
    /// What the grace counts from: the earliest `since` of its reasons, else `first_failed_at`.
    pub since: Timestamp,
    /// When it must be gone; null where its check has no grace: it must be gone at once.
    pub due: Option<Timestamp>,
    /// What the baseline said of `due`, where that was another time: the grace was changed in between, or what it counts
    /// from. Where the baseline had no grace, what it would have counted from.
    pub due_before: Option<Timestamp>,
    /// How far its time has run at the time of the report.
    pub lifecycle: Lifecycle,
    /// Whether the baseline says that it was not there; null without a baseline, and where the baseline could not tell.
    pub is_new: Option<bool>,
}

impl Clock {
    /// Of a finding that has no grace and no history.
    pub fn at_once(now: Timestamp, since: Option<Timestamp>) -> Self {
        Self {
            first_failed_at: now,
            since: since.unwrap_or(now),
            due: None,
            due_before: None,
            lifecycle: Lifecycle::Failing,
            is_new: None,
        }
    }
}
