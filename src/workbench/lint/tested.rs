//! Whether the tests of a check hold each reason from both sides.

use super::Failure;
use super::context::Context;
use super::words::place_of;
use crate::check::{Check, EVALUATION_LIMIT};
use crate::rego::lint::{Parsed, always, never};
use crate::rego::{Held, RegoError, SourceFile, Suite, Surroundings, TestFile, TestRule};

/// A check and its tests, parsed once.
struct Bench<'a> {
    policy: &'a SourceFile,
    surroundings: Surroundings,
    /// The tests that hold as things are: only these can notice anything.
    holding: Vec<TestRule>,
}

/// Every reason has a test that fails where it is never given, and one that fails where it always is.
pub(super) fn reasons(context: &mut Context<'_>, check: &Check) -> Result<(), Failure> {
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
    for (output, code, message, help) in found {
        if let Some(place) = place_of(context, &format!("custom.{output}.{code}")) {
            context.find("untested-reason", place, code.len(), message, help);
        }
    }
    Ok(())
}

impl<'a> Bench<'a> {
    fn new(context: &Context<'a>) -> Result<Option<Self>, RegoError> {
        let unit = context.unit;
        let Some(policy) = unit.policies.first() else {
            return Ok(None);
        };
        let tests = unit.tests.iter().map(TestFile::parse).collect::<Result<Vec<_>, _>>()?;
        let surroundings = Surroundings::load(&unit.around, &tests, None, EVALUATION_LIMIT)?;
        let mut suite = surroundings.with(std::slice::from_ref(policy))?;
        let all = tests.into_iter().flat_map(|file| file.tests).filter(|test| !test.todo);
        let holding: Vec<TestRule> = all.filter(|test| holds(&mut suite, test)).collect();
        // Without any test there is nothing to say of each reason that `no-tests` does not say.
        Ok((!holding.is_empty()).then_some(Self {
            policy,
            surroundings,
            holding,
        }))
    }

    fn missing(&self, policy: &Parsed, output: &str, code: &str) -> Option<(String, String)> {
        if !self.notices(never(policy, output, code)) {
            let message = format!("no test fails where the {output} code `{code}` is never given");
            let help =
                format!("add a test with a subject that gets it: `check.{output} == {{\"{code}\"}} with input as …`");
            return Some((message, help));
        }
        if !self.notices(always(policy, output, code)) {
            let message = format!("no test fails where the {output} code `{code}` is always given");
            let help =
                format!("add a test with a subject that does not get it: `check.{output} == set() with input as …`");
            return Some((message, help));
        }
        None
    }

    /// Whether a test that holds does so no longer with another text of the policy.
    fn notices(&self, text: String) -> bool {
        let changed = SourceFile {
            path: self.policy.path.clone(),
            text,
        };
        match self.surroundings.with(&[changed]) {
            Ok(mut suite) => self.holding.iter().any(|test| !holds(&mut suite, test)),
            // What does not even load is noticed by whoever loads it.
            Err(_) => true,
        }
    }
}

fn holds(suite: &mut Suite, test: &TestRule) -> bool {
    matches!(suite.run(test).held, Held::Yes)
}
