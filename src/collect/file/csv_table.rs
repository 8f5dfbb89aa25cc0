//! CSV, with the separator found out: comma, semicolon or tab.

use std::collections::BTreeMap;

use super::FileError;
use super::table::{Row, Table, cell};
use crate::collect::folded;
use crate::error::Place;

/// Reads the table; the first line that is not blank has the headers.
pub(super) fn read(file: &str, text: &str) -> Result<Table, FileError> {
    let wrong = |line: u64, message: String, help: &str| FileError::Content {
        place: Place {
            file: file.to_owned(),
            line: usize::try_from(line).unwrap_or(usize::MAX),
            column: 1,
        },
        message,
        help: help.to_owned(),
    };
    let unbalanced =
        "a text with a separator, a line break or a quote inside needs quotes around it, and its own quotes doubled";
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut first = true;
    let mut lines = Lines {
        text: text.as_bytes(),
        byte: 0,
        line: 1,
    };
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = lines.at(error.position().map_or(0, csv::Position::byte));
            wrong(line, "the row cannot be read".to_owned(), unbalanced)
        })?;
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if first {
            first = false;
            table.headers = record.iter().map(|header| header.trim().to_owned()).collect();
            let mut seen = BTreeMap::new();
            for (index, header) in table
                .headers
                .iter()
                .enumerate()
                .filter(|(_, header)| !header.is_empty())
            {
                if let Some(before) = seen.insert(folded(header), index + 1) {
                    let message = format!(
                        "the header `{header}` is there twice, in columns {before} and {}",
                        index + 1
                    );
                    return Err(wrong(
                        line,
                        message,
                        "rename one of them, so that it is clear which is meant",
                    ));
                }
            }
            continue;
        }
        if record.len() != table.headers.len() {
            let message = format!(
                "the row has {} cells, and there are {} headers",
                record.len(),
                table.headers.len()
            );
            return Err(wrong(line, message, unbalanced));
        }
        table.rows.push(Row {
            line: Some(line),
            cells: record.iter().map(cell).collect(),
        });
    }
    // The reader takes an open quote at the end for closed; the rest of the file would be one cell.
    if text.matches('"').count() % 2 == 1 {
        let line = table.rows.last().and_then(|row| row.line).unwrap_or(1);
        return Err(wrong(line, "a quote is opened and never closed".to_owned(), unbalanced));
    }
    Ok(table)
}

/// The separator that is most frequent in the header line, outside quotes.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some(count) = counts.iter_mut().find(|(separator, _)| *separator == byte && !quoted) {
            count.1 += 1;
        }
    }
    // The first wins where two are level.
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(separator, _)| separator)
}

/// Counts lines on the way through the text. The reader's own count is one short after a Windows line end.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character at or behind this byte that is no line end.
    fn at(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(found) = self.text.get(self.byte)
            && (self.byte < start || matches!(found, b'\r' | b'\n'))
        {
            self.line += u64::from(*found == b'\n');
            self.byte += 1;
        }
        self.line
    }
}
