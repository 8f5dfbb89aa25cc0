//! Checks as rules: every check that there is, so that a reader can tell one that found nothing from one that is gone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference,
};

use super::parts::{https, number, plain};
use super::reasons;
use crate::finding::{CheckSummary, Remediation, Report, Severity};
use crate::report::escape::{self, sentence, terminal};
use crate::report::text::words;

/// GitHub's longest description of a rule, in characters.
const DESCRIPTION: usize = 1024;
/// GitHub's most tags of a rule.
const TAGS: usize = 20;

/// The rules of a run, by the check's id.
pub struct Rules<'a> {
    report: &'a Report,
    /// What each check did, system by system.
    checks: BTreeMap<&'a str, Vec<&'a CheckSummary>>,
}

impl<'a> Rules<'a> {
    pub fn of(report: &'a Report) -> Self {
        let mut checks: BTreeMap<&str, Vec<&CheckSummary>> = BTreeMap::new();
        for check in &report.checks {
            checks.entry(&check.id).or_default().push(check);
        }
        Self { report, checks }
    }

    /// All of them, as a log begins with them.
    pub fn described(&self) -> Vec<ReportingDescriptor> {
        let checks = self.checks.iter().map(|(id, of)| self.rule(id, of));
        checks.chain([reasons::rule()]).collect()
    }

    /// How many checks there are; the rule of what could not be decided stands behind them.
    pub fn number(&self) -> usize {
        self.checks.len()
    }

    /// Where a check stands among the rules.
    pub fn position(&self, check: &str) -> Option<i64> {
        self.checks.keys().position(|id| *id == check).map(number)
    }

    /// A check, as a notification names it.
    pub fn reference(&self, check: &str) -> Option<ReportingDescriptorReference> {
        let index = self.position(check)?;
        let id = terminal(check).into_owned();
        Some(ReportingDescriptorReference::builder().id(id).index(index).build())
    }

    fn rule(&self, id: &str, of: &[&CheckSummary]) -> ReportingDescriptor {
        let worst = of.iter().map(|check| check.severity).max().unwrap_or(Severity::Low);
        let description = of.first().map_or("", |check| &check.description);
        // A title names its system; where there are several, only the description is true of all of them.
        let title = match of {
            [first, rest @ ..] if rest.iter().all(|check| check.title == first.title) => &first.title,
            _ => description,
        };
        let mut rule = ReportingDescriptor::builder()
            .id(terminal(id))
            .short_description(plain(&brief(title)))
            .full_description(plain(&brief(description)))
            .help(self.help(of))
            .default_configuration(
                ReportingConfiguration::builder()
                    .level(level(worst))
                    .enabled(of.iter().any(|check| check.ran))
                    .build(),
            )
            .properties(about(worst, of))
            .build();
        rule.help_uri = of.iter().find_map(|check| https(check.remediation.link.as_deref()?));
        rule
    }

    /// What to do; once, where it is the same in every system.
    fn help(&self, of: &[&CheckSummary]) -> MultiformatMessageString {
        let mut different: Vec<&CheckSummary> = Vec::new();
        for check in of {
            if !different.iter().any(|other| other.remediation == check.remediation) {
                different.push(check);
            }
        }
        let (mut text, mut markdown) = (String::new(), String::new());
        for check in &different {
            if let Some(system) = check.system.as_deref().filter(|_| different.len() > 1) {
                let system = words::system(self.report, system);
                text.push_str(&format!("In {system}:\n"));
                markdown.push_str(&format!("**In {}**\n\n", escape::markdown(&system)));
            }
            in_text(&check.remediation, &mut text);
            in_markdown(&check.remediation, &mut markdown);
        }
        MultiformatMessageString::builder()
            .text(text)
            .markdown(markdown)
            .build()
    }
}

/// The level of a severity.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// What GitHub sorts and filters by. It takes a rule for a security rule by its tag, and makes its words (critical above
/// 9, high from 7, medium from 4) of the number.
fn about(worst: Severity, of: &[&CheckSummary]) -> PropertyBag {
    let (score, problem) = match worst {
        Severity::Critical => ("9.5", "error"),
        Severity::High => ("8.0", "error"),
        Severity::Medium => ("5.5", "warning"),
        Severity::Low => ("2.0", "recommendation"),
    };
    let controls = of.first().map(|check| check.controls.as_ref());
    let controls = controls.into_iter().flatten().flat_map(|(framework, ids)| {
        ids.iter()
            .map(move |id| terminal(&format!("{framework}:{id}")).into_owned())
    });
    let tags: Vec<String> = std::iter::once("security".to_owned())
        .chain(controls)
        .take(TAGS)
        .collect();
    let more = [
        ("security-severity", score),
        ("problem.severity", problem),
        ("precision", "very-high"),
    ];
    let more = more.map(|(name, value)| (name.to_owned(), value.into()));
    let standing = of.iter().map(|check| match &check.system {
        Some(system) => format!("{}: {}", terminal(system), check.standing().word()),
        None => check.standing().word().to_owned(),
    });
    let standing = ("standing".to_owned(), standing.collect());
    PropertyBag::builder()
        .tags(tags)
        .additional_properties(
            more.into_iter()
                .chain([standing])
                .collect::<BTreeMap<_, serde_json::Value>>(),
        )
        .build()
}

fn in_text(remediation: &Remediation, out: &mut String) {
    let _ = writeln!(out, "{}", sentence(&remediation.summary));
    for (index, step) in remediation.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, sentence(step));
    }
    for link in &remediation.links {
        let _ = writeln!(out, "{}: {}", sentence(&link.description), sentence(&link.url));
    }
}

fn in_markdown(remediation: &Remediation, out: &mut String) {
    let _ = writeln!(out, "{}\n", escape::markdown(&remediation.summary));
    for (index, step) in remediation.steps.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, escape::markdown(step));
    }
    if !remediation.steps.is_empty() {
        out.push('\n');
    }
    for link in &remediation.links {
        let _ = match https(&link.url) {
            Some(address) => writeln!(out, "- {}", escape::markdown_link(&link.description, &address)),
            None => writeln!(out, "- {}", escape::markdown(&link.url)),
        };
    }
    if !remediation.links.is_empty() {
        out.push('\n');
    }
}

fn brief(text: &str) -> String {
    let text = sentence(text);
    match text.char_indices().nth(DESCRIPTION) {
        None => text.into_owned(),
        Some(_) => text.chars().take(DESCRIPTION - 1).chain(['…']).collect(),
    }
}
