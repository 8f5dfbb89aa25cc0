//! Whole texts, and what must hold of every text.

use super::{Options, render};
use crate::exit::Exit;
use crate::finding::{Report, Severity};
use crate::report::{escape, samples};

fn text(report: &Report, options: Options) -> String {
    let mut out = Vec::new();
    render(report, &mut out, &options).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(report: &Report) -> String {
    text(report, Options::default())
}

fn last_line(report: &Report) -> String {
    plain(report).lines().last().unwrap().to_owned()
}

#[test]
fn a_clean_run_is_short() {
    insta::assert_snapshot!("clean", plain(&samples::clean()));
}

#[test]
fn findings_stand_by_check_with_reason_identity_and_fix() {
    insta::assert_snapshot!("findings", plain(&samples::findings()));
}

#[test]
fn a_run_that_cannot_decide_says_why_first() {
    insta::assert_snapshot!("cannot_decide", plain(&samples::cannot_decide()));
}

#[test]
fn every_verdict_stands_on_a_line_when_asked_for() {
    let shown = text(
        &samples::clean(),
        Options {
            verdicts: true,
            ..Options::default()
        },
    );
    assert!(
        shown
            .contains("  pass            user_identified  Lena Fox (pipedrive:17): lena.fox@example.com is Lena Fox\n"),
        "{shown}"
    );
    assert!(!plain(&samples::clean()).contains("Lena Fox"));
}

#[test]
fn findings_below_the_threshold_are_not_called_clean() {
    let mut report = samples::findings();
    report.fail_on.0 = vec!["critical".parse().unwrap()];
    report.settle();
    assert_eq!(
        last_line(&report),
        "3 findings (2 high, 1 medium) among 82 verdicts, 1 of them accepted and not counted, \
         none of 3 findings counts (critical), 2 of 3 checks ran: exit 0"
    );
    report.fail_on.0 = vec!["medium@failing".parse().unwrap()];
    report.settle();
    assert!(
        last_line(&report).ends_with(", 1 of 3 findings counts (medium@failing), 2 of 3 checks ran: exit 1"),
        "{}",
        last_line(&report)
    );
}

#[test]
fn clean_is_said_of_what_ran() {
    let mut report = samples::clean();
    assert_eq!(last_line(&report), "clean: 82 verdicts, nothing found");
    report.checks[0].ran = false;
    assert_eq!(
        last_line(&report),
        "clean as far as asked: 1 of 2 checks ran, 82 verdicts, nothing found"
    );
}

#[test]
fn the_worst_comes_first_within_a_check() {
    let mut report = samples::findings();
    report.findings[0].severity = Severity::Low;
    report.findings[1].exception = None;
    let shown = plain(&report);
    let (omar, lena) = (shown.find("Omar Said <").unwrap(), shown.find("Lena Fox <").unwrap());
    assert!(omar < lena, "{shown}");
    assert!(
        shown.contains("Lena Fox <lena.fox@example.com>  pipedrive:17  low  finding "),
        "{shown}"
    );
}

#[test]
fn an_empty_report_still_ends_with_a_verdict() {
    let mut report = samples::clean();
    report.checks.clear();
    report.sources.clear();
    report.outcome = Exit::CannotDecide;
    report.cannot_decide = vec!["no check ran".to_owned()];
    let shown = plain(&report);
    assert!(
        shown.ends_with("cannot decide: no check ran\ncannot decide; no findings among 0 verdicts: exit 3\n"),
        "{shown}"
    );
}

#[test]
fn colours_are_the_only_difference_between_styled_and_plain() {
    for report in [samples::clean(), samples::findings(), samples::cannot_decide()] {
        let styled = text(
            &report,
            Options {
                styled: true,
                verdicts: false,
            },
        );
        assert!(styled.contains("\x1b["));
        assert_eq!(anstream::adapter::strip_str(&styled).to_string(), plain(&report));
    }
}

#[test]
fn no_name_gets_a_control_character_onto_the_page() {
    let hostile: String = (0..=0x10_ffff)
        .filter_map(char::from_u32)
        .filter(|c| escape::is_hidden(*c))
        .take(400)
        .collect();
    let kinds = [
        "\x1b[2J\x1b[1;1Hclean: 164 verdicts, nothing found",
        "\x1b]8;;https://evil.test\x07click\x1b]8;;\x07",
        "a\r\nerror: fake\u{2028}b\u{85}c\0",
        "\u{202e}evil\u{2066}\u{200b}\u{feff}\u{9b}31m",
        &hostile,
        "",
        "  ",
    ];
    for kind in kinds {
        let report = samples::hostile(kind);
        for verdicts in [false, true] {
            let shown = text(
                &report,
                Options {
                    styled: false,
                    verdicts,
                },
            );
            let unseen = "\u{2028}\u{202e}\u{2066}\u{200b}\u{feff}";
            let dangerous = |c: &char| *c != '\n' && (c.is_control() || unseen.contains(*c));
            assert_eq!(shown.chars().find(dangerous), None, "{kind:?}\n{shown}");
        }
    }
}

#[test]
fn a_name_cannot_add_lines() {
    // `paste` and errors keep their line ends, everything else is one line.
    let lines = |name: &str| {
        let mut report = samples::hostile(name);
        report.findings.iter_mut().for_each(|finding| finding.identity = None);
        plain(&report).lines().count()
    };
    assert_eq!(lines("a\nb"), lines("a b"));
}

#[test]
fn a_name_of_a_megabyte_is_cut() {
    let shown = plain(&samples::hostile(&"x".repeat(1 << 20)));
    assert!(shown.contains("more characters)"));
    assert!(shown.len() < 400_000, "{} bytes", shown.len());
}

#[test]
fn what_is_accepted_stands_apart_and_looks_like_no_pass() {
    let mut report = samples::findings();
    let shown = plain(&report);
    let (open, accepted) = shown.split_once("accepted[offboarded_access_removed]").unwrap();
    assert!(open.contains("Lena Fox <") && !open.contains("Omar Said <"), "{shown}");
    assert!(
        accepted.contains("Omar Said <") && accepted.contains("25 days left), SEC-12: hands over"),
        "{shown}"
    );
    for day in 0..3 {
        report.exceptions[0].days_left = day;
        let left = ["(its last day)", "(1 day left)", "(2 days left)"][usize::try_from(day).unwrap()];
        assert!(plain(&report).contains(left), "{left}");
    }
    // Everything accepted: still findings, and the last line says why the run ends with 0.
    report.exceptions[0].findings.clear();
    report
        .findings
        .iter_mut()
        .for_each(|finding| finding.exception = Some(0));
    report.settle();
    assert_eq!(
        last_line(&report),
        "3 findings (2 high, 1 medium) among 82 verdicts, all of them accepted and not counted, 2 of 3 checks ran: exit 0"
    );
    report.findings.truncate(1);
    assert_eq!(
        last_line(&report),
        "1 finding (1 high) among 82 verdicts, accepted and not counted, 2 of 3 checks ran: exit 0"
    );
    report.cannot_decide = vec!["no".to_owned()];
    report.settle();
    assert_eq!(
        last_line(&report),
        "cannot decide; 1 finding (1 high) among 82 verdicts, accepted and not counted, 2 of 3 checks ran: exit 3"
    );
}
