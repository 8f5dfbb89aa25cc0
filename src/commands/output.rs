//! Where an answer may be written.

use std::path::{Path, PathBuf};

use crate::error::Explain;
use crate::project::{From, Project};

/// The answer would be written over what it was made from.
#[derive(Debug, thiserror::Error)]
#[error("writing `{}`: the run reads it", .0.display())]
pub struct OverInput(PathBuf);

impl Explain for OverInput {
    fn help(&self) -> Option<String> {
        Some("name another file for `--output`".to_owned())
    }
}

/// Refuses to write over the project, a source's file, a recording, or the snapshot that is judged.
///
/// # Errors
/// [`OverInput`].
pub fn hold(output: &Path, project: &Project, more: &[&Path]) -> Result<(), OverInput> {
    let sources = project.sources.iter().filter_map(|source| match &source.from {
        From::Recording(path) | From::File(path) => Some(path.as_path()),
        From::Live | From::Run(_) => None,
    });
    // A file that is not there yet is written over nothing.
    let Ok(output_is) = output.canonicalize() else {
        return Ok(());
    };
    let read = |input: &Path| input.canonicalize().is_ok_and(|input| output_is.starts_with(input));
    if std::iter::once(project.file.as_path())
        .chain(sources)
        .chain(more.iter().copied())
        .any(read)
    {
        return Err(OverInput(output.to_owned()));
    }
    Ok(())
}
