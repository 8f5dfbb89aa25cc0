//! Running the tests of units, each test alone.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use regex::Regex;

use super::find::{Unit, UnitKind};
use crate::check::{self, Check, CheckError};
use crate::error::{Explain, Place};
use crate::rego::{
    Definition, Held, Limits, Lines, LookAtDocument, Outcome, Probe, RegoError, Said, SourceFile, Suite, Surroundings,
    TestFile, TestRule,
};

/// How long one test may take.
pub const TEST_LIMIT: Limits = Limits {
    time: Duration::from_secs(10),
};

/// What to run.
#[derive(Debug, Default)]
pub struct Wanted<'a> {
    /// Only tests whose `package.name` this finds.
    pub run: Option<&'a Regex>,
    /// Whether the lines that the tests reach are counted.
    pub coverage: bool,
}

/// What became of the tests of one unit.
#[derive(Debug)]
pub struct UnitRun {
    /// What it is.
    pub kind: UnitKind,
    /// The folder's name.
    pub name: String,
    /// The folder, as the user named it.
    pub folder: String,
    /// Its tests, by file and in the file's order; those that were not asked for are left out.
    pub tests: Vec<TestResult>,
    /// Its test files of which no test ran, where all were asked for.
    pub empty: Vec<String>,
    /// Why none of its tests could run.
    pub broken: Option<Box<dyn Explain + Send + Sync>>,
    /// The lines of its policies, where they were counted.
    pub lines: BTreeMap<String, Lines>,
    /// How long it took.
    pub took: Duration,
}

/// What became of one test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// The package without `data.`.
    pub package: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it holds.
    pub state: TestState,
    /// What it printed.
    pub prints: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// Whether a test holds.
#[derive(Debug, Clone)]
pub enum TestState {
    /// It does.
    Passed,
    /// It does not.
    Failed(Failure),
    /// Its author says that it is not ready.
    Skipped,
}

/// Why a test does not hold.
#[derive(Debug, Clone)]
pub struct Failure {
    /// In a sentence.
    pub message: String,
    /// What to do, where that is more than to look.
    pub help: Option<String>,
    /// Where it stops, and with which values. Empty where the message says it all.
    pub stops: Vec<Definition>,
}

impl UnitRun {
    /// How many tests passed, failed and were skipped. A unit whose tests cannot run counts as one that failed, and so
    /// does a file without a test.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&TestState) -> bool| self.tests.iter().filter(|test| is(&test.state)).count();
        (
            count(|state| matches!(state, TestState::Passed)),
            count(|state| matches!(state, TestState::Failed(_)))
                + usize::from(self.broken.is_some())
                + self.empty.len(),
            count(|state| matches!(state, TestState::Skipped)),
        )
    }
}

/// Runs the tests of units, several units at a time; the answers come in the order of the units.
pub fn run(units: &[&Unit], wanted: &Wanted<'_>) -> Vec<UnitRun> {
    in_parallel(units, |unit| run_unit(unit, wanted))
}

fn run_unit(unit: &Unit, wanted: &Wanted<'_>) -> UnitRun {
    let started = Instant::now();
    let mut run = UnitRun {
        kind: unit.kind,
        name: unit.name.clone(),
        folder: unit.folder.display().to_string(),
        tests: Vec::new(),
        empty: Vec::new(),
        broken: None,
        lines: BTreeMap::new(),
        took: Duration::ZERO,
    };
    if let Err(error) = run_tests(unit, wanted, &mut run) {
        run.tests.clear();
        run.broken = Some(error);
    }
    run.took = started.elapsed();
    run
}

/// Why a unit cannot be tested.
pub type Broken = Box<dyn Explain + Send + Sync>;

fn run_tests(unit: &Unit, wanted: &Wanted<'_>, run: &mut UnitRun) -> Result<(), Broken> {
    let check = match unit.kind {
        UnitKind::Check => Some(loaded(unit)?),
        UnitKind::Library | UnitKind::Connector => None,
    };
    let files = parsed(unit)?;
    let said = Said::default();
    let look = check.map(|check| look(check, &said));
    let mut suite = Surroundings::load(&unit.around, &files, look, TEST_LIMIT)
        .and_then(|around| around.with(&unit.policies))
        .map_err(|error| unit.explained(original(error, &files)))?;
    if wanted.coverage {
        suite.count_lines();
    }
    let probe = OnceCell::new();
    for file in &files {
        for test in &file.tests {
            if wanted.run.is_none_or(|pattern| pattern.is_match(&test.full_name())) {
                run.tests
                    .push(run_test((unit, &files), test, &mut suite, &said, &probe));
            }
        }
    }
    // A library's test files may hold builders and no test; a check's and a connector's are there to run.
    if wanted.run.is_none() && unit.kind != UnitKind::Library {
        let runs = |file: &&TestFile| file.tests.iter().any(|test| !test.todo);
        let empty = files.iter().filter(|file| !runs(file));
        run.empty = empty.map(|file| file.file.path.clone()).collect();
        if files.is_empty() {
            run.empty.push(run.folder.clone());
        }
    }
    if wanted.coverage {
        let own = |path: &String| unit.policies.iter().any(|file| file.path == *path);
        run.lines = suite.lines().into_iter().filter(|(path, _)| own(path)).collect();
    }
    Ok(())
}

fn run_test(
    (unit, files): (&Unit, &[TestFile]),
    test: &TestRule,
    suite: &mut Suite,
    said: &Said,
    probe: &OnceCell<Option<Probe>>,
) -> TestResult {
    let started = Instant::now();
    let result = |state, prints| TestResult {
        package: test.package.clone(),
        name: test.name.clone(),
        place: test.place.clone(),
        state,
        prints,
        took: started.elapsed(),
    };
    if test.todo {
        return result(TestState::Skipped, Vec::new());
    }
    if let Some(again) = twice(files, test) {
        let failure = Failure {
            message: format!("the test is there twice, again at {again}: it would hold as soon as one of the two does"),
            help: Some("give one of them another name".to_owned()),
            stops: Vec::new(),
        };
        return result(TestState::Failed(failure), Vec::new());
    }
    let ran = suite.run(test);
    let failure = match ran.held {
        Held::Yes => None,
        Held::No => Some(Failure {
            message: "the test does not hold".to_owned(),
            help: None,
            stops: why(probe, unit, files, test),
        }),
        Held::Value(value) => Some(Failure {
            message: format!("the test is {value}, not true"),
            help: Some("write it as a condition: `test_… if { … }`".to_owned()),
            stops: Vec::new(),
        }),
        Held::Error(error) => {
            let error = original(error, files);
            Some(Failure {
                help: error.help(),
                message: error.to_string(),
                stops: Vec::new(),
            })
        }
    };
    // What the test was asked about comes first: on a document that no subject has, nothing is proved.
    let looked = said.take();
    let failure = match looked.lines.first() {
        Some(line) => {
            let (message, help) = line.split_once('\n').unwrap_or((line, ""));
            Some(Failure {
                message: format!("it judges what no subject is: {message}"),
                help: Some(help.to_owned()),
                stops: Vec::new(),
            })
        }
        None if failure.is_none() && unit.kind == UnitKind::Check && looked.documents == 0 => Some(Failure {
            message: "it judges nothing: no document is given as `input`".to_owned(),
            help: Some("write `… with input as test.account({…})`".to_owned()),
            stops: Vec::new(),
        }),
        None => failure,
    };
    result(failure.map_or(TestState::Passed, TestState::Failed), ran.prints)
}

/// Where a test of a name stands for a second time among the files of a unit.
fn twice(files: &[TestFile], test: &TestRule) -> Option<Place> {
    let same = files
        .iter()
        .flat_map(|file| &file.tests)
        .filter(|other| other.package == test.package && other.name == test.name && other.place != test.place);
    test.again
        .clone()
        .or_else(|| same.map(|other| other.place.clone()).next())
}

/// Which statement a test stops at. It did not hold, so an answer that cannot be had here hides nothing.
fn why(probe: &OnceCell<Option<Probe>>, unit: &Unit, files: &[TestFile], test: &TestRule) -> Vec<Definition> {
    let load = || {
        let tests = files.iter().map(TestFile::runnable);
        let sources: Vec<SourceFile> = tests.chain(unit.policies.iter().chain(&unit.around).cloned()).collect();
        Probe::new(&sources, TEST_LIMIT).ok()
    };
    let Some(probe) = probe.get_or_init(load) else {
        return Vec::new();
    };
    let mut definitions = probe.rule(&test.package, &test.name, None, None).unwrap_or_default();
    definitions
        .iter_mut()
        .for_each(|definition| led_back(definition, files));
    definitions
}

/// Leads a definition back to the file that its author wrote.
fn led_back(definition: &mut Definition, files: &[TestFile]) {
    let of = files.iter().find(|file| file.file.path == definition.place.file);
    definition.place = written(&definition.place, files);
    if let Outcome::Stops(statement) = &mut definition.outcome {
        statement.place = written(&statement.place, files);
        statement.text = of.map_or_else(|| statement.text.clone(), |file| file.as_written(&statement.text));
        for one in &mut statement.tries {
            one.values
                .retain(|named| of.is_none_or(|file| !file.is_put_in(&named.text)));
            one.inside.iter_mut().for_each(|definition| led_back(definition, files));
        }
    }
}

fn written(place: &Place, files: &[TestFile]) -> Place {
    let file = files.iter().find(|file| file.file.path == place.file);
    file.map_or_else(|| place.clone(), |file| file.original(place.clone()))
}

/// The check of a unit, held against the contract.
///
/// # Errors
/// What the loader says of it.
pub fn loaded(unit: &Unit) -> Result<Check, Broken> {
    let file = unit.policies.first().ok_or_else(|| {
        boxed(CheckError::Folder {
            folder: unit.folder.display().to_string(),
            message: "there is no `check.rego`".to_owned(),
            help: "each folder under a policy folder is one check".to_owned(),
        })
    })?;
    check::load_alone(&unit.name, file, &unit.around).map_err(boxed)
}

/// The test files of a unit, parsed.
///
/// # Errors
/// What the parser says of the first that is no Rego.
pub fn parsed(unit: &Unit) -> Result<Vec<TestFile>, Broken> {
    let files = unit.tests.iter().map(TestFile::parse);
    files.collect::<Result<_, _>>().map_err(|error| unit.explained(error))
}

/// Holds every document that a test gives against what a subject can be.
fn look(check: Check, said: &Said) -> LookAtDocument {
    let said = said.clone();
    Arc::new(move |document| {
        let misfit = check.schema.misfit(document, &check.reads);
        said.saw(misfit.map(|(message, help)| format!("{message}\n{help}")));
    })
}

pub(super) fn boxed(error: impl Explain + Send + Sync + 'static) -> Broken {
    Box::new(error)
}

/// An error whose place is that of the file as its author wrote it.
fn original(error: RegoError, files: &[TestFile]) -> RegoError {
    error.at(|place| written(place, files))
}

/// Works through a list on all processors; the answers come in the list's order.
pub(super) fn in_parallel<T: Sync, A: Send>(list: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(list.len());
    let part = || {
        let mut answers = Vec::new();
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = list.get(position) else { break answers };
            answers.push((position, work(one)));
        }
    };
    let mut answers: Vec<(usize, A)> = thread::scope(|scope| {
        let spawn = || {
            thread::Builder::new()
                .stack_size(crate::rego::STACK)
                .spawn_scoped(scope, part)
        };
        let running: Vec<_> = (1..threads).filter_map(|_| spawn().ok()).collect();
        let mut answers = part();
        for thread in running {
            answers.extend(
                thread
                    .join()
                    .unwrap_or_else(|payload| std::panic::resume_unwind(payload)),
            );
        }
        answers
    });
    answers.sort_by_key(|(position, _)| *position);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
