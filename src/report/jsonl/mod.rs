//! The report as records, one a line: `rolecall/line/1`.
//!
//! Each line is a JSON object with its `type`. The first is the run, and says how many of each type follow, so that
//! whoever reads a file that was cut off can tell. Every other line is complete in itself. The types are those of the
//! report (`report/json`), and characters that nobody sees are written as there.

use std::io::{self, Write};

use serde_json::Value;

use super::json::{Line, schema_of, write_line};
use crate::finding::Report;

#[cfg(test)]
mod tests;

/// The version that this program writes.
pub const SCHEMA: &str = "rolecall/line/1";

/// Writes it, with every verdict of every subject if `verdicts` is set.
pub fn render(report: &Report, verdicts: bool, out: &mut impl Write) -> io::Result<()> {
    Line::all(report, verdicts).try_for_each(|line| write_line(&line, out))
}

/// The JSON Schema of a line, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<Line<'static>>(
        "urn:rolecall:line:1",
        "One line of what rolecall says of one workspace: `rolecall check --format jsonl`",
    )
}
