//! Exceptions in a run of `check`: laid over its report, by those of `--base-project` where there is one.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::CommandError;
use super::check::{exceptions_of, project_of};
use super::differs::differs;
use crate::check::Checks;
use crate::cli::FactsArgs;
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
    /// It cannot be read, or it is the project that is judged.
    pub fn read(file: Option<&Path>, judged: &Project) -> Result<Option<Self>, CommandError> {
        let Some(file) = file else { return Ok(None) };
        let base = Self {
            project: Project::load(file).map_err(Unread)?,
            differs: Vec::new(),
        };
        let own = std::iter::once((judged.file.as_path(), "the project"));
        let own = own.chain(exceptions_file(judged).map(|file| (file, "the file of exceptions of the project")));
        let own: Vec<_> = own
            .filter_map(|(file, what)| Some((file.canonicalize().ok()?, what)))
            .collect();
        for file in base.files() {
            let found = file.canonicalize().ok();
            if let Some((_, what)) = own.iter().find(|(own, _)| found.as_ref() == Some(own)) {
                let file = file.to_owned();
                return Err(Itself { file, what }.into());
            }
        }
        Ok(Some(base))
    }

    /// Its files.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(self.project.file.as_path()).chain(exceptions_file(&self.project))
    }

    /// Holds the rest of the judged project against it.
    ///
    /// # Errors
    /// One of the two files cannot be read any more.
    pub fn hold_against(&mut self, project: &Project, checks: &Checks, facts: &FactsArgs) -> Result<(), CommandError> {
        self.differs = differs(project, &self.project, checks, facts)?;
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

fn exceptions_file(project: &Project) -> Option<&Path> {
    project
        .exceptions_file
        .as_ref()
        .map(|exceptions| exceptions.file.as_path())
}

/// The base project cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("reading the base project: {0}")]
pub struct Unread(pub ProjectError);

impl Explain for Unread {
    fn help(&self) -> Option<String> {
        self.0.help()
    }
}

/// A project would be held against itself, and would excuse itself.
#[derive(Debug, thiserror::Error)]
#[error("reading the base project: `{}` is {what} that is judged, which would excuse itself", file.display())]
struct Itself {
    file: PathBuf,
    what: &'static str,
}

impl Explain for Itself {
    fn help(&self) -> Option<String> {
        Some("name the folder of the branch that the change is merged into, as `git worktree add` makes one".to_owned())
    }
}
