//! `rolecall completions`: what makes a shell complete the command line.

use clap::CommandFactory as _;

use super::CommandError;
use super::error::OutputError;
use crate::cli::{Cli, CompletionsArgs};
use crate::exit::Exit;
use crate::report;

/// Prints it.
pub fn run(args: &CompletionsArgs) -> Result<Exit, CommandError> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    report::print_text(&String::from_utf8_lossy(&script)).map_err(OutputError)?;
    Ok(Exit::Clean)
}
