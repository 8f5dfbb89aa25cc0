//! One check over one subject after another.
//!
//! The policy is evaluated on the subject cut down to what it can look at, so a verdict depends on nothing else, and
//! two subjects with the same cut have the same verdict: it is computed once.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::undecided::{Undecided, Undeciding};
use crate::check::{Check, EVALUATION_LIMIT, Reason};
use crate::rego::{Cut, Document, Program, RegoError};
use crate::subject::Subject;

/// What is the same for every subject of a run.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The time, RFC 3339.
    pub now: String,
    /// The organisation's calendar day at that time.
    pub today: String,
}

impl Moment {
    /// A time, in the organisation's time zone.
    pub fn of(now: Timestamp, zone: &TimeZone) -> Self {
        Self {
            now: now.to_string(),
            today: now.to_zoned_datetime(zone.clone()).date().to_string(),
        }
    }
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
        /// The undecided reasons under `fail`, and under `unknown` counted on from them.
        undecided: Vec<usize>,
    },
    /// Nothing is wrong.
    Pass,
    /// The policy could not be evaluated.
    Error(String),
}

impl Outcome {
    /// Whether nobody asked the policy, because it had taken too long of other subjects.
    pub fn was_refused(&self) -> bool {
        matches!(self, Self::Error(why) if why.starts_with(REFUSED))
    }
}

/// A check, ready to judge.
pub struct Judge<'a> {
    check: &'a Check,
    program: Program,
    /// The whole document, where it is not to be cut.
    cut: Option<&'a Cut>,
    /// Parts of the document that are the same for every subject, cut.
    fixed: Vec<(&'static str, Document)>,
    /// The last part of each name that several subjects share, cut: the system of one account after another.
    shared: HashMap<&'static str, Shared>,
    undeciding: Undeciding<'a>,
    /// By cut, and by what is undecided.
    seen: HashMap<Vec<u8>, Outcome>,
    asked: usize,
    /// How many evaluations were stopped at the limit.
    stopped: usize,
}

struct Shared {
    part: Arc<Json>,
    number: usize,
    document: Document,
}

/// After this many evaluations that had to be stopped, a check is not asked any more: a hundred thousand subjects would
/// take days, and it has no answer.
const PATIENCE: usize = 2;
/// How the words begin where a subject was not evaluated at all.
const REFUSED: &str = "not evaluated: ";

/// Past this many subjects, a check that hardly ever sees the same cut twice stops remembering.
const TRIAL: usize = 1024;

impl<'a> Judge<'a> {
    /// Prepares an engine for a check.
    ///
    /// # Errors
    /// What the engine says; the check was loaded before, so this is a fault of ours.
    pub fn new(check: &'a Check, params: Json, moment: &Moment) -> Result<Self, RegoError> {
        Self::build(check, params, moment, Some(&check.cut))
    }

    /// Judges whole documents instead of cut ones; the verdicts must be the same.
    ///
    /// # Errors
    /// As [`Judge::new`].
    pub fn on_whole_documents(check: &'a Check, params: Json, moment: &Moment) -> Result<Self, RegoError> {
        Self::build(check, params, moment, None)
    }

    /// Judges with a cut of the caller's own, to see what a wrong one does.
    ///
    /// # Errors
    /// As [`Judge::new`].
    pub fn with_cut(check: &'a Check, params: Json, moment: &Moment, cut: &'a Cut) -> Result<Self, RegoError> {
        Self::build(check, params, moment, Some(cut))
    }

    fn build(check: &'a Check, params: Json, moment: &Moment, cut: Option<&'a Cut>) -> Result<Self, RegoError> {
        let program = Program::load(&check.files, EVALUATION_LIMIT)?;
        let cut = cut.filter(|cut| !cut.is_whole());
        let fixed = [
            ("now", Json::from(moment.now.clone())),
            ("today", Json::from(moment.today.clone())),
            ("params", params),
        ];
        let fixed = fixed
            .into_iter()
            .filter_map(|(name, part)| Some((name, Document::new(cut_part(cut, name, &part)?))));
        Ok(Self {
            check,
            program,
            cut,
            fixed: fixed.collect(),
            shared: HashMap::new(),
            undeciding: Undeciding::new(check),
            seen: HashMap::new(),
            asked: 0,
            stopped: 0,
        })
    }

    /// Judges one subject.
    pub fn judge(&mut self, subject: &Subject) -> Outcome {
        let undecided = self.undeciding.of(subject);
        if self.asked > TRIAL && self.seen.len() * 2 > self.asked {
            return self.evaluate(subject, &undecided);
        }
        self.asked += 1;
        let key = self.key(subject, &undecided);
        if let Some(outcome) = self.seen.get(&key) {
            return outcome.clone();
        }
        let outcome = self.evaluate(subject, &undecided);
        self.seen.insert(key, outcome.clone());
        outcome
    }

    /// What stands for everything that the outcome depends on.
    fn key(&mut self, subject: &Subject, undecided: &Undecided) -> Vec<u8> {
        let mut key = Vec::with_capacity(256);
        for (name, part) in &subject.parts {
            if let Some(shared) = self.shared(name, part) {
                key.extend(shared.number.to_be_bytes());
            } else {
                match self.cut {
                    Some(cut) => cut.part(name).into_iter().for_each(|cut| cut.write(part, &mut key)),
                    None => Cut::whole().write(part, &mut key),
                }
            }
            key.push(b';');
        }
        if self.cut.is_none_or(|cut| cut.part("unavailable").is_some()) {
            key.extend(subject.unavailable.join("\n").into_bytes());
        }
        key.push(b';');
        key.extend(undecided.all().map(u8::from));
        key
    }

    /// A part that more than one subject has, cut once and numbered.
    fn shared(&mut self, name: &'static str, part: &Arc<Json>) -> Option<&Shared> {
        if name != "system" && name != "subject" && name != "roster" {
            return None;
        }
        let number = match self.shared.get(name) {
            Some(shared) if Arc::ptr_eq(&shared.part, part) => return self.shared.get(name),
            Some(shared) => shared.number + 1,
            None => 0,
        };
        let document = Document::new(cut_part(self.cut, name, part).unwrap_or_default());
        self.shared.insert(
            name,
            Shared {
                part: Arc::clone(part),
                number,
                document,
            },
        );
        self.shared.get(name)
    }

    /// What is undecided for a subject: those skips and fails are not asked.
    pub fn undecided(&mut self, subject: &Subject) -> Undecided {
        self.undeciding.of(subject)
    }

    /// The subject's document as the policy sees it: cut, with the time and the settings.
    pub fn document(&mut self, subject: &Subject) -> Document {
        let mut parts = self.fixed.clone();
        for (name, part) in &subject.parts {
            if self.cut.is_some_and(|cut| cut.part(name).is_none()) {
                continue;
            }
            let document = match self.shared(name, part) {
                Some(shared) => shared.document.clone(),
                None => Document::new(cut_part(self.cut, name, part).unwrap_or_default()),
            };
            parts.push((name, document));
        }
        let unavailable = Json::from(subject.unavailable.clone());
        parts.extend(cut_part(self.cut, "unavailable", &unavailable).map(|part| ("unavailable", Document::new(part))));
        Document::join(parts)
    }

    fn evaluate(&mut self, subject: &Subject, undecided: &Undecided) -> Outcome {
        if self.stopped >= PATIENCE {
            let why = format!("{REFUSED}{PATIENCE} subjects before this one took too long");
            return Outcome::Error(why);
        }
        let document = self.document(subject);
        self.try_evaluate(&document, undecided).unwrap_or_else(|error| {
            self.stopped += usize::from(matches!(error, RegoError::TimeLimit { .. }));
            Outcome::Error(error.to_string())
        })
    }

    /// Skip first, then fail, then unknown, then pass.
    fn try_evaluate(&mut self, document: &Document, undecided: &Undecided) -> Result<Outcome, RegoError> {
        let check = self.check;
        let skips = self.fired("skip", &check.skip, Some(&undecided.skip), document)?;
        if !skips.is_empty() {
            return Ok(Outcome::Skip(skips));
        }
        let fails = self.fired("fail", &check.fail, Some(&undecided.fail), document)?;
        if !fails.is_empty() {
            return Ok(Outcome::Fail {
                reasons: fails,
                facts: self.facts(document, undecided),
            });
        }
        // A reason under `unknown` is there to fire on what is not known.
        let reasons = self.fired("unknown", &check.unknown, None, document)?;
        let open = undecided.fail.iter().chain(&undecided.unknown).enumerate();
        let open: Vec<usize> = open.filter(|(_, open)| **open).map(|(position, _)| position).collect();
        if reasons.is_empty() && open.is_empty() {
            return Ok(Outcome::Pass);
        }
        Ok(Outcome::Unknown {
            reasons,
            undecided: open,
        })
    }

    /// The positions of the decided reasons that a rule gives.
    fn fired(
        &mut self,
        rule: &str,
        reasons: &[Reason],
        undecided: Option<&Vec<bool>>,
        document: &Document,
    ) -> Result<Vec<usize>, RegoError> {
        let decided = |position: &usize| undecided.and_then(|undecided| undecided.get(*position)) != Some(&true);
        if !(0..reasons.len()).any(|position| decided(&position)) {
            return Ok(Vec::new());
        }
        let path = format!("data.checks.{}.{rule}", self.check.id);
        let codes = self.program.rule(&path, document)?.unwrap_or_default();
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
        Ok(fired.map(|(position, _)| position).filter(decided).collect())
    }

    /// A fact that cannot be computed, or would be from what was not read, is missing from the messages; it takes no
    /// finding away.
    fn facts(&mut self, document: &Document, undecided: &Undecided) -> BTreeMap<String, Json> {
        let mut facts = BTreeMap::new();
        for (fact, _) in self
            .check
            .facts
            .iter()
            .zip(&undecided.facts)
            .filter(|(_, lacking)| !**lacking)
        {
            let path = format!("data.checks.{}.facts.{}", self.check.id, fact.name);
            if let Ok(Some(value)) = self.program.rule(&path, document) {
                facts.insert(fact.name.clone(), value);
            }
        }
        facts
    }
}

/// One part, cut; none where nothing of it is looked at.
fn cut_part(cut: Option<&Cut>, name: &str, part: &Json) -> Option<Json> {
    match cut {
        Some(cut) => cut.part(name).map(|cut| cut.apply(part)),
        None => Some(part.clone()),
    }
}
