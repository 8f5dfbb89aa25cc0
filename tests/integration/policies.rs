//! Every check under `policies/` is proved by the cases beside it. There is no list of checks here either.

mod documents;
mod folders;
mod laws;
mod widely;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall::check::{Check, Checks, load};
use rolecall::rego::{Limits, Program, SourceFile};

const LIMITS: Limits = Limits {
    time: Duration::from_secs(10),
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

fn built_in() -> Checks {
    load(&[], &BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The `.rego` files of one folder under `policies/`, sorted.
fn rego_files(folder: &str) -> Vec<SourceFile> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rego"));
    paths.sort();
    let file = |path: &PathBuf| SourceFile {
        path: path.strip_prefix(root()).unwrap().display().to_string(),
        text: read(path),
    };
    paths.iter().map(file).collect()
}

/// The folders that hold a check, by what stands on disk.
fn check_folders() -> Vec<String> {
    let entries = std::fs::read_dir(root()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "lib" && name != "schemas")
        .collect();
    names.sort();
    names
}

fn is_test(file: &SourceFile) -> bool {
    file.path.ends_with("_test.rego")
}

fn package_of(file: &SourceFile) -> &str {
    let package = file.text.lines().find_map(|line| line.strip_prefix("package "));
    package.unwrap_or_else(|| panic!("{} has no package", file.path)).trim()
}

/// The names of the rules `test_*` of a file.
fn test_names(file: &SourceFile) -> Vec<&str> {
    let rules = file.text.lines().filter(|line| line.starts_with("test_"));
    rules
        .filter_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .collect()
}

/// The rules `test_*` of a folder that do not hold, each with its file.
fn untrue_tests(files: &[SourceFile]) -> Vec<String> {
    let mut program = Program::load(files, LIMITS).unwrap_or_else(|error| panic!("{error}"));
    let mut untrue = Vec::new();
    for file in files.iter().filter(|file| is_test(file)) {
        for name in test_names(file) {
            let query = format!("data.{}.{name}", package_of(file));
            match program.evaluate(&query, serde_json::Value::Null) {
                Ok(Some(serde_json::Value::Bool(true))) => {}
                Ok(answer) => untrue.push(format!("{}: {name} is {answer:?}", file.path)),
                Err(error) => untrue.push(format!("{}: {name}: {error}", file.path)),
            }
        }
    }
    untrue
}

#[test]
fn the_tests_beside_every_check_hold() {
    let libraries = rego_files("lib");
    let mut wrong = untrue_tests(&libraries);
    for folder in check_folders() {
        let own = rego_files(&folder);
        if !own.iter().any(|file| is_test(file) && !test_names(file).is_empty()) {
            wrong.push(format!("{folder}: there is no test beside the check"));
        }
        let files: Vec<SourceFile> = own.into_iter().chain(libraries.clone()).collect();
        wrong.extend(untrue_tests(&files));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule of tests that is defined twice holds as soon as one of the two does.
#[test]
fn no_test_is_there_twice() {
    for folder in check_folders() {
        for file in rego_files(&folder).iter().filter(|file| is_test(file)) {
            let mut names = test_names(file);
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{}", file.path);
        }
    }
}

#[test]
fn every_code_has_a_case_and_a_line_in_the_readme() {
    let checks = built_in();
    let mut wrong = Vec::new();
    for folder in check_folders() {
        let check = checks
            .0
            .get(&folder)
            .unwrap_or_else(|| panic!("{folder} is not loaded"));
        let readme = std::fs::read_to_string(root().join(&folder).join("README.md")).unwrap_or_default();
        let own = rego_files(&folder);
        let tests: String = own
            .iter()
            .filter(|file| is_test(file))
            .map(|file| file.text.as_str())
            .collect();
        for code in codes(check) {
            if !tests.contains(&format!("\"{code}\"")) {
                wrong.push(format!("{folder}: no test names the code {code}"));
            }
            if !readme.contains(&format!("`{code}`")) {
                wrong.push(format!("{folder}: README.md does not say what {code} is"));
            }
        }
        for name in check.params.keys().chain(&check.facts) {
            if !readme.contains(&format!("`{name}`")) {
                wrong.push(format!("{folder}: README.md does not say what {name} is"));
            }
        }
        for link in &check.links {
            if !readme.contains(&link.url) {
                wrong.push(format!("{folder}: README.md does not name {}", link.url));
            }
        }
        for (framework, ids) in &check.controls {
            for id in ids {
                if !readme.contains(id) {
                    wrong.push(format!("{folder}: README.md does not name {id} of {framework}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn codes(check: &Check) -> impl Iterator<Item = &String> {
    let reasons = check.skip.iter().chain(&check.fail).chain(&check.unknown);
    reasons.map(|reason| &reason.code)
}

/// Takes one rule of a check or of a library away at a time: the tests must notice. A test that nothing can break
/// proves nothing.
#[test]
fn the_tests_notice_every_rule_that_is_missing() {
    let libraries = rego_files("lib");
    let mut unnoticed = Vec::new();
    for folder in check_folders() {
        let own = rego_files(&folder);
        for (rule, mutated) in without_each_rule(&own) {
            if holds(&[mutated, libraries.clone()].concat()) {
                unnoticed.push(rule);
            }
        }
    }
    for (rule, mutated) in without_each_rule(&libraries) {
        let holds_in = |folder: &String| holds(&[rego_files(folder), mutated.clone()].concat());
        if check_folders().iter().all(holds_in) {
            unnoticed.push(rule);
        }
    }
    assert!(unnoticed.is_empty(), "no test fails without\n{}", unnoticed.join("\n"));
}

fn holds(files: &[SourceFile]) -> bool {
    Program::load(files, LIMITS).is_ok() && untrue_tests(files).is_empty()
}

/// Each rule of the policies among the files, and the files without it. Rules are set apart by empty lines.
fn without_each_rule(files: &[SourceFile]) -> Vec<(String, Vec<SourceFile>)> {
    let mut without = Vec::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| !is_test(file)) {
        let blocks: Vec<&str> = file.text.split("\n\n").collect();
        for (position, block) in blocks.iter().enumerate() {
            let code = block.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
            let Some(code) = code.filter(|line| !line.starts_with("package ") && !line.starts_with("import ")) else {
                continue;
            };
            let mut left = blocks.clone();
            left.remove(position);
            let mut mutated = files.to_vec();
            mutated[index].text = left.join("\n\n");
            without.push((format!("{}: {code}", file.path), mutated));
        }
    }
    without
}

/// The table of cases names tests that exist, and every case that a test names stands in it.
#[test]
fn the_table_of_cases_is_true() {
    let table = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md"));
    let files: Vec<SourceFile> = check_folders().iter().flat_map(|folder| rego_files(folder)).collect();
    let names: Vec<&str> = files.iter().flat_map(test_names).collect();
    for name in table.split('`').filter(|word| word.starts_with("test_")) {
        assert!(names.contains(&name), "tests/README.md names {name}, which is no test");
    }
    let rows = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let numbers: Vec<&str> = rows.flat_map(|cell| cell.split(", ")).collect();
    for file in &files {
        for comment in file.text.lines().filter_map(|line| line.strip_prefix("# Case")) {
            for number in comment
                .split(|c: char| !c.is_ascii_digit())
                .filter(|number| !number.is_empty())
            {
                assert!(
                    numbers.contains(&number),
                    "{}: case {number} is not in tests/README.md",
                    file.path
                );
            }
        }
    }
}
