//! Tests of policies: `test_*` rules, each evaluated alone.

mod bind;
mod hold;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex, PoisonError};

use regorus::unstable::{Expr, Module, Rule, RuleHead};
use regorus::utils::limits::{LimitError, PolicyLengthConfig};
use regorus::{Engine, Value};

use self::bind::{Bound, bind};
use self::hold::hold;
use super::calls::hold_recursion;
use super::error::RegoError;
use super::package::{name_of, names_of, place, root};
use super::program::{Limits, guarded, prepare, timed};
use super::source::SourceFile;
use super::tree::each_statement;
use crate::error::Place;

/// One `_test.rego` file, parsed.
#[derive(Debug, Clone)]
pub struct TestFile {
    /// As its author wrote it.
    pub file: SourceFile,
    /// Its `test_*` and `todo_test_*` rules, in the file's order.
    pub tests: Vec<TestRule>,
    /// What the engine runs, and where its places stand in the file.
    bound: Bound,
    /// The same, with every document seen on the way.
    seen: Bound,
    /// Where it gives a part of a document only: `with input.account as …`.
    in_part: Option<RegoError>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestRule {
    /// The package without `data.`.
    pub package: String,
    /// Its name, `test_` or `todo_test_` included.
    pub name: String,
    /// Where it is defined; the first place, if it is there more than once.
    pub place: Place,
    /// Whether its author says that it is not ready.
    pub todo: bool,
    /// Where it is defined again: such a test would hold as soon as one of the two does.
    pub again: Option<Place>,
}

impl TestRule {
    /// `package.name`, as `--run` and reports know it.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.package, self.name)
    }
}

/// What became of a test.
#[derive(Debug, Clone)]
pub enum Held {
    /// It holds.
    Yes,
    /// It is undefined, or false.
    No,
    /// It has a value that is not `true`.
    Value(String),
    /// It could not be evaluated.
    Error(RegoError),
}

/// One run of a test.
#[derive(Debug, Clone)]
pub struct TestRun {
    /// Whether it holds.
    pub held: Held,
    /// What it printed: `file:line: text`.
    pub prints: Vec<String>,
}

/// Lines of one file, counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Those that something reached.
    pub reached: BTreeSet<u32>,
    /// Those with an expression that nothing reached.
    pub missed: BTreeSet<u32>,
}

/// Looks at a document that a test gives as `input`.
pub type Look = Arc<dyn Fn(&serde_json::Value) + Send + Sync>;

impl TestFile {
    /// Parses a test file.
    ///
    /// # Errors
    /// What the parser says.
    pub fn parse(file: &SourceFile) -> Result<Self, RegoError> {
        let module = file.parse()?;
        let package = names_of(&module.package.refr).unwrap_or_default().join(".");
        let mut tests: Vec<TestRule> = Vec::new();
        for rule in &module.policy {
            let span = name_of(rule);
            let name = span.text();
            if !name.starts_with("test_") && !name.starts_with("todo_test_") {
                continue;
            }
            if !is_plain(rule) {
                let message = format!("`{name}` is no test that could be run");
                return Err(RegoError::refused(
                    span,
                    message,
                    "write it as a condition: `test_… if { … }`",
                ));
            }
            match tests.iter_mut().find(|known| known.name == name) {
                Some(known) => known.again = known.again.take().or_else(|| Some(place(span))),
                None => tests.push(TestRule {
                    package: package.clone(),
                    name: name.to_owned(),
                    place: place(span),
                    todo: name.starts_with("todo_"),
                    again: None,
                }),
            }
        }
        hold_recursion(&module)?;
        Ok(Self {
            bound: bind(&file.text, &module, None)?,
            seen: bind(&file.text, &module, Some(SEEN))?,
            in_part: gives_a_part(&module),
            file: file.clone(),
            tests,
        })
    }

    /// The file as the engine runs it: `with` values are bound first.
    pub fn runnable(&self) -> SourceFile {
        SourceFile {
            path: self.file.path.clone(),
            text: self.bound.text.clone(),
        }
    }

    /// A statement of [`TestFile::runnable`] as its author wrote it.
    pub fn as_written(&self, statement: &str) -> String {
        self.bound.as_written(statement)
    }

    /// Whether a variable of [`TestFile::runnable`] is none of its author's.
    pub fn is_put_in(&self, variable: &str) -> bool {
        self.bound.is_put_in(variable)
    }

    /// Where a place of [`TestFile::runnable`] stands in the file.
    pub fn original(&self, place: Place) -> Place {
        self.bound.original(place)
    }
}

/// Whether a rule is one condition with a name: no function, no set, no part of a record, no default.
fn is_plain(rule: &Rule) -> bool {
    matches!(rule, Rule::Spec { head: RuleHead::Compr { refr, .. }, .. } if matches!(refr.as_ref(), Expr::Var { .. }))
}

/// The first modifier that gives a part of a document: nobody could hold that part against what a subject is.
fn gives_a_part(module: &Module) -> Option<RegoError> {
    let mut found = None;
    for rule in &module.policy {
        each_statement(rule, &mut |statement, _| {
            for modifier in &statement.with_mods {
                let names = names_of(&modifier.refr).unwrap_or_default();
                if names.len() != 1 && root(&modifier.refr).text() == "input" {
                    let help =
                        "give the whole document, `with input as test.account({…})`, with the part changed in it";
                    found.get_or_insert(RegoError::refused(
                        &modifier.span,
                        "a part of a document is given",
                        help,
                    ));
                }
            }
        });
    }
    found
}

/// The function that every document goes through where somebody looks.
const SEEN: &str = "rolecall.seen";

/// Everything around a policy that its tests need, parsed once.
#[derive(Clone)]
pub struct Surroundings {
    engine: Engine,
    /// The files of tests.
    names: BTreeSet<String>,
    limits: Limits,
}

impl Surroundings {
    /// Parses the files around a policy, and its tests. `look` sees every document that a test gives as `input`.
    ///
    /// # Errors
    /// What the parser says.
    pub fn load(
        around: &[SourceFile],
        tests: &[TestFile],
        look: Option<Look>,
        limits: Limits,
    ) -> Result<Self, RegoError> {
        let mut engine = prepare(limits);
        engine.set_gather_prints(true);
        // What is put into a file makes it longer than its author wrote it; they were held to the limits.
        engine.set_policy_length_config(PolicyLengthConfig {
            max_col: NonZeroU32::MAX,
            max_file_bytes: NonZeroUsize::MAX,
            max_lines: NonZeroUsize::MAX,
        });
        let looks = look.is_some();
        if let Some(look) = look {
            if let Some(wrong) = tests.iter().find_map(|test| test.in_part.clone()) {
                return Err(wrong);
            }
            let extension = move |mut values: Vec<Value>| {
                let value = values.pop().unwrap_or(Value::Undefined);
                if let Ok(document) = serde_json::to_value(&value) {
                    look(&document);
                }
                Ok(value)
            };
            engine
                .add_extension(SEEN.to_owned(), 1, Box::new(extension))
                .map_err(|error| RegoError::from_parser(SEEN, &error))?;
        }
        let builders = around.iter().map(TestFile::parse).collect::<Result<Vec<_>, _>>()?;
        for file in builders.iter().chain(tests) {
            file.file.refuse_too_long()?;
            file.file.refuse_deep_nesting()?;
            let text = if looks { &file.seen.text } else { &file.bound.text };
            let path = &file.file.path;
            guarded(path, || engine.add_policy(path.clone(), text.clone()))?
                .map_err(|error| RegoError::from_parser(path, &error))?;
        }
        let names = tests.iter().map(|test| test.file.path.clone()).collect();
        Ok(Self { engine, names, limits })
    }

    /// The policy's files in these surroundings, ready to be tested.
    ///
    /// # Errors
    /// What the parser or the engine's analysis says.
    pub fn with(&self, policies: &[SourceFile]) -> Result<Suite, RegoError> {
        let mut engine = self.engine.clone();
        for file in policies {
            file.add_to(&mut engine)?;
        }
        hold(engine.get_modules(), &self.names.iter().map(String::as_str).collect())?;
        let path = policies.first().map_or("", |file| file.path.as_str());
        guarded(path, || engine.eval_query("true".to_owned(), false))?
            .map_err(|error| RegoError::from_parser(path, &error))?;
        Ok(Suite {
            fresh: engine.clone(),
            engine,
            limits: self.limits,
        })
    }
}

/// Policies and their tests in one engine.
pub struct Suite {
    engine: Engine,
    /// For after a panic, which leaves the engine in the middle of what it did.
    fresh: Engine,
    limits: Limits,
}

impl Suite {
    /// Counts the lines that are reached from now on.
    pub fn count_lines(&mut self) {
        self.engine.set_enable_coverage(true);
        self.engine.clear_coverage_data();
    }

    /// Runs one test.
    pub fn run(&mut self, test: &TestRule) -> TestRun {
        let path = format!("data.{}", test.full_name());
        let held = match guarded(&path, || self.engine.eval_rule(path.clone())) {
            Err(error) => {
                self.engine = self.fresh.clone();
                Held::Error(error)
            }
            Ok(Err(error)) => Held::Error(timed(
                &path,
                error.downcast_ref::<LimitError>(),
                &format!("{error:#}"),
                self.limits,
            )),
            Ok(Ok(Value::Bool(true))) => Held::Yes,
            Ok(Ok(Value::Undefined | Value::Bool(false))) => Held::No,
            Ok(Ok(value)) => Held::Value(value.to_json_str().unwrap_or_default()),
        };
        TestRun {
            held,
            prints: self.engine.take_prints().unwrap_or_default(),
        }
    }

    /// The lines reached since [`Suite::count_lines`], by file.
    pub fn lines(&self) -> BTreeMap<String, Lines> {
        let report = self.engine.get_coverage_report();
        let files = report.map(|report| report.files).unwrap_or_default();
        let lines = files.into_iter().map(|file| {
            let lines = Lines {
                reached: file.covered.clone(),
                missed: file.not_covered.difference(&file.covered).copied().collect(),
            };
            (file.path, lines)
        });
        lines.collect()
    }
}

/// Collects what a [`Look`] has to say.
#[derive(Debug, Clone, Default)]
pub struct Said(Arc<Mutex<Looked>>);

/// What was looked at since the last time.
#[derive(Debug, Default)]
pub struct Looked {
    /// How many documents.
    pub documents: usize,
    /// What there is to say of them, each line once.
    pub lines: Vec<String>,
}

impl Said {
    /// Counts a document, and adds what there is to say of it.
    pub fn saw(&self, line: Option<String>) {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looked.documents += 1;
        if let Some(line) = line.filter(|line| !looked.lines.contains(line)) {
            looked.lines.push(line);
        }
    }

    /// Takes what has been said.
    pub fn take(&self) -> Looked {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
