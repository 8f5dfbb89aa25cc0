//! A comparison for a comment on a pull request: the answer first, then a table of each kind of change.
//!
//! Whatever comes from outside stands in code spans, where nothing is markup, no name is a mention and no address a link.
//! The page is held below what a comment may be; what does not fit is counted.

use std::io::{self, Write};

use super::words;
use crate::compare::{Change, Compared, Comparison, Row};
use crate::exit::Exit;
use crate::report::escape::{markdown_code, terminal};

/// A comment may be 65,536 characters; somebody may want to put a line around it.
pub const LIMIT: usize = 60_000;
/// What is kept for each part that is still to come: its heading, or how much of it there is.
const RESERVE: usize = 300;
/// How many rows of one table, where nobody has to act on them.
const SHOWN: usize = 50;

/// Writes it.
pub fn render(comparison: &Comparison, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page {
        text: String::new(),
        parts: Change::ALL.len() + 6,
    };
    page.verdict(comparison);
    page.list("Cannot decide", comparison.cannot_decide.iter().map(String::as_str));
    for change in Change::ALL {
        page.findings(comparison, change);
    }
    for (what, rows) in words::lists(comparison) {
        page.facts(what, rows);
    }
    let notices = comparison.notices.iter().map(|one| one.message.as_str());
    let not_seen = comparison.facts.not_seen.iter().map(String::as_str);
    page.list("Notices", notices.chain(not_seen));
    out.write_all(page.text.as_bytes())
}

struct Page {
    text: String,
    /// The parts that are still to come.
    parts: usize,
}

impl Page {
    fn verdict(&mut self, comparison: &Comparison) {
        let new = comparison.changed(Change::New).count() + comparison.changed(Change::ExceptionEnded).count();
        let counted = comparison.findings.iter().filter(|one| one.counts).count();
        let all_new = comparison.changed(Change::New).filter(|one| one.counts).count() == counted;
        let answer = match comparison.outcome {
            Exit::CannotDecide => "Cannot decide what is new and what is fixed".to_owned(),
            Exit::Clean if new > 0 => "No new findings that count".to_owned(),
            Exit::Clean => "No new findings".to_owned(),
            Exit::Findings | Exit::Usage => match (counted, all_new) {
                (1, true) => "1 new finding".to_owned(),
                (1, false) => "1 finding that counts".to_owned(),
                (_, true) => format!("{counted} new findings"),
                (_, false) => format!("{counted} findings that count"),
            },
        };
        self.text
            .push_str(&format!("**{answer}**: {}\n\n", words::sum(comparison)));
        let kind = comparison.kind.word().trim_end_matches('s');
        for (label, side) in [("OLD", &comparison.old), ("NEW", &comparison.new)] {
            let line = format!(
                "- {label}: {}, {kind} of {}: {}\n",
                markdown_code(&terminal(&side.file)),
                side.as_of,
                words::outcome(side)
            );
            self.text.push_str(&line);
        }
    }

    fn findings(&mut self, comparison: &Comparison, change: Change) {
        let all: Vec<&Compared> = comparison.changed(change).collect();
        let doubt = match change {
            Change::NoLongerJudged | Change::Fixed | Change::SubjectGone if !comparison.is_believed() => {
                " (as far as NEW could decide)"
            }
            _ => "",
        };
        let heading = format!("{}{doubt}", words::heading(change, all.len()));
        let most = words::shown(change, &all, SHOWN);
        let rows = all.iter().take(most).filter_map(|one| finding(one));
        self.table(&heading, ["severity", "check", "who", "what"], rows, all.len());
    }

    fn facts(&mut self, what: &str, rows: &[Row]) {
        let heading = format!("{what}: {}", words::counts(rows));
        let mut sorted: Vec<&Row> = rows.iter().collect();
        sorted.sort_by_key(|row| row.presence);
        let cells = sorted.iter().take(SHOWN).map(|row| {
            [
                words::presence(row.presence).to_owned(),
                name(&words::key(row)),
                person(row.name.as_deref(), row.email.as_deref()).map_or_else(String::new, |who| cell(&who)),
                Some(words::about(row))
                    .filter(|about| !about.is_empty())
                    .map_or_else(String::new, |about| cell(&about)),
            ]
        });
        self.table(&heading, ["", "id", "who", "what"], cells, rows.len());
    }

    /// As many rows as there is room for, and how many more there are. One that is too long does not hide those behind it.
    fn table(&mut self, heading: &str, head: [&str; 4], rows: impl Iterator<Item = [String; 4]>, total: usize) {
        self.parts = self.parts.saturating_sub(1);
        if total == 0 {
            return;
        }
        self.text.push_str(&format!("\n### {heading}\n\n"));
        let mut written = 0;
        for row in rows {
            let mut line = format!("| {} |\n", row.join(" | "));
            if written == 0 {
                line = format!("| {} |\n|---|---|---|---|\n{line}", head.join(" | "));
            }
            if !self.fits(&line) {
                continue;
            }
            self.text.push_str(&line);
            written += 1;
        }
        self.more(written, total);
    }

    fn list<'a>(&mut self, heading: &str, items: impl Iterator<Item = &'a str>) {
        self.parts = self.parts.saturating_sub(1);
        let items: Vec<&str> = items.collect();
        if items.is_empty() {
            return;
        }
        self.text.push_str(&format!("\n### {heading}\n\n"));
        let mut written = 0;
        for item in items.iter().take(SHOWN) {
            let line = format!("- {}\n", markdown_code(item));
            if !self.fits(&line) {
                continue;
            }
            self.text.push_str(&line);
            written += 1;
        }
        self.more(written, items.len());
    }

    fn more(&mut self, written: usize, total: usize) {
        let more = total.saturating_sub(written);
        if more > 0 {
            // A table ends with an empty line.
            self.text
                .push_str(&format!("\n… and {more} more (`--format json` has them all)\n"));
        }
    }

    fn fits(&self, line: &str) -> bool {
        self.text.len() + line.len() + (self.parts + 1) * RESERVE <= LIMIT
    }
}

fn finding(one: &Compared) -> Option<[String; 4]> {
    let finding = one.shown()?;
    let subject = &finding.subject;
    let who = match words::who(subject).and(person(subject.name.as_deref(), subject.email.as_deref())) {
        Some(who) => format!("{} {}", cell(&who), name(&subject.id)),
        None => name(&subject.id),
    };
    let mut what: Vec<String> = Vec::new();
    if words::tells_reasons(one) || one.change == Change::StillOpen {
        what.extend(finding.reasons.iter().map(|reason| cell(&reason.message)));
    }
    what.extend(words::became(one).iter().map(|line| cell(line)));
    let severity = finding.severity.word().to_owned();
    Some([severity, name(&finding.check), who, what.join("<br>")])
}

/// Name and address, neither of them longer than is read.
fn person(name: Option<&str>, email: Option<&str>) -> Option<String> {
    let (name, email) = (name.map(terminal), email.map(terminal));
    words::person(name.as_deref(), email.as_deref())
}

/// A name or an id in a table.
fn name(text: &str) -> String {
    cell(&terminal(text))
}

/// A text in a table, as code. A bar would end the cell in code, too: it is escaped, and where a backslash before it would
/// make two readers differ, it is written as its number.
fn cell(text: &str) -> String {
    let plain = text.replace("\\|", "\\\\x7c");
    markdown_code(&plain).replace('|', "\\|")
}
