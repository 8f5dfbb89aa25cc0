//! Errors of every stage, as a command hands them up.

use crate::error::Explain;
use crate::exit::Exit;

/// Why a command gave no answer: the error of the stage that failed, which knows its help line and its exit code.
#[derive(Debug)]
pub struct CommandError(Box<dyn Explain + Send + Sync>);

impl CommandError {
    /// An error whose type is known no more.
    pub fn from_boxed(error: Box<dyn Explain + Send + Sync>) -> Self {
        Self(error)
    }

    /// The stage's error.
    pub fn explained(&self) -> &dyn Explain {
        self.0.as_ref()
    }
}

impl<E: Explain + Send + Sync + 'static> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// The answer could not be written to standard output.
#[derive(Debug, thiserror::Error)]
#[error("writing the report to standard output: {0}")]
pub struct OutputError(pub std::io::Error);

impl Explain for OutputError {
    fn help(&self) -> Option<String> {
        Some("give `--output FILE`, or look at where the output is sent".to_owned())
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}
