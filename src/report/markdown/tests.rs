//! Pages, rendered as a forge does it and read back.

use pulldown_cmark::{Options, Parser, html};
use scraper::{Html, Selector};

use super::render;
use crate::finding::{CheckSummary, Report};
use crate::report::{escape, samples};

/// What a summary of a job takes.
const MOST: usize = 1 << 20;

fn rendered(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The page as HTML, with the extensions of GitHub.
fn page(text: &str) -> Html {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH;
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(text, options));
    Html::parse_fragment(&out)
}

/// Every element that is not one of those that we write, and every link that is not https.
fn strangers(page: &Html) -> Vec<String> {
    let ours = [
        "html", "h2", "h3", "h4", "p", "ul", "li", "strong", "code", "a", "table", "thead", "tbody", "tr", "th", "td",
        "details", "summary",
    ];
    let all = Selector::parse("*").unwrap();
    let strange = page.select(&all).filter(|element| {
        let value = element.value();
        let attributes = value.attrs().all(|(name, text)| match name {
            "href" => value.name() == "a" && text.starts_with("https://"),
            "style" => matches!(value.name(), "td" | "th") && text.starts_with("text-align: "),
            _ => false,
        });
        !ours.contains(&value.name()) || !attributes
    });
    strange
        .map(|element| element.html().chars().take(200).collect())
        .collect()
}

/// Texts outside code and links, in which a forge looks for mentions and references; and all texts without their spaces
/// of no width.
fn texts(page: &Html) -> (String, String) {
    let (mut loose, mut all) = (String::new(), String::new());
    for node in page.tree.nodes() {
        let Some(text) = node.value().as_text() else { continue };
        all.push_str(&text.replace('\u{200b}', ""));
        let named = |name: &str| {
            let mut above = node
                .ancestors()
                .filter_map(|node| node.value().as_element().map(|one| one.name()));
            above.any(|one| one == name)
        };
        if !named("code") && !named("a") {
            loose.push_str(text);
            loose.push('\n');
        }
    }
    (loose, all)
}

fn counts(page: &Html) -> Vec<usize> {
    let all = ["h2", "h3", "h4", "table", "tr", "td", "li", "a", "details"];
    let count = |name: &str| page.select(&Selector::parse(name).unwrap()).count();
    all.map(count).to_vec()
}

#[test]
fn whole_pages() {
    insta::assert_snapshot!("clean", rendered(&samples::clean()));
    insta::assert_snapshot!("findings", rendered(&samples::findings()));
    insta::assert_snapshot!("cannot_decide", rendered(&samples::cannot_decide()));
}

#[test]
fn the_verdict_comes_first() {
    let mut lenient = samples::findings();
    lenient.outcome = crate::exit::Exit::Clean;
    for (report, begin) in [
        (samples::clean(), "## rolecall: clean\n"),
        (samples::findings(), "## rolecall: findings\n"),
        (samples::cannot_decide(), "## rolecall: cannot decide\n"),
        (lenient, "## rolecall: nothing that counts\n"),
    ] {
        assert!(rendered(&report).starts_with(begin), "{begin}");
    }
}

#[test]
fn what_did_not_run_and_what_does_not_count_stand_beside_the_verdict() {
    let mut report = samples::clean();
    report.checks[0].ran = false;
    let text = rendered(&report);
    assert!(
        text.starts_with("## rolecall: clean as far as asked: 1 of 2 checks ran\n"),
        "{text}"
    );
    let mut report = samples::findings();
    report.fail_on.0 = vec!["high".parse().unwrap()];
    let text = rendered(&report);
    assert!(
        text.contains("; 1 of 3 findings counts (high); 2 of 3 checks ran."),
        "{text}"
    );
}

/// The word at the end of a check's row, of a check that is `passing` but for one thing.
#[test]
fn no_check_is_passing_that_could_not_judge_everybody() {
    let word = |change: &dyn Fn(&mut CheckSummary)| {
        let mut report = samples::clean();
        change(&mut report.checks[0]);
        let text = rendered(&report);
        let row = text.lines().find(|line| line.starts_with("| offboarded")).unwrap();
        row.rsplit(" | ").next().unwrap().trim_end_matches(" |").to_owned()
    };
    assert_eq!(word(&|_| ()), "passing");
    assert_eq!(word(&|check| check.population.unknown = 1), "not decided");
    assert_eq!(word(&|check| check.population.error = 1), "not decided");
    assert_eq!(
        word(&|check| check.population.unproved = Some("x".to_owned())),
        "not decided; not proved that these are all: x"
    );
    assert_eq!(word(&|check| check.population = Default::default()), "nobody to judge");
    assert_eq!(word(&|check| check.ran = false), "did not run");
    assert_eq!(
        word(&|check| (check.population.fail, check.population.excepted) = (2, 2)),
        "all findings accepted"
    );
}

#[test]
fn hostile_text_means_nothing() {
    let sober = counts(&page(&rendered(&samples::hostile("sober"))));
    let kinds = [
        "a | b",
        "\\| b",
        "`code` ``x`` `",
        "<details><summary>x</summary>",
        "</details>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!-- x",
        "[x](http://evil.test)",
        "![x](http://evil.test/x.png)",
        "[x][1] [1]: http://evil.test",
        "<http://evil.test>",
        "javascript:alert(1)",
        "**x** _y_ ~~z~~ $w$",
        "# x",
        "- x",
        "1. x",
        "> x",
        "---",
        "    x",
        "```\nx\n```",
        "a\n\n# b\n| c | d |\n|---|---|",
        "&lt;b&gt; &copy;",
        "[^1]: x",
        "- [ ] x",
        "\x1b[2J\0\u{202e}\u{200b}",
        "@org/team @someone",
        "fixes #123 org/repo#4 GH-5 !6 %7",
        "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
        "https://evil.test www.evil.test ada@evil.test",
        ":smile: :+1:",
    ];
    for kind in kinds {
        let text = rendered(&samples::hostile(kind));
        let page = page(&text);
        assert_eq!(strangers(&page), Vec::<String>::new(), "{kind:?}\n{text}");
        assert_eq!(counts(&page), sober, "{kind:?}\n{text}");
        let (loose, all) = texts(&page);
        let shown = escape::sentence(&kind.replace(['\n', '\t'], " ")).trim().to_owned();
        assert!(all.contains(&shown), "{kind:?} is not {shown:?} any more\n{text}");
        // What GitHub and GitLab make of plain text.
        for pattern in [
            r"@[\w-]",
            r"#\d",
            r"(?i)\bgh-\d",
            r"[!%$~&]\d",
            r"\b[0-9a-fA-F]{7,40}\b",
            r"(?i)https?://",
            r"(?i)www\.",
            r":[\w+-]*[a-z+][\w+-]*:",
        ] {
            let found = regex::Regex::new(pattern)
                .unwrap()
                .find(&loose)
                .map(|one| one.as_str().to_owned());
            assert_eq!(found, None, "{pattern} in {kind:?}\n{loose}");
        }
        assert_eq!(
            text.chars().find(|c| *c != '\n' && escape::is_hidden(*c)),
            None,
            "{kind:?}"
        );
    }
}

#[test]
fn only_documented_https_pages_are_linked() {
    let shown = rendered(&samples::findings());
    let page = page(&shown);
    let links = Selector::parse("a").unwrap();
    let links: Vec<&str> = page.select(&links).filter_map(|link| link.attr("href")).collect();
    assert!(
        links.contains(&"https://docs.example.com/offboarded_access_removed"),
        "{links:?}"
    );
    assert_eq!(strangers(&page), Vec::<String>::new());
}

#[test]
fn a_summary_takes_no_more_than_a_mebibyte() {
    for (name, is_long) in [("Lena Fox".to_owned(), false), ("@|`<".repeat(1_000), true)] {
        let mut report = samples::hostile(&name);
        report.findings.iter_mut().for_each(|finding| finding.exception = None);
        let (one, judged) = (report.findings[0].clone(), report.undecided[0].clone());
        let (exception, notice) = (report.exceptions[1].clone(), report.notices[0].clone());
        let (check, source) = (report.checks[0].clone(), report.sources[0].clone());
        for number in 0..20_000_usize {
            let mut finding = one.clone();
            finding.check = format!("check_{}", number % 500);
            finding.exception = (number % 3 == 0).then_some(0);
            report.findings.push(finding);
            if number % 10 == 0 {
                let mut judged = judged.clone();
                judged.note = Some(number.to_string());
                report.undecided.push(judged);
                report.exceptions.push(exception.clone());
                report.notices.push(notice.clone());
                report.checks.push(check.clone());
                report.sources.push(source.clone());
                report.cannot_decide.push(name.clone());
                report.inputs.policies.push(report.inputs.policies[0].clone());
            }
        }
        let text = rendered(&report);
        assert!(text.len() < MOST, "{} bytes", text.len());
        for what in [
            "more reasons",
            "more, in the other formats",
            "more exceptions",
            "more notices",
            "more causes",
        ] {
            assert!(!is_long || text.contains(what), "{what}");
        }
        assert!(text.ends_with("</details>\n"), "it is whole");
        let of_findings = text.contains("more findings of this check") || text.contains("more findings of ");
        assert!(of_findings);
        assert_eq!(strangers(&page(&text)), Vec::<String>::new());
    }
}
