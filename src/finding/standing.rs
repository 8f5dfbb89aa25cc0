//! Where a check stands: one word for how its subjects fell out and how far its findings' time has run.

use super::{CheckSummary, Lifecycle};

/// Where a check stands in one system. Only `passing` says that all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It judged all of its subjects, it is proved that these are all, some of them pass and none fails.
    Passing,
    /// Its worst finding that nobody accepted is due. Whatever could not be decided beside it, its counts say.
    Due,
    /// Its worst finding that nobody accepted is critical.
    Critical,
    /// Its worst finding that nobody accepted is failing.
    Failing,
    /// Exceptions in force accept all that it found, and everything else was judged.
    Accepted,
    /// It found nothing that is open, and could not judge somebody, or it is not proved that it saw everybody.
    NotDecided,
    /// There is nobody whom it could find in order: no subject, or none that is this check's to judge.
    Nobody,
    /// It is switched off, or was not asked for.
    DidNotRun,
}

impl Standing {
    /// Of a check. An open finding weighs more than what is not known, and what is not known more than what is in order.
    pub fn of(check: &CheckSummary) -> Self {
        let population = &check.population;
        let is_undecided = population.unknown + population.error > 0 || population.unproved.is_some();
        match check.worst {
            _ if !check.ran => Standing::DidNotRun,
            Some(Lifecycle::Due) => Standing::Due,
            Some(Lifecycle::Critical) => Standing::Critical,
            Some(Lifecycle::Failing) => Standing::Failing,
            // What fails and is accepted by nobody is in no report without its finding.
            None | Some(Lifecycle::Passing) if population.fail > population.excepted => Standing::Failing,
            None | Some(Lifecycle::Passing) if is_undecided => Standing::NotDecided,
            None | Some(Lifecycle::Passing) if population.fail > 0 => Standing::Accepted,
            None | Some(Lifecycle::Passing) if population.pass == 0 => Standing::Nobody,
            None | Some(Lifecycle::Passing) => Standing::Passing,
        }
    }

    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Passing => "passing",
            Standing::Due => "due",
            Standing::Critical => "critical",
            Standing::Failing => "failing",
            Standing::Accepted => "accepted",
            Standing::NotDecided => "not_decided",
            Standing::Nobody => "nobody",
            Standing::DidNotRun => "did_not_run",
        }
    }

    /// The same for people.
    pub const fn said(self) -> &'static str {
        match self {
            Standing::Accepted => "all findings accepted",
            Standing::NotDecided => "not decided",
            Standing::Nobody => "nobody to judge",
            Standing::DidNotRun => "did not run",
            Standing::Passing | Standing::Due | Standing::Critical | Standing::Failing => self.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Population;
    use crate::report::samples;

    #[test]
    fn only_a_check_that_judged_all_of_everybody_is_passing() {
        let some = || Population {
            total: 3,
            pass: 3,
            ..Population::default()
        };
        let unproved = || Some("users were read to page 2 of 3".to_owned());
        let table = [
            (true, some(), None, Standing::Passing),
            (false, Population::default(), None, Standing::DidNotRun),
            (false, some(), None, Standing::DidNotRun),
            (true, Population { unknown: 1, ..some() }, None, Standing::NotDecided),
            (true, Population { error: 1, ..some() }, None, Standing::NotDecided),
            (
                true,
                Population {
                    unproved: unproved(),
                    ..some()
                },
                None,
                Standing::NotDecided,
            ),
            (
                true,
                Population {
                    unproved: unproved(),
                    ..Population::default()
                },
                None,
                Standing::NotDecided,
            ),
            (true, Population::default(), None, Standing::Nobody),
            (
                true,
                Population {
                    total: 2,
                    not_applicable: 2,
                    ..Population::default()
                },
                None,
                Standing::Nobody,
            ),
            (
                true,
                Population {
                    total: 2,
                    blocked: 2,
                    ..Population::default()
                },
                None,
                Standing::Nobody,
            ),
            (true, Population { blocked: 2, ..some() }, None, Standing::Passing),
            (
                true,
                Population {
                    fail: 2,
                    excepted: 2,
                    ..some()
                },
                None,
                Standing::Accepted,
            ),
            (
                true,
                Population {
                    fail: 2,
                    excepted: 2,
                    unknown: 1,
                    ..some()
                },
                None,
                Standing::NotDecided,
            ),
            (
                true,
                Population {
                    fail: 2,
                    excepted: 2,
                    unproved: unproved(),
                    ..some()
                },
                None,
                Standing::NotDecided,
            ),
            (
                true,
                Population {
                    fail: 2,
                    excepted: 1,
                    ..some()
                },
                Some(Lifecycle::Due),
                Standing::Due,
            ),
            (
                true,
                Population {
                    fail: 2,
                    unknown: 1,
                    ..some()
                },
                Some(Lifecycle::Critical),
                Standing::Critical,
            ),
            (
                true,
                Population {
                    fail: 2,
                    unproved: unproved(),
                    ..some()
                },
                Some(Lifecycle::Failing),
                Standing::Failing,
            ),
            (true, Population { fail: 1, ..some() }, None, Standing::Failing),
        ];
        for (ran, population, worst, expected) in table {
            let mut check = samples::clean().checks.remove(0);
            (check.ran, check.population, check.worst) = (ran, population, worst);
            assert_eq!(Standing::of(&check), expected, "{check:?}");
        }
    }
}
