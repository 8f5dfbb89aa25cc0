//! The report as tables for a spreadsheet: findings, and everybody; each begins with a row about the run.
//!
//! RFC 4180, in UTF-8 with a byte order mark, because the spreadsheet that most people have takes a file without one for
//! another encoding. No cell is taken for a formula, and no name can add a row.

use std::collections::HashMap;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::places::relative;
use super::ranked::{counted, ran, worst_first};
use crate::finding::{ExceptionState, Finding, Judgement, Reason, Report, SubjectKind, SubjectRef};
use cell::cell;

mod cell;
#[cfg(test)]
mod tests;

/// What a spreadsheet knows UTF-8 by.
const MARK: &str = "\u{feff}";

/// The columns of findings. New ones come at the end.
const FINDINGS: [&str; 42] = [
    "record",
    "check",
    "title",
    "severity",
    "system",
    "system_name",
    "kind",
    "subject",
    "name",
    "email",
    "reason_codes",
    "reasons",
    "passes_if",
    "since",
    "first_failed_at",
    "due",
    "lifecycle",
    "new",
    "counts",
    "accepted",
    "accepted_by",
    "accepted_until",
    "accepted_because",
    "ticket",
    "identity",
    "class",
    "staff",
    "suggested_staff",
    "remediation",
    "link",
    "controls",
    "fingerprint",
    "file",
    "line",
    "as_of",
    "run_verdict",
    "state",
    "findings",
    "counting",
    "verdicts",
    "checks_ran",
    "checks",
];

/// The columns of verdicts. New ones come at the end.
const POPULATION: [&str; 27] = [
    "record",
    "check",
    "title",
    "severity",
    "system",
    "system_name",
    "kind",
    "subject",
    "name",
    "email",
    "verdict",
    "reason_codes",
    "reasons",
    "missing",
    "note",
    "lifecycle",
    "due",
    "accepted",
    "fingerprint",
    "as_of",
    "run_verdict",
    "state",
    "findings",
    "counting",
    "verdicts",
    "checks_ran",
    "checks",
];

/// How many columns at the end are for rows that are about the run.
const OF_RUN: usize = 6;

/// Writes one row a finding.
pub fn findings(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut table = begun(&FINDINGS, out)?;
    let (as_of, verdict) = (report.as_of.to_string(), report.verdict().word());
    about_run(report, &FINDINGS, &mut table)?;
    for finding in worst_first(report) {
        let cells = finding_cells(report, finding, &as_of, verdict);
        row(&mut table, cells.into_iter().chain(nothing()))?;
    }
    remarks(report, &FINDINGS, &mut table)?;
    table.flush()
}

/// Writes one row for every verdict of every subject.
pub fn population(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let mut table = begun(&POPULATION, out)?;
    let (as_of, verdict) = (report.as_of.to_string(), report.verdict().word());
    let findings = report.findings.iter();
    let findings: HashMap<_, _> = findings
        .map(|finding| (key(&finding.check, &finding.subject), finding))
        .collect();
    let titles = report.checks.iter();
    let checks: HashMap<_, _> = titles
        .map(|check| ((check.id.as_str(), check.system.as_deref()), check))
        .collect();
    about_run(report, &POPULATION, &mut table)?;
    for judged in &report.judgements {
        let of = checks.get(&(judged.check.as_str(), judged.subject.system.as_deref()));
        let (title, severity) = of.map_or(("", ""), |check| (check.title.as_str(), check.severity.word()));
        let finding = findings.get(&key(&judged.check, &judged.subject)).copied();
        let cells = judged_cells(report, judged, finding);
        let begin = [
            "verdict".to_owned(),
            judged.check.clone(),
            title.to_owned(),
            severity.to_owned(),
        ];
        let end = [as_of.clone(), verdict.to_owned()];
        row(&mut table, begin.into_iter().chain(cells).chain(end).chain(nothing()))?;
    }
    remarks(report, &POPULATION, &mut table)?;
    table.flush()
}

fn begun<'a, W: Write>(header: &[&str], out: &'a mut W) -> io::Result<Writer<&'a mut W>> {
    out.write_all(MARK.as_bytes())?;
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    table.write_record(header)?;
    Ok(table)
}

fn row<W: Write>(table: &mut Writer<W>, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.into_iter().map(|text| cell(&text)).collect();
    Ok(table.write_record(cells)?)
}

/// What stands in the columns of the run where a row is about somebody.
fn nothing() -> impl Iterator<Item = String> {
    std::iter::repeat_n(String::new(), OF_RUN)
}

/// The subject's own columns.
fn whose(report: &Report, subject: &SubjectRef) -> [String; 6] {
    let system = subject.system.clone().unwrap_or_default();
    [
        report.systems.get(&system).cloned().unwrap_or_default(),
        system,
        subject.kind.word().to_owned(),
        subject.id.clone(),
        subject.name.clone().unwrap_or_default(),
        subject.email.clone().unwrap_or_default(),
    ]
}

fn finding_cells(report: &Report, finding: &Finding, as_of: &str, verdict: &str) -> [String; 36] {
    let [system_name, system, kind, subject, name, email] = whose(report, &finding.subject);
    let clock = &finding.clock;
    let exception = report.accepted_by(finding);
    let identity = finding.identity.as_ref();
    let place = finding.place.as_ref();
    let of_exception = |what: &dyn Fn(&crate::finding::Exception) -> String| exception.map(what).unwrap_or_default();
    let suggested = identity.into_iter().flat_map(|note| &note.suggestions);
    let controls = finding
        .controls
        .iter()
        .flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}")));
    [
        "finding".to_owned(),
        finding.check.clone(),
        finding.title.clone(),
        finding.severity.word().to_owned(),
        system,
        system_name,
        kind,
        subject,
        name,
        email,
        codes(&finding.reasons),
        words(&finding.reasons),
        joined(finding.reasons.iter().filter_map(|reason| reason.passes_if.clone())),
        clock.since.to_string(),
        clock.first_failed_at.to_string(),
        clock.due.map(|due| due.to_string()).unwrap_or_default(),
        clock.lifecycle.word().to_owned(),
        clock.is_new.map(|is_new| yes(is_new).to_owned()).unwrap_or_default(),
        yes(report.counts(finding)).to_owned(),
        yes(exception.is_some()).to_owned(),
        of_exception(&|one| one.approved_by.clone()),
        of_exception(&|one| one.expires.to_string()),
        of_exception(&|one| one.reason.clone()),
        of_exception(&|one| one.ticket.clone().unwrap_or_default()),
        identity.map(|note| note.state.clone()).unwrap_or_default(),
        identity.map(|note| note.class.clone()).unwrap_or_default(),
        identity.and_then(|note| note.staff.clone()).unwrap_or_default(),
        joined(suggested.map(|one| one.staff.clone())),
        finding.remediation.summary.clone(),
        finding.remediation.link.clone().unwrap_or_default(),
        joined(controls),
        finding.fingerprint.clone(),
        place.map(|place| relative(&place.file)).unwrap_or_default(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
        as_of.to_owned(),
        verdict.to_owned(),
    ]
}

fn judged_cells(report: &Report, judged: &Judgement, finding: Option<&Finding>) -> [String; 15] {
    let [system_name, system, kind, subject, name, email] = whose(report, &judged.subject);
    let of_finding = |what: &dyn Fn(&Finding) -> String| finding.map(what).unwrap_or_default();
    [
        system,
        system_name,
        kind,
        subject,
        name,
        email,
        judged.verdict.word().to_owned(),
        codes(&judged.reasons),
        words(&judged.reasons),
        judged.missing.join(" "),
        judged.note.clone().unwrap_or_default(),
        of_finding(&|one| one.clock.lifecycle.word().to_owned()),
        of_finding(&|one| one.clock.due.map(|due| due.to_string()).unwrap_or_default()),
        of_finding(&|one| yes(one.exception.is_some()).to_owned()),
        of_finding(&|one| one.fingerprint.clone()),
    ]
}

/// The run as a whole, why it could not decide, and which checks did not run: a table of nobody would look like one of a
/// run in which everything is in order.
fn about_run<W: Write>(report: &Report, header: &[&str], table: &mut Writer<W>) -> io::Result<()> {
    let (ran, checks) = ran(report);
    let of_run = [
        ("reasons", counted(report)),
        ("findings", report.findings.len().to_string()),
        ("counting", report.counting().to_string()),
        ("verdicts", report.verdicts().to_string()),
        ("checks_ran", ran.to_string()),
        ("checks", checks.to_string()),
    ];
    told(report, header, table, "run", &of_run)?;
    for why in &report.cannot_decide {
        told(report, header, table, "cannot_decide", &[("reasons", why.clone())])?;
    }
    for check in report.checks.iter().filter(|check| !check.ran) {
        let system = check.system.clone().unwrap_or_default();
        let of_check = [
            ("check", check.id.clone()),
            ("title", check.title.clone()),
            ("severity", check.severity.word().to_owned()),
            ("system_name", report.systems.get(&system).cloned().unwrap_or_default()),
            ("system", system),
            ("kind", check.subject.word().to_owned()),
            ("reasons", "it is switched off, or was not asked for".to_owned()),
        ];
        told(report, header, table, "did_not_run", &of_check)?;
    }
    Ok(())
}

/// The exceptions with what they do, and the notices.
fn remarks<W: Write>(report: &Report, header: &[&str], table: &mut Writer<W>) -> io::Result<()> {
    for exception in &report.exceptions {
        let until = exception.expires.to_string();
        let approval = format!(
            "approved by {} until {until}: {}",
            exception.approved_by, exception.reason
        );
        let of_exception = [
            ("check", exception.check.clone()),
            ("subject", exception.subject.clone()),
            ("reason_codes", exception.reason_code.clone().unwrap_or_default()),
            ("reasons", exception.problem.clone().unwrap_or_default()),
            ("note", approval),
            ("accepted", yes(exception.state == ExceptionState::InForce).to_owned()),
            ("accepted_by", exception.approved_by.clone()),
            ("accepted_until", until),
            ("accepted_because", exception.reason.clone()),
            ("ticket", exception.ticket.clone().unwrap_or_default()),
            ("file", relative(&exception.place.file)),
            ("line", exception.place.line.to_string()),
            ("state", exception.state.word().to_owned()),
        ];
        told(report, header, table, "exception", &of_exception)?;
    }
    for notice in &report.notices {
        let place = notice.place.as_ref();
        let of_notice = [
            ("subject", notice.subject.clone().unwrap_or_default()),
            ("reasons", notice.message.clone()),
            ("file", place.map(|place| relative(&place.file)).unwrap_or_default()),
            ("line", place.map(|place| place.line.to_string()).unwrap_or_default()),
            ("state", notice.code.clone()),
        ];
        told(report, header, table, "notice", &of_notice)?;
    }
    Ok(())
}

/// A row that is about no verdict: these cells, as far as the table has such columns, and empty ones.
fn told<W: Write>(
    report: &Report,
    header: &[&str],
    table: &mut Writer<W>,
    record: &str,
    cells: &[(&str, String)],
) -> io::Result<()> {
    let cells = header.iter().map(|name| match *name {
        "record" => record.to_owned(),
        // Beside every row: a table that somebody filters still says whether it is the whole truth.
        "run_verdict" => report.verdict().word().to_owned(),
        "as_of" => report.as_of.to_string(),
        name => {
            let found = cells.iter().find(|(of, _)| *of == name);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        }
    });
    row(table, cells)
}

fn key<'a>(check: &'a str, subject: &'a SubjectRef) -> (&'a str, SubjectKind, &'a str) {
    (check, subject.kind, &subject.id)
}

const fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn codes(reasons: &[Reason]) -> String {
    joined(reasons.iter().map(|reason| reason.code.clone()))
}

fn words(reasons: &[Reason]) -> String {
    joined(reasons.iter().map(|reason| reason.message.clone()))
}

/// Several values in one cell.
fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" | ")
}
