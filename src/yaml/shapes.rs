//! The shapes of values that serde's derives do not give, or give without places.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Spanned, help, is_blank};

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

/// A text that says something: not empty, not blank, and not of characters alone that nobody sees. Kept as written, without blanks around it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Filled;
        impl<'de> Visitor<'de> for Filled {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                if is_blank(text) {
                    return Err(help(
                        "expected a text, not an empty one",
                        "write it, or leave the line out",
                    ));
                }
                Ok(Text(text.trim().to_owned()))
            }
        }
        deserializer.deserialize_string(Filled)
    }
}

/// One text, a list of texts, or keys with values. A single number must be quoted, since its spelling would be lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape<M> {
    /// `a`
    Text(String),
    /// `[a, b]`
    List(Vec<String>),
    /// `{a: b}`
    Map(M),
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for Shape<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<M>(PhantomData<M>);
        impl<'de, M: Deserialize<'de>> Visitor<'de> for Any<M> {
            type Value = Shape<M>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a list of texts, or keys with values")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Shape<M>, E> {
                Ok(Shape::Text(text.to_owned()))
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<Shape<M>, E> {
                Err(bare(value))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Shape<M>, E> {
                Err(bare(value))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Shape<M>, E> {
                Err(bare(value))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Shape<M>, E> {
                Err(bare(value))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Shape<M>, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(Shape::List(texts))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Shape<M>, A::Error> {
                M::deserialize(MapAccessDeserializer::new(map)).map(Shape::Map)
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// The error of a bare number or boolean where a text is meant and its spelling would be lost.
fn bare<E: Error>(value: impl fmt::Display) -> E {
    help(
        format_args!("expected a text, not the bare value {value}"),
        "put it in quotes, so that it stays as it is written",
    )
}

/// One text or a list of them: `a` is `[a]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneOrMore(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// What no mapping is.
        struct NoMap;
        impl<'de> Deserialize<'de> for NoMap {
            fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
                Err(help(
                    "expected a text or a list of texts",
                    "write `text` or `[first, second]`",
                ))
            }
        }
        Ok(OneOrMore(match Shape::<NoMap>::deserialize(deserializer)? {
            Shape::Text(text) => vec![text],
            Shape::List(texts) => texts,
            Shape::Map(NoMap) => Vec::new(),
        }))
    }
}
