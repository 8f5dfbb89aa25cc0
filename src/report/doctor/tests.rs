//! One examination in every form, and names that would break a careless writer.

use jiff::SignedDuration;

use super::{SCHEMA, render, schema};
use crate::doctor::{Examination, Lack, Open, Provided, Reader, Source, Stream, Trouble};
use crate::exit::Exit;
use crate::report::{Format, escape, samples};
use crate::snapshot::{Collection, Completeness, Mode, YesNo};

fn written(found: &Examination, format: Format) -> String {
    let mut out = Vec::new();
    render(found, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn source(id: &str) -> Source {
    Source::unread(id, "crm")
}

fn stream(name: &str, state: Completeness, rows: u64, why: Option<&str>) -> Stream {
    Stream {
        name: name.to_owned(),
        state,
        rows,
        why: why.map(str::to_owned),
    }
}

/// One live source with everything that there is to say, and one that cannot be read; `hostile` is in every name.
fn examination(hostile: &str) -> Examination {
    let named = |text: &str| format!("{text}{hostile}");
    let read = Source {
        mode: Some(Mode::Live),
        origin: Some("https://acme.example.com".to_owned()),
        taken_at: "2026-11-23T12:00:00Z".parse().ok(),
        stale: Some("`crm` was taken too long ago".to_owned()),
        tenant: Some(named("acme")),
        way: Some("token".to_owned()),
        reader: Some(Reader {
            key: "crm:1".to_owned(),
            name: Some(named("Ada")),
            email: Some("ada@example.com".to_owned()),
            sees_all: YesNo::No,
        }),
        streams: vec![
            stream("users", Completeness::Complete, 1, None),
            stream("teams", Completeness::Partial, 7, Some(&named("page 2: status 500"))),
            stream("roles", Completeness::Unavailable, 0, Some("status 403")),
            stream("sets", Completeness::Failed, 0, None),
        ],
        collections: vec![
            Provided {
                collection: Collection::Accounts,
                state: Completeness::Partial,
                rows: 1,
                why: Some("normalise kept 1 of 2 users".to_owned()),
            },
            Provided {
                collection: Collection::Roles,
                state: Completeness::Unavailable,
                rows: 0,
                why: Some("status 403".to_owned()),
            },
        ],
        lacks: vec![Lack {
            path: "account.role_names".to_owned(),
            why: "needs roles".to_owned(),
        }],
        skew: Some(SignedDuration::from_secs(-7)),
        budget: Some((120, 1000)),
        warnings: vec![named("a notice")],
        ..source("crm")
    };
    let failed = Source {
        trouble: Some(Trouble {
            message: named("rolecall.yaml:3:5: `TOKEN` is not set"),
            help: Some("set it".to_owned()),
            exit: Exit::Usage,
        }),
        ..source("directory")
    };
    let open = |reason: Option<&str>, missing: &[&str]| Open {
        check: "a_check".to_owned(),
        system: Some("crm".to_owned()),
        reason: reason.map(str::to_owned),
        missing: missing.iter().map(|path| (*path).to_owned()).collect(),
        unknown: Vec::new(),
        why: reason.is_none().then(|| named("`crm` was not read")),
        subjects: u64::from(reason.is_some()) * 12,
    };
    Examination {
        organisation: named("Acme"),
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
        sources: vec![read, failed],
        troubles: vec![Trouble {
            message: named("who works here is not known"),
            help: Some("name a roster".to_owned()),
            exit: Exit::CannotDecide,
        }],
        open: vec![
            open(None, &[]),
            open(Some("one"), &["account.role_names"]),
            open(Some("two"), &["account.role_names"]),
            open(Some("three"), &["identity"]),
        ],
        outcome: Exit::Usage,
    }
}

#[test]
fn everything_has_its_words() {
    insta::assert_snapshot!(written(&examination(""), Format::Text));
}

#[test]
fn the_document_fits_its_schema() {
    let found = examination("");
    let document: serde_json::Value = serde_json::from_str(&written(&found, Format::Json)).unwrap();
    assert_eq!(document["schema"], SCHEMA);
    assert_eq!(document["outcome"], "mend");
    let schema = schema();
    let keys = |value: &serde_json::Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut declared = keys(&schema["properties"]);
    let mut written = keys(&document);
    declared.sort();
    written.sort();
    assert_eq!(declared, written);
    assert_eq!(document["sources"][0]["clock_skew_seconds"], -7);
    assert_eq!(
        document["sources"][0]["budget"],
        serde_json::json!({"left": 120, "of": 1000})
    );
    assert_eq!(document["sources"][1]["trouble"]["help"], "set it");
    assert_eq!(document["open"][0]["why"], "`crm` was not read");
}

#[test]
fn a_hostile_name_moves_nothing() {
    for format in [Format::Text, Format::Json] {
        let text = written(&examination("\u{1b}[2J\u{202e}\r\n::error::\u{9b}"), format);
        let moves = |c: char| c != '\n' && escape::is_hidden(c);
        assert!(!text.chars().any(moves), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("doctor.schema.json", &schema());
}
