//! What a report comes to, for every form of it: the run's own word, and the numbers that stand beside it.

use serde::Deserialize;

use super::Report;

/// How a run came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum RunVerdict {
    Clean,
    Findings,
    CannotDecide,
}

impl RunVerdict {
    /// Of a run that could decide, or could not, and found something, or nothing. Findings that do not count for the exit
    /// code are findings all the same.
    pub const fn of(could_decide: bool, found: bool) -> Self {
        match (could_decide, found) {
            (false, _) => RunVerdict::CannotDecide,
            (true, true) => RunVerdict::Findings,
            (true, false) => RunVerdict::Clean,
        }
    }

    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            RunVerdict::Clean => "clean",
            RunVerdict::Findings => "findings",
            RunVerdict::CannotDecide => "cannot_decide",
        }
    }
}

impl Report {
    /// How the run came out.
    pub const fn verdict(&self) -> RunVerdict {
        RunVerdict::of(self.cannot_decide.is_empty(), !self.findings.is_empty())
    }

    /// How many verdicts its checks reached.
    pub fn verdicts(&self) -> u64 {
        self.checks.iter().map(|check| check.population.total).sum()
    }

    /// How many findings count for the outcome.
    pub fn counting(&self) -> usize {
        self.findings.iter().filter(|finding| self.counts(finding)).count()
    }
}
