//! Recordings written, read again, and broken.

use std::fs;

use super::*;

fn recording(answers: Vec<Answer>) -> Recording {
    Recording {
        folder: PathBuf::new(),
        connector: "crm".to_owned(),
        connector_version: 3,
        params: BTreeMap::from([("company".to_owned(), "acme".to_owned())]),
        taken_at: "2026-11-23T12:00:00Z".parse().unwrap(),
        answers,
        unread: Vec::new(),
    }
}

fn asked(stream: &str, body: &[u8]) -> Answer {
    Answer {
        stream: stream.to_owned(),
        status: 200,
        request_path: Some(format!("/{stream}?limit=2")),
        headers: BTreeMap::from([("link".to_owned(), "</users?start=2>; rel=\"next\"".to_owned())]),
        body: Body::Bytes(body.to_vec()),
        calls: 2,
        asked_at: Some("2026-11-23T11:59:58.25Z".parse().unwrap()),
        answered_at: Some("2026-11-23T11:59:59Z".parse().unwrap()),
        ..Answer::default()
    }
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn written(answers: Vec<Answer>) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("new/crm");
    recording(answers).write(&folder).unwrap();
    (place, folder)
}

fn refusal(folder: &Path) -> String {
    let error = recording(vec![asked("users", b"{}")]).write(folder).unwrap_err();
    let shown = folder.display().to_string();
    format!("{error}; {}", error.help().unwrap()).replace(&shown, "DIR")
}

#[test]
fn what_is_written_is_read_again() {
    let twice = b"{\"admin\": false, \"admin\": true}".as_slice();
    let mut lines = asked("staff", b"{\"stream\": \"staff\", \"end\": true, \"rows\": 0}\n");
    lines.request_path = None;
    lines.status = 0;
    let mut of_parent = asked("members", b"[]");
    of_parent.parent = Some("../../etc/passwd\u{202e}".to_owned());
    let missing = Answer {
        stream: "roles".to_owned(),
        body: Body::Missing("the connection was reset, four times".to_owned()),
        calls: 4,
        received: Some(Received {
            bytes: 12,
            sha256: "d".repeat(64),
        }),
        ..Answer::default()
    };
    let answers = vec![
        asked(
            "users",
            b"{\"data\":[{\"b\":1,\"a\":0.1},{\"n\":12345678901234}],\"e\":\"\\u00e9\"}",
        ),
        asked("users", twice),
        asked("users", b"<html>Sign in</html>"),
        asked("users", b""),
        asked("users", b"\xff\xfe"),
        lines,
        of_parent,
        asked("recording", b"[]"),
        missing,
    ];
    let (_place, folder) = written(answers.clone());
    let read = Recording::open(&folder).unwrap();
    assert_eq!(read.unread, Vec::<String>::new());
    assert_eq!((read.connector.as_str(), read.connector_version), ("crm", 3));
    assert_eq!(read.params, recording(vec![]).params);
    assert_eq!(read.taken_at, recording(vec![]).taken_at);
    assert_eq!(
        names(&folder),
        [
            "members.json",
            "recording.1.json",
            "recording.json",
            "staff.jsonl",
            "users.2.txt",
            "users.3.txt",
            "users.4.txt",
            "users.5.txt",
            "users.json"
        ]
    );
    assert_eq!(read.answers.len(), answers.len());
    for (before, after) in answers.iter().zip(&read.answers) {
        assert_eq!(before.received(), after.received());
        match (&before.body, &after.body) {
            (Body::Bytes(before), Body::Bytes(after)) => match strict_json::parse(before) {
                Ok(value) => assert_eq!(strict_json::parse(after).unwrap(), value),
                Err(_) => assert_eq!(before, after),
            },
            (before, after) => assert_eq!(before, after),
        }
        let without_body = |answer: &Answer| Answer {
            body: Body::default(),
            received: None,
            ..answer.clone()
        };
        assert_eq!(without_body(before), without_body(after));
    }
    // A person can read it.
    let users = fs::read_to_string(folder.join("users.json")).unwrap();
    assert!(users.starts_with("{\n  \"data\": [\n"), "{users}");
    assert_eq!(fs::read(folder.join("users.2.txt")).unwrap(), twice);
}

#[test]
fn numbers_are_not_changed_by_laying_them_out() {
    let body = b"[0.30000000000000004,1e-7,123456789.123456789,-0.0,2.2250738585072014e-308]";
    let (_place, folder) = written(vec![asked("users", body)]);
    let read = Recording::open(&folder).unwrap();
    let Body::Bytes(bytes) = &read.answers[0].body else {
        panic!("no body")
    };
    assert_eq!(strict_json::parse(bytes).unwrap(), strict_json::parse(body).unwrap());
    assert_eq!(read.answers[0].received(), asked("users", body).received());
}

#[cfg(unix)]
#[test]
fn a_recording_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_place, folder) = written(vec![asked("users", b"{}")]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in names(&folder) {
        assert_eq!(mode(&folder.join(name)), 0o600);
    }
}

#[test]
fn an_older_recording_is_replaced_whole() {
    let (place, folder) = written(vec![
        asked("users", b"{}"),
        asked("users", b"[]"),
        asked("roles", b"{}"),
    ]);
    fs::write(folder.join(".DS_Store"), "").unwrap();
    recording(vec![asked("users", b"[1]")]).write(&folder).unwrap();
    assert_eq!(names(&folder), ["recording.json", "users.json"]);
    assert_eq!(names(&place.path().join("new")), ["crm"]);
    // An empty folder has room as well.
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    recording(vec![]).write(&empty).unwrap();
    assert_eq!(names(&empty), ["recording.json"]);
    assert!(Recording::open(&empty).unwrap().answers.is_empty());
}

#[test]
fn a_folder_that_holds_other_things_is_left_alone() {
    const OTHER: &str =
        "writing the recording `DIR`: it holds other things than a recording; name a folder that is not there yet";
    type Put = fn(&Path);
    let cases: [Put; 5] = [
        |folder| fs::write(folder.join("notes.txt"), "mine").unwrap(),
        |folder| fs::create_dir(folder.join("sub")).unwrap(),
        |folder| fs::create_dir(folder.join(".git")).unwrap(),
        |folder| fs::write(folder.join("recording.json"), "{\"artist\": \"somebody\"}").unwrap(),
        |folder| fs::remove_file(folder.join("recording.json")).unwrap(),
    ];
    for put in cases {
        let (place, folder) = written(vec![asked("users", b"{}")]);
        put(&folder);
        let before = names(&folder);
        assert_eq!(refusal(&folder), OTHER);
        assert_eq!(names(&folder), before);
        assert_eq!(names(&place.path().join("new")), ["crm"]);
    }
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert!(refusal(&file).contains("it is a file, not a directory"));
    assert!(refusal(&file.join("below")).contains("a folder above it is a file"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let (place, folder) = written(vec![asked("users", b"{}")]);
    let link = place.path().join("link");
    std::os::unix::fs::symlink(&folder, &link).unwrap();
    recording(vec![]).write(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&folder), ["recording.json"]);
}

#[test]
fn a_write_that_fails_leaves_nothing_behind_and_the_older_one_in_place() {
    let (place, folder) = written(vec![asked("users", b"{}")]);
    let older = fs::read(folder.join("recording.json")).unwrap();
    // A name that no disk takes stands for a disk that takes no more.
    let unwritable = asked(&"x".repeat(300), b"{}");
    let error = recording(vec![asked("users", b"[]"), unwritable])
        .write(&folder)
        .unwrap_err();
    assert!(error.to_string().contains("writing the recording"), "{error}");
    assert_eq!(fs::read(folder.join("recording.json")).unwrap(), older);
    assert_eq!(names(&place.path().join("new")), ["crm"]);
    assert_eq!(Recording::open(&folder).unwrap().answers.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    // Nothing is closed to root.
    if fs::write(closed.join("probe"), "").is_err() {
        let said = refusal(&closed.join("crm"));
        assert!(said.contains("it may not be written to"), "{said}");
        assert!(names(&closed).is_empty());
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_body_that_was_edited_or_lost_is_noticed() {
    let (_place, folder) = written(vec![asked("users", b"{}"), asked("roles", b"{}")]);
    fs::write(folder.join("users.json"), "{\"data\": []}").unwrap();
    fs::remove_file(folder.join("roles.json")).unwrap();
    fs::write(folder.join("more.json"), "{}").unwrap();
    let read = Recording::open(&folder).unwrap();
    let missing = |index: usize| match &read.answers[index].body {
        Body::Missing(why) => why.clone(),
        Body::Bytes(_) => panic!("it is read"),
    };
    assert_eq!(missing(0), "`users.json` is not as it was recorded");
    assert_eq!(missing(1), "`roles.json`: there is no such file");
    assert_eq!(read.unread, ["more.json"]);
}

fn opened(index: &str) -> Result<Recording, RecordingError> {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join(INDEX), index).unwrap();
    fs::write(place.path().join("users.json"), "{}").unwrap();
    Recording::open(place.path())
}

#[test]
fn a_recording_that_was_written_by_hand_needs_no_digest() {
    let head = r#"{"schema": "rolecall/recording/1", "connector": "crm", "connector_version": 1, "taken_at": "2026-11-23T12:00:00Z", "answers": "#;
    let read = opened(&format!(
        r#"{head}[{{"stream": "users", "file": "users.json", "status": 200}}]}}"#
    ))
    .unwrap();
    let answer = &read.answers[0];
    assert_eq!(answer.body, Body::Bytes(b"{}".to_vec()));
    assert_eq!((answer.calls, answer.received().bytes), (1, 2));
    assert_eq!(answer.received().sha256, digest::of("{}"));

    let read = opened(&format!(
        r#"{head}[{{"stream": "users", "error": "no route to it", "status": 0}}]}}"#
    ))
    .unwrap();
    assert_eq!(read.answers[0].body, Body::Missing("no route to it".to_owned()));
    assert_eq!(read.unread, ["users.json"]);

    for (fields, found) in [
        (r#""status": 200"#, "neither"),
        (r#""status": 200, "file": "users.json", "error": "none""#, "both"),
    ] {
        let error = opened(&format!(r#"{head}[{{"stream": "users", {fields}}}]}}"#)).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&format!("answer 1 has {found} of `file` and `error`")),
            "{error}"
        );
    }
}
