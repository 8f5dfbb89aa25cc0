//! Whether the tests of a check hold each reason from both sides.

use std::collections::BTreeSet;

use super::super::run::{TestState, Wanted, run};
use super::context::Context;
use super::{Failure, rules};
use crate::check::{Check, EVALUATION_LIMIT, Places};
use crate::rego::lint::{Parsed, always, never};
use crate::rego::{Held, RegoError, SourceFile, Suite, Surroundings, TestFile, TestRule};

/// A check and its tests, parsed once.
struct Bench<'a> {
    policy: &'a SourceFile,
    surroundings: Surroundings,
    /// The tests that `rolecall test` passes: only these can notice anything.
    passing: Vec<TestRule>,
    /// Whether there are others.
    fails: bool,
}

/// Every reason has a test that fails where it is never given, and one that fails where it always is.
pub(super) fn reasons(context: &mut Context<'_>, check: &Check, places: &Places) -> Result<(), Failure> {
    let Some(bench) = Bench::new(context)? else {
        return Ok(());
    };
    let mut found = Vec::new();
    if let Some(policy) = context.policies.first() {
        for (output, reasons) in [
            ("skip", &check.skip),
            ("fail", &check.fail),
            ("unknown", &check.unknown),
        ] {
            for reason in reasons {
                let missing = bench.missing(policy, output, &reason.code);
                found.extend(missing.map(|(message, help)| (output, reason.code.clone(), message, help)));
            }
        }
    }
    for (output, code, message, mut help) in found {
        if bench.fails {
            help.push_str("; a test that fails counts for nothing: see `rolecall test`");
        }
        let place = places.key(&format!("custom.{output}.{code}"));
        context.find(&rules::UNTESTED_REASON, place, code.len(), message, help);
    }
    Ok(())
}

impl<'a> Bench<'a> {
    fn new(context: &Context<'a>) -> Result<Option<Self>, Failure> {
        let unit = context.unit;
        let Some(policy) = unit.policies.first() else {
            return Ok(None);
        };
        let mut passed = BTreeSet::new();
        let mut fails = false;
        for run in run(&[unit], &Wanted::default()) {
            if let Some(error) = run.broken {
                return Err(error.into());
            }
            for test in run.tests {
                match test.state {
                    TestState::Passed => drop(passed.insert((test.package, test.name))),
                    TestState::Failed(_) => fails = true,
                    TestState::Skipped => {}
                }
            }
        }
        // Without any test there is nothing to say of each reason that `no-tests` does not say.
        if passed.is_empty() && !fails {
            return Ok(None);
        }
        let framed = |error| unit.explained(error);
        let tests = unit.tests.iter().map(TestFile::parse).collect::<Result<Vec<_>, _>>();
        let tests = tests.map_err(framed)?;
        let surroundings = Surroundings::load(&unit.around, &tests, None, EVALUATION_LIMIT).map_err(framed)?;
        let is_passed = |test: &TestRule| passed.contains(&(test.package.clone(), test.name.clone()));
        let all = tests.into_iter().flat_map(|file| file.tests);
        Ok(Some(Self {
            policy,
            surroundings,
            passing: all.filter(is_passed).collect(),
            fails,
        }))
    }

    fn missing(&self, policy: &Parsed, output: &str, code: &str) -> Option<(String, String)> {
        let sides = [
            (
                "never",
                never(policy, output, code),
                format!("add a test with a subject that gets it: `check.{output} == {{\"{code}\"}} with input as …`"),
            ),
            (
                "always",
                always(policy, output, code),
                format!("add a test with a subject that does not get it: `check.{output} == set() with input as …`"),
            ),
        ];
        sides
            .into_iter()
            .find_map(|(side, text, help)| match self.notices(text) {
                Ok(true) => None,
                Ok(false) => Some((
                    format!("no test fails where the {output} code `{code}` is {side} given"),
                    help,
                )),
                // The text is ours: that it does not load says nothing of the tests.
                Err(error) => Some((
                    format!(
                        "whether a test fails where the {output} code `{code}` is {side} given cannot be told: {error}"
                    ),
                    "write the rules of the code in a plainer way".to_owned(),
                )),
            })
    }

    /// Whether a test that passes does so no longer with another text of the policy.
    fn notices(&self, text: String) -> Result<bool, RegoError> {
        let changed = SourceFile {
            path: self.policy.path.clone(),
            text,
        };
        let mut suite = self.surroundings.with(&[changed])?;
        Ok(self.passing.iter().any(|test| !holds(&mut suite, test)))
    }
}

fn holds(suite: &mut Suite, test: &TestRule) -> bool {
    matches!(suite.run(test).held, Held::Yes)
}
