//! One row a check and system: what it asks, how its subjects fell out, and how far it is.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::words::{Anchors, Fix, Reasons, Why, controls, grouped, name, said, spaced, system};
use crate::finding::{CheckSummary, Population, Report, Standing};

/// A check by its id and system.
pub type CheckKey<'a> = (&'a str, Option<&'a str>);

/// One check in one system.
#[derive(Serialize)]
pub struct Check {
    anchor: String,
    /// Where its findings are; null where none is drawn.
    findings: Option<String>,
    id: String,
    title: String,
    system: Option<String>,
    severity: &'static str,
    controls: Vec<String>,
    origin: String,
    subject: &'static str,
    fix: Fix,
    reads: Vec<String>,
    skipped: Vec<Part>,
    ran: bool,
    total: String,
    parts: Vec<Part>,
    unproved: Option<Why>,
    /// `passing`, `due`, `critical`, `failing`, `accepted`, `undecided` or `idle`.
    state: &'static str,
    /// That in words.
    standing: &'static str,
    fail: u64,
}

/// One share of a population.
#[derive(Serialize)]
struct Part {
    kind: &'static str,
    number: String,
    label: String,
    /// Where the share begins and how wide it is, of a thousand.
    from: u64,
    width: u64,
}

/// All rows, and the anchors of the checks.
pub struct Rows<'a> {
    pub checks: Vec<Check>,
    pub anchors: HashMap<CheckKey<'a>, String>,
}

impl<'a> Rows<'a> {
    /// `groups` has the anchors of the groups of findings that are drawn.
    pub fn of(
        report: &'a Report,
        groups: &HashMap<CheckKey<'a>, String>,
        reasons: &Reasons<'_>,
        anchors: &mut Anchors,
    ) -> Self {
        let mut rows = Rows {
            checks: Vec::with_capacity(report.checks.len()),
            anchors: HashMap::new(),
        };
        for check in &report.checks {
            let key = (check.id.as_str(), check.system.as_deref());
            let anchor = anchors.name("check", &[key.0, key.1.unwrap_or_default()]);
            let findings = groups.get(&key).cloned();
            rows.checks
                .push(Check::of(report, check, reasons, anchor.clone(), findings));
            rows.anchors.entry(key).or_insert(anchor);
        }
        rows
    }
}

impl Check {
    fn of(
        report: &Report,
        check: &CheckSummary,
        reasons: &Reasons<'_>,
        anchor: String,
        findings: Option<String>,
    ) -> Self {
        let standing = check.standing();
        Self {
            anchor,
            findings,
            id: name(&check.id),
            title: said(&check.title),
            system: check.system.as_deref().map(|id| system(report, id)),
            severity: check.severity.word(),
            controls: controls(&check.controls),
            origin: name(&check.origin),
            subject: check.subject.word(),
            fix: Fix::of(&check.remediation),
            reads: check.reads.iter().map(|path| name(path)).collect(),
            skipped: skipped(&check.skipped),
            ran: check.ran,
            total: grouped(check.population.total),
            parts: parts(&check.population),
            unproved: check.population.unproved.as_deref().map(|why| reasons.why(why)),
            state: drawn(standing),
            standing: standing.said(),
            fail: check.population.fail,
        }
    }
}

/// How the page draws where a check stands.
const fn drawn(standing: Standing) -> &'static str {
    match standing {
        Standing::NotDecided => "undecided",
        Standing::Nobody | Standing::DidNotRun => "idle",
        Standing::Passing | Standing::Due | Standing::Critical | Standing::Failing | Standing::Accepted => {
            standing.word()
        }
    }
}

/// What is wrong first, then what is not known, then the rest.
fn parts(population: &Population) -> Vec<Part> {
    let open = population.fail.saturating_sub(population.excepted);
    let all = [
        ("fail", open, "fail"),
        ("accepted", population.excepted, "fail, accepted"),
        ("unknown", population.unknown, "unknown"),
        ("error", population.error, "error"),
        ("pass", population.pass, "pass"),
        ("blocked", population.blocked, "left to another check"),
        ("skipped", population.not_applicable, "not applicable"),
    ];
    let total = all.iter().map(|(_, number, _)| number).sum::<u64>().max(1);
    let mut before = 0;
    let mut parts = Vec::new();
    for (kind, number, label) in all.into_iter().filter(|(_, number, _)| *number > 0) {
        let of_thousand = |number: u64| u64::try_from(u128::from(number) * 1000 / u128::from(total)).unwrap_or(1000);
        let from = of_thousand(before);
        before += number;
        parts.push(Part {
            kind,
            number: grouped(number),
            label: label.to_owned(),
            from,
            width: of_thousand(before) - from,
        });
    }
    parts
}

fn skipped(skipped: &BTreeMap<String, u64>) -> Vec<Part> {
    let part = |(code, number): (&String, &u64)| Part {
        kind: "skipped",
        number: grouped(*number),
        label: spaced(code),
        from: 0,
        width: 0,
    };
    skipped.iter().map(part).collect()
}
