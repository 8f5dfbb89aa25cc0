//! `rolecall connect`, played through: the test is the browser, and a server on this machine is the system.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SECRET: &str = "not-a-secret-app";
const REFRESH: &str = "not-a-refresh-1";

/// A run of `connect` that waits for its browser.
struct Run {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    said: String,
    callback: String,
    state: String,
}

fn command(store: &Path, server: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .env_clear()
        .env("ROLECALL_CREDENTIALS", store)
        .env("APP_SECRET", SECRET)
        .current_dir(store.parent().unwrap())
        .args(["connect", "pipedrive", "--client-id", "app 1", "--port", "0"])
        .args(["--authorize-url", &format!("{server}/oauth/authorize")])
        .args(["--token-url", &format!("{server}/oauth/token")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Run {
    fn start(store: &Path, server: &str, more: &[&str]) -> Self {
        let mut child = command(store, server)
            .args(["--client-secret-env", "APP_SECRET"])
            .args(more)
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut address) = (String::new(), None);
        while !said.contains("waiting") {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended: {said}");
            if line.trim().starts_with("http") {
                address = Some(line.trim().to_owned());
            }
            said.push_str(&line);
        }
        let address = address.unwrap();
        assert!(address.starts_with(&format!("{server}/oauth/authorize?")), "{address}");
        let asked = |name: &str| {
            let pairs = address.split_once('?').unwrap().1.split('&');
            let mut values = pairs.filter_map(|pair| pair.strip_prefix(&format!("{name}=")));
            values.next().unwrap().to_owned()
        };
        assert_eq!(
            (asked("response_type").as_str(), asked("client_id").as_str()),
            ("code", "app+1")
        );
        let callback = asked("redirect_uri").replace("%3A", ":").replace("%2F", "/");
        Run {
            child,
            stderr,
            said,
            callback,
            state: asked("state"),
        }
    }

    /// What the browser asks for, below the callback's host; the status that it gets.
    fn browse(&self, target: &str) -> String {
        let host = self
            .callback
            .strip_prefix("http://")
            .unwrap()
            .strip_suffix("/callback")
            .unwrap();
        assert!(host.starts_with("127.0.0.1:"), "{host}");
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET {target} HTTP/1.1\r\nhost: {host}\r\nreferer: https://evil.test/\r\n\r\n"
        )
        .unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        for secret in [SECRET, REFRESH, "not-a-code", "not-a-state", self.state.as_str()] {
            assert!(!page.contains(secret), "{page}");
        }
        page.lines().next().unwrap().to_owned()
    }

    /// Exit code, standard output and standard error.
    fn end(mut self) -> (i32, String, String) {
        self.stderr.read_to_string(&mut self.said).unwrap();
        let output = self.child.wait_with_output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        for secret in [SECRET, REFRESH, "not-a-code", "not-a-token"] {
            assert!(
                !stdout.contains(secret) && !self.said.contains(secret),
                "{stdout}\n{}",
                self.said
            );
        }
        (output.status.code().unwrap(), stdout, self.said)
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A system that gives a refresh token for the one code that it knows.
async fn system(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/oauth/token"))
        // app 1:not-a-secret-app
        .and(header("authorization", "Basic YXBwIDE6bm90LWEtc2VjcmV0LWFwcA=="))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .and(body_string_contains(
            "grant_type=authorization_code&code=not-a-code%2F1&redirect_uri=http%3A%2F%2F127.0.0.1%3A",
        ))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

fn issued() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "access_token": "not-a-token-1", "token_type": "Bearer", "expires_in": 3599, "refresh_token": REFRESH,
        "scope": "base,users:read", "api_domain": "https://acme.example.com",
    }))
}

#[test]
fn only_the_answer_to_the_question_is_exchanged_and_stored() {
    let runtime = runtime();
    let server = runtime.block_on(system(issued()));
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("made/by/it");
    fs::create_dir_all(store.parent().unwrap()).unwrap();
    let run = Run::start(&store, &server.uri(), &["--name", "crm-2"]);
    assert!(
        run.state.len() == 32 && run.state.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{}",
        run.state
    );
    // A connection on which nobody says anything keeps nobody waiting.
    let host = run
        .callback
        .strip_prefix("http://")
        .unwrap()
        .strip_suffix("/callback")
        .unwrap();
    let silent = TcpStream::connect(host).unwrap();
    for wrong in [
        "/callback?code=not-a-code%2F1&state=not-a-state".to_owned(),
        "/callback?code=not-a-code%2F1".to_owned(),
        "/callback?error=access_denied&state=not-a-state".to_owned(),
        format!("/callback?state={}", run.state),
        format!("/other?code=not-a-code%2F1&state={}", run.state),
        "/favicon.ico".to_owned(),
    ] {
        assert_eq!(run.browse(&wrong), "HTTP/1.1 400 Bad Request", "{wrong}");
    }
    assert!(runtime.block_on(server.received_requests()).unwrap().is_empty());
    let right = format!("/callback?code=not-a-code%2F1&state={}", run.state);
    assert_eq!(run.browse(&right), "HTTP/1.1 200 OK");
    let (code, stdout, stderr) = run.end();
    drop(silent);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stderr.matches("; still waiting").count(), 6, "{stderr}");
    assert!(
        stderr.contains("ignored: an answer without the state that was sent"),
        "{stderr}"
    );
    for line in [
        "allowed: base,users:read",
        "the API is at https://acme.example.com",
        "    auth: {oauth: {stored: crm-2}}",
    ] {
        assert!(stdout.lines().any(|said| said == line), "{stdout}");
    }
    let file = store.join("crm-2.json");
    let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let text = |key: &str| kept[key].as_str().unwrap();
    assert_eq!((text("client_id"), text("client_secret")), ("app 1", SECRET));
    assert_eq!(
        (text("refresh_token"), text("access_token")),
        (REFRESH, "not-a-token-1")
    );
    assert!(text("expires_at").parse::<jiff::Timestamp>().is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&store)), (0o600, 0o700));
    }
    let exchange = runtime.block_on(server.received_requests()).unwrap();
    assert_eq!(exchange.len(), 1);
}

#[test]
fn a_no_and_a_failed_exchange_store_nothing() {
    let runtime = runtime();
    let refusal = ResponseTemplate::new(400)
        .set_body_json(json!({"error": "invalid_grant", "error_description": "not-a-code/1 is not-a-token"}));
    let lacking = ResponseTemplate::new(200).set_body_json(json!({"access_token": "not-a-token-1"}));
    for (answer, query, expected) in [
        (
            issued(),
            "error=user_denied",
            "connecting `pipedrive`: the system said `user_denied`",
        ),
        (
            issued(),
            "error=%1B%5B2Jevil",
            "connecting `pipedrive`: the system said no",
        ),
        (refusal, "code=not-a-code%2F1", "`invalid_grant` (status 400)"),
        (lacking, "code=not-a-code%2F1", "the answer holds no refresh token"),
    ] {
        let server = runtime.block_on(system(answer));
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store");
        let run = Run::start(&store, &server.uri(), &[]);
        run.browse(&format!("/callback?{query}&state={}", run.state));
        let (code, stdout, stderr) = run.end();
        assert_eq!((code, stdout.as_str()), (2, ""));
        assert!(stderr.contains(expected), "{stderr}");
        assert!(!store.join("pipedrive.json").exists());
    }
}

#[test]
fn what_is_given_wrongly_is_found_before_anybody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let said = |more: &[&str]| {
        let output = command(&store, "http://127.0.0.1:9").args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains(SECRET) && !said.contains("open this address"), "{said}");
        said
    };
    let from = ["--client-secret-env", "APP_SECRET"];
    for (more, expected) in [
        (vec![], "no terminal is there to ask at"),
        (
            vec!["--client-secret-env", SECRET],
            "`--client-secret-env` is no name of a variable",
        ),
        (
            vec!["--client-secret-env", "OTHER"],
            "the variable `OTHER` of `--client-secret-env` is not set",
        ),
        (
            [&from[..], &["--name", "../evil"]].concat(),
            "cannot be the name of a stored credential",
        ),
        (
            [&from[..], &["--param", "compny=acme"]].concat(),
            "did you mean `company`?",
        ),
        (
            [&from[..], &["--param", "company=a", "--param", "company=b"]].concat(),
            "given twice",
        ),
        ([&from[..], &["--project", "gone"]].concat(), "gone"),
    ] {
        let said = said(&more);
        assert!(said.contains(expected), "{said}");
    }
    let other = |connector: &str, expected: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_rolecall"))
            .args([
                "connect",
                connector,
                "--client-id",
                "a",
                "--token-url",
                "http://login.example.com/token",
            ])
            .args(from)
            .env("APP_SECRET", SECRET)
            .env("ROLECALL_CREDENTIALS", &store)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains(expected), "{said}");
    };
    let output = command(&store, "http://login.example.com").args(from).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("the address where a person allows it is not https"),
        "{said}"
    );
    other("pipdrive", "did you mean `pipedrive`?");
    other("roster", "it has no way to sign in that a person can allow");
    other("pipedrive", "the address where tokens are fetched is not https");
    assert!(!store.join("pipedrive.json").exists());
}
