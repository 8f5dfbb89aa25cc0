//! Every check under `policies/` is proved by the cases beside it. There is no list of checks here either.

mod documents;
mod folders;
mod laws;
mod widely;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rolecall::check::{Check, Checks, load};
use rolecall::rego::{Limits, SourceFile, TestFile};
use rolecall::workbench::{self, TestState, Units, Wanted};

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

/// The names of the rules `test_*` of a file.
fn test_names(file: &SourceFile) -> Vec<String> {
    let parsed = TestFile::parse(file).unwrap_or_else(|error| panic!("{error}"));
    parsed.tests.into_iter().map(|test| test.name).collect()
}

/// The checks, the libraries and the connectors of this repository.
fn units() -> Units {
    let roots = ["policies", "connectors"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    Units::find(&roots).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_tests_beside_every_check_and_connector_hold() {
    let units = units();
    let runs = workbench::run(&units.0.iter().collect::<Vec<_>>(), &Wanted::default());
    let mut wrong = Vec::new();
    for run in &runs {
        wrong.extend(run.broken.iter().map(|error| format!("{}: {error}", run.folder)));
        wrong.extend(run.empty.iter().map(|file| format!("{file}: no test ran")));
        for test in &run.tests {
            if let TestState::Failed(failure) = &test.state {
                wrong.push(format!("{}: {}: {}", test.place, test.name, failure.message));
            }
        }
    }
    assert!(runs.len() > 10 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Changes the shipped checks and the libraries in small ways, one at a time: a test must notice each, or its author says
/// why none can. A test that nothing can break proves nothing.
#[test]
fn the_tests_notice_every_change_to_a_check() {
    notices_every_change("policies");
}

#[test]
fn the_tests_notice_every_change_to_a_normaliser() {
    notices_every_change("connectors");
}

fn notices_every_change(root: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let units = Units::find(&[root]).unwrap_or_else(|error| panic!("{error}"));
    let mutations = workbench::mutate(&units).unwrap_or_else(|error| panic!("{error}"));
    let mut unnoticed = Vec::new();
    for unit in &mutations {
        let mutation = unit
            .outcome
            .as_ref()
            .unwrap_or_else(|error| panic!("{}: {error}", unit.folder));
        assert!(
            mutation.noticed > 10,
            "{}: only {} changes",
            unit.folder,
            mutation.noticed
        );
        for survivor in &mutation.survived {
            let mutant = &survivor.mutant;
            unnoticed.push(format!("{} one {}: {}", mutant.place, mutant.what, mutant.after));
        }
        unnoticed.extend(
            mutation
                .complaints
                .iter()
                .map(|(place, message)| format!("{place}: {message}")),
        );
    }
    assert!(unnoticed.is_empty(), "no test notices when\n{}", unnoticed.join("\n"));
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
        for name in check.params.keys().chain(check.facts.iter().map(|fact| &fact.name)) {
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

/// The table of cases names tests that exist, and every case that a test names stands in it.
#[test]
fn the_table_of_cases_is_true() {
    let table = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/README.md"));
    let files: Vec<SourceFile> = check_folders().iter().flat_map(|folder| rego_files(folder)).collect();
    let tests = files.iter().filter(|file| is_test(file));
    let names: Vec<String> = tests.flat_map(test_names).collect();
    for name in table.split('`').filter(|word| word.starts_with("test_")) {
        assert!(
            names.iter().any(|known| known == name),
            "tests/README.md names {name}, which is no test"
        );
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
