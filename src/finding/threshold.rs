//! Which findings make a run fail.

use std::fmt;
use std::str::FromStr;

use super::{Finding, Lifecycle, Severity};
use crate::error::did_you_mean;

/// Which findings count: those that are as severe as one of the bounds says and as far in their time, and that no
/// exception in force accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold(pub Vec<Bound>);

/// One bound: at least this severe and at least this far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The least severity; null where none counts.
    pub severity: Option<Severity>,
    /// The least of its time.
    pub lifecycle: Lifecycle,
}

impl Threshold {
    /// Whether a finding counts.
    pub fn counts(&self, finding: &Finding) -> bool {
        finding.exception.is_none() && self.0.iter().any(|bound| bound.reached(finding))
    }
}

impl Bound {
    /// Whether something is as severe and as far.
    pub fn fits(self, severity: Severity, lifecycle: Lifecycle) -> bool {
        self.severity.is_some_and(|least| severity >= least) && lifecycle >= self.lifecycle
    }

    fn reached(self, finding: &Finding) -> bool {
        self.fits(finding.severity, finding.clock.lifecycle)
    }
}

/// At least this severe, however far.
impl From<Severity> for Bound {
    fn from(severity: Severity) -> Self {
        Self {
            severity: Some(severity),
            lifecycle: Lifecycle::Due,
        }
    }
}

impl FromStr for Bound {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (severity, lifecycle) = match text.split_once('@') {
            Some((severity, lifecycle)) => (severity, Some(lifecycle)),
            None => (text, None),
        };
        let lifecycle = match lifecycle {
            None => Lifecycle::Due,
            Some(_) if severity == NEVER => return Err(format!("`{NEVER}` stands alone, without an @")),
            Some(word) => known(&LIFECYCLES, Lifecycle::word, word).ok_or_else(|| {
                let help = did_you_mean(word, LIFECYCLES.map(Lifecycle::word));
                format!("`{word}` says nothing of a finding's time: {help}")
            })?,
        };
        let severity = match severity {
            NEVER => None,
            word => Some(known(&SEVERITIES, Severity::word, word).ok_or_else(|| {
                let words = SEVERITIES.map(Severity::word).into_iter().chain([NEVER]);
                let help = did_you_mean(word, words);
                format!("`{word}` is no severity: {help}")
            })?),
        };
        Ok(Self { severity, lifecycle })
    }
}

/// Where nothing is to fail the run.
const NEVER: &str = "never";

const SEVERITIES: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

/// A finding is at least due.
const LIFECYCLES: [Lifecycle; 3] = [Lifecycle::Due, Lifecycle::Critical, Lifecycle::Failing];

fn known<T: Copy>(all: &[T], word_of: fn(T) -> &'static str, word: &str) -> Option<T> {
    all.iter().copied().find(|one| word_of(*one) == word)
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.severity, self.lifecycle) {
            (None, _) => f.write_str("never"),
            (Some(severity), Lifecycle::Passing | Lifecycle::Due) => f.write_str(severity.word()),
            (Some(severity), lifecycle) => write!(f, "{}@{}", severity.word(), lifecycle.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn bound(text: &str) -> Result<Bound, String> {
        text.parse()
    }

    #[test]
    fn what_is_read_is_what_is_shown() {
        for text in [
            "low",
            "medium",
            "high",
            "critical",
            "never",
            "high@failing",
            "critical@critical",
        ] {
            assert_eq!(bound(text).unwrap().to_string(), text);
        }
        // Every finding is at least due.
        assert_eq!(bound("high@due").unwrap(), Severity::High.into());
        assert_eq!(bound("high@due").unwrap().to_string(), "high");
    }

    #[test]
    fn what_is_not_read_is_named() {
        let table = [
            ("hihg", "`hihg` is no severity: did you mean `high`?"),
            (
                "",
                "`` is no severity: known are `low`, `medium`, `high`, `critical`, `never`",
            ),
            ("HIGH", "`HIGH` is no severity: did you mean `high`?"),
            (
                "high@fail",
                "`fail` says nothing of a finding's time: known are `due`, `critical`, `failing`",
            ),
            (
                "high@faling",
                "`faling` says nothing of a finding's time: did you mean `failing`?",
            ),
            (
                "high@passing",
                "`passing` says nothing of a finding's time: known are `due`, `critical`, `failing`",
            ),
            (
                "high@",
                "`` says nothing of a finding's time: known are `due`, `critical`, `failing`",
            ),
            (
                "high@due@due",
                "`due@due` says nothing of a finding's time: known are `due`, `critical`, `failing`",
            ),
            (
                "@failing",
                "`` is no severity: known are `low`, `medium`, `high`, `critical`, `never`",
            ),
            (
                "failing",
                "`failing` is no severity: known are `low`, `medium`, `high`, `critical`, `never`",
            ),
            ("never@failing", "`never` stands alone, without an @"),
            (" high", "` high` is no severity: did you mean `high`?"),
        ];
        for (text, words) in table {
            assert_eq!(bound(text).unwrap_err(), words, "{text:?}");
        }
    }

    #[test]
    fn a_finding_counts_that_fits_one_of_the_bounds() {
        let all = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
        let counted = |bounds: &[&str], lifecycle: Lifecycle| -> Vec<&str> {
            let threshold = Threshold(bounds.iter().map(|text| bound(text).unwrap()).collect());
            let mut finding = samples::findings().findings.swap_remove(0);
            finding.clock.lifecycle = lifecycle;
            let mut counts = |severity| {
                finding.severity = severity;
                threshold.counts(&finding)
            };
            all.into_iter()
                .filter(|severity| counts(*severity))
                .map(Severity::word)
                .collect()
        };
        let mixed = ["critical", "high@failing"];
        assert_eq!(counted(&mixed, Lifecycle::Due), ["critical"]);
        assert_eq!(counted(&mixed, Lifecycle::Critical), ["critical"]);
        assert_eq!(counted(&mixed, Lifecycle::Failing), ["high", "critical"]);
        assert_eq!(counted(&["medium@critical"], Lifecycle::Due), [""; 0]);
        assert_eq!(
            counted(&["medium@critical"], Lifecycle::Critical),
            ["medium", "high", "critical"]
        );
        assert_eq!(counted(&["never"], Lifecycle::Failing), [""; 0]);
        assert_eq!(counted(&["low"], Lifecycle::Due), ["low", "medium", "high", "critical"]);
    }

    #[test]
    fn an_accepted_finding_never_counts() {
        let mut finding = samples::findings().findings.swap_remove(0);
        let threshold = Threshold(vec![Severity::Low.into()]);
        assert!(threshold.counts(&finding));
        finding.exception = Some(0);
        assert!(!threshold.counts(&finding));
    }
}
