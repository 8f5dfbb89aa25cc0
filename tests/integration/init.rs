//! Whatever `init` writes, the next command reads.

use std::fs;

use crate::cases::{in_parallel, repository, rolecall};

/// Every combination of flags, and a roster of every format: the file is there, and `check` has no fault to find with it.
#[test]
fn whatever_init_writes_can_be_checked() {
    let rosters = ["roster.csv", "people.json", "people.yaml"];
    let recordings = repository().join("connectors/roster/recordings");
    let mut combinations = Vec::new();
    for roster in rosters {
        for critical in ["yes", "no"] {
            for access in ["all_staff", "JOB"] {
                for flags in [
                    &[][..],
                    &["--token-env", "SECRET_OF_MINE"],
                    &["--organisation", "A: \"b\" #c", "--timezone", "Asia/Kolkata"],
                ] {
                    combinations.push((roster, critical, access, flags));
                }
            }
        }
    }
    let wrong = in_parallel(&combinations, |(roster, critical, access, flags)| {
        let folder = tempfile::tempdir().unwrap();
        let from = match *roster {
            "roster.csv" => repository().join("examples/acme/roster.csv"),
            other => recordings.join(other.rsplit('.').next().unwrap()).join(other),
        };
        fs::copy(from, folder.path().join(roster)).unwrap();
        let job = job_role(&fs::read_to_string(folder.path().join(roster)).unwrap());
        let access = if *access == "JOB" { job } else { (*access).to_owned() };
        let run = |arguments: &[&str]| rolecall(folder.path()).args(arguments).output().unwrap();
        let mut arguments = vec!["init", "--connector", "pipedrive", "--param", "company=acme"];
        arguments.extend(["--critical", critical, "--roster", roster, "--access", &access]);
        arguments.extend(*flags);
        let begun = run(&arguments);
        let recording = repository().join("examples/acme/recording");
        let checked = run(&["check", "--recording", recording.to_str().unwrap()]);
        let fits = begun.status.code() == Some(0) && matches!(checked.status.code(), Some(0 | 1 | 3));
        (!fits).then(|| {
            let errors = [begun.stderr, checked.stderr].concat();
            format!("{arguments:?}: {}", String::from_utf8_lossy(&errors))
        })
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A job role that somebody on one of these rosters has.
fn job_role(roster: &str) -> String {
    let known = ["Account executive", "Head of Sales"];
    let found = known.iter().find(|role| roster.contains(**role));
    (*found.unwrap_or_else(|| panic!("no known job role in {roster}"))).to_owned()
}

#[test]
fn init_writes_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(
        repository().join("examples/acme/roster.csv"),
        folder.path().join("roster.csv"),
    )
    .unwrap();
    fs::write(folder.path().join("rolecall.yaml"), "mine").unwrap();
    let flags = [
        "init",
        "--connector",
        "pipedrive",
        "--param",
        "company=acme",
        "--critical",
        "yes",
        "--roster",
        "roster.csv",
        "--access",
        "all_staff",
    ];
    let refused = rolecall(folder.path()).args(flags).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("rolecall.yaml")).unwrap(), "mine");
    let replaced = rolecall(folder.path()).args(flags).arg("--force").output().unwrap();
    assert_eq!(replaced.status.code(), Some(0));
    assert!(
        fs::read_to_string(folder.path().join("rolecall.yaml"))
            .unwrap()
            .contains("company: acme")
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
