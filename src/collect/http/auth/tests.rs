//! Every way to sign in, as the other side sees it; what is kept, and what is never said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::*;
use crate::collect::secret::PROGRAM;
use crate::connector::manifest::Manifest;
use crate::error::Explain;
use crate::progress::Unwatched;
use crate::project::Project;

const REFRESH: &str = "{oauth: {kind: oauth2_refresh, token_url: 'https://login.example.com/token'}}";
const CLIENT: &str = "oauth: {client_id: app-1, client_secret: {env: APP_SECRET}, refresh_token:";

/// A project with one source, in a folder of its own.
struct World {
    folder: tempfile::TempDir,
    project: Project,
    manifest: Manifest,
    variables: BTreeMap<String, String>,
}

impl World {
    /// `ways` is the manifest's `auth`, `source` what the project says of the source.
    fn of(ways: &str, source: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manifest = format!(
            "connector: 1\nid: crm\nkind: http\nbase: https://crm.example.com\nparams: {{tenant: {{}}}}\nauth: {ways}\n\
             streams: {{users: {{path: /users}}}}\nprovides: {{accounts: [users]}}\n"
        );
        let project = format!(
            "rolecall: 1\norganisation: Acme\ntimezone: UTC\nsources:\n  crm: {{connector: crm, params: {{tenant: acme}}, {source}}}\n"
        );
        let file = folder.path().join("rolecall.yaml");
        let project = Project::from_bytes(&file, project.as_bytes()).unwrap();
        let store = folder.path().join("store");
        fs::create_dir(&store).unwrap();
        let variables = [
            ("ROLECALL_CREDENTIALS", store.to_str().unwrap()),
            ("APP_SECRET", "not-a-secret-app"),
            ("CRM_TOKEN", "not-a-token-1"),
        ];
        World {
            folder,
            project,
            manifest: crate::yaml::read("connector.yaml", &manifest).unwrap(),
            variables: variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    /// One whose tokens come from this server.
    fn at(server: &MockServer, ways: &str, auth: &str) -> Self {
        Self::of(
            ways,
            &format!(
                "auth: {{{auth}}}, with: {{token_url: '{}/token', timeout: 2s}}",
                server.uri()
            ),
        )
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn sign_in(&self) -> Result<SignIn, HttpError> {
        let source = &self.project.sources[0];
        let call = Call {
            source,
            manifest: &self.manifest,
            params: &source.params,
            options: &source.options,
            probe: false,
            watch: &Unwatched,
        };
        let variables = self.variables.clone();
        let surroundings = Surroundings {
            variable: Box::new(move |name| variables.get(name).map(Into::into)),
            ..Surroundings::of(&source.place)
        };
        prepare::sign_in(&call, &surroundings)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only its owner may read.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        mode(&path, 0o600);
        path
    }

    fn fault(&self) -> String {
        let error = self.sign_in().map(|_| ()).unwrap_err();
        assert_eq!(error.exit(), crate::exit::Exit::Usage);
        let debug = format!("{error:?}");
        let text = format!("{error}\nhelp: {}", error.help().unwrap());
        for secret in self.variables.values().filter(|value| value.contains("not-a")) {
            assert!(!text.contains(secret) && !debug.contains(secret), "{text}\n{debug}");
        }
        text.replace(self.folder.path().to_str().unwrap(), "DIR")
    }
}

#[cfg(unix)]
fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn mode(_path: &Path, _mode: u32) {}

fn client() -> Client {
    authorize::client().unwrap()
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(10)
}

async fn asked(sign_in: &SignIn) -> Result<(String, String), String> {
    let answer = sign_in.header(&client(), soon()).await.map_err(|refused| refused.why)?;
    let (name, value) = answer.unwrap();
    assert!(value.is_sensitive());
    Ok((name.to_string(), value.to_str().unwrap().to_owned()))
}

/// The value of the header alone.
async fn value(sign_in: &SignIn) -> Result<String, String> {
    Ok(asked(sign_in).await?.1)
}

/// A server that gives out tokens: `token-1` and `refresh-2` for the first refresh token, and so on.
async fn rotating() -> MockServer {
    let server = MockServer::start().await;
    for n in 1..4 {
        Mock::given(method("POST"))
            .and(path("/token"))
            .and(body_string(format!(
                "grant_type=refresh_token&refresh_token=not-a-refresh-{n}"
            )))
            // app-1:not-a-secret-app
            .and(header("authorization", "Basic YXBwLTE6bm90LWEtc2VjcmV0LWFwcA=="))
            .and(header("content-type", "application/x-www-form-urlencoded"))
            .respond_with(
                ResponseTemplate::new(200)
                    .set_delay(Duration::from_millis(100))
                    .set_body_json(json!({
                        "access_token": format!("not-a-token-{n}"), "token_type": "Bearer", "expires_in": 3600,
                        "refresh_token": format!("not-a-refresh-{}", n + 1),
                        "scope": "base,users:read", "api_domain": "https://acme.example.com",
                    })),
            )
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    server
}

async fn answering(answers: &[ResponseTemplate]) -> MockServer {
    let server = MockServer::start().await;
    for (n, answer) in answers.iter().enumerate() {
        Mock::given(method("POST"))
            .respond_with(answer.clone())
            .up_to_n_times(1)
            .with_priority(u8::try_from(n).unwrap() + 1)
            .mount(&server)
            .await;
    }
    server
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn stored(access_token: Option<(&str, Timestamp)>) -> String {
    let mut document = json!({
        "client_id": "app-1", "client_secret": "not-a-secret-app", "refresh_token": "not-a-refresh-1", "note": "mine",
    });
    if let Some((token, expires_at)) = access_token {
        document["access_token"] = token.into();
        document["expires_at"] = expires_at.to_string().into();
    }
    document.to_string()
}

fn minutes(minutes: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn a_fixed_secret_signs_as_the_product_wants_it() {
    let table = [
        (
            "{t: {kind: header, name: x-api-token}}",
            "t: {env: CRM_TOKEN}",
            ("x-api-token", "not-a-token-1"),
        ),
        (
            "{t: {kind: header, name: authorization, prefix: 'SSWS '}}",
            "t: {env: CRM_TOKEN}",
            ("authorization", "SSWS not-a-token-1"),
        ),
        (
            "{t: {kind: bearer}}",
            "t: {secret: {env: CRM_TOKEN}}",
            ("authorization", "Bearer not-a-token-1"),
        ),
        // ada:not-a-token-1
        (
            "{t: {kind: basic}}",
            "t: {username: ada, password: {env: CRM_TOKEN}}",
            ("authorization", "Basic YWRhOm5vdC1hLXRva2VuLTE="),
        ),
        // not-a-token-1:x
        (
            "{t: {kind: basic, password: x}}",
            "t: {env: CRM_TOKEN}",
            ("authorization", "Basic bm90LWEtdG9rZW4tMTp4"),
        ),
        // api:not-a-token-1
        (
            "{t: {kind: basic, username: api}}",
            "t: {env: CRM_TOKEN}",
            ("authorization", "Basic YXBpOm5vdC1hLXRva2VuLTE="),
        ),
    ];
    for (ways, auth, (name, text)) in table {
        let sign_in = World::of(ways, &format!("auth: {{{auth}}}")).sign_in().unwrap();
        assert_eq!(asked(&sign_in).await.unwrap(), (name.to_owned(), text.to_owned()));
        assert_eq!(sign_in.way(), "t");
        assert!(!sign_in.rejected(&HeaderValue::from_str(text).unwrap()));
        let clean = sign_in.redact_text(&format!("before {text} not-a-token-1 not%2Da%2Dtoken%2D1 after"));
        assert!(clean.starts_with("before ") && clean.ends_with(" after"), "{clean}");
        assert!(!clean.contains("not-a-token-1") && !clean.contains("bm90"), "{clean}");
    }
    let world = World::of("{}", "options: {}");
    let open = world.sign_in().unwrap();
    assert_eq!(open.header(&client(), soon()).await, Ok(None));
    assert_eq!(open.way(), "");
}

#[test]
fn a_secret_is_found_where_the_project_says() {
    let ways = "{t: {kind: bearer}}";
    for (auth, file, text) in [
        ("t: {file: secret.txt}", "secret.txt", "not-a-token-2\n"),
        (
            "t: {file: secret.txt}",
            "secret.txt",
            "{\"secret\": \"not-a-token-2\"}\n",
        ),
        (
            "t: {stored: crm}",
            "store/crm.json",
            "{\"secret\": \"not-a-token-2\"}\n",
        ),
        ("t: {command: [cat, secret.txt]}", "secret.txt", "not-a-token-2\n"),
        (
            "t: {command: [./show]}",
            "show",
            "#!/bin/sh\npwd -P > where; echo noise >&2; echo not-a-token-2\n",
        ),
    ] {
        let world = World::of(ways, &format!("auth: {{{auth}}}"));
        let path = world.file(file, text);
        mode(&path, 0o700);
        let sign_in = world.sign_in().unwrap_or_else(|error| panic!("{auth}: {error}"));
        assert_eq!(sign_in.redact_text("x not-a-token-2"), "x [secret]", "{auth}");
        let started_in = fs::read_to_string(world.path("where"));
        if file == "show" {
            let folder = fs::canonicalize(world.folder.path()).unwrap();
            assert_eq!(started_in.unwrap().trim(), folder.to_str().unwrap());
        }
    }
}

#[test]
fn what_is_wrong_is_said_without_the_secret() {
    let header = "{token: {kind: header, name: x-api-token, help: 'under settings, API'}, basic: {kind: basic}}";
    let word = |text: &str, source: &str| World::of(header, source).with("CRM_TOKEN", text).fault();
    let mut said = vec![
        World::of(header, "options: {}").fault(),
        World::of(REFRESH, "options: {}").fault(),
        World::of("{}", "auth: {token: {env: CRM_TOKEN}}").fault(),
        World::of(header, "auth: {tokn: {env: CRM_TOKEN}}").fault(),
        World::of(header, "auth: {token: {env: OTHER}}").fault(),
        World::of(header, "auth: {token: {file: gone.txt}}").fault(),
        World::of(header, "auth: {token: {stored: gone}}").fault(),
        World::of(header, "auth: {token: {command: [./no-such-program]}}").fault(),
        World::of(header, "auth: {token: {command: [sh, -c, 'echo not-a-token; exit 3']}}").fault(),
        World::of(header, "auth: {token: {command: [sh, -c, 'exit 0']}}").fault(),
        World::of(header, "auth: {basic: {env: CRM_TOKEN}}").fault(),
        World::of(header, "auth: {basic: {username: ada}}").fault(),
        World::of(header, "auth: {basic: {username: ada, passwort: {env: CRM_TOKEN}}}").fault(),
        World::of(header, "auth: {basic: {username: 'a:b', password: {env: CRM_TOKEN}}}").fault(),
    ];
    let token = "auth: {token: {env: CRM_TOKEN}}";
    for text in [
        " \n",
        "not-a-token\nnot-a-second",
        "not-a\u{7f}token",
        "abc",
        "not-a-tökén",
        "{\"secret\": 1}",
        "{not-a-token",
    ] {
        said.push(word(text, token));
    }
    let url = "auth: {oauth: {client_id: a, client_secret: {env: CRM_TOKEN}, refresh_token: {env: CRM_TOKEN}}}";
    for address in [
        "http://login.example.com/token",
        "https://not-a-name@login.example.com/token",
    ] {
        said.push(World::of(REFRESH, &format!("{url}, with: {{token_url: '{address}'}}")).fault());
    }
    let account = "{sa: {kind: jwt_bearer, token_url: 'https://login.example.com/t', scope: s, subject: '{tenant}'}}";
    for text in [
        "not-a-token",
        "{\"client_email\": \"a\"}",
        "{\"client_email\": \"a\", \"private_key\": \"not-a-key\"}",
    ] {
        said.push(
            World::of(account, "auth: {sa: {env: CRM_TOKEN}}")
                .with("CRM_TOKEN", text)
                .fault(),
        );
    }
    said.push(World::of("{run: {kind: command}}", "auth: {run: {env: CRM_TOKEN}}").fault());
    insta::assert_snapshot!(said.join("\n\n").replace("DIR/", ""));
}

#[cfg(unix)]
#[test]
fn a_stored_credential_that_others_may_read_is_refused() {
    let world = World::of("{t: {kind: bearer}}", "auth: {t: {stored: crm}}");
    let path = world.file("store/crm.json", "{\"secret\": \"not-a-token-1\"}");
    for open in [0o640, 0o604, 0o660] {
        mode(&path, open);
        assert!(world.fault().contains("others than its owner may read"), "{open:o}");
    }
    mode(&path, 0o600);
    assert!(world.sign_in().is_ok());
    // What a container is given is open to all in it.
    let world = World::of("{t: {kind: bearer}}", "auth: {t: {file: crm.txt}}");
    mode(&world.file("crm.txt", "not-a-token-1"), 0o444);
    assert!(world.sign_in().is_ok());
}

#[tokio::test]
async fn a_new_refresh_token_is_kept_with_all_that_was_there() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    let path = world.file("store/crm.json", &stored(None));
    let sign_in = world.sign_in().unwrap();
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-1");
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-1");
    let kept = read(&path);
    assert_eq!(kept["refresh_token"], "not-a-refresh-2");
    assert_eq!(kept["access_token"], "not-a-token-1");
    assert_eq!((&kept["client_id"], &kept["note"]), (&json!("app-1"), &json!("mine")));
    let expires_at: Timestamp = kept["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(expires_at > minutes(58) && expires_at < minutes(61), "{expires_at}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let leftover = fs::read_dir(world.path("store")).unwrap().count();
    assert_eq!(leftover, 2, "the credential and its lock");
    let text = "not-a-token-1 not-a-refresh-2 not-a-refresh-1 not-a-secret-app YXBwLTE6bm90LWEtc2VjcmV0LWFwcA==";
    assert_eq!(
        sign_in.redact_text(text),
        "[secret] [secret] [secret] [secret] [secret]"
    );
    // Another run uses what is there, and asks nothing.
    assert_eq!(value(&world.sign_in().unwrap()).await.unwrap(), "Bearer not-a-token-1");
    assert_eq!(requests(&server).await.len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_refresh_token_alone_in_a_file_is_replaced() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, &format!("{CLIENT} {{file: token.txt}}}}"));
    let real = world.file("real.txt", "not-a-refresh-1\n");
    std::os::unix::fs::symlink(&real, world.path("token.txt")).unwrap();
    assert_eq!(value(&world.sign_in().unwrap()).await.unwrap(), "Bearer not-a-token-1");
    assert_eq!(fs::read_to_string(&real).unwrap(), "not-a-refresh-2\n");
    assert!(world.path("token.txt").is_symlink());
    assert_eq!(value(&world.sign_in().unwrap()).await.unwrap(), "Bearer not-a-token-2");
}

#[tokio::test]
async fn a_token_that_holds_is_used_and_one_that_ends_is_renewed() {
    for (left, expected, calls) in [
        (5, "Bearer not-a-token-old", 0),
        (0, "Bearer not-a-token-1", 1),
        (-5, "Bearer not-a-token-1", 1),
    ] {
        let server = rotating().await;
        let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
        world.file("store/crm.json", &stored(Some(("not-a-token-old", minutes(left)))));
        assert_eq!(value(&world.sign_in().unwrap()).await.unwrap(), expected);
        assert_eq!(requests(&server).await.len(), calls);
    }
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    world.file("store/crm.json", &stored(Some(("not-a-token-old", minutes(50)))));
    let sign_in = world.sign_in().unwrap();
    let (_, old) = sign_in.header(&client(), soon()).await.unwrap().unwrap();
    assert!(sign_in.rejected(&old));
    // A second call that was signed with it finds out as well.
    assert!(sign_in.rejected(&old));
    let (_, new) = sign_in.header(&client(), soon()).await.unwrap().unwrap();
    assert_eq!(new, "Bearer not-a-token-1");
    assert!(sign_in.rejected(&old), "the new one has not been tried yet");
    assert!(!sign_in.rejected(&new), "it is the credential that is rejected");
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn two_runs_at_once_use_a_refresh_token_once() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    world.file("store/crm.json", &stored(None));
    let (one, other) = (world.sign_in().unwrap(), world.sign_in().unwrap());
    let (first, second) = tokio::join!(value(&one), value(&other));
    assert_eq!(
        (first.unwrap(), second.unwrap()),
        ("Bearer not-a-token-1".to_owned(), "Bearer not-a-token-1".to_owned())
    );
    // And so do the calls of one run.
    let world = World::at(&server, REFRESH, &format!("{CLIENT} {{file: token.txt}}}}"));
    world.file("token.txt", "not-a-refresh-2");
    let sign_in = world.sign_in().unwrap();
    let (first, second) = tokio::join!(value(&sign_in), value(&sign_in));
    assert_eq!(first, second);
    assert_eq!(requests(&server).await.len(), 2);
}

#[tokio::test]
async fn another_run_that_does_not_end_is_waited_for_until_the_deadline() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    let path = world.file("store/crm.json", &stored(None));
    let held = crate::collect::store::Held::take(&path).unwrap().unwrap();
    let sign_in = world.sign_in().unwrap();
    let soon = Instant::now() + Duration::from_millis(300);
    let refused = sign_in.header(&client(), soon).await.unwrap_err();
    assert_eq!(
        refused.why,
        "another run is renewing the token, and did not end in time"
    );
    drop(held);
    assert!(requests(&server).await.is_empty());
}

#[tokio::test]
async fn an_exchange_that_was_begun_is_waited_for_behind_the_deadline() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    let path = world.file("store/crm.json", &stored(None));
    let sign_in = world.sign_in().unwrap();
    // The server has issued a new refresh token by then, and the old one is worth nothing any more.
    let too_soon = Instant::now() + Duration::from_millis(20);
    assert!(sign_in.header(&client(), too_soon).await.is_ok());
    assert_eq!(read(&path)["refresh_token"], "not-a-refresh-2");
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_exchanged_where_the_answer_could_not_be_kept() {
    let server = rotating().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    let path = world.file("store/crm.json", &stored(None));
    // In the place of what has to be written: this holds for the superuser as well.
    let obstacle = world.path("store/.crm.json.lock");
    fs::create_dir(&obstacle).unwrap();
    let why = value(&world.sign_in().unwrap()).await.unwrap_err();
    assert!(why.contains("cannot be written to"), "{why}");
    fs::remove_dir(&obstacle).unwrap();
    mode(&world.path("store"), 0o500);
    if fs::write(world.path("store/probe"), "").is_err() {
        let why = value(&world.sign_in().unwrap()).await.unwrap_err();
        assert!(why.contains("cannot be written to: it is not allowed"), "{why}");
    }
    mode(&world.path("store"), 0o700);
    assert!(requests(&server).await.is_empty());
    assert_eq!(read(&path)["refresh_token"], "not-a-refresh-1");
}

/// Answers, and takes the file away before the answer arrives.
struct Spoils(PathBuf);

impl Respond for Spoils {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        fs::remove_file(&self.0).unwrap();
        fs::create_dir(&self.0).unwrap();
        ResponseTemplate::new(200)
            .set_body_json(json!({"access_token": "not-a-token-1", "refresh_token": "not-a-refresh-2"}))
    }
}

#[tokio::test]
async fn a_new_refresh_token_that_cannot_be_kept_stops_the_run() {
    let server = MockServer::start().await;
    let world = World::at(&server, REFRESH, "oauth: {stored: crm}");
    let path = world.file("store/crm.json", &stored(None));
    Mock::given(method("POST"))
        .respond_with(Spoils(path))
        .mount(&server)
        .await;
    let sign_in = world.sign_in().unwrap();
    for _ in 0..2 {
        let why = value(&sign_in).await.unwrap_err();
        assert_eq!(
            why,
            "the system issued a new refresh token and it could not be kept: sign in again with `rolecall connect`"
        );
    }
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn a_refresh_token_from_the_environment_must_stay_the_same() {
    let server = rotating().await;
    let auth = format!("{CLIENT} {{env: REFRESH}}}}");
    let world = World::at(&server, REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
    let why = value(&world.sign_in().unwrap()).await.unwrap_err();
    assert!(
        why.contains("could not be kept") && why.contains("the variable `REFRESH`"),
        "{why}"
    );
    let same = json!({"access_token": "not-a-token-1", "expires_in": "3600", "refresh_token": "not-a-refresh-1"});
    let server = answering(&[ResponseTemplate::new(200).set_body_json(same)]).await;
    let world = World::at(&server, REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
    assert_eq!(value(&world.sign_in().unwrap()).await.unwrap(), "Bearer not-a-token-1");
}

#[tokio::test]
async fn a_client_signs_in_as_itself() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/token"))
        .and(body_string(
            "grant_type=client_credentials&client_id=app-1&client_secret=not-a-secret-app&scope=https%3A%2F%2Fgraph.example.com%2F.default",
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({"token_type": "bearer", "expires_in": 3599, "access_token": "not-a-token-1"}),
        ))
        .mount(&server)
        .await;
    let ways = "{app: {kind: oauth2_client_credentials, token_url: 'https://login.example.com/{tenant}/token', scope: 'https://graph.example.com/.default'}}";
    let world = World::at(
        &server,
        ways,
        "app: {client_id: app-1, client_secret: {env: APP_SECRET}}",
    );
    let sign_in = world.sign_in().unwrap();
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-1");
    assert!(requests(&server).await[0].headers.get("authorization").is_none());
    assert_eq!(
        sign_in.redact_text("not-a-secret-app not-a-token-1"),
        "[secret] [secret]"
    );
}

/// Made of two primes that RFC 2409 (6.2) and RFC 5054 (appendix A) print: a key that everybody knows.
fn service_account() -> (String, Vec<u8>) {
    use base64::Engine;
    let text = include_str!("known_primes.txt");
    let der = base64::engine::general_purpose::STANDARD
        .decode(text.replace('\n', ""))
        .unwrap();
    let label = "PRIVATE KEY";
    let key = format!("-----BEGIN {label}-----\n{text}-----END {label}-----\n");
    let account = json!({
        "type": "service_account", "client_email": "reader@acme.example", "private_key_id": "key-1", "private_key": key,
        "token_uri": "https://evil.test/token",
    });
    (account.to_string(), der[38..38 + 256].to_vec())
}

#[tokio::test]
async fn a_service_account_states_who_it_speaks_for() {
    let server = answering(&[ResponseTemplate::new(200)
        .set_body_json(json!({"access_token": "not-a-token-1", "expires_in": 3599, "token_type": "Bearer"}))])
    .await;
    let ways = "{sa: {kind: jwt_bearer, token_url: 'https://login.example.com/token', scope: users.read, subject: 'admin@{tenant}.example'}}";
    let (account, modulus) = service_account();
    let world = World::at(&server, ways, "sa: {file: key.json}");
    world.file("key.json", &account);
    let sign_in = world.sign_in().unwrap();
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-1");
    let asked = requests(&server).await;
    let form: BTreeMap<String, String> =
        reqwest::Url::parse(&format!("x:?{}", String::from_utf8(asked[0].body.clone()).unwrap()))
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["https://login.example.com/token"]);
    let key = DecodingKey::from_rsa_raw_components(&modulus, &[1, 0, 1]);
    let statement = jsonwebtoken::decode::<Value>(&form["assertion"], &key, &validation).unwrap();
    let claims = statement.claims;
    assert_eq!(claims["iss"], "reader@acme.example");
    assert_eq!(claims["sub"], "admin@acme.example");
    assert_eq!(claims["scope"], "users.read");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert_eq!(statement.header.kid.as_deref(), Some("key-1"));
    let key: Value = serde_json::from_str(&account).unwrap();
    assert_eq!(sign_in.redact_text(&format!("{}", key["private_key"])), "\"[secret]\"");
}

#[tokio::test]
async fn a_program_prints_a_token_each_time_that_one_is_needed() {
    let ways = "{run: {kind: command}}";
    let script = "#!/bin/sh\necho x >> runs\necho \"{\\\"access_token\\\": \\\"not-a-token-$(wc -l < runs | tr -d ' ')\\\", \\\"expires_in\\\": 3600}\"\n";
    let world = World::of(ways, "auth: {run: {command: [./print]}}");
    mode(&world.file("print", script), 0o700);
    let sign_in = world.sign_in().unwrap();
    assert!(!world.path("runs").exists(), "not before it is needed");
    let first = sign_in.header(&client(), soon()).await.unwrap().unwrap().1;
    assert_eq!(first, "Bearer not-a-token-1");
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-1");
    assert!(sign_in.rejected(&first));
    assert_eq!(value(&sign_in).await.unwrap(), "Bearer not-a-token-2");
    let named = "{run: {kind: command, name: x-token}}";
    let world = World::of(named, "auth: {run: {command: [echo, not-a-token-7]}}");
    let asked = asked(&world.sign_in().unwrap()).await.unwrap();
    assert_eq!(asked, ("x-token".to_owned(), "not-a-token-7".to_owned()));
    let world = World::of(ways, "auth: {run: {command: [sh, -c, 'echo not-a-token; exit 4']}}");
    assert_eq!(
        value(&world.sign_in().unwrap()).await.unwrap_err(),
        "the program `sh` ended with code 4"
    );
}

#[test]
fn a_program_that_does_not_end_is_ended() {
    let words = |script: &str| ["sh", "-c", script].map(str::to_owned);
    let started = std::time::Instant::now();
    let limit = Duration::from_millis(300);
    for script in [
        "sleep 60",
        "echo not-a-token; exec >&-; sleep 60",
        "sleep 60 & echo not-a-token",
    ] {
        let fault = crate::collect::secret::program(&words(script), Path::new(""), limit).unwrap_err();
        assert!(!fault.message.contains("not-a-token"), "{fault:?}");
    }
    let endless = crate::collect::secret::program(&words("yes not-a-token"), Path::new(""), PROGRAM).unwrap_err();
    assert!(!endless.message.contains("not-a-token"), "{endless:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_token_endpoint_that_fails_is_asked_again_and_one_that_refuses_is_not() {
    let good = || ResponseTemplate::new(200).set_body_json(json!({"access_token": "not-a-token-1"}));
    let status = ResponseTemplate::new;
    let refusal = |word: &str| {
        ResponseTemplate::new(400)
            .set_body_json(json!({"error": word, "error_description": "not-a-description of ada@example.com"}))
    };
    let big = format!("{{\"access_token\": \"{}\"}}", "x".repeat(70_000));
    let table: Vec<(Vec<ResponseTemplate>, usize, &str)> = vec![
        (vec![status(500), status(503), good()], 3, "Bearer not-a-token-1"),
        (vec![status(502), status(502), status(502), good()], 3, "status 502"),
        (
            vec![refusal("invalid_grant"), good()],
            1,
            "`invalid_grant` (status 400): what was allowed is over, or was taken back; sign in again",
        ),
        (
            vec![refusal("invalid_client"), good()],
            1,
            "`invalid_client` (status 400)",
        ),
        (vec![refusal("not-a-word\u{1b}[2J"), good()], 1, "status 400"),
        (
            vec![status(407), good()],
            1,
            "the proxy asks for a password (status 407)",
        ),
        (
            vec![status(200).set_body_string("<html>not-a-page</html>"), good()],
            1,
            "the answer is no JSON object",
        ),
        (
            vec![status(200).set_body_string("{}"), good()],
            1,
            "the answer holds no token",
        ),
        (
            vec![status(200).set_body_string(big), good()],
            1,
            "the answer is longer than 64 KiB",
        ),
        (
            vec![
                status(200).set_body_json(json!({"access_token": "not-a-token", "token_type": "mac"})),
                good(),
            ],
            1,
            "the token is not of the type `bearer`",
        ),
        (
            vec![
                status(200).set_body_json(json!({"access_token": "not\r\nx-evil: 1"})),
                good(),
            ],
            1,
            "the token is none that a header can hold",
        ),
        (
            vec![status(200).set_body_json(json!({"access_token": "a"})), good()],
            1,
            "the token is too short to be one",
        ),
        (
            vec![good().set_delay(Duration::from_secs(5)), good()],
            1,
            "it did not answer in time",
        ),
    ];
    for (answers, calls, expected) in table {
        let server = answering(&answers).await;
        let auth = format!("{CLIENT} {{env: REFRESH}}}}");
        let world = World::at(&server, REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
        let sign_in = world.sign_in().unwrap();
        let said = value(&sign_in).await.unwrap_or_else(|why| why);
        let host = format!("asking {} for a token: ", server.uri());
        assert_eq!(said.strip_prefix(&host).unwrap_or(&said), expected);
        assert_eq!(
            value(&sign_in).await.unwrap_or_else(|why| why),
            said,
            "a refusal stays one"
        );
        assert_eq!(requests(&server).await.len(), calls, "{expected}");
    }
}

#[tokio::test]
async fn a_credential_is_not_sent_after_a_redirect() {
    let elsewhere = MockServer::start().await;
    for status in [301, 302, 307, 308] {
        let away =
            ResponseTemplate::new(status).insert_header("location", format!("{}/token", elsewhere.uri()).as_str());
        let server = answering(&[away]).await;
        let auth = format!("{CLIENT} {{env: REFRESH}}}}");
        let world = World::at(&server, REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
        let why = value(&world.sign_in().unwrap()).await.unwrap_err();
        assert!(
            why.ends_with(&format!(
                "it points elsewhere (status {status}), where no credential is sent"
            )),
            "{why}"
        );
    }
    assert!(requests(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn nobody_there_is_tried_three_times() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let auth = format!("auth: {{{CLIENT} {{env: REFRESH}}}}}}, with: {{token_url: 'http://{free}/token'}}");
    let world = World::of(REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
    let started = Instant::now();
    let why = value(&world.sign_in().unwrap()).await.unwrap_err();
    assert_eq!(
        why,
        format!("asking http://{free} for a token: it could not be reached")
    );
    assert!(
        started.elapsed() >= Duration::from_millis(1500),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_should_trust_is_not_tried_again() {
    let client = client();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (send, calls) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let config = std::sync::Arc::new(config);
        for stream in listener.incoming() {
            let _ = send.send(());
            let mut connection = rustls::ServerConnection::new(config.clone()).unwrap();
            // The other side hangs up in the middle of it.
            let _ = connection.complete_io(&mut stream.unwrap());
        }
    });
    let auth = format!("auth: {{{CLIENT} {{env: REFRESH}}}}}}, with: {{token_url: 'https://localhost:{port}/token'}}");
    let world = World::of(REFRESH, &auth).with("REFRESH", "not-a-refresh-1");
    let refused = world.sign_in().unwrap().header(&client, soon()).await.unwrap_err();
    let expected = format!("asking https://localhost:{port} for a token: its certificate is not one to trust");
    assert_eq!(refused.why, expected);
    assert_eq!(calls.try_iter().count(), 1);
}

#[test]
fn a_short_token_is_used_for_half_of_its_life() {
    let now = Timestamp::now();
    for (seconds, half) in [(3600, 3_540_000), (120, 60_000), (60, 30_000), (1, 500), (0, 0)] {
        let token = Token::lasting("not-a-token".into(), Some(seconds), now);
        let at = |milliseconds: i64| now + SignedDuration::from_millis(milliseconds);
        assert!(token.is_fresh(at(half - 1)) && !token.is_fresh(at(half)), "{seconds}");
    }
    assert!(Token::lasting("not-a-token".into(), None, now).is_fresh(now + SignedDuration::from_hours(99)));
}
