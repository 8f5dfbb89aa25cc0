//! What was written is what is read back, and what no run wrote is refused.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::*;
use crate::finding::{Baseline, Kept, Report, SubjectKind, fingerprint};
use crate::report::{json as written, samples};

fn bytes(report: &Report, verdicts: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    written::render(report, verdicts, &mut bytes).unwrap();
    bytes
}

/// A sample as a run would have written it, also where all of its texts are one.
fn whole(mut report: Report) -> Report {
    let mut seen = BTreeSet::new();
    report
        .checks
        .retain(|check| seen.insert((check.id.clone(), check.system.clone())));
    let mut seen = BTreeSet::new();
    let undecided = report
        .undecided
        .iter_mut()
        .map(|one| (one.check.clone(), &mut one.subject));
    let findings = report
        .findings
        .iter_mut()
        .map(|one| (one.check.clone(), &mut one.subject));
    for (number, (check, subject)) in undecided.chain(findings).enumerate() {
        if !seen.insert((check, subject.id.clone())) {
            subject.id = format!("{}{number}", subject.id);
        }
    }
    samples::adding_up(report)
}

/// The fingerprint of a check for an account of the samples.
fn print(check: &str, id: &str) -> String {
    fingerprint(check, SubjectKind::Account, id)
}

fn read(report: &Report, verdicts: bool) -> Reported {
    Reported::parse("report.json", &bytes(report, verdicts)).unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    let error = Reported::parse("report.json", bytes).unwrap_err();
    assert_eq!(error.exit(), crate::exit::Exit::Usage);
    let help = error.help().unwrap();
    assert!(!help.contains('\n'), "{help}");
    format!("{error}\nhelp: {help}")
}

fn same_subject(read: &ReportedSubject, subject: &crate::finding::SubjectRef) {
    assert_eq!(read.kind, subject.kind.word());
    let read = (&read.id, &read.name, &read.email, &read.system);
    assert_eq!(read, (&subject.id, &subject.name, &subject.email, &subject.system));
}

/// Holds everything that is read of a report against it.
fn same(read: &Reported, report: &Report) {
    assert_eq!(read.organisation, report.organisation);
    assert_eq!(read.as_of, report.as_of);
    assert_eq!(read.snapshot.sha256, report.snapshot_sha256);
    assert_eq!(read.systems.len(), report.systems_read.len());
    for (read, system) in read.systems.iter().zip(&report.systems_read) {
        assert_eq!(
            (&read.id, &read.product, &read.tenant),
            (&system.id, &system.product, &system.tenant)
        );
    }
    assert_eq!(read.snapshot.taken_at, report.snapshot_taken_at);
    assert_eq!(read.cannot_decide, report.cannot_decide);
    assert_eq!(read.checks.len(), report.checks.len());
    for (read, check) in read.checks.iter().zip(&report.checks) {
        assert_eq!(
            (&read.id, &read.system, read.ran),
            (&check.id, &check.system, check.ran)
        );
        let (of, population) = (&read.population, &check.population);
        assert_eq!(
            (of.total, of.fail, of.blocked),
            (population.total, population.fail, population.blocked)
        );
        assert_eq!((of.unknown, of.error), (population.unknown, population.error));
        assert_eq!(
            (of.pass, of.not_applicable),
            (population.pass, population.not_applicable)
        );
        assert_eq!(of.unproved, population.unproved);
    }
    assert_eq!(read.findings.len(), report.findings.len());
    for (read, finding) in read.findings.iter().zip(&report.findings) {
        assert_eq!((&read.check, &read.title), (&finding.check, &finding.title));
        assert_eq!(
            (read.severity, &read.fingerprint),
            (finding.severity, &finding.fingerprint)
        );
        same_subject(&read.subject, &finding.subject);
        let codes = |one: &ReportedReason| (one.code.clone(), one.message.clone());
        let reasons: Vec<_> = finding
            .reasons
            .iter()
            .map(|one| (one.code.clone(), one.message.clone()))
            .collect();
        assert_eq!(read.reasons.iter().map(codes).collect::<Vec<_>>(), reasons);
        let (of, clock) = (&read.clock, &finding.clock);
        assert_eq!(
            (of.first_failed_at, of.since, of.due),
            (clock.first_failed_at, clock.since, clock.due)
        );
        assert_eq!(of.lifecycle, clock.lifecycle);
        let accepted = report
            .accepted_by(finding)
            .map(|one| (one.reason.clone(), one.approved_by.clone(), one.expires));
        let said = read
            .exception
            .as_ref()
            .map(|one| (one.reason.clone(), one.approved_by.clone(), one.expires));
        assert_eq!(said, accepted);
    }
    assert_eq!(read.exceptions.len(), report.exceptions.len());
    for (read, exception) in read.exceptions.iter().zip(&report.exceptions) {
        assert_eq!((&read.check, &read.subject), (&exception.check, &exception.subject));
        assert_eq!((read.state, &read.findings), (exception.state, &exception.findings));
    }
    assert_eq!(read.undecided.len(), report.undecided.len());
    for (read, judgement) in read.undecided.iter().zip(&report.undecided) {
        assert_eq!((&read.check, read.verdict), (&judgement.check, judgement.verdict));
        same_subject(&read.subject, &judgement.subject);
    }
    let kept = |baseline: &Baseline| baseline.kept.len();
    assert_eq!(
        read.baseline.as_ref().map(|one| one.kept.len()),
        report.baseline.as_ref().map(kept)
    );
}

#[test]
fn a_report_that_is_read_back_is_the_report() {
    let mut with_a_baseline = whole(samples::findings());
    let finding = with_a_baseline.findings[0].clone();
    with_a_baseline.baseline = Some(Baseline {
        sha256: "c".repeat(64),
        as_of: finding.clock.first_failed_at,
        kept: vec![Kept {
            check: "gone".to_owned(),
            subject: finding.subject,
            fingerprint: print("gone", "pipedrive:17"),
            first_failed_at: finding.clock.first_failed_at,
            since: finding.clock.since,
            due: Some(finding.clock.since),
        }],
    });
    let odd = "\0\u{1b}[2J\r\n\u{202e}</script>\"\\";
    let reports = [
        whole(samples::clean()),
        whole(samples::findings()),
        whole(samples::cannot_decide()),
        whole(samples::hostile("x")),
        whole(samples::hostile(odd)),
        with_a_baseline.clone(),
    ];
    for report in reports {
        for verdicts in [false, true] {
            let read = read(&report, verdicts);
            same(&read, &report);
            let listed = verdicts.then_some(report.judgements.len());
            assert_eq!(read.verdicts.map(|verdicts| verdicts.len()), listed);
            assert_eq!(read.sha256, digest::of(bytes(&report, verdicts)));
        }
    }
    let kept = read(&with_a_baseline, false).baseline.unwrap().kept.swap_remove(0);
    let before = &with_a_baseline.baseline.unwrap().kept[0];
    assert_eq!(
        (kept.check, kept.fingerprint),
        (before.check.clone(), before.fingerprint.clone())
    );
    assert_eq!(
        (kept.first_failed_at, kept.since, kept.due),
        (before.first_failed_at, before.since, before.due)
    );
    same_subject(&kept.subject, &before.subject);
}

#[test]
fn the_verdict_of_a_run_is_read() {
    let verdict = |report: &Report| read(report, false).verdict;
    assert_eq!(verdict(&whole(samples::clean())), RunVerdict::Clean);
    assert_eq!(verdict(&whole(samples::findings())), RunVerdict::Findings);
    assert_eq!(verdict(&whole(samples::cannot_decide())), RunVerdict::CannotDecide);
}

/// What the command line printed, in every case that shows a report.
#[test]
fn every_report_of_the_cases_is_read() {
    let mut read = 0;
    for case in fs::read_dir("tests/cases").unwrap() {
        let text = fs::read_to_string(case.unwrap().path().join("expected.snap")).unwrap_or_default();
        for rest in text.split("--- stdout\n{\n").skip(1) {
            let body = format!("{{\n{}\n}}\n", rest.split("\n}").next().unwrap());
            let document: Value = serde_json::from_str(&body).unwrap();
            if document["schema"] != SCHEMA {
                continue;
            }
            let reported = Reported::parse("report.json", body.as_bytes()).unwrap();
            assert_eq!(reported.findings.len(), document["findings"].as_array().unwrap().len());
            assert_eq!(
                reported.undecided.len(),
                document["undecided"].as_array().unwrap().len()
            );
            read += 1;
        }
    }
    assert!(read >= 4, "only {read} reports");
}

type Edit = fn(&mut Value);

/// Changes a report as somebody would by hand.
fn edited(report: &Report, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(&bytes(report, true)).unwrap();
    change(&mut document);
    serde_json::to_vec(&document).unwrap()
}

#[test]
fn what_no_run_wrote_is_refused() {
    const AGAIN: &str = "help: write it again with `rolecall check --format json`; a report is not edited by hand";
    let broken = |why: &str| format!("the report `report.json` does not add up: {why}\n{AGAIN}");
    let (findings, undecided) = (whole(samples::findings()), whole(samples::cannot_decide()));
    let mut went_on = findings.clone();
    let first = went_on.as_of - jiff::SignedDuration::from_hours(24);
    let kept = |id: &str| Kept {
        check: "gone".to_owned(),
        subject: crate::finding::SubjectRef {
            id: id.to_owned(),
            ..findings.findings[0].subject.clone()
        },
        fingerprint: print("gone", id),
        first_failed_at: first,
        since: first,
        due: None,
    };
    went_on.baseline = Some(Baseline {
        sha256: "c".repeat(64),
        as_of: first,
        kept: vec![kept("pipedrive:1"), kept("pipedrive:2")],
    });
    let lena = print("offboarded_access_removed", "pipedrive:17");
    let omar = print("offboarded_access_removed", "pipedrive:9");
    let jon = print("user_identified", "pipedrive:23");
    let (one, two) = (print("gone", "pipedrive:1"), print("gone", "pipedrive:2"));
    let broken = |why: &str| {
        let why = why.replace("LENA", &lena).replace("OMAR", &omar).replace("JON", &jon);
        broken(&why.replace("ONE", &one).replace("TWO", &two))
    };
    let edits: &[(&Report, Edit, &str)] = &[
        (
            &findings,
            |report| _ = report["findings"].as_array_mut().unwrap().remove(0),
            "`offboarded_access_removed` has 2 findings by its count, and 1 that are listed",
        ),
        (
            &findings,
            |report| {
                report["checks"][1]["population"]["fail"] = json!(3);
                report["checks"][1]["population"]["pass"] = json!(3);
            },
            "`offboarded_access_removed` has 3 findings by its count, and 2 that are listed",
        ),
        (
            &findings,
            |report| report["findings"][1] = report["findings"][0].clone(),
            "the finding `LENA` stands in it twice",
        ),
        (
            &findings,
            |report| _ = report["checks"].as_array_mut().unwrap().remove(2),
            "the finding `JON` is of `user_identified`, and no such check is listed of its system",
        ),
        (
            &findings,
            |report| {
                report["findings"][2]["subject"]["system"] = json!("other");
                report["checks"][2]["population"]["fail"] = json!(0);
                report["checks"][2]["population"]["pass"] = json!(41);
            },
            "the finding `JON` is of `user_identified`, and no such check is listed of its system",
        ),
        (
            &undecided,
            |report| _ = report["undecided"].as_array_mut().unwrap().pop(),
            "`access_valid` has 14 undecided verdicts by its count, and 13 that are listed",
        ),
        (
            &undecided,
            |report| report["undecided"][1] = report["undecided"][0].clone(),
            "the undecided verdict of `access_valid` on `pipedrive:1` stands in it twice",
        ),
        (
            &undecided,
            |report| report["verdict"] = json!("findings"),
            "its verdict is not that of what stands in it",
        ),
        (
            &undecided,
            |report| report["cannot_decide"] = json!([]),
            "its verdict is not that of what stands in it",
        ),
        (
            &findings,
            |report| report["verdict"] = json!("clean"),
            "its verdict is not that of what stands in it",
        ),
        // A whole check, and the system of one.
        (&findings, |report| report["checks"] = json!([]), "no check is listed"),
        (
            &findings,
            |report| report["checks"][0] = report["checks"][1].clone(),
            "`offboarded_access_removed` of `pipedrive` stands in it twice",
        ),
        (
            &findings,
            |report| {
                let system = report["systems"][0].clone();
                report["systems"].as_array_mut().unwrap().push(system);
            },
            "the system `pipedrive` stands in it twice",
        ),
        (
            &findings,
            |report| report["checks"][1]["ran"] = json!(false),
            "`offboarded_access_removed` of `pipedrive` did not run, and judged 41",
        ),
        // Counts.
        (
            &findings,
            |report| report["checks"][1]["population"]["total"] = json!(40),
            "`offboarded_access_removed` of `pipedrive` judged 40 by its total, and 41 by its counts",
        ),
        (
            &findings,
            |report| report["checks"][1]["population"]["blocked"] = json!(0),
            "`offboarded_access_removed` of `pipedrive` judged 41 by its total, and 39 by its counts",
        ),
        (
            &findings,
            |report| report["checks"][1]["population"]["not_applicable"] = json!((1_u64 << 53) - 1),
            "`offboarded_access_removed` of `pipedrive` judged 41 by its total, and 9007199254740999 by its counts",
        ),
        // Whom a finding is of.
        (
            &findings,
            |report| report["findings"][0]["subject"]["id"] = json!("pipedrive:18"),
            "the finding `LENA` is of `offboarded_access_removed` and `pipedrive:18`, and another fingerprint is theirs",
        ),
        (
            &findings,
            |report| report["findings"][0]["subject"]["kind"] = json!("robot"),
            "the finding `LENA` is of a `robot`, which no check judges",
        ),
        // Its times.
        (
            &findings,
            |report| report["findings"][0]["clock"]["first_failed_at"] = json!("2027-01-01T00:00:00Z"),
            "the finding `LENA` was first found at 2027-01-01T00:00:00Z, and the report speaks of 2026-11-20T09:00:00Z",
        ),
        (
            &findings,
            |report| report["findings"][0]["clock"]["since"] = json!("2026-11-20T10:00:00Z"),
            "the finding `LENA` is there since 2026-11-20T10:00:00Z, and was first found at 2026-11-20T09:00:00Z, before that",
        ),
        (
            &findings,
            |report| report["findings"][0]["clock"]["lifecycle"] = json!("due"),
            "the finding `LENA` is due, which is not what its times say",
        ),
        (
            &findings,
            |report| report["findings"][0]["clock"]["due"] = json!("2026-11-20T09:00:01Z"),
            "the finding `LENA` is failing, which is not what its times say",
        ),
        (
            &findings,
            |report| {
                report["findings"][0]["clock"]["due"] = json!(null);
                report["findings"][0]["clock"]["lifecycle"] = json!("critical");
            },
            "the finding `LENA` is critical, which is not what its times say",
        ),
        (
            &findings,
            |report| report["findings"][2]["clock"]["lifecycle"] = json!("passing"),
            "the finding `JON` is passing, which is not what its times say",
        ),
        // What it kept of earlier runs.
        (
            &went_on,
            |report| report["baseline"]["kept"][0]["first_failed_at"] = json!("2027-01-01T00:00:00Z"),
            "what its baseline kept of `ONE` was first found at 2027-01-01T00:00:00Z, and the report speaks of 2026-11-20T09:00:00Z",
        ),
        (
            &went_on,
            |report| report["baseline"]["kept"][0]["since"] = json!("2026-11-20T00:00:00Z"),
            "what its baseline kept of `ONE` is there since 2026-11-20T00:00:00Z, and was first found at 2026-11-19T09:00:00Z, before that",
        ),
        (
            &went_on,
            |report| report["baseline"]["kept"][1] = report["baseline"]["kept"][0].clone(),
            "what its baseline kept of `ONE` stands in it twice",
        ),
        (
            &went_on,
            |report| {
                for key in ["check", "subject", "fingerprint"] {
                    report["baseline"]["kept"][0][key] = report["findings"][1][key].clone();
                }
            },
            "what its baseline kept of `OMAR` stands in it twice",
        ),
        (
            &went_on,
            |report| report["baseline"]["kept"][1]["subject"]["kind"] = json!("robot"),
            "what its baseline kept of `TWO` is of a `robot`, which no check judges",
        ),
        (
            &went_on,
            |report| report["baseline"]["kept"][1]["check"] = json!("other"),
            "what its baseline kept of `TWO` is of `other` and `pipedrive:2`, and another fingerprint is theirs",
        ),
        // Every verdict.
        (
            &findings,
            |report| said(report, "fail")["verdict"] = json!("pass"),
            "`offboarded_access_removed` says `fail` of `pipedrive:17`, and its verdict is not listed so",
        ),
        (
            &findings,
            |report| said(report, "pass")["verdict"] = json!("fail"),
            "`offboarded_access_removed` of `pipedrive` says `pass` of 4 by its count, and of 3 by its verdicts",
        ),
        (
            &undecided,
            |report| said(report, "unknown")["verdict"] = json!("pass"),
            "`access_valid` says `unknown` of `pipedrive:1`, and its verdict is not listed so",
        ),
        (
            &findings,
            |report| {
                let place = place_of(report, "blocked");
                report["verdicts"].as_array_mut().unwrap().remove(place);
            },
            "`offboarded_access_removed` of `pipedrive` says `blocked` of 2 by its count, and of 1 by its verdicts",
        ),
        (
            &findings,
            |report| {
                let again = said(report, "blocked").clone();
                report["verdicts"].as_array_mut().unwrap().push(again);
            },
            "the verdict of `offboarded_access_removed` on `blocked/0` stands in it twice",
        ),
        (
            &findings,
            |report| said(report, "blocked")["check"] = json!("other"),
            "the verdict on `blocked/0` is of `other`, and no such check is listed of its system",
        ),
        (
            &findings,
            |report| report["verdicts"] = json!([]),
            "`offboarded_access_removed` says `fail` of `pipedrive:17`, and its verdict is not listed so",
        ),
    ];
    for (report, change, why) in edits {
        assert_eq!(refusal(&edited(report, change)), broken(why));
    }
    for report in [&findings, &undecided, &went_on] {
        assert!(Reported::parse("report.json", &edited(report, |_| {})).is_ok());
        assert!(
            Reported::parse(
                "report.json",
                &edited(report, |report| report["verdicts"] = json!(null))
            )
            .is_ok()
        );
    }
}

fn place_of(report: &Value, verdict: &str) -> usize {
    let mut verdicts = report["verdicts"].as_array().unwrap().iter();
    verdicts.position(|one| one["verdict"] == verdict).unwrap()
}

/// The first verdict of a report that says something.
fn said<'a>(report: &'a mut Value, verdict: &str) -> &'a mut Value {
    let place = place_of(report, verdict);
    &mut report["verdicts"][place]
}

#[test]
fn another_format_is_refused_with_what_to_do() {
    let findings = samples::findings();
    let schema = |schema: Value| refusal(&edited(&findings, |report| report["schema"] = schema));
    assert_eq!(
        schema(json!("rolecall/report/2")),
        "`report.json` is of the format `rolecall/report/2`; this program reads `rolecall/report/1`\nhelp: use the rolecall that wrote it, or write the report again"
    );
    let none =
        "`report.json` is no report: it has no `schema`\nhelp: write one with `rolecall check --format json -o FILE`";
    assert_eq!(
        schema(json!("rolecall/snapshot/1")),
        "`report.json` is no report: it is of the format `rolecall/snapshot/1`\nhelp: write one with `rolecall check --format json -o FILE`"
    );
    assert_eq!(schema(Value::Null), none);
    assert_eq!(schema(json!(1)), none);
    assert_eq!(refusal(b"[]"), none);
    assert_eq!(refusal(b"{}"), none);
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let whole = bytes(&samples::findings(), false);
    let said = |bytes: &[u8]| refusal(bytes).lines().next().unwrap().to_owned();
    // Cut anywhere, it is never read as a report in which less was wrong.
    for end in (0..whole.trim_ascii_end().len()).step_by(97) {
        let error = Reported::parse("report.json", &whole[..end]).unwrap_err();
        assert!(matches!(error, ReportedError::Json { .. }), "cut at {end}: {error}");
    }
    assert_eq!(
        said(b""),
        "reading the report `report.json`: the text is empty (line 1, column 1)"
    );
    let twice = String::from_utf8(whole.clone())
        .unwrap()
        .replacen("\"schema\"", "\"findings\": [],\n  \"schema\"", 1);
    assert!(
        said(twice.as_bytes()).contains("findings"),
        "{}",
        said(twice.as_bytes())
    );
    let without = |key: &str| {
        said(&edited(&samples::findings(), |report| {
            _ = report.as_object_mut().unwrap().remove(key)
        }))
    };
    for key in [
        "organisation",
        "as_of",
        "snapshot",
        "verdict",
        "cannot_decide",
        "systems",
        "checks",
        "findings",
        "exceptions",
        "undecided",
    ] {
        assert!(without(key).contains(&format!("`{key}`")), "{}", without(key));
    }
    let odd = edited(&samples::findings(), |report| {
        report["findings"][0]["clock"]["lifecycle"] = json!("soon")
    });
    assert!(said(&odd).contains("$.findings[0].clock.lifecycle"), "{}", said(&odd));
}

#[test]
fn a_file_that_is_not_there_is_said_to_be() {
    let error = Reported::read(Path::new("nowhere/report.json")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "reading the report `nowhere/report.json`: there is no such file"
    );
    assert!(matches!(error, ReportedError::Unreadable { .. }));
}
