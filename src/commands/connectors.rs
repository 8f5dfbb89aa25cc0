//! `rolecall connectors`: what can be read, from the manifests and nothing else.

use std::path::{Path, PathBuf};

use super::CommandError;
use super::error::OutputError;
use crate::cli::{Color, ConnectorsArgs};
use crate::connector::{Connector, Connectors};
use crate::error::{Explain, did_you_mean};
use crate::exit::Exit;
use crate::init;
use crate::project::{Project, ProjectError};
use crate::report::connectors::Shown;
use crate::report::print_connectors;

/// Lists every connector, or says everything of one.
pub fn run(args: &ConnectorsArgs, color: Color) -> Result<Exit, CommandError> {
    let connectors = Connectors::load(&folders(args.project.as_deref())?)?;
    let all: Vec<&Connector> = connectors.iter().collect();
    let paste;
    let shown = match &args.id {
        None => Shown::All(&all),
        Some(id) => {
            let connector = named(&connectors, id)?;
            paste = init::paste(connector);
            Shown::One {
                connector,
                paste: &paste,
            }
        }
    };
    print_connectors(shown, args.format, color.into()).map_err(OutputError)?;
    Ok(Exit::Clean)
}

/// A connector by the name that was given on the command line.
pub fn named<'a>(connectors: &'a Connectors, id: &str) -> Result<&'a Connector, NoSuchConnector> {
    connectors.get(id).ok_or_else(|| NoSuchConnector {
        id: id.to_owned(),
        help: did_you_mean(
            id,
            connectors
                .iter()
                .map(|connector| connector.id.as_str())
                .collect::<Vec<_>>(),
        ),
    })
}

/// The command line names a connector that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no connector `{id}`")]
pub struct NoSuchConnector {
    id: String,
    help: String,
}

impl Explain for NoSuchConnector {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}

/// The folders with connectors of the project's own. Without a project the built-in ones are all there are.
fn folders(project: Option<&Path>) -> Result<Vec<PathBuf>, ProjectError> {
    match (Project::load(project.unwrap_or(Path::new("."))), project) {
        (Ok(project), _) => Ok(project.connectors),
        (Err(ProjectError::NotInFolder { .. }), None) => Ok(Vec::new()),
        (Err(error), _) => Err(error),
    }
}
