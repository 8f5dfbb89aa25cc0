//! Changing a policy in small ways, one at a time, and asking its tests whether they notice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::find::{Unit, UnitKind, Units};
use super::run::{Broken, TestResult, TestState, Wanted, in_parallel, loaded, parsed};
use crate::error::Place;
use crate::rego::{Held, Limits, Mutant, SourceFile, Suite, Surroundings, TestFile, TestRule, mutants};

/// How long one test may take on a changed policy. One that takes longer has noticed.
const LIMIT: Limits = Limits {
    time: Duration::from_secs(5),
};

/// What the changes to one unit's policies came to.
#[derive(Debug, Default)]
pub struct Mutation {
    /// How many changes a test noticed.
    pub noticed: usize,
    /// How many changes give a policy that does not load: nobody could ship it, and no test had to notice.
    pub refused: usize,
    /// Changes that no test noticed, and that nobody said to ignore.
    pub survived: Vec<Survivor>,
    /// Changes that no test noticed, and of which somebody said why that is well.
    pub ignored: Vec<(Survivor, String)>,
    /// `# mutate: ignore` without a reason, or above a line whose changes are all noticed.
    pub complaints: Vec<(Place, String)>,
}

/// A change that no test noticed.
#[derive(Debug, Clone)]
pub struct Survivor {
    /// The change.
    pub mutant: Mutant,
    /// Whether any test reaches its rule at all.
    pub reached: bool,
}

/// One unit, changed.
#[derive(Debug)]
pub struct UnitMutation {
    /// What it is.
    pub kind: UnitKind,
    /// The folder's name.
    pub name: String,
    /// The folder, as the user named it.
    pub folder: String,
    /// What came of it, or why nothing did: its tests must hold before a change means anything.
    pub outcome: Result<Mutation, String>,
    /// How long it took.
    pub took: Duration,
}

/// Changes the policies of units and runs their tests. A library is tested by the checks beside it.
///
/// # Errors
/// A policy or a test file that does not load.
pub fn mutate(units: &Units) -> Result<Vec<UnitMutation>, Broken> {
    units.0.iter().map(|unit| mutate_unit(unit, units)).collect()
}

fn mutate_unit(unit: &Unit, units: &Units) -> Result<UnitMutation, Broken> {
    let started = Instant::now();
    let testers: Vec<&Unit> = match unit.kind {
        UnitKind::Library => std::iter::once(unit).chain(units.users(unit)).collect(),
        UnitKind::Check | UnitKind::Connector => vec![unit],
    };
    let outcome = changes(unit, &testers)?;
    Ok(UnitMutation {
        kind: unit.kind,
        name: unit.name.clone(),
        folder: unit.folder.display().to_string(),
        outcome,
        took: started.elapsed(),
    })
}

fn changes(unit: &Unit, testers: &[&Unit]) -> Result<Result<Mutation, String>, Broken> {
    // What `rolecall test` fails, notices nothing: a test that judges what no subject is, or that is there twice.
    for run in super::run::run(testers, &Wanted::default()) {
        if let Some(error) = run.broken {
            return Err(error);
        }
        let failed = |test: &&TestResult| matches!(test.state, TestState::Failed(_));
        if let Some(test) = run.tests.iter().find(failed) {
            return Ok(Err(format!(
                "the test `{}.{}` does not hold as it is",
                test.package, test.name
            )));
        }
    }
    let mut benches = Vec::new();
    for tester in testers {
        match Bench::new(unit, tester)? {
            Ok(bench) => benches.push(bench),
            Err(failing) => return Ok(Err(failing)),
        }
    }
    if benches.iter().all(|bench| bench.tests.is_empty()) {
        return Ok(Err("there is no test".to_owned()));
    }
    let words = words_of(unit, testers)?;
    let mut all = Vec::new();
    for file in unit.policies.iter().filter(|file| !is_for_tests(file)) {
        all.extend(mutants(file, &words).map_err(|error| unit.explained(error))?);
    }
    let fates = in_parallel(&all, |mutant| fate(mutant, &benches));
    let mut mutation = Mutation::default();
    let mut excuses = excuses(unit, &mut mutation.complaints);
    for (mutant, fate) in all.into_iter().zip(fates) {
        let reached = match fate {
            Fate::Noticed => {
                mutation.noticed += 1;
                continue;
            }
            Fate::Refused => {
                mutation.refused += 1;
                continue;
            }
            Fate::Survived { reached } => reached,
        };
        let survivor = Survivor { mutant, reached };
        let place = &survivor.mutant.place;
        match excuses.iter_mut().find(|excuse| excuse.covers(place)) {
            Some(excuse) => {
                excuse.used = true;
                mutation.ignored.push((survivor, excuse.why.clone()));
            }
            None => mutation.survived.push(survivor),
        }
    }
    for excuse in excuses.iter().filter(|excuse| !excuse.used) {
        let complaint = "every change here is noticed: take the comment away".to_owned();
        mutation.complaints.push((excuse.place.clone(), complaint));
    }
    Ok(Ok(mutation))
}

/// What becomes of a change.
enum Fate {
    Noticed,
    Refused,
    Survived { reached: bool },
}

fn fate(mutant: &Mutant, benches: &[Bench]) -> Fate {
    let mut reached = false;
    for bench in benches {
        let tests = bench.reaching(mutant);
        if tests.is_empty() {
            continue;
        }
        reached = true;
        let Ok(mut suite) = bench.changed(mutant) else {
            return Fate::Refused;
        };
        if tests.iter().any(|test| !matches!(suite.run(test).held, Held::Yes)) {
            return Fate::Noticed;
        }
    }
    Fate::Survived { reached }
}

/// The tests of one unit, ready for changed policies.
struct Bench {
    around: Surroundings,
    /// The files that are loaded beside the one that is changed.
    policies: Vec<SourceFile>,
    tests: Vec<Reach>,
}

/// A test, the lines of the policies that it reaches, and how long it takes.
struct Reach {
    test: TestRule,
    lines: BTreeMap<String, BTreeSet<u32>>,
    took: Duration,
}

impl Bench {
    /// The tests of `tester` for changes to the policies of `unit`; the tests that do not hold now, if there are any.
    fn new(unit: &Unit, tester: &Unit) -> Result<Result<Self, String>, Broken> {
        let files = parsed(tester)?;
        let is_own = |file: &SourceFile| unit.policies.iter().any(|own| own.path == file.path);
        let (mut policies, around): (Vec<SourceFile>, Vec<SourceFile>) = tester
            .around
            .iter()
            .cloned()
            .partition(|file| is_own(file) && !is_for_tests(file));
        policies.extend(tester.policies.iter().filter(|file| !is_for_tests(file)).cloned());
        let builders = tester.policies.iter().filter(|file| is_for_tests(file)).cloned();
        let around: Vec<SourceFile> = around.into_iter().chain(builders).collect();
        let around = Surroundings::load(&around, &files, None, LIMIT).map_err(|error| tester.explained(error))?;
        let mut suite = around.with(&policies).map_err(|error| tester.explained(error))?;
        let mut tests = Vec::new();
        for test in files
            .iter()
            .flat_map(|file: &TestFile| &file.tests)
            .filter(|test| !test.todo)
        {
            suite.count_lines();
            let started = Instant::now();
            if !matches!(suite.run(test).held, Held::Yes) {
                return Ok(Err(format!("the test `{}` does not hold as it is", test.full_name())));
            }
            let lines = suite.lines().into_iter().map(|(path, lines)| (path, lines.reached));
            tests.push(Reach {
                test: test.clone(),
                took: started.elapsed(),
                lines: lines.collect(),
            });
        }
        // Quick tests first: most changes are noticed by the first test that reaches them.
        tests.sort_by_key(|reach| reach.took);
        Ok(Ok(Self {
            around,
            policies,
            tests,
        }))
    }

    /// The tests that reach the rule of a change.
    fn reaching(&self, mutant: &Mutant) -> Vec<&TestRule> {
        let reaches = |reach: &&Reach| {
            let lines = reach.lines.get(&mutant.place.file);
            lines.is_some_and(|lines| lines.range(mutant.rule.clone()).next().is_some())
        };
        self.tests.iter().filter(reaches).map(|reach| &reach.test).collect()
    }

    fn changed(&self, mutant: &Mutant) -> Result<Suite, crate::rego::RegoError> {
        let files = self.policies.iter().map(|file| {
            let changed = file.path == mutant.changed.path;
            if changed { mutant.changed.clone() } else { file.clone() }
        });
        self.around.with(&files.collect::<Vec<_>>())
    }
}

/// The words that fields of the documents hold, list by list.
fn words_of(unit: &Unit, testers: &[&Unit]) -> Result<Vec<Vec<String>>, Broken> {
    let mut words = Vec::new();
    for check in std::iter::once(&unit)
        .chain(testers)
        .filter(|unit| unit.kind == UnitKind::Check)
    {
        words.extend(loaded(check)?.schema.words());
    }
    words.sort();
    words.dedup();
    Ok(words)
}

fn is_for_tests(file: &SourceFile) -> bool {
    file.path.ends_with("lib/test.rego")
}

/// `# mutate: ignore WHY`, on the line itself or on the line above.
struct Excuse {
    place: Place,
    /// Whether nothing stands before it on its line: then it is about the next one.
    alone: bool,
    why: String,
    used: bool,
}

impl Excuse {
    fn covers(&self, place: &Place) -> bool {
        self.place.file == place.file && self.place.line + usize::from(self.alone) == place.line
    }
}

fn excuses(unit: &Unit, complaints: &mut Vec<(Place, String)>) -> Vec<Excuse> {
    let mut excuses = Vec::new();
    for file in &unit.policies {
        let lines: Vec<&str> = file.text.lines().collect();
        for (line, column) in file.comments() {
            let text = lines.get(line - 1).copied().unwrap_or_default();
            let start = text.char_indices().nth(column - 1).map_or(text.len(), |(at, _)| at);
            let (before, comment) = text.split_at(start);
            let Some(why) = comment.strip_prefix("# mutate: ignore") else {
                continue;
            };
            let place = Place {
                file: file.path.clone(),
                line,
                column,
            };
            if why.starts_with(|next: char| !next.is_whitespace()) {
                continue;
            }
            if why.trim().is_empty() {
                complaints.push((place, "say why: `# mutate: ignore WHY`".to_owned()));
            } else {
                excuses.push(Excuse {
                    alone: before.trim().is_empty(),
                    place,
                    why: why.trim().to_owned(),
                    used: false,
                });
            }
        }
    }
    excuses
}
