//! Entries to their fields, and every refusal to its whole error.

use std::path::Path;

use super::{NewException, insert};
use crate::error::Explain;
use crate::project::{Project, ProjectError};

const HEAD: &str = "rolecall: 1\norganisation: Acme\ntimezone: Europe/Berlin\n";
const ENTRY: &str = "check: c, subject: crm:17, reason: r, approved_by: E-2";
const DAYS: &str = "created: 2026-11-01, expires: 2026-12-01";

fn read(exceptions: &str) -> Result<Project, ProjectError> {
    Project::from_bytes(Path::new("p.yaml"), format!("{HEAD}{exceptions}").as_bytes())
}

fn shown(read: Result<Project, ProjectError>) -> String {
    match read {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("{error}\nhelp: {}", error.help().unwrap()),
    }
}

fn refusal(entries: &[String]) -> String {
    let list: String = entries.iter().map(|entry| format!("- {{{entry}}}\n")).collect();
    shown(read(&format!("exceptions:\n{list}")))
}

#[test]
fn an_entry_has_its_days_in_the_zone_of_the_project() {
    let text = "exceptions:\n  - check: c\n    subject: crm:17\n    reason_code: late\n    reason: '  why  '\n    \
                approved_by: 0123\n    created: 2026-03-28\n    expires: 2026-03-29\n    ticket: 12\n";
    let project = read(text).unwrap();
    let entry = &project.exceptions[0];
    assert_eq!((entry.check.as_str(), entry.subject.as_str()), ("c", "crm:17"));
    assert_eq!((entry.reason.as_str(), entry.approved_by.as_str()), ("why", "0123"));
    assert_eq!(entry.reason_code.as_deref(), Some("late"));
    assert_eq!(entry.ticket.as_deref(), Some("12"));
    // The clocks change on the last day, so that it has 23 hours.
    assert_eq!(entry.begins_at.to_string(), "2026-03-27T23:00:00Z");
    assert_eq!(entry.ends_at.to_string(), "2026-03-29T22:00:00Z");
    assert_eq!(entry.place.to_string(), "p.yaml:5:5");
    assert_eq!(entry.code_place.as_ref().unwrap().to_string(), "p.yaml:7:18");
    assert!(read("exceptions: []\n").unwrap().exceptions.is_empty());
}

#[test]
fn what_is_missing_empty_or_unknown_is_refused() {
    let all = format!("{ENTRY}, {DAYS}, ticket: t, reason_code: x");
    assert_eq!(refusal(std::slice::from_ref(&all)), "accepted");
    for key in ["check", "subject", "reason", "approved_by", "created", "expires"] {
        let without: Vec<&str> = all
            .split(", ")
            .filter(|one| !one.starts_with(&format!("{key}:")))
            .collect();
        let shown = refusal(&[without.join(", ")]);
        assert!(shown.starts_with("p.yaml:5:"), "{shown}");
        assert!(
            shown.ends_with(&format!(": `{key}` is missing\nhelp: add `{key}:` here")),
            "{shown}"
        );
    }
    for key in ["check", "subject", "reason", "approved_by", "ticket", "reason_code"] {
        let empty: Vec<String> = all
            .split(", ")
            .map(|one| match one.starts_with(&format!("{key}:")) {
                true => format!("{key}: ' '"),
                false => one.to_owned(),
            })
            .collect();
        let shown = refusal(&[empty.join(", ")]);
        assert!(shown.contains("expected a text, not an empty one"), "{key}: {shown}");
    }
    let shown = refusal(&[all.replace("expires", "expire")]);
    assert!(
        shown.contains("unknown key `expire`\nhelp: did you mean `expires`?"),
        "{shown}"
    );
    assert_eq!(
        refusal(&[format!("{all}, ticket: u")])
            .lines()
            .next()
            .unwrap()
            .split(": ")
            .nth(1),
        Some("the key `ticket` is here twice")
    );
    assert_eq!(
        shown_of("exceptions: {a: b}\n"),
        "p.yaml:4:13: expected a list of exceptions, or the path of a file, not keys with values\nhelp: change the value"
    );
    assert_eq!(
        shown_of("exceptions:\n"),
        "p.yaml:4:11: `exceptions` has no value\nhelp: write a value, or leave `exceptions` out; a text that reads `null` needs quotes"
    );
}

fn shown_of(text: &str) -> String {
    shown(read(text))
}

#[test]
fn days_that_cannot_be_are_refused() {
    let of = |created: &str, expires: &str| {
        let shown = refusal(&[format!("{ENTRY}, created: {created}, expires: {expires}")]);
        shown
            .split_once(": ")
            .map_or(shown.clone(), |(_, words)| words.to_owned())
    };
    assert_eq!(
        refusal(&[format!("{ENTRY}, created: 2026-01-01, expires: 2026-01-01")]),
        "accepted"
    );
    assert_eq!(
        refusal(&[format!("{ENTRY}, created: 2026-01-01, expires: 2027-01-01")]),
        "accepted"
    );
    assert_eq!(
        of("2026-01-01", "2027-01-02"),
        "`expires` is `2027-01-02`, more than 365 days after `created`, `2026-01-01`\n\
         help: write 2027-01-01 at the latest, and look at it again then"
    );
    // A leap year has a day more, and an exception has not.
    assert!(of("2028-01-01", "2029-01-01").contains("write 2028-12-31 at the latest"));
    assert_eq!(
        of("2026-01-02", "2026-01-01"),
        "`expires` is `2026-01-01`, which is before `created`, `2026-01-02`\n\
         help: write the day it was taken and the last day of it"
    );
    for (created, expires) in [("2026-01-01", "9999-12-31"), ("0001-01-01", "2026-01-01")] {
        assert!(
            of(created, expires).contains("there is no date for never"),
            "{created} {expires}"
        );
    }
    for no_day in [
        "never",
        "2026-02-30",
        "01.02.2026",
        "2026-1-1",
        "20260101",
        "2026-01-01T00:00:00Z",
        "~5",
    ] {
        assert!(of(no_day, "2026-12-01").contains("write a day as"), "{no_day}");
        assert!(of("2026-01-01", no_day).contains("write a day as"), "{no_day}");
    }
}

#[test]
fn a_pattern_that_fits_nearly_everything_is_refused() {
    for wide in ["'*'", "'crm:*'", "'crm:ab*'", "'c*:abc'", "'abc*'", "'**:abc*'"] {
        let shown = refusal(&[format!("{}, {DAYS}", ENTRY.replace("crm:17", wide))]);
        let subject = wide.trim_matches('\'');
        assert!(
            shown.contains(&format!("the subject `{subject}` fits too much")),
            "{shown}"
        );
    }
    assert_eq!(
        refusal(&[format!("{}, {DAYS}", ENTRY.replace("crm:17", "'crm:bot-*'"))]),
        "accepted"
    );
}

#[test]
fn two_entries_never_speak_of_one_finding() {
    let entry = |subject: &str, code: &str| {
        let code = if code.is_empty() {
            String::new()
        } else {
            format!(", reason_code: {code}")
        };
        format!("{}, {DAYS}{code}", ENTRY.replace("crm:17", &format!("'{subject}'")))
    };
    let both = |one: (&str, &str), other: (&str, &str)| refusal(&[entry(one.0, one.1), entry(other.0, other.1)]);
    assert_eq!(
        both(("crm:17", ""), ("crm:17", "")),
        "p.yaml:6:3: `crm:17` has two exceptions for `c`\n\
         help: the first is on line 5: keep one of them, or give each a `reason_code` of its own"
    );
    assert_eq!(both(("crm:17", "a"), ("crm:17", "b")), "accepted");
    assert_eq!(both(("crm:17", ""), ("crm:170", "")), "accepted");
    for (one, other) in [
        (("crm:17", "a"), ("crm:17", "")),
        (("crm:17", ""), ("crm:17", "a")),
        (("crm:bot-1", ""), ("crm:bot-*", "")),
        (("crm:bot-*", "a"), ("crm:bot-1", "")),
        (("crm:abc*", ""), ("crm:*xyz", "")),
        (("crm:abc*", ""), ("crm:abcd*", "")),
    ] {
        let shown = both(one, other);
        let same = format!("p.yaml:6:3: `{}` has two exceptions for `c`: one for `a`", other.0);
        let both = format!(
            "p.yaml:6:3: `{}` and `{}` can accept one finding of `c`",
            other.0, one.0
        );
        let begins = if one.0 == other.0 { &same } else { &both };
        assert!(shown.starts_with(begins.as_str()), "{shown}");
    }
    assert_eq!(both(("crm:abc*x", ""), ("crm:abc*y", "")), "accepted");
    // The first of the file that is wrong is said, wherever its partner stands.
    let shown = refusal(&[
        entry("crm:9", ""),
        entry("crm:5", ""),
        entry("crm:9", ""),
        entry("crm:5", ""),
    ]);
    assert!(shown.starts_with("p.yaml:7:3: `crm:9`"), "{shown}");
}

#[test]
fn a_separate_file_is_as_strict_and_has_its_own_places() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.yaml");
    std::fs::write(&file, format!("{HEAD}exceptions: e.yaml\n")).unwrap();
    let written = |text: &str| {
        std::fs::write(folder.path().join("e.yaml"), text).unwrap();
        let shown = shown(Project::load(&file));
        shown.replace(&folder.path().display().to_string(), "F")
    };
    assert!(shown(Project::load(&file)).contains("e.yaml: there is no such file"));
    let good = format!("rolecall: 1\nexceptions:\n- {{{ENTRY}, {DAYS}}}\n");
    assert_eq!(written(&good), "accepted");
    let project = Project::load(&file).unwrap();
    assert_eq!(project.exceptions[0].place.line, 3);
    assert_eq!(
        project.exceptions_file.unwrap().sha256,
        crate::digest::of(good.as_bytes())
    );
    assert!(written(&good.replace("expires: 2026-12-01", "expires: 9999-12-01")).starts_with("F/e.yaml:3:"));
    assert!(written("rolecall: 2\nexceptions: []\n").contains("version `2` of the exceptions file"));
    assert!(written("rolecall: 1\n").contains("`exceptions` is missing"));
    assert!(written("rolecall: 1\nexceptions: []\nchecks: {}\n").contains("unknown key `checks`"));
    assert!(written("rolecall: 1\nexceptions: [\n").starts_with("F/e.yaml:"));
    assert!(written("rolecall: 1\nexceptions: e.yaml\n").contains("F/e.yaml:2:13: expected a list"));
    assert!(written("").contains("the file is empty"));
}

fn new<'a>() -> NewException<'a> {
    NewException {
        check: "c",
        subject: "crm:17",
        reason_code: None,
        reason: "it: is # so",
        approved_by: "E-2",
        created: "2026-11-01".parse().unwrap(),
        expires: "2026-12-01".parse().unwrap(),
        ticket: None,
    }
}

/// The text with the entry, which stands as `@` where it begins.
fn inserted(text: &str) -> Option<String> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let written = insert(text, &new())?;
    let found = [4, 2, 0].into_iter().find_map(|indent| {
        let entry = new().yaml(indent, newline);
        let (before, behind) = written.split_once(&entry)?;
        before
            .ends_with('\n')
            .then(|| format!("{before}{:indent$}@{newline}{behind}", ""))
    });
    Some(found.unwrap_or(written))
}

#[test]
fn a_new_entry_goes_to_the_end_of_the_list_and_moves_nothing() {
    for (before, after) in [
        ("a: 1\n", Some("a: 1\n\nexceptions:\n  @\n")),
        ("a: 1", Some("a: 1\n\nexceptions:\n  @\n")),
        ("a: 1\r\n", Some("a: 1\r\n\r\nexceptions:\r\n  @\r\n")),
        ("exceptions: []\nb: 1\n", Some("exceptions:\n  @\nb: 1\n")),
        ("exceptions: [] # why\nb: 1\n", Some("exceptions: # why\n  @\nb: 1\n")),
        ("exceptions:\n- x: 1\nb: 1\n", Some("exceptions:\n- x: 1\n@\nb: 1\n")),
        (
            "exceptions:\n    # first\n    - x: 1\n      y: |\n        z\n\n# end\nb: 1\n",
            Some("exceptions:\n    # first\n    - x: 1\n      y: |\n        z\n    @\n\n# end\nb: 1\n"),
        ),
        (
            "exceptions:\n  - x: 1\n    # of x\n\n    # of x too\n  # of whatever comes\n# end\nb: 1\n",
            Some("exceptions:\n  - x: 1\n    # of x\n\n    # of x too\n  @\n  # of whatever comes\n# end\nb: 1\n"),
        ),
        (
            "exceptions:\n- x: |\n   y\n   # text\n",
            Some("exceptions:\n- x: |\n   y\n   # text\n@\n"),
        ),
        ("exceptions:\n  -\n    x: 1", Some("exceptions:\n  -\n    x: 1\n  @\n")),
        ("exceptions: [{x: 1}]\n", None),
        ("exceptions: other.yaml\n", None),
        ("exceptions: [] x\n", None),
    ] {
        assert_eq!(inserted(before).as_deref(), after, "{before:?}");
    }
}

#[test]
fn what_is_written_is_read_as_it_was_meant() {
    let read = |new: &NewException<'_>| {
        let text = insert(HEAD, new).unwrap();
        Project::from_bytes(Path::new("p.yaml"), text.as_bytes()).unwrap()
    };
    for subject in ["crm:17", "crm:null", "crm: 17", "crm:é \u{202e}x", "E-1", "0123", "yes"] {
        let new = NewException {
            subject,
            reason: "two\nlines: \"quoted\" \\ # no remark",
            reason_code: Some("late"),
            ticket: Some("12"),
            ..new()
        };
        assert!(new.is(&read(&new).exceptions[0]), "{subject}");
    }
    let pattern = NewException {
        subject: "crm:abc*",
        ..new()
    };
    let is = pattern.is(&read(&pattern).exceptions[0]);
    assert!(!is, "an id that reads as a pattern would accept others");
}

#[test]
fn the_page_for_users_is_true() {
    let page = include_str!("../../../docs/exceptions.md");
    let examples: Vec<&str> = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let [here, elsewhere, separate] = examples.as_slice() else {
        panic!("{examples:?}")
    };
    let file = Path::new("rolecall.yaml");
    let project = Project::from_bytes(file, here.as_bytes()).unwrap();
    assert_eq!(project.exceptions.len(), 1);
    let project = Project::from_both(file, elsewhere.as_bytes(), separate.as_bytes()).unwrap();
    assert_eq!(project.exceptions[0].reason_code.as_deref(), Some("ticket_missing"));
    use crate::finding::ExceptionState::{
        Expired, InForce, NotApproved, NotBegun, NotJudged, OtherReason, Proposed, TargetGone, TooBroad, Unused,
    };
    let states = [
        InForce,
        Proposed,
        NotBegun,
        Expired,
        Unused,
        OtherReason,
        TargetGone,
        NotJudged,
        TooBroad,
        NotApproved,
    ];
    for state in states {
        assert!(page.contains(&format!("| `{}` |", state.word())), "{state:?}");
    }
}
