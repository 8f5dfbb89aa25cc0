//! Errors of every stage, as a command hands them up.

use crate::check::CheckError;
use crate::collect::CollectError;
use crate::connector::ConnectorError;
use crate::error::Explain;
use crate::exit::Exit;
use crate::project::ProjectError;
use crate::rego::RegoError;
use crate::report::SaveError;
use crate::snapshot::SnapshotError;
use crate::subject::SubjectError;

/// Why a command gave no answer.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each is the error of the stage that it names")]
pub enum CommandError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Connector(#[from] ConnectorError),
    #[error(transparent)]
    Collect(#[from] CollectError),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    Subject(#[from] SubjectError),
    #[error(transparent)]
    Rego(#[from] RegoError),
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error("writing the report to standard output: {0}")]
    Output(#[from] std::io::Error),
}

impl CommandError {
    fn explained(&self) -> Option<&dyn Explain> {
        match self {
            Self::Project(error) => Some(error),
            Self::Connector(error) => Some(error),
            Self::Collect(error) => Some(error),
            Self::Snapshot(error) => Some(error),
            Self::Check(error) => Some(error),
            Self::Subject(error) => Some(error),
            Self::Rego(error) => Some(error),
            Self::Save(error) => Some(error),
            Self::Output(_) => None,
        }
    }
}

impl Explain for CommandError {
    fn help(&self) -> Option<String> {
        match self.explained() {
            Some(error) => error.help(),
            None => Some("give `--output FILE`, or look at where the output is sent".to_owned()),
        }
    }

    fn exit(&self) -> Exit {
        self.explained().map_or(Exit::Usage, Explain::exit)
    }
}
