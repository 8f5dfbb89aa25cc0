//! The command line: types only, help grouped by heading.

mod install;
mod review;
mod workbench;

use std::path::{Path, PathBuf};

pub use install::{CompletionsArgs, ManArgs};
pub use review::{CompareArgs, ExceptArgs};
pub use workbench::{
    DocsArgs, ExplainArgs, InputsArgs, LintArgs, NewArgs, NewCommand, NewFolderArgs, SchemaArgs, TestArgs,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::finding::Bound;
use crate::report::{Format, ReportFormat, Target, Volume};

/// Policy as code for user access: who can sign in, who works here, and what is wrong between the two.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
    /// Say nothing but errors beside the answer
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Tell of every call that is made
    #[arg(long, short, global = true, help_heading = "Output")]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// How much is told beside the answer.
    pub const fn volume(&self) -> Volume {
        match (self.quiet, self.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Normal,
        }
    }

    /// The project that the command reads: the one that is named, or the one in this folder.
    pub fn project(&self) -> &Path {
        let named = match &self.command {
            Command::Check(args) => Some(&args.facts.project),
            Command::Collect(args) => Some(&args.project),
            Command::Explain(args) => Some(&args.facts.project),
            Command::Inputs(args) => Some(&args.facts.project),
            Command::Doctor(args) => Some(&args.project),
            Command::Connect(args) => args.project.as_ref(),
            Command::Connectors(args) => args.project.as_ref(),
            Command::Docs(args) => args.project.as_ref(),
            Command::Compare(args) => args.project.as_ref(),
            Command::Except(args) => Some(&args.facts.project),
            _ => None,
        };
        named.map_or(Path::new("."), PathBuf::as_path)
    }
}

const EXIT_CODES: &str = "Exit codes:
  0  everything was judged and nothing counts against the run
  1  findings that count for --fail-on
  2  wrong usage, project, policy or connector
  3  cannot decide: data is missing, incomplete or too old (3 beats 1)";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge every account, member of staff and system, and say what is wrong
    Check(CheckArgs),
    /// Say what changed between two reports or two snapshots
    Compare(CompareArgs),
    /// Write an exception: accept one finding, with a reason and an end
    Except(ExceptArgs),
    /// Read every source and write the snapshot that `check --snapshot` judges
    Collect(CollectArgs),
    /// Say what can be read: every connector, or everything of one
    Connectors(ConnectorsArgs),
    /// Probe every source, and say what a run would lack
    Doctor(DoctorArgs),
    /// Write the first rolecall.yaml: asks five questions, or takes the answers as flags
    Init(InitArgs),
    /// Allow an application of your own to read a system, and store what it may sign in with
    Connect(ConnectArgs),
    /// Say why an account is judged as it is: what was read, what fired, what did not hold
    Explain(ExplainArgs),
    /// Run the tests beside checks and connectors, or ask which changes no test would notice
    Test(TestArgs),
    /// Say what is wrong with checks and connectors beyond what the loader refuses
    Lint(LintArgs),
    /// Write the folder of a new check or connector, with tests that pass
    New(NewArgs),
    /// Write the catalogue of checks
    Docs(DocsArgs),
    /// Print the JSON Schema of a document, for editors and programs
    Schema(SchemaArgs),
    /// Write the documents that a check judges, as JSON Lines, for other Rego engines
    Inputs(InputsArgs),
    /// Print what makes a shell complete the commands, options and words of this program
    Completions(CompletionsArgs),
    /// Print the manual page of the program or of a command
    Man(ManArgs),
}

/// What is judged: the project, and where its facts come from.
#[derive(Debug, Args)]
pub struct FactsArgs {
    /// The project: a rolecall.yaml, or the folder that holds one
    #[arg(long, short, value_name = "PATH", default_value = ".", help_heading = "Input")]
    pub project: PathBuf,
    /// Judge this snapshot: opens no socket and reads no source
    #[arg(long, value_name = "FILE", conflicts_with = "recording", help_heading = "Input")]
    pub snapshot: Option<PathBuf>,
    /// Read from this recording instead of what the project names
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub recording: Option<PathBuf>,
    /// Hold the numbers of rows against those of this earlier snapshot
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub previous: Option<PathBuf>,
    /// Cannot decide where a collection lost more of its rows than this; without it, more than 30 is a notice
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "previous", help_heading = "Input")]
    pub max_drop: Option<u8>,
    /// Judge as of this time instead of the snapshot's own
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Input")]
    pub as_of: Option<Timestamp>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// What is judged
    #[command(flatten)]
    pub facts: FactsArgs,
    /// Run only this check (may be repeated); what other checks would decide stays unknown
    #[arg(long = "check", value_name = "ID", help_heading = "Checks")]
    pub checks: Vec<String>,
    /// Findings make the run fail that are at least this severe (low, medium, high, critical; never: none does) and, after
    /// an @, at least this far in their time (due, critical, failing), such as `high@failing`; repeated, one must fit
    #[arg(long, value_name = "SEVERITY[@TIME]", default_value = "low", help_heading = "Checks")]
    pub fail_on: Vec<Bound>,
    /// Carry the times of findings on from this report of an earlier run (`--format json`)
    #[arg(long, value_name = "REPORT", help_heading = "Input")]
    pub baseline: Option<PathBuf>,
    /// Accept findings by the exceptions of this project alone, such as that of the branch that is merged into
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub base_project: Option<PathBuf>,
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = ReportFormat::Text, help_heading = "Output")]
    pub format: ReportFormat,
    /// Write the report to this file instead of the terminal; with FORMAT= before it, write that form of it as well (may be
    /// repeated)
    #[arg(long, short, value_name = "[FORMAT=]FILE", help_heading = "Output")]
    pub output: Vec<Target>,
    /// Write the raw answers of every source that is read live into this folder, for `--recording`
    #[arg(long, value_name = "DIR", conflicts_with = "snapshot", help_heading = "Output")]
    pub record: Option<PathBuf>,
    /// Report every verdict of every subject
    #[arg(long, help_heading = "Output")]
    pub verdicts: bool,
    /// Hold every verdict against those that were accepted, and say what differs: exit 1 then, and 0 where nothing does,
    /// whatever the findings [default file: SNAPSHOT.expected.json beside the snapshot]
    #[arg(
        long,
        value_name = "FILE",
        require_equals = true,
        conflicts_with_all = ["accept", "fail_on", "verdicts"],
        help_heading = "Policies"
    )]
    pub expect: Option<Option<PathBuf>>,
    /// Accept the verdicts as they are: write what `--expect` holds later runs against [default file: as above]
    #[arg(
        long,
        value_name = "FILE",
        require_equals = true,
        conflicts_with_all = ["checks", "fail_on", "format", "output", "verdicts"],
        help_heading = "Policies"
    )]
    pub accept: Option<Option<PathBuf>>,
}

/// Arguments of `collect`.
#[derive(Debug, Args)]
pub struct CollectArgs {
    /// The project: a rolecall.yaml, or the folder that holds one
    #[arg(long, short, value_name = "PATH", default_value = ".", help_heading = "Input")]
    pub project: PathBuf,
    /// Read from this recording instead of what the project names
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub recording: Option<PathBuf>,
    /// Hold the numbers of rows against those of this earlier snapshot
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub previous: Option<PathBuf>,
    /// Cannot decide where a collection lost more of its rows than this; without it, more than 30 is a notice
    #[arg(long, value_name = "PERCENT", value_parser = percent, requires = "previous", help_heading = "Input")]
    pub max_drop: Option<u8>,
    /// Where to write the snapshot: whole or not at all, readable by its owner only
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: PathBuf,
    /// Write the raw answers of every source that is read live into this folder, for `--recording`
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub record: Option<PathBuf>,
}

/// Arguments of `connect`.
#[derive(Debug, Args)]
pub struct ConnectArgs {
    /// The connector of the system
    #[arg(value_name = "CONNECTOR")]
    pub connector: String,
    /// The name under which it is stored; the connector's by default
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub name: Option<String>,
    /// The application's client id
    #[arg(long, value_name = "ID", help_heading = "Input")]
    pub client_id: String,
    /// The variable of the environment that holds the application's client secret; without it a terminal is asked
    #[arg(long, value_name = "VAR", help_heading = "Input")]
    pub client_secret_env: Option<String>,
    /// A value for a parameter of the connector (may be repeated)
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair, help_heading = "Input")]
    pub params: Vec<(String, String)>,
    /// The project whose connectors are known too; the one in this folder, if there is one, by default
    #[arg(long, short, value_name = "PATH", help_heading = "Input")]
    pub project: Option<PathBuf>,
    /// The port on 127.0.0.1 that the browser comes back to
    #[arg(long, value_name = "NUMBER", default_value_t = 8976, help_heading = "Network")]
    pub port: u16,
    /// Replaces the address where a person allows it: a gateway or a test server
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub authorize_url: Option<String>,
    /// Replaces the address where tokens are fetched: a gateway or a test server
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub token_url: Option<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Arguments of `connectors`.
#[derive(Debug, Args)]
pub struct ConnectorsArgs {
    /// Say everything of this connector
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// The project whose connectors are listed beside the built-in ones [default: the one in this folder, if any]
    #[arg(long, short, value_name = "PATH", help_heading = "Input")]
    pub project: Option<PathBuf>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The project: a rolecall.yaml, or the folder that holds one
    #[arg(long, short, value_name = "PATH", default_value = ".", help_heading = "Input")]
    pub project: PathBuf,
    /// Measure ages as of this time instead of now
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Input")]
    pub as_of: Option<Timestamp>,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder that gets a rolecall.yaml, or the file itself
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// The connector that reads the accounts
    #[arg(long, value_name = "ID", help_heading = "Answers")]
    pub connector: Option<String>,
    /// A parameter of that connector, or of the roster's (may be repeated)
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair, help_heading = "Answers")]
    pub params: Vec<(String, String)>,
    /// The variable of the environment that holds the credential [default: the connector's name and _TOKEN]
    #[arg(long, value_name = "NAME", help_heading = "Answers")]
    pub token_env: Option<String>,
    /// Whether the system holds what matters
    #[arg(long, value_enum, value_name = "YES|NO", help_heading = "Answers")]
    pub critical: Option<YesOrNo>,
    /// Where the staff are: a CSV, JSON or YAML file, or a connector that provides staff
    #[arg(long, value_name = "PATH|ID", help_heading = "Answers")]
    pub roster: Option<String>,
    /// Who may have an account: `all_staff`, or job roles
    #[arg(long, value_name = "all_staff|ROLE,ROLE", help_heading = "Answers")]
    pub access: Option<String>,
    /// The organisation's name [default: the folder's]
    #[arg(long, value_name = "NAME", help_heading = "Answers")]
    pub organisation: Option<String>,
    /// The organisation's time zone, an IANA name [default: this machine's]
    #[arg(long, value_name = "ZONE", help_heading = "Answers")]
    pub timezone: Option<String>,
    /// Write over a file that is there
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the words say it")]
pub enum YesOrNo {
    Yes,
    No,
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "expected a time with its zone, such as 2026-11-23T12:00:00Z".to_owned())
}

fn percent(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
    number
        .filter(|percent| *percent <= 100)
        .ok_or_else(|| "expected a percentage from 0 to 100, such as 30".to_owned())
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}
