//! `rolecall test`: the tests beside checks and connectors.

use super::CommandError;
use crate::cli::{Color, TestArgs};
use crate::exit::Exit;

/// Not there yet.
pub fn run(_args: &TestArgs, _color: Color) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
