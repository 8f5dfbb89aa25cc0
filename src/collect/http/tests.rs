//! What one source does over several calls that no single answer shows.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::*;
use crate::progress::Unwatched;
use crate::project::Project;
use crate::recording::Body;

/// A source with these streams, read from a server; `change` may set what nobody can set in a project.
async fn read(server: &MockServer, streams: &str, change: impl FnOnce(&mut Source<'_>)) -> Read {
    let manifest = format!(
        "connector: 1\nid: crm\nkind: http\nbase: https://crm.example.com\nstreams: {streams}\nprovides: {{accounts: [users]}}\n"
    );
    let manifest: Manifest = crate::yaml::read("connector.yaml", &manifest).unwrap();
    let project = format!(
        "rolecall: 1\norganisation: Acme\ntimezone: UTC\nsources:\n  crm: {{connector: crm, with: {{base_url: '{}'}}}}\n",
        server.uri()
    );
    let project = Project::from_bytes(std::path::Path::new("rolecall.yaml"), project.as_bytes()).unwrap();
    let source = &project.sources[0];
    let call = Call {
        source,
        manifest: &manifest,
        params: &source.params,
        options: &source.options,
        probe: false,
        watch: &Unwatched,
    };
    let client = client::Client::new().unwrap();
    let mut source = Source::prepare(&call, &client).unwrap();
    change(&mut source);
    source.read().await
}

async fn serve(server: &MockServer, answer: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) {
    Mock::given(any()).respond_with(answer).mount(server).await;
}

/// Why an answer is not there.
fn missing(answer: &Answer) -> &str {
    match &answer.body {
        Body::Missing(why) => why,
        Body::Bytes(_) => "it is there",
    }
}

#[tokio::test]
async fn a_list_that_goes_on_for_ever_does_not_take_all_the_memory() {
    let server = MockServer::start().await;
    let page = AtomicUsize::new(0);
    serve(&server, move |_| {
        let id = page.fetch_add(1, Ordering::SeqCst);
        ResponseTemplate::new(200)
            .set_body_json(json!({"users": [{"id": id, "text": "x".repeat(1000)}], "next": id + 1}))
    })
    .await;
    let users = "{users: {path: /users, records: /users, key: /id, page: {by: cursor, param: after, cursor: /next}}, \
                 teams: {path: /teams}}";
    let read = read(&server, users, |source| source.room = limits::Room::of(3500)).await;
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
    let why = "the answers of this source are larger than 0 MiB together";
    let kept: Vec<&str> = read.answers.iter().map(missing).collect();
    let behind = format!("not asked: {why}");
    assert_eq!(kept, ["it is there", "it is there", "it is there", why, &behind]);
}

#[tokio::test]
async fn a_list_that_is_read_anew_takes_its_room_once() {
    let server = MockServer::start().await;
    let asked = AtomicUsize::new(0);
    serve(&server, move |request| {
        let total = if asked.fetch_add(1, Ordering::SeqCst) == 1 {
            3
        } else {
            2
        };
        let (id, next) = match request.url.query() {
            None => (1, json!("b")),
            Some(_) => (2, json!(null)),
        };
        let users = json!([{"id": id, "text": "x".repeat(1000)}]);
        ResponseTemplate::new(200).set_body_json(json!({"users": users, "next": next, "total": total}))
    })
    .await;
    let users = "{users: {path: /users, records: /users, key: /id, page: {by: cursor, param: after, cursor: /next, total: /total}}}";
    let read = read(&server, users, |source| source.room = limits::Room::of(2500)).await;
    let kept: Vec<&str> = read.answers.iter().map(missing).collect();
    assert_eq!(kept, ["it is there", "it is there"]);
}

#[tokio::test]
async fn calls_beside_one_that_was_too_many_wait_as_well() {
    let server = MockServer::start().await;
    let asked = AtomicUsize::new(0);
    serve(&server, move |request| match request.url.path() {
        "/users" => ResponseTemplate::new(200).set_body_json((0..12).map(|id| json!({"id": id})).collect::<Vec<_>>()),
        // The last of those that are under way at the beginning is refused, before any of the others is answered.
        "/users/3/teams" if asked.fetch_add(1, Ordering::SeqCst) == 0 => {
            ResponseTemplate::new(429).insert_header("retry-after", "1")
        }
        _ => ResponseTemplate::new(200)
            .set_body_json(json!([]))
            .set_delay(Duration::from_millis(200)),
    })
    .await;
    let streams = "{users: {path: /users, key: /id}, \
                   teams: {path: '/users/{user}/teams', each: {of: users, as: user, take: /id}}}";
    let read = read(&server, streams, |_| {}).await;
    assert!(read.answers.iter().all(|answer| answer.status == 200));
    let begun = read.answers[0].answered_at.unwrap();
    let waited = read.answers.iter().filter(|answer| {
        let at = answer.asked_at.unwrap();
        at.duration_since(begun) > SignedDuration::from_millis(900)
    });
    assert_eq!(waited.count(), 12 - 4);
}
