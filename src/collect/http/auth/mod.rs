//! Signing in: from where the project says the secrets are, to the header that signs a request.
#![expect(dead_code, unused_variables, reason = "the client that signs its calls with this comes next")]

use reqwest::header::{HeaderName, HeaderValue};

use super::{Call, HttpError};

/// One source's way of signing in, with its secrets.
pub(in crate::collect) struct SignIn {
    way: String,
}

/// Why there is no token: one lower-case sentence that holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::collect) struct Refused {
    /// What the person reads.
    pub(in crate::collect) why: String,
}

impl SignIn {
    /// Reads the secrets: from the environment, files, programs, the store. Nothing is asked over the network.
    ///
    /// # Errors
    /// What the project says wrongly, or what is not where it says; never what is there.
    pub(in crate::collect) fn prepare(call: &Call<'_>) -> Result<Self, HttpError> {
        Ok(Self { way: String::new() })
    }

    /// The header that signs a request, its value marked as sensitive; none where the connector has no way to sign in.
    /// Fetches or renews a token where there is none, or where it ends within a minute. The client must not follow
    /// redirects.
    pub(in crate::collect) async fn header(
        &self,
        client: &reqwest::Client,
        deadline: tokio::time::Instant,
    ) -> Result<Option<(HeaderName, HeaderValue)>, Refused> {
        Ok(None)
    }

    /// A call that was signed with `used` was answered with 401: forgets that token. Whether asking again makes sense:
    /// with another token than that one, and not where the token that took the place of a rejected one is rejected as well.
    pub(in crate::collect) fn rejected(&self, used: &HeaderValue) -> bool {
        false
    }

    /// Takes every secret in force out of an answer's bytes, tokens that were fetched included.
    pub(in crate::collect) fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    /// The same of a text.
    pub(in crate::collect) fn redact_text(&self, text: &str) -> String {
        text.to_owned()
    }

    /// The connector's name for the way; empty where there is none.
    pub(in crate::collect) fn way(&self) -> &str {
        &self.way
    }
}
