//! What `explain` says of a verdict is what made it: of every subject of the example, a reason that fired has a rule that
//! holds, and of one that did not, every rule stops at a statement.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::evaluate;
use rolecall::explain::probe::{Definition, Outcome};
use rolecall::explain::{Fields, Read, Request, State, explain};
use rolecall::finding::Verdict;
use serde_json::Value;

use crate::cases::{in_parallel, repository};
use crate::workspace::{Workspace, checks};

#[test]
fn what_is_told_is_what_was_judged() {
    let workspace = Workspace::read(&repository().join("examples/acme"), None).unwrap();
    let (project, subjects, now) = (&workspace.project, &workspace.subjects, workspace.now);
    let chosen = evaluate::choose(checks(), project, &[]).unwrap();
    let evaluation = evaluate::evaluate(checks(), &chosen, project, subjects, now).unwrap();
    let request = Request {
        evaluation: &evaluation,
        shown: &chosen,
        project,
        snapshot: &workspace.snapshot,
        subjects,
        now,
        fields: &Fields::new(),
        cannot_decide: &[],
    };
    let all: Vec<_> = subjects.accounts.iter().chain(&subjects.systems).collect();
    let told = in_parallel(&all, |subject| explain(&request, subject).unwrap());
    let mut wrong = Vec::new();
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut verdicts = 0;
    for explanation in &told {
        for explained in &explanation.checks {
            verdicts += 1;
            let judgement = &explained.judgement;
            let subject = all
                .iter()
                .find(|subject| subject.of.id == judgement.subject.id)
                .unwrap();
            wrong.extend(values_of_what_is_not_known(&explained.read, &subject.unavailable));
            for reason in &explained.reasons {
                met.entry(reason.state.word()).or_default().insert(&reason.code);
                let fits = match reason.state {
                    State::Fired => {
                        reason.message.is_some()
                            && !reason.definitions.is_empty()
                            && reason.definitions.iter().all(|one| one.outcome == Outcome::Holds)
                    }
                    State::NotFired => !reason.definitions.is_empty() && reason.definitions.iter().all(stops),
                    State::Undecided => !reason.missing.is_empty(),
                    State::NotAsked => reason.definitions.is_empty(),
                };
                if !fits {
                    wrong.push(format!("{} of {}: {reason:?}", judgement.check, judgement.subject.id));
                }
            }
            if (judgement.verdict == Verdict::Blocked) == explained.left_to.is_empty() {
                wrong.push(format!(
                    "{} of {}: left to nobody",
                    judgement.check, judgement.subject.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(verdicts, evaluation.judged.len());
    assert!(met["fired"].len() >= 10 && met["not_fired"].len() >= 20, "{met:?}");
}

/// It stops somewhere, for a reason that is told: a value, or a rule that it leans on.
fn stops(definition: &Definition) -> bool {
    match &definition.outcome {
        Outcome::Stops(statement) => {
            let mut tries = statement.tries.iter();
            statement.error.is_none() && tries.all(|one| !one.values.is_empty() || !one.inside.is_empty())
        }
        Outcome::Holds | Outcome::NotTold => false,
    }
}

/// Every value in `read` that stands at a path of `unavailable`, or below one.
fn values_of_what_is_not_known(read: &[Read], unavailable: &[String]) -> Vec<String> {
    fn walk(path: &str, value: &Value, unavailable: &[String], wrong: &mut Vec<String>) {
        if unavailable.iter().any(|missing| missing == path) {
            wrong.push(format!("{path} is not known, and is told as {value}"));
        }
        match value {
            Value::Object(fields) => fields
                .iter()
                .for_each(|(name, field)| walk(&format!("{path}.{name}"), field, unavailable, wrong)),
            Value::Array(elements) => elements
                .iter()
                .for_each(|element| walk(&format!("{path}[]"), element, unavailable, wrong)),
            _ => {}
        }
    }
    let mut wrong = Vec::new();
    for one in read {
        let Some(value) = &one.value else { continue };
        let mut path = String::new();
        for part in one.path.split_inclusive(['[', ']']) {
            path.push_str(if part.ends_with(']') { "]" } else { part });
        }
        // A value may stand below a path that is not known as a whole.
        let mut above = String::new();
        for part in path.split_inclusive('.') {
            above.push_str(part);
            let missing = above.trim_end_matches('.');
            if missing != path && unavailable.iter().any(|one| one == missing) {
                wrong.push(format!("{path} is told, and {missing} is not known"));
            }
        }
        walk(&path, value, unavailable, &mut wrong);
    }
    wrong
}

#[test]
fn nothing_that_is_not_known_has_a_value() {
    let workspace = Workspace::read(&repository().join("examples/acme"), None).unwrap();
    let (project, now) = (&workspace.project, workspace.now);
    let chosen = evaluate::choose(checks(), project, &[]).unwrap();
    let lacks = [
        &["account.email", "identity.staff", "staff.status"][..],
        &[
            "system.access.rules[].roles",
            "system.access.rules[].users[]",
            "account.roles[]",
        ],
        &[
            "accounts[].class",
            "approvals[].approver",
            "account.roles[].id",
            "system.access",
        ],
        &["identity", "staff", "account.role_ids", "accounts"],
    ];
    for lacking in lacks {
        let mut subjects = workspace.subjects.clone();
        for subject in subjects.accounts.iter_mut().take(12).chain(&mut subjects.systems) {
            subject.unavailable = lacking.iter().map(ToString::to_string).collect();
        }
        let evaluation = evaluate::evaluate(checks(), &chosen, project, &subjects, now).unwrap();
        let request = Request {
            evaluation: &evaluation,
            shown: &chosen,
            project,
            snapshot: &workspace.snapshot,
            subjects: &subjects,
            now,
            fields: &Fields::new(),
            cannot_decide: &[],
        };
        for subject in subjects.accounts.iter().take(12).chain(&subjects.systems) {
            let told = explain(&request, subject).unwrap();
            for explained in &told.checks {
                let wrong = values_of_what_is_not_known(&explained.read, &subject.unavailable);
                assert!(wrong.is_empty(), "{}: {}", subject.of.id, wrong.join("; "));
            }
            if lacking.contains(&"staff.status") {
                assert!(
                    told.whose
                        .and_then(|whose| whose.person)
                        .is_none_or(|person| person.status.is_none())
                );
            }
        }
    }
}
