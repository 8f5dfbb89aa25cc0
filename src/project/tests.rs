//! A full project to its fields, and every refusal to its whole error.

use std::fs;
use std::path::Path;

use super::*;
use crate::error::Explain;

fn load(text: &str) -> Project {
    Project::from_bytes(Path::new("rolecall.yaml"), text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refusal_of(text: &[u8]) -> String {
    match Project::from_bytes(Path::new("rolecall.yaml"), text) {
        Ok(_) => format!("accepted: {}", String::from_utf8_lossy(text)),
        Err(error) => shown(&error),
    }
}

fn shown(error: &ProjectError) -> String {
    assert_eq!(error.exit(), crate::exit::Exit::Usage);
    let help = error.help().expect("every error says what to do next");
    assert!(!help.contains('\n'), "{help}");
    format!("{error}\nhelp: {help}")
}

/// The keys that every project has; the lines of a case come after them, from line 4 on.
const HEAD: &str = "rolecall: 1\norganisation: Acme\ntimezone: Europe/Berlin\n";

const FULL: &str = r#"rolecall: 1
organisation: Acme
timezone: europe/berlin
sources:
  roster:
    connector: roster
    from: {file: data/roster.csv}
    as_of: 2026-11-20
    columns: {email: Work Email, id: [Employee Number, Staff ID]}
    values: {status: {offboarded: [Gone, Left us], current: ""}}
    where: {Kind: person, Department: {not: [Meeting rooms]}, "Cost centre": [0123, 7]}
  pipedrive:
    connector: pipedrive
    from: {recording: ../recording}
    params: {company: acme, limit: 0500, exact: 1.50, on: no}
    max_age: 1w 2d
    options: {permissions: true}
  live_one: {connector: pipedrive}
  tickets: {connector: approvals, from: {file: /srv/tickets.csv}, as_of: 2026-11-20T18:00:00+01:00}
systems:
  pipedrive:
    name: Pipedrive
    critical: true
    owner: 0123
    plan: premium
    seats: 40
    approvals: tickets
    access:
      - name: sales
        staff_roles: [Sales rep]
        system_roles: [Sales rep, {id: "5"}, {name: Support}, 007]
        permission_sets: []
        staff_types: [employee, contractor]
        departments: [Sales]
        staff: [E-2, ada@example.com]
        ticket: required
      - {name: everyone, all_staff: true, staff_types: [intern]}
      - {name: dead, all_staff: false, staff_roles: []}
  archive: {critical: false, access: []}
staff:
  sources: [roster]
  job_roles: {sales-rep: [Account executive, AE], Engineer: []}
  domain_aliases: {Acme.example: [ACME-old.example]}
  out_of_scope: {staff: [E-9], departments: [Board], staff_types: [other]}
  date_implies_exit: false
identities:
  - {account: "pipedrive:23", staff: 0042}
  - account: pipedrive:Bot@acme.example
    not_staff: {kind: service, owner: E-2, reason: "syncs invoices", review_by: 2027-01-31, until: 2027-06-30}
  - {account: "pipedrive:31", not_identified: {reason: "asked IT and sales"}}
  - {account: "archive:a:b", not_identified: {}}
checks:
  access_valid: {enabled: false, severity: high, grace: 3d, critical: 36h, params: {x: 1}, links: [{url: "https://docs.example.com/a", description: How}]}
  other: {grace: 5 business days}
calendar:
  weekend: [friday, saturday]
  holidays: [2026-12-24, {day: 2027-01-03, name: New Year}]
policies: [policies, /srv/policies]
connectors: [../connectors]
"#;

#[test]
fn a_full_project_has_its_fields() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rolecall.yaml"), FULL).unwrap();
    let project = Project::load(folder.path()).unwrap();
    let path = |path: &str| folder.path().join(path);
    assert_eq!(project.file, path("rolecall.yaml"));
    assert_eq!(project.folder, folder.path());
    assert_eq!(
        (project.organisation.as_str(), project.timezone_name.as_str()),
        ("Acme", "Europe/Berlin")
    );

    let ids: Vec<_> = project.sources.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(ids, ["live_one", "pipedrive", "roster", "tickets"]);
    let [live, pipedrive, roster, tickets] = &project.sources[..] else {
        panic!()
    };
    assert_eq!((&live.from, live.max_age, live.as_of), (&From::Live, None, None));
    assert_eq!(pipedrive.from, From::Recording(path("../recording")));
    assert_eq!(pipedrive.max_age, Some(SignedDuration::from_hours(9 * 24)));
    let params: Vec<_> = pipedrive
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        params,
        [("company", "acme"), ("exact", "1.50"), ("limit", "0500"), ("on", "no")]
    );
    assert_eq!(pipedrive.options, BTreeMap::from([("permissions".to_owned(), true)]));
    assert_eq!(
        pipedrive.place.to_string(),
        format!("{}:12:3", path("rolecall.yaml").display())
    );
    assert_eq!(roster.from, From::File(path("data/roster.csv")));
    assert_eq!(
        roster.as_of.unwrap().to_string(),
        "2026-11-20T23:00:00Z",
        "the end of the day in Berlin"
    );
    assert_eq!(roster.columns["email"], ["Work Email"]);
    assert_eq!(roster.columns["id"], ["Employee Number", "Staff ID"]);
    assert_eq!(roster.values["status"]["offboarded"], ["Gone", "Left us"]);
    assert_eq!(roster.values["status"]["current"], [""]);
    let conditions: Vec<_> = roster
        .conditions
        .iter()
        .map(|c| (c.column.as_str(), c.words.join("|"), c.negated, c.place.column))
        .collect();
    assert_eq!(
        conditions,
        [
            ("Kind", "person".to_owned(), false, 13),
            ("Department", "Meeting rooms".to_owned(), true, 27),
            ("Cost centre", "0123|7".to_owned(), false, 63)
        ]
    );
    assert_eq!(tickets.from, From::File("/srv/tickets.csv".into()));
    assert_eq!(tickets.as_of.unwrap().to_string(), "2026-11-20T17:00:00Z");

    let [archive, pipedrive] = &project.systems[..] else {
        panic!()
    };
    assert_eq!(
        (archive.connected, archive.critical, archive.access.len(), &archive.name),
        (false, false, 0, &None)
    );
    assert_eq!(
        (pipedrive.connected, pipedrive.critical, pipedrive.seats),
        (true, true, Some(40))
    );
    assert_eq!(pipedrive.name.as_deref(), Some("Pipedrive"));
    assert_eq!(pipedrive.owner.as_deref(), Some("0123"));
    assert_eq!(pipedrive.plan.as_deref(), Some("premium"));
    assert_eq!(pipedrive.approvals.as_deref(), Some("tickets"));
    let [sales, everyone, dead] = &pipedrive.access[..] else {
        panic!()
    };
    assert_eq!(
        (sales.name.as_str(), sales.all_staff, sales.ticket, sales.place.line),
        ("sales", false, true, 29)
    );
    assert_eq!(sales.staff_roles.as_deref().unwrap(), ["Sales rep"]);
    assert_eq!(sales.staff_types.as_deref().unwrap(), ["employee", "contractor"]);
    assert_eq!(sales.departments.as_deref().unwrap(), ["Sales"]);
    assert_eq!(sales.staff.as_deref().unwrap(), ["E-2", "ada@example.com"]);
    let roles: Vec<_> = sales
        .system_roles
        .as_ref()
        .unwrap()
        .iter()
        .map(|role| (role.by, role.text.as_str(), role.place.column))
        .collect();
    assert_eq!(
        roles,
        [
            (RoleRefKind::NameOrId, "Sales rep", 24),
            (RoleRefKind::Id, "5", 35),
            (RoleRefKind::Name, "Support", 46),
            (RoleRefKind::NameOrId, "007", 63)
        ]
    );
    assert_eq!(
        sales.permission_sets.as_deref(),
        Some(&[][..]),
        "an empty list stays: it allows nothing"
    );
    assert!(everyone.all_staff && everyone.staff_roles.is_none() && everyone.system_roles.is_none());
    assert_eq!((dead.all_staff, dead.staff_roles.as_deref()), (false, Some(&[][..])));

    let staff = &project.staff;
    assert_eq!(staff.sources, ["roster"]);
    assert_eq!(staff.job_roles["sales-rep"], ["Account executive", "AE"]);
    assert!(staff.job_roles["Engineer"].is_empty());
    assert_eq!(staff.domain_aliases["acme.example"], ["acme-old.example"]);
    assert_eq!(staff.out_of_scope.staff, ["E-9"]);
    assert_eq!(staff.out_of_scope.departments, ["Board"]);
    assert_eq!(staff.out_of_scope.staff_types, ["other"]);
    assert!(!staff.date_implies_exit);

    let accounts: Vec<_> = project
        .identities
        .iter()
        .map(|e| (e.system.as_str(), e.account.as_str(), e.place.line))
        .collect();
    assert_eq!(
        accounts,
        [
            ("pipedrive", "23", 47),
            ("pipedrive", "Bot@acme.example", 48),
            ("pipedrive", "31", 50),
            ("archive", "a:b", 51)
        ]
    );
    assert!(matches!(&project.identities[0].is, Is::Staff(staff) if staff == "0042"));
    let Is::NotStaff {
        kind,
        owner,
        reason,
        until,
        review_by,
    } = &project.identities[1].is
    else {
        panic!()
    };
    assert_eq!(
        (*kind, owner.as_deref(), reason.as_deref()),
        (NotStaffKind::Service, Some("E-2"), Some("syncs invoices"))
    );
    assert_eq!(
        (*until, *review_by),
        (
            Some(jiff::civil::date(2027, 6, 30)),
            Some(jiff::civil::date(2027, 1, 31))
        )
    );
    assert!(
        matches!(&project.identities[2].is, Is::NotIdentified { reason: Some(reason) } if reason == "asked IT and sales")
    );

    let check = &project.checks["access_valid"];
    assert_eq!((check.enabled, check.severity), (false, Some(Severity::High)));
    assert_eq!(check.grace, Some(Period::Days(3)));
    assert_eq!(check.critical, Period::Time(SignedDuration::from_hours(36)));
    assert_eq!(check.params["x"], serde_json::json!(1));
    assert_eq!(
        check.links,
        [Link {
            url: "https://docs.example.com/a".to_owned(),
            description: "How".to_owned()
        }]
    );
    assert_eq!(check.place.line, 53);
    let other = &project.checks["other"];
    assert_eq!(
        (other.enabled, other.severity, other.grace),
        (true, None, Some(Period::BusinessDays(5)))
    );
    assert_eq!(other.critical, Period::Days(7));
    let works = |day: &str| project.calendar.is_business_day(day.parse().unwrap());
    // A Sunday, a Thursday that is a holiday, a Friday, a Saturday, a Sunday that is a holiday.
    let days = ["2026-12-20", "2026-12-24", "2026-12-25", "2026-12-26", "2027-01-03"];
    assert_eq!(days.map(works), [true, false, false, false, false]);
    assert_eq!(
        (project.calendar.first_year(), project.calendar.last_year()),
        (Some(2026), Some(2027))
    );
    assert_eq!(project.calendar.place.as_ref().unwrap().line, 56);
    assert_eq!(project.policies, [path("policies"), "/srv/policies".into()]);
    assert_eq!(project.connectors, [path("../connectors")]);
}

#[test]
fn the_least_project_has_the_defaults() {
    let project = load(HEAD);
    assert_eq!(
        (project.sources.len(), project.systems.len(), project.identities.len()),
        (0, 0, 0)
    );
    assert!(project.staff.date_implies_exit && StaffConfig::default().date_implies_exit);
    assert_eq!(
        project.sha256,
        "cbfc53de50679710065957a3ec8a201586852954f3dec46977baa95cf3fa98de"
    );
}

#[test]
fn what_is_wrong_is_refused_with_its_place_and_what_to_do() {
    let cases = [
        (
            "accepted: []",
            "rolecall.yaml:4:1: unknown key `accepted`\nhelp: known are `rolecall`, `organisation`, `timezone`, `sources`, `systems`, `staff`, `identities`, `checks`, `calendar`, `policies`, `connectors`, `exceptions`",
        ),
        (
            "sytems: {}",
            "rolecall.yaml:4:1: unknown key `sytems`\nhelp: did you mean `systems`?",
        ),
        (
            "sources: {Pipedrive: {connector: pipedrive}}",
            "rolecall.yaml:4:11: `Pipedrive` is no id for a source\nhelp: write small letters, digits, `_` and `-`, beginning with a letter or a digit",
        ),
        (
            "sources: {\"-a\": {connector: pipedrive}}",
            "rolecall.yaml:4:11: `-a` is no id for a source\nhelp: write small letters, digits, `_` and `-`, beginning with a letter or a digit",
        ),
        (
            "sources: {\"\": {connector: pipedrive}}",
            "rolecall.yaml:4:11: `` is no id for a source\nhelp: write small letters, digits, `_` and `-`, beginning with a letter or a digit",
        ),
        (
            "sources: {a: {}}",
            "rolecall.yaml:4:14: `connector` is missing\nhelp: add `connector:` here",
        ),
        (
            "sources: {a: {connector: \"\"}}",
            "rolecall.yaml:4:26: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "sources: {a: {connector: ../x}}",
            "rolecall.yaml:4:26: `../x` is no id for a connector\nhelp: write small letters, digits, `_` and `-`, beginning with a letter or a digit",
        ),
        (
            "sources: {a: {connector: b, from: recording}}",
            "rolecall.yaml:4:44: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "sources: {a: {connector: b, from: recording/}}",
            "rolecall.yaml:4:35: unknown word `recording/`\nhelp: did you mean `recording`?",
        ),
        (
            "sources: {a: {connector: b, from: {dir: x}}}",
            "rolecall.yaml:4:36: unknown word `dir`\nhelp: known are `recording`, `file`, `run`, `live`",
        ),
        (
            "sources: {a: {connector: b, from: {file: \"\"}}}",
            "rolecall.yaml:4:42: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "sources: {a: {connector: b, from: {file: x, recording: y}}}",
            "rolecall.yaml:4:45: expected one key with its value, not several\nhelp: keep one of the keys",
        ),
        (
            "sources: {a: {connector: b, params: {c: [d]}}}",
            "rolecall.yaml:4:41: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "sources: {a: {connector: b, params: {c: null}}}",
            "rolecall.yaml:4:41: `c` has no value\nhelp: write a value, or leave `c` out; a text that reads `null` needs quotes",
        ),
        (
            "sources: {a: {connector: b, options: {c: yes}}}",
            "rolecall.yaml:4:42: expected true or false, not `yes`\nhelp: write `true` or `false`",
        ),
        (
            "sources: {a: {connector: b, columns: {c: d}}}",
            "rolecall.yaml:4:38: `columns` is for files, and this source is none\nhelp: write `from: {file: …}`, or remove `columns`",
        ),
        (
            "sources: {a: {connector: b, values: {c: {d: e}}}}",
            "rolecall.yaml:4:37: `values` is for files, and this source is none\nhelp: write `from: {file: …}`, or remove `values`",
        ),
        (
            "sources: {a: {connector: b, from: {recording: x}, where: {c: d}}}",
            "rolecall.yaml:4:58: `where` is for files, and this source is none\nhelp: write `from: {file: …}`, or remove `where`",
        ),
        (
            "sources: {a: {connector: b, as_of: 2026-11-20}}",
            "rolecall.yaml:4:36: `as_of` is for files, and this source is none\nhelp: write `from: {file: …}`, or remove `as_of`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, where: {c: 17}}}",
            "rolecall.yaml:4:57: expected a text, not the bare value 17\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, where: {c: []}}}",
            "rolecall.yaml:4:54: the condition on `c` names no words\nhelp: write the words that the column may have",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, where: {c: {nto: d}}}}",
            "rolecall.yaml:4:58: unknown key `nto`\nhelp: did you mean `not`?",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, where: {c: {not: []}}}}",
            "rolecall.yaml:4:54: the condition on `c` names no words\nhelp: write the words that the column may have",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, columns: {email: 5}}}",
            "rolecall.yaml:4:63: expected a text, not the bare value 5\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "sources: {a: {connector: b, max_age: 2}}",
            "rolecall.yaml:4:38: `max_age` is `2`, which is no duration\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: two days}}",
            "rolecall.yaml:4:38: `max_age` is `two days`, which is no duration\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: 1 month}}",
            "rolecall.yaml:4:38: `max_age` is `1 month`, which is of no fixed length\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: 0h}}",
            "rolecall.yaml:4:38: `max_age` is `0h`, and everything is older\nhelp: write how old the data may be: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: -2d}}",
            "rolecall.yaml:4:38: `max_age` is `-2d`, which is negative\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: 2d ago}}",
            "rolecall.yaml:4:38: `max_age` is `2d ago`, which is negative\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: 6000w}}",
            "rolecall.yaml:4:38: `max_age` is `6000w`, which is longer than a hundred years\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: 99999999999999999999h}}",
            "rolecall.yaml:4:38: `max_age` is `99999999999999999999h`, which is no duration\nhelp: write days, hours or weeks: `2d`, `36h`, `1w`",
        ),
        (
            "sources: {a: {connector: b, max_age: [2d]}}",
            "rolecall.yaml:4:38: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: 2026-02-30}}",
            "rolecall.yaml:4:53: `as_of` is `2026-02-30`, which is a day that does not exist\nhelp: write a day as `2026-11-20`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: 20.11.2026}}",
            "rolecall.yaml:4:53: `as_of` is `20.11.2026`, which is no day\nhelp: write a day as `2026-11-20`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: 20261120}}",
            "rolecall.yaml:4:53: `as_of` is `20261120`, which is no day\nhelp: write a day as `2026-11-20`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: 9999-12-31}}",
            "rolecall.yaml:4:53: `as_of` is `9999-12-31`, which is out of range\nhelp: write a day between the years 1990 and 2199; there is no date for never",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: 9999-12-31T00:00:00Z}}",
            "rolecall.yaml:4:53: `as_of` is `9999-12-31T00:00:00Z`, which is no day and no instant\nhelp: write a day as `2026-11-20`, or an instant with its offset as `2026-11-20T18:00:00Z`",
        ),
        (
            "sources: {a: {connector: b, from: {file: x}, as_of: \"2026-11-20T18:00:00\"}}",
            "rolecall.yaml:4:53: `as_of` is `2026-11-20T18:00:00`, which is no day and no instant\nhelp: write a day as `2026-11-20`, or an instant with its offset as `2026-11-20T18:00:00Z`",
        ),
        (
            "systems: {a: {}}",
            "rolecall.yaml:4:14: `critical` is missing\nhelp: add `critical:` here",
        ),
        (
            "systems: {a: {critical: on}}",
            "rolecall.yaml:4:25: expected true or false, not `on`\nhelp: write `true` or `false`",
        ),
        (
            "systems: {a: {critical: maybe}}",
            "rolecall.yaml:4:25: expected true or false, not `maybe`\nhelp: write `true` or `false`",
        ),
        (
            "systems: {A b: {critical: true}}",
            "rolecall.yaml:4:11: `A b` is no id for a system\nhelp: write small letters, digits, `_` and `-`, beginning with a letter or a digit",
        ),
        (
            "systems: {a: {critical: true, seats: -1}}",
            "rolecall.yaml:4:38: expected a whole number, not `-1`\nhelp: write it in decimal digits, without a leading zero",
        ),
        (
            "systems: {a: {critical: true, owner: \" \"}}",
            "rolecall.yaml:4:38: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "systems: {a: {critical: true, approvals: tickets}}",
            "rolecall.yaml:4:42: there is no source `tickets`\nhelp: declare it under `sources:`",
        ),
        (
            "sources: {tickets: {connector: t}}\nsystems: {a: {critical: true, approvals: ticket}}",
            "rolecall.yaml:5:42: there is no source `ticket`\nhelp: did you mean `tickets`?",
        ),
        (
            "systems: {a: {critical: true, access: {name: x}}}",
            "rolecall.yaml:4:39: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "systems: {a: {critical: true, access: [{all_staff: true}]}}",
            "rolecall.yaml:4:41: `name` is missing\nhelp: add `name:` here",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x}]}}",
            "rolecall.yaml:4:40: the rule `x` names nobody and nothing\nhelp: say who (`all_staff: true`, `staff_roles`, …), what (`system_roles`, `permission_sets`) or `ticket: required`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, all_staff: false}]}}",
            "rolecall.yaml:4:61: the rule `x` says `all_staff: false` and names nobody\nhelp: say who: `all_staff: true`, `staff_roles`, `staff_types`, `departments` or `staff`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, all_staff: false, system_roles: [r]}]}}",
            "rolecall.yaml:4:61: the rule `x` says `all_staff: false` and names nobody\nhelp: say who: `all_staff: true`, `staff_roles`, `staff_types`, `departments` or `staff`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, all_staff: true, staff_roles: [r]}]}}",
            "rolecall.yaml:4:61: the rule `x` can be read two ways: `all_staff: true` and `staff_roles`\nhelp: keep one of the two; what both should allow is two rules",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, all_staff: true, staff: [r]}]}}",
            "rolecall.yaml:4:61: the rule `x` can be read two ways: `all_staff: true` and `staff`\nhelp: keep one of the two; what both should allow is two rules",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, all_staff: yes}]}}",
            "rolecall.yaml:4:61: expected true or false, not `yes`\nhelp: write `true` or `false`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, staff_types: [employee], staff_roles: }]}}",
            "rolecall.yaml:4:86: `staff_roles` has no value\nhelp: write a value, or leave `staff_roles` out; a text that reads `null` needs quotes",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, staff_types: [temp]}]}}",
            "rolecall.yaml:4:64: unknown word `temp`\nhelp: known are `employee`, `contractor`, `intern`, `other`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, staff_type: [intern]}]}}",
            "rolecall.yaml:4:50: unknown key `staff_type`\nhelp: did you mean `staff_types`?",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, staff_roles: Sales}]}}",
            "rolecall.yaml:4:63: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, staff_roles: [\"\"]}]}}",
            "rolecall.yaml:4:64: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, ticket: optional}]}}",
            "rolecall.yaml:4:58: unknown word `optional`\nhelp: known are `required`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, ticket: true}]}}",
            "rolecall.yaml:4:58: unknown word `true`\nhelp: known are `required`",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, system_roles: [5]}]}}",
            "rolecall.yaml:4:65: expected a text, not the bare value 5\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, system_roles: [{idd: \"5\"}]}]}}",
            "rolecall.yaml:4:66: unknown key `idd`\nhelp: did you mean `id`?",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, system_roles: [{id: \"5\", name: y}]}]}}",
            "rolecall.yaml:4:65: expected one role, by one name or id\nhelp: write `name`, `{name: …}` or `{id: …}`; each role is an entry of its own",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, system_roles: [[y]]}]}}",
            "rolecall.yaml:4:65: expected one role, by one name or id\nhelp: write `name`, `{name: …}` or `{id: …}`; each role is an entry of its own",
        ),
        (
            "systems: {a: {critical: true, access: [{name: x, system_roles: [\" \"]}]}}",
            "rolecall.yaml:4:65: expected a role, not an empty text\nhelp: write its name or its id",
        ),
        (
            "systems:\n  a:\n    critical: true\n    access:\n      - {name: x, all_staff: true}\n      - {name: X, ticket: required}",
            "rolecall.yaml:9:16: two rules of `a` have the name `X`\nhelp: the first is on line 8: give one another name",
        ),
        (
            "staff: {sources: [roster]}",
            "rolecall.yaml:4:19: there is no source `roster`\nhelp: declare it under `sources:`",
        ),
        (
            "sources: {roster: {connector: r}}\nstaff: {sources: [rooster]}",
            "rolecall.yaml:5:19: there is no source `rooster`\nhelp: did you mean `roster`?",
        ),
        (
            "sources: {roster: {connector: r}}\nstaff: {sources: [roster, roster]}",
            "rolecall.yaml:5:27: the source `roster` is here twice\nhelp: keep the first: the order is the order of trust",
        ),
        (
            "staff:\n  job_roles:\n    Rep: [AE]\n    Exec: [ae]",
            "rolecall.yaml:7:12: the job role `ae` would mean both `Rep` and `Exec`\nhelp: it already means `Rep` on line 6: keep one of them",
        ),
        (
            "staff: {job_roles: {Rep: [AE, ae]}}",
            "rolecall.yaml:4:31: the job role `ae` is here twice\nhelp: it is already on line 4: remove it here",
        ),
        (
            "staff: {job_roles: {Rep: [Exec], Exec: []}}",
            "rolecall.yaml:4:27: the job role `Exec` would mean both `Exec` and `Rep`\nhelp: it already means `Exec` on line 4: keep one of them",
        ),
        (
            "staff: {job_roles: {Rep: [rep]}}",
            "rolecall.yaml:4:27: the job role `rep` is here twice\nhelp: it is already on line 4: remove it here",
        ),
        (
            "staff: {job_roles: {Rep: [], rep: []}}",
            "rolecall.yaml:4:30: the job role `rep` would mean both `Rep` and `rep`\nhelp: it already means `Rep` on line 4: keep one of them",
        ),
        (
            "staff: {job_roles: {Rep: AE}}",
            "rolecall.yaml:4:26: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "staff: {domain_aliases: {a.example: [b.example], b.example: [a.example]}}",
            "rolecall.yaml:4:38: the domain `b.example` would mean both `b.example` and `a.example`\nhelp: it already means `b.example` on line 4: keep one of them",
        ),
        (
            "staff: {domain_aliases: {a.example: [b.example], c.example: [B.example]}}",
            "rolecall.yaml:4:62: the domain `B.example` would mean both `a.example` and `c.example`\nhelp: it already means `a.example` on line 4: keep one of them",
        ),
        (
            "staff: {domain_aliases: {a.example: [a.example]}}",
            "rolecall.yaml:4:38: the domain `a.example` is here twice\nhelp: it is already on line 4: remove it here",
        ),
        (
            "staff: {domain_aliases: {\"*.example\": [b.example]}}",
            "rolecall.yaml:4:26: `*.example` is no mail domain\nhelp: write a domain such as `acme.example`",
        ),
        (
            "staff: {domain_aliases: {a.example: [ada@b.example]}}",
            "rolecall.yaml:4:38: `ada@b.example` is no mail domain\nhelp: write a domain such as `acme.example`",
        ),
        (
            "staff: {out_of_scope: {staff_types: [interns]}}",
            "rolecall.yaml:4:38: unknown word `interns`\nhelp: did you mean `intern`?",
        ),
        (
            "staff: {date_implies_exit: no}",
            "rolecall.yaml:4:28: expected true or false, not `no`\nhelp: write `true` or `false`",
        ),
        (
            "identities: [{account: 17, staff: E-1}]",
            "rolecall.yaml:4:24: the account `17` names no system\nhelp: write it as `system:id` or `system:address`",
        ),
        (
            "identities: [{account: \"a:17\", staff: E-1}]",
            "rolecall.yaml:4:24: there is no system `a`\nhelp: declare `a` under `systems:`",
        ),
        (
            "sources: {a: {connector: b}}\nidentities: [{account: \"a:17\", staff: E-1}]",
            "rolecall.yaml:5:24: there is no system `a`\nhelp: declare `a` under `systems:`",
        ),
        (
            "systems: {pipedrive: {critical: true}}\nidentities: [{account: \"pipedirve:17\", staff: E-1}]",
            "rolecall.yaml:5:24: there is no system `pipedirve`\nhelp: did you mean `pipedrive`?",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:\", staff: E-1}]",
            "rolecall.yaml:5:24: the account `a:` names no system\nhelp: write it as `system:id` or `system:address`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\"}]",
            "rolecall.yaml:5:24: nothing is said of the account `a:17`\nhelp: add `staff`, `not_staff` or `not_identified`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", staff: E-1, not_identified: {}}]",
            "rolecall.yaml:5:24: the account `a:17` is said to be two things\nhelp: keep one of `staff`, `not_staff` and `not_identified`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", staff: [E-1]}]",
            "rolecall.yaml:5:39: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities:\n  - {account: \"a:17\", staff: E-1}\n  - {account: \"a: 17\", not_identified: {}}",
            "rolecall.yaml:7:5: the account `a:17` has two entries\nhelp: they are on lines 6 and 7: keep one of them",
        ),
        (
            "systems: {a: {critical: true}}\nidentities:\n  - {account: \"a:X@example.com\", staff: E-1}\n  - {account: \"a:x@EXAMPLE.com\", staff: E-1}",
            "rolecall.yaml:7:5: the account `a:x@EXAMPLE.com` has two entries\nhelp: they are on lines 6 and 7: keep one of them",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", not_staff: {owner: E-1}}]",
            "rolecall.yaml:5:44: `kind` is missing\nhelp: add `kind:` here",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", not_staff: {kind: robot}}]",
            "rolecall.yaml:5:50: unknown word `robot`\nhelp: known are `service`, `shared`, `external`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", not_staff: {kind: service, until: 9999-12-31}}]",
            "rolecall.yaml:5:66: `until` is `9999-12-31`, which is out of range\nhelp: write a day between the years 1990 and 2199; there is no date for never",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", not_staff: {kind: service, review_by: 2027-02-29}}]",
            "rolecall.yaml:5:70: `review_by` is `2027-02-29`, which is a day that does not exist\nhelp: write a day as `2026-11-20`",
        ),
        (
            "systems: {a: {critical: true}}\nidentities: [{account: \"a:17\", not_staff: {kind: service, until: soon}}]",
            "rolecall.yaml:5:66: `until` is `soon`, which is no day\nhelp: write a day as `2026-11-20`",
        ),
        (
            "checks: {access_valid: {severity: hihg}}",
            "rolecall.yaml:4:35: unknown word `hihg`\nhelp: did you mean `high`?",
        ),
        (
            "checks: {access_valid: {enabled: off}}",
            "rolecall.yaml:4:34: expected true or false, not `off`\nhelp: write `true` or `false`",
        ),
        (
            "checks: {access_valid: {grace: -3d}}",
            "rolecall.yaml:4:32: `grace` is `-3d`, which is negative\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 3}}",
            "rolecall.yaml:4:32: `grace` is `3`, which is no period\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 1mo}}",
            "rolecall.yaml:4:32: `grace` is `1mo`, which is of no fixed length\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 1y}}",
            "rolecall.yaml:4:32: `grace` is `1y`, which is of no fixed length\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 1d 12h}}",
            "rolecall.yaml:4:32: `grace` is `1d 12h`, which is of days, which end with a day, and of hours, which do not\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 5bd}}",
            "rolecall.yaml:4:32: `grace` is `5bd`, which is no period\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: five business days}}",
            "rolecall.yaml:4:32: `grace` is `five business days`, which is no number of business days\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: -5 business days}}",
            "rolecall.yaml:4:32: `grace` is `-5 business days`, which is no number of business days\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 1.5 business days}}",
            "rolecall.yaml:4:32: `grace` is `1.5 business days`, which is no number of business days\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 99999999999 business days}}",
            "rolecall.yaml:4:32: `grace` is `99999999999 business days`, which is longer than a year\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 367d}}",
            "rolecall.yaml:4:32: `grace` is `367d`, which is longer than a year\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 53w}}",
            "rolecall.yaml:4:32: `grace` is `53w`, which is longer than a year\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 9000h}}",
            "rolecall.yaml:4:32: `grace` is `9000h`, which is longer than a year\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 2 business weeks}}",
            "rolecall.yaml:4:32: `grace` is `2 business weeks`, which is no period\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {grace: 0d}}",
            "rolecall.yaml:4:32: `grace` is `0d`, which is no time at all\nhelp: leave `grace` out: without it a finding is failing at once",
        ),
        (
            "checks: {access_valid: {grace: 0h}}",
            "rolecall.yaml:4:32: `grace` is `0h`, which is no time at all\nhelp: leave `grace` out: without it a finding is failing at once",
        ),
        (
            "checks: {access_valid: {grace: 0 business days}}",
            "rolecall.yaml:4:32: `grace` is `0 business days`, which is no time at all\nhelp: leave `grace` out: without it a finding is failing at once",
        ),
        (
            "checks: {access_valid: {critical: soon}}",
            "rolecall.yaml:4:35: `critical` is `soon`, which is no period\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {critical: true}}",
            "rolecall.yaml:4:35: `critical` is `true`, which is no period\nhelp: write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`",
        ),
        (
            "checks: {access_valid: {critical: 2d}}",
            "rolecall.yaml:4:35: `critical` has no effect without `grace`: a finding of this check is failing at once\nhelp: add `grace:`, the time in which a finding can be mended, or leave `critical` out",
        ),
        (
            "calendar: {holiday: [2026-12-25]}",
            "rolecall.yaml:4:12: unknown key `holiday`\nhelp: did you mean `holidays`?",
        ),
        (
            "calendar: {holidays: [25.12.2026]}",
            "rolecall.yaml:4:23: `holidays` is `25.12.2026`, which is no day\nhelp: write a day as `2026-11-20`",
        ),
        (
            "calendar: {holidays: [2026-02-30]}",
            "rolecall.yaml:4:23: `holidays` is `2026-02-30`, which is a day that does not exist\nhelp: write a day as `2026-11-20`",
        ),
        (
            "calendar: {holidays: [2026]}",
            "rolecall.yaml:4:23: expected a text, not the bare value 2026\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "calendar: {holidays: [{day: 2026-13-01}]}",
            "rolecall.yaml:4:29: `day` is `2026-13-01`, which is a day that does not exist\nhelp: write a day as `2026-11-20`",
        ),
        (
            "calendar: {holidays: [{name: Christmas Day}]}",
            "rolecall.yaml:4:24: `day` is missing\nhelp: add `day:` here",
        ),
        (
            "calendar: {holidays: [[2026-12-24, 2026-12-26]]}",
            "rolecall.yaml:4:23: a holiday is one day, not a list\nhelp: write a day as `2026-12-25`, or as `{day: 2026-12-25, name: Christmas Day}`",
        ),
        (
            "calendar: {holidays: [2026-12-25, {day: 2026-12-25}]}",
            "rolecall.yaml:4:35: the holiday `2026-12-25` is here twice\nhelp: it is already on line 4: remove it here",
        ),
        (
            "calendar: {weekend: [saturday, sunnday]}",
            "rolecall.yaml:4:32: unknown word `sunnday`\nhelp: did you mean `sunday`?",
        ),
        (
            "calendar: {weekend: [sunday, sunday]}",
            "rolecall.yaml:4:30: a day of the weekend is here twice\nhelp: keep it once",
        ),
        (
            "calendar: {weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}",
            "rolecall.yaml:4:78: every day is of the weekend\nhelp: leave at least one day on which people work",
        ),
        (
            "calendar: friday",
            "rolecall.yaml:4:11: expected keys with values\nhelp: write `key: value` lines, or `{key: value}`",
        ),
        (
            "checks: {access_valid: {links: [{url: \"http://example.com\", description: a}]}}",
            "rolecall.yaml:4:39: the link `http://example.com` is no https address\nhelp: write `https://…`",
        ),
        (
            "checks: {access_valid: {links: [{url: \"https://\", description: a}]}}",
            "rolecall.yaml:4:39: the link `https://` is no https address\nhelp: write `https://…`",
        ),
        (
            "checks: {access_valid: {links: [{url: \"javascript:alert(1)\", description: a}]}}",
            "rolecall.yaml:4:39: the link `javascript:alert(1)` is no https address\nhelp: write `https://…`",
        ),
        (
            "checks: {access_valid: {links: [{url: \"https://example.com\"}]}}",
            "rolecall.yaml:4:34: `description` is missing\nhelp: add `description:` here",
        ),
        (
            "checks: {access_valid: {params: {x: .inf}}}",
            "rolecall.yaml:4:37: value `.inf` is not a finite number\nhelp: check the value and the indentation here",
        ),
        (
            "checks: {access_valid: }",
            "rolecall.yaml:4:22: `access_valid` has no value\nhelp: write a value, or leave `access_valid` out; a text that reads `null` needs quotes",
        ),
        (
            "policies: policies",
            "rolecall.yaml:4:11: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "policies: [\"\"]",
            "rolecall.yaml:4:12: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let refusal = refusal_of(format!("{HEAD}{text}").as_bytes());
        if refusal != expected {
            wrong.push(format!(
                "{text}\n  is refused with {refusal:?}\n  and not with   {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_head_of_the_file_is_held_to_what_it_says() {
    let missing =
        "rolecall.yaml:1:1: `rolecall` is missing\nhelp: begin the file with `rolecall: 1`, the version of its grammar";
    let cases = [
        ("organisation: Acme\ntimezone: UTC", missing),
        (
            "rolecall: 2\nnewer: {key: 1}",
            "rolecall.yaml:1:11: version `2` of the project file is not known\nhelp: write `rolecall: 1`, or use the release of rolecall that the file was written for",
        ),
        (
            "rolecall: 01",
            "rolecall.yaml:1:11: version `01` of the project file is not known\nhelp: write `rolecall: 1`, or use the release of rolecall that the file was written for",
        ),
        (
            "rolecall: 1\ntimezone: UTC",
            "rolecall.yaml:2:1: `organisation` is missing\nhelp: add `organisation:` here",
        ),
        (
            "rolecall: 1\norganisation: Acme",
            "rolecall.yaml:2:1: `timezone` is missing\nhelp: add `timezone:` here",
        ),
        (
            "rolecall: 1\norganisation: ''\ntimezone: UTC",
            "rolecall.yaml:2:15: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "rolecall: 1\norganisation: Acme\ntimezone: Europe/Berln",
            "rolecall.yaml:3:11: there is no time zone `Europe/Berln`\nhelp: did you mean `Europe/Berlin`?",
        ),
        (
            "rolecall: 1\norganisation: Acme\ntimezone: Middle Earth",
            "rolecall.yaml:3:11: there is no time zone `Middle Earth`\nhelp: write an IANA name, such as `Europe/Berlin` or `UTC`",
        ),
        (
            "",
            "rolecall.yaml:1:1: the file is empty\nhelp: write its keys, one a line",
        ),
        (
            "rolecall: 1\norganisation: A\norganisation: B\ntimezone: UTC",
            "rolecall.yaml:3:1: the key `organisation` is here twice\nhelp: it is already on line 2: keep one of them",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal_of(text.as_bytes()), expected, "{text}");
    }
    assert_eq!(
        refusal_of(b"rolecall: 1\norganisation: Z\xc3\xbcrich \xff\n"),
        "rolecall.yaml:2:22: not UTF-8 text\nhelp: save the file as UTF-8"
    );
    assert_eq!(
        refusal_of(b"\xff\xfer\0o\0l\0e\0"),
        "rolecall.yaml:1:1: not UTF-8 text\nhelp: save the file as UTF-8"
    );
}

#[test]
fn what_is_not_a_project_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |path: &Path| {
        let shown = shown(&Project::load(path).unwrap_err());
        shown.replace(&folder.path().display().to_string(), "DIR")
    };
    assert_eq!(
        refusal(folder.path()),
        "cannot read the project DIR: the folder has no `rolecall.yaml`\nhelp: create the `rolecall.yaml`, or name the file itself"
    );
    assert_eq!(
        refusal(&folder.path().join("nothing.yaml")),
        "cannot read the project DIR/nothing.yaml: there is no such file or folder\nhelp: name a project file, or a folder with a `rolecall.yaml`"
    );
    fs::create_dir(folder.path().join("rolecall.yaml")).unwrap();
    assert_eq!(
        refusal(folder.path()),
        "cannot read the project DIR/rolecall.yaml: is a directory\nhelp: a project is a text file that you may read"
    );
    fs::write(folder.path().join("file"), HEAD).unwrap();
    assert!(refusal(&folder.path().join("file/below")).starts_with("cannot read the project DIR/file/below: "));
}

#[test]
fn paths_start_from_the_folder_of_the_file() {
    let text = format!("{HEAD}policies: [a, ../b, /c]");
    let at = |path: &str| {
        let project = Project::from_bytes(Path::new(path), text.as_bytes()).unwrap();
        (project.folder, project.policies)
    };
    assert_eq!(
        at("rolecall.yaml"),
        (".".into(), vec!["a".into(), "../b".into(), "/c".into()])
    );
    assert_eq!(
        at("x/p.yaml"),
        ("x".into(), vec!["x/a".into(), "x/../b".into(), "/c".into()])
    );
}

#[test]
fn the_end_of_a_day_follows_the_clock_changes() {
    for (zone, day, end) in [
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"),
        // Midnight does not exist in Cairo on 2026-04-24: the day begins at one.
        ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z"),
        ("UTC", "2026-12-31", "2027-01-01T00:00:00Z"),
    ] {
        let text = format!(
            "rolecall: 1\norganisation: A\ntimezone: {zone}\nsources: {{a: {{connector: b, from: {{file: x}}, as_of: {day}}}}}"
        );
        assert_eq!(
            load(&text).sources[0].as_of.unwrap().to_string(),
            end,
            "{day} in {zone}"
        );
    }
}

/// Every prefix of the full project, and every place in it spoilt in several ways: an answer or an error, no panic.
#[test]
fn no_text_makes_it_panic() {
    let spoilers: [&[u8]; 12] = [
        b"",
        b"\t",
        b"{",
        b"]",
        b"\"",
        b"\0",
        b"\xff",
        b": ",
        b"\n",
        b"&a ",
        b"\xc3\xa9",
        b"99999999999999999999",
    ];
    for (n, _) in FULL.char_indices() {
        let _ = Project::from_bytes(Path::new("p"), &FULL.as_bytes()[..n]);
    }
    for (n, _) in FULL.char_indices().step_by(11) {
        for spoiler in spoilers {
            let text = [&FULL.as_bytes()[..n], spoiler, &FULL.as_bytes()[n + 1..]].concat();
            if let Err(error) = Project::from_bytes(Path::new("p"), &text) {
                shown(&error);
            }
        }
    }
}

#[test]
fn the_reference_for_users_is_true() {
    let reference = include_str!("../../docs/project.md");
    let examples: Vec<&str> = reference
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(examples.len(), 2);
    for auth in examples[1].lines() {
        load(&format!("{HEAD}sources:\n  crm:\n    connector: crm\n    {auth}\n"));
    }
    let project = load(examples[0]);
    assert_eq!(
        (project.sources.len(), project.systems.len(), project.identities.len()),
        (3, 2, 3)
    );
    assert_eq!(project.exceptions.len(), 1);

    // Every key of the grammar is in the reference: the errors list what is known.
    let keys = |text: &str| -> Vec<String> {
        let shown = refusal_of(format!("{HEAD}{text}").as_bytes());
        let (_, known) = shown
            .split_once("help: known are ")
            .unwrap_or_else(|| panic!("{shown}"));
        known.split(", ").map(str::to_owned).collect()
    };
    let mut all = Vec::new();
    for place in [
        "zzzzzzzz: 1",
        "sources: {a: {zzzzzzzz: 1}}",
        "sources: {a: {connector: b, with: {zzzzzzzz: 1}}}",
        "systems: {a: {zzzzzzzz: 1}}",
        "systems: {a: {critical: true, access: [{zzzzzzzz: 1}]}}",
        "staff: {zzzzzzzz: 1}",
        "staff: {out_of_scope: {zzzzzzzz: 1}}",
        "identities: [{zzzzzzzz: 1}]",
        "identities: [{not_staff: {zzzzzzzz: 1}}]",
        "checks: {a: {zzzzzzzz: 1}}",
        "checks: {a: {links: [{zzzzzzzz: 1}]}}",
        "exceptions: [{zzzzzzzz: 1}]",
        "calendar: {zzzzzzzz: 1}",
        "calendar: {holidays: [{zzzzzzzz: 1}]}",
    ] {
        all.extend(keys(place));
    }
    for key in all {
        let name = key.trim_matches('`');
        assert!(
            reference.contains(&key) || reference.contains(&format!("`{name}: ")),
            "{key} is not in docs/project.md"
        );
    }
}

#[test]
fn a_period_is_written_in_many_ways_and_means_one_thing() {
    let grace = |written: &str| {
        let project = load(&format!("{HEAD}checks: {{access_valid: {{grace: {written}}}}}\n"));
        project.checks["access_valid"].grace.unwrap()
    };
    let time = |minutes: i64| Period::Time(SignedDuration::from_mins(minutes));
    let table = [
        ("36h", time(36 * 60)),
        ("36 hours", time(36 * 60)),
        ("1h 30m", time(90)),
        ("3d", Period::Days(3)),
        ("3 days", Period::Days(3)),
        ("P3D", Period::Days(3)),
        ("1w", Period::Days(7)),
        ("2 weeks 1 day", Period::Days(15)),
        ("366d", Period::Days(366)),
        ("1 business day", Period::BusinessDays(1)),
        ("  5   business days ", Period::BusinessDays(5)),
        ("10 business days", Period::BusinessDays(10)),
    ];
    for (written, period) in table {
        assert_eq!(grace(&format!("{written:?}")), period, "{written}");
    }
}

/// Six days of the weekend, and the seventh is always a holiday.
#[test]
fn a_year_without_a_business_day_is_refused() {
    let text = |days: &[String]| {
        let weekend = "[tuesday, wednesday, thursday, friday, saturday, sunday]";
        format!(
            "{HEAD}calendar:\n  weekend: {weekend}\n  holidays: [{}]\n",
            days.join(", ")
        )
    };
    let first: Date = "2026-01-05".parse().unwrap();
    let mondays = first
        .series(jiff::Span::new().weeks(1))
        .take_while(|day| day.year() == 2026);
    let mut mondays: Vec<String> = mondays.map(|day| day.to_string()).collect();
    let refused = refusal_of(text(&mondays).as_bytes());
    assert_eq!(
        refused,
        "rolecall.yaml:6:14: no day of 2026 is a business day\nhelp: remove holidays, or days of the weekend"
    );
    mondays.pop();
    load(&text(&mondays));
}
