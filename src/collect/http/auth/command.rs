//! A program that prints a token, asked again when the token ends or is rejected.

use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::{Duration, Instant};

use super::Refused;
use super::token::{self, Token};
use crate::collect::secret::{self, Fault, PROGRAM};

/// The program and its arguments, and the folder that it is started in.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) words: Vec<String>,
    pub(super) folder: PathBuf,
}

impl Program {
    /// Runs it. What it prints is the token, or `{"access_token": "…", "expires_in": 3600}`.
    pub(super) async fn token(&self, deadline: Instant) -> Result<Token, Refused> {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = PROGRAM.min(left.max(Duration::from_secs(1)));
        let now = Timestamp::now();
        let program = self.clone();
        // The wait for a program must not keep other calls from going on.
        let run = tokio::task::spawn_blocking(move || secret::program(&program.words, &program.folder, limit));
        let printed = run.await.unwrap_or_else(|_| {
            let message = "the program was not waited for";
            Err(Fault::new(message, "run it by hand"))
        });
        let place = format!("the program `{}`", self.words.first().map_or("", String::as_str));
        printed
            .and_then(|text| read(text.expose_secret().trim().into(), &place, now))
            .map_err(|fault| Refused { why: fault.message })
    }
}

fn read(text: SecretString, place: &str, now: Timestamp) -> Result<Token, Fault> {
    let seconds = match text.expose_secret().starts_with('{') {
        true => secret::object(&text)
            .and_then(|parts: serde_json::Map<String, Value>| token::seconds(parts.get("expires_in")?)),
        false => None,
    };
    let token = secret::part("access_token", true, &text, place)?;
    Ok(Token::lasting(token, seconds, now))
}
