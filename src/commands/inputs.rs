//! `rolecall inputs`: the documents that a check judges.

use super::CommandError;
use crate::cli::InputsArgs;
use crate::exit::Exit;
use crate::report::Volume;
/// Not there yet.
pub fn run(_args: &InputsArgs, _volume: Volume) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
