//! The snapshot on disk: written whole or not at all, read only if it is exactly what was written.

use std::io::Write;
use std::path::Path;

use serde_json::Value;

use super::{SCHEMA, Snapshot};
use crate::digest;
use crate::error::Explain;
use crate::error::said;
use crate::strict_json::{self, JsonError};

/// Why a snapshot could not be read or written.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SnapshotError {
    #[error("reading the snapshot `{file}`: {message}")]
    Unreadable { file: String, message: String },
    #[error("{file}:{}:{}: {}{}", error.line, error.column, error.message, at(&error.path))]
    Json { file: String, error: JsonError },
    #[error("`{file}` is no snapshot: it has no `schema`")]
    NoSchema { file: String },
    #[error("`{file}` is of the format `{found}`; this program reads `{SCHEMA}`")]
    Version { file: String, found: String, newer: bool },
    #[error("`{file}` is not as it was written: `{at}` is out of order or there twice")]
    Order { file: String, at: String },
    #[error("`{file}` is not as it was written: {message}")]
    Sums { file: String, message: String },
    #[error("writing the snapshot `{file}`: {message}")]
    Unwritable { file: String, message: String },
}

fn at(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    }
}

impl Explain for SnapshotError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { .. } => "name a file that `rolecall collect -o FILE` wrote".to_owned(),
            Self::Version { newer: true, .. } => "use the rolecall that wrote it, or a newer one".to_owned(),
            Self::Json { .. }
            | Self::NoSchema { .. }
            | Self::Version { .. }
            | Self::Order { .. }
            | Self::Sums { .. } => "collect again: a snapshot is not edited by hand".to_owned(),
            Self::Unwritable { .. } => "check that the folder exists and can be written to".to_owned(),
        })
    }
}

impl Snapshot {
    /// Reads a snapshot, with the digest of its canonical form.
    ///
    /// # Errors
    /// The file cannot be read, or is not exactly what some run wrote.
    pub fn read(path: &Path) -> Result<(Self, String), SnapshotError> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            let message = if path.is_dir() {
                "it is a directory, not a file".to_owned()
            } else {
                said(&error, "file")
            };
            SnapshotError::Unreadable {
                file: file.clone(),
                message,
            }
        })?;
        let value = strict_json::parse(&bytes).map_err(|error| SnapshotError::Json {
            file: file.clone(),
            error,
        })?;
        Self::of_value(&file, &bytes, &value)
    }

    /// The same of bytes that have been read and parsed; `file` is what errors call them.
    ///
    /// # Errors
    /// They are not exactly what some run wrote.
    pub fn of_value(file: &str, bytes: &[u8], value: &Value) -> Result<(Self, String), SnapshotError> {
        let file = file.to_owned();
        // The version comes first: another format may have other fields.
        version(&file, value)?;
        let snapshot: Snapshot = strict_json::typed(bytes, value).map_err(|error| SnapshotError::Json {
            file: file.clone(),
            error,
        })?;
        if let Some(at) = snapshot.disorder() {
            return Err(SnapshotError::Order { file, at });
        }
        if let Some(message) = snapshot.does_not_add_up() {
            return Err(SnapshotError::Sums { file, message });
        }
        let sha256 = snapshot.sha256()?;
        Ok((snapshot, sha256))
    }

    /// Writes the snapshot whole or not at all, for its owner's eyes only.
    ///
    /// # Errors
    /// The folder does not exist or cannot be written to.
    pub fn write(&self, path: &Path) -> Result<(), SnapshotError> {
        let failed = |message: String| SnapshotError::Unwritable {
            file: path.display().to_string(),
            message,
        };
        if path.is_dir() {
            return Err(failed("it is a directory, not a file".to_owned()));
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let bytes = self.to_bytes()?;
        // A temporary file is made with mode 0600, and the rename keeps it.
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)
        };
        write().map(|_| ()).map_err(|error| failed(said(&error, "file")))
    }

    /// The canonical form: the same facts, the same bytes.
    ///
    /// # Errors
    /// Never in practice; the types have nothing that JSON cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SnapshotError> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| SnapshotError::Unwritable {
            file: "-".to_owned(),
            message: error.to_string(),
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Digest of the canonical form, lower-case hex.
    ///
    /// # Errors
    /// As [`Snapshot::to_bytes`].
    pub fn sha256(&self) -> Result<String, SnapshotError> {
        Ok(digest::of(self.to_bytes()?))
    }
}

fn version(file: &str, value: &Value) -> Result<(), SnapshotError> {
    let found = value.get("schema").and_then(Value::as_str);
    let Some(found) = found else {
        return Err(SnapshotError::NoSchema { file: file.to_owned() });
    };
    if found == SCHEMA {
        return Ok(());
    }
    let number = |schema: &str| {
        schema
            .strip_prefix("rolecall/snapshot/")
            .and_then(|number| number.parse::<u64>().ok())
    };
    let newer = number(found) > number(SCHEMA);
    Err(SnapshotError::Version {
        file: file.to_owned(),
        found: found.chars().take(60).collect(),
        newer,
    })
}
