//! What people and programs get of findings.

use std::collections::BTreeMap;

use serde_sarif::sarif::Sarif;

use super::{SCHEMA, render, sarif, schema};
use crate::error::{Explain, Frame, Place};
use crate::report::{LintFormat, escape, samples};
use crate::workbench::lint::{Broken, Finding, Linted, RULES, Rule};

#[derive(Debug, thiserror::Error)]
#[error("policies/mine/check.rego:3:1: `fial` is reached by nothing\u{1b}[2J")]
struct DoesNotLoad(Frame);

impl Explain for DoesNotLoad {
    fn help(&self) -> Option<String> {
        Some("did you mean `fail`?".to_owned())
    }

    fn frame(&self) -> Option<&Frame> {
        Some(&self.0)
    }
}

const TEXT: &str = "package p\n\tx := \"100%\u{202e}\u{1b}[2J ##[error]\"\n";

fn finding(rule: &str, line: usize, column: usize) -> Finding {
    Finding {
        rule: Rule::named(rule).unwrap(),
        place: Place {
            file: "./policies/a b/check.rego".to_owned(),
            line,
            column,
        },
        width: 40,
        message: "`x` is\u{1b} wrong, 100%\n::error::yes".to_owned(),
        help: "write\u{7} `y`".to_owned(),
    }
}

fn does_not_load() -> Frame {
    let place = Place {
        file: "policies/mine/check.rego".to_owned(),
        line: 3,
        column: 1,
    };
    Frame::new(
        "`fial` is reached by nothing\u{1b}[2J",
        &place,
        None,
        "package p\n\nfial\u{1b} := 1\n",
    )
}

fn hostile() -> Linted {
    Linted {
        findings: vec![
            finding("no-readme", 1, 1),
            finding("control", 2, 2),
            finding("control", 2, 2),
        ],
        broken: vec![Broken {
            folder: "policies/mine".to_owned(),
            error: DoesNotLoad(does_not_load()).into(),
        }],
        units: 3,
        texts: BTreeMap::from([("./policies/a b/check.rego".to_owned(), TEXT.to_owned())]),
    }
}

fn written(linted: &Linted, format: LintFormat) -> String {
    let mut out = Vec::new();
    render(linted, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn nothing_from_a_file_moves_the_cursor_or_speaks_to_a_ci_system() {
    let linted = hostile();
    for format in [
        LintFormat::Text,
        LintFormat::Json,
        LintFormat::Github,
        LintFormat::Sarif,
    ] {
        let text = written(&linted, format);
        let hidden = text.chars().find(|c| *c != '\n' && escape::is_hidden(*c));
        assert_eq!(hidden, None, "{format:?}: {text}");
        if matches!(format, LintFormat::Text | LintFormat::Github) {
            assert!(!text.contains("##["), "{format:?}: {text}");
            let commands = text.lines().filter(|line| line.trim_start().starts_with("::")).count();
            assert_eq!(commands, if format == LintFormat::Github { 4 } else { 0 }, "{text}");
        }
    }
}

#[test]
fn the_last_line_counts() {
    let last = |linted: &Linted| written(linted, LintFormat::Text).lines().last().map(str::to_owned);
    assert_eq!(
        last(&hostile()).as_deref(),
        Some("1 folder does not load; in the other 2 folders: 2 errors, 1 warning")
    );
    let broken = |units| {
        let hostile = hostile();
        last(&Linted {
            units,
            findings: Vec::new(),
            ..hostile
        })
    };
    assert_eq!(broken(1).as_deref(), Some("1 folder does not load"));
    assert_eq!(
        broken(2).as_deref(),
        Some("1 folder does not load; in the other folder: nothing found")
    );
    let clean = Linted {
        units: 1,
        ..Linted::default()
    };
    assert_eq!(last(&clean).as_deref(), Some("nothing found in 1 folder"));
}

#[test]
fn sarif_is_read_back() {
    let text = written(&hostile(), LintFormat::Sarif);
    let log: Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(log.version, "2.1.0");
    let run = &log.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let results = run.results.as_ref().unwrap();
    assert_eq!((rules.len(), results.len()), (2, 3), "only rules that found something");
    let mut prints = Vec::new();
    for result in results {
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.help_uri.as_ref().unwrap().ends_with(&rule.id));
        let markdown = rule.help.as_ref().unwrap().markdown.as_ref().unwrap();
        assert!(markdown.contains("Bad:") && !markdown.contains("#!"), "{markdown}");
        let info = markdown.lines().filter_map(|line| line.strip_prefix("```"));
        assert!(info.into_iter().all(|info| !info.contains(' ')), "{markdown}");
        let place = result.locations.as_ref().unwrap()[0]
            .physical_location
            .as_ref()
            .unwrap();
        let uri = place.artifact_location.as_ref().unwrap().uri.as_deref();
        assert_eq!(uri, Some("policies/a%20b/check.rego"));
        let region = place.region.as_ref().unwrap();
        assert!(region.start_line.unwrap() >= 1 && region.end_column.unwrap() > region.start_column.unwrap());
        prints.extend(result.partial_fingerprints.clone().unwrap().into_values());
    }
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), 3, "two findings of one line are two");
    let invocation = &run.invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful, "a folder does not load");
    let told = &invocation.tool_execution_notifications.as_ref().unwrap()[0];
    let place = told.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(3));
    assert!(told.message.text.as_ref().unwrap().starts_with("`fial` is reached"));
}

#[test]
fn a_mark_ends_with_its_line() {
    let json: serde_json::Value = serde_json::from_str(&written(&hostile(), LintFormat::Json)).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    assert_eq!(json["findings"][0]["end_column"], 10, "`package p` has nine characters");
    assert_eq!(json["findings"][0]["file"], "policies/a b/check.rego");
    let broken = &json["broken"][0];
    assert_eq!(broken["help"], "did you mean `fail`?");
    assert_eq!(broken["file"], "policies/mine/check.rego");
    assert_eq!((&broken["line"], &broken["column"]), (&3.into(), &1.into()));
}

#[test]
fn every_rule_has_its_section() {
    for rule in RULES {
        let section = sarif::section(rule);
        assert!(
            section.contains("Bad:") && section.contains("Good:"),
            "{}: {section}",
            rule.id
        );
        assert!(!section.contains("\n### "), "{}: {section}", rule.id);
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("lint.schema.json", &schema());
}
