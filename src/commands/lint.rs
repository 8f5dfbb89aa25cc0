//! `rolecall lint`: what is wrong beyond what the loader refuses.

use super::CommandError;
use crate::cli::{Color, LintArgs};
use crate::exit::Exit;

/// Not there yet.
pub fn run(_args: &LintArgs, _color: Color) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
