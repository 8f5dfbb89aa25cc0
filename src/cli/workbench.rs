//! The command line of whoever writes policies: `test`, `lint`, `explain`, `new`, `docs`, `schema`, `inputs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{FactsArgs, percent};
use crate::report::{DocsFormat, Format, LintFormat, TestFormat};

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// What to test: a folder of checks or connectors, one of them, or a test file [default: what the project in this
    /// folder adds, or ./policies and ./connectors]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Run only the tests whose name, as `package.name`, this pattern finds
    #[arg(long, value_name = "REGEX", help_heading = "Tests")]
    pub run: Option<regex::Regex>,
    /// Run again whenever a file changes, until interrupted
    #[arg(long, conflicts_with_all = ["mutate", "output"], help_heading = "Tests")]
    pub watch: bool,
    /// Say which lines of each check the tests reach
    #[arg(long, conflicts_with = "mutate", help_heading = "Tests")]
    pub coverage: bool,
    /// Fail where the tests reach less of a check or a connector than this
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with = "mutate", help_heading = "Tests")]
    pub min_coverage: Option<u8>,
    /// Change the policies in small ways, one at a time, and list the changes that no test notices
    #[arg(long, conflicts_with = "run", help_heading = "Tests")]
    pub mutate: bool,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = TestFormat::Text, help_heading = "Output")]
    pub format: TestFormat,
    /// Write it to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// What to look at: a folder of checks or connectors, or one of them [default: what the project in this folder adds,
    /// or ./policies and ./connectors]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = LintFormat::Text, help_heading = "Output")]
    pub format: LintFormat,
    /// Write it to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is judged
    #[command(flatten)]
    pub facts: FactsArgs,
    /// The account (`pipedrive:17`, or its address), member of staff, system or workspace
    #[arg(long, value_name = "KEY", help_heading = "Input")]
    pub subject: String,
    /// Explain only this check (may be repeated)
    #[arg(long = "check", value_name = "ID", help_heading = "Checks")]
    pub checks: Vec<String>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// What
    #[command(subcommand)]
    pub what: NewCommand,
}

/// What can be begun.
#[derive(Debug, Subcommand)]
pub enum NewCommand {
    /// A check: a folder with its policy, its tests and its README
    Check(NewFolderArgs),
    /// A connector: a folder with its manifest, its normaliser, a recording, tests and its README
    Connector(NewFolderArgs),
}

/// Arguments of `new check` and `new connector`.
#[derive(Debug, Args)]
pub struct NewFolderArgs {
    /// Its name: the folder, the package, and the id in every report; a-z, 0-9 and _
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The folder that gets it [default: the first that the project in this folder adds, or ./policies or ./connectors]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub into: Option<PathBuf>,
    /// Take a name that a built-in one has; the new one is then used in its place
    #[arg(long, help_heading = "Output")]
    pub replace_built_in: bool,
}

/// Arguments of `docs`.
#[derive(Debug, Args)]
pub struct DocsArgs {
    /// The project whose checks are listed beside the built-in ones [default: the one in this folder, if any]
    #[arg(long, short, value_name = "PATH", help_heading = "Input")]
    pub project: Option<PathBuf>,
    /// List only this check (may be repeated)
    #[arg(long = "check", value_name = "ID", help_heading = "Checks")]
    pub checks: Vec<String>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = DocsFormat::Markdown, help_heading = "Output")]
    pub format: DocsFormat,
    /// Write it to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The document: `project`, `connector`, `snapshot`, `report`, `subject:account` and so on; without it, all are listed
    #[arg(value_name = "DOCUMENT")]
    pub document: Option<String>,
    /// Write it to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", requires = "document", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// Arguments of `inputs`.
#[derive(Debug, Args)]
pub struct InputsArgs {
    /// What is judged
    #[command(flatten)]
    pub facts: FactsArgs,
    /// The check whose subjects are written
    #[arg(long, value_name = "ID", help_heading = "Checks")]
    pub check: String,
    /// Write only this subject (may be repeated)
    #[arg(long = "subject", value_name = "KEY", help_heading = "Checks")]
    pub subjects: Vec<String>,
    /// Write around each document which subject it is of, and which reasons are not asked of it
    #[arg(long, help_heading = "Output")]
    pub keyed: bool,
    /// Write them to this file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}
