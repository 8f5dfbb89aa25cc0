//! Whole documents, the schema, and names that would break a careless writer.

use serde_json::Value;

use super::{SCHEMA, render, schema};
use crate::exit::Exit;
use crate::finding::Report;
use crate::report::{escape, samples};

fn json(report: &Report, verdicts: bool) -> String {
    let mut out = Vec::new();
    render(report, verdicts, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn parsed(report: &Report, verdicts: bool) -> Value {
    serde_json::from_str(&json(report, verdicts)).unwrap()
}

#[test]
fn the_whole_document() {
    insta::assert_snapshot!("findings", json(&samples::findings(), true));
    insta::assert_snapshot!("cannot_decide", json(&samples::cannot_decide(), false));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(
        json(&samples::cannot_decide(), true),
        json(&samples::cannot_decide(), true)
    );
    assert!(json(&samples::clean(), false).ends_with("}\n"));
}

#[test]
fn the_verdict_of_the_run() {
    let mut lenient = samples::findings();
    lenient.outcome = Exit::Clean;
    let table = [
        (samples::clean(), "clean"),
        (samples::findings(), "findings"),
        (lenient, "findings"), // the exit code is 0, and it is not clean
        (samples::cannot_decide(), "cannot_decide"),
    ];
    for (report, verdict) in table {
        let document = parsed(&report, false);
        assert_eq!(document["schema"], SCHEMA);
        assert_eq!(document["verdict"], verdict);
        assert_eq!(document["verdicts"], Value::Null);
    }
}

#[test]
fn where_a_check_stands() {
    let mut report = samples::cannot_decide();
    report.checks[2].population = Default::default();
    report.checks[2].worst = None;
    let document = parsed(&report, false);
    let standing = |at: usize| document["checks"][at]["standing"].clone();
    assert_eq!(
        [standing(0), standing(1), standing(2)],
        ["not_decided", "failing", "nobody"]
    );
    assert_eq!(document["checks"][0]["lifecycle"], Value::Null, "one word only");
}

/// A document on the terminal of a CI system is read by that system too.
#[test]
fn nothing_in_a_document_is_a_command() {
    let name = "a ##vso[task.complete result=Succeeded;] ##[error] ##teamcity[x] ## y";
    let text = json(&samples::hostile(name), true);
    assert!(
        !text.contains("##vso[") && !text.contains("##[") && !text.contains("##teamcity["),
        "{text}"
    );
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["organisation"], name);
}

#[test]
fn hidden_characters_are_escaped_and_nothing_is_lost() {
    let names = [
        "\0\u{1}\x1b[2J\r\n\t\"\\\u{7f}\u{85}\u{9b}",
        "\u{202e}evil\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}",
        "Zoë 李 🦊 e\u{301}",
        "</script>",
        "",
    ];
    for name in names {
        let written = json(&samples::hostile(name), true);
        assert_eq!(
            written.chars().find(|c| *c != '\n' && escape::is_hidden(*c)),
            None,
            "{name:?}"
        );
        let document: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(document["findings"][0]["subject"]["name"], name);
        assert_eq!(document["findings"][0]["facts"][name], name);
        assert_eq!(document["organisation"], name);
    }
}

#[test]
fn everything_written_is_in_the_schema_and_the_other_way_round() {
    let schema = schema();
    for report in [
        samples::clean(),
        samples::findings(),
        samples::cannot_decide(),
        samples::hostile("x"),
    ] {
        for verdicts in [false, true] {
            holds(&parsed(&report, verdicts), &schema, &schema, "report");
        }
    }
}

/// Holds a value against the part of JSON Schema that ours uses: every object has exactly the declared keys.
fn holds(value: &Value, schema: &Value, root: &Value, path: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{path}: {reference}"));
        return holds(value, target, root, path);
    }
    if let Some(any_of) = schema["anyOf"].as_array() {
        assert!(any_of.len() == 2 && any_of[1]["type"] == "null", "{path}: {schema}");
        if !value.is_null() {
            holds(value, &any_of[0], root, path);
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{path}: {value} is none of {words:?}");
    }
    if let Some(words) = schema["oneOf"].as_array() {
        assert!(
            words.iter().any(|word| word["const"] == *value),
            "{path}: {value} is none of {words:?}"
        );
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if schema == &Value::Bool(true) {
        return; // facts are what the policy computed
    }
    assert_eq!(schema["type"], kind, "{path}");
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| holds(item, &schema["items"], root, &format!("{path}[]"))),
        Value::Object(fields) => match schema["properties"].as_object() {
            Some(declared) => {
                let mut keys = (fields.keys().collect::<Vec<_>>(), declared.keys().collect::<Vec<_>>());
                keys.0.sort();
                keys.1.sort();
                assert_eq!(keys.0, keys.1, "{path}");
                assert_eq!(
                    schema["required"].as_array().map(Vec::len),
                    Some(declared.len()),
                    "{path}: all are required"
                );
                fields
                    .iter()
                    .for_each(|(key, field)| holds(field, &declared[key], root, &format!("{path}.{key}")));
            }
            None => fields
                .values()
                .for_each(|field| holds(field, &schema["additionalProperties"], root, path)),
        },
        _ => {}
    }
}

#[test]
fn nullable_is_any_of() {
    let text = schema().to_string();
    assert!(!text.contains(r#""null"]"#), "a type list with null");
    assert!(
        text.contains(r#""anyOf":[{"format":"date-time","type":"string"},{"type":"null"}]"#),
        "{text}"
    );
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("report.schema.json", &schema());
}
