//! The published types of `rolecall/catalogue/1`. Every field is always present; what is not there is null.
//!
//! Sentences are as the metadata writes them: `{account.email}` stands for the value at that path.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use crate::catalogue;

/// Checks.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Catalogue")]
pub struct Document<'a> {
    /// `rolecall/catalogue/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// Sorted by id.
    checks: Vec<Check<'a>>,
}

/// One check.
#[derive(Serialize, JsonSchema)]
struct Check<'a> {
    /// The folder's name: what `--check` takes, and the rule's id in every report.
    id: &'a str,
    /// What it is called; `{system.name}` stands for the name of the system.
    title: String,
    /// What has to be so.
    description: &'a str,
    /// What it judges.
    #[schemars(extend("enum" = ["account", "staff", "system", "workspace"]))]
    subject: &'static str,
    /// How bad its findings are; a project can change it.
    #[schemars(extend("enum" = ["low", "medium", "high", "critical"]))]
    severity: &'static str,
    /// `built-in`, or its folder as the project names it.
    origin: &'a str,
    /// Whether it replaces a built-in of the same name.
    replaces_built_in: bool,
    /// Digest of its file and of the libraries that it can see, lower-case hex.
    sha256: &'a str,
    /// Control ids by framework.
    controls: &'a BTreeMap<String, Vec<String>>,
    /// What to do about a finding.
    remediation: Remediation,
    /// Pages that help, the documented one first.
    links: Vec<Link<'a>>,
    /// Settings that a project may change, sorted by name.
    params: Vec<Param<'a>>,
    /// The reasons that it can give.
    reasons: Reasons<'a>,
    /// What it computes for the words of a failure.
    facts: Vec<Fact<'a>>,
    /// What is said of a subject that passes.
    pass: String,
    /// Every path of the subject that it can look at. Sorted.
    reads: &'a [String],
}

/// What to do about a finding.
#[derive(Serialize, JsonSchema)]
struct Remediation {
    /// One sentence.
    summary: String,
    /// In order.
    steps: Vec<String>,
}

/// A page that helps.
#[derive(Serialize, JsonSchema)]
struct Link<'a> {
    /// An https address.
    url: &'a str,
    /// What is there.
    description: &'a str,
}

/// A setting that a project may change.
#[derive(Serialize, JsonSchema)]
struct Param<'a> {
    /// Its name.
    name: &'a str,
    /// What it may be.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["text", "integer", "boolean", "text_list"]))]
    kind: &'static str,
    /// What it is where nobody says.
    default: &'a serde_json::Value,
    /// What it does.
    description: &'a str,
}

/// The reasons that a check can give, by the rule that gives them, in the metadata's order.
#[derive(Serialize, JsonSchema)]
struct Reasons<'a> {
    /// The subject is not this check's to judge.
    skip: Vec<Reason<'a>>,
    /// Something is wrong.
    fail: Vec<Reason<'a>>,
    /// It cannot be told.
    unknown: Vec<Reason<'a>>,
}

/// One reason.
#[derive(Serialize, JsonSchema)]
struct Reason<'a> {
    /// Its code.
    code: &'a str,
    /// What is said of the subject.
    message: String,
    /// What would make it pass; of a failure, where the metadata says it.
    passes_if: Option<String>,
    /// The path of the time since when it has been so; of a failure, where the metadata says it.
    since: Option<&'a str>,
    /// The check that the subject is left to; of a skip, where there is one.
    blocked_by: Option<&'a str>,
    /// Every path that its answer can depend on. Sorted.
    reads: &'a [String],
}

/// One value that a check computes.
#[derive(Serialize, JsonSchema)]
struct Fact<'a> {
    /// Its name.
    name: &'a str,
    /// Every path that it can depend on. Sorted.
    reads: &'a [String],
}

impl<'a> Document<'a> {
    /// A catalogue.
    pub fn of(catalogue: &'a catalogue::Catalogue) -> Self {
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            checks: catalogue.checks.iter().map(check).collect(),
        }
    }
}

fn check(entry: &catalogue::Entry) -> Check<'_> {
    Check {
        id: &entry.id,
        title: entry.title.source(),
        description: &entry.description,
        subject: entry.subject.word(),
        severity: entry.severity.word(),
        origin: &entry.origin,
        replaces_built_in: entry.replaces_built_in,
        sha256: &entry.sha256,
        controls: &entry.controls,
        remediation: Remediation {
            summary: entry.summary.source(),
            steps: entry.steps.iter().map(catalogue::Sentence::source).collect(),
        },
        links: entry
            .links
            .iter()
            .map(|link| Link {
                url: &link.url,
                description: &link.description,
            })
            .collect(),
        params: entry
            .params
            .iter()
            .map(|param| Param {
                name: &param.name,
                kind: param.kind,
                default: &param.default,
                description: &param.description,
            })
            .collect(),
        reasons: Reasons {
            skip: entry.skip.iter().map(reason).collect(),
            fail: entry.fail.iter().map(reason).collect(),
            unknown: entry.unknown.iter().map(reason).collect(),
        },
        facts: entry
            .facts
            .iter()
            .map(|fact| Fact {
                name: &fact.name,
                reads: &fact.reads,
            })
            .collect(),
        pass: entry.pass.source(),
        reads: &entry.reads,
    }
}

fn reason(reason: &catalogue::Reason) -> Reason<'_> {
    Reason {
        code: &reason.code,
        message: reason.message.source(),
        passes_if: reason.passes_if.as_ref().map(catalogue::Sentence::source),
        since: reason.since.as_deref(),
        blocked_by: reason.blocked_by.as_deref(),
        reads: &reason.reads,
    }
}
