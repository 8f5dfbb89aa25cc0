//! Which reasons of a check cannot be decided for a subject.
//!
//! A reason is undecided when it looks at a path that the subject does not have, or whose value there is the word
//! `unknown`. What it does not look at cannot undecide it.

use std::collections::{BTreeMap, HashMap};

use crate::check::{Check, Reason};
use crate::rego::{Path, Step, says_unknown};
use crate::subject::Subject;

/// Flags by position in the check's lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undecided {
    /// Of the reasons under `skip`.
    pub skip: Vec<bool>,
    /// Of those under `fail`.
    pub fail: Vec<bool>,
    /// Of those under `unknown`.
    pub unknown: Vec<bool>,
}

impl Undecided {
    /// All flags in one row.
    pub fn all(&self) -> impl Iterator<Item = bool> + '_ {
        [&self.skip, &self.fail, &self.unknown].into_iter().flatten().copied()
    }

    fn mark(&mut self, positions: &[(usize, usize)]) {
        let lists = [&mut self.skip, &mut self.fail, &mut self.unknown];
        for (list, flags) in lists.into_iter().enumerate() {
            for (_, position) in positions.iter().filter(|(of, _)| *of == list) {
                if let Some(flag) = flags.get_mut(*position) {
                    *flag = true;
                }
            }
        }
    }
}

/// A check's reasons, arranged for asking of many subjects.
pub struct Undeciding<'a> {
    check: &'a Check,
    /// Every path that may say `unknown`, with the reasons that look at it.
    unknowable: Vec<(&'a Path, Vec<(usize, usize)>)>,
    /// Subjects of one source lack the same paths: what that means is worked out once.
    lacking: HashMap<Vec<String>, Undecided>,
}

impl<'a> Undeciding<'a> {
    /// Arranges a check's reasons.
    pub fn new(check: &'a Check) -> Self {
        let mut unknowable: BTreeMap<&Path, Vec<(usize, usize)>> = BTreeMap::new();
        for (list, reasons) in [&check.skip, &check.fail, &check.unknown].into_iter().enumerate() {
            for (position, reason) in reasons.iter().enumerate() {
                for path in &reason.unknowable {
                    unknowable.entry(path).or_default().push((list, position));
                }
            }
        }
        Self {
            check,
            unknowable: unknowable.into_iter().collect(),
            lacking: HashMap::new(),
        }
    }

    /// What is undecided for one subject.
    pub fn of(&mut self, subject: &Subject) -> Undecided {
        let mut undecided = match self.lacking.get(&subject.unavailable) {
            Some(known) => known.clone(),
            None => {
                let flags = |reasons: &[Reason]| {
                    reasons
                        .iter()
                        .map(|reason| lacked(reason, subject).next().is_some())
                        .collect()
                };
                let worked_out = Undecided {
                    skip: flags(&self.check.skip),
                    fail: flags(&self.check.fail),
                    unknown: flags(&self.check.unknown),
                };
                self.lacking.insert(subject.unavailable.clone(), worked_out.clone());
                worked_out
            }
        };
        for (path, reasons) in &self.unknowable {
            if says_unknown_at(subject, path) {
                undecided.mark(reasons);
            }
        }
        undecided
    }
}

/// The paths that a reason looks at and that this subject does not have.
pub fn missing_of<'a>(reason: &'a Reason, subject: &'a Subject) -> impl Iterator<Item = String> + 'a {
    let unknown = reason
        .unknowable
        .iter()
        .filter(|path| says_unknown_at(subject, path))
        .map(ToString::to_string);
    lacked(reason, subject).cloned().chain(unknown)
}

fn lacked<'a>(reason: &'a Reason, subject: &'a Subject) -> impl Iterator<Item = &'a String> {
    subject
        .unavailable
        .iter()
        .filter(|path| reason.reads.meets(&Path::parse(path)))
}

fn says_unknown_at(subject: &Subject, path: &Path) -> bool {
    let Some((Step::Field(first), rest)) = path.0.split_first() else {
        return false;
    };
    subject
        .parts
        .iter()
        .any(|(name, part)| name == first && says_unknown(part, rest))
}
