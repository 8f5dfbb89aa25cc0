//! Findings as results.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use serde_sarif::sarif::{Location, LogicalLocation, Result as SarifResult, ResultLevel, Suppression};

use super::parts::{self, artifact, message, region};
use super::reasons::project;
use super::rules::Rules;
use super::{ROOT, properties};
use crate::error::Place;
use crate::finding::{Exception, ExceptionState, Finding, Report, Severity};
use crate::report::escape::{sentence, terminal};
use crate::report::places::relative;
use crate::report::ranked::due;
use crate::report::text::words::short;

/// How many exceptions are shown beside one finding.
const EXCEPTIONS: usize = 10;
/// No file has a longer path.
const PATH: usize = 4_096;

/// What the results of a run refer to.
pub struct Around<'a> {
    report: &'a Report,
    rules: &'a Rules<'a>,
    /// The exceptions that fit a finding, by its fingerprint.
    exceptions: HashMap<&'a str, Vec<&'a Exception>>,
}

impl<'a> Around<'a> {
    pub fn of(report: &'a Report, rules: &'a Rules<'a>) -> Self {
        let mut exceptions: HashMap<&str, Vec<&Exception>> = HashMap::new();
        for exception in &report.exceptions {
            for fingerprint in &exception.findings {
                exceptions.entry(fingerprint).or_default().push(exception);
            }
        }
        Self {
            report,
            rules,
            exceptions,
        }
    }

    /// One finding.
    pub fn result(&self, finding: &Finding) -> SarifResult {
        let clock = &finding.clock;
        let mut here = self.place(finding);
        here.logical_locations = Some(vec![logical(finding)]);
        let mut result = SarifResult::builder()
            .rule_id(terminal(&finding.check))
            .level(match finding.severity {
                Severity::Critical | Severity::High => ResultLevel::Error,
                Severity::Medium => ResultLevel::Warning,
                Severity::Low => ResultLevel::Note,
            })
            .message(message(&self.said(finding)))
            .locations(vec![here])
            .partial_fingerprints(BTreeMap::from([
                // The only one that GitHub tells alerts apart by. Its own would be made of the line, which is the same
                // for every account of a system.
                ("primaryLocationLineHash".to_owned(), finding.fingerprint.clone()),
                ("rolecall/finding/1".to_owned(), finding.fingerprint.clone()),
            ]))
            // Where one result says that it is suppressed, all have to say whether they are.
            .suppressions(
                self.report
                    .accepted_by(finding)
                    .map(suppression)
                    .into_iter()
                    .collect::<Vec<_>>(),
            )
            .properties(properties([
                ("severity", finding.severity.word().into()),
                (
                    "reasons",
                    finding.reasons.iter().map(|reason| terminal(&reason.code)).collect(),
                ),
                ("lifecycle", clock.lifecycle.word().into()),
                ("firstFailedAt", clock.first_failed_at.to_string().into()),
                ("since", clock.since.to_string().into()),
                ("due", clock.due.map(|due| due.to_string()).into()),
                ("counts", self.report.counts(finding).into()),
            ]))
            .build();
        result.rule_index = self.rules.position(&finding.check);
        result.baseline_state = clock
            .is_new
            .map(|is_new| if is_new { "new" } else { "unchanged" }.into());
        let related: Vec<Location> = self.related(finding).collect();
        result.related_locations = (!related.is_empty()).then_some(related);
        result
    }

    /// The line that it is shown at. Without one, GitHub shows nothing: at worst, the beginning of the project file.
    fn place(&self, finding: &Finding) -> Location {
        match &finding.place {
            Some(place) => at(place),
            None => at(&project(self.report)),
        }
    }

    fn said(&self, finding: &Finding) -> String {
        let mut lines = Vec::new();
        for (index, reason) in finding.reasons.iter().enumerate() {
            let words = sentence(&reason.message);
            lines.push(match index {
                0 => format!("{}: {words}", short(&finding.subject)),
                _ => words.into_owned(),
            });
            lines.extend(
                reason
                    .passes_if
                    .iter()
                    .map(|what| format!("Passes if {}", sentence(what))),
            );
        }
        lines.extend(due(self.report, finding).map(|due| format!("It {}", is_due(&due))));
        lines.push(format!("Fix: {}", sentence(&finding.remediation.summary)));
        if let Some(exception) = self.report.accepted_by(finding) {
            lines.push(accepted(exception));
        }
        no_links(&lines.join("\n"))
    }

    fn related(&self, finding: &Finding) -> impl Iterator<Item = Location> {
        let fits = self.exceptions.get(finding.fingerprint.as_str());
        let fits = fits.into_iter().flatten().take(EXCEPTIONS).enumerate();
        fits.map(|(index, exception)| {
            let mut location = at(&exception.place);
            location.id = Some(parts::number(index + 1));
            location.message = Some(message(&no_links(&match exception.state {
                ExceptionState::InForce => accepted(exception),
                state => format!("This exception accepts nothing: {}", why(exception, state)),
            })));
            location
        })
    }
}

/// A place of a file, by its path from the folder that the command runs in if it is below.
pub fn at(place: &Place) -> Location {
    let path: String = relative(&place.file).chars().take(PATH).collect();
    let mut file = artifact(&path);
    if path.starts_with('/') {
        file.uri = file.uri.map(|path| format!("file://{path}"));
    } else {
        file.uri_base_id = Some(ROOT.to_owned());
    }
    parts::location(file, region(place.line.max(1), place.column.max(1)))
}

/// Why an exception does nothing.
pub fn why(exception: &Exception, state: ExceptionState) -> String {
    match &exception.problem {
        Some(problem) => sentence(problem).into_owned(),
        None => state.word().replace('_', " "),
    }
}

/// A text of which no piece is a link to a reader of SARIF, who takes `[words](place)` for one in plain text too.
pub fn no_links(text: &str) -> String {
    if text.contains("](") {
        text.replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

fn is_due(due: &str) -> String {
    if due.starts_with("was") {
        due.to_owned()
    } else {
        format!("is {due}")
    }
}

fn accepted(exception: &Exception) -> String {
    format!(
        "Accepted by {} until {}: {}",
        terminal(&exception.approved_by),
        exception.expires,
        sentence(&exception.reason)
    )
}

fn logical(finding: &Finding) -> LogicalLocation {
    let subject = &finding.subject;
    let name = subject
        .name
        .as_deref()
        .or(subject.email.as_deref())
        .unwrap_or(&subject.id);
    LogicalLocation::builder()
        .name(terminal(name))
        .fully_qualified_name(terminal(&subject.id))
        .kind(subject.kind.word())
        .build()
}

fn suppression(exception: &Exception) -> Suppression {
    Suppression::builder()
        .kind("external")
        .status("accepted")
        .justification(sentence(&exception.reason))
        .location(at(&exception.place))
        .properties(properties([
            ("approvedBy", json!(terminal(&exception.approved_by))),
            ("created", json!(exception.created.to_string())),
            ("expires", json!(exception.expires.to_string())),
            ("daysLeft", json!(exception.days_left)),
            ("ticket", json!(exception.ticket.as_deref().map(terminal))),
        ]))
        .build()
}
