//! Tests for CI systems: JUnit's XML, as most of them read it.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::Shown;
use super::text;
use crate::workbench::{TestState, UnitRun};

/// Writes the results.
pub fn render(shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    let Shown::Runs { runs, .. } = shown else { return Ok(()) };
    let mut report = Report::new("rolecall test");
    report.add_test_suites(
        runs.iter()
            .filter(|run| !run.tests.is_empty() || run.counts().1 > 0)
            .map(suite),
    );
    write(&report, out)
}

/// Writes a report as XML; the library escapes what XML cannot hold.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    report
        .serialize(out)
        .map_err(|error: SerializeError| io::Error::other(error.to_string()))
}

/// A case that failed.
pub fn failing(name: &str, kind: NonSuccessKind, message: &str, more: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message);
    if !more.is_empty() {
        status.set_description(more);
    }
    TestCase::new(name, status)
}

fn suite(run: &UnitRun) -> TestSuite {
    let mut suite = TestSuite::new(run.folder.as_str());
    suite.set_time(run.took);
    if let Some(error) = &run.broken {
        let help = error.help().unwrap_or_default();
        suite.add_test_case(failing("loading", NonSuccessKind::Error, &error.to_string(), &help));
    }
    for file in &run.empty {
        suite.add_test_case(failing(file, NonSuccessKind::Failure, "no test of this file ran", ""));
    }
    for test in &run.tests {
        let mut case = match &test.state {
            TestState::Passed => TestCase::new(test.name.as_str(), TestCaseStatus::success()),
            TestState::Skipped => TestCase::new(test.name.as_str(), TestCaseStatus::skipped()),
            TestState::Failed(failure) => {
                let more = format!("{}\n{}", test.place, text::plain(&failure.stops));
                failing(&test.name, NonSuccessKind::Failure, &failure.message, more.trim_end())
            }
        };
        case.set_classname(test.package.as_str()).set_time(test.took);
        if !test.prints.is_empty() {
            case.set_system_out(test.prints.join("\n"));
        }
        suite.add_test_case(case);
    }
    suite
}
