//! A policy sees what it reads and nothing else: the verdict on a document cut down to that is the verdict on the whole.
//!
//! If the loader overlooked something that a policy looks at, the two would differ somewhere. Everything that the tests
//! have is judged both ways, and thousands of accounts more, whose words and lists are varied at random.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use rolecall::check::Check;
use rolecall::evaluate::{Outcome, subjects_of};
use rolecall::finding::SubjectKind;
use rolecall::rego::{Cut, Path, ReadSet};
use rolecall::subject::Subject;
use serde_json::Value as Json;

use crate::cases::{Case, in_parallel, repository};
use crate::edge_cases;
use crate::workspace::{Workspace, checks};

/// Where the two outcomes differ, in words.
fn differences(workspace: &Workspace, check: &Check, subjects: &[Subject]) -> Vec<String> {
    let whole = workspace.outcomes(check, subjects, true);
    let cut = workspace.outcomes(check, subjects, false);
    let pairs = subjects.iter().zip(whole.iter().zip(&cut));
    pairs
        .filter(|(_, (whole, cut))| whole != cut)
        .map(|(subject, (whole, cut))| {
            format!("{} of {}: {cut:?}, and on the whole {whole:?}", check.id, subject.of.id)
        })
        .collect()
}

fn differences_of_all(workspace: &Workspace) -> Vec<String> {
    let of = |check| differences(workspace, check, subjects_of(&workspace.subjects, check.subject));
    checks().0.values().flat_map(of).collect()
}

fn acme() -> Workspace {
    Workspace::read(&repository().join("examples/acme"), None).unwrap()
}

#[test]
fn the_example_is_judged_the_same() {
    assert_eq!(differences_of_all(&acme()), Vec::<String>::new());
}

#[test]
fn every_case_of_the_command_line_is_judged_the_same() {
    let cases = Case::all();
    let found = in_parallel(&cases, |case| {
        Workspace::read(case.project(), None).map(|read| differences_of_all(&read))
    });
    // Many cases have no project that could be judged: that is what they show.
    let judged: Vec<Vec<String>> = found.into_iter().flatten().collect();
    assert!(judged.len() > 50, "only {} cases were judged", judged.len());
    assert_eq!(judged.concat(), Vec::<String>::new());
}

#[test]
fn every_edge_case_is_judged_the_same() {
    let cases = edge_cases::all();
    let found = in_parallel(&cases, |case| {
        let folder = tempfile::tempdir().unwrap();
        case.workspace(folder.path()).map(|read| differences_of_all(&read))
    });
    let judged: Vec<Vec<String>> = found.into_iter().flatten().collect();
    assert!(judged.len() > 60, "only {} cases were judged", judged.len());
    assert_eq!(judged.concat(), Vec::<String>::new());
}

#[test]
fn thousands_of_accounts_are_judged_the_same() {
    let workspace = acme();
    let schema: Json =
        serde_json::from_str(&fs::read_to_string(repository().join("policies/schemas/account.schema.json")).unwrap())
            .unwrap();
    let seeds: Vec<u64> = (0..8).collect();
    let found = in_parallel(&seeds, |seed| {
        let mut chance = Chance(*seed + 1);
        let accounts: Vec<Subject> = (0..400)
            .map(|at| varied(&workspace.subjects.accounts, at, &schema, &mut chance))
            .collect();
        let mut kinds = BTreeSet::new();
        let mut wrong = Vec::new();
        for check in checks()
            .0
            .values()
            .filter(|check| check.subject == SubjectKind::Account)
        {
            wrong.extend(differences(&workspace, check, &accounts));
            kinds.extend(
                workspace
                    .outcomes(check, &accounts, false)
                    .iter()
                    .map(|outcome| format!("{} {}", check.id, kind(outcome))),
            );
        }
        (wrong, kinds)
    });
    let wrong: Vec<&String> = found.iter().flat_map(|(wrong, _)| wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The accounts differ enough for every reason of every check to be met.
    let met: BTreeSet<&String> = found.iter().flat_map(|(_, kinds)| kinds).collect();
    assert!(met.len() >= 12, "{met:?}");
}

/// The test can fail: a cut that loses one thing that a check looks at is noticed.
#[test]
fn a_cut_that_loses_something_is_noticed() {
    let workspace = acme();
    for lost in ["account.state", "staff.status", "identity.state"] {
        let lost = Path::parse(lost);
        let noticed = checks().0.values().any(|check| {
            let mut reads = ReadSet::default();
            for (path, look) in check.reads.looked_at().filter(|(path, _)| **path != lost) {
                reads.add(path.clone(), look);
            }
            let mut check = check.clone();
            check.cut = Cut::new(&reads);
            !differences(&workspace, &check, subjects_of(&workspace.subjects, check.subject)).is_empty()
        });
        assert!(noticed, "nobody misses `{lost}`");
    }
}

fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Skip(_) => "skip".to_owned(),
        Outcome::Fail { reasons, .. } => format!("fail {reasons:?}"),
        Outcome::Unknown { .. } => "unknown".to_owned(),
        Outcome::Pass => "pass".to_owned(),
        Outcome::Error(_) => "error".to_owned(),
    }
}

/// The same numbers on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// An account like one that is there, with some of its words, lists and absences changed within the schema.
fn varied(accounts: &[Subject], at: usize, schema: &Json, chance: &mut Chance) -> Subject {
    let mut subject = accounts[(at + chance.below(accounts.len())) % accounts.len()].clone();
    for (name, part) in &mut subject.parts {
        let mut value = (**part).clone();
        vary(&mut value, &schema["properties"][*name], chance);
        *part = Arc::new(value);
    }
    if chance.below(8) == 0 {
        let some = [
            "account.state",
            "identity",
            "staff",
            "approvals",
            "account.role_names",
            "system.access.rules[].system_roles",
        ];
        subject.unavailable = vec![some[chance.below(some.len())].to_owned()];
    }
    subject
}

fn vary(value: &mut Json, schema: &Json, chance: &mut Chance) {
    let options = schema["anyOf"].as_array();
    let nullable = options.is_some_and(|options| options.iter().any(|option| option["type"] == "null"));
    if nullable && chance.below(12) == 0 {
        *value = Json::Null;
        return;
    }
    let schema = options
        .and_then(|options| options.iter().find(|option| option["type"] != "null"))
        .unwrap_or(schema);
    if let Some(words) = schema["enum"].as_array() {
        if chance.below(4) == 0 {
            *value = words[chance.below(words.len())].clone();
        }
        return;
    }
    match value {
        Json::Object(record) => {
            for (name, field) in record {
                vary(field, &schema["properties"][name.as_str()], chance);
            }
        }
        Json::Array(list) => {
            for element in &mut *list {
                vary(element, &schema["items"], chance);
            }
            match chance.below(8) {
                0 => list.clear(),
                1 => _ = list.pop(),
                2 => list.extend(list.first().cloned()),
                _ => {}
            }
        }
        Json::Bool(flag) if chance.below(4) == 0 => *flag = !*flag,
        _ => {}
    }
}
