//! A check: one folder under `policies/`.
//!
//! Rego decides, the metadata speaks. This is where the two are held against each other: every reason code stands on
//! both sides, every placeholder is a path of the subject, every parameter has a type. There is no list of checks.

mod exceptions;
mod folders;
mod join;
mod load;
mod metadata;
mod places;
mod template;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use folders::{PolicyFolder, built_in_libraries, files_of, folders_of, subject_schemas};
pub use load::{Checks, EVALUATION_LIMIT, load, load_alone};
pub use metadata::{Param, ParamKind, schema as metadata_schema};
pub use places::Places;
pub use template::{Part, Template};

use crate::error::{Explain, Frame, Place};
use crate::finding::{Link, Severity, SubjectKind};
use crate::rego::{Cut, Path, ReadSet, RegoError, Schema, SourceFile, WholeRecord};

/// One check, loaded and held against the contract.
#[derive(Debug, Clone)]
pub struct Check {
    /// The folder's name: package leaf, `--check` value, rule id in every report.
    pub id: String,
    /// What it is called; a system's name may be filled in.
    pub title: Template,
    /// What it is for, one sentence.
    pub description: String,
    /// What it judges.
    pub subject: SubjectKind,
    /// How bad its findings are, unless the project says otherwise.
    pub severity: Severity,
    /// Control ids by framework.
    pub controls: BTreeMap<String, Vec<String>>,
    /// What to do, one sentence.
    pub summary: Template,
    /// What to do, in order.
    pub steps: Vec<Template>,
    /// The documented page first.
    pub links: Vec<Link>,
    /// Settings that a project may change.
    pub params: BTreeMap<String, Param>,
    /// In the metadata's order.
    pub skip: Vec<Reason>,
    /// In the metadata's order.
    pub fail: Vec<Reason>,
    /// In the metadata's order.
    pub unknown: Vec<Reason>,
    /// What it computes for the words of a failure.
    pub facts: Vec<Fact>,
    /// What is said of a subject that passes.
    pub pass: Template,
    /// Everything that it can look at.
    pub reads: ReadSet,
    /// The same, arranged for cutting.
    pub cut: Cut,
    /// Where it reads records whole.
    pub whole_records: Vec<WholeRecord>,
    /// What a subject's document looks like, with the check's own params in it.
    pub schema: Schema,
    /// Its own file and the libraries it can see.
    pub files: Vec<SourceFile>,
    /// `built-in`, or the folder as the project names it.
    pub origin: String,
    /// Whether it replaces a built-in of the same name.
    pub replaces_built_in: bool,
    /// Digest of its file and the libraries, lower-case hex.
    pub sha256: String,
    /// Where its package stands.
    pub place: Place,
}

/// One reason that a check can give.
#[derive(Debug, Clone)]
pub struct Reason {
    /// Its code.
    pub code: String,
    /// Its words.
    pub message: Template,
    /// What would make it pass.
    pub passes_if: Option<Template>,
    /// Where the subject's document says since when.
    pub since: Option<Path>,
    /// The check that a skip leaves the subject to.
    pub blocked_by: Option<String>,
    /// What its answer can depend on.
    pub reads: ReadSet,
    /// The paths among these whose value may be the word `unknown`.
    pub unknowable: Vec<Path>,
}

/// One value that a check computes for the words of a failure.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What it can depend on. Where something of it was not read, the fact is not known.
    pub reads: ReadSet,
}

impl Check {
    /// The settings in force: the defaults, and what the project changes.
    pub fn params(&self, changed: &BTreeMap<String, Json>) -> Json {
        let defaults = self
            .params
            .iter()
            .map(|(name, param)| (name.clone(), param.default.clone()));
        let all = defaults.chain(changed.iter().map(|(name, value)| (name.clone(), value.clone())));
        Json::Object(all.collect())
    }
}

/// What is wrong with a check. Each is for whoever edits it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CheckError {
    /// What the Rego says.
    #[error(transparent)]
    Rego(#[from] RegoError),
    /// What the metadata says.
    #[error("{place}: in the metadata: {message}")]
    Metadata {
        /// Where.
        place: Place,
        /// How many characters are meant, if it is more or less than what stands there.
        width: Option<usize>,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// One of these, beside the line that it speaks of.
    #[error("{error}")]
    InFile {
        /// What is wrong.
        error: Box<CheckError>,
        /// The line.
        frame: Box<Frame>,
    },
    /// The folder is not a check.
    #[error("reading the policy folder `{folder}`: {message}")]
    Folder {
        /// The folder as the user knows it.
        folder: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// The project's settings do not fit the checks.
    #[error("{place}: {message}")]
    Settings {
        /// Where in the project file.
        place: Place,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// `--check` names a check that the project switches off.
    #[error("the check `{id}` is switched off")]
    SwitchedOff {
        /// What was asked for.
        id: String,
        /// The file that says so.
        place: Place,
    },
    /// `--check` names nothing.
    #[error("there is no check `{id}`")]
    NoSuchCheck {
        /// What was asked for.
        id: String,
        /// What to do.
        help: String,
    },
}

impl CheckError {
    /// The error beside its line, if the file of its place is among these.
    fn in_files<'a>(self, files: impl IntoIterator<Item = &'a SourceFile>) -> Self {
        let frame = match &self {
            Self::Rego(error) => error.frame(files),
            Self::Metadata {
                place, width, message, ..
            } => files
                .into_iter()
                .find(|file| file.path == place.file)
                .map(|file| Frame::new(format!("in the metadata: {message}"), place, *width, &file.text)),
            _ => None,
        };
        match frame {
            Some(frame) => Self::InFile {
                error: Box::new(self),
                frame: Box::new(frame),
            },
            None => self,
        }
    }
}

impl Explain for CheckError {
    fn place(&self) -> Option<&Place> {
        match self {
            Self::Settings { place, .. } => Some(place),
            _ => None,
        }
    }

    fn frame(&self) -> Option<&Frame> {
        match self {
            Self::InFile { frame, .. } => Some(frame),
            _ => None,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Rego(error) => error.help(),
            Self::InFile { error, .. } => error.help(),
            Self::SwitchedOff { place, .. } => {
                Some(format!("take `enabled: false` away at {place}, or do not ask for it"))
            }
            Self::Metadata { help, .. }
            | Self::Folder { help, .. }
            | Self::Settings { help, .. }
            | Self::NoSuchCheck { help, .. } => Some(help.clone()),
        }
    }
}
