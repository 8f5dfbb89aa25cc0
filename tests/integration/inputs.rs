//! What `rolecall inputs` writes, judged by the plain policy, comes to what `rolecall check` says.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rolecall::check;
use rolecall::project::Project;
use rolecall::rego::{Limits, Program};
use serde_json::{Value as Json, json};

use crate::cases::{Case, repository, rolecall};

fn run(project: &Path, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = rolecall(folder.path());
    let output = command.args(arguments).arg("--project").arg(project).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn codes(list: &Json) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// The verdict and its codes, by the order that `policies/README.md` tells.
fn verdict(answer: &Json, line: &Json) -> (&'static str, Vec<String>) {
    let fired = |rule: &str, decided_only: bool| -> Vec<String> {
        let undecided = codes(&line["undecided"][rule]);
        let fired = codes(&answer[rule]).into_iter();
        let asked = fired.filter(|code| !decided_only || !undecided.contains(code));
        asked.map(str::to_owned).collect()
    };
    let (skip, fail, unknown) = (fired("skip", true), fired("fail", true), fired("unknown", false));
    let open = ["fail", "unknown"]
        .iter()
        .any(|rule| !codes(&line["undecided"][*rule]).is_empty());
    match (skip.is_empty(), fail.is_empty(), unknown.is_empty() && !open) {
        (false, ..) => ("skip", skip),
        (true, false, _) => ("fail", fail),
        (true, true, false) => ("unknown", unknown),
        (true, true, true) => ("pass", Vec::new()),
    }
}

/// Where answers are kept for `tests/opa/parity.py`, if they are.
fn keep(name: &str, rows: &[Json]) {
    if let Some(folder) = std::env::var_os("ROLECALL_PARITY_DIR") {
        let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(Path::new(&folder).join(format!("{name}.jsonl")), rows).unwrap();
    }
}

/// Every verdict of every check of a project, both ways; how many there were, and how many hung on what is not known.
fn holds(project: &Path) -> (usize, usize) {
    let report: Json = serde_json::from_str(&run(project, &["check", "--verdicts", "--format", "json"])).unwrap();
    let mut said: BTreeMap<(String, String), Json> = BTreeMap::new();
    for one in report["verdicts"].as_array().unwrap() {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        said.insert((text(&one["check"]), text(&one["subject"]["id"])), one.clone());
    }
    let loaded = Project::load(project).unwrap();
    let checks = check::load(&loaded.policies, &loaded.checks).unwrap();
    let limits = Limits {
        time: Duration::from_secs(20),
    };
    let (mut judged, mut open) = (0, 0);
    let mut rows = Vec::new();
    for check in checks.0.values() {
        let keyed = lines(&run(project, &["inputs", "--keyed", "--check", &check.id]));
        let plain = lines(&run(project, &["inputs", "--check", &check.id]));
        assert_eq!(
            plain,
            keyed.iter().map(|line| line["input"].clone()).collect::<Vec<_>>()
        );
        let mut program = Program::load(&check.files, limits).unwrap_or_else(|error| panic!("{error}"));
        for line in &keyed {
            let whole = program.evaluate(&format!("data.checks.{}", check.id), line["input"].clone());
            let whole = whole.unwrap_or_else(|error| panic!("{error}")).unwrap_or_default();
            let of = |rule: &str, nothing: Json| whole.get(rule).cloned().unwrap_or(nothing);
            let mut answer = json!({"facts": of("facts", json!({}))});
            for rule in ["skip", "fail", "unknown"] {
                answer[rule] = of(rule, json!([]));
            }
            let (word, mut given) = verdict(&answer, line);
            rows.push(json!({"input": line["input"], "answers": {&check.id: answer}}));
            let key = (check.id.clone(), line["subject"].as_str().unwrap().to_owned());
            let report = said
                .remove(&key)
                .unwrap_or_else(|| panic!("{key:?} is not in the report"));
            let mut reported: Vec<&str> = report["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .map(|reason| reason["code"].as_str().unwrap())
                .filter(|code| *code != "pass")
                .collect();
            given.sort();
            reported.sort_unstable();
            assert_eq!(given, reported, "{key:?}");
            // What a skip leaves to another check hangs on that one's verdict.
            let verdict = report["verdict"].as_str().unwrap();
            match word {
                "skip" => assert!(
                    ["not_applicable", "blocked", "unknown"].contains(&verdict),
                    "{key:?}: {verdict}"
                ),
                word => assert_eq!(word, verdict, "{key:?}"),
            }
            judged += 1;
            open += usize::from(line["undecided"] != json!({"skip": [], "fail": [], "unknown": []}));
        }
    }
    assert!(said.is_empty(), "no document was written for {:?}", said.keys());
    keep(&format!("inputs_of_{}", loaded.organisation.to_lowercase()), &rows);
    (judged, open)
}

#[test]
fn the_plain_policy_says_of_every_document_what_the_report_says() {
    let (judged, _) = holds(&repository().join("examples/acme"));
    assert!(judged > 100, "{judged}");
}

/// Accounts whose state is not known, and a stream that was not read.
#[test]
fn what_is_undecided_is_told() {
    let (judged, open) = holds(Case::of("inputs_undecided").project());
    assert!(judged > 5 && open > 2, "{judged} {open}");
}
