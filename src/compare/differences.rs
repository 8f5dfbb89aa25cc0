//! What differs of a finding that both runs have.
//!
//! A code is a kind of thing that is wrong and not how much of it is: access that grows keeps its code. So what the reasons
//! say and what the policy computed are held against each other, too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::facts::Difference;
use crate::reported::ReportedFinding;

/// Everything that differs: its times and its exception, then what is wrong.
pub fn differences(before: &ReportedFinding, now: &ReportedFinding) -> Vec<Difference> {
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    let until = |finding: &ReportedFinding| finding.exception.as_ref().map(|by| by.expires.to_string());
    let by = |finding: &ReportedFinding| finding.exception.as_ref().map(|by| by.approved_by.clone());
    let both_accepted = before.exception.is_some() && now.exception.is_some();
    let values = [
        Difference::value("severity", before.severity.word(), now.severity.word()),
        Difference::of("due", time(before.clock.due), time(now.clock.due)),
        Difference::value("lifecycle", before.clock.lifecycle.word(), now.clock.lifecycle.word()),
        Difference::of("accepted by", by(before), by(now)).filter(|_| both_accepted),
        Difference::of("accepted until", until(before), until(now)).filter(|_| both_accepted),
    ];
    let mut differences: Vec<Difference> = values.into_iter().flatten().collect();
    differences.extend(what_is_wrong(before, now));
    differences
}

/// Whether what is wrong is not what it was, or is worse: more than its times differ.
pub fn has_changed(before: &ReportedFinding, now: &ReportedFinding) -> bool {
    now.severity > before.severity || !what_is_wrong(before, now).is_empty()
}

fn what_is_wrong(before: &ReportedFinding, now: &ReportedFinding) -> Vec<Difference> {
    let staff = |finding: &ReportedFinding| finding.identity.as_ref().and_then(|identity| identity.staff.clone());
    let (old, new) = (messages(before), messages(now));
    let codes =
        |of: &BTreeMap<&str, String>| -> BTreeSet<String> { of.keys().map(|code| (*code).to_owned()).collect() };
    let mut found: Vec<Difference> = Vec::new();
    found.extend(Difference::of("staff", staff(before), staff(now)));
    found.extend(Difference::of_sets("reasons", &codes(&old), &codes(&new)));
    let either: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
    found.extend(
        either
            .into_iter()
            .filter_map(|code| Difference::of("message", old.get(code).cloned(), new.get(code).cloned())),
    );
    let names: BTreeSet<&String> = before.facts.keys().chain(now.facts.keys()).collect();
    found.extend(
        names
            .into_iter()
            .filter_map(|name| fact(name, before.facts.get(name), now.facts.get(name))),
    );
    found
}

/// What a finding says, by code.
fn messages(finding: &ReportedFinding) -> BTreeMap<&str, String> {
    let mut messages: BTreeMap<&str, String> = BTreeMap::new();
    for reason in &finding.reasons {
        let said = messages.entry(&reason.code).or_default();
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(&reason.message);
    }
    messages
}

/// What differs of something that a policy computed. Of lists it is what they hold, in whatever order.
fn fact(name: &str, before: Option<&Value>, now: Option<&Value>) -> Option<Difference> {
    if before == now {
        return None;
    }
    let what = format!("facts.{name}");
    if let (Some(Value::Array(before)), Some(Value::Array(now))) = (before, now) {
        let sorted = |list: &[Value]| {
            let mut list: Vec<String> = list.iter().map(Value::to_string).collect();
            list.sort_unstable();
            list
        };
        if sorted(before) == sorted(now) {
            return None;
        }
        let set = |list: &[Value]| list.iter().map(text).collect();
        if let Some(difference) = Difference::of_sets(what.clone(), &set(before), &set(now)) {
            return Some(difference);
        }
    }
    let plain = Difference::of(what.clone(), before.map(text), now.map(text));
    // The text `1` is not the number, and a list may hold something twice.
    plain.or_else(|| Difference::of(what, before.map(Value::to_string), now.map(Value::to_string)))
}

/// A text as it is, and anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
