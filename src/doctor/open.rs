//! Which reasons of which checks look at something that cannot be filled.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Trouble;
use crate::check::Checks;
use crate::evaluate::{self, Judged, Outcome};
use crate::finding::{SubjectKind, Verdict};
use crate::project::Project;
use crate::rego::Path;
use crate::snapshot::{Collection, Snapshot};
use crate::subject::{self, Subjects, trust};

/// A reason of a check that could not be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// The check.
    pub check: String,
    /// The system whose subjects it is about; null for staff and the workspace.
    pub system: Option<String>,
    /// The reason's code; null where nothing can be judged at all.
    pub reason: Option<String>,
    /// The paths that it looks at and that cannot be filled. Sorted.
    pub missing: Vec<String>,
    /// The paths that it looks at and that were read as unknown. Sorted.
    pub unknown: Vec<String>,
    /// Why nothing can be judged.
    pub why: Option<String>,
    /// How many of the subjects that were read this is about.
    pub subjects: u64,
}

/// Everything that the enabled checks could not decide of the subjects that were read. What a policy says of them is not
/// told: the beginning of a list is no ground for a finding.
pub(super) fn of(
    checks: &Checks,
    project: &Project,
    snapshot: &Snapshot,
    at: Timestamp,
) -> Result<(Vec<Open>, Subjects), Trouble> {
    let chosen = evaluate::choose(checks, project, &[]).map_err(|error| Trouble::of(&error))?;
    let need = evaluate::need(checks, &chosen);
    let subjects = subject::subjects_needed(snapshot, project, at, need, None).map_err(|error| Trouble::of(&error))?;
    let evaluation =
        evaluate::evaluate(checks, &chosen, project, &subjects, at).map_err(|error| Trouble::of(&error))?;
    let mut open = of_reasons(&evaluation.judged);
    let of_accounts = || {
        let chosen = checks.0.values().filter(|check| chosen.contains(&check.id));
        chosen.filter(|check| check.subject == SubjectKind::Account)
    };
    for (system, why) in unread(project, snapshot) {
        open.extend(of_accounts().map(|check| Open {
            check: check.id.clone(),
            system: Some(system.clone()),
            reason: None,
            missing: Vec::new(),
            unknown: Vec::new(),
            why: Some(why.clone()),
            subjects: 0,
        }));
    }
    open.sort();
    Ok((open, subjects))
}

/// What a reason lacks, and for how many subjects.
#[derive(Default)]
struct Lacking<'a> {
    missing: BTreeSet<&'a String>,
    unknown: BTreeSet<String>,
    subjects: u64,
}

/// The reasons that are open for want of something that no source can fill, or that was read and is unknown.
fn of_reasons(judged: &[Judged<'_>]) -> Vec<Open> {
    let mut found: BTreeMap<(&str, Option<&str>, &str), Lacking<'_>> = BTreeMap::new();
    for judged in judged.iter().filter(|judged| judged.verdict == Verdict::Unknown) {
        let Outcome::Unknown {
            undecided,
            reasons: fired,
        } = &judged.outcome
        else {
            continue;
        };
        let (check, subject) = (judged.check, judged.subject);
        let reasons: Vec<_> = check.fail.iter().chain(&check.unknown).collect();
        let (id, system) = (check.id.as_str(), subject.of.system.as_deref());
        for reason in undecided.iter().filter_map(|position| reasons.get(*position)) {
            let lacks = |path: &&String| reason.reads.meets(&Path::parse(path));
            let missing: BTreeSet<&String> = subject.unavailable.iter().filter(lacks).collect();
            let unknown = evaluate::missing_of(reason, subject).filter(|path| !missing.contains(path));
            let entry = found.entry((id, system, reason.code.as_str())).or_default();
            entry.unknown.extend(unknown);
            entry.missing.extend(missing);
            entry.subjects += 1;
        }
        for reason in fired.iter().filter_map(|position| check.unknown.get(*position)) {
            found.entry((id, system, reason.code.as_str())).or_default().subjects += 1;
        }
    }
    let open = found.into_iter().map(|((check, system, reason), lacking)| Open {
        check: check.to_owned(),
        system: system.map(str::to_owned),
        reason: Some(reason.to_owned()),
        missing: lacking.missing.into_iter().cloned().collect(),
        unknown: lacking.unknown.into_iter().collect(),
        why: None,
        subjects: lacking.subjects,
    });
    open.collect()
}

/// The systems of which not one account was read, and why.
fn unread(project: &Project, snapshot: &Snapshot) -> Vec<(String, String)> {
    let unread = project.systems.iter().filter_map(|system| {
        if snapshot.accounts.iter().any(|account| account.system == system.id) {
            return None;
        }
        let source = snapshot.sources.iter().find(|source| source.id == system.id);
        let why = match source {
            Some(source) => trust::gap(source, Collection::Accounts)?,
            None => format!("`{}` was not read", system.id),
        };
        Some((system.id.clone(), why))
    });
    unread.collect()
}
