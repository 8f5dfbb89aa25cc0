//! Notices, and sources that were not read as they should have been.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Page;
use super::words::{SHOWN, mode, state};
use crate::finding::{Notice, Report};
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// Writes the notices; of many with one code, the first.
pub fn notices<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let mut by_code: BTreeMap<&str, Vec<&Notice>> = BTreeMap::new();
    for notice in &report.notices {
        by_code.entry(&notice.code).or_default().push(notice);
    }
    for (code, notices) in &by_code {
        let label = page.paint(Style::NOTE, &format!("notice[{}]", terminal(code)));
        for notice in notices.iter().take(SHOWN) {
            let at = match (&notice.place, &notice.subject) {
                (Some(place), _) => format!(" ({}:{}:{})", terminal(&place.file), place.line, place.column),
                (None, Some(subject)) if !notice.message.contains(subject) => format!(" ({})", terminal(subject)),
                (None, _) => String::new(),
            };
            page.line(0, &format!("{label}: {}{at}", sentence(&notice.message)))?;
        }
        let more = notices.len().saturating_sub(SHOWN);
        if more > 0 {
            page.line(0, &format!("{label}: … and {more} more"))?;
        }
    }
    if by_code.is_empty() { Ok(()) } else { page.gap() }
}

/// Writes the sources that have problems.
pub fn sources<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let troubled = || report.sources.iter().filter(|source| !source.problems.is_empty());
    for source in troubled() {
        let style = if source.undecides { Style::ERROR } else { Style::WARNING };
        let mode = mode(source.mode);
        let kept = format!("{} of {} rows kept", source.kept, source.rows);
        let about = format!(
            "{}, {mode}: {}, {kept}",
            terminal(&source.connector),
            state(source.state)
        );
        page.heading(style, "source", &terminal(&source.id), &about)?;
        source
            .problems
            .iter()
            .try_for_each(|problem| page.line(2, &sentence(problem)))?;
    }
    if troubled().next().is_none() {
        Ok(())
    } else {
        page.gap()
    }
}
