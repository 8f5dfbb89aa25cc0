//! The walls between the modules, held against the source text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::cases::repository;

/// Every file of `src/` by its path there, without comments and without tests.
fn sources() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    read(&repository().join("src"), "", &mut files);
    assert!(files.len() > 50);
    let for_tests: BTreeSet<String> = files.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    files.retain(|path, _| {
        !for_tests
            .iter()
            .any(|module| path == &format!("{module}.rs") || path.starts_with(&format!("{module}/")))
    });
    files.into_iter().map(|(path, text)| (path, code(&text))).collect()
}

/// The same, as the files are.
fn whole_sources() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    read(&repository().join("src"), "", &mut files);
    files
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files);
        } else if name.ends_with(".rs") {
            files.insert(format!("{prefix}{name}"), fs::read_to_string(&path).unwrap());
        }
    }
}

/// The modules that a file declares for tests only, as paths below `src/`.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let folder = match path.strip_suffix("/mod.rs") {
        Some(folder) => format!("{folder}/"),
        None if path == "lib.rs" || path == "main.rs" => String::new(),
        None => format!("{}/", path.trim_end_matches(".rs")),
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = lines
        .windows(2)
        .filter(|pair| pair[0] == "#[cfg(test)]")
        .filter_map(|pair| {
            let declaration = pair[1].strip_suffix(';')?;
            Some(format!("{folder}{}", declaration.rsplit_once("mod ")?.1))
        });
    declared.collect()
}

/// A file without its comments and without the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// Whether a word stands in code on its own.
fn names(code: &str, word: &str) -> bool {
    let part_of_a_word = |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() || one == '_');
    code.match_indices(word).any(|(at, _)| {
        !part_of_a_word(code[..at].chars().next_back()) && !part_of_a_word(code[at + word.len()..].chars().next())
    })
}

/// The modules of the crate that a file names.
fn modules_named(code: &str) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(list) = rest.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            named.extend(list.split(',').map(|one| first_word(one.trim())));
        } else {
            named.insert(first_word(rest));
        }
    }
    named
}

fn first_word(text: &str) -> &str {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .next()
        .unwrap_or_default()
}

#[test]
fn libraries_are_known_where_they_belong_and_nowhere_else() {
    let belong = [
        ("regorus", "rego/"),
        ("reqwest", "collect/"),
        ("tokio", "collect/"),
        ("secrecy", "collect/"),
        ("rustls", "collect/"),
        ("jsonwebtoken", "collect/"),
        ("indicatif", "report/"),
        ("dialoguer", "report/"),
        ("anstream", "report/"),
        ("anstyle", "report/"),
        ("serde_saphyr", "yaml/"),
        ("csv", "collect/file/ or report/csv/"),
        ("minijinja", "report/html/"),
        ("quick_xml", "report/junit/"),
        ("rustix", "collect/exec/ or report/files.rs"),
    ];
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        for (library, home) in belong {
            // The words of `--color` are the terminal library's.
            let excused = library == "anstream" && path == "cli.rs";
            let at_home = || home.split(" or ").any(|home| path.starts_with(home));
            let named = names(&code, &format!("{library}::")) || names(&code, &format!("use {library}"));
            if named && !at_home() && !excused {
                wrong.push(format!("{path} names {library}, which is for {home}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_report_prints() {
    let printing = [
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
        "stdout()",
        "stderr()",
        "dbg!",
    ];
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        if path.starts_with("report/") || path == "main.rs" {
            continue;
        }
        wrong.extend(
            printing
                .iter()
                .filter(|word| code.contains(*word))
                .map(|word| format!("{path}: {word}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn stages_know_only_what_they_build_on() {
    // What everybody may use: errors, exit codes and digests, which know nothing of ours but each other.
    let common = ["error", "exit", "digest"];
    let knows: [(&str, &[&str]); 31] = [
        ("digest", &[]),
        ("progress", &[]),
        ("snapshot", &["snapshot", "strict_json"]),
        ("finding", &["finding", "snapshot"]),
        ("strict_json", &["strict_json"]),
        ("yaml", &["yaml"]),
        ("recording", &["recording", "strict_json"]),
        ("rego", &["rego"]),
        ("project", &["project", "finding", "yaml"]),
        (
            "connector",
            &["connector", "yaml", "rego", "project", "snapshot", "finding", "collect"],
        ),
        ("check", &["check", "rego", "project", "finding", "yaml"]),
        (
            "streams",
            &["streams", "connector", "recording", "snapshot", "strict_json", "yaml"],
        ),
        (
            "normalise",
            &[
                "normalise",
                "connector",
                "streams",
                "rego",
                "snapshot",
                "recording",
                "project",
            ],
        ),
        (
            "collect",
            &[
                "collect",
                "connector",
                "normalise",
                "progress",
                "project",
                "recording",
                "snapshot",
                "streams",
                "strict_json",
                "yaml",
            ],
        ),
        ("staff", &["staff", "project", "snapshot", "finding"]),
        ("identity", &["identity", "staff", "project", "snapshot", "finding"]),
        (
            "subject",
            &["subject", "identity", "staff", "project", "snapshot", "finding"],
        ),
        (
            "evaluate",
            &["evaluate", "check", "rego", "subject", "project", "snapshot", "finding"],
        ),
        (
            "doctor",
            &[
                "doctor",
                "check",
                "collect",
                "connector",
                "evaluate",
                "finding",
                "project",
                "rego",
                "snapshot",
                "subject",
            ],
        ),
        ("catalogue", &["catalogue", "check", "rego", "finding"]),
        ("expected", &["expected", "finding", "strict_json"]),
        (
            "explain",
            &[
                "explain", "check", "evaluate", "finding", "project", "rego", "snapshot", "staff", "subject",
            ],
        ),
        ("reported", &["reported", "finding", "strict_json"]),
        ("lifecycle", &["lifecycle", "finding", "project", "reported"]),
        (
            "exception",
            // Whom an approver's name means is asked as it is asked of every name in the project file.
            &[
                "exception",
                "finding",
                "identity",
                "project",
                "snapshot",
                "staff",
                "subject",
            ],
        ),
        // Who is on a roster, and as what, its rows alone do not say.
        ("compare", &["compare", "finding", "reported", "snapshot", "staff"]),
        ("scaffold", &["scaffold", "check", "connector", "finding", "rego"]),
        (
            "workbench",
            &["workbench", "check", "connector", "finding", "project", "rego"],
        ),
        ("init", &["init", "connector", "snapshot", "yaml", "project"]),
        (
            "report",
            &[
                "report",
                "finding",
                "progress",
                "snapshot",
                "connector",
                "doctor",
                "yaml",
                "catalogue",
                "compare",
                "exception",
                "expected",
                "explain",
                "scaffold",
                "workbench",
            ],
        ),
        ("cli", &["cli", "finding", "report"]),
    ];
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let module = path.split('/').next().unwrap().trim_end_matches(".rs");
        if ["commands", "main", "lib", "error", "exit"].contains(&module) {
            continue;
        }
        let Some((_, known)) = knows.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("nobody has said what `{module}` may know"));
            continue;
        };
        for named in modules_named(&code) {
            if !named.is_empty() && !known.contains(&named) && !common.contains(&named) {
                wrong.push(format!("{path} names {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A check and a connector are a folder: nothing in `src/` knows any of them.
#[test]
fn no_check_and_no_connector_is_named_in_code() {
    let folders = |of: &str| -> Vec<String> {
        let entries = fs::read_dir(repository().join(of)).unwrap();
        let entries = entries
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.path().is_dir());
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    };
    // These are parts of every document too: a collection of a snapshot, a part of a subject, a folder of libraries, a
    // kind of connectors.
    let words = ["approvals", "exec", "roster", "lib", "schemas"];
    let ids: Vec<String> = [folders("policies"), folders("connectors")].concat();
    let ids: Vec<&String> = ids.iter().filter(|id| !words.contains(&id.as_str())).collect();
    assert!(ids.len() >= 5);
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        wrong.extend(
            ids.iter()
                .filter(|id| names(&code, id))
                .map(|id| format!("{path} names {id}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    // Types that are listed one after the other may fill a page or two more.
    let most = 450;
    let mut wrong = Vec::new();
    for (path, text) in whole_sources() {
        let empty = text.trim().is_empty();
        if !text.starts_with("//!") && !empty && !path.ends_with("tests.rs") {
            wrong.push(format!("{path} does not begin with `//!`"));
        }
    }
    for (path, code) in sources() {
        let lines = code.lines().count();
        if lines > most {
            wrong.push(format!("{path} has {lines} lines of code"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_falls_over_on_purpose() {
    let falls = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "unreachable!(",
        "todo!(",
        "unimplemented!(",
        "unsafe {",
    ];
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        wrong.extend(
            falls
                .iter()
                .filter(|word| code.contains(*word))
                .map(|word| format!("{path}: {word}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The walls stand on reading the source right.
#[test]
fn the_source_is_read_right() {
    let text = "//! regorus\nuse crate::{error, rego::Cut};\nfn a() { crate::report::b() }\n#[cfg(test)]\nmod tests {\n use crate::check;\n}\n";
    let code = code(text);
    assert_eq!(modules_named(&code), BTreeSet::from(["error", "rego", "report"]));
    assert!(!names(&code, "regorus"));
    assert!(names("regorus::x", "regorus") && !names("my_regorus::x", "regorus"));
    assert_eq!(
        test_modules("a/mod.rs", "#[cfg(test)]\npub(crate) mod fixture;\n"),
        ["a/fixture"]
    );
}
