//! `rolecall schema`: the JSON Schemas.

use super::CommandError;
use crate::cli::SchemaArgs;
use crate::exit::Exit;

/// Not there yet.
pub fn run(_args: &SchemaArgs) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
