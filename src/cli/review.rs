//! The arguments of what comes after a run: what changed since another one, and what is accepted.

use std::path::PathBuf;

use clap::Args;

use super::FactsArgs;
use crate::finding::Bound;
use crate::report::CompareFormat;

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct CompareArgs {
    /// The earlier report (`check --format json`) or snapshot
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later one, of the same kind
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// The project that snapshots are judged by [default: the one in this folder]
    #[arg(long, short, value_name = "PATH", help_heading = "Input")]
    pub project: Option<PathBuf>,
    /// What is new, open again or worse counts if it is at least this severe (low, medium, high, critical; never: nothing
    /// does) and, after an @, at least this far in its time (due, critical, failing), such as `high@failing`; repeated,
    /// one must fit
    #[arg(long, value_name = "SEVERITY[@TIME]", default_value = "low", help_heading = "Checks")]
    pub fail_on: Vec<Bound>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = CompareFormat::Text, help_heading = "Output")]
    pub format: CompareFormat,
    /// Write it to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

const EXIT_CODES: &str = "Exit codes:
  0  nothing new that counts for --fail-on
  1  findings that count and did not in OLD: new ones, worse ones, ones whose exception ended
  2  wrong usage, or files that cannot be compared
  3  cannot decide: NEW could not decide, or a check that ran in OLD did not run in NEW (3 beats 1)";

/// Arguments of `except`.
#[derive(Debug, Args)]
pub struct ExceptArgs {
    /// The finding's fingerprint, or how it begins
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// What is judged
    #[command(flatten)]
    pub facts: FactsArgs,
    /// Find the finding in this report (`check --format json`) instead of judging anew
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["snapshot", "recording"], help_heading = "Input")]
    pub report: Option<PathBuf>,
    /// Why the risk is taken
    #[arg(long, value_name = "TEXT", help_heading = "Exception")]
    pub reason: String,
    /// Accept this reason of the check alone, and not whatever else it may find
    #[arg(long, value_name = "CODE", help_heading = "Exception")]
    pub reason_code: Option<String>,
    /// The last day of it, such as 2026-12-31: at most 365 days after the day of the run
    #[arg(long, value_name = "DAY", help_heading = "Exception")]
    pub expires: String,
    /// Who takes the risk: a staff id or an address
    #[arg(long, value_name = "STAFF", help_heading = "Exception")]
    pub approved_by: String,
    /// Where it was decided
    #[arg(long, value_name = "TEXT", help_heading = "Exception")]
    pub ticket: Option<String>,
    /// Print what would be written, and write nothing
    #[arg(long, help_heading = "Output")]
    pub dry_run: bool,
}
