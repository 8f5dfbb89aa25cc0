//! A recording: the raw answers of one connector at one time, as files. Replay starts here.
//!
//! ```text
//! recording/
//!   recording.json   which connector, when, and the answers in the order they came
//!   users.json       one body a file, the bytes as they came
//! ```
//!
//! A body that cannot be read makes its stream incomplete and never empty; only the recording as a whole can be an
//! error. No secret is ever in one.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// Its folder.
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
}

/// One raw answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The stream's name in the manifest.
    pub stream: String,
    /// The parent that was asked about, for a stream with `each`.
    pub parent: Option<String>,
    /// Under which an error speaks of it.
    pub name: String,
    /// The HTTP status, or 0 and 1 for a program's success and failure.
    pub status: u16,
    /// What was asked, without host and without secrets.
    pub request_path: Option<String>,
    /// The bytes, or why they could not be read.
    pub body: Result<Vec<u8>, String>,
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
    file: String,
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_path: Option<String>,
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
            Self::Json { .. } => "connectors/README.md has the format of a recording".to_owned(),
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
        for answer in index.answers {
            if !lies_beside(&answer.file) {
                return Err(RecordingError::Outside {
                    file,
                    body: answer.file,
                });
            }
            answers.push(Answer {
                body: body(&folder.join(&answer.file)),
                stream: answer.stream,
                parent: answer.parent,
                name: answer.file,
                status: answer.status,
                request_path: answer.request_path,
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            connector: index.connector,
            connector_version: index.connector_version,
            params: index.params,
            taken_at: index.taken_at,
            answers,
        })
    }
}

/// The name of a file beside the index. In a folder below it, a link could lead away.
fn lies_beside(file: &str) -> bool {
    let path = Path::new(file);
    let mut parts = path.components();
    !file.contains('\\') && matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

fn body(path: &Path) -> Result<Vec<u8>, String> {
    let about = std::fs::symlink_metadata(path).map_err(|error| said(&error, "file"))?;
    if !about.is_file() {
        return Err("it is no plain file".to_owned());
    }
    if about.len() > BODY_LIMIT {
        return Err(format!("it is larger than {} MiB", BODY_LIMIT >> 20));
    }
    std::fs::read(path).map_err(|error| said(&error, "file"))
}
