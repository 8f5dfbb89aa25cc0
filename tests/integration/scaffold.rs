//! `rolecall new`: what it writes loads, passes its own tests and the linter, judges, and can be taken away again.

use std::fs;
use std::path::Path;

use crate::cases::{repository, rolecall};

/// A copy of a base, to which things are added.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("tests/bases/small"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Runs a command that has to end with a code, and gives what it printed.
fn ran(folder: &Path, args: &[&str], code: i32) -> String {
    let output = rolecall(folder).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

/// The block of YAML that `new` prints, from a key on to the next empty line.
fn block<'a>(said: &'a str, key: &str) -> &'a str {
    let (_, rest) = said
        .split_once(&format!("\n\n{key}:"))
        .unwrap_or_else(|| panic!("no {key}: {said}"));
    rest.split("\n\n").next().unwrap().trim_end()
}

/// The lines that `new` prints for a key that the project has, up to the next empty line.
fn below<'a>(said: &'a str, key: &str) -> &'a str {
    let (_, rest) = said
        .split_once(&format!("\n\nunder the `{key}:` that it has:\n\n"))
        .unwrap_or_else(|| panic!("no {key}: {said}"));
    rest.split("\n\n").next().unwrap()
}

/// Every path below a folder.
fn tree(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths.extend(tree(&path));
        }
        paths.push(path.display().to_string());
    }
    paths.sort();
    paths
}

#[test]
fn a_new_check_and_a_new_connector_work_as_written() {
    let home = project();
    let folder = home.path();
    let before = tree(folder);
    let check = ran(folder, &["new", "check", "no_personal_email"], 0);
    let connector = ran(folder, &["new", "connector", "my_crm"], 0);

    // The lines that are printed are all that the project needs.
    let file = folder.join("rolecall.yaml");
    let untouched = fs::read_to_string(&file).unwrap();
    let text = untouched
        .replace("sources:\n", &format!("sources:\n{}\n", below(&connector, "sources")))
        .replace("systems:\n", &format!("systems:\n{}\n", below(&connector, "systems")));
    let text = format!(
        "{text}\npolicies:{}\nconnectors:{}\n",
        block(&check, "policies"),
        block(&connector, "connectors")
    );
    fs::write(&file, text).unwrap();

    let said = ran(folder, &["check", "--check", "no_personal_email", "--verdicts"], 0);
    for verdict in [
        "pass            no_personal_email  Ada Example (my_crm:11)",
        "not_applicable  no_personal_email  Cara Example (my_crm:13)",
        "pass            no_personal_email  Ada Example (pipedrive:1)",
    ] {
        assert!(said.contains(verdict), "{said}");
    }
    let said = ran(folder, &["test"], 0);
    assert!(said.contains(" passed, 0 failed"), "{said}");
    let said = ran(folder, &["test", "--mutate"], 0);
    assert!(said.contains(", 0 survived"), "{said}");
    ran(folder, &["check"], 0);

    // With a domain that somebody has, there is a finding.
    let check = folder.join("policies/no_personal_email/check.rego");
    let policy = fs::read_to_string(&check).unwrap();
    fs::write(&check, policy.replace("[gmail.com, ", "[example.com, gmail.com, ")).unwrap();
    let said = ran(folder, &["check", "--check", "no_personal_email"], 1);
    assert!(
        said.contains("ada@example.com is an address of a domain that is not wanted"),
        "{said}"
    );

    fs::remove_dir_all(folder.join("policies")).unwrap();
    fs::remove_dir_all(folder.join("connectors")).unwrap();
    fs::write(&file, untouched).unwrap();
    assert_eq!(
        tree(folder),
        before,
        "everything that was written was in the two folders"
    );
    ran(folder, &["check"], 0);
}

#[test]
fn what_is_there_is_never_written_over() {
    let home = project();
    let folder = home.path();
    ran(folder, &["new", "check", "mine"], 0);
    let file = folder.join("policies/mine/check.rego");
    fs::write(&file, "mine\n").unwrap();
    let before = tree(folder);
    let said = ran(folder, &["new", "check", "mine"], 2);
    assert!(said.contains("`policies/mine` is there"), "{said}");
    fs::create_dir(folder.join("policies/empty")).unwrap();
    ran(folder, &["new", "check", "empty"], 2);
    fs::remove_dir(folder.join("policies/empty")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.join("policies/link")).unwrap();
        ran(folder, &["new", "check", "link"], 2);
        fs::remove_file(folder.join("policies/link")).unwrap();
    }
    assert_eq!(tree(folder), before);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine\n");
}

/// The project says where its own checks are, and a name stands for one of them only.
#[test]
fn the_folder_is_the_first_that_the_project_adds() {
    let home = project();
    let folder = home.path();
    let file = folder.join("rolecall.yaml");
    let text = fs::read_to_string(&file).unwrap();
    for root in ["rules/ours", "more"] {
        ran(
            folder,
            &["new", "check", &format!("in_{}", &root[..2]), "--into", root],
            0,
        );
    }
    fs::write(&file, format!("{text}\npolicies: [rules/ours, more]\n")).unwrap();
    let said = ran(folder, &["new", "check", "third"], 0);
    assert!(said.starts_with("wrote rules/ours/third:"), "{said}");
    assert!(!said.contains("does not look there"), "{said}");
    let said = ran(folder, &["new", "check", "in_mo"], 2);
    assert!(said.contains("the project has `more/in_mo`"), "{said}");
    let said = ran(folder, &["new", "check", "fourth", "--into", "third place"], 0);
    let lines = "in place of what it has as `policies:`:\n\npolicies: [rules/ours, more, third place]\n";
    assert!(said.contains(lines), "{said}");
    assert!(said.contains("  rolecall test 'third place/fourth'\n"), "{said}");
    ran(folder, &["check"], 0);
}

/// A file where a folder is to be, and a folder that nobody may write to.
#[test]
fn where_nothing_can_be_written_a_folder_is_asked_for() {
    let home = project();
    let folder = home.path();
    let before = tree(folder);
    for into in ["rolecall.yaml", "rolecall.yaml/deeper", "/proc/none"] {
        let said = ran(folder, &["new", "check", "mine", "--into", into], 2);
        assert!(said.contains("help: name a folder"), "{said}");
        assert!(said.contains("--into"), "{said}");
    }
    assert_eq!(tree(folder), before);
}
