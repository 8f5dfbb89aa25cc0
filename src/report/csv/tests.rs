//! Tables, read back by a reader of CSV.

use csv::{ReaderBuilder, StringRecord};

use super::{FINDINGS, MARK, POPULATION, findings, population};
use crate::finding::{ExceptionState, Report, Verdict};
use crate::report::{escape, samples};

fn written(write: impl Fn(&Report, &mut Vec<u8>) -> std::io::Result<()>, report: &Report) -> String {
    let mut out = Vec::new();
    write(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The rows below the header, which must be as wide as it.
fn rows(text: &str, delimiter: u8) -> Vec<StringRecord> {
    let text = text.strip_prefix(MARK).unwrap();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(delimiter != b',')
        .from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap()).collect()
}

/// The rows of one kind.
fn of_record(text: &str, record: &str) -> Vec<StringRecord> {
    rows(text, b',').into_iter().filter(|row| &row[0] == record).collect()
}

fn column<'a>(header: &[&str], row: &'a StringRecord, name: &str) -> &'a str {
    &row[header.iter().position(|one| *one == name).unwrap()]
}

/// A report with every verdict, as the format asks for.
fn everybody() -> Report {
    let mut report = samples::cannot_decide();
    report.judgements.extend(report.undecided.clone());
    let failed = report.findings.iter().map(|finding| crate::finding::Judgement {
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        verdict: Verdict::Fail,
        reasons: finding.reasons.clone(),
        missing: vec![],
        note: None,
    });
    report.judgements.extend(failed);
    report
}

#[test]
fn whole_tables() {
    insta::assert_snapshot!("findings", written(findings, &samples::findings()));
    insta::assert_snapshot!("population", written(population, &everybody()));
}

#[test]
fn lines_end_as_the_standard_says() {
    let text = written(findings, &samples::findings());
    // The header, the run, a check that did not run, three findings, two exceptions, two notices.
    assert_eq!(text.matches("\r\n").count(), 10);
    assert_eq!(text.matches('\n').count(), 10);
}

#[test]
fn a_finding_is_a_row_and_an_accepted_one_says_so() {
    let rows = of_record(&written(findings, &samples::findings()), "finding");
    assert_eq!(rows.len(), 3);
    let of = |row: usize, name: &str| column(&FINDINGS, &rows[row], name).to_owned();
    assert_eq!(of(0, "accepted"), "no");
    assert_eq!(of(0, "counts"), "yes");
    assert_eq!(of(1, "lifecycle"), "critical");
    assert_eq!(of(1, "run_verdict"), "findings");
    assert_eq!(of(2, "subject"), "pipedrive:9", "accepted ones come last");
    assert_eq!(of(2, "accepted"), "yes");
    assert_eq!(of(2, "counts"), "no");
    assert_eq!(of(2, "accepted_until"), "2026-12-15");
    assert_eq!(of(2, "system_name"), "Acme CRM");
    assert_eq!(of(2, "new"), "", "without an earlier report nobody knows");
}

/// A table of nobody is no sign that a run was complete.
#[test]
fn every_table_says_how_the_run_ended_and_what_did_not_run() {
    let mut report = samples::clean();
    report.judgements.clear();
    for (text, header) in [
        (written(findings, &report), &FINDINGS[..]),
        (written(population, &report), &POPULATION[..]),
    ] {
        let rows = rows(&text, b',');
        assert_eq!(rows.len(), 1);
        let of = |name: &str| column(header, &rows[0], name);
        let counts = ["findings", "counting", "verdicts", "checks_ran", "checks"].map(of);
        assert_eq!((of("record"), of("run_verdict")), ("run", "clean"));
        assert_eq!(of("as_of"), "2026-11-20T09:00:00Z");
        assert_eq!(counts, ["0", "0", "82", "2", "2"]);
    }
    let report = samples::findings();
    for (text, header) in [
        (written(findings, &report), &FINDINGS[..]),
        (written(population, &report), &POPULATION[..]),
    ] {
        let run = &of_record(&text, "run")[0];
        let of = |name: &str| column(header, run, name);
        let counts = ["findings", "counting", "verdicts", "checks_ran", "checks"].map(of);
        assert_eq!(counts, ["3", "2", "82", "2", "3"]);
        let idle = of_record(&text, "did_not_run");
        assert_eq!(idle.len(), 1);
        assert_eq!(column(header, &idle[0], "check"), "access_valid");
    }
}

#[test]
fn exceptions_and_notices_are_rows() {
    let mut report = samples::findings();
    report.exceptions[1].state = ExceptionState::Proposed;
    for (text, header) in [
        (written(findings, &report), &FINDINGS[..]),
        (written(population, &report), &POPULATION[..]),
    ] {
        let of = |row: &StringRecord, name: &str| column(header, row, name).to_owned();
        let exceptions = of_record(&text, "exception");
        let told: Vec<_> = exceptions
            .iter()
            .map(|row| {
                [
                    of(row, "state"),
                    of(row, "accepted"),
                    of(row, "subject"),
                    of(row, "reasons"),
                ]
            })
            .collect();
        assert_eq!(
            told,
            [
                ["in_force", "yes", "pipedrive:9", ""],
                ["proposed", "no", "pipedrive:17", "its last day was 2026-11-10"]
            ]
        );
        let notices = of_record(&text, "notice");
        let codes: Vec<String> = notices.iter().map(|row| of(row, "state")).collect();
        assert_eq!(codes, ["mapping_conflict", "unused_identity"]);
        assert_eq!(of(&notices[1], "reasons"), "no account fits this entry");
    }
}

#[test]
fn a_run_that_could_not_decide_is_no_empty_table() {
    let mut report = samples::cannot_decide();
    report.findings.clear();
    for (text, header) in [
        (written(findings, &report), &FINDINGS[..]),
        (written(population, &report), &POPULATION[..]),
    ] {
        let why: Vec<StringRecord> = rows(&text, b',')
            .into_iter()
            .filter(|row| column(header, row, "record") == "cannot_decide")
            .collect();
        assert_eq!(why.len(), 2);
        assert_eq!(
            column(header, &why[0], "reasons"),
            "access_valid has 13 unknown verdicts in pipedrive"
        );
        assert_eq!(column(header, &why[0], "run_verdict"), "cannot_decide");
    }
}

#[test]
fn everybody_is_a_row() {
    let report = everybody();
    let text = written(population, &report);
    let rows = of_record(&text, "verdict");
    assert_eq!(rows.len(), report.judgements.len());
    let of = |row: &StringRecord, name: &str| column(&POPULATION, row, name).to_owned();
    let verdicts: Vec<String> = rows.iter().map(|row| of(row, "verdict")).collect();
    assert_eq!(verdicts.iter().filter(|word| *word == "unknown").count(), 13);
    let failed = rows.iter().find(|row| of(row, "verdict") == "fail").unwrap();
    assert_eq!(of(failed, "accepted"), "no");
    assert_eq!(of(failed, "fingerprint"), report.findings[0].fingerprint);
    assert!(rows.iter().all(|row| of(row, "run_verdict") == "cannot_decide"));
}

#[test]
fn no_cell_is_a_formula_and_every_text_comes_back() {
    let kinds = [
        "=HYPERLINK(\"http://evil.test\",\"click\")",
        "+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u{a0}\u{3000}=1",
        "\u{200b}=1",
        "＝1",
        "＋1",
        "－1",
        "＠SUM",
        "\"=1",
        "a;=1+1",
        "a\"; @SUM(1);+2",
        "a,=1",
        "a\r\n=1,2\r\n\"x",
        "a | =1 | b",
        "\x1b[2J\0\u{202e}",
        "Zoë 李",
        "",
    ];
    for kind in kinds {
        let mut report = samples::hostile(kind);
        report.judgements = report.undecided.clone();
        for (table, width) in [
            (written(findings, &report), FINDINGS.len()),
            (written(population, &report), POPULATION.len()),
        ] {
            let read = rows(&table, b',');
            assert!(!read.is_empty());
            for row in &read {
                assert_eq!(row.len(), width);
                row.iter().for_each(|cell| harmless(cell, kind));
                // The name is what it was, but for what makes it harmless.
                if !matches!(&row[0], "finding" | "verdict") {
                    continue;
                }
                let name = &row[8];
                let shown = escape::sentence(kind);
                assert_eq!(name.replace('\'', ""), shown.replace('\'', ""), "{kind:?}");
            }
            // Somebody opens it where the separator of lists is another one.
            for row in rows(&table, b';') {
                row.iter().for_each(|cell| harmless(cell, kind));
            }
            let hidden = table.trim_start_matches(MARK).replace("\r\n", "");
            assert_eq!(hidden.chars().find(|c| escape::is_hidden(*c)), None, "{kind:?}");
        }
    }
}

fn harmless(cell: &str, kind: &str) {
    let first = cell.trim_start().chars().next();
    let formula = first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c));
    assert!(!formula, "{kind:?}: {cell:?}");
    assert!(!cell.starts_with(['\t', '\r', '\n']), "{kind:?}: {cell:?}");
}

#[test]
fn a_name_of_a_megabyte_is_cut_with_its_count() {
    let text = written(findings, &samples::hostile(&"x".repeat(1 << 20)));
    assert!(text.contains("(1046576 more characters)"));
    assert!(text.len() < 400_000, "{} bytes", text.len());
}
