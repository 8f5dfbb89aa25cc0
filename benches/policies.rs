//! The author's workbench beside its floor: what it costs to have the engine read every policy and every test once.
//!
//! `cargo bench --bench policies` prints ratios; seconds are of this machine and of no other.

#![expect(clippy::panic, clippy::print_stdout, reason = "a benchmark is a test that prints")]

use std::path::Path;
use std::time::{Duration, Instant};

use rolecall::rego::{Surroundings, TestFile};
use rolecall::workbench::{self, TEST_LIMIT, Unit, Units, Wanted};

fn main() {
    let roots = ["policies", "connectors"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let units = Units::find(&roots).unwrap_or_else(|error| panic!("{error}"));
    let floor = best(5, || units.0.iter().for_each(read_once));
    println!("read once                 1.0 x the floor ({:.0} ms)", millis(floor));
    let ratio = |what: &str, took: Duration, more: &str| {
        let ratio = took.as_secs_f64() / floor.as_secs_f64();
        println!("{what:<23}{ratio:>6.1} x the floor ({:.0} ms){more}", millis(took));
    };
    let all: Vec<&Unit> = units.0.iter().collect();
    let mut tests = 0;
    let test = best(5, || {
        let runs = workbench::run(&all, &Wanted::default());
        tests = runs.iter().map(|run| run.counts().0).sum();
    });
    ratio("rolecall test", test, &format!(", {tests} tests"));
    let mut changes = 0_usize;
    let mutate = best(1, || {
        let mutations = workbench::mutate(&units).unwrap_or_else(|error| panic!("{error}"));
        let done = mutations.iter().filter_map(|unit| unit.outcome.as_ref().ok());
        changes = done
            .map(|one| one.noticed + one.survived.len() + one.ignored.len())
            .sum();
    });
    let each = millis(mutate) / changes.max(1) as f64 / millis(floor);
    ratio(
        "rolecall test --mutate",
        mutate,
        &format!(", {changes} changes, {each:.2} x the floor each"),
    );
    let lint = best(1, || drop(workbench::lint::lint(&units)));
    ratio("rolecall lint", lint, "");
}

/// The engine parses and prepares everything that the tests of a unit need.
fn read_once(unit: &Unit) {
    let read = || {
        let tests = unit.tests.iter().map(TestFile::parse).collect::<Result<Vec<_>, _>>()?;
        Surroundings::load(&unit.around, &tests, None, TEST_LIMIT)?.with(&unit.policies)
    };
    if let Err(error) = read() {
        panic!("{}: {error}", unit.folder.display());
    }
}

/// The quickest of so many runs.
fn best(runs: u32, mut run: impl FnMut()) -> Duration {
    let once = |()| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    };
    std::iter::repeat_n((), runs as usize)
        .map(once)
        .min()
        .unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
