//! What regorus 0.14.1 gets wrong, recorded: each test asserts today's wrong behaviour, so that a release that mends it
//! is noticed, and says which guard of ours stands in front. regorus is used directly here, without the guards.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use regorus::{Engine, Value};
use serde_json::json;

fn engine(files: &[&str]) -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    for (index, text) in files.iter().enumerate() {
        engine.add_policy(format!("{index}.rego"), (*text).to_owned()).unwrap();
    }
    engine
}

/// What a query gives: a JSON value, `undefined`, or `error`.
fn ask(engine: &mut Engine, query: &str) -> String {
    match engine.eval_query(query.to_owned(), false) {
        Err(_) => "error".to_owned(),
        Ok(results) => match results.result.first().and_then(|row| row.expressions.first()) {
            None => "undefined".to_owned(),
            Some(expression) if expression.value == Value::Undefined => "undefined".to_owned(),
            Some(expression) => expression.value.to_json_str().unwrap(),
        },
    }
}

fn answer(rules: &str, input: serde_json::Value) -> String {
    let mut engine = engine(&[&format!("package p\n{rules}\n")]);
    engine.set_input(Value::from(input));
    ask(&mut engine, "data.p.x")
}

/// OPA moves operands in front of the `not`: the statement is undefined there, and true here.
/// Guard: `analyse/negation.rs` lets only what is always defined stand under `not`.
#[test]
fn an_undefined_operand_under_not_holds() {
    assert_eq!(
        answer("x := true if not input.a in data.missing", json!({"a": 1})),
        "true"
    );
    assert_eq!(
        answer("x := true if not startswith(input.missing, \"a\")", json!({})),
        "true"
    );
    assert_eq!(
        answer("f(a) := a\nx := true if not f(input.missing) == 1", json!({})),
        "true"
    );
}

/// The rules that a `with` value was computed from stay undefined inside the `with`, so a test can hold that should not.
/// Guard: `with` is refused outside tests (`analyse/walk.rs`); tests bind their documents to a local first, and run on OPA too
/// (`.ci/opa-parity`).
#[test]
fn a_computed_with_value_hides_the_rules_it_came_from() {
    let policy = "k := 20\ndeny contains \"a\" if input.v > k\nfixture := {\"v\": k + 1}\n";
    let lies = format!("{policy}x if {{\n\tcount(deny) == 0 with input as fixture\n}}");
    assert_eq!(answer(&lies, json!({})), "true", "undefined on OPA");
    let bound = format!("{policy}x if {{\n\tw := fixture\n\tcount(deny) == 1 with input as w\n}}");
    assert_eq!(answer(&bound, json!({})), "true");
}

/// The modifiers of `some … in` hold for the rest of the body; OPA ends them with the statement.
/// Guard: a test file that has them is refused (`suite/bind.rs`).
#[test]
fn modifiers_of_some_in_hold_for_the_rest_of_the_body() {
    let rules = "deny contains \"a\" if input.v > 20\nx := true if {\n\tsome _ in deny with input as {\"v\": 30}\n\tinput.v == 30\n}";
    assert_eq!(answer(rules, json!({"v": 1})), "true", "undefined on OPA");
}

/// A function's place is not taken by a value. Guard: `suite/hold.rs` refuses it.
#[test]
fn a_function_is_not_taken_the_place_of_by_a_value() {
    assert_eq!(
        answer("f(a) := a\nx := y if y := f(1) with data.p.f as 100", json!({})),
        "1",
        "100 on OPA"
    );
}

/// Where the feature `graph` is compiled in, `[path, value] := walk(x)` gives nothing and says nothing; here the function is
/// missing, which is loud. Guard: `walk` is not on the list of builtins (`builtins.rs`), so that the feature may come back.
#[test]
fn walk_is_not_there() {
    let pattern = "x contains p if {\n\t[p, v] := walk(input)\n\tv == 1\n}";
    assert_eq!(answer(pattern, json!({"a": 1})), "error", "OPA finds [[\"a\"]]");
}

/// OPA refuses to compile. Guard: no policy is ever given `data` of its own; `Program` has no way to add any.
#[test]
fn a_data_document_hides_a_rule() {
    let mut engine = engine(&["package p\nx contains \"found\"\n"]);
    engine.add_data(Value::from(json!({"p": {"x": []}}))).unwrap();
    assert_eq!(ask(&mut engine, "data.p.x"), "[]");
}

/// OPA refuses at least the function. Guards: `analyse` refuses unknown functions, unknown libraries and rules, rules that
/// nothing reaches, and paths that the schema does not have.
#[test]
fn a_misspelt_name_is_undefined() {
    assert_eq!(answer("x := true if data.p.tpyo == 1", json!({})), "undefined");
    assert_eq!(
        answer("x := true if { input.a == 2; nowhere(input.a) }", json!({"a": 1})),
        "undefined",
        "never called"
    );
    assert_eq!(
        answer("x := true if { input.a == 1; nowhere(input.a) }", json!({"a": 1})),
        "error"
    );
}

/// Guard: `http.send` is not on the list of builtins, and the feature is not compiled in.
#[test]
fn http_send_is_not_there() {
    let rules = "x := true if http.send({\"method\": \"get\", \"url\": \"https://example.com\"}).status_code == 200";
    assert!(["undefined", "error"].contains(&answer(rules, json!({})).as_str()));
}

/// OPA goes through nothing. Guard: `analyse/walk.rs` refuses `some … in` and `every … in` on a path that may be null.
#[test]
fn going_through_null_with_some_in_is_an_error() {
    assert_eq!(
        answer("x := count([v | some v in input.n])", json!({"n": null})),
        "error",
        "OPA says 0"
    );
    assert_eq!(answer("x := count([v | v := input.n[_]])", json!({"n": null})), "0");
    assert_eq!(answer("x := \"a\" in input.n", json!({"n": null})), "false");
}

/// OPA accepts it. It is loud here: the whole engine fails, and the loader says so when it loads a check.
#[test]
fn a_some_variable_of_a_rules_name_fails() {
    let rules = "staff := 1\nx := count([staff | some staff in input.staff])";
    assert_eq!(answer(rules, json!({"staff": [1]})), "error", "OPA says 1");
}

/// Guard: every check is loaded alone before checks are joined (`check/load.rs`).
#[test]
fn one_module_that_cannot_be_scheduled_fails_all() {
    let mut engine = engine(&["package p\nx := 1\n", "package q\ny := z if w > 1\n"]);
    assert_eq!(ask(&mut engine, "data.p.x"), "error");
}

/// Guards: neither builtin is on the list, and `Program` catches what unwinds.
#[test]
fn two_builtins_panic() {
    for call in ["object.subset(input.v, [])", "strings.count(input.s, \"\")"] {
        let asked = catch_unwind(AssertUnwindSafe(|| {
            answer(&format!("x := {call}"), json!({"v": [1], "s": "a"}))
        }));
        assert!(asked.is_err(), "{call} gives {asked:?}");
    }
}

/// The parser takes twice as long for each level. Guard: `SourceFile::refuse_deep_nesting`, twelve levels.
///
/// Measured as a ratio: six levels more would be about 1.5 times as long if the time followed the length of the text.
#[test]
fn parsing_doubles_with_each_level_of_nesting() {
    let parse = |depth: usize| {
        let text = format!("package p\nx := {}1{}\n", "[".repeat(depth), "]".repeat(depth));
        let once = || {
            let started = Instant::now();
            Engine::new().add_policy("p.rego".to_owned(), text.clone()).unwrap();
            started.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or(Duration::MAX)
    };
    let (shallow, deep) = (parse(7), parse(13));
    assert!(deep > shallow * 12, "{shallow:?} and {deep:?}");
}

/// The same on OPA, and no less a trap: null comes before every number. Guard: every date of a document is `{at, days}`,
/// and a policy asks for null first.
#[test]
fn null_is_less_than_every_number() {
    assert_eq!(answer("x := input.n <= 90", json!({"n": null})), "true");
}

/// Undefined on OPA, unless it raises builtin errors. Guard: an evaluation error is the verdict `error`, never a pass.
#[test]
fn arithmetic_on_null_is_an_error() {
    assert_eq!(answer("x := input.n + 1", json!({"n": null})), "error");
}

/// OPA moves what a head computes into the body: an undefined value lets the next `else` answer there, and ends the whole
/// function here. Guards: `else` is refused in checks (`analyse/walk.rs`), and found elsewhere (`lint/engines.rs`).
#[test]
fn an_undefined_value_before_an_else_ends_the_function() {
    let rules = "g(a) := 1 if a == 5\nf(a) := g(a) if a > 0 else := 2\nx := f(1)";
    assert_eq!(answer(rules, json!({})), "undefined", "OPA says 2");
}

/// OPA leaves the element out. Guards: the loader refuses it in checks (`analyse/walk.rs`), and `lint/engines.rs` finds it
/// elsewhere.
#[test]
fn an_undefined_element_among_others_is_an_error() {
    let rows = "some row in [{\"a\": 1}, {\"b\": 2}]";
    assert_eq!(
        answer(&format!("s contains row.b if {rows}\nx := s"), json!({})),
        "error",
        "OPA says [2]"
    );
    assert_eq!(
        answer(&format!("o[row.b] := 1 if {rows}\nx := o"), json!({})),
        "error",
        "OPA says {{2: 1}}"
    );
}
