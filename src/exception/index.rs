//! Findings and verdicts, by check and subject: what an exception fits, and why it fits nothing.

use std::collections::{BTreeSet, HashMap};

use super::{Given, Problem};
use crate::finding::{ExceptionState, Finding, Report, SubjectRef, Verdict};
use crate::project::ExceptionEntry;
use crate::staff::key;

/// One verdict of the run.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The check's id.
    pub check: &'a str,
    /// The subject.
    pub subject: &'a SubjectRef,
    /// The verdict.
    pub verdict: Verdict,
}

/// The findings and verdicts of the checks that exceptions name.
pub(super) struct Index<'a> {
    report: &'a Report,
    /// Sorted by subject.
    findings: HashMap<&'a str, Vec<(&'a str, usize)>>,
    /// Sorted by subject.
    verdicts: HashMap<&'a str, Vec<Told<'a>>>,
}

impl<'a> Index<'a> {
    pub fn of(report: &'a Report, given: &Given<'a>) -> Self {
        let named: BTreeSet<&str> = given
            .project
            .exceptions
            .iter()
            .map(|entry| entry.check.as_str())
            .collect();
        let mut findings: HashMap<&str, Vec<(&str, usize)>> = HashMap::new();
        for (at, finding) in report.findings.iter().enumerate() {
            let of_check = findings.entry(&finding.check).or_default();
            of_check.push((&finding.subject.id, at));
        }
        findings.values_mut().for_each(|of_check| of_check.sort_unstable());
        let mut verdicts: HashMap<&str, Vec<Told<'_>>> = HashMap::new();
        for told in given.verdicts.iter().filter(|told| named.contains(told.check)) {
            verdicts.entry(told.check).or_default().push(*told);
        }
        for of_check in verdicts.values_mut() {
            of_check.sort_unstable_by_key(|told| told.subject.id.as_str());
        }
        Index {
            report,
            findings,
            verdicts,
        }
    }

    /// The finding at a position.
    pub fn finding(&self, at: usize) -> Option<&'a Finding> {
        self.report.findings.get(at)
    }

    /// How many subjects of its check an entry fits, whatever the check says of them.
    pub fn subjects(&self, entry: &ExceptionEntry) -> usize {
        let verdicts = self.verdicts.get(entry.check.as_str()).map_or(&[][..], Vec::as_slice);
        named(entry, verdicts, |told| &told.subject.id).count()
    }

    /// The findings that an entry fits, by position: those that it is about whole, and those with another reason.
    pub fn findings(&self, entry: &ExceptionEntry) -> (Vec<usize>, Vec<usize>) {
        let of_check = self.findings.get(entry.check.as_str()).map_or(&[][..], Vec::as_slice);
        let is_about = |at: &usize| {
            let reasons = self.finding(*at).map_or(&[][..], |finding| &finding.reasons);
            let code = entry.reason_code.as_ref();
            code.is_none_or(|code| reasons.iter().all(|reason| reason.code == *code))
        };
        named(entry, of_check, |(subject, _)| subject)
            .map(|(_, at)| *at)
            .partition(is_about)
    }

    /// Why an entry accepts nothing; `others` are findings that it fits but for their reasons.
    pub fn why_nothing(&self, entry: &ExceptionEntry, others: &[usize]) -> Problem {
        let (check, subject) = (&entry.check, &entry.subject);
        if !self.report.checks.iter().any(|one| one.id == *check && one.ran) {
            return (ExceptionState::NotJudged, format!("`{check}` did not run"));
        }
        if let Some(other) = others.first().and_then(|at| self.finding(*at)) {
            let code = entry.reason_code.as_deref().unwrap_or_default();
            let reasons: Vec<String> = other
                .reasons
                .iter()
                .map(|reason| format!("`{}`", reason.code))
                .collect();
            let words = format!(
                "it accepts `{code}` alone, and {} fails for {}",
                other.subject.id,
                reasons.join(" and ")
            );
            return (ExceptionState::OtherReason, words);
        }
        let verdicts = self.verdicts.get(check.as_str()).map_or(&[][..], Vec::as_slice);
        let fitting: Vec<&Told<'_>> = named(entry, verdicts, |told| &told.subject.id).collect();
        let open = |verdict: Verdict| matches!(verdict, Verdict::Unknown | Verdict::Error | Verdict::Blocked);
        match fitting.iter().find(|told| open(told.verdict)).or(fitting.first()) {
            None => self.not_there(entry, verdicts),
            Some(told) if open(told.verdict) => {
                let whom = &told.subject.id;
                let words = match told.verdict {
                    Verdict::Blocked => format!("`{check}` leaves {whom} to another check, which comes first"),
                    _ => format!("`{check}` could not judge {whom}"),
                };
                (ExceptionState::NotJudged, words)
            }
            Some(_) if entry.is_pattern() => {
                let words = format!("`{check}` finds nothing wrong with what `{subject}` fits");
                (ExceptionState::Unused, words)
            }
            Some(told) => {
                let words = match told.verdict {
                    Verdict::NotApplicable => format!("`{check}` does not apply to {subject}"),
                    _ => format!("`{check}` finds nothing wrong with {subject}"),
                };
                (ExceptionState::Unused, words)
            }
        }
    }

    /// There is no such subject, or it was not read.
    fn not_there(&self, entry: &ExceptionEntry, verdicts: &[Told<'_>]) -> Problem {
        let subject = &entry.subject;
        let (system, id) = subject.split_once(':').unwrap_or((subject, ""));
        let what = match entry.is_pattern() {
            true => format!("no subject fits `{subject}`"),
            false => format!("`{}` judges no {subject}", entry.check),
        };
        let of_system = |of: &Option<String>| of.as_deref().is_none_or(|of| of == system);
        let mut checks = self
            .report
            .checks
            .iter()
            .filter(|one| one.id == entry.check && of_system(&one.system));
        if let Some(why) = checks.find_map(|one| one.population.unproved.as_ref()) {
            return (
                ExceptionState::NotJudged,
                format!("{what}, and not all were read: {why}"),
            );
        }
        let address = key::address_key(id);
        let has_it = |told: &&Told<'_>| {
            let email = told.subject.email.as_deref().and_then(key::address_key);
            address.is_some() && email == address && told.subject.system.as_deref() == Some(system)
        };
        let hint = match verdicts.iter().find(has_it) {
            Some(told) => format!("; the account of that address is {}", told.subject.id),
            None => String::new(),
        };
        (ExceptionState::TargetGone, format!("{what}{hint}"))
    }
}

/// What of a list sorted by subject an entry speaks of.
fn named<'b, T>(entry: &ExceptionEntry, sorted: &'b [T], id: impl Fn(&T) -> &str) -> impl Iterator<Item = &'b T> {
    let begins = entry.subject.split('*').next().unwrap_or_default();
    let first = sorted.partition_point(|one| id(one) < begins);
    let behind = sorted.get(first..).unwrap_or_default().iter();
    let some: Vec<&T> = behind
        .take_while(|one| id(one).starts_with(begins))
        .filter(|one| entry.fits(id(one)))
        .collect();
    some.into_iter()
}
