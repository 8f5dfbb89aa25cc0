//! `rolecall man`: the manual pages.

use clap::{Command, CommandFactory as _};

use super::CommandError;
use super::error::OutputError;
use crate::cli::{Cli, ManArgs};
use crate::error::{Explain, did_you_mean};
use crate::exit::Exit;
use crate::report;

/// Prints one page, or writes all of them.
pub fn run(args: &ManArgs) -> Result<Exit, CommandError> {
    let mut program = Cli::command();
    // What is global, and the full names of commands, are known once it is built.
    program.build();
    let Some(folder) = &args.into else {
        let text = page(named(&program, &args.command)?).map_err(OutputError)?;
        report::print_text(&text).map_err(OutputError)?;
        return Ok(Exit::Clean);
    };
    for command in all(&program) {
        let text = page(command).map_err(OutputError)?;
        report::save_text("manual page", &text, &folder.join(format!("{}.1", file_name(command))))?;
    }
    Ok(Exit::Clean)
}

/// The command of that name, down through the commands of commands.
fn named<'a>(program: &'a Command, words: &[String]) -> Result<&'a Command, NoSuchCommand> {
    words.iter().try_fold(program, |command, word| {
        let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        command.find_subcommand(word).ok_or_else(|| NoSuchCommand {
            name: words.join(" "),
            help: did_you_mean(word, known),
        })
    })
}

/// The program and every command of it.
fn all(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|command| command.get_name() != "help");
    std::iter::once(command).chain(below.flat_map(all)).collect()
}

/// `rolecall-new-check` of `new check`.
fn file_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &Command) -> std::io::Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .source(concat!("rolecall ", env!("CARGO_PKG_VERSION")))
        .manual("rolecall")
        .render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The command line names a command that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no command `{name}`")]
struct NoSuchCommand {
    name: String,
    help: String,
}

impl Explain for NoSuchCommand {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}
