//! What differs between accepted verdicts and those of a run.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Expected, Line};

/// Accepted verdicts, held against those of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The time that the accepted verdicts speak of.
    pub accepted_as_of: Timestamp,
    /// The time that the others speak of.
    pub as_of: Timestamp,
    /// How many verdicts are as accepted.
    pub same: usize,
    /// How many verdicts of now are undecided, as accepted or not.
    pub undecided: usize,
    /// Every reason why the run as a whole gives no answer.
    pub cannot_decide: Vec<CannotDecide>,
    /// The checks of which something differs. Sorted.
    pub checks: Vec<Difference>,
}

/// Why the run as a whole gives no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannotDecide {
    /// One sentence.
    pub why: String,
    /// Whether it was so when the verdicts were accepted.
    pub accepted: bool,
}

/// What differs of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The check's id.
    pub check: String,
    /// On which side there is such a check.
    pub presence: Presence,
    /// Verdicts that are not as accepted, by subject.
    pub changed: Vec<Changed>,
    /// Verdicts of subjects that had none.
    pub new: Vec<Line>,
    /// Accepted verdicts of subjects that have none.
    pub gone: Vec<Line>,
}

/// On which side there is a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It ran then and now.
    Both,
    /// It runs now.
    New,
    /// It ran then.
    Gone,
}

/// A verdict that is not as accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As accepted.
    pub before: Line,
    /// As it is.
    pub after: Line,
}

impl Comparison {
    /// Whether nothing differs: no verdict, and nothing keeps the run from an answer that did not when they were accepted.
    pub fn is_same(&self) -> bool {
        self.checks.is_empty() && self.cannot_decide.iter().all(|one| one.accepted)
    }

    /// Whether there was nothing to hold against anything, which is not the same as no difference.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty() && self.same == 0
    }
}

/// Holds verdicts against accepted ones; of the checks that are asked for, where some are.
pub fn compare(accepted: &Expected, now: &Expected, asked: &[String]) -> Comparison {
    let wanted = |check: &&String| asked.is_empty() || asked.contains(check);
    let checks: BTreeSet<&String> = accepted.checks.union(&now.checks).filter(wanted).collect();
    let (mut accepted_of, mut now_of) = (by_check(accepted), by_check(now));
    let mut comparison = Comparison {
        accepted_as_of: accepted.as_of,
        as_of: now.as_of,
        same: 0,
        undecided: 0,
        cannot_decide: why(accepted, now),
        checks: Vec::new(),
    };
    for check in checks {
        let presence = match (accepted.checks.contains(check), now.checks.contains(check)) {
            (true, false) => Presence::Gone,
            (false, true) => Presence::New,
            _ => Presence::Both,
        };
        let before = accepted_of.remove(check.as_str()).unwrap_or_default();
        let after = now_of.remove(check.as_str()).unwrap_or_default();
        comparison.undecided += after.values().filter(|line| line.is_undecided()).count();
        let mut difference = Difference {
            check: check.clone(),
            presence,
            changed: Vec::new(),
            new: Vec::new(),
            gone: Vec::new(),
        };
        for (subject, line) in &after {
            match before.get(subject) {
                None => difference.new.push((*line).clone()),
                Some(accepted) if accepted == line => comparison.same += 1,
                Some(accepted) => difference.changed.push(Changed {
                    before: (*accepted).clone(),
                    after: (*line).clone(),
                }),
            }
        }
        let gone = before.iter().filter(|(subject, _)| !after.contains_key(*subject));
        difference.gone.extend(gone.map(|(_, line)| (*line).clone()));
        if presence != Presence::Both
            || !(difference.changed.is_empty() && difference.new.is_empty() && difference.gone.is_empty())
        {
            comparison.checks.push(difference);
        }
    }
    comparison
}

/// What keeps a run from an answer is said of all its checks, whichever are asked for.
fn why(accepted: &Expected, now: &Expected) -> Vec<CannotDecide> {
    let sentences = now.cannot_decide.iter().map(|why| CannotDecide {
        why: why.clone(),
        accepted: accepted.cannot_decide.contains(why),
    });
    sentences.collect()
}

fn by_check(expected: &Expected) -> BTreeMap<&str, BTreeMap<&str, &Line>> {
    let mut checks: BTreeMap<&str, BTreeMap<&str, &Line>> = BTreeMap::new();
    for line in &expected.verdicts {
        checks.entry(&line.check).or_default().insert(&line.subject, line);
    }
    checks
}
