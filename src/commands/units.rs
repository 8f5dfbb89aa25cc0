//! The folders that `test` and `lint` are about, where the command line names none.

use std::path::{Path, PathBuf};

use super::CommandError;
use crate::project::{Project, ProjectError};
use crate::workbench::{Units, WorkbenchError};

/// The units at these paths; without any, those that the project in this folder adds, or those of `./policies` and
/// `./connectors`.
pub fn find(paths: &[PathBuf]) -> Result<Units, CommandError> {
    if !paths.is_empty() {
        return Ok(Units::find(paths)?);
    }
    let mut found = match Project::load(Path::new(".")) {
        Ok(project) => [project.policies, project.connectors].concat(),
        Err(ProjectError::NotInFolder { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if found.is_empty() {
        let beside = ["policies", "connectors"].map(PathBuf::from);
        found.extend(beside.into_iter().filter(|folder| folder.is_dir()));
    }
    if found.is_empty() {
        return Err(WorkbenchError::Nothing { path: ".".into() }.into());
    }
    Ok(Units::find(&found)?)
}
