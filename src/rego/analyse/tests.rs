//! What policies read, and what is refused, by example.

use std::collections::BTreeMap;

use super::*;
use crate::error::Explain;
use crate::rego::SourceFile;

fn schema() -> Schema {
    Schema::from_json(&serde_json::from_str(include_str!("../../../policies/schemas/account.schema.json")).unwrap())
}

const LIBRARY: &str = "package lib.accounts\n\nsigns_in(account) if account.state == \"active\"\n\nwrong := {\"actve\"}\n\nadministers if input.account.admin == \"full\"\n";

fn library() -> BTreeMap<String, Package> {
    let file = SourceFile {
        path: "lib.rego".to_owned(),
        text: LIBRARY.to_owned(),
    };
    [("lib.accounts".to_owned(), Package::parse(&file).unwrap())].into()
}

/// What a frame marks.
fn marked(error: &RegoError, body: &str) -> String {
    let file = |path: &str, text: String| SourceFile {
        path: path.to_owned(),
        text,
    };
    let files = [
        file("lib.rego", LIBRARY.to_owned()),
        file("check.rego", format!("package checks.t\n{body}\n")),
    ];
    let frame = error.frame(&files).unwrap_or_else(|| panic!("no frame: {error}"));
    frame
        .line
        .chars()
        .skip(frame.place.column - 1)
        .take(frame.width)
        .collect()
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
            "fail contains \"a\" if { x := input.account; y := x.last_login; y.days != null; y.days > 3 }",
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
        (
            "a name with several indices",
            "fail contains \"a\" if p.active.now\np[input.account.state].now := true",
            "account.state",
        ),
        (
            "an index before the last",
            "fail contains \"a\" if p.active.current\np[input.account.state][input.staff.status] := true",
            "account.state staff.status",
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
            "check.rego:2:36: `account` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if input.account.state == \"actve\"",
            "check.rego:2:45: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if input.account.state in {\"active\", \"invted\"}",
            "check.rego:2:56: `account.state` is never \"invted\" | \"invted\" | did you mean `invited`?",
        ),
        (
            "import input.account\nfail contains \"a\" if account.state in open\nopen := {\"actve\"}",
            "check.rego:4:10: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "import input.acount\nfail contains \"a\" if acount.state == \"active\"",
            "check.rego:3:22: `input` has no `acount` | acount | did you mean `account`?",
        ),
        (
            "fail contains \"a\" if { some r in input.system.access.rules; r.nmae == \"x\" }",
            "check.rego:2:63: `system.access.rules[]` has no `nmae` | nmae | did you mean `name`?",
        ),
        (
            "fail contains \"a\" if f(input.account)\nf(x) if x.stat == \"active\"",
            "check.rego:3:11: `account` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fial contains \"a\" if input.account.state == \"active\"",
            "check.rego:2:1: nothing reaches the rule `fial` | fial | did you mean `fail`?",
        ),
        (
            "helper if input.account.state == \"active\"",
            "check.rego:2:1: nothing reaches the rule `helper` | helper | use it in `skip`, `fail`, `unknown` or `facts`, or delete it",
        ),
        (
            "fail contains x if x := input.account.state",
            "check.rego:2:15: a reason code of `fail` is computed | x | write one rule per reason: `fail contains \"the_code\" if …`",
        ),
        (
            "fail := true",
            "check.rego:2:1: `fail` is not a set of reason codes | fail | write `fail contains \"the_code\" if …`",
        ),
        (
            "fail contains \"a\" if http.send({}).status == 200",
            "check.rego:2:22: `http.send` is no function that a check may call | http.send | a check may call its own functions, a library's, and pure builtins",
        ),
        (
            "fail contains \"a\" if time.now_ns() > 1",
            "check.rego:2:22: `time.now_ns` is no function that a check may call | time.now_ns | the time is `input.now`",
        ),
        (
            "fail contains \"a\" if strtswith(input.now, \"2\")",
            "check.rego:2:22: `strtswith` is no function that a check may call | strtswith | did you mean `startswith`?",
        ),
        (
            "fail contains \"a\" if startswith(input.now)",
            "check.rego:2:22: `startswith` takes 2 arguments, not 1 | startswith | an answer is taken with `:=`, not with one more argument",
        ),
        (
            "fail contains \"a\" if data[input.now]",
            "check.rego:2:22: `data` is looked at as a whole | data | name the library rule: `data.lib.<library>.<rule>`",
        ),
        (
            "import data.checks.other\nfail contains \"a\" if other.x",
            "check.rego:2:1: `data.checks.other` cannot be imported | import data.checks.other | a check sees `input.…` and `data.lib.…`, nothing else",
        ),
        (
            "import data.lib.acounts\nfail contains \"a\" if acounts.administers",
            "check.rego:3:22: there is no library `lib.acounts` | acounts | did you mean `lib.accounts`?",
        ),
        (
            "fail contains \"a\" if input.system.critical with input as {}",
            "check.rego:2:44: `with` outside a test | with input as {} | write the condition on the input itself; `with` is for tests",
        ),
        (
            "fail contains \"a\" if f(1)\nf(x) if f(x)",
            "check.rego:3:9: `f` leads back to itself | f | a rule may not need its own answer",
        ),
        (
            "fail contains \"a\" if f(1)\nf(x) := 1 if x == 1 else := 2",
            "check.rego:3:21: `else` does not mean the same on every engine | else := 2 | write a rule of its own for each case",
        ),
        (
            "fail contains \"a\" if { some x in input.system.access.rules[_].staff_roles; x == \"b\" }",
            "check.rego:2:34: `system.access.rules[].staff_roles` may be null, and going through null is an error on one engine only | input.system.access.rules[_].staff_roles | `x := list[_]` goes through it on every engine",
        ),
        (
            "fail contains \"a\" if not startswith(prefix, \"x\")\nprefix := \"x\" if input.system.critical",
            "check.rego:2:37: this may be undefined, and stands under `not` | prefix | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if { y.state == \"active\"; y := input.account }",
            "check.rego:2:24: `y` is used above the statement that binds it | y | move the binding up",
        ),
        // What meets a place stays known: a misspelling behind a rule, a function, a list or a pattern is found.
        (
            "fail contains \"a\" if acct.stat == \"active\"\nacct := input.account",
            "check.rego:2:27: `account` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if owner(input.identity).stat == \"x\"\nowner(i) := i.owner",
            "check.rego:2:44: `identity.owner` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if { x = input.account; x.stat == \"active\" }",
            "check.rego:2:45: `account` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if { some x in [input.account]; x.stat == \"active\" }",
            "check.rego:2:53: `account` has no `stat` | stat | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if { some r in open; r.al_staff }\nopen contains r if some r in input.system.access.rules",
            "check.rego:2:42: `system.access.rules[]` has no `al_staff` | al_staff | did you mean `all_staff`?",
        ),
        (
            "fail contains \"a\" if object.get(input.account, \"stat\", 1) == 1",
            "check.rego:2:48: `account` has no `stat` | \"stat\" | did you mean `state`?",
        ),
        (
            "fail contains \"a\" if { some k in [\"stat\"]; input.account[k] == \"active\" }",
            "check.rego:2:35: `account` has no `stat` | \"stat\" | did you mean `state`?",
        ),
        (
            "import data.lib.accounts as l\nfail contains \"a\" if input.account.state in l.wrong",
            "lib.rego:5:11: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if { w := \"actve\"; input.account.state == w }",
            "check.rego:2:29: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if { every w in [\"actve\"] { input.account.state != w } }",
            "check.rego:2:36: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if is(input.account.state, \"actve\")\nis(x, y) if x == y",
            "check.rego:2:46: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if f(input.account.state)\nf(\"actve\") := true",
            "check.rego:3:3: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if input.account.state in open\nopen contains \"actve\"",
            "check.rego:3:15: `account.state` is never \"actve\" | \"actve\" | did you mean `active`?",
        ),
        (
            "fail contains \"a\" if input.system.critical == \"true\"",
            "check.rego:2:47: `system.critical` is never a text | \"true\" | it is true or false",
        ),
        (
            "fail contains \"a\" if input.account.state == null",
            "check.rego:2:45: `account.state` is never null | null | what may be unknown says so in a word",
        ),
        (
            "limits := {\"admin\": 3}\nfail contains \"a\" if limits.admn == 3",
            "check.rego:3:29: there is no `admn` in it | admn | did you mean `admin`?",
        ),
        (
            "fail contains \"a\" if input.account.last_login.days < 30",
            "check.rego:2:22: `account.last_login.days` may be null, and null is less than every number | input.account.last_login.days | say `… != null` of `account.last_login.days` on a line above",
        ),
        // Names that the engines bind differently, or that nothing binds.
        (
            "fail contains \"a\" if same(input.account.state, \"active\")\nsame(x, x) := true",
            "check.rego:3:9: `x` is bound twice at once | x | give it two names and compare them with `==`",
        ),
        (
            "fail contains \"a\" if { some x, x in input.account.role_ids }",
            "check.rego:2:32: `x` is bound twice at once | x | give it two names and compare them with `==`",
        ),
        (
            "fail contains \"a\" if { some i; i, \"2\" in input.account.role_ids }",
            "check.rego:2:32: nothing binds `i` | i | bind it first: `x := …`, or `some x in …`",
        ),
        (
            "fail contains \"a\" if startswith(x, \"b\")",
            "check.rego:2:33: nothing binds `x` | x | bind it first: `x := …`, or `some x in …`",
        ),
        (
            "fail contains \"a\" if { {\"state\": s} := input.account; s == \"active\" }",
            "check.rego:2:24: a record as a pattern fits other records on one engine only | {\"state\": s} | name the fields one by one: `x := record.field`",
        ),
        (
            "object.get(a, b, c) := 2 if input.system.critical\nfail contains \"a\" if object.get({}, \"k\", 1) == 2",
            "check.rego:2:1: `object` has a meaning of its own | object | give it another name",
        ),
        (
            "import data.lib.accounts.signs_in as count\nfail contains \"a\" if count(input.account)",
            "check.rego:2:1: `count` has a meaning of its own | import data.lib.accounts.signs_in as count | give it another name",
        ),
        (
            "fail contains \"a\" if f(1)\nf(data) if data == 1",
            "check.rego:3:3: a variable is named `data` | data | give it another name",
        ),
        // Undefined under `not`.
        (
            "fail contains \"a\" if not input.account[w]\nw := \"id\" if input.system.critical",
            "check.rego:2:40: this may be undefined, and stands under `not` | w | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if not first in [\"a\"]\nfirst := input.account.role_ids[0]",
            "check.rego:2:26: this may be undefined, and stands under `not` | first | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if not max(input.account.role_ids) == \"3\"",
            "check.rego:2:26: this may be undefined, and stands under `not` | max(input.account.role_ids) | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if not input.account.role_ids[_]",
            "check.rego:2:49: this may be undefined, and stands under `not` | _ | bind it first: `x := …` on a line of its own, then `not … x …`",
        ),
        (
            "fail contains \"a\" if regex.match(`\\d`, input.account.id)",
            "check.rego:2:34: character classes mean other characters on other engines | `\\d` | write the characters out: `[0-9]` for `\\d`, `[A-Za-z0-9_]` for `\\w`",
        ),
        (
            "fail contains \"a\" if sprintf(\"%% %.2f %s %05000d\", [1, \"b\", 2]) == \"\"",
            "check.rego:2:30: a width of a thousand characters or more | \"%% %.2f %s %05000d\" | leave the width out, or make it smaller than 1000",
        ),
        (
            "fail contains \"a\" if sprintf(concat(\"\", [\"%\", \"9999d\"]), [1]) == \"\"",
            "check.rego:2:30: the format of `sprintf` is computed | concat(\"\", [\"%\", \"9999d\"]) | write the format as a text, and what varies in its list",
        ),
        (
            "facts := {\"a\": 1}",
            "check.rego:2:1: a fact is not named | facts := {\"a\": 1} | write `facts.<name> := …`",
        ),
    ];
    let mut wrong = Vec::new();
    for (body, expected) in cases {
        let error = run(body).err().unwrap_or_else(|| panic!("accepted: {body}"));
        let said = format!(
            "{error} | {} | {}",
            marked(&error, body),
            error.help().unwrap_or_default()
        );
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

#[test]
fn a_chain_of_helpers_is_walked_once() {
    // Without memory this would take two to the sixtieth walks.
    let chain: String = (0..60)
        .map(|n| format!("h{n} if {{\n\th{0}\n\th{0}\n}}\n", n + 1))
        .collect();
    assert_eq!(
        reads(&format!(
            "fail contains \"a\" if h0\n{chain}h60 if input.system.critical"
        )),
        "system.critical"
    );
}

#[test]
fn a_guard_lets_an_order_through() {
    for body in [
        "fail contains \"a\" if { input.account.last_login.days != null; input.account.last_login.days > 30 }",
        "fail contains \"a\" if { input.account.last_login.state == \"known\"; input.account.last_login.days > 30 }",
    ] {
        if let Err(error) = run(body) {
            panic!("{error}: {body}");
        }
    }
}
