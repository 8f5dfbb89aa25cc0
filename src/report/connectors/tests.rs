//! The list and one connector, as people and programs see them.

use super::{SCHEMA, Shown, render, schema};
use crate::connector::Connectors;
use crate::report::{Format, samples};

fn written(shown: Shown<'_>, format: Format) -> String {
    let mut out = Vec::new();
    render(shown, format, false, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_connector_is_in_the_list_and_can_be_shown() {
    let connectors = Connectors::load(&[]).unwrap();
    let all: Vec<_> = connectors.iter().collect();
    let text = written(Shown::All(&all), Format::Text);
    let json: serde_json::Value = serde_json::from_str(&written(Shown::All(&all), Format::Json)).unwrap();
    assert_eq!(json["schema"], SCHEMA);
    let listed = json["connectors"].as_array().unwrap();
    assert_eq!(listed.len(), all.len());
    for (connector, listed) in all.iter().zip(listed) {
        assert!(text.lines().any(|line| line.starts_with(&connector.id)), "{text}");
        assert_eq!(listed["id"], connector.id.as_str());
        assert_eq!(listed["readme"], format!("connectors/{}/README.md", connector.id));
        let one = written(
            Shown::One {
                connector,
                paste: "paste me",
            },
            Format::Text,
        );
        for (name, _) in &connector.manifest.streams.0 {
            assert!(one.contains(&name.value), "{one}");
        }
        assert!(one.ends_with("in a project\n  paste me\n"), "{one}");
    }
}

#[test]
fn nothing_from_a_manifest_moves_the_cursor() {
    let connectors = Connectors::load(&[]).unwrap();
    for connector in connectors.iter() {
        let mut hostile = connector.clone();
        hostile.origin = "\u{1b}[2J".to_owned();
        hostile.manifest.population = Some("a\u{202e}b\n".to_owned());
        hostile.manifest.cannot_see = vec!["\u{1b}]8;;".to_owned()];
        for (name, param) in &mut hostile.manifest.params.0 {
            name.value.push('\u{7}');
            param.help = Some("\u{9b}".to_owned());
        }
        for (_, auth) in &mut hostile.manifest.auth.0 {
            auth.help = Some("\u{1b}".to_owned());
        }
        for shown in [
            Shown::All(&[&hostile]),
            Shown::One {
                connector: &hostile,
                paste: "a\u{1b}",
            },
        ] {
            for format in [Format::Text, Format::Json] {
                let text = written(shown, format);
                assert!(
                    !text.chars().any(|c| c != '\n' && crate::report::escape::is_hidden(c)),
                    "{text:?}"
                );
            }
        }
    }
}

#[test]
fn the_published_schema_is_what_the_types_say() {
    samples::published("connectors.schema.json", &schema());
}
