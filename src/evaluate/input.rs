//! What a policy is given, one subject after another: the very documents, for other engines to judge.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Judge, Moment, params_of};
use crate::check::{Check, Reason};
use crate::project::Project;
use crate::rego::RegoError;
use crate::subject::Subject;

/// What a policy is given of one subject.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    /// Which.
    pub subject: &'a Subject,
    /// The document, cut to what the check can look at.
    pub document: Json,
    /// The codes under `skip` that are undecided for this subject: they are not asked.
    pub skip: Vec<&'a str>,
    /// Those under `fail`: they are not asked, and keep the subject from a pass.
    pub fail: Vec<&'a str>,
    /// Those under `unknown`: they are asked, and keep the subject from a pass whatever they say.
    pub unknown: Vec<&'a str>,
}

/// What a check is given of some subjects.
///
/// # Errors
/// An engine that cannot be prepared; the check was loaded before, so this is a fault of ours.
pub fn inputs<'a>(
    check: &'a Check,
    project: &Project,
    subjects: impl IntoIterator<Item = &'a Subject>,
    now: Timestamp,
) -> Result<Vec<Given<'a>>, RegoError> {
    let moment = Moment::of(now, &project.timezone);
    let mut judge = Judge::new(check, params_of(check, project), &moment)?;
    let given = subjects.into_iter().map(|subject| {
        let undecided = judge.undecided(subject);
        Ok(Given {
            subject,
            document: judge.document(subject).to_json()?,
            skip: codes(&check.skip, &undecided.skip),
            fail: codes(&check.fail, &undecided.fail),
            unknown: codes(&check.unknown, &undecided.unknown),
        })
    });
    given.collect()
}

fn codes<'a>(reasons: &'a [Reason], undecided: &[bool]) -> Vec<&'a str> {
    let open = reasons.iter().zip(undecided).filter(|(_, undecided)| **undecided);
    open.map(|(reason, _)| reason.code.as_str()).collect()
}
