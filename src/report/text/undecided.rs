//! What could not be decided, by check, system and cause.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Page;
use super::words::{self, and, listed, short, subjects, summary_of};
use crate::finding::{Judgement, Report, Verdict};
use crate::report::escape::{sentence, terminal};
use crate::report::style::Style;

/// Writes the unknown verdicts and the errors.
pub fn render<W: Write>(report: &Report, page: &mut Page<'_, W>) -> io::Result<()> {
    let mut groups: BTreeMap<_, BTreeMap<_, Vec<&Judgement>>> = BTreeMap::new();
    for judgement in &report.undecided {
        let group = (
            judgement.check.as_str(),
            judgement.subject.system.as_deref(),
            judgement.verdict,
        );
        groups
            .entry(group)
            .or_default()
            .entry(cause(judgement))
            .or_default()
            .push(judgement);
    }
    for ((check, system, verdict), causes) in groups {
        let title = summary_of(report, check, system).map_or("", |summary| &summary.title);
        page.heading(verdict.into(), verdict.word(), &terminal(check), &sentence(title))?;
        for judgements in causes.into_values() {
            one(report, system, &judgements, page)?;
        }
        page.gap()?;
    }
    Ok(())
}

/// What makes two undecided verdicts the same case: everything but the words, which name the subject.
fn cause(judgement: &Judgement) -> (Vec<&str>, Option<&str>, Vec<&str>) {
    let missing = judgement.missing.iter().map(String::as_str).collect();
    let codes = judgement.reasons.iter().map(|reason| reason.code.as_str()).collect();
    (missing, judgement.note.as_deref(), codes)
}

fn one<W: Write>(
    report: &Report,
    system: Option<&str>,
    judgements: &[&Judgement],
    page: &mut Page<'_, W>,
) -> io::Result<()> {
    let Some(first) = judgements.first() else { return Ok(()) };
    let number = subjects(judgements.len() as u64, first.subject.kind);
    let number = match system {
        Some(id) => format!("{number} in {}", words::system(report, id)),
        None => number,
    };
    let what = match (first.missing.is_empty(), first.verdict) {
        (false, _) => {
            let paths: Vec<String> = first.missing.iter().map(|path| terminal(path).into_owned()).collect();
            format!("{} not known", and(&paths))
        }
        (true, Verdict::Error) => "the policy could not be evaluated".to_owned(),
        (true, _) => "not decided".to_owned(),
    };
    page.line(2, &format!("{number}: {what}"))?;
    if let Some(note) = &first.note {
        page.line(4, &sentence(note))?;
    }
    for (index, reason) in first.reasons.iter().enumerate() {
        let same = judgements
            .iter()
            .all(|other| other.reasons.get(index).map(|one| &one.message) == Some(&reason.message));
        let message = if same {
            format!(": {}", sentence(&reason.message))
        } else {
            String::new()
        };
        page.line(4, &format!("{}{message}", terminal(&reason.code)))?;
    }
    for line in listed(judgements.iter().map(|judgement| short(&judgement.subject))) {
        let line = page.paint(Style::DIM, &line);
        page.line(4, &line)?;
    }
    Ok(())
}
