//! Where an answer may be written.

use std::path::{Path, PathBuf};

use crate::error::Explain;
use crate::project::{From, Project};
use crate::report;
use crate::snapshot::{Collection, Snapshot};
use crate::subject::trust;

/// The answer would be written over what it was made from.
#[derive(Debug, thiserror::Error)]
#[error("writing `{}`: the run reads it", path.display())]
pub struct OverInput {
    path: PathBuf,
    help: &'static str,
}

impl Explain for OverInput {
    fn help(&self) -> Option<String> {
        Some(self.help.to_owned())
    }
}

/// Refuses to write over the project, a policy, a connector, a source's file, a recording, or a snapshot that is read.
///
/// # Errors
/// [`OverInput`].
pub fn hold(output: &Path, project: &Project, more: &[&Path]) -> Result<(), OverInput> {
    hold_for(output, project, more, "name another file for `--output`")
}

/// The same for accepted verdicts.
///
/// # Errors
/// [`OverInput`].
pub fn hold_accepted(output: &Path, project: &Project, more: &[&Path]) -> Result<(), OverInput> {
    hold_for(output, project, more, "name another file for `--accept`")
}

fn hold_for(output: &Path, project: &Project, more: &[&Path], help: &'static str) -> Result<(), OverInput> {
    // A file that is not there yet is written over nothing; but among what is read, the next run would read it.
    let output_is = report::resolved(output);
    let over = |input: &Path| input.canonicalize().is_ok_and(|input| output_is.starts_with(input));
    if inputs(project, more).any(over) {
        return Err(OverInput {
            path: output.to_owned(),
            help,
        });
    }
    Ok(())
}

/// Refuses to write recordings into a folder that the run reads, or that holds what one of their folders would replace.
///
/// # Errors
/// [`OverInput`].
pub fn hold_folder(output: &Path, project: &Project, more: &[&Path]) -> Result<(), OverInput> {
    let output_is = resolved(output);
    let targets: Vec<PathBuf> = project
        .sources
        .iter()
        .map(|source| output_is.join(&source.id))
        .collect();
    let over = |input: &Path| {
        let input = resolved(input);
        output_is.starts_with(&input) || targets.iter().any(|target| input.starts_with(target))
    };
    if inputs(project, more).any(over) {
        return Err(OverInput {
            path: output.to_owned(),
            help: "name another folder for `--record`",
        });
    }
    Ok(())
}

/// Everything that a run reads.
fn inputs<'a>(project: &'a Project, more: &'a [&Path]) -> impl Iterator<Item = &'a Path> {
    let sources = project.sources.iter().filter_map(|source| match &source.from {
        From::Recording(path) | From::File(path) => Some(path.as_path()),
        From::Live | From::Run(_) => None,
    });
    let exceptions = project
        .exceptions_file
        .as_ref()
        .map(|exceptions| exceptions.file.as_path());
    std::iter::once(project.file.as_path())
        .chain(exceptions)
        .chain(project.policies.iter().chain(&project.connectors).map(PathBuf::as_path))
        .chain(sources)
        .chain(more.iter().copied())
}

/// What of accounts and staff was not read completely, one sentence each: whoever is not found may be there.
pub fn unread(snapshot: &Snapshot) -> Vec<String> {
    let provided = snapshot.sources.iter().flat_map(|source| {
        let provided = source.provides.iter().map(|provided| provided.collection);
        let people = provided.filter(|of| matches!(of, Collection::Accounts | Collection::Staff));
        people.filter_map(|of| trust::gap(source, of))
    });
    provided.collect()
}

/// A path without links, as far as it is there.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path
        .ancestors()
        .find_map(|part| Some((part, part.canonicalize().ok()?)));
    match there {
        Some((part, is)) => path
            .strip_prefix(part)
            .map_or_else(|_| path.clone(), |rest| is.join(rest)),
        None => path,
    }
}
