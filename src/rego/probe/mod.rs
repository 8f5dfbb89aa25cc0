//! Why a rule holds on an input, or does not.
//!
//! The engine says of a rule that it holds or that it does not, and of nothing in between. So questions are put beside the
//! policy: small rules of the same package that hold as far as the first statements of a body do. The first statement
//! after which nothing is left is the one that stops the rule; more questions give the values that stand in it, and
//! where it leans on a rule or a function of ours, they go on inside.
//!
//! The answers explain, they never decide: what the engine cannot be asked is left out.

mod ask;
mod body;
mod modules;
mod names;
mod operands;
mod statement;
#[cfg(test)]
mod tests;
mod ways;

use self::ask::Asker;
use self::body::Wanted;
use self::modules::{Modules, Target};
use super::error::RegoError;
use super::program::Limits;
use super::source::SourceFile;
use crate::error::Place;

/// One definition of a rule, and how it fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Where it begins.
    pub place: Place,
    /// Its head, as far as `if`; of an `every`, the element: `id = "5"`.
    pub head: String,
    /// The whole of it, on one line.
    pub text: String,
    /// How it fared.
    pub outcome: Outcome,
    /// Of one that holds: the ways in which it does, the first few, each with the variables that it bound. Where the rule
    /// that was asked about holds, what it leans on is inside.
    pub ways: Vec<Try>,
    /// How many ways there are beyond these.
    pub more_ways: usize,
}

/// How a definition fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every statement holds.
    Holds,
    /// This statement is the first that does not.
    Stops(Statement),
    /// The engine could not be asked.
    NotTold,
}

/// The statement that stops a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where it begins.
    pub place: Place,
    /// As it is written, on one line.
    pub text: String,
    /// The engine's words, where evaluating it is an error.
    pub error: Option<String>,
    /// It was tried once for each way to reach it: once in most rules, once a rule of access after
    /// `some rule in system.access.rules`. The first few.
    pub tries: Vec<Try>,
    /// How many tries there were beyond these.
    pub more: usize,
}

/// One try of a statement, or one way in which a definition holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Try {
    /// What stands in it.
    pub values: Vec<Named>,
    /// The rules and functions of ours that it leans on; of an `every`, its body for elements that it does not hold of.
    pub inside: Vec<Definition>,
    /// Of an `every`: how many elements there are of which it does not hold, beyond these.
    pub more_inside: usize,
}

/// A part of a statement, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// As it is written.
    pub text: String,
    /// As a Rego literal, a long record by its name alone (`{"name": "sales", …}`); none where it is undefined.
    pub literal: Option<String>,
}

/// Asks why, of the rules of some files.
pub struct Probe {
    modules: Modules,
    asker: Asker,
}

impl Probe {
    /// Loads the files, which were loaded as a [`super::Program`] before.
    ///
    /// # Errors
    /// What the parser or the engine's analysis says.
    pub fn new(files: &[SourceFile], limits: Limits) -> Result<Self, RegoError> {
        let mut asker = Asker::new(files, limits)?;
        let modules = Modules::new(asker.modules());
        Ok(Self { modules, asker })
    }

    /// How every definition of a rule fares on an input, in the order of the text. `package` is named without `data.`;
    /// `code` chooses the definitions that give one code: `fail contains "code" if …`.
    ///
    /// # Errors
    /// Where there is no such rule.
    pub fn rule(
        &self,
        package: &str,
        name: &str,
        code: Option<&str>,
        input: Option<serde_json::Value>,
    ) -> Result<Vec<Definition>, RegoError> {
        let target = Target {
            package: package.split('.').map(str::to_owned).collect(),
            names: name.split('.').map(str::to_owned).collect(),
        };
        let mut walk = body::Walk::new(&self.modules, &self.asker, input);
        let wanted = code.map_or(Wanted::Every, |code| Wanted::Codes([code.into()].into()));
        let found = walk.definitions(&target, &wanted, None);
        if found.is_empty() {
            let query = format!("data.{package}.{name}");
            return Err(RegoError::from_evaluation(&query, "there is no such rule"));
        }
        Ok(found)
    }
}
