//! What the linter found, for people and for programs: text with frames, `rolecall/lint/1`, GitHub's annotations, SARIF.

use std::io::{self, Write};

use serde_json::Value;

use super::LintFormat;
use super::json::{schema_of, write_document};
use super::places::relative;
use crate::error::{Explain, Place};
use crate::workbench::lint::{Finding, Linted};

mod document;
mod github;
mod sarif;
#[cfg(test)]
mod tests;
mod text;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/lint/1";

/// Writes what was found.
pub fn render(linted: &Linted, format: LintFormat, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match format {
        LintFormat::Text => text::render(linted, styled, out),
        LintFormat::Json => write_document(&document::Document::of(linted), out),
        LintFormat::Github => github::render(linted, out),
        LintFormat::Sarif => write_document(&sarif::log(linted), out),
    }
}

/// The JSON Schema of the findings, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:lint:1",
        "What is wrong with checks and connectors: `rolecall lint --format json`",
    )
}

/// A file as every format names it: as the user did, without `./` before it, with `/` between folders.
fn path_of(finding: &Finding) -> String {
    relative(&finding.place.file)
}

/// The place that a loader's error speaks of, where it is known, and what it says there.
fn placed(error: &dyn Explain) -> (Option<Place>, String) {
    let help = error.help().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    match error.frame() {
        Some(frame) => {
            let place = Place {
                file: relative(&frame.place.file),
                ..frame.place
            };
            (Some(place), format!("{}{help}", frame.title))
        }
        None => (None, format!("{error}{help}")),
    }
}

/// The line that a finding is on, and where on it the mark begins and ends, in characters.
fn line_of<'a>(linted: &'a Linted, finding: &Finding) -> Option<&'a str> {
    let text = linted.texts.get(&finding.place.file)?;
    text.lines().nth(finding.place.line.checked_sub(1)?)
}

/// The column behind the last character of a finding.
fn end_of(linted: &Linted, finding: &Finding) -> usize {
    let length = line_of(linted, finding).map_or(usize::MAX, |line| line.chars().count() + 1);
    let begin = finding.place.column;
    (begin + finding.width).min(length.max(begin + 1))
}
