//! Commands, taken apart as the runner does it.

use super::{data, property, render};
use crate::finding::{ExceptionState, Notice, Report, Severity};
use crate::report::{escape, samples};

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// One annotation: its command, its properties and its text.
#[derive(Debug, PartialEq)]
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    text: String,
}

/// What a runner makes of one line of a log; null where it is no command.
fn command(line: &str) -> Option<Command> {
    let (head, text) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let properties = properties.split(',').filter(|one| !one.is_empty()).map(|one| {
        let (name, value) = one.split_once('=').unwrap();
        let value = value.replace("%3A", ":").replace("%2C", ",");
        (name.to_owned(), unescaped(&value))
    });
    Some(Command {
        name: name.to_owned(),
        properties: properties.collect(),
        text: unescaped(text),
    })
}

fn commands(report: &Report) -> Vec<Command> {
    let text = rendered(report);
    let all = text
        .lines()
        .map(|line| command(line).unwrap_or_else(|| panic!("{line}")));
    all.collect()
}

fn of<'a>(commands: &'a [Command], name: &str) -> Vec<&'a Command> {
    commands.iter().filter(|one| one.name == name).collect()
}

#[test]
fn whole_answers() {
    insta::assert_snapshot!("clean", rendered(&samples::clean()));
    insta::assert_snapshot!("findings", rendered(&samples::findings()));
    insta::assert_snapshot!("cannot_decide", rendered(&samples::cannot_decide()));
}

#[test]
fn what_cannot_be_decided_is_an_error_and_comes_first() {
    let mut report = samples::cannot_decide();
    report.findings = vec![report.findings[0].clone(); 30];
    let commands = commands(&report);
    assert_eq!(commands[0].name, "error");
    assert_eq!(commands[0].text, "access_valid has 13 unknown verdicts in pipedrive");
    assert!(commands.last().unwrap().properties[0].1.contains("cannot decide"));
}

#[test]
fn no_more_than_github_shows_and_the_worst_of_them() {
    let mut report = samples::findings();
    let one = report.findings[0].clone();
    report.findings = (0..400)
        .map(|number| {
            let mut finding = one.clone();
            let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
            finding.severity = severities[number % 4];
            finding
        })
        .collect();
    let commands = commands(&report);
    for (name, most) in [("error", 10), ("warning", 10), ("notice", 10)] {
        assert_eq!(of(&commands, name).len(), most, "{name}");
    }
    let titles = of(&commands, "error");
    assert!(
        titles.iter().all(|one| one.properties[3].1.starts_with("critical:")),
        "{titles:?}"
    );
    // 200 errors; 100 low ones beside two notices and the sum; 100 medium ones beside one idle exception.
    let last = &commands.last().unwrap().text;
    let dropped = format!("of a kind: {} findings; the other", 190 + (100 - 7) + (100 - 9));
    assert!(last.contains(&dropped), "{last}");
}

/// What a change does to the rules is seen beside however many findings, and nothing is dropped without its count.
#[test]
fn findings_do_not_crowd_out_what_a_change_does_to_the_rules() {
    let mut report = samples::findings();
    let (one, idle, notice) = (
        report.findings[2].clone(),
        report.exceptions[1].clone(),
        report.notices[0].clone(),
    );
    report.findings = vec![one; 50];
    report.checks[1].population.unproved = Some("users were read to page 2 of 3".to_owned());
    report.exceptions = vec![idle; 20];
    report.exceptions[19].state = ExceptionState::Proposed;
    report.exceptions[19].problem = Some("it is not in the base project".to_owned());
    report.exceptions[18].problem = None;
    let noticed = |code: &str| Notice {
        code: code.to_owned(),
        message: format!("says {code}"),
        ..notice.clone()
    };
    report.notices = vec![noticed("mapping_conflict"); 30];
    report.notices.insert(0, noticed("check_disabled"));
    report.notices.push(noticed("base_differs"));
    let commands = commands(&report);
    let titles: Vec<&str> = of(&commands, "warning")
        .iter()
        .map(|one| one.properties.last().unwrap().1.as_str())
        .collect();
    assert_eq!(
        titles[..5],
        [
            "the project differs from the base",
            "exception accepts nothing: proposed",
            "not proved that these are all: offboarded_access_removed",
            "exception accepts nothing: expired",
            "exception accepts nothing: expired",
        ]
    );
    assert_eq!(titles[5..], ["medium: user_identified"; 5]);
    let notices = of(&commands, "notice");
    assert_eq!(notices[0].properties.last().unwrap().1, "a check is switched off");
    let last = &notices.last().unwrap().text;
    assert!(
        last.contains("of a kind: 45 findings, 17 exceptions that accept nothing and 22 notices; the other"),
        "{last}"
    );
}

#[test]
fn the_sum_says_what_did_not_run_and_what_does_not_count() {
    let mut report = samples::findings();
    report.fail_on.0 = vec!["high@failing".parse().unwrap()];
    let said = commands(&report).pop().unwrap().text;
    assert!(
        said.contains("1 of 3 findings counts (high@failing)\n2 of 3 checks ran"),
        "{said}"
    );
    let mut report = samples::clean();
    report.checks[0].ran = false;
    let said = commands(&report).pop().unwrap();
    assert_eq!(
        said.properties[0].1,
        "rolecall: clean as far as asked: 1 of 2 checks ran"
    );
}

#[test]
fn an_accepted_finding_is_counted_and_no_annotation() {
    let commands = commands(&samples::findings());
    assert!(
        commands.iter().all(|one| !one.text.contains("Omar Said")),
        "{commands:?}"
    );
    assert!(
        commands.last().unwrap().text.contains("1 of them accepted"),
        "{commands:?}"
    );
}

#[test]
fn hostile_text_is_no_command_and_stays_whole() {
    let kinds = [
        "::error::gone",
        "%0A::stop-commands::x",
        "a\n::stop-commands::x\r\n::set-output name=a::b",
        "a,file=b.rs:1::c",
        "##[error]x",
        "##vso[task.complete result=Succeeded;]x",
        "100% of %25",
        "\x1b[2J\x1b]8;;https://evil.test\x07\u{202e}\0",
        "<script>alert(1)</script> @org/team",
    ];
    for kind in kinds {
        let report = samples::hostile(kind);
        let text = rendered(&report);
        assert_eq!(
            text.chars().find(|c| *c != '\n' && escape::is_hidden(*c)),
            None,
            "{text}"
        );
        let shown = escape::terminal(kind).into_owned();
        let all = commands(&report);
        for one in &all {
            assert!(["error", "warning", "notice"].contains(&one.name.as_str()), "{one:?}");
            let names: Vec<&str> = one.properties.iter().map(|(name, _)| name.as_str()).collect();
            assert!(
                names == ["title"] || names == ["file", "line", "col", "title"],
                "{one:?}"
            );
            assert!(
                one.text
                    .lines()
                    .all(|line| command(line).is_none() && !line.contains("##[")),
                "{one:?}"
            );
        }
        assert!(all.iter().any(|one| one.text.contains(&shown)), "{kind:?}: {all:#?}");
    }
}

#[test]
fn a_name_of_a_megabyte_is_cut_with_its_count() {
    let text = rendered(&samples::hostile(&"x".repeat(1 << 20)));
    assert!(text.contains("(1048376 more characters)"));
    assert!(text.len() < 200_000, "{} bytes", text.len());
}

#[test]
fn nothing_ends_a_command_or_begins_another() {
    assert_eq!(data("100%\n::error::b\u{1b}[2J"), "100%25%0A\\x3a:error::b\\x1b[2J");
    assert_eq!(property("a,b:c\r\nd"), "a%2Cb%3Ac%0Ad");
}
