//! Changes that no test noticed: for people, for programs (`rolecall/mutations/1`), for CI systems.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::escape;
use super::super::json::Tool;
use super::super::style::Style;
use super::junit::{failing, write};
use crate::workbench::{Mutation, Survivor, UnitMutation};

/// Every change that was made, and those that no test noticed.
#[derive(Serialize, JsonSchema)]
pub struct Document<'a> {
    /// The version of this document.
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// By folder, in the order of the folders.
    units: Vec<Unit<'a>>,
}

/// One check, connector or library.
#[derive(Serialize, JsonSchema)]
struct Unit<'a> {
    /// `check`, `connector` or `library`.
    kind: &'static str,
    /// The folder's name.
    name: &'a str,
    /// The folder, as it was named.
    folder: &'a str,
    /// Why nothing was changed; null where changes were made.
    error: Option<&'a str>,
    /// How many changes a test noticed.
    noticed: usize,
    /// How many changes give a policy that does not load.
    refused: usize,
    /// Changes that no test noticed.
    survived: Vec<Change<'a>>,
    /// Changes that no test noticed, and of which a comment says why that is well.
    ignored: Vec<Change<'a>>,
    /// What is wrong with such comments.
    complaints: Vec<Complaint<'a>>,
}

/// One change.
#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    /// The file.
    file: &'a str,
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
    /// What was done.
    what: &'a str,
    /// The line that was changed.
    before: &'a str,
    /// The line that stood there instead.
    after: &'a str,
    /// Whether any test reaches the rule.
    reached: bool,
    /// Why it is well that no test notices; null where nobody says.
    why: Option<&'a str>,
}

/// What is wrong with a comment.
#[derive(Serialize, JsonSchema)]
struct Complaint<'a> {
    /// The file.
    file: &'a str,
    /// Counted from 1.
    line: usize,
    /// In a sentence.
    message: &'a str,
}

impl<'a> Document<'a> {
    /// The published form.
    pub fn of(units: &'a [UnitMutation]) -> Self {
        let units = units.iter().map(|unit| {
            let (mutation, error) = match &unit.outcome {
                Ok(mutation) => (Some(mutation), None),
                Err(error) => (None, Some(error.as_str())),
            };
            let survived = mutation.iter().flat_map(|mutation| &mutation.survived);
            let ignored = mutation.iter().flat_map(|mutation| &mutation.ignored);
            let complaints = mutation.iter().flat_map(|mutation| &mutation.complaints);
            Unit {
                kind: unit.kind.word(),
                name: &unit.name,
                folder: &unit.folder,
                error,
                noticed: mutation.map_or(0, |mutation| mutation.noticed),
                refused: mutation.map_or(0, |mutation| mutation.refused),
                survived: survived.map(|survivor| Change::of(survivor, None)).collect(),
                ignored: ignored.map(|(survivor, why)| Change::of(survivor, Some(why))).collect(),
                complaints: complaints
                    .map(|(place, message)| Complaint {
                        file: &place.file,
                        line: place.line,
                        message,
                    })
                    .collect(),
            }
        });
        Self {
            schema: super::MUTATIONS_SCHEMA,
            tool: Tool::default(),
            units: units.collect(),
        }
    }
}

impl<'a> Change<'a> {
    fn of(survivor: &'a Survivor, why: Option<&'a str>) -> Self {
        let mutant = &survivor.mutant;
        Self {
            file: &mutant.place.file,
            line: mutant.place.line,
            column: mutant.place.column,
            what: &mutant.what,
            before: &mutant.before,
            after: &mutant.after,
            reached: survivor.reached,
            why,
        }
    }
}

/// Writes them for people: the survivors, each with its line before and after, then a table and a line that counts.
pub fn text(units: &[UnitMutation], styled: bool, out: &mut impl Write) -> io::Result<()> {
    for mutation in units.iter().filter_map(|unit| unit.outcome.as_ref().ok()) {
        for survivor in &mutation.survived {
            survived(survivor, styled, out)?;
        }
        for (place, message) in &mutation.complaints {
            let label = Style::ERROR.paint("error:", styled);
            let (place, message) = (place.to_string(), escape::sentence(message));
            writeln!(out, "{label} {}: {message}\n", escape::terminal(&place))?;
        }
    }
    let width = units.iter().map(|unit| unit.folder.chars().count()).max().unwrap_or(0);
    for unit in units {
        let folder = escape::terminal(&unit.folder).into_owned();
        let pad = width.saturating_sub(unit.folder.chars().count());
        let words = match &unit.outcome {
            Ok(mutation) => counted(mutation, styled),
            Err(why) => format!(
                "{} {}",
                Style::ERROR.paint("not changed:", styled),
                escape::sentence(why)
            ),
        };
        writeln!(out, "{folder}{:pad$}  {words}", "")?;
    }
    let every = || units.iter().filter_map(|unit| unit.outcome.as_ref().ok());
    let noticed: usize = every().map(|mutation| mutation.noticed).sum();
    let ignored: usize = every().map(|mutation| mutation.ignored.len()).sum();
    let survived: usize = every().map(|mutation| mutation.survived.len()).sum();
    let style = if survived == 0 { Style::GOOD } else { Style::ERROR };
    let all = noticed + survived + ignored;
    let ignored = if ignored > 0 {
        format!(", {ignored} ignored")
    } else {
        String::new()
    };
    let refused: usize = every().map(|mutation| mutation.refused).sum();
    let refused = if refused > 0 {
        format!("; {refused} more give no policy that loads")
    } else {
        String::new()
    };
    let line = format!("{all} changes: {noticed} noticed{ignored}, {survived} survived{refused}");
    writeln!(out, "\n{}", style.paint(&line, styled))
}

fn counted(mutation: &Mutation, styled: bool) -> String {
    let survived = mutation.survived.len();
    let ignored = mutation.ignored.len();
    let all = mutation.noticed + survived + ignored;
    let style = if survived == 0 { Style::GOOD } else { Style::ERROR };
    let survivors = style.paint(&format!("{survived} survived"), styled);
    let ignored = if ignored > 0 {
        format!(", {ignored} ignored")
    } else {
        String::new()
    };
    format!("{all} changes, {survivors}{ignored}")
}

fn survived(survivor: &Survivor, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let mutant = &survivor.mutant;
    let label = Style::ERROR.paint("survived:", styled);
    let how = if survivor.reached {
        format!("no test notices when one {}", mutant.what)
    } else {
        format!("no test reaches this rule; when one {}, none can notice", mutant.what)
    };
    writeln!(
        out,
        "{label} {}  {}",
        escape::terminal(&mutant.place.to_string()),
        escape::sentence(&how)
    )?;
    for (sign, style, text) in [("-", Style::ERROR, &mutant.before), ("+", Style::GOOD, &mutant.after)] {
        writeln!(
            out,
            "  {}",
            style.paint(&format!("{sign} {}", escape::sentence(text)), styled)
        )?;
    }
    writeln!(out)
}

/// Writes them as JUnit's XML: one case a folder, which fails with its survivors.
pub fn junit(units: &[UnitMutation], out: &mut impl Write) -> io::Result<()> {
    let mut report = Report::new("rolecall test --mutate");
    for unit in units {
        let mut suite = TestSuite::new(unit.folder.as_str());
        suite.set_time(unit.took);
        match &unit.outcome {
            Err(why) => {
                suite.add_test_case(failing("changes", NonSuccessKind::Error, why, ""));
            }
            Ok(mutation) => {
                for survivor in &mutation.survived {
                    let mutant = &survivor.mutant;
                    let name = format!("{} {}", mutant.place, mutant.what);
                    let more = format!("- {}\n+ {}", mutant.before, mutant.after);
                    suite.add_test_case(failing(&name, NonSuccessKind::Failure, "no test notices", &more));
                }
                for (place, message) in &mutation.complaints {
                    suite.add_test_case(failing(&place.to_string(), NonSuccessKind::Error, message, ""));
                }
                if mutation.survived.is_empty() && mutation.complaints.is_empty() {
                    let name = format!("{} changes are noticed", mutation.noticed);
                    suite.add_test_case(TestCase::new(name, TestCaseStatus::success()));
                }
            }
        }
        report.add_test_suite(suite);
    }
    write(&report, out)
}
