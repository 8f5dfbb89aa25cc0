//! The page as a browser's parser reads it: hostile text is text, the policy fits, and nothing is left out unsaid.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use scraper::{ElementRef, Html, Node, Selector};

use super::{MOST, Most, csp, drawn, render};
use crate::exit::Exit;
use crate::finding::{ExceptionState, Finding, Report, Verdict};
use crate::report::{escape, samples};
use crate::snapshot::{Collection, Comparison, Completeness, Mode, Provided, Snapshot, Source};

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "</script></style></title></textarea></pre><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "https://evil.example/\"onclick=alert(1)",
    "<!-- --><base href=https://evil.example><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}&lt;b&gt;&amp;amp;",
    "a\r\nb\u{202e}c\u{200b}d\x1b[2J",
];

fn page(report: &Report) -> String {
    let mut out = Vec::new();
    render(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn parsed(report: &Report) -> Html {
    let page = Html::parse_document(&page(report));
    assert_eq!(page.errors, Vec::<String>::new());
    page
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// What a reader sees of an element, on one line.
fn text(element: ElementRef<'_>) -> String {
    let within = ["b", "strong", "code", "a", "span", "time", "button", "option"];
    let mut words = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(text) => words.push_str(text),
            Node::Element(element) if !within.contains(&element.name()) => words.push(' '),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    all(page, selector).into_iter().map(text).collect()
}

/// The page's text of a section.
fn section(report: &Report, id: &str) -> String {
    texts(&parsed(report), &format!("#{id}")).remove(0)
}

fn every_sample() -> Vec<Report> {
    let mut all = vec![samples::clean(), samples::findings(), samples::cannot_decide()];
    all.extend(HOSTILE.map(samples::hostile));
    all
}

/// A report of so many findings.
fn large(findings: usize) -> Report {
    let mut report = samples::findings();
    let [left, accepted, unmatched] = <[Finding; 3]>::try_from(report.findings).ok().unwrap();
    report.findings = (0..findings)
        .map(|number| {
            let mut finding = match number % 3 {
                0 => unmatched.clone(),
                1 => left.clone(),
                _ => accepted.clone(),
            };
            finding.exception = None;
            finding.subject.id = format!("pipedrive:{number}");
            finding.subject.name = Some(format!("Person {number}"));
            finding.subject.email = Some(format!("person.{number}@example.com"));
            finding
                .identity
                .iter_mut()
                .for_each(|note| note.staff = note.staff.as_ref().map(|_| format!("E{number}")));
            finding.fingerprint = format!("{number:032x}");
            finding
        })
        .collect();
    report.exceptions.clear();
    report.settle();
    report
}

/// Elements with their attributes, without what an attribute says.
fn shape(page: &Html) -> BTreeMap<(String, Vec<String>), usize> {
    let mut shape = BTreeMap::new();
    for element in all(page, "*") {
        let mut attributes: Vec<String> = element.value().attrs().map(|(name, _)| name.to_owned()).collect();
        attributes.sort();
        *shape
            .entry((element.value().name().to_owned(), attributes))
            .or_default() += 1;
    }
    shape
}

/// Row 54: whatever a name is, the page has the same elements with the same attributes as with a harmless one.
#[test]
fn hostile_text_is_text() {
    let harmless = parsed(&samples::hostile("Lena Fox"));
    for hostile in HOSTILE {
        let page = parsed(&samples::hostile(hostile));
        assert_eq!(shape(&page), shape(&harmless), "{hostile:?}");
        let attributes = |name: &str| -> BTreeSet<String> {
            let selector = format!("[{name}]");
            all(&page, &selector)
                .into_iter()
                .map(|it| it.value().attr(name).unwrap().to_owned())
                .collect()
        };
        assert!(
            attributes("href")
                .iter()
                .all(|to| to.starts_with('#') || to == "data:,"),
            "{hostile:?}"
        );
        for loads in ["src", "style", "action", "srcdoc", "background", "poster"] {
            assert_eq!(attributes(loads), BTreeSet::new(), "{hostile:?}");
        }
        let words: String = page.root_element().text().collect();
        let shown = escape::sentence(hostile);
        assert!(
            words.matches(&*shown).count() > 50,
            "{hostile:?} is there {} times",
            words.matches(&*shown).count()
        );
        assert_eq!(
            words.chars().find(|c| escape::is_hidden(*c) && *c != '\n'),
            None,
            "{hostile:?}"
        );
    }
}

#[test]
fn only_an_https_address_is_a_link() {
    let table = [
        ("https://example.com/a?b=c&d=e#f", true),
        ("http://example.com", false),
        ("javascript:alert(1)", false),
        ("JaVaScRiPt:alert(1)", false),
        (" https://example.com", false),
        ("data:text/html,x", false),
        ("//example.com", false),
        ("https://example.com/\u{202e}a", false),
        ("https://example.com/ onclick=alert(1)", false),
        ("vbscript:x", false),
    ];
    for (address, is_link) in table {
        let page = parsed(&samples::hostile(address));
        let links: BTreeSet<_> = all(&page, "a[href]")
            .into_iter()
            .map(|it| it.value().attr("href").unwrap())
            .collect();
        let outside: Vec<_> = links.into_iter().filter(|to| !to.starts_with('#')).collect();
        assert_eq!(outside, if is_link { vec![address] } else { vec![] }, "{address}");
    }
}

#[test]
fn nothing_that_a_text_says_becomes_part_of_the_template() {
    let shown = page(&samples::hostile("{{ verdict.code }}{% include 'x' %}"));
    assert!(shown.contains("{{ verdict.code }}{% include &#x27;x&#x27; %}"));
}

/// The only values that are not escaped are ours: the style, the script, and the words about where the rest is.
#[test]
fn what_is_not_escaped_is_ours() {
    assert_eq!(super::TEMPLATE.matches("|safe").count(), 3);
    assert!(super::TEMPLATE.contains("<style>{{ style|safe }}</style>"));
    assert!(super::TEMPLATE.contains("<script>{{ script|safe }}</script>"));
    for call in super::TEMPLATE.lines().filter(|line| line.contains("{{ more(")) {
        let place = call.rsplit_once(", ").unwrap().1;
        assert!(place.starts_with("json()") || place.starts_with("\"the CSV "), "{call}");
    }
    assert!(!super::TEMPLATE.contains("autoescape"));
}

#[test]
fn the_policy_lets_our_style_and_script_run_and_nothing_else() {
    let shown = parsed(&samples::findings());
    let [policy] = all(&shown, "meta[http-equiv]")[..] else {
        panic!()
    };
    let inside = |tag: &str| {
        let [one] = all(&shown, tag)[..] else { panic!("{tag}") };
        one.text().collect::<String>()
    };
    let policy = policy.value().attr("content").unwrap();
    assert_eq!(policy, csp::policy(&inside("style"), &inside("script")));
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    // It must stand before whatever it is to hold.
    let text = page(&samples::findings());
    assert!(text.find("Content-Security-Policy") < text.find("<style>"));
    assert!(text.find("Content-Security-Policy") < text.find("<link"));
}

#[test]
fn the_page_loads_nothing() {
    for report in every_sample() {
        let page = parsed(&report);
        for element in all(&page, "*") {
            for (name, value) in element.value().attrs() {
                assert!(!name.starts_with("on") && name != "style", "{name}={value}");
                let loads = matches!(
                    name,
                    "src" | "srcset" | "data" | "action" | "poster" | "manifest" | "ping" | "xlink:href"
                );
                assert!(!loads, "{name}={value}");
            }
        }
        let tags = [
            "link[href]:not([href='data:,'])",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "meta[http-equiv=refresh]",
        ];
        assert_eq!(texts(&page, &tags.join(", ")), Vec::<String>::new());
    }
    let style = include_str!("style.css");
    assert!(!style.contains("url(") && !style.contains("@import") && !style.contains("</"));
    let script = include_str!("script.js");
    for word in [
        "fetch(",
        "XMLHttp",
        "WebSocket",
        "sendBeacon",
        "import(",
        "eval(",
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "</",
    ] {
        assert!(!script.contains(word), "{word}");
    }
}

#[test]
fn headings_are_in_order_and_names_are_unique() {
    for report in every_sample().into_iter().chain([large(40)]) {
        let page = parsed(&report);
        let levels: Vec<u32> = all(&page, "h1, h2, h3, h4, h5, h6")
            .into_iter()
            .map(|it| it.value().name()[1..].parse().unwrap())
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        let names: Vec<&str> = all(&page, "[id]")
            .into_iter()
            .map(|it| it.value().attr("id").unwrap())
            .collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
        // Every address within the page leads somewhere.
        for link in all(&page, "a[href^='#']") {
            let to = link.value().attr("href").unwrap().trim_start_matches('#');
            assert!(names.contains(&to), "{to}");
        }
        for (attribute, element) in ["for", "aria-labelledby", "aria-describedby"]
            .iter()
            .flat_map(|name| all(&page, &format!("[{name}]")).into_iter().map(move |it| (name, it)))
        {
            assert!(names.contains(&element.value().attr(attribute).unwrap()), "{attribute}");
        }
    }
}

#[test]
fn the_verdict_stands_first_and_is_never_better_than_it_is() {
    let verdict = |report: &Report| section(report, "verdict");
    assert!(verdict(&samples::clean()).starts_with("Verdict: Clean 82 verdicts, and nothing was found."));
    let mut asked = samples::clean();
    asked.checks[0].ran = false;
    assert!(verdict(&asked).starts_with("Verdict: Clean as far as asked: 1 of 2 checks ran"));
    let found = verdict(&samples::findings());
    assert!(
        found.starts_with(
            "Verdict: 3 findings Among 82 verdicts; 2 count for the exit code. 1 is accepted by an exception: \
             still wrong, and for a time tolerated. 1 check did not run."
        ),
        "{found}"
    );
    assert!(
        found.contains("Exit code 1 What counts for it --fail-on low, unless accepted"),
        "{found}"
    );
    let undecided = verdict(&samples::cannot_decide());
    assert!(
        undecided.starts_with(
            "Verdict: Cannot decide Not everything could be judged, so this is no pass, whatever was found."
        ),
        "{undecided}"
    );
    assert!(
        undecided.contains("Why it could not be decided access_valid has 13 unknown verdicts in pipedrive source pipedrive: users were read to page 2 of 3"),
        "{undecided}"
    );
    assert!(undecided.contains("Exit code 3"), "{undecided}");
    let mut tolerated = samples::findings();
    tolerated.outcome = Exit::Clean;
    assert!(verdict(&tolerated).starts_with("Verdict: 3 findings, and none counts"));
    let page = parsed(&samples::cannot_decide());
    assert_eq!(texts(&page, "h2")[0], "Verdict: Cannot decide");
    assert_eq!(
        texts(&page, "title")[0],
        "Cannot decide: user access at Acme, 20 Nov 2026"
    );
}

#[test]
fn a_check_that_could_not_judge_everybody_is_not_passing() {
    let standing = |change: &dyn Fn(&mut Report)| {
        let mut report = samples::clean();
        change(&mut report);
        let page = parsed(&report);
        texts(&page, ".checks .state")[0].clone()
    };
    assert_eq!(standing(&|_| ()), "passing");
    assert_eq!(
        standing(&|report| report.checks[0].population.unknown = 1),
        "not decided"
    );
    assert_eq!(standing(&|report| report.checks[0].population.error = 1), "not decided");
    assert_eq!(
        standing(&|report| report.checks[0].population.unproved = Some("x".to_owned())),
        "not decided"
    );
    assert_eq!(standing(&|report| report.checks[0].ran = false), "did not run");
    assert_eq!(
        standing(&|report| report.checks[0].population = Default::default()),
        "nobody to judge"
    );
}

#[test]
fn a_finding_has_all_that_is_known_of_it() {
    let mut report = samples::findings();
    report.findings[0].clock.due_before = Some("2026-10-03T22:00:00Z".parse().unwrap());
    report.findings[0].clock.is_new = Some(true);
    let page = parsed(&report);
    let findings = texts(&page, ".finding");
    let [unmatched] = &findings[2..] else {
        panic!("{findings:#?}")
    };
    assert!(
        findings[0].starts_with("high Lena Fox lena.fox@example.com · pipedrive:17 Lena Fox left on 2026-09-30"),
        "{findings:#?}"
    );
    for words in [
        "Failing: 43 days over New",
        "active_after_exit Since 30 Sep 2026, 22:00 UTC. Passes if the account is deactivated.",
        "An exception fits, and accepts nothing. Expired: its last day was 2026-11-10",
        "Identity staff E017, by email (lena.fox@example.com)",
        "Since 30 Sep 2026, 22:00 UTC",
        "Due 7 Oct 2026, 22:00 UTC; before the grace was changed, 3 Oct 2026, 22:00 UTC",
        "days 50",
        "Nearest line rolecall.yaml:14:5",
        "Fingerprint offboarded_access_removed/pipedrive:17",
    ] {
        assert!(findings[0].contains(words), "{words}: {}", findings[0]);
    }
    assert!(
        findings[1].contains(
            "Accepted by ada.brook@example.com until 15 Dec 2026: hands over their deals until the quarter ends"
        ),
        "{}",
        findings[1]
    );
    for words in [
        "Critical: 4 days left",
        "Perhaps it belongs to Jon Bergman 1 <jon.1@example.com> (E001): a similar name",
        "To fix: Find out who Jon Berg is.",
        "- system: pipedrive account: \"23\" staff: E001",
    ] {
        assert!(unmatched.contains(words), "{words}: {unmatched}");
    }
}

#[test]
fn nothing_is_left_out_unsaid() {
    let mut report = samples::cannot_decide();
    report.previous = Some(earlier());
    let shown = section(&report, "facts");
    assert!(shown.contains("48 not there yes"), "{shown}");
    report.inputs.policies[0].replaces_built_in = true;
    assert!(section(&report, "inputs").contains("built-in replaces a built-in aaaa"));
    let undecided = section(&report, "undecided");
    for words in [
        "unknown 12 subjects · access_valid in Acme CRM (pipedrive) Not known: account.role_names, account.roles",
        "error 1 subject · access_valid in Acme CRM (pipedrive) policies/access_valid/check.rego:31:9: division by zero",
        "Person 12 pipedrive:12",
    ] {
        assert!(undecided.contains(words), "{words}: {undecided}");
    }
    assert!(
        section(&samples::findings(), "notices")
            .contains("no account fits this entry unused_identity rolecall.yaml:40:5")
    );
    let exceptions = section(&samples::findings(), "exceptions");
    for words in [
        "pipedrive:9 offboarded_access_removed rolecall.yaml:52:5 In force hands over",
        "25 days left",
        "rolecall.yaml:52:5 Expired hands over",
        "over for 10 days",
        "Ticket SEC-12",
    ] {
        assert!(exceptions.contains(words), "{words}: {exceptions}");
    }
    let collection = section(&samples::findings(), "collection");
    assert!(
        collection.contains("2 1 repeated 1 48 48 distinct 48 1,200 20 Nov 2026, 08:59 UTC for 1.5 s"),
        "{collection}"
    );
    let people = section(&samples::findings(), "people");
    assert!(people.contains("staff E017") && people.contains("Jon Berg"), "{people}");
}

/// An earlier snapshot that had 48 people on the roster.
fn earlier() -> Comparison {
    let taken_at = "2026-11-01T09:00:00Z".parse().unwrap();
    let mut before = Snapshot::empty(taken_at);
    before.sources.push(Source {
        id: "roster".to_owned(),
        connector: "roster".to_owned(),
        connector_sha256: String::new(),
        mode: Mode::File,
        taken_at: Some(taken_at),
        provides: vec![],
        unavailable: vec![],
        streams: vec![],
        notices: vec![],
    });
    let now = before.clone();
    before.sources[0].provides.push(Provided {
        collection: Collection::Staff,
        state: Completeness::Complete,
        rows: 48,
        kept: 48,
        dropped: vec![],
        why: None,
    });
    Comparison::of(&now, (&before, "d".repeat(64)), None, "before.json").unwrap()
}

/// Row 59: the worst are drawn, and the rest is counted.
#[test]
fn long_lists_say_how_many_more_there_are() {
    let mut report = large(30);
    let notice = report.notices[0].clone();
    report.notices = vec![notice; 12];
    let few = Most {
        findings: 20,
        people: 10,
        others: 10,
    };
    let page = Html::parse_document(&drawn(&report, few).unwrap());
    assert_eq!(all(&page, ".finding").len(), 20);
    assert_eq!(
        all(&page, ".finding[data-severity=high]").len(),
        20,
        "the worst are drawn"
    );
    let more = texts(&page, ".more");
    assert_eq!(
        more,
        [
            "10 more findings: only the worst are drawn here. All of them are in the CSV (--output csv=findings.csv).",
            "20 more people: they are in the CSV (--output csv=findings.csv).",
            "2 more notices: they are in the JSON report (--output json=report.json).",
        ]
    );
    assert!(texts(&page, "#verdict .tile-fail")[0].contains("30 20 high, 10 medium"));
    let whole = Html::parse_document(&drawn(&report, MOST).unwrap());
    assert_eq!((all(&whole, ".finding").len(), all(&whole, ".more").len()), (30, 0));
}

#[test]
fn of_a_hundred_thousand_findings_five_thousand_are_drawn() {
    let shown = page(&large(100_000));
    assert_eq!(shown.matches("<li class=\"finding\"").count(), 5_000);
    assert!(shown.contains("<strong>95,000 more findings:</strong> only the worst are drawn here."));
    assert!(
        shown.contains("<span>100,000</span>"),
        "the list of contents says how many there are"
    );
    assert!(shown.len() < 16 << 20, "{} bytes", shown.len());
}

#[test]
fn a_name_of_a_megabyte_is_cut_with_its_length() {
    let shown = page(&samples::hostile(&"x".repeat(1 << 20)));
    assert!(shown.contains("… (1048376 more characters)"));
    assert!(shown.len() < 1_500_000, "{} bytes", shown.len());
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(page(&samples::cannot_decide()), page(&samples::cannot_decide()));
}

/// Where the run could not decide, no part of the page says that nothing is open, and a reason is said once.
#[test]
fn what_was_not_read_is_open_in_every_place() {
    let why = "accounts of `pipedrive`: `users`: `users.json`: there is no such file";
    let mut report = samples::clean();
    report.cannot_decide = vec![why.to_owned()];
    let pipedrive = &mut report.sources[0];
    (pipedrive.state, pipedrive.undecides) = (Completeness::Partial, true);
    (pipedrive.unread, pipedrive.problems) = (vec![Collection::Accounts], vec![why.to_owned()]);
    pipedrive.streams[0].why = Some("`users.json`: there is no such file".to_owned());
    for check in &mut report.checks {
        check.population = crate::finding::Population {
            unproved: Some(why.to_owned()),
            ..Default::default()
        };
    }
    report.settle();
    let page = parsed(&report);
    let whole = text(all(&page, "body")[0]);
    assert_eq!(whole.matches("there is no such file").count(), 1, "{whole}");
    assert_eq!(texts(&page, "#why-1 code"), ["pipedrive", "users", "users.json"]);
    assert_eq!(all(&page, "a[href='#why-1']").len(), 6);
    let tiles = texts(&page, ".tile");
    assert_eq!(
        tiles[..3],
        [
            "Open findings 0 nothing found so far",
            "Accepted 0",
            "Not decided 2 2 checks may not have seen everybody"
        ]
    );
    assert_eq!(all(&page, ".tile-unknown").len(), 1);
    assert!(texts(&page, "nav li").contains(&"Not decided 2".to_owned()));
    let undecided = &texts(&page, "#undecided")[0];
    assert!(
        undecided.contains("see reason 1. Not proved that everybody was judged not all seen 2 checks"),
        "{undecided}"
    );
    assert!(whole.contains("7 roles; accounts not read") && whole.contains("Not read: the accounts of pipedrive."));
    assert!(
        !whole.contains("0 accounts") && !whole.contains("nothing undecided") && !whole.contains("nothing is open")
    );

    // A run that judged nothing at all has no check to name: its reason counts.
    let mut empty = samples::clean();
    empty.checks.clear();
    empty.cannot_decide = vec!["no check ran".to_owned()];
    empty.settle();
    let page = parsed(&empty);
    assert_eq!(
        texts(&page, ".tile-unknown"),
        ["Not decided 1 1 reason why the run gives no answer"]
    );
    assert!(texts(&page, "#undecided")[0].contains("see reason 1"));
}

#[test]
fn what_there_is_none_of_is_one_line() {
    let page = parsed(&samples::clean());
    assert_eq!(
        texts(&page, ".absent"),
        ["No findings, nothing undecided, no exceptions and no notices."]
    );
    let sections = ["#findings", "#people", "#exceptions", "#undecided", "#notices"];
    for section in sections {
        assert_eq!(all(&page, section).len(), 0, "{section}");
        assert_eq!(all(&page, &format!("nav a[href='{section}']")).len(), 0, "{section}");
    }
    assert_eq!(
        texts(&page, ".tile"),
        [
            "Open findings 0 nothing is open",
            "Accepted 0",
            "Not decided 0",
            "Passed 76 of 82 verdicts",
            "Not judged 6 6 not applicable"
        ]
    );
    let page = parsed(&samples::findings());
    assert_eq!(texts(&page, ".absent"), ["Nothing undecided."]);
    for section in ["#findings", "#people", "#exceptions", "#notices"] {
        assert_eq!(all(&page, &format!("main > {section}")).len(), 1, "{section}");
        assert_eq!(all(&page, &format!("nav a[href='{section}']")).len(), 1, "{section}");
    }
}

#[test]
fn what_stands_between_backticks_is_code_and_nothing_else() {
    let notice = |message: &str| {
        let mut report = samples::findings();
        report.notices.truncate(1);
        report.notices[0].message = message.to_owned();
        let page = parsed(&report);
        let [item] = all(&page, ".notices li")[..] else {
            panic!()
        };
        let shown = text(item);
        let code = texts(&page, ".notices li code");
        (shown, code[..code.len() - 1].to_vec())
    };
    assert_eq!(
        notice("`a` and `b<i>c</i>`"),
        (
            "a and b<i>c</i> mapping_conflict pipedrive:12".to_owned(),
            vec!["a".to_owned(), "b<i>c</i>".to_owned()]
        )
    );
    assert_eq!(
        notice("one ` alone"),
        ("one ` alone mapping_conflict pipedrive:12".to_owned(), vec![])
    );
}

#[test]
fn a_place_is_named_as_in_every_other_form() {
    let mut report = samples::findings();
    report.notices[1].place.as_mut().unwrap().file = "./rolecall.yaml".to_owned();
    let notices = section(&report, "notices");
    assert!(notices.contains(" rolecall.yaml:40:5"), "{notices}");
}

/// What accepts nothing has no time that could run out.
#[test]
fn only_an_exception_in_force_counts_down() {
    for state in [
        ExceptionState::InForce,
        ExceptionState::Unused,
        ExceptionState::TargetGone,
        ExceptionState::Proposed,
    ] {
        let mut report = samples::findings();
        report.exceptions[0].state = state;
        let shown = section(&report, "exceptions");
        assert_eq!(
            shown.contains("25 days left"),
            state == ExceptionState::InForce,
            "{state:?}: {shown}"
        );
    }
}

#[test]
fn columns_that_say_nothing_are_left_out() {
    let heads = |report: &Report| texts(&parsed(report), ".streams thead tr").remove(0);
    assert!(heads(&samples::clean()).contains("Total stated Bytes When SHA-256"));
    let mut report = samples::clean();
    let stream = &mut report.sources[0].streams[0];
    (stream.total, stream.started_at) = (None, None);
    let shown = heads(&report);
    assert!(shown.contains("Rows Bytes SHA-256"), "{shown}");
}

/// Pages for `.ci/html`, which opens them in a browser.
#[test]
fn pages_for_a_browser() {
    let Some(folder) = env::var_os("ROLECALL_HTML_DIR") else {
        return;
    };
    let mut dated = samples::findings();
    dated.baseline = Some(crate::finding::Baseline {
        sha256: "c".repeat(64),
        as_of: "2026-11-19T09:00:00Z".parse().unwrap(),
        kept: vec![],
    });
    dated.findings[2].clock.is_new = Some(true);
    let mut hostile = samples::hostile("\"><script>alert(1)</script><img src=x onerror=alert(1)>");
    hostile.cannot_decide.push("a\u{202e}b".to_owned());
    let mut many = large(6_000);
    let judgement = samples::cannot_decide().undecided.remove(0);
    many.undecided = (0..1_000)
        .map(|number| {
            let mut judgement = judgement.clone();
            judgement.subject.id = format!("pipedrive:{number}");
            judgement.verdict = Verdict::Unknown;
            judgement
        })
        .collect();
    let pages = [
        ("clean", samples::clean()),
        ("findings", dated),
        ("cannot_decide", samples::cannot_decide()),
        ("hostile", hostile),
        ("long", samples::hostile(&"x".repeat(300))),
        ("large", many),
    ];
    for (name, report) in pages {
        fs::write(Path::new(&folder).join(format!("{name}.html")), page(&report)).unwrap();
    }
}
