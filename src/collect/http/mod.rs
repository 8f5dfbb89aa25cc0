//! Live systems over HTTP: GET only, read to the end or not at all.

pub mod auth;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Contact;
use crate::connector::manifest::Manifest;
use crate::error::{Explain, Place};
use crate::progress::Watch;
use crate::project::SourceConfig;
use crate::recording::Answer;

/// One source that is to be read, and everything that is in force for it.
pub(super) struct Call<'a> {
    pub(super) source: &'a SourceConfig,
    pub(super) manifest: &'a Manifest,
    pub(super) params: &'a BTreeMap<String, String>,
    pub(super) options: &'a BTreeMap<String, bool>,
    /// Ask every list for its first page only.
    pub(super) probe: bool,
    pub(super) watch: &'a dyn Watch,
}

/// One source, read.
pub(super) struct Read {
    pub(super) source: String,
    pub(super) answers: Vec<Answer>,
    pub(super) taken_at: Timestamp,
    pub(super) contact: Contact,
}

/// What a person must mend before a source can be asked.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum HttpError {
    #[error("{place}: source `{source_id}`: {message}")]
    Setting {
        place: Place,
        source_id: String,
        message: String,
        help: String,
    },
}

impl Explain for HttpError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Setting { help, .. } => Some(help.clone()),
        }
    }
}

/// Reads every source; several at the same time.
///
/// # Errors
/// What the project says wrongly. What the network did not show is in the answers.
pub(super) fn read(calls: &[Call<'_>]) -> Result<Vec<Read>, HttpError> {
    match calls.first() {
        None => Ok(Vec::new()),
        Some(call) => Err(HttpError::Setting {
            place: call.source.place.clone(),
            source_id: call.source.id.clone(),
            message: "reading a live system is not in this version yet".to_owned(),
            help: "give the source `from: {recording: FOLDER}`, or the run `--recording FOLDER`".to_owned(),
        }),
    }
}
