//! The commands of `docs/compare.md` say what the page shows.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cases::repository;
use crate::readme::{consoles, untrue};

#[test]
fn the_commands_of_the_page_say_what_it_shows() {
    let page = fs::read_to_string(repository().join("docs/compare.md")).unwrap();
    let blocks = consoles(&page);
    let shown = blocks.iter().find(|block| block.len() > 10).unwrap();
    let (commands, shown): (Vec<&str>, Vec<&str>) = shown.iter().partition(|line| line.starts_with("$ "));
    let script: String = commands.iter().map(|line| format!("{}\n", &line[2..])).collect();
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path().join("clone");
    fs::create_dir(&clone).unwrap();
    std::os::unix::fs::symlink(repository().join("examples"), clone.join("examples")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&clone)
        .env("PATH", path)
        .output()
        .unwrap();
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
