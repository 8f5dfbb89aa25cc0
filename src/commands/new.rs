//! `rolecall new`: the folder of a new check or connector.

use std::fs;
use std::path::{Path, PathBuf};

use super::CommandError;
use super::error::OutputError;
use crate::check;
use crate::cli::{NewArgs, NewCommand, NewFolderArgs};
use crate::connector::Connectors;
use crate::error::Explain;
use crate::exit::Exit;
use crate::project::{Project, ProjectError};
use crate::report::{self, Scaffolded};
use crate::scaffold::{self, Kind};

/// Writes the folder whole or not at all, and says what comes next.
pub fn run(args: &NewArgs) -> Result<Exit, CommandError> {
    let (kind, args) = match &args.what {
        NewCommand::Check(args) => (Kind::Check, args),
        NewCommand::Connector(args) => (Kind::Connector, args),
    };
    let files = scaffold::files(kind, &args.name)?;
    let project = match Project::load(Path::new(".")) {
        Ok(project) => Some(project),
        Err(ProjectError::NotInFolder { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let added = project
        .as_ref()
        .map(|project| folders(kind, project))
        .unwrap_or_default();
    let into = args.into.clone().unwrap_or_else(|| usual(kind, &added));
    let folder = into.join(&args.name);
    refuse_taken(kind, args, &added, &folder)?;
    report::save_folder(kind.word(), &folder, &files)?;
    let is_read = added.iter().any(|known| same(known, &into));
    let scaffolded = Scaffolded {
        kind,
        name: args.name.clone(),
        folder: folder.display().to_string(),
        files: &files,
        is_project_here: project.is_some(),
        has_sources: project.as_ref().is_some_and(|project| !project.sources.is_empty()),
        has_systems: project.as_ref().is_some_and(|project| !project.systems.is_empty()),
        to_add: (!is_read).then(|| {
            let all = added.iter().chain([&into]);
            all.map(|folder| folder.display().to_string()).collect()
        }),
    };
    report::scaffolded(&scaffolded).map_err(OutputError)?;
    Ok(Exit::Clean)
}

/// The folders that the project adds, as it would name them from here.
fn folders(kind: Kind, project: &Project) -> Vec<PathBuf> {
    let all = match kind {
        Kind::Check => &project.policies,
        Kind::Connector => &project.connectors,
    };
    let plain = |path: &PathBuf| path.strip_prefix(".").unwrap_or(path).to_owned();
    all.iter().map(plain).collect()
}

/// The first folder that the project adds; else the usual one, there or not.
fn usual(kind: Kind, added: &[PathBuf]) -> PathBuf {
    added.first().cloned().unwrap_or_else(|| PathBuf::from(kind.key()))
}

fn same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A name that is taken would replace something, or be refused with the next command.
fn refuse_taken(kind: Kind, args: &NewFolderArgs, added: &[PathBuf], folder: &Path) -> Result<(), CommandError> {
    let taken = |by: String, help: &str| {
        let error = TakenError {
            kind,
            name: args.name.clone(),
            by,
            help: help.to_owned(),
        };
        Err(error.into())
    };
    // A link that leads nowhere is there, too.
    if fs::symlink_metadata(folder).is_ok() {
        return taken(
            format!("`{}` is there", folder.display()),
            "choose another name; what is there is never written over",
        );
    }
    let elsewhere = added.iter().map(|root| root.join(&args.name));
    if let Some(other) = elsewhere.into_iter().find(|other| fs::symlink_metadata(other).is_ok()) {
        return taken(
            format!("the project has `{}`", other.display()),
            "choose another name, or rename the other one",
        );
    }
    let built_in = match kind {
        Kind::Check => check::load(&[], &std::collections::BTreeMap::new())?
            .0
            .contains_key(&args.name),
        Kind::Connector => Connectors::load(&[])?.get(&args.name).is_some(),
    };
    if built_in && !args.replace_built_in {
        return taken(
            format!("there is a built-in {} of that name", kind.word()),
            "choose another name, or give `--replace-built-in`: the new one is then used in the place of the other",
        );
    }
    Ok(())
}

/// The name stands for something already.
#[derive(Debug, thiserror::Error)]
#[error("the {kind} `{name}` cannot be begun: {by}", kind = .kind.word())]
struct TakenError {
    kind: Kind,
    name: String,
    by: String,
    help: String,
}

impl Explain for TakenError {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}
