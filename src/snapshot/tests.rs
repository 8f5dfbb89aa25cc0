//! A snapshot is read only if it is exactly what some run wrote.

use std::fs;
use std::path::Path;

use super::*;
use crate::error::Explain;

fn sample() -> Snapshot {
    let text = include_str!("sample.json");
    serde_json::from_str(text).unwrap()
}

fn written(text: &[u8]) -> Result<(Snapshot, String), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    fs::write(&path, text).unwrap();
    Snapshot::read(&path).map_err(|error| {
        assert!(error.help().is_some());
        error.to_string().replace(&folder.path().display().to_string(), "DIR")
    })
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    let snapshot = sample();
    snapshot.write(&path).unwrap();
    snapshot.write(&path).unwrap();
    let (read, sha256) = Snapshot::read(&path).unwrap();
    assert_eq!(read, snapshot);
    assert_eq!(sha256, snapshot.sha256().unwrap());
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes, snapshot.to_bytes().unwrap());
    assert!(bytes.ends_with(b"}\n"));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left lying about"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_no_run_wrote_is_refused() {
    let text = String::from_utf8(sample().to_bytes().unwrap()).unwrap();
    let cases = [
        (
            text.replace(
                "\"schema\": \"rolecall/snapshot/1\"",
                "\"schema\": \"rolecall/snapshot/2\"",
            ),
            "`DIR/s.json` is of the format `rolecall/snapshot/2`; this program reads `rolecall/snapshot/1`",
        ),
        (
            text.replace("  \"schema\": \"rolecall/snapshot/1\",\n", ""),
            "is no snapshot: it has no `schema`",
        ),
        (
            text.replace("\"tool\":", "\"tols\":"),
            "DIR/s.json:4:8: unknown field `tols`",
        ),
        (
            text.replacen("      \"mfa\": \"unknown\",\n", "", 1),
            "missing field `mfa` at $.accounts[0]",
        ),
        (
            text.replacen("\"mfa\": \"unknown\"", "\"mfa\": true", 1),
            "at $.accounts[0].mfa",
        ),
        (
            text.replacen("\"state\": \"active\"", "\"state\": \"actve\"", 1),
            "unknown variant `actve`",
        ),
        (
            text.replacen("\"mfa\": \"unknown\"", "\"mfa\": \"yes\", \"mfa\": \"unknown\"", 1),
            "the key is there twice at $.accounts[0].mfa",
        ),
        (
            text.replacen("\"requests\": 1", "\"requests\": 9007199254740993", 1),
            "beyond 2^53 and would lose digits at $.sources[0].streams[0].requests",
        ),
        (format!("{text} {{}}"), "something follows the end of the JSON"),
        (format!("\u{feff}{text}"), "begins with a byte order mark"),
        (text[..text.len() / 2].to_owned(), "the JSON is cut short"),
        (
            text.replacen("\"kept\": 2", "\"kept\": 3", 1),
            "is not as it was written: `it` kept 3 accounts, and 2 are there",
        ),
        (
            text.replacen("\"rows\": 2", "\"rows\": 3", 1),
            "is not as it was written: `it` read 3 accounts, and 2 are accounted for",
        ),
        (String::new(), "the text is empty"),
        (
            text.replacen("\"id\": \"12\",\n      \"emp", "\"id\": \"11\",\n      \"emp", 1),
            "`accounts[1]` is out of order or there twice",
        ),
        (
            text.replacen("\"id\": \"11\",\n      \"emp", "\"id\": \"13\",\n      \"emp", 1),
            "`accounts[1]` is out of order or there twice",
        ),
    ];
    for (text, expected) in cases {
        let error = written(text.as_bytes()).unwrap_err();
        assert!(error.contains(expected), "{error}\nnot: {expected}");
    }
    assert!(written(b"{\"schema\": \"\xE9\"}").unwrap_err().contains("not UTF-8"));
    let folder = tempfile::tempdir().unwrap();
    let error = Snapshot::read(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("it is a directory, not a file"), "{error}");
    let error = Snapshot::read(&folder.path().join("none.json"))
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("there is no such file"), "{error}");
}

#[test]
fn a_snapshot_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let error = sample().write(&folder.path().join("none/s.json")).unwrap_err();
    assert!(error.to_string().contains("there is no such file"), "{error}");
    assert!(
        sample()
            .write(folder.path())
            .unwrap_err()
            .to_string()
            .contains("it is a directory")
    );
}

#[test]
fn a_newer_version_says_so() {
    let error = |schema: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.json");
        fs::write(&path, format!("{{\"schema\": \"{schema}\", \"new\": 1}}")).unwrap();
        Snapshot::read(&path).unwrap_err().help().unwrap()
    };
    assert_eq!(
        error("rolecall/snapshot/7"),
        "use the rolecall that wrote it, or a newer one"
    );
    assert_eq!(
        error("rolecall/snapshot/0"),
        "collect again: a snapshot is not edited by hand"
    );
}

/// Where OPA's type checker reads a schema, `type: [string, null]` is lost and `anyOf` is not.
#[test]
fn the_published_schema_is_the_types() {
    let mut settings = schemars::generate::SchemaSettings::draft2020_12();
    settings
        .transforms
        .push(Box::new(schemars::transform::RecursiveTransform(any_of)));
    let mut schema = settings.into_generator().into_root_schema_for::<Snapshot>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas/snapshot.schema.json");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "docs/schemas/snapshot.schema.json is stale: run the tests with UPDATE_SCHEMAS=1"
    );
    assert!(!text.contains("\"null\"\n      ]"), "a nullable type must be an anyOf");
}

fn any_of(schema: &mut schemars::Schema) {
    let Some(serde_json::Value::Array(types)) = schema.get("type").cloned() else {
        return;
    };
    let mut rest = serde_json::Map::new();
    for key in ["items", "format", "minimum", "maximum"] {
        if let Some(value) = schema.remove(key) {
            rest.insert(key.to_owned(), value);
        }
    }
    schema.remove("type");
    let alternatives = types.into_iter().map(|kind| {
        let mut one = if kind == "null" {
            serde_json::Map::new()
        } else {
            rest.clone()
        };
        one.insert("type".to_owned(), kind);
        serde_json::Value::Object(one)
    });
    schema.insert("anyOf".to_owned(), alternatives.collect());
}
