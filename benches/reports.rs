//! The forms of a report beside their floor: what it costs to write the same report as JSON.
//!
//! `cargo bench --bench reports` prints ratios; seconds are of this machine and of no other. A hundred thousand accounts,
//! each a finding. Each form is written by a process of its own, so that its memory is its own: what the report itself
//! takes, and what the form takes beyond that (Linux only).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark is a test that prints"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs};

use clap::ValueEnum;
use rolecall::error::Place;
use rolecall::exit::Exit;
use rolecall::finding::{
    CheckSummary, Clock, Finding, Input, Inputs, Judgement, Lifecycle, Link, Population, Reason, Remediation, Report,
    Severity, SubjectKind, SubjectRef, Threshold, Verdict,
};
use rolecall::report::{self, Options, ReportFormat};

/// How many findings there are.
const FINDINGS: usize = 100_000;
/// What a child is told its form by.
const FORM: &str = "ROLECALL_BENCH_FORM";

fn main() {
    match env::var(FORM) {
        Ok(form) => write_one(&form),
        Err(_) => compare(),
    }
}

fn compare() {
    println!("{FINDINGS} findings");
    let floor = best("json");
    for form in ReportFormat::value_variants() {
        let name = form.to_possible_value().unwrap().get_name().to_owned();
        let one = if name == "json" { floor } else { best(&name) };
        println!(
            "  {name:<12}{:>6.2} x the floor ({:>5.0} ms), {:>6.1} MB written, {:>4} MB at most, {:>4} MB beyond the report",
            one.took.as_secs_f64() / floor.took.as_secs_f64(),
            one.took.as_secs_f64() * 1e3,
            one.bytes as f64 / 1e6,
            one.most / 1024,
            one.most.saturating_sub(one.before) / 1024,
        );
    }
}

#[derive(Clone, Copy)]
struct Measured {
    took: Duration,
    /// The largest resident set in KiB.
    most: u64,
    /// The same before anything was written.
    before: u64,
    bytes: u64,
}

/// The quickest of three, and the most memory of any.
fn best(form: &str) -> Measured {
    let runs: Vec<Measured> = (0..3).map(|_| child(form)).collect();
    let mut best = runs.iter().copied().min_by_key(|run| run.took).unwrap();
    best.most = runs.iter().map(|run| run.most).max().unwrap();
    best
}

fn child(form: &str) -> Measured {
    let output = Command::new(env::current_exe().unwrap())
        .env(FORM, form)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let [micros, before, most, bytes] = numbers[..] else {
        panic!("{form}: {text}{}", String::from_utf8_lossy(&output.stderr))
    };
    Measured {
        took: Duration::from_micros(micros),
        most,
        before,
        bytes,
    }
}

fn write_one(form: &str) {
    let format = ReportFormat::from_str(form, false).unwrap();
    let report = large(format.needs_every_verdict());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report");
    let before = resident();
    let begun = Instant::now();
    report::save(&report, format, &Options::default(), &path).unwrap();
    let took = begun.elapsed();
    let bytes = fs::metadata(&path).unwrap().len();
    println!("{} {before} {} {bytes}", took.as_micros(), resident());
}

/// The largest resident set so far, in KiB; 0 where nobody says.
fn resident() -> u64 {
    let text = fs::read_to_string(Path::new("/proc/self/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

fn large(verdicts: bool) -> Report {
    let now = "2026-11-20T09:00:00Z".parse().unwrap();
    let check = check();
    let findings: Vec<Finding> = (0..FINDINGS).map(|number| finding(&check, number)).collect();
    let judgements = findings.iter().filter(|_| verdicts).map(|finding| Judgement {
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        verdict: Verdict::Fail,
        reasons: finding.reasons.clone(),
        missing: vec![],
        note: None,
    });
    let input = |id: &str| Input {
        id: id.to_owned(),
        origin: ".".to_owned(),
        sha256: "a".repeat(64),
        replaces_built_in: false,
    };
    Report {
        organisation: "Example".to_owned(),
        timezone: jiff::tz::TimeZone::UTC,
        as_of: now,
        snapshot_sha256: "5".repeat(64),
        snapshot_taken_at: now,
        snapshot_mode: "recording".to_owned(),
        inputs: Inputs {
            project: input("rolecall.yaml"),
            policies: vec![input(&check.id)],
            connectors: vec![],
            exceptions: vec![],
        },
        outcome: Exit::Findings,
        cannot_decide: vec![],
        fail_on: Threshold(vec![Severity::Low.into()]),
        previous: None,
        baseline: None,
        base_project: None,
        sources: vec![],
        systems: BTreeMap::from([("crm".to_owned(), "Example CRM".to_owned())]),
        judgements: judgements.collect(),
        findings,
        checks: vec![check],
        exceptions: vec![],
        undecided: vec![],
        notices: vec![],
    }
}

fn check() -> CheckSummary {
    CheckSummary {
        id: "access_removed".to_owned(),
        title: "Access to Example CRM should be removed".to_owned(),
        description: "Who has left can no longer sign in.".to_owned(),
        subject: SubjectKind::Account,
        system: Some("crm".to_owned()),
        severity: Severity::High,
        controls: Arc::new(BTreeMap::from([(
            "soc2".to_owned(),
            vec!["CC6.2".to_owned(), "CC6.3".to_owned()],
        )])),
        remediation: Arc::new(Remediation {
            summary: "Deactivate the user in Example CRM, then collect again.".to_owned(),
            steps: vec![
                "Open Settings, then Manage users.".to_owned(),
                "Deactivate the user.".to_owned(),
            ],
            link: Some("https://docs.example.com/deactivate".to_owned()),
            links: vec![Link {
                url: "https://docs.example.com/deactivate".to_owned(),
                description: "How to fix".to_owned(),
            }],
        }),
        reads: vec!["account.state".to_owned()],
        population: Population {
            total: FINDINGS as u64,
            fail: FINDINGS as u64,
            ..Population::default()
        },
        worst: Some(Lifecycle::Failing),
        skipped: BTreeMap::new(),
        origin: "built-in".to_owned(),
        ran: true,
    }
}

fn finding(check: &CheckSummary, number: usize) -> Finding {
    let name = format!("Person Number {number}");
    let email = format!("person.{number}@example.com");
    Finding {
        check: check.id.clone(),
        title: check.title.clone(),
        severity: check.severity,
        reasons: vec![Reason {
            code: "active_after_exit".to_owned(),
            message: format!("{name} left on 2026-09-30, but {email} can still sign in"),
            passes_if: Some("the account is deactivated or deleted".to_owned()),
            since: Some("2026-09-30T22:00:00Z".to_owned()),
        }],
        subject: SubjectRef {
            kind: SubjectKind::Account,
            id: format!("crm:{number}"),
            name: Some(name),
            email: Some(email),
            system: Some("crm".to_owned()),
        },
        facts: BTreeMap::from([("days".to_owned(), 50.into())]),
        identity: None,
        remediation: check.remediation.clone(),
        controls: check.controls.clone(),
        clock: Clock::at_once(
            "2026-11-20T09:00:00Z".parse().unwrap(),
            "2026-09-30T22:00:00Z".parse().ok(),
        ),
        exception: None,
        place: Some(Place {
            file: "rolecall.yaml".to_owned(),
            line: 18,
            column: 3,
        }),
        fingerprint: format!("{number:032x}"),
    }
}
