//! What several lists, or a list that nothing speaks against, come to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Extent, StreamRead, read};
use crate::connector::manifest::{Action, Manifest};
use crate::recording::{Answer, Body};
use crate::snapshot::Completeness;

fn manifest(streams: &str) -> Manifest {
    let text = format!(
        "{{connector: 1, id: crm, kind: http, base: 'https://crm.example', provides: {{accounts: [users]}}, \
         on: {{403: unavailable}}, streams: {streams}}}"
    );
    crate::yaml::read("connector.yaml", &text).unwrap()
}

fn answer(stream: &str, parent: Option<&str>, status: u16, body: &Value) -> Answer {
    Answer {
        stream: stream.to_owned(),
        parent: parent.map(str::to_owned),
        status,
        body: Body::Bytes(body.to_string().into_bytes()),
        ..Answer::default()
    }
}

fn rows(ids: std::ops::Range<u64>) -> Value {
    ids.map(|id| json!({"id": id})).collect()
}

fn one(streams: &[StreamRead], name: &str) -> StreamRead {
    streams
        .iter()
        .find(|stream| stream.summary.name == name)
        .unwrap()
        .clone()
}

#[test]
fn one_parent_that_is_refused_hides_no_gap_in_the_list_of_another() {
    let manifest = manifest(
        "{users: {path: /users, key: /id}, groups: {each: {of: users, as: user, take: /id}, \
         path: '/users/{user}/groups', records: /groups, key: /id, page: {by: cursor, param: after, cursor: /next}}}",
    );
    let refused = answer("groups", Some("1"), 403, &json!({}));
    let whole = answer("groups", Some("2"), 200, &json!({"groups": rows(0..1)}));
    let cut = answer("groups", Some("2"), 200, &json!({"groups": rows(0..1), "next": "b"}));
    for (other, expected) in [(whole, Completeness::Unavailable), (cut, Completeness::Partial)] {
        for answers in [[refused.clone(), other.clone()], [other.clone(), refused.clone()]] {
            let mut all = vec![answer("users", None, 200, &rows(1..3))];
            all.extend(answers);
            let streams = read(&manifest, &BTreeMap::new(), &all, Extent::Whole);
            let groups = one(&streams, "groups");
            assert_eq!(groups.summary.state, expected, "{:?}", groups.summary.why);
        }
    }
}

#[test]
fn a_list_that_may_have_been_cut_is_told_of() {
    let whole = manifest("{users: {path: /users, key: /id}}");
    for (count, told) in [(19, false), (20, true), (21, false), (100, true), (5000, true)] {
        let answers = [answer("users", None, 200, &rows(0..count))];
        let users = one(&read(&whole, &BTreeMap::new(), &answers, Extent::Whole), "users");
        assert_eq!(users.summary.state, Completeness::Complete);
        assert_eq!(users.notices.len(), usize::from(told), "{count}: {:?}", users.notices);
    }
}

#[test]
fn pages_that_do_not_say_how_many_rows_there_are_are_told_of() {
    let by_offset = "by: offset, start: start, limit: limit, more: /more";
    for (page, rest, told) in [
        (by_offset.to_owned(), json!({}), true),
        (format!("{by_offset}, total: /total"), json!({"total": 4}), false),
        ("by: cursor, param: after, cursor: /next".to_owned(), json!({}), false),
    ] {
        let manifest = manifest(&format!(
            "{{users: {{path: /users, records: /users, key: /id, page: {{{page}}}}}}}"
        ));
        let of = |ids, more: bool, next: Option<&str>| {
            let mut body = rest.clone();
            body["users"] = rows(ids);
            body["more"] = more.into();
            body["next"] = next.into();
            answer("users", None, 200, &body)
        };
        let answers = [of(0..2, true, Some("b")), of(2..4, false, None)];
        let users = one(&read(&manifest, &BTreeMap::new(), &answers, Extent::Whole), "users");
        assert_eq!(users.summary.state, Completeness::Complete, "{:?}", users.summary.why);
        assert_eq!(users.notices.len(), usize::from(told), "{page}: {:?}", users.notices);
    }
}

#[test]
fn a_wall_is_a_wall_with_a_byte_order_mark_as_well() {
    let on = "{403: {html: stop, else: unavailable}}";
    let manifest = manifest(&format!("{{users: {{path: /users, on: {on}}}}}"));
    let meaning = |body: &str| super::meaning(&manifest, manifest.stream("users").unwrap(), 403, body.as_bytes());
    for wall in ["<!doctype html>", " \r\n<html>", "\u{feff}<html>", "\u{feff}\n<html>"] {
        assert_eq!(meaning(wall), Some(Action::Stop), "{wall:?}");
    }
    for answer in ["", "{}", "\u{feff}{\"error\": \"<html>\"}"] {
        assert_eq!(meaning(answer), Some(Action::Unavailable), "{answer:?}");
    }
}
