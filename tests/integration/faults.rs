//! Hostile and faulty servers: `faults.yaml` lists what they do, `tests/README.md` shows the list, and the cases whose
//! names begin with `fault_` prove that no fault ends in a snapshot that claims to be complete.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::cases::{CREDENTIAL, Case, Ran, in_parallel, ran, repository};
use crate::readme::written_in_the_tests_readme;

/// How many faults of servers there are.
const NUMBERED: u64 = 39;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    number: u64,
    fault: String,
    behaviour: String,
    #[serde(default)]
    cases: Vec<String>,
    /// File and function.
    #[serde(default)]
    tests: Vec<String>,
    /// Why there is neither.
    #[serde(default)]
    left: Option<String>,
}

fn faults() -> Vec<Fault> {
    let text = fs::read_to_string(repository().join("tests/integration/faults.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("faults.yaml: {error}"))
}

/// The cases of faults.
fn of_faults() -> Vec<&'static Ran> {
    ran().iter().filter(|ran| ran.name.starts_with("fault_")).collect()
}

/// What is wrong with the end of a fault; `faultless` is what the same commands come to without it.
fn wrong(ran: &Ran, faultless: Option<&Ran>) -> Option<&'static str> {
    let Some(snapshot) = &ran.snapshot else {
        return (ran.exits.first() != Some(&Some(2))).then_some("no snapshot, and no error either");
    };
    let collections = |snapshot: &Value| -> Vec<Value> {
        let sources = snapshot["sources"].as_array().unwrap().iter();
        sources
            .flat_map(|source| source["provides"].as_array().unwrap().clone())
            .collect()
    };
    let provided = collections(snapshot);
    assert!(!provided.is_empty(), "{}", ran.name);
    let Some(faultless) = faultless else {
        let sources = snapshot["sources"].as_array().unwrap().iter();
        let mut streams = sources.flat_map(|source| source["streams"].as_array().unwrap());
        let complete = |part: &Value| part["state"] == "complete";
        return if provided.iter().all(complete) && streams.all(complete) {
            Some("a fault, and the snapshot claims to be complete")
        } else if ran.exits.first() != Some(&Some(3)) {
            Some("a fault, and the exit code does not say so")
        } else {
            None
        };
    };
    let other = faultless.snapshot.as_ref().unwrap();
    let same = ["accounts", "roles", "systems", "staff", "approvals"]
        .iter()
        .all(|part| snapshot[part] == other[part]);
    let states = |provided: Vec<Value>| -> Vec<Value> {
        let states = provided.into_iter();
        states.map(|provided| provided["state"].clone()).collect()
    };
    if !same {
        Some("the fault is overcome, and what was read is something else")
    } else if states(provided) != states(collections(other)) || ran.exits != faultless.exits {
        Some("the fault is overcome, and the run ends otherwise")
    } else {
        None
    }
}

#[test]
fn no_fault_ends_in_a_snapshot_that_claims_to_be_complete() {
    let cases = of_faults();
    assert!(cases.len() > 60, "the cases are not where they were");
    let found = in_parallel(&cases, |ran| {
        let faultless = ran.overcome.then(|| Case::of(&ran.name).run(false));
        wrong(ran, faultless.as_ref()).map(|wrong| format!("{}: {wrong}", ran.name))
    });
    let found: Vec<String> = found.into_iter().flatten().collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_recording_of_a_fault_says_what_the_run_said() {
    let cases: Vec<&Ran> = of_faults().into_iter().filter(|ran| ran.snapshot.is_some()).collect();
    let found = in_parallel(&cases, |ran| {
        let [mut live, replayed] = Case::of(&ran.name).replayed();
        for source in live["sources"].as_array_mut().into_iter().flatten() {
            if source["mode"] == "live" {
                source["mode"] = "recording".into();
            }
        }
        (live != replayed || live.is_null()).then_some(&ran.name)
    });
    let found: Vec<_> = found.into_iter().flatten().collect();
    assert!(found.is_empty(), "replayed otherwise: {found:#?}");
}

#[test]
fn a_fault_that_is_not_said_would_be_noticed() {
    let complete = ran().iter().find(|ran| ran.name == "live_over_tls").unwrap();
    let cut = ran().iter().find(|ran| ran.name == "fault_body_cut").unwrap();
    assert!(wrong(complete, None).is_some());
    assert!(wrong(cut, None).is_none());
    assert!(wrong(complete, Some(complete)).is_none());
    assert!(wrong(cut, Some(complete)).is_some());
}

#[test]
fn no_secret_is_shown_and_nobody_else_is_asked() {
    for ran in ran() {
        let snapshot = ran.snapshot.as_ref().map(Value::to_string).unwrap_or_default();
        for secret in [CREDENTIAL, "proxy-word", "not-a-session"] {
            assert!(!ran.transcript.contains(secret), "{}", ran.name);
            assert!(!snapshot.contains(secret), "{}", ran.name);
        }
        assert!(!ran.transcript.contains("ELSEWHERE was asked"), "{}", ran.name);
        assert!(!ran.transcript.contains("cookie: "), "{}", ran.name);
    }
}

#[test]
fn every_fault_is_proved_and_every_proof_is_there() {
    let faults = faults();
    let numbers: Vec<u64> = faults.iter().map(|fault| fault.number).collect();
    assert_eq!(numbers, (1..=NUMBERED).collect::<Vec<_>>());
    let names: BTreeSet<&str> = ran().iter().map(|ran| ran.name.as_str()).collect();
    let mut shown = BTreeSet::new();
    for fault in &faults {
        let proved = !fault.cases.is_empty() || !fault.tests.is_empty();
        assert_ne!(proved, fault.left.is_some(), "{}", fault.number);
        for case in &fault.cases {
            assert!(
                names.contains(case.as_str()),
                "{}: there is no case `{case}`",
                fault.number
            );
            shown.insert(case.as_str());
        }
        for test in &fault.tests {
            let (file, name) = test.split_once(": ").unwrap();
            let text = fs::read_to_string(repository().join(file)).unwrap();
            assert!(text.contains(&format!("fn {name}(")), "{}: {test}", fault.number);
        }
    }
    let forgotten: Vec<_> = of_faults()
        .into_iter()
        .filter(|ran| !shown.contains(ran.name.as_str()))
        .map(|ran| &ran.name)
        .collect();
    assert!(forgotten.is_empty(), "faults.yaml does not name {forgotten:?}");
}

/// The list of `tests/README.md`, as the table has it.
fn listed() -> String {
    let mut text = String::from("| | fault | what comes of it | proved by |\n|---|---|---|---|\n");
    for fault in faults() {
        let proofs: Vec<String> = fault
            .cases
            .iter()
            .chain(&fault.tests)
            .map(|proof| format!("`{proof}`"))
            .collect();
        let proofs = fault.left.unwrap_or_else(|| proofs.join(", "));
        writeln!(
            text,
            "| {} | {} | {} | {proofs} |",
            fault.number, fault.fault, fault.behaviour
        )
        .unwrap();
    }
    text
}

#[test]
fn the_readme_lists_every_fault() {
    written_in_the_tests_readme("faults", "faults.yaml", &listed());
}
