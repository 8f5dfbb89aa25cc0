//! Exceptions in a run of `check`: laid over its report, by those of `--base-project` where there is one.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;

use super::CommandError;
use super::check::{exceptions_of, project_of};
use crate::check::{self, Checks};
use crate::error::Explain;
use crate::evaluate::Evaluation;
use crate::exception::{self, Approvers, Given, Told};
use crate::finding::{Notice, Report};
use crate::identity::IdentityError;
use crate::project::{Project, ProjectError};
use crate::snapshot::Snapshot;
use crate::staff;
use crate::subject::Subjects;

/// Lays the project's exceptions over a report.
///
/// # Errors
/// The identities of the project contradict each other.
pub fn lay_over(report: &mut Report, project: &Project, base: Option<&Base>, of: &Of<'_>) -> Result<(), IdentityError> {
    if let Some(base) = base {
        base.tell(report);
    }
    if project.exceptions.is_empty() {
        return Ok(());
    }
    let roster = staff::roster(of.snapshot, project, of.now);
    let approvers = Approvers::of(
        &roster,
        project,
        (of.snapshot, of.now),
        of.subjects.roster_gap.as_deref(),
    )?;
    let told = of.evaluation.judged.iter().map(|judged| Told {
        check: &judged.check.id,
        subject: &judged.subject.of,
        verdict: judged.verdict,
    });
    let given = Given {
        project,
        base: base.map(|base| &base.project),
        approvers: &approvers,
        verdicts: told.collect(),
        now: of.now,
    };
    exception::apply(report, &given);
    Ok(())
}

/// What a report was made of.
pub struct Of<'a> {
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// What was judged.
    pub subjects: &'a Subjects,
    /// The verdicts.
    pub evaluation: &'a Evaluation<'a>,
    /// The time of the run.
    pub now: Timestamp,
}

/// The base project, and how the judged one differs from it.
pub struct Base {
    /// The project.
    pub project: Project,
    /// The parts of the judged project that stand otherwise in the base project, in words.
    differs: Vec<String>,
}

impl Base {
    /// Reads it, before anything else is read: one that cannot be read is never one without exceptions.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(file: Option<&Path>) -> Result<Option<Self>, CommandError> {
        let Some(file) = file else { return Ok(None) };
        let project = Project::load(file).map_err(Unread)?;
        let differs = Vec::new();
        Ok(Some(Self { project, differs }))
    }

    /// Its files.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let exceptions = self
            .project
            .exceptions_file
            .as_ref()
            .map(|exceptions| exceptions.file.as_path());
        std::iter::once(self.project.file.as_path()).chain(exceptions)
    }

    /// Holds the rest of the judged project against it.
    ///
    /// # Errors
    /// One of the two files cannot be read any more.
    pub fn hold_against(&mut self, project: &Project, checks: &Checks) -> Result<(), CommandError> {
        self.differs = differs(project, &self.project, checks)?;
        Ok(())
    }

    /// Says in a report that its exceptions are weighed by this project.
    pub fn tell(&self, report: &mut Report) {
        let project = project_of(&self.project);
        report.inputs.exceptions.extend(exceptions_of(&self.project));
        if !self.differs.is_empty() {
            report.notices.push(Notice {
                code: "base_differs".to_owned(),
                message: format!(
                    "beside exceptions, the project differs from the base project in {}: these count as they stand in the project that is judged",
                    self.differs.join(", ")
                ),
                subject: None,
                place: None,
            });
            report.notices.sort();
        }
        report.base_project = Some(project);
    }
}

/// The top-level keys whose values differ, and the checks whose policies do.
fn differs(project: &Project, base: &Project, checks: &Checks) -> Result<Vec<String>, CommandError> {
    let (ours, theirs) = (project.parts()?, base.parts().map_err(Unread)?);
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut differs: Vec<String> = keys
        .into_iter()
        .filter(|key| ours.get(*key) != theirs.get(*key))
        .map(|key| format!("`{key}`"))
        .collect();
    match check::load(&base.policies, &base.checks) {
        Ok(before) => {
            let digest = |checks: &Checks, id: &str| checks.0.get(id).map(|check| check.sha256.clone());
            let ids: BTreeSet<&String> = checks.0.keys().chain(before.0.keys()).collect();
            let changed = ids.into_iter().filter(|id| digest(checks, id) != digest(&before, id));
            differs.extend(changed.map(|id| format!("the policy of `{id}`")));
        }
        // The base may stand alone, without its folders: it is asked for its exceptions.
        Err(_) => differs.push("its policies, as those of the base project do not load".to_owned()),
    }
    Ok(differs)
}

/// The base project cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("reading the base project: {0}")]
struct Unread(ProjectError);

impl Explain for Unread {
    fn help(&self) -> Option<String> {
        self.0.help()
    }
}
