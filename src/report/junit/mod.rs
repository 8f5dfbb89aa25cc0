//! The report for CI systems that show tests: JUnit's XML.
//!
//! One suite for the run, and one for each check and system with a case for every subject, so that its counts are those
//! of the check. A `fail` is a failure; what could not be decided is an error; what is not the check's to judge is
//! skipped. XML has no word for a finding that somebody accepted: it is skipped too, and says until when; and none for an
//! exception that accepts nothing and for a notice, which are skipped cases of the run. Every text is
//! escaped as it is for a terminal, so that nothing is left that XML cannot hold.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::escape::{sentence, terminal};
use super::ranked::worst_first;
use super::text::words;
use crate::finding::{CheckSummary, Exception, ExceptionState, Finding, Judgement, Notice, Report, Verdict};
use case::Outcome;

mod case;
#[cfg(test)]
mod tests;

/// The suite of what is true of the run as a whole.
const RUN: &str = "the run";

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let suites = suites(report);
    let total = suites
        .iter()
        .map(|suite| suite.counts(report))
        .fold(Counts::default(), Counts::and);
    let mut xml = Xml(Writer::new_with_indent(out, b' ', 2));
    xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.open(
        "testsuites",
        &[
            ("name", "rolecall".to_owned()),
            ("tests", total.tests.to_string()),
            ("failures", total.failures.to_string()),
            ("errors", total.errors.to_string()),
        ],
    )?;
    suites.iter().try_for_each(|suite| suite.write(report, &mut xml))?;
    xml.close("testsuites")?;
    writeln!(xml.0.get_mut())
}

/// What stands under one name.
struct Suite<'a> {
    name: String,
    class: String,
    /// Null for the run.
    check: Option<&'a CheckSummary>,
    cases: Vec<Subject<'a>>,
}

/// One case, not yet in words: of a hundred thousand, only one is held in words at a time.
enum Subject<'a> {
    /// Whether the run could decide.
    Run,
    /// Whether it is proved that a check saw everybody.
    Everybody(&'a CheckSummary),
    /// A check that did not run.
    DidNotRun,
    /// An exception that accepts nothing.
    Idle(&'a Exception),
    Noticed(&'a Notice),
    Found(&'a Finding),
    Judged(&'a Judgement),
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn and(self, more: Self) -> Self {
        Self {
            tests: self.tests + more.tests,
            failures: self.failures + more.failures,
            errors: self.errors + more.errors,
            skipped: self.skipped + more.skipped,
        }
    }
}

fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut cases: BTreeMap<(&str, Option<&str>), Vec<Subject<'_>>> = BTreeMap::new();
    for finding in worst_first(report) {
        let key = (finding.check.as_str(), finding.subject.system.as_deref());
        cases.entry(key).or_default().push(Subject::Found(finding));
    }
    let decided = report
        .judgements
        .iter()
        .filter(|one| !matches!(one.verdict, Verdict::Fail | Verdict::Unknown | Verdict::Error));
    for judged in report.undecided.iter().chain(decided) {
        let key = (judged.check.as_str(), judged.subject.system.as_deref());
        cases.entry(key).or_default().push(Subject::Judged(judged));
    }
    let mut suites = vec![Suite::of_run(report)];
    for check in &report.checks {
        let mut cases = cases
            .remove(&(check.id.as_str(), check.system.as_deref()))
            .unwrap_or_default();
        if !check.ran {
            cases.push(Subject::DidNotRun);
        }
        suites.push(Suite::of_check(report, check, cases));
    }
    // What belongs to no check of the report is in a report that was put together wrongly; it is not lost.
    for ((check, _), cases) in cases {
        suites.push(Suite {
            name: terminal(check).into_owned(),
            class: terminal(check).into_owned(),
            check: None,
            cases,
        });
    }
    suites
}

impl<'a> Suite<'a> {
    fn of_run(report: &'a Report) -> Self {
        let unproved = report.checks.iter().filter(|check| check.population.unproved.is_some());
        let idle = report
            .exceptions
            .iter()
            .filter(|one| one.state != ExceptionState::InForce);
        Self {
            name: RUN.to_owned(),
            class: "rolecall.run".to_owned(),
            check: None,
            cases: std::iter::once(Subject::Run)
                .chain(unproved.map(Subject::Everybody))
                .chain(idle.map(Subject::Idle))
                .chain(report.notices.iter().map(Subject::Noticed))
                .collect(),
        }
    }

    fn of_check(report: &Report, check: &'a CheckSummary, cases: Vec<Subject<'a>>) -> Self {
        let id = terminal(&check.id);
        let (name, class) = match &check.system {
            Some(system) => (
                format!("{id} in {}", words::system(report, system)),
                format!("{id}.{}", terminal(system)),
            ),
            None => (id.clone().into_owned(), id.into_owned()),
        };
        Self {
            name,
            class,
            check: Some(check),
            cases,
        }
    }

    fn counts(&self, report: &Report) -> Counts {
        let mut counts = Counts::default();
        for case in &self.cases {
            counts.tests += 1;
            *match case.outcome(report) {
                Outcome::Passed => continue,
                Outcome::Failure => &mut counts.failures,
                Outcome::Error => &mut counts.errors,
                Outcome::Skipped => &mut counts.skipped,
            } += 1;
        }
        counts
    }

    fn write<W: Write>(&self, report: &Report, xml: &mut Xml<W>) -> io::Result<()> {
        let counts = self.counts(report);
        xml.open(
            "testsuite",
            &[
                ("name", self.name.clone()),
                ("tests", counts.tests.to_string()),
                ("failures", counts.failures.to_string()),
                ("errors", counts.errors.to_string()),
                ("skipped", counts.skipped.to_string()),
                ("timestamp", report.as_of.to_string()),
            ],
        )?;
        if let Some(check) = self.check {
            xml.open("properties", &[])?;
            for (name, value) in about(check) {
                xml.empty("property", &[("name", name.to_owned()), ("value", value)])?;
            }
            xml.close("properties")?;
        }
        self.cases
            .iter()
            .try_for_each(|case| case.in_words(report).write(&self.class, xml))?;
        xml.close("testsuite")
    }
}

fn about(check: &CheckSummary) -> Vec<(&'static str, String)> {
    let controls = check
        .controls
        .iter()
        .flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}")));
    let controls: Vec<String> = controls.collect();
    vec![
        ("title", sentence(&check.title).into_owned()),
        ("severity", check.severity.word().to_owned()),
        ("controls", sentence(&controls.join(" ")).into_owned()),
        ("population", check.population.total.to_string()),
        ("standing", check.standing().word().to_owned()),
    ]
}

/// XML, written as it comes. Texts are escaped for XML here; that they hold nothing it has no form for is theirs.
struct Xml<W>(Writer<W>);

impl<W: Write> Xml<W> {
    fn write(&mut self, event: Event<'_>) -> io::Result<()> {
        self.0.write_event(event)
    }

    fn start<'n>(name: &'n str, attributes: &[(&str, String)]) -> BytesStart<'n> {
        let mut start = BytesStart::new(name);
        for (name, value) in attributes {
            start.push_attribute((*name, holdable(value).as_ref()));
        }
        start
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
        self.write(Event::Start(Self::start(name, attributes)))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, String)]) -> io::Result<()> {
        self.write(Event::Empty(Self::start(name, attributes)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.write(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.write(Event::Text(BytesText::new(&holdable(text))))
    }
}

/// The two characters that are no control characters, and that XML has no form for.
fn holdable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['\u{fffe}', '\u{ffff}']) {
        text.replace('\u{fffe}', "\\ufffe")
            .replace('\u{ffff}', "\\uffff")
            .into()
    } else {
        text.into()
    }
}
