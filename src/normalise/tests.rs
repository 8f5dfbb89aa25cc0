//! What a normaliser may emit, and what is said of one that does not keep the contract.

use std::fs;

use serde_json::json;

use super::*;
use crate::connector::Connectors;
use crate::error::Explain;
use crate::streams;

const HEAD: &str = "package connectors.widgets\n\n";

const ACCOUNT: &str = r#"{
	"id": user.id, "employee_id": null, "name": null, "email": null, "aliases": [], "state": "active", "kind": "user",
	"access": "some", "admin": "none", "mfa": "unknown", "reader": "no", "roles": [], "permissions": null,
	"created_at": null, "last_login": {"state": "known", "at": user.seen},
}"#;

const SYSTEM: &str = r#"system := {"tenant": null, "reader": {"id": null, "sees_all": "unknown"}}"#;

/// Normalises two users with a normaliser of this text.
fn normalised(rego: &str) -> Result<Normalised, String> {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("widgets");
    fs::create_dir(&home).unwrap();
    let manifest = "connector: 1\nid: widgets\nkind: http\nbase: https://widgets.example\nstreams: {users: {path: /users, key: /id}}\nprovides: {accounts: [users]}\n";
    fs::write(home.join("connector.yaml"), manifest).unwrap();
    fs::write(home.join("normalise.rego"), format!("{HEAD}{rego}")).unwrap();
    let connectors = Connectors::load(&[folder.path().to_owned()]).unwrap();
    let connector = connectors.get("widgets").unwrap();
    let body = json!([{"id": "a", "seen": "2026-01-02 03:04:05"}, {"id": "b", "seen": "lately"}]);
    let answer = crate::recording::Answer {
        stream: "users".to_owned(),
        status: 200,
        body: crate::recording::Body::Bytes(body.to_string().into_bytes()),
        ..Default::default()
    };
    normalise(Input {
        source: "crm",
        connector,
        mode: Mode::Recording,
        taken_at: None,
        streams: streams::read(&connector.manifest, &BTreeMap::new(), &[answer], streams::Extent::Whole),
        not_taken: Vec::new(),
        dropped: Vec::new(),
        params: BTreeMap::new(),
        options: BTreeMap::new(),
        words: Words::new(),
        columns: BTreeSet::new(),
    })
    .map_err(|error| format!("{error} | {}", error.help().unwrap_or_default()))
}

fn accounts(row: &str, condition: &str) -> String {
    format!("{SYSTEM}\n\naccounts := [{row} | some user in input.streams.users{condition}]\n")
}

fn told(rego: &str) -> (Completeness, String) {
    let normalised = normalised(rego).unwrap_or_else(|error| panic!("{error}"));
    let provided = &normalised.source.provides[0];
    (provided.state, provided.why.clone().unwrap_or_default())
}

#[test]
fn rows_are_typed_and_times_are_read() {
    let normalised = normalised(&accounts(ACCOUNT, "")).unwrap();
    let logins: Vec<_> = normalised
        .accounts
        .iter()
        .map(|account| account.last_login.at.map(|at| at.to_string()))
        .collect();
    assert_eq!(logins, [Some("2026-01-02T03:04:05Z".to_owned()), None]);
    assert_eq!(
        normalised.source.notices,
        ["account `b`: `last_login` cannot be read: `lately`"]
    );
    assert_eq!(normalised.source.provides[0].state, Completeness::Complete);
}

#[test]
fn every_row_is_accounted_for() {
    let one = accounts(ACCOUNT, "; user.id == \"a\"");
    assert_eq!(
        told(&one),
        (Completeness::Partial, "normalise kept 1 of 2 rows".to_owned())
    );
    let dropped =
        format!("{one}\ndropped contains {{\"stream\": \"users\", \"key\": \"b\", \"reason\": \"a robot\"}}\n");
    assert_eq!(told(&dropped), (Completeness::Complete, String::new()));
    let elsewhere = dropped.replace("\"stream\": \"users\"", "\"stream\": \"robots\"");
    assert_eq!(told(&elsewhere).0, Completeness::Partial);
    let twice = accounts(&ACCOUNT.replace("user.id", "\"same\""), "");
    assert_eq!(
        told(&twice),
        (Completeness::Partial, "two accounts have the id `same`".to_owned())
    );
    let said = format!("{}\nincomplete[\"accounts\"] := \"because\"\n", accounts(ACCOUNT, ""));
    assert_eq!(told(&said), (Completeness::Partial, "because".to_owned()));
}

#[test]
fn what_does_not_fit_is_an_error_of_the_connector() {
    let all = accounts(ACCOUNT, "");
    let row = |from: &str, to: &str| {
        assert!(all.contains(from), "{from}");
        all.replace(from, to)
    };
    let cases = [
        (
            row("\"mfa\": \"unknown\", ", ""),
            "emits accounts[0] (`a`) that does not fit: missing field `mfa`",
        ),
        (
            row("\"mfa\": \"unknown\"", "\"mfa\": false"),
            "emits accounts[0] (`a`) that does not fit at `mfa`",
        ),
        (row("\"email\": null, ", ""), "missing field `email`"),
        (row("\"aliases\"", "\"alias\""), "unknown field `alias`"),
        (
            row("\"state\": \"active\"", "\"state\": \"actve\""),
            "at `state`: unknown variant `actve`",
        ),
        (row("\"id\": user.id", "\"id\": 7"), "at `id`"),
        (
            row("accounts :=", "acounts :="),
            "has no rule `accounts`, or it is undefined for this data | did you mean the rule `acounts` to be `accounts`?",
        ),
        (row("system :=", "sytem :="), "has no rule `system`"),
        (
            row("accounts := [", "accounts := [1 | true]\n\nother := ["),
            "emits accounts[0] that does not fit",
        ),
        (
            format!("{all}\nnotises contains \"x\"\n"),
            "has a rule `notises`, which nobody reads | did you mean `notices`?",
        ),
        (
            format!("{all}\nincomplete[\"staff\"] := \"x\"\n"),
            "calls `staff` incomplete, which the connector does not provide",
        ),
        (
            format!("{all}\nx := input.nothing + 1\ny := 1 + input.source\n"),
            "normalising source `crm` with the connector `widgets`: ",
        ),
        (
            // It parses, and the engine cannot put it in order.
            format!("{all}\nx := y if z == y\n"),
            "normalising source `crm` with the connector `widgets`: ",
        ),
    ];
    for (rego, expected) in cases {
        let Err(error) = normalised(&rego) else {
            panic!("accepted: {expected}")
        };
        assert!(error.contains(expected), "{error}\nnot: {expected}");
    }
}
