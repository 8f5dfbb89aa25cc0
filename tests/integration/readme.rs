//! What the READMEs show is true: the quickstart is what the program prints, the tables are what the tests hold.

use std::fs;

use crate::cases::{repository, rolecall};

const MAIN: &str = "cargo run --release -- check --project examples/acme";

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

/// The lines of each fenced block of console output.
pub fn consoles(text: &str) -> Vec<Vec<&str>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "```console" {
            blocks.push(lines.by_ref().take_while(|line| line.trim() != "```").collect());
        }
    }
    blocks
}

/// The lines after the command that are missing from an output, or stand elsewhere. `…` stands for lines left out;
/// without it a line follows the one before.
pub fn untrue(shown: &[&str], output: &str) -> Vec<String> {
    let output: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut next = 0;
    let mut left_out = false;
    let mut untrue = Vec::new();
    for line in shown.iter().filter(|line| !line.trim().is_empty()) {
        if line.trim() == "…" {
            left_out = true;
            continue;
        }
        let reach = if left_out {
            output.len()
        } else {
            (next + 1).min(output.len())
        };
        let found = output
            .get(next..reach)
            .and_then(|rest| rest.iter().position(|other| other.trim_end() == line.trim_end()));
        match found {
            Some(offset) => next += offset + 1,
            None => untrue.push((*line).to_owned()),
        }
        left_out = false;
    }
    if next < output.len() && !left_out {
        untrue.push(format!("(the output goes on: {})", output[next]));
    }
    untrue
}

#[test]
fn the_quickstart_shows_what_the_program_prints() {
    let text = readme();
    let command = format!("$ {MAIN}");
    let blocks = consoles(&text);
    let block = blocks.iter().find(|block| block.first() == Some(&command.as_str()));
    let block = block.unwrap_or_else(|| panic!("README.md has no console block that begins with `{command}`"));
    assert!(block.len() > 5, "README.md shows none of the output");
    let output = rolecall(repository())
        .args(["check", "--project", "examples/acme"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let untrue = untrue(&block[1..], &String::from_utf8(output.stdout).unwrap());
    assert!(
        untrue.is_empty(),
        "README.md shows what the program does not print there:\n{}",
        untrue.join("\n")
    );
}

/// The error of the section on checks is what the program says of that line.
#[test]
fn the_error_that_is_shown_is_what_the_program_says() {
    let text = readme();
    let shown = text
        .split("```text\n")
        .find(|block| block.starts_with("error: "))
        .unwrap();
    let shown = shown.split("```").next().unwrap();
    let (number, line) = shown.lines().nth(3).unwrap().split_once(" | ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("policies/late");
    fs::create_dir_all(&home).unwrap();
    let head = "# METADATA\n# title: Late\n# description: Nobody is late.\n# related_resources: [{ref: https://docs.example.com}]\n# custom:\n#   subject: account\n#   severity: low\n#   remediation: {summary: Mend it.}\n#   skip: {left: {message: left}}\n#   fail: {late: {message: late}}\n#   pass: in time\npackage checks.late\n\nfail contains \"late\" if input.account.state == \"active\"\n";
    let fill = "\n".repeat(number.parse::<usize>().unwrap() - 1 - head.lines().count());
    fs::write(home.join("check.rego"), format!("{head}{fill}{line}\n")).unwrap();
    fs::write(
        folder.path().join("rolecall.yaml"),
        "rolecall: 1\norganisation: Example\ntimezone: UTC\npolicies: [policies]\n",
    )
    .unwrap();
    let output = rolecall(folder.path()).arg("check").output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), shown);
}

#[test]
fn the_readme_names_the_command_that_tests() {
    let text = readme();
    let shown = |command: &str| text.lines().any(|line| line.trim().trim_start_matches("$ ") == command);
    assert!(shown("cargo test"));
    assert!(shown(MAIN));
}

#[test]
fn files_that_the_readme_links_to_are_there() {
    let text = readme();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local: Vec<&str> = links
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .collect();
    assert!(!local.is_empty());
    let missing: Vec<&&str> = local
        .iter()
        .filter(|link| !repository().join(link.split('#').next().unwrap()).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn lines_that_are_made_up_are_noticed() {
    let output = "one\n\ntwo\nthree\nfour\n";
    assert_eq!(untrue(&["one", "two", "three", "four"], output), Vec::<String>::new());
    assert_eq!(untrue(&["…", "two", "…", "four"], output), Vec::<String>::new());
    assert_eq!(untrue(&["one", "…"], output), Vec::<String>::new());
    assert_eq!(untrue(&["one", "three", "…"], output), ["three"]);
    assert_eq!(untrue(&["…", "four", "…", "two", "…"], output), ["two"]);
    assert_eq!(untrue(&["one"], output), ["(the output goes on: two)"]);
}

/// Holds a table of `tests/README.md`, between two comments that name it, against the file that it is written from.
pub fn written_in_the_tests_readme(name: &str, from: &str, listed: &str) {
    let begin = format!("<!-- {name}: written from {from} -->\n");
    let end = format!("<!-- end of {name} -->");
    let file = repository().join("tests/README.md");
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(&begin).unwrap();
    let (shown, after) = rest.split_once(&end).unwrap();
    if shown.trim() == listed.trim() {
        return;
    }
    if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
        fs::write(&file, format!("{before}{begin}\n{listed}\n{end}{after}")).unwrap();
        return;
    }
    panic!("tests/README.md does not list the {name} as {from} has them; `just bless` writes them");
}
