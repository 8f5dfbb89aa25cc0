//! The report as annotations of a GitHub workflow: workflow commands.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, and drops what comes later without a word. So the
//! worst come first, no more of a kind are written than are shown, and the last notice is the sum: what was found, and
//! how much of it is not here.

use std::io::{self, Write};

use super::escape::{sentence, terminal};
use super::places::relative;
use super::ranked::{counted, due, worst_first};
use super::text::words::{self, short};
use crate::error::Place;
use crate::exit::Exit;
use crate::finding::{Finding, Report, Severity};

#[cfg(test)]
mod tests;

/// How many annotations of one kind GitHub shows of a step.
const SHOWN: usize = 10;

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let (mut errors, mut warnings, mut notices) = (Kind::of("error"), Kind::of("warning"), Kind::of("notice"));
    for why in &report.cannot_decide {
        errors.add(|| annotation("cannot decide", &sentence(why), None));
    }
    for finding in worst_first(report).into_iter().filter(|one| one.exception.is_none()) {
        let kind = match finding.severity {
            Severity::Critical | Severity::High => &mut errors,
            Severity::Medium => &mut warnings,
            Severity::Low => &mut notices,
        };
        kind.add(|| found(report, finding));
    }
    for check in &report.checks {
        if let Some(why) = &check.population.unproved {
            let title = format!("population not proved: {}", terminal(&check.id));
            warnings.add(|| annotation(&title, &sentence(why), None));
        }
    }
    for exception in report.exceptions.iter().filter(|one| one.problem.is_some()) {
        let problem = exception.problem.as_deref().unwrap_or_default();
        let title = format!("exception {}", exception.state.word().replace('_', " "));
        let about = format!(
            "the exception for {} of {} accepts nothing: {}",
            terminal(&exception.subject),
            terminal(&exception.check),
            sentence(problem)
        );
        warnings.add(|| annotation(&title, &about, Some(&exception.place)));
    }
    for notice in &report.notices {
        notices.add(|| annotation(&notice.code, &sentence(&notice.message), notice.place.as_ref()));
    }
    // The sum is a notice too, and the one that must be seen.
    notices.keep(SHOWN - 1);
    let dropped: usize = [&errors, &warnings, &notices].iter().map(|kind| kind.more()).sum();
    for kind in [&errors, &warnings, &notices] {
        kind.write(out)?;
    }
    let sum = annotation(&format!("rolecall: {}", verdict(report)), &sum(report, dropped), None);
    writeln!(out, "::notice {sum}")
}

/// The text of a command. What nobody sees is made visible; the end of a line would end the command.
pub(super) fn data(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(sentence).collect();
    lines
        .join("\n")
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, where a colon and a comma have a meaning too.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The annotations of one kind: as many as are shown, and how many there are.
struct Kind {
    command: &'static str,
    shown: Vec<String>,
    all: usize,
}

impl Kind {
    const fn of(command: &'static str) -> Self {
        Self {
            command,
            shown: Vec::new(),
            all: 0,
        }
    }

    fn add(&mut self, annotation: impl FnOnce() -> String) {
        self.all += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(annotation());
        }
    }

    fn keep(&mut self, most: usize) {
        self.shown.truncate(most);
    }

    const fn more(&self) -> usize {
        self.all - self.shown.len()
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut shown = self.shown.iter();
        shown.try_for_each(|annotation| writeln!(out, "::{} {annotation}", self.command))
    }
}

fn annotation(title: &str, text: &str, place: Option<&Place>) -> String {
    let place = place.map(|place| {
        let file = property(&relative(&place.file));
        format!("file={file},line={},col={},", place.line, place.column)
    });
    format!("{}title={}::{}", place.unwrap_or_default(), property(title), data(text))
}

fn found(report: &Report, finding: &Finding) -> String {
    let title = format!("{}: {}", finding.severity.word(), terminal(&finding.check));
    let mut lines = vec![short(&finding.subject)];
    for reason in &finding.reasons {
        lines.push(sentence(&reason.message).into_owned());
        lines.extend(
            reason
                .passes_if
                .iter()
                .map(|what| format!("passes if {}", sentence(what))),
        );
    }
    lines.extend(due(report, finding));
    lines.push(format!("fix: {}", sentence(&finding.remediation.summary)));
    lines.extend(finding.remediation.link.iter().map(|link| sentence(link).into_owned()));
    annotation(&title, &lines.join("\n"), finding.place.as_ref())
}

fn verdict(report: &Report) -> &'static str {
    match report.outcome {
        Exit::CannotDecide | Exit::Usage => "cannot decide",
        Exit::Clean if report.findings.is_empty() => "clean",
        Exit::Clean => "nothing that counts",
        Exit::Findings => "findings",
    }
}

fn sum(report: &Report, dropped: usize) -> String {
    let verdicts = report.checks.iter().map(|check| check.population.total).sum();
    let mut lines = vec![format!(
        "{}; {}",
        counted(report),
        words::count(verdicts, "verdict", "verdicts")
    )];
    if !report.undecided.is_empty() {
        let number = report.undecided.len() as u64;
        lines.push(format!(
            "{} could not be decided",
            words::count(number, "verdict", "verdicts")
        ));
    }
    if dropped > 0 {
        lines.push(format!(
            "{dropped} more are not shown here, because GitHub shows {SHOWN} of a kind: the other formats have all of them"
        ));
    }
    lines.join("\n")
}
