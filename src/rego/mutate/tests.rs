//! Which changes are made to a policy, and that each gives one that parses.

use super::*;

fn changes(rules: &str, words: &[&[&str]]) -> String {
    let file = SourceFile {
        path: "p.rego".to_owned(),
        text: format!("package p\n\n{rules}\n"),
    };
    let words: Vec<Vec<String>> = words
        .iter()
        .map(|list| list.iter().map(|word| (*word).to_owned()).collect())
        .collect();
    let found = mutants(&file, &words).unwrap();
    for mutant in &found {
        mutant
            .changed
            .parse()
            .unwrap_or_else(|error| panic!("{}\n{error}", mutant.changed.text));
        assert_eq!(
            mutant.changed.text.lines().count(),
            file.text.lines().count(),
            "{}",
            mutant.changed.text
        );
    }
    let line = |mutant: &Mutant| {
        format!(
            "{}:{} {}: {}",
            mutant.place.line, mutant.place.column, mutant.what, mutant.after
        )
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_is_taken_away_and_each_of_its_conditions() {
    insta::assert_snapshot!(
        "a_rule",
        changes(
            "fail contains \"late\" if {\n\tinput.days > 90\n\tnot input.gone\n}",
            &[]
        )
    );
}

#[test]
fn a_set_is_narrowed_and_widened_by_the_words_of_its_field() {
    let words: &[&[&str]] = &[&["active", "inactive", "unknown"], &["yes", "no"]];
    insta::assert_snapshot!(
        "a_set",
        changes(
            "skip contains \"x\" if input.state in {\"active\", \"inactive\"}",
            words
        )
    );
    insta::assert_snapshot!("a_word", changes("skip contains \"x\" if input.mfa == \"no\"", words));
}

#[test]
fn what_others_need_is_not_dropped() {
    insta::assert_snapshot!(
        "bindings",
        changes(
            "x contains name if {\n\tsome row in input.rows\n\tname := lower(row.name)\n\trow.on == true\n}",
            &[]
        )
    );
}

#[test]
fn functions_defaults_and_comprehensions_are_changed_too() {
    let rules =
        "default n := 3\n\nf(x) := x + 1 if x >= 0\n\nlist := [v | some v in input.l; v != \"\"]\n\ng(_) := \"a\"";
    insta::assert_snapshot!("functions", changes(rules, &[]));
}

/// Where the engine's spans mislead: a record on the right, a comment that ends in `if`, a text at the end.
#[test]
fn every_change_gives_a_policy_that_parses() {
    let rules = "a if input.b == {\"v\": 1, \"s\": 2}\n\nb if not input.b != {\"v\": [1, 2], \"s\": {\"x\"}}\n\nc if {\n\t# only so if\n\tinput.a == 1\n}\n\nd if # why if\n\tinput.a == \"x\"\n\ne := x if { x := input.l; y := x; y == {\"a\": 1} }\n\nf if ((input.a + 1) * 2) > (3 - input.b)";
    let changed = changes(rules, &[]);
    assert!(changed.lines().count() > 25, "{changed}");
    for line in [
        "a if input.b != {\"v\": 1, \"s\": 2}",
        "3:1 takes this rule away",
        "12:1 takes this rule away: { false; input.a == \"x\" }",
        "f if ((input.a - 1) * 2) > (3 - input.b)",
    ] {
        assert!(changed.contains(line), "{line} is not in\n{changed}");
    }
    assert!(!changed.contains("e := x if { true; y := x"), "{changed}");
}
