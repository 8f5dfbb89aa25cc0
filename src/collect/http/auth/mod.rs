//! Signing in.

use reqwest::header::{HeaderName, HeaderValue};

use super::{Call, HttpError};

/// One source's way of signing in, with its secrets.
pub(in crate::collect) struct SignIn {}

/// Why there is no token.
pub(in crate::collect) struct Refused {
    pub why: String,
}

impl SignIn {
    pub fn prepare(_call: &Call<'_>) -> Result<Self, HttpError> {
        Ok(Self {})
    }

    pub async fn header(
        &self,
        _client: &reqwest::Client,
        _deadline: tokio::time::Instant,
    ) -> Result<Option<(HeaderName, HeaderValue)>, Refused> {
        Ok(None)
    }

    pub fn rejected(&self) -> bool {
        false
    }

    pub fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    pub fn redact_text(&self, text: &str) -> String {
        text.to_owned()
    }

    pub fn way(&self) -> &str {
        "none"
    }
}
