//! Policy as code for user access.
//!
//! ```text
//!  connector.yaml      normalise.rego         rolecall.yaml    check.rego
//!        |                   |                     |               |
//!     collect -> Recording -> normalise -> Snapshot -> identify -> evaluate -> Report -> report
//!     reads                   pure          facts      pure        pure        data      stdout, files
//! ```
//!
//! Four verbs: collect, normalise, evaluate, report. Everything after `collect` is a pure function of the snapshot,
//! the project file, the policies and the time, so the same inputs give the same bytes, today and in a year.

pub mod catalogue;
pub mod check;
pub mod cli;
pub mod collect;
pub mod commands;
pub mod compare;
pub mod connector;
pub mod digest;
pub mod doctor;
pub mod error;
pub mod evaluate;
pub mod exception;
pub mod exit;
pub mod expected;
pub mod explain;
pub mod finding;
pub mod identity;
pub mod init;
pub mod lifecycle;
pub mod normalise;
pub mod progress;
pub mod project;
pub mod recording;
pub mod rego;
pub mod report;
pub mod reported;
pub mod scaffold;
pub mod snapshot;
pub mod staff;
pub mod streams;
pub mod strict_json;
pub mod subject;
pub mod workbench;
pub mod yaml;
