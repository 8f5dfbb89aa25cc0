//! Tokens of OAuth 2.0: by a refresh token, which may be another one every time, and by a client's own credential.
//!
//! A refresh token that was issued anew is on the disk before the access token beside it signs anything: the old one is
//! worth nothing any more, and a run that is ended in between would leave nobody able to sign in.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep};

use super::super::client::Client;
use super::Refused;
use super::token::{Endpoint, Token};
use crate::collect::secret::{self, Fault};
use crate::collect::store::{self, Held};

/// How long between two looks at a credential that another run is renewing.
const WAIT: Duration = Duration::from_millis(50);

/// How long an exchange that was begun is waited for in any case: the system may have issued a new refresh token for the
/// old one, and whoever hangs up before it is told has neither.
const GRACE: Duration = Duration::from_secs(10);

const LOST: &str =
    "the system issued a new refresh token and it could not be kept: sign in again with `rolecall connect`";

/// A refresh token and where it lies.
pub(super) struct Refresh {
    pub(super) endpoint: Endpoint,
    /// As it was when the run began.
    pub(super) token: SecretString,
    pub(super) kept: Kept,
}

/// Where a refresh token is kept.
pub(super) enum Kept {
    /// In a file that is replaced when a new one is issued.
    In {
        path: PathBuf,
        /// Its name in the user's own store, which is for its owner alone.
        stored: Option<String>,
    },
    /// Where nothing can be written; in words, for people.
    Nowhere(String),
}

/// What a renewal came to.
pub(super) struct Renewed {
    pub(super) token: Token,
    /// The refresh token in force after it.
    pub(super) refresh_token: SecretString,
}

impl Refresh {
    /// A token: one that an earlier run left and that still holds, or a new one. Never the one that was `rejected`.
    pub(super) async fn token(
        &self,
        client: &Client,
        deadline: Instant,
        rejected: Option<&SecretString>,
    ) -> Result<Renewed, Refused> {
        let (path, stored) = match &self.kept {
            Kept::In { path, stored } => (path, stored.as_deref()),
            Kept::Nowhere(place) => return self.once_more(client, deadline, place).await,
        };
        let usable = |document: &Document| {
            let token = document.access_token()?;
            let again = rejected.is_some_and(|old| old.expose_secret() == token.secret.expose_secret());
            (!again && token.is_fresh(Timestamp::now())).then_some(token)
        };
        let read = || Document::read(path, stored).map_err(refused);
        let document = read()?;
        if let Some(token) = usable(&document) {
            let refresh_token = document.refresh_token;
            return Ok(Renewed { token, refresh_token });
        }
        let held = hold(path, deadline).await?;
        // Whoever had it until now may have renewed it.
        let document = read()?;
        if let Some(token) = usable(&document) {
            let refresh_token = document.refresh_token;
            return Ok(Renewed { token, refresh_token });
        }
        let issued = self.ask(client, deadline, &document.refresh_token).await?;
        let new = issued.refresh_token.filter(|new| !same(new, &document.refresh_token));
        let rotated = new.is_some();
        let refresh_token = new.unwrap_or_else(|| document.refresh_token.clone());
        let text = document.renewed(&refresh_token, &issued.token);
        match text.and_then(|text| held.replace(&text)) {
            Err(_) if rotated => Err(Refused { why: LOST.to_owned() }),
            // What is there still signs in; only the next run asks once more.
            Err(_) | Ok(()) => Ok(Renewed {
                token: issued.token,
                refresh_token,
            }),
        }
    }

    async fn once_more(&self, client: &Client, deadline: Instant, place: &str) -> Result<Renewed, Refused> {
        let issued = self.ask(client, deadline, &self.token).await?;
        if issued.refresh_token.is_some_and(|new| !same(&new, &self.token)) {
            let why = format!("{LOST}; the refresh token comes from {place}, and must be in a file or in the store");
            return Err(Refused { why });
        }
        Ok(Renewed {
            token: issued.token,
            refresh_token: self.token.clone(),
        })
    }

    async fn ask(
        &self,
        client: &Client,
        deadline: Instant,
        refresh_token: &SecretString,
    ) -> Result<super::token::Issued, Refused> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ];
        self.endpoint
            .ask(client, &form, deadline.max(Instant::now() + GRACE))
            .await
    }
}

/// A client that signs in as itself.
pub(super) struct ClientCredentials {
    pub(super) endpoint: Endpoint,
    pub(super) client_id: SecretString,
    pub(super) client_secret: SecretString,
    pub(super) scope: Option<String>,
}

impl ClientCredentials {
    /// A new token.
    pub(super) async fn token(&self, client: &Client, deadline: Instant) -> Result<Token, Refused> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.expose_secret()),
            ("client_secret", self.client_secret.expose_secret()),
        ];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        Ok(self.endpoint.ask(client, &form, deadline).await?.token)
    }
}

/// Takes the file for this run alone, and waits while another one has it.
async fn hold(path: &std::path::Path, deadline: Instant) -> Result<Held, Refused> {
    loop {
        if let Some(held) = Held::take(path).map_err(refused)? {
            return Ok(held);
        }
        if Instant::now() + WAIT >= deadline {
            let why = "another run is renewing the token, and did not end in time";
            return Err(Refused { why: why.to_owned() });
        }
        sleep(WAIT).await;
    }
}

/// What lies in the file: the refresh token alone, or a JSON object with it and with what was issued for it.
struct Document {
    object: Option<Map<String, Value>>,
    refresh_token: SecretString,
}

impl Document {
    fn read(path: &std::path::Path, stored: Option<&str>) -> Result<Self, Fault> {
        let (text, place) = match stored {
            Some(name) => (store::read(path, name)?, format!("the stored credential `{name}`")),
            None => (secret::file(path)?, format!("the file `{}`", path.display())),
        };
        let text = SecretString::from(text.expose_secret().trim());
        let refresh_token = secret::part("refresh_token", true, &text, &place)?;
        let object = text.expose_secret().starts_with('{').then(|| secret::object(&text));
        Ok(Self {
            object: object.flatten(),
            refresh_token,
        })
    }

    fn access_token(&self) -> Option<Token> {
        let text = |key: &str| self.object.as_ref()?.get(key)?.as_str();
        let expires_at: Timestamp = text("expires_at")?.parse().ok()?;
        Some(Token::until(text("access_token")?.into(), expires_at))
    }

    /// The same file after a renewal, with everything else that was in it.
    fn renewed(self, refresh_token: &SecretString, token: &Token) -> Result<SecretString, Fault> {
        let Some(mut object) = self.object else {
            return Ok(format!("{}\n", refresh_token.expose_secret()).into());
        };
        write(&mut object, refresh_token, token);
        store::rendered(&object)
    }
}

/// Puts what was issued into a document.
pub(super) fn write(object: &mut Map<String, Value>, refresh_token: &SecretString, token: &Token) {
    object.insert("refresh_token".to_owned(), refresh_token.expose_secret().into());
    object.insert("access_token".to_owned(), token.secret.expose_secret().into());
    match token.expires_at {
        Some(expires_at) => object.insert("expires_at".to_owned(), expires_at.to_string().into()),
        // A token of unknown length is not used again by another run.
        None => object.remove("expires_at"),
    };
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

fn refused(fault: Fault) -> Refused {
    Refused { why: fault.message }
}
