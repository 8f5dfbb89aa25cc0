//! Addresses: every request goes to the base's host and below its path, whatever an answer says.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::connector::manifest::{Manifest, StreamSpec};

/// What stays as it is in a part of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What stays as it is in a query: what needs no escape there and reads better without one.
const QUERY: &AsciiSet = &SEGMENT
    .remove(b'$')
    .remove(b',')
    .remove(b':')
    .remove(b'@')
    .remove(b'/')
    .remove(b'*');

/// Why an address is refused. It never holds the address: that may be somebody else's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("it is no address")]
    Malformed,
    #[error("it is not https (plain http is for loopback only)")]
    Insecure,
    #[error("it holds a user name or a password")]
    UserInfo,
    #[error("it has a query or a fragment")]
    Query,
    #[error("it leads to another host")]
    OtherHost,
    #[error("it leads out of the connector's base")]
    OtherPath,
    #[error("an id of its rows cannot be part of an address")]
    Id,
}

/// Where every path of a source starts.
#[derive(Debug, Clone)]
pub(super) struct Base {
    url: Url,
    /// The base of the manifest, where the project replaced it: a gateway hands on the system's own next addresses.
    replaced: Option<Url>,
}

/// One request: where to, and how a recording and an error speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The whole address.
    pub(super) url: Url,
    /// From the base on.
    pub(super) shown: String,
}

impl Base {
    /// The manifest's base with its parameters, or what the project puts in its place.
    pub(super) fn new(
        manifest: &Manifest,
        params: &BTreeMap<String, String>,
        replacement: Option<&str>,
    ) -> Result<Self, Refused> {
        let own = manifest.base.as_ref().map_or("", |base| base.value.as_str());
        let own = trusted(&fill(own, params, str::to_owned));
        match replacement {
            Some(replacement) => Ok(Self {
                url: trusted(replacement)?,
                replaced: own.ok(),
            }),
            None => Ok(Self {
                url: own?,
                replaced: None,
            }),
        }
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The address of a stream's path with its own query and that of the page.
    pub(super) fn target(
        &self,
        spec: &StreamSpec,
        params: &BTreeMap<String, String>,
        parent: Option<&str>,
        page: &[(&str, String)],
    ) -> Result<Target, Refused> {
        let template = spec.path.as_ref().map_or("", |path| path.value.as_str());
        let mut named = params.clone();
        if let (Some(each), Some(parent)) = (&spec.each, parent) {
            named.insert(each.name.clone(), parent.to_owned());
        }
        // Between slashes these are no names but ways up.
        let is_a_way_up = |value: &String| value.is_empty() || value.bytes().all(|byte| byte == b'.');
        if named
            .iter()
            .any(|(name, value)| template.contains(&format!("{{{name}}}")) && is_a_way_up(value))
        {
            return Err(Refused::Id);
        }
        let path = fill(template, &named, |value| {
            utf8_percent_encode(value, SEGMENT).to_string()
        });
        let own = spec
            .query
            .0
            .iter()
            .map(|(name, value)| (name.value.as_str(), fill(value, &named, str::to_owned)));
        let page = page.iter().map(|(name, value)| (*name, value.clone()));
        let query: Vec<String> = own
            .chain(page)
            .map(|(name, value)| {
                format!(
                    "{}={}",
                    utf8_percent_encode(name, QUERY),
                    utf8_percent_encode(&value, QUERY)
                )
            })
            .collect();
        let mark = if path.contains('?') { '&' } else { '?' };
        let shown = if query.is_empty() {
            path
        } else {
            format!("{path}{mark}{}", query.join("&"))
        };
        let whole = format!("{}{shown}", self.url.as_str().trim_end_matches('/'));
        let url = Url::parse(&whole).map_err(|_| Refused::Malformed)?;
        self.holds(&url)?;
        Ok(Target { url, shown })
    }

    /// The address that the answer from `here` leads to, if it stays where the credential may go.
    pub(super) fn follow(&self, here: Option<&Url>, next: &str) -> Result<Target, Refused> {
        if next.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(Refused::Malformed);
        }
        let here = here.unwrap_or(&self.url);
        let mut url = here.join(next).map_err(|_| Refused::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        if let Some(own) = &self.replaced
            && same_origin(own, &url)
            && let Some(rest) = below(own, &url)
        {
            let whole = format!("{}{rest}", self.url.as_str().trim_end_matches('/'));
            let query = url.query().map(str::to_owned);
            url = Url::parse(&whole).map_err(|_| Refused::Malformed)?;
            url.set_query(query.as_deref());
        }
        url.set_fragment(None);
        self.holds(&url)?;
        let rest = below(&self.url, &url).ok_or(Refused::OtherPath)?;
        // Dots were resolved when the address was read. What is left are spellings that some servers resolve later.
        let lower = rest.to_ascii_lowercase();
        let dots = lower.replace("%2e", ".");
        if ["%2f", "%5c", "%25"].iter().any(|hidden| lower.contains(hidden))
            || dots.split('/').any(|part| part.starts_with(".."))
        {
            return Err(Refused::OtherPath);
        }
        let shown = match url.query() {
            Some(query) => format!("{rest}?{query}"),
            None => rest,
        };
        Ok(Target { url, shown })
    }

    fn holds(&self, url: &Url) -> Result<(), Refused> {
        if !same_origin(&self.url, url) {
            return Err(Refused::OtherHost);
        }
        below(&self.url, url).map(|_| ()).ok_or(Refused::OtherPath)
    }
}

/// An address that a credential may be sent to: https, or plain http on loopback.
pub(super) fn trusted(text: &str) -> Result<Url, Refused> {
    let url = Url::parse(text).map_err(|_| Refused::Malformed)?;
    let loopback = match url.host_str() {
        None => return Err(Refused::Malformed),
        Some(host) => is_loopback(host),
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(Refused::Insecure);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Refused::Query);
    }
    Ok(url)
}

/// Puts the parameters into `{name}`, each once: a value that looks like a name is a value.
pub(super) fn fill(template: &str, params: &BTreeMap<String, String>, escape: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(&params.get(name).map(|value| escape(value)).unwrap_or_default());
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host_str() == b.host_str() && a.port_or_known_default() == b.port_or_known_default()
}

/// The path of an address below a base.
fn below(base: &Url, url: &Url) -> Option<String> {
    let rest = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
}

fn is_loopback(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(url: &str) -> Base {
        Base {
            url: trusted(url).unwrap(),
            replaced: None,
        }
    }

    #[test]
    fn a_next_address_stays_on_the_host_and_below_the_path() {
        let base = base("https://acme.crm.example/api/v1");
        for (next, shown) in [
            ("https://acme.crm.example/api/v1/users?after=9", "/users?after=9"),
            ("https://ACME.crm.example:443/api/v1/users", "/users"),
            (
                "/api/v1/users?a=https://evil.example/",
                "/users?a=https://evil.example/",
            ),
            ("/api/v1/users#part", "/users"),
        ] {
            assert_eq!(
                base.follow(None, next).map(|target| target.shown),
                Ok(shown.to_owned()),
                "{next}"
            );
        }
        for (next, why) in [
            ("https://evil.example/api/v1/users", Refused::OtherHost),
            ("//evil.example/api/v1/users", Refused::OtherHost),
            ("http://acme.crm.example/api/v1/users", Refused::OtherHost),
            ("https://acme.crm.example:8443/api/v1/users", Refused::OtherHost),
            ("https://acme.crm.example.evil.example/api/v1/users", Refused::OtherHost),
            ("https://user:word@acme.crm.example/api/v1/users", Refused::UserInfo),
            ("https://acme.crm.example@evil.example/api/v1/users", Refused::UserInfo),
            ("/api/v1/../../admin", Refused::OtherPath),
            ("/api/v1/%2e%2e/%2E%2E/admin", Refused::OtherPath),
            ("/api/v1/..;/admin", Refused::OtherPath),
            ("/api/v1/%2e%2e;/admin", Refused::OtherPath),
            ("/api/v1/.%2E;x=1/admin", Refused::OtherPath),
            ("/api/v1/%252e%252e/admin", Refused::OtherPath),
            ("/api/v1/..%2fadmin", Refused::OtherPath),
            ("/api/v1/a%2f..%2fadmin", Refused::OtherPath),
            ("/api/v10/users", Refused::OtherPath),
            ("/api/v1\\..\\admin", Refused::Malformed),
            ("/api/v1/users\r\nx: y", Refused::Malformed),
            ("ftp://acme.crm.example/api/v1", Refused::OtherHost),
            ("javascript:alert(1)", Refused::OtherHost),
        ] {
            assert_eq!(base.follow(None, next), Err(why), "{next}");
        }
    }

    #[test]
    fn a_next_address_without_a_host_starts_at_the_answer() {
        let base = base("https://acme.crm.example/api/v1");
        let here = Url::parse("https://acme.crm.example/api/v1/teams/7/users?after=8").unwrap();
        for (next, shown) in [
            ("?after=9", "/teams/7/users?after=9"),
            ("users?after=9", "/teams/7/users?after=9"),
            ("/api/v1/teams/7/users?after=9", "/teams/7/users?after=9"),
        ] {
            let target = base.follow(Some(&here), next);
            assert_eq!(target.map(|target| target.shown), Ok(shown.to_owned()), "{next}");
        }
        assert_eq!(base.follow(Some(&here), "../../../../admin"), Err(Refused::OtherPath));
        assert_eq!(
            base.follow(Some(&here), "//evil.example/users"),
            Err(Refused::OtherHost)
        );
    }

    #[test]
    fn a_gateway_hands_on_the_next_addresses_of_the_system_behind_it() {
        let base = Base {
            url: trusted("https://gateway.example/crm").unwrap(),
            replaced: Some(trusted("https://acme.crm.example/api/v1").unwrap()),
        };
        let target = base
            .follow(None, "https://acme.crm.example/api/v1/users?after=9")
            .unwrap();
        assert_eq!(target.url.as_str(), "https://gateway.example/crm/users?after=9");
        assert_eq!(target.shown, "/users?after=9");
        assert_eq!(
            base.follow(None, "https://evil.example/api/v1/users"),
            Err(Refused::OtherHost)
        );
    }

    #[test]
    fn only_https_and_loopback_are_trusted_with_a_credential() {
        for good in [
            "https://a.example",
            "http://127.0.0.1:80/v1",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert!(trusted(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://a.example", Refused::Insecure),
            ("http://127.0.0.1.a.example", Refused::Insecure),
            ("http://localhost.a.example", Refused::Insecure),
            ("ftp://127.0.0.1", Refused::Insecure),
            ("https://u:p@a.example", Refused::UserInfo),
            ("https://a.example?x=1", Refused::Query),
            ("a.example", Refused::Malformed),
            ("file:///etc/passwd", Refused::Malformed),
        ] {
            assert_eq!(trusted(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_value_is_never_read_as_a_name_or_as_a_path() {
        let params = BTreeMap::from([
            ("a".to_owned(), "{b}/../x y".to_owned()),
            ("b".to_owned(), "no".to_owned()),
        ]);
        let escape = |value: &str| utf8_percent_encode(value, SEGMENT).to_string();
        assert_eq!(fill("/p/{a}/q", &params, escape), "/p/%7Bb%7D%2F..%2Fx%20y/q");
    }
}
