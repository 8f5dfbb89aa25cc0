//! A comparison for people: what became of every finding, then who and what changed, then one last line.

use std::io::{self, Write};

use super::words;
use crate::compare::{Change, Compared, Comparison, Presence, ReportedFinding, Row};
use crate::exit::Exit;
use crate::report::columns;
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// How many of a list are shown that nobody has to act on.
const SHOWN: usize = 10;
/// How many rows of one kind of facts are shown.
const ROWS: usize = 40;

/// Writes it.
pub fn render(comparison: &Comparison, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page { out, styled };
    for change in Change::ALL {
        page.findings(comparison, change)?;
    }
    for (what, rows) in words::lists(comparison) {
        page.facts(what, rows)?;
    }
    page.remarks(comparison)?;
    page.last(comparison)
}

struct Page<'a, W> {
    out: &'a mut W,
    styled: bool,
}

impl<W: Write> Page<'_, W> {
    fn findings(&mut self, comparison: &Comparison, change: Change) -> io::Result<()> {
        let all: Vec<&Compared> = comparison.changed(change).collect();
        if all.is_empty() {
            return Ok(());
        }
        let style = match change {
            Change::New | Change::ExceptionEnded | Change::NewlyCounting => Style::ERROR,
            Change::AcceptedAndChanged | Change::UndecidedNow | Change::NoLongerJudged => Style::WARNING,
            Change::Fixed if comparison.is_believed() => Style::GOOD,
            _ => Style::NOTE,
        };
        let doubt = match change {
            Change::NoLongerJudged | Change::Fixed | Change::SubjectGone if !comparison.is_believed() => {
                " (as far as NEW could decide)"
            }
            _ => "",
        };
        let heading = format!("{}{doubt}", words::heading(change, all.len()));
        writeln!(self.out, "{}", style.paint(&heading, self.styled))?;
        let shown = words::shown(change, &all, SHOWN);
        for one in all.iter().take(shown) {
            self.finding(one)?;
        }
        self.more(all.len().saturating_sub(shown))?;
        writeln!(self.out)
    }

    fn finding(&mut self, one: &Compared) -> io::Result<()> {
        let Some(finding) = one.shown() else { return Ok(()) };
        let severity = finding.severity.word();
        let check =
            Style::from(finding.severity).paint(&format!("{severity}[{}]", terminal(&finding.check)), self.styled);
        writeln!(self.out, "  {check}  {}", self.who(finding))?;
        if words::tells_reasons(one) {
            for reason in &finding.reasons {
                writeln!(self.out, "    {}", sentence(&reason.message))?;
            }
        }
        for line in words::became(one) {
            writeln!(self.out, "    {}", Style::DIM.paint(&sentence(&line), self.styled))?;
        }
        Ok(())
    }

    fn who(&self, finding: &ReportedFinding) -> String {
        let key = terminal(&finding.subject.id);
        match words::who(&finding.subject) {
            Some(who) => format!(
                "{}  {}",
                Style::STRONG.paint(&sentence(&who), self.styled),
                Style::DIM.paint(&key, self.styled)
            ),
            None => Style::STRONG.paint(&key, self.styled),
        }
    }

    fn facts(&mut self, what: &str, rows: &[Row]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let heading = format!("{what}: {}", words::counts(rows));
        writeln!(self.out, "{}", Style::NOTE.paint(&heading, self.styled))?;
        let mut sorted: Vec<&Row> = rows.iter().collect();
        sorted.sort_by_key(|row| row.presence);
        let entries = sorted.iter().take(ROWS).map(|row| {
            let who = words::person(row.name.as_deref(), row.email.as_deref());
            let about = words::about(row);
            let mut text: Vec<String> = who.iter().map(|who| sentence(who).into_owned()).collect();
            if !about.is_empty() {
                text.push(sentence(&about).into_owned());
            }
            let name = format!("{:10}  {}", words::presence(row.presence), terminal(&words::key(row)));
            let separator = if row.presence == Presence::Changed { ": " } else { ", " };
            (name, text.join(separator))
        });
        columns::render(&entries.collect::<Vec<_>>(), 2, self.styled, self.out)?;
        self.more(rows.len().saturating_sub(ROWS))?;
        writeln!(self.out)
    }

    fn more(&mut self, more: usize) -> io::Result<()> {
        if more == 0 {
            return Ok(());
        }
        writeln!(self.out, "  … and {more} more (`--format json` has them all)")
    }

    fn remarks(&mut self, comparison: &Comparison) -> io::Result<()> {
        let not_seen = comparison.facts.not_seen.iter().map(|text| ("not_seen", text.as_str()));
        let notices = comparison.notices.iter().map(|one| (one.code, one.message.as_str()));
        let all: Vec<_> = notices.chain(not_seen).collect();
        for (code, text) in &all {
            let label = Style::NOTE.paint(&format!("notice[{code}]"), self.styled);
            writeln!(self.out, "{label}: {}", sentence(text))?;
        }
        if all.is_empty() { Ok(()) } else { writeln!(self.out) }
    }

    fn last(&mut self, comparison: &Comparison) -> io::Result<()> {
        let kind = comparison.kind.word().trim_end_matches('s');
        for (label, side) in [("OLD", &comparison.old), ("NEW", &comparison.new)] {
            writeln!(
                self.out,
                "{label}  {}, {kind} of {}: {}",
                terminal(&side.file),
                side.as_of,
                words::outcome(side)
            )?;
        }
        for why in &comparison.cannot_decide {
            let label = Style::ERROR.paint("cannot decide:", self.styled);
            writeln!(self.out, "{label} {}", sentence(why))?;
        }
        let (style, prefix) = match comparison.outcome {
            Exit::Clean => (Style::GOOD, ""),
            Exit::CannotDecide => (Style::ERROR, "cannot decide; "),
            Exit::Findings | Exit::Usage => (Style::ERROR, ""),
        };
        let exit = comparison.outcome as u8;
        let is_new = |one: &Compared| matches!(one.change, Change::New | Change::ExceptionEnded);
        let none_counts = match comparison.outcome {
            Exit::Clean if comparison.findings.iter().any(is_new) => "; nothing of what is new counts",
            _ => "",
        };
        let line = format!("{prefix}{}{none_counts}: exit {exit}", words::sum(comparison));
        writeln!(self.out, "{}", style.paint(&line, self.styled))
    }
}
