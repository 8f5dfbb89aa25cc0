//! The commands of `docs/compare.md` say what the page shows.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::cases::repository;
use crate::readme::{consoles, untrue};

/// A pipe says everything only once: whoever reads it twice waits for ever.
#[test]
fn each_file_is_read_once() {
    let script = "set -e
        cp -r examples/acme acme && cd acme
        rolecall collect --quiet -o old.json
        sed -i 's/2026-11-23T12/2026-11-24T12/' recording/recording.json
        rolecall collect --quiet -o new.json
        for of in old new; do rolecall check --snapshot $of.json --format json -o $of.report.json || true; done
        mkfifo old new
        for kind in json report.json; do
            cat old.$kind > old & cat new.$kind > new &
            timeout 60 rolecall compare old new
        done";
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_clone(folder.path(), script);
    let answer = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{answer}\n{errors}");
    assert_eq!(answer.matches("0 new, 14 still open: exit 0").count(), 2, "{answer}");
    assert!(
        answer.contains("OLD  old, snapshot of") && answer.contains("OLD  old, report of"),
        "{answer}"
    );
}

#[test]
fn the_commands_of_the_page_say_what_it_shows() {
    let page = fs::read_to_string(repository().join("docs/compare.md")).unwrap();
    let blocks = consoles(&page);
    let shown = blocks.iter().find(|block| block.len() > 10).unwrap();
    let (commands, shown): (Vec<&str>, Vec<&str>) = shown.iter().partition(|line| line.starts_with("$ "));
    let script: String = commands.iter().map(|line| format!("{}\n", &line[2..])).collect();
    let folder = tempfile::tempdir().unwrap();
    let output = in_a_clone(folder.path(), &script);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answer = String::from_utf8(output.stdout).unwrap();
    let untrue = untrue(&shown, &answer);
    assert!(
        untrue.is_empty(),
        "docs/compare.md shows what the program does not print:\n{}\n{answer}",
        untrue.join("\n")
    );
    assert!(answer.ends_with("1 new, 13 still open, 1 fixed: exit 1\n"), "{answer}");
}

/// Runs commands where a clone of this repository would be.
fn in_a_clone(folder: &Path, script: &str) -> Output {
    let clone = folder.join("clone");
    fs::create_dir(&clone).unwrap();
    std::os::unix::fs::symlink(repository().join("examples"), clone.join("examples")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    Command::new("sh")
        .args(["-c", script])
        .current_dir(&clone)
        .env("PATH", path)
        .output()
        .unwrap()
}
