//! The `rolecall` command: parse, run, say what went wrong, exit.

use std::process::ExitCode;

use clap::Parser;
use rolecall::cli::Cli;
use rolecall::rego::STACK;
use rolecall::{commands, report};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let run = || commands::run(&cli);
    let outcome = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        // Where there is no room for the thread, the stack that is there has to do.
        thread.map_or_else(
            |_| run(),
            |thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            report::error(error.explained(), cli.color.into());
            error.explained().exit().into()
        }
    }
}
