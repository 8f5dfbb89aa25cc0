//! Every verdict of every subject, one a line.

use std::io::{self, Write};

use super::Page;
use super::words::short;
use crate::finding::{Judgement, Report};
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// Writes all verdicts, in the report's order.
pub fn render<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    if report.judgements.is_empty() {
        return Ok(());
    }
    let heading = page.paint(Style::STRONG, "verdicts");
    page.line(0, &heading)?;
    report
        .judgements
        .iter()
        .try_for_each(|judgement| one(judgement, page))?;
    page.gap()
}

fn one<W: Write>(judgement: &Judgement, page: &mut Page<'_, W>) -> io::Result<()> {
    let verdict = page.paint(judgement.verdict.into(), &format!("{:<14}", judgement.verdict.word()));
    let mut why: Vec<String> = judgement
        .reasons
        .iter()
        .map(|reason| sentence(&reason.message).into_owned())
        .collect();
    why.extend(judgement.note.as_deref().map(|note| sentence(note).into_owned()));
    if why.is_empty() {
        why.extend(
            judgement
                .missing
                .iter()
                .map(|path| format!("{} not known", terminal(path))),
        );
    }
    let why = if why.is_empty() {
        String::new()
    } else {
        format!(": {}", why.join("; "))
    };
    page.line(
        2,
        &format!(
            "{verdict}  {}  {}{why}",
            terminal(&judgement.check),
            short(&judgement.subject)
        ),
    )
}
