//! What an expression stands for, as far as the text tells.

use std::collections::BTreeMap;

use super::super::error::RegoError;
use super::super::path::{Path, Step};
use super::super::schema::{Schema, Shape};
use crate::error::{Place, did_you_mean};

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A path that nobody has looked at yet.
    Place(Path),
    /// A path that has been read whole; it is still known what is below it.
    Read(Path),
    /// One of these constants.
    Constants(Vec<Constant>),
    /// A collection, of which each element means this.
    Many(Box<Meaning>),
    /// A record with just these fields.
    Fields(BTreeMap<String, Meaning>),
    /// Something computed.
    Value,
}

/// A literal of the policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Constant {
    pub literal: Literal,
    /// Where it stands.
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Literal {
    Text(String),
    Number,
    Boolean,
    Null,
}

impl Meaning {
    /// The same, once somebody has looked at it.
    pub fn looked_at(self) -> Self {
        match self {
            Meaning::Place(path) => Meaning::Read(path),
            other => other,
        }
    }

    /// The path that it stands for, looked at or not.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Meaning::Place(path) | Meaning::Read(path) => Some(path),
            _ => None,
        }
    }

    /// What two ways to define the same thing have in common.
    pub fn or(self, other: Meaning) -> Meaning {
        match (self, other) {
            (one, two) if one == two => one,
            (Meaning::Constants(mut one), Meaning::Constants(two)) => {
                one.extend(two);
                Meaning::Constants(one)
            }
            (Meaning::Many(one), Meaning::Many(two)) => Meaning::Many(Box::new(one.or(*two))),
            (Meaning::Place(one) | Meaning::Read(one), Meaning::Place(two) | Meaning::Read(two)) if one == two => {
                Meaning::Read(one)
            }
            _ => Meaning::Value,
        }
    }

    /// What all of several have in common; a value if there are none.
    pub fn all(meanings: impl IntoIterator<Item = Meaning>) -> Meaning {
        meanings.into_iter().reduce(Meaning::or).unwrap_or(Meaning::Value)
    }

    /// What an element of it means.
    pub fn element(&self, schema: &Schema) -> Meaning {
        match self {
            Meaning::Many(element) => (**element).clone(),
            Meaning::Fields(fields) => Meaning::all(fields.values().cloned()),
            Meaning::Place(path) | Meaning::Read(path) => match schema.at(path).map(|schema| &schema.shape) {
                Some(Shape::List(_)) => Meaning::Read(path.then(Step::Each)),
                _ => Meaning::Value,
            },
            _ => Meaning::Value,
        }
    }
}

/// Holds two sides of a comparison against each other: a word that the schema does not have never holds, and neither
/// does a text where there is a number. Rego would not say so.
pub(super) fn hold(schema: &Schema, left: &Meaning, right: &Meaning) -> Result<(), RegoError> {
    for (one, other) in [(left, right), (right, left)] {
        if let (Some(path), Meaning::Constants(constants)) = (one.path(), other) {
            for constant in constants {
                hold_constant(schema, path, constant)?;
            }
        }
    }
    Ok(())
}

fn hold_constant(schema: &Schema, path: &Path, constant: &Constant) -> Result<(), RegoError> {
    let Some(at) = schema.at(path) else { return Ok(()) };
    let refused = |shown: &str, help: String| {
        Err(RegoError::Refused {
            place: constant.place.clone(),
            width: None,
            message: format!("`{path}` is never {shown}"),
            help,
        })
    };
    match (&at.shape, &constant.literal) {
        (Shape::Any, _) => Ok(()),
        (_, Literal::Null) if at.nullable => Ok(()),
        (_, Literal::Null) => refused("null", "what may be unknown says so in a word".to_owned()),
        (Shape::Text(Some(known)), Literal::Text(word)) if !known.contains(word) => refused(
            &format!("\"{word}\""),
            did_you_mean(word, known.iter().map(String::as_str)),
        ),
        (Shape::Text(_), Literal::Text(_)) | (Shape::Integer, Literal::Number) | (Shape::Boolean, Literal::Boolean) => {
            Ok(())
        }
        (shape, literal) => refused(literal.what(), format!("it is {}", what(shape))),
    }
}

impl Literal {
    fn what(&self) -> &'static str {
        match self {
            Literal::Text(_) => "a text",
            Literal::Number => "a number",
            Literal::Boolean => "true or false",
            Literal::Null => "null",
        }
    }
}

fn what(shape: &Shape) -> &'static str {
    match shape {
        Shape::Record(_) => "a record",
        Shape::List(_) => "a list",
        Shape::Text(_) => "a text",
        Shape::Integer => "a number",
        Shape::Boolean => "true or false",
        Shape::Any => "anything",
    }
}
