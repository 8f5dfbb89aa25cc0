//! What a person or a program reads of a run: text, JSON, and errors.
//!
//! These are the only writers of standard output and standard error. Each form is one file with one pure function,
//! `render(&Report, …, &mut impl Write)`; this file decides where it goes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};

use crate::catalogue::Catalogue;
use crate::compare::Comparison as Changes;
use crate::doctor::Examination;
use crate::error::Explain;
use crate::exit::Exit;
use crate::expected::{Comparison as Differences, Expected};
use crate::explain::Explanation;
use crate::snapshot::{Comparison, Snapshot};
use crate::workbench::lint::Linted;
use files::{write_new, write_whole, write_whole_for};

pub mod ask;
mod begun;
pub mod catalogue;
mod clocks;
mod collected;
mod columns;
pub mod compare;
mod complaint;
mod connected;
pub mod connectors;
pub mod csv;
pub mod doctor;
pub mod escape;
mod excepted;
pub mod expected;
pub mod explain;
mod files;
mod forms;
mod frame;
pub mod github;
pub mod html;
pub mod inputs;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod lint;
pub mod markdown;
mod places;
mod progress;
mod ranked;
#[cfg(test)]
pub(crate) mod samples;
pub mod sarif;
mod scaffolded;
mod schemas;
mod style;
pub mod tested;
#[cfg(test)]
mod tests;
pub mod text;

pub use begun::Begun;
pub use connected::Kept;
pub use excepted::{Excepted, Written};
pub use files::resolved;
pub use forms::{Options, ReportFormat, Target, print, save};
pub use progress::{Progress, Volume};
pub use scaffolded::Scaffolded;

/// The forms of an answer that is neither a report nor anything with forms of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs, as `docs/schemas` of rolecall describes it.
    Json,
}

/// The forms of what tests came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum TestFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For CI systems that show tests.
    Junit,
}

/// The forms of what the linter found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum LintFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// The forms of what changed between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum CompareFormat {
    /// For people, in a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// The forms of the catalogue of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum DocsFormat {
    /// For people.
    #[default]
    Markdown,
    /// For programs.
    Json,
}

/// An answer that could not be written to its file.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the {what} to {}", path.display())]
pub struct SaveError {
    /// What was to be written.
    what: &'static str,
    /// The file as the user named it.
    path: PathBuf,
    /// Whether it is a folder that was to be written.
    is_folder: bool,
    /// What the system said.
    source: io::Error,
}

impl Explain for SaveError {
    fn help(&self) -> Option<String> {
        Some(match self.source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk".to_owned(),
            // What `new` writes is a folder.
            io::ErrorKind::NotADirectory if self.is_folder => "name a folder with `--into`, not a file".to_owned(),
            io::ErrorKind::AlreadyExists if self.what != "project" => "choose another name".to_owned(),
            _ if self.is_folder => "name a folder that you may write to with `--into`".to_owned(),
            io::ErrorKind::NotFound => "make the folder first".to_owned(),
            io::ErrorKind::IsADirectory => "`-o` takes a file, and this is a folder: add a file name".to_owned(),
            io::ErrorKind::AlreadyExists => "look at what is there now; `--force` replaces it".to_owned(),
            _ => "name a file in a folder that you may write to".to_owned(),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Writes connectors to standard output.
pub fn print_connectors(shown: connectors::Shown<'_>, format: Format, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| connectors::render(shown, format, styled, out))
}

/// Writes what `doctor` found to standard output.
pub fn print_examination(examination: &Examination, format: Format, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| doctor::render(examination, format, styled, out))
}

/// Writes a catalogue to standard output.
pub fn print_catalogue(catalogue: &Catalogue, format: DocsFormat) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| catalogue::render(catalogue, format, out))
}

/// Writes a catalogue to a file, whole or not at all.
pub fn save_catalogue(catalogue: &Catalogue, format: DocsFormat, path: &Path) -> Result<(), SaveError> {
    save_as("catalogue", path, |out| catalogue::render(catalogue, format, out))
}

/// Writes what differs from accepted verdicts to standard output.
pub fn print_comparison(comparison: &Differences, format: Format, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| expected::render(comparison, format, styled, out))
}

/// Writes what differs from accepted verdicts to a file, whole or not at all, without colours unless they are asked for.
pub fn save_comparison(
    comparison: &Differences,
    format: Format,
    color: ColorChoice,
    path: &Path,
) -> Result<(), SaveError> {
    let styled = matches!(color, ColorChoice::Always | ColorChoice::AlwaysAnsi);
    save_as("comparison", path, |out| {
        expected::render(comparison, format, styled, out)
    })
}

/// Writes what changed between two runs to standard output.
pub fn print_changes(changes: &Changes, format: CompareFormat, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| compare::render(changes, format, styled, out))
}

/// Writes what changed between two runs to a file, whole or not at all, without colours unless they are asked for.
pub fn save_changes(
    changes: &Changes,
    format: CompareFormat,
    color: ColorChoice,
    path: &Path,
) -> Result<(), SaveError> {
    let styled = matches!(color, ColorChoice::Always | ColorChoice::AlwaysAnsi);
    save_as("comparison", path, |out| compare::render(changes, format, styled, out))
}

/// Writes what the linter found to standard output.
pub fn print_lint(linted: &Linted, format: LintFormat, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| lint::render(linted, format, styled, out))
}

/// Writes what the linter found to a file, whole or not at all, without colours unless they are asked for.
pub fn save_lint(linted: &Linted, format: LintFormat, color: ColorChoice, path: &Path) -> Result<(), SaveError> {
    let styled = matches!(color, ColorChoice::Always | ColorChoice::AlwaysAnsi);
    save_as("findings", path, |out| lint::render(linted, format, styled, out))
}

/// Tells standard error what was accepted, and where it is.
pub fn accepted(accepted: &Expected, path: &Path) {
    // There is nobody left to tell that standard error is closed.
    let _ = expected::accepted(accepted, path, &mut io::stderr().lock());
}

/// Writes what a check is given to standard output, one subject a line; `keyed` says of whom each line is.
pub fn print_inputs(lines: &[inputs::Line<'_>], keyed: bool) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| inputs::render(lines, keyed, out))
}

/// Writes what a check is given to a file, whole or not at all, for its owner's eyes: it holds what a snapshot does.
pub fn save_inputs(lines: &[inputs::Line<'_>], keyed: bool, path: &Path) -> Result<(), SaveError> {
    let write = |out: &mut BufWriter<&mut fs::File>| inputs::render(lines, keyed, out);
    write_whole_for(path, true, write).map_err(|source| SaveError {
        what: "documents",
        path: path.to_owned(),
        is_folder: false,
        source,
    })
}

/// Tells standard error that there are no documents, or that it is not proved that they are those of everybody.
pub fn not_everybody(written: usize, missing: &[String]) {
    // There is nobody left to tell that standard error is closed.
    let _ = inputs::not_everybody(written, missing, &mut io::stderr().lock());
}

/// Writes to standard output which JSON Schemas there are, by the documents' names.
pub fn print_schemas(documents: &BTreeMap<String, &str>) -> io::Result<()> {
    answer(ColorChoice::Auto, |styled, out| schemas::render(documents, styled, out))
}

/// Writes a text of ours to standard output, as it is.
pub fn print_text(text: &str) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| out.write_all(text.as_bytes()))
}

/// Writes a text of ours to a file, whole or not at all.
pub fn save_text(what: &'static str, text: &str, path: &Path) -> Result<(), SaveError> {
    save_as(what, path, |out| out.write_all(text.as_bytes()))
}

/// Writes why a subject is judged as it is to standard output.
pub fn print_explanation(explanation: &Explanation, format: Format, color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| explain::render(explanation, format, styled, out))
}

/// Writes to standard output. A reader that has gone away (`| head`) is no error.
fn answer(
    color: ColorChoice,
    write: impl FnOnce(bool, &mut BufWriter<AutoStream<io::StdoutLock<'static>>>) -> io::Result<()>,
) -> io::Result<()> {
    let stdout = io::stdout();
    let color = match color {
        ColorChoice::Auto => AutoStream::choice(&stdout),
        choice => choice,
    };
    let stream = AutoStream::new(stdout.lock(), color);
    let mut out = BufWriter::new(stream);
    let written = write(color != ColorChoice::Never, &mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a project file, whole or not at all; over another file only if it is to be replaced.
pub fn save_project(text: &str, path: &Path, replace: bool) -> Result<(), SaveError> {
    let written = if replace {
        write_whole(path, |out| out.write_all(text.as_bytes()))
    } else {
        write_new(path, text)
    };
    written.map_err(|source| SaveError {
        what: "project",
        path: path.to_owned(),
        is_folder: false,
        source,
    })
}

/// Writes the folder of a new check or connector, whole or not at all; never over what is there.
///
/// # Errors
/// What is there already, or what the system says.
pub fn save_folder(what: &'static str, folder: &Path, files: &[crate::scaffold::File]) -> Result<(), SaveError> {
    scaffolded::write(folder, files).map_err(|source| SaveError {
        what,
        path: folder.to_owned(),
        is_folder: true,
        source,
    })
}

/// Writes to standard output what there is after `new`, and what comes next.
///
/// # Errors
/// Standard output cannot be written to.
pub fn scaffolded(new: &Scaffolded<'_>) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| scaffolded::render(new, out))
}

/// Writes to standard output what there is after `init`, and what comes next.
pub fn begun(begun: &Begun) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| begun::render(begun, out))
}

/// Tells standard error what a snapshot holds that was just written, what of it is not complete, and what an earlier one
/// had more of.
pub fn collected(snapshot: &Snapshot, earlier: Option<&Comparison>, path: &Path) {
    // There is nobody left to tell that standard error is closed.
    let _ = collected::render(snapshot, earlier, path, &mut io::stderr().lock());
}

/// Tells standard error which address a person has to open now, and where their browser comes back to.
pub fn open(address: &str, callback: &str) {
    // There is nobody left to tell that standard error is closed.
    let _ = connected::open(address, callback, &mut io::stderr().lock());
}

/// Writes to standard output what is accepted, and where that is written.
///
/// # Errors
/// Standard output cannot be written to.
pub fn excepted(excepted: &Excepted<'_>) -> io::Result<()> {
    answer(ColorChoice::Never, |_, out| excepted::render(excepted, out))
}

/// Tells standard error that something came in which is not the answer.
pub fn ignored(why: &str) {
    // There is nobody left to tell that standard error is closed.
    let _ = connected::ignored(why, &mut io::stderr().lock());
}

/// Writes to standard output what was kept, and the lines that the project needs.
///
/// # Errors
/// Standard output cannot be written to. A reader that has gone away is none.
pub fn kept(credential: &Kept<'_>) -> io::Result<()> {
    let mut text = Vec::new();
    connected::kept(credential, &mut text)?;
    match io::stdout().lock().write_all(&text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Tells standard error what went wrong and what to do next.
pub fn error(error: &dyn Explain, color: ColorChoice) {
    let stderr = io::stderr();
    let color = match color {
        ColorChoice::Auto => AutoStream::choice(&stderr),
        choice => choice,
    };
    let mut out = AutoStream::new(stderr.lock(), color);
    // There is nobody left to tell that standard error is closed.
    let _ = complaint::render(error, color != ColorChoice::Never, &mut out);
}

/// Writes a file whole or not at all, and says what it was to be.
fn save_as(
    what: &'static str,
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> Result<(), SaveError> {
    write_whole(path, write).map_err(|source| SaveError {
        what,
        path: path.to_owned(),
        is_folder: false,
        source,
    })
}
