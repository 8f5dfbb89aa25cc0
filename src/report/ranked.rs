//! What the short forms of a report have in common: the verdict in words, the sum of findings, and the order in which a
//! reader should see them who sees only some.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::exit::Exit;
use crate::finding::{Finding, Report, Severity};

/// All findings, in the one order of every form: those that nobody has accepted first, then the worst, then those whose
/// time has run the farthest, then those that should have been gone the longest, then by subject.
pub fn worst_first(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by(|one, other| rank(one).cmp(&rank(other)));
    findings
}

fn rank(finding: &Finding) -> impl Ord + '_ {
    let clock = &finding.clock;
    (
        finding.exception.is_some(),
        Reverse(finding.severity),
        Reverse(clock.lifecycle),
        // Without a grace it had to be gone at once.
        clock.due.unwrap_or(clock.since),
        clock.since,
        &finding.subject,
    )
}

/// How the run ended, in words.
pub fn verdict(report: &Report) -> Cow<'static, str> {
    match (report.outcome, not_all_ran(report)) {
        (Exit::CannotDecide | Exit::Usage, _) => "cannot decide".into(),
        (Exit::Findings, _) => "findings".into(),
        (Exit::Clean, _) if !report.findings.is_empty() => "nothing that counts".into(),
        (Exit::Clean, None) => "clean".into(),
        (Exit::Clean, Some(ran)) => format!("clean as far as asked: {ran}").into(),
    }
}

/// `1 of 4 checks ran`; null where all did. What did not run says nothing of anybody.
pub fn not_all_ran(report: &Report) -> Option<String> {
    let (ran, all) = ran(report);
    (ran < all).then(|| {
        format!(
            "{ran} of {} ran",
            super::text::words::count(all as u64, "check", "checks")
        )
    })
}

/// How many checks ran, and how many there are, in however many systems.
pub fn ran(report: &Report) -> (usize, usize) {
    let ids = |all: bool| -> BTreeSet<&str> {
        let checks = report.checks.iter().filter(|check| all || check.ran);
        checks.map(|check| check.id.as_str()).collect()
    };
    (ids(false).len(), ids(true).len())
}

/// `2 of 14 findings count (low@failing)`; null where all count that nobody has accepted.
pub fn counting(report: &Report) -> Option<String> {
    let open = report.findings.iter().filter(|one| one.exception.is_none()).count();
    let counting = report.counting();
    if counting == open {
        return None;
    }
    let bounds: Vec<String> = report.fail_on.0.iter().map(ToString::to_string).collect();
    let all = super::text::words::count(report.findings.len() as u64, "finding", "findings");
    let (counting, verb) = match counting {
        0 => ("none".to_owned(), "counts"),
        1 => ("1".to_owned(), "counts"),
        number => (number.to_string(), "count"),
    };
    Some(format!("{counting} of {all} {verb} ({})", bounds.join(" or ")))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Clock, Lifecycle};
    use crate::report::samples;

    #[test]
    fn the_worst_is_what_is_open_severe_and_over_for_the_longest() {
        let clock = |lifecycle, due: Option<&str>, since: &str| Clock {
            due: due.map(|due| format!("{due}T00:00:00Z").parse().unwrap()),
            lifecycle,
            ..Clock::at_once(format!("{since}T00:00:00Z").parse().unwrap(), None)
        };
        let in_order = [
            (
                "a",
                false,
                Severity::High,
                clock(Lifecycle::Failing, Some("2026-11-01"), "2026-10-30"),
            ),
            // Without a grace, it is over since it arose.
            (
                "b",
                false,
                Severity::High,
                clock(Lifecycle::Failing, None, "2026-11-02"),
            ),
            (
                "c",
                false,
                Severity::High,
                clock(Lifecycle::Failing, Some("2026-11-03"), "2026-10-01"),
            ),
            (
                "d",
                false,
                Severity::High,
                clock(Lifecycle::Failing, Some("2026-11-03"), "2026-10-02"),
            ),
            (
                "e",
                false,
                Severity::High,
                clock(Lifecycle::Failing, Some("2026-11-03"), "2026-10-02"),
            ),
            (
                "0",
                false,
                Severity::High,
                clock(Lifecycle::Due, Some("2026-10-01"), "2026-09-01"),
            ),
            (
                "1",
                false,
                Severity::Low,
                clock(Lifecycle::Failing, Some("2026-01-01"), "2025-12-01"),
            ),
            (
                "2",
                true,
                Severity::Critical,
                clock(Lifecycle::Failing, Some("2025-01-01"), "2024-12-01"),
            ),
        ];
        let mut report = samples::findings();
        let one = report.findings[0].clone();
        report.findings.clear();
        for (id, is_accepted, severity, clock) in in_order.iter().rev() {
            let mut finding = one.clone();
            finding.subject.id = (*id).to_owned();
            (finding.severity, finding.clock) = (*severity, clock.clone());
            finding.exception = is_accepted.then_some(0);
            report.findings.push(finding);
        }
        let ids: Vec<&str> = worst_first(&report).iter().map(|one| one.subject.id.as_str()).collect();
        assert_eq!(ids, in_order.map(|(id, ..)| id));
    }

    #[test]
    fn clean_is_said_of_what_was_asked() {
        let mut report = samples::clean();
        assert_eq!((verdict(&report), not_all_ran(&report)), ("clean".into(), None));
        report.checks[1].ran = false;
        // The same check in two systems is one check.
        report.checks.push(report.checks[1].clone());
        assert_eq!(verdict(&report), "clean as far as asked: 1 of 2 checks ran");
        report.outcome = Exit::CannotDecide;
        assert_eq!(verdict(&report), "cannot decide");
    }

    #[test]
    fn how_many_count_is_said_where_not_all_do() {
        let mut report = samples::findings();
        assert_eq!(counting(&report), None, "the accepted one is told elsewhere");
        report.fail_on.0 = vec!["high@failing".parse().unwrap()];
        assert_eq!(counting(&report).unwrap(), "1 of 3 findings counts (high@failing)");
        report.fail_on.0 = vec!["medium".parse().unwrap(), "critical".parse().unwrap()];
        assert_eq!(counting(&report), None);
        report.fail_on.0 = vec!["never".parse().unwrap()];
        assert_eq!(counting(&report).unwrap(), "none of 3 findings counts (never)");
    }
}
