//! One file a command: reads files, calls the stages, writes the answer.

mod check;
mod collect;
mod connect;
mod earlier;
mod error;
mod output;

pub use error::CommandError;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs a command.
///
/// # Errors
/// What kept it from giving an answer; the error knows its exit code.
pub fn run(cli: &Cli) -> Result<Exit, CommandError> {
    match &cli.command {
        Command::Check(args) => check::run(args, cli.color),
        Command::Collect(args) => collect::run(args),
        Command::Connect(args) => connect::run(args),
    }
}
