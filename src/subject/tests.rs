//! By example: documents, rules, approvals, and what is not available.

use serde_json::{Value, json};

use super::fixture::*;
use super::{SubjectError, subjects};
use crate::error::Explain;
use crate::exit::Exit;
use crate::project::{AccessRule, Is, RoleRef, RoleRefKind};
use crate::snapshot::*;

fn acme() -> World {
    let holding = |kind, id: &str| Holding { kind, id: id.into() };
    let held = vec![holding(RoleKind::Role, "5"), holding(RoleKind::PermissionSet, "ps-1")];
    let rules = AccessRule {
        staff_roles: Some(vec!["SALES rep".into()]),
        ..rule("sales")
    };
    let mut world = world()
        .staff([
            ada(),
            staff("E-2", "Bob Sample", "bob@example.com"),
            Staff {
                id: Some("E-3".into()),
                ..leaver()
            },
        ])
        .role(RoleKind::Role, "5", "Sales rep")
        .role(RoleKind::PermissionSet, "ps-1", "Deals regular user")
        .accounts([
            Account {
                roles: held,
                ..account("17", "bob@example.com")
            },
            account("2", "nobody@example.com"),
            Account {
                state: AccountState::Deleted,
                name: None,
                ..account("3", "")
            },
            Account {
                state: AccountState::Invited,
                admin: Admin::Full,
                ..account("4", "ada@example.com")
            },
            account("5", "bot@example.com"),
        ])
        .rule(rules)
        .entry("5", service("E-2"))
        .entry("6", Is::Staff("E-1".into()))
        .approvals([approval("T-1", "E-2")]);
    world.project.sources.push(source_config("later", 1));
    world
}

/// Holds a document against the subset of JSON Schema that the published schemas use; anything else is a fault.
fn hold(schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
    let words = [
        "$schema",
        "title",
        "description",
        "type",
        "enum",
        "anyOf",
        "items",
        "properties",
        "required",
        "additionalProperties",
    ];
    let schema_object = schema.as_object().unwrap();
    faults.extend(
        schema_object
            .keys()
            .filter(|key| !words.contains(&key.as_str()))
            .map(|key| format!("{path}: schema has {key}")),
    );
    if let Some(any) = schema_object.get("anyOf") {
        let fits = |one: &&Value| {
            let mut faults = vec![];
            hold(one, value, path, &mut faults);
            faults.is_empty()
        };
        if !any.as_array().unwrap().iter().any(|one| fits(&one)) {
            faults.push(format!("{path}: {value} fits none"));
        }
        return;
    }
    let fits = match schema["type"].as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{path}: type {other}"),
    };
    if !fits
        || schema_object
            .get("enum")
            .is_some_and(|words| !words.as_array().unwrap().contains(value))
    {
        faults.push(format!("{path}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        hold(&schema["items"], item, &format!("{path}[{index}]"), faults);
    }
    let (Some(object), Some(properties)) = (value.as_object(), schema_object.get("properties")) else {
        return;
    };
    assert_eq!(schema["additionalProperties"], false, "{path}");
    let required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .collect();
    let properties = properties.as_object().unwrap();
    assert_eq!(
        required.len(),
        properties.len(),
        "{path}: a total document requires every key"
    );
    faults.extend(
        object
            .keys()
            .filter(|key| !properties.contains_key(*key))
            .map(|key| format!("{path}.{key}: not in the schema")),
    );
    for (key, schema) in properties {
        match object.get(key) {
            Some(value) => hold(schema, value, &format!("{path}.{key}"), faults),
            None => faults.push(format!("{path}.{key}: missing")),
        }
    }
}

fn described(schema: &Value, path: &str) {
    assert!(
        schema["description"].as_str().is_some_and(|text| text.len() > 8),
        "{path} has no description"
    );
    for (key, schema) in schema["properties"].as_object().into_iter().flatten() {
        described(schema, &format!("{path}.{key}"));
    }
    if schema["items"].is_object() {
        described(&schema["items"], &format!("{path}[]"));
    }
}

#[test]
fn every_document_is_as_published() {
    let shared = [ada(), staff("E-2", "Bob Sample", "ada@example.com")];
    let worlds = [
        acme(),
        world(),
        world().staff(shared).accounts([account("1", "ada@example.com")]),
        world()
            .staff([Staff { id: None, ..ada() }])
            .accounts([account("1", "x@example.com")])
            .entry("1", Is::Staff("E-9".into())),
    ];
    let schemas = [
        include_str!("../../policies/schemas/account.schema.json"),
        include_str!("../../policies/schemas/staff.schema.json"),
        include_str!("../../policies/schemas/system.schema.json"),
        include_str!("../../policies/schemas/workspace.schema.json"),
    ]
    .map(|text| serde_json::from_str::<Value>(text).unwrap());
    schemas.iter().for_each(|schema| described(schema, "$"));
    for world in worlds {
        let made = world.subjects();
        let lists = [made.accounts, made.staff, made.systems, vec![made.workspace]];
        for (schema, list) in schemas.iter().zip(lists) {
            for subject in list {
                let mut faults = vec![];
                hold(schema, &document(&subject), &subject.of.id, &mut faults);
                assert_eq!(faults, Vec::<String>::new());
                assert!(subject.parts.is_sorted_by_key(|(key, _)| *key), "{:?}", subject.parts);
                assert!(subject.unavailable.is_sorted());
            }
        }
    }
}

#[test]
fn the_same_facts_give_the_same_documents_whatever_their_order() {
    let mut turned = acme();
    turned.snapshot.accounts.reverse();
    turned.snapshot.staff.reverse();
    let print = |world: &World| format!("{:#?}", world.subjects());
    assert_eq!(print(&acme()), print(&turned));
}

#[test]
fn parts_are_shared_not_copied() {
    let subjects = acme().subjects();
    let system = |index: usize| {
        subjects.accounts[index]
            .parts
            .iter()
            .find(|(key, _)| *key == "system")
            .unwrap()
            .1
            .clone()
    };
    assert!(std::sync::Arc::ptr_eq(&system(0), &system(4)));
    let keys: Vec<&str> = subjects.accounts.iter().map(|subject| subject.of.id.as_str()).collect();
    assert_eq!(
        keys,
        [
            "pipedrive:17",
            "pipedrive:2",
            "pipedrive:3",
            "pipedrive:4",
            "pipedrive:5"
        ]
    );
}

#[test]
fn an_account_shows_names_of_roles_and_what_the_catalogue_lacks() {
    let mut world = acme();
    world.snapshot.accounts[0].roles.push(Holding {
        kind: RoleKind::Role,
        id: "99".into(),
    });
    let account = document(&world.subjects().accounts[0])["account"].clone();
    assert_eq!(account["role_ids"], json!(["5", "99"]));
    assert_eq!(
        (&account["role_names"], &account["permission_set_names"]),
        (&json!(["Sales rep", "99"]), &json!(["Deals regular user"]))
    );
    assert_eq!(account["unlisted_role_ids"], json!(["99"]));
}

#[test]
fn times_ahead_count_as_now_and_are_told_of() {
    let later = time("2026-11-24T00:00:00Z");
    let skewed = Account {
        created_at: Some(later),
        last_login: LastLogin {
            state: LoginState::Known,
            at: Some(later),
        },
        ..account("1", "ada@example.com")
    };
    let skewed_world = world().staff([ada()]).accounts([skewed]);
    let account = skewed_world.only_account()["account"].clone();
    assert_eq!(
        (&account["created"]["days"], &account["last_login"]["days"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(skewed_world.notices(), ["clock_skew", "clock_skew"], "61");
    let logins = [LoginState::Never, LoginState::Unknown, LoginState::Known];
    for (state, word) in logins.into_iter().zip(["never", "unknown", "unknown"]) {
        let one = Account {
            last_login: LastLogin { state, at: None },
            ..account_of_ada()
        };
        let account = world().staff([ada()]).accounts([one]).only_account()["account"].clone();
        assert_eq!(
            account["last_login"],
            json!({"state": word, "at": null, "days": null}),
            "60"
        );
    }
}

fn account_of_ada() -> Account {
    account("1", "ada@example.com")
}

fn rules(world: &World) -> Value {
    document(&world.subjects().systems[0])["system"]["access"]["rules"].clone()
}

#[test]
fn rules_are_resolved() {
    let world = acme().rule(AccessRule {
        departments: Some(vec!["SALES".into()]),
        staff_types: Some(vec!["Contractor".into()]),
        staff: Some(vec!["bob@example.com".into(), "E-99".into()]),
        system_roles: Some(vec![plain_role(" Sales rep "), plain_role("Ghost")]),
        permission_sets: Some(vec![RoleRef {
            by: RoleRefKind::Id,
            ..plain_role("ps-1")
        }]),
        ..rule("narrow")
    });
    let rules = rules(&world);
    assert_eq!(rules[0]["staff_roles"], json!(["sales-rep"]), "45");
    assert_eq!(rules[0]["held_by"], json!(2));
    assert_eq!(
        rules[1],
        json!({
            "name": "narrow", "line": 12, "all_staff": false, "staff_roles": null, "held_by": null, "staff_types": ["contractor"],
            "departments": ["sales"], "staff": ["E-2"], "system_roles": ["5"], "permission_sets": ["ps-1"],
            "unresolved": ["Ghost", "E-99"], "ticket": false
        })
    );
    let notices = world.notices();
    assert!(
        notices.contains(&"unresolved_role".into()) && notices.contains(&"unresolved_staff".into()),
        "{notices:?}"
    );
}

#[test]
fn a_role_that_fits_two_ways_is_an_error() {
    let named = |text: &str| AccessRule {
        system_roles: Some(vec![plain_role(text)]),
        ..rule("r")
    };
    let same_name = acme().role(RoleKind::Role, "6", "Sales rep").rule(named("Sales rep"));
    let id_and_name = acme().role(RoleKind::Role, "6", "5").rule(named("5"));
    for (world, ids) in [(same_name, "5, 6"), (id_and_name, "5, 6")] {
        let error = subjects(&world.snapshot, &world.project, world.now).unwrap_err();
        assert!(error.to_string().starts_with("rolecall.yaml:14:5: `"), "{error}");
        assert!(
            error
                .to_string()
                .ends_with(&format!("fits 2 roles of `pipedrive`: {ids}")),
            "{error}"
        );
        assert_eq!(
            (error.help().unwrap().as_str(), error.exit()),
            ("say which by its id, for example {id: \"5\"}", Exit::Usage)
        );
    }
    let said = RoleRef {
        by: RoleRefKind::Id,
        ..plain_role("5")
    };
    let said = AccessRule {
        system_roles: Some(vec![said]),
        ..rule("r")
    };
    let world = acme().role(RoleKind::Role, "6", "5").rule(said);
    assert_eq!(rules(&world)[1]["system_roles"], json!(["5"]));
}

#[test]
fn a_rule_needs_a_column_that_the_roster_has() {
    let bare = || Staff {
        employment: Employment::NotStated,
        job_roles: vec![],
        departments: vec![],
        ..ada()
    };
    let contractors = || AccessRule {
        staff_types: Some(vec!["contractor".into()]),
        ..rule("c")
    };
    let table = [
        ("staff_types", contractors()),
        (
            "staff_roles",
            AccessRule {
                staff_roles: Some(vec!["sales".into()]),
                ..rule("c")
            },
        ),
        (
            "departments",
            AccessRule {
                departments: Some(vec!["sales".into()]),
                ..rule("c")
            },
        ),
    ];
    for (column, written) in table {
        let whole = world().staff([bare()]).rule(written.clone());
        let error = subjects(&whole.snapshot, &whole.project, whole.now).unwrap_err();
        assert!(
            matches!(&error, SubjectError::ColumnMissing { key, .. } if *key == column),
            "{error}"
        );
        assert!(error.to_string().starts_with("rolecall.yaml:12:5: rule `c`"), "{error}");
        let mut cut = world().staff([bare()]).rule(written.clone());
        cut.cut_short("roster", Collection::Staff);
        cut.subjects();
        world().rule(written).subjects();
    }
    let world = world().staff([ada()]).rule(AccessRule {
        staff_types: Some(vec!["contracter".into()]),
        ..rule("c")
    });
    let error = subjects(&world.snapshot, &world.project, world.now).unwrap_err();
    assert_eq!(error.help().unwrap(), "did you mean `contractor`?");
}

#[test]
fn missing_rows_poison_absence_and_not_presence() {
    type Change = fn(&mut World);
    let table: Vec<(&str, Change, Vec<&str>, Vec<&str>)> = vec![
        ("everything read", |_| {}, vec![], vec![]),
        (
            "6 roster cut short",
            |world| world.cut_short("roster", Collection::Staff),
            vec![],
            vec!["identity", "staff"],
        ),
        (
            "6 roster empty",
            |world| world.snapshot.staff.clear(),
            vec!["identity", "staff"],
            vec!["identity", "staff"],
        ),
        (
            "roster too old",
            |world| world.project.sources.push(source_config("roster", 1)),
            vec![],
            vec![],
        ),
        (
            "roster too old",
            |world| {
                world.project.sources.push(source_config("roster", 1));
                world.now = time("2026-11-23T13:00:01Z");
            },
            vec![],
            vec!["identity", "staff"],
        ),
        (
            "roster of the future",
            |world| {
                world.project.sources.push(source_config("roster", 48));
                world.source("roster").taken_at = Some(time("2027-11-20T12:00:00Z"));
            },
            vec![],
            vec!["identity", "staff"],
        ),
        (
            "roster of the end of today",
            |world| {
                world.project.sources.push(source_config("roster", 1));
                world.source("roster").taken_at = Some(time("2026-11-23T23:00:00Z"));
            },
            vec![],
            vec![],
        ),
        (
            "age of the roster not known",
            |world| {
                world.project.sources.push(source_config("roster", 1));
                world.source("roster").taken_at = None;
            },
            vec![],
            vec!["identity", "staff"],
        ),
        (
            "addresses not read",
            |world| world.source("pipedrive").unavailable = vec!["account.email".into()],
            vec!["account.email"],
            vec!["account.email", "identity", "staff"],
        ),
        (
            "accounts cut short",
            |world| world.cut_short("pipedrive", Collection::Accounts),
            vec!["system.counts"],
            vec!["system.counts"],
        ),
        (
            "a field of the roster",
            |world| world.source("roster").unavailable = vec!["staff.job_roles".into()],
            vec!["staff.job_roles"],
            vec![],
        ),
        (
            "7 role names",
            |world| world.cut_short("pipedrive", Collection::Roles),
            vec![
                "account.permission_set_names",
                "account.role_names",
                "account.unlisted_role_ids",
            ],
            vec![
                "account.permission_set_names",
                "account.role_names",
                "account.unlisted_role_ids",
            ],
        ),
    ];
    for (case, change, matched, unmatched) in table {
        let mut world = world()
            .staff([ada()])
            .accounts([account_of_ada(), account("2", "nobody@example.com")]);
        change(&mut world);
        let subjects = world.subjects();
        for (subject, expected) in subjects.accounts.iter().zip([matched, unmatched]) {
            let found: Vec<&str> = subject
                .unavailable
                .iter()
                .map(String::as_str)
                .filter(|path| *path != "account.permissions")
                .collect();
            assert_eq!(found, expected, "{case}: {}", subject.of.id);
        }
    }
}

#[test]
fn a_missing_owner_or_a_stale_mapping_is_open_while_the_roster_is() {
    for (is, path) in [
        (service("E-9"), "identity.owner"),
        (Is::Staff("E-9".into()), "identity"),
    ] {
        let mut world = world().staff([ada()]).accounts([account_of_ada()]).entry("1", is);
        let holds = |world: &World| world.subjects().accounts[0].unavailable.contains(&path.to_owned());
        assert!(!holds(&world), "{path}");
        world.cut_short("roster", Collection::Staff);
        assert!(holds(&world), "{path}");
    }
}

#[test]
fn only_names_need_the_catalogue() {
    let held = vec![Holding {
        kind: RoleKind::Role,
        id: "7".into(),
    }];
    let with = |role: RoleRef| {
        let rule = AccessRule {
            system_roles: Some(vec![role]),
            ..rule("r")
        };
        let mut world = world()
            .staff([ada()])
            .role(RoleKind::Role, "5", "Sales rep")
            .accounts([Account {
                roles: held.clone(),
                ..account_of_ada()
            }])
            .rule(rule);
        world.source("pipedrive").unavailable = vec!["account.role_names".into()];
        let subjects = world.subjects();
        let paths = subjects.accounts[0]
            .unavailable
            .iter()
            .filter(|path| path.starts_with("system."))
            .cloned();
        let open: Vec<String> = paths.collect();
        let systems = subjects.systems[0].unavailable.clone();
        assert!(open.iter().all(|path| systems.contains(path)));
        (rules(&world)[0]["system_roles"].clone(), open)
    };
    let roles = "system.access.rules[].system_roles".to_owned();
    let unresolved = "system.access.rules[].unresolved".to_owned();
    let id = |text| RoleRef {
        by: RoleRefKind::Id,
        ..plain_role(text)
    };
    assert_eq!(
        with(plain_role("7")),
        (json!(["7"]), vec![]),
        "an id that somebody holds"
    );
    assert_eq!(with(plain_role("5")), (json!(["5"]), vec![]), "an id that is listed");
    assert_eq!(with(id("8")), (json!(["8"]), vec![]), "an id by explicit word");
    assert_eq!(
        with(plain_role("Sales rep")),
        (json!(["5"]), vec![roles.clone()]),
        "another may have the name"
    );
    assert_eq!(with(plain_role("Ghost")), (json!([]), vec![roles, unresolved]));
}

#[test]
fn approvals_cover_a_person_a_system_and_a_time() {
    let base = || approval("T-1", "E-17");
    let table: Vec<(&str, Approval, Option<bool>)> = vec![
        ("by employee id", base(), Some(true)),
        ("by address", approval("T-1", "ADA@example.com"), Some(true)),
        (
            "by product",
            Approval {
                system: "Pipedrive".into(),
                ..base()
            },
            Some(true),
        ),
        (
            "51 another app",
            Approval {
                system: "slack".into(),
                ..base()
            },
            None,
        ),
        ("51 somebody else", approval("T-1", "E-2"), None),
        (
            "another source",
            Approval {
                source: "old".into(),
                ..base()
            },
            None,
        ),
        (
            "51 run out this instant",
            Approval {
                expires_at: Some(time("2026-11-23T12:00:00Z")),
                ..base()
            },
            Some(false),
        ),
        (
            "runs out next",
            Approval {
                expires_at: Some(time("2026-11-23T12:00:01Z")),
                ..base()
            },
            Some(true),
        ),
        (
            "approved later",
            Approval {
                approved_at: Some(time("2026-11-24T00:00:00Z")),
                ..base()
            },
            Some(false),
        ),
        (
            "approved nobody knows when",
            Approval {
                approved_at: None,
                ..base()
            },
            Some(false),
        ),
        (
            "rejected",
            Approval {
                state: ApprovalState::Rejected,
                ..base()
            },
            Some(false),
        ),
        (
            "unknown",
            Approval {
                state: ApprovalState::Unknown,
                ..base()
            },
            Some(false),
        ),
    ];
    for (case, row, covers) in table {
        let world = world().staff([ada()]).accounts([account_of_ada()]).approvals([row]);
        let found = world.only_account()["approvals"].clone();
        let covered = found
            .as_array()
            .unwrap()
            .first()
            .map(|one| one["covers_now"].as_bool().unwrap());
        assert_eq!(covered, covers, "{case}");
    }
}

#[test]
fn approvals_are_held_against_the_employment_and_against_each_other() {
    let in_state = |state, id: &str| Approval {
        state,
        ..approval(id, "E-17")
    };
    let approved = || in_state(ApprovalState::Approved, "T-1");
    let unknown = |change: fn(&mut Approval)| {
        let mut row = in_state(ApprovalState::Unknown, "T-2");
        change(&mut row);
        row
    };
    let for_a_role = || Approval {
        roles: Some(vec!["5".into()]),
        ..approved()
    };
    // The approval is of 9 January.
    /// What it is about, the first day, the rows; which of them cover, whether that is open, and the notices.
    type Case = (
        &'static str,
        Option<&'static str>,
        Vec<Approval>,
        Vec<bool>,
        bool,
        Vec<&'static str>,
    );
    let table: Vec<Case> = vec![
        (
            "51 for somebody who was here before",
            Some("2026-06-01"),
            vec![approved()],
            vec![false],
            false,
            vec![],
        ),
        (
            "51 asked for before the first day",
            Some("2026-02-01"),
            vec![approved()],
            vec![true],
            false,
            vec![],
        ),
        (
            "51 on the first day",
            Some("2026-01-09"),
            vec![approved()],
            vec![true],
            false,
            vec![],
        ),
        (
            "51 approved, and rejected",
            None,
            vec![approved(), in_state(ApprovalState::Rejected, "t-1")],
            vec![false, false],
            false,
            vec!["approval_conflict"],
        ),
        (
            "51 twice the same",
            None,
            vec![approved(), approved()],
            vec![true, true],
            false,
            vec![],
        ),
        (
            "a word that nobody knows",
            None,
            vec![unknown(|_| {})],
            vec![false],
            true,
            vec![],
        ),
        (
            "a word that nobody knows, over",
            None,
            vec![unknown(|row| row.expires_at = Some(time("2026-02-01T00:00:00Z")))],
            vec![false],
            false,
            vec![],
        ),
        (
            "a word that nobody knows, beside an approval of everything",
            None,
            vec![approved(), unknown(|_| {})],
            vec![true, false],
            false,
            vec![],
        ),
        (
            "a word that nobody knows, beside an approval of a role",
            None,
            vec![for_a_role(), unknown(|_| {})],
            vec![true, false],
            true,
            vec![],
        ),
    ];
    for (case, start, rows, covers, open, notices) in table {
        let row = Staff {
            start_date: start.and_then(day),
            ..ada()
        };
        let world = world().staff([row]).accounts([account_of_ada()]).approvals(rows);
        let found = world.only_account()["approvals"].clone();
        let found: Vec<bool> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["covers_now"].as_bool().unwrap())
            .collect();
        assert_eq!(found, covers, "{case}");
        let unavailable = &world.subjects().accounts[0].unavailable;
        assert_eq!(unavailable.contains(&"approvals".into()), open, "{case}");
        assert_eq!(world.notices(), notices, "{case}");
    }
}

#[test]
fn approvals_name_roles_by_id_and_are_open_while_their_source_is() {
    let row = Approval {
        roles: Some(vec!["Sales rep".into(), "Ghost".into()]),
        ..approval("T-1", "E-17")
    };
    let mut world = world()
        .staff([ada()])
        .accounts([account_of_ada()])
        .role(RoleKind::Role, "5", "Sales rep")
        .approvals([row]);
    assert_eq!(world.only_account()["approvals"][0]["role_ids"], json!(["5", "Ghost"]));
    let summary = |world: &World| document(&world.subjects().systems[0])["approvals"].clone();
    assert_eq!(
        summary(&world),
        json!({"configured": true, "complete": true, "count": 1})
    );
    world.cut_short("tickets", Collection::Approvals);
    assert!(world.subjects().accounts[0].unavailable.contains(&"approvals".into()));
    assert_eq!(
        summary(&world),
        json!({"configured": true, "complete": false, "count": 1})
    );
    world.project.systems[0].approvals = None;
    assert_eq!(
        summary(&world),
        json!({"configured": false, "complete": false, "count": 0})
    );
    assert_eq!(world.only_account()["approvals"], json!([]));
}

#[test]
fn a_system_that_nobody_read_has_no_counts_and_two_tenants_have_two_names() {
    let mut world = acme();
    world.project.systems.push(system("slack"));
    world.project.systems[1].connected = false;
    world.snapshot.systems.push(System {
        id: "pipedrive-eu".into(),
        ..world.snapshot.systems[0].clone()
    });
    let subjects = world.subjects();
    let names: Vec<String> = subjects
        .systems
        .iter()
        .filter_map(|system| system.of.name.clone())
        .collect();
    assert_eq!(names, ["Pipedrive (pipedrive)", "Pipedrive (pipedrive-eu)", "Slack"]);
    let slack = &subjects.systems[2];
    assert_eq!(document(slack)["system"]["connected"], false, "50");
    assert!(
        ["accounts", "system.counts"]
            .iter()
            .all(|path| slack.unavailable.contains(&(*path).to_owned()))
    );
    assert!(subjects.staff[0].unavailable.contains(&"accounts".to_owned()));
}

#[test]
fn the_workspace_shows_sources_entries_and_the_roster() {
    let workspace = document(&acme().subjects().workspace);
    let states: Vec<&Value> = workspace["identities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["state"])
        .collect();
    assert_eq!(states, ["used", "unused"]);
    let complete = |source: &Value| (source["id"].as_str().unwrap().to_owned(), source["complete"] == true);
    let sources: Vec<(String, bool)> = workspace["sources"].as_array().unwrap().iter().map(complete).collect();
    let expected = [
        ("later", false),
        ("pipedrive", true),
        ("roster", true),
        ("tickets", true),
    ];
    assert_eq!(sources, expected.map(|(id, complete)| (id.to_owned(), complete)));
    assert_eq!(
        workspace["roster"],
        json!({
            "staff": 3, "current": 2, "offboarded": 1,
            "job_roles": [{"id": "sales-rep", "held_by": 2}], "departments": [{"id": "sales", "held_by": 2}]
        })
    );
}

#[test]
fn what_is_not_needed_is_absent_and_never_empty() {
    let world = acme();
    let none = super::Need {
        staff: false,
        account_lists: false,
    };
    let made = super::subjects_needed(&world.snapshot, &world.project, world.now, none, None).unwrap();
    assert!(made.staff.is_empty());
    assert!(made.systems[0].parts.iter().all(|(key, _)| *key != "accounts"));
    assert_eq!(made.accounts.len(), 5);
}

#[test]
fn numbers_of_the_roster_are_open_where_its_columns_are() {
    let mut world = world().staff([ada()]);
    world.source("roster").unavailable = vec!["staff.job_roles".into()];
    let subjects = world.subjects();
    for subject in [&subjects.systems[0], &subjects.workspace] {
        assert!(subject.unavailable.contains(&"roster.job_roles".into()));
        assert!(!subject.unavailable.contains(&"roster.departments".into()));
    }
}

#[test]
fn rows_of_an_earlier_snapshot_are_there_where_one_is_given() {
    let need = super::Need {
        staff: true,
        account_lists: true,
    };
    let world = acme();
    let mut before = world.snapshot.clone();
    before.sources.retain(|source| source.id != "roster");
    let of = |source: &str| {
        before
            .sources
            .iter()
            .find(|one| one.id == source)
            .unwrap()
            .provides
            .iter()
    };
    let expected: u64 = of("pipedrive").map(|provided| provided.rows).sum();
    assert!(expected > 0);
    let earlier = Comparison::of(&world.snapshot, (&before, String::new()), None, "before.json").unwrap();
    let made = super::subjects_needed(&world.snapshot, &world.project, world.now, need, Some(&earlier)).unwrap();
    let document = document(&made.workspace);
    let rows = |id: &str| {
        let sources = document["sources"].as_array().unwrap();
        sources.iter().find(|source| source["id"] == id).unwrap()["previous_rows"].clone()
    };
    assert_eq!((rows("pipedrive"), rows("roster")), (expected.into(), Value::Null));
    let path = "sources[].previous_rows".to_owned();
    assert!(!made.workspace.unavailable.contains(&path));
    assert!(world.subjects().workspace.unavailable.contains(&path));
}

#[test]
fn who_is_missing_from_a_roster_that_fell_away_is_nobody_knows_who() {
    let need = super::Need {
        staff: false,
        account_lists: true,
    };
    let world = acme();
    let mut before = world.snapshot.clone();
    let roster = before.sources.iter_mut().find(|source| source.id == "roster").unwrap();
    roster.provides[0].kept = 1000;
    let made = |max_drop: Option<u8>| {
        let earlier = Comparison::of(&world.snapshot, (&before, String::new()), max_drop, "before.json").unwrap();
        super::subjects_needed(&world.snapshot, &world.project, world.now, need, Some(&earlier)).unwrap()
    };
    // Without a limit it is judged as it is.
    assert_eq!(made(None).roster_gap, None);
    let gap = made(Some(30)).roster_gap.unwrap();
    assert!(gap.starts_with("`roster` has "), "{gap}");
    assert_eq!(made(Some(100)).roster_gap, None);
}
