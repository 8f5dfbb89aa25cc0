//! Checks times subjects gives verdicts.
//!
//! Checks run in an order in which each comes after those that it leaves subjects to, so that a skip that names another
//! check is held to its word by what that check said.

mod completeness;
mod input;
mod judge;
mod nearest;
mod population;
mod report;
mod undecided;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

pub use input::{Given, inputs};
pub use judge::{Judge, Moment, Outcome};
pub use population::Proof;
pub use report::{Context, assemble};
pub use undecided::{Undecided, missing_of};
pub use words::{fill, judgement};

use crate::check::{Check, CheckError, Checks};
use crate::error::did_you_mean;
use crate::finding::{SubjectKind, Verdict};
use crate::project::Project;
use crate::rego::{Path, RegoError, STACK};
use crate::subject::{Need, Subject, Subjects};

/// What one check says of one subject, other checks asked.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The check.
    pub check: &'a Check,
    /// The subject.
    pub subject: &'a Subject,
    /// The verdict.
    pub verdict: Verdict,
    /// How it came about.
    pub outcome: Outcome,
    /// `now`, `today` and `params`, as the policy saw them.
    pub given: Arc<Json>,
    /// What the checks that it was left to said, in words; null where it was not left to any.
    pub left_to: Option<String>,
}

/// Every verdict of a run, sorted by check, then as the subjects are.
#[derive(Debug)]
pub struct Evaluation<'a> {
    /// The verdicts.
    pub judged: Vec<Judged<'a>>,
    /// The checks that ran.
    pub ran: BTreeSet<String>,
}

impl Evaluation<'_> {
    /// Every verdict, by check, kind and id of the subject.
    pub fn verdicts(&self) -> BTreeMap<(&str, SubjectKind, &str), Verdict> {
        let entries = self.judged.iter().map(|one| {
            let of = &one.subject.of;
            ((one.check.id.as_str(), of.kind, of.id.as_str()), one.verdict)
        });
        entries.collect()
    }
}

/// Which checks run: the enabled ones, or those of them that were asked for.
///
/// # Errors
/// A check that was asked for and does not exist, or is switched off.
pub fn choose(checks: &Checks, project: &Project, asked: &[String]) -> Result<BTreeSet<String>, CheckError> {
    let enabled = |id: &str| project.checks.get(id).is_none_or(|settings| settings.enabled);
    for id in asked {
        let id = id.clone();
        if !checks.0.contains_key(&id) {
            let help = did_you_mean(&id, checks.0.keys().map(String::as_str));
            return Err(CheckError::NoSuchCheck { id, help });
        }
        if let Some(settings) = project.checks.get(&id).filter(|settings| !settings.enabled) {
            let place = settings.place.clone();
            return Err(CheckError::SwitchedOff { id, place });
        }
    }
    let wanted = checks
        .0
        .keys()
        .filter(|id| enabled(id) && (asked.is_empty() || asked.contains(id)));
    Ok(wanted.cloned().collect())
}

/// The documents that the chosen checks can look at; lists of accounts are most of a large workspace's memory.
pub fn need(checks: &Checks, chosen: &BTreeSet<String>) -> Need {
    let chosen = || checks.0.values().filter(|check| chosen.contains(&check.id));
    let lists = |check: &Check| check.subject == SubjectKind::System && check.reads.meets(&Path::parse("accounts"));
    Need {
        staff: chosen().any(|check| check.subject == SubjectKind::Staff),
        account_lists: chosen().any(lists),
    }
}

/// Judges every subject by every chosen check.
///
/// # Errors
/// An engine that cannot be prepared; the checks were loaded before, so this is a fault of ours.
pub fn evaluate<'a>(
    checks: &'a Checks,
    chosen: &BTreeSet<String>,
    project: &Project,
    subjects: &'a Subjects,
    now: Timestamp,
) -> Result<Evaluation<'a>, RegoError> {
    let moment = Moment::of(now, &project.timezone);
    let mut known: BTreeMap<(&str, &str), Verdict> = BTreeMap::new();
    let mut judged: Vec<Judged<'a>> = Vec::new();
    for check in checks.in_order().into_iter().filter(|check| chosen.contains(&check.id)) {
        let list = subjects_of(subjects, check.subject);
        let params = params_of(check, project);
        let outcomes = judge_all(check, &params, &moment, list)?;
        let given = Arc::new(json!({"now": moment.now, "today": moment.today, "params": params}));
        for (subject, outcome) in list.iter().zip(outcomes) {
            let (verdict, left_to) = verdict_of(check, subject, &outcome, &known);
            known.insert((&check.id, &subject.of.id), verdict);
            judged.push(Judged {
                check,
                subject,
                verdict,
                outcome,
                given: Arc::clone(&given),
                left_to,
            });
        }
    }
    judged.sort_by(|a, b| a.check.id.cmp(&b.check.id));
    Ok(Evaluation {
        judged,
        ran: chosen.clone(),
    })
}

/// The settings of a check that are in force.
fn params_of(check: &Check, project: &Project) -> Json {
    let settings = project.checks.get(&check.id);
    check.params(&settings.map(|settings| settings.params.clone()).unwrap_or_default())
}

/// The subjects of a kind.
pub fn subjects_of(subjects: &Subjects, kind: SubjectKind) -> &[Subject] {
    match kind {
        SubjectKind::Account => &subjects.accounts,
        SubjectKind::Staff => &subjects.staff,
        SubjectKind::System => &subjects.systems,
        SubjectKind::Workspace => std::slice::from_ref(&subjects.workspace),
    }
}

/// Fewer subjects than this are not worth another thread's engine.
const SHARE: usize = 2000;

/// Judges a list, each thread with an engine of its own: sharing one makes them fight over reference counts.
fn judge_all(check: &Check, params: &Json, moment: &Moment, list: &[Subject]) -> Result<Vec<Outcome>, RegoError> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(list.len() / SHARE + 1);
    let share = list.len().div_ceil(threads).max(1);
    let part = |subjects: &[Subject]| -> Result<Vec<Outcome>, RegoError> {
        let mut judge = Judge::new(check, params.clone(), moment)?;
        Ok(subjects.iter().map(|subject| judge.judge(subject)).collect())
    };
    if threads == 1 {
        return part(list);
    }
    thread::scope(|scope| {
        let spawn = |chunk| {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || part(chunk))
        };
        let running: Vec<_> = list.chunks(share).map(|chunk| (chunk, spawn(chunk))).collect();
        let mut outcomes = Vec::with_capacity(list.len());
        for (chunk, thread) in running {
            let done = match thread {
                Ok(thread) => thread
                    .join()
                    .unwrap_or_else(|payload| std::panic::resume_unwind(payload)),
                // No room for another thread: this one does its share.
                Err(_) => part(chunk),
            };
            outcomes.extend(done?);
        }
        Ok(outcomes)
    })
}

/// The verdict of an outcome; a skip that leaves a subject to other checks is held to its word by what they said.
fn verdict_of(
    check: &Check,
    subject: &Subject,
    outcome: &Outcome,
    known: &BTreeMap<(&str, &str), Verdict>,
) -> (Verdict, Option<String>) {
    let skips = match outcome {
        Outcome::Skip(skips) => skips,
        Outcome::Fail { .. } => return (Verdict::Fail, None),
        Outcome::Unknown { .. } => return (Verdict::Unknown, None),
        Outcome::Pass => return (Verdict::Pass, None),
        Outcome::Error(_) => return (Verdict::Error, None),
    };
    let reasons: Vec<_> = skips.iter().filter_map(|position| check.skip.get(*position)).collect();
    let blockers: Vec<&String> = reasons.iter().filter_map(|reason| reason.blocked_by.as_ref()).collect();
    // A skip of its own needs nobody else's word.
    if blockers.len() < reasons.len() {
        return (Verdict::NotApplicable, None);
    }
    let answers = blockers.iter().map(|blocker| (*blocker, said(blocker, subject, known)));
    // One check that found something wrong is enough; one that passed it leaves a gap, and a gap is no answer.
    let (blocker, answer) = answers
        .min_by_key(|(_, answer)| weight(*answer))
        .map_or(("", None), |(id, a)| (id.as_str(), a));
    match answer {
        Some(Verdict::NotApplicable) => (Verdict::NotApplicable, None),
        Some(Verdict::Fail | Verdict::Unknown | Verdict::Error | Verdict::Blocked) => {
            (Verdict::Blocked, Some(format!("left to `{blocker}`")))
        }
        Some(Verdict::Pass) => (Verdict::Unknown, Some(format!("left to `{blocker}`, which passed it"))),
        None => (
            Verdict::Unknown,
            Some(format!("left to `{blocker}`, which did not run")),
        ),
    }
}

/// What a check said of this subject, or of its system.
fn said(blocker: &str, subject: &Subject, known: &BTreeMap<(&str, &str), Verdict>) -> Option<Verdict> {
    let of_system = subject
        .of
        .system
        .as_deref()
        .and_then(|system| known.get(&(blocker, system)));
    known.get(&(blocker, subject.of.id.as_str())).or(of_system).copied()
}

fn weight(answer: Option<Verdict>) -> u8 {
    match answer {
        Some(Verdict::Fail | Verdict::Unknown | Verdict::Error | Verdict::Blocked) => 0,
        None | Some(Verdict::Pass) => 1,
        Some(Verdict::NotApplicable) => 2,
    }
}
