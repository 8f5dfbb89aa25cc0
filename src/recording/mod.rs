//! A recording: the raw answers of one connector at one time, as files. Replay starts here.
//!
//! ```text
//! recording/
//!   recording.json   which connector, when, and the answers in the order they came
//!   users.json       one body a file: JSON is laid out for reading, anything else is as it came
//! ```
//!
//! A body that cannot be read, or is not as it was recorded, makes its stream incomplete and never empty; only the
//! recording as a whole can be an error. No secret is ever in one.

#[cfg(test)]
mod tests;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::error::{Explain, said};
use crate::strict_json::{self, JsonError};

/// The version that this program reads and writes.
pub const SCHEMA: &str = "rolecall/recording/1";

/// The file that lists the answers.
pub const INDEX: &str = "recording.json";

/// A body larger than this is not read.
const BODY_LIMIT: u64 = 256 << 20;

/// One recording, read.
#[derive(Debug, Clone)]
pub struct Recording {
    /// The folder that it was read from; empty where it was not.
    pub folder: PathBuf,
    /// The connector's id.
    pub connector: String,
    /// The connector's own version.
    pub connector_version: u64,
    /// The parameters that were in force. Never a secret.
    pub params: BTreeMap<String, String>,
    /// When the answers were taken.
    pub taken_at: Timestamp,
    /// In the order they came.
    pub answers: Vec<Answer>,
    /// Files beside the index that it does not name. Sorted.
    pub unread: Vec<String>,
}

/// One raw answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The stream's name in the manifest.
    pub stream: String,
    /// The parent that was asked about, for a stream with `each`.
    pub parent: Option<String>,
    /// The HTTP status; of a program 0 for success and another number for failure. 0 where there was no answer.
    pub status: u16,
    /// What was asked, from the connector's base on: without host and without secrets.
    pub request_path: Option<String>,
    /// The headers that say something of the list: their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The bytes, or why there are none.
    pub body: Body,
    /// What came over the wire, where the bytes here are laid out in another way.
    pub received: Option<Received>,
    /// The calls that it took, those that gave no answer included; 0 for one that was never made.
    pub calls: u64,
    /// When the first of these calls was made.
    pub asked_at: Option<Timestamp>,
    /// When the answer was in.
    pub answered_at: Option<Timestamp>,
}

/// The bytes of an answer, or why there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// As they came, or laid out for reading.
    Bytes(Vec<u8>),
    /// There was no answer: what happened instead.
    Missing(String),
}

impl Default for Body {
    fn default() -> Self {
        Body::Bytes(Vec::new())
    }
}

/// What came over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// How many bytes, unpacked.
    pub bytes: u64,
    /// Their digest, lower-case hex.
    pub sha256: String,
}

impl Answer {
    /// How many bytes came, and their digest.
    pub fn received(&self) -> Received {
        self.received.clone().unwrap_or_else(|| {
            let bytes: &[u8] = match &self.body {
                Body::Bytes(bytes) => bytes,
                Body::Missing(_) => &[],
            };
            Received {
                bytes: bytes.len() as u64,
                sha256: digest::of(bytes),
            }
        })
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Index {
    schema: String,
    connector: String,
    connector_version: u64,
    #[serde(default)]
    params: BTreeMap<String, String>,
    taken_at: Timestamp,
    answers: Vec<IndexAnswer>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct IndexAnswer {
    stream: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_path: Option<String>,
    status: u16,
    /// The body's file; where there was no answer there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Digest of the file. A recording that is written by hand has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received: Option<Received>,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    calls: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answered_at: Option<Timestamp>,
}

fn one() -> u64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(calls: &u64) -> bool {
    *calls == 1
}

/// Why a recording as a whole cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum RecordingError {
    #[error("reading the recording `{folder}`: {message}")]
    Unreadable { folder: String, message: String },
    #[error("reading `{file}`: {error}")]
    Json { file: String, error: JsonError },
    #[error("`{file}` is of the format `{found}`; this program reads `{SCHEMA}`")]
    Schema { file: String, found: String },
    #[error("`{file}` names the body `{body}`, which does not lie beside it")]
    Outside { file: String, body: String },
    #[error("`{file}`: answer {} has {found} of `file` and `error`, and needs one of them", index + 1)]
    NeitherNor {
        file: String,
        index: usize,
        found: &'static str,
    },
    #[error("writing the recording `{folder}`: {message}")]
    Unwritable {
        folder: String,
        message: String,
        help: &'static str,
    },
    #[error("the recording `{folder}` is of the connector `{found}`, not `{expected}`")]
    OtherConnector {
        folder: String,
        found: String,
        expected: String,
    },
    #[error(
        "the recording `{folder}` was made with version {found} of the connector `{connector}`; this is version {expected}"
    )]
    OtherVersion {
        folder: String,
        connector: String,
        found: u64,
        expected: u64,
    },
    #[error("the recording `{folder}` has an answer for the stream `{stream}`, which the connector does not have")]
    UnknownStream {
        folder: String,
        stream: String,
        help: String,
    },
}

impl Explain for RecordingError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } => format!("name a folder with a `{INDEX}`"),
            Self::Json { .. } | Self::NeitherNor { .. } => {
                "connectors/README.md has the format of a recording".to_owned()
            }
            Self::Unwritable { help, .. } => (*help).to_owned(),
            Self::Schema { .. } => "record again with this version of rolecall".to_owned(),
            Self::Outside { .. } => "keep the bodies beside it and name them without a folder".to_owned(),
            Self::OtherConnector { .. } => "check the source's `connector:` and its `from:`".to_owned(),
            Self::OtherVersion { .. } => "record again, or use the rolecall that made it".to_owned(),
            Self::UnknownStream { help, .. } => help.clone(),
        })
    }
}

impl Recording {
    /// Reads a recording's folder.
    ///
    /// # Errors
    /// The folder or its index cannot be read. A body that cannot be read is no error here.
    pub fn open(folder: &Path) -> Result<Self, RecordingError> {
        let shown = folder.display().to_string();
        let path = folder.join(INDEX);
        let file = path.display().to_string();
        let bytes = std::fs::read(&path).map_err(|error| RecordingError::Unreadable {
            folder: shown,
            message: format!("`{INDEX}`: {}", said(&error, "file")),
        })?;
        let json = |error| RecordingError::Json {
            file: file.clone(),
            error,
        };
        // The version comes first: a newer format may have other fields.
        let found = strict_json::parse(&bytes).map_err(json)?;
        if let Some(found) = found.get("schema").and_then(|schema| schema.as_str())
            && found != SCHEMA
        {
            return Err(RecordingError::Schema {
                file,
                found: found.to_owned(),
            });
        }
        let index: Index = strict_json::read(&bytes).map_err(json)?;
        let mut answers = Vec::with_capacity(index.answers.len());
        let mut named: BTreeSet<String> = BTreeSet::new();
        for (number, answer) in index.answers.into_iter().enumerate() {
            let body = match (&answer.file, answer.error) {
                (Some(name), None) if !lies_beside(name) => {
                    return Err(RecordingError::Outside {
                        file,
                        body: name.clone(),
                    });
                }
                (Some(name), None) => body(folder, name, answer.sha256.as_deref()),
                (None, Some(why)) => Body::Missing(why),
                (file_name, _) => {
                    let found = if file_name.is_some() { "both" } else { "neither" };
                    return Err(RecordingError::NeitherNor {
                        file,
                        index: number,
                        found,
                    });
                }
            };
            named.extend(answer.file);
            answers.push(Answer {
                body,
                stream: answer.stream,
                parent: answer.parent,
                status: answer.status,
                request_path: answer.request_path,
                headers: answer.headers,
                received: answer.received,
                calls: answer.calls,
                asked_at: answer.asked_at,
                answered_at: answer.answered_at,
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            connector: index.connector,
            connector_version: index.connector_version,
            params: index.params,
            taken_at: index.taken_at,
            answers,
            unread: unread(folder, &named),
        })
    }
}

/// The files beside the index that it does not name: whoever put them there may think that they count.
fn unread(folder: &Path, named: &BTreeSet<String>) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut unread: Vec<String> = names
        .filter(|name| name != INDEX && !name.starts_with('.') && !named.contains(name))
        .collect();
    unread.sort();
    unread
}

/// The name of a file beside the index. In a folder below it, a link could lead away.
fn lies_beside(file: &str) -> bool {
    let path = Path::new(file);
    let mut parts = path.components();
    !file.contains('\\') && matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

fn body(folder: &Path, name: &str, sha256: Option<&str>) -> Body {
    match read(&folder.join(name)) {
        Ok(bytes) if sha256.is_some_and(|expected| expected != digest::of(&bytes)) => {
            Body::Missing(format!("`{name}` is not as it was recorded"))
        }
        Ok(bytes) => Body::Bytes(bytes),
        Err(why) => Body::Missing(format!("`{name}`: {why}")),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let about = std::fs::symlink_metadata(path).map_err(|error| said(&error, "file"))?;
    if !about.is_file() {
        return Err("it is no plain file".to_owned());
    }
    if about.len() > BODY_LIMIT {
        return Err(format!("it is larger than {} MiB", BODY_LIMIT >> 20));
    }
    std::fs::read(path).map_err(|error| said(&error, "file"))
}
