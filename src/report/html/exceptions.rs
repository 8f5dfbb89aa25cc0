//! Accepted risks: in force or not, why, by whom, and until when.

use std::collections::HashMap;

use serde::Serialize;

use super::Most;
use super::words::{Link, Listed, Sentence, days, name, place, said};
use crate::finding::{self, ExceptionState, Report};

/// How many findings of one exception are drawn.
const EACH: usize = 20;

/// How much of a fingerprint is drawn: as much as tells findings apart.
const BEGINNING: usize = 8;

/// One exception.
#[derive(Serialize)]
pub struct Exception {
    /// The published word of its state.
    state: &'static str,
    /// That in words.
    standing: &'static str,
    in_force: bool,
    check: String,
    subject: String,
    reason_code: Option<String>,
    reason: String,
    problem: Option<Sentence>,
    approved_by: String,
    created: String,
    expires: String,
    days_left: i64,
    /// Null where it does nothing that could end.
    left: Option<String>,
    ticket: Option<Link>,
    place: String,
    findings: Listed<Fits>,
}

/// A finding that an exception fits.
#[derive(Serialize)]
struct Fits {
    fingerprint: String,
    /// Null where it is not drawn.
    anchor: Option<String>,
}

impl Exception {
    /// What does nothing first, then what ends soonest.
    pub fn all(report: &Report, most: Most, anchors: &HashMap<&str, String>) -> Listed<Self> {
        let mut all: Vec<&finding::Exception> = report.exceptions.iter().collect();
        all.sort_by_key(|exception| (exception.state == ExceptionState::InForce, exception.ends_at));
        Listed::first(
            most.others,
            all.into_iter().map(|exception| Self::of(exception, anchors)),
        )
    }

    fn of(exception: &finding::Exception, anchors: &HashMap<&str, String>) -> Self {
        Self {
            state: exception.state.word(),
            standing: standing(exception.state),
            in_force: exception.state == ExceptionState::InForce,
            check: name(&exception.check),
            subject: name(&exception.subject),
            reason_code: exception.reason_code.as_deref().map(name),
            reason: said(&exception.reason),
            problem: exception.problem.as_deref().map(Sentence::of),
            approved_by: name(&exception.approved_by),
            created: exception.created.strftime("%-d %b %Y").to_string(),
            expires: exception.expires.strftime("%-d %b %Y").to_string(),
            days_left: exception.days_left,
            left: match (exception.days_left < 0, exception.state) {
                (true, _) => Some(format!("over for {}", days(exception.days_left))),
                (false, ExceptionState::InForce) => Some(format!("{} left", days(exception.days_left))),
                (false, _) => None,
            },
            ticket: exception.ticket.as_deref().map(|ticket| Link::of(ticket, "")),
            place: place(&exception.place),
            findings: Listed::first(
                EACH,
                exception.findings.iter().map(|fingerprint| Fits {
                    fingerprint: name(fingerprint).chars().take(BEGINNING).collect(),
                    anchor: anchors.get(fingerprint.as_str()).cloned(),
                }),
            ),
        }
    }
}

/// What there is to say at a finding that an exception fits and does not accept.
pub fn idle(exception: &finding::Exception) -> Sentence {
    let why = exception.problem.as_deref().unwrap_or_default();
    Sentence::of(&format!("{}: {why}", standing(exception.state)))
}

const fn standing(state: ExceptionState) -> &'static str {
    match state {
        ExceptionState::InForce => "In force",
        ExceptionState::Proposed => "Proposed",
        ExceptionState::NotBegun => "Not begun",
        ExceptionState::OtherReason => "Another reason",
        ExceptionState::Expired => "Expired",
        ExceptionState::Unused => "Unused",
        ExceptionState::TargetGone => "Target gone",
        ExceptionState::NotJudged => "Not judged",
        ExceptionState::TooBroad => "Too broad",
        ExceptionState::NotApproved => "Not approved",
    }
}
