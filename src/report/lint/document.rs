//! The published types of `rolecall/lint/1`. Every field is always present; what is not there is null.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use super::{end_of, path_of, placed};
use crate::workbench::lint::{self, Level, Linted};

/// What was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Lint")]
pub struct Document<'a> {
    /// `rolecall/lint/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// How many folders were looked at, those that do not load among them.
    folders: usize,
    /// How many findings are errors.
    errors: usize,
    /// How many findings are warnings.
    warnings: usize,
    /// Sorted by place.
    findings: Vec<Finding<'a>>,
    /// The folders that do not load.
    broken: Vec<Broken<'a>>,
}

/// One thing that is wrong.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The rule that it breaks.
    rule: &'static str,
    /// How bad it is.
    #[schemars(extend("enum" = ["error", "warning"]))]
    level: &'static str,
    /// What is wrong, one sentence.
    message: &'a str,
    /// What to write instead.
    help: &'a str,
    /// The file, as it was named on the command line.
    file: String,
    /// Counts from 1.
    line: usize,
    /// Counts from 1, in characters.
    column: usize,
    /// The column behind the last character that it is about.
    end_column: usize,
    /// Where people read about the rule, in the sources of this program.
    page: String,
}

/// A folder that does not load.
#[derive(Serialize, JsonSchema)]
struct Broken<'a> {
    /// The folder, as it was named on the command line.
    folder: &'a str,
    /// What its loader says; where a place is known, it begins with it.
    message: String,
    /// What to do.
    help: Option<String>,
    /// The file that it speaks of, where one is known, as it was named on the command line.
    file: Option<String>,
    /// Counts from 1.
    line: Option<usize>,
    /// Counts from 1, in characters.
    column: Option<usize>,
}

impl<'a> Document<'a> {
    pub fn of(linted: &'a Linted) -> Self {
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            folders: linted.units,
            errors: linted.count(Level::Error),
            warnings: linted.count(Level::Warning),
            findings: linted
                .findings
                .iter()
                .map(|finding| Finding::of(linted, finding))
                .collect(),
            broken: linted.broken.iter().map(Broken::of).collect(),
        }
    }
}

impl<'a> Finding<'a> {
    fn of(linted: &Linted, finding: &'a lint::Finding) -> Self {
        Self {
            rule: finding.rule.id,
            level: finding.rule.level.word(),
            message: &finding.message,
            help: &finding.help,
            file: path_of(finding),
            line: finding.place.line,
            column: finding.place.column,
            end_column: end_of(linted, finding),
            page: finding.rule.page(),
        }
    }
}

impl<'a> Broken<'a> {
    fn of(broken: &'a lint::Broken) -> Self {
        let error = broken.error.explained();
        let (place, _) = placed(error);
        Self {
            folder: &broken.folder,
            message: error.to_string(),
            help: error.help(),
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            file: place.map(|place| place.file),
        }
    }
}
