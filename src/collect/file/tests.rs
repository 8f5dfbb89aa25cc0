//! Files as people export them: what is read, and what is said of what cannot be.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::connector::Connectors;
use crate::error::Explain;
use crate::project::{Condition, From};

fn source(columns: &[(&str, &str)], conditions: Vec<Condition>) -> SourceConfig {
    let place = place(7);
    SourceConfig {
        id: "hr".to_owned(),
        connector: "roster".to_owned(),
        from: From::Live,
        params: BTreeMap::new(),
        options: BTreeMap::new(),
        columns: columns
            .iter()
            .map(|(name, header)| ((*name).to_owned(), vec![(*header).to_owned()]))
            .collect(),
        values: BTreeMap::new(),
        conditions,
        max_age: None,
        as_of: None,
        provides: None,
        auth: None,
        network: Default::default(),
        place,
    }
}

fn place(line: usize) -> Place {
    Place {
        file: "rolecall.yaml".to_owned(),
        line,
        column: 3,
    }
}

fn condition(column: &str, word: &str, negated: bool) -> Condition {
    Condition {
        column: column.to_owned(),
        words: vec![word.to_owned()],
        negated,
        place: place(9),
    }
}

fn read_as(name: &str, bytes: &[u8], source: &SourceConfig) -> Result<FileRead, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let connectors = Connectors::load(&[]).unwrap();
    let roster = connectors.get("roster").unwrap();
    let words = crate::collect::settings::words(roster, source).unwrap();
    read(roster, source, &words, &path).map_err(|error| {
        let text = format!("{error} | {}", error.help().unwrap_or_default());
        text.replace(&folder.path().display().to_string(), "DIR")
    })
}

/// Emails by line.
fn emails(name: &str, bytes: &[u8]) -> Vec<(u64, String)> {
    let read = read_as(name, bytes, &source(&[], Vec::new())).unwrap_or_else(|error| panic!("{error}"));
    let row = |row: &Value| {
        (
            row["line"].as_u64().unwrap_or(0),
            row["email"].as_str().unwrap_or("-").to_owned(),
        )
    };
    read.stream.rows.iter().map(row).collect()
}

#[test]
fn csv_is_read_as_it_is_exported() {
    let two = vec![(2, "a@example.com".to_owned()), (3, "b@example.com".to_owned())];
    for text in [
        "email,name\na@example.com,A\nb@example.com,B\n",
        "email;name\r\na@example.com;A\r\nb@example.com;B",
        "email\tname\na@example.com\tA\nb@example.com\tB\n",
        "\u{feff}E-Mail,Full_Name\na@example.com,A\nb@example.com,B\n",
        "WORK EMAIL,\"name;x\"\n a@example.com ,A\n\"b@example.com\",B\n",
        "email\na@example.com\nb@example.com\n",
    ] {
        assert_eq!(emails("r.csv", text.as_bytes()), two, "{text:?}");
    }
    let quoted = emails(
        "r.csv",
        b"email,note\na@example.com,\"two\nlines, and a \"\" quote\"\nb@example.com,x\n",
    );
    assert_eq!(
        quoted,
        [(2, "a@example.com".to_owned()), (4, "b@example.com".to_owned())]
    );
}

#[test]
fn values_stay_text() {
    let text = b"id,email,title,start_date\n007,a@example.com,=HYPERLINK(1),2026-01-02\n";
    let read = read_as("r.csv", text, &source(&[], Vec::new())).unwrap();
    assert_eq!(read.stream.rows[0]["id"], "007");
    assert_eq!(read.stream.rows[0]["job_role"], "=HYPERLINK(1)");
    assert_eq!(read.stream.rows[0]["last_day"], Value::Null);
    let yaml = b"- {id: 007, email: [a@example.com, b@example.com], start_date: 2026-01-02, status: yes}\n";
    let read = read_as("r.yaml", yaml, &source(&[], Vec::new())).unwrap();
    assert_eq!(read.stream.rows[0]["id"], "007");
    assert_eq!(read.stream.rows[0]["email"], "a@example.com; b@example.com");
    assert_eq!(read.stream.rows[0]["status"], "yes");
}

#[test]
fn a_file_without_rows_is_incomplete() {
    for (name, text, why) in [
        ("r.csv", "", "the file is empty"),
        ("r.csv", "\u{feff}\n", "the file is empty"),
        ("r.json", " ", "the file is empty"),
        ("r.csv", "email,name\n", "the file has no rows"),
        ("r.json", "[]", "the file has no rows"),
        ("r.json", "{\"staff\": []}", "the file has no rows"),
        (
            "r.csv",
            "email,name\n,\n , \n",
            "none of the file's 2 rows belongs to the source",
        ),
    ] {
        let read = read_as(name, text.as_bytes(), &source(&[], Vec::new())).unwrap_or_else(|error| panic!("{error}"));
        assert!(read.stream.summary.state.is_incomplete(), "{text:?}");
        assert_eq!(read.stream.summary.why.as_deref(), Some(why));
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("email".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let cases: Vec<(&str, &[u8], &str)> = vec![
        (
            "r.csv",
            b"email,name\na@example.com,Ren\xE9\n",
            "DIR/r.csv:2:1: the file is not UTF-8; it looks like Latin-1 (Windows-1252) | save it as UTF-8, or convert it: iconv -f WINDOWS-1252",
        ),
        (
            "r.csv",
            &utf16,
            "DIR/r.csv:1:1: the file is UTF-16, and UTF-8 is read | save it as UTF-8, or convert it: iconv -f UTF-16",
        ),
        ("r.csv", b"email\na\0b\n", "DIR/r.csv:2:1: there is a NUL byte"),
        (
            "r.csv",
            b"email,Email\nx,y\n",
            "DIR/r.csv:1:1: the header `Email` is there twice, in columns 1 and 2",
        ),
        (
            "r.csv",
            b"email,name\na@example.com\n",
            "DIR/r.csv:2:1: the row has 1 cells, and there are 2 headers",
        ),
        (
            "r.csv",
            b"email,name\na@example.com,\"A\nb@example.com,B\n",
            "a quote is opened and never closed",
        ),
        (
            "r.csv",
            b"name,phone\nA,1\n",
            "DIR/r.csv:1:1: no column is the `email`; the file has `name`, `phone` | say which under `columns:` of the source (rolecall.yaml:7:3)",
        ),
        (
            "r.xlsx",
            b"PK",
            "the ending `.xlsx` names no format that is read | export the sheet as CSV (UTF-8)",
        ),
        ("r.json", b"<html>", "DIR/r.json:1:1: this is not JSON"),
        (
            "r.json",
            b"{\"users\": []}",
            "there is no list at the root, `/people`, `/staff`, `/employees`, `/rows`",
        ),
        ("r.json", b"[1]", "record 1 is no object"),
        (
            "r.json",
            b"[{\"email\": {}}]",
            "record 1 has at `email` neither a text nor a list of texts",
        ),
        (
            "r.json",
            b"[{\"email\": \"a\", \"email\": \"b\"}]",
            "the key is there twice",
        ),
        (
            "r.yaml",
            b"- email: a@example.com\n  email: b@example.com\n",
            "DIR/r.yaml:2:3: the key `email` is here twice",
        ),
        (
            "r.yaml",
            b"- email: {a: b}\n",
            "DIR/r.yaml:1:10: `email` is neither a text nor a list of texts",
        ),
        (
            "r.yaml",
            b"- a@example.com\n",
            "DIR/r.yaml:1:3: the record is no mapping",
        ),
    ];
    for (name, bytes, expected) in cases {
        let Err(error) = read_as(name, bytes, &source(&[], Vec::new())) else {
            panic!("read: {expected}")
        };
        assert!(error.contains(expected), "{error}\nnot: {expected}");
    }
}

#[test]
fn the_project_says_which_columns_and_rows() {
    let text = b"mail,nickname,kind\na@example.com,A,person\nb@example.com,B,Room\n";
    let rooms_out = || vec![condition("kind", "room", true)];
    let read = read_as("r.csv", text, &source(&[("name", "Nickname")], rooms_out())).unwrap();
    assert_eq!(read.stream.rows.len(), 1);
    assert_eq!(read.stream.rows[0]["name"], "A");
    assert!(read.stream.rows[0].get("kind").is_none());
    assert_eq!(
        (read.dropped[0].key.as_str(), read.dropped[0].reason.as_str()),
        ("3", "where")
    );
    assert_eq!(read.stream.summary.rows, 2);
    for (source, expected) in [
        (
            source(&[("name", "nickname2")], Vec::new()),
            "rolecall.yaml:7:3: `DIR/r.csv` has no column `nickname2` | did you mean `nickname`?",
        ),
        (
            source(&[("nmae", "nickname")], Vec::new()),
            "rolecall.yaml:7:3: the connector `roster` has no column `nmae` | did you mean `name`?",
        ),
        (
            source(&[], vec![condition("kinds", "room", true)]),
            "rolecall.yaml:9:3: `DIR/r.csv` has no column `kinds` | did you mean `kind`?",
        ),
        (
            source(&[], vec![condition("status", "x", false)]),
            "rolecall.yaml:9:3: `DIR/r.csv` has no column `status`",
        ),
    ] {
        let Err(error) = read_as("r.csv", text, &source) else {
            panic!("read: {expected}")
        };
        assert!(error.contains(expected), "{error}\nnot: {expected}");
    }
}

#[test]
fn of_several_headers_that_fit_the_first_that_is_filled_is_read() {
    let read = read_as(
        "r.csv",
        b"Title,Job Title,Work Email,Phone,Floor\nLead,,a@example.com,1,2\nLead,Sales rep,b@example.com,1,2\n",
        &source(&[], Vec::new()),
    )
    .unwrap();
    let titles: Vec<_> = read.stream.rows.iter().map(|row| row["job_role"].clone()).collect();
    assert_eq!(titles, ["Lead", "Sales rep"]);
    assert_eq!(
        read.stream.notices,
        [
            "column `job_role` is read from `Job Title`, and where that is blank from `Title`",
            "columns that are not read: `Phone`, `Floor`"
        ]
    );
}

/// The status of the first row, or the error.
fn status(name: &str, text: &str) -> Result<Value, String> {
    read_as(name, text.as_bytes(), &source(&[], Vec::new())).map(|read| read.stream.rows[0]["status"].clone())
}

#[test]
fn no_header_hides_that_somebody_has_left() {
    let differ = "DIR/r.csv:2:1: `Employment Status` and `Status` of this row differ, and either could be the `status` | \
                  say which under `columns:` of the source (rolecall.yaml:7:3): {status: \"the header\"}";
    let left = "email,Status,Employment Status\na@example.com,Active,Terminated\n";
    assert_eq!(status("r.csv", left).unwrap_err(), differ);
    let blank = "email,Status,Employment Status\na@example.com,,Terminated\n";
    assert_eq!(status("r.csv", blank).unwrap(), "Terminated");
    let blank = "email,Status,Employment Status\na@example.com,Terminated,\n";
    assert_eq!(status("r.csv", blank).unwrap(), "Terminated");
    // Two words of one meaning do not differ.
    let enabled = "email,Employment Status,Account Enabled\na@example.com,Active,TRUE\n";
    assert_eq!(status("r.csv", enabled).unwrap(), "Active");
    let disabled = "email,Employment Status,accountEnabled\na@example.com,Active,FALSE\n";
    assert!(status("r.csv", disabled).unwrap_err().contains("differ"));
    for header in ["Active", "Is Active", "is_active", "Account Enabled", "accountEnabled"] {
        let text = format!("email,{header}\na@example.com,false\n");
        assert_eq!(status("r.csv", &text).unwrap(), "false", "{header}");
    }
    for header in ["Exit", "Exit Day", "Last Working Day"] {
        let text = format!("email,{header}\na@example.com,2026-10-31\n");
        let read = read_as("r.csv", text.as_bytes(), &source(&[], Vec::new())).unwrap();
        assert_eq!(read.stream.rows[0]["last_day"], "2026-10-31", "{header}");
    }
    for text in [
        "Work Email,Email\na@example.com,b@example.com\n",
        "email,Employee ID,User ID\na@example.com,1,2\n",
        "email,Termination Date,Last Day\na@example.com,2026-10-31,2027-10-31\n",
    ] {
        assert!(status("r.csv", text).unwrap_err().contains("differ"), "{text}");
    }
    // The project's word is the last.
    let said = source(&[("status", "Employment Status")], Vec::new());
    let read = read_as("r.csv", left.as_bytes(), &said).unwrap();
    assert_eq!(read.stream.rows[0]["status"], "Terminated");
    let probation = "email,Probation Contract End\na@example.com,2026-10-31\n";
    let read = read_as("r.csv", probation.as_bytes(), &source(&[], Vec::new())).unwrap();
    assert_eq!(read.stream.rows[0]["contract_end"], Value::Null);
}

#[test]
fn records_have_each_column_once() {
    let two = r#"[{"email": "a@example.com", "status": "active"}, {"email": "b@example.com", "Status": "left"}]"#;
    let read = read_as("r.json", two.as_bytes(), &source(&[], Vec::new())).unwrap();
    assert_eq!(read.stream.rows[1]["status"], "left");
    for (name, text, why) in [
        (
            "r.json",
            r#"[{"email": "a@example.com", "last_day": "2026-10-31", "Last Day": null}]"#,
            "record 1 has both `Last Day` and `last_day`, which are one column",
        ),
        (
            "r.yaml",
            "- {email: a@example.com, last_day: 2026-10-31, lastDay: soon}\n",
            "DIR/r.yaml:1:3: record 1 has both `last_day` and `lastDay`, which are one column",
        ),
        (
            "r.json",
            r#"[{"email": "a@example.com", "status": []}]"#,
            "record 1 has at `status` an empty list where a text is meant",
        ),
        (
            "r.yaml",
            "- {email: a@example.com, status: [\"\"]}\n",
            "record 1 has at `status` an empty list where a text is meant",
        ),
        (
            "r.json",
            r#"{"people": [{"email": "a@example.com"}], "staff": []}"#,
            "there are two lists, at `/people` and at `/staff`: keep the one that is meant",
        ),
        (
            "r.yaml",
            "people: [{email: a@example.com}]\nrows: []\n",
            "there are two lists, at `/people` and at `/rows`: keep the one that is meant",
        ),
    ] {
        let error = status(name, text).unwrap_err();
        assert!(error.contains(why), "{error}\nnot: {why}");
    }
    let none = r#"[{"email": "a@example.com", "aliases": [], "department": [], "status": null}]"#;
    assert_eq!(status("r.json", none).unwrap(), Value::Null);
}

#[test]
fn a_list_that_says_that_there_is_more_is_incomplete() {
    for (around, why) in [
        (
            r#""total": 47"#,
            Some("`total` says that there are 47 rows, and the file has 1"),
        ),
        (r#""next": "/people?page=2""#, Some("`next` says that more follows")),
        (r#""has_more": true"#, Some("`has_more` says that more follows")),
        (r#""total": 1, "next": null, "has_more": false"#, None),
    ] {
        let text = format!(r#"{{"people": [{{"email": "a@example.com"}}], {around}}}"#);
        let read = read_as("r.json", text.as_bytes(), &source(&[], Vec::new())).unwrap();
        assert_eq!(read.stream.summary.why.as_deref(), why);
        let complete = read.stream.summary.state == Completeness::Complete;
        assert_eq!(complete, why.is_none(), "{around}");
    }
}

#[test]
fn a_directory_or_a_missing_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let connectors = Connectors::load(&[]).unwrap();
    let roster = connectors.get("roster").unwrap();
    let said = |name: &str| {
        let Err(error) = read(
            roster,
            &source(&[], Vec::new()),
            &Words::new(),
            &folder.path().join(name),
        ) else {
            panic!("read")
        };
        error.to_string()
    };
    fs::create_dir(folder.path().join("d.csv")).unwrap();
    assert!(said("d.csv").ends_with("it is a directory, not a file"));
    assert!(said("none.csv").ends_with("there is no such file"));
}
