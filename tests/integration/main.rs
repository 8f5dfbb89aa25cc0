//! The tests that see the package from outside, in one binary: one link step for all of them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expected by falling over"
)]

mod calls;
mod canary;
mod cases;
mod ci_pieces;
mod compare;
mod connect;
mod cut;
mod edge_cases;
mod excepting;
mod explain;
mod faults;
mod formats;
mod init;
mod inputs;
mod install;
mod lint;
mod live;
mod policies;
mod readme;
mod scaffold;
mod schemas;
mod server;
mod walls;
mod workspace;
