//! The workbench of whoever writes policies: finding folders, running their tests, changing policies to see whether a
//! test notices, linting.

mod find;
mod framed;
pub mod lint;
mod mutate;
mod run;
mod watch;

use std::path::PathBuf;

pub use find::{Unit, UnitKind, Units};
pub use mutate::{Mutation, Survivor, UnitMutation, mutate};
pub use run::{Broken, Failure, TEST_LIMIT, TestResult, TestState, UnitRun, Wanted, loaded, parsed, run};

pub use watch::{Changes, watch};

pub use crate::rego::probe::{Definition, Named, Outcome, Statement, Try};

use crate::check::CheckError;
use crate::error::Explain;
use crate::rego::RegoError;

/// Why there is nothing to say.
#[derive(Debug, thiserror::Error)]
pub enum WorkbenchError {
    /// A path cannot be read.
    #[error("reading `{}`: {message}", path.display())]
    Unreadable {
        /// As the user named it.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// There is no check and no connector at a path.
    #[error("there is no check and no connector at `{}`", path.display())]
    Nothing {
        /// As the user named it.
        path: PathBuf,
    },
    /// A library has the name of a built-in one.
    #[error("`{file}` is also `{by}`")]
    Taken {
        /// The project's file.
        file: String,
        /// The built-in one.
        by: String,
    },
    /// Something in a folder of checks or connectors that nobody could read, or would.
    #[error(transparent)]
    Folder(#[from] CheckError),
    /// A policy or a test does not load.
    #[error(transparent)]
    Rego(#[from] RegoError),
}

impl Explain for WorkbenchError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some("name a folder of checks or connectors, one of them, or a test file".to_owned()),
            Self::Nothing { .. } => Some(
                "a check is a folder with a `check.rego`, a connector one with a `connector.yaml`; `rolecall new` writes one"
                    .to_owned(),
            ),
            Self::Taken { .. } => Some("rename the library; a shared one cannot be replaced".to_owned()),
            Self::Folder(error) => error.help(),
            Self::Rego(error) => error.help(),
        }
    }
}
