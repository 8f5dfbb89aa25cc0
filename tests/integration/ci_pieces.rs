//! The pieces that others build their CI on: the action is run as a runner would, and what docs/ci.md shows of it is there.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use serde_yaml::Value;

use crate::cases::repository;

fn text(file: &str) -> String {
    fs::read_to_string(repository().join(file)).unwrap()
}

fn action() -> Value {
    serde_yaml::from_str(&text("action.yml")).unwrap()
}

fn steps(action: &Value) -> Vec<Value> {
    action["runs"]["steps"].as_sequence().unwrap().clone()
}

/// Runs the step that judges, with these inputs and the defaults of the others, in a copy of the example.
fn judge(folder: &Path, inputs: &[(&str, &str)]) -> Output {
    let action = action();
    let steps = steps(&action);
    let step = steps.iter().find(|step| step["id"] == "check").unwrap();
    let given: BTreeMap<&str, &str> = inputs.iter().copied().collect();
    let program = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().unwrap();
    let path = env::join_paths([
        program,
        Path::new("/usr/local/bin"),
        Path::new("/usr/bin"),
        Path::new("/bin"),
    ]);
    let mut command = Command::new("bash");
    command
        .arg("-c")
        .arg(step["run"].as_str().unwrap())
        .current_dir(folder)
        .env_clear()
        .env("PATH", path.unwrap())
        .env("GITHUB_OUTPUT", folder.join("outputs"))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
    for (variable, value) in step["env"].as_mapping().unwrap() {
        let value = value.as_str().unwrap();
        let name = value
            .strip_prefix("${{ inputs.")
            .and_then(|rest| rest.strip_suffix(" }}"));
        let name = name.unwrap_or_else(|| panic!("{value} is no input"));
        let default = action["inputs"][name]["default"].as_str().unwrap();
        command.env(variable.as_str().unwrap(), given.get(name).unwrap_or(&default));
    }
    command.output().unwrap()
}

/// A copy of the example company.
fn acme() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copied = Command::new("cp")
        .args(["-r", "examples/acme/."])
        .arg(folder.path())
        .current_dir(repository())
        .status();
    assert!(copied.unwrap().success());
    folder
}

#[test]
fn the_action_judges_once_and_writes_every_form() {
    let folder = acme();
    let inputs = [
        ("collect", "snapshot.json"),
        ("fail-on", "critical\nhigh@failing\n"),
        ("sarif", "report.sarif"),
        ("html", "report.html"),
        ("json", "report.json"),
        ("junit", "report.xml"),
        ("csv", "report.csv"),
    ];
    let output = judge(folder.path(), &inputs);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(
        fs::read_to_string(folder.path().join("outputs")).unwrap(),
        "exit-code=1\n"
    );
    let written = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    for file in inputs
        .iter()
        .filter(|(name, _)| *name != "fail-on")
        .map(|(_, file)| *file)
    {
        assert!(!written(file).is_empty(), "{file}");
    }
    let report: serde_json::Value = serde_json::from_str(&written("report.json")).unwrap();
    assert_eq!(report["fail_on"], serde_json::json!(["critical", "high@failing"]));
    assert_eq!(report["snapshot"]["mode"], "snapshot");
    assert!(written("summary.md").contains("offboarded_access_removed"));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("::"));
}

#[test]
fn what_cannot_be_read_ends_the_action_with_the_same_code() {
    let folder = acme();
    fs::remove_file(folder.path().join("recording/users.json")).unwrap();
    let output = judge(folder.path(), &[("collect", "snapshot.json"), ("summary", "false")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!folder.path().join("summary.md").exists());

    let output = judge(folder.path(), &[("project", "nowhere"), ("collect", "snapshot.json")]);
    assert_eq!(output.status.code(), Some(2));
    let outputs = fs::read_to_string(folder.path().join("outputs")).unwrap();
    assert_eq!(outputs, "exit-code=3\nexit-code=2\n");
}

#[test]
fn an_input_is_a_value_and_never_a_command() {
    let folder = acme();
    let hostile = "$(touch came-in); touch came-in #`touch came-in` --fail-on=never";
    for input in [
        "project",
        "snapshot",
        "base-project",
        "baseline",
        "fail-on",
        "recording",
    ] {
        let output = judge(folder.path(), &[(input, hostile)]);
        assert_eq!(output.status.code(), Some(2), "{input}");
    }
    judge(folder.path(), &[("json", hostile)]);
    assert!(!folder.path().join("came-in").exists());
    for step in steps(&action()) {
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "an input is pasted into a script: {script}");
        assert!(
            step["uses"].is_null(),
            "the action uses another one, which would have to be pinned"
        );
    }
}

#[test]
fn the_page_shows_the_inputs_that_there_are_and_pins_by_commit() {
    let page = text("docs/ci.md");
    let action = action();
    let known: Vec<&str> = action["inputs"]
        .as_mapping()
        .unwrap()
        .keys()
        .map(|key| key.as_str().unwrap())
        .collect();
    let missing: Vec<&&str> = known
        .iter()
        .filter(|input| !page.contains(&format!("`{input}`")))
        .collect();
    assert!(missing.is_empty(), "not in the table of docs/ci.md: {missing:?}");

    let mut uses = 0;
    for block in page
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
    {
        let example: Value = serde_yaml::from_str(block).unwrap();
        let Some(jobs) = example["jobs"].as_mapping() else {
            continue;
        };
        for step in jobs.values().flat_map(|job| job["steps"].as_sequence().unwrap()) {
            let Some(used) = step["uses"].as_str() else { continue };
            uses += 1;
            let commit = used.split_once('@').unwrap().1;
            let is_hash = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hash, "{used} is not pinned by a commit");
            if used.starts_with("example/rolecall@") {
                for input in step["with"].as_mapping().unwrap().keys() {
                    assert!(known.contains(&input.as_str().unwrap()), "{input:?} is no input");
                }
            }
        }
    }
    assert!(uses >= 6, "{uses}");
}

/// What the image is built from is all that the sources take in.
#[test]
fn the_image_has_everything_that_the_program_is_built_from() {
    let ignore = text(".dockerignore");
    let kept: Vec<&str> = ignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let mut needed: Vec<String> = ["Cargo.toml", "Cargo.lock", "build.rs", "src", "LICENSE"]
        .map(str::to_owned)
        .to_vec();
    let manifest = text("Cargo.toml");
    needed.extend(manifest.lines().filter_map(|line| {
        let path = line.strip_prefix("path = \"")?;
        Some(path.trim_end_matches('"').to_owned())
    }));
    if manifest.contains("[[bench]]") {
        needed.push("benches".to_owned());
    }
    for file in walk(&repository().join("src")) {
        let source = fs::read_to_string(&file).unwrap();
        let embedded = source
            .match_indices("$CARGO_MANIFEST_DIR/")
            .map(|(at, start)| &source[at + start.len()..]);
        needed.extend(embedded.map(|rest| rest.split(['/', '"']).next().unwrap().to_owned()));
        for (at, start) in source.match_indices("include_str!(\"") {
            let path = source[at + start.len()..].split('"').next().unwrap();
            let path = file.parent().unwrap().join(path).canonicalize().unwrap();
            let path = path
                .strip_prefix(repository().canonicalize().unwrap())
                .unwrap()
                .to_owned();
            needed.push(path.to_str().unwrap().to_owned());
        }
    }
    assert!(needed.len() > 8, "{needed:?}");
    let is_kept = |path: &str| kept.iter().any(|kept| Path::new(path).starts_with(kept));
    let missing: Vec<&String> = needed.iter().filter(|path| !is_kept(path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => walk(&path),
            false if path.extension().is_some_and(|end| end == "rs") => vec![path],
            false => vec![],
        })
        .collect()
}
