//! What stands first on the page: the verdict, what it rests on, and what it leaves open.

use serde::Serialize;

use super::Most;
use super::remarks::not_decided;
use super::words::{Listed, Sentence, Time, count, grouped, name, place};
use crate::exit::Exit;
use crate::finding::{Finding, Report, Severity, SourceSummary};
use crate::report::ranked;
use crate::report::text::words::and;
use crate::snapshot::Completeness;

/// How many sources are named of which not everything was read.
const NAMED: usize = 3;

/// The verdict of the run.
#[derive(Serialize)]
pub struct Verdict {
    /// `clean`, `below`, `findings` or `undecided`: how it looks.
    tone: &'static str,
    headline: String,
    /// What that means, one sentence each.
    meaning: Vec<Sentence>,
    /// Why it could not be decided.
    reasons: Listed<Sentence>,
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
            meaning: meaning(report).iter().map(|sentence| Sentence::of(sentence)).collect(),
            reasons: Listed::first(most.others, report.cannot_decide.iter().map(|why| Sentence::of(why))),
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
        Exit::Clean if found == 0 => match ranked::not_all_ran(report) {
            None => ("clean", "Clean".to_owned()),
            Some(ran) => ("below", format!("Clean as far as asked: {ran}")),
        },
        Exit::Clean if found == 1 => ("below", "1 finding, and it does not count".to_owned()),
        Exit::Clean => ("below", format!("{} findings, and none counts", grouped(found as u64))),
        Exit::Findings => ("findings", count(found, "finding", "findings")),
        Exit::Usage | Exit::CannotDecide => ("undecided", "Cannot decide".to_owned()),
    }
}

fn meaning(report: &Report) -> Vec<String> {
    let verdicts = count(
        usize::try_from(report.verdicts()).unwrap_or(usize::MAX),
        "verdict",
        "verdicts",
    );
    let found = report.findings.len();
    let counting = report.counting();
    let accepted = report.findings.iter().filter(|finding| is_accepted(finding)).count();
    let mut said = match report.outcome {
        Exit::CannotDecide | Exit::Usage => vec![
            "Not everything could be judged, so this is no pass, whatever was found.".to_owned(),
            format!("{} among {verdicts} so far.", count(found, "finding", "findings")),
        ]
        .into_iter()
        .chain(unread(report))
        .collect(),
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

/// What was not read, for whoever knows no streams.
fn unread(report: &Report) -> Option<String> {
    let of = |source: &SourceSummary| {
        let unread: Vec<String> = source.unread.iter().map(|one| one.word().to_owned()).collect();
        let id = name(&source.id);
        match source.state {
            _ if !unread.is_empty() => Some(format!("the {} of `{id}`", and(&unread))),
            Completeness::Failed => Some(format!("`{id}`")),
            Completeness::Partial => Some(format!("a part of `{id}`")),
            Completeness::Complete | Completeness::Unavailable => None,
        }
    };
    let open = report.sources.iter().filter(|source| source.undecides);
    let mut all: Vec<String> = open.filter_map(of).collect();
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    if more > 0 {
        all.push(format!("{} more", grouped(more as u64)));
    }
    (!all.is_empty()).then(|| format!("Not read: {}.", and(&all)))
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
    let is_open = matches!(report.outcome, Exit::CannotDecide | Exit::Usage);
    let mut undecided = vec![(unknown, "unknown"), (error, "in error")];
    match unproved {
        0 if unknown + error == 0 && is_open => undecided.push((
            report.cannot_decide.len() as u64,
            if report.cannot_decide.len() == 1 {
                "reason why the run gives no answer"
            } else {
                "reasons why the run gives no answer"
            },
        )),
        0 => {}
        1 => undecided.push((1, "check may not have seen everybody")),
        some => undecided.push((some as u64, "checks may not have seen everybody")),
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
            match (each.is_empty(), is_open, accepted) {
                (false, _, _) => each.join(", "),
                (true, true, 0) => "nothing found so far".to_owned(),
                (true, true, _) => "nothing open so far".to_owned(),
                (true, false, _) => "nothing is open".to_owned(),
            },
        ),
        tile(
            "accepted",
            accepted as u64,
            "Accepted",
            if accepted == 0 {
                String::new()
            } else {
                "failing, under an exception".to_owned()
            },
        ),
        tile("unknown", not_decided(report) as u64, "Not decided", shares(&undecided)),
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
            shares(&[(not_applicable, "not applicable"), (blocked, "left to another check")]),
        ),
    ]
}

/// What a number is made of, as far as there is any of it.
fn shares(all: &[(u64, &str)]) -> String {
    let some = all.iter().filter(|(number, _)| *number > 0);
    let said: Vec<String> = some
        .map(|(number, what)| format!("{} {what}", grouped(*number)))
        .collect();
    said.join(", ")
}

fn is_accepted(finding: &Finding) -> bool {
    finding.exception.is_some()
}

/// Something that a person should know and no check has a verdict for.
#[derive(Serialize)]
pub struct Notice {
    code: String,
    message: Sentence,
    about: Option<String>,
}

impl Notice {
    pub fn all(report: &Report, most: Most) -> Listed<Self> {
        let notice = |notice: &crate::finding::Notice| Self {
            code: name(&notice.code),
            message: Sentence::of(&notice.message),
            about: match (&notice.place, &notice.subject) {
                (Some(at), _) => Some(place(at)),
                (None, subject) => subject.as_deref().map(name),
            },
        };
        Listed::first(most.others, report.notices.iter().map(notice))
    }
}
