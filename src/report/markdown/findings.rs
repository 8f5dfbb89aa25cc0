//! Findings by check, those that somebody accepted, and exceptions that accept nothing.

use std::cmp::Reverse;

use super::page::Page;
use super::{ACCEPTED, FINDINGS};
use crate::finding::{Exception, ExceptionState, Finding, Report};
use crate::report::escape::{comment, markdown_code, markdown_link};
use crate::report::places::relative;
use crate::report::ranked::{due, worst_first};
use crate::report::sarif::parts::https;
use crate::report::text::words::{self, count};

/// The findings of one check in one system.
type Group<'a> = (&'a str, Option<&'a str>, Vec<&'a Finding>);

/// Writes the findings that nobody has accepted; the worst checks first, and the worst of each.
pub fn open(report: &Report, page: &mut Page) {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in worst_first(report).into_iter().filter(|one| one.exception.is_none()) {
        let (check, system) = (finding.check.as_str(), finding.subject.system.as_deref());
        match groups.iter_mut().find(|group| (group.0, group.1) == (check, system)) {
            Some(group) => group.2.push(finding),
            None => groups.push((check, system, vec![finding])),
        }
    }
    if groups.is_empty() {
        return;
    }
    page.line("### Findings");
    page.gap();
    let end = page.len() + FINDINGS;
    let all = groups.len();
    for (index, group) in groups.iter().enumerate() {
        // What one check leaves of its share is the next one's.
        let share = end.saturating_sub(page.len()) / (all - index);
        let before = page.len();
        if share < 10_000 {
            let more: usize = groups[index..].iter().map(|group| group.2.len()).sum();
            page.line(&format!(
                "… and {more} more findings of {} more checks, in the other formats",
                all - index
            ));
            page.gap();
            return;
        }
        heading(report, group, page);
        let left = share.saturating_sub(page.len() - before);
        page.list(
            left,
            "findings of this check",
            group.2.iter().map(|finding| one(report, finding)),
        );
        page.gap();
    }
}

fn heading(report: &Report, (check, system, findings): &Group<'_>, page: &mut Page) {
    let Some(worst) = findings.first() else { return };
    page.line(&format!(
        "#### {}: {} ({})",
        worst.severity.word(),
        comment(&worst.title),
        markdown_code(check)
    ));
    page.gap();
    let mut about = count(findings.len() as u64, "finding", "findings");
    if let Some(system) = system {
        about = format!("{about} in {}", comment(&words::system(report, system)));
    }
    // The summary of one remediation can name its subject.
    let shared = findings
        .iter()
        .all(|finding| finding.remediation.summary == worst.remediation.summary);
    let summary = match shared {
        true => format!(" {}", comment(&worst.remediation.summary)),
        false => String::new(),
    };
    let links = worst
        .remediation
        .links
        .iter()
        .take(10)
        .map(|link| match https(&link.url) {
            Some(address) => format!(" {}.", markdown_link(&link.description, &address)),
            None => format!(" {}.", comment(&link.url)),
        });
    page.line(&format!("{about}.{summary}{}", links.collect::<String>()));
    page.gap();
}

fn one(report: &Report, finding: &Finding) -> String {
    let reasons = finding.reasons.iter().map(|reason| {
        let passes = reason
            .passes_if
            .as_ref()
            .map(|what| format!("; passes if {}", comment(what)));
        format!("{}{}", comment(&reason.message), passes.unwrap_or_default())
    });
    let reasons: Vec<String> = reasons.collect();
    let mut notes: Vec<String> = due(report, finding).into_iter().collect();
    if finding.clock.is_new == Some(true) {
        notes.push("new".to_owned());
    }
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" (**{}**)", notes.join(", "))
    };
    format!("- {}{notes}: {}", whose(finding), reasons.join(". "))
}

/// Whom it is about: the name, and the key as code, which no reader makes anything of.
fn whose(finding: &Finding) -> String {
    let subject = &finding.subject;
    let key = markdown_code(&subject.id);
    match subject.name.as_deref().or(subject.email.as_deref()) {
        Some(name) if !name.trim().is_empty() && name != subject.id => format!("**{}** {key}", comment(name.trim())),
        _ => key,
    }
}

/// Writes the findings that somebody has accepted: who, why, and until when.
pub fn accepted(report: &Report, page: &mut Page) {
    let accepted = || report.findings.iter().filter(|finding| finding.exception.is_some());
    if accepted().next().is_none() {
        return;
    }
    page.line("### Accepted");
    page.gap();
    page.line("These are findings; an exception of the project keeps them from counting until its last day.");
    page.gap();
    page.line("| who | check | severity | accepted by | until | days left | why | ticket |");
    page.line("|---|---|---|---|---|--:|---|---|");
    let rows = accepted().filter_map(|finding| Some(row(finding, report.accepted_by(finding)?)));
    page.rows(ACCEPTED / 2, 8, rows);
    page.gap();
}

fn row(finding: &Finding, exception: &Exception) -> String {
    let subject = &finding.subject;
    let name = subject.name.as_deref().or(subject.email.as_deref());
    let key = comment(&subject.id);
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |",
        name.map_or_else(|| key.clone(), |name| format!("{} ({key})", comment(name))),
        comment(&finding.check),
        finding.severity.word(),
        comment(&exception.approved_by),
        exception.expires,
        exception.days_left,
        comment(&exception.reason),
        exception.ticket.as_deref().map(comment).unwrap_or_default(),
    )
}

/// Writes the exceptions that accept nothing, and why.
pub fn idle(report: &Report, page: &mut Page) {
    let idle = || {
        let all = report.exceptions.iter();
        all.filter(|exception| exception.state != ExceptionState::InForce)
    };
    if idle().next().is_none() {
        return;
    }
    let mut idle: Vec<&Exception> = idle().collect();
    // What somebody proposes with this change is what its reviewer decides.
    idle.sort_by_key(|exception| Reverse(exception.state == ExceptionState::Proposed));
    page.line("### Exceptions that accept nothing");
    page.gap();
    let lines = idle.into_iter().map(|exception| {
        let problem = exception
            .problem
            .as_deref()
            .map(|problem| format!(": {}", comment(problem)));
        format!(
            "- **{}** {} of {}{} ({}, line {}; approved by {}, until {}: {})",
            exception.state.word().replace('_', " "),
            markdown_code(&exception.subject),
            markdown_code(&exception.check),
            problem.unwrap_or_default(),
            markdown_code(&relative(&exception.place.file)),
            exception.place.line,
            comment(&exception.approved_by),
            exception.expires,
            comment(&exception.reason),
        )
    });
    page.list(ACCEPTED / 2, "exceptions", lines);
    page.gap();
}
