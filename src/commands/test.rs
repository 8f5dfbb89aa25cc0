//! `rolecall test`: the tests beside checks and connectors, and the changes that no test would notice.

use std::path::{Path, PathBuf};

use super::CommandError;
use super::error::OutputError;
use crate::cli::{Color, TestArgs};
use crate::error::Explain;
use crate::exit::Exit;
use crate::project::{Project, ProjectError};
use crate::report::{self, Volume, tested::Shown};
use crate::workbench::{self, Unit, Units, Wanted};

/// Runs the tests and reports; with `--watch`, again and again.
pub fn run(args: &TestArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let paths = paths(&args.paths)?;
    if args.watch {
        return watch(args, &paths, color, volume);
    }
    once(args, &paths, color, volume)
}

fn once(args: &TestArgs, paths: &[PathBuf], color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let units = Units::find(paths)?;
    let shown;
    let (mutations, runs);
    if args.mutate {
        mutations = workbench::mutate(&units).map_err(CommandError::from_boxed)?;
        shown = Shown::Mutations(&mutations);
    } else {
        let all: Vec<&Unit> = units.0.iter().collect();
        let coverage = args.coverage || args.min_coverage.is_some();
        let wanted = Wanted {
            run: args.run.as_ref(),
            coverage,
        };
        runs = workbench::run(&all, &wanted);
        shown = Shown::Runs {
            runs: &runs,
            coverage,
            least: args.min_coverage,
            chosen: args.run.is_some(),
        };
    }
    let quiet = matches!(volume, Volume::Quiet);
    report::tested::write(&shown, args.format, quiet, color.into(), args.output.as_deref())?;
    Ok(shown.outcome())
}

/// What to test where nobody says: what the project in this folder adds, or the folders of checks and connectors.
///
/// # Errors
/// A project that cannot be read, or nothing that could be tested.
pub fn paths(named: &[PathBuf]) -> Result<Vec<PathBuf>, CommandError> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let mut found = match Project::load(Path::new(".")) {
        Ok(project) => [project.policies, project.connectors].concat(),
        Err(ProjectError::NotInFolder { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if found.is_empty() {
        let usual = ["policies", "connectors"].map(PathBuf::from);
        found.extend(usual.into_iter().filter(|folder| folder.is_dir()));
    }
    if found.is_empty() {
        return Err(NothingHere.into());
    }
    Ok(found)
}

/// There is no project here that adds anything, and no folder of checks or connectors.
#[derive(Debug, thiserror::Error)]
#[error("there is no check and no connector of your own here")]
struct NothingHere;

impl Explain for NothingHere {
    fn help(&self) -> Option<String> {
        Some("name a folder, or begin with `rolecall new check NAME`".to_owned())
    }
}

/// Runs again whenever a file below the paths changes. What goes wrong is said, and the next change is waited for.
fn watch(args: &TestArgs, paths: &[PathBuf], color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let changes = workbench::watch(paths)?;
    loop {
        report::tested::begin_again(color.into()).map_err(OutputError)?;
        if let Err(error) = once(args, paths, color, volume) {
            report::error(error.explained(), color.into());
        }
        report::tested::waiting();
        if !changes.wait() {
            return Ok(Exit::Clean);
        }
    }
}
