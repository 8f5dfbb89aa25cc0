//! Documents, read back by an XML parser and held against the structure of JUnit's XML.

use roxmltree::{Document, Node};

use super::render;
use crate::finding::{ExceptionState, Judgement, Report, Verdict};
use crate::report::{escape, samples};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn number(node: Node<'_, '_>, name: &str) -> usize {
    node.attribute(name)
        .unwrap_or_else(|| panic!("{name}: {node:?}"))
        .parse()
        .unwrap()
}

fn below<'a>(node: Node<'a, 'a>, name: &'static str) -> Vec<Node<'a, 'a>> {
    node.children().filter(|child| child.has_tag_name(name)).collect()
}

/// Keeps a document for `.ci/formats`, if anybody asks for it.
fn keep(text: &str) {
    if let Some(folder) = std::env::var_os("ROLECALL_FORMATS_DIR") {
        let name = format!("{}.xml", crate::digest::of(text.as_bytes()));
        std::fs::write(std::path::Path::new(&folder).join(name), text).unwrap();
    }
}

/// What `tests/schemas/junit-10.xsd` says of the elements that we write, and that the counts are right.
fn holds(text: &str) {
    keep(text);
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let allowed = |node: Node<'_, '_>| -> (&[&str], &[&str]) {
        match node.tag_name().name() {
            "testsuites" => (&["name", "tests", "failures", "errors"], &["testsuite"]),
            "testsuite" => (
                &["name", "tests", "failures", "errors", "skipped", "timestamp"],
                &["properties", "testcase"],
            ),
            "properties" => (&[], &["property"]),
            "property" => (&["name", "value"], &[]),
            "testcase" => (&["name", "classname"], &["skipped", "error", "failure"]),
            "skipped" | "error" | "failure" => (&["message", "type"], &[]),
            other => panic!("{other}"),
        }
    };
    for node in document.descendants().filter(Node::is_element) {
        let (attributes, children) = allowed(node);
        let names: Vec<&str> = node.attributes().map(|one| one.name()).collect();
        assert_eq!(names, attributes, "{node:?}");
        for child in node.children() {
            let name = child.tag_name().name();
            assert!(!child.is_comment() && !child.is_pi(), "{child:?}");
            assert!(child.is_text() || children.contains(&name), "{name} in {node:?}");
        }
        if !["skipped", "error", "failure"].contains(&node.tag_name().name()) {
            let texts = node
                .children()
                .filter_map(|child| child.text().filter(|_| child.is_text()));
            assert!(texts.map(str::trim).all(str::is_empty), "{node:?}");
        }
    }
    let root = document.root_element();
    let suites = below(root, "testsuite");
    for suite in &suites {
        let cases = below(*suite, "testcase");
        let of = |name| cases.iter().filter(|case| !below(**case, name).is_empty()).count();
        assert_eq!(number(*suite, "tests"), cases.len());
        assert_eq!(number(*suite, "failures"), of("failure"));
        assert_eq!(number(*suite, "errors"), of("error"));
        assert_eq!(number(*suite, "skipped"), of("skipped"));
    }
    for name in ["tests", "failures", "errors"] {
        let sum: usize = suites.iter().map(|suite| number(*suite, name)).sum();
        assert_eq!(number(root, name), sum, "{name}");
    }
}

/// A report with every verdict, as the format asks for: of `user_identified`, 40 pass and one fails.
fn everybody() -> Report {
    let mut report = samples::findings();
    let one = report.judgements[0].clone();
    report.judgements = (0..40)
        .map(|number| {
            let mut judged = one.clone();
            judged.subject.id = format!("pipedrive:{}", 100 + number);
            judged
        })
        .collect();
    let failed = &report.findings[2];
    report.judgements.push(Judgement {
        check: failed.check.clone(),
        subject: failed.subject.clone(),
        verdict: Verdict::Fail,
        reasons: failed.reasons.clone(),
        missing: vec![],
        note: None,
    });
    report
}

#[test]
fn whole_documents() {
    for (name, report) in [
        ("clean", samples::clean()),
        ("findings", samples::findings()),
        ("cannot_decide", samples::cannot_decide()),
    ] {
        let text = rendered(&report);
        holds(&text);
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn a_suite_has_a_case_for_everybody() {
    let report = everybody();
    let text = rendered(&report);
    holds(&text);
    let document = Document::parse(&text).unwrap();
    let suite = document
        .descendants()
        .find(|node| node.attribute("name") == Some("user_identified in Acme CRM (pipedrive)"))
        .unwrap();
    assert_eq!(number(suite, "tests"), 41);
    assert_eq!(number(suite, "failures"), 1);
    let population = suite
        .descendants()
        .find(|node| node.attribute("name") == Some("population"));
    assert_eq!(population.unwrap().attribute("value"), Some("41"));
}

#[test]
fn an_accepted_finding_is_skipped_and_says_until_when() {
    let text = rendered(&samples::findings());
    let document = Document::parse(&text).unwrap();
    let case = document
        .descendants()
        .find(|node| node.attribute("name") == Some("Omar Said (pipedrive:9)"))
        .unwrap();
    assert!(below(case, "failure").is_empty());
    assert_eq!(
        below(case, "skipped")[0].attribute("message"),
        Some("accepted by ada.brook@example.com until 2026-12-15: hands over their deals until the quarter ends")
    );
}

#[test]
fn exceptions_that_accept_nothing_and_notices_are_cases_of_the_run() {
    let mut report = samples::findings();
    report.exceptions[1].state = ExceptionState::Proposed;
    report.exceptions[1].problem = Some("it is not in the base project".to_owned());
    report.notices[0].code = "base_differs".to_owned();
    let text = rendered(&report);
    holds(&text);
    let document = Document::parse(&text).unwrap();
    let run = document
        .descendants()
        .find(|node| node.attribute("name") == Some("the run"))
        .unwrap();
    let skipped: Vec<_> = below(run, "testcase")
        .into_iter()
        .filter_map(|case| {
            let skipped = *below(case, "skipped").first()?;
            Some([
                case.attribute("name")?,
                skipped.attribute("type")?,
                skipped.attribute("message")?,
            ])
        })
        .collect();
    assert_eq!(
        skipped,
        [
            [
                "exception proposed: pipedrive:17 of offboarded_access_removed",
                "exception_proposed",
                "it is not in the base project"
            ],
            [
                "notice: the project differs from the base (pipedrive:12)",
                "base_differs",
                "pipedrive:12 is mapped to E012, but its address is that of E031"
            ],
            [
                "notice: an entry of `identities:` fits nobody",
                "unused_identity",
                "no account fits this entry"
            ],
        ]
    );
}

/// A CI system that reads nothing else must not be green.
#[test]
fn what_could_not_be_decided_is_an_error() {
    let mut report = samples::clean();
    report.cannot_decide = vec!["no check ran".to_owned()];
    let text = rendered(&report);
    holds(&text);
    let document = Document::parse(&text).unwrap();
    assert_eq!(number(document.root_element(), "errors"), 1);
    let error = document.descendants().find(|node| node.has_tag_name("error")).unwrap();
    assert_eq!(error.attribute("message"), Some("no check ran"));

    report.cannot_decide.clear();
    report.checks[0].population.unproved = Some("users were read to page 2 of 3".to_owned());
    let text = rendered(&report);
    assert_eq!(number(Document::parse(&text).unwrap().root_element(), "errors"), 1);

    let text = rendered(&samples::cannot_decide());
    // The run, the population, and fourteen verdicts.
    assert_eq!(number(Document::parse(&text).unwrap().root_element(), "errors"), 16);
}

#[test]
fn hostile_text_stays_text() {
    let all: String = (0..=0x10_ffff)
        .filter_map(char::from_u32)
        .filter(|c| escape::is_hidden(*c))
        .take(190)
        .collect();
    let kinds = [
        "\0\x1b[2J\x1b]8;;https://evil.test\x07\u{85}\r\n\t",
        "\u{fffe}\u{ffff}\u{202e}",
        "]]></failure><testcase name=\"x\"/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>&b;",
        "\" onmouseover='x",
        "&amp;&#0;&lt;",
        "<?php ?><!-- -->",
        &all,
        "",
    ];
    for kind in kinds {
        let report = samples::hostile(kind);
        let text = rendered(&report);
        holds(&text);
        let document = Document::parse(&text).unwrap();
        let shown = escape::terminal(kind)
            .replace('\u{fffe}', "\\ufffe")
            .replace('\u{ffff}', "\\uffff");
        let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
        let named = cases.filter(|case| case.attribute("name") == Some(&shown)).count();
        assert!(named > 0, "{kind:?}\n{text}");
        let failure = document
            .descendants()
            .find(|node| node.has_tag_name("failure"))
            .unwrap();
        assert!(failure.attribute("message").unwrap().contains(&shown), "{failure:?}");
        assert!(
            failure.text().unwrap().contains(&format!("passes if {shown}")),
            "{failure:?}"
        );
    }
}

#[test]
fn a_name_of_a_megabyte_is_cut_with_its_count() {
    let text = rendered(&samples::hostile(&"x".repeat(1 << 20)));
    assert!(text.contains("(1048376 more characters)"));
    assert!(text.len() < 400_000, "{} bytes", text.len());
}
