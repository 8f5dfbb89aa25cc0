//! `rolecall explain`: why a subject is judged as it is.

use super::CommandError;
use crate::cli::{Color, ExplainArgs};
use crate::exit::Exit;
use crate::report::Volume;
/// Not there yet.
pub fn run(_args: &ExplainArgs, _color: Color, _volume: Volume) -> Result<Exit, CommandError> {
    Ok(Exit::Usage)
}
