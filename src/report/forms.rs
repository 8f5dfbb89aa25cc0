//! The forms of a report, and where each goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstream::ColorChoice;
use clap::ValueEnum;

use super::{SaveError, answer, json, save_as, text};
use crate::finding::Report;

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people, in a terminal.
    #[default]
    Text,
    /// For programs: rolecall/report/1.
    Json,
    /// For programs that read line by line: one record a line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// For CI systems that show tests.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
    /// For a pull request or a summary of a job.
    Markdown,
    /// Findings, one a row.
    Csv,
    /// Every verdict of every subject, one a row, as CSV.
    Population,
    /// One page for people, complete in itself.
    Html,
}

impl ReportFormat {
    /// Whether it needs every verdict of every subject, not only findings and what is undecided.
    pub const fn needs_every_verdict(self) -> bool {
        matches!(self, ReportFormat::Population | ReportFormat::Junit)
    }
}

/// A file, and the form that goes there; null for what `--format` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The form.
    pub format: Option<ReportFormat>,
    /// The file as the user named it.
    pub file: PathBuf,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A path with an equals sign is one when it says so: `./a=b.json`.
        let (format, file) = match text.split_once('=') {
            Some((word, file)) if !word.contains(['/', '\\']) => (Some(word), file),
            _ => (None, text),
        };
        if file.is_empty() {
            return Err("expected a file".to_owned());
        }
        let format = format.map(|word| {
            ReportFormat::from_str(word, false)
                .map_err(|_| format!("there is no format `{word}`; a file of that name is `./{text}`"))
        });
        Ok(Target {
            format: format.transpose()?,
            file: PathBuf::from(file),
        })
    }
}

/// How to show a report.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether text has colours; `Auto` asks whether a terminal listens and honours `NO_COLOR`.
    pub color: ColorChoice,
    /// Whether to show every verdict of every subject.
    pub verdicts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            color: ColorChoice::Auto,
            verdicts: false,
        }
    }
}

/// Writes a report to standard output. A reader that has gone away (`| head`) is no error.
pub fn print(report: &Report, format: ReportFormat, options: &Options) -> io::Result<()> {
    answer(options.color, |styled, out| {
        render(report, format, styled, options, out)
    })
}

/// Writes a report to a file, whole or not at all, without colours unless they are asked for.
pub fn save(report: &Report, format: ReportFormat, options: &Options, path: &Path) -> Result<(), SaveError> {
    let styled = matches!(options.color, ColorChoice::Always | ColorChoice::AlwaysAnsi);
    save_as("report", path, |out| render(report, format, styled, options, out))
}

fn render(
    report: &Report,
    format: ReportFormat,
    styled: bool,
    options: &Options,
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        ReportFormat::Text => text::render(
            report,
            out,
            &text::Options {
                styled,
                verdicts: options.verdicts,
            },
        ),
        ReportFormat::Json => json::render(report, options.verdicts, out),
        ReportFormat::Jsonl => super::jsonl::render(report, options.verdicts, out),
        ReportFormat::Sarif => super::sarif::render(report, out),
        ReportFormat::Junit => super::junit::render(report, out),
        ReportFormat::Github => super::github::render(report, out),
        ReportFormat::Markdown => super::markdown::render(report, out),
        ReportFormat::Csv => super::csv::findings(report, out),
        ReportFormat::Population => super::csv::population(report, out),
        ReportFormat::Html => super::html::render(report, out),
    }
}
