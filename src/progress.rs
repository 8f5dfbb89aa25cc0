//! What a run does while it reads, told to whoever watches.

use std::time::Duration;

/// Told of every step. `collect` tells, `report` shows.
pub trait Watch: Sync {
    /// One step of one source.
    fn saw(&self, source: &str, step: &Step<'_>);
}

/// One step of reading a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Its reading begins.
    Begins,
    /// One call was made: what was asked (without host and secrets), what came, how long it took.
    Call {
        /// From the connector's base on.
        path: &'a str,
        /// The status, or null where no answer came.
        status: Option<u16>,
        /// Bytes of the answer, unpacked.
        bytes: u64,
        /// Until the answer was in.
        took: Duration,
    },
    /// Rows of a stream so far, and how many there are in all if the other side says so.
    Rows {
        /// The stream's name.
        stream: &'a str,
        /// So far.
        rows: u64,
        /// In all.
        total: Option<u64>,
    },
    /// Nothing is asked for a while.
    Waits {
        /// The stream's name.
        stream: &'a str,
        /// How long.
        wait: Duration,
        /// Why: `the rate limit`, `status 503`.
        why: &'a str,
    },
    /// Its reading is over.
    Ends,
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn saw(&self, _source: &str, _step: &Step<'_>) {}
}
