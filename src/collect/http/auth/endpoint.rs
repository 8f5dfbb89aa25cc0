//! Where tokens are asked for: an address that is safe to send a credential to.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::super::address::{Refused, trusted};
use crate::collect::secret::Fault;

/// What a value may hold as it is; everything else could end the part of the address that it stands in.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What an address is for, where a message names it: "the address …".
pub(super) const TOKENS: &str = "where tokens are fetched";
/// The other one, for a person's browser.
pub(super) const PERMISSION: &str = "where a person allows it";

/// The address of a template with its parameters, or the one that stands in for it; `what` says what it is for.
///
/// # Errors
/// A parameter has no value, or what comes out is no address that a credential may be sent to.
pub(super) fn address(
    what: &str,
    template: &str,
    params: &BTreeMap<String, String>,
    instead: Option<&str>,
) -> Result<Url, Fault> {
    match instead {
        Some(address) => safe(what, address),
        None => safe(what, &filled(template, params, true)?),
    }
}

/// A text with the values of its parameters in it. In an address each value stays one part of it, unless it is where
/// the address begins.
pub(super) fn filled(template: &str, params: &BTreeMap<String, String>, in_address: bool) -> Result<String, Fault> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = params.get(name).ok_or_else(|| {
            let help = format!("set `params: {{{name}: …}}`; for `rolecall connect`, give `--param {name}=…`");
            Fault::new(
                format!("the parameter `{name}` has no value, and `{template}` needs it"),
                help,
            )
        })?;
        text.push_str(before);
        if !in_address {
            text.push_str(value);
        } else if text.is_empty() {
            text.push_str(value.trim_end_matches('/'));
        } else if [".", ".."].contains(&value.as_str()) || value.is_empty() {
            let help = format!("set the parameter `{name}` to the value that the product shows");
            return Err(Fault::new(format!("`{value}` cannot be the parameter `{name}`"), help));
        } else {
            text.extend(utf8_percent_encode(value, VALUE));
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// https, or plain http on this machine; nobody's name, no query and no fragment in it.
fn safe(what: &str, address: &str) -> Result<Url, Fault> {
    let wrong = |why: &str| {
        // The address may hold what somebody pasted by mistake, so it is not shown.
        let help = "write `https://HOST/PATH`; plain http is for 127.0.0.1 and localhost only";
        Fault::new(format!("the address {what} {why}"), help)
    };
    trusted(address).map_err(|refused| {
        wrong(match refused {
            Refused::Insecure => "is not https",
            Refused::UserInfo => "holds a user's name",
            Refused::Query => "holds a query or a fragment",
            _ => "is none",
        })
    })
}

/// Scheme, host and port, for people.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_goes_to_https_or_stays_on_this_machine() {
        for good in [
            "https://login.example.com/oauth/token",
            "https://login.example.com:8443/token",
            "http://127.0.0.1:8080/token",
            "http://localhost/token",
            "http://[::1]:1/token",
        ] {
            assert_eq!(safe(TOKENS, good).unwrap().as_str(), good);
        }
        for bad in [
            "http://login.example.com/token",
            "http://127.0.0.1.example.com/token",
            "http://localhost.example.com/token",
            "https://name:word@login.example.com/token",
            "https://name@login.example.com/token",
            "https://login.example.com/token?key=1",
            "https://login.example.com/token#x",
            "ftp://localhost/token",
            "//login.example.com",
            "token",
            "",
        ] {
            let fault = safe(TOKENS, bad).unwrap_err();
            assert!(!fault.message.contains("example.com"), "{fault:?}");
        }
    }

    #[test]
    fn a_value_stays_where_it_stands() {
        let params = |value: &str| BTreeMap::from([("tenant".to_owned(), value.to_owned())]);
        let path = |value: &str| {
            address(TOKENS, "https://login.example.com/{tenant}/token", &params(value), None).map(String::from)
        };
        assert_eq!(path("acme-1").unwrap(), "https://login.example.com/acme-1/token");
        assert_eq!(
            path("a/b?c#d").unwrap(),
            "https://login.example.com/a%2Fb%3Fc%23d/token"
        );
        assert!(path("..").is_err() && path("").is_err());
        let host = |value: &str| address(TOKENS, "https://{tenant}.example.com/token", &params(value), None);
        for evil in ["evil.test/", "evil.test#", "evil.test?", "a@evil.test/", "evil.test\\"] {
            assert!(host(evil).is_err(), "{evil}");
        }
        let whole = address(
            TOKENS,
            "{tenant}/oauth/token",
            &params("https://gate.example.com/"),
            None,
        );
        assert_eq!(whole.unwrap().as_str(), "https://gate.example.com/oauth/token");
        let missing = address(TOKENS, "https://{other}.example.com/token", &params("a"), None).unwrap_err();
        assert!(missing.help.contains("--param other="), "{missing:?}");
    }
}
