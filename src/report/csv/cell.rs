//! One cell of a table that a spreadsheet opens.

use std::borrow::Cow;

use crate::report::escape::{is_hidden, sentence};

/// The longest text that fits a cell of the spreadsheets in use, in characters.
const CELL: usize = 32_000;

/// A text as a cell: what nobody sees is visible, and nothing is a formula. What would be one has an apostrophe before it.
pub fn cell(text: &str) -> String {
    // A sentence is cut at 2,000 characters, and several of them make a cell.
    let shown: Cow<'_, str> = match text.contains(" | ") {
        true => Cow::Owned(text.split(" | ").map(sentence).collect::<Vec<_>>().join(" | ")),
        false => sentence(text),
    };
    let cut: String = match shown.char_indices().nth(CELL) {
        Some((at, _)) => format!("{}… ({} more characters)", &shown[..at], shown[at..].chars().count()),
        None => shown.into_owned(),
    };
    let mut out = String::with_capacity(cut.len() + 1);
    if begins_a_formula(text) || begins_a_formula(&cut) {
        out.push('\'');
    }
    // Where a list separator is a semicolon, a file with commas is split there, whatever the quotes say.
    for (at, c) in cut.char_indices() {
        out.push(c);
        if c == ';' && begins_a_formula(&cut[at + 1..]) {
            out.push('\'');
        }
    }
    out
}

/// Whether a spreadsheet computes what begins like this. Blanks before the sign do not keep all of them from it, and
/// some read the wide forms of East Asian writing as the narrow ones.
fn begins_a_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let blank = |c: char| c.is_whitespace() || is_hidden(c);
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−'];
    text.trim_start_matches(|c: char| blank(c) || c == '"')
        .starts_with(signs)
}
