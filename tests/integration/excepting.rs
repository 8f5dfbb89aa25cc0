//! `rolecall except`, by several people at once and by one who may not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::cases::{Case, rolecall};

/// A project with eleven findings, and its report.
fn project() -> (Case, Vec<String>) {
    let case = Case::of("exception_too_broad");
    let file = case.project().join("rolecall.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let (before, _) = text.split_once("exceptions:").unwrap();
    fs::write(&file, before).unwrap();
    let report = rolecall(case.project())
        .args(["check", "--format", "json", "--output", "report.json"])
        .output()
        .unwrap();
    assert_eq!(report.status.code(), Some(1));
    let report = fs::read_to_string(case.project().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let fingerprints = findings
        .iter()
        .map(|one| one["fingerprint"].as_str().unwrap().to_owned());
    let fingerprints: Vec<String> = fingerprints.collect();
    assert_eq!(fingerprints.len(), 11);
    (case, fingerprints)
}

fn except(project: &Path, fingerprint: &str) -> Command {
    let mut command = rolecall(project);
    command.args([
        "except",
        fingerprint,
        "--report",
        "report.json",
        "--reason",
        "of the summer",
    ]);
    command.args(["--expires", "2026-12-01", "--approved-by", "E-1"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn went_well(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn written(file: &Path) -> usize {
    fs::read_to_string(file).unwrap().matches("- check: ").count()
}

#[test]
fn what_several_accept_at_once_is_written_whole() {
    let (case, fingerprints) = project();
    for separate in [false, true] {
        let file = case.project().join("rolecall.yaml");
        let before = fs::read_to_string(&file).unwrap();
        let target = if separate {
            fs::write(&file, format!("{before}\nexceptions: exceptions.yaml\n")).unwrap();
            let target = case.project().join("exceptions.yaml");
            fs::write(&target, "rolecall: 1\nexceptions: []\n").unwrap();
            target
        } else {
            file.clone()
        };
        let at_once: Vec<Child> = fingerprints
            .iter()
            .map(|fingerprint| except(case.project(), fingerprint).spawn().unwrap())
            .collect();
        for one in at_once {
            went_well(&one.wait_with_output().unwrap());
        }
        assert_eq!(
            written(&target),
            fingerprints.len(),
            "{}",
            fs::read_to_string(&target).unwrap()
        );
        fs::write(&file, before).unwrap();
    }
}

#[test]
fn the_same_finding_is_accepted_once_by_those_who_do_it_at_once() {
    let (case, fingerprints) = project();
    let at_once: Vec<Child> = (0..6)
        .map(|_| except(case.project(), &fingerprints[0]).spawn().unwrap())
        .collect();
    let codes: Vec<Option<i32>> = at_once
        .into_iter()
        .map(|one| one.wait_with_output().unwrap().status.code())
        .collect();
    let well = codes.iter().filter(|code| **code == Some(0)).count();
    let refused = codes.iter().filter(|code| **code == Some(2)).count();
    assert_eq!((well, refused), (1, 5), "{codes:?}");
    assert_eq!(written(&case.project().join("rolecall.yaml")), 1);
}

#[test]
fn a_file_that_may_not_be_written_to_is_left_as_it_is() {
    let (case, fingerprints) = project();
    let file = case.project().join("rolecall.yaml");
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    let before = fs::read_to_string(&file).unwrap();
    mode(0o444);
    let refused = except(case.project(), &fingerprints[0]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("rolecall.yaml` may not be written to"), "{words}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    let mut shown = except(case.project(), &fingerprints[0]);
    went_well(&shown.arg("--dry-run").output().unwrap());
    mode(0o644);
    went_well(&except(case.project(), &fingerprints[0]).output().unwrap());
    assert_eq!(written(&file), 1);
}

#[test]
fn what_nobody_sees_is_no_reason() {
    let (case, fingerprints) = project();
    for flag in ["--reason", "--approved-by", "--ticket"] {
        let mut command = rolecall(case.project());
        command.args([
            "except",
            &fingerprints[0],
            "--report",
            "report.json",
            "--expires",
            "2026-12-01",
        ]);
        for (name, usual) in [("--reason", "r"), ("--approved-by", "E-1"), ("--ticket", "T-1")] {
            command.args([name, if name == flag { "\u{200b} \u{3164}" } else { usual }]);
        }
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{flag}");
        let words = String::from_utf8(refused.stderr).unwrap();
        assert!(words.contains(&format!("`{flag}` is empty")), "{words}");
    }
}
