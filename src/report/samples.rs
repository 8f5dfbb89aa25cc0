//! Reports to test with: a small company, a clean run, and one where every text is hostile; and what is published.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::Place;
use crate::exit::Exit;
use crate::finding::{
    CheckSummary, Clock, Exception, ExceptionState, Finding, IdentityNote, Input, Inputs, Judgement, Lifecycle, Link,
    Notice, Population, Reason, Remediation, Report, Severity, SourceSummary, SubjectKind, SubjectRef, Suggestion,
    SystemRead, Threshold, Verdict, fingerprint,
};
use crate::snapshot::{Collection, Completeness, Mode, Stream};

/// Holds a schema that the types make against the one that is published under `docs/schemas/`.
pub fn published(file: &str, schema: &serde_json::Value) {
    current(&format!("docs/schemas/{file}"), &format!("{schema:#}\n"));
}

/// Holds a file of the repository that is written from the code against it, or writes it anew.
pub fn current(file: &str, now: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("UPDATE_SCHEMAS").is_some() {
        fs::write(&file, now).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap_or_default() == now,
        "{} differs from the code; write it with `UPDATE_SCHEMAS=1 cargo test`, and read the diff: readers depend on it",
        file.display()
    );
}

/// Two checks of one system, everything in order.
pub fn clean() -> Report {
    Report {
        organisation: "Acme".to_owned(),
        timezone: TimeZone::UTC,
        as_of: now(),
        snapshot_sha256: "5".repeat(64),
        snapshot_taken_at: "2026-11-20T09:00:00Z".parse().unwrap(),
        snapshot_mode: "recording".to_owned(),
        inputs: Inputs {
            project: input("rolecall.yaml", "."),
            policies: vec![
                input("offboarded_access_removed", "built-in"),
                input("user_identified", "built-in"),
            ],
            connectors: vec![input("pipedrive", "built-in"), input("roster", "built-in")],
            exceptions: vec![],
        },
        outcome: Exit::Clean,
        cannot_decide: vec![],
        fail_on: Threshold(vec!["low".parse().unwrap()]),
        previous: None,
        baseline: None,
        base_project: None,
        sources: vec![
            source(
                "pipedrive",
                "pipedrive",
                &[(Collection::Accounts, 41), (Collection::Roles, 7)],
            ),
            source("roster", "roster", &[(Collection::Staff, 45)]),
        ],
        systems: BTreeMap::from([("pipedrive".to_owned(), "Acme CRM".to_owned())]),
        systems_read: vec![SystemRead {
            id: "pipedrive".to_owned(),
            name: "Acme CRM".to_owned(),
            product: "pipedrive".to_owned(),
            tenant: Some("acme".to_owned()),
        }],
        checks: vec![
            check(
                "offboarded_access_removed",
                "Acme CRM access should be removed for offboarded user",
                Severity::High,
            ),
            check("user_identified", "User should be identified", Severity::Medium),
        ],
        findings: vec![],
        exceptions: vec![],
        undecided: vec![],
        notices: vec![],
        judgements: vec![Judgement {
            check: "user_identified".to_owned(),
            subject: account("17", "Lena Fox", "lena.fox@example.com"),
            verdict: Verdict::Pass,
            reasons: vec![reason("pass", "lena.fox@example.com is Lena Fox", None)],
            missing: vec![],
            note: None,
        }],
    }
}

/// Three findings of two checks, one of them accepted; an exception that is over; notices, and a check that did not run.
pub fn findings() -> Report {
    let mut report = clean();
    let [offboarded, identified] = &mut report.checks[..] else {
        unreachable!()
    };
    offboarded.population = Population {
        total: 41,
        pass: 4,
        fail: 2,
        not_applicable: 33,
        blocked: 2,
        ..Default::default()
    };
    identified.population = Population {
        total: 41,
        pass: 40,
        fail: 1,
        ..Default::default()
    };
    report.findings = vec![
        left(offboarded, account("17", "Lena Fox", "lena.fox@example.com")),
        left(offboarded, account("9", "Omar Said", "omar.said@example.com")),
        unmatched(identified, account("23", "Jon Berg", "jon@mail.example")),
    ];
    report.exceptions = vec![
        exception("pipedrive:9", "2026-12-15", 25, ExceptionState::InForce),
        Exception {
            problem: Some("its last day was 2026-11-10".to_owned()),
            ..exception("pipedrive:17", "2026-11-10", -10, ExceptionState::Expired)
        },
    ];
    for (exception, finding) in report.exceptions.iter_mut().zip([1, 0]) {
        exception.findings = vec![report.findings[finding].fingerprint.clone()];
    }
    report.findings[1].exception = Some(0);
    report.findings[2].clock = Clock {
        due: Some("2026-11-24T09:00:00Z".parse().unwrap()),
        lifecycle: Lifecycle::Critical,
        ..Clock::at_once(now(), None)
    };
    let mut valid = check(
        "access_valid",
        "User access to Acme CRM should be valid",
        Severity::High,
    );
    valid.ran = false;
    valid.population = Population::default();
    report.checks.insert(0, valid);
    report.settle();
    report.notices = vec![
        Notice {
            code: "mapping_conflict".to_owned(),
            message: "pipedrive:12 is mapped to E012, but its address is that of E031".to_owned(),
            subject: Some("pipedrive:12".to_owned()),
            place: None,
        },
        Notice {
            code: "unused_identity".to_owned(),
            message: "no account fits this entry".to_owned(),
            subject: None,
            place: Some(line(40)),
        },
    ];
    report
}

/// A report as a run would have written it: findings are known by their fingerprints, every subject that is counted has a
/// verdict, and every one that is listed is counted.
pub fn adding_up(mut report: Report) -> Report {
    let known: BTreeMap<String, String> = report
        .findings
        .iter_mut()
        .map(|one| {
            let now = fingerprint(&one.check, one.subject.kind, &one.subject.id);
            (std::mem::replace(&mut one.fingerprint, now.clone()), now)
        })
        .collect();
    for finding in report.exceptions.iter_mut().flat_map(|one| &mut one.findings) {
        if let Some(now) = known.get(finding) {
            finding.clone_from(now);
        }
    }
    let failed = report.findings.iter().map(|finding| Judgement {
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        verdict: Verdict::Fail,
        reasons: finding.reasons.clone(),
        missing: vec![],
        note: None,
    });
    let judged = failed.chain(report.undecided.clone());
    let key = |one: &Judgement| (one.check.clone(), one.subject.kind, one.subject.id.clone());
    let mut all: BTreeMap<_, Judgement> = report.judgements.iter().map(|one| (key(one), one.clone())).collect();
    all.extend(judged.map(|one| (key(&one), one)));
    all.retain(|_, one| {
        let mut checks = report.checks.iter().filter(|check| check.ran);
        checks.any(|check| check.id == one.check && check.system == one.subject.system)
    });
    for check in &mut report.checks {
        if !check.ran {
            check.population = Population::default();
            continue;
        }
        let of_check = |one: &&Judgement| one.check == check.id && one.subject.system == check.system;
        let mut counts: BTreeMap<Verdict, u64> = BTreeMap::new();
        for one in all.values().filter(of_check) {
            *counts.entry(one.verdict).or_default() += 1;
        }
        let of = |verdict: Verdict| counts.get(&verdict).copied().unwrap_or_default();
        let (fail, unknown, error) = (of(Verdict::Fail), of(Verdict::Unknown), of(Verdict::Error));
        let population = &mut check.population;
        (population.fail, population.unknown, population.error) = (fail, unknown, error);
        population.pass = population.pass.max(of(Verdict::Pass));
        population.not_applicable = population.not_applicable.max(of(Verdict::NotApplicable));
        population.blocked = population.blocked.max(of(Verdict::Blocked));
        // Somebody is behind every number.
        let more = [
            (Verdict::Pass, population.pass),
            (Verdict::NotApplicable, population.not_applicable),
            (Verdict::Blocked, population.blocked),
        ];
        for (verdict, number) in more {
            for number in of(verdict)..number {
                let subject = SubjectRef {
                    kind: check.subject,
                    id: format!("{}/{number}", verdict.word()),
                    name: None,
                    email: None,
                    system: check.system.clone(),
                };
                let more = Judgement {
                    check: check.id.clone(),
                    subject,
                    verdict,
                    reasons: vec![],
                    missing: vec![],
                    note: None,
                };
                all.insert(key(&more), more);
            }
        }
        let Population {
            pass,
            not_applicable,
            blocked,
            ..
        } = *population;
        population.total = pass + fail + not_applicable + blocked + unknown + error;
    }
    report.judgements = all.into_values().collect();
    let undecided = report.judgements.iter();
    let undecided = undecided.filter(|one| matches!(one.verdict, Verdict::Unknown | Verdict::Error));
    report.undecided = undecided.cloned().collect();
    report
}

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn line(line: usize) -> Place {
    Place {
        file: "rolecall.yaml".to_owned(),
        line,
        column: 5,
    }
}

fn exception(subject: &str, expires: &str, days_left: i64, state: ExceptionState) -> Exception {
    let expires: Date = expires.parse().unwrap();
    let end = expires.tomorrow().unwrap().to_datetime(jiff::civil::Time::midnight());
    let end = TimeZone::UTC.to_timestamp(end).unwrap();
    Exception {
        check: "offboarded_access_removed".to_owned(),
        subject: subject.to_owned(),
        reason_code: None,
        reason: "hands over their deals until the quarter ends".to_owned(),
        approved_by: "ada.brook@example.com".to_owned(),
        created: "2026-10-02".parse().unwrap(),
        expires,
        ends_at: end,
        days_left,
        ticket: Some("SEC-12".to_owned()),
        place: line(52),
        state,
        problem: None,
        findings: vec![],
    }
}

/// A finding that stands, and forty-one accounts that nothing can be said of.
pub fn cannot_decide() -> Report {
    let mut report = findings();
    report.outcome = Exit::CannotDecide;
    report.findings.truncate(1);
    report.notices.clear();
    report.cannot_decide = vec![
        "access_valid has 13 unknown verdicts in pipedrive".to_owned(),
        "source pipedrive: users were read to page 2 of 3".to_owned(),
    ];
    let roster = &mut report.sources[1];
    roster.taken_at = Some("2026-11-01T00:00:00Z".parse().unwrap());
    let pipedrive = &mut report.sources[0];
    pipedrive.state = Completeness::Partial;
    pipedrive.undecides = true;
    pipedrive.problems = vec!["users were read to page 2 of 3".to_owned()];
    let valid = &mut report.checks[0];
    valid.ran = true;
    valid.population = Population {
        total: 14,
        unknown: 13,
        error: 1,
        unproved: Some("users were read to page 2 of 3".to_owned()),
        ..Default::default()
    };
    let undecided = |number: u64, verdict, missing: &[&str], note: Option<&str>| Judgement {
        check: "access_valid".to_owned(),
        subject: account(
            &number.to_string(),
            &format!("Person {number}"),
            &format!("p{number}@example.com"),
        ),
        verdict,
        reasons: match verdict {
            Verdict::Unknown => vec![reason(
                "system_role_not_allowed",
                &format!("p{number} holds (not known)"),
                None,
            )],
            _ => vec![],
        },
        missing: missing.iter().map(|path| (*path).to_owned()).collect(),
        note: note.map(str::to_owned),
    };
    report.undecided = (1..=12)
        .map(|n| undecided(n, Verdict::Unknown, &["account.role_names", "account.roles"], None))
        .collect();
    report.undecided.push(undecided(
        13,
        Verdict::Unknown,
        &[],
        Some("left to `user_identified`, which did not run"),
    ));
    report.undecided.push(undecided(
        14,
        Verdict::Error,
        &[],
        Some("policies/access_valid/check.rego:31:9: division by zero"),
    ));
    report
}

/// [`cannot_decide`] with findings, where whatever can come from outside is `text`.
pub fn hostile(text: &str) -> Report {
    let mut report = cannot_decide();
    report.findings = findings().findings;
    report.notices = findings().notices;
    let own = || text.to_owned();
    report.organisation = own();
    report.systems.insert("pipedrive".to_owned(), own());
    report.systems_read = vec![SystemRead {
        id: own(),
        name: own(),
        product: own(),
        tenant: Some(own()),
    }];
    report.inputs.project.id = own();
    report.cannot_decide.push(own());
    for subject in report.findings.iter_mut().map(|finding| &mut finding.subject).chain(
        report
            .undecided
            .iter_mut()
            .chain(&mut report.judgements)
            .map(|judgement| &mut judgement.subject),
    ) {
        *subject = SubjectRef {
            id: own(),
            name: Some(own()),
            email: Some(own()),
            system: Some(own()),
            ..subject.clone()
        };
    }
    let judgements = report.undecided.iter_mut().chain(&mut report.judgements);
    for reason in judgements.flat_map(|judgement| {
        judgement.check = own();
        judgement.note = Some(own());
        judgement.missing = vec![own()];
        &mut judgement.reasons
    }) {
        *reason = Reason {
            code: own(),
            message: own(),
            passes_if: Some(own()),
            since: Some(own()),
        };
    }
    let remediation = Arc::new(Remediation {
        summary: own(),
        steps: vec![own()],
        link: Some(own()),
        links: vec![Link {
            url: own(),
            description: own(),
        }],
    });
    for finding in &mut report.findings {
        finding.check = own();
        finding.title = own();
        finding.remediation = remediation.clone();
        finding.controls = Arc::new(BTreeMap::from([(own(), vec![own()])]));
        finding.place.iter_mut().for_each(|place| place.file = own());
        finding.facts = BTreeMap::from([(own(), serde_json::Value::String(own()))]);
        finding.reasons.push(Reason {
            code: own(),
            message: own(),
            passes_if: Some(own()),
            since: Some(own()),
        });
        finding.identity = Some(IdentityNote {
            state: if finding.severity == Severity::High {
                "matched".to_owned()
            } else {
                own()
            },
            class: own(),
            rule: own(),
            key: Some(own()),
            staff: Some(own()),
            suggestions: vec![Suggestion {
                staff: own(),
                name: Some(own()),
                email: Some(own()),
                why: own(),
            }],
            paste: Some(own()),
        });
    }
    for exception in &mut report.exceptions {
        (exception.check, exception.subject) = (own(), own());
        (exception.reason, exception.approved_by) = (own(), own());
        (exception.reason_code, exception.ticket, exception.problem) = (Some(own()), Some(own()), Some(own()));
        exception.place.file = own();
    }
    for check in &mut report.checks {
        check.id = own();
        check.title = own();
        check.description = own();
        check.system = Some(own());
        check.remediation = remediation.clone();
        check.population.unproved = Some(own());
        check.skipped = BTreeMap::from([(own(), 1)]);
    }
    for source in &mut report.sources {
        (source.id, source.connector, source.problems) = (own(), own(), vec![own()]);
        source
            .streams
            .iter_mut()
            .for_each(|stream| (stream.name, stream.why) = (own(), Some(own())));
    }
    for notice in &mut report.notices {
        (notice.code, notice.message) = (own(), own());
        notice.subject = notice.subject.as_ref().map(|_| own());
        notice.place.iter_mut().for_each(|place| place.file = own());
    }
    report
}

fn left(check: &CheckSummary, subject: SubjectRef) -> Finding {
    let name = subject.name.clone().unwrap();
    let email = subject.email.clone().unwrap();
    let mut reason = reason(
        "active_after_exit",
        &format!("{name} left on 2026-09-30, but {email} can still sign in"),
        Some("the account is deactivated"),
    );
    reason.since = Some("2026-09-30T22:00:00Z".to_owned());
    Finding {
        facts: BTreeMap::from([("days".to_owned(), serde_json::json!(50))]),
        identity: Some(IdentityNote {
            state: "matched".to_owned(),
            class: "staff".to_owned(),
            rule: "email".to_owned(),
            key: Some(email),
            staff: Some("E017".to_owned()),
            suggestions: vec![],
            paste: None,
        }),
        clock: Clock {
            due: Some("2026-10-07T22:00:00Z".parse().unwrap()),
            ..Clock::at_once(now(), Some("2026-09-30T22:00:00Z".parse().unwrap()))
        },
        reasons: vec![reason],
        ..finding(check, subject)
    }
}

fn unmatched(check: &CheckSummary, subject: SubjectRef) -> Finding {
    let person = |number: u64, why: &str| Suggestion {
        staff: format!("E{number:03}"),
        name: Some(format!("Jon Bergman {number}")),
        email: Some(format!("jon.{number}@example.com")),
        why: why.to_owned(),
    };
    Finding {
        identity: Some(IdentityNote {
            state: "unmatched".to_owned(),
            class: "none".to_owned(),
            rule: "none".to_owned(),
            key: None,
            staff: None,
            suggestions: (1..=5).map(|number| person(number, "a similar name")).collect(),
            paste: Some("- system: pipedrive\n  account: \"23\"\n  staff: E001\n".to_owned()),
        }),
        reasons: vec![reason(
            "unmatched",
            "jon@mail.example belongs to no member of staff",
            Some("it is mapped to a member of staff, or classified"),
        )],
        remediation: Arc::new(Remediation {
            summary: "Find out who Jon Berg is.".to_owned(),
            ..check.remediation.as_ref().clone()
        }),
        ..finding(check, subject)
    }
}

fn finding(check: &CheckSummary, subject: SubjectRef) -> Finding {
    Finding {
        check: check.id.clone(),
        title: check.title.clone(),
        severity: check.severity,
        fingerprint: format!("{}/{}", check.id, subject.id),
        subject,
        reasons: vec![],
        facts: BTreeMap::new(),
        identity: None,
        remediation: check.remediation.clone(),
        controls: check.controls.clone(),
        clock: Clock::at_once(now(), None),
        exception: None,
        place: Some(line(14)),
    }
}

fn check(id: &str, title: &str, severity: Severity) -> CheckSummary {
    let documented = format!("https://docs.example.com/{id}");
    CheckSummary {
        id: id.to_owned(),
        title: title.to_owned(),
        description: format!("What {id} is for."),
        subject: SubjectKind::Account,
        system: Some("pipedrive".to_owned()),
        severity,
        controls: Arc::new(BTreeMap::from([
            ("iso27001".to_owned(), vec!["A.5.18".to_owned()]),
            ("soc2".to_owned(), vec!["CC6.2".to_owned(), "CC6.3".to_owned()]),
        ])),
        remediation: Arc::new(Remediation {
            summary: "Deactivate the user in Acme CRM, then collect again.".to_owned(),
            steps: vec![
                "Open Settings, then Manage users.".to_owned(),
                "Deactivate the user.".to_owned(),
            ],
            link: Some(documented.clone()),
            links: vec![
                Link {
                    url: documented,
                    description: "How to fix".to_owned(),
                },
                Link {
                    url: "https://support.example.com/deactivate".to_owned(),
                    description: "In the CRM".to_owned(),
                },
            ],
        }),
        reads: vec!["account.state".to_owned(), "staff.status".to_owned()],
        population: Population {
            total: 41,
            pass: 38,
            not_applicable: 3,
            ..Default::default()
        },
        worst: None,
        skipped: BTreeMap::from([("still_here".to_owned(), 3)]),
        origin: "built-in".to_owned(),
        ran: true,
    }
}

fn account(id: &str, name: &str, email: &str) -> SubjectRef {
    SubjectRef {
        kind: SubjectKind::Account,
        id: format!("pipedrive:{id}"),
        name: Some(name.to_owned()),
        email: Some(email.to_owned()),
        system: Some("pipedrive".to_owned()),
    }
}

fn reason(code: &str, message: &str, passes_if: Option<&str>) -> Reason {
    let passes_if = passes_if.map(str::to_owned);
    Reason {
        code: code.to_owned(),
        message: message.to_owned(),
        passes_if,
        since: None,
    }
}

fn source(id: &str, connector: &str, collections: &[(Collection, u64)]) -> SourceSummary {
    let rows = collections.iter().map(|(_, kept)| kept).sum();
    SourceSummary {
        id: id.to_owned(),
        connector: connector.to_owned(),
        mode: Mode::Recording,
        taken_at: Some("2026-11-20T09:00:00Z".parse().unwrap()),
        state: Completeness::Complete,
        rows,
        kept: rows,
        collections: collections.to_vec(),
        unread: vec![],
        streams: vec![stream(&format!("{connector}_rows"), rows)],
        problems: vec![],
        undecides: false,
    }
}

fn stream(name: &str, rows: u64) -> Stream {
    Stream {
        name: name.to_owned(),
        state: Completeness::Complete,
        requests: 2,
        retries: 1,
        pages: 1,
        rows,
        total: Some(rows),
        distinct: rows,
        duplicates: 0,
        bytes: 1200,
        sha256: "b".repeat(64),
        started_at: Some("2026-11-20T08:59:58Z".parse().unwrap()),
        ended_at: Some("2026-11-20T08:59:59.5Z".parse().unwrap()),
        why: None,
    }
}

fn input(id: &str, origin: &str) -> Input {
    Input {
        id: id.to_owned(),
        origin: origin.to_owned(),
        sha256: "a".repeat(64),
        replaces_built_in: false,
    }
}
