//! Exceptions, laid over the verdicts of a run: which findings are accepted, and which exceptions do nothing, and why.
//!
//! A verdict never changes. Whatever keeps an exception from being in force is said of it, and its findings count.

mod approver;
mod index;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jiff::Timestamp;

pub use approver::Approvers;
pub use index::Told;

use self::index::Index;
use crate::finding::{Exception, ExceptionState, Finding, Notice, Report};
use crate::project::{ExceptionEntry, Project};

/// A pattern that fits more subjects than this is no exception any more, whether its check fails for them or not: one that
/// fails for few today could fail for all of them tomorrow.
pub const MOST_SUBJECTS: usize = 10;

/// What exceptions are weighed by, beside the report.
pub struct Given<'a> {
    /// The project that was judged by.
    pub project: &'a Project,
    /// The project whose exceptions count, where that is another one.
    pub base: Option<&'a Project>,
    /// Who may accept a risk.
    pub approvers: &'a Approvers<'a>,
    /// Every verdict of the run.
    pub verdicts: Vec<Told<'a>>,
    /// The time of the run.
    pub now: Timestamp,
}

/// Fills the report's exceptions, and marks the findings that they accept. What a run comes to is for
/// [`Report::settle`] to say.
pub fn apply(report: &mut Report, given: &Given<'_>) {
    let weighed: Vec<Weighed> = {
        let index = Index::of(report, given);
        let base = Base::of(given.base);
        let entries = given.project.exceptions.iter();
        entries.map(|entry| weigh(entry, &index, &base, given)).collect()
    };
    for weighed in weighed {
        let position = report.exceptions.len();
        for finding in weighed.accepts {
            if let Some(finding) = report.findings.get_mut(finding) {
                finding.exception = Some(position);
            }
        }
        report.notices.extend(weighed.notice);
        report.exceptions.push(weighed.exception);
    }
    report.notices.sort();
}

/// What one entry comes to.
struct Weighed {
    exception: Exception,
    /// The findings that it accepts, by position.
    accepts: Vec<usize>,
    notice: Option<Notice>,
}

/// Why an entry does nothing: its state, and one sentence.
type Problem = (ExceptionState, String);

fn weigh(entry: &ExceptionEntry, index: &Index<'_>, base: &Base<'_>, given: &Given<'_>) -> Weighed {
    let at_base = base.entry(entry);
    // A zone that was moved with the change gives nobody an hour more.
    let begins_at = at_base.map_or(entry.begins_at, |base| base.begins_at.max(entry.begins_at));
    let ends_at = at_base.map_or(entry.ends_at, |base| base.ends_at.min(entry.ends_at));
    let (fits, others) = index.findings(entry);
    let problem = if given.now >= ends_at {
        Some((ExceptionState::Expired, format!("its last day was {}", entry.expires)))
    } else if given.now < begins_at {
        Some((ExceptionState::NotBegun, format!("its first day is {}", entry.created)))
    } else if index.subjects(entry) > MOST_SUBJECTS {
        let words = format!(
            "it fits {} subjects, and may fit {MOST_SUBJECTS} at most",
            index.subjects(entry)
        );
        Some((ExceptionState::TooBroad, words))
    } else if fits.is_empty() {
        Some(index.why_nothing(entry, &others))
    } else {
        let findings: Vec<&Finding> = fits.iter().filter_map(|at| index.finding(*at)).collect();
        let problem = given.approvers.problem(&entry.approved_by, &findings);
        problem.map(|words| (ExceptionState::NotApproved, words))
    };
    let problem = match base.problem(entry) {
        None => problem,
        Some(new) => {
            let besides = problem
                .map(|(_, words)| format!("; besides, {words}"))
                .unwrap_or_default();
            Some((ExceptionState::Proposed, format!("{new}{besides}")))
        }
    };
    let is_in_force = problem.is_none();
    let (state, problem) = problem.map_or((ExceptionState::InForce, None), |(state, words)| (state, Some(words)));
    let mut findings: Vec<String> = fits
        .iter()
        .filter_map(|at| Some(index.finding(*at)?.fingerprint.clone()))
        .collect();
    findings.sort();
    Weighed {
        exception: Exception {
            check: entry.check.clone(),
            subject: entry.subject.clone(),
            reason_code: entry.reason_code.clone(),
            reason: entry.reason.clone(),
            approved_by: entry.approved_by.clone(),
            created: entry.created,
            expires: entry.expires,
            ends_at,
            days_left: ends_at.duration_since(given.now).as_secs().div_euclid(24 * 60 * 60),
            ticket: entry.ticket.clone(),
            place: entry.place.clone(),
            state,
            problem,
            findings,
        },
        notice: (is_in_force && !others.is_empty()).then(|| left_over(entry, index, &others)),
        accepts: if is_in_force { fits } else { Vec::new() },
    }
}

/// Findings that a pattern fits, and that are not accepted as they have another reason.
fn left_over(entry: &ExceptionEntry, index: &Index<'_>, others: &[usize]) -> Notice {
    let subjects = others
        .iter()
        .filter_map(|at| Some(index.finding(*at)?.subject.id.as_str()));
    let first = subjects.take(3).collect::<Vec<_>>().join(", ");
    let message = format!(
        "the exception for `{}` of `{}` does not accept {} of the findings that it fits, which have another reason: {first}{}",
        entry.check,
        entry.subject,
        others.len(),
        if others.len() > 3 { " and more" } else { "" }
    );
    Notice {
        code: "exception_other_reason".to_owned(),
        message,
        subject: None,
        place: Some(entry.place.clone()),
    }
}

/// What a finding is known by in two projects: check, subject, reason code.
type Key<'a> = (&'a str, &'a str, Option<&'a str>);

/// The exceptions of the base project; null where there is no base project, and every exception counts.
struct Base<'a>(Option<HashMap<Key<'a>, &'a ExceptionEntry>>);

impl<'a> Base<'a> {
    fn of(base: Option<&'a Project>) -> Self {
        let entries = |base: &'a Project| base.exceptions.iter().map(|entry| (key(entry), entry)).collect();
        Base(base.map(entries))
    }

    /// The same entry in the base project.
    fn entry(&self, entry: &ExceptionEntry) -> Option<&'a ExceptionEntry> {
        let base = self.0.as_ref()?.get(&key(entry)).copied();
        base.filter(|base| base.differs_in(entry).is_empty())
    }

    /// Why an entry does not count by the base project; null where it does.
    fn problem(&self, entry: &ExceptionEntry) -> Option<String> {
        let Some(base) = self.0.as_ref()?.get(&key(entry)) else {
            return Some("the base project does not have it".to_owned());
        };
        let keys = base.differs_in(entry);
        let named: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        (!keys.is_empty()).then(|| format!("the base project has it with another {}", named.join(" and another ")))
    }
}

fn key(entry: &ExceptionEntry) -> Key<'_> {
    (&entry.check, &entry.subject, entry.reason_code.as_deref())
}
