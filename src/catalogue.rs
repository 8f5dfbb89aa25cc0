//! The catalogue of checks: everything that their metadata and their text say, for people and programs.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::check::{self, Check, Checks, Part, Template};
use crate::finding::{Link, Severity, SubjectKind};
use crate::rego::ReadSet;

/// Checks, sorted by id.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The checks.
    pub checks: Vec<Entry>,
}

/// One check.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The folder's name.
    pub id: String,
    /// What it is called.
    pub title: Sentence,
    /// What has to be so.
    pub description: String,
    /// What it judges.
    pub subject: SubjectKind,
    /// The check's own; a project can change it.
    pub severity: Severity,
    /// `built-in`, or the folder as the project names it.
    pub origin: String,
    /// Whether it replaces a built-in of the same name.
    pub replaces_built_in: bool,
    /// Digest of its file and the libraries, lower-case hex.
    pub sha256: String,
    /// The documented page first.
    pub links: Vec<Link>,
    /// Control ids by framework.
    pub controls: BTreeMap<String, Vec<String>>,
    /// What to do, one sentence.
    pub summary: Sentence,
    /// What to do, in order.
    pub steps: Vec<Sentence>,
    /// Settings that a project may change, by name.
    pub params: Vec<Param>,
    /// In the metadata's order.
    pub skip: Vec<Reason>,
    /// In the metadata's order.
    pub fail: Vec<Reason>,
    /// In the metadata's order.
    pub unknown: Vec<Reason>,
    /// What it computes for the words of a failure.
    pub facts: Vec<Fact>,
    /// What is said of a subject that passes.
    pub pass: Sentence,
    /// Every path of the subject that it can look at. Sorted.
    pub reads: Vec<String>,
}

/// A setting that a project may change.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// What it may be, as the metadata says it.
    pub kind: &'static str,
    /// The same for people.
    pub kind_in_words: &'static str,
    /// What it is where nobody says.
    pub default: Json,
    /// What it does.
    pub description: String,
}

/// One reason that a check can give.
#[derive(Debug, Clone)]
pub struct Reason {
    /// Its code.
    pub code: String,
    /// Its words.
    pub message: Sentence,
    /// What would make it pass.
    pub passes_if: Option<Sentence>,
    /// The path of the time since when it has been so.
    pub since: Option<String>,
    /// The check that a skip leaves the subject to.
    pub blocked_by: Option<String>,
    /// Every path that its answer can depend on. Sorted.
    pub reads: Vec<String>,
}

/// One value that a check computes.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// Every path that it can depend on. Sorted.
    pub reads: Vec<String>,
}

/// Words with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence(pub Vec<Piece>);

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// The paths of a placeholder, of which the first known one is shown: `account.email|account.key`.
    Placeholder(String),
}

impl Catalogue {
    /// The catalogue of some checks, or of all where none is asked for.
    pub fn of(checks: &Checks, asked: &[String]) -> Self {
        let listed = checks
            .0
            .values()
            .filter(|check| asked.is_empty() || asked.contains(&check.id));
        Self {
            checks: listed.map(entry).collect(),
        }
    }
}

impl Sentence {
    /// As the metadata writes it.
    pub fn source(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
            Piece::Placeholder(paths) => format!("{{{paths}}}"),
        };
        self.0.iter().map(piece).collect()
    }
}

impl From<&Template> for Sentence {
    fn from(template: &Template) -> Self {
        let piece = |part: &Part| match part {
            Part::Text(text) => Piece::Text(text.clone()),
            Part::Paths(paths) => {
                let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
                Piece::Placeholder(paths.join("|"))
            }
        };
        Self(template.parts().iter().map(piece).collect())
    }
}

fn entry(check: &Check) -> Entry {
    let reasons = |reasons: &[check::Reason]| reasons.iter().map(reason).collect();
    Entry {
        id: check.id.clone(),
        title: Sentence::from(&check.title),
        description: check.description.clone(),
        subject: check.subject,
        severity: check.severity,
        origin: check.origin.clone(),
        replaces_built_in: check.replaces_built_in,
        sha256: check.sha256.clone(),
        links: check.links.clone(),
        controls: check.controls.clone(),
        summary: Sentence::from(&check.summary),
        steps: check.steps.iter().map(Sentence::from).collect(),
        params: check.params.iter().map(|(name, one)| param(name, one)).collect(),
        skip: reasons(&check.skip),
        fail: reasons(&check.fail),
        unknown: reasons(&check.unknown),
        facts: check
            .facts
            .iter()
            .map(|fact| Fact {
                name: fact.name.clone(),
                reads: paths(&fact.reads),
            })
            .collect(),
        pass: Sentence::from(&check.pass),
        reads: paths(&check.reads),
    }
}

fn param(name: &str, param: &check::Param) -> Param {
    Param {
        name: name.to_owned(),
        kind: param.kind.key(),
        kind_in_words: param.kind.word(),
        default: param.default.clone(),
        description: param.description.clone(),
    }
}

fn reason(reason: &check::Reason) -> Reason {
    Reason {
        code: reason.code.clone(),
        message: Sentence::from(&reason.message),
        passes_if: reason.passes_if.as_ref().map(Sentence::from),
        since: reason.since.as_ref().map(ToString::to_string),
        blocked_by: reason.blocked_by.clone(),
        reads: paths(&reason.reads),
    }
}

fn paths(reads: &ReadSet) -> Vec<String> {
    reads.looked_at().map(|(path, _)| path.to_string()).collect()
}
