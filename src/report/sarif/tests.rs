//! Logs against the official schema, GitHub's limits, and names that would break a careless writer.

use serde_json::Value;

use super::parts::https;
use super::results::no_links;
use super::{RESULTS, render};
use crate::finding::{Report, Severity};
use crate::report::{escape, samples};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The official schema. Its pattern for `language`, which we do not write, ends a bracket that it never began.
fn validator() -> jsonschema::Validator {
    let schema = include_str!("../../../tests/schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

/// A log that has been held against the schema.
fn log(report: &Report) -> Value {
    let log: Value = serde_json::from_str(&rendered(report)).unwrap();
    let validator = validator();
    let wrong: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    log
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn notifications(log: &Value) -> &Vec<Value> {
    log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap()
}

/// Every text of a value.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

#[test]
fn the_schema_can_refuse() {
    let validator = validator();
    let good = log(&samples::findings());
    for (pointer, bad) in [
        ("/runs/0/results/0/level", Value::from("high")),
        ("/runs/0/results/0/ruleIndex", Value::from(-2)),
        ("/runs/0/results/2/suppressions/0/kind", Value::from("project")),
        ("/runs/0/tool/driver/rules/0/helpUri", Value::from("not an address")),
    ] {
        let mut log = good.clone();
        *log.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = bad;
        assert!(!validator.is_valid(&log), "{pointer}");
    }
}

#[test]
fn whole_logs() {
    log(&samples::clean());
    log(&samples::findings());
    log(&samples::cannot_decide());
    insta::assert_snapshot!("findings", rendered(&samples::findings()));
    insta::assert_snapshot!("cannot_decide", rendered(&samples::cannot_decide()));
}

/// What GitHub needs of every result to take the file and to tell alerts apart.
#[test]
fn every_result_has_a_rule_a_line_and_a_fingerprint_of_its_own() {
    let mut report = samples::findings();
    report.findings[0].place = None;
    let log = log(&report);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let mut prints = Vec::new();
    for result in results(&log) {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "rolecall.yaml");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        assert!(place["region"]["startLine"].as_u64().unwrap() > 0);
        prints.push(
            result["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .unwrap(),
        );
    }
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 3);
    // A check that found nothing or did not run is a rule all the same, and so is that the run could decide.
    assert_eq!(rules.len(), 4);
    assert_eq!(rules[3]["id"], "rolecall_cannot_decide");
}

#[test]
fn accepted_findings_are_suppressed_and_stay_results() {
    let log = log(&samples::findings());
    let suppressed: Vec<usize> = results(&log)
        .iter()
        .map(|result| result["suppressions"].as_array().unwrap().len())
        .collect();
    assert_eq!(
        suppressed,
        [0, 0, 1],
        "all say whether they are, and the accepted one comes last"
    );
    let accepted = &results(&log)[2];
    assert_eq!(accepted["level"], "error");
    let suppression = &accepted["suppressions"][0];
    assert_eq!(suppression["status"], "accepted");
    assert_eq!(suppression["properties"]["expires"], "2026-12-15");
    assert_eq!(
        suppression["justification"],
        "hands over their deals until the quarter ends"
    );
}

#[test]
fn a_run_that_cannot_decide_has_not_succeeded() {
    let clean = log(&samples::clean());
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert!(notifications(&clean).is_empty());
    let log = log(&samples::cannot_decide());
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let told: Vec<(&str, &str)> = notifications(&log)
        .iter()
        .map(|one| (one["level"].as_str().unwrap(), one["message"]["text"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told[..4],
        [
            (
                "error",
                "Cannot decide: access_valid has 13 unknown verdicts in pipedrive"
            ),
            (
                "error",
                "Cannot decide: source pipedrive: users were read to page 2 of 3"
            ),
            (
                "warning",
                "access_valid in Acme CRM (pipedrive): 13 unknown: the facts do not allow an answer"
            ),
            (
                "error",
                "access_valid in Acme CRM (pipedrive): 1 error: the check could not be evaluated"
            ),
        ]
    );
}

/// What closes alerts looks at results alone: a run that could not decide is never one without them.
#[test]
fn why_a_run_could_not_decide_is_a_result() {
    let mut report = samples::cannot_decide();
    report.findings.clear();
    report.settle();
    let prints = |report: &Report| -> Vec<String> {
        let log = log(report);
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        let results = results(&log).iter().map(|result| {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(
                (&result["ruleId"], &rule["id"]),
                (&rule["id"], &"rolecall_cannot_decide".into())
            );
            assert_eq!(rule["properties"]["security-severity"], "9.5");
            assert_eq!(result["level"], "error");
            assert_eq!(result["suppressions"], serde_json::json!([]));
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "rolecall.yaml");
            assert_eq!(place["region"]["startLine"], 1);
            result["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .unwrap()
                .to_owned()
        });
        results.collect()
    };
    let first = prints(&report);
    assert_eq!(first.len(), 2);
    assert_ne!(first[0], first[1]);
    report.cannot_decide = vec![
        "access_valid has 2 unknown verdicts in pipedrive".to_owned(),
        "source pipedrive: users were read to page 1 of 3".to_owned(),
    ];
    assert_eq!(prints(&report), first, "the same alert, whatever its numbers are");
    report.cannot_decide = vec!["no check ran".to_owned(), "no check ran".to_owned()];
    let twice = prints(&report);
    assert_ne!(twice[0], twice[1]);
    assert!(prints(&samples::clean()).is_empty());
}

#[test]
fn a_check_that_did_not_run_is_named_and_no_rule_in_force() {
    let log = log(&samples::findings());
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    // Where it is not said, a rule is in force.
    let idle: Vec<&Value> = rules
        .iter()
        .filter(|rule| rule["defaultConfiguration"]["enabled"] == false)
        .map(|rule| &rule["id"])
        .collect();
    assert_eq!(idle, ["access_valid"]);
    let told = notifications(&log)
        .iter()
        .find(|one| one["descriptor"]["id"] == "did_not_run");
    assert_eq!(
        told.unwrap()["message"]["text"],
        "2 of 3 checks ran; these did not: access_valid"
    );
    assert_eq!(
        rules[0]["properties"]["standing"],
        serde_json::json!(["pipedrive: did_not_run"])
    );
    assert_eq!(
        rules[1]["properties"]["standing"],
        serde_json::json!(["pipedrive: failing"])
    );
}

#[test]
fn whether_a_finding_is_new_is_said_where_it_is_known() {
    let mut report = samples::findings();
    report.findings[0].clock.is_new = Some(true);
    report.findings[2].clock.is_new = Some(false);
    let log = log(&report);
    let states: Vec<&Value> = results(&log).iter().map(|result| &result["baselineState"]).collect();
    assert_eq!(states, [&Value::from("new"), &Value::from("unchanged"), &Value::Null]);
}

#[test]
fn more_findings_than_github_takes_are_cut_and_counted() {
    let mut report = samples::findings();
    let mut one = report.findings[2].clone();
    one.severity = Severity::Low;
    report.findings.extend(std::iter::repeat_n(one, RESULTS));
    let log: Value = serde_json::from_str(&rendered(&report)).unwrap();
    assert_eq!(results(&log).len(), RESULTS);
    // The accepted one is the first to be left out.
    assert_eq!(results(&log)[0]["level"], "error");
    let cut = notifications(&log)
        .iter()
        .find(|one| one["descriptor"]["id"] == "results_left_out");
    let words = cut.unwrap()["message"]["text"].as_str().unwrap();
    assert!(words.starts_with("3 more findings are left out"), "{words}");
}

#[test]
fn descriptions_and_tags_are_as_long_as_github_takes() {
    let mut report = samples::findings();
    let check = &mut report.checks[0];
    check.description = "ż".repeat(5_000);
    std::sync::Arc::make_mut(&mut check.controls)
        .insert("x".to_owned(), (0..100).map(|number| number.to_string()).collect());
    let log = log(&report);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["fullDescription"]["text"].as_str().unwrap().chars().count(), 1024);
    assert_eq!(rule["properties"]["tags"].as_array().unwrap().len(), 20);
}

#[test]
fn hostile_text_is_visible_and_no_link() {
    let kinds = [
        "\0\x1b[2J\x1b]8;;https://evil.test\x07a\r\n\t\u{202e}\u{200b}\u{2028}\u{fffe}",
        "[x](http://evil.test)",
        "</script><script>alert(1)</script>",
        "\" onmouseover=\"x",
        "`|<details>",
        "https://a b\"<c>\\^`{|}#d#e",
        "https://[::1",
        "javascript:alert(1)",
        "{0} {{1}}",
        "",
    ];
    for kind in kinds {
        let report = samples::hostile(kind);
        let log = log(&report);
        let mut all = Vec::new();
        texts(&log, &mut all);
        // What a text says is seen; of the ends of lines, only those between our own sentences are left.
        let unseen = |c: char| c != '\n' && escape::is_hidden(c);
        let hidden = all.iter().find(|text| text.chars().any(unseen));
        assert_eq!(hidden, None, "{kind:?}");
        let shown = escape::terminal(kind);
        let found = results(&log)
            .iter()
            .find(|one| one["ruleId"] != "rolecall_cannot_decide");
        let result = found.unwrap();
        assert_eq!(result["locations"][0]["logicalLocations"][0]["name"], *shown);
        assert_eq!(result["ruleId"], *shown);
        let said = result["message"]["text"].as_str().unwrap();
        assert!(said.contains(&*no_links(&shown)), "{said}");
        let messages = results(&log).iter().chain(notifications(&log));
        for message in messages.map(|one| one["message"]["text"].as_str().unwrap()) {
            assert!(!message.replace("\\]", "").contains("]("), "{message}");
        }
        for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
            let link = rule["helpUri"].as_str().unwrap_or("https://");
            assert!(link.starts_with("https://"), "{link}");
        }
    }
}

#[test]
fn a_name_of_a_megabyte_is_cut_with_its_count() {
    let text = rendered(&samples::hostile(&"x".repeat(1 << 20)));
    assert!(text.contains("(1048376 more characters)"));
    assert!(text.len() < 400_000, "{} bytes", text.len());
}

#[test]
fn only_https_is_opened() {
    let table = [
        (
            "https://docs.example.com/a?b=c#d",
            Some("https://docs.example.com/a?b=c#d"),
        ),
        ("https://docs.example.com", Some("https://docs.example.com")),
        (
            "https://docs.example.com/%41 b\u{202e}",
            Some("https://docs.example.com/%41%20b%E2%80%AE"),
        ),
        ("https://a.example/#b#c", Some("https://a.example/#b%23c")),
        ("http://docs.example.com/", None),
        ("https://", None),
        ("https://user@evil.test/", None),
        ("https://a b.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ];
    for (link, expected) in table {
        assert_eq!(https(link).as_deref(), expected, "{link}");
    }
}
