//! One of the two files that are compared: read once, and said to be what it is.

use std::path::Path;

use serde_json::Value;

use super::CannotCompare;
use crate::commands::CommandError;
use crate::error::said;
use crate::reported::{self, Reported};
use crate::snapshot::{self, Snapshot};
use crate::strict_json;

/// What a file holds.
pub enum Run {
    /// A report.
    Report(Box<Reported>),
    /// A snapshot, and its digest.
    Snapshot(Box<Snapshot>, String),
}

impl Run {
    /// Reads a file, once: it may be a pipe, which says everything only once.
    ///
    /// # Errors
    /// It cannot be read, or is neither a report nor a snapshot, or not one that a run wrote.
    pub fn read(path: &Path) -> Result<Self, CommandError> {
        let file = path.display().to_string();
        let unreadable = |message| CannotCompare::Unreadable {
            file: file.clone(),
            message,
        };
        let bytes = std::fs::read(path).map_err(|error| {
            unreadable(if path.is_dir() {
                "it is a directory, not a file".to_owned()
            } else {
                said(&error, "file")
            })
        })?;
        let value = strict_json::parse(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let name = |schema: &str| schema.rsplit_once('/').map(|(name, _)| name.to_owned());
        let is = value.get("schema").and_then(Value::as_str).and_then(name);
        if is.is_some() && is == name(reported::SCHEMA) {
            return Ok(Self::Report(Box::new(Reported::of_value(&file, &bytes, &value)?)));
        }
        if is.is_some() && is == name(snapshot::SCHEMA) {
            let (snapshot, sha256) = Snapshot::of_value(&file, &bytes, &value)?;
            return Ok(Self::Snapshot(Box::new(snapshot), sha256));
        }
        Err(CannotCompare::Neither { file }.into())
    }

    /// What it is, in words.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Report(_) => "report",
            Self::Snapshot(..) => "snapshot",
        }
    }
}
