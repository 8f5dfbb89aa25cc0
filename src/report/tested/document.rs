//! Tests for programs: `rolecall/tests/1`.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use super::{Shown, reached};
use crate::error::Place;
use crate::workbench::{Definition, Outcome, TestResult, TestState, UnitRun};

/// What the tests came to.
#[derive(Serialize, JsonSchema)]
pub struct Document<'a> {
    /// The version of this document.
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// How many tests hold.
    passed: usize,
    /// How many do not, files of which no test ran among them.
    failed: usize,
    /// How many their authors say are not ready.
    skipped: usize,
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
    /// Why its tests cannot run; null where they can.
    error: Option<String>,
    /// Its test files of which no test ran.
    empty: &'a [String],
    /// Every test, in the order of the files.
    tests: Vec<Test<'a>>,
    /// The lines that the tests reach; null where they were not counted.
    coverage: Option<Coverage>,
}

/// Lines of the policies of a folder.
#[derive(Serialize, JsonSchema)]
struct Coverage {
    /// Lines that a test reaches.
    reached: usize,
    /// Lines in all.
    lines: usize,
    /// Rounded down.
    percent: u8,
    /// By file, the lines that no test reaches, counted from 1.
    missed: std::collections::BTreeMap<String, Vec<u32>>,
}

/// One test.
#[derive(Serialize, JsonSchema)]
struct Test<'a> {
    /// The Rego package.
    package: &'a str,
    /// The rule's name.
    name: &'a str,
    /// Where it stands.
    at: At,
    /// `passed`, `failed` or `skipped`.
    state: &'static str,
    /// Why it failed, in a sentence; null otherwise.
    message: Option<&'a str>,
    /// Where it stops, outermost first; empty where it holds or where the message says it all.
    stops: Vec<Stop>,
    /// What it printed.
    prints: &'a [String],
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
struct At {
    /// The file.
    file: String,
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
}

/// A statement that does not hold.
#[derive(Serialize, JsonSchema)]
struct Stop {
    /// Where it stands.
    at: At,
    /// As it is written.
    statement: String,
    /// How deep it is: 0 in the test, 1 in what the test leans on, and so on.
    depth: usize,
    /// What stands in it.
    values: Vec<Value>,
}

/// A part of a statement.
#[derive(Serialize, JsonSchema)]
struct Value {
    /// As it is written.
    text: String,
    /// As a Rego literal; null where it is undefined.
    value: Option<String>,
}

impl<'a> Document<'a> {
    /// The published form.
    pub fn of(shown: &Shown<'a>) -> Self {
        let runs: &'a [UnitRun] = match *shown {
            Shown::Runs { runs, .. } => runs,
            Shown::Mutations(_) => &[],
        };
        let counts = runs.iter().map(UnitRun::counts);
        let sums = counts.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
        let tested = runs
            .iter()
            .filter(|run| !run.tests.is_empty() || run.counts().1 > 0 || !run.lines.is_empty());
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            passed: sums.0,
            failed: sums.1,
            skipped: sums.2,
            units: tested.map(Unit::of).collect(),
        }
    }
}

impl<'a> Unit<'a> {
    fn of(run: &'a UnitRun) -> Self {
        Self {
            kind: run.kind.word(),
            name: &run.name,
            folder: &run.folder,
            error: run.broken.as_ref().map(ToString::to_string),
            empty: &run.empty,
            tests: run.tests.iter().map(Test::of).collect(),
            coverage: reached(run).map(|(reached, lines, percent)| Coverage {
                reached,
                lines,
                percent,
                missed: run
                    .lines
                    .iter()
                    .map(|(file, lines)| (file.clone(), lines.missed.iter().copied().collect()))
                    .collect(),
            }),
        }
    }
}

impl<'a> Test<'a> {
    fn of(test: &'a TestResult) -> Self {
        let (state, failure) = match &test.state {
            TestState::Passed => ("passed", None),
            TestState::Skipped => ("skipped", None),
            TestState::Failed(failure) => ("failed", Some(failure)),
        };
        let mut stops = Vec::new();
        for definition in failure.iter().flat_map(|failure| &failure.stops) {
            collect(definition, 0, &mut stops);
        }
        Self {
            package: &test.package,
            name: &test.name,
            at: At::of(&test.place),
            state,
            message: failure.map(|failure| failure.message.as_str()),
            stops,
            prints: &test.prints,
        }
    }
}

impl At {
    fn of(place: &Place) -> Self {
        Self {
            file: place.file.clone(),
            line: place.line,
            column: place.column,
        }
    }
}

fn collect(definition: &Definition, depth: usize, stops: &mut Vec<Stop>) {
    let Outcome::Stops(statement) = &definition.outcome else {
        return;
    };
    let values = statement.tries.iter().flat_map(|one| &one.values).map(|named| Value {
        text: named.text.clone(),
        value: named.literal.clone(),
    });
    stops.push(Stop {
        at: At::of(&statement.place),
        statement: statement.text.clone(),
        depth,
        values: values.collect(),
    });
    for inside in statement.tries.iter().flat_map(|one| &one.inside) {
        collect(inside, depth + 1, stops);
    }
}
