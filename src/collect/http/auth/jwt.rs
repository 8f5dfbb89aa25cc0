//! The signed statement of a service account, for which a token endpoint gives out a token (RFC 7523).

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Refused;
use crate::collect::secret::{self, Fault};

/// How long a statement holds, in seconds.
const HOUR: i64 = 3600;

/// A service account, and what it asks for.
pub(super) struct Statement {
    issuer: String,
    key_id: Option<String>,
    key: EncodingKey,
    scope: String,
    subject: String,
    audience: String,
}

/// What the manifest says that a service account asks for.
pub(super) struct Wanted {
    pub(super) scope: String,
    /// Whom it speaks for.
    pub(super) subject: String,
    /// The token endpoint by its own name, wherever it is reached.
    pub(super) audience: String,
}

impl Statement {
    /// Reads the JSON file of a service account. Where that says that tokens are fetched is not followed. The second
    /// value is the private key, as the file has it.
    pub(super) fn of(text: &SecretString, place: &str, wanted: Wanted) -> Result<(Self, SecretString), Fault> {
        let help = "name the JSON file that was made for the service account, whole and unchanged";
        let account = secret::object(text).ok_or_else(|| {
            Fault::new(
                format!("{place} holds no key of a service account: no JSON object"),
                help,
            )
        })?;
        let part = |name: &str| {
            account.get(name).and_then(Value::as_str).ok_or_else(|| {
                Fault::new(
                    format!("{place} holds no key of a service account: there is no `{name}`"),
                    help,
                )
            })
        };
        let private = part("private_key")?;
        let key = EncodingKey::from_rsa_pem(private.as_bytes())
            .map_err(|_| Fault::new(format!("the `private_key` in {place} is no RSA key"), help))?;
        let statement = Self {
            issuer: part("client_email")?.to_owned(),
            key_id: account.get("private_key_id").and_then(Value::as_str).map(str::to_owned),
            key,
            scope: wanted.scope,
            subject: wanted.subject,
            audience: wanted.audience,
        };
        Ok((statement, private.into()))
    }

    /// The statement, signed now.
    pub(super) fn signed(&self, now: Timestamp) -> Result<SecretString, Refused> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid.clone_from(&self.key_id);
        let claims = json!({
            "iss": self.issuer,
            "scope": self.scope,
            "sub": self.subject,
            "aud": self.audience,
            "iat": now.as_second(),
            "exp": now.as_second() + HOUR,
        });
        let signed = jsonwebtoken::encode(&header, &claims, &self.key);
        signed.map(SecretString::from).map_err(|_| Refused {
            why: "the key of the service account signs nothing".to_owned(),
        })
    }

    /// The form that hands it over.
    pub(super) fn form(signed: &SecretString) -> [(&'static str, &str); 2] {
        [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", signed.expose_secret()),
        ]
    }
}
