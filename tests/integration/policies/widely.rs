//! The checks on thousands of documents: nothing passes that may not, the cut decides as the whole does, and the
//! answers can be compared with OPA's (`tests/opa/parity.py` does that).

use std::collections::BTreeMap;
use std::io::Write as _;

use rolecall::check::{Check, Checks};
use rolecall::finding::SubjectKind;
use rolecall::rego::{Path, Program, says_unknown};
use serde_json::{Value as Json, json};

use super::documents::{merged, vary};
use super::{LIMITS, built_in, read, rego_files, root};

/// The documents of one kind of subject, by the bases that the tests of the checks use too.
fn documents(kind: SubjectKind, checks: &Checks) -> Vec<Json> {
    let word = match kind {
        SubjectKind::Account => "account",
        SubjectKind::System => "system",
        other => panic!("no check is about {other:?} yet: say how its documents vary"),
    };
    let schema: Json = serde_json::from_str(&read(&root().join(format!("schemas/{word}.schema.json")))).unwrap();
    let mut library = Program::load(&rego_files("lib"), LIMITS).unwrap_or_else(|error| panic!("{error}"));
    let query = format!("data.lib.test.{word}_document");
    let usual = library.evaluate(&query, Json::Null).unwrap().unwrap();
    let silent = library
        .evaluate("data.lib.test.silent_rule", Json::Null)
        .unwrap()
        .unwrap();
    let ticket = library.evaluate("data.lib.test.approval", Json::Null).unwrap().unwrap();
    let by_role = json!({"name": "sales", "staff_roles": ["sales-rep"], "held_by": 1, "system_roles": ["5"], "permission_sets": ["p1"]});
    let two_rules = json!({"system": {"access": {"tickets": true, "rules": [
        merged(&silent, &by_role),
        merged(&silent, &json!({"name": "by ticket", "ticket": true, "departments": ["E-17"]})),
    ]}}});
    let mut bases = vec![usual.clone(), merged(&usual, &two_rules)];
    let mut params = Vec::new();
    if kind == SubjectKind::Account {
        let defaults = json!({"params": {"judge_invitations": false, "judge_before_start": true, "judge_scope": true}});
        bases = bases.iter().map(|base| merged(base, &defaults)).collect();
    }
    if kind == SubjectKind::Account {
        let left = json!({"staff": {"status": "offboarded", "exit": {"at": "2026-11-13T23:00:00Z", "days": 9}}});
        let gone = merged(&left, &json!({"account": {"state": "inactive"}}));
        let by_ticket = json!({
            "staff": {"departments": ["E-17"], "job_roles": ["p1"]},
            "approvals": [ticket, merged(&ticket, &json!({"id": "T-2", "role_ids": ["5"]}))],
        });
        let classified = json!({
            "identity": {"state": "classified", "class": "service", "owner": {"state": "current"}},
            "staff": {"id": null, "status": "none", "job_roles": [], "departments": []},
        });
        let away = merged(
            &classified,
            &json!({"identity": {"leaver": "yes", "leaver_name": "Eve Example"}}),
        );
        bases.extend([&left, &gone, &by_ticket, &classified, &away].map(|change| merged(&bases[1], change)));
        let either = vec![json!(true), json!(false)];
        params = ["judge_invitations", "judge_before_start", "judge_scope"]
            .map(|name| (name, either.clone()))
            .to_vec();
    }
    let of_kind = checks.0.values().filter(|check| check.subject == kind);
    let looked_at = |path: &Path| of_kind.clone().any(|check| check.reads.meets(path));
    vary(&schema, &bases, &params, looked_at, 700)
}

/// What a check says of a document, by what its four rules hold.
#[derive(PartialEq, Debug)]
struct Answer(Json);

impl Answer {
    fn of(program: &mut Program, check: &Check, document: Json) -> Self {
        let query = format!("data.checks.{}", check.id);
        let whole = program
            .evaluate(&query, document)
            .unwrap_or_else(|error| panic!("{error}"));
        let whole = whole.unwrap_or_default();
        let codes = |name: &str| whole.get(name).cloned().unwrap_or_else(|| json!([]));
        let facts = whole.get("facts").cloned().unwrap_or_else(|| json!({}));
        Self(json!({"skip": codes("skip"), "fail": codes("fail"), "unknown": codes("unknown"), "facts": facts}))
    }

    fn holds(&self, name: &str) -> bool {
        self.0[name].as_array().is_some_and(|codes| !codes.is_empty())
    }

    /// Whether nothing at all speaks against a pass, the words `unknown` that a reason reads among it.
    fn passes(&self, check: &Check, document: &Json) -> bool {
        let reasons = check.fail.iter().chain(&check.unknown);
        let open = reasons
            .flat_map(|reason| &reason.unknowable)
            .any(|path| says_unknown(document, &path.0));
        !open && !self.holds("skip") && !self.holds("fail") && !self.holds("unknown")
    }
}

#[test]
fn nothing_passes_that_may_not_and_the_cut_decides_as_the_whole() {
    let checks = built_in();
    let mut made: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    let mut lines: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for check in checks.0.values() {
        let kind = if check.subject == SubjectKind::System {
            "system"
        } else {
            "account"
        };
        let documents = made.entry(kind).or_insert_with(|| documents(check.subject, &checks));
        let mut program = Program::load(&check.files, LIMITS).unwrap_or_else(|error| panic!("{error}"));
        let (mut passed, mut failed) = (0, 0);
        for (index, document) in documents.iter().enumerate() {
            let answer = Answer::of(&mut program, check, document.clone());
            let on_cut = Answer::of(&mut program, check, check.cut.apply(document));
            if on_cut != answer {
                wrong.push(format!(
                    "{}: the cut says {on_cut:?}, the whole {answer:?}: {document}",
                    check.id
                ));
            }
            if answer.passes(check, document) {
                passed += 1;
                if !may_pass(&check.id, document) {
                    wrong.push(format!("{} passes: {document}", check.id));
                }
            }
            failed += usize::from(!answer.holds("skip") && answer.holds("fail"));
            let of_kind = lines.entry(kind).or_default();
            if of_kind.len() <= index {
                of_kind.push(json!({"input": document, "answers": {}}));
            }
            of_kind[index]["answers"][&check.id] = answer.0;
        }
        assert!(passed > 40 && failed > 40, "{}: {passed} pass, {failed} fail", check.id);
    }
    assert!(
        wrong.is_empty(),
        "{} of them, such as\n{}",
        wrong.len(),
        wrong[..wrong.len().min(3)].join("\n")
    );
    if let Some(folder) = std::env::var_os("ROLECALL_PARITY_DIR") {
        for (kind, lines) in lines {
            let path = std::path::Path::new(&folder).join(format!("{kind}.jsonl"));
            let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
            lines.iter().for_each(|line| writeln!(file, "{line}").unwrap());
            file.flush().unwrap();
        }
    }
}

/// What has to be so for a pass, said a second time and in another language.
fn may_pass(check: &str, document: &Json) -> bool {
    let is = |pointer: &str, words: &[&str]| {
        let value = document.pointer(pointer).and_then(Json::as_str);
        value.is_some_and(|value| words.contains(&value))
    };
    let matched = is("/identity/state", &["matched"]);
    match check {
        "user_identified" => {
            is("/account/state", &["active", "invited"])
                && is("/identity/leaver", &["no"])
                && (matched || is("/identity/state", &["classified"]) && is("/identity/owner/state", &["current"]))
        }
        "offboarded_access_removed" => {
            matched && is("/staff/status", &["offboarded"]) && is("/account/state", &["inactive", "deleted"])
        }
        "access_control_configured" => rules(document).any(|rule| is_live(rule, document)),
        "access_valid" => {
            let lenient = document["params"]["judge_before_start"] == false;
            let here = is("/staff/status", &["current", "on_leave", "suspended"]);
            matched
                && is("/account/state", &["active", "invited"])
                && (here || lenient && is("/staff/status", &["not_started"]))
                && (document["staff"]["in_scope"] == true || document["params"]["judge_scope"] == false)
                && rules(document).any(|rule| allows(rule, document))
        }
        other => panic!("say what has to be so for a pass of {other}"),
    }
}

const LISTS: [&str; 6] = [
    "staff_roles",
    "staff_types",
    "departments",
    "staff",
    "system_roles",
    "permission_sets",
];

/// Rules that say something and have no empty list.
fn rules(document: &Json) -> impl Iterator<Item = &Json> {
    let rules = document["system"]["access"]["rules"].as_array().into_iter().flatten();
    rules.filter(|rule| {
        let lists = LISTS.map(|key| rule[key].as_array());
        let says = rule["all_staff"] == true || rule["ticket"] == true || lists.iter().any(Option::is_some);
        says && !lists.iter().flatten().any(|list| list.is_empty())
    })
}

fn is_live(rule: &Json, document: &Json) -> bool {
    rule["held_by"] != 0 && (rule["ticket"] == false || document["system"]["access"]["tickets"] == true)
}

fn allows(rule: &Json, document: &Json) -> bool {
    let (staff, account) = (&document["staff"], &document["account"]);
    let texts = |list: &Json| list.as_array().cloned().unwrap_or_default();
    let any =
        |key: &str, held: Vec<Json>| rule[key].is_null() || texts(&rule[key]).iter().any(|one| held.contains(one));
    let all =
        |key: &str, held: &Json| rule[key].is_null() || texts(held).iter().all(|one| texts(&rule[key]).contains(one));
    let current: Vec<&Json> = document["approvals"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["covers_now"] == true)
        .collect();
    let approved = |id: &Json| {
        current
            .iter()
            .any(|one| one["role_ids"].is_null() || texts(&one["role_ids"]).contains(id))
    };
    let held = [texts(&account["role_ids"]), texts(&account["permission_set_ids"])].concat();
    any("staff_roles", texts(&staff["job_roles"]))
        && any("staff_types", vec![staff["employment"].clone()])
        && any("departments", texts(&staff["departments"]))
        && (rule["staff"].is_null() || texts(&document["identity"]["named_by"]).contains(&rule["name"]))
        && all("system_roles", &account["role_ids"])
        && all("permission_sets", &account["permission_set_ids"])
        && (rule["ticket"] == false || !current.is_empty() && held.iter().all(approved))
}
