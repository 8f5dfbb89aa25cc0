//! What a program printed for one stream: JSON Lines, and an explicit end that counts them.
//!
//! ```text
//! {"stream": "staff", "row": {"id": "7"}}
//! {"stream": "staff", "end": true, "rows": 1}
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::answer::{Read, Rows, objects};
use crate::connector::manifest::StreamSpec;
use crate::strict_json;

/// One line, as a program prints it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// The stream that it belongs to.
    stream: String,
    /// A row of it.
    row: Option<Value>,
    /// True on the last line of a stream.
    end: Option<bool>,
    /// How many rows came before the end.
    rows: Option<u64>,
}

/// The rows of a stream, if it was printed to its end.
pub(super) fn read(spec: &StreamSpec, status: u16, stream: &str, bytes: &[u8]) -> Read {
    if status != 0 {
        return Read::Failed(format!("the program ended with status {status}"));
    }
    match rows(stream, bytes) {
        Ok(rows) if spec.one && rows.len() > 1 => Read::Failed(format!("{} records where one is meant", rows.len())),
        Ok(rows) => Read::Rows(Rows {
            rows,
            body: Value::Null,
        }),
        Err(why) => Read::Failed(why),
    }
}

fn rows(stream: &str, bytes: &[u8]) -> Result<Vec<Value>, String> {
    let mut rows = Vec::new();
    let mut end = None;
    let lines = bytes.split(|byte| *byte == b'\n');
    for (number, bytes) in lines.enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let wrong = |why: &str| format!("line {}: {why}", number + 1);
        let value = strict_json::parse(bytes).map_err(|error| wrong(&error.message))?;
        // What does not fit is not repeated: it may be anything.
        let Ok(line) = Line::deserialize(&value) else {
            return Err(wrong("it is neither a row nor an end that counts the rows"));
        };
        if line.stream != stream {
            return Err(wrong(&format!("a line of `{}`", line.stream)));
        }
        match line {
            _ if end.is_some() => return Err(wrong("a line behind the end of the stream")),
            Line {
                row: Some(row),
                end: None,
                rows: None,
                ..
            } => rows.push(row),
            Line {
                row: None,
                end: Some(true),
                rows: Some(count),
                ..
            } => end = Some(count),
            _ => return Err(wrong("it is neither a row nor an end that counts the rows")),
        }
    }
    let rows = objects(rows, "the lines")?;
    match end {
        Some(count) if count == rows.len() as u64 => Ok(rows),
        Some(count) => Err(format!(
            "{} rows, where the program says that it printed {count}",
            rows.len()
        )),
        None => Err("the program did not say that this is the end".to_owned()),
    }
}
