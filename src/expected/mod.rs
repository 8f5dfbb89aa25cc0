//! Verdicts that somebody accepted, and what differs from them: a snapshot test for policies.
//!
//! What is kept is what a policy decides and nothing else: check, subject, verdict and codes. Words may be put better and
//! names may change without a difference.

mod compare;
mod file;
#[cfg(test)]
mod tests;

pub use compare::{CannotDecide, Changed, Comparison, Difference, Presence, compare};
pub use file::{Expected, ExpectedError, Line, SCHEMA, schema};
