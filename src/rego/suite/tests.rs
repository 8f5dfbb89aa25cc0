//! What a test may say, and what is refused because one of the engines would get it wrong without a word.

use std::time::Duration;

use super::*;

const POLICY: &str = "package checks.p\n\nk := 20\n\nfail contains \"a\" if input.v > k\n\nmk(n) := {\"v\": k + n}\n\nbig if cap(input.v) > k\n\ncap(x) := x\n";

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// What becomes of every test of a file, in order; or why none of them runs.
fn outcomes(rules: &str, look: Option<Look>) -> Result<Vec<String>, String> {
    let text = format!("package checks.p_test\n\nimport data.checks.p\n\n{rules}\n");
    let limits = Limits {
        time: Duration::from_millis(400),
    };
    let run = || {
        let test = TestFile::parse(&file("p_test.rego", &text))?;
        let around = Surroundings::load(&[], std::slice::from_ref(&test), look.clone(), limits)?;
        let mut suite = around.with(&[file("p.rego", POLICY)])?;
        let held = test.tests.iter().map(|test| match suite.run(test).held {
            Held::Yes => "yes".to_owned(),
            Held::No => "no".to_owned(),
            Held::Value(value) => value,
            Held::Error(error) => error.to_string(),
        });
        Ok(held.collect())
    };
    run().map_err(|error: RegoError| error.to_string())
}

fn refused(rules: &str) -> String {
    outcomes(rules, None).expect_err(rules)
}

#[test]
fn a_name_that_stands_for_nothing_is_refused() {
    let cases = [
        (
            "test_a if not \"a\" in p.fial",
            "p_test.rego:5:22: `checks.p` has no `fial`",
        ),
        (
            "test_a if not data.checks.p.fial",
            "p_test.rego:5:15: `checks.p` has no `fial`",
        ),
        (
            "test_a if not data.checks.q.fail",
            "p_test.rego:5:15: there is no package `checks.q.fail` here",
        ),
        ("test_a if count(data.checks) > 0", "yes"),
        (
            "test_a if { some name in [\"fail\"]; p[name] == set() with input as {\"v\": 1} }",
            "yes",
        ),
    ];
    for (rules, expected) in cases {
        let said = outcomes(rules, None).map_or_else(|error| error, |held| held.concat());
        assert_eq!(said, expected, "{rules}");
    }
    let import = "import data.checks.other\n\ntest_a if not other.fail";
    assert_eq!(
        refused(import),
        "p_test.rego:5:1: there is no package `checks.other` here"
    );
}

#[test]
fn no_function_is_taken_the_place_of() {
    for (rules, of) in [
        (
            "g(x) := 100\n\ntest_a if count([1 | p.big with p.cap as g with input as {\"v\": 3}]) == 0",
            "checks.p.cap",
        ),
        (
            "test_a if not p.big with p.cap as 100 with input as {\"v\": 3}",
            "checks.p.cap",
        ),
        ("c(x) := 1\n\ntest_a if count(\"abc\") == 1 with count as c", "count"),
    ] {
        let said = refused(rules);
        assert!(
            said.ends_with(&format!("`with` would take the place of `{of}`, a function")),
            "{said}"
        );
    }
    let allowed = "test_a if p.fail == {\"a\"} with p.k as 2 with input as {\"v\": 3}\n\ntest_b if time.now_ns() == 5 with time.now_ns as 5";
    assert_eq!(outcomes(allowed, None), Ok(vec!["yes".to_owned(), "yes".to_owned()]));
}

#[test]
fn what_could_not_run_is_no_test() {
    for rule in [
        "test_a contains \"x\" if false",
        "test_b.x := false",
        "test_c(x) := false",
        "default test_d := true",
    ] {
        let said = refused(&format!("test_z if true\n\n{rule}"));
        assert!(said.ends_with("is no test that could be run"), "{said}");
    }
    assert!(refused("f(x) if g(x)\n\ng(x) if f(x)\n\ntest_a if f(1)").ends_with("leads back to itself"));
}

#[test]
fn tests_add_nothing_to_what_they_test() {
    let test = TestFile::parse(&file(
        "p_test.rego",
        "package checks.p\n\nfail contains \"b\"\n\ntest_a if true\n",
    ));
    let limits = Limits {
        time: Duration::from_secs(1),
    };
    let around = Surroundings::load(&[], &[test.unwrap()], None, limits).unwrap();
    let said = around.with(&[file("p.rego", POLICY)]).err().unwrap().to_string();
    assert_eq!(
        said,
        "p_test.rego:1:1: the tests stand in the package of the policy, `checks.p`, and would add to it"
    );
}

/// Whoever looks sees every document, and can be given no part of one.
#[test]
fn every_document_is_looked_at() {
    let said = Said::default();
    let look: Look = {
        let said = said.clone();
        Arc::new(move |document| said.saw(Some(document.to_string())))
    };
    let rules = "fails(w) if p.fail == {\"a\"} with input as w\n\ntest_a if fails(p.mk(1))\n\ntest_b if { every n in [2, 3] { fails(p.mk(n)) } }";
    assert_eq!(outcomes(rules, Some(Arc::clone(&look))), Ok(vec!["yes".to_owned(); 2]));
    let looked = said.take();
    assert_eq!(
        (looked.documents, looked.lines.concat().as_str()),
        (3, "{\"v\":21}{\"v\":22}{\"v\":23}")
    );
    let part = outcomes("test_a if p.fail == set() with input.v as 3", Some(look));
    assert!(part.unwrap_err().ends_with("a part of a document is given"));
}

/// regorus leaves what `with` gave in force when it panics; one that was stopped goes on well.
#[test]
fn what_befalls_one_test_is_no_matter_of_the_next() {
    let rules = "test_a if object.subset(input.l, []) with input as {\"l\": [1], \"v\": 30}\n\ntest_b if input.v == 30\n\n\
        test_c if { count([1 | some a in numbers(300); some b in numbers(300); some c in numbers(300); concat(\"\", [a, b, c]) != \"?\"]) > 0 }\n\n\
        numbers(n) := [x | some x in split(sprintf(\"%0300d\", [n]), \"\"); x != \"?\"]\n\n\
        test_d if p.fail == {\"a\"} with input as {\"v\": 30}";
    let held = outcomes(rules, None).unwrap();
    assert!(held[0].contains("panicked"), "{held:?}");
    assert_eq!(held[1], "no", "what the first gave is gone: {held:?}");
    assert_eq!(held[3], "yes", "{held:?}");
}
