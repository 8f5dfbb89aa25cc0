//! The report for a pull request, or the summary of a job.
//!
//! What is decided and how completely comes first, then the counts, then findings by check, what somebody accepted, what
//! could not be decided, notices, and the digests. Every text that can come from outside is inert: no markup, no mention,
//! no reference, no link. A summary takes 1 MiB; each part has its share of that, and says how much more there is.

use std::io::{self, Write};

use super::escape::{comment, markdown_code, sentence};
use super::places::relative;
use super::ranked::{self, counted, counting, not_all_ran};
use super::text::words::{self, count};
use crate::finding::{CheckSummary, Input, Notice, Report, SourceSummary};
use page::Page;

mod findings;
mod page;
#[cfg(test)]
mod tests;
mod undecided;

/// The shares of the parts, in bytes. Together with the headings they stay below a million.
const WHY: usize = 40_000;
const SOURCES: usize = 60_000;
const CHECKS: usize = 60_000;
const FINDINGS: usize = 500_000;
const ACCEPTED: usize = 120_000;
const UNDECIDED: usize = 100_000;
const NOTICES: usize = 60_000;
const DIGESTS: usize = 40_000;

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::default();
    verdict(report, &mut page);
    sources(report, &mut page);
    checks(report, &mut page);
    findings::open(report, &mut page);
    findings::accepted(report, &mut page);
    findings::idle(report, &mut page);
    undecided::render(report, &mut page);
    notices(report, &mut page);
    digests(report, &mut page);
    out.write_all(page.text().as_bytes())
}

fn verdict(report: &Report, page: &mut Page) {
    page.line(&format!("## rolecall: {}", ranked::verdict(report)));
    page.gap();
    let verdicts = report.verdicts();
    let more: String = [counting(report), not_all_ran(report)]
        .into_iter()
        .flatten()
        .map(|more| format!("; {more}"))
        .collect();
    page.line(&format!(
        "**{}**, as of {}: {}; {}{}{more}.",
        comment(&report.organisation),
        report.as_of,
        counted(report),
        count(verdicts, "verdict", "verdicts"),
        match report.undecided.len() {
            0 => String::new(),
            number => format!(", {number} of them not decided"),
        },
    ));
    page.gap();
    if report.cannot_decide.is_empty() {
        return;
    }
    page.line("It cannot be decided, because:");
    page.gap();
    let why = report.cannot_decide.iter();
    page.list(WHY, "reasons", why.map(|why| format!("- {}", comment(why))));
    page.gap();
}

fn sources(report: &Report, page: &mut Page) {
    page.line("| source | what it holds | how completely | how it came in | taken |");
    page.line("|---|---|---|---|---|");
    page.rows(SOURCES / 2, 5, report.sources.iter().map(source));
    page.gap();
    let troubled = report.sources.iter().filter(|source| !source.problems.is_empty());
    let problems: Vec<String> = troubled
        .flat_map(|source| {
            let id = &source.id;
            let problems = source.problems.iter();
            problems.map(move |problem| format!("- {}: {}", markdown_code(id), comment(problem)))
        })
        .collect();
    if !problems.is_empty() {
        page.list(SOURCES / 2, "problems of sources", problems.into_iter());
        page.gap();
    }
}

fn source(source: &SourceSummary) -> String {
    format!(
        "| {} | {} | {} | {} | {} |",
        comment(&source.id),
        words::held(source),
        words::state(source.state),
        words::mode(source.mode),
        source
            .taken_at
            .map_or_else(|| "of no stated date".to_owned(), |at| at.to_string()),
    )
}

fn checks(report: &Report, page: &mut Page) {
    page.line("| check | system | pass | fail | of them accepted | not applicable | blocked | unknown | error | |");
    page.line("|---|---|--:|--:|--:|--:|--:|--:|--:|---|");
    page.rows(CHECKS, 10, report.checks.iter().map(check));
    page.gap();
}

fn check(check: &CheckSummary) -> String {
    let population = &check.population;
    let numbers = [
        population.pass,
        population.fail,
        population.excepted,
        population.not_applicable,
        population.blocked,
        population.unknown,
        population.error,
    ];
    let numbers: Vec<String> = numbers
        .iter()
        .map(|number| match number {
            0 => "-".to_owned(),
            number => number.to_string(),
        })
        .collect();
    let standing = check.standing().said();
    let word = match &population.unproved {
        Some(why) if check.ran => format!("{standing}; not proved that these are all: {}", comment(why)),
        _ => standing.to_owned(),
    };
    format!(
        "| {} | {} | {} | {word} |",
        comment(&check.id),
        check.system.as_deref().map_or_else(|| "-".to_owned(), comment),
        numbers.join(" | "),
    )
}

fn notices(report: &Report, page: &mut Page) {
    if report.notices.is_empty() {
        return;
    }
    page.line("### Notices");
    page.gap();
    page.list(NOTICES, "notices", report.notices.iter().map(notice));
    page.gap();
}

fn notice(notice: &Notice) -> String {
    let at = match (&notice.place, &notice.subject) {
        (Some(place), _) => format!(" ({}, line {})", markdown_code(&relative(&place.file)), place.line),
        (None, Some(subject)) if !notice.message.contains(subject.as_str()) => format!(" ({})", markdown_code(subject)),
        (None, _) => String::new(),
    };
    format!("- {}{at}", comment(&notice.message))
}

fn digests(report: &Report, page: &mut Page) {
    page.line("<details>");
    page.line("<summary>What it was judged by</summary>");
    page.gap();
    page.line("| what | from | SHA-256 |");
    page.line("|---|---|---|");
    let one = |what: &str, from: &str, sha256: &str| format!("| {} | {} | `{sha256}` |", comment(what), comment(from));
    let input = |kind: &str, input: &Input| one(&format!("{kind} {}", input.id), &input.origin, &input.sha256);
    let mut rows = vec![
        one("facts", &report.snapshot_mode, &report.snapshot_sha256),
        input("project", &report.inputs.project),
    ];
    rows.extend(report.base_project.iter().map(|base| input("base project", base)));
    let earlier = report.baseline.iter();
    rows.extend(earlier.map(|earlier| one("earlier report", &earlier.as_of.to_string(), &earlier.sha256)));
    rows.extend(report.inputs.policies.iter().map(|one| input("check", one)));
    rows.extend(report.inputs.connectors.iter().map(|one| input("connector", one)));
    page.rows(DIGESTS, 3, rows.into_iter());
    page.gap();
    let bounds: Vec<String> = report.fail_on.0.iter().map(ToString::to_string).collect();
    page.line(&format!(
        "rolecall {}; findings count from {}.",
        env!("CARGO_PKG_VERSION"),
        sentence(&bounds.join(" or "))
    ));
    page.gap();
    page.line("</details>");
}
