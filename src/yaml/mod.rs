//! YAML that people write: the project file and the connector manifests, every value with its line and column.
//!
//! One document, plain values, nothing that can be read two ways: what YAML's readers disagree about (duplicate keys,
//! `yes` and `on`, values left empty, aliases) is refused in [`plain`] before a value is looked at. Text stays text:
//! a key or value that is meant as text is kept as it was written, so `0123` never becomes a number. (A key or text that
//! reads `null` needs quotes.)

mod plain;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Error as SaphyrError, Location, MergeKeyPolicy, MessageFormatter, UserMessageFormatter};

use crate::error::{Explain, Place, did_you_mean};

/// A value and where it stands. Not to be used below `#[serde(flatten)]`, `untagged` or `tag`: serde loses it there.
pub use serde_saphyr::Spanned;

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
        } => (format!("expected a number, not `{written}`"), None),
        SaphyrError::InvalidScalar { .. } => (
            format!("expected a whole number, not `{written}`"),
            Some("write it in decimal digits, without a leading zero".to_owned()),
        ),
        SaphyrError::ExternallyTaggedEnumExpectedScalarOrMapping { .. } => ("expected one word".to_owned(), None),
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
                Some("write a single value, without `[…]` or `{…}`".to_owned()),
            ),
            other => (format!("expected {other}"), None),
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
            (format!("expected {expected}, not {unexpected}"), None)
        }
        // Errors of ours, raised while a value was read, carry their help after a line break.
        SaphyrError::Message { msg, .. } => match msg.split_once('\n') {
            Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
            None => (msg.clone(), None),
        },
        other => (UserMessageFormatter.format_message(other).into_owned(), None),
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

/// A mapping in the order of the file, every key with its place. `plain` has refused keys that are there twice.
#[derive(Debug, Clone)]
pub struct Entries<V>(pub Vec<(Spanned<String>, V)>);

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for InOrder<V> {
            type Value = Entries<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("keys with values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

/// One text or a list of them: `a` is `[a]`. A number must be quoted, since its spelling would be lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneOrMore(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMore;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![text.to_owned()]))
            }
            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<OneOrMore, E> {
                Err(quote_it(value))
            }
            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<OneOrMore, E> {
                Err(quote_it(value))
            }
            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<OneOrMore, E> {
                Err(quote_it(value))
            }
            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<OneOrMore, E> {
                Err(quote_it(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMore(texts))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

/// The error of a bare number or boolean where a text is meant and its spelling would be lost.
pub fn quote_it<E: serde::de::Error>(value: impl fmt::Display) -> E {
    help(
        format!("expected a text, not the bare value {value}"),
        "put it in quotes, so that it stays as it is written",
    )
}

/// An error with its help line, for a `Deserialize` of our own.
pub fn help<E: serde::de::Error>(message: impl fmt::Display, help: impl fmt::Display) -> E {
    E::custom(format_args!("{message}\n{help}"))
}
