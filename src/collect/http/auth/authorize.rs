//! A person allows an application of their own to read: the authorization code flow of OAuth 2.0 (RFC 6749, section 4.1).
//!
//! The person opens an address, the system sends their browser back to this machine with a code, the code is exchanged for
//! a refresh token, and that is kept in the user's own store.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Map;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use super::super::client::Client;
use super::token::Endpoint;
use super::{endpoint, listener, oauth};
use crate::collect::secret::{self, Fault};
use crate::collect::store::{self, StoreError};
use crate::connector::Connector;
use crate::connector::manifest::Auth;
use crate::error::{Explain, did_you_mean};

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// How long the exchange of a code may take.
const EXCHANGE: Duration = Duration::from_secs(60);

/// What `rolecall connect` needs to know.
pub struct Authorization<'a> {
    /// The connector, one of whose ways to sign in a person can allow.
    pub connector: &'a Connector,
    /// The name that the credential gets in the store.
    pub name: &'a str,
    /// The application's id.
    pub client_id: &'a str,
    /// The application's secret.
    pub client_secret: &'a str,
    /// The port on 127.0.0.1 that the browser comes back to; 0 for any that is free.
    pub port: u16,
    /// Values for the parameters in the connector's addresses.
    pub params: &'a BTreeMap<String, String>,
    /// Stands in for the connector's address where a person allows it.
    pub authorize_url: Option<&'a str>,
    /// Stands in for the connector's address where tokens are fetched.
    pub token_url: Option<&'a str>,
}

/// A step that the person is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// This address is to be opened in a browser, and this is where the browser comes back to.
    Open(&'a str, &'a str),
    /// Something came in that is not the answer.
    Ignored(&'a str),
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// The connector's name for the way to sign in.
    pub way: String,
    /// The file that holds the credential.
    pub path: PathBuf,
    /// What was allowed, in the system's words.
    pub scope: Option<String>,
    /// Where the system says that its API is.
    pub api_domain: Option<String>,
}

/// Why nothing was kept.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum AuthorizeError {
    #[error("connecting `{connector}`: {message}")]
    Setting {
        connector: String,
        message: String,
        help: String,
    },
    #[error("connecting `{connector}`: {message}")]
    Refused { connector: String, message: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Explain for AuthorizeError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Setting { help, .. } => Some(help.clone()),
            Self::Refused { .. } => Some("run `rolecall connect` again; nothing was kept".to_owned()),
            Self::Store(error) => error.help(),
        }
    }
}

/// The connector's way to sign in that a person can allow, by its name there.
///
/// # Errors
/// It has none.
pub fn way(connector: &Connector) -> Result<(&str, &Auth), AuthorizeError> {
    let ways = &connector.manifest.auth.0;
    let found = ways.iter().find(|(_, way)| way.authorize_url.is_some());
    found.map(|(name, way)| (name.value.as_str(), way)).ok_or_else(|| {
        let help = "give its sources an `auth` of their own: `docs/credentials.md` says where a secret can be";
        setting(
            connector,
            Fault::new("it has no way to sign in that a person can allow", help),
        )
    })
}

/// Asks a person, and keeps what they allowed.
///
/// # Errors
/// What was given wrongly, what was refused, and that nobody answered within five minutes.
pub fn authorize(asked: &Authorization<'_>, told: &dyn Fn(Step<'_>)) -> Result<Connected, AuthorizeError> {
    let connector = asked.connector;
    let (name, way) = way(connector)?;
    let prepared = Prepared::of(asked, way).map_err(|fault| setting(connector, fault))?;
    // Whether it can be kept is known before anybody is asked.
    store::prepare(asked.name)?;
    let client = client().map_err(|fault| setting(connector, fault))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|_| {
        let help = "try again when the machine has room for it";
        setting(connector, Fault::new("the system gives no room for sockets", help))
    })?;
    let issued = runtime.block_on(prepared.run(asked, &client, told))?;
    let refused = |message: &str| AuthorizeError::Refused {
        connector: connector.id.clone(),
        message: message.to_owned(),
    };
    let refresh_token = issued
        .refresh_token
        .ok_or_else(|| refused("the answer holds no refresh token, so nothing could be renewed"))?;
    let mut document = Map::new();
    document.insert("client_id".to_owned(), asked.client_id.into());
    document.insert(
        "client_secret".to_owned(),
        prepared.client_secret.expose_secret().into(),
    );
    oauth::write(&mut document, &refresh_token, &issued.token);
    let path = store::keep(asked.name, &document)?;
    // An answer may repeat what it was asked with, in a place that is no secret.
    let secrets = [&prepared.client_secret, &refresh_token, &issued.token.secret];
    let public =
        |text: Option<String>| text.filter(|text| !secrets.iter().any(|secret| text.contains(secret.expose_secret())));
    Ok(Connected {
        way: name.to_owned(),
        path,
        scope: public(issued.scope),
        api_domain: public(issued.api_domain),
    })
}

/// Everything that was given, understood.
struct Prepared {
    authorize_url: Url,
    endpoint: Endpoint,
    client_secret: SecretString,
    scope: Option<String>,
    state: String,
}

impl Prepared {
    fn of(asked: &Authorization<'_>, way: &Auth) -> Result<Self, Fault> {
        let params = params(asked)?;
        let template = |url: &Option<crate::yaml::Spanned<String>>| url.as_ref().map(|url| url.value.clone());
        let url = |what, template: Option<String>, instead| {
            endpoint::address(what, &template.unwrap_or_default(), &params, instead)
        };
        let given = "what was given";
        let client_id = secret::checked("client_id", asked.client_id.trim().into(), given)?;
        let client_secret = secret::checked("client_secret", asked.client_secret.trim().into(), given)?;
        Ok(Self {
            authorize_url: url(endpoint::PERMISSION, template(&way.authorize_url), asked.authorize_url)?,
            endpoint: Endpoint {
                url: url(endpoint::TOKENS, template(&way.token_url), asked.token_url)?,
                timeout: EXCHANGE,
                client: Some((client_id, client_secret.clone())),
            },
            client_secret,
            scope: way.scope.clone(),
            state: state()?,
        })
    }

    async fn run(
        &self,
        asked: &Authorization<'_>,
        client: &Client,
        told: &dyn Fn(Step<'_>),
    ) -> Result<super::token::Issued, AuthorizeError> {
        let connector = asked.connector;
        let refused = |message: String| AuthorizeError::Refused {
            connector: connector.id.clone(),
            message,
        };
        let listening = async {
            let listener = TcpListener::bind(("127.0.0.1", asked.port)).await?;
            let port = listener.local_addr()?.port();
            Ok::<_, std::io::Error>((listener, port))
        };
        let (listener, port) = listening.await.map_err(|error| {
            let why = match error.kind() {
                std::io::ErrorKind::AddrInUse => "another program has it",
                std::io::ErrorKind::PermissionDenied => "it is not allowed",
                _ => "the system refuses it",
            };
            let help = "give `--port` another number, and the application the callback with that number";
            setting(
                connector,
                Fault::new(format!("listening on 127.0.0.1:{}: {why}", asked.port), help),
            )
        })?;
        let callback = format!("http://127.0.0.1:{port}{}", listener::PATH);
        told(Step::Open(
            self.question(asked.client_id.trim(), &callback).as_str(),
            &callback,
        ));
        let ignored = |why: &str| told(Step::Ignored(why));
        let answer = timeout(PATIENCE, listener::wait(&listener, &self.state, &ignored)).await;
        let answer = answer.map_err(|_| refused("nobody answered within five minutes".to_owned()))?;
        let code = answer
            .map_err(|_| refused("the browser could not be listened to any more".to_owned()))?
            .map_err(|word| {
                refused(match word {
                    Some(word) => format!("the system said `{word}`"),
                    None => "the system said no".to_owned(),
                })
            })?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &callback),
        ];
        let issued = self.endpoint.ask(client, &form, Instant::now() + EXCHANGE).await;
        issued.map_err(|error| refused(error.why))
    }

    /// The address that the person opens.
    fn question(&self, client_id: &str, callback: &str) -> Url {
        let mut url = self.authorize_url.clone();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", callback)
            .append_pair("state", &self.state);
        if let Some(scope) = &self.scope {
            query.append_pair("scope", scope);
        }
        drop(query);
        url
    }
}

/// The values of the connector's parameters: those that were given, then the manifest's own.
fn params(asked: &Authorization<'_>) -> Result<BTreeMap<String, String>, Fault> {
    let declared = &asked.connector.manifest.params.0;
    let known: Vec<&str> = declared.iter().map(|(name, _)| name.value.as_str()).collect();
    if let Some(stranger) = asked.params.keys().find(|name| !known.contains(&name.as_str())) {
        let help = match known.is_empty() {
            true => "leave it out".to_owned(),
            false => did_you_mean(stranger, known.iter().copied()),
        };
        return Err(Fault::new(format!("it has no parameter `{stranger}`"), help));
    }
    let defaults = declared
        .iter()
        .filter_map(|(name, param)| Some((name.value.clone(), param.default.clone()?)));
    let mut params: BTreeMap<String, String> = defaults.collect();
    params.extend(asked.params.clone());
    Ok(params)
}

/// 128 bits that nobody guesses.
fn state() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random
        .fill(&mut bytes)
        .map_err(|_| Fault::new("the system has no random numbers", "try again later"))?;
    let mut state = String::new();
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(state, "{byte:02x}");
    }
    Ok(state)
}

/// A client that follows no redirect: a credential goes to one place.
pub(super) fn client() -> Result<Client, Fault> {
    Client::new().map_err(|_| {
        let help = "look at the machine's list of certificate authorities, and at the proxy in its environment";
        Fault::new("no client for https can be made", help)
    })
}

fn setting(connector: &Connector, fault: Fault) -> AuthorizeError {
    AuthorizeError::Setting {
        connector: connector.id.clone(),
        message: fault.message,
        help: fault.help,
    }
}
