//! What the template takes: everything that stands on the page, as small types of the page's own.

use serde::Serialize;

use super::checks::{Check, Rows};
use super::collection::{Facts, Input};
use super::exceptions::Exception;
use super::findings::{Drawn, Group};
use super::people::{People, Person};
use super::remarks::{Gap, Undecided, not_decided};
use super::verdict::{Notice, Verdict};
use super::words::{Anchors, Listed, Reasons, grouped, name};
use super::{Most, csp};
use crate::finding::Report;
use crate::report::text::words::and;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole page.
#[derive(Serialize)]
pub struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    version: &'static str,
    organisation: String,
    project_file: String,
    verdict: Verdict,
    facts: Facts,
    checks: Vec<Check>,
    groups: Vec<Group>,
    more_findings: Option<String>,
    /// Whether an earlier run was given, so that what is new is known.
    knows_new: bool,
    people: Listed<Person>,
    exceptions: Listed<Exception>,
    undecided: Listed<Undecided>,
    gaps: Vec<Gap>,
    notices: Listed<Notice>,
    inputs: Vec<Input>,
    counts: Counts,
    /// What there is none of, in one sentence.
    absent: Option<String>,
}

/// How many of each there are.
#[derive(Serialize)]
struct Counts {
    checks: String,
    findings: String,
    people: String,
    exceptions: String,
    undecided: String,
    notices: String,
}

impl Page {
    pub fn of(report: &Report, most: Most) -> Self {
        let mut anchors = Anchors::default();
        let drawn = Drawn::of(report, most, &mut anchors);
        let reasons = Reasons::of(report, most);
        let rows = Rows::of(report, &drawn.places, &reasons, &mut anchors);
        let people = People::of(report, most, &drawn.anchors);
        let groups = drawn.groups(report, &rows.anchors, &people.numbers);
        let number = |number: usize| grouped(number as u64);
        let more = report.findings.len().saturating_sub(most.findings);
        Self {
            policy: csp::policy(STYLE, SCRIPT),
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
            organisation: name(&report.organisation),
            project_file: name(&report.inputs.project.id),
            verdict: Verdict::of(report, most),
            facts: Facts::of(report, &reasons),
            groups,
            more_findings: (more > 0).then(|| number(more)),
            knows_new: report.baseline.is_some(),
            exceptions: Exception::all(report, most, &drawn.anchors),
            undecided: Undecided::all(report, most),
            gaps: Gap::all(report, &reasons, &rows.anchors),
            notices: Notice::all(report, most),
            inputs: Input::all(report),
            counts: Counts {
                checks: number(report.checks.len()),
                findings: number(report.findings.len()),
                people: Person::number(&people),
                exceptions: number(report.exceptions.len()),
                undecided: number(not_decided(report)),
                notices: number(report.notices.len()),
            },
            absent: absent(report),
            checks: rows.checks,
            people: people.rows,
        }
    }
}

/// The sections that would be empty, and are left out.
fn absent(report: &Report) -> Option<String> {
    let undecided = not_decided(report) > 0;
    let all = [
        (report.findings.is_empty() && !undecided, "no findings"),
        (!undecided, "nothing undecided"),
        (report.exceptions.is_empty(), "no exceptions"),
        (report.notices.is_empty(), "no notices"),
    ];
    let absent = all.into_iter().filter(|(is_absent, _)| *is_absent);
    let absent: Vec<String> = absent.map(|(_, what)| what.to_owned()).collect();
    let first = absent.first()?.chars().next()?;
    Some(and(&absent).replacen(first, &first.to_uppercase().to_string(), 1))
}
