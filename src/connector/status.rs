//! What a status means: a word, or a word that depends on the answer.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::error::nearest;
use crate::yaml;

/// What a status means.
#[derive(Debug, Clone)]
pub enum OnStatus {
    /// This, whatever the answer says.
    Always(Action),
    /// It depends on whether the answer is an HTML page: a wall in front of the system, not the system.
    Html {
        /// For a page.
        html: Action,
        /// For anything else.
        other: Action,
    },
    /// It depends on a word in the answer.
    Word {
        /// Where the word is.
        at: String,
        /// The words that count.
        within: Vec<String>,
        /// What they mean; another word fails.
        action: Action,
    },
}

/// What to do about a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The stream is incomplete.
    Fail,
    /// The stream is incomplete, and nothing more is asked.
    Stop,
    /// Ask again; in a recording, incomplete.
    Retry,
    /// The system will not show it: the stream is unavailable.
    Unavailable,
    /// The parent that was asked about is no more.
    Gone,
}

const ACTIONS: [(&str, Action); 5] = [
    ("fail", Action::Fail),
    ("stop", Action::Stop),
    ("retry", Action::Retry),
    ("unavailable", Action::Unavailable),
    ("gone", Action::Gone),
];

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        action(&String::deserialize(deserializer)?)
    }
}

fn action<E: serde::de::Error>(word: &str) -> Result<Action, E> {
    let known = ACTIONS.map(|(name, _)| name);
    ACTIONS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, action)| *action)
        .ok_or_else(|| {
            let help = nearest(word, known).map(|name| format!("did you mean `{name}`?"));
            yaml::help(
                format!("unknown action `{word}`"),
                help.unwrap_or(format!("write one of {}", known.join(", "))),
            )
        })
}

impl JsonSchema for Action {
    fn schema_name() -> Cow<'static, str> {
        "Action".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "What to do about it.", "type": "string", "enum": ACTIONS.map(|(name, _)| name)})
    }
}

impl JsonSchema for OnStatus {
    fn schema_name() -> Cow<'static, str> {
        "OnStatus".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let action = generator.subschema_for::<Action>();
        json_schema!({"anyOf": [
            action,
            {
                "description": "It depends on whether the answer is an HTML page.",
                "type": "object",
                "properties": {"html": action, "else": action},
                "required": ["html", "else"],
                "additionalProperties": false,
            },
            {
                "description": "It depends on a word in the answer; another word fails.",
                "type": "object",
                "properties": {
                    "at": {"description": "Where the word is.", "type": "string"},
                    "in": {"description": "The words that count.", "type": "array", "items": {"type": "string"}},
                    "do": action,
                },
                "required": ["at", "in", "do"],
                "additionalProperties": false,
            },
        ]})
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnStatusKeys {
    html: Option<Action>,
    #[serde(rename = "else")]
    other: Option<Action>,
    at: Option<String>,
    #[serde(rename = "in")]
    within: Option<Vec<String>>,
    #[serde(rename = "do")]
    action: Option<Action>,
}

impl<'de> Deserialize<'de> for OnStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordOrKeys;
        impl<'de> Visitor<'de> for WordOrKeys {
            type Value = OnStatus;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an action, `{html: …, else: …}` or `{at: …, in: […], do: …}`")
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<OnStatus, E> {
                action(word).map(OnStatus::Always)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OnStatus, A::Error> {
                match OnStatusKeys::deserialize(MapAccessDeserializer::new(map))? {
                    OnStatusKeys {
                        html: Some(html),
                        other: Some(other),
                        at: None,
                        within: None,
                        action: None,
                    } => Ok(OnStatus::Html { html, other }),
                    OnStatusKeys {
                        html: None,
                        other: None,
                        at: Some(at),
                        within: Some(within),
                        action: Some(action),
                    } => Ok(OnStatus::Word { at, within, action }),
                    _ => Err(yaml::help(
                        "these keys do not belong together",
                        "write an action, `{html: …, else: …}` or `{at: …, in: […], do: …}`",
                    )),
                }
            }
        }
        deserializer.deserialize_any(WordOrKeys)
    }
}
