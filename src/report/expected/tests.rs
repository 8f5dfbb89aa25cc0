//! Every kind of difference, and keys that would break a careless writer.

use super::{SCHEMA, render, schema};
use crate::expected::{Comparison, Expected, compare};
use crate::report::{Format, escape, samples};

const ACCEPTED: &str = r#"{"schema": "rolecall/expected/1", "as_of": "2026-11-23T12:00:00Z", "checks": ["a", "old"], "cannot_decide": [], "verdicts": [
    {"check": "a", "subject": "crm:1", "verdict": "pass", "reasons": []},
    {"check": "a", "subject": "crm:2", "verdict": "fail", "reasons": ["x"]},
    {"check": "a", "subject": "crm:4", "verdict": "unknown", "reasons": []},
    {"check": "old", "subject": "crm:1", "verdict": "pass", "reasons": []}]}"#;
const NOW: &str = r#"{"schema": "rolecall/expected/1", "as_of": "2026-11-24T12:00:00Z", "checks": ["a", "fresh"], "cannot_decide": [], "verdicts": [
    {"check": "a", "subject": "crm:1", "verdict": "fail", "reasons": ["x", "y"]},
    {"check": "a", "subject": "crm:2", "verdict": "fail", "reasons": ["x"]},
    {"check": "a", "subject": "crm:3", "verdict": "not_applicable", "reasons": ["cannot_sign_in"]},
    {"check": "fresh", "subject": "crm:1", "verdict": "pass", "reasons": []},
    {"check": "fresh", "subject": "crm:2", "verdict": "fail", "reasons": ["z"]}]}"#;

fn read(text: &str) -> Expected {
    Expected::from_bytes("x".to_owned(), text.as_bytes()).unwrap()
}

fn written(comparison: &Comparison, format: Format) -> String {
    let mut out = Vec::new();
    render(comparison, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_difference_has_its_line() {
    let comparison = compare(&read(ACCEPTED), &read(NOW), &[]);
    insta::assert_snapshot!(written(&comparison, Format::Text));
    let json: serde_json::Value = serde_json::from_str(&written(&comparison, Format::Json)).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    assert_eq!(json["same"], false);
    assert_eq!(json["as_accepted"], 1);
    assert_eq!(
        json["checks"][0]["changed"][0]["after"]["reasons"],
        serde_json::json!(["x", "y"])
    );
    assert_eq!(json["checks"][1]["state"], "new");
    assert_eq!(json["checks"][1]["new"].as_array().unwrap().len(), 2);
    assert_eq!(json["checks"][2]["state"], "gone");
}

#[test]
fn what_keeps_a_run_from_an_answer_is_said_and_is_a_difference_unless_it_was_accepted() {
    let open = ACCEPTED.replace(
        r#""cannot_decide": []"#,
        r#""cannot_decide": ["`crm` is \u001b[2J incomplete"]"#,
    );
    let (decided, open) = (read(ACCEPTED), read(&open));
    let comparison = compare(&decided, &open, &[]);
    assert!(!comparison.is_same());
    insta::assert_snapshot!("cannot_decide_anew", written(&comparison, Format::Text));
    let json: serde_json::Value = serde_json::from_str(&written(&comparison, Format::Json)).unwrap();
    assert_eq!((&json["same"], &json["undecided"]), (&false.into(), &1.into()));
    assert_eq!(json["cannot_decide"][0]["accepted"], false);
    let alike = compare(&open, &open, &[]);
    assert!(alike.is_same());
    insta::assert_snapshot!("cannot_decide_alike", written(&alike, Format::Text));
    assert!(compare(&open, &decided, &[]).is_same(), "it can decide now");
}

#[test]
fn nothing_held_against_nothing_is_not_the_same() {
    let comparison = compare(&read(ACCEPTED), &read(ACCEPTED), &["other".to_owned()]);
    assert!(comparison.is_empty());
    assert_eq!(
        written(&comparison, Format::Text),
        "no verdict was accepted, and there is none: exit 3\n"
    );
}

#[test]
fn no_difference_is_one_line() {
    let comparison = compare(&read(ACCEPTED), &read(ACCEPTED), &["a".to_owned()]);
    assert_eq!(
        written(&comparison, Format::Text),
        "nothing differs: 3 verdicts are as accepted\n"
    );
    let json: serde_json::Value = serde_json::from_str(&written(&comparison, Format::Json)).unwrap();
    assert_eq!((&json["same"], &json["checks"]), (&true.into(), &serde_json::json!([])));
}

#[test]
fn no_key_moves_the_cursor() {
    let hostile = NOW
        .replace("crm:3", "\\u001b[2J\\u202e\\n::error::x")
        .replace("\"z\"", "\"\\u009b\"");
    let comparison = compare(&read(ACCEPTED), &read(&hostile), &[]);
    for format in [Format::Text, Format::Json] {
        let text = written(&comparison, format);
        assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{text:?}");
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("differences.schema.json", &schema());
}
