//! Who has findings, across checks and systems.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::Most;
use super::words::{Listed, address, grouped, name, said, who};
use crate::finding::{Finding, Report, Severity, SubjectKind};

/// How many findings and accounts of one person are drawn.
const EACH: usize = 20;

/// Whom a finding is about: a member of staff across systems, where that is known, else the subject alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonKey<'a> {
    is_staff: bool,
    id: &'a str,
}

impl<'a> PersonKey<'a> {
    pub fn of(finding: &'a Finding) -> Self {
        let matched = finding.identity.as_ref().filter(|note| note.state == "matched");
        let staff = matched.and_then(|note| note.staff.as_deref());
        match (staff, finding.subject.kind) {
            (Some(id), _) => Self { is_staff: true, id },
            (None, SubjectKind::Staff) => Self {
                is_staff: true,
                id: &finding.subject.id,
            },
            (None, _) => Self {
                is_staff: false,
                id: &finding.subject.id,
            },
        }
    }
}

/// Everybody who has findings.
pub struct People<'a> {
    /// Those who are drawn.
    pub rows: Listed<Person>,
    /// The number of each, drawn or not.
    pub numbers: HashMap<PersonKey<'a>, usize>,
}

/// One of them.
#[derive(Serialize)]
pub struct Person {
    name: String,
    address: Option<String>,
    staff: Option<String>,
    accounts: Listed<String>,
    open: usize,
    accepted: usize,
    /// Of the open ones, else of all.
    worst: &'static str,
    rank: u8,
    findings: Listed<Link>,
}

/// A finding by its check's title.
#[derive(Serialize)]
struct Link {
    /// Null where it is not drawn.
    anchor: Option<String>,
    title: String,
    /// The account, where there are several.
    account: Option<String>,
}

impl<'a> People<'a> {
    pub fn of(report: &'a Report, most: Most, anchors: &HashMap<&str, String>) -> Self {
        let mut numbers: HashMap<PersonKey<'a>, usize> = HashMap::new();
        let mut people: Vec<(PersonKey<'a>, Vec<&'a Finding>)> = Vec::new();
        for finding in &report.findings {
            let key = PersonKey::of(finding);
            let number = *numbers.entry(key).or_insert_with(|| {
                people.push((key, Vec::new()));
                people.len() - 1
            });
            if let Some((_, findings)) = people.get_mut(number) {
                findings.push(finding);
            }
        }
        people.sort_by_cached_key(|(_, findings)| {
            let open = findings.iter().filter(|finding| finding.exception.is_none()).count();
            (
                Reverse(open),
                Reverse(worst(findings)),
                findings.first().map(|first| who(&first.subject)),
            )
        });
        Self {
            rows: Listed::first(
                most.people,
                people.iter().map(|(key, findings)| Person::of(*key, findings, anchors)),
            ),
            numbers,
        }
    }
}

impl Person {
    fn of(key: PersonKey<'_>, findings: &[&Finding], anchors: &HashMap<&str, String>) -> Self {
        let open = findings.iter().filter(|finding| finding.exception.is_none()).count();
        let worst = worst(findings);
        let subject = findings.first().map(|first| &first.subject);
        let accounts: BTreeSet<&str> = findings
            .iter()
            .filter(|finding| finding.subject.kind != SubjectKind::Staff)
            .map(|finding| finding.subject.id.as_str())
            .collect();
        let several = accounts.len() > 1;
        Self {
            name: subject.map(who).unwrap_or_default(),
            address: subject.and_then(address),
            staff: key.is_staff.then(|| name(key.id)),
            accounts: Listed::first(EACH, accounts.into_iter().map(name)),
            open,
            accepted: findings.len() - open,
            worst: worst.word(),
            rank: worst as u8,
            findings: Listed::first(
                EACH,
                findings.iter().map(|finding| Link {
                    anchor: anchors.get(finding.fingerprint.as_str()).cloned(),
                    title: said(&finding.title),
                    account: several.then(|| name(&finding.subject.id)),
                }),
            ),
        }
    }

    /// How many there are, for the list of contents.
    pub fn number(people: &People<'_>) -> String {
        grouped(people.numbers.len() as u64)
    }
}

/// The worst severity of the open ones, else of all.
fn worst(findings: &[&Finding]) -> Severity {
    let open = findings.iter().filter(|finding| finding.exception.is_none());
    let of_all = findings.iter().map(|finding| finding.severity).max();
    open.map(|finding| finding.severity)
        .max()
        .or(of_all)
        .unwrap_or(Severity::Low)
}
