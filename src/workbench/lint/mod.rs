//! Lint: what is wrong with checks, libraries and connectors beyond what their loaders refuse.
//!
//! Every rule has an id, a section in `docs/lint.md`, and one function that finds it. What does not load is the loader's to
//! speak of: it is handed on as its error, and the other folders are looked at all the same.

mod check;
mod connector;
mod context;
mod controls;
mod folder;
mod ignore;
mod library;
mod rules;
mod tested;
mod words;

use std::collections::BTreeMap;
use std::fs;

use self::context::Context;
pub use self::rules::{Level, RULES, Rule};
use super::{Unit, UnitKind, Units};
use crate::error::{Explain, Place};
use crate::rego::SourceFile;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// Where it begins.
    pub place: Place,
    /// How many characters of that line it is about.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// What linting some units came to.
#[derive(Debug, Default)]
pub struct Linted {
    /// Sorted by place.
    pub findings: Vec<Finding>,
    /// The folders that do not load, and why.
    pub broken: Vec<Broken>,
    /// How many folders were looked at, those that do not load among them.
    pub units: usize,
    /// The text of every file that a finding is in.
    pub texts: BTreeMap<String, String>,
}

/// A folder that does not load.
#[derive(Debug)]
pub struct Broken {
    /// The folder, as the user named it.
    pub folder: String,
    /// What its loader says.
    pub error: Failure,
}

/// Why a folder cannot be looked at: its loader's error.
#[derive(Debug)]
pub struct Failure(super::Broken);

impl Failure {
    /// The loader's error.
    pub fn explained(&self) -> &dyn Explain {
        self.0.as_ref()
    }
}

impl<E: Explain + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl From<super::Broken> for Failure {
    fn from(error: super::Broken) -> Self {
        Self(error)
    }
}

impl Linted {
    /// How many findings are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.rule.level == level)
            .count()
    }
}

/// Looks at every unit.
pub fn lint(units: &Units) -> Linted {
    let mut linted = Linted {
        units: units.0.len(),
        ..Linted::default()
    };
    let mut files = Vec::new();
    for unit in &units.0 {
        match of_unit(unit, units) {
            Ok((findings, own)) => {
                linted.findings.extend(findings);
                files.extend(own);
            }
            Err(error) => linted.broken.push(Broken {
                folder: unit.folder.display().to_string(),
                error,
            }),
        }
    }
    // At the end, since checks find things in the libraries that they use.
    let checks = units.0.iter().any(|unit| unit.kind == UnitKind::Check);
    linted.findings = ignore::apply(std::mem::take(&mut linted.findings), &files, checks);
    // What a check finds in a library, every check that uses it finds there.
    linted.findings.sort_by(|one, other| {
        (&one.place, one.rule.id, &one.message).cmp(&(&other.place, other.rule.id, &other.message))
    });
    linted.findings.dedup();
    for finding in &linted.findings {
        let file = &finding.place.file;
        if !linted.texts.contains_key(file) {
            let text = units.0.iter().find_map(|unit| text_of(unit, file));
            let text = text.or_else(|| fs::read_to_string(file).ok());
            linted.texts.extend(text.map(|text| (file.clone(), text)));
        }
    }
    linted
}

fn of_unit(unit: &Unit, units: &Units) -> Result<(Vec<Finding>, Vec<SourceFile>), Failure> {
    let mut context = Context::new(unit)?;
    match unit.kind {
        UnitKind::Check => check::lint(&mut context)?,
        UnitKind::Connector => connector::lint(&mut context)?,
        UnitKind::Library => library::lint(&mut context, units),
    }
    Ok(context.finish())
}

fn text_of(unit: &Unit, path: &str) -> Option<String> {
    let files = unit.policies.iter().chain(&unit.tests).chain(&unit.around);
    let mut files = files.filter(|file| file.path == path);
    files.next().map(|file| file.text.clone())
}
