//! YAML that people write: the project file and the connector manifests, every value with its line and column.
//!
//! One document, plain values, nothing that can be read two ways: what YAML's readers disagree about (duplicate keys,
//! `yes` and `on`, values left empty, aliases) is refused in `plain` before a value is looked at. Text stays text:
//! a key or value that is meant as text is kept as it was written, so `0123` never becomes a number. (A key or text that
//! reads `null` needs quotes.)

mod hidden;
mod plain;
mod schema;
mod shapes;
mod spanned;
#[cfg(test)]
mod tests;
mod tree;
mod write;

use std::fmt;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error as SaphyrError, Location, MergeKeyPolicy, MessageFormatter, UserMessageFormatter};

pub use hidden::{is_blank, is_hidden};
pub use schema::schema_of;
pub use shapes::{Entries, OneOrMore, Shape, Text};
pub use spanned::Spanned;
pub use tree::{Tree, tree};
pub use write::text;

use crate::error::{Explain, Place, did_you_mean};

/// Lists and mappings within each other, at most: so many in lines, and so many in brackets below them.
const DEPTH: usize = 32;

/// What is wrong with a YAML file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct YamlError {
    /// Where it stands.
    pub place: Place,
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl Explain for YamlError {
    fn help(&self) -> Option<String> {
        self.help.clone()
    }
}

/// Reads one document of `text`. `file` is the name under which errors speak of it.
///
/// The type should carry `#[serde(deny_unknown_fields)]` throughout; the help of an unknown key then names the nearest.
///
/// # Errors
///
/// The first thing that is not plain YAML, or does not fit the type.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, YamlError> {
    plain::check(file, text)?;
    let options = serde_saphyr::options! {
        // Without aliases the work is bounded by the length of the text; only the depth needs a limit.
        budget: serde_saphyr::budget! {
            max_depth: 2 * DEPTH,
            max_aliases: 0,
            max_anchors: 0,
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: usize::MAX,
        },
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| explain(file, text, error.without_snippet()))
}

/// The place of a value in a file.
pub fn place<T>(file: &str, value: &Spanned<T>) -> Place {
    at(file, value.referenced)
}

fn at(file: &str, location: Location) -> Place {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
    Place {
        file: file.to_owned(),
        line: count(location.line()),
        column: count(location.column()),
    }
}

/// The library's error in our words.
fn explain(file: &str, text: &str, error: &SaphyrError) -> YamlError {
    let location = error.location().unwrap_or(Location::UNKNOWN);
    let written = written(text, location);
    let check_here = || Some("check the value and the indentation here".to_owned());
    let (message, help) = match error {
        SaphyrError::SerdeUnknownField { field, expected, .. } if expected.is_empty() => (
            format!("unknown key `{field}`"),
            Some("nothing can be written here".to_owned()),
        ),
        SaphyrError::SerdeUnknownField { field, expected, .. } => (
            format!("unknown key `{field}`"),
            Some(did_you_mean(field, expected.iter().copied())),
        ),
        SaphyrError::SerdeUnknownVariant { variant, expected, .. } => (
            format!("unknown word `{variant}`"),
            Some(did_you_mean(variant, expected.iter().copied())),
        ),
        SaphyrError::SerdeMissingField { field, .. } => {
            (format!("`{field}` is missing"), Some(format!("add `{field}:` here")))
        }
        SaphyrError::InvalidBooleanStrict { .. } => (
            format!("expected true or false, not `{written}`"),
            Some("write `true` or `false`".to_owned()),
        ),
        SaphyrError::InvalidScalar {
            ty: "floating point", ..
        } => (
            format!("expected a number, not `{written}`"),
            Some("write it in digits, such as `1.5`".to_owned()),
        ),
        SaphyrError::InvalidScalar { .. } => (
            format!("expected a whole number, not `{written}`"),
            Some("write it in decimal digits, without a leading zero".to_owned()),
        ),
        SaphyrError::ExternallyTaggedEnumExpectedScalarOrMapping { .. } => (
            "expected one word".to_owned(),
            Some("write a single value, without `[…]`".to_owned()),
        ),
        SaphyrError::UnexpectedValueForUnitEnumVariant { .. } => (
            "no value is expected here".to_owned(),
            Some("write the word alone, without `{…}`".to_owned()),
        ),
        SaphyrError::ExpectedStringKeyForExternallyTaggedEnum { .. } => (
            "expected one key with its value".to_owned(),
            Some("write `{key: value}`".to_owned()),
        ),
        SaphyrError::ExpectedMappingEndAfterEnumVariantValue { .. } => (
            "expected one key with its value, not several".to_owned(),
            Some("keep one of the keys".to_owned()),
        ),
        SaphyrError::Unexpected { expected, .. } => match *expected {
            "sequence start" => (
                "expected a list".to_owned(),
                Some("write the values as `[first, second]`".to_owned()),
            ),
            "mapping start" => (
                "expected keys with values".to_owned(),
                Some("write `key: value` lines, or `{key: value}`".to_owned()),
            ),
            "string scalar" | "scalar" => (
                "expected one text".to_owned(),
                Some("write a single text here, as in `key: text`".to_owned()),
            ),
            other => (format!("expected {other}"), check_here()),
        },
        SaphyrError::SerdeInvalidType {
            unexpected, expected, ..
        }
        | SaphyrError::SerdeInvalidValue {
            unexpected, expected, ..
        } => {
            let unexpected = match unexpected.as_str() {
                "map" => "keys with values",
                "sequence" => "a list",
                other => other,
            };
            (
                format!("expected {expected}, not {unexpected}"),
                Some("change the value".to_owned()),
            )
        }
        // Errors of ours, raised while a value was read, carry their help after a line break.
        SaphyrError::Message { msg, .. } => match msg.split_once('\n') {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (msg.clone(), check_here()),
        },
        other => (UserMessageFormatter.format_message(other).into_owned(), check_here()),
    };
    YamlError {
        place: at(file, location),
        message,
        help,
    }
}

/// The text at a location, as it was written; cut where it is long.
fn written(text: &str, location: Location) -> String {
    let span = location.span();
    let slice = span.byte_offset().zip(span.byte_len()).and_then(|(start, length)| {
        let start = usize::try_from(start).ok()?;
        text.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    });
    slice.unwrap_or("this").trim().chars().take(60).collect()
}

/// An error with its help line, for a `Deserialize` of our own.
pub fn help<E: serde::de::Error>(message: impl fmt::Display, help: impl fmt::Display) -> E {
    E::custom(format_args!("{message}\n{help}"))
}
