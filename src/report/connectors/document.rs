//! The published types of `rolecall/connectors/1`. Every field is always present; what is not there is null.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use crate::connector;
use crate::connector::manifest::{AuthKind, FieldNeeds, Kind, ParamKind};
use crate::snapshot::Collection;

/// Connectors.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Connectors")]
pub struct Document<'a> {
    /// `rolecall/connectors/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// Sorted by id.
    connectors: Vec<Connector<'a>>,
}

/// One connector.
#[derive(Serialize, JsonSchema)]
struct Connector<'a> {
    /// What a source of a project names.
    id: &'a str,
    /// Its own version: recordings of another one are refused.
    version: u64,
    /// How its answers come in.
    #[schemars(extend("enum" = ["http", "file", "exec"]))]
    kind: &'static str,
    /// `built-in`, or its folder as the project names it.
    origin: &'a str,
    /// Whether it replaces a built-in one of the same name.
    replaces_built_in: bool,
    /// Digest of its manifest and normaliser, lower-case hex.
    sha256: &'a str,
    /// Where people read about it; of a built-in one, in the sources of this program.
    readme: Option<String>,
    /// What the accounts are all of, in words.
    population: Option<&'a str>,
    /// What it provides, in the manifest's order.
    provides: Vec<Provided<'a>>,
    /// What no answer ever says, in words.
    cannot_see: &'a [String],
    /// What a source sets, in the manifest's order.
    params: Vec<Param<'a>>,
    /// Ways to sign in, any one of which will do, in the manifest's order.
    auth: Vec<Way<'a>>,
    /// Switches that a source can set, in the manifest's order.
    options: Vec<Switch<'a>>,
    /// What is read, in the manifest's order.
    streams: Vec<Stream<'a>>,
    /// What fields of a subject need, in the manifest's order.
    fields: Vec<Field<'a>>,
    /// The formats of files that it reads.
    formats: Vec<&'static str>,
    /// The columns of files, in the manifest's order.
    columns: Vec<Column<'a>>,
}

/// A collection and the streams whose rows it has.
#[derive(Serialize, JsonSchema)]
struct Provided<'a> {
    /// Which rows.
    collection: Collection,
    /// From which streams.
    streams: Vec<&'a str>,
}

/// A value that a source sets.
#[derive(Serialize, JsonSchema)]
struct Param<'a> {
    /// Its name.
    name: &'a str,
    /// What it may hold: anything, one part of a host name, or an https address.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["text", "label", "url"]))]
    kind: &'static str,
    /// Used where a source sets nothing.
    default: Option<&'a str>,
    /// The values that are allowed; empty where any is.
    one_of: &'a [String],
    /// For people.
    help: Option<&'a str>,
}

/// A way to sign in.
#[derive(Serialize, JsonSchema)]
struct Way<'a> {
    /// Its name.
    name: &'a str,
    /// Which kind.
    #[schemars(extend("enum" = ["header", "bearer", "basic", "oauth2_refresh", "oauth2_client_credentials", "jwt_bearer", "command"]))]
    kind: &'static str,
    /// Whether `rolecall connect` can send a person to allow it.
    connects: bool,
    /// Where the credential is made, for people.
    help: Option<&'a str>,
}

/// A switch that a source can set.
#[derive(Serialize, JsonSchema)]
struct Switch<'a> {
    /// Its name.
    name: &'a str,
    /// Where a source sets nothing.
    default: bool,
    /// For people.
    help: Option<&'a str>,
}

/// One list that is read.
#[derive(Serialize, JsonSchema)]
struct Stream<'a> {
    /// Its name.
    name: &'a str,
    /// Below the connector's base; null for files and programs.
    path: Option<&'a str>,
    /// The stream for each of whose rows it is asked once.
    each_of: Option<&'a str>,
    /// The option that switches it on.
    when: Option<&'a str>,
    /// Whether a run can do without it.
    optional: bool,
}

/// What a field of a subject needs.
#[derive(Serialize, JsonSchema)]
struct Field<'a> {
    /// Its path, `account.role_names` for instance.
    path: &'a str,
    /// Whether no answer ever says it.
    never: bool,
    /// The streams that it needs, all of them; empty where it is never said.
    needs: &'a [String],
}

/// A column of a file.
#[derive(Serialize, JsonSchema)]
struct Column<'a> {
    /// The connector's name for it.
    name: &'a str,
    /// The headers that mean it, the likeliest first.
    headers: &'a [String],
    /// Whether a file without it is refused.
    required: bool,
}

impl<'a> Document<'a> {
    /// The document of these connectors.
    pub fn of(connectors: &[&'a connector::Connector]) -> Self {
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            connectors: connectors.iter().map(|connector| Connector::of(connector)).collect(),
        }
    }
}

impl<'a> Connector<'a> {
    fn of(connector: &'a connector::Connector) -> Self {
        let manifest = &connector.manifest;
        Self {
            id: &connector.id,
            version: manifest.version,
            kind: kind(manifest.kind.value),
            origin: &connector.origin,
            replaces_built_in: connector.replaces_built_in,
            sha256: &connector.sha256,
            readme: connector.readme(),
            population: manifest.population.as_deref(),
            provides: manifest
                .provides()
                .map(|(collection, streams)| Provided { collection, streams })
                .collect(),
            cannot_see: &manifest.cannot_see,
            params: entries(&manifest.params, |name, param| Param {
                name,
                kind: match param.kind {
                    ParamKind::Text => "text",
                    ParamKind::Label => "label",
                    ParamKind::Url => "url",
                },
                default: param.default.as_deref(),
                one_of: &param.one_of,
                help: param.help.as_deref(),
            }),
            auth: entries(&manifest.auth, |name, auth| Way {
                name,
                kind: way(auth.kind.value),
                connects: auth.authorize_url.is_some(),
                help: auth.help.as_deref(),
            }),
            options: entries(&manifest.options, |name, option| Switch {
                name,
                default: option.default,
                help: option.help.as_deref(),
            }),
            streams: entries(&manifest.streams, |name, stream| Stream {
                name,
                path: stream.path.as_ref().map(|path| path.value.as_str()),
                each_of: stream.each.as_ref().map(|each| each.of.value.as_str()),
                when: stream.when.as_ref().map(|option| option.value.as_str()),
                optional: stream.optional,
            }),
            fields: entries(&manifest.fields, |path, needs| {
                let (never, needs) = match needs {
                    FieldNeeds::Never => (true, &[][..]),
                    FieldNeeds::Streams(streams) => (false, streams.as_slice()),
                };
                Field { path, never, needs }
            }),
            formats: manifest.formats.iter().map(|format| format.value.word()).collect(),
            columns: entries(&manifest.columns, |name, column| Column {
                name,
                headers: &column.names.0,
                required: column.required,
            }),
        }
    }
}

fn entries<'a, T, P>(entries: &'a crate::yaml::Entries<T>, part: impl Fn(&'a str, &'a T) -> P) -> Vec<P> {
    entries.0.iter().map(|(name, entry)| part(&name.value, entry)).collect()
}

/// The manifest's word for a kind of connector.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Http => "http",
        Kind::File => "file",
        Kind::Exec => "exec",
    }
}

/// The manifest's word for a kind of signing in.
pub fn way(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::Header => "header",
        AuthKind::Bearer => "bearer",
        AuthKind::Basic => "basic",
        AuthKind::Oauth2Refresh => "oauth2_refresh",
        AuthKind::Oauth2ClientCredentials => "oauth2_client_credentials",
        AuthKind::JwtBearer => "jwt_bearer",
        AuthKind::Command => "command",
    }
}
