//! The published JSON Schemas: they are schemas, they take every file that the program takes, and they refuse what an
//! editor should underline.

use std::fs;
use std::path::{Path, PathBuf};

use rolecall::project::Project;
use rolecall::rego::{Package, SourceFile, package_metadata};
use serde_json::Value as Json;

use crate::cases::repository;

fn schema(name: &str) -> Json {
    let path = repository().join(format!("docs/schemas/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

/// YAML as an editor's language server reads it: keys are texts, whatever they look like.
fn yaml(text: &str) -> Json {
    as_json(serde_yaml::from_str(text).unwrap())
}

fn as_json(value: serde_yaml::Value) -> Json {
    use serde_yaml::Value as Yaml;
    match value {
        Yaml::Mapping(mapping) => {
            let entries = mapping.into_iter().map(|(key, value)| {
                let key = match key {
                    Yaml::String(key) => key,
                    other => serde_yaml::to_string(&other).unwrap().trim().to_owned(),
                };
                (key, as_json(value))
            });
            Json::Object(entries.collect())
        }
        Yaml::Sequence(list) => Json::Array(list.into_iter().map(as_json).collect()),
        other => serde_json::to_value(other).unwrap(),
    }
}

/// Every file of a name below a folder.
fn named(name: &str, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().is_some_and(|leaf| leaf == name) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[track_caller]
fn takes(schema: &Json, document: &Json, what: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{what}: {}", wrong.join("\n"));
}

#[test]
fn every_published_schema_is_one() {
    let mut files = Vec::new();
    for folder in ["docs/schemas", "policies/schemas"] {
        for entry in fs::read_dir(repository().join(folder)).unwrap() {
            files.push(entry.unwrap().path());
        }
    }
    assert!(files.len() > 8);
    for file in files {
        let schema: Json = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(schema["title"].is_string(), "{}", file.display());
    }
}

/// The program carries the files, byte for byte.
#[test]
fn every_published_schema_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = crate::cases::rolecall(folder.path()).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let listed = run(&["schema"]);
    for (of, prefix) in [("docs/schemas", ""), ("policies/schemas", "subject:")] {
        for entry in fs::read_dir(repository().join(of)).unwrap() {
            let path = entry.unwrap().path();
            let leaf = path.file_name().unwrap().to_str().unwrap();
            let name = format!("{prefix}{}", leaf.strip_suffix(".schema.json").unwrap());
            assert_eq!(run(&["schema", &name]), fs::read_to_string(&path).unwrap(), "{name}");
            assert!(
                listed.lines().any(|line| line.starts_with(&format!("{name} "))),
                "{name}: {listed}"
            );
        }
    }
}

#[test]
fn every_project_that_is_read_is_taken() {
    let schema = schema("project");
    let mut taken = 0;
    for folder in ["examples", "tests/bases", "tests/cases"] {
        for file in named("rolecall.yaml", &repository().join(folder)) {
            if Project::load(&file).is_ok() {
                takes(
                    &schema,
                    &yaml(&fs::read_to_string(&file).unwrap()),
                    &file.display().to_string(),
                );
                taken += 1;
            }
        }
    }
    assert!(taken >= 4, "{taken}");
    // The whole grammar, as its page shows it.
    let page = fs::read_to_string(repository().join("docs/project.md")).unwrap();
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    Project::from_bytes(Path::new("rolecall.yaml"), example.as_bytes()).unwrap();
    takes(&schema, &yaml(example), "docs/project.md");
}

#[test]
fn exceptions_are_taken_here_and_in_a_file_of_their_own() {
    let page = fs::read_to_string(repository().join("docs/exceptions.md")).unwrap();
    let examples = page
        .split("```yaml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let [here, elsewhere, separate] = examples.collect::<Vec<_>>()[..] else {
        panic!("three examples");
    };
    takes(&schema("project"), &yaml(here), "in the project");
    takes(&schema("project"), &yaml(elsewhere), "elsewhere");
    takes(&schema("exceptions"), &yaml(separate), "the separate file");
    let validator = jsonschema::validator_for(&schema("exceptions")).unwrap();
    for (right, wrong) in [
        ("    expires: 2026-12-04\n", ""),
        ("approved_by:", "approved:"),
        ("reason: the", "reason: \" \" # the"),
        ("exceptions:", "exception:"),
        ("rolecall: 1", "rolecall: 2"),
    ] {
        assert!(separate.contains(right), "{right}");
        let broken = separate.replace(right, wrong);
        assert!(!validator.is_valid(&yaml(&broken)), "{broken}");
    }
}

#[test]
fn every_connector_is_taken() {
    let schema = schema("connector");
    let files = named("connector.yaml", &repository().join("connectors"));
    assert!(files.len() > 8);
    for file in files {
        takes(
            &schema,
            &yaml(&fs::read_to_string(&file).unwrap()),
            &file.display().to_string(),
        );
    }
}

#[test]
fn the_metadata_of_every_check_is_taken() {
    let schema = schema("metadata");
    let files = named("check.rego", &repository().join("policies"));
    assert!(files.len() >= 4);
    for path in files {
        let file = SourceFile {
            path: path.display().to_string(),
            text: fs::read_to_string(&path).unwrap(),
        };
        let block = package_metadata(&file, &Package::parse(&file).unwrap()).unwrap();
        takes(&schema, &yaml(&block.yaml), &file.path);
    }
}

/// A project in short, and everything that is wrong with it in one place.
#[test]
fn wrong_projects_are_refused_by_the_schema_and_by_the_program() {
    let right = "rolecall: 1\norganisation: Acme\ntimezone: UTC\nsources:\n  crm:\n    connector: pipedrive\n    from: live\n    \
                 max_age: 2d\nsystems:\n  crm:\n    critical: true\n    owner: 0123\n    access:\n      - name: 2026\n        \
                 staff_types: [employee]\n        system_roles: [\"5\", {id: 5}]\n        ticket: required\n\
                 staff:\n  date_implies_exit: true\nidentities:\n  - account: crm:5\n    staff: 7\nchecks:\n  \
                 user_identified:\n    severity: low\ncalendar:\n  weekend: [saturday]\n  holidays: [2026-12-25, {day: 2026-12-26}]\n";
    let schema = schema("project");
    let program = |text: &str| Project::from_bytes(Path::new("rolecall.yaml"), text.as_bytes());
    program(right).unwrap();
    takes(&schema, &yaml(right), "right");
    let table = [
        ("rolecall: 1\n", ""),
        ("rolecall: 1", "rolecall: 2"),
        ("organisation: Acme\n", ""),
        ("organisation: Acme", "organisation: \" \""),
        ("organisation: Acme", "organisation: [Acme]"),
        ("timezone: UTC", "timezone:"),
        ("timezone:", "time_zone:"),
        ("    connector: pipedrive\n", ""),
        ("from: live", "from: alive"),
        ("from: live", "from: {folder: x}"),
        ("from: live", "from: {file: x, recording: y}"),
        ("max_age", "maxage"),
        ("critical: true", "critical: very"),
        ("    critical: true\n", ""),
        ("      - name: 2026\n        ", "      - "),
        ("[employee]", "[employe]"),
        ("[employee]", "employee"),
        ("\"5\"", "5"),
        ("{id: 5}", "{id: 5, name: x}"),
        ("{id: 5}", "{}"),
        ("ticket: required", "ticket: needed"),
        ("date_implies_exit: true", "date_implies_exit: yes"),
        ("    staff: 7\n", ""),
        ("    staff: 7\n", "    staff: 7\n    not_identified: {}\n"),
        ("    staff: 7\n", "    not_staff: {kind: robot}\n"),
        ("    staff: 7\n", "    not_staff: {owner: E-1}\n"),
        ("severity: low", "severity: lowest"),
        ("severity: low", "grace: [1d]"),
        ("severity: low", "critcal: 1d"),
        ("[saturday]", "[saturnday]"),
        ("[saturday]", "saturday"),
        ("holidays:", "holiday:"),
        ("{day: 2026-12-26}", "{name: Boxing Day}"),
        ("{day: 2026-12-26}", "{day: 2026-12-26, nam: Boxing Day}"),
        ("severity: low", "links: [{url: \"https://example.com\"}]"),
        (
            "severity: low",
            "links: [{url: \"http://example.com\", description: x}]",
        ),
    ];
    refused(&schema, right, &table, |text| program(text).is_err());
}

#[test]
fn wrong_connectors_are_refused_by_the_schema_and_by_the_program() {
    let right = "connector: 1\nid: crm\nkind: http\nbase: https://crm.example\nparams:\n  company: {type: label}\nauth:\n  \
                 token: {kind: bearer}\non:\n  403: unavailable\n  429: {at: /error, in: [slow], do: retry}\nstreams:\n  \
                 users:\n    path: /users\n    records: /data\n    key: /id\n    page: {by: page, page: page, limit: size, size: 100}\n    \
                 if_null: empty\noptions:\n  wide: {default: false}\nprovides:\n  accounts: [users]\nfields:\n  account.mfa: never\n";
    let schema = schema("connector");
    let program = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let crm = folder.path().join("crm");
        fs::create_dir(&crm).unwrap();
        fs::write(crm.join("connector.yaml"), text).unwrap();
        fs::write(crm.join("normalise.rego"), "package connectors.crm\n").unwrap();
        rolecall::connector::Connectors::load(&[folder.path().to_owned()])
    };
    program(right).unwrap();
    takes(&schema, &yaml(right), "right");
    let table = [
        ("connector: 1", "connector: 2"),
        ("id: crm\n", ""),
        ("kind: http", "kind: htp"),
        ("kind: http\n", ""),
        ("base:", "url:"),
        ("{type: label}", "{type: labels}"),
        ("{kind: bearer}", "{}"),
        ("{kind: bearer}", "{kind: bearer, secret: hunter2}"),
        ("403: unavailable", "403: unavailble"),
        ("403: unavailable", "403: {html: retry}"),
        ("do: retry", "do: again"),
        ("records:", "record:"),
        ("by: page, ", ""),
        ("by: page", "by: pages"),
        ("size: 100", "size: -1"),
        ("if_null: empty", "if_null: nothing"),
        ("{default: false}", "{}"),
        ("accounts: [users]", "acounts: [users]"),
        ("accounts: [users]", "accounts: users"),
        ("provides:\n  accounts: [users]\n", ""),
        ("account.mfa: never", "account.mfa: {never: true}"),
    ];
    refused(&schema, right, &table, |text| program(text).is_err());
}

#[test]
fn wrong_metadata_is_refused_by_the_schema_and_by_the_program() {
    let right = "title: Nobody signs in\ndescription: Accounts are not active.\nrelated_resources:\n  - ref: https://docs.example.com/fix\n\
                 custom:\n  subject: account\n  severity: low\n  controls: {soc2: [CC6.1]}\n  remediation:\n    summary: Deactivate it.\n  \
                 params:\n    days: {type: integer, default: 3}\n  fail:\n    is_active:\n      message: it is active\n  pass: it is not active\n";
    let schema = schema("metadata");
    let program = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mine = folder.path().join("mine");
        fs::create_dir(&mine).unwrap();
        let block: String = text.lines().map(|line| format!("# {line}\n")).collect();
        let rule = "fail contains \"is_active\" if input.account.state == \"active\"";
        fs::write(
            mine.join("check.rego"),
            format!("# METADATA\n{block}package checks.mine\n\n{rule}\n"),
        )
        .unwrap();
        rolecall::check::load(&[folder.path().to_owned()], &Default::default())
    };
    program(right).unwrap();
    takes(&schema, &yaml(right), "right");
    let table = [
        ("title: Nobody signs in\n", ""),
        ("title:", "titel:"),
        ("related_resources:\n  - ref: https://docs.example.com/fix\n", ""),
        ("\n  - ref: https://docs.example.com/fix", " []"),
        ("https://docs", "http://docs"),
        ("subject: account", "subject: accounts"),
        ("severity: low", "severity: lowest"),
        ("  severity: low\n", ""),
        ("[CC6.1]", "CC6.1"),
        ("    summary: Deactivate it.\n", "    steps: [Deactivate it.]\n"),
        ("type: integer", "type: number"),
        (", default: 3", ""),
        ("message: it is active", "passes_if: it is not active"),
        (
            "message: it is active",
            "message: it is active\n      blocked_by: user_identified",
        ),
        ("  pass: it is not active\n", ""),
    ];
    refused(&schema, right, &table, |text| program(text).is_err());
}

#[track_caller]
fn refused(schema: &Json, right: &str, table: &[(&str, &str)], program: impl Fn(&str) -> bool) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let mut missed = Vec::new();
    for (find, with) in table {
        assert!(right.contains(find), "{find}");
        let wrong = right.replacen(find, with, 1);
        if validator.is_valid(&yaml(&wrong)) {
            missed.push(format!("the schema takes {with:?} for {find:?}"));
        }
        if !program(&wrong) {
            missed.push(format!("the program takes {with:?} for {find:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
