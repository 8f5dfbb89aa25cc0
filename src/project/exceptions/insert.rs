//! A new exception on its way into a file that a person wrote: everything else stays as it is, comments and layout too.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{ExceptionEntry, pattern};
use crate::yaml;

/// An exception that is to be written.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the keys of an entry, as there")]
pub struct NewException<'a> {
    pub check: &'a str,
    pub subject: &'a str,
    pub reason_code: Option<&'a str>,
    pub reason: &'a str,
    pub approved_by: &'a str,
    pub created: Date,
    pub expires: Date,
    pub ticket: Option<&'a str>,
}

impl NewException<'_> {
    /// The entry as an item of a list, each line so many columns in.
    pub fn yaml(&self, indent: usize, newline: &str) -> String {
        let mut text = String::new();
        let mut begins = "- ";
        let mut line = |key: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:indent$}{begins}{key}: {value}{newline}", "");
            begins = "  ";
        };
        line("check", &yaml::text(self.check));
        line("subject", &yaml::text(self.subject));
        if let Some(code) = self.reason_code {
            line("reason_code", &yaml::text(code));
        }
        line("reason", &yaml::text(self.reason));
        line("approved_by", &yaml::text(self.approved_by));
        line("created", &self.created.to_string());
        line("expires", &self.expires.to_string());
        if let Some(ticket) = self.ticket {
            line("ticket", &yaml::text(ticket));
        }
        text
    }

    /// Whether an entry that was read says this, and speaks of one subject alone.
    pub fn is(&self, entry: &ExceptionEntry) -> bool {
        !pattern::is_pattern(&entry.subject)
            && entry.check == self.check
            && entry.subject == self.subject
            && entry.reason_code.as_deref() == self.reason_code
            && entry.reason == self.reason.trim()
            && entry.approved_by == self.approved_by.trim()
            && entry.created == self.created
            && entry.expires == self.expires
            && entry.ticket.as_deref() == self.ticket.map(str::trim)
    }
}

/// The text of a file with one exception more, at the end of its list; null where the list is not written one line a key.
/// Whoever calls this reads the text again and holds it against what was there.
pub fn insert(text: &str, new: &NewException<'_>) -> Option<String> {
    const KEY: &str = "exceptions:";
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut().filter(|last| !last.ends_with('\n')) {
        last.push_str(newline);
    }
    let Some(at) = lines.iter().position(|line| line.starts_with(KEY)) else {
        if lines.last().is_some_and(|last| !last.trim().is_empty()) {
            lines.push(newline.to_owned());
        }
        lines.push(format!("{KEY}{newline}{}", new.yaml(2, newline)));
        return Some(lines.concat());
    };
    let value = lines[at][KEY.len()..].trim().to_owned();
    if let Some(behind) = value.strip_prefix("[]").map(str::trim) {
        if !behind.is_empty() && !behind.starts_with('#') {
            return None;
        }
        let remark = if behind.is_empty() {
            String::new()
        } else {
            format!(" {behind}")
        };
        lines[at] = format!("{KEY}{remark}{newline}");
    } else if !value.is_empty() && !value.starts_with('#') {
        return None;
    }
    // The list goes on to its last line that is further in, or that begins an item. A comment further in than the items
    // belongs to the one above it; any other may be about what comes next.
    let mut last = at;
    let mut indent = None;
    for (number, line) in lines.iter().enumerate().skip(at + 1) {
        let inner = line.trim_start();
        let is_inside = indent.is_some_and(|indent| line.len() - inner.len() > indent);
        if inner.is_empty() || (inner.starts_with('#') && !is_inside) {
            continue;
        }
        let begins_item = inner.starts_with("- ") || inner.trim_end() == "-";
        if !line.starts_with([' ', '\t']) && !begins_item {
            break;
        }
        if begins_item {
            indent = indent.or(Some(line.len() - inner.len()));
        }
        last = number;
    }
    lines.insert(last + 1, new.yaml(indent.unwrap_or(2), newline));
    Some(lines.concat())
}
