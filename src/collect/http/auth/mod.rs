//! Signing in: from where the project says the secrets are, to the header that signs a request.
//!
//! A credential reaches the connector's own base (by the client that asks it) and the `token_url` of its own way to sign
//! in, and no other place. Everything that is secret is held as such, and taken out of what came from outside.

pub mod authorize;
mod command;
mod endpoint;
mod jwt;
mod listener;
mod oauth;
mod prepare;
mod redact;
#[cfg(test)]
mod tests;
mod token;

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::lock;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::client::Client;
use super::{Call, HttpError};
use crate::collect::secret::Surroundings;
use command::Program;
use jwt::Statement;
use oauth::{ClientCredentials, Refresh};
use redact::Redactor;
use token::{Endpoint, Token};

/// A token that takes the place of a rejected one and is rejected within this time says that the credential is.
const RENEWED: SignedDuration = SignedDuration::from_mins(5);

/// One source's way of signing in, with its secrets.
pub(in crate::collect) struct SignIn {
    way: String,
    means: Means,
    state: Mutex<State>,
    /// Held while a token is asked for: calls that run beside each other ask once.
    asking: lock::Mutex<()>,
}

/// Why there is no token: one lower-case sentence that holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::collect) struct Refused {
    /// What the person reads.
    pub(in crate::collect) why: String,
}

/// What signs a request.
enum Means {
    /// Nothing: the product asks for no credential.
    Nothing,
    /// The same header all the time.
    Fixed(HeaderName, HeaderValue),
    /// A token, which ends.
    Token {
        name: HeaderName,
        prefix: String,
        from: Box<From>,
    },
}

/// Where a token comes from.
enum From {
    Refresh(Refresh),
    ClientCredentials(ClientCredentials),
    Statement(Endpoint, Statement),
    Program(Program),
}

/// What changes while a source is read.
#[derive(Default)]
struct State {
    redactor: Redactor,
    token: Option<(Token, HeaderValue)>,
    /// The token that a call was rejected with, and when.
    rejected: Option<(SecretString, Timestamp)>,
    /// Asking again and again where it was refused once helps nobody.
    refused: Option<Refused>,
}

impl SignIn {
    /// Reads the secrets: from the environment, files, programs, the store. Nothing is asked over the network.
    ///
    /// # Errors
    /// What the project says wrongly, or what is not where it says; never what is there.
    pub(in crate::collect) fn prepare(call: &Call<'_>) -> Result<Self, HttpError> {
        prepare::sign_in(call, &Surroundings::of(&call.source.place))
    }

    /// The header that signs a request, its value marked as sensitive; none where the connector has no way to sign in.
    /// Fetches or renews a token where there is none, or where it ends within a minute. The client must not follow
    /// redirects.
    ///
    /// # Errors
    /// There is no token, and asking again in this run gives none either.
    pub(in crate::collect) async fn header(
        &self,
        client: &Client,
        deadline: Instant,
    ) -> Result<Option<(HeaderName, HeaderValue)>, Refused> {
        let (name, prefix, from) = match &self.means {
            Means::Nothing => return Ok(None),
            Means::Fixed(name, value) => return Ok(Some((name.clone(), value.clone()))),
            Means::Token { name, prefix, from } => (name, prefix, from),
        };
        if let Some(value) = self.in_force()? {
            return Ok(Some((name.clone(), value)));
        }
        let _asking = self.asking.lock().await;
        if let Some(value) = self.in_force()? {
            return Ok(Some((name.clone(), value)));
        }
        let fetched = self.fetch(from, client, deadline).await;
        let mut state = self.state();
        let signed = fetched.and_then(|token| {
            let value = signed(prefix, &token.secret).ok_or_else(|| Refused {
                why: "the token is none that a header can hold".to_owned(),
            })?;
            Ok((token, value))
        });
        match signed {
            Ok((token, value)) => {
                state.redactor.add(&token.secret);
                state.token = Some((token, value.clone()));
                Ok(Some((name.clone(), value)))
            }
            Err(refused) => {
                state.refused = Some(refused.clone());
                Err(refused)
            }
        }
    }

    /// A call that was signed with `used` was answered with 401: forgets that token. Whether asking again makes sense:
    /// with another token than that one, and not where the token that took the place of a rejected one is rejected as well.
    pub(in crate::collect) fn rejected(&self, used: &HeaderValue) -> bool {
        let Means::Token { .. } = self.means else { return false };
        let mut state = self.state();
        let now = Timestamp::now();
        match state.token.take() {
            Some((token, value)) if value == used => {
                let again = state
                    .rejected
                    .as_ref()
                    .is_some_and(|(_, at)| now.duration_since(*at) < RENEWED);
                if again {
                    // It stays in force, for what it is worth: nothing better is to be had.
                    state.token = Some((token, value));
                    return false;
                }
                state.rejected = Some((token.secret, now));
                true
            }
            // Another call found out before, and there is a new one, or there will be.
            other => {
                state.token = other;
                true
            }
        }
    }

    /// Takes every secret in force out of an answer's bytes, tokens that were fetched included.
    pub(in crate::collect) fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.state().redactor.redact(bytes)
    }

    /// The same of a text.
    pub(in crate::collect) fn redact_text(&self, text: &str) -> String {
        let clean = self.redact(text.as_bytes().to_vec());
        String::from_utf8_lossy(&clean).into_owned()
    }

    /// The connector's name for the way; empty where there is none.
    pub(in crate::collect) fn way(&self) -> &str {
        &self.way
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The header of a token that still holds.
    fn in_force(&self) -> Result<Option<HeaderValue>, Refused> {
        let state = self.state();
        let now = Timestamp::now();
        let fresh = state.token.as_ref().filter(|(token, _)| token.is_fresh(now));
        match (fresh, &state.refused) {
            (Some((_, value)), _) => Ok(Some(value.clone())),
            (None, Some(refused)) => Err(refused.clone()),
            (None, None) => Ok(None),
        }
    }

    async fn fetch(&self, from: &From, client: &Client, deadline: Instant) -> Result<Token, Refused> {
        match from {
            From::Refresh(refresh) => {
                let rejected = self.state().rejected.as_ref().map(|(token, _)| token.clone());
                let renewed = refresh.token(client, deadline, rejected.as_ref()).await?;
                self.state().redactor.add(&renewed.refresh_token);
                Ok(renewed.token)
            }
            From::ClientCredentials(credentials) => credentials.token(client, deadline).await,
            From::Statement(endpoint, statement) => {
                let statement = statement.signed(Timestamp::now())?;
                Ok(endpoint
                    .ask(client, &Statement::form(&statement), deadline)
                    .await?
                    .token)
            }
            From::Program(program) => program.token(deadline).await,
        }
    }
}

/// A header's value, marked so that nobody prints it.
fn signed(prefix: &str, secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose_secret())).ok()?;
    value.set_sensitive(true);
    Some(value)
}
