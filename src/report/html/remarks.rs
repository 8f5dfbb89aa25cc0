//! What could not be decided, by check, system and cause.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::Most;
use super::checks::CheckKey;
use super::words::{Listed, Reasons, Sentence, Why, count, key, name, said, system, who};
use crate::finding::{Judgement, Report, Verdict};

/// How many names of one cause are drawn.
const NAMES: usize = 100;

/// Subjects that one check could not judge for one cause.
#[derive(Serialize)]
pub struct Undecided {
    verdict: &'static str,
    check: String,
    title: Option<String>,
    system: Option<String>,
    number: String,
    missing: Vec<String>,
    note: Option<Sentence>,
    reasons: Vec<Reason>,
    names: Listed<Named>,
}

/// A reason; without words where they differ from subject to subject.
#[derive(Serialize)]
struct Reason {
    code: String,
    message: Option<String>,
}

/// One subject.
#[derive(Serialize)]
struct Named {
    name: String,
    key: Option<String>,
}

/// Checks of which it is not proved that they saw everybody, for one cause.
#[derive(Serialize)]
pub struct Gap {
    why: Why,
    number: String,
    checks: Vec<Unproved>,
}

/// One of them.
#[derive(Serialize)]
struct Unproved {
    anchor: Option<String>,
    id: String,
    title: String,
    system: Option<String>,
}

impl Gap {
    pub fn all(report: &Report, reasons: &Reasons<'_>, anchors: &HashMap<CheckKey<'_>, String>) -> Vec<Self> {
        let mut groups: BTreeMap<&str, Vec<Unproved>> = BTreeMap::new();
        for check in &report.checks {
            let Some(why) = &check.population.unproved else {
                continue;
            };
            groups.entry(why).or_default().push(Unproved {
                anchor: anchors.get(&(check.id.as_str(), check.system.as_deref())).cloned(),
                id: name(&check.id),
                title: said(&check.title),
                system: check.system.as_deref().map(|id| system(report, id)),
            });
        }
        let gap = |(why, checks): (&str, Vec<Unproved>)| Self {
            why: reasons.why(why),
            number: count(checks.len(), "check", "checks"),
            checks,
        };
        groups.into_iter().map(gap).collect()
    }
}

/// How much is not decided: verdicts, and checks that may not have seen everybody; else the reasons why the run as a whole
/// is not. Never nothing where the run could not be decided.
pub fn not_decided(report: &Report) -> usize {
    let unproved = report.checks.iter().filter(|check| check.population.unproved.is_some());
    match report.undecided.len() + unproved.count() {
        0 => report.cannot_decide.len(),
        some => some,
    }
}

/// Everything that makes two undecided verdicts the same case, but for the words, which name the subject.
type Cause<'a> = (
    (&'a str, Option<&'a str>, Verdict),
    (Vec<&'a str>, Option<&'a str>, Vec<&'a str>),
);

impl Undecided {
    pub fn all(report: &Report, most: Most) -> Listed<Self> {
        let mut groups: BTreeMap<Cause<'_>, Vec<&Judgement>> = BTreeMap::new();
        for judgement in &report.undecided {
            groups.entry(cause(judgement)).or_default().push(judgement);
        }
        Listed::first(most.others, groups.into_values().map(|group| Self::of(report, &group)))
    }

    fn of(report: &Report, group: &[&Judgement]) -> Self {
        // Groups are made of what is in them.
        let first = group[0];
        let (check, of_system) = (first.check.as_str(), first.subject.system.as_deref());
        let fits =
            |summary: &&crate::finding::CheckSummary| summary.id == check && summary.system.as_deref() == of_system;
        let reasons = first.reasons.iter().enumerate().map(|(index, reason)| Reason {
            code: name(&reason.code),
            message: group
                .iter()
                .all(|other| other.reasons.get(index).map(|one| &one.message) == Some(&reason.message))
                .then(|| said(&reason.message)),
        });
        Self {
            verdict: first.verdict.word(),
            check: name(check),
            title: report.checks.iter().find(fits).map(|summary| said(&summary.title)),
            system: of_system.map(|id| system(report, id)),
            number: count(group.len(), "subject", "subjects"),
            missing: first.missing.iter().map(|path| name(path)).collect(),
            note: first.note.as_deref().map(Sentence::of),
            reasons: reasons.collect(),
            names: Listed::first(
                NAMES,
                group.iter().map(|judgement| Named {
                    name: who(&judgement.subject),
                    key: key(&judgement.subject),
                }),
            ),
        }
    }
}

fn cause(judgement: &Judgement) -> Cause<'_> {
    let missing = judgement.missing.iter().map(String::as_str).collect();
    let codes = judgement.reasons.iter().map(|reason| reason.code.as_str()).collect();
    let group = (
        judgement.check.as_str(),
        judgement.subject.system.as_deref(),
        judgement.verdict,
    );
    (group, (missing, judgement.note.as_deref(), codes))
}
