//! Every connector folder keeps the contract: it loads, and its own tests pass.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::rego::{Limits, Program};

#[test]
fn the_tests_beside_every_normaliser_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors");
    for (name, path) in sub_folders(&folder).unwrap() {
        let tests = std::fs::read_to_string(path.join("normalise_test.rego"))
            .unwrap_or_else(|error| panic!("connectors/{name} has no tests: {error}"));
        let file = |name: &str, text: String| SourceFile {
            path: name.to_owned(),
            text,
        };
        let normaliser = file(
            "normalise.rego",
            std::fs::read_to_string(path.join(NORMALISER)).unwrap(),
        );
        let rules: Vec<String> = test_rules(&tests).into_iter().map(str::to_owned).collect();
        assert!(!rules.is_empty(), "connectors/{name} has no tests");
        let files = [normaliser, file("normalise_test.rego", tests)];
        let mut program = Program::load(
            &files,
            Limits {
                time: Duration::from_secs(20),
            },
        )
        .unwrap();
        for rule in rules {
            let value = program
                .evaluate(&format!("data.connectors.{name}_test.{rule}"), json!({}))
                .unwrap();
            assert_eq!(value, Some(Value::Bool(true)), "connectors/{name}: {rule}");
        }
    }
}

#[test]
fn every_built_in_folder_is_a_connector() {
    let connectors = Connectors::load(&[]).unwrap();
    let ids: Vec<_> = connectors.iter().map(|connector| connector.id.as_str()).collect();
    let folders = sub_folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors")).unwrap();
    assert_eq!(ids, folders.keys().map(String::as_str).collect::<Vec<_>>());
    assert!(
        connectors
            .iter()
            .all(|connector| connector.origin == "built-in" && connector.sha256.len() == 64)
    );
}
