//! What could not be decided, by check, system and cause.

use std::collections::BTreeMap;

use super::UNDECIDED;
use super::page::Page;
use crate::finding::{Judgement, Report, Verdict};
use crate::report::escape::{comment, markdown_code};
use crate::report::text::words::{SHOWN, and, subjects, system};

/// Writes the unknown verdicts and the errors.
pub fn render(report: &Report, page: &mut Page) {
    if report.undecided.is_empty() {
        return;
    }
    let mut groups: BTreeMap<_, Vec<&Judgement>> = BTreeMap::new();
    for judged in &report.undecided {
        let whose = (judged.check.as_str(), judged.subject.system.as_deref());
        let cause = (judged.verdict, &judged.missing, &judged.note);
        groups.entry((whose, cause)).or_default().push(judged);
    }
    page.line("### Not decided");
    page.gap();
    let lines = groups
        .into_iter()
        .map(|(((check, of), (verdict, missing, note)), judged)| {
            let kind = judged.first().map(|one| one.subject.kind);
            let number = kind.map(|kind| subjects(judged.len() as u64, kind)).unwrap_or_default();
            let of = of.map(|of| format!(" in {}", comment(&system(report, of))));
            let why = match (missing.is_empty(), verdict) {
                (false, _) => {
                    let paths: Vec<String> = missing.iter().take(SHOWN).map(|path| markdown_code(path)).collect();
                    format!("{} not known", and(&paths))
                }
                (true, Verdict::Error) => "the policy could not be evaluated".to_owned(),
                (true, _) => "not decided".to_owned(),
            };
            let note = note.as_ref().map(|note| format!("; {}", comment(note)));
            let mut names: Vec<String> = judged
                .iter()
                .take(SHOWN)
                .map(|one| markdown_code(&one.subject.id))
                .collect();
            let more = judged.len().saturating_sub(SHOWN);
            if more > 0 {
                names.push(format!("… and {more} more"));
            }
            format!(
                "- {}{}: {} {number}: {why}{}: {}",
                markdown_code(check),
                of.unwrap_or_default(),
                verdict.word(),
                note.unwrap_or_default(),
                names.join(", ")
            )
        });
    page.list(UNDECIDED, "causes", lines);
    page.gap();
}
