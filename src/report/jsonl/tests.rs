//! Whole lines, their schema, and names that would break a careless writer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{SCHEMA, render, schema};
use crate::finding::Report;
use crate::report::{escape, json, samples};

fn rendered(report: &Report, verdicts: bool) -> String {
    let mut out = Vec::new();
    render(report, verdicts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn lines(report: &Report, verdicts: bool) -> Vec<Value> {
    let text = rendered(report, verdicts);
    assert!(text.ends_with("}\n"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn whole_answers() {
    insta::assert_snapshot!("findings", rendered(&samples::findings(), true));
    insta::assert_snapshot!("cannot_decide", rendered(&samples::cannot_decide(), false));
}

#[test]
fn the_first_line_is_the_run_and_counts_the_others() {
    for (report, verdicts) in [
        (samples::clean(), false),
        (samples::findings(), true),
        (samples::cannot_decide(), false),
    ] {
        let lines = lines(&report, verdicts);
        assert_eq!(lines[0]["type"], "run");
        assert_eq!(lines[0]["schema"], SCHEMA);
        let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
        for line in &lines[1..] {
            *counted.entry(line["type"].as_str().unwrap()).or_default() += 1;
        }
        for (kind, number) in lines[0]["lines"].as_object().unwrap() {
            let there = counted.get(kind.as_str()).copied().unwrap_or_default();
            assert_eq!(number.as_u64(), Some(there), "{kind}");
        }
        assert!(
            counted.keys().all(|kind| lines[0]["lines"][kind].is_number()),
            "{counted:?}"
        );
    }
}

/// Whoever reads the one can read the other: the records are the report's.
#[test]
fn every_record_is_that_of_the_report() {
    for report in [samples::findings(), samples::cannot_decide(), samples::hostile("x\0\n")] {
        let mut out = Vec::new();
        json::render(&report, true, &mut out).unwrap();
        let whole: Value = serde_json::from_slice(&out).unwrap();
        let mut expected = Vec::new();
        for (kind, list) in [
            ("source", "sources"),
            ("check", "checks"),
            ("finding", "findings"),
            ("exception", "exceptions"),
            ("undecided", "undecided"),
            ("notice", "notices"),
            ("verdict", "verdicts"),
        ] {
            for record in whole[list].as_array().unwrap() {
                let mut record = record.clone();
                record.as_object_mut().unwrap().insert("type".to_owned(), kind.into());
                expected.push(record);
            }
        }
        let lines = lines(&report, true);
        assert_eq!(lines[1..], expected);
        for key in [
            "organisation",
            "as_of",
            "snapshot",
            "inputs",
            "verdict",
            "cannot_decide",
            "fail_on",
            "baseline",
        ] {
            assert_eq!(lines[0][key], whole[key], "{key}");
        }
    }
}

#[test]
fn every_line_is_in_the_schema() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [
        samples::clean(),
        samples::findings(),
        samples::cannot_decide(),
        samples::hostile("x"),
    ] {
        for line in lines(&report, true) {
            let wrong: Vec<String> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{line}: {wrong:?}");
            let mut bad = line.clone();
            bad["type"] = "nothing".into();
            assert!(!validator.is_valid(&bad));
            let mut bad = line;
            let last = bad
                .as_object()
                .unwrap()
                .keys()
                .find(|key| *key != "type")
                .unwrap()
                .clone();
            bad.as_object_mut().unwrap().remove(&last);
            assert!(!validator.is_valid(&bad), "without {last}: {bad}");
        }
    }
}

#[test]
fn hostile_text_stays_on_its_line_and_nothing_is_lost() {
    let long = "x".repeat(20_000);
    let names = [
        "\0\u{1}\x1b[2J\r\n\t\"\\\u{7f}\u{85}\u{9b}",
        "\u{202e}evil\u{2066}\u{200b}\u{feff}\u{2028}\u{2029}\u{e0041}\u{fffe}",
        "}\n{\"type\":\"finding\"}",
        "</script>",
        "",
        &long,
    ];
    for name in names {
        let report = samples::hostile(name);
        let text = rendered(&report, true);
        assert_eq!(text.chars().find(|c| *c != '\n' && escape::is_hidden(*c)), None);
        let lines = lines(&report, true);
        let first = lines.iter().find(|line| line["type"] == "finding").unwrap();
        assert_eq!(first["subject"]["name"], name);
        assert_eq!(lines[0]["organisation"], name);
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("line.schema.json", &schema());
}
