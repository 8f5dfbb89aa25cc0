//! What `explain` says of a verdict is what made it: of every subject of the example, a reason that fired has a rule that
//! holds, and of one that did not, every rule stops at a statement.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::evaluate;
use rolecall::explain::probe::{Definition, Outcome};
use rolecall::explain::{Fields, Request, State, explain};
use rolecall::finding::Verdict;

use crate::cases::{in_parallel, repository};
use crate::workspace::{Workspace, checks};

#[test]
fn what_is_told_is_what_was_judged() {
    let workspace = Workspace::read(&repository().join("examples/acme"), None).unwrap();
    let (project, subjects, now) = (&workspace.project, &workspace.subjects, workspace.now);
    let chosen = evaluate::choose(checks(), project, &[]).unwrap();
    let evaluation = evaluate::evaluate(checks(), &chosen, project, subjects, now).unwrap();
    let request = Request {
        evaluation: &evaluation,
        shown: &chosen,
        project,
        snapshot: &workspace.snapshot,
        subjects,
        now,
        fields: &Fields::new(),
        cannot_decide: &[],
    };
    let all: Vec<_> = subjects.accounts.iter().chain(&subjects.systems).collect();
    let told = in_parallel(&all, |subject| explain(&request, subject).unwrap());
    let mut wrong = Vec::new();
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut verdicts = 0;
    for explanation in &told {
        for explained in &explanation.checks {
            verdicts += 1;
            let judgement = &explained.judgement;
            for reason in &explained.reasons {
                met.entry(reason.state.word()).or_default().insert(&reason.code);
                let fits = match reason.state {
                    State::Fired => {
                        reason.message.is_some()
                            && !reason.definitions.is_empty()
                            && reason.definitions.iter().all(|one| one.outcome == Outcome::Holds)
                    }
                    State::NotFired => !reason.definitions.is_empty() && reason.definitions.iter().all(stops),
                    State::Undecided => !reason.missing.is_empty(),
                    State::NotAsked => reason.definitions.is_empty(),
                };
                if !fits {
                    wrong.push(format!("{} of {}: {reason:?}", judgement.check, judgement.subject.id));
                }
            }
            if (judgement.verdict == Verdict::Blocked) == explained.left_to.is_empty() {
                wrong.push(format!(
                    "{} of {}: left to nobody",
                    judgement.check, judgement.subject.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(verdicts, evaluation.judged.len());
    assert!(met["fired"].len() >= 10 && met["not_fired"].len() >= 20, "{met:?}");
}

/// It stops somewhere, for a reason that is told: a value, or a rule that it leans on.
fn stops(definition: &Definition) -> bool {
    match &definition.outcome {
        Outcome::Stops(statement) => {
            let mut tries = statement.tries.iter();
            statement.error.is_none() && tries.all(|one| !one.values.is_empty() || !one.inside.is_empty())
        }
        Outcome::Holds | Outcome::NotTold => false,
    }
}
