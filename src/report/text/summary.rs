//! The end of the text: how complete the facts are, how each check's subjects fell out, and the verdict.

use std::io::{self, Write};

use super::Page;
use super::words::{SHOWN, and, contents, count, mode, state};
use crate::exit::Exit;
use crate::finding::{CheckSummary, Lifecycle, Population, Report, Severity, SourceSummary};
use crate::report::escape::{sentence, terminal};
use crate::report::ranked;
use crate::report::style::Style;

/// Writes the completeness lines, the table and the last line.
pub fn render<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    completeness(report, page)?;
    table(report, page)?;
    why_not(report, page)?;
    times(report, page)?;
    let (style, line) = last_line(report);
    let line = page.paint(style, &line);
    page.line(0, &line)
}

/// One line a source: what there is of it, whether that is all, how it came in and when it was taken.
fn completeness<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    for source in &report.sources {
        let taken = match source.taken_at {
            Some(at) => format!("taken {at}"),
            None => "of no stated date".to_owned(),
        };
        let (state, mode) = (state(source.state), mode(source.mode));
        page.line(0, &format!("{}: {state}, {mode}, {taken}", kept(source)))?;
    }
    if report.sources.is_empty() {
        page.line(0, "no sources")?;
    }
    let organisation = terminal(&report.organisation);
    page.line(0, &format!("judged for {organisation} as of {}", report.as_of))?;
    page.gap()
}

fn kept(source: &SourceSummary) -> String {
    let (read, unread) = contents(source);
    let id = terminal(&source.id);
    match (read.is_empty(), unread.is_empty()) {
        (_, true) => format!("{} of {id}", and(&read)),
        (true, false) => format!("{id}, {} not read", and(&unread)),
        (false, false) => format!("{} of {id}, {} not read", and(&read), and(&unread)),
    }
}

/// How far the time of the findings has run, where that is not the same for all of them, and what the baseline knew. What
/// an exception accepts is left out.
fn times<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let open = || report.findings.iter().filter(|finding| finding.exception.is_none());
    let in_time = open().any(|finding| finding.clock.lifecycle != Lifecycle::Failing);
    if !in_time && report.baseline.is_none() {
        return Ok(());
    }
    let of = |state: Lifecycle| open().filter(|finding| finding.clock.lifecycle == state).count();
    let mut parts: Vec<String> = [Lifecycle::Failing, Lifecycle::Critical, Lifecycle::Due]
        .into_iter()
        .filter(|state| of(*state) > 0)
        .map(|state| format!("{} {}", of(state), state.word()))
        .collect();
    if let Some(baseline) = &report.baseline {
        let new = open().filter(|finding| finding.clock.is_new == Some(true)).count();
        parts.push(format!("{new} new since {}", baseline.as_of));
        if !baseline.kept.is_empty() {
            let kept = baseline.kept.len();
            parts.push(format!("{kept} of the baseline that could not be judged again"));
        }
    }
    page.line(0, &format!("times: {}", parts.join(", ")))
}

/// Counts by check and system, aligned; what did not run says so.
fn table<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    type Column = (&'static str, fn(&Population) -> u64);
    let all: [Column; 7] = [
        ("pass", |population| population.pass),
        ("fail", |population| population.fail),
        ("accepted", |population| population.excepted),
        ("n/a", |population| population.not_applicable),
        ("blocked", |population| population.blocked),
        ("unknown", |population| population.unknown),
        ("error", |population| population.error),
    ];
    // These are rare enough to have a column only when there are some. What is accepted is part of what fails.
    let some = |number: fn(&Population) -> u64| report.checks.iter().any(|check| number(&check.population) > 0);
    let columns: Vec<Column> = all
        .into_iter()
        .filter(|(name, number)| !matches!(*name, "error" | "accepted") || some(*number))
        .collect();

    let width = |cells: &mut dyn Iterator<Item = usize>| cells.max().unwrap_or(0);
    let first = width(&mut report.checks.iter().map(|check| terminal(&check.id).chars().count())).max("check".len());
    let second = width(&mut report.checks.iter().map(|check| system(check).chars().count())).max("system".len());
    let numbers: Vec<usize> = columns
        .iter()
        .map(|(name, number)| {
            width(
                &mut report
                    .checks
                    .iter()
                    .map(|check| number(&check.population).to_string().len()),
            )
            .max(name.len())
        })
        .collect();

    let mut head = format!("{:<first$}  {:<second$}", "check", "system");
    for ((name, _), width) in columns.iter().zip(&numbers) {
        head.push_str(&format!("  {name:>width$}"));
    }
    let head = page.paint(Style::DIM, &head);
    page.line(0, &head)?;
    for check in &report.checks {
        let mut row = format!("{:<first$}  {:<second$}", terminal(&check.id), system(check));
        if !check.ran {
            row.push_str("  did not run");
        } else {
            for ((name, number), &width) in columns.iter().zip(&numbers) {
                let number = number(&check.population);
                let cell = format!(
                    "{:>width$}",
                    if number == 0 {
                        "-".to_owned()
                    } else {
                        number.to_string()
                    }
                );
                let cell = match (*name, number) {
                    (_, 0) | ("n/a" | "blocked", _) => page.paint(Style::DIM, &cell),
                    ("fail" | "error", _) => page.paint(Style::ERROR, &cell),
                    ("unknown", _) => page.paint(Style::WARNING, &cell),
                    _ => cell,
                };
                row.push_str(&format!("  {cell}"));
            }
        }
        page.line(0, &row)?;
        if let Some(why) = &check.population.unproved {
            let why = page.paint(Style::WARNING, &format!("population not proved: {}", sentence(why)));
            page.line(2, &why)?;
        }
    }
    page.gap()
}

fn system(check: &CheckSummary) -> String {
    check
        .system
        .as_deref()
        .map_or_else(|| "-".to_owned(), |system| terminal(system).into_owned())
}

fn why_not<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let label = page.paint(Style::WARNING, "cannot decide:");
    for reason in report.cannot_decide.iter().take(SHOWN) {
        page.line(0, &format!("{label} {}", sentence(reason)))?;
    }
    let more = report.cannot_decide.len().saturating_sub(SHOWN);
    if more > 0 {
        page.line(0, &format!("{label} … and {more} more"))?;
    }
    Ok(())
}

fn last_line(report: &Report) -> (Style, String) {
    let verdicts = count(report.verdicts(), "verdict", "verdicts");
    let code = report.outcome as u8;
    let found = findings(report);
    let accepted = report
        .findings
        .iter()
        .filter(|one| report.accepted_by(one).is_some())
        .count();
    let accepted = match (accepted, report.findings.len()) {
        (0, _) => String::new(),
        (1, 1) => ", accepted and not counted".to_owned(),
        (some, all) if some == all => ", all of them accepted and not counted".to_owned(),
        (some, _) => format!(", {some} of them accepted and not counted"),
    };
    // Where all are accepted, that is why none counts.
    let all_accepted = report.findings.iter().all(|one| report.accepted_by(one).is_some());
    let counting = ranked::counting(report).filter(|_| !all_accepted);
    let ran = ranked::not_all_ran(report);
    let more: String = [counting, ran.clone()]
        .into_iter()
        .flatten()
        .map(|more| format!(", {more}"))
        .collect();
    match report.outcome {
        Exit::Clean if report.findings.is_empty() => {
            let (style, clean) = match ran {
                None => (Style::GOOD, "clean:".to_owned()),
                Some(ran) => (Style::NOTE, format!("clean as far as asked: {ran},")),
            };
            (style, format!("{clean} {verdicts}, nothing found"))
        }
        Exit::Clean => (
            Style::NOTE,
            format!("{found} among {verdicts}{accepted}{more}: exit {code}"),
        ),
        Exit::Findings => (
            Style::ERROR,
            format!("{found} among {verdicts}{accepted}{more}: exit {code}"),
        ),
        Exit::Usage | Exit::CannotDecide => (
            Style::WARNING,
            format!("cannot decide; {found} among {verdicts}{accepted}{more}: exit {code}"),
        ),
    }
}

/// `7 findings (5 high, 2 medium)`.
fn findings(report: &Report) -> String {
    let of = |severity: Severity| {
        report
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let each: Vec<String> = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low]
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| format!("{} {}", of(severity), severity.word()))
        .collect();
    match report.findings.len() as u64 {
        0 => "no findings".to_owned(),
        number => format!("{} ({})", count(number, "finding", "findings"), each.join(", ")),
    }
}
