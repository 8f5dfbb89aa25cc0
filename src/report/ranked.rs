//! Findings in the order in which a reader should see them who sees only some.

use std::cmp::Reverse;

use crate::finding::{Finding, Report, Severity};

/// All findings, those that nobody has accepted first, then the worst, then those whose time has run the farthest.
pub fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| {
        (
            finding.exception.is_some(),
            Reverse(finding.severity),
            Reverse(finding.clock.lifecycle),
        )
    });
    findings
}

/// `12 findings (5 high, 7 medium), 2 of them accepted`.
pub fn counted(report: &Report) -> String {
    let of = |severity| report.findings.iter().filter(|one| one.severity == severity).count();
    let each: Vec<String> = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low]
        .into_iter()
        .map(|severity| (of(severity), severity.word()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let accepted = report.findings.iter().filter(|one| one.exception.is_some()).count();
    let accepted = match (accepted, report.findings.len()) {
        (0, _) => String::new(),
        (1, 1) => ", accepted".to_owned(),
        (some, all) if some == all => ", all of them accepted".to_owned(),
        (some, _) => format!(", {some} of them accepted"),
    };
    match report.findings.len() as u64 {
        0 => "no findings".to_owned(),
        number => format!(
            "{} ({}){accepted}",
            super::text::words::count(number, "finding", "findings"),
            each.join(", ")
        ),
    }
}

/// When a finding must be gone, as people say it; null where there is no date for it.
pub fn due(report: &Report, finding: &Finding) -> Option<String> {
    let due = finding.clock.due?;
    Some(if due < report.as_of {
        format!("was due {due}")
    } else {
        format!("due {due}")
    })
}
