//! Accepted findings, and exceptions that accept nothing. An accepted finding is still one: nothing here looks like a pass.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::Page;
use super::findings::{reason, title};
use super::words::{self, SHOWN, count, short};
use crate::finding::{Exception, ExceptionState, Finding, Report, SubjectRef};
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// A check, and the system that it judges in.
type Group<'a> = (&'a str, Option<&'a str>);

/// Writes the findings that exceptions in force accept, by check and system.
pub fn accepted<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let mut groups: BTreeMap<Group<'_>, Vec<(&Finding, &Exception)>> = BTreeMap::new();
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
    let by_fingerprint: HashMap<&str, &Finding> = match (new.is_empty(), idle.is_empty()) {
        (true, true) => return Ok(()),
        _ => report
            .findings
            .iter()
            .map(|one| (one.fingerprint.as_str(), one))
            .collect(),
    };
    list(&new, &by_fingerprint, page)?;
    list(&idle, &by_fingerprint, page)
}

fn list<W: Write>(listed: &[&Exception], findings: &HashMap<&str, &Finding>, page: &mut Page<'_, W>) -> io::Result<()> {
    for exception in listed {
        let label = page.paint(Style::WARNING, &format!("exception[{}]", exception.state.word()));
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
        let fitting = exception.findings.iter().filter_map(|one| findings.get(one.as_str()));
        let mut fitting: Vec<&SubjectRef> = fitting.map(|finding| &finding.subject).collect();
        fitting.sort();
        let names: Vec<String> = fitting.into_iter().map(short).collect();
        if !names.is_empty() {
            let more = names.len().saturating_sub(SHOWN);
            let names = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
            let more = if more > 0 {
                format!(", … and {more} more")
            } else {
                String::new()
            };
            let not = match exception.state {
                ExceptionState::Proposed => "would accept",
                _ => "does not accept",
            };
            page.line(2, &format!("{not} {names}{more}"))?;
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
