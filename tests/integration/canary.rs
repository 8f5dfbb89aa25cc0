//! Secrets stay where they are: a system that says back everything it was told, and every way to sign in to it.
//!
//! Each secret is a word that stands nowhere else. After every command that can be run with it, nothing that was printed
//! and no file that was written holds the word, or its base64.

use std::fs;
use std::path::Path;

use serde_json::json;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::cases::rolecall;

/// Stands in every secret, and in every token that one is exchanged for.
const CANARY: &str = "canary-of-the-mine";

const MANIFEST: &str = r"
connector: 1
id: echo
kind: http
base: https://echo.example/v1
auth:
  header: {kind: header, name: x-api-token, prefix: 'Key '}
  bearer: {kind: bearer}
  basic: {kind: basic}
  refresh: {kind: oauth2_refresh, token_url: 'https://echo.example/token'}
  client: {kind: oauth2_client_credentials, token_url: 'https://echo.example/token'}
  helper: {kind: command}
streams:
  users: {path: /users, records: /rows, key: /id, page: {by: link, absent: allowed}}
provides: {accounts: [users]}
";

const NORMALISER: &str = r#"package connectors.echo

accounts := [account(user) | some user in input.streams.users]

system := {"tenant": null, "reader": {"id": null, "sees_all": "unknown"}}

account(user) := {
	"id": sprintf("%d", [user.id]), "employee_id": null, "name": user.told, "email": null, "aliases": [], "state": "active",
	"kind": "user", "access": "some", "admin": "none", "mfa": "unknown", "reader": "no", "roles": [], "unread_roles": [],
	"permissions": null, "created_at": null, "last_login": {"state": "never", "at": null},
}
"#;

/// The ways to sign in, as a project names them; `CANARY` is a secret, and files are beside the project.
const WAYS: [&str; 9] = [
    "header: {env: ECHO_SECRET}",
    "header: {file: secret.txt}",
    "bearer: {command: [cat, secret.txt]}",
    "bearer: {stored: bird}",
    "basic: {username: ada, password: {env: ECHO_SECRET}}",
    "basic: {username: {env: ECHO_SECRET}, password: {file: secret.txt}}",
    "refresh: {file: tokens.json}",
    "client: {client_id: app, client_secret: {env: ECHO_SECRET}}",
    "helper: {command: [cat, secret.txt]}",
];

const COMMANDS: [&[&str]; 5] = [
    &["-v", "collect", "-o", "snapshot.json", "--record", "recording"],
    &["-v", "check", "--verdicts", "--record", "recording"],
    &["check", "--format", "json", "-o", "report.json"],
    &["doctor"],
    &["doctor", "--format", "json"],
];

#[test]
fn no_secret_is_anywhere_that_it_need_not_be() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for status in [200, 401, 403, 500, 302] {
        let server = runtime.block_on(echo(status));
        // What is asked again takes its time; how it was signed makes no difference to that.
        let ways = if status == 500 { &WAYS[..1] } else { &WAYS[..] };
        for way in ways {
            let folder = tempfile::tempdir().unwrap();
            lay_out(folder.path(), way, &server.uri());
            for command in COMMANDS {
                run(folder.path(), way, status, command);
            }
        }
        let asked = runtime.block_on(server.received_requests()).unwrap();
        let told = asked.iter().filter(|request| told(request).contains(CANARY)).count();
        assert!(
            told >= WAYS.len(),
            "status {status}: the secrets did not even get there"
        );
    }
}

fn run(folder: &Path, way: &str, status: u16, arguments: &[&str]) {
    let output = rolecall(folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("ECHO_SECRET", CANARY)
        .env("ROLECALL_CREDENTIALS", folder.join("store"))
        .args(arguments)
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    assert!(code != 2, "{way}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        arguments.contains(&"collect") && status == 200,
        code == 0,
        "{way} {status} {arguments:?}"
    );
    for printed in [&output.stdout, &output.stderr] {
        clean(printed, way, status, "printed");
    }
    for name in ["snapshot.json", "report.json", "recording"] {
        for_each_file(&folder.join(name), &mut |path| {
            clean(&fs::read(path).unwrap(), way, status, &path.display().to_string());
        });
    }
}

/// Neither the word nor what it becomes on the wire.
fn clean(bytes: &[u8], way: &str, status: u16, place: &str) {
    let text = String::from_utf8_lossy(bytes);
    // `canary-of-the-mine` in base64, from each of the three places where it can begin.
    let coded = [
        "Y2FuYXJ5LW9mLXRoZS1taW5l",
        "NhbmFyeS1vZi10aGUtbWlu",
        "jYW5hcnktb2YtdGhlLW1pbm",
    ];
    for word in [CANARY].into_iter().chain(coded) {
        assert!(!text.contains(word), "{way}, status {status}, {place}: {text}");
    }
}

fn for_each_file(path: &Path, see: &mut impl FnMut(&Path)) {
    if path.is_file() {
        return see(path);
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        for_each_file(&entry.unwrap().path(), see);
    }
}

fn lay_out(folder: &Path, way: &str, server: &str) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        private(&path);
    };
    write("connectors/echo/connector.yaml", MANIFEST);
    write("connectors/echo/normalise.rego", NORMALISER);
    write("secret.txt", CANARY);
    write("store/bird.json", &json!({"secret": CANARY}).to_string());
    let tokens = json!({"client_id": "app", "client_secret": CANARY, "refresh_token": format!("{CANARY}-refresh")});
    write("tokens.json", &tokens.to_string());
    write(
        "rolecall.yaml",
        &format!(
            "rolecall: 1\norganisation: Acme\ntimezone: UTC\nconnectors: [connectors]\nsources:\n  echo:\n    \
             connector: echo\n    auth: {{{way}}}\n    with: {{base_url: \"{server}/v1\", token_url: \"{server}/token\", \
             retries: 1}}\nsystems:\n  echo: {{critical: false}}\n"
        ),
    );
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().unwrap();
    if folder.ends_with("store") {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// Everything that a request said.
fn told(request: &Request) -> String {
    format!(
        "{} {:?} {}",
        request.url,
        request.headers,
        String::from_utf8_lossy(&request.body)
    )
}

/// A system that answers with what it was told, in its body and its headers.
async fn echo(status: u16) -> MockServer {
    let server = MockServer::start().await;
    let token = json!({
        "access_token": format!("{CANARY}-access"), "token_type": "Bearer", "expires_in": 3600,
        "refresh_token": format!("{CANARY}-rotated"), "scope": "users:read",
    });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(move |request: &Request| {
            let secret = request
                .headers
                .get("authorization")
                .or(request.headers.get("x-api-token"));
            let secret = secret.map_or("", |value| value.to_str().unwrap());
            ResponseTemplate::new(status)
                .insert_header("location", format!("/v1/users?leak={secret}").as_str())
                .insert_header("x-request-id", secret)
                .set_body_json(json!({"rows": [{"id": 1, "told": told(request)}], "error": secret}))
        })
        .mount(&server)
        .await;
    server
}
