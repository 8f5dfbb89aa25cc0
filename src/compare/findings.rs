//! Findings of two runs, by fingerprint.

use std::cmp::Reverse;

use super::change::{Change, Why};
use super::differences::{differences, has_changed};
use super::facts::Difference;
use super::judged::{Judged, Said};
use crate::finding::{Bound, Verdict};
use crate::reported::{ReportedAcceptance, ReportedFinding, ReportedVerdict};

/// One finding, of one run or of both.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What became of it.
    pub change: Change,
    /// As the earlier run has it.
    pub before: Option<ReportedFinding>,
    /// As the later run has it.
    pub now: Option<ReportedFinding>,
    /// How that is known.
    pub why: Why,
    /// The same in words, one sentence.
    pub said: String,
    /// What else differs of a finding that both runs have.
    pub differences: Vec<Difference>,
    /// Whether it counts for the exit code.
    pub counts: bool,
}

impl Compared {
    /// As the later run has it, else the earlier one.
    pub fn shown(&self) -> Option<&ReportedFinding> {
        self.now.as_ref().or(self.before.as_ref())
    }
}

/// Holds the findings of two runs against each other.
pub fn compare(old: &Judged<'_>, new: &Judged<'_>, fail_on: &[Bound]) -> Vec<Compared> {
    let mut compared: Vec<Compared> = Vec::new();
    for before in &old.report.findings {
        compared.push(match new.finding(&before.fingerprint) {
            Some(now) => in_both(before, now, new, fail_on),
            None => not_found_now(before, new),
        });
    }
    let found = new.report.findings.iter();
    for now in found.filter(|one| old.finding(&one.fingerprint).is_none()) {
        compared.push(not_found_before(now, old));
    }
    for one in &mut compared {
        let is_new = matches!(one.change, Change::New | Change::ExceptionEnded | Change::NewlyCounting);
        let now = one.now.as_ref().filter(|_| is_new);
        one.counts = now.is_some_and(|now| fits(now, fail_on));
    }
    let order = |one: &Compared| {
        let shown = one.shown();
        (
            one.change,
            // What is not as it was is not to be cut from a long list.
            one.differences.is_empty(),
            Reverse(shown.map(|finding| finding.severity)),
            shown.map(|finding| (finding.check.clone(), finding.subject.clone())),
        )
    };
    compared.sort_by_cached_key(order);
    compared
}

/// Whether a finding is as severe as one of the bounds says, and as far in its time.
fn fits(finding: &ReportedFinding, fail_on: &[Bound]) -> bool {
    let mut bounds = fail_on.iter();
    bounds.any(|bound| bound.fits(finding.severity, finding.clock.lifecycle))
}

/// A finding that both runs have.
fn in_both(before: &ReportedFinding, now: &ReportedFinding, new: &Judged<'_>, fail_on: &[Bound]) -> Compared {
    let accepted = |by: &ReportedAcceptance| {
        let said = format!("accepted by {} until {}: {}", by.approved_by, by.expires, by.reason);
        said.trim_end().to_owned()
    };
    let (change, why, said) = match (&before.exception, &now.exception) {
        (None, None) if fits(now, fail_on) && !fits(before, fail_on) => {
            let state = |one: &ReportedFinding| format!("{}, {}", one.severity.word(), one.clock.lifecycle.word());
            let bounds: Vec<String> = fail_on.iter().map(|bound| format!("`{bound}`")).collect();
            let said = format!(
                "it counts for {} now ({}), and did not in OLD ({})",
                bounds.join(", "),
                state(now),
                state(before)
            );
            (Change::NewlyCounting, Why::InBoth, said)
        }
        (None, None) => (Change::StillOpen, Why::InBoth, String::new()),
        (Some(_), Some(by)) if has_changed(before, now) => {
            let said = format!("{}; it is not what it was in OLD", accepted(by));
            (Change::AcceptedAndChanged, Why::InBoth, said)
        }
        (Some(_), Some(_)) => (Change::StillExcepted, Why::InBoth, String::new()),
        (None, Some(by)) => (Change::NewlyExcepted, Why::InBoth, accepted(by)),
        (Some(by), None) => {
            let was = format!("it was accepted by {} until {}", by.approved_by, by.expires);
            match new.exception_of(&before.fingerprint) {
                Some(state) => {
                    let state = state.replace('_', " ");
                    (
                        Change::ExceptionEnded,
                        Why::ExceptionNotInForce,
                        format!("{was}; the exception is {state} now"),
                    )
                }
                None => (
                    Change::ExceptionEnded,
                    Why::NoException,
                    format!("{was}; no exception fits it any more"),
                ),
            }
        }
    };
    Compared {
        change,
        why,
        said,
        differences: differences(before, now),
        before: Some(before.clone()),
        now: Some(now.clone()),
        counts: false,
    }
}

/// A finding of the earlier run that the later one does not have.
fn not_found_now(before: &ReportedFinding, new: &Judged<'_>) -> Compared {
    let (change, why, said) = match new.said(before) {
        Said::NoSuchCheck => {
            let said = match &before.subject.system {
                Some(system) => format!("NEW has no `{}` for `{system}`", before.check),
                None => format!("NEW has no `{}`", before.check),
            };
            (Change::UndecidedNow, Why::NoSuchCheck, said)
        }
        Said::NotRun => {
            let said = format!("`{}` did not run in NEW", before.check);
            (Change::UndecidedNow, Why::NotRun, said)
        }
        Said::Undecided(verdict) => (
            Change::UndecidedNow,
            Why::Undecided,
            format!("NEW cannot judge it: {}", undecided(verdict)),
        ),
        Said::Verdict(verdict) => match verdict.verdict {
            Verdict::Pass => (Change::Fixed, Why::Passes, words(verdict, "it passes")),
            Verdict::NotApplicable => {
                let said = format!("not this check's any more: {}", words(verdict, "it is not applicable"));
                (Change::NoLongerJudged, Why::NotApplicable, said)
            }
            Verdict::Blocked => {
                let said = format!("left to another check: {}", words(verdict, "it found something first"));
                (Change::UndecidedNow, Why::Blocked, said)
            }
            // A report whose verdicts and findings disagree says nothing.
            Verdict::Fail | Verdict::Unknown | Verdict::Error => {
                let said = format!("NEW lists the verdict `{}` and no finding", verdict.verdict.word());
                (Change::UndecidedNow, Why::Undecided, said)
            }
        },
        Said::NotListed(Some(unproved))
        | Said::Silent {
            unproved: Some(unproved),
            ..
        } => {
            let said = format!("NEW is not proved to have seen it: {unproved}");
            (Change::UndecidedNow, Why::NotSeen, said)
        }
        Said::NotListed(None) => {
            let said = "NEW saw everybody, and it is not among them".to_owned();
            (Change::SubjectGone, Why::NotListed, said)
        }
        Said::Silent {
            perhaps_blocked: true, ..
        } => {
            let said =
                "it passes, or is left to another check, which found something; NEW has no verdicts that would say"
                    .to_owned();
            (Change::UndecidedNow, Why::PerhapsBlocked, said)
        }
        Said::Silent { .. } => {
            let said = "NEW saw everybody and has no such finding; whether it passes, is no longer judged or is gone, verdicts would say"
                .to_owned();
            (Change::Fixed, Why::NoFinding, said)
        }
    };
    Compared {
        change,
        why,
        said,
        differences: Vec::new(),
        before: Some(before.clone()),
        now: None,
        counts: false,
    }
}

/// A finding of the later run that the earlier one does not have.
fn not_found_before(now: &ReportedFinding, old: &Judged<'_>) -> Compared {
    let newly = |said: String| format!("newly decided: {said}");
    let (why, said) = match old.said(now) {
        Said::NoSuchCheck => {
            let said = match &now.subject.system {
                Some(system) => format!("OLD had no `{}` for `{system}`", now.check),
                None => format!("OLD had no `{}`", now.check),
            };
            (Why::NoSuchCheckBefore, newly(said))
        }
        Said::NotRun => (Why::NotRunBefore, newly(format!("`{}` did not run in OLD", now.check))),
        Said::Undecided(verdict) => {
            let said = newly(format!("OLD could not judge it: {}", undecided(verdict)));
            (Why::UndecidedBefore, said)
        }
        Said::Verdict(verdict) => match verdict.verdict {
            Verdict::Pass => (Why::NotFailingBefore, "it passed in OLD".to_owned()),
            Verdict::NotApplicable => {
                let said = format!("not this check's in OLD: {}", words(verdict, "it was not applicable"));
                (Why::NotFailingBefore, said)
            }
            Verdict::Blocked => {
                let said = newly(format!(
                    "left to another check in OLD: {}",
                    words(verdict, "it found something first")
                ));
                (Why::BlockedBefore, said)
            }
            Verdict::Fail | Verdict::Unknown | Verdict::Error => {
                let said = newly(format!(
                    "OLD lists the verdict `{}` and no finding",
                    verdict.verdict.word()
                ));
                (Why::UndecidedBefore, said)
            }
        },
        Said::NotListed(Some(unproved))
        | Said::Silent {
            unproved: Some(unproved),
            ..
        } => {
            let said = newly(format!("OLD is not proved to have seen it: {unproved}"));
            (Why::NotSeenBefore, said)
        }
        Said::NotListed(None) => (Why::SubjectIsNew, "it was not there in OLD".to_owned()),
        Said::Silent { .. } => (Why::NotFailingBefore, "OLD has no such finding".to_owned()),
    };
    let (change, why, said) = match &now.exception {
        Some(by) => {
            let said = format!(
                "new, and accepted by {} until {}: {}",
                by.approved_by, by.expires, by.reason
            );
            (Change::NewlyExcepted, Why::AcceptedAtOnce, said)
        }
        None => (Change::New, why, said),
    };
    Compared {
        change,
        why,
        said,
        differences: Vec::new(),
        before: None,
        now: Some(now.clone()),
        counts: false,
    }
}

/// What a verdict says of itself, else some words.
fn words(verdict: &ReportedVerdict, otherwise: &str) -> String {
    match verdict.reasons.first() {
        Some(reason) => reason.message.clone(),
        None => otherwise.to_owned(),
    }
}

/// Why a verdict is undecided.
fn undecided(verdict: &ReportedVerdict) -> String {
    match (verdict.missing.as_slice(), &verdict.note) {
        ([], Some(note)) => note.clone(),
        ([], None) => words(verdict, verdict.verdict.word()),
        (paths, _) => format!("{} not known", paths.join(", ")),
    }
}
