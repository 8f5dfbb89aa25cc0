//! How the text names people, counts things and breaks lists.

use std::borrow::Cow;

use crate::finding::{CheckSummary, Report, SourceSummary, SubjectKind, SubjectRef};
use crate::report::escape;
use crate::snapshot::{Completeness, Mode};

/// How many of a long list are shown.
pub const SHOWN: usize = 10;

/// Lists are broken at about this column.
const WIDTH: usize = 100;

/// `Lena Fox <lena.fox@example.com>`, or as much of it as is known; null where only the key is.
pub fn who(subject: &SubjectRef) -> Option<String> {
    match (stated(&subject.name), stated(&subject.email)) {
        (Some(name), Some(email)) if name != email => Some(format!("{name} <{email}>")),
        (Some(one), _) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

/// A name for a list: the name or address, and the key.
pub fn short(subject: &SubjectRef) -> String {
    let key = escape::terminal(&subject.id);
    match stated(&subject.name).or_else(|| stated(&subject.email)) {
        Some(name) if name != key && !name.ends_with(&format!("({key})")) => format!("{name} ({key})"),
        Some(name) if name != key => name,
        _ => key.into_owned(),
    }
}

/// The system as people know it: `Acme CRM (pipedrive)`.
pub fn system(report: &Report, id: &str) -> String {
    let key = escape::terminal(id);
    match report.systems.get(id) {
        Some(name) if name.ends_with(&format!("({id})")) => escape::terminal(name).into_owned(),
        Some(name) if name != id => format!("{} ({key})", escape::terminal(name)),
        _ => key.into_owned(),
    }
}

/// The check of a group, where the report has it.
pub fn summary_of<'a>(report: &'a Report, check: &str, system: Option<&str>) -> Option<&'a CheckSummary> {
    report
        .checks
        .iter()
        .find(|summary| summary.id == check && summary.system.as_deref() == system)
}

/// `1 finding`, `2 findings`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `41 accounts`.
pub fn subjects(number: u64, kind: SubjectKind) -> String {
    match kind {
        SubjectKind::Account => count(number, "account", "accounts"),
        SubjectKind::Staff => count(number, "member of staff", "members of staff"),
        SubjectKind::System => count(number, "system", "systems"),
        SubjectKind::Workspace => count(number, "workspace", "workspaces"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first of a list, separated by commas and broken into lines, and how many more there are.
pub fn listed(names: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = names.len().saturating_sub(SHOWN);
    let mut items: Vec<String> = names.take(SHOWN).collect();
    if more > 0 {
        items.push(format!("… and {more} more"));
    }
    let last = items.len().saturating_sub(1);
    let mut lines: Vec<String> = Vec::new();
    for (number, mut item) in items.into_iter().enumerate() {
        if number < last {
            item.push(',');
        }
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    lines
}

fn stated(text: &Option<String>) -> Option<String> {
    text.as_deref()
        .filter(|text| !text.trim().is_empty())
        .map(|text| escape::terminal(text).into_owned())
}

/// The words for how completely something was read.
pub fn state(state: Completeness) -> &'static str {
    match state {
        Completeness::Complete => "complete",
        Completeness::Unavailable => "partly unavailable",
        Completeness::Partial => "partial",
        Completeness::Failed => "failed",
    }
}

/// What was read of a source, and what could not be read at all: `5 roles`, and `accounts`.
pub fn contents(source: &SourceSummary) -> (Vec<String>, Vec<String>) {
    let read = source.collections.iter();
    let mut read: Vec<String> = read
        .filter(|(collection, _)| !source.unread.contains(collection))
        .map(|&(collection, kept)| collection.counted(kept))
        .collect();
    let unread: Vec<String> = source.unread.iter().map(|one| one.word().to_owned()).collect();
    if read.is_empty() && unread.is_empty() {
        read.push(count(source.kept, "row", "rows"));
    }
    (read, unread)
}

/// That in one line: `5 roles; accounts not read`.
pub fn held(source: &SourceSummary) -> String {
    let (read, unread) = contents(source);
    match (read.is_empty(), unread.is_empty()) {
        (_, true) => and(&read),
        (true, false) => format!("{} not read", and(&unread)),
        (false, false) => format!("{}; {} not read", and(&read), and(&unread)),
    }
}

/// The words for how a source's answers came in.
pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "read live",
        Mode::Recording => "from a recording",
        Mode::File => "from a file",
    }
}

/// What a notice is about, in plain words; a code that has none of its own, as words.
pub fn notice(code: &str) -> Cow<'static, str> {
    let words = match code {
        "base_differs" => "the project differs from the base",
        "check_disabled" => "a check is switched off",
        "check_replaced" => "a built-in check is replaced",
        "connector_replaced" => "a built-in connector is replaced",
        "exception_other_reason" => "an exception is for another reason",
        "mapping_conflict" => "a mapping contradicts the data",
        "unused_identity" => "an entry of `identities:` fits nobody",
        "approval_conflict" => "approvals contradict each other",
        "approval_without_date" => "an approval has no date",
        "clock_skew" => "times lie ahead of the snapshot",
        "fewer_rows" => "fewer rows than before",
        "younger_facts" => "the time of the run is before that of the facts",
        "holidays_run_out" => "the list of holidays ends",
        "source" => "remark of a source",
        other => return other.replace('_', " ").into(),
    };
    words.into()
}
