use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use super::*;

fn probe(files: &[(&str, &str)]) -> Probe {
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    };
    let files: Vec<SourceFile> = files.iter().map(file).collect();
    let limits = Limits {
        time: Duration::from_secs(2),
    };
    Probe::new(&files, limits).unwrap()
}

/// The definitions of `data.p.<name>` on an input, told as lines.
fn told(text: &str, name: &str, input: serde_json::Value) -> String {
    let probe = probe(&[("p.rego", text)]);
    lines(&probe.rule("p", name, None, Some(input)).unwrap())
}

fn lines(definitions: &[Definition]) -> String {
    let mut text = String::new();
    definitions.iter().for_each(|one| write(one, 0, &mut text));
    text
}

fn write(definition: &Definition, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match &definition.outcome {
        Outcome::Holds => writeln!(text, "{indent}holds: {}", definition.text).unwrap(),
        Outcome::NotTold => writeln!(text, "{indent}not told: {}", definition.head).unwrap(),
        Outcome::Stops(statement) => {
            let line = statement.place.line;
            writeln!(text, "{indent}{} stops at {line}: {}", definition.head, statement.text).unwrap();
            if let Some(error) = &statement.error {
                writeln!(text, "{indent}  error: {error}").unwrap();
            }
            for one in &statement.tries {
                let values: Vec<String> = one
                    .values
                    .iter()
                    .map(|named| format!("{} = {}", named.text, named.literal.as_deref().unwrap_or("undefined")))
                    .collect();
                writeln!(text, "{indent}  - {}", values.join("; ")).unwrap();
                one.inside.iter().for_each(|inside| write(inside, depth + 2, text));
            }
            if statement.more > 0 {
                writeln!(text, "{indent}  and {} more", statement.more).unwrap();
            }
        }
    }
}

const CHECK: &str = r#"package p

import input.account
import input.staff

fail contains "active" if {
	account.state == "active"
	staff.status == "offboarded"
}

fail contains "active" if {
	account.state in {"active", "invited"}
	count(staff.roles) == 0
}

fail contains "other" if account.state == "other"
"#;

#[test]
fn each_definition_has_its_own_outcome() {
    let input = json!({"account": {"state": "active"}, "staff": {"status": "current", "roles": []}});
    insta::assert_snapshot!(told(CHECK, "fail", input));
}

#[test]
fn a_code_chooses_its_definitions() {
    let probe = probe(&[("p.rego", CHECK)]);
    let input = json!({"account": {"state": "deleted"}, "staff": {"status": "current", "roles": ["a"]}});
    let found = probe.rule("p", "fail", Some("other"), Some(input)).unwrap();
    insta::assert_snapshot!(lines(&found));
    assert!(probe.rule("p", "fial", None, None).is_err());
    assert!(probe.rule("p", "fail", Some("none"), None).is_err());
}

#[test]
fn undefined_operands_are_told() {
    let text = "package p\nx if {\n\ty := input.a.b\n\ty > input.limit\n}\n";
    insta::assert_snapshot!(told(text, "x", json!({"a": {}})));
    insta::assert_snapshot!(told(text, "x", json!({"a": {"b": 1}})));
    insta::assert_snapshot!(told(text, "x", json!({"a": {"b": 1}, "limit": 3})));
}

const LIBRARY: &str = r#"package lib.access

covers(rule, staff) if {
	names_role(rule, staff.roles)
	rule.open
}

names_role(rule, _) if rule.roles == null

names_role(rule, held) if {
	role := rule.roles[_]
	role in held
}
"#;

#[test]
fn it_goes_into_functions_of_a_library_for_each_way() {
    let text = r#"package p

import data.lib.access

covered if {
	some rule in input.rules
	access.covers(rule, input.staff)
}

fail contains "x" if {
	input.on
	not covered
}

fail contains "y" if covered
"#;
    let probe = probe(&[("p.rego", text), ("lib/access.rego", LIBRARY)]);
    let rule = |name: &str, roles: serde_json::Value, open: bool| json!({"name": name, "roles": roles, "open": open, "note": "so long that nobody would want to read all of it here"});
    let input = json!({
        "on": true,
        "staff": {"roles": ["engineer"]},
        "rules": [rule("sales", json!(["sales", "support"]), true), rule("all", json!(null), false)],
    });
    let found = probe.rule("p", "fail", None, Some(input.clone())).unwrap();
    insta::assert_snapshot!(lines(&found));
    let mut open = input;
    open["rules"][1]["open"] = json!(true);
    let found = probe.rule("p", "fail", Some("x"), Some(open)).unwrap();
    insta::assert_snapshot!(lines(&found));
}

#[test]
fn a_test_is_followed_through_with_into_the_policy() {
    let test = r#"package p_test

import data.p as check

document := {"account": {"state": "active"}, "staff": {"status": "current", "roles": ["a"]}}

fails(document, codes) if check.fail == codes with input as document

test_equal if {
	w := document
	check.fail == {"active"} with input as w
}

test_function if {
	w := document
	fails(w, {"active"})
}

test_too_many if {
	w := object.union(document, {"staff": {"roles": []}})
	count(check.fail) == 0 with input as w
}

test_member if {
	w := document
	"other" in check.fail with input as w
}

test_every if {
	every state in ["other", "active", "gone"] {
		w := object.union(document, {"account": {"state": state}})
		"other" in check.fail with input as w
	}
}
"#;
    let probe = probe(&[("p.rego", CHECK), ("p_test.rego", test)]);
    let mut text = String::new();
    for name in [
        "test_equal",
        "test_function",
        "test_too_many",
        "test_member",
        "test_every",
    ] {
        text += &lines(&probe.rule("p_test", name, None, None).unwrap());
    }
    insta::assert_snapshot!(text);
}

#[test]
fn comprehensions_are_values_and_their_variables_stay_inside() {
    let text = r#"package p
x if {
	limit := 2
	big := [n |
		some n in input.list # why
		n > limit
	]
	count({n | n := big[_]}) == limit - 1
}
y := sort([n | some n in input.list])[0] == 9
"#;
    let input = json!({"list": [1, 3, 4]});
    insta::assert_snapshot!(told(text, "x", input.clone()));
    insta::assert_snapshot!(told(text, "y", input));
}

#[test]
fn not_says_what_holds() {
    let text = r#"package p
a if not input.word in {"x", "y"}
b if not dead(input.rule)
c if {
	input.word
	not d
}
d if input.word == "x"
dead(rule) if rule.held_by == 0
dead(rule) if rule.roles == []
"#;
    let input = json!({"word": "x", "rule": {"held_by": 2, "roles": []}});
    insta::assert_snapshot!(told(text, "a", input.clone()));
    insta::assert_snapshot!(told(text, "b", input.clone()));
    insta::assert_snapshot!(told(text, "c", input));
}

#[test]
fn parameters_that_do_not_fit_and_values_of_functions_are_told() {
    let text = r#"package p
word("a") := "first"
word("b") := "second" if input.on
x if word(input.letter) == "second"
"#;
    insta::assert_snapshot!(told(text, "x", json!({"letter": "a", "on": true})));
    insta::assert_snapshot!(told(text, "x", json!({"letter": "b", "on": false})));
}

#[test]
fn an_error_stops_where_it_is_raised() {
    let text = "package p\nx if {\n\tinput.a\n\tinput.n + 1 > 0\n}\n";
    insta::assert_snapshot!(told(text, "x", json!({"a": true, "n": null})));
}

#[test]
fn declared_variables_bind_where_they_are_used() {
    let text = "package p\nx if {\n\tsome i\n\ty := input.list[i]\n\ti > 0\n\ty == 2\n}\n";
    insta::assert_snapshot!(told(text, "x", json!({"list": [2, 3, 4]})));
}

/// A loop is stopped at the limit, and is not gone through again for every detail.
#[test]
fn a_policy_that_loops_is_explained_as_far_as_the_time_goes() {
    let text = "package p\nx if {\n\tinput.on\n\tcount([1 | some a in input.v; some b in input.v; some c in input.v; some d in input.v; a + b + c + d < 0]) == 0\n\tinput.off\n}\n";
    let file = SourceFile {
        path: "p.rego".to_owned(),
        text: text.to_owned(),
    };
    let limits = Limits {
        time: Duration::from_millis(100),
    };
    let probe = Probe::new(&[file], limits).unwrap();
    let input = json!({"on": true, "off": false, "v": (0..300).collect::<Vec<_>>()});
    let found = probe.rule("p", "x", None, Some(input)).unwrap();
    let Outcome::Stops(statement) = &found[0].outcome else {
        panic!("{found:?}");
    };
    assert_eq!(statement.place.line, 4);
    assert!(statement.error.is_some(), "{statement:?}");
}

#[test]
fn each_else_is_a_body_of_its_own() {
    let text = "package p\nx := 1 if {\n\tinput.a\n} else := 2 if {\n\tinput.b\n}\n";
    insta::assert_snapshot!(told(text, "x", json!({"a": false, "b": true})));
}
