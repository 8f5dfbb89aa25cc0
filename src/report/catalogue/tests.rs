//! The built-in checks, and one whose words would break a careless page.

use std::collections::BTreeMap;

use super::{SCHEMA, render, schema};
use crate::catalogue::{Catalogue, Piece, Sentence};
use crate::check;
use crate::report::{DocsFormat, escape, samples};

fn built_in() -> Catalogue {
    Catalogue::of(&check::load(&[], &BTreeMap::new()).unwrap(), &[])
}

fn written(catalogue: &Catalogue, format: DocsFormat) -> String {
    let mut out = Vec::new();
    render(catalogue, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("catalogue.schema.json", &schema());
}

#[test]
fn the_page_of_the_built_in_checks_is_current() {
    samples::current("docs/checks.md", &written(&built_in(), DocsFormat::Markdown));
}

#[test]
fn everything_that_a_check_says_is_in_both_forms() {
    let catalogue = built_in();
    let page = written(&catalogue, DocsFormat::Markdown);
    let json: serde_json::Value = serde_json::from_str(&written(&catalogue, DocsFormat::Json)).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    let listed = json["checks"].as_array().unwrap();
    assert_eq!(listed.len(), catalogue.checks.len());
    for (entry, listed) in catalogue.checks.iter().zip(listed) {
        assert_eq!(listed["id"], entry.id.as_str());
        let section = page.split(&format!("<a id=\"{}\"></a>", entry.id)).nth(1).unwrap();
        let section = section.split("<a id=").next().unwrap();
        for (rule, reasons) in [
            ("skip", &entry.skip),
            ("fail", &entry.fail),
            ("unknown", &entry.unknown),
        ] {
            assert_eq!(listed["reasons"][rule].as_array().unwrap().len(), reasons.len());
            for reason in reasons {
                assert!(section.contains(&format!("- `{}`: ", reason.code)), "{}", reason.code);
            }
        }
        let pages = entry.links.iter().map(|page| page.url.as_str());
        let leaves = entry.reads.iter().filter_map(|path| path.rsplit('.').next());
        let controls = entry.controls.values().flatten().map(String::as_str);
        for words in pages.chain(leaves).chain(controls) {
            assert!(section.contains(words), "{}: {words}", entry.id);
        }
        for param in &entry.params {
            assert!(section.contains(&format!("- `{}` (", param.name)), "{}", param.name);
        }
        // Braces are left where paths are taken together, and nowhere else.
        let (all, grouped) = (section.matches('{').count(), section.matches(".{").count());
        assert_eq!(all, grouped, "a placeholder is shown as it is written: {section}");
    }
}

#[test]
fn nothing_from_a_check_is_markup() {
    let mut catalogue = built_in();
    let hostile = "</a><script>\n# [x](y) | `z\u{1b}[2J\u{202e}";
    for entry in &mut catalogue.checks {
        entry.description = hostile.to_owned();
        entry.origin = hostile.to_owned();
        entry.title = Sentence(vec![
            Piece::Text(hostile.to_owned()),
            Piece::Placeholder(hostile.to_owned()),
        ]);
        entry.controls = BTreeMap::from([(hostile.to_owned(), vec![hostile.to_owned()])]);
        for page in &mut entry.links {
            page.description = hostile.to_owned();
        }
        for reason in entry.skip.iter_mut().chain(&mut entry.fail) {
            reason.message = entry.title.clone();
            reason.code = hostile.to_owned();
            reason.reads = vec![hostile.to_owned()];
        }
    }
    for format in [DocsFormat::Markdown, DocsFormat::Json] {
        let text = written(&catalogue, format);
        assert!(!text.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{text:?}");
    }
    // Outside of code, every character that could begin markup is escaped; nothing of it begins a line.
    let page = written(&catalogue, DocsFormat::Markdown);
    assert!(page.contains("\\</a\\>\\<script\\> \\# \\[x\\](y) \\| \\`z"), "{page}");
    assert!(
        !page
            .lines()
            .any(|line| line.starts_with("# [") || line.starts_with("<script")),
        "{page}"
    );
}

#[test]
fn a_sentence_comes_back_as_it_was_written() {
    let sentence = Sentence(vec![
        Piece::Placeholder("account.email|account.key".to_owned()),
        Piece::Text(" holds {x}".to_owned()),
    ]);
    assert_eq!(sentence.source(), "{account.email|account.key} holds {{x}}");
}

#[test]
fn what_is_between_backticks_is_code_and_nothing_else_is_markup() {
    let mut catalogue = built_in();
    catalogue.checks.truncate(1);
    for (words, shown) in [
        ("under `a*b*` in", "under `a*b*` in"),
        ("one ` alone", "one \\` alone"),
        ("`` none", "\\`\\` none"),
        ("`a` *b* `c|d`", "`a` \\*b\\* `c|d`"),
    ] {
        catalogue.checks[0].summary = Sentence(vec![Piece::Text(words.to_owned())]);
        let page = written(&catalogue, DocsFormat::Markdown);
        assert!(page.contains(&format!("**What to do**\n\n{shown}\n")), "{page}");
    }
}
