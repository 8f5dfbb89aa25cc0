//! Findings, by check and system.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Page;
use super::words::{self, count, summary_of, who};
use crate::finding::{
    CheckSummary, Finding, IdentityNote, Lifecycle, Reason, Remediation, Report, SubjectRef, Suggestion,
};
use crate::report::clocks;
use crate::report::escape::{self, sentence, terminal};
use crate::report::ranked::worst_first;
use crate::report::style::Style;

/// How many people are suggested for one account.
const SUGGESTED: usize = 3;

/// How many characters of a fingerprint are shown.
const FINGERPRINT: usize = 8;

/// The findings of one check in one system.
struct Group<'a> {
    check: &'a str,
    system: Option<&'a str>,
    /// What the check says of itself; null only in a report that was put together wrongly.
    summary: Option<&'a CheckSummary>,
    /// The worst first; never empty.
    findings: Vec<&'a Finding>,
}

/// Writes every finding that nobody has accepted.
pub fn render<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    for group in groups(report) {
        let Some(worst) = group.findings.first() else { continue };
        heading(report, &group, worst, page)?;
        for finding in &group.findings {
            page.gap()?;
            one(report, finding, worst, &group, page)?;
        }
        page.gap()?;
        fix(&group, shared_remediation(&group, worst), page)?;
        page.gap()?;
    }
    Ok(())
}

fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<&Finding>> = BTreeMap::new();
    for finding in worst_first(report)
        .into_iter()
        .filter(|finding| report.accepted_by(finding).is_none())
    {
        groups
            .entry((&finding.check, finding.subject.system.as_deref()))
            .or_default()
            .push(finding);
    }
    groups
        .into_iter()
        .map(|((check, system), findings)| group(report, check, system, findings))
        .collect()
}

fn group<'a>(report: &'a Report, check: &'a str, system: Option<&'a str>, findings: Vec<&'a Finding>) -> Group<'a> {
    Group {
        check,
        system,
        summary: summary_of(report, check, system),
        findings,
    }
}

fn heading<W: Write>(report: &Report, group: &Group<'_>, worst: &Finding, page: &mut Page<'_, W>) -> io::Result<()> {
    let severity = worst.severity;
    page.heading(
        severity.into(),
        severity.word(),
        &terminal(group.check),
        &sentence(&worst.title),
    )?;
    let mut about = count(group.findings.len() as u64, "finding", "findings");
    if let Some(system) = group.system {
        about = format!("{about} in {}", words::system(report, system));
    }
    page.line(2, &about)?;
    let controls: Vec<String> = worst
        .controls
        .iter()
        .map(|(framework, ids)| format!("{} {}", terminal(framework), terminal(&ids.join(" "))))
        .collect();
    if controls.is_empty() {
        return Ok(());
    }
    let controls = page.paint(Style::DIM, &controls.join(", "));
    page.line(2, &controls)
}

fn one<W: Write>(
    report: &Report,
    finding: &Finding,
    worst: &Finding,
    group: &Group<'_>,
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let mut title = title(&finding.subject, page);
    if finding.severity != worst.severity {
        title = format!(
            "{title}  {}",
            page.paint(finding.severity.into(), finding.severity.word())
        );
    }
    let fingerprint = page.paint(
        Style::DIM,
        &format!("finding {}", terminal(beginning(&finding.fingerprint))),
    );
    page.line(2, &format!("{title}  {fingerprint}"))?;
    finding.reasons.iter().try_for_each(|one| reason(one, page))?;
    clock(report, finding, page)?;
    if let Some(note) = &finding.identity {
        identity(note, &report.inputs.project.id, page)?;
    }
    // A remediation that the whole group shares stands once, below it.
    if *finding.remediation != *shared_remediation(group, worst) {
        let link = finding
            .remediation
            .link
            .as_deref()
            .map(|link| format!(" {}", sentence(link)))
            .unwrap_or_default();
        let label = page.paint(Style::GOOD, "fix:");
        page.line(4, &format!("{label} {}{link}", sentence(&finding.remediation.summary)))?;
    }
    Ok(())
}

/// As much of a fingerprint as tells findings apart, and as `rolecall except` takes.
fn beginning(fingerprint: &str) -> &str {
    fingerprint
        .char_indices()
        .nth(FINGERPRINT)
        .map_or(fingerprint, |(at, _)| &fingerprint[..at])
}

/// The subject as people know it, and its key.
pub(super) fn title<W: Write>(subject: &SubjectRef, page: &Page<'_, W>) -> String {
    let key = terminal(&subject.id);
    match who(subject) {
        Some(who) if who != key => format!("{}  {}", page.paint(Style::STRONG, &who), page.paint(Style::DIM, &key)),
        _ => page.paint(Style::STRONG, &key),
    }
}

fn clock<W: Write>(report: &Report, finding: &Finding, page: &mut Page<'_, W>) -> io::Result<()> {
    if let Some(due) = clocks::due(report, &finding.clock) {
        let style = match finding.clock.lifecycle {
            Lifecycle::Failing => Style::ERROR,
            Lifecycle::Critical => Style::WARNING,
            Lifecycle::Due | Lifecycle::Passing => Style::NOTE,
        };
        let due = page.paint(style, &due);
        page.line(4, &due)?;
    }
    let history = clocks::history(report, &finding.clock);
    if history.is_empty() {
        return Ok(());
    }
    let history = page.paint(Style::DIM, &history.join("; "));
    page.line(4, &history)
}

pub(super) fn reason<W: Write>(reason: &Reason, page: &mut Page<'_, W>) -> io::Result<()> {
    page.line(4, &sentence(&reason.message))?;
    let mut notes = Vec::new();
    if let Some(since) = &reason.since {
        notes.push(format!("since {}", terminal(since)));
    }
    if let Some(passes_if) = &reason.passes_if {
        notes.push(format!("passes if {}", sentence(passes_if)));
    }
    if notes.is_empty() {
        return Ok(());
    }
    let notes = page.paint(Style::DIM, &notes.join("; "));
    page.line(6, &notes)
}

/// Whom the account was taken for, or whom it might belong to, with the lines that would say so.
fn identity<W: Write>(note: &IdentityNote, project_file: &str, page: &mut Page<'_, W>) -> io::Result<()> {
    if matches!(note.state.as_str(), "matched" | "classified") {
        let whom = match &note.staff {
            Some(staff) => format!("staff {}", terminal(staff)),
            None => format!("{} account", terminal(&note.class)),
        };
        let key = note
            .key
            .as_deref()
            .map(|key| format!(" ({})", terminal(key)))
            .unwrap_or_default();
        let line = page.paint(
            Style::DIM,
            &format!("identified as {whom} by {}{key}", terminal(&note.rule)),
        );
        page.line(4, &line)?;
    }
    for suggestion in note.suggestions.iter().take(SUGGESTED) {
        page.line(4, &format!("perhaps {}", perhaps(suggestion)))?;
    }
    let more = note.suggestions.len().saturating_sub(SUGGESTED);
    if more > 0 {
        page.line(4, &format!("… and {more} more"))?;
    }
    if let Some(paste) = &note.paste {
        page.line(
            4,
            &format!("to say so, add to {} under `identities:`", terminal(project_file)),
        )?;
        escape::lines(paste).try_for_each(|line| page.line(6, &line))?;
    }
    Ok(())
}

fn perhaps(suggestion: &Suggestion) -> String {
    let staff = terminal(&suggestion.staff);
    let who = match (&suggestion.name, &suggestion.email) {
        (Some(name), Some(email)) => format!("{} <{}>", terminal(name), terminal(email)),
        (Some(one), None) | (None, Some(one)) => terminal(one).into_owned(),
        (None, None) => String::new(),
    };
    // Where the roster has no ids, the id is the address, which is there already.
    let known = suggestion.email.as_ref() == Some(&suggestion.staff);
    let person = match (who.is_empty(), known) {
        (true, _) => staff.into_owned(),
        (false, true) => who,
        (false, false) => format!("{who} ({staff})"),
    };
    format!("{person}: {}", sentence(&suggestion.why))
}

fn shared_remediation<'a>(group: &Group<'a>, worst: &'a Finding) -> &'a Remediation {
    group.summary.map_or(&worst.remediation, |summary| &summary.remediation)
}

fn fix<W: Write>(group: &Group<'_>, remediation: &Remediation, page: &mut Page<'_, W>) -> io::Result<()> {
    if group
        .findings
        .iter()
        .any(|finding| *finding.remediation == *remediation)
    {
        let label = page.paint(Style::GOOD, "fix:");
        page.line(2, &format!("{label} {}", sentence(&remediation.summary)))?;
    } else {
        // Each finding has a fix line of its own; what is left for the group is the way there.
        let label = page.paint(Style::GOOD, "how to fix:");
        page.line(2, &label)?;
    }
    for (number, step) in remediation.steps.iter().enumerate() {
        page.line(4, &format!("{}. {}", number + 1, sentence(step)))?;
    }
    if let Some(link) = &remediation.link {
        page.line(4, &format!("see {}", sentence(link)))?;
    }
    for link in remediation
        .links
        .iter()
        .filter(|link| Some(&link.url) != remediation.link.as_ref())
    {
        page.line(4, &format!("see {}", sentence(&link.url)))?;
    }
    Ok(())
}
