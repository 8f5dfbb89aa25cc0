//! One question to a token endpoint, and what came back.
//!
//! A token is asked for by POST, with the credential in a header or in the form and never in the address. Of an answer
//! that refuses only a word of the standard is ever shown.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::super::client::{self, CallError, Client};
use super::{Refused, endpoint};
use crate::collect::secret::SHORTEST;
use crate::strict_json;

/// No answer of a token endpoint is longer, in bytes.
const LONGEST: usize = 64 * 1024;

/// How often a question is repeated.
const RETRIES: u32 = 2;

/// How long before its end a token is renewed: whatever it signs has to arrive in time.
const MARGIN: SignedDuration = SignedDuration::from_mins(1);

/// The words that a refusal may be told by: those of RFC 6749, of its extensions, and what a person's "no" is called.
const WORDS: [&str; 15] = [
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "user_denied",
];

/// A word of the standard, if it is one.
pub(super) fn word(text: &str) -> Option<&'static str> {
    WORDS.into_iter().find(|word| *word == text)
}

/// A token that a system gave out.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) secret: SecretString,
    /// When it ends; null where nobody said.
    pub(super) expires_at: Option<Timestamp>,
    /// From when on it is renewed.
    renew_at: Option<Timestamp>,
}

impl Token {
    /// A token that ends so many seconds after `now`.
    pub(super) fn lasting(secret: SecretString, seconds: Option<u64>, now: Timestamp) -> Self {
        let life = seconds
            .and_then(|seconds| i64::try_from(seconds).ok())
            .map(SignedDuration::from_secs);
        let after = |length: SignedDuration| now.checked_add(length).ok();
        Self {
            secret,
            expires_at: life.and_then(after),
            // One that lives for less than two minutes is used for half of its life.
            renew_at: life.and_then(|life| after(life - MARGIN.min(life / 2))),
        }
    }

    /// A token of which the end is known.
    pub(super) fn until(secret: SecretString, expires_at: Timestamp) -> Self {
        Self {
            secret,
            expires_at: Some(expires_at),
            renew_at: expires_at.checked_sub(MARGIN).ok(),
        }
    }

    /// Whether it may still sign something.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        self.renew_at.is_none_or(|renew_at| now < renew_at)
    }
}

/// What a token endpoint gave out.
pub(super) struct Issued {
    pub(super) token: Token,
    pub(super) refresh_token: Option<SecretString>,
    /// What the answer says besides: no secret.
    pub(super) scope: Option<String>,
    pub(super) api_domain: Option<String>,
}

/// A token endpoint.
pub(super) struct Endpoint {
    pub(super) url: Url,
    /// How long one call may take.
    pub(super) timeout: Duration,
    /// User and password of basic authentication.
    pub(super) client: Option<(SecretString, SecretString)>,
}

impl Endpoint {
    /// Asks for a token. Asked again where nobody was there, or the other side failed; what was refused stays refused.
    pub(super) async fn ask(
        &self,
        client: &Client,
        form: &[(&str, &str)],
        deadline: Instant,
    ) -> Result<Issued, Refused> {
        let mut tried = 0;
        loop {
            let (refused, again) = match self.once(client, form, deadline).await {
                Ok(issued) => return Ok(issued),
                Err(failed) => failed,
            };
            let wait = Duration::from_millis(500) * 2_u32.pow(tried);
            if !again || tried == RETRIES || Instant::now() + wait >= deadline {
                return Err(refused);
            }
            tried += 1;
            sleep_until(Instant::now() + wait).await;
        }
    }

    /// Asks once; a failure says whether it is worth asking again.
    async fn once(&self, client: &Client, form: &[(&str, &str)], deadline: Instant) -> Result<Issued, (Refused, bool)> {
        let host = endpoint::origin(&self.url);
        let failed = |why: String, again: bool| {
            (
                Refused {
                    why: format!("asking {host} for a token: {why}"),
                },
                again,
            )
        };
        let late = |_| failed("it did not answer in time".to_owned(), false);
        let mut request = client
            .to(&self.url)
            .post(self.url.clone())
            .header(reqwest::header::ACCEPT, "application/json")
            .timeout(self.timeout)
            .form(form);
        if let Some((user, password)) = &self.client {
            request = request.basic_auth(user.expose_secret(), Some(password.expose_secret()));
        }
        let limit = deadline.min(Instant::now() + self.timeout);
        let now = Timestamp::now();
        let sent = timeout_at(limit, request.send()).await.map_err(late)?;
        let mut answer = sent.map_err(|error| {
            let again = error.is_connect() && !distrusted(&error);
            failed(unreached(&error).to_owned(), again)
        })?;
        let mut body = Vec::new();
        loop {
            let chunk = timeout_at(limit, answer.chunk()).await.map_err(late)?;
            match chunk {
                Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST => body.extend_from_slice(&chunk),
                Ok(Some(_)) => return Err(failed("the answer is longer than 64 KiB".to_owned(), false)),
                Ok(None) => break,
                Err(_) => return Err(failed("the answer broke off".to_owned(), false)),
            }
        }
        let status = answer.status();
        let answer = match strict_json::parse(&body) {
            Ok(Value::Object(answer)) => Some(answer),
            _ => None,
        };
        match answer {
            Some(answer) if status == StatusCode::OK => {
                issued(&answer, now).map_err(|why| failed(why.to_owned(), false))
            }
            answer => Err(failed(refusal(status, answer.as_ref()), status.is_server_error())),
        }
    }
}

/// What an answer with status 200 holds.
fn issued(answer: &Map<String, Value>, now: Timestamp) -> Result<Issued, &'static str> {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let secret = |key: &str| match text(key) {
        Some(text) if text.chars().any(|c| c.is_control() || !c.is_ascii()) => {
            Err("the token is none that a header can hold")
        }
        // Taking it out of an answer would take the answer apart.
        Some(text) if text.len() < SHORTEST => Err("the token is too short to be one"),
        found => Ok(found.map(SecretString::from)),
    };
    if text("token_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err("the token is not of the type `bearer`");
    }
    let token = secret("access_token")?.ok_or("the answer holds no token")?;
    Ok(Issued {
        token: Token::lasting(token, answer.get("expires_in").and_then(seconds), now),
        refresh_token: secret("refresh_token")?,
        scope: text("scope").map(str::to_owned),
        api_domain: text("api_domain").map(str::to_owned),
    })
}

/// A number of seconds, which some write as a text.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn refusal(status: StatusCode, answer: Option<&Map<String, Value>>) -> String {
    let said = answer.and_then(|answer| word(answer.get("error")?.as_str()?));
    let code = status.as_u16();
    match (said, status) {
        (Some("invalid_grant"), _) => {
            format!("`invalid_grant` (status {code}): what was allowed is over, or was taken back; sign in again")
        }
        (Some(word), _) => format!("`{word}` (status {code})"),
        (None, StatusCode::OK) => "the answer is no JSON object".to_owned(),
        (None, StatusCode::PROXY_AUTHENTICATION_REQUIRED) => "the proxy asks for a password (status 407)".to_owned(),
        (None, status) if status.is_redirection() => {
            format!("it points elsewhere (status {code}), where no credential is sent")
        }
        (None, _) => format!("status {code}"),
    }
}

/// Why there is no answer. The library's own words may hold the address of a proxy, and its password.
fn unreached(error: &reqwest::Error) -> &'static str {
    match error {
        error if error.is_timeout() => "it did not answer in time",
        error if distrusted(error) => "its certificate is not one to trust",
        error if error.is_connect() => "it could not be reached",
        _ => "the call broke off",
    }
}

/// Whether the other side could not prove who it is: asking again changes nothing about that.
fn distrusted(error: &reqwest::Error) -> bool {
    matches!(client::read(error), CallError::Certificate(_) | CallError::Tls)
}
