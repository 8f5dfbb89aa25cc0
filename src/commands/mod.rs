//! One file a command: reads files, calls the stages, writes the answer.

mod check;
mod collect;
mod compare;
mod completions;
mod connect;
mod connectors;
mod differs;
mod docs;
mod doctor;
mod earlier;
mod error;
mod except;
mod exceptions;
mod expected;
mod explain;
mod facts;
mod init;
mod inputs;
mod lint;
mod man;
mod new;
mod output;
mod schema;
mod targets;
mod test;

pub use error::CommandError;

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs a command.
///
/// # Errors
/// What kept it from giving an answer; the error knows its exit code.
pub fn run(cli: &Cli) -> Result<Exit, CommandError> {
    command(cli).map_err(|error| error.beside(cli.project()))
}

fn command(cli: &Cli) -> Result<Exit, CommandError> {
    match &cli.command {
        Command::Check(args) => check::run(args, cli.color, cli.volume()),
        Command::Compare(args) => compare::run(args, cli.color),
        Command::Except(args) => except::run(args, cli.volume()),
        Command::Collect(args) => collect::run(args, cli.volume()),
        Command::Connect(args) => connect::run(args),
        Command::Connectors(args) => connectors::run(args, cli.color),
        Command::Doctor(args) => doctor::run(args, cli.color, cli.volume()),
        Command::Init(args) => init::run(args, cli.volume()),
        Command::Explain(args) => explain::run(args, cli.color, cli.volume()),
        Command::Test(args) => test::run(args, cli.color, cli.volume()),
        Command::Lint(args) => lint::run(args, cli.color),
        Command::New(args) => new::run(args),
        Command::Docs(args) => docs::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Inputs(args) => inputs::run(args, cli.volume()),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}
