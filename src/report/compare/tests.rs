//! Every kind of change, and names that would break a careless writer, read back by parsers of other people.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::markdown::LIMIT;
use super::{SCHEMA, render, schema};
use crate::compare::{Comparison, Difference, Facts, Named, Presence, Row};
use crate::finding::{Judgement, Report, Verdict};
use crate::report::{CompareFormat, escape, samples};
use crate::reported::Reported;

/// What became of three findings: one is mended, one has lost its exception, one is new; and a row of every presence.
fn sample(text: Option<&str>) -> Comparison {
    let (mut old, mut new) = match text {
        Some(text) => (samples::hostile(text), samples::hostile(text)),
        None => (samples::findings(), samples::findings()),
    };
    for (at, report) in [&mut old, &mut new].into_iter().enumerate() {
        report.cannot_decide.clear();
        report.undecided.clear();
        report.inputs.project.sha256 = at.to_string();
        for (number, finding) in report.findings.iter_mut().enumerate() {
            finding.fingerprint = format!("{number:032}");
        }
    }
    let fixed = new.findings.remove(0);
    new.judgements = vec![Judgement {
        check: fixed.check,
        subject: fixed.subject,
        verdict: Verdict::Pass,
        reasons: old.findings[0].reasons.clone(),
        missing: vec![],
        note: None,
    }];
    old.findings[1].exception = Some(0);
    new.findings[0].exception = None;
    old.findings.truncate(2);
    let mut comparison = compared(&old, &new);
    comparison.facts = facts(text);
    comparison
}

fn compared(old: &Report, new: &Report) -> Comparison {
    let (old, new) = (Reported::of(old), Reported::of(new));
    let named = |file, report| Named { file, report };
    let fail_on = ["low".parse().unwrap()];
    Comparison::of_reports(named("old.json", &old), named("new.json", &new), &fail_on).unwrap()
}

fn facts(text: Option<&str>) -> Facts {
    let row = |presence, id: &str| Row {
        presence,
        system: Some(text.unwrap_or("pipedrive").to_owned()),
        kind: None,
        id: text.unwrap_or(id).to_owned(),
        name: Some(text.unwrap_or("Lena Fox").to_owned()),
        email: Some(text.unwrap_or("lena.fox@example.com").to_owned()),
        state: Some("active"),
        differences: Vec::new(),
    };
    let set = |list: &[&str]| list.iter().map(|one| text.unwrap_or(one).to_owned()).collect();
    let changed = Difference {
        what: "permissions".into(),
        before: None,
        now: None,
        added: set(&["delete"]),
        removed: set(&["read", "write"]),
    };
    let named = Difference::of("name", text.map(str::to_owned), Some("Ada".to_owned()));
    Facts {
        systems: Some(vec![]),
        accounts: Some(vec![
            row(Presence::Came, "21"),
            row(Presence::FirstSeen, "22"),
            row(Presence::Gone, "23"),
            row(Presence::NotSeen, "24"),
        ]),
        roles: Some(vec![Row {
            kind: Some("permission_set"),
            differences: vec![changed],
            ..row(Presence::Changed, "a1")
        }]),
        staff: Some(vec![Row {
            system: None,
            differences: named.into_iter().collect(),
            ..row(Presence::Changed, "E-1")
        }]),
        not_seen: vec![text.unwrap_or("NEW: accounts of `pipedrive`: page 2 of 3").to_owned()],
    }
}

fn written(comparison: &Comparison, format: CompareFormat) -> String {
    let mut out = Vec::new();
    render(comparison, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_change_has_its_line() {
    insta::assert_snapshot!("text", written(&sample(None), CompareFormat::Text));
    insta::assert_snapshot!("markdown", written(&sample(None), CompareFormat::Markdown));
}

#[test]
fn what_is_written_fits_the_published_schema() {
    samples::published("comparison.schema.json", &schema());
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for text in [None, Some("\u{1b}[2J\u{202e}|")] {
        let json: serde_json::Value = serde_json::from_str(&written(&sample(text), CompareFormat::Json)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(json["schema"], SCHEMA);
        assert_eq!(json["counts"]["new"], 1);
        assert_eq!(json["counts"]["fixed"], 1);
        assert_eq!(json["counts"]["exception_ended"], 1);
        assert_eq!(json["exit"], 1);
    }
}

const HOSTILE: [&str; 14] = [
    "\u{1b}[2Jgone\u{1b}]8;;https://evil.test\u{7}x",
    "real\rfake\u{202e}\u{200b}\n| new | row |",
    "a | b || c",
    "a \\| b \\\\| c |",
    "`code` ``two`` `",
    "<details><summary>x</summary>",
    "<script>alert(1)</script><img src=x onerror=y>",
    "@org/team please",
    "[click](http://evil.test) ![x](http://evil.test/x.png)",
    "http://evil.test www.evil.test <http://evil.test>",
    "# heading\n\n- list\n\n```\nfence",
    "::error::gone",
    "#12 GH-3 **bold** ~~gone~~ $x$",
    "&lt;b&gt; &#64;org",
];

#[test]
fn no_name_moves_the_cursor() {
    for text in HOSTILE {
        for format in [CompareFormat::Text, CompareFormat::Json, CompareFormat::Markdown] {
            let text = written(&sample(Some(text)), format);
            assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{text:?}");
            assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
        }
    }
}

/// What a reader of Markdown makes of a page: how many cells each row has, what stands outside of code, and the code.
fn read(page: &str) -> (Vec<usize>, String, Vec<String>) {
    let (mut rows, mut outside, mut code, mut cells) = (Vec::new(), String::new(), Vec::new(), 0);
    for event in Parser::new_ext(
        page,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM,
    ) {
        match event {
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                panic!("a link: {link_type:?} {}", link_type == LinkType::Autolink)
            }
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::BlockQuote(_)) => panic!("a block of {page}"),
            Event::End(TagEnd::TableCell) => cells += 1,
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => rows.push(std::mem::take(&mut cells)),
            Event::Text(text) => outside.push_str(&text),
            Event::Code(text) => code.push(text.to_string()),
            Event::InlineHtml(html) | Event::Html(html) => assert_eq!(&*html, "<br>", "in {page}"),
            _ => {}
        }
    }
    (rows, outside, code)
}

#[test]
fn nothing_of_a_name_is_markup_in_markdown() {
    let (expected_rows, expected_outside, _) = read(&written(&sample(None), CompareFormat::Markdown));
    assert!(expected_rows.len() > 8 && expected_rows.iter().all(|cells| *cells == 4));
    for text in HOSTILE {
        let page = written(&sample(Some(text)), CompareFormat::Markdown);
        let (rows, outside, code) = read(&page);
        assert_eq!(rows, expected_rows, "{page}");
        assert!(
            !outside.contains('@') && !outside.contains("evil") && !outside.contains("org"),
            "{outside}"
        );
        // What stands outside of code are our own words, whatever the names are.
        let words = |text: &str| text.replace(' ', "");
        assert_eq!(words(&outside), words(&expected_outside));
        // It is shown as it is, but for what nobody sees, line ends, and a bar behind a backslash.
        let shown = escape::sentence(&text.replace(['\n', '\r', '\t'], " ")).replace("\\|", "\\\\x7c");
        let alone = code.iter().any(|one| one.trim() == shown.trim());
        assert!(alone, "{shown}\n{code:#?}");
    }
}

#[test]
fn what_is_still_open_and_differs_is_not_cut() {
    let mut old = samples::findings();
    old.cannot_decide.clear();
    let one = old.findings[0].clone();
    old.findings = (0..90)
        .map(|number| {
            let mut finding = one.clone();
            finding.fingerprint = format!("{number:032}");
            finding.subject.id = format!("pipedrive:{number:02}");
            finding
        })
        .collect();
    let mut new = old.clone();
    for finding in &mut new.findings[30..] {
        finding.facts.insert("excess".to_owned(), "more".into());
        finding.reasons[0].message = "more than that".to_owned();
    }
    let comparison = compared(&old, &new);
    for format in [CompareFormat::Text, CompareFormat::Markdown] {
        let page = written(&comparison, format);
        for number in 30..90 {
            assert!(page.contains(&format!("pipedrive:{number}")), "{number} of {page}");
        }
        assert!(page.contains("… and 30 more"), "{page}");
        assert_eq!(page.matches("more than that").count(), 60, "what it says now");
        assert_eq!(page.matches("in OLD: Lena Fox left on").count(), 60, "what it said");
        assert_eq!(
            page.matches("facts.excess none -> more").count(),
            60,
            "what was computed"
        );
    }
}

#[test]
fn what_does_not_fit_into_a_comment_hides_nothing_behind_it() {
    let mut new = samples::findings();
    new.cannot_decide.clear();
    let one = new.findings[0].clone();
    new.findings = (0..4)
        .map(|number| {
            let mut finding = one.clone();
            finding.fingerprint = format!("{number:032}");
            finding.subject.id = format!("pipedrive:{number}");
            finding.subject.name = Some("n".repeat(1_000));
            finding
        })
        .collect();
    let reason = new.findings[0].reasons[0].clone();
    new.findings[0].reasons = vec![reason; 40];
    for reason in &mut new.findings[0].reasons {
        reason.message = "m".repeat(1_999);
    }
    let mut old = samples::findings();
    old.findings.clear();
    let page = written(&compared(&old, &new), CompareFormat::Markdown);
    assert!(page.len() <= LIMIT, "{}", page.len());
    for number in 1..4 {
        assert!(page.contains(&format!("`pipedrive:{number}`")), "{number} of {page}");
    }
    assert!(!page.contains("`pipedrive:0`"), "it fits: {}", page.len());
    assert!(page.contains("… and 1 more"), "{page}");
    assert!(page.contains(&format!("{}… (800 more characters)", "n".repeat(200))));
    assert!(!page.contains(&"n".repeat(201)), "a name is cut");
}

#[test]
fn a_comment_has_its_bounds_and_says_what_it_leaves_out() {
    let mut new = samples::findings();
    new.cannot_decide.clear();
    let one = new.findings[0].clone();
    let long = "|".repeat(1_000);
    new.findings = (0..5_000)
        .map(|number| {
            let mut finding = one.clone();
            finding.fingerprint = format!("{number:032}");
            finding.subject.id = format!("pipedrive:{number}");
            finding.subject.name = Some(long.clone());
            finding
        })
        .collect();
    let mut old = samples::findings();
    old.findings.clear();
    let mut comparison = compared(&old, &new);
    comparison.cannot_decide = (0..500).map(|number| format!("{number} {long}")).collect();
    let mut facts = facts(None);
    let row = facts.accounts.clone().unwrap().remove(0);
    facts.accounts = Some(vec![row; 5_000]);
    comparison.facts = facts;
    let page = written(&comparison, CompareFormat::Markdown);
    assert!(page.len() <= LIMIT, "{}", page.len());
    assert!(page.len() > LIMIT / 2, "there was room for more: {}", page.len());
    let rows = page.lines().filter(|line| line.starts_with("| high |")).count();
    assert!(page.contains(&format!("… and {} more", 5_000 - rows)), "{rows}");
    for heading in [
        "Cannot decide",
        "5000 new findings",
        "accounts: 5000 new",
        "staff: 1 changed",
        "Notices",
    ] {
        assert!(page.contains(&format!("### {heading}\n")), "{heading}");
    }
    read(&page);
}
