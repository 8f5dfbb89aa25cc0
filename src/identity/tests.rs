//! By example: whose an account is.

use serde_json::{Value, json};

use crate::project::{Is, NotStaffKind};
use crate::snapshot::{Account, AccountState, RecordedStatus as Recorded, Staff};
use crate::subject::fixture::{World, account, ada, day, leaver, service, staff, time, world};

/// State, rule and staff of the only account.
fn seen(world: &World) -> (String, String, Value) {
    let document = world.only_account();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let identity = &document["identity"];
    assert_eq!(identity["class"] == "staff", identity["state"] == "matched");
    (
        text(&identity["state"]),
        text(&identity["rule"]),
        document["staff"]["id"].clone(),
    )
}

#[test]
fn keys_match_in_order_and_likeness_never() {
    let bob = || staff("E-2", "Bob Sample", "bob@example.com");
    let table: Vec<(&str, Account, (&str, &str, Value))> = vec![
        (
            "9 case and spaces",
            account("1", " ADA@Example.com. "),
            ("matched", "email", json!("E-17")),
        ),
        (
            "10 plus tag",
            account("1", "ada+crm@example.com"),
            ("unmatched", "none", json!(null)),
        ),
        (
            "11 alias",
            account("1", "ada.smith@example.com"),
            ("matched", "alias", json!("E-17")),
        ),
        (
            "11 renamed domain",
            account("1", "ada@old.example"),
            ("matched", "domain_alias", json!("E-17")),
        ),
        (
            "11 renamed domain, alias",
            account("1", "ada.smith@old.example"),
            ("matched", "domain_alias", json!("E-17")),
        ),
        (
            "12 same name, other domain",
            account("1", "ada@elsewhere.example"),
            ("unmatched", "none", json!(null)),
        ),
        (
            "17 name only",
            Account {
                name: Some("Ada Example".into()),
                ..account("1", "")
            },
            ("unmatched", "none", json!(null)),
        ),
        ("20 no address", account("1", ""), ("unmatched", "none", json!(null))),
        (
            "20 erased",
            Account {
                state: AccountState::Deleted,
                ..account("1", "")
            },
            ("unmatched", "none", json!(null)),
        ),
        (
            "homograph",
            account("1", "\u{430}da@example.com"),
            ("unmatched", "none", json!(null)),
        ),
        (
            "employee id",
            Account {
                employee_id: Some(" e-17".into()),
                ..account("1", "x@elsewhere.example")
            },
            ("matched", "employee_id", json!("E-17")),
        ),
        (
            "employee id before address",
            Account {
                employee_id: Some("E-17".into()),
                ..account("1", "bob@example.com")
            },
            ("matched", "employee_id", json!("E-17")),
        ),
        (
            "67 an unknown employee id leaves it to the address",
            Account {
                employee_id: Some("17".into()),
                ..account("1", "bob@example.com")
            },
            ("matched", "email", json!("E-2")),
        ),
        (
            "the account's own alias",
            Account {
                aliases: vec!["bob@example.com".into()],
                ..account("1", "crm@elsewhere.example")
            },
            ("matched", "alias", json!("E-2")),
        ),
    ];
    for (case, account, (state, rule, staff)) in table {
        let ada = Staff {
            aliases: vec!["ada.smith@example.com".into()],
            ..ada()
        };
        let mut world = world().staff([ada, bob()]).accounts([account]);
        world
            .project
            .staff
            .domain_aliases
            .insert("example.com".into(), vec!["Old.Example".into()]);
        assert_eq!(seen(&world), (state.into(), rule.into(), staff), "{case}");
    }
}

#[test]
fn two_candidates_are_ambiguous_unless_only_one_worked_here_when_the_account_was_made() {
    let old = Staff {
        start_date: day("2020-01-01"),
        last_day: day("2024-06-30"),
        ..leaver()
    };
    let new = Staff {
        start_date: day("2025-03-01"),
        ..staff("E-40", "Ada Newcomer", "ada@example.com")
    };
    for (made, expected) in [
        (Some("2022-05-01T00:00:00Z"), ("matched", json!("E-17"))),
        (Some("2025-03-02T00:00:00Z"), ("matched", json!("E-40"))),
        (Some("2024-12-01T00:00:00Z"), ("ambiguous", json!(null))),
        (None, ("ambiguous", json!(null))),
    ] {
        let account = Account {
            created_at: made.map(time),
            ..account("1", "ada@example.com")
        };
        let world = world().staff([old.clone(), new.clone()]).accounts([account]);
        let (state, rule, staff) = seen(&world);
        assert_eq!(
            ((state.as_str(), staff), rule.as_str()),
            (expected, "email"),
            "{made:?}"
        );
    }
    // Both worked here then: nothing tells them apart.
    let both = [
        old.clone(),
        Staff {
            start_date: day("2020-01-01"),
            ..new.clone()
        },
    ];
    let made = Account {
        created_at: Some(time("2022-05-01T00:00:00Z")),
        ..account("1", "ada@example.com")
    };
    assert_eq!(seen(&world().staff(both).accounts([made])).0, "ambiguous");
    let document = world()
        .staff([old, new])
        .accounts([account("1", "ada@example.com")])
        .only_account();
    assert_eq!(
        document["identity"]["candidates"],
        json!([
            {"id": "E-17", "name": "Ada Example", "email": "ada@example.com", "status": "offboarded"},
            {"id": "E-40", "name": "Ada Newcomer", "email": "ada@example.com", "status": "current"}
        ])
    );
}

#[test]
fn an_account_from_before_somebody_came_is_told_of() {
    let made = |at: &str| Account {
        created_at: Some(time(at)),
        ..account("1", "ada@example.com")
    };
    let came = || Staff {
        start_date: day("2025-03-01"),
        ..ada()
    };
    let earlier = Staff {
        start_date: day("2020-01-01"),
        last_day: day("2024-06-30"),
        ..leaver()
    };
    let told = || vec!["account_older_than_employment".to_owned()];
    for (case, rows, at, notices) in [
        ("older", vec![came()], "2022-05-01T00:00:00Z", told()),
        ("younger", vec![came()], "2025-03-02T00:00:00Z", vec![]),
        (
            "of an earlier employment",
            vec![earlier, came()],
            "2022-05-01T00:00:00Z",
            vec![],
        ),
        ("nobody knows since when", vec![ada()], "2022-05-01T00:00:00Z", vec![]),
    ] {
        let world = world().staff(rows).accounts([made(at)]);
        assert_eq!(
            seen(&world),
            ("matched".into(), "email".into(), json!("E-17")),
            "{case}"
        );
        assert_eq!(world.notices(), notices, "{case}");
    }
}

#[test]
fn two_accounts_of_one_person_are_both_judged() {
    let world = world()
        .staff([ada()])
        .accounts([account("1", "ada@example.com"), account("2", "ADA@example.com")]);
    let subjects = world.subjects();
    assert_eq!(subjects.accounts.len(), 2);
    assert_eq!(subjects.staff[0].parts[0].1.as_array().unwrap().len(), 2);
}

#[test]
fn a_mapping_wins_and_is_held_against_the_facts() {
    let people = || [ada(), staff("E-2", "Bob Sample", "bob@example.com")];
    let table = [
        (
            "by id",
            "E-2",
            "crm@elsewhere.example",
            ("matched", json!("E-2")),
            vec![],
        ),
        (
            "by address",
            "BOB@example.com",
            "crm@elsewhere.example",
            ("matched", json!("E-2")),
            vec![],
        ),
        (
            "19 against its own address",
            "E-2",
            "ada@example.com",
            ("matched", json!("E-2")),
            vec!["mapping_conflict"],
        ),
        (
            "18 of nobody",
            "E-99",
            "ada@example.com",
            ("stale_mapping", json!(null)),
            vec![],
        ),
    ];
    for (case, to, email, (state, staff), notices) in table {
        let world = world()
            .staff(people())
            .accounts([account("1", email)])
            .entry("1", Is::Staff(to.into()));
        assert_eq!(seen(&world), (state.into(), "mapping".into(), staff), "{case}");
        assert_eq!(world.notices(), notices, "{case}");
        assert_eq!(
            world.only_account()["identity"]["conflict"],
            !notices.is_empty(),
            "{case}"
        );
        assert_eq!(world.only_account()["identity"]["mapping"], to, "{case}");
    }
    // An address is the key of somebody without an id, and still names nobody while another one has it as well.
    for other in ["E-2", ""] {
        let shared = [ada(), staff(other, "Bob Sample", "ada@example.com")];
        let mapped = world()
            .staff(shared)
            .accounts([account("1", "")])
            .entry("1", Is::Staff("ada@example.com".into()));
        assert_eq!(seen(&mapped), ("ambiguous".into(), "mapping".into(), json!(null)));
    }
}

#[test]
fn an_entry_names_an_account_by_id_or_address() {
    let by_address = || {
        world()
            .staff([ada()])
            .accounts([account("1", "Bot@example.com")])
            .entry("bot@example.com", service("E-17"))
    };
    assert_eq!(by_address().only_account()["identity"]["class"], "service");
    // Two entries about one account are an error with both places.
    for (again, entry) in [
        ("BOT@example.com", service("")),
        ("1", Is::NotIdentified { reason: None }),
    ] {
        let twice = by_address().entry(again, entry);
        let error = crate::subject::subjects(&twice.snapshot, &twice.project, twice.now).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("rolecall.yaml:21:5: account `{again}` of `pipedrive` has another entry at rolecall.yaml:20:5")
        );
    }
}

#[test]
fn a_classified_account_needs_an_owner_who_works_here() {
    let with = |status| Staff { status, ..ada() };
    let soon = Staff {
        start_date: day("2027-01-01"),
        ..ada()
    };
    let table = [
        ("current", with(Recorded::Current), "E-17", "current"),
        ("by address", with(Recorded::Current), "Ada@example.com", "current"),
        ("on leave", with(Recorded::OnLeave), "E-17", "current"),
        ("35 left", leaver(), "E-17", "offboarded"),
        ("not here yet", soon, "E-17", "missing"),
        ("suspended", with(Recorded::Suspended), "E-17", "missing"),
        ("a word that nobody knows", with(Recorded::Unknown), "E-17", "unknown"),
        ("nobody of that name", with(Recorded::Current), "E-99", "missing"),
        ("37 none named", with(Recorded::Current), "", "missing"),
    ];
    for (case, row, owner, expected) in table {
        let world = world()
            .staff([row])
            .accounts([account("1", "bot@example.com")])
            .entry("1", service(owner));
        let identity = world.only_account()["identity"].clone();
        assert_eq!(
            (&identity["state"], &identity["owner"]["state"]),
            (&json!("classified"), &json!(expected)),
            "{case}"
        );
        assert_eq!(world.only_account()["staff"]["status"], "none");
    }
}

#[test]
fn classifications_run_out_visibly_and_hide_no_leaver() {
    let external = |until, review_by| Is::NotStaff {
        kind: NotStaffKind::External,
        owner: Some("E-2".into()),
        reason: None,
        until: day(until),
        review_by: day(review_by),
    };
    let base = || world().staff([leaver(), staff("E-2", "Bob Sample", "bob@example.com")]);
    let over = base()
        .accounts([account("1", "guest@elsewhere.example")])
        .entry("1", external("2026-11-22", "2026-11-22"));
    assert_eq!(over.notices(), ["classification_expired"]);
    assert_eq!(seen(&over), ("unmatched".into(), "none".into(), json!(null)));
    let known = base()
        .accounts([account("1", "bob@example.com")])
        .entry("1", external("2026-11-22", "2026-11-22"));
    assert_eq!(seen(&known), ("matched".into(), "email".into(), json!("E-2")));
    let due = base()
        .accounts([account("1", "guest@elsewhere.example")])
        .entry("1", external("2026-11-23", "2026-11-22"));
    assert_eq!(due.notices(), ["review_overdue"]);
    let today = base()
        .accounts([account("1", "guest@elsewhere.example")])
        .entry("1", external("2026-11-23", "2026-11-23"));
    assert!(today.notices().is_empty(), "the day itself belongs to it");
    assert_eq!(today.only_account()["identity"]["until"]["days"], -1);
    let hidden = base()
        .accounts([account("1", "ada@example.com")])
        .entry("1", service("E-2"));
    assert_eq!(hidden.notices(), ["reclassified_leaver"], "34");
    let hidden = base()
        .accounts([account("1", "ada@example.com")])
        .entry("1", Is::NotIdentified { reason: None });
    assert_eq!(hidden.notices(), ["reclassified_leaver"], "34, 36");
}

#[test]
fn no_entry_takes_an_account_from_a_leaver_unseen() {
    let left = || Staff {
        aliases: vec!["ada.smith@example.com".into()],
        ..leaver()
    };
    let people = || {
        [
            left(),
            staff("E-2", "Bob Sample", "bob@example.com"),
            staff("E-3", "Eve Sample", "shared@example.com"),
            Staff {
                id: Some("E-4".into()),
                name: Some("Old Sample".into()),
                emails: vec!["shared@example.com".into()],
                ..leaver()
            },
            Staff {
                status: Recorded::Unknown,
                ..staff("E-5", "Una Sample", "una@example.com")
            },
        ]
    };
    let own_alias = Account {
        aliases: vec!["ada@example.com".into()],
        ..account("1", "bot@example.com")
    };
    let by_id = Account {
        employee_id: Some("E-17".into()),
        ..account("1", "bot@example.com")
    };
    let away = || ("yes", json!("Ada Example"));
    let table: Vec<(&str, Account, Is, (&str, Value))> = vec![
        ("34 address", account("1", "ada@example.com"), service("E-2"), away()),
        (
            "34 alias",
            account("1", "ada.smith@example.com"),
            service("E-2"),
            away(),
        ),
        ("34 domain", account("1", "ada@old.example"), service("E-2"), away()),
        ("34 the account's alias", own_alias, service("E-2"), away()),
        ("34 employee id", by_id, service("E-2"), away()),
        (
            "34 mapped",
            account("1", "ada@example.com"),
            Is::Staff("E-2".into()),
            away(),
        ),
        (
            "34 mapped, alias",
            account("1", "ada.smith@example.com"),
            Is::Staff("E-2".into()),
            away(),
        ),
        (
            "34 mapped to the leaver",
            account("1", "ada.smith@example.com"),
            Is::Staff("E-17".into()),
            ("no", json!(null)),
        ),
        (
            "14 one of two who share it",
            account("1", "shared@example.com"),
            Is::Staff("E-3".into()),
            ("no", json!(null)),
        ),
        (
            "somebody who is here",
            account("1", "bob@example.com"),
            Is::Staff("E-3".into()),
            ("no", json!(null)),
        ),
        (
            "nobody's",
            account("1", "bot@example.com"),
            service("E-2"),
            ("no", json!(null)),
        ),
        (
            "who knows",
            account("1", "una@example.com"),
            service("E-2"),
            ("unknown", json!(null)),
        ),
    ];
    for (case, account, is, (leaver, name)) in table {
        let declared = !matches!(is, Is::Staff(_));
        let mut world = world().staff(people()).accounts([account]).entry("1", is);
        let aliases = &mut world.project.staff.domain_aliases;
        aliases.insert("example.com".into(), vec!["old.example".into()]);
        let identity = world.only_account()["identity"].clone();
        assert_eq!(
            (&identity["leaver"], &identity["leaver_name"]),
            (&json!(leaver), &name),
            "{case}"
        );
        if leaver == "yes" {
            let code = if declared {
                "reclassified_leaver"
            } else {
                "mapping_conflict"
            };
            assert_eq!(world.notices(), [code], "{case}");
        }
    }
    // Without an entry nothing is declared.
    let plain = world().staff([left()]).accounts([account("1", "ada@example.com")]);
    assert_eq!(plain.only_account()["identity"]["leaver"], "no");
    // A row that is missing may be a leaver's.
    let mut cut = world()
        .staff([ada()])
        .accounts([account("1", "bot@example.com")])
        .entry("1", Is::Staff("E-17".into()));
    let open = |world: &World| {
        world.subjects().accounts[0]
            .unavailable
            .contains(&"identity.leaver".into())
    };
    assert!(!open(&cut));
    cut.cut_short("roster", crate::snapshot::Collection::Staff);
    assert!(open(&cut));
}

#[test]
fn an_entry_for_no_account_is_told_of_only_if_all_accounts_were_read() {
    let mut world = world().staff([ada()]).entry("404", service("E-17"));
    assert_eq!(world.notices(), ["unused_identity"]);
    assert_eq!(
        world.subjects().notices[0].place.as_ref().unwrap().to_string(),
        "rolecall.yaml:20:5"
    );
    world.cut_short("pipedrive", crate::snapshot::Collection::Accounts);
    assert!(world.notices().is_empty());
}

fn suggested(email: &str, name: &str) -> Vec<(String, String)> {
    let account = Account {
        name: Some(name.into()),
        ..account("23", email)
    };
    let people = [
        ada(),
        staff("E-2", "Bob Sample", "b.sample@gmail.com"),
        staff("E-3", "Jon Smith", "jon@example.com"),
    ];
    let subjects = world().staff(people).accounts([account]).subjects();
    let note = subjects.accounts[0].identity.clone().unwrap();
    assert_eq!(note.paste.is_some(), !note.suggestions.is_empty());
    note.suggestions.into_iter().map(|one| (one.staff, one.why)).collect()
}

#[test]
fn suggestions_are_ranked_and_say_why() {
    let table = [
        (
            "ada+crm@example.com",
            "",
            vec![(
                "E-17",
                "ada+crm@example.com is their mailbox but for a plus tag or dots",
            )],
        ),
        (
            "bsample@googlemail.com",
            "",
            vec![(
                "E-2",
                "bsample@googlemail.com is their mailbox but for a plus tag or dots",
            )],
        ),
        (
            "ada@elsewhere.example",
            "",
            vec![(
                "E-17",
                "their address is ada@example.com: the same before the @, not at elsewhere.example",
            )],
        ),
        (
            "x@elsewhere.example",
            "Sample, Bob",
            vec![("E-2", "the name is theirs")],
        ),
        (
            "x@elsewhere.example",
            "John Smith",
            vec![("E-3", "the name is like theirs")],
        ),
        (
            "jon.smith@elsewhere.example",
            "",
            vec![("E-3", "the address is theirs")],
        ),
        ("x@elsewhere.example", "Zed", vec![]),
        ("", "", vec![]),
    ];
    for (email, name, expected) in table {
        let expected: Vec<(String, String)> = expected
            .into_iter()
            .map(|(staff, why)| (staff.to_owned(), why.to_owned()))
            .collect();
        assert_eq!(suggested(email, name), expected, "{email} {name}");
    }
}

#[test]
fn the_lines_to_paste_survive_hostile_names() {
    let row = staff("E\"\n- x: \u{202e}\u{1b}[2J", "Ada Example", "ada@example.com");
    let subjects = world()
        .staff([row])
        .accounts([account("2\\3", "ada+crm@example.com")])
        .subjects();
    let paste = subjects.accounts[0].identity.clone().unwrap().paste.unwrap();
    assert_eq!(
        paste,
        "- account: \"pipedrive:2\\\\3\"\n  staff: \"E\\\"\\u000a- x: \\u202e\\u001b[2J\""
    );
    let read: Value = serde_yaml::from_str(&paste).unwrap();
    assert_eq!(
        read,
        json!([{"account": "pipedrive:2\\3", "staff": "E\"\n- x: \u{202e}\u{1b}[2J"}])
    );
}

#[test]
fn an_address_of_mixed_scripts_is_told_of() {
    assert_eq!(
        world()
            .staff([ada()])
            .accounts([account("1", "\u{430}da@example.com")])
            .notices(),
        ["mixed_script_address"]
    );
}
