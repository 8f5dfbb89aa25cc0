//! The file of accepted verdicts: valid JSON with one verdict on a line, so that a difference reads well in a review.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Explain, said};
use crate::finding::{Report, Verdict};
use crate::strict_json::{self, JsonError};

/// The version that this program reads and writes.
pub const SCHEMA: &str = "rolecall/expected/1";

/// Accepted verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `rolecall/expected/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: String,
    /// The time that the verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub as_of: Timestamp,
    /// The checks that ran, those without a subject too. Sorted.
    pub checks: BTreeSet<String>,
    /// Every reason why the run as a whole could give no answer, one sentence each; empty where it could.
    pub cannot_decide: Vec<String>,
    /// Every verdict of every subject. Sorted by check and subject.
    pub verdicts: Vec<Line>,
}

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The check's id.
    pub check: String,
    /// The subject's key: `system:account`, a staff id (the address where the roster has no ids), a system's id, the
    /// organisation's name.
    pub subject: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The codes of its reasons. Sorted.
    pub reasons: Vec<String>,
}

/// Why there are no accepted verdicts.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ExpectedError {
    #[error("reading the accepted verdicts `{file}`: {message}")]
    Unreadable { file: String, message: String },
    #[error("{file}:{}:{}: {}{}", error.line, error.column, error.message, at(&error.path))]
    Json { file: String, error: JsonError },
    #[error("`{file}` is no file of accepted verdicts: it has no `schema`")]
    NoSchema { file: String },
    #[error("`{file}` is of the format `{found}`; this program reads `{SCHEMA}`")]
    Version { file: String, found: String },
    #[error("`{file}` is not as it was written: {message}")]
    Broken { file: String, message: String },
}

fn at(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    }
}

impl Explain for ExpectedError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } => "accept the verdicts first, with `--accept` in place of `--expect`".to_owned(),
            Self::NoSchema { .. } => "name a file that `rolecall check --accept` wrote".to_owned(),
            Self::Version { .. } => "use the rolecall that wrote it, or accept the verdicts again".to_owned(),
            Self::Json { .. } | Self::Broken { .. } => {
                "take back what was changed by hand, or accept the verdicts again with `--accept`".to_owned()
            }
        })
    }
}

impl Line {
    /// Whether no answer was reached.
    pub const fn is_undecided(&self) -> bool {
        matches!(self.verdict, Verdict::Unknown | Verdict::Error)
    }
}

impl Expected {
    /// The verdicts of a run, which must have kept every one.
    pub fn of(report: &Report) -> Self {
        let lines = report.judgements.iter().map(|judged| {
            // A pass has one reason only, which says that it is one.
            let reasons = match judged.verdict {
                Verdict::Pass => BTreeSet::new(),
                _ => judged.reasons.iter().map(|reason| reason.code.clone()).collect(),
            };
            Line {
                check: judged.check.clone(),
                subject: judged.subject.id.clone(),
                verdict: judged.verdict,
                reasons: reasons.into_iter().collect(),
            }
        });
        let mut verdicts: Vec<Line> = lines.collect();
        verdicts.sort();
        let ran = report.checks.iter().filter(|check| check.ran).map(|check| &check.id);
        let checks = ran.chain(verdicts.iter().map(|line| &line.check)).cloned();
        Self {
            schema: SCHEMA.to_owned(),
            as_of: report.as_of,
            checks: checks.collect(),
            cannot_decide: report.cannot_decide.clone(),
            verdicts,
        }
    }

    /// Reads accepted verdicts.
    ///
    /// # Errors
    /// The file cannot be read, is of another format, or says what no run wrote.
    pub fn read(path: &Path) -> Result<Self, ExpectedError> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| ExpectedError::Unreadable {
            file: file.clone(),
            message: said(&error, "file"),
        })?;
        Self::from_bytes(file, &bytes)
    }

    /// Reads the bytes of such a file.
    ///
    /// # Errors
    /// As [`Expected::read`].
    pub fn from_bytes(file: String, bytes: &[u8]) -> Result<Self, ExpectedError> {
        let json = |error| ExpectedError::Json {
            file: file.clone(),
            error,
        };
        // The version comes first: another format may have other fields.
        let value = strict_json::parse(bytes).map_err(json)?;
        match value.get("schema").and_then(Value::as_str) {
            None => return Err(ExpectedError::NoSchema { file }),
            Some(found) if found != SCHEMA => {
                let found = found.chars().take(60).collect();
                return Err(ExpectedError::Version { file, found });
            }
            Some(_) => {}
        }
        let mut expected: Self = strict_json::typed(bytes, &value).map_err(json)?;
        for line in &mut expected.verdicts {
            line.reasons.sort();
        }
        match expected.broken() {
            Some(message) => Err(ExpectedError::Broken { file, message }),
            None => Ok(expected),
        }
    }

    /// What no run writes.
    fn broken(&self) -> Option<String> {
        let mut seen = BTreeMap::new();
        self.verdicts.iter().find_map(|line| {
            if !self.checks.contains(&line.check) {
                return Some(format!("`{}` has a verdict, and is not among `checks`", line.check));
            }
            let twice = seen.insert((&line.check, &line.subject), ()).is_some();
            twice.then(|| format!("`{}` has two verdicts for `{}`", line.check, line.subject))
        })
    }

    /// The file's text: the same verdicts, the same bytes.
    ///
    /// # Errors
    /// Never in practice; the types have nothing that JSON cannot hold.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let checks = self.checks.iter().map(serde_json::to_string);
        let why = self.cannot_decide.iter().map(serde_json::to_string);
        let verdicts = self.verdicts.iter().map(serde_json::to_string);
        Ok(format!(
            "{{\n\"schema\": {},\n\"as_of\": {},\n\"checks\": {},\n\"cannot_decide\": {},\n\"verdicts\": {}\n}}\n",
            serde_json::to_string(&self.schema)?,
            serde_json::to_string(&self.as_of)?,
            listed(checks.collect::<Result<_, _>>()?),
            listed(why.collect::<Result<_, _>>()?),
            listed(verdicts.collect::<Result<_, _>>()?),
        ))
    }
}

/// A list with one element on a line.
fn listed(elements: Vec<String>) -> String {
    if elements.is_empty() {
        return "[]".to_owned();
    }
    format!("[\n{}\n]", elements.join(",\n"))
}

/// The JSON Schema of the file, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Expected);
    schema.insert("$id".to_owned(), "urn:rolecall:expected:1".into());
    schema.insert(
        "title".to_owned(),
        "Verdicts that somebody accepted: `rolecall check --accept`".into(),
    );
    schema.to_value()
}
