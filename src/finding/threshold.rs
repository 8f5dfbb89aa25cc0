//! Which findings make a run fail.

use std::fmt;
use std::str::FromStr;

use super::{Finding, Lifecycle, Severity};

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
        let (severity, lifecycle) = text.split_once('@').unwrap_or((text, "due"));
        let severity = match severity {
            "never" if !text.contains('@') => None,
            "low" => Some(Severity::Low),
            "medium" => Some(Severity::Medium),
            "high" => Some(Severity::High),
            "critical" => Some(Severity::Critical),
            _ => return Err(expected()),
        };
        let lifecycle = match lifecycle {
            "due" => Lifecycle::Due,
            "critical" => Lifecycle::Critical,
            "failing" => Lifecycle::Failing,
            _ => return Err(expected()),
        };
        Ok(Self { severity, lifecycle })
    }
}

fn expected() -> String {
    "expected low, medium, high, critical or never, and after an @, if anything, due, critical or failing: high@failing"
        .to_owned()
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
