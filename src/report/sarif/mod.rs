//! The report as SARIF 2.1.0, for code scanning.
//!
//! Findings are results, written one after the other. So are the reasons why a run could not decide, and they come first:
//! without them it would be a clean run to whoever reads results. What is not known of whom, checks that did not run,
//! exceptions that do nothing and notices are notifications of the run. Every text that is shown is escaped as it is for a terminal, and its brackets do not
//! make links. GitHub's limits are kept: of more findings than it takes, the worst are here, and a notification counts
//! the rest.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_sarif::sarif::{Invocation, PropertyBag, Result as SarifResult, Tool, ToolComponent};

use super::json::write_document;
use super::ranked::{ran, worst_first};
use crate::finding::{Finding, Report};
use results::Around;
use rules::Rules;

mod notifications;
pub mod parts;
mod reasons;
mod results;
mod rules;
#[cfg(test)]
mod tests;

/// GitHub refuses a file with more results.
const RESULTS: usize = 25_000;
/// The base of every path: the folder that the command runs in.
const ROOT: &str = "%SRCROOT%";

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let rules = Rules::of(report);
    let mut shown = worst_first(report);
    let why = reasons::results(report, rules.number());
    let most = RESULTS.saturating_sub(why.len());
    let more = shown.len().saturating_sub(most);
    shown.truncate(most);
    let driver = ToolComponent::builder()
        .name("rolecall")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.described())
        .build();
    let (ran, checks) = ran(report);
    let told = notifications::of(report, &rules, more);
    let invocation = Invocation::builder()
        .execution_successful(report.cannot_decide.is_empty())
        .exit_code(report.outcome as i64)
        .tool_execution_notifications(told)
        .build();
    let run = Run {
        tool: Tool::builder().driver(driver).build(),
        column_kind: "unicodeCodePoints",
        results: Results {
            why,
            around: Around::of(report, &rules),
            shown,
        },
        invocations: [invocation],
        properties: properties([
            ("asOf", report.as_of.to_string().into()),
            ("snapshotSha256", report.snapshot_sha256.as_str().into()),
            ("projectSha256", report.inputs.project.sha256.as_str().into()),
            ("findings", report.findings.len().into()),
            ("checksRan", ran.into()),
            ("checks", checks.into()),
        ]),
    };
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    };
    write_document(&log, out)
}

/// A log. The library's own holds every result at once.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Results<'a>,
    invocations: [Invocation; 1],
    properties: PropertyBag,
}

/// What could not be decided, and findings, each made into a result when it is written.
struct Results<'a> {
    why: Vec<SarifResult>,
    around: Around<'a>,
    shown: Vec<&'a Finding>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(Some(self.why.len() + self.shown.len()))?;
        self.why.iter().try_for_each(|result| all.serialize_element(result))?;
        let mut findings = self.shown.iter();
        findings.try_for_each(|finding| all.serialize_element(&self.around.result(finding)))?;
        all.end()
    }
}

fn properties<'a>(all: impl IntoIterator<Item = (&'a str, serde_json::Value)>) -> PropertyBag {
    let all = all.into_iter().map(|(name, value)| (name.to_owned(), value));
    PropertyBag::builder()
        .additional_properties(all.collect::<std::collections::BTreeMap<_, _>>())
        .build()
}
