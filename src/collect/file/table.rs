//! What every format comes to: headers, and rows of cells below them.

/// A file's rows, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// In the file's order, trimmed.
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Row>,
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

/// A cell of one text, trimmed; nothing where it is blank.
pub(super) fn cell(text: &str) -> Cell {
    let text = text.trim();
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text.to_owned()]
    }
}
