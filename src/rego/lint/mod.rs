//! What can be said of Rego text beyond what the loader refuses, for `rolecall lint`.
//!
//! Everything here looks at one parsed file at a time, and at others only to know what a name of theirs stands for. It
//! knows the constructs of the language and nothing of checks or connectors; whoever calls it says which of the remarks
//! matter in which file.

mod defined;
mod engines;
mod loops;
mod names;
mod parsed;
mod reasons;
#[cfg(test)]
mod tests;
mod unused;

use regorus::unstable::Span;

pub use engines::{Rows, engines};
pub use loops::loops;
pub use names::{is_snake_case, names, snake_case};
pub use parsed::{Named, Parsed};
pub use reasons::{always, never};
pub use unused::unused;

use super::package::place;
use crate::error::Place;

/// One remark on a text. Its `rule` is the id under which `docs/lint.md` explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule's id.
    pub rule: &'static str,
    /// Where it begins.
    pub place: Place,
    /// How many characters of that line it is about.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Remark {
    fn new(rule: &'static str, span: &Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        let text = span.source.contents();
        let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        Self {
            rule,
            place: place(span),
            width: written.lines().next().unwrap_or_default().chars().count().max(1),
            message: message.into(),
            help: help.into(),
        }
    }
}
