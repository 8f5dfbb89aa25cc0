//! What a live run asks of a vendor: how many calls, and how much of the daily allowance.

use std::fs;

use rolecall::connector::Connectors;
use serde_json::json;

use crate::cases::{CREDENTIAL, repository, rolecall};
use crate::server::Server;

/// A company of a thousand users, thirty roles and twenty permission sets: the calls that one run makes.
fn asked(options: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let set = |number: u64| format!("set-{number}");
    let user = |id: u64| {
        json!({"id": id, "name": format!("User {id}"), "email": format!("user{id}@example.com"), "active_flag": true,
            "is_deleted": false, "role_id": id % 30 + 1, "created": "2024-01-15 08:00:00", "last_login": null,
            "access": [{"app": "sales", "admin": false, "permission_set_id": set(id % 20)},
                {"app": "account_settings", "admin": true, "permission_set_id": set(0)}]})
    };
    let mut me = user(1);
    me["company_domain"] = json!("example");
    let roles: Vec<_> = (1..=30)
        .map(|id| json!({"id": id, "parent_role_id": 1, "name": format!("Role {id}"), "active_flag": true}))
        .collect();
    let sets: Vec<_> = (0..20)
        .map(|id| json!({"id": set(id), "name": format!("Set {id}"), "app": "sales", "type": "custom"}))
        .collect();
    let end = json!({"pagination": {"start": 0, "limit": 500, "more_items_in_collection": false}});
    let write = |name: &str, data: serde_json::Value| {
        let body = json!({"success": true, "data": data, "additional_data": end});
        fs::write(folder.path().join(name), body.to_string()).unwrap();
    };
    write("me.json", me);
    write("users.json", (1..=1000).map(user).collect());
    write("roles.json", roles.into());
    write("sets.json", sets.into());
    write("set.json", json!({"id": "set", "contents": ["can_edit_products"]}));
    let script = "routes:
  - {path: /api/v1/users/me, answers: [{file: me.json}]}
  - {path: /api/v1/users, answers: [{file: users.json}]}
  - {path: /api/v1/roles, answers: [{file: roles.json}]}
  - {path: /api/v1/permissionSets, answers: [{file: sets.json}]}
  - {path: /api/v1/permissionSets/*, answers: [{file: set.json}]}
";
    let server = Server::start(folder.path(), &[script], &[]);
    let base = fs::read_to_string(repository().join("tests/bases/live/rolecall.yaml")).unwrap();
    let project = base.replace("{server}", &server.origin()).replace(
        "    params: {company: example}\n",
        &format!("    params: {{company: example}}\n{options}"),
    );
    fs::write(folder.path().join("rolecall.yaml"), project).unwrap();
    fs::copy(
        repository().join("tests/bases/live/roster.csv"),
        folder.path().join("roster.csv"),
    )
    .unwrap();
    let output = rolecall(folder.path())
        .env("CRM_TOKEN", CREDENTIAL)
        .args(["collect", "--output", "snapshot.json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("1000 accounts, 50 roles"), "{said}");
    server.asked()
}

/// What these calls cost, by the connector's own manifest.
fn cost(asked: &[String]) -> u64 {
    let connectors = Connectors::load(&[]).unwrap();
    let manifest = &connectors.get("pipedrive").unwrap().manifest;
    let of = |request: &String| {
        let path = request.split([' ', '?']).nth(1).unwrap();
        let path = path.strip_prefix("/api/v1").unwrap();
        let stream = manifest.streams.0.iter().find(|(_, spec)| {
            let template = &spec.path.as_ref().unwrap().value;
            match template.split_once('{') {
                Some((before, _)) => path.strip_prefix(before).is_some_and(|rest| !rest.contains('/')),
                None => template == path,
            }
        });
        let (_, spec) = stream.unwrap_or_else(|| panic!("nothing in the manifest asks for {path}"));
        spec.cost.unwrap()
    };
    asked.iter().map(of).sum()
}

#[test]
fn a_thousand_users_take_four_calls() {
    let asked = asked("");
    assert_eq!(asked.len(), 4, "{asked:#?}");
    assert_eq!(cost(&asked), 62);
}

#[test]
fn every_permission_set_takes_one_more() {
    let asked = asked("    options: {permissions: true}\n");
    assert_eq!(asked.len(), 24, "{asked:#?}");
    assert_eq!(cost(&asked), 102);
}
