//! Why a subject is judged as it is: what was read, what fired, and which condition of the rest did not hold.

mod find;
mod read;
mod whose;
mod why;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

/// How the rules of a policy fare, for whoever shows it.
pub use crate::rego::probe;
pub use find::{NoSuchSubject, find, go_by, none_of};
pub use read::Read;
pub use whose::{Person, Tried, Whose};
pub use why::{Fields, Missing, Needs};

use crate::check::{Check, EVALUATION_LIMIT, Reason};
use crate::evaluate::{Evaluation, Judged, Outcome, fill, judgement, missing_of};
use crate::finding::{Exception, Judgement, Report, SubjectRef, Verdict};
use crate::project::Project;
use crate::rego::probe::{Definition, Probe};
use crate::rego::{Output, Path, RegoError};
use crate::snapshot::Snapshot;
use crate::subject::{Subject, Subjects};

/// What an explanation is made from.
pub struct Request<'a> {
    /// Every verdict of the run: what a check says can hang on what another one said.
    pub evaluation: &'a Evaluation<'a>,
    /// The checks that are asked about.
    pub shown: &'a BTreeSet<String>,
    /// The project.
    pub project: &'a Project,
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// What was judged.
    pub subjects: &'a Subjects,
    /// The time of the run.
    pub now: Timestamp,
    /// What the fields of a subject need, by connector.
    pub fields: &'a Fields,
    /// Every reason why the run as a whole gives no answer.
    pub cannot_decide: &'a [String],
}

/// Why one subject is judged as it is.
#[derive(Debug)]
pub struct Explanation {
    /// The organisation's name.
    pub organisation: String,
    /// The time that the verdicts speak of.
    pub as_of: Timestamp,
    /// Every reason why the run as a whole gives no answer, one sentence each.
    pub cannot_decide: Vec<String>,
    /// The subject.
    pub subject: SubjectRef,
    /// Its system as people know it, of an account or a system.
    pub system: Option<String>,
    /// Whose it is, of an account.
    pub whose: Option<Whose>,
    /// The keys of the accounts that are theirs, of a member of staff.
    pub accounts: Vec<String>,
    /// Sorted by check.
    pub checks: Vec<Explained>,
}

/// Why one check says what it says.
#[derive(Debug)]
pub struct Explained {
    /// Its title, filled in.
    pub title: String,
    /// `built-in`, or the folder as the project names it.
    pub origin: String,
    /// The verdict and its words, as every report has them.
    pub judgement: Judgement,
    /// The exception in force that accepts what it finds. The verdict is `fail` all the same.
    pub accepted: Option<Exception>,
    /// What the checks that it was left to say.
    pub left_to: Vec<LeftTo>,
    /// Every reason that it can give: those of `skip` first, then `fail`, then `unknown`, in the metadata's order.
    pub reasons: Vec<Told>,
    /// What it can look at, and nothing else. Sorted by path.
    pub read: Vec<Read>,
    /// What it can look at and is not known. Sorted by path.
    pub missing: Vec<Missing>,
}

/// What another check says.
#[derive(Debug)]
pub struct LeftTo {
    /// The other check.
    pub check: String,
    /// Its verdict; null where it did not run.
    pub verdict: Option<Verdict>,
    /// Its words.
    pub messages: Vec<String>,
}

/// One reason that a check can give.
#[derive(Debug)]
pub struct Told {
    /// `skip`, `fail` or `unknown`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its words, where it fired: filled in for a subject of which it is not so, they would mislead.
    pub message: Option<String>,
    /// What would make it pass, where it fired.
    pub passes_if: Option<String>,
    /// Since when it is so, where it fired.
    pub since: Option<String>,
    /// How it fared.
    pub state: State,
    /// The paths that keep it from being decided. Sorted.
    pub missing: Vec<String>,
    /// How each of its definitions fared, where that was asked.
    pub definitions: Vec<Definition>,
}

/// How a reason fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is given.
    Fired,
    /// It is not.
    NotFired,
    /// It looks at something that is not known.
    Undecided,
    /// Another reason had answered before, or the policy could not be evaluated.
    NotAsked,
}

impl State {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            State::Fired => "fired",
            State::NotFired => "not_fired",
            State::Undecided => "undecided",
            State::NotAsked => "not_asked",
        }
    }
}

/// Explains every verdict of a subject that is asked about.
///
/// # Errors
/// An engine that cannot be prepared; the checks were loaded before, so this is a fault of ours.
pub fn explain(request: &Request<'_>, subject: &Subject) -> Result<Explanation, RegoError> {
    let of_subject = |judged: &&Judged<'_>| std::ptr::eq(judged.subject, subject);
    let judged = request.evaluation.judged.iter().filter(of_subject);
    let asked = judged.filter(|judged| request.shown.contains(&judged.check.id));
    let named = subject.of.system.as_deref();
    let system = request
        .subjects
        .systems
        .iter()
        .find(|system| Some(system.of.id.as_str()) == named)
        .and_then(|system| system.of.name.clone());
    Ok(Explanation {
        organisation: request.project.organisation.clone(),
        as_of: request.now,
        cannot_decide: request.cannot_decide.to_vec(),
        subject: subject.of.clone(),
        system,
        whose: whose::of(request, subject),
        accounts: whose::accounts(subject),
        checks: asked
            .map(|judged| explained(request, judged))
            .collect::<Result<_, _>>()?,
    })
}

impl Explanation {
    /// Takes over from a report of the same run which of the findings are accepted.
    pub fn accept(&mut self, report: &Report) {
        let of_subject = report
            .findings
            .iter()
            .filter(|finding| finding.subject.id == self.subject.id);
        for finding in of_subject {
            let accepted = finding.exception.and_then(|at| report.exceptions.get(at));
            let mut checks = self.checks.iter_mut();
            if let Some(explained) = checks.find(|explained| explained.judgement.check == finding.check) {
                explained.accepted = accepted.cloned();
            }
        }
    }
}

fn explained(request: &Request<'_>, judged: &Judged<'_>) -> Result<Explained, RegoError> {
    let (check, subject) = (judged.check, judged.subject);
    let document = document(judged);
    let reasons = Reasons {
        judged,
        judgement: judgement(judged),
        probe: Probe::new(&check.files, EVALUATION_LIMIT)?,
        known: check.cut.apply(&read::known(document.clone(), subject)),
        cut: check.cut.apply(&document),
    };
    let told: Vec<Told> = [
        (Output::Skip, &check.skip),
        (Output::Fail, &check.fail),
        (Output::Unknown, &check.unknown),
    ]
    .into_iter()
    .flat_map(|(kind, list)| {
        list.iter()
            .enumerate()
            .map(move |(position, reason)| (kind, position, reason))
    })
    .map(|(kind, position, reason)| reasons.told(kind, position, reason))
    .collect();
    let read = read::of(check, subject, &document);
    let open: BTreeSet<&String> = told.iter().flat_map(|told| &told.missing).collect();
    // A skip that is undecided does not fire, and nobody waits for it.
    let waits = judged.verdict == Verdict::Unknown && judged.left_to.is_none();
    let awaited = told.iter().filter(|told| waits && told.kind != Output::Skip.name());
    let needed: BTreeSet<&String> = awaited.flat_map(|told| &told.missing).collect();
    // What lies below something that is told of already is not told of again.
    let is_told = |path: &String| open.iter().any(|open| Path::parse(open).covers(&Path::parse(path)));
    let unread = read.iter().filter(|read| read.value.is_none()).map(|read| &read.path);
    let unread: Vec<&String> = unread.filter(|path| !is_told(path)).collect();
    let unknown: BTreeSet<&String> = open.into_iter().chain(unread).collect();
    let missing = unknown
        .into_iter()
        .map(|path| why::missing(request, subject, path, needed.contains(path)));
    let missing = missing.collect();
    Ok(Explained {
        title: fill(&check.title, subject, &judged.given, &BTreeMap::new()),
        origin: check.origin.clone(),
        accepted: None,
        left_to: left_to(request.evaluation, judged),
        read,
        missing,
        reasons: told,
        judgement: reasons.judgement,
    })
}

/// The whole document of a subject; what a policy sees is cut out of it.
fn document(judged: &Judged<'_>) -> Json {
    let mut parts: Map<String, Json> = judged.given.as_object().cloned().unwrap_or_default();
    let own = judged.subject.parts.iter();
    parts.extend(own.map(|(name, part)| ((*name).to_owned(), part.as_ref().clone())));
    parts.insert("unavailable".to_owned(), Json::from(judged.subject.unavailable.clone()));
    Json::Object(parts)
}

/// What the checks say that the reasons which fired leave the subject to.
fn left_to(evaluation: &Evaluation<'_>, judged: &Judged<'_>) -> Vec<LeftTo> {
    let Outcome::Skip(skips) = &judged.outcome else {
        return Vec::new();
    };
    if judged.left_to.is_none() {
        return Vec::new();
    }
    let of = &judged.subject.of;
    let said = |id: &String| {
        let mut others = evaluation.judged.iter().filter(|other| other.check.id == *id);
        others.find(|other| other.subject.of.id == of.id || of.system.as_ref() == Some(&other.subject.of.id))
    };
    let blockers = skips
        .iter()
        .filter_map(|position| judged.check.skip.get(*position)?.blocked_by.as_ref());
    let mut left: Vec<LeftTo> = blockers
        .map(|id| {
            let words = said(id).map(judgement);
            LeftTo {
                check: id.clone(),
                verdict: words.as_ref().map(|words| words.verdict),
                messages: words
                    .into_iter()
                    .flat_map(|words| words.reasons)
                    .map(|reason| reason.message)
                    .collect(),
            }
        })
        .collect();
    left.dedup_by(|one, other| one.check == other.check);
    left
}

/// The reasons of a check, for one subject.
struct Reasons<'a> {
    judged: &'a Judged<'a>,
    judgement: Judgement,
    probe: Probe,
    /// What the policy was given.
    cut: Json,
    /// The same without what the subject's source did not say: a reason that does not look there says the same of it.
    known: Json,
}

impl Reasons<'_> {
    fn told(&self, kind: Output, position: usize, reason: &Reason) -> Told {
        let judged = self.judged;
        let mut missing: Vec<String> = missing_of(reason, judged.subject).collect();
        missing.sort();
        missing.dedup();
        let state = match self.state(kind, position) {
            State::NotFired if !missing.is_empty() => State::Undecided,
            state => state,
        };
        let words = self.judgement.reasons.iter().find(|words| words.code == reason.code);
        let words = words.filter(|_| state == State::Fired);
        let mut definitions = match state {
            // What it looks at is not there: what the engine would say of the rest is no answer.
            State::Undecided => Vec::new(),
            State::NotAsked if !matches!(judged.outcome, Outcome::Error(_)) => Vec::new(),
            // What was too slow of others is not asked again of this one.
            State::NotAsked if judged.outcome.was_refused() => Vec::new(),
            // A reason may be asked although it looks at what is not known: then the values there are none.
            _ if !missing.is_empty() => without_values(self.definitions(judged.check, kind, &reason.code, &self.cut)),
            _ => self.definitions(judged.check, kind, &reason.code, &self.known),
        };
        match state {
            State::Fired => definitions.retain(|one| one.outcome == probe::Outcome::Holds),
            State::NotAsked => definitions
                .retain(|one| matches!(&one.outcome, probe::Outcome::Stops(statement) if statement.error.is_some())),
            State::NotFired | State::Undecided => {}
        }
        Told {
            kind: kind.name(),
            code: reason.code.clone(),
            message: words.map(|words| words.message.clone()),
            passes_if: words.and_then(|words| words.passes_if.clone()),
            since: words.and_then(|words| words.since.clone()),
            missing: if matches!(state, State::Undecided) {
                missing
            } else {
                Vec::new()
            },
            state,
            definitions,
        }
    }

    fn state(&self, kind: Output, position: usize) -> State {
        let fired = |fired: &[usize]| {
            if fired.contains(&position) {
                State::Fired
            } else {
                State::NotFired
            }
        };
        match (&self.judged.outcome, kind) {
            (Outcome::Error(_), _) => State::NotAsked,
            (Outcome::Skip(skips), Output::Skip) => fired(skips),
            (Outcome::Skip(_), _) | (Outcome::Fail { .. }, Output::Unknown) => State::NotAsked,
            (Outcome::Fail { reasons, .. }, Output::Fail) | (Outcome::Unknown { reasons, .. }, Output::Unknown) => {
                fired(reasons)
            }
            _ => State::NotFired,
        }
    }

    /// A policy of which nothing can be asked is explained by its words and values alone.
    fn definitions(&self, check: &Check, kind: Output, code: &str, input: &Json) -> Vec<Definition> {
        let package = format!("checks.{}", check.id);
        let asked = self.probe.rule(&package, kind.name(), Some(code), Some(input.clone()));
        asked.unwrap_or_default()
    }
}

/// How definitions fare, and nothing of what stands in them.
fn without_values(mut definitions: Vec<Definition>) -> Vec<Definition> {
    for definition in &mut definitions {
        definition.ways.clear();
        definition.more_ways = 0;
        if let probe::Outcome::Stops(statement) = &mut definition.outcome {
            statement.tries.clear();
            statement.more = 0;
        }
    }
    definitions
}
