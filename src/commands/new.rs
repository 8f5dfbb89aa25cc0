//! `rolecall new`: the folder of a new check or connector.

use super::CommandError;
use crate::cli::NewArgs;
use crate::exit::Exit;

/// Not there yet.
pub fn run(_args: &NewArgs) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
