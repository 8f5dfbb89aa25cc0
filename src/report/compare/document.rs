//! The published types of `rolecall/comparison/1`. Every field is always present; what is not there is null.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use crate::compare::{
    Change, Compared, Comparison, Difference as Differs, Presence, ReportedAcceptance, ReportedFinding,
    ReportedSubject, Row, Side as OneSide, Why,
};
use crate::finding::Lifecycle;

/// What changed between two runs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Comparison")]
pub struct Document<'a> {
    /// `rolecall/comparison/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The organisation's name.
    organisation: &'a str,
    /// What was compared: two reports, or two snapshots that one project judged.
    #[schemars(extend("enum" = ["reports", "snapshots"]))]
    of: &'static str,
    /// The earlier run.
    old: Side<'a>,
    /// The later run.
    new: Side<'a>,
    /// Which findings make the exit code 1 where they are new, open again, or newly counting: `low`, or `high@failing`; one of them must fit.
    fail_on: Vec<String>,
    /// The exit code: 0 nothing new that counts, 1 something new that counts, 3 cannot decide.
    #[schemars(extend("enum" = [0, 1, 3]))]
    exit: u8,
    /// Why it cannot be said that nothing is new, nor what is fixed, one sentence each. Empty unless `exit` is 3.
    cannot_decide: &'a [String],
    /// How many findings changed in which way.
    counts: Counts,
    /// Every finding of either run. Sorted by change, those that differ first, then by severity (the worst first), check
    /// and subject.
    findings: Vec<Finding<'a>>,
    /// Systems that are read now or not any more; null for reports, which do not tell.
    systems: Option<Vec<Fact<'a>>>,
    /// Accounts that came, went or changed, in the systems that both runs have; null for reports that do not both have
    /// every verdict.
    accounts: Option<Vec<Fact<'a>>>,
    /// Roles and permission sets that came, went, or mean something else under their name or id; null for reports.
    roles: Option<Vec<Fact<'a>>>,
    /// Members of staff who came, went or changed; null for reports.
    staff: Option<Vec<Fact<'a>>>,
    /// What could not be compared because it was not read, one sentence each.
    not_seen: &'a [String],
    /// What a reader should know of how the two can be compared.
    notices: Vec<Notice<'a>>,
}

/// One of the two runs.
#[derive(Serialize, JsonSchema)]
struct Side<'a> {
    /// The file as it was named.
    file: &'a str,
    /// Digest of the report's file, or of the snapshot in its canonical form; lower-case hex.
    sha256: &'a str,
    /// The time that its verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// When its facts were taken.
    #[schemars(with = "String", extend("format" = "date-time"))]
    taken_at: Timestamp,
    /// How it came out.
    #[schemars(extend("enum" = ["clean", "findings", "cannot_decide"]))]
    verdict: &'static str,
    /// Why it could not decide, one sentence each.
    cannot_decide: &'a [String],
    /// Its findings, accepted ones too.
    findings: usize,
    /// Those of them that an exception accepts.
    accepted: usize,
}

/// How many findings changed in which way.
#[derive(Serialize, JsonSchema)]
struct Counts {
    new: usize,
    exception_ended: usize,
    newly_counting: usize,
    accepted_and_changed: usize,
    undecided_now: usize,
    still_open: usize,
    no_longer_judged: usize,
    fixed: usize,
    subject_gone: usize,
    newly_excepted: usize,
    still_excepted: usize,
}

/// What became of one finding.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// What became of it.
    change: Change,
    /// How that is known.
    why: Why,
    /// The same in one sentence; null where there is nothing to add.
    said: Option<&'a str>,
    /// Whether it is new as far as anybody knows, but the earlier run did not decide it.
    newly_decided: bool,
    /// Whether it counts for `fail_on`.
    counts: bool,
    /// Check and subject, the same in every run.
    fingerprint: &'a str,
    /// The check's id.
    check: &'a str,
    /// The check's title.
    title: &'a str,
    /// Whom it is about.
    subject: Subject<'a>,
    /// As the earlier run has it; null where it does not.
    before: Option<State<'a>>,
    /// As the later run has it; null where it does not.
    now: Option<State<'a>>,
    /// What differs of a finding that both runs have.
    differences: Vec<Difference<'a>>,
}

/// What a check judged.
#[derive(Serialize, JsonSchema)]
struct Subject<'a> {
    /// What it is.
    #[schemars(extend("enum" = ["account", "staff", "system", "workspace"]))]
    kind: &'a str,
    /// Stable: `system:account`, a staff id, a system's id, the organisation's name.
    id: &'a str,
    /// As people know it.
    name: Option<&'a str>,
    /// The address, of an account or a member of staff.
    email: Option<&'a str>,
    /// The system's id, of an account or a system.
    system: Option<&'a str>,
}

/// A finding in one run.
#[derive(Serialize, JsonSchema)]
struct State<'a> {
    /// How bad it is.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"]))]
    severity: &'static str,
    /// Why.
    reasons: Vec<Reason<'a>>,
    /// When a run first found it.
    #[schemars(with = "String", extend("format" = "date-time"))]
    first_failed_at: Timestamp,
    /// When it must be gone; null where at once.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    due: Option<Timestamp>,
    /// How far its time has run.
    lifecycle: Lifecycle,
    /// The exception that accepts it; null where none does.
    exception: Option<Acceptance<'a>>,
}

/// Why a verdict is what it is.
#[derive(Serialize, JsonSchema)]
struct Reason<'a> {
    /// The code that the policy gave.
    code: &'a str,
    /// In words.
    message: &'a str,
}

/// The exception that accepts a finding, in short.
#[derive(Serialize, JsonSchema)]
struct Acceptance<'a> {
    /// Why the risk is taken.
    reason: &'a str,
    /// Who took it.
    approved_by: &'a str,
    /// The last day of it.
    #[schemars(with = "String", extend("format" = "date"))]
    expires: Date,
}

/// Somebody or something that came, went or changed.
#[derive(Serialize, JsonSchema)]
struct Fact<'a> {
    /// `came` and `gone` are known; `first_seen` may have been there before, and `not_seen` may be there still: what would
    /// show it was not read to its end.
    presence: Presence,
    /// The system's id, of an account or a role.
    system: Option<&'a str>,
    /// `role` or `permission_set`, of a role.
    kind: Option<&'static str>,
    /// Its id, the later one.
    id: &'a str,
    /// As people know it.
    name: Option<&'a str>,
    /// The address, of an account or a member of staff.
    email: Option<&'a str>,
    /// The state of an account, the status of a member of staff.
    state: Option<&'static str>,
    /// What changed of it.
    differences: Vec<Difference<'a>>,
}

/// One thing that changed: a value, or what was added to a list and taken from it.
#[derive(Serialize, JsonSchema)]
struct Difference<'a> {
    /// What, in words; `message` of a reason, and `facts.NAME` of what the policy computed.
    what: &'a str,
    /// The value before; null where there was none, and for lists.
    before: Option<&'a str>,
    /// The value now; null where there is none, and for lists.
    now: Option<&'a str>,
    /// What a list holds now and did not hold. Sorted.
    added: &'a [String],
    /// What a list held and does not hold. Sorted.
    removed: &'a [String],
}

/// Something that a reader should know.
#[derive(Serialize, JsonSchema)]
struct Notice<'a> {
    /// A short, stable word.
    code: &'static str,
    /// One sentence.
    message: &'a str,
}

impl<'a> Document<'a> {
    /// The published form of a comparison.
    pub fn of(comparison: &'a Comparison) -> Self {
        let count = |change| comparison.changed(change).count();
        let facts = |rows: &'a Option<Vec<Row>>| rows.as_ref().map(|rows| rows.iter().map(fact).collect());
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            organisation: &comparison.organisation,
            of: comparison.kind.word(),
            old: side(&comparison.old),
            new: side(&comparison.new),
            fail_on: comparison.fail_on.iter().map(ToString::to_string).collect(),
            exit: comparison.outcome as u8,
            cannot_decide: &comparison.cannot_decide,
            counts: Counts {
                new: count(Change::New),
                exception_ended: count(Change::ExceptionEnded),
                newly_counting: count(Change::NewlyCounting),
                accepted_and_changed: count(Change::AcceptedAndChanged),
                undecided_now: count(Change::UndecidedNow),
                still_open: count(Change::StillOpen),
                no_longer_judged: count(Change::NoLongerJudged),
                fixed: count(Change::Fixed),
                subject_gone: count(Change::SubjectGone),
                newly_excepted: count(Change::NewlyExcepted),
                still_excepted: count(Change::StillExcepted),
            },
            findings: comparison.findings.iter().filter_map(finding).collect(),
            systems: facts(&comparison.facts.systems),
            accounts: facts(&comparison.facts.accounts),
            roles: facts(&comparison.facts.roles),
            staff: facts(&comparison.facts.staff),
            not_seen: &comparison.facts.not_seen,
            notices: comparison
                .notices
                .iter()
                .map(|one| Notice {
                    code: one.code,
                    message: &one.message,
                })
                .collect(),
        }
    }
}

fn side(side: &OneSide) -> Side<'_> {
    Side {
        file: &side.file,
        sha256: &side.sha256,
        as_of: side.as_of,
        taken_at: side.taken_at,
        verdict: side.verdict.word(),
        cannot_decide: &side.cannot_decide,
        findings: side.findings,
        accepted: side.accepted,
    }
}

fn finding(one: &Compared) -> Option<Finding<'_>> {
    let shown = one.shown()?;
    Some(Finding {
        change: one.change,
        why: one.why,
        said: Some(one.said.as_str()).filter(|said| !said.is_empty()),
        newly_decided: one.why.is_newly_decided(),
        counts: one.counts,
        fingerprint: &shown.fingerprint,
        check: &shown.check,
        title: &shown.title,
        subject: subject(&shown.subject),
        before: one.before.as_ref().map(state),
        now: one.now.as_ref().map(state),
        differences: one.differences.iter().map(difference).collect(),
    })
}

fn subject(subject: &ReportedSubject) -> Subject<'_> {
    Subject {
        kind: &subject.kind,
        id: &subject.id,
        name: subject.name.as_deref(),
        email: subject.email.as_deref(),
        system: subject.system.as_deref(),
    }
}

fn state(finding: &ReportedFinding) -> State<'_> {
    State {
        severity: finding.severity.word(),
        reasons: finding
            .reasons
            .iter()
            .map(|reason| Reason {
                code: &reason.code,
                message: &reason.message,
            })
            .collect(),
        first_failed_at: finding.clock.first_failed_at,
        due: finding.clock.due,
        lifecycle: finding.clock.lifecycle,
        exception: finding.exception.as_ref().map(acceptance),
    }
}

fn acceptance(exception: &ReportedAcceptance) -> Acceptance<'_> {
    Acceptance {
        reason: &exception.reason,
        approved_by: &exception.approved_by,
        expires: exception.expires,
    }
}

fn fact(row: &Row) -> Fact<'_> {
    Fact {
        presence: row.presence,
        system: row.system.as_deref(),
        kind: row.kind,
        id: &row.id,
        name: row.name.as_deref(),
        email: row.email.as_deref(),
        state: row.state,
        differences: row.differences.iter().map(difference).collect(),
    }
}

fn difference(difference: &Differs) -> Difference<'_> {
    Difference {
        what: &difference.what,
        before: difference.before.as_deref(),
        now: difference.now.as_deref(),
        added: &difference.added,
        removed: &difference.removed,
    }
}
