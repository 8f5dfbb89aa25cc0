//! `rolecall docs`: the catalogue of checks.

use std::path::Path;

use super::error::OutputError;
use super::{CommandError, output};
use crate::catalogue::Catalogue;
use crate::check::{self, CheckError, Checks};
use crate::cli::DocsArgs;
use crate::error::did_you_mean;
use crate::exit::Exit;
use crate::project::{Project, ProjectError};
use crate::report;

/// Writes the catalogue of the built-in checks and of those that a project adds.
pub fn run(args: &DocsArgs) -> Result<Exit, CommandError> {
    let project = project(args.project.as_deref())?;
    if let (Some(file), Some(project)) = (&args.output, &project) {
        output::hold(file, project, &[])?;
    }
    let checks = match &project {
        Some(project) => check::load(&project.policies, &project.checks)?,
        None => check::load(&[], &Default::default())?,
    };
    known(&checks, &args.checks)?;
    let catalogue = Catalogue::of(&checks, &args.checks);
    match &args.output {
        Some(file) => report::save_catalogue(&catalogue, args.format, file)?,
        None => report::print_catalogue(&catalogue, args.format).map_err(OutputError)?,
    }
    Ok(Exit::Clean)
}

/// The project that was named, or the one in this folder, if any.
fn project(named: Option<&Path>) -> Result<Option<Project>, ProjectError> {
    match (Project::load(named.unwrap_or(Path::new("."))), named) {
        (Ok(project), _) => Ok(Some(project)),
        (Err(ProjectError::NotInFolder { .. }), None) => Ok(None),
        (Err(error), _) => Err(error),
    }
}

/// A check that is switched off has a place in the catalogue; one that does not exist has none.
fn known(checks: &Checks, asked: &[String]) -> Result<(), CheckError> {
    match asked.iter().find(|id| !checks.0.contains_key(*id)) {
        None => Ok(()),
        Some(id) => Err(CheckError::NoSuchCheck {
            id: id.clone(),
            help: did_you_mean(id, checks.0.keys().map(String::as_str)),
        }),
    }
}
