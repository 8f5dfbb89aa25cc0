//! What policies read, and what is refused, by example.

use std::collections::BTreeMap;

use super::*;
use crate::error::Explain;
use crate::rego::SourceFile;

fn schema() -> Schema {
    Schema::from_json(&serde_json::from_str(include_str!("../../../policies/schemas/account.schema.json")).unwrap())
}

fn library() -> BTreeMap<String, Package> {
    let text = "package lib.accounts\n\nsigns_in(account) if account.state == \"active\"\n\nopen := {\"active\", \"invited\"}\n\nadministers if input.account.admin == \"full\"\n";
    let file = SourceFile {
        path: "lib.rego".to_owned(),
        text: text.to_owned(),
    };
    [("lib.accounts".to_owned(), Package::parse(&file).unwrap())].into()
}

fn run(body: &str) -> Result<Analysis, RegoError> {
    let file = SourceFile {
        path: "check.rego".to_owned(),
        text: format!("package checks.t\n{body}\n"),
    };
    analyse(&Package::parse(&file)?, &library(), &schema())
}

/// Everything that the reasons of a check look at, joined.
fn reads(body: &str) -> String {
    let mut all = ReadSet::default();
    for output in run(body).unwrap_or_else(|error| panic!("{error}")).outputs {
        all.join(&output.reads);
    }
    all.looked_at()
        .map(|(path, _)| path.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn what_a_policy_reads() {
    let cases = [
        (
            "a comparison",
            "fail contains \"a\" if input.account.state == \"active\"",
            "account.state",
        ),
        (
            "an import is handed on",
            "import input.account\nfail contains \"a\" if account.state == \"active\"",
            "account.state",
        ),
        (
            "a variable is handed on",
            "fail contains \"a\" if { x := input.account; y := x.last_login; y.days > 3 }",
            "account.last_login.days",
        ),
        (
            "a builtin reads whole",
            "fail contains \"a\" if count(input.system.access.rules) == 0",
            "system.access.rules",
        ),
        (
            "going through a list counts it",
            "fail contains \"a\" if not any\nany if some _ in input.system.access.rules",
            "system.access.rules",
        ),
        (
            "fields of elements",
            "fail contains \"a\" if { some r in input.system.access.rules; r.ticket }",
            "system.access.rules system.access.rules[].ticket",
        ),
        (
            "an index into a list",
            "fail contains \"a\" if input.system.access.rules[_].ticket",
            "system.access.rules system.access.rules[].ticket",
        ),
        (
            "every",
            "fail contains \"a\" if { every r in input.system.access.rules { not r.all_staff } }",
            "system.access.rules system.access.rules[].all_staff",
        ),
        (
            "a record indexed by a variable",
            "fail contains \"a\" if { some k in [\"id\"]; input.staff[k] == \"x\" }",
            "staff",
        ),
        (
            "a record gone through",
            "fail contains \"a\" if { some k, v in input.staff.exit; v == null; k == \"at\" }",
            "staff.exit",
        ),
        (
            "a plain parameter is handed on",
            "fail contains \"a\" if open(input.account)\nopen(a) if a.state == \"active\"",
            "account.state",
        ),
        (
            "a pattern parameter is not",
            "fail contains \"a\" if f([input.account.id, input.account.name])\nf([x, y]) if x == y",
            "account.id account.name",
        ),
        (
            "a library's function",
            "import data.lib.accounts\nfail contains \"a\" if accounts.signs_in(input.account)",
            "account.state",
        ),
        (
            "a library's rule",
            "import data.lib.accounts\nfail contains \"a\" if accounts.administers",
            "account.admin",
        ),
        (
            "a helper rule",
            "fail contains \"a\" if leaver\nleaver if input.staff.status == \"offboarded\"",
            "staff.status",
        ),
        (
            "a head reads whole",
            "fail contains \"a\" if count(people) > 0\npeople contains input.staff",
            "staff",
        ),
        (
            "a comprehension's term",
            "fail contains \"a\" if count({x | some r in input.system.access.rules; x := r.name}) > 1",
            "system.access.rules system.access.rules[].name",
        ),
        (
            "input itself",
            "fail contains \"a\" if { x := input; count(x) > 1 }",
            "input",
        ),
        (
            "a bare place is looked at",
            "fail contains \"a\" if input.system.critical",
            "system.critical",
        ),
        (
            "a name for nothing",
            "fail contains \"a\" if { x := input.staff; input.system.critical }",
            "system.critical",
        ),
        ("params", "fail contains \"a\" if input.params.limit > 3", "params"),
    ];
    for (what, body, expected) in cases {
        assert_eq!(reads(body), expected, "{what}");
    }
}

#[test]
fn each_reason_has_its_own_read_set() {
    let analysis = run("skip contains \"s\" if input.system.critical == false\nfail contains \"f\" if input.account.admin == \"full\"\nfacts.who := input.account.name").unwrap();
    let listed: Vec<String> = analysis
        .outputs
        .iter()
        .map(|output| {
            let paths: Vec<String> = output.reads.looked_at().map(|(path, _)| path.to_string()).collect();
            format!("{} {}: {}", output.output.name(), output.code, paths.join(" "))
        })
        .collect();
    assert_eq!(
        listed,
        [
            "skip s: system.critical",
            "fail f: account.admin",
            "facts who: account.name"
        ]
    );
}

#[test]
fn what_is_refused() {
    let cases = [
        (
            "fail contains \"a\" if input.account.stat == \"active\"",
            "check.rego:2:36: `account` has no `stat` | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if input.account.state == \"actve\"",
            "check.rego:2:46: `account.state` is never \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if input.account.state in {\"active\", \"invted\"}",
            "check.rego:2:57: `account.state` is never \"invted\" | did you mean `invited`?",
        ),
        (
            "import input.account\nfail contains \"a\" if account.state in open\nopen := {\"actve\"}",
            "check.rego:4:11: `account.state` is never \"actve\" | did you mean `active`?",
        ),
        (
            "import input.acount\nfail contains \"a\" if acount.state == \"active\"",
            "check.rego:3:22: `input` has no `acount` | did you mean `account`?",
        ),
        (
            "fail contains \"a\" if { some r in input.system.access.rules; r.nmae == \"x\" }",
            "check.rego:2:63: `system.access.rules[]` has no `nmae` | did you mean `name`?",
        ),
        (
            "fail contains \"a\" if f(input.account)\nf(x) if x.stat == \"active\"",
            "check.rego:3:11: `account` has no `stat` | did you mean `state`?",
        ),
        (
            "fial contains \"a\" if input.account.state == \"active\"",
            "check.rego:2:1: nothing reaches the rule `fial` | did you mean `fail`?",
        ),
        (
            "helper if input.account.state == \"active\"",
            "check.rego:2:1: nothing reaches the rule `helper` | use it in `skip`, `fail`, `unknown` or `facts`, or delete it",
        ),
        (
            "fail contains x if x := input.account.state",
            "check.rego:2:15: a reason code of `fail` is computed | write one rule per reason: `fail contains \"the_code\" if …`",
        ),
        (
            "fail := true",
            "check.rego:2:1: `fail` is not a set of reason codes | write `fail contains \"the_code\" if …`",
        ),
        (
            "fail contains \"a\" if http.send({}).status == 200",
            "check.rego:2:22: `http.send` is no function that a check may call | a check may call its own functions, a library's, and pure builtins",
        ),
        (
            "fail contains \"a\" if time.now_ns() > 1",
            "check.rego:2:22: `time.now_ns` is no function that a check may call | the time is `input.now`",
        ),
        (
            "fail contains \"a\" if strtswith(input.now, \"2\")",
            "check.rego:2:22: `strtswith` is no function that a check may call | did you mean `startswith`?",
        ),
        (
            "fail contains \"a\" if startswith(input.now)",
            "check.rego:2:22: `startswith` takes 2 arguments, not 1 | an answer is taken with `:=`, not with one more argument",
        ),
        (
            "fail contains \"a\" if data[input.now]",
            "check.rego:2:22: `data` is looked at as a whole | name the library rule: `data.lib.<library>.<rule>`",
        ),
        (
            "import data.checks.other\nfail contains \"a\" if other.x",
            "check.rego:2:1: `data.checks.other` cannot be imported | a check sees `input.…` and `data.lib.…`, nothing else",
        ),
        (
            "import data.lib.acounts\nfail contains \"a\" if acounts.administers",
            "check.rego:3:22: there is no library `lib.acounts` | did you mean `lib.accounts`?",
        ),
        (
            "fail contains \"a\" if input.system.critical with input as {}",
            "check.rego:2:44: `with` outside a test | write the condition on the input itself; `with` is for tests",
        ),
        (
            "fail contains \"a\" if f(1)\nf(x) if f(x)",
            "check.rego:3:9: `f` leads back to itself | a rule may not need its own answer",
        ),
        (
            "fail contains \"a\" if f(1)\nf(x) := 1 if x == 1 else := 2",
            "check.rego:3:21: `else` does not mean the same on every engine | write a rule of its own for each case",
        ),
        (
            "fail contains \"a\" if { some x in input.system.access.rules[_].staff_roles; x == \"b\" }",
            "check.rego:2:34: `system.access.rules[].staff_roles` may be null, and going through null is an error on one engine only | `x := list[_]` goes through it on every engine",
        ),
        (
            "fail contains \"a\" if not startswith(prefix, \"x\")\nprefix := \"x\" if input.system.critical",
            "check.rego:2:37: this may be undefined, and stands under `not` | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if { y.state == \"active\"; y := input.account }",
            "check.rego:2:24: `y` is used above the statement that binds it | move the binding up",
        ),
        (
            "facts := {\"a\": 1}",
            "check.rego:2:1: a fact is not named | write `facts.<name> := …`",
        ),
    ];
    let mut wrong = Vec::new();
    for (body, expected) in cases {
        let error = run(body).err().unwrap_or_else(|| panic!("accepted: {body}"));
        let said = format!("{error} | {}", error.help().unwrap_or_default());
        if said != expected {
            wrong.push(format!("{body}\n  expected {expected}\n  said     {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_let_through_under_not() {
    for body in [
        "fail contains \"a\" if not input.account.state in {\"active\"}",
        "fail contains \"a\" if not leaver\nleaver if input.staff.status == \"offboarded\"",
        "fail contains \"a\" if not input.staff.id in people\npeople contains id if id := input.account.id",
        "fail contains \"a\" if { x := input.account.id; not startswith(x, \"b\") }",
        "fail contains \"a\" if { some r in input.system.access.rules; not allows(r) }\nallows(r) if r.all_staff",
    ] {
        if let Err(error) = run(body) {
            panic!("{error}: {body}");
        }
    }
}
