//! The published types of `rolecall/line/1`: a report as records, one a line, each with everything that is said of it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::of;
use super::{
    Baseline, Check, Document, Exception, Finding, Input, Inputs, Notice, Previous, Snapshot, Source, System, Tool,
    Verdict,
};
use crate::finding as ours;
use crate::report::jsonl::SCHEMA;

/// One record. The first is the `run`; a reader that wants findings takes the lines of that type and needs no other.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The run as a whole. Always there, once, first.
    Run(Box<Run<'a>>),
    /// How completely one source was read.
    Source(Source<'a>),
    /// What one check did in one system, or in the workspace.
    Check(Check<'a>),
    /// One check's `fail` for one subject.
    Finding(Box<Finding<'a>>),
    /// One exception of the project, and what it does in this run.
    Exception(Exception<'a>),
    /// A verdict `unknown` or `error`.
    Undecided(Verdict<'a>),
    /// What a person should know and no check has a verdict for.
    Notice(Notice<'a>),
    /// Any verdict of any subject; only with `--verdicts`.
    Verdict(Verdict<'a>),
}

/// The run as a whole.
#[derive(Serialize, JsonSchema)]
pub struct Run<'a> {
    /// `rolecall/line/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The organisation's name.
    organisation: &'a str,
    /// The time that the verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// The facts that were judged.
    snapshot: Snapshot<'a>,
    /// What they were judged by.
    inputs: Inputs<'a>,
    /// `cannot_decide` where `cannot_decide[]` has a reason, else `findings` where there is one, else `clean`. The exit
    /// code can be 0 beside `findings`, where none of them counts for `--fail-on`.
    #[schemars(extend("enum" = ["clean", "findings", "cannot_decide"]))]
    verdict: &'static str,
    /// Why the run could not decide, one sentence each.
    cannot_decide: &'a [String],
    /// Which findings make the exit code 1: `low`, or `high@failing`; one of them must fit.
    fail_on: Vec<String>,
    /// What an earlier snapshot had; null unless one was given with `--previous`.
    previous: Option<Previous<'a>>,
    /// The report of an earlier run that the times of findings were carried from; null unless one was given with
    /// `--baseline`.
    baseline: Option<Baseline<'a>>,
    /// The project whose exceptions count; null unless one was given with `--base-project`.
    base_project: Option<Input<'a>>,
    /// The systems that the facts are of. Sorted by id.
    systems: Vec<System<'a>>,
    /// How many lines of each type follow: whoever has read fewer has not read the whole report.
    lines: Lines,
}

/// How many lines of each type there are.
#[derive(Serialize, JsonSchema)]
struct Lines {
    source: usize,
    check: usize,
    finding: usize,
    exception: usize,
    undecided: usize,
    notice: usize,
    verdict: usize,
}

impl<'a> Line<'a> {
    /// The lines of a report, in their order; each is made when it is asked for.
    pub fn all(report: &'a ours::Report, verdicts: bool) -> impl Iterator<Item = Line<'a>> {
        let judgements: &[ours::Judgement] = if verdicts { &report.judgements } else { &[] };
        let run = Line::Run(Box::new(Run::of(report, judgements.len())));
        let findings = report.findings.iter();
        std::iter::once(run)
            .chain(report.sources.iter().map(|source| Line::Source(of::source(source))))
            .chain(report.checks.iter().map(|check| Line::Check(of::check(check))))
            .chain(findings.map(|finding| Line::Finding(Box::new(of::finding(report, finding)))))
            .chain(report.exceptions.iter().map(|one| Line::Exception(of::exception(one))))
            .chain(report.undecided.iter().map(|one| Line::Undecided(of::verdict(one))))
            .chain(report.notices.iter().map(|notice| Line::Notice(of::notice(notice))))
            .chain(judgements.iter().map(|one| Line::Verdict(of::verdict(one))))
    }
}

impl<'a> Run<'a> {
    fn of(report: &'a ours::Report, verdicts: usize) -> Self {
        // What stands in the report's own document, without its lists.
        let Document {
            tool,
            organisation,
            as_of,
            snapshot,
            inputs,
            cannot_decide,
            fail_on,
            previous,
            baseline,
            base_project,
            systems,
            ..
        } = Document::without_lists(report);
        Run {
            schema: SCHEMA,
            tool,
            organisation,
            as_of,
            snapshot,
            inputs,
            verdict: report.verdict().word(),
            cannot_decide,
            fail_on,
            previous,
            baseline,
            base_project,
            systems,
            lines: Lines {
                source: report.sources.len(),
                check: report.checks.len(),
                finding: report.findings.len(),
                exception: report.exceptions.len(),
                undecided: report.undecided.len(),
                notice: report.notices.len(),
                verdict: verdicts,
            },
        }
    }
}
