//! One case: what it is called, how it ended, and what there is to say of it.

use std::io::{self, Write};

use super::{Subject, Xml};
use crate::error::Place;
use crate::finding::{CheckSummary, Finding, Judgement, Reason, Report, Verdict};
use crate::report::escape::{sentence, terminal};
use crate::report::places::relative;
use crate::report::ranked::due;
use crate::report::text::words::{self, short};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// A case in words.
pub struct Case {
    name: String,
    outcome: Outcome,
    /// A short, stable word for what it is.
    kind: String,
    message: String,
    more: Vec<String>,
}

impl Subject<'_> {
    /// How it ended.
    pub fn outcome(&self, report: &Report) -> Outcome {
        match self {
            Subject::Run if report.cannot_decide.is_empty() => Outcome::Passed,
            Subject::Run | Subject::Everybody(_) => Outcome::Error,
            Subject::DidNotRun | Subject::Idle(_) | Subject::Noticed(_) => Outcome::Skipped,
            Subject::Found(finding) if finding.exception.is_some() => Outcome::Skipped,
            Subject::Found(_) => Outcome::Failure,
            Subject::Judged(judged) => match judged.verdict {
                Verdict::Pass => Outcome::Passed,
                Verdict::Fail => Outcome::Failure,
                Verdict::NotApplicable | Verdict::Blocked => Outcome::Skipped,
                Verdict::Unknown | Verdict::Error => Outcome::Error,
            },
        }
    }

    /// The same in words.
    pub fn in_words(&self, report: &Report) -> Case {
        let case = |name: String, kind: &str, message: &str, more: Vec<String>| Case {
            name,
            outcome: self.outcome(report),
            kind: kind.to_owned(),
            message: message.to_owned(),
            more,
        };
        match self {
            Subject::Run => {
                let mut why = report.cannot_decide.iter().map(|why| sentence(why).into_owned());
                let first = why.next().unwrap_or_default();
                case("could decide".to_owned(), "cannot_decide", &first, why.collect())
            }
            Subject::Everybody(check) => {
                let why = check.population.unproved.as_deref().unwrap_or_default();
                let name = format!("saw everybody: {}", of(report, check));
                case(name, "population_not_proved", &sentence(why), vec![])
            }
            Subject::DidNotRun => {
                let why = "it is switched off, or was not asked for";
                case("did not run".to_owned(), "did_not_run", why, vec![])
            }
            Subject::Idle(exception) => {
                let state = exception.state.word();
                let name = format!(
                    "exception {}: {} of {}",
                    state.replace('_', " "),
                    terminal(&exception.subject),
                    terminal(&exception.check)
                );
                let why = exception.problem.as_deref().unwrap_or("it accepts nothing");
                let more = vec![
                    format!(
                        "approved by {} until {}: {}",
                        terminal(&exception.approved_by),
                        exception.expires,
                        sentence(&exception.reason)
                    ),
                    at(&exception.place),
                ];
                case(name, &format!("exception_{state}"), &sentence(why), more)
            }
            Subject::Noticed(notice) => {
                let about = notice
                    .subject
                    .as_deref()
                    .map(|subject| format!(" ({})", terminal(subject)));
                let title = words::notice(&notice.code);
                let name = format!("notice: {}{}", terminal(&title), about.unwrap_or_default());
                let more = notice.place.iter().map(at).collect();
                case(name, &notice.code, &sentence(&notice.message), more)
            }
            Subject::Found(finding) => {
                let name = short(&finding.subject);
                let kind = finding.reasons.first().map_or("fail", |reason| &reason.code);
                match report.accepted_by(finding) {
                    None => case(name, kind, &words_of(&finding.reasons), found(report, finding)),
                    Some(exception) => {
                        let by = terminal(&exception.approved_by);
                        let message = format!(
                            "accepted by {by} until {}: {}",
                            exception.expires,
                            sentence(&exception.reason)
                        );
                        let mut more = vec![words_of(&finding.reasons)];
                        more.extend(found(report, finding));
                        case(name, "accepted", &message, more)
                    }
                }
            }
            Subject::Judged(judged) => {
                let kind = judged.verdict.word();
                case(short(&judged.subject), kind, &said(judged), vec![])
            }
        }
    }
}

impl Case {
    pub fn write<W: Write>(&self, class: &str, xml: &mut Xml<W>) -> io::Result<()> {
        let attributes = [("name", self.name.clone()), ("classname", class.to_owned())];
        let element = match self.outcome {
            Outcome::Passed => return xml.empty("testcase", &attributes),
            Outcome::Failure => "failure",
            Outcome::Error => "error",
            Outcome::Skipped => "skipped",
        };
        xml.open("testcase", &attributes)?;
        let about = [
            ("message", self.message.clone()),
            ("type", terminal(&self.kind).into_owned()),
        ];
        if self.more.is_empty() {
            xml.empty(element, &about)?;
        } else {
            xml.open(element, &about)?;
            xml.text(&self.more.join("\n"))?;
            xml.close(element)?;
        }
        xml.close("testcase")
    }
}

fn of(report: &Report, check: &CheckSummary) -> String {
    match &check.system {
        Some(system) => format!("{} in {}", terminal(&check.id), words::system(report, system)),
        None => terminal(&check.id).into_owned(),
    }
}

fn words_of(reasons: &[Reason]) -> String {
    let words: Vec<_> = reasons.iter().map(|reason| sentence(&reason.message)).collect();
    words.join("; ")
}

/// What there is to say of a finding beyond its reasons.
fn found(report: &Report, finding: &Finding) -> Vec<String> {
    let mut lines = vec![format!("severity: {}", finding.severity.word())];
    for reason in &finding.reasons {
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
    lines.extend(finding.place.iter().map(at));
    lines.push(format!("fingerprint: {}", terminal(&finding.fingerprint)));
    lines
}

fn at(place: &Place) -> String {
    format!(
        "at {}:{}:{}",
        terminal(&relative(&place.file)),
        place.line,
        place.column
    )
}

fn said(judged: &Judgement) -> String {
    let mut parts = Vec::new();
    if !judged.missing.is_empty() {
        parts.push(format!("{} not known", sentence(&judged.missing.join(" "))));
    }
    parts.extend(judged.note.iter().map(|note| sentence(note).into_owned()));
    let words = words_of(&judged.reasons);
    if !words.is_empty() {
        parts.push(words);
    }
    if parts.is_empty() {
        parts.push(judged.verdict.word().replace('_', " "));
    }
    parts.join("; ")
}
