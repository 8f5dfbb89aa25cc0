//! The file that an exception goes to, and whoever else writes to it meanwhile.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::ExceptError;
use crate::digest;
use crate::project::exceptions::{NewException, insert};
use crate::project::{Project, ProjectError, parts};
use crate::yaml::Tree;

/// How often a project is read that somebody writes to at this moment.
const READS: usize = 5;

/// A project, and what stands in its file beside the exceptions.
pub struct Read {
    pub project: Project,
    parts: BTreeMap<String, Tree>,
}

impl Read {
    /// Reads both at one time: whoever adds an exception meanwhile takes the file's place between the two.
    ///
    /// # Errors
    /// It cannot be read, or never stays as it was.
    pub fn of(file: &Path) -> Result<Self, ProjectError> {
        for _ in 1..READS {
            let project = Project::load(file)?;
            if let Ok(parts) = project.parts() {
                return Ok(Self { project, parts });
            }
        }
        let project = Project::load(file)?;
        let parts = project.parts()?;
        Ok(Self { project, parts })
    }

    /// The same project later on, in which nothing but exceptions may be new.
    ///
    /// # Errors
    /// It cannot be read, or something else is another.
    pub fn again(&self, file: &Path) -> Result<Result<Self, ExceptError>, ProjectError> {
        let now = Self::of(file)?;
        let separate = |project: &Project| project.exceptions_file.as_ref().map(|separate| separate.file.clone());
        let is_same = now.parts == self.parts && separate(&now.project) == separate(&self.project);
        Ok(match is_same {
            true => Ok(now),
            false => Err(ExceptError::Changed { file: now.project.file }),
        })
    }
}

/// Keeps every other `except` from a file until it is dropped. It is the file's folder that is locked, as the file itself
/// is replaced. Where the file system knows no locks there is none: what remains is the look at the file before it is written.
pub struct Lock(#[expect(dead_code, reason = "holding it is all")] Option<File>);

impl Lock {
    /// Waits for it.
    pub fn on(project: &Project) -> Self {
        let file = path(project);
        let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let folder = file.parent().and_then(|folder| File::open(folder).ok());
        Self(folder.filter(|folder| folder.lock().is_ok()))
    }
}

/// The file that the exceptions of a project stand in.
fn path(project: &Project) -> &Path {
    let separate = project.exceptions_file.as_ref();
    separate.map_or(&project.file, |separate| &separate.file)
}

/// The file that the exception goes to, as it is now.
pub struct Target {
    pub file: PathBuf,
    text: String,
    /// Whether it holds exceptions alone.
    is_separate: bool,
}

/// What a file is with the exception in it.
pub struct With {
    pub text: String,
    /// The line where the exception stands.
    pub line: usize,
    /// What is read of it.
    pub project: Project,
}

impl Target {
    pub fn of(project: &Project) -> Result<Self, ExceptError> {
        let file = path(project).to_owned();
        let separate = project.exceptions_file.as_ref();
        let sha256 = separate.map_or(&project.sha256, |separate| &separate.sha256);
        let bytes = std::fs::read(&file).unwrap_or_default();
        if digest::of(&bytes) != *sha256 {
            return Err(ExceptError::Changed { file });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                file,
                text,
                is_separate: separate.is_some(),
            }),
            Err(_) => Err(ExceptError::Changed { file }),
        }
    }

    /// Refuses what may not be written to, or is not as it was read: a file is replaced, which its own permissions do not
    /// keep anybody from.
    pub fn hold(&self) -> Result<(), ExceptError> {
        let file = || self.file.clone();
        if std::fs::metadata(&self.file).is_ok_and(|is| is.permissions().readonly()) {
            return Err(ExceptError::ReadOnly { file: file() });
        }
        if std::fs::read(&self.file).ok().as_deref() != Some(self.text.as_bytes()) {
            return Err(ExceptError::Changed { file: file() });
        }
        Ok(())
    }

    /// The file with the exception; null where anything else would change with it.
    pub fn with(&self, project: &Project, new: &NewException<'_>) -> Option<With> {
        let text = insert(&self.text, new)?;
        let after = if self.is_separate {
            let project_is = std::fs::read(&project.file).ok()?;
            Project::from_both(&project.file, &project_is, text.as_bytes()).ok()?
        } else {
            let same = |file: &Path, text: &str| parts(file, text.as_bytes()).ok();
            if same(&self.file, &self.text)? != same(&self.file, &text)? {
                return None;
            }
            Project::from_bytes(&project.file, text.as_bytes()).ok()?
        };
        let (last, before) = after.exceptions.split_last()?;
        let mut pairs = before.iter().zip(&project.exceptions);
        let is_whole = before.len() == project.exceptions.len()
            && pairs.all(|(now, then)| now.differs_in(then).is_empty())
            && new.is(last);
        let line = last.place.line;
        is_whole.then_some(With {
            text,
            line,
            project: after,
        })
    }
}
