//! The published types of `rolecall/report/1`. Every field is always present; what is not there is null.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{ExceptionState, Lifecycle, Standing};
use crate::snapshot::{Collection, Completeness, Mode};

mod line;
mod of;

pub use line::Line;

/// A whole run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
pub struct Document<'a> {
    /// `rolecall/report/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The organisation's name.
    organisation: &'a str,
    /// The time that the verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// The facts that were judged.
    snapshot: Snapshot<'a>,
    /// What they were judged by.
    inputs: Inputs<'a>,
    /// `cannot_decide` where `cannot_decide[]` has a reason, else `findings` where there is one, else `clean`. The exit
    /// code can be 0 beside `findings`, where none of them counts for `--fail-on`.
    #[schemars(extend("enum" = ["clean", "findings", "cannot_decide"]))]
    verdict: &'static str,
    /// Why the run could not decide, one sentence each.
    cannot_decide: &'a [String],
    /// Which findings make the exit code 1: `low`, or `high@failing`; one of them must fit.
    fail_on: Vec<String>,
    /// What an earlier snapshot had; null unless one was given with `--previous`.
    previous: Option<Previous<'a>>,
    /// The report of an earlier run that the times of findings were carried from; null unless one was given with
    /// `--baseline`.
    baseline: Option<Baseline<'a>>,
    /// The project whose exceptions count; null unless one was given with `--base-project`.
    base_project: Option<Input<'a>>,
    /// Sorted by id.
    sources: Vec<Source<'a>>,
    /// The systems that the facts are of. Sorted by id.
    systems: Vec<System<'a>>,
    /// One entry per check and system, sorted by both.
    checks: Vec<Check<'a>>,
    /// Sorted by check, severity (the worst first) and subject.
    findings: Vec<Finding<'a>>,
    /// Every exception of the project, in the order of its files.
    exceptions: Vec<Exception<'a>>,
    /// The verdicts `unknown` and `error`, sorted by check and subject.
    undecided: Vec<Verdict<'a>>,
    /// What a person should know and no check has a verdict for. Sorted.
    notices: Vec<Notice<'a>>,
    /// Every verdict of every subject, sorted by check and subject; null unless asked for with `--verdicts`.
    verdicts: Option<Vec<Verdict<'a>>>,
}

/// A program.
#[derive(Serialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// This one.
impl Default for Tool {
    fn default() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// The facts that were judged.
#[derive(Serialize, JsonSchema)]
struct Snapshot<'a> {
    /// Digest of the snapshot in its canonical form, lower-case hex.
    sha256: &'a str,
    /// When it was taken.
    #[schemars(with = "String", extend("format" = "date-time"))]
    taken_at: Timestamp,
    /// Where the facts came from: `live`, `recording`, `file`, or `snapshot` for a file of an earlier run.
    mode: &'a str,
}

/// One tenant of one product. Accounts of two reports are the same only in the same tenant.
#[derive(Serialize, JsonSchema)]
struct System<'a> {
    /// Its name in the project file.
    id: &'a str,
    /// As people know it.
    name: &'a str,
    /// What the connector reads (`pipedrive`).
    product: &'a str,
    /// Which tenant; null where the facts do not say.
    tenant: Option<&'a str>,
}

/// What the facts were judged by.
#[derive(Serialize, JsonSchema)]
struct Inputs<'a> {
    /// The project file.
    project: Input<'a>,
    /// Sorted by id.
    policies: Vec<Input<'a>>,
    /// Sorted by id.
    connectors: Vec<Input<'a>>,
    /// The files of exceptions that stand beside a project: first that of the project itself, then that of the base
    /// project. Exceptions in the project file are part of that file.
    exceptions: Vec<Input<'a>>,
}

/// One file or folder that the verdicts depend on.
#[derive(Serialize, JsonSchema)]
struct Input<'a> {
    /// The check's or connector's id; the file's name for the project and for exceptions.
    id: &'a str,
    /// `built-in`, or the folder as the project names it.
    origin: &'a str,
    /// Digest, lower-case hex.
    sha256: &'a str,
    /// Whether it replaces a built-in of the same name.
    replaces_built_in: bool,
}

/// What an earlier snapshot had.
#[derive(Serialize, JsonSchema)]
struct Previous<'a> {
    /// Digest of that snapshot in its canonical form, lower-case hex.
    sha256: &'a str,
    /// When it was taken.
    #[schemars(with = "String", extend("format" = "date-time"))]
    taken_at: Timestamp,
    /// The share of its rows, in percent, that a collection may lose and still be taken for whole; null where nobody set
    /// one with `--max-drop`: then a drop of more than 30 % is a notice, and keeps nobody from deciding.
    max_drop: Option<u8>,
    /// Every collection of that snapshot, sorted by source and collection.
    collections: Vec<Compared<'a>>,
}

/// Rows kept of one collection, then and now.
#[derive(Serialize, JsonSchema)]
struct Compared<'a> {
    /// The source's id.
    source: &'a str,
    /// Which rows.
    collection: Collection,
    /// How many that snapshot had.
    before: u64,
    /// How many there are now; null where this snapshot has no such source or collection.
    now: Option<u64>,
    /// Whether more was lost than may be.
    dropped: bool,
}

/// How completely one source was read.
#[derive(Serialize, JsonSchema)]
pub struct Source<'a> {
    /// Its name in the project file.
    id: &'a str,
    /// The connector.
    connector: &'a str,
    /// How it came in.
    mode: Mode,
    /// When it was taken; null for a file whose date nobody stated.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    taken_at: Option<Timestamp>,
    /// The worst of its collections.
    state: Completeness,
    /// Rows read, over all collections.
    rows: u64,
    /// Rows kept, over all collections.
    kept: u64,
    /// Rows kept, by collection.
    collections: Vec<Collected>,
    /// How each of its streams was read, in the connector's order.
    streams: Vec<Stream<'a>>,
    /// Why it is not complete, too old, or far smaller than it was, one sentence each.
    problems: &'a [String],
    /// Whether a problem keeps the whole run from deciding.
    undecides: bool,
}

/// What one source provided.
#[derive(Serialize, JsonSchema)]
struct Collected {
    /// Which rows.
    collection: Collection,
    /// How many were kept.
    kept: u64,
}

/// How one stream of raw answers was read.
#[derive(Serialize, JsonSchema)]
struct Stream<'a> {
    /// Its name in the connector.
    name: &'a str,
    /// How completely it was read.
    state: Completeness,
    /// Calls made, retries included; 0 for files.
    requests: u64,
    /// How many of these calls repeated one that gave no answer.
    retries: u64,
    /// Answers that carried rows.
    pages: u64,
    /// Rows in them.
    rows: u64,
    /// How many rows the other side said there are; null where it does not say.
    total: Option<u64>,
    /// Rows with different keys.
    distinct: u64,
    /// Rows that came again word for word.
    duplicates: u64,
    /// Bytes of the answers, as they came.
    bytes: u64,
    /// Digest of the answers as they came, lower-case hex.
    sha256: &'a str,
    /// When the first call was made; null for files and for recordings that do not say.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    started_at: Option<Timestamp>,
    /// When the last answer was in; null for files and for recordings that do not say.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    ended_at: Option<Timestamp>,
    /// Why it is not complete; null where it is.
    why: Option<&'a str>,
}

/// What one check did in one system, or in the workspace.
#[derive(Serialize, JsonSchema)]
pub struct Check<'a> {
    /// Its id: the folder's name, and the value of `--check`.
    id: &'a str,
    /// Its title, filled in.
    title: &'a str,
    /// What it judges.
    #[schemars(extend("enum" = ["account", "staff", "system", "workspace"]))]
    subject: &'static str,
    /// The system's id; null for checks of staff or the workspace.
    system: Option<&'a str>,
    /// After the project's override.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"]))]
    severity: &'static str,
    /// Control ids by framework.
    controls: &'a BTreeMap<String, Vec<String>>,
    /// What to do about its findings.
    remediation: Remediation<'a>,
    /// Every path of the subject that it can look at. Sorted.
    reads: &'a [String],
    /// How its subjects fell out.
    population: Population<'a>,
    /// Where it stands. Only `passing` says that all is well.
    standing: Standing,
    /// Not-applicable and blocked subjects, by the code of the skip reason.
    skipped: &'a BTreeMap<String, u64>,
    /// `built-in`, or the project folder that it came from.
    origin: &'a str,
    /// False where it is switched off or was not asked for: its population is then all zero.
    ran: bool,
}

/// How a check's subjects fell out; the six verdicts add up to the total.
#[derive(Serialize, JsonSchema)]
struct Population<'a> {
    total: u64,
    pass: u64,
    fail: u64,
    not_applicable: u64,
    blocked: u64,
    unknown: u64,
    error: u64,
    /// Of `fail`, those that an exception in force accepts.
    excepted: u64,
    /// Why it is not proved that these are all subjects; null where it is.
    unproved: Option<&'a str>,
}

/// One check's `fail` for one subject.
#[derive(Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// The check's id.
    check: &'a str,
    /// The check's title, filled in.
    title: &'a str,
    /// After the project's override.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"]))]
    severity: &'static str,
    /// Whom it is about.
    subject: Subject<'a>,
    /// Why, in the order of the check's metadata; never empty.
    reasons: Vec<Reason<'a>>,
    /// What the policy computed, by name.
    facts: &'a BTreeMap<String, serde_json::Value>,
    /// How the account was identified; null for other subjects.
    identity: Option<Identity<'a>>,
    /// What to do.
    remediation: Remediation<'a>,
    /// Control ids by framework.
    controls: &'a BTreeMap<String, Vec<String>>,
    /// Where it stands between the day it arose and the day it must be gone.
    clock: Clock,
    /// The exception that accepts it; null where none in force does.
    exception: Option<Acceptance<'a>>,
    /// Whether it counts for `fail_on`.
    counts: bool,
    /// The line of the project that is the nearest to what is wrong.
    place: Option<Place<'a>>,
    /// The same in every run: made of the check and the subject's id, never of names, addresses or reasons.
    fingerprint: &'a str,
}

/// The times of a finding.
#[derive(Serialize, JsonSchema)]
struct Clock {
    /// When a run first found it: carried from the baseline, else the time of this run.
    #[schemars(with = "String", extend("format" = "date-time"))]
    first_failed_at: Timestamp,
    /// What its check's grace counts from: the earliest `since` of its reasons, else `first_failed_at`.
    #[schemars(with = "String", extend("format" = "date-time"))]
    since: Timestamp,
    /// When it must be gone; null where its check has no grace: it must be gone at once.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    due: Option<Timestamp>,
    /// What the baseline said of `due`, where that was another time: the grace was changed, or what it counts from. Where
    /// the baseline had no grace, what it would have counted from.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    due_before: Option<Timestamp>,
    /// How far its time has run.
    lifecycle: Lifecycle,
    /// Whether the baseline says that it was not there; null without a baseline, and where the baseline could not tell.
    is_new: Option<bool>,
}

/// The exception that accepts a finding, in short.
#[derive(Serialize, JsonSchema)]
struct Acceptance<'a> {
    /// Its position in `exceptions[]`, counted from 0.
    index: usize,
    /// Why the risk is taken.
    reason: &'a str,
    /// Who took it.
    approved_by: &'a str,
    /// The last day of it.
    #[schemars(with = "String", extend("format" = "date"))]
    expires: Date,
}

/// One exception of the project, and what it does in this run.
#[derive(Serialize, JsonSchema)]
pub struct Exception<'a> {
    /// The check whose findings it accepts.
    check: &'a str,
    /// The subject's id, or the pattern of ids, as it is written.
    subject: &'a str,
    /// The only reason it accepts; null where it accepts whatever the check finds.
    reason_code: Option<&'a str>,
    /// Why the risk is taken.
    reason: &'a str,
    /// Who took it: a staff id or an address.
    approved_by: &'a str,
    /// The day it was taken.
    #[schemars(with = "String", extend("format" = "date"))]
    created: Date,
    /// The last day of it.
    #[schemars(with = "String", extend("format" = "date"))]
    expires: Date,
    /// The end of that day in the project's zone.
    #[schemars(with = "String", extend("format" = "date-time"))]
    ends_at: Timestamp,
    /// Whole days to that end; less than nothing once it is over.
    days_left: i64,
    /// Where it was decided.
    ticket: Option<&'a str>,
    /// Where it is written.
    place: Place<'a>,
    /// What it does.
    state: ExceptionState,
    /// Why it does nothing, in one sentence; null where it is in force.
    problem: Option<&'a str>,
    /// The fingerprints of the findings that it fits, whether it is in force or not. Sorted.
    findings: &'a [String],
}

/// The report of an earlier run.
#[derive(Serialize, JsonSchema)]
struct Baseline<'a> {
    /// Digest of the file, lower-case hex.
    sha256: &'a str,
    /// The time that its verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// Findings of earlier runs that this one could neither find again nor say to be gone: their times are kept for the next
    /// run. Sorted by check and subject.
    kept: Vec<Kept<'a>>,
}

/// A finding of an earlier run whose subject this one could not judge.
#[derive(Serialize, JsonSchema)]
struct Kept<'a> {
    /// The check's id.
    check: &'a str,
    /// Whom it was about.
    subject: Subject<'a>,
    /// When a run first found it.
    #[schemars(with = "String", extend("format" = "date-time"))]
    first_failed_at: Timestamp,
    /// What its check's grace counted from.
    #[schemars(with = "String", extend("format" = "date-time"))]
    since: Timestamp,
    /// When it had to be gone; null where at once.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    due: Option<Timestamp>,
    /// That of the finding.
    fingerprint: &'a str,
}

/// What a check judged.
#[derive(Serialize, JsonSchema)]
struct Subject<'a> {
    /// What it is.
    #[schemars(extend("enum" = ["account", "staff", "system", "workspace"]))]
    kind: &'static str,
    /// Stable: `system:account`, a staff id, a system's id, the organisation's name.
    id: &'a str,
    /// As people know it.
    name: Option<&'a str>,
    /// The address, of an account or a member of staff.
    email: Option<&'a str>,
    /// The system's id, of an account or a system.
    system: Option<&'a str>,
}

/// Why a verdict is what it is.
#[derive(Serialize, JsonSchema)]
struct Reason<'a> {
    /// The code that the policy gave.
    code: &'a str,
    /// In words.
    message: &'a str,
    /// What would make it pass.
    passes_if: Option<&'a str>,
    /// Since when, RFC 3339 or a date.
    since: Option<&'a str>,
}

/// How an account was identified.
#[derive(Serialize, JsonSchema)]
struct Identity<'a> {
    /// `matched`, `classified`, `unmatched`, `ambiguous`, `stale_mapping` or `not_identified`.
    state: &'a str,
    /// `staff`, `service`, `shared`, `external` or `none`.
    class: &'a str,
    /// The rule that matched.
    rule: &'a str,
    /// The key that matched.
    key: Option<&'a str>,
    /// The staff member's id.
    staff: Option<&'a str>,
    /// People who might be meant, the likeliest first.
    suggestions: Vec<Suggestion<'a>>,
    /// The YAML to paste under `identities:` for the likeliest.
    paste: Option<&'a str>,
}

/// Somebody an account might belong to.
#[derive(Serialize, JsonSchema)]
struct Suggestion<'a> {
    /// Staff id, or address where the roster has no ids.
    staff: &'a str,
    /// Their name.
    name: Option<&'a str>,
    /// Their address.
    email: Option<&'a str>,
    /// Why they are suggested.
    why: &'a str,
}

/// What to do.
#[derive(Serialize, JsonSchema)]
struct Remediation<'a> {
    /// One sentence.
    summary: &'a str,
    /// In order.
    steps: &'a [String],
    /// The documented page: the first of the links.
    link: Option<&'a str>,
    /// All pages that help.
    links: Vec<Link<'a>>,
}

/// A page that helps.
#[derive(Serialize, JsonSchema)]
struct Link<'a> {
    /// Its address.
    url: &'a str,
    /// What is there.
    description: &'a str,
}

/// One check's verdict for one subject.
#[derive(Serialize, JsonSchema)]
pub struct Verdict<'a> {
    /// The check's id.
    check: &'a str,
    /// Whom it is about.
    subject: Subject<'a>,
    /// The verdict.
    #[schemars(extend("enum" = ["pass", "fail", "not_applicable", "blocked", "unknown", "error"]))]
    verdict: &'static str,
    /// The reasons of a fail, skip or unknown; the message of a pass, under the code `pass`.
    reasons: Vec<Reason<'a>>,
    /// The paths that were missing, of an unknown. Sorted.
    missing: &'a [String],
    /// What there is to tell beyond the reasons.
    note: Option<&'a str>,
}

/// What a person should know and no check has a verdict for.
#[derive(Serialize, JsonSchema)]
pub struct Notice<'a> {
    /// A short, stable word.
    code: &'a str,
    /// One sentence.
    message: &'a str,
    /// The subject's id, where it is about one.
    subject: Option<&'a str>,
    /// Where in the project file.
    place: Option<Place<'a>>,
}

/// A place in a file; line and column count from 1.
#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}
