//! The grammar of a check's `# METADATA`.
//!
//! OPA's own keys stay OPA's; what the engine needs stands under `custom`. OPA ignores a misspelt key, this does not.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value as Json;

use super::CheckError;
use crate::error::{Place, did_you_mean};
use crate::finding::Severity;
use crate::rego::MetadataBlock;
use crate::yaml;

/// The JSON Schema of a check's `# METADATA`, as it is published in `docs/schemas/`.
pub fn schema() -> Json {
    yaml::schema_of::<Metadata>(
        "urn:rolecall:metadata:1",
        "What a check says of itself: the `# METADATA` above its package",
    )
}

/// The whole block.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["title", "description", "related_resources", "custom"]))]
#[expect(dead_code, reason = "OPA's keys are let through; the engine needs only some of them")]
pub(super) struct Metadata {
    /// `package`, or left out.
    pub scope: Option<String>,
    /// What the check is called; may name `{system.name}` where the subject is an account or a system.
    pub title: String,
    /// One sentence: what has to be so.
    pub description: String,
    /// Pages that help, the documented one first.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub related_resources: Vec<Resource>,
    /// OPA's own.
    #[serde(default)]
    #[schemars(with = "Vec<Json>")]
    authors: Vec<serde_yaml::Value>,
    /// OPA's own.
    #[serde(default)]
    organizations: Vec<String>,
    /// OPA's own.
    #[serde(default)]
    #[schemars(with = "Vec<Json>")]
    schemas: Vec<serde_yaml::Value>,
    /// OPA's own.
    #[serde(default)]
    entrypoint: bool,
    /// What this program needs.
    pub custom: Custom,
}

/// A page that helps.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resource {
    /// A whole https address.
    #[serde(rename = "ref")]
    #[schemars(extend("pattern" = "^https://\\S+$"))]
    pub url: String,
    /// What is there.
    #[serde(default)]
    pub description: String,
}

/// What the engine needs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Custom {
    /// What it judges.
    pub subject: SubjectWord,
    /// How bad its findings are; a project can change it.
    pub severity: Severity,
    /// Control ids by framework.
    #[serde(default)]
    pub controls: Codes<Vec<String>>,
    /// What to do about a finding.
    pub remediation: RemediationWords,
    /// Settings that a project may change, by name.
    #[serde(default)]
    pub params: Codes<Param>,
    /// Why a subject is not this check's to judge, by code.
    #[serde(default)]
    pub skip: Codes<SkipWords>,
    /// What can be wrong, by code.
    #[serde(default)]
    pub fail: Codes<FailWords>,
    /// What keeps it from telling, by code.
    #[serde(default)]
    pub unknown: Codes<UnknownWords>,
    /// What is said of a subject that passes.
    pub pass: String,
}

/// What a check judges.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SubjectWord {
    Account,
    Staff,
    System,
    Workspace,
}

/// What to do about a finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemediationWords {
    /// One sentence; may name `{system.name}`.
    pub summary: String,
    /// In order; may name `{system.name}`.
    #[serde(default)]
    pub steps: Vec<String>,
}

/// A setting that a project may change.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// What it may be.
    #[serde(rename = "type")]
    pub kind: ParamKind,
    /// What it is where nobody says.
    pub default: Json,
    /// What it does.
    #[serde(default)]
    pub description: String,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum ParamKind {
    Text,
    Integer,
    Boolean,
    TextList,
}

impl ParamKind {
    /// Whether a value is of this kind.
    pub fn admits(self, value: &Json) -> bool {
        match self {
            ParamKind::Text => value.is_string(),
            ParamKind::Integer => value.is_i64() || value.is_u64(),
            ParamKind::Boolean => value.is_boolean(),
            ParamKind::TextList => value.as_array().is_some_and(|list| list.iter().all(Json::is_string)),
        }
    }

    /// What it is called in the metadata.
    pub const fn key(self) -> &'static str {
        match self {
            ParamKind::Text => "text",
            ParamKind::Integer => "integer",
            ParamKind::Boolean => "boolean",
            ParamKind::TextList => "text_list",
        }
    }

    /// What it is called in an error.
    pub const fn word(self) -> &'static str {
        match self {
            ParamKind::Text => "a text",
            ParamKind::Integer => "a whole number",
            ParamKind::Boolean => "true or false",
            ParamKind::TextList => "a list of texts",
        }
    }
}

/// The words of a code under `skip`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SkipWords {
    /// What is said of the subject; `{account.email}` stands for the value at that path.
    pub message: String,
    /// The check that the subject is left to.
    pub blocked_by: Option<String>,
}

/// The words of a code under `fail`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FailWords {
    /// What is said of the subject; `{account.email}` stands for the value at that path, `{facts.name}` for a fact.
    pub message: String,
    /// What would make it pass.
    pub passes_if: Option<String>,
    /// The path of the time since when it has been so, such as `staff.exit.at`.
    pub since: Option<String>,
}

/// The words of a code under `unknown`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnknownWords {
    /// What is said of the subject; `{account.email}` stands for the value at that path.
    pub message: String,
}

/// Names and what they stand for, in the order that the author gave them; none is there twice.
#[derive(Debug)]
pub(super) struct Codes<T>(pub Vec<(String, T)>);

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: JsonSchema> JsonSchema for Codes<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Codes_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "additionalProperties": generator.subschema_for::<T>()})
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Codes<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for InOrder<T> {
            type Value = Codes<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("names with what they stand for")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Codes<T>, A::Error> {
                let mut codes: Vec<(String, T)> = Vec::new();
                while let Some((code, words)) = map.next_entry()? {
                    if codes.iter().any(|(known, _)| *known == code) {
                        return Err(serde::de::Error::custom(format!("`{code}` is there twice")));
                    }
                    codes.push((code, words));
                }
                Ok(Codes(codes))
            }
        }
        deserializer.deserialize_map(InOrder(std::marker::PhantomData))
    }
}

/// The parser's time grows with the square of what one line nests.
const LONGEST_LINE: usize = 1000;

/// Reads a block; errors point into the file.
pub(super) fn read(file: &str, block: &MetadataBlock) -> Result<Metadata, CheckError> {
    if let Some(line) = block.yaml.lines().position(|line| line.len() > LONGEST_LINE) {
        return Err(CheckError::Metadata {
            place: Place {
                file: file.to_owned(),
                line: block.first_line + line,
                column: 1,
            },
            width: Some(usize::MAX),
            message: format!("a line is longer than {LONGEST_LINE} characters"),
            help: "break it".to_owned(),
        });
    }
    serde_yaml::from_str(&block.yaml).map_err(|error| {
        let (line, column) = error
            .location()
            .map_or((1, 1), |location| (location.line(), location.column()));
        let text = error.to_string();
        let text = text.split(" at line ").next().unwrap_or(&text).to_owned();
        // Two columns are taken by the comment sign.
        let said = (block.first_line + line.saturating_sub(1), column + 2);
        let (line, column) = meant(block, &text, said).unwrap_or(said);
        CheckError::Metadata {
            place: Place {
                file: file.to_owned(),
                line,
                column,
            },
            width: None,
            help: near(&text),
            message: text,
        }
    })
}

/// Of a mapping serde only says where it begins. A key that is there twice is meant where it is the second time, and where
/// one is missing, the key that the mapping stands under.
fn meant(block: &MetadataBlock, message: &str, said: (usize, usize)) -> Option<(usize, usize)> {
    let (path, what) = match message.split_once(": ") {
        Some((path, what)) if !path.contains([' ', '`']) => (path, what),
        _ => ("", message),
    };
    if what.starts_with("missing field") {
        // Of items of a list the place is good as it is.
        let is_plain = !path.is_empty() && !path.contains('[');
        return is_plain.then(|| block.place_of(&path.split('.').collect::<Vec<_>>()));
    }
    let key = what.split('`').nth(1)?;
    (what.starts_with("duplicate") || what.ends_with("is there twice"))
        .then(|| block.second(key, said))
        .flatten()
}

/// A help line from serde's own words about an unknown name.
fn near(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match quoted.next() {
        Some(written) if message.contains("unknown") => did_you_mean(written, quoted.collect::<Vec<_>>()),
        _ => "the metadata of a check is described in policies/README.md".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Frame;
    use crate::rego::{Package, SourceFile, package_metadata};

    /// The piece that is marked, with its line, and what is said of it.
    fn marked(custom: &str) -> String {
        let file = SourceFile {
            path: "check.rego".to_owned(),
            text: format!("# METADATA\n# title: t\n# description: d\n# custom:\n{custom}package p\n"),
        };
        let block = package_metadata(&file, &Package::parse(&file).unwrap()).unwrap();
        let Err(CheckError::Metadata {
            place, width, message, ..
        }) = read("check.rego", &block)
        else {
            panic!("{custom}");
        };
        let frame = Frame::new(message, &place, width, &file.text);
        let piece: String = frame
            .line
            .chars()
            .skip(frame.place.column - 1)
            .take(frame.width)
            .collect();
        format!("{}: {piece}: {}", place.line, frame.title)
    }

    #[test]
    fn the_mark_is_where_the_message_says() {
        let rest = "#   remediation: {summary: s}\n#   pass: p\n";
        assert_eq!(
            marked(&format!(
                "#   subject: account\n#   severity: low\n#   severity: high\n{rest}"
            )),
            "7: severity: custom: duplicate field `severity`"
        );
        assert_eq!(
            marked(&format!("#   subject: account\n{rest}")),
            "4: custom: custom: missing field `severity`"
        );
        let head = "#   subject: account\n#   severity: low\n";
        assert_eq!(
            marked(&format!(
                "{head}{rest}#   fail:\n#     a: {{message: m}}\n#     b: {{passes_if: m}}\n"
            )),
            "11: b: custom.fail.b: missing field `message`"
        );
        assert_eq!(
            marked(&format!(
                "{head}{rest}#   fail:\n#     a: {{message: m}}\n#     \"a\": {{message: m}}\n"
            )),
            "11: \"a\": custom.fail: `a` is there twice"
        );
        assert_eq!(
            marked(&format!("#   subject: account\n#   severity: \"mild one\"\n{rest}")),
            "6: \"mild one\": custom.severity: unknown variant `mild one`, expected one of `low`, `medium`, `high`, `critical`"
        );
    }
}
