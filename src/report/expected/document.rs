//! The published types of `rolecall/differences/1`. Every field is always present; what is not there is null.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use crate::expected::{CannotDecide, Comparison, Difference, Line, Presence};

/// What differs from accepted verdicts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Differences")]
pub struct Document<'a> {
    /// `rolecall/differences/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The time that the accepted verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    accepted_as_of: Timestamp,
    /// The time that the others speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// Whether nothing differs.
    same: bool,
    /// How many verdicts are as accepted.
    as_accepted: usize,
    /// How many verdicts are undecided, as accepted or not.
    undecided: usize,
    /// Every reason why the run as a whole gives no answer. One that is not accepted is a difference.
    cannot_decide: Vec<Why<'a>>,
    /// The checks of which something differs, sorted by id.
    checks: Vec<Check<'a>>,
}

/// Why the run as a whole gives no answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CannotDecide")]
struct Why<'a> {
    /// One sentence.
    why: &'a str,
    /// Whether it was so when the verdicts were accepted.
    accepted: bool,
}

/// What differs of one check.
#[derive(Serialize, JsonSchema)]
struct Check<'a> {
    /// The check's id.
    check: &'a str,
    /// `changed`, or `new` where it did not run when the verdicts were accepted, `gone` where it does not run now.
    #[schemars(extend("enum" = ["changed", "new", "gone"]))]
    state: &'static str,
    /// Verdicts that are not as accepted, sorted by subject.
    changed: Vec<Changed<'a>>,
    /// Verdicts of subjects that had none, sorted by subject.
    new: Vec<Verdict<'a>>,
    /// Accepted verdicts of subjects that have none, sorted by subject.
    gone: Vec<Verdict<'a>>,
}

/// A verdict that is not as accepted.
#[derive(Serialize, JsonSchema)]
struct Changed<'a> {
    /// As accepted.
    before: Verdict<'a>,
    /// As it is.
    after: Verdict<'a>,
}

/// One verdict.
#[derive(Serialize, JsonSchema)]
struct Verdict<'a> {
    /// The subject's key.
    subject: &'a str,
    /// The verdict.
    #[schemars(extend("enum" = ["pass", "fail", "not_applicable", "blocked", "unknown", "error"]))]
    verdict: &'static str,
    /// The codes of its reasons. Sorted.
    reasons: &'a [String],
}

impl<'a> Document<'a> {
    /// A comparison.
    pub fn of(comparison: &'a Comparison) -> Self {
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            accepted_as_of: comparison.accepted_as_of,
            as_of: comparison.as_of,
            same: comparison.is_same(),
            as_accepted: comparison.same,
            undecided: comparison.undecided,
            cannot_decide: comparison.cannot_decide.iter().map(why).collect(),
            checks: comparison.checks.iter().map(check).collect(),
        }
    }
}

fn why(one: &CannotDecide) -> Why<'_> {
    Why {
        why: &one.why,
        accepted: one.accepted,
    }
}

fn check(difference: &Difference) -> Check<'_> {
    Check {
        check: &difference.check,
        state: match difference.presence {
            Presence::Both => "changed",
            Presence::New => "new",
            Presence::Gone => "gone",
        },
        changed: difference
            .changed
            .iter()
            .map(|changed| Changed {
                before: verdict(&changed.before),
                after: verdict(&changed.after),
            })
            .collect(),
        new: difference.new.iter().map(verdict).collect(),
        gone: difference.gone.iter().map(verdict).collect(),
    }
}

fn verdict(line: &Line) -> Verdict<'_> {
    Verdict {
        subject: &line.subject,
        verdict: line.verdict.word(),
        reasons: &line.reasons,
    }
}
