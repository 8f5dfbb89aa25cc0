//! The arguments of what belongs to an installation: completions and manual pages.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command, such as `check` or `new check`; without it, the program
    #[arg(value_name = "COMMAND", conflicts_with = "into")]
    pub command: Vec<String>,
    /// Write every page into this folder, as `man` finds them: rolecall.1, rolecall-check.1 and so on
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub into: Option<PathBuf>,
}
