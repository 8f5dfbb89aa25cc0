//! One file a command: reads files, calls the stages, writes the answer.

mod check;
mod collect;
mod connect;
mod connectors;
mod doctor;
mod earlier;
mod error;
mod init;
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
        Command::Check(args) => check::run(args, cli.color, cli.volume()),
        Command::Collect(args) => collect::run(args, cli.volume()),
        Command::Connect(args) => connect::run(args),
        Command::Connectors(args) => connectors::run(args, cli.color),
        Command::Doctor(args) => doctor::run(args, cli.color, cli.volume()),
        Command::Init(args) => init::run(args, cli.volume()),
    }
}
