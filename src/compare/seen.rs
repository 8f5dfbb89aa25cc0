//! Accounts that came and went between two reports, as far as their verdicts show.

use std::collections::{BTreeMap, BTreeSet};

use super::Remark;
use super::facts::{Difference, Facts, Presence, Row};
use crate::reported::{Reported, ReportedSubject};

/// Which accounts came and went; of roles and staff no report tells.
pub fn facts(old: &Reported, new: &Reported) -> (Facts, Vec<Remark>) {
    let (Some(before), Some(now)) = (accounts(old), accounts(new)) else {
        let without = match (old.verdicts.is_some(), new.verdicts.is_some()) {
            (false, false) => "neither report has",
            (false, true) => "OLD does not have",
            (true, _) => "NEW does not have",
        };
        let message = format!(
            "which accounts came and went is not known: {without} the verdict of every subject (`check --verdicts`)"
        );
        return (
            Facts::default(),
            vec![Remark {
                code: "no_verdicts",
                message,
            }],
        );
    };
    let (of_old, of_new) = (systems(old), systems(new));
    let mut facts = Facts::default();
    let mut rows = Vec::new();
    let common = of_old.keys().filter(|system| of_new.contains_key(*system));
    for system in common {
        let of_system = |list: &BTreeMap<&str, &ReportedSubject>| -> BTreeMap<String, ReportedSubject> {
            let list = list
                .iter()
                .filter(|(_, subject)| subject.system.as_deref() == Some(system));
            list.map(|(id, subject)| ((*id).to_owned(), (*subject).clone()))
                .collect()
        };
        let (before, now) = (of_system(&before), of_system(&now));
        let (gap_of_old, gap_of_new) = (of_old[system], of_new[system]);
        for (id, subject) in &before {
            match now.get(id) {
                Some(same) => rows.extend(changed(subject, same)),
                None if gap_of_new.is_some() => rows.push(row(subject, Presence::NotSeen, Vec::new())),
                None => rows.push(row(subject, Presence::Gone, Vec::new())),
            }
        }
        for (_, subject) in now.iter().filter(|(id, _)| !before.contains_key(*id)) {
            let presence = if gap_of_old.is_some() {
                Presence::FirstSeen
            } else {
                Presence::Came
            };
            rows.push(row(subject, presence, Vec::new()));
        }
        facts
            .not_seen
            .extend(gap_of_old.map(|why| format!("OLD: {why}: an account that is new may have been there")));
        facts
            .not_seen
            .extend(gap_of_new.map(|why| format!("NEW: {why}: an account that is missing may be there")));
    }
    let either: BTreeSet<&&str> = of_old.keys().chain(of_new.keys()).collect();
    for system in either {
        let side = match (of_old.contains_key(*system), of_new.contains_key(*system)) {
            (true, true) => continue,
            (false, _) => "OLD",
            (true, false) => "NEW",
        };
        facts.not_seen.push(format!(
            "{side} judged no accounts of `{system}`: which of them came and went is not known"
        ));
    }
    rows.sort_by(|a: &Row, b| (&a.system, &a.id).cmp(&(&b.system, &b.id)));
    facts.accounts = Some(rows);
    (facts, Vec::new())
}

/// The accounts that have a verdict, by id.
fn accounts(report: &Reported) -> Option<BTreeMap<&str, &ReportedSubject>> {
    let verdicts = report.verdicts.as_ref()?.iter();
    let accounts = verdicts.filter(|one| one.subject.kind == "account");
    Some(accounts.map(|one| (one.subject.id.as_str(), &one.subject)).collect())
}

/// The systems of which some check judged accounts, each with why it is not proved that it saw all of them.
fn systems(report: &Reported) -> BTreeMap<&str, Option<&str>> {
    let mut systems: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for check in report
        .checks
        .iter()
        .filter(|check| check.ran && check.subject == "account")
    {
        if let Some(system) = &check.system {
            let gap = systems.entry(system).or_default();
            *gap = gap.or(check.population.unproved.as_deref());
        }
    }
    systems
}

fn changed(before: &ReportedSubject, now: &ReportedSubject) -> Option<Row> {
    let values = [
        Difference::of("name", before.name.clone(), now.name.clone()),
        Difference::of("email", before.email.clone(), now.email.clone()),
    ];
    let differences: Vec<Difference> = values.into_iter().flatten().collect();
    (!differences.is_empty()).then(|| row(now, Presence::Changed, differences))
}

fn row(subject: &ReportedSubject, presence: Presence, differences: Vec<Difference>) -> Row {
    let system = subject.system.as_deref().unwrap_or_default();
    let id = subject.id.strip_prefix(system).and_then(|rest| rest.strip_prefix(':'));
    Row {
        presence,
        system: subject.system.clone(),
        kind: None,
        id: id.unwrap_or(&subject.id).to_owned(),
        name: subject.name.clone(),
        email: subject.email.clone(),
        state: None,
        differences,
    }
}
