//! Verdicts in words: the metadata's sentences, filled in from the subject.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Judged;
use super::judge::Outcome;
use super::undecided::missing_of;
use crate::check::Template;
use crate::finding::{Judgement, Reason, Verdict};
use crate::rego::{Path, Step};
use crate::subject::Subject;

/// One verdict with its words.
pub fn judgement(judged: &Judged) -> Judgement {
    let check = judged.check;
    let no_facts = BTreeMap::new();
    let reasons = match &judged.outcome {
        Outcome::Skip(skips) => words(judged, &check.skip, skips, &no_facts),
        Outcome::Fail { reasons, facts } => words(judged, &check.fail, reasons, facts),
        Outcome::Unknown { reasons, .. } => words(judged, &check.unknown, reasons, &no_facts),
        Outcome::Pass => vec![Reason {
            code: "pass".to_owned(),
            message: fill(&check.pass, judged.subject, &no_facts),
            passes_if: None,
            since: None,
        }],
        Outcome::Error(_) => Vec::new(),
    };
    let note = match &judged.outcome {
        Outcome::Error(error) => Some(error.clone()),
        _ => judged.left_to.clone(),
    };
    Judgement {
        check: check.id.clone(),
        subject: judged.subject.of.clone(),
        verdict: judged.verdict,
        reasons,
        missing: missing(judged),
        note,
    }
}

fn missing(judged: &Judged) -> Vec<String> {
    let Outcome::Unknown { undecided, .. } = &judged.outcome else {
        return Vec::new();
    };
    if judged.verdict != Verdict::Unknown {
        return Vec::new();
    }
    let reasons: Vec<_> = judged.check.fail.iter().chain(&judged.check.unknown).collect();
    let open = undecided.iter().filter_map(|position| reasons.get(*position));
    let mut paths: Vec<String> = open.flat_map(|reason| missing_of(reason, judged.subject)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn words(
    judged: &Judged,
    declared: &[crate::check::Reason],
    fired: &[usize],
    facts: &BTreeMap<String, Json>,
) -> Vec<Reason> {
    let subject = judged.subject;
    let reasons = fired
        .iter()
        .filter_map(|position| declared.get(*position))
        .map(|reason| Reason {
            code: reason.code.clone(),
            message: fill(&reason.message, subject, facts),
            passes_if: reason.passes_if.as_ref().map(|template| fill(template, subject, facts)),
            since: reason
                .since
                .as_ref()
                .and_then(|path| value_at(subject, path)?.as_str().map(str::to_owned)),
        });
    reasons.collect()
}

/// A sentence about a subject.
pub fn fill(template: &Template, subject: &Subject, facts: &BTreeMap<String, Json>) -> String {
    template.fill(|path| match path.0.as_slice() {
        [Step::Field(first), Step::Field(name)] if first == "facts" => facts.get(name).cloned(),
        _ => value_at(subject, path).cloned(),
    })
}

/// A value of the document; none where it was not read.
fn value_at<'a>(subject: &'a Subject, path: &Path) -> Option<&'a Json> {
    if subject
        .unavailable
        .iter()
        .any(|missing| Path::parse(missing).covers(path))
    {
        return None;
    }
    let (Step::Field(first), rest) = path.0.split_first()? else {
        return None;
    };
    let part = subject
        .parts
        .iter()
        .find(|(name, _)| name == first)
        .map(|(_, part)| part.as_ref())?;
    rest.iter().try_fold(part, |value, step| match step {
        Step::Field(name) => value.get(name),
        Step::Each => None,
    })
}
