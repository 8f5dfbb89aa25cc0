//! One call: a GET request and everything that came of it, within limits of time and size.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use rustls::CertificateError;
use tokio::time::{Instant, timeout_at};

/// How this program introduces itself.
const USER_AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// An answer, whatever its status.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Names in lower case; several of one name are joined by commas.
    pub(super) headers: BTreeMap<String, String>,
    /// Unpacked.
    pub(super) body: Vec<u8>,
}

/// Why there is no answer, in our own words: those of the libraries may hold addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallError {
    #[error("the host was not found")]
    Host,
    #[error("nobody answers at this address")]
    Connect,
    #[error("the certificate is not to be trusted: {0}")]
    Certificate(&'static str),
    #[error("the proxy refuses: it wants a user name and a password, or others")]
    Proxy,
    #[error("the proxy does not get through to the host")]
    Tunnel,
    #[error("the other side does not speak TLS as it should")]
    Tls,
    #[error("no answer within {}", shown(*.0))]
    Timeout(Duration),
    #[error("no answer before the time for this source was over")]
    Deadline,
    #[error("the answer broke off")]
    BrokeOff,
    #[error("the answer is larger than {0} MiB")]
    TooLarge(u64),
    #[error("the other side does not speak HTTP as it should")]
    Protocol,
    #[error("the call cannot be made with this header")]
    Header,
}

impl CallError {
    /// Whether the same call may succeed a moment later.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self,
            CallError::Host
                | CallError::Connect
                | CallError::Tunnel
                | CallError::Tls
                | CallError::Timeout(_)
                | CallError::BrokeOff
                | CallError::Protocol
        )
    }
}

/// What follows no redirect, keeps no cookie and repeats nothing on its own.
#[derive(Debug, Clone)]
pub(in crate::collect) struct Client {
    /// For https: by the proxy that the surroundings name, if they name one.
    proxied: reqwest::Client,
    /// For plain http, which is for this machine: a proxy would carry the credential away from it in clear.
    direct: reqwest::Client,
}

impl Client {
    /// Neither opens a socket yet.
    ///
    /// # Errors
    /// In the library's words: the surroundings name no proxy that could be, or no authority to trust.
    pub(super) fn new() -> Result<Self, String> {
        // Where a provider is in place already there is nothing to do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                .user_agent(USER_AGENT)
                .redirect(Policy::none())
                .referer(false)
                .retry(reqwest::retry::never())
                .connect_timeout(Duration::from_secs(20))
        };
        let said = |error: reqwest::Error| chain(&error).last().cloned().unwrap_or_default();
        Ok(Self {
            proxied: builder().build().map_err(said)?,
            direct: builder().no_proxy().build().map_err(said)?,
        })
    }

    /// The one to ask this address with.
    pub(in crate::collect) fn to(&self, url: &Url) -> &reqwest::Client {
        if url.scheme() == "https" {
            &self.proxied
        } else {
            &self.direct
        }
    }
}

/// What limits one call.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallLimits {
    /// For the whole call.
    pub(super) timeout: Duration,
    /// When everything must be over.
    pub(super) deadline: Instant,
    /// The largest body, in MiB.
    pub(super) max_body_mib: u64,
}

/// Asks once.
pub(super) async fn get(
    client: &Client,
    url: &Url,
    headers: HeaderMap,
    limits: CallLimits,
) -> Result<Reply, CallError> {
    let own = Instant::now().checked_add(limits.timeout);
    let end = own.map_or(limits.deadline, |own| own.min(limits.deadline));
    let call = async {
        let response = client
            .to(url)
            .get(url.clone())
            .headers(headers)
            .send()
            .await
            .map_err(|error| read(&error))?;
        reply(response, limits.max_body_mib).await
    };
    match timeout_at(end, call).await {
        Ok(answered) => answered,
        Err(_) if end == limits.deadline => Err(CallError::Deadline),
        Err(_) => Err(CallError::Timeout(limits.timeout)),
    }
}

async fn reply(mut response: Response, max_body_mib: u64) -> Result<Reply, CallError> {
    let too_large = CallError::TooLarge(max_body_mib);
    let limit = max_body_mib << 20;
    if response.content_length().is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in response.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers
            .entry(name.as_str().to_owned())
            .and_modify(|before| {
                before.push_str(", ");
                before.push_str(&value);
            })
            .or_insert(value);
    }
    let status = response.status().as_u16();
    let mut body = Vec::new();
    // Piece by piece, so that a packed answer is stopped where it gets too large and not where it ends.
    while let Some(piece) = response.chunk().await.map_err(|error| read(&error))? {
        if (body.len() + piece.len()) as u64 > limit {
            return Err(too_large);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Reply { status, headers, body })
}

/// A header of a request, by its name and value as texts.
pub(super) fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, HeaderValue::from_str(value).ok()?))
}

/// The library's error in our words.
pub(super) fn read(error: &reqwest::Error) -> CallError {
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        // What an error of a socket wraps is not among the errors below it.
        let mut error = error;
        while let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            error = inner;
        }
        match error.downcast_ref::<rustls::Error>() {
            Some(rustls::Error::InvalidCertificate(why)) => return CallError::Certificate(certificate_words(why)),
            Some(_) => return CallError::Tls,
            None => {}
        }
        if let Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof) =
            error.downcast_ref::<io::Error>().map(io::Error::kind)
        {
            return CallError::BrokeOff;
        }
        next = error.source();
    }
    let words = chain(error);
    let says = |word: &str| words.iter().any(|text| text.contains(word));
    if says("proxy authorization required") || says("proxy authentication required") {
        CallError::Proxy
    } else if says("tunnel error") {
        CallError::Tunnel
    } else if error.is_dns() || says("dns error") {
        CallError::Host
    } else if error.is_timeout() || error.is_connect() {
        CallError::Connect
    } else if error.is_body() || error.is_decode() || says("before message completed") {
        CallError::BrokeOff
    } else if error.is_builder() {
        CallError::Header
    } else {
        CallError::Protocol
    }
}

/// What is wrong with a certificate, in words that hold nothing of it.
fn certificate_words(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "it is of another host",
        CertificateError::Revoked => "it was revoked",
        CertificateError::UnknownIssuer => "nobody whom this machine trusts has signed it",
        _ => "it does not hold",
    }
}

/// What each error below says, in order.
fn chain(error: &reqwest::Error) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    texts
}

/// A duration as people write it.
pub(super) fn shown(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds @ 1..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
