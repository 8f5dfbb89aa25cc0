//! The grammar of `connector.yaml`: names, paths and pointers, no expressions.
//!
//! Every key that a connector may use is here, those of live collection too; `check.rs` holds what was written against
//! itself. The words are explained for authors in `connectors/README.md`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::Deserializer;

pub use super::status::{Action, OnStatus};
use crate::error::did_you_mean;
use crate::snapshot::Collection;
use crate::yaml::{Entries, OneOrMore, Spanned, schema_of};

/// One `connector.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of this grammar: 1.
    #[schemars(extend("enum" = [1]))]
    pub connector: Spanned<u64>,
    /// The same as the folder's name.
    pub id: Spanned<String>,
    /// The connector's own version: recordings of another version are refused.
    #[serde(default = "one")]
    pub version: u64,
    /// How the answers come in.
    pub kind: Spanned<Kind>,
    /// What a source of the project sets; `{name}` in paths stands for it.
    #[serde(default)]
    pub params: Entries<Param>,
    /// Where every path starts: an https address.
    pub base: Option<Spanned<String>>,
    /// Ways to sign in, any one of which will do.
    #[serde(default)]
    pub auth: Entries<Auth>,
    /// How an answer with status 200 says that it failed.
    pub ok: Option<OkSignal>,
    /// How fast to ask.
    #[serde(default)]
    pub limits: Limits,
    /// What a status means, for every stream.
    #[serde(default)]
    pub on: Entries<OnStatus>,
    /// The lists that are read.
    pub streams: Entries<StreamSpec>,
    /// Switches that a source of the project can set.
    #[serde(default)]
    pub options: Entries<OptionSpec>,
    /// What the accounts are all of, in words.
    pub population: Option<String>,
    /// What no answer of this product ever says, in words.
    #[serde(default)]
    pub cannot_see: Vec<String>,
    /// Which streams make up which collection.
    #[schemars(extend("propertyNames" = {"enum": COLLECTIONS.map(|(name, _)| name)}))]
    pub provides: Entries<Vec<Spanned<String>>>,
    /// Which streams a field of the subject document needs.
    #[serde(default)]
    pub fields: Entries<FieldNeeds>,
    /// The formats of a file connector.
    #[serde(default)]
    pub formats: Vec<Spanned<Format>>,
    /// The columns of a file connector.
    #[serde(default)]
    pub columns: Entries<Column>,
    /// The words of a column and what they mean: column -> meaning -> words.
    #[serde(default)]
    pub values: Entries<Entries<OneOrMore>>,
}

fn one() -> u64 {
    1
}

/// How a connector's answers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// GET requests.
    Http,
    /// A file that a person or another program wrote.
    File,
    /// A program's answers.
    Exec,
}

/// A value that a source of the project sets.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// What may stand there.
    #[serde(rename = "type", default)]
    pub kind: ParamKind,
    /// One line for people.
    pub help: Option<String>,
    /// Used where a source sets nothing.
    pub default: Option<String>,
    /// The values that are allowed, where there are few.
    #[serde(default)]
    pub one_of: Vec<String>,
}

impl Param {
    /// What to write instead, where a value cannot stand here.
    pub fn refuses(&self, value: &str) -> Option<String> {
        if !self.one_of.is_empty() && !self.one_of.iter().any(|word| word == value) {
            return Some(did_you_mean(value, self.one_of.iter().map(String::as_str)));
        }
        let (fits, help) = match self.kind {
            ParamKind::Text => (true, ""),
            ParamKind::Label => (
                is_label(value),
                "it is one part of a host name: letters, digits and `-`",
            ),
            ParamKind::Url => (value.starts_with("https://"), "write an https address"),
        };
        (!fits).then(|| help.to_owned())
    }
}

/// One DNS label.
fn is_label(text: &str) -> bool {
    let inner = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    inner && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

/// What a parameter may hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParamKind {
    /// Anything.
    #[default]
    Text,
    /// One DNS label.
    Label,
    /// An https address.
    Url,
}

/// One way to sign in. `check.rs` knows which keys belong to which kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Which way.
    pub kind: Spanned<AuthKind>,
    /// The header's name.
    pub name: Option<String>,
    /// What stands before the secret in the header.
    pub prefix: Option<String>,
    /// The user name of basic authentication, where it is fixed.
    pub username: Option<String>,
    /// The password of basic authentication, where it is a fixed word and the secret is the user name.
    pub password: Option<String>,
    /// Where tokens are fetched: the only other host that may see a credential.
    pub token_url: Option<Spanned<String>>,
    /// The scope that is asked for.
    pub scope: Option<String>,
    /// Whom a service account speaks for; `{name}` is a parameter.
    pub subject: Option<String>,
    /// Where a person allows an application of their own to read, for `rolecall connect`.
    pub authorize_url: Option<Spanned<String>>,
    /// One line for people: where the credential is made, and with which rights.
    pub help: Option<String>,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the trade's own")]
pub enum AuthKind {
    Header,
    Bearer,
    Basic,
    Oauth2Refresh,
    Oauth2ClientCredentials,
    JwtBearer,
    Command,
}

/// How an answer says that it is one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OkSignal {
    /// Where it says so.
    pub at: Spanned<String>,
    /// What it says then.
    pub is: serde_json::Value,
    /// Whether an answer without it is one all the same.
    #[serde(default)]
    pub absent: Absent,
}

/// What the absence of a signal means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Nothing.
    Allowed,
    /// That something is wrong.
    #[default]
    Refused,
}

/// How fast to ask.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Calls at the same time.
    pub concurrency: Option<u64>,
    /// The header that says when to ask again.
    pub reset: Option<Reset>,
    /// The daily allowance.
    pub budget: Option<Budget>,
}

/// The header that says when to ask again.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// Its name.
    pub header: String,
    /// What its number is.
    #[serde(rename = "as")]
    pub unit: ResetUnit,
    /// The least and the most seconds to wait.
    pub clamp: Option<Spanned<Vec<u64>>>,
}

/// What the number in a reset header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum ResetUnit {
    Epoch,
    Seconds,
    EpochOrSeconds,
}

/// The daily allowance, by the headers that tell of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The header with what is left.
    pub left: String,
    /// The header with the whole.
    pub of: String,
    /// Stop when less than this is left: `10%`.
    pub floor: Spanned<String>,
}

/// One list that is read.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamSpec {
    /// Below `base`; `{name}` is a parameter, or the parent of `each`.
    pub path: Option<Spanned<String>>,
    /// What is always asked.
    #[serde(default)]
    pub query: Entries<String>,
    /// What is always sent. Never a secret.
    #[serde(default)]
    pub headers: Entries<String>,
    /// Where the rows are; of several pointers the first that is there. Root where nothing is said.
    pub records: Option<Spanned<OneOrMore>>,
    /// Where a row's key is.
    pub key: Option<Spanned<String>>,
    /// Whether the answer is one row and not a list.
    #[serde(default)]
    pub one: bool,
    /// Fewer rows than this cannot be true.
    #[serde(default)]
    pub min: u64,
    /// What `null` in the place of the rows means.
    #[serde(default)]
    pub if_null: NullMeans,
    /// What it means that the place of the rows is not there, in an answer that says by `ok` that it is one.
    #[serde(default)]
    pub if_absent: NullMeans,
    /// Asked once for every row of another stream.
    pub each: Option<Each>,
    /// The option that switches it on.
    pub when: Option<Spanned<String>>,
    /// What a call takes from the daily allowance.
    pub cost: Option<u64>,
    /// How it goes on after the first answer.
    pub page: Option<Page>,
    /// What a status means, before what the manifest says for all streams.
    #[serde(default)]
    pub on: Entries<OnStatus>,
    /// Where a row names the tenant, and the parameter that it must equal.
    pub identifies: Option<Identifies>,
    /// Whether a run can do without it.
    #[serde(default)]
    pub optional: bool,
}

/// What `null` in the place of the rows means, or its absence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NullMeans {
    /// That something is wrong.
    #[default]
    Error,
    /// That there are none.
    Empty,
}

/// One call for every row of another stream.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// The other stream.
    pub of: Spanned<String>,
    /// The name that its value has in the path.
    #[serde(rename = "as")]
    pub name: String,
    /// Where the value is in its row.
    pub take: Spanned<String>,
}

/// Where a row names the tenant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identifies {
    /// In the row.
    pub at: Spanned<String>,
    /// The parameter that it must equal.
    pub param: Spanned<String>,
}

/// How a stream goes on after its first answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// By what.
    pub by: Spanned<PageBy>,
    /// The query key of the offset.
    pub start: Option<String>,
    /// The query key of the page's number.
    pub page: Option<String>,
    /// The query key of the cursor.
    pub param: Option<String>,
    /// The query key of the page's size.
    pub limit: Option<String>,
    /// The page's size.
    pub size: Option<u64>,
    /// The first offset or page number, where it is not 0.
    pub first: Option<u64>,
    /// Where an answer says whether there is more: true and false, or something that leads on where there is.
    pub more: Option<Spanned<OneOrMore>>,
    /// Where an answer says how many rows there are in all.
    pub total: Option<Spanned<String>>,
    /// Where an answer has the next cursor.
    pub cursor: Option<Spanned<String>>,
    /// Where an answer has the next address.
    pub next: Option<Spanned<String>>,
    /// Whether an answer without a `Link` header is the last one of a list by `link`.
    #[serde(default)]
    pub absent: Absent,
    /// More answers than this are an error.
    pub max_pages: Option<u64>,
}

/// By what a stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum PageBy {
    None,
    Offset,
    Page,
    Cursor,
    NextUrl,
    Link,
}

/// A switch that a source of the project can set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionSpec {
    /// Where a source sets nothing.
    pub default: bool,
    /// One line for people.
    pub help: Option<String>,
}

/// The formats of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Format {
    Csv,
    Json,
    Yaml,
}

impl Format {
    /// The word, which is also the file's ending.
    pub const fn word(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Yaml => "yaml",
        }
    }
}

/// One column of a file connector.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The headers that mean it, the likeliest first; case, spaces, `_` and `-` do not matter.
    pub names: OneOrMore,
    /// Whether a file without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether several headers may fill it together.
    #[serde(default)]
    pub many: bool,
    /// Whether several headers of one row must say the same, and an empty list says nothing that could be read.
    #[serde(default)]
    pub agree: bool,
}

/// A collection by its word in `provides`.
pub fn collection(word: &str) -> Option<Collection> {
    COLLECTIONS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, collection)| *collection)
}

/// The words of `provides`.
pub const COLLECTIONS: [(&str, Collection); 4] = [
    ("accounts", Collection::Accounts),
    ("approvals", Collection::Approvals),
    ("roles", Collection::Roles),
    ("staff", Collection::Staff),
];

/// Which streams a field needs.
#[derive(Debug, Clone)]
pub enum FieldNeeds {
    /// The system cannot say.
    Never,
    /// These, all of them.
    Streams(Vec<String>),
}

impl<'de> Deserialize<'de> for FieldNeeds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let OneOrMore(words) = OneOrMore::deserialize(deserializer)?;
        match words.as_slice() {
            [word] if word == "never" => Ok(FieldNeeds::Never),
            _ => Ok(FieldNeeds::Streams(words)),
        }
    }
}

impl JsonSchema for FieldNeeds {
    fn schema_name() -> Cow<'static, str> {
        "FieldNeeds".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = OneOrMore::json_schema(generator);
        let words = "The streams that it needs, all of them, or `never` where the product cannot say it.";
        schema.insert("description".to_owned(), words.into());
        schema
    }
}

/// The JSON Schema of `connector.yaml`, as it is published in `docs/schemas/`.
pub fn schema() -> serde_json::Value {
    schema_of::<Manifest>("urn:rolecall:connector:1", "How a connector reads: connector.yaml")
}

impl Manifest {
    /// A stream by its name.
    pub fn stream(&self, name: &str) -> Option<&StreamSpec> {
        self.streams
            .0
            .iter()
            .find(|(known, _)| known.value == name)
            .map(|(_, spec)| spec)
    }

    /// What it provides, with the streams of each.
    pub fn provides(&self) -> impl Iterator<Item = (Collection, Vec<&str>)> {
        self.provides.0.iter().filter_map(|(word, streams)| {
            let streams = streams.iter().map(|name| name.value.as_str()).collect();
            collection(&word.value).map(|collection| (collection, streams))
        })
    }

    /// Whether a parameter decides what is asked, and of whom; others only say how the answers are to be understood.
    pub fn asks_with(&self, param: &str) -> bool {
        let placeholder = format!("{{{param}}}");
        let base = self.base.iter().map(|base| base.value.as_str());
        let streams = self.streams.0.iter().flat_map(|(_, spec)| {
            let named = spec
                .query
                .0
                .iter()
                .chain(&spec.headers.0)
                .map(|(_, value)| value.as_str());
            named.chain(spec.path.iter().map(|path| path.value.as_str()))
        });
        let identifies = |spec: &StreamSpec| spec.identifies.as_ref().is_some_and(|it| it.param.value == param);
        base.chain(streams).any(|text| text.contains(&placeholder))
            || self.streams.0.iter().any(|(_, spec)| identifies(spec))
    }

    /// Whether a stream is read, by the option that it may hang on.
    pub fn reads(&self, stream: &StreamSpec, set: &std::collections::BTreeMap<String, bool>) -> bool {
        stream
            .when
            .as_ref()
            .is_none_or(|option| self.option(&option.value, set))
    }

    /// Whether an option is on, by the source's word or the manifest's default.
    pub fn option(&self, name: &str, set: &std::collections::BTreeMap<String, bool>) -> bool {
        let declared = self.options.0.iter().find(|(known, _)| known.value == name);
        set.get(name)
            .copied()
            .unwrap_or(declared.is_some_and(|(_, option)| option.default))
    }
}
