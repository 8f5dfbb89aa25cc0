//! A comparison for people: each check, each subject, then one last line.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::expected::{Comparison, Difference, Line, Presence};
use crate::report::style::Style;
use crate::report::{columns, escape};

/// Writes it.
pub fn render(comparison: &Comparison, styled: bool, out: &mut impl Write) -> io::Result<()> {
    for difference in &comparison.checks {
        check(difference, styled, out)?;
        writeln!(out)?;
    }
    if comparison.as_of != comparison.accepted_as_of {
        let (then, now) = (comparison.accepted_as_of, comparison.as_of);
        writeln!(out, "accepted as of {then}, judged as of {now}")?;
    }
    cannot_decide(comparison, styled, out)?;
    last(comparison, styled, out)
}

/// Verdicts that are as accepted are no answer where the run as a whole has none.
fn cannot_decide(comparison: &Comparison, styled: bool, out: &mut impl Write) -> io::Result<()> {
    if comparison.cannot_decide.is_empty() {
        return Ok(());
    }
    let undecided = count(comparison.undecided, "undecided verdict");
    let line = format!("the run cannot decide ({undecided}):");
    writeln!(out, "{}", Style::NOTE.paint(&line, styled))?;
    for one in &comparison.cannot_decide {
        let new = if one.accepted {
            ""
        } else {
            " (not accepted: it was not so then)"
        };
        writeln!(out, "  - {}{new}", escape::sentence(&one.why))?;
    }
    writeln!(out)
}

fn check(difference: &Difference, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let name = Style::STRONG.paint(&escape::terminal(&difference.check), styled);
    match difference.presence {
        Presence::New => writeln!(out, "{name}  {}: {}", word("new", styled), counted(&difference.new)),
        Presence::Gone => writeln!(out, "{name}  {}: {}", word("gone", styled), counted(&difference.gone)),
        Presence::Both => {
            writeln!(out, "{name}")?;
            let mut lines: Vec<(&str, String)> = Vec::new();
            for changed in &difference.changed {
                let words = format!(
                    "{} -> {}",
                    shown(&changed.before, styled),
                    shown(&changed.after, styled)
                );
                lines.push((&changed.before.subject, words));
            }
            for (list, presence) in [(&difference.new, "new"), (&difference.gone, "gone")] {
                for line in list {
                    lines.push((
                        &line.subject,
                        format!("{}: {}", word(presence, styled), shown(line, styled)),
                    ));
                }
            }
            lines.sort_by_key(|(subject, _)| *subject);
            let lines = lines
                .into_iter()
                .map(|(subject, words)| (escape::terminal(subject).into_owned(), words));
            columns::render(&lines.collect::<Vec<_>>(), 2, styled, out)
        }
    }
}

fn word(presence: &str, styled: bool) -> String {
    Style::NOTE.paint(presence, styled)
}

/// `fail (active_after_exit)`.
fn shown(line: &Line, styled: bool) -> String {
    let verdict = Style::from(line.verdict).paint(line.verdict.word(), styled);
    if line.reasons.is_empty() {
        return verdict;
    }
    format!("{verdict} ({})", escape::sentence(&line.reasons.join(", ")))
}

/// `47 verdicts, 38 pass, 9 fail`: every subject of a check that is new would say nothing that its number does not.
fn counted(lines: &[Line]) -> String {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line.verdict).or_insert(0) += 1;
    }
    let counts = counts
        .iter()
        .map(|(verdict, number)| format!(", {number} {}", verdict.word()));
    format!("{}{}", count(lines.len(), "verdict"), counts.collect::<String>())
}

fn last(comparison: &Comparison, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let same = count(comparison.same, "verdict");
    if comparison.is_same() && comparison.is_empty() {
        let line = "no verdict was accepted, and there is none: exit 3";
        return writeln!(out, "{}", Style::ERROR.paint(line, styled));
    }
    if comparison.is_same() {
        let verb = if comparison.same == 1 { "is" } else { "are" };
        let line = format!("nothing differs: {same} {verb} as accepted");
        return writeln!(out, "{}", Style::GOOD.paint(&line, styled));
    }
    let sum = |of: fn(&Difference) -> usize| comparison.checks.iter().map(of).sum::<usize>();
    let checks = |presence| comparison.checks.iter().filter(|one| one.presence == presence).count();
    let parts = [
        (sum(|one| one.changed.len()), "changed"),
        (sum(|one| one.new.len()), "new"),
        (sum(|one| one.gone.len()), "gone"),
    ];
    let mut said: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(*number, "verdict")))
        .collect();
    for (number, what) in [(checks(Presence::New), "new"), (checks(Presence::Gone), "gone")] {
        if number > 0 {
            said.push(format!("{} {what}", count(number, "check")));
        }
    }
    if comparison.cannot_decide.iter().any(|one| !one.accepted) {
        said.push("the run cannot decide as it could".to_owned());
    }
    let line = format!("{}; {same} as accepted: exit 1", said.join(", "));
    writeln!(out, "{}", Style::ERROR.paint(&line, styled))?;
    writeln!(
        out,
        "if that is what was meant, accept it: the same command with `--accept` in place of `--expect`"
    )
}

/// `1 verdict`, `3 verdicts`.
pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
