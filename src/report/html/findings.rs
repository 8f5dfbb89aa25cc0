//! Findings, the worst first, by check and system.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Most;
use super::checks::CheckKey;
use super::people::PersonKey;
use super::words::{
    Anchors, Fix, Listed, Sentence, Time, address, controls, count, days, grouped, key, name, place, said, spaced,
    system, who,
};
use crate::finding::{self, CheckSummary, Clock, IdentityNote, Lifecycle, Remediation, Report, Suggestion};
use crate::report::escape;
use crate::report::ranked::worst_first;

/// How many people are suggested for one account.
const SUGGESTED: usize = 5;

/// Which findings are drawn, and where.
pub struct Drawn<'a> {
    /// By check and system; those with the worst findings first, and the worst first in each.
    groups: Vec<(CheckKey<'a>, Vec<&'a finding::Finding>)>,
    /// The anchors of the groups.
    pub places: HashMap<CheckKey<'a>, String>,
    /// The anchors of the findings, by fingerprint.
    pub anchors: HashMap<&'a str, String>,
}

/// Findings of one check in one system.
#[derive(Serialize)]
pub struct Group {
    anchor: String,
    /// Where the check stands among the checks.
    check_anchor: Option<String>,
    check: String,
    title: String,
    system: Option<String>,
    severity: &'static str,
    controls: Vec<String>,
    fix: Fix,
    number: String,
    /// How many of them are drawn, where it is not all.
    drawn: Option<String>,
    findings: Vec<Finding>,
}

/// One finding.
#[derive(Serialize)]
struct Finding {
    anchor: String,
    person: usize,
    severity: &'static str,
    /// `due`, `critical`, `failing` or `accepted`.
    state: &'static str,
    standing: String,
    accepted: Option<Accepted>,
    /// Exceptions that fit it and accept nothing.
    idle: Vec<Sentence>,
    is_new: bool,
    counts: bool,
    who: String,
    address: Option<String>,
    key: Option<String>,
    kind: &'static str,
    reasons: Vec<Reason>,
    since: Time,
    /// Whether `since` is known, or is only when a run first saw it.
    since_is_known: bool,
    first_failed_at: Time,
    due: Option<Time>,
    due_before: Option<Time>,
    /// Seconds, to sort by; nothing to wait for comes first.
    since_second: i64,
    due_second: i64,
    facts: Vec<Fact>,
    identity: Option<Identity>,
    /// What to do, where that is not what its check says.
    fix: Option<Fix>,
    controls: Option<Vec<String>>,
    place: Option<String>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Reason {
    code: String,
    message: String,
    passes_if: Option<Sentence>,
    since: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Identity {
    sentence: String,
    suggestions: Listed<String>,
    paste: Option<String>,
}

/// The exception that accepts a finding.
#[derive(Serialize)]
struct Accepted {
    reason: String,
    approved_by: String,
    expires: String,
    left: String,
}

impl<'a> Drawn<'a> {
    pub fn of(report: &'a Report, most: Most, anchors: &mut Anchors) -> Self {
        let mut worst = worst_first(report);
        worst.truncate(most.findings);
        let mut drawn = Drawn {
            groups: Vec::new(),
            places: HashMap::new(),
            anchors: HashMap::with_capacity(worst.len()),
        };
        let mut positions: HashMap<CheckKey<'_>, usize> = HashMap::new();
        for finding in worst {
            let check = (finding.check.as_str(), finding.subject.system.as_deref());
            let position = *positions.entry(check).or_insert_with(|| {
                drawn.groups.push((check, Vec::new()));
                let anchor = anchors.name("findings", &[check.0, check.1.unwrap_or_default()]);
                drawn.places.insert(check, anchor);
                drawn.groups.len() - 1
            });
            if let Some((_, group)) = drawn.groups.get_mut(position) {
                group.push(finding);
            }
            let anchor = || anchors.name("finding", &[&finding.fingerprint]);
            drawn.anchors.entry(&finding.fingerprint).or_insert_with(anchor);
        }
        drawn
    }

    /// The groups, with every word that is drawn of them.
    pub fn groups(
        &self,
        report: &Report,
        checks: &HashMap<CheckKey<'_>, String>,
        people: &HashMap<PersonKey<'_>, usize>,
    ) -> Vec<Group> {
        let summaries: HashMap<CheckKey<'_>, &CheckSummary> = report
            .checks
            .iter()
            .map(|summary| ((summary.id.as_str(), summary.system.as_deref()), summary))
            .collect();
        let mut numbers: HashMap<CheckKey<'_>, usize> = HashMap::new();
        for finding in &report.findings {
            *numbers
                .entry((&finding.check, finding.subject.system.as_deref()))
                .or_default() += 1;
        }
        let mut idle = BTreeMap::<&str, Vec<Sentence>>::new();
        for exception in report.exceptions.iter().filter(|exception| exception.problem.is_some()) {
            for fingerprint in &exception.findings {
                idle.entry(fingerprint)
                    .or_default()
                    .push(super::exceptions::idle(exception));
            }
        }
        let mut seen = HashSet::new();
        let groups = self.groups.iter().filter_map(|(check, findings)| {
            let worst = findings.first()?;
            let summary = summaries.get(check).copied();
            let shared = summary.map_or(&worst.remediation, |summary| &summary.remediation);
            let controlled = summary.map_or(&worst.controls, |summary| &summary.controls);
            let number = numbers.get(check).copied().unwrap_or_default();
            let draw = |finding: &'a finding::Finding| Finding {
                // A fingerprint that stands twice would be a fault of ours: the second has no anchor of its own.
                anchor: match seen.insert(finding.fingerprint.as_str()) {
                    true => self
                        .anchors
                        .get(finding.fingerprint.as_str())
                        .cloned()
                        .unwrap_or_default(),
                    false => String::new(),
                },
                person: people.get(&PersonKey::of(finding)).copied().unwrap_or_default(),
                idle: idle.get(finding.fingerprint.as_str()).cloned().unwrap_or_default(),
                fix: own_fix(&finding.remediation, shared),
                controls: (finding.controls != *controlled).then(|| controls(&finding.controls)),
                ..Finding::of(report, finding)
            };
            Some(Group {
                anchor: self.places.get(check).cloned().unwrap_or_default(),
                check_anchor: checks.get(check).cloned(),
                check: name(check.0),
                title: said(&worst.title),
                system: check.1.map(|id| system(report, id)),
                severity: worst.severity.word(),
                controls: controls(controlled),
                fix: Fix::of(shared),
                number: count(number, "finding", "findings"),
                drawn: (number > findings.len()).then(|| grouped(findings.len() as u64)),
                findings: findings.iter().copied().map(draw).collect(),
            })
        });
        groups.collect()
    }
}

impl Finding {
    fn of(report: &Report, finding: &finding::Finding) -> Self {
        let clock = &finding.clock;
        let accepted = report.accepted_by(finding).map(|exception| Accepted {
            reason: said(&exception.reason),
            approved_by: name(&exception.approved_by),
            expires: exception.expires.strftime("%-d %b %Y").to_string(),
            left: days(exception.days_left),
        });
        Self {
            anchor: String::new(),
            person: 0,
            severity: finding.severity.word(),
            state: match &accepted {
                Some(_) => "accepted",
                None => clock.lifecycle.word(),
            },
            standing: match &accepted {
                Some(accepted) => format!("Accepted: {} left", accepted.left),
                None => standing(clock, report.as_of),
            },
            accepted,
            idle: Vec::new(),
            is_new: clock.is_new == Some(true),
            counts: report.counts(finding),
            who: who(&finding.subject),
            address: address(&finding.subject),
            key: key(&finding.subject),
            kind: finding.subject.kind.word(),
            reasons: finding.reasons.iter().map(Reason::of).collect(),
            since: clock.since.into(),
            since_is_known: clock.since != clock.first_failed_at,
            first_failed_at: clock.first_failed_at.into(),
            due: clock.due.map(Time::from),
            due_before: clock.due_before.map(Time::from),
            since_second: clock.since.as_second(),
            due_second: clock.due.map_or(i64::from(i32::MIN), Timestamp::as_second),
            facts: finding.facts.iter().map(Fact::of).collect(),
            identity: finding.identity.as_ref().map(Identity::of),
            fix: None,
            controls: None,
            place: finding.place.as_ref().map(place),
            fingerprint: name(&finding.fingerprint),
        }
    }
}

/// What to do about one finding, as far as it is not what stands above all of them.
fn own_fix(own: &Remediation, shared: &Remediation) -> Option<Fix> {
    let mut own = own.clone();
    if own.steps == shared.steps {
        own.steps.clear();
    }
    if own.links == shared.links {
        own.links.clear();
    }
    let differs = own.summary != shared.summary || !own.steps.is_empty() || !own.links.is_empty();
    differs.then(|| Fix::of(&own))
}

/// How far its time has run, with the days that are left or over.
fn standing(clock: &Clock, as_of: Timestamp) -> String {
    let until = clock
        .due
        .map(|due| (due >= as_of, due.duration_since(as_of).as_hours() / 24));
    let days = match until {
        None => "no grace".to_owned(),
        Some((true, left)) => format!("{} left", days(left)),
        Some((false, over)) => format!("{} over", days(over)),
    };
    let word = match clock.lifecycle {
        Lifecycle::Passing => "Passing",
        Lifecycle::Due => "Due",
        Lifecycle::Critical => "Critical",
        Lifecycle::Failing => "Failing",
    };
    format!("{word}: {days}")
}

impl Reason {
    fn of(reason: &finding::Reason) -> Self {
        Self {
            code: name(&reason.code),
            message: said(&reason.message),
            passes_if: reason
                .passes_if
                .as_deref()
                .map(|what| Sentence::of(what.trim_end_matches('.'))),
            since: reason.since.as_deref().map(since),
        }
    }
}

/// A time as the page says times; whatever else a policy gave, as it is.
fn since(text: &str) -> String {
    text.parse::<Timestamp>()
        .map_or_else(|_| name(text), |at| Time::from(at).text)
}

impl Fact {
    fn of((key, value): (&String, &Value)) -> Self {
        let one = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = match value {
            Value::Array(items) if items.is_empty() => "none".to_owned(),
            Value::Array(items) => items.iter().map(one).collect::<Vec<_>>().join(", "),
            other => one(other),
        };
        Self {
            name: spaced(key),
            value: said(&value),
        }
    }
}

impl Identity {
    fn of(note: &IdentityNote) -> Self {
        let is_settled = matches!(note.state.as_str(), "matched" | "classified");
        let sentence = if is_settled {
            let whom = match &note.staff {
                Some(staff) => format!("staff {}", name(staff)),
                None => format!("{} account", name(&note.class)),
            };
            let key = note.key.as_deref().map(|key| format!(" ({})", name(key)));
            format!("{whom}, by {}{}", spaced(&note.rule), key.unwrap_or_default())
        } else {
            spaced(&note.state)
        };
        Self {
            sentence,
            suggestions: Listed::first(SUGGESTED, note.suggestions.iter().map(perhaps)),
            paste: note
                .paste
                .as_deref()
                .map(|paste| escape::lines(paste).collect::<Vec<_>>().join("\n")),
        }
    }
}

fn perhaps(suggestion: &Suggestion) -> String {
    let staff = name(&suggestion.staff);
    let who = match (&suggestion.name, &suggestion.email) {
        (Some(known), Some(email)) => format!("{} <{}>", name(known), name(email)),
        (Some(one), None) | (None, Some(one)) => name(one),
        (None, None) => String::new(),
    };
    // Where the roster has no ids, the id is the address, which is there already.
    let known = suggestion.email.as_ref() == Some(&suggestion.staff);
    let person = match (who.is_empty(), known) {
        (true, _) => staff,
        (false, true) => who,
        (false, false) => format!("{who} ({staff})"),
    };
    format!("{person}: {}", said(&suggestion.why))
}
