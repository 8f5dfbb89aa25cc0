//! Accepted findings, and exceptions that accept nothing. An accepted finding is still one: nothing here looks like a pass.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Page;
use super::findings::{reason, title};
use super::words::{self, SHOWN, count, short};
use crate::finding::{Exception, ExceptionState, Finding, Report};
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// Writes the findings that exceptions in force accept, by check and system.
pub fn accepted<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<(&Finding, &Exception)>> = BTreeMap::new();
    for finding in &report.findings {
        if let Some(exception) = report.accepted_by(finding) {
            let group = (finding.check.as_str(), finding.subject.system.as_deref());
            groups.entry(group).or_default().push((finding, exception));
        }
    }
    for ((check, system), accepted) in groups {
        let Some((first, _)) = accepted.first() else { continue };
        page.heading(Style::NOTE, "accepted", &terminal(check), &sentence(&first.title))?;
        let mut about = count(accepted.len() as u64, "finding", "findings");
        if let Some(system) = system {
            about = format!("{about} in {}", words::system(report, system));
        }
        page.line(2, &format!("{about}, accepted for a time and not counted"))?;
        for (finding, exception) in accepted {
            page.gap()?;
            let severity = page.paint(finding.severity.into(), finding.severity.word());
            let title = format!("{}  {severity}", title(&finding.subject, page));
            page.line(2, &title)?;
            finding.reasons.iter().try_for_each(|one| reason(one, page))?;
            let ticket = exception.ticket.as_deref();
            let ticket = ticket
                .map(|ticket| format!(", {}", terminal(ticket)))
                .unwrap_or_default();
            let by = terminal(&exception.approved_by);
            let until = format!("until {} ({}){ticket}", exception.expires, left(exception));
            page.line(4, &format!("accepted by {by} {until}: {}", sentence(&exception.reason)))?;
        }
        page.gap()?;
    }
    Ok(())
}

/// Writes the exceptions that accept nothing: those that are new, and those that something is wrong with.
pub fn without_effect<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let is_new = |exception: &&Exception| exception.state == ExceptionState::Proposed;
    let (new, idle): (Vec<&Exception>, Vec<&Exception>) = report
        .exceptions
        .iter()
        .filter(|exception| exception.state != ExceptionState::InForce)
        .partition(is_new);
    list(report, page, "proposed", &new)?;
    list(report, page, "exception", &idle)
}

fn list<W: Write>(report: &Report, page: &mut Page<'_, W>, label: &str, listed: &[&Exception]) -> io::Result<()> {
    for exception in listed {
        let label = page.paint(Style::WARNING, &format!("{label}[{}]", exception.state.word()));
        let (check, subject) = (terminal(&exception.check), terminal(&exception.subject));
        let code = exception.reason_code.as_deref();
        let code = code.map(|code| format!(" ({})", terminal(code))).unwrap_or_default();
        let problem = exception.problem.as_deref().unwrap_or_default();
        let place = &exception.place;
        let at = format!("({}:{}:{})", terminal(&place.file), place.line, place.column);
        page.line(
            0,
            &format!("{label}: {check} of {subject}{code}: {} {at}", sentence(problem)),
        )?;
        let fitting = report
            .findings
            .iter()
            .filter(|one| exception.findings.contains(&one.fingerprint));
        let names: Vec<String> = fitting.map(|finding| short(&finding.subject)).collect();
        if !names.is_empty() {
            let more = names.len().saturating_sub(SHOWN);
            let names = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
            let more = if more > 0 {
                format!(", … and {more} more")
            } else {
                String::new()
            };
            page.line(2, &format!("not accepted: {names}{more}"))?;
        }
    }
    if listed.is_empty() { Ok(()) } else { page.gap() }
}

/// How long it lasts, in words.
fn left(exception: &Exception) -> String {
    match exception.days_left {
        ..=0 => "its last day".to_owned(),
        days => format!("{} left", count(days.unsigned_abs(), "day", "days")),
    }
}
