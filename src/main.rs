//! The `rolecall` command: parse, run, say what went wrong, exit.

use std::process::ExitCode;

use clap::Parser;
use rolecall::cli::Cli;
use rolecall::error::Explain;
use rolecall::{commands, report};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(&cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            report::error(&error, cli.color.into());
            error.exit().into()
        }
    }
}
