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

/// What a remark is about. `docs/lint.md` has a section on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// `undefined-under-not`
    UndefinedUnderNot,
    /// `undefined-element`
    UndefinedElement,
    /// `undefined-before-else`
    UndefinedBeforeElse,
    /// `null-iteration`
    NullIteration,
    /// `unsafe-builtin`
    UnsafeBuiltin,
    /// `nested-loop`
    NestedLoop,
    /// `unused-import`
    UnusedImport,
    /// `unused-variable`
    UnusedVariable,
    /// `unused-argument`
    UnusedArgument,
    /// `name-case`
    NameCase,
}

/// One remark on a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is about.
    pub topic: Topic,
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
    fn new(topic: Topic, span: &Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        let text = span.source.contents();
        let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
        Self {
            topic,
            place: place(span),
            width: written.lines().next().unwrap_or_default().chars().count().max(1),
            message: message.into(),
            help: help.into(),
        }
    }
}
