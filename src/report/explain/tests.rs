//! One explanation in every form, and names that would break a careless writer.

use serde_json::json;

use super::{SCHEMA, render, schema};
use crate::error::Place;
use crate::explain::probe::{Definition, Named, Outcome, Statement, Try};
use crate::explain::{Explained, Explanation, LeftTo, Missing, Person, Read, State, Told, Tried, Whose};
use crate::finding::{Exception, IdentityNote, Judgement, Reason, SubjectKind, SubjectRef, Suggestion, Verdict};
use crate::report::{Format, escape, samples};

fn written(explanation: &Explanation, format: Format) -> String {
    let mut out = Vec::new();
    render(explanation, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn place(hostile: &str) -> Place {
    Place {
        file: format!("policies/x{hostile}/check.rego"),
        line: 7,
        column: 2,
    }
}

fn told(state: State, definitions: Vec<Definition>, hostile: &str) -> Told {
    Told {
        kind: "fail",
        code: format!("code_{}{hostile}", state.word()),
        message: Some(format!("it is so{hostile}")),
        passes_if: Some(format!("it is mended{hostile}")),
        since: Some(format!("2026-11-01{hostile}")),
        state,
        missing: match state {
            State::Undecided => vec![format!("account.mfa{hostile}")],
            _ => Vec::new(),
        },
        definitions,
    }
}

/// One check with everything that there is to say; `hostile` is in every text.
fn explanation(hostile: &str) -> Explanation {
    let text = |plain: &str| format!("{plain}{hostile}");
    let person = || Person {
        id: text("E-1"),
        name: Some(text("Ada Example")),
        email: Some(text("ada@example.com")),
        status: Some(text("current")),
    };
    let holds = Definition {
        place: place(hostile),
        head: text("covered"),
        text: text("covered if some rule in input.rules"),
        outcome: Outcome::Holds,
        ways: vec![Try {
            values: vec![Named {
                text: text("rule"),
                literal: Some(text("{\"name\": \"sales\", …}")),
            }],
            inside: Vec::new(),
            more_inside: 0,
        }],
        more_ways: 2,
    };
    let one = |literal: Option<String>| Try {
        values: vec![
            Named {
                text: text("account.state"),
                literal,
            },
            Named {
                text: text("account.note"),
                literal: Some("x".repeat(500)),
            },
        ],
        inside: vec![holds.clone()],
        more_inside: 4,
    };
    let stops = |error: Option<String>| Definition {
        place: place(hostile),
        head: text("fail contains \"a\""),
        text: text("fail contains \"a\" if account.state == \"active\""),
        outcome: Outcome::Stops(Statement {
            place: place(hostile),
            text: text("account.state == \"active\""),
            error,
            tries: vec![one(Some(text("\"invited\""))), one(None)],
            more: 3,
        }),
        ways: Vec::new(),
        more_ways: 0,
    };
    let subject = SubjectRef {
        kind: SubjectKind::Account,
        id: text("crm:1"),
        name: Some(text("Ada")),
        email: Some(text("ada@example.com")),
        system: Some("crm".to_owned()),
    };
    let read = |path: &str, value, counted| Read {
        path: text(path),
        value,
        counted,
    };
    Explanation {
        organisation: text("Acme"),
        as_of: "2026-11-23T12:00:00Z".parse().unwrap(),
        cannot_decide: vec![text("`crm` was not read to its end")],
        subject: subject.clone(),
        system: Some(text("CRM")),
        whose: Some(Whose {
            note: IdentityNote {
                state: "ambiguous".to_owned(),
                class: "none".to_owned(),
                rule: "email".to_owned(),
                key: Some(text("ada@example.com")),
                staff: None,
                suggestions: vec![Suggestion {
                    staff: text("E-1"),
                    name: None,
                    email: None,
                    why: text("likely"),
                }],
                paste: Some(format!("- account: \"crm:1{hostile}\"\n  staff: E-1")),
            },
            person: None,
            candidates: vec![person()],
            owner: Some(person()),
            reason: Some(text("a tablet")),
            open: true,
            tried: vec![Tried {
                rule: "employee_id",
                answered: true,
                words: text("`7`"),
            }],
        }),
        accounts: vec![text("crm:1"), text("crm:2")],
        checks: vec![Explained {
            title: text("Nobody should"),
            origin: text("policies"),
            judgement: Judgement {
                check: text("my_check"),
                subject,
                verdict: Verdict::Blocked,
                reasons: vec![Reason {
                    code: text("left"),
                    message: text("it is another's"),
                    passes_if: Some(text("it is mended")),
                    since: Some(text("2026-11-01")),
                }],
                missing: Vec::new(),
                note: Some(text("left to `other`")),
            },
            accepted: Some(Exception {
                reason: text("they hand over"),
                approved_by: text("E-2"),
                ticket: Some(text("SEC-12")),
                ..samples::findings().exceptions.remove(0)
            }),
            left_to: vec![
                LeftTo {
                    check: text("other"),
                    verdict: Some(Verdict::Fail),
                    messages: vec![text("it is wrong")],
                },
                LeftTo {
                    check: "third".to_owned(),
                    verdict: None,
                    messages: Vec::new(),
                },
            ],
            reasons: vec![
                told(State::Fired, vec![holds.clone()], hostile),
                told(State::NotFired, vec![stops(None)], hostile),
                told(State::Undecided, Vec::new(), hostile),
                told(State::NotAsked, Vec::new(), hostile),
                told(State::NotAsked, vec![stops(Some(text("no number")))], hostile),
            ],
            read: vec![
                read("account.note", Some(json!(null)), false),
                read("account.state", Some(json!(text("active"))), false),
                read("approvals", Some(json!(1)), true),
                read("roles", Some(json!([])), false),
                read(
                    "rules[0]",
                    Some(
                        json!({"all": false, "name": text("sales"), "roles": ["a", "b"], "none": null, "more": {"x": ""}}),
                    ),
                    false,
                ),
                read("staff", None, false),
            ],
            missing: [true, false]
                .into_iter()
                .map(|needed| Missing {
                    path: text("account.mfa"),
                    says_unknown: false,
                    needed,
                    why: Some(text("`crm` never says it")),
                })
                .collect(),
        }],
    }
}

#[test]
fn everything_has_its_words() {
    insta::assert_snapshot!(written(&explanation(""), Format::Text));
}

#[test]
fn a_check_of_other_subjects_is_told() {
    let mut none = explanation("");
    none.checks.clear();
    none.whose = None;
    none.accounts.clear();
    none.subject.kind = SubjectKind::Staff;
    let text = written(&none, Format::Text);
    assert!(
        text.ends_with("none of these checks judges members of staff\n"),
        "{text}"
    );
}

#[test]
fn the_document_is_whole_and_names_itself() {
    let json: serde_json::Value = serde_json::from_str(&written(&explanation(""), Format::Json)).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    let check = &json["checks"][0];
    assert_eq!(check["verdict"], "blocked");
    assert_eq!(check["accepted"]["approved_by"], "E-2");
    assert_eq!(check["left_to"][1]["verdict"], serde_json::Value::Null);
    let states: Vec<&str> = check["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["fired", "not_fired", "undecided", "not_asked", "not_asked"]);
    let stops = &check["reasons"][1]["definitions"][0]["stops_at"];
    assert_eq!(stops["tries"][1]["values"][0]["value"], serde_json::Value::Null);
    assert_eq!(stops["tries"][0]["inside"][0]["outcome"], "holds");
    assert_eq!(check["read"][5]["known"], false);
}

#[test]
fn nothing_from_outside_moves_the_cursor_or_speaks_for_us() {
    for hostile in ["\u{1b}[2J", "\n::error::x", "\u{202e}", "\u{9b}31m", "\r"] {
        for format in [Format::Text, Format::Json] {
            let text = written(&explanation(hostile), format);
            assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{text:?}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        }
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("explain.schema.json", &schema());
}
