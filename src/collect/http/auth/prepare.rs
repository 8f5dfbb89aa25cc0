//! From the project's words to a way of signing in: which way, which parts, where they are.

use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::lock;
use jiff::SignedDuration;
use reqwest::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret, SecretString};

use super::command::Program;
use super::jwt::{Statement, Wanted};
use super::oauth::{ClientCredentials, Kept, Refresh};
use super::token::Endpoint;
use super::{Call, From, HttpError, Means, SignIn, State, endpoint, signed};
use crate::collect::secret::{self, Fault, Parts, Surroundings};
use crate::collect::store;
use crate::connector::manifest::{Auth, AuthKind};
use crate::error::{Place, did_you_mean};
use crate::project::{AuthConfig, SecretConfig, SecretPlace};

/// How long one call for a token may take, where the project does not say.
const TIMEOUT: SignedDuration = SignedDuration::from_secs(60);

/// One source's way of signing in.
pub(super) fn sign_in(call: &Call<'_>, surroundings: &Surroundings) -> Result<SignIn, HttpError> {
    let ways = &call.manifest.auth.0;
    let at = |place: &Place, fault: Fault| HttpError::Setting {
        place: place.clone(),
        source_id: call.source.id.clone(),
        message: fault.message,
        help: fault.help,
    };
    let Some(config) = &call.source.auth else {
        return match ways.first() {
            None => Ok(made(String::new(), Means::Nothing, &[])),
            Some((name, way)) => Err(at(&call.source.place, unsaid(&call.source.id, &name.value, way))),
        };
    };
    let wrong = |fault: Fault| at(&config.place, fault);
    let Some((name, way)) = ways.iter().find(|(name, _)| name.value == config.way) else {
        let id = &call.manifest.id.value;
        return Err(wrong(if ways.is_empty() {
            Fault::new(
                format!("the connector `{id}` asks for no credential"),
                "leave `auth` out",
            )
        } else {
            let known: Vec<&str> = ways.iter().map(|(name, _)| name.value.as_str()).collect();
            let help = did_you_mean(&config.way, known.iter().copied());
            Fault::new(
                format!(
                    "the connector `{id}` has no way to sign in that is called `{}`",
                    config.way
                ),
                help,
            )
        }));
    };
    let making = Making {
        call,
        config,
        way,
        surroundings,
    };
    let (means, secrets) = making.means().map_err(wrong)?;
    Ok(made(name.value.clone(), means, &secrets))
}

fn made(way: String, means: Means, secrets: &[SecretString]) -> SignIn {
    let mut state = State::default();
    for secret in secrets {
        state.redactor.add(secret);
    }
    SignIn {
        way,
        means,
        state: Mutex::new(state),
        asking: lock::Mutex::new(()),
    }
}

/// The line that is missing.
fn unsaid(source: &str, name: &str, way: &Auth) -> Fault {
    let variable = |part: &str| {
        let letters = source.chars().map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        });
        let source: String = letters.collect();
        // A variable does not begin with a digit.
        let underscore = if source.starts_with(|c: char| c.is_ascii_digit()) {
            "_"
        } else {
            ""
        };
        format!("{{env: {underscore}{source}_{part}}}")
    };
    let place = match way.kind.value {
        AuthKind::Header | AuthKind::Bearer => variable("TOKEN"),
        AuthKind::Basic if way.username.is_some() || way.password.is_some() => variable("TOKEN"),
        AuthKind::Basic => format!("{{username: …, password: {}}}", variable("PASSWORD")),
        AuthKind::Oauth2Refresh => format!("{{stored: {source}}}"),
        AuthKind::Oauth2ClientCredentials => format!("{{client_id: …, client_secret: {}}}", variable("SECRET")),
        AuthKind::JwtBearer => "{file: service-account.json}".to_owned(),
        AuthKind::Command => "{command: [program]}".to_owned(),
    };
    let hint = way.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    Fault::new(
        "the project does not say how to sign in",
        format!("add `auth: {{{name}: {place}}}`{hint}"),
    )
}

struct Making<'a> {
    call: &'a Call<'a>,
    config: &'a AuthConfig,
    way: &'a Auth,
    surroundings: &'a Surroundings,
}

type Made = (Means, Vec<SecretString>);

impl Making<'_> {
    /// What signs, and every secret that was read for it.
    fn means(&self) -> Result<Made, Fault> {
        match self.way.kind.value {
            AuthKind::Header => self.header(),
            AuthKind::Bearer => {
                let secret = self.parts(&["secret"])?.get("secret");
                self.fixed(AUTHORIZATION, "Bearer ", secret)
            }
            AuthKind::Basic => self.basic(),
            AuthKind::Oauth2Refresh => self.refresh(),
            AuthKind::Oauth2ClientCredentials => self.client_credentials(),
            AuthKind::JwtBearer => self.statement(),
            AuthKind::Command => self.program(),
        }
    }

    fn parts(&self, names: &[&'static str]) -> Result<Parts, Fault> {
        Parts::read(names, &self.config.secret, self.surroundings)
    }

    fn fixed(&self, name: HeaderName, prefix: &str, secret: SecretString) -> Result<Made, Fault> {
        let value = signed(prefix, &secret).filter(|_| secret.expose_secret().is_ascii());
        let value = value.ok_or_else(|| {
            let help = "put it there as the product shows it";
            Fault::new("the secret holds characters that a header cannot", help)
        })?;
        Ok((Means::Fixed(name, value), vec![secret]))
    }

    fn header_name(&self) -> Result<HeaderName, Fault> {
        let name = self.way.name.as_deref().unwrap_or("authorization");
        name.parse().map_err(|_| {
            let message = format!("the connector names a header `{name}`, which cannot be one");
            Fault::new(message, "mend its `connector.yaml`")
        })
    }

    fn header(&self) -> Result<Made, Fault> {
        let secret = self.parts(&["secret"])?.get("secret");
        self.fixed(
            self.header_name()?,
            self.way.prefix.as_deref().unwrap_or_default(),
            secret,
        )
    }

    fn basic(&self) -> Result<Made, Fault> {
        let (username, password) = match (&self.way.username, &self.way.password) {
            (Some(username), None) => (username.as_str().into(), self.parts(&["password"])?.get("password")),
            (None, Some(password)) => (self.parts(&["username"])?.get("username"), password.as_str().into()),
            (None, None) => {
                let parts = self.parts(&["username", "password"])?;
                (parts.get("username"), parts.get("password"))
            }
            (Some(_), Some(_)) => {
                let help = "leave `username` or `password` out of its `connector.yaml`";
                return Err(Fault::new("the connector fixes both the user and the password", help));
            }
        };
        // What stands in the manifest is known to all.
        let secret = match self.way.password {
            Some(_) => &username,
            None => &password,
        };
        // RFC 7617: what is before the first colon is the user.
        if username.expose_secret().contains(':') {
            return Err(Fault::new("`username` holds a colon", "write the user's name alone"));
        }
        let pair = SecretString::from(format!("{}:{}", username.expose_secret(), password.expose_secret()));
        let encoded = SecretString::from(STANDARD.encode(pair.expose_secret()));
        let secret = secret::checked("password", secret.clone(), "the project's `auth`")?;
        let (means, mut secrets) = self.fixed(AUTHORIZATION, "Basic ", encoded)?;
        secrets.extend([secret, pair]);
        Ok((means, secrets))
    }

    fn refresh(&self) -> Result<Made, Fault> {
        let parts = self.parts(&["client_id", "client_secret", "refresh_token"])?;
        let place = match &self.config.secret {
            SecretConfig::Whole(place) => Some(place),
            SecretConfig::Parts(places) => places.get("refresh_token"),
        };
        let kept = match place {
            Some(SecretPlace::File(path)) => Kept::In {
                path: path.clone(),
                stored: None,
            },
            Some(SecretPlace::Stored(name)) => Kept::In {
                path: store::path(name, &*self.surroundings.variable)?,
                stored: Some(name.clone()),
            },
            other => Kept::Nowhere(other.map(secret::named).unwrap_or_default()),
        };
        let (client_id, client_secret) = (parts.get("client_id"), parts.get("client_secret"));
        let encoded = STANDARD.encode(format!(
            "{}:{}",
            client_id.expose_secret(),
            client_secret.expose_secret()
        ));
        let token = parts.get("refresh_token");
        let secrets = vec![client_secret.clone(), encoded.into(), token.clone()];
        let from = From::Refresh(Refresh {
            endpoint: self.endpoint(Some((client_id, client_secret)))?,
            token,
            kept,
        });
        Ok((bearer(from), secrets))
    }

    fn client_credentials(&self) -> Result<Made, Fault> {
        let parts = self.parts(&["client_id", "client_secret"])?;
        let client_secret = parts.get("client_secret");
        let from = From::ClientCredentials(ClientCredentials {
            endpoint: self.endpoint(None)?,
            client_id: parts.get("client_id"),
            client_secret: client_secret.clone(),
            scope: self.way.scope.clone(),
        });
        Ok((bearer(from), vec![client_secret]))
    }

    fn statement(&self) -> Result<Made, Fault> {
        let SecretConfig::Whole(place) = &self.config.secret else {
            let help = format!("write `auth: {{{}: {{file: service-account.json}}}}`", self.config.way);
            return Err(Fault::new("the key of a service account is in one place, whole", help));
        };
        let text = secret::read(place, self.surroundings)?;
        let params = self.call.params;
        let wanted = Wanted {
            scope: self.way.scope.clone().unwrap_or_default(),
            subject: endpoint::filled(self.way.subject.as_deref().unwrap_or_default(), params, false)?,
            audience: endpoint::address(endpoint::TOKENS, self.token_url(), params, None)?.into(),
        };
        let (statement, private) = Statement::of(&text, &secret::named(place), wanted)?;
        let from = From::Statement(self.endpoint(None)?, statement);
        Ok((bearer(from), vec![private]))
    }

    fn program(&self) -> Result<Made, Fault> {
        let SecretConfig::Whole(SecretPlace::Command(words)) = &self.config.secret else {
            let help = format!(
                "write `auth: {{{}: {{command: [program, argument]}}}}`",
                self.config.way
            );
            return Err(Fault::new("this way to sign in is a program that prints a token", help));
        };
        let prefix = match &self.way.name {
            Some(_) => self.way.prefix.clone().unwrap_or_default(),
            None => self.way.prefix.clone().unwrap_or_else(|| "Bearer ".to_owned()),
        };
        let means = Means::Token {
            name: self.header_name()?,
            prefix,
            from: Box::new(From::Program(Program {
                words: words.clone(),
                folder: self.surroundings.folder.clone(),
            })),
        };
        Ok((means, Vec::new()))
    }

    fn token_url(&self) -> &str {
        self.way.token_url.as_ref().map_or("", |url| url.value.as_str())
    }

    fn endpoint(&self, client: Option<(SecretString, SecretString)>) -> Result<Endpoint, Fault> {
        let network = &self.call.source.network;
        let url = endpoint::address(
            endpoint::TOKENS,
            self.token_url(),
            self.call.params,
            network.token_url.as_deref(),
        )?;
        let timeout = network.timeout.unwrap_or(TIMEOUT);
        Ok(Endpoint {
            url,
            timeout: Duration::try_from(timeout).unwrap_or(Duration::from_secs(60)),
            client,
        })
    }
}

fn bearer(from: From) -> Means {
    Means::Token {
        name: AUTHORIZATION,
        prefix: "Bearer ".to_owned(),
        from: Box::new(from),
    }
}
