//! What a run says: verdicts, findings, and the report that holds them.
//!
//! These are the program's own types. What is published has types of its own, in `report/json.rs`.

mod clock;
mod exception;
mod fingerprint;
mod standing;
mod sums;
mod system;
mod threshold;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use clock::{Clock, Lifecycle};
pub use exception::{Exception, ExceptionState};
pub use fingerprint::fingerprint;
pub use standing::Standing;
pub use sums::RunVerdict;
pub use system::SystemRead;
pub use threshold::{Bound, Threshold};

use crate::error::Place;
use crate::exit::Exit;
use crate::snapshot::{Collection, Comparison, Completeness, Mode, Stream};

/// What one check says of one subject.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Judged, and nothing is wrong.
    Pass,
    /// Judged, and something is wrong.
    Fail,
    /// Not this check's to judge.
    NotApplicable,
    /// Left to another check, which found something wrong first.
    Blocked,
    /// The data does not allow an answer.
    Unknown,
    /// The policy could not be evaluated on it.
    Error,
}

impl Verdict {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::NotApplicable => "not_applicable",
            Verdict::Blocked => "blocked",
            Verdict::Unknown => "unknown",
            Verdict::Error => "error",
        }
    }
}

/// How bad a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, schemars::JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A page that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// An https address.
    pub url: String,
    /// What is there.
    pub description: String,
}

/// What a check judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words say it")]
pub enum SubjectKind {
    Account,
    Staff,
    System,
    Workspace,
}

impl SubjectKind {
    /// The kind of a published word.
    pub fn of(word: &str) -> Option<Self> {
        let kinds = [Self::Account, Self::Staff, Self::System, Self::Workspace];
        kinds.into_iter().find(|kind| kind.word() == word)
    }

    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            SubjectKind::Account => "account",
            SubjectKind::Staff => "staff",
            SubjectKind::System => "system",
            SubjectKind::Workspace => "workspace",
        }
    }
}

/// Which subject. Its id is stable: `pipedrive:17`, a staff id, a system's id, the organisation's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubjectRef {
    /// What it is.
    pub kind: SubjectKind,
    /// The stable key, of which fingerprints are made.
    pub id: String,
    /// As people know it.
    pub name: Option<String>,
    /// The address, of an account or a member of staff.
    pub email: Option<String>,
    /// The system's id, of an account or a system.
    pub system: Option<String>,
}

/// Why a verdict is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The code that the policy gave.
    pub code: String,
    /// The metadata's words, filled in.
    pub message: String,
    /// What would make it pass.
    pub passes_if: Option<String>,
    /// Since when, RFC 3339 or a date.
    pub since: Option<String>,
}

/// One verdict, whole.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The check's id.
    pub check: String,
    /// The subject.
    pub subject: SubjectRef,
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons of a fail, skip or unknown; the pass message of a pass, under the code `pass`.
    pub reasons: Vec<Reason>,
    /// The paths that were missing, of an unknown. Sorted.
    pub missing: Vec<String>,
    /// What to tell of an unknown or error beyond the reasons.
    pub note: Option<String>,
}

/// A fail verdict of one check for one subject.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// The check's title, filled in.
    pub title: String,
    /// After the project's override.
    pub severity: Severity,
    /// The subject.
    pub subject: SubjectRef,
    /// In the metadata's order; never empty.
    pub reasons: Vec<Reason>,
    /// What the policy computed, by name.
    pub facts: BTreeMap<String, serde_json::Value>,
    /// How the account was identified; null for other subjects.
    pub identity: Option<IdentityNote>,
    /// What to do.
    pub remediation: Arc<Remediation>,
    /// Control ids by framework.
    pub controls: Arc<BTreeMap<String, Vec<String>>>,
    /// Since when, and until when.
    pub clock: Clock,
    /// The exception in force that accepts it, by its position in the report's; null where none does. The verdict is
    /// `fail` all the same.
    pub exception: Option<usize>,
    /// The line of the project that is the nearest to what is wrong; null where none is.
    pub place: Option<Place>,
    /// Stable across runs: check and subject key only.
    pub fingerprint: String,
}

/// How an account was identified, as an auditor wants to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityNote {
    /// `matched`, `classified`, `unmatched`, `ambiguous`, `stale_mapping` or `not_identified`.
    pub state: String,
    /// `staff`, `service`, `shared`, `external` or `none`.
    pub class: String,
    /// The rule that matched.
    pub rule: String,
    /// The key that matched.
    pub key: Option<String>,
    /// The staff member's id.
    pub staff: Option<String>,
    /// People who might be meant, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    /// The lines to paste under `identities:`, complete with the account, for the likeliest suggestion.
    pub paste: Option<String>,
}

/// Somebody an unmatched account might belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Staff id, or address where the roster has no ids.
    pub staff: String,
    /// Their name.
    pub name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Why they are suggested, in words.
    pub why: String,
}

/// What to do about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remediation {
    /// One sentence.
    pub summary: String,
    /// In order.
    pub steps: Vec<String>,
    /// The first of the links: the documented one.
    pub link: Option<String>,
    /// All of them.
    pub links: Vec<Link>,
}

/// What one check did in one system (or in the workspace).
#[derive(Debug, Clone)]
pub struct CheckSummary {
    /// The check's id.
    pub id: String,
    /// Its title, filled in.
    pub title: String,
    /// What it is for, in one sentence that names no system.
    pub description: String,
    /// What it judges.
    pub subject: SubjectKind,
    /// The system; null for staff and workspace checks.
    pub system: Option<String>,
    /// After the project's override.
    pub severity: Severity,
    /// Control ids by framework.
    pub controls: Arc<BTreeMap<String, Vec<String>>>,
    /// Its remediation, with the system's name filled in.
    pub remediation: Arc<Remediation>,
    /// Every path of the subject that it can look at. Sorted.
    pub reads: Vec<String>,
    /// How the subjects fell out.
    pub population: Population,
    /// How far the time of its worst open finding has run; null where it has none. Where the check stands is for
    /// [`Standing`] to say: without an open finding there can still be much that is not known.
    pub worst: Option<Lifecycle>,
    /// Not-applicable and blocked subjects, per skip reason.
    pub skipped: BTreeMap<String, u64>,
    /// `built-in` or the project folder it came from.
    pub origin: String,
    /// False where the check is switched off or was not asked for: its population is then all zero.
    pub ran: bool,
}

impl CheckSummary {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        Standing::of(self)
    }
}

/// How a check's subjects fell out; the six verdicts add up to the total.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Population {
    pub total: u64,
    pub pass: u64,
    pub fail: u64,
    pub not_applicable: u64,
    pub blocked: u64,
    pub unknown: u64,
    pub error: u64,
    /// Of `fail`, those that an exception in force accepts.
    pub excepted: u64,
    /// Why it is not proved that these are all subjects; null where it is.
    pub unproved: Option<String>,
}

/// How completely one source was read.
#[derive(Debug, Clone)]
pub struct SourceSummary {
    /// Its name in the project file.
    pub id: String,
    /// The connector.
    pub connector: String,
    /// How it came in.
    pub mode: Mode,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
    /// The worst of its collections.
    pub state: Completeness,
    /// Rows read and rows kept, over all collections.
    pub rows: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows kept of each collection, sorted by collection: "41 accounts, 7 roles".
    pub collections: Vec<(Collection, u64)>,
    /// Of these, those of which nothing could be read: that there are no rows says nothing of them.
    pub unread: Vec<Collection>,
    /// How each of its streams was read, in the manifest's order.
    pub streams: Vec<Stream>,
    /// Why it is not complete, too old, or far smaller than it was, one sentence each.
    pub problems: Vec<String>,
    /// Whether a problem above keeps the whole run from deciding.
    pub undecides: bool,
}

/// Something that a person should know and no check has a verdict for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// A short, stable word: `mapping_conflict`, `unused_identity`.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// The subject's key, where it is about one.
    pub subject: Option<String>,
    /// The place in the project file, where it is about one.
    pub place: Option<Place>,
}

/// One file or folder that the verdicts depend on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// The check's or connector's id; the file's name for the project.
    pub id: String,
    /// `built-in`, or the folder as the project names it.
    pub origin: String,
    /// Digest, lower-case hex.
    pub sha256: String,
    /// Whether it replaces a built-in of the same name.
    pub replaces_built_in: bool,
}

/// What the verdicts were reached from.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The project file.
    pub project: Input,
    /// Sorted by id.
    pub policies: Vec<Input>,
    /// Sorted by id.
    pub connectors: Vec<Input>,
    /// The files of exceptions that stand beside a project: the one that was judged by, and the base project.
    pub exceptions: Vec<Input>,
}

/// An earlier run whose times this one goes on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Digest of the file, lower-case hex.
    pub sha256: String,
    /// The time that its verdicts speak of.
    pub as_of: Timestamp,
    /// What earlier runs found, and this one can neither find again nor say to be gone. Sorted by check and subject.
    pub kept: Vec<Kept>,
}

/// A finding of an earlier run whose times are kept for the next one, since this one could not judge its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The check's id.
    pub check: String,
    /// The subject, as the earlier run knew it.
    pub subject: SubjectRef,
    /// The finding's fingerprint.
    pub fingerprint: String,
    /// When a run first found it.
    pub first_failed_at: Timestamp,
    /// What its grace counted from.
    pub since: Timestamp,
    /// When it had to be gone; null where at once.
    pub due: Option<Timestamp>,
}

/// A whole run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The organisation's name.
    pub organisation: String,
    /// Its time zone, in which days are told to people.
    pub timezone: TimeZone,
    /// The time the verdicts speak of.
    pub as_of: Timestamp,
    /// Digest of the snapshot in its canonical form, lower-case hex.
    pub snapshot_sha256: String,
    /// When it was taken.
    pub snapshot_taken_at: Timestamp,
    /// Where the facts came from: `live`, `recording`, `file`, or `snapshot` for a file of an earlier run.
    pub snapshot_mode: String,
    /// What the verdicts were reached from.
    pub inputs: Inputs,
    /// Clean, findings or cannot decide.
    pub outcome: Exit,
    /// Why it could not be decided, one sentence each. Empty unless the outcome is cannot decide.
    pub cannot_decide: Vec<String>,
    /// Which findings count for the outcome.
    pub fail_on: Threshold,
    /// What an earlier snapshot had, where one was given.
    pub previous: Option<Comparison>,
    /// The report of an earlier run that times were carried from, where one was given.
    pub baseline: Option<Baseline>,
    /// The project whose exceptions count, where that is another one than the one that was judged by.
    pub base_project: Option<Input>,
    /// Sorted by id.
    pub sources: Vec<SourceSummary>,
    /// Names of systems by id, for people.
    pub systems: BTreeMap<String, String>,
    /// The systems that the facts are of. Sorted by id.
    pub systems_read: Vec<SystemRead>,
    /// One entry per check and system, sorted by check and system.
    pub checks: Vec<CheckSummary>,
    /// Sorted by check, then severity (worst first), then subject.
    pub findings: Vec<Finding>,
    /// Every exception of the project, in the order of its files.
    pub exceptions: Vec<Exception>,
    /// Unknown and error verdicts, sorted by check and subject.
    pub undecided: Vec<Judgement>,
    /// Sorted.
    pub notices: Vec<Notice>,
    /// Every verdict of every subject, sorted by check and subject.
    pub judgements: Vec<Judgement>,
}

impl Report {
    /// The exception in force that accepts a finding.
    pub fn accepted_by(&self, finding: &Finding) -> Option<&Exception> {
        self.exceptions.get(finding.exception?)
    }

    /// Whether a finding counts for the outcome.
    pub fn counts(&self, finding: &Finding) -> bool {
        self.fail_on.counts(finding)
    }

    /// Draws the sum of verdicts, times and exceptions: how far each check is, how many of its findings are accepted, and
    /// how the run ends. What could not be decided stays so, whatever is accepted.
    pub fn settle(&mut self) {
        for check in &mut self.checks {
            let of_check = |finding: &&Finding| finding.check == check.id && finding.subject.system == check.system;
            let findings = || self.findings.iter().filter(of_check);
            check.population.excepted = findings().filter(|finding| finding.exception.is_some()).count() as u64;
            let open = findings().filter(|finding| finding.exception.is_none());
            check.worst = open.map(|finding| finding.clock.lifecycle).max();
        }
        let counts = self.findings.iter().any(|finding| self.fail_on.counts(finding));
        self.outcome = match (self.cannot_decide.is_empty(), counts) {
            (false, _) => Exit::CannotDecide,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        };
    }
}
