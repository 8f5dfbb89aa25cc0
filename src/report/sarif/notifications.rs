//! What is no finding: what could not be decided, exceptions that do nothing, and notices.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif::{Location, Notification, ReportingDescriptorReference};

use super::parts::message;
use super::results::{at, no_links, why};
use super::rules::Rules;
use crate::error::Place;
use crate::finding::{ExceptionState, Report, Verdict};
use crate::report::escape::{sentence, terminal};
use crate::report::ranked::not_all_ran;
use crate::report::text::words;

/// How many of one kind are told.
const TOLD: usize = 1_000;

/// All of them, the gravest first; `more` findings are left out of the results.
pub fn of(report: &Report, rules: &Rules<'_>, more: usize) -> Vec<Notification> {
    let mut told = Vec::new();
    let reasons = report.cannot_decide.iter();
    let reasons = reasons.map(|why| {
        one(
            "error",
            "cannot_decide",
            &format!("Cannot decide: {}", sentence(why)),
            None,
        )
    });
    told.extend(some("cannot_decide", reasons));
    told.extend(some("undecided", undecided(report, rules).into_iter()));
    told.extend(did_not_run(report));
    if more > 0 {
        let words = format!(
            "{more} more findings are left out: code scanning takes no more. Those here are the worst; the other formats \
             have all of them"
        );
        told.push(one("warning", "results_left_out", &words, None));
    }
    let idle = report
        .exceptions
        .iter()
        .filter(|exception| exception.state != ExceptionState::InForce);
    let idle: Vec<Notification> = idle
        .map(|exception| {
            let words = format!(
                "The exception for {} of {} accepts nothing: {}",
                terminal(&exception.subject),
                terminal(&exception.check),
                why(exception, exception.state)
            );
            let code = format!("exception_{}", exception.state.word());
            one("warning", &code, &words, Some(&exception.place))
        })
        .collect();
    told.extend(some("exceptions", idle.into_iter()));
    let notices: Vec<Notification> = report
        .notices
        .iter()
        .map(|notice| {
            let about = match &notice.subject {
                Some(subject) if !notice.message.contains(subject.as_str()) => format!(" ({})", terminal(subject)),
                _ => String::new(),
            };
            let words = format!("{}{about}", sentence(&notice.message));
            one("note", &notice.code, &words, notice.place.as_ref())
        })
        .collect();
    told.extend(some("notices", notices.into_iter()));
    told
}

/// Which checks did not run; null where all did. Of them there is no result, whatever they would have found.
fn did_not_run(report: &Report) -> Option<Notification> {
    let ran = not_all_ran(report)?;
    let ids: BTreeSet<&str> = report
        .checks
        .iter()
        .filter(|check| !check.ran)
        .map(|check| check.id.as_str())
        .collect();
    let ids = words::listed(ids.into_iter().map(|id| terminal(id).into_owned()));
    let words = format!("{ran}; these did not: {}", ids.join(" "));
    Some(one("warning", "did_not_run", &words, None))
}

/// The verdicts `unknown` and `error`, summed by check and system.
fn undecided(report: &Report, rules: &Rules<'_>) -> Vec<Notification> {
    let mut sums: BTreeMap<(&str, Option<&str>, Verdict), u64> = BTreeMap::new();
    for judgement in &report.undecided {
        let system = judgement.subject.system.as_deref();
        *sums.entry((&judgement.check, system, judgement.verdict)).or_default() += 1;
    }
    let told = sums.into_iter().map(|((check, system, verdict), number)| {
        let (level, what) = match verdict {
            Verdict::Error => ("error", "the check could not be evaluated"),
            _ => ("warning", "the facts do not allow an answer"),
        };
        let system = system.map(|system| format!(" in {}", words::system(report, system)));
        let words = format!(
            "{}{}: {number} {}: {what}",
            terminal(check),
            system.unwrap_or_default(),
            verdict.word(),
        );
        let mut told = one(level, verdict.word(), &words, None);
        told.associated_rule = rules.reference(check);
        told
    });
    told.collect()
}

/// The first of a kind, and how many more there are.
fn some(what: &str, all: impl ExactSizeIterator<Item = Notification>) -> impl Iterator<Item = Notification> {
    let more = all.len().saturating_sub(TOLD);
    let rest = (more > 0).then(|| one("warning", what, &format!("… and {more} more of this kind"), None));
    all.take(TOLD).chain(rest)
}

fn one(level: &str, code: &str, words: &str, place: Option<&Place>) -> Notification {
    let mut told = Notification::builder()
        .level(level)
        .message(message(&no_links(words)))
        .descriptor(ReportingDescriptorReference::builder().id(terminal(code)).build())
        .build();
    told.locations = place.map(|place| -> Vec<Location> { vec![at(place)] });
    told
}
