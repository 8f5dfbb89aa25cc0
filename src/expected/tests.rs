//! The file comes back as it was written, or not at all; and every kind of difference is one.

use serde_json::json;

use super::*;
use crate::error::Explain;
use crate::report::samples;

fn text(checks: &[&str], lines: &[(&str, &str, &str, &[&str])]) -> String {
    let verdicts: Vec<_> = lines
        .iter()
        .map(|(check, subject, verdict, reasons)| json!({"check": check, "subject": subject, "verdict": verdict, "reasons": reasons}))
        .collect();
    json!({"schema": SCHEMA, "as_of": "2026-11-23T12:00:00Z", "checks": checks, "cannot_decide": [], "verdicts": verdicts}).to_string()
}

fn read(text: &str) -> Result<Expected, String> {
    Expected::from_bytes("x.json".to_owned(), text.as_bytes()).map_err(|error| {
        assert!(error.help().is_some());
        error.to_string()
    })
}

#[test]
fn a_verdict_is_a_line_and_comes_back() {
    let expected = read(&text(
        &["a", "b"],
        &[("a", "crm:1", "pass", &[]), ("a", "crm:2", "fail", &["late", "early"])],
    ))
    .unwrap();
    let written = expected.to_text().unwrap();
    assert_eq!(
        written,
        "{\n\"schema\": \"rolecall/expected/1\",\n\"as_of\": \"2026-11-23T12:00:00Z\",\n\"checks\": [\n\"a\",\n\"b\"\n],\n\"cannot_decide\": [],\n\
         \"verdicts\": [\n{\"check\":\"a\",\"subject\":\"crm:1\",\"verdict\":\"pass\",\"reasons\":[]},\n\
         {\"check\":\"a\",\"subject\":\"crm:2\",\"verdict\":\"fail\",\"reasons\":[\"early\",\"late\"]}\n]\n}\n"
    );
    assert_eq!(read(&written).unwrap(), expected);
    let nothing = read(&text(&[], &[])).unwrap();
    assert_eq!(read(&nothing.to_text().unwrap()).unwrap(), nothing);
}

#[test]
fn the_verdicts_of_a_run_hold_no_name_and_no_words() {
    let report = samples::findings();
    let expected = Expected::of(&report);
    assert_eq!(expected.verdicts.len(), report.judgements.len());
    assert!(!expected.verdicts.is_empty());
    let written = expected.to_text().unwrap();
    for judged in &report.judgements {
        assert!(written.contains(&format!("\"{}\"", judged.subject.id)));
        for reason in &judged.reasons {
            assert!(!written.contains(&reason.message), "{written}");
        }
        for text in [&judged.subject.name, &judged.subject.email].into_iter().flatten() {
            assert!(*text == judged.subject.id || !written.contains(text.as_str()), "{text}");
        }
    }
    assert!(!written.contains("\"pass\"]"), "a pass has no reasons: {written}");
}

#[test]
fn what_no_run_wrote_is_refused() {
    let right = text(&["a"], &[("a", "crm:1", "pass", &[])]);
    read(&right).unwrap();
    let table = [
        (
            right.replace("\"schema\"", "\"scheme\""),
            "`x.json` is no file of accepted verdicts: it has no `schema`",
        ),
        (
            right.replace("expected/1", "expected/2"),
            "`x.json` is of the format `rolecall/expected/2`; this program reads `rolecall/expected/1`",
        ),
        (right.replace("\"pass\"", "\"passed\""), "unknown variant `passed`"),
        (right.replace("\"reasons\"", "\"reason\""), "unknown field `reason`"),
        (right.replace("T12:00:00Z", ""), "as_of"),
        (
            right.replacen("\"a\"", "\"b\"", 1),
            "`a` has a verdict, and is not among `checks`",
        ),
        (
            text(&["a"], &[("a", "crm:1", "pass", &[]), ("a", "crm:1", "fail", &["x"])]),
            "`a` has two verdicts for `crm:1`",
        ),
        (right[..right.len() - 1].to_owned(), "the JSON is cut short"),
        (format!("{right}<<<<<<< ours"), "something follows the end of the JSON"),
        (String::new(), "the text is empty"),
    ];
    for (text, error) in table {
        let said = read(&text).unwrap_err();
        assert!(said.contains(error), "{said}\n{error}");
    }
}

#[test]
fn every_kind_of_difference_is_one() {
    let accepted = read(&text(
        &["a", "empty", "old"],
        &[
            ("a", "crm:1", "pass", &[]),
            ("a", "crm:2", "fail", &["x", "y"]),
            ("a", "crm:3", "fail", &["x"]),
            ("a", "crm:4", "unknown", &[]),
            ("old", "crm:1", "pass", &[]),
        ],
    ))
    .unwrap();
    let now = read(&text(
        &["a", "empty", "fresh"],
        &[
            ("a", "crm:1", "fail", &["x"]),
            ("a", "crm:2", "fail", &["y", "x"]),
            ("a", "crm:3", "fail", &["x", "y"]),
            ("a", "crm:5", "pass", &[]),
        ],
    ))
    .unwrap();
    let comparison = compare(&accepted, &now, &[]);
    assert!(!comparison.is_same());
    assert_eq!(comparison.same, 1); // crm:2, whatever the order of its codes
    let said: Vec<_> = comparison
        .checks
        .iter()
        .map(|one| {
            let subjects = |lines: &[Line]| lines.iter().map(|line| line.subject.clone()).collect::<Vec<_>>();
            let changed: Vec<_> = one
                .changed
                .iter()
                .map(|changed| changed.after.subject.clone())
                .collect();
            (
                one.check.as_str(),
                one.presence,
                changed,
                subjects(&one.new),
                subjects(&one.gone),
            )
        })
        .collect();
    let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        said,
        [
            (
                "a",
                Presence::Both,
                keys(&["crm:1", "crm:3"]),
                keys(&["crm:5"]),
                keys(&["crm:4"])
            ),
            ("fresh", Presence::New, keys(&[]), keys(&[]), keys(&[])), // no subject, and new all the same
            ("old", Presence::Gone, keys(&[]), keys(&[]), keys(&["crm:1"])),
        ]
    );
    assert!(compare(&accepted, &accepted, &[]).is_same());
    // Of the checks that are asked for only.
    assert!(compare(&accepted, &now, &["empty".to_owned()]).is_same());
    assert_eq!(compare(&accepted, &now, &["old".to_owned()]).checks.len(), 1);
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("expected.schema.json", &schema());
}
