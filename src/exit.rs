//! The exit codes, once.

use std::process::ExitCode;

/// How a run ends. Where two apply the higher number wins: findings beside a verdict that could not be
/// reached are reported, but the run as a whole could not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was judged, and nothing counts against the run.
    Clean = 0,
    /// Findings that count for `--fail-on`.
    Findings = 1,
    /// Wrong usage, project, policy or connector: somebody has to edit something first.
    Usage = 2,
    /// The data does not allow an answer: a stream is incomplete, a population unproved, a verdict unknown.
    CannotDecide = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
