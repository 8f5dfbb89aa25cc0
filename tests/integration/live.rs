//! What is read live, recorded and read again is the same; and only a live run starts a program.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cases::rolecall;

const MANIFEST: &str =
    "connector: 1\nid: people\nkind: exec\nstreams:\n  people: {key: /id}\n  teams: {}\nprovides: {staff: [people]}\n";

const NORMALISER: &str = r#"package connectors.people

staff := [{
	"line": null, "id": person.id, "name": person.name, "emails": [person.mail], "aliases": [], "recorded_status": "here",
	"status": "current", "employment": "employee", "job_roles": [], "departments": [], "manager": null,
	"start_date": null, "last_day": null, "contract_end": null, "timezone": null,
} | some person in input.streams.people]
"#;

const SCRIPT: &str = r#"
echo run >> runs.txt
echo '{"stream": "people", "row": {"id": "7", "name": "Ada Example", "mail": "ada@example.com"}}'
echo '{"stream": "people", "row": {"id": "7", "name": "Ada Example", "mail": "ada@example.com"}}'
echo '{"stream": "teams", "row": {"name": "Sales", "size": 0.1}}'
echo '{"stream": "people", "end": true, "rows": 2}'
"#;

fn project(folder: &Path) {
    let home = folder.join("connectors/people");
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("connector.yaml"), MANIFEST).unwrap();
    fs::write(home.join("normalise.rego"), NORMALISER).unwrap();
    fs::write(folder.join("export.sh"), SCRIPT).unwrap();
    fs::write(
        folder.join("rolecall.yaml"),
        "rolecall: 1\norganisation: Example\ntimezone: UTC\nconnectors: [connectors]\nsources:\n  \
         hr: {connector: people, from: {run: [sh, export.sh]}}\n",
    )
    .unwrap();
}

fn run(folder: &Path, line: &str) -> Option<i32> {
    let output = rolecall(folder).args(line.split(' ')).output().unwrap();
    output.status.code()
}

fn runs(folder: &Path) -> usize {
    fs::read_to_string(folder.join("runs.txt")).map_or(0, |text| text.lines().count())
}

fn read(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(file)).unwrap()).unwrap()
}

/// A snapshot that says of every source that it was read live.
fn as_if_live(mut snapshot: Value) -> Value {
    for source in snapshot["sources"].as_array_mut().unwrap() {
        assert_eq!(source["mode"], "recording");
        source["mode"] = "live".into();
    }
    snapshot
}

#[test]
fn a_replay_is_the_run_that_was_recorded() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    project(folder);
    // `teams` has no end, so that a failure is replayed as well.
    assert_eq!(run(folder, "collect --output live.json --record rec"), Some(3));
    assert_eq!(runs(folder), 1);
    assert_eq!(run(folder, "collect --output replayed.json --recording rec"), Some(3));
    assert_eq!(run(folder, "collect --output one.json --recording rec/hr"), Some(3));
    let live = read(folder, "live.json");
    assert_eq!(live["sources"][0]["mode"], "live");
    assert_eq!(live["staff"].as_array().unwrap().len(), 1);
    assert_eq!(live["sources"][0]["streams"][1]["state"], "failed");
    assert_eq!(as_if_live(read(folder, "replayed.json")), live);
    assert_eq!(as_if_live(read(folder, "one.json")), live);

    // What was recorded can be recorded again over it; a replay cannot.
    assert_eq!(run(folder, "check --record rec"), Some(3));
    assert_eq!(runs(folder), 2);
    assert_eq!(run(folder, "check --recording rec --record more"), Some(2));
    assert_eq!(run(folder, "check --recording rec"), Some(3));
    assert_eq!(run(folder, "check --snapshot live.json"), Some(3));
    assert_eq!(runs(folder), 2, "a replay or a snapshot started the program");
}

#[test]
fn answers_that_cannot_be_understood_are_recorded_all_the_same() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    project(folder);
    let rego = folder.join("connectors/people/normalise.rego");
    fs::write(&rego, NORMALISER.replace("\"line\": null, ", "")).unwrap();
    assert_eq!(run(folder, "collect --output live.json --record rec"), Some(2));
    assert!(!folder.join("live.json").exists());
    assert!(folder.join("rec/hr/recording.json").exists());
    fs::write(&rego, NORMALISER).unwrap();
    assert_eq!(run(folder, "collect --output live.json --recording rec"), Some(3));
    assert_eq!(read(folder, "live.json")["staff"].as_array().unwrap().len(), 1);
    assert_eq!(runs(folder), 1);
}

#[test]
fn a_recording_of_other_sources_starts_no_program() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    project(folder);
    assert_eq!(run(folder, "collect --output live.json --record rec"), Some(3));
    let file = folder.join("rolecall.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        format!("{text}  second: {{connector: people, from: {{run: [sh, export.sh]}}}}\n"),
    )
    .unwrap();
    assert_eq!(run(folder, "check --recording rec"), Some(2));
    assert_eq!(runs(folder), 1);
}

#[cfg(unix)]
#[test]
fn a_program_ends_with_the_run_that_started_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    project(folder);
    fs::write(
        folder.join("export.sh"),
        "echo yes > started.txt\nsleep 60\necho over > over.txt\n",
    )
    .unwrap();
    for signal in ["INT", "TERM"] {
        let mut run = rolecall(folder)
            .args(["collect", "--output", "live.json"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while fs::read(folder.join("started.txt")).is_err() {
            thread::sleep(Duration::from_millis(10));
        }
        let id = run.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &id])
                .status()
                .unwrap()
                .success()
        );
        // Standard error goes to the program and to what it starts as well: its end is the end of all of them.
        let begun = Instant::now();
        std::io::copy(&mut run.stderr.take().unwrap(), &mut std::io::sink()).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(30), "{signal}");
        assert_eq!(
            run.wait().unwrap().code(),
            Some(if signal == "INT" { 130 } else { 143 })
        );
        assert!(!folder.join("live.json").exists() && !folder.join("over.txt").exists());
        fs::remove_file(folder.join("started.txt")).unwrap();
    }
}
