//! Each construct alone, and how it may be written instead.

use super::{Parsed, Remark, Rows, always, engines, loops, names, never, unused};
use crate::rego::SourceFile;

const TOTAL: [&str; 2] = ["input.streams.*", "input.params.known"];

fn parsed(package: &str, rules: &str) -> Parsed {
    let file = SourceFile {
        path: format!("{package}.rego"),
        text: format!("package {package}\n{rules}\n"),
    };
    Parsed::new(&file).unwrap_or_else(|error| panic!("{error}\n{rules}"))
}

fn shown(remarks: &[Remark]) -> Vec<String> {
    let line = |remark: &Remark| {
        let topic = format!("{:?}", remark.topic);
        let words = topic.chars().map(|c| match c.is_uppercase() {
            true => format!("-{}", c.to_lowercase()),
            false => c.to_string(),
        });
        let topic: String = words.collect();
        let place = &remark.place;
        format!("{} {}:{}", topic.trim_start_matches('-'), place.line, place.column)
    };
    remarks.iter().map(line).collect()
}

fn engines_of(rules: &str) -> Vec<String> {
    shown(&engines(&parsed("p", rules), &[], &TOTAL, Rows::AsTheyCame))
}

#[test]
fn what_may_be_undefined_is_found_where_the_engines_differ() {
    let cases = [
        ("x if not input.a == 1", "undefined-under-not 2:10"),
        ("x if not f(input.a)\nf(_) := true", "undefined-under-not 2:12"),
        (
            "x if { some r in input.streams.u; not r.a in {1} }",
            "undefined-under-not 2:39",
        ),
        (
            "x if { some r in input.streams.u; not startswith(f(r), \"a\") }\nf(r) := r.a if r.b",
            "undefined-under-not 2:50",
        ),
        ("s contains r.a if some r in input.streams.u", "undefined-element 2:12"),
        (
            "s contains sprintf(\"%s\", [max(r)]) if some r in input.streams.u",
            "undefined-element 2:27",
        ),
        ("s contains input.params.other if true", "undefined-element 2:12"),
        ("o[r.a] := 1 if some r in input.streams.u", "undefined-element 2:3"),
        ("o[k] := r.a if some k, r in input.streams.u", "undefined-element 2:9"),
        ("f(r) := r.a if r.b == 1 else := 2", "undefined-before-else 2:9"),
        (
            "f(r) := 1 if r.b == 1 else := g(r) if r.c else := 3\ng(r) := 1 if r.d",
            "undefined-before-else 2:31",
        ),
        (
            "f(r) := l[0] if l := g(r) else := 3\ng(_) := []",
            "undefined-before-else 2:9",
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(engines_of(rules), [expected], "{rules}");
    }
}

#[test]
fn what_is_there_is_let_through() {
    let cases = [
        "x if not input.a",
        "x if not input.streams.u == []",
        "x if not f(1)\nf(a) if a == 2",
        "x if { a := input.a; not a == 1 }",
        "x if { input.a != 2; not input.a == 1 }",
        "x if { not input.a == 1; input.a != 2 }",
        "x if not y == 1\ndefault y := 2",
        "x if not y.a.b == 1\ny := {\"a\": {\"b\": 1}}",
        "x if not f(1) == 1\ndefault f(_) := 2\nf(a) := a if a == 3",
        "x if not f(1) == 1\nf(a) := 1 if a == 3 else := 2",
        "x if not o == {}\no[k] := 1 if some k in input.streams.u",
        "s contains input.params.known if true",
        "s contains r.a if { some r in input.streams.u; is_string(r.a) }",
        "s contains r.a if { some r in input.streams.u; is_string(object.get(r, \"a\", null)) }",
        "s contains r[k] if { some r in input.streams.u; some k in [\"a\"]; object.get(r, k, null) != null }",
        "s contains r.a if { some r in input.streams.u; object.get(r, \"a\", null) in [\"b\", \"c\"] }",
        "s contains r.a if { some r in input.streams.u; type_name(object.get(r, \"a\", null)) in [\"string\"] }",
        "f(r) := r.a if is_number(r.a) else := 2",
        "f(r) := r.a if ours(object.get(r, \"a\", null)) else := 2\nours(a) if a == 1",
        "f(r) := g(r)[0] if count(g(r)) > 0 else := 3\ng(_) := []",
        "f(r) := null if object.get(r, \"a\", null) == null else := r.a if r.b else := 3",
        // The last case of a function may be undefined, and so is the function.
        "f(r) := 1 if r.b else := r.a",
    ];
    for rules in cases {
        assert_eq!(engines_of(rules), [""; 0], "{rules}");
    }
}

#[test]
fn null_and_builtins_that_are_none() {
    let cases = [
        ("f(r) := [e | some e in r.list]", "null-iteration 2:24"),
        (
            "f(r) := [e | some e in object.get(r, \"list\", null)]",
            "null-iteration 2:24",
        ),
        (
            "f(r) if every e in g(r) { e == 1 }\ng(r) := r.list if r.list else := null",
            "null-iteration 2:20",
        ),
        ("x := walk(input)", "unsafe-builtin 2:6"),
        ("x := time.now_ns()", "unsafe-builtin 2:6"),
    ];
    for (rules, expected) in cases {
        assert_eq!(engines_of(rules), [expected], "{rules}");
    }
    let good = [
        "f(r) := [e | some e in r.list] if is_array(r.list)",
        "f(r) := [e | some e in object.get(r, \"list\", [])]",
        "x := [e | some e in input.streams.u]",
        "x := [e | some k in [\"u\"]; some e in input.streams[k]]",
        "x := [e | some r in y; some e in r.list]\ny := [{\"list\": []}]",
        "f(r) := [e | e := r.list[_]]",
    ];
    for rules in good {
        assert_eq!(engines_of(rules), [""; 0], "{rules}");
    }
    let file = parsed("p", "f(r) := [e | some e in r.list]");
    assert_eq!(
        engines(&file, &[], &TOTAL, Rows::Total),
        [],
        "a file's columns are there"
    );
}

#[test]
fn loops_in_loops_are_found() {
    let large = ["input.streams.*"];
    let of = |rules: &str| shown(&loops(&parsed("p", rules), &[], &large));
    let cases = [
        (
            "x if { some a in input.streams.u; some b in input.streams.v; a == b }",
            "nested-loop 2:45",
        ),
        (
            "x if { a := input.streams.u[_]; b := input.streams.v[_]; a == b }",
            "nested-loop 2:38",
        ),
        (
            "x if { some i, j; input.streams.u[i].role == input.streams.v[j].id }",
            "nested-loop 2:46",
        ),
        (
            "x if { input.streams.u[i].role == input.streams.v[j].id }",
            "nested-loop 2:35",
        ),
        (
            "x if { u := input.streams.u; v := input.streams.v; u[i].role == v[j].id }",
            "nested-loop 2:65",
        ),
        (
            "x if { some i; some a in input.streams.u[i]; f(a) }\nf(a) if input.streams.v[j].id == a",
            "nested-loop 2:46",
        ),
        (
            "x if { some a in input.streams.u; count([1 | some b in input.streams.v; a == b]) > 0 }",
            "nested-loop 2:56",
        ),
        (
            "x if { some a in input.streams.u; every b in input.streams.v { a == b } }",
            "nested-loop 2:46",
        ),
        (
            "x if { u := input.streams.u; some a in u; some b in u; a == b }",
            "nested-loop 2:53",
        ),
        (
            "x if { some a in y; some b in input.streams.v; a == b }\ny := [u | some u in input.streams.u]",
            "nested-loop 2:31",
        ),
        (
            "x := [f(u) | some u in input.streams.u]\nf(u) := [v | some v in input.streams.v; v == u]",
            "nested-loop 2:7",
        ),
        (
            "x := [f(u) | some u in input.streams.u]\nf(u) := g(u)\ng(u) if { some v in input.streams.v; v == u }",
            "nested-loop 2:7",
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(of(rules), [expected], "{rules}");
    }
    let good = [
        "x if { some i; input.streams.u[i].role == input.streams.v[i].id }",
        "x if { some a in input.streams.u; input.streams.v[a.id]; i := a.name; input.streams.v[i] }",
        "x if { input.streams.v[i].name == \"a\"; i := input.streams.u[_].role }",
        "x := [f(u) | some u in input.streams.u]\nf(u) := input.streams.v[u]",
        "x if { some a in input.streams.u; input.streams.v[y] }\ny := 1",
        "x if { every k, a in input.streams.u { input.streams.v[k] == a } }",
        "x if { some a in input.streams.u; some b in a.list; b == 1 }",
        "x if { some a in input.streams.u; y[a] }\ny[b] := true if some b in input.streams.v",
        "x := [1 | some a in input.streams.u]\ny := [1 | some b in input.streams.v]",
        "x if { count([1 | some a in input.streams.u; a]) > count([1 | some b in input.streams.v; b]) }",
        "x := [f(u) | some u in input.streams.u]\nf(u) := g(u)\ng(u) := f(u)",
    ];
    for rules in good {
        assert_eq!(of(rules), [""; 0], "{rules}");
    }
    let library = parsed("lib.a", "all(list) := [1 | some v in input.streams.v; v in list]");
    let user = parsed(
        "p",
        "import data.lib.a\nx if { some u in input.streams.u; a.all([u]) == [] }",
    );
    assert_eq!(shown(&loops(&user, &[&library], &large)), ["nested-loop 3:35"]);
}

#[test]
fn names_that_nothing_uses_are_found() {
    let of = |rules: &str| shown(&unused(&parsed("p", rules)));
    let cases: [(&str, &[&str]); 9] = [
        ("import input.a\nimport data.lib.b as c\nx := a", &["unused-import 3:1"]),
        ("x if { y := 1; input.a }", &["unused-variable 2:8"]),
        ("x if { some i, v in input.a; v == 1 }", &["unused-variable 2:13"]),
        ("x := [1 | some v in input.a]", &["unused-variable 2:16"]),
        ("x if { [a, b] := [1, 2]; a == 1 }", &["unused-variable 2:12"]),
        ("x if every k, v in input.a { v == 1 }", &["unused-variable 2:12"]),
        ("f(a, b) := a", &["unused-argument 2:6"]),
        // The same name in a scope of its own does not count.
        ("x if { some v in input.a; count([w | some w in input.b]) == v }", &[]),
        (
            "f(_, b) := [b | some _ in input.a]\nx := [v | some v in f(1, 2)]\ny if { some k; input.a[k] }",
            &[],
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(of(rules), expected, "{rules}");
    }
}

#[test]
fn names_are_in_lower_case() {
    let of = |rules: &str| shown(&names(&parsed("p", rules)));
    assert_eq!(
        of("isLeaver if { theDay := input.a; theDay == 1 }\nfacts.theExcess := 1\nf(anArgument) := anArgument"),
        ["name-case 2:1", "name-case 2:15", "name-case 3:7", "name-case 4:3"]
    );
    assert_eq!(
        of("is_leaver if { the_day2 := input.aB.cD; the_day2 == 1 }\np[x] := 1 if some x in input.a"),
        [""; 0]
    );
}

#[test]
fn a_reason_is_taken_away_or_always_given() {
    let policy = parsed(
        "p",
        "fail contains \"a\" if {\n\tinput.x\n}\n\nfail contains \"b\" if input.y\n\nfail contains \"a\" if input.z\n\nskip contains \"a\" if input.s",
    );
    let without = never(&policy, "fail", "a");
    assert!(
        !without.contains("input.x") && !without.contains("input.z"),
        "{without}"
    );
    assert!(without.contains("input.y") && without.contains("input.s"), "{without}");
    assert!(without.ends_with("fail contains \"a\" if false\n"), "{without}");
    let lines = |text: &str| text.lines().position(|line| line.starts_with("skip"));
    assert_eq!(
        lines(&without),
        lines(&policy.file().text),
        "what is left stays on its lines"
    );
    for last in ["input.x == \"y\"", "input.x == `y`", "input.x in {\"y\"}"] {
        let policy = parsed("p", &format!("fail contains \"a\" if {last}"));
        let without = never(&policy, "fail", "a");
        assert_eq!(without.lines().nth(1), Some(""), "{without}");
    }
    assert!(always(&policy, "skip", "a").ends_with("skip contains \"a\"\n"));
}
