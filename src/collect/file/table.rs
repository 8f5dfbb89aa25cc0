//! What every format comes to: headers, and rows of cells below them.

use std::collections::BTreeSet;

/// A file's rows, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// In the file's order, trimmed.
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// Row and column of lists without a text in them: neither a value nor a blank.
    pub(super) empty_lists: BTreeSet<(usize, usize)>,
    /// What the file itself says of rows that are not in it.
    pub(super) cut_short: Option<String>,
}

/// One row; its cells stand in the order of the headers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins, counted from 1; JSON has no lines.
    pub(super) line: Option<u64>,
    pub(super) cells: Vec<Cell>,
}

/// The texts of one cell, none of them empty. Only JSON and YAML can have several.
pub(super) type Cell = Vec<String>;

/// A header without what people write differently: case, spaces, `_` and `-`.
pub(super) fn loose(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A cell of one text, trimmed; nothing where it is blank.
pub(super) fn cell(text: &str) -> Cell {
    let text = text.trim();
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text.to_owned()]
    }
}
