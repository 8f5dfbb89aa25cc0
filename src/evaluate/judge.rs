//! One check over one subject after another.
//!
//! The policy is evaluated on the subject cut down to what it can look at, so a verdict depends on nothing else, and
//! two subjects with the same cut have the same verdict: it is computed once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::check::{Check, EVALUATION_LIMIT, Reason};
use crate::rego::{Cut, Path, Program, RegoError, says_unknown};
use crate::subject::Subject;

/// What is the same for every subject of a run.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The time, RFC 3339.
    pub now: String,
    /// The organisation's calendar day at that time.
    pub today: String,
}

/// What a policy says of one subject, before other checks are asked. Numbers are positions in the check's lists.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// These skips fired.
    Skip(Vec<usize>),
    /// These fails fired.
    Fail {
        /// Which.
        reasons: Vec<usize>,
        /// The facts that have a value.
        facts: BTreeMap<String, Json>,
    },
    /// It cannot be told.
    Unknown {
        /// The reasons under `unknown` that fired.
        reasons: Vec<usize>,
        /// The undecided reasons under `fail` and `unknown`.
        undecided: Vec<usize>,
    },
    /// Nothing is wrong.
    Pass,
    /// The policy could not be evaluated.
    Error(String),
}

/// A check, ready to judge.
pub struct Judge<'a> {
    check: &'a Check,
    program: Program,
    params: Json,
    moment: &'a Moment,
    cut: Option<&'a Cut>,
    seen: HashMap<Vec<u8>, Outcome>,
    asked: usize,
}

/// Past this many subjects, a check that hardly ever sees the same cut twice stops remembering.
const TRIAL: usize = 1024;

impl<'a> Judge<'a> {
    /// Prepares an engine for a check.
    ///
    /// # Errors
    /// What the engine says; the check was loaded before, so this is a fault of ours.
    pub fn new(check: &'a Check, params: Json, moment: &'a Moment) -> Result<Self, RegoError> {
        let program = Program::load(&check.files, EVALUATION_LIMIT)?;
        Ok(Self {
            check,
            program,
            params,
            moment,
            cut: Some(&check.cut),
            seen: HashMap::new(),
            asked: 0,
        })
    }

    /// Judges whole documents instead of cut ones; the verdicts must be the same.
    #[must_use]
    pub fn on_whole_documents(mut self) -> Self {
        self.cut = None;
        self
    }

    /// Judges one subject.
    pub fn judge(&mut self, subject: &Subject) -> Outcome {
        let undecided = |reasons: &[Reason]| reasons.iter().map(|reason| is_undecided(reason, subject)).collect();
        let undecided = Undecided {
            skip: undecided(&self.check.skip),
            fail: undecided(&self.check.fail),
            unknown: undecided(&self.check.unknown),
        };
        let document = self.document(subject);
        let Some(key) = self.key(&document, &undecided) else {
            return self.evaluate(document, &undecided);
        };
        self.asked += 1;
        if let Some(outcome) = self.seen.get(&key) {
            return outcome.clone();
        }
        let outcome = self.evaluate(document, &undecided);
        self.seen.insert(key, outcome.clone());
        outcome
    }

    /// What stands for everything that the outcome depends on; none where remembering does not pay.
    fn key(&self, document: &Json, undecided: &Undecided) -> Option<Vec<u8>> {
        if self.asked > TRIAL && self.seen.len() * 2 > self.asked {
            return None;
        }
        let mut key = serde_json::to_vec(document).ok()?;
        key.extend(
            [&undecided.skip, &undecided.fail, &undecided.unknown]
                .into_iter()
                .flatten()
                .map(|one| u8::from(*one)),
        );
        Some(key)
    }

    /// The subject's document, cut.
    fn document(&self, subject: &Subject) -> Json {
        let unavailable = subject.unavailable.iter().cloned().map(Json::from).collect();
        let shared = [
            ("now", Json::from(self.moment.now.clone())),
            ("today", Json::from(self.moment.today.clone())),
            ("params", self.params.clone()),
            ("unavailable", Json::Array(unavailable)),
        ];
        let parts = subject.parts.iter().map(|(name, part)| (*name, Arc::clone(part)));
        let all = parts.chain(shared.into_iter().map(|(name, part)| (name, Arc::new(part))));
        let kept = all.filter_map(|(name, part)| match self.cut {
            Some(cut) if !cut.is_whole() => cut.part(name).map(|cut| (name.to_owned(), cut.apply(&part))),
            _ => Some((name.to_owned(), (*part).clone())),
        });
        Json::Object(kept.collect::<Map<_, _>>())
    }

    /// Skip first, then fail, then unknown, then pass.
    fn evaluate(&mut self, document: Json, undecided: &Undecided) -> Outcome {
        self.try_evaluate(&document, undecided)
            .unwrap_or_else(|error| Outcome::Error(error.to_string()))
    }

    fn try_evaluate(&mut self, document: &Json, undecided: &Undecided) -> Result<Outcome, RegoError> {
        let check = self.check;
        let skips = self.fired("skip", &check.skip, document)?;
        let skips = decided(skips, &undecided.skip);
        if !skips.is_empty() {
            return Ok(Outcome::Skip(skips));
        }
        let fails = self.fired("fail", &check.fail, document)?;
        let fails = decided(fails, &undecided.fail);
        if !fails.is_empty() {
            return Ok(Outcome::Fail {
                reasons: fails,
                facts: self.facts(document),
            });
        }
        let reasons = self.fired("unknown", &check.unknown, document)?;
        let open = |flags: &[bool]| flags.iter().any(|flag| *flag);
        if reasons.is_empty() && !open(&undecided.fail) && !open(&undecided.unknown) {
            return Ok(Outcome::Pass);
        }
        let fails = undecided
            .fail
            .iter()
            .enumerate()
            .filter(|(_, open)| **open)
            .map(|(position, _)| position);
        let unknowns = undecided.unknown.iter().enumerate().filter(|(_, open)| **open);
        let unknowns = unknowns.map(|(position, _)| check.fail.len() + position);
        Ok(Outcome::Unknown {
            reasons,
            undecided: fails.chain(unknowns).collect(),
        })
    }

    /// The positions of the reasons that a rule gives.
    fn fired(&mut self, rule: &str, reasons: &[Reason], document: &Json) -> Result<Vec<usize>, RegoError> {
        if reasons.is_empty() {
            return Ok(Vec::new());
        }
        let query = format!("data.checks.{}.{rule}", self.check.id);
        let codes = self.program.evaluate(&query, document.clone())?.unwrap_or_default();
        let codes: Vec<&str> = codes
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let fired = reasons
            .iter()
            .enumerate()
            .filter(|(_, reason)| codes.contains(&reason.code.as_str()));
        Ok(fired.map(|(position, _)| position).collect())
    }

    /// A fact that cannot be computed is missing from the messages; it takes no finding away.
    fn facts(&mut self, document: &Json) -> BTreeMap<String, Json> {
        let mut facts = BTreeMap::new();
        for name in &self.check.facts {
            let query = format!("data.checks.{}.facts.{name}", self.check.id);
            if let Ok(Some(value)) = self.program.evaluate(&query, document.clone()) {
                facts.insert(name.clone(), value);
            }
        }
        facts
    }
}

/// Which reasons of a check cannot be decided for one subject.
struct Undecided {
    skip: Vec<bool>,
    fail: Vec<bool>,
    unknown: Vec<bool>,
}

fn decided(fired: Vec<usize>, undecided: &[bool]) -> Vec<usize> {
    fired
        .into_iter()
        .filter(|position| undecided.get(*position) != Some(&true))
        .collect()
}

fn is_undecided(reason: &Reason, subject: &Subject) -> bool {
    missing_of(reason, subject).next().is_some()
}

/// The paths that a reason looks at and that this subject does not have.
pub fn missing_of<'a>(reason: &'a Reason, subject: &'a Subject) -> impl Iterator<Item = String> + 'a {
    let unavailable = subject
        .unavailable
        .iter()
        .filter(|path| reason.reads.meets(&Path::parse(path)))
        .cloned();
    let unknown = reason
        .unknowable
        .iter()
        .filter(|path| says_unknown_at(subject, path))
        .map(ToString::to_string);
    unavailable.chain(unknown)
}

fn says_unknown_at(subject: &Subject, path: &Path) -> bool {
    let Some((crate::rego::Step::Field(first), rest)) = path.0.split_first() else {
        return false;
    };
    subject
        .parts
        .iter()
        .any(|(name, part)| name == first && says_unknown(part, rest))
}
