//! Programs that print rows: started by the project file's word, never by a connector's or a recording's.

use std::path::Path;

use jiff::Timestamp;

use crate::connector::Connector;
use crate::error::{Explain, Place};
use crate::recording::Answer;

/// Why a program could not be started.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ExecError {
    #[error("{place}: source `{source_id}`: running `{program}`: {message}")]
    Start {
        place: Place,
        source_id: String,
        program: String,
        message: String,
    },
}

impl Explain for ExecError {
    fn help(&self) -> Option<String> {
        Some("name a program under `from: {run: […]}`: by its path, or as it is found on the PATH".to_owned())
    }
}

/// Runs a program in the project's folder: one answer for each stream of the connector, and when it was started.
///
/// # Errors
/// The program cannot be started. What it did not print is in the answers.
pub(super) fn run(
    source: &str,
    _connector: &Connector,
    words: &[String],
    _folder: &Path,
    place: &Place,
) -> Result<(Vec<Answer>, Timestamp), ExecError> {
    Err(ExecError::Start {
        place: place.clone(),
        source_id: source.to_owned(),
        program: words.first().cloned().unwrap_or_default(),
        message: "this is not in this version yet".to_owned(),
    })
}
