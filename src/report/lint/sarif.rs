//! Findings for code scanning: SARIF 2.1.0. The rules that found something come with their section of `docs/lint.md`.

use std::collections::BTreeMap;

use serde_sarif::sarif::{
    Invocation, Location, MultiformatMessageString, Notification, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::{end_of, line_of, path_of, placed};
use crate::digest;
use crate::report::sarif::parts::{self, artifact, message, number, plain, region};
use crate::workbench::lint::{Finding, Level, Linted, RULES, Rule};

/// The page that explains every rule.
const PAGE: &str = include_str!("../../../docs/lint.md");

pub(super) fn log(linted: &Linted) -> Sarif {
    let used: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| linted.findings.iter().any(|finding| finding.rule == *rule))
        .collect();
    let driver = ToolComponent::builder()
        .name("rolecall lint")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(used.iter().map(|rule| described(rule)).collect::<Vec<_>>())
        .build();
    let mut seen = BTreeMap::new();
    let results = linted.findings.iter().map(|finding| {
        let index = used.iter().position(|rule| *rule == finding.rule).unwrap_or_default();
        result(linted, finding, index, &mut seen)
    });
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind("unicodeCodePoints")
        .results(results.collect::<Vec<_>>())
        .invocations(vec![invocation(linted)])
        .build();
    Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version("2.1.0")
        .runs(vec![run])
        .build()
}

/// The section of a rule in `docs/lint.md`, without its heading.
pub(super) fn section(rule: &Rule) -> &'static str {
    let heading = format!("\n### {}\n", rule.id);
    let below = PAGE.split_once(&heading).map_or("", |(_, below)| below);
    let end = ["\n### ", "\n## "].iter().filter_map(|next| below.find(next)).min();
    below.get(..end.unwrap_or(below.len())).unwrap_or_default().trim()
}

/// A section without what only the tests of that page read: the marks, and which part of a folder an example is.
fn for_people(section: &str) -> String {
    let (mut lines, mut inside) = (Vec::new(), false);
    for line in section.lines() {
        match line.strip_prefix("```") {
            // An example of what is not there at all.
            Some(_) if inside && lines.last().is_some_and(|last: &String| last.starts_with("```")) => {
                lines.pop();
                lines.push("*There is none.*".to_owned());
            }
            Some(info) => lines.push(format!("```{}", info.split(' ').next().unwrap_or_default())),
            None if inside && line.trim_start().starts_with("#!") => {}
            None => lines.push(line.to_owned()),
        }
        inside ^= line.starts_with("```");
    }
    lines.join("\n")
}

fn described(rule: &Rule) -> ReportingDescriptor {
    let help = MultiformatMessageString::builder()
        .text(format!("See {}.", rule.page()))
        .markdown(for_people(section(rule)))
        .build();
    ReportingDescriptor::builder()
        .id(rule.id)
        .short_description(plain(rule.about))
        .help(help)
        // An address that is none to open, as those of the schemas: the page comes with the sources.
        .help_uri(format!("urn:rolecall:lint:{}", rule.id))
        .default_configuration(ReportingConfiguration::builder().level(rule.level.word()).build())
        .build()
}

fn result(linted: &Linted, finding: &Finding, index: usize, seen: &mut BTreeMap<String, usize>) -> SarifResult {
    let path = path_of(finding);
    let level = match finding.rule.level {
        Level::Error => ResultLevel::Error,
        Level::Warning => ResultLevel::Warning,
    };
    // A finding is the same one while its line is, wherever that line moves to; of equal lines they are counted.
    let line = line_of(linted, finding).unwrap_or_default().trim();
    let of_line = digest::of_all([finding.rule.id, &path, line, &finding.message]);
    let count = seen.entry(of_line.clone()).or_default();
    *count += 1;
    let print = format!("{of_line}:{count}");
    SarifResult::builder()
        .rule_id(finding.rule.id)
        .rule_index(number(index))
        .level(level)
        .message(message(&format!("{}\nhelp: {}", finding.message, finding.help)))
        .locations(vec![location(
            &path,
            finding.place.line,
            finding.place.column,
            end_of(linted, finding),
        )])
        .partial_fingerprints(BTreeMap::from([("rolecall/lint/1".to_owned(), print)]))
        .build()
}

fn location(path: &str, line: usize, column: usize, end_column: usize) -> Location {
    let mut region = region(line, column);
    region.end_column = Some(number(end_column));
    parts::location(artifact(path), region)
}

/// The folders that do not load are no findings: of them nothing is known.
fn invocation(linted: &Linted) -> Invocation {
    let told = linted.broken.iter().map(|broken| {
        let (place, words) = placed(broken.error.explained());
        let place = place.map(|place| location(&place.file, place.line, place.column, place.column + 1));
        Notification::builder()
            .level("error")
            .message(message(&words))
            .locations(place.into_iter().collect::<Vec<_>>())
            .build()
    });
    Invocation::builder()
        .execution_successful(linted.broken.is_empty())
        .tool_execution_notifications(told.collect::<Vec<_>>())
        .build()
}
