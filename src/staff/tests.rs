//! By example: what a row or two make of a person.

use serde_json::{Value, json};

use super::key::{address_key, slug};
use crate::snapshot::{Employment, RecordedStatus as Recorded, Staff};
use crate::subject::fixture::{World, ada, day, leaver, staff, time, world};

#[test]
fn spellings_of_one_address_have_one_key() {
    let table = [
        (" Ada@Example.COM ", Some("ada@example.com")),
        ("ada@example.com.", Some("ada@example.com")),
        ("jose\u{301}@example.com", Some("jos\u{e9}@example.com")),
        ("ada@b\u{fc}cher.example", Some("ada@xn--bcher-kva.example")),
        ("ada@XN--BCHER-KVA.example", Some("ada@xn--bcher-kva.example")),
        ("ada+crm@example.com", Some("ada+crm@example.com")),
        ("\"a@b\"@example.com", Some("\"a@b\"@example.com")),
        ("\u{430}da@example.com", Some("\u{430}da@example.com")),
        ("ada", None),
        ("@example.com", None),
        ("ada@example.com ben@example.com", None),
        ("Ada <ada@example.com>", None),
        ("<ada@example.com>", None),
        ("ada@example.com|ben@example.com", None),
        ("mailto:ada@example.com", None),
        ("ada@", None),
        ("ada@...", None),
        ("", None),
    ];
    for (written, key) in table {
        assert_eq!(address_key(written).as_deref(), key, "{written:?}");
    }
    assert_eq!(
        address_key("\u{130}rem@example.com"),
        address_key("i\u{307}rem@example.com"),
        "Turkish dotted capital I"
    );
}

#[test]
fn a_job_role_has_one_canonical_form() {
    let table = [
        ("Sales Rep", Some("sales-rep")),
        ("  SALES/rep. ", Some("sales-rep")),
        ("R&D", Some("r-d")),
        ("C", Some("c")),
        ("C#", Some("c#")),
        ("C++ developer", Some("c++-developer")),
        ("--", None),
        ("", None),
    ];
    for (written, expected) in table {
        assert_eq!(slug(written).as_deref(), expected, "{written:?}");
    }
}

/// What of a person a table holds: status, cause, exit instant, conflict.
type Seen = (&'static str, &'static str, Value, bool);

fn seen(staff: &Value) -> (String, String, Value, bool) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let exit = &staff["exit"];
    (
        text(&staff["status"]),
        text(&exit["cause"]),
        exit["at"].clone(),
        exit["conflict"].as_bool().unwrap(),
    )
}

#[test]
fn status_follows_from_word_and_dates() {
    let with = |status, change: fn(&mut Staff)| {
        let mut row = Staff { status, ..ada() };
        change(&mut row);
        row
    };
    let nothing: fn(&mut Staff) = |_| {};
    let table: Vec<(&str, Staff, Seen, Option<&str>)> = vec![
        (
            "current",
            with(Recorded::Current, nothing),
            ("current", "none", json!(null), false),
            None,
        ),
        (
            "28 on leave",
            with(Recorded::OnLeave, nothing),
            ("on_leave", "none", json!(null), false),
            None,
        ),
        (
            "28 suspended",
            with(Recorded::Suspended, nothing),
            ("suspended", "none", json!(null), false),
            None,
        ),
        (
            "no word, no dates",
            with(Recorded::NotStated, nothing),
            ("current", "none", json!(null), false),
            None,
        ),
        (
            "a word that nobody knows",
            with(Recorded::Unknown, nothing),
            ("unknown", "none", json!(null), false),
            None,
        ),
        (
            "26 left, no date",
            with(Recorded::Offboarded, nothing),
            ("offboarded", "status", json!(null), false),
            Some("exit_without_date"),
        ),
        (
            "24 left, last day ends in Berlin",
            leaver(),
            ("offboarded", "status", json!("2026-10-30T23:00:00Z"), false),
            None,
        ),
        (
            "24 the person's own zone",
            Staff {
                timezone: Some("America/New_York".into()),
                ..leaver()
            },
            ("offboarded", "status", json!("2026-10-31T04:00:00Z"), false),
            None,
        ),
        (
            "24 a zone that does not exist",
            Staff {
                timezone: Some("Mars/Olympus".into()),
                ..leaver()
            },
            ("offboarded", "status", json!("2026-10-30T23:00:00Z"), false),
            Some("unknown_timezone"),
        ),
        (
            "23 announced: still here today",
            with(Recorded::Offboarded, |row| row.last_day = day("2026-11-23")),
            ("current", "status", json!("2026-11-23T23:00:00Z"), false),
            None,
        ),
        (
            "23 announced by date alone",
            with(Recorded::Current, |row| row.last_day = day("2026-12-31")),
            ("current", "date", json!("2026-12-31T23:00:00Z"), false),
            None,
        ),
        (
            "27 date past, word says current",
            with(Recorded::Current, |row| row.last_day = day("2026-11-01")),
            ("offboarded", "date", json!("2026-11-01T23:00:00Z"), true),
            Some("exit_date_but_active"),
        ),
        (
            "date past, no word",
            with(Recorded::NotStated, |row| row.last_day = day("2026-11-01")),
            ("offboarded", "date", json!("2026-11-01T23:00:00Z"), false),
            None,
        ),
        (
            "30 contract over",
            with(Recorded::Current, |row| row.contract_end = day("2026-09-30")),
            ("offboarded", "contract_end", json!("2026-09-30T22:00:00Z"), false),
            None,
        ),
        (
            "30 contract runs",
            with(Recorded::Current, |row| row.contract_end = day("2027-09-30")),
            ("current", "contract_end", json!("2027-09-30T22:00:00Z"), false),
            None,
        ),
        (
            "30 left before the contract ended",
            with(Recorded::NotStated, |row| {
                (row.last_day, row.contract_end) = (day("2026-09-01"), day("2027-01-01"))
            }),
            ("offboarded", "date", json!("2026-09-01T22:00:00Z"), false),
            None,
        ),
        (
            "29 starts next month",
            with(Recorded::Current, |row| row.start_date = day("2026-12-01")),
            ("not_started", "none", json!(null), false),
            None,
        ),
        (
            "29 starts today",
            with(Recorded::Current, |row| row.start_date = day("2026-11-23")),
            ("current", "none", json!(null), false),
            None,
        ),
        (
            "21 rehired on the same row",
            with(Recorded::Current, |row| {
                (row.start_date, row.last_day) = (day("2026-02-01"), day("2025-12-31"))
            }),
            ("current", "none", json!(null), false),
            Some("last_day_before_start"),
        ),
        (
            "21 a contract on the same row, over before the first day",
            with(Recorded::Current, |row| {
                (row.start_date, row.contract_end) = (day("2026-02-01"), day("2025-12-31"))
            }),
            ("current", "none", json!(null), false),
            Some("contract_end_before_start"),
        ),
        (
            "21 left, and will be back, on one row",
            with(Recorded::Current, |row| {
                (row.start_date, row.last_day) = (day("2027-02-01"), day("2026-10-30"))
            }),
            ("offboarded", "date", json!("2026-10-30T23:00:00Z"), false),
            Some("last_day_before_start"),
        ),
        (
            "21 a contract over, and the next ahead",
            with(Recorded::NotStarted, |row| {
                (row.start_date, row.contract_end) = (day("2027-02-01"), day("2026-10-30"))
            }),
            ("offboarded", "contract_end", json!("2026-10-30T23:00:00Z"), false),
            Some("last_day_before_start"),
        ),
        (
            "23 a last day in a year from now",
            with(Recorded::Offboarded, |row| row.last_day = day("2027-11-23")),
            ("current", "status", json!("2027-11-23T23:00:00Z"), false),
            None,
        ),
        (
            "23 a last day more than a year ahead",
            with(Recorded::Offboarded, |row| row.last_day = day("2036-10-30")),
            ("current", "status", json!("2036-10-30T23:00:00Z"), false),
            Some("exit_far_ahead"),
        ),
        (
            "an address that is none",
            with(Recorded::Current, |row| row.emails.push("Ada <ada@example.org>".into())),
            ("current", "none", json!(null), false),
            Some("address_unreadable"),
        ),
        (
            "an alias that is none",
            with(Recorded::Current, |row| {
                row.aliases = vec!["mailto:a@example.org".into(), " ".into()]
            }),
            ("current", "none", json!(null), false),
            Some("address_unreadable"),
        ),
    ];
    for (case, row, (status, cause, at, conflict), notice) in table {
        let world = world().staff([row]);
        assert_eq!(
            seen(&world.only_staff()),
            (status.to_owned(), cause.to_owned(), at, conflict),
            "{case}"
        );
        let notices = world.notices();
        assert_eq!(
            notices,
            notice.map(str::to_owned).into_iter().collect::<Vec<_>>(),
            "{case}"
        );
    }
}

#[test]
fn an_exit_happens_at_the_instant_and_not_before() {
    for (now, status, days) in [
        ("2026-11-23T22:59:59.999Z", "current", -1),
        ("2026-11-23T23:00:00Z", "offboarded", 0),
        ("2026-11-25T22:59:59Z", "offboarded", 1),
    ] {
        let recorded = Staff {
            last_day: day("2026-11-23"),
            ..leaver()
        };
        let dated = Staff {
            last_day: day("2026-11-23"),
            ..ada()
        };
        let contract = Staff {
            contract_end: day("2026-11-23"),
            ..ada()
        };
        for row in [recorded, dated, contract] {
            let mut world = world().staff([row]);
            world.now = time(now);
            let staff = world.only_staff();
            assert_eq!(
                (&staff["status"], &staff["exit"]["days"]),
                (&json!(status), &json!(days)),
                "{now}"
            );
        }
    }
}

#[test]
fn a_day_ends_at_midnight_when_the_clocks_change_too() {
    // Santiago skips the hour after midnight of 6 September 2026; Berlin's 25 October has 25 hours.
    for (zone, last_day, at) in [
        ("America/Santiago", "2026-09-05", "2026-09-06T04:00:00Z"),
        ("Europe/Berlin", "2026-10-24", "2026-10-24T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"),
    ] {
        let row = Staff {
            last_day: day(last_day),
            timezone: Some(zone.into()),
            ..leaver()
        };
        assert_eq!(world().staff([row]).only_staff()["exit"]["at"], at, "{zone} {last_day}");
    }
}

#[test]
fn the_project_may_trust_the_word_more_than_the_date() {
    let mut world = world().staff([Staff {
        last_day: day("2026-11-01"),
        ..ada()
    }]);
    world.project.staff.date_implies_exit = false;
    assert_eq!(
        seen(&world.only_staff()),
        ("current".into(), "date".into(), json!("2026-11-01T23:00:00Z"), true)
    );
    assert_eq!(world.notices(), ["exit_date_but_active"]);
}

#[test]
fn a_rehire_is_one_person_with_the_present_employment() {
    let old = Staff {
        start_date: day("2020-01-01"),
        last_day: day("2024-06-30"),
        line: Some(9),
        ..leaver()
    };
    let new = Staff {
        start_date: day("2025-03-01"),
        line: Some(3),
        ..ada()
    };
    for rows in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        let world = world().staff(rows);
        assert_eq!(
            seen(&world.only_staff()),
            ("current".into(), "none".into(), json!(null), false)
        );
        assert!(world.notices().is_empty());
    }
    // Somebody who will be back is a leaver until then.
    let next = Staff {
        start_date: day("2027-01-01"),
        ..new
    };
    assert_eq!(world().staff([old, next]).only_staff()["status"], "offboarded");
}

#[test]
fn a_list_of_jobs_brings_no_leaver_back() {
    let left = || Staff {
        start_date: day("2021-06-01"),
        line: Some(3),
        ..leaver()
    };
    let job = |start: Option<&str>| Staff {
        start_date: start.and_then(day),
        line: Some(4),
        ..ada()
    };
    let silent = Staff {
        status: Recorded::NotStated,
        ..job(None)
    };
    let strange = Staff {
        status: Recorded::Unknown,
        ..job(Some("2021-06-01"))
    };
    let undated = Staff {
        last_day: None,
        ..left()
    };
    let told = || vec!["employment_conflict"];
    let table: Vec<(&str, Vec<Staff>, &str, bool, Codes)> = vec![
        (
            "one start",
            vec![left(), job(Some("2021-06-01"))],
            "offboarded",
            true,
            told(),
        ),
        (
            "an earlier start",
            vec![left(), job(Some("2019-06-01"))],
            "offboarded",
            true,
            told(),
        ),
        (
            "a later start",
            vec![left(), job(Some("2025-06-01"))],
            "offboarded",
            true,
            told(),
        ),
        (
            "on the last day",
            vec![left(), job(Some("2026-10-30"))],
            "offboarded",
            true,
            told(),
        ),
        ("no start", vec![left(), job(None)], "offboarded", true, told()),
        (
            "a word that nobody knows",
            vec![left(), strange],
            "offboarded",
            true,
            told(),
        ),
        (
            "neither a word nor a date",
            vec![left(), silent.clone()],
            "offboarded",
            false,
            vec![],
        ),
        (
            "the day after the last day",
            vec![left(), job(Some("2026-10-31"))],
            "current",
            false,
            vec![],
        ),
        (
            "came back, and an old job without an end",
            vec![left(), job(Some("2019-06-01")), job(Some("2026-11-02"))],
            "current",
            false,
            vec![],
        ),
        (
            "nobody knows when they left",
            vec![undated, job(Some("2025-01-01"))],
            "offboarded",
            true,
            vec!["employment_conflict", "exit_without_date"],
        ),
        (
            "silence beside somebody who has not started",
            vec![silent, job(Some("2027-01-01"))],
            "not_started",
            false,
            vec![],
        ),
    ];
    for (case, rows, status, conflict, notices) in table {
        for rows in [rows.clone(), rows.into_iter().rev().collect()] {
            let world = world().staff(rows);
            let staff = world.only_staff();
            assert_eq!(
                (&staff["status"], &staff["exit"]["conflict"]),
                (&json!(status), &json!(conflict)),
                "{case}"
            );
            assert_eq!(world.notices(), notices, "{case}");
        }
    }
}

#[test]
fn an_end_ahead_overrules_nobody() {
    let ahead = |change: fn(&mut Staff)| {
        let mut row = Staff {
            source: "hr".into(),
            status: Recorded::NotStated,
            ..ada()
        };
        change(&mut row);
        row
    };
    let idp = |row: Staff| Staff {
        source: "idp".into(),
        ..row
    };
    for hr in [
        ahead(|row| row.contract_end = day("2027-09-30")),
        ahead(|row| row.last_day = day("2027-09-30")),
    ] {
        let world = world().rosters(&["hr", "idp"]);
        let left = world.staff([hr.clone(), idp(leaver())]);
        assert_eq!(left.only_staff()["status"], "offboarded");
        let stays = self::world()
            .rosters(&["hr", "idp"])
            .staff([hr, idp(ada())])
            .only_staff();
        assert_eq!(
            (&stays["status"], &stays["exit"]["at"]),
            (&json!("current"), &json!("2027-09-30T22:00:00Z"))
        );
    }
    // Once it is reached, it says that they left.
    let over = ahead(|row| row.contract_end = day("2026-09-30"));
    let world = world().rosters(&["hr", "idp"]).staff([over, idp(ada())]);
    assert_eq!(world.only_staff()["status"], "offboarded");
    assert_eq!(world.notices(), ["roster_conflict"]);
}

type Codes = Vec<&'static str>;

fn merged(rows: Vec<Staff>) -> (Vec<String>, Vec<String>) {
    let world: World = world().rosters(&["hr", "idp"]).staff(rows);
    let subjects = world.subjects();
    let keys = subjects.staff.into_iter().map(|subject| subject.of.id).collect();
    (keys, subjects.notices.into_iter().map(|notice| notice.code).collect())
}

#[test]
fn rows_are_one_person_by_id_else_by_work_address() {
    let from = |source: &str, row: Staff| Staff {
        source: source.into(),
        ..row
    };
    let aliased = |row: Staff| Staff {
        aliases: vec!["ada@example.com".into()],
        ..row
    };
    let table: Vec<(&str, Vec<Staff>, Codes, Codes)> = vec![
        (
            "69 one id",
            vec![
                from("hr", ada()),
                from("idp", staff("e-17 ", "A. Example", "ADA@example.com")),
            ],
            vec!["E-17"],
            vec![],
        ),
        (
            "69 one id, one name",
            vec![
                from("hr", ada()),
                from("idp", staff("E-17", "ada example", "a@example.com")),
            ],
            vec!["E-17"],
            vec![],
        ),
        (
            "69 one id, nothing else in common: two sources that number people each for itself",
            vec![
                from("hr", ada()),
                from("idp", staff("E-17", "Zed Smith", "zed@example.com")),
            ],
            vec!["ada@example.com", "zed@example.com"],
            vec!["employee_id_shared"],
        ),
        (
            "69 no id, one address",
            vec![
                from("hr", ada()),
                from("idp", staff("", "ADA  Example", "ADA@example.com")),
            ],
            vec!["E-17"],
            vec![],
        ),
        (
            "69 no id, no name, one address",
            vec![from("hr", ada()), from("idp", staff("", "", "ada@example.com"))],
            vec!["E-17"],
            vec![],
        ),
        (
            "14 no id, one address, another name",
            vec![from("hr", ada()), from("idp", staff("", "New Hire", "ada@example.com"))],
            vec!["E-17", "idp:2"],
            vec![],
        ),
        (
            "14 two ids, one address",
            vec![
                from("hr", ada()),
                from("hr", staff("E-18", "Ada Example", "ada@example.com")),
            ],
            vec!["E-17", "E-18"],
            vec![],
        ),
        (
            "two sources with numbers of their own",
            vec![
                from("hr", ada()),
                from("idp", staff("10293", "Ada Example", "ada@example.com")),
            ],
            vec!["10293", "E-17"],
            vec![],
        ),
        (
            "13 no ids, two names, one address",
            vec![
                from("hr", staff("", "Ann Example", "team@example.com")),
                from("hr", staff("", "Bob Example", "team@example.com")),
            ],
            vec!["hr:2", "hr:2#2"],
            vec![],
        ),
        (
            "an alias joins nothing",
            vec![
                from("hr", ada()),
                from("idp", aliased(staff("", "Ada Example", "a.example@example.com"))),
            ],
            vec!["E-17", "a.example@example.com"],
            vec![],
        ),
        (
            "a row that could be two people's stays alone",
            vec![
                from("hr", ada()),
                from("hr", staff("E-18", "Bob Example", "ada@example.com")),
                from("idp", staff("", "", "ada@example.com")),
            ],
            vec!["E-17", "E-18", "idp:2"],
            vec!["roster_row_ambiguous"],
        ),
    ];
    for (case, rows, keys, notices) in table {
        let (found, told) = merged(rows);
        assert_eq!(
            (found, told),
            (
                keys.iter().map(|key| (*key).to_owned()).collect(),
                notices.iter().map(|code| (*code).to_owned()).collect()
            ),
            "{case}"
        );
    }
}

#[test]
fn the_most_trusted_source_decides_and_a_contradiction_is_told() {
    let hr = Staff {
        source: "hr".into(),
        employment: Employment::NotStated,
        ..ada()
    };
    let idp = Staff {
        source: "idp".into(),
        ..leaver()
    };
    for (order, status) in [(["hr", "idp"], "current"), (["idp", "hr"], "offboarded")] {
        let world = world().rosters(&order).staff([hr.clone(), idp.clone()]);
        let staff = world.only_staff();
        assert_eq!(
            (&staff["status"], &staff["exit"]["conflict"]),
            (&json!(status), &json!(true)),
            "{order:?}"
        );
        assert_eq!(staff["employment"], "employee", "gaps are filled from the other source");
        assert_eq!(world.notices(), ["roster_conflict"]);
    }
    // A source that has no status and no dates says nothing, however much it is trusted.
    let silent = Staff {
        status: Recorded::NotStated,
        ..hr
    };
    let world = world().rosters(&["hr", "idp"]).staff([silent, idp]);
    assert_eq!(world.only_staff()["status"], "offboarded");
    assert!(world.notices().is_empty());
}

#[test]
fn words_of_the_project_apply() {
    let mut world = world().staff([Staff {
        job_roles: vec!["Account  Executive".into(), "BDR".into()],
        ..ada()
    }]);
    world
        .project
        .staff
        .job_roles
        .insert("Sales rep".into(), vec!["account executive".into()]);
    assert_eq!(world.only_staff()["job_roles"], json!(["bdr", "sales-rep"]));
    assert_eq!(world.only_staff()["in_scope"], true);
    world.project.staff.out_of_scope.departments = vec!["SALES".into()];
    assert_eq!(world.only_staff()["in_scope"], false);
}
