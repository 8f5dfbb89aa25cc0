//! `rolecall lint`: what is wrong beyond what the loader refuses.

use super::CommandError;
use super::error::OutputError;
use super::test;
use crate::cli::{Color, LintArgs};
use crate::exit::Exit;
use crate::report;
use crate::workbench::Units;
use crate::workbench::lint::lint;

/// Looks at checks, libraries and connectors, and says what it finds.
pub fn run(args: &LintArgs, color: Color) -> Result<Exit, CommandError> {
    let linted = lint(&Units::find(&test::paths(&args.paths)?)?);
    match &args.output {
        Some(path) => report::save_lint(&linted, args.format, color.into(), path)?,
        None => report::print_lint(&linted, args.format, color.into()).map_err(OutputError)?,
    }
    Ok(if !linted.broken.is_empty() {
        Exit::Usage
    } else if !linted.findings.is_empty() {
        Exit::Findings
    } else {
        Exit::Clean
    })
}
