//! `rolecall docs`: the catalogue of checks.

use super::CommandError;
use crate::cli::DocsArgs;
use crate::exit::Exit;

/// Not there yet.
pub fn run(_args: &DocsArgs) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
