//! The report as annotations of a GitHub workflow: workflow commands.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, and drops what comes later without a word. So the
//! worst come first, no more of a kind are written than are shown, and the last notice is the sum: what was found, and
//! how much of what is not here. What a change does to the rules themselves is never crowded out by findings.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::escape::{sentence, terminal};
use super::places::relative;
use super::ranked::{counted, counting, due, not_all_ran, verdict, worst_first};
use super::text::words::{self, count, short};
use crate::error::Place;
use crate::finding::{CheckSummary, Exception, ExceptionState, Finding, Notice, Report, Severity};

#[cfg(test)]
mod tests;

/// How many annotations of one kind GitHub shows of a step.
const SHOWN: usize = 10;

/// The notice that says what else a change changes beside exceptions.
const BASE_DIFFERS: &str = "base_differs";

/// How many of the warnings and of the notices are kept for what is no finding.
const RESERVED: usize = 4;

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut errors = Kind::of("error", SHOWN);
    let mut warnings = Kind::of("warning", SHOWN);
    // The sum is a notice too, and the one that must be seen.
    let mut notices = Kind::of("notice", SHOWN - 1);
    for why in &report.cannot_decide {
        errors.add(What::Reason, || annotation("cannot decide", &sentence(why), None));
    }
    let (grave, others): (Vec<&Notice>, Vec<&Notice>) = report.notices.iter().partition(|one| one.code == BASE_DIFFERS);
    for notice in grave {
        warnings.add(What::Notice, || noticed(notice));
    }
    let remarks = remarks(report);
    let (first, rest) = remarks.split_at(remarks.len().min(RESERVED));
    first.iter().for_each(|remark| remark.add_to(&mut warnings));
    let (some, more) = others.split_at(others.len().min(RESERVED));
    some.iter()
        .for_each(|notice| notices.add(What::Notice, || noticed(notice)));
    for finding in worst_first(report).into_iter().filter(|one| one.exception.is_none()) {
        let kind = match finding.severity {
            Severity::Critical | Severity::High => &mut errors,
            Severity::Medium => &mut warnings,
            Severity::Low => &mut notices,
        };
        kind.add(What::Finding, || found(report, finding));
    }
    rest.iter().for_each(|remark| remark.add_to(&mut warnings));
    more.iter()
        .for_each(|notice| notices.add(What::Notice, || noticed(notice)));
    for kind in [&errors, &warnings, &notices] {
        kind.write(out)?;
    }
    let sum = sum(report, &[&errors, &warnings, &notices]);
    let sum = annotation(&format!("rolecall: {}", verdict(report)), &sum, None);
    writeln!(out, "::notice {sum}")
}

/// What weighs more than one finding of many: whoever reviews a change has to see it.
enum Remark<'a> {
    Exception(&'a Exception),
    Unproved(&'a CheckSummary, &'a str),
}

/// Proposed exceptions, populations that are not proved, and then the other exceptions that accept nothing.
fn remarks(report: &Report) -> Vec<Remark<'_>> {
    let idle = report
        .exceptions
        .iter()
        .filter(|one| one.state != ExceptionState::InForce);
    let (proposed, idle): (Vec<_>, Vec<_>) = idle.partition(|one| one.state == ExceptionState::Proposed);
    let unproved = report.checks.iter().filter_map(|check| {
        let why = check.population.unproved.as_deref()?;
        Some(Remark::Unproved(check, why))
    });
    let proposed = proposed.into_iter().map(Remark::Exception);
    proposed
        .chain(unproved)
        .chain(idle.into_iter().map(Remark::Exception))
        .collect()
}

impl Remark<'_> {
    fn add_to(&self, kind: &mut Kind) {
        match self {
            Remark::Unproved(check, why) => kind.add(What::Population, || {
                let title = format!("not proved that these are all: {}", terminal(&check.id));
                annotation(&title, &sentence(why), None)
            }),
            Remark::Exception(exception) => kind.add(What::Exception, || {
                let title = format!(
                    "exception accepts nothing: {}",
                    exception.state.word().replace('_', " ")
                );
                let why = exception
                    .problem
                    .as_deref()
                    .map(|problem| format!(": {}", sentence(problem)));
                let about = format!(
                    "the exception for {} of {} accepts nothing{}",
                    terminal(&exception.subject),
                    terminal(&exception.check),
                    why.unwrap_or_default()
                );
                annotation(&title, &about, Some(&exception.place))
            }),
        }
    }
}

fn noticed(notice: &Notice) -> String {
    let title = words::notice(&notice.code);
    annotation(&title, &sentence(&notice.message), notice.place.as_ref())
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

/// What an annotation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Reason,
    Finding,
    Population,
    Exception,
    Notice,
}

impl What {
    fn counted(self, number: u64) -> String {
        match self {
            What::Reason => count(
                number,
                "reason why it cannot be decided",
                "reasons why it cannot be decided",
            ),
            What::Finding => count(number, "finding", "findings"),
            What::Population => count(
                number,
                "population that is not proved",
                "populations that are not proved",
            ),
            What::Exception => count(
                number,
                "exception that accepts nothing",
                "exceptions that accept nothing",
            ),
            What::Notice => count(number, "notice", "notices"),
        }
    }
}

/// The annotations of one kind: as many as are shown, and what there is beside them.
struct Kind {
    command: &'static str,
    most: usize,
    shown: Vec<String>,
    dropped: BTreeMap<What, u64>,
}

impl Kind {
    const fn of(command: &'static str, most: usize) -> Self {
        Self {
            command,
            most,
            shown: Vec::new(),
            dropped: BTreeMap::new(),
        }
    }

    fn add(&mut self, what: What, annotation: impl FnOnce() -> String) {
        if self.shown.len() < self.most {
            self.shown.push(annotation());
        } else {
            *self.dropped.entry(what).or_default() += 1;
        }
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

fn sum(report: &Report, kinds: &[&Kind]) -> String {
    let verdicts = report.verdicts();
    let mut lines = vec![format!(
        "{}; {}",
        counted(report),
        count(verdicts, "verdict", "verdicts")
    )];
    lines.extend(counting(report));
    lines.extend(not_all_ran(report));
    if !report.undecided.is_empty() {
        let number = report.undecided.len() as u64;
        lines.push(format!("{} could not be decided", count(number, "verdict", "verdicts")));
    }
    let mut dropped: BTreeMap<What, u64> = BTreeMap::new();
    for (what, number) in kinds.iter().flat_map(|kind| &kind.dropped) {
        *dropped.entry(*what).or_default() += number;
    }
    if !dropped.is_empty() {
        let dropped: Vec<String> = dropped.into_iter().map(|(what, number)| what.counted(number)).collect();
        lines.push(format!(
            "not shown here, because GitHub shows {SHOWN} annotations of a kind: {}; the other formats have all of them",
            words::and(&dropped)
        ));
    }
    lines.join("\n")
}
