//! What tests came to, in each form, with names that somebody wrote to do harm.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::samples;
use super::*;
use crate::error::Place;
use crate::rego::{Definition, Lines, Mutant, Named, Outcome, SourceFile, Statement, Try};
use crate::workbench::{Failure, Mutation, Survivor, TestResult, TestState, UnitKind};

fn place(line: usize) -> Place {
    Place {
        file: "policies/late/check_test.rego".to_owned(),
        line,
        column: 2,
    }
}

fn stop(text: &str, values: &[(&str, Option<&str>)], inside: Vec<Definition>) -> Definition {
    let values = values.iter().map(|(text, literal)| Named {
        text: (*text).to_owned(),
        literal: literal.map(str::to_owned),
    });
    Definition {
        place: place(7),
        head: "test_x".to_owned(),
        text: String::new(),
        ways: Vec::new(),
        more_ways: 0,
        outcome: Outcome::Stops(Statement {
            place: place(8),
            text: text.to_owned(),
            error: None,
            tries: vec![Try {
                values: values.collect(),
                inside,
                more_inside: 0,
            }],
            more: 2,
        }),
    }
}

fn test(name: &str, state: TestState) -> TestResult {
    TestResult {
        package: "checks.late_test".to_owned(),
        name: name.to_owned(),
        place: place(7),
        state,
        prints: vec!["p.rego:3: \u{1b}[2J ::error::x ]]> <b>".to_owned()],
        took: Duration::from_millis(12),
    }
}

fn runs() -> Vec<UnitRun> {
    let inner = stop(
        "account.state == \"active\"",
        &[("account.state", Some("\"\u{202e}<x>&\"")), ("y", None)],
        vec![],
    );
    let failure = Failure {
        message: "the test does not hold".to_owned(),
        help: None,
        stops: vec![stop(
            "check.fail == codes",
            &[
                ("check.fail", Some("{\"a\", \"b\", {\"c\", 1}}")),
                ("codes", Some("{\"b\", \"d, e\"}")),
            ],
            vec![inner],
        )],
    };
    let lines = Lines {
        reached: [1, 2, 3].into(),
        missed: [4, 5, 9].into(),
    };
    vec![UnitRun {
        kind: UnitKind::Check,
        name: "late".to_owned(),
        folder: "policies/late\u{7}".to_owned(),
        tests: vec![
            test("test_a", TestState::Passed),
            test("test_b", TestState::Failed(failure)),
            test("todo_test_c", TestState::Skipped),
        ],
        empty: vec!["policies/late/more_test.rego".to_owned()],
        broken: None,
        lines: BTreeMap::from([("policies/late/check.rego".to_owned(), lines)]),
        took: Duration::from_millis(40),
    }]
}

fn mutations() -> Vec<UnitMutation> {
    let mutant = Mutant {
        place: place(3),
        what: "drops this condition".to_owned(),
        before: "x == \"\u{1b}[31m]]>\"".to_owned(),
        after: "true".to_owned(),
        rule: 2..4,
        changed: SourceFile {
            path: String::new(),
            text: String::new(),
        },
    };
    let survivor = Survivor { mutant, reached: true };
    let unit = |name: &str, outcome| UnitMutation {
        kind: UnitKind::Check,
        name: name.to_owned(),
        folder: format!("policies/{name}"),
        outcome,
        took: Duration::from_millis(40),
    };
    vec![
        unit(
            "late",
            Ok(Mutation {
                noticed: 5,
                refused: 2,
                ignored: vec![(survivor.clone(), "it is so".to_owned())],
                survived: vec![survivor],
                complaints: vec![(place(9), "say why".to_owned())],
            }),
        ),
        unit("untested", Err("there is no test".to_owned())),
    ]
}

fn shown(runs: &[UnitRun]) -> Shown<'_> {
    Shown::Runs {
        runs,
        coverage: true,
        least: Some(80),
        chosen: false,
    }
}

fn written(shown: &Shown<'_>, format: TestFormat) -> String {
    let mut out = Vec::new();
    render(shown, format, false, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn people_see_what_differs() {
    let runs = runs();
    insta::assert_snapshot!("tests", written(&shown(&runs), TestFormat::Text));
}

#[test]
fn a_reader_of_junit_gets_back_what_was_said() {
    let runs = runs();
    let xml = written(&shown(&runs), TestFormat::Junit);
    assert!(!xml.contains('\u{1b}') && !xml.contains('\u{7}'), "{xml}");
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    let [suite] = report.test_suites.as_slice() else {
        panic!("{xml}")
    };
    assert_eq!(
        (suite.tests, suite.failures, suite.errors, suite.disabled),
        (4, 2, 0, 1)
    );
    let failed = suite
        .test_cases
        .iter()
        .find(|case| case.name.as_str() == "test_b")
        .unwrap();
    let quick_junit::TestCaseStatus::NonSuccess {
        message, description, ..
    } = &failed.status
    else {
        panic!("{xml}");
    };
    assert_eq!(message.as_ref().unwrap().as_str(), "the test does not hold");
    let description = description.as_ref().unwrap().as_str();
    assert!(description.contains("account.state = \"\\u202e<x>&\""), "{description}");
    assert!(failed.system_out.as_ref().unwrap().as_str().contains("]]> <b>"));
}

#[test]
fn survivors_have_every_form() {
    let units = mutations();
    let shown = Shown::Mutations(&units);
    insta::assert_snapshot!("survivors", written(&shown, TestFormat::Text));
    let xml = written(&shown, TestFormat::Junit);
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    let counts = report
        .test_suites
        .iter()
        .map(|suite| (suite.tests, suite.failures, suite.errors));
    assert_eq!(counts.collect::<Vec<_>>(), [(2, 1, 1), (1, 0, 1)]);
    let json: Value = serde_json::from_str(&written(&shown, TestFormat::Json)).unwrap();
    assert_eq!(json["units"][0]["survived"][0]["before"], "x == \"\u{1b}[31m]]>\"");
    assert_eq!(json["units"][0]["ignored"][0]["why"], "it is so");
    assert_eq!(json["units"][1]["error"], "there is no test");
}

#[test]
fn programs_get_every_test() {
    let runs = runs();
    let json: Value = serde_json::from_str(&written(&shown(&runs), TestFormat::Json)).unwrap();
    assert_eq!(
        (&json["passed"], &json["failed"], &json["skipped"]),
        (&1.into(), &2.into(), &1.into())
    );
    let unit = &json["units"][0];
    assert_eq!(unit["coverage"]["percent"], 50);
    assert_eq!(
        unit["coverage"]["missed"]["policies/late/check.rego"],
        serde_json::json!([4, 5, 9])
    );
    let stops = unit["tests"][1]["stops"].as_array().unwrap();
    assert_eq!(stops.iter().map(|stop| &stop["depth"]).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(stops[1]["values"][1], serde_json::json!({"text": "y", "value": null}));
}

/// A run is clean only if something ran, all of it held, and enough was reached.
#[test]
fn what_makes_a_run_fail() {
    let one = |change: fn(&mut UnitRun)| {
        let mut run = runs().remove(0);
        run.tests.truncate(1);
        run.empty.clear();
        change(&mut run);
        let runs = [run];
        let outcome = |least, chosen| {
            Shown::Runs {
                runs: &runs,
                coverage: true,
                least,
                chosen,
            }
            .outcome()
        };
        [
            outcome(None, false),
            outcome(Some(50), false),
            outcome(Some(51), false),
            outcome(None, true),
        ]
    };
    use Exit::{Clean, Findings, Usage};
    assert_eq!(one(|_| {}), [Clean, Clean, Findings, Clean]);
    assert_eq!(one(|run| run.tests.clear()), [Findings; 4]);
    assert_eq!(one(|run| run.empty.push("x_test.rego".to_owned())), [Findings; 4]);
    assert_eq!(one(|run| run.tests.extend(runs().remove(0).tests)), [Findings; 4]);
    let broken = |run: &mut UnitRun| {
        run.broken = Some(Box::new(crate::workbench::WorkbenchError::Nothing { path: "x".into() }));
    };
    assert_eq!(one(broken), [Usage; 4]);
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    samples::published("tests.schema.json", &schema());
    samples::published("mutations.schema.json", &mutations_schema());
}
