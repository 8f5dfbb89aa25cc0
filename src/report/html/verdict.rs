//! What stands first on the page: the verdict, what it rests on, and what it leaves open.

use serde::Serialize;

use super::Most;
use super::words::{Listed, Time, count, grouped, name, place, said};
use crate::exit::Exit;
use crate::finding::{Finding, Report, Severity};

/// The verdict of the run.
#[derive(Serialize)]
pub struct Verdict {
    /// `clean`, `below`, `findings` or `undecided`: how it looks.
    tone: &'static str,
    headline: String,
    /// What that means, one sentence each.
    meaning: Vec<String>,
    /// Why it could not be decided.
    reasons: Listed<String>,
    code: u8,
    as_of: Time,
    fail_on: Vec<String>,
    baseline: Option<Earlier>,
    base_project: Option<String>,
    tiles: Vec<Tile>,
}

/// A report or a project that this one goes on from.
#[derive(Serialize)]
struct Earlier {
    sha256: String,
    as_of: Time,
}

/// One number of the summary.
#[derive(Serialize)]
struct Tile {
    /// How it looks.
    kind: &'static str,
    number: String,
    label: &'static str,
    note: String,
}

impl Verdict {
    pub fn of(report: &Report, most: Most) -> Self {
        let (tone, headline) = headline(report);
        Self {
            tone,
            headline,
            meaning: meaning(report),
            reasons: Listed::first(most.others, report.cannot_decide.iter().map(|why| said(why))),
            code: report.outcome as u8,
            as_of: report.as_of.into(),
            fail_on: report.fail_on.0.iter().map(ToString::to_string).collect(),
            baseline: report.baseline.as_ref().map(|baseline| Earlier {
                sha256: name(&baseline.sha256),
                as_of: baseline.as_of.into(),
            }),
            base_project: report.base_project.as_ref().map(|project| name(&project.id)),
            tiles: tiles(report),
        }
    }
}

fn headline(report: &Report) -> (&'static str, String) {
    let found = report.findings.len();
    match report.outcome {
        Exit::Clean if found == 0 => ("clean", "Clean".to_owned()),
        Exit::Clean if found == 1 => ("below", "1 finding, and it does not count".to_owned()),
        Exit::Clean => ("below", format!("{} findings, and none counts", grouped(found as u64))),
        Exit::Findings => ("findings", count(found, "finding", "findings")),
        Exit::Usage | Exit::CannotDecide => ("undecided", "Cannot decide".to_owned()),
    }
}

fn meaning(report: &Report) -> Vec<String> {
    let verdicts: u64 = report.checks.iter().map(|check| check.population.total).sum();
    let verdicts = count(usize::try_from(verdicts).unwrap_or(usize::MAX), "verdict", "verdicts");
    let found = report.findings.len();
    let counting = report.findings.iter().filter(|finding| report.counts(finding)).count();
    let accepted = report.findings.iter().filter(|finding| is_accepted(finding)).count();
    let mut said = match report.outcome {
        Exit::CannotDecide | Exit::Usage => vec![
            "Not everything could be judged, so this is no pass, whatever was found.".to_owned(),
            format!("{} among {verdicts} so far.", count(found, "finding", "findings")),
        ],
        _ if found == 0 => vec![format!("{verdicts}, and nothing was found.")],
        _ => vec![format!(
            "Among {verdicts}; {} for the exit code.",
            match counting {
                0 => "none counts".to_owned(),
                1 => "1 counts".to_owned(),
                number => format!("{} count", grouped(number as u64)),
            }
        )],
    };
    if accepted > 0 {
        let are = if accepted == 1 { "is" } else { "are" };
        said.push(format!(
            "{} {are} accepted by an exception: still wrong, and for a time tolerated.",
            grouped(accepted as u64)
        ));
    }
    let idle = report.checks.iter().filter(|check| !check.ran).count();
    if idle > 0 {
        said.push(format!("{} did not run.", count(idle, "check", "checks")));
    }
    said
}

fn tiles(report: &Report) -> Vec<Tile> {
    let sum =
        |of: fn(&crate::finding::Population) -> u64| report.checks.iter().map(|check| of(&check.population)).sum();
    let (total, pass): (u64, u64) = (sum(|it| it.total), sum(|it| it.pass));
    let (unknown, error): (u64, u64) = (sum(|it| it.unknown), sum(|it| it.error));
    let (not_applicable, blocked): (u64, u64) = (sum(|it| it.not_applicable), sum(|it| it.blocked));
    let unproved = report
        .checks
        .iter()
        .filter(|check| check.population.unproved.is_some())
        .count();
    let open: Vec<&Finding> = report.findings.iter().filter(|finding| !is_accepted(finding)).collect();
    let accepted = report.findings.len() - open.len();
    let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
    let each: Vec<String> = severities
        .into_iter()
        .map(|severity| {
            (
                severity,
                open.iter().filter(|finding| finding.severity == severity).count(),
            )
        })
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| format!("{} {}", grouped(number as u64), severity.word()))
        .collect();
    let mut undecided = format!("{} unknown, {} in error", grouped(unknown), grouped(error));
    if unproved > 0 {
        undecided.push_str(&format!(
            "; {} not proved whole",
            count(unproved, "population", "populations")
        ));
    }
    let tile = |kind, number: u64, label, note| Tile {
        kind: if number == 0 { "none" } else { kind },
        number: grouped(number),
        label,
        note,
    };
    vec![
        tile(
            "fail",
            open.len() as u64,
            "Open findings",
            if each.is_empty() {
                "nothing is open".to_owned()
            } else {
                each.join(", ")
            },
        ),
        tile(
            "accepted",
            accepted as u64,
            "Accepted",
            "failing, under an exception".to_owned(),
        ),
        tile("unknown", unknown + error, "Not decided", undecided),
        tile(
            "pass",
            pass,
            "Passed",
            format!(
                "of {}",
                count(usize::try_from(total).unwrap_or(usize::MAX), "verdict", "verdicts")
            ),
        ),
        tile(
            "other",
            not_applicable + blocked,
            "Not judged",
            format!(
                "{} not applicable, {} left to another check",
                grouped(not_applicable),
                grouped(blocked)
            ),
        ),
    ]
}

fn is_accepted(finding: &Finding) -> bool {
    finding.exception.is_some()
}

/// Something that a person should know and no check has a verdict for.
#[derive(Serialize)]
pub struct Notice {
    code: String,
    message: String,
    about: Option<String>,
}

impl Notice {
    pub fn all(report: &Report, most: Most) -> Listed<Self> {
        let notice = |notice: &crate::finding::Notice| Self {
            code: name(&notice.code),
            message: said(&notice.message),
            about: match (&notice.place, &notice.subject) {
                (Some(at), _) => Some(place(at)),
                (None, subject) => subject.as_deref().map(name),
            },
        };
        Listed::first(most.others, report.notices.iter().map(notice))
    }
}
