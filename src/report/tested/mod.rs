//! What tests came to, and the changes that no test noticed: for people, for programs (`rolecall/tests/1`,
//! `rolecall/mutations/1`), for CI systems.

use std::io::{self, Write};
use std::path::Path;

use anstream::ColorChoice;
use serde_json::Value;

use super::json::{schema_of, write_document};
use super::{SaveError, TestFormat, answer, save_as};
use crate::exit::Exit;
use crate::workbench::{UnitKind, UnitMutation, UnitRun};

mod document;
mod junit;
mod mutations;
#[cfg(test)]
mod tests;
mod text;

/// The versions that this program writes.
pub const SCHEMA: &str = "rolecall/tests/1";
/// The same, of changes.
pub const MUTATIONS_SCHEMA: &str = "rolecall/mutations/1";

/// What is shown.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'a> {
    /// Tests that ran.
    Runs {
        /// By unit.
        runs: &'a [UnitRun],
        /// Whether lines were counted.
        coverage: bool,
        /// The least percentage of lines that each check and connector must reach.
        least: Option<u8>,
        /// Whether only some of the tests were asked for.
        chosen: bool,
    },
    /// Changes that were made.
    Mutations(&'a [UnitMutation]),
}

impl Shown<'_> {
    /// How the run ends: tests that do not hold, none that ran, too little that they reach, or a change that survived.
    pub fn outcome(&self) -> Exit {
        match self {
            Shown::Runs { runs, least, .. } => {
                let loads = runs.iter().all(|run| run.broken.is_none());
                let well = self.passed() > 0
                    && runs.iter().all(|run| run.counts().1 == 0)
                    && runs.iter().all(|run| !falls_short(run, *least));
                match (loads, well) {
                    (false, _) => Exit::Usage,
                    (true, false) => Exit::Findings,
                    (true, true) => Exit::Clean,
                }
            }
            Shown::Mutations(units) => {
                let well = units.iter().all(|unit| match &unit.outcome {
                    Ok(mutation) => mutation.survived.is_empty() && mutation.complaints.is_empty(),
                    Err(_) => false,
                });
                if well { Exit::Clean } else { Exit::Findings }
            }
        }
    }

    fn passed(&self) -> usize {
        match self {
            Shown::Runs { runs, .. } => runs.iter().map(|run| run.counts().0).sum(),
            Shown::Mutations(_) => 0,
        }
    }

    /// Whether a pattern chose no test at all.
    fn chose_none(&self) -> bool {
        match self {
            Shown::Runs { runs, chosen: true, .. } => runs.iter().all(|run| run.tests.is_empty()),
            Shown::Runs { .. } | Shown::Mutations(_) => false,
        }
    }
}

/// Writes it to a file, or to standard output.
///
/// # Errors
/// The file or standard output cannot be written to.
pub fn write(
    shown: &Shown<'_>,
    format: TestFormat,
    quiet: bool,
    color: ColorChoice,
    file: Option<&Path>,
) -> Result<(), SaveError> {
    const WHAT: &str = "result of the tests";
    match file {
        Some(path) => {
            let styled = matches!(color, ColorChoice::Always | ColorChoice::AlwaysAnsi);
            save_as(WHAT, path, |out| render(shown, format, quiet, styled, out))
        }
        None => answer(color, |styled, out| render(shown, format, quiet, styled, out)).map_err(|source| SaveError {
            what: WHAT,
            path: "standard output".into(),
            is_folder: false,
            source,
        }),
    }
}

/// Clears a terminal before the tests run again; elsewhere an empty line sets the runs apart.
///
/// # Errors
/// Standard output cannot be written to.
pub fn begin_again(color: ColorChoice) -> io::Result<()> {
    answer(color, |styled, out| {
        if styled {
            out.write_all(b"\x1b[2J\x1b[H")
        } else {
            out.write_all(b"\n")
        }
    })
}

/// Tells standard error that the tests run again when something changes.
pub fn waiting() {
    // There is nobody left to tell that standard error is closed.
    let _ = writeln!(io::stderr(), "\nwaiting for a change; ctrl-c ends");
}

/// The JSON Schema of what tests came to, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<document::Document<'static>>(
        "urn:rolecall:tests:1",
        "What the tests of policies came to: `rolecall test --format json`",
    )
}

/// The JSON Schema of the changes that were made, as it is published in `docs/schemas/`.
pub fn mutations_schema() -> Value {
    schema_of::<mutations::Document<'static>>(
        "urn:rolecall:mutations:1",
        "Which changes to policies no test noticed: `rolecall test --mutate --format json`",
    )
}

fn render(shown: &Shown<'_>, format: TestFormat, quiet: bool, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match (shown, format) {
        (Shown::Runs { .. }, TestFormat::Text) => text::render(shown, quiet, styled, out),
        (Shown::Runs { .. }, TestFormat::Json) => write_document(&document::Document::of(shown), out),
        (Shown::Runs { .. }, TestFormat::Junit) => junit::render(shown, out),
        (Shown::Mutations(units), TestFormat::Text) => mutations::text(units, styled, out),
        (Shown::Mutations(units), TestFormat::Json) => write_document(&mutations::Document::of(units), out),
        (Shown::Mutations(units), TestFormat::Junit) => mutations::junit(units, out),
    }
}

/// Lines reached, lines in all, and the percentage, rounded down. Null where nothing was counted.
fn reached(run: &UnitRun) -> Option<(usize, usize, u8)> {
    let reached: usize = run.lines.values().map(|lines| lines.reached.len()).sum();
    let missed: usize = run.lines.values().map(|lines| lines.missed.len()).sum();
    let all = reached + missed;
    let percent = (reached * 100).checked_div(all)?;
    Some((reached, all, u8::try_from(percent).unwrap_or(100)))
}

fn falls_short(run: &UnitRun, least: Option<u8>) -> bool {
    let Some(least) = least.filter(|_| run.broken.is_none() && !is_a_library_without_tests(run)) else {
        return false;
    };
    reached(run).is_none_or(|(_, _, percent)| percent < least)
}

/// A library is reached by the tests of checks, and may have none of its own.
fn is_a_library_without_tests(run: &UnitRun) -> bool {
    run.kind == UnitKind::Library && run.tests.is_empty()
}
