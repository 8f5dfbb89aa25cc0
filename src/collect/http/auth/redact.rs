//! Secrets, taken out of what came from outside: an answer may repeat the token that it was asked with.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret stood.
const MARK: &[u8] = b"[secret]";

/// What no client writes as `%xx`.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Every form of every secret in force, the longest first.
#[derive(Default)]
pub(super) struct Redactor(Vec<SecretString>);

impl Redactor {
    /// One more secret, in every form that an answer could repeat it in.
    pub(super) fn add(&mut self, secret: &SecretString) {
        let text = secret.expose_secret();
        if text.is_empty() {
            return;
        }
        let percent = utf8_percent_encode(text, UNRESERVED).to_string();
        let json = serde_json::to_string(text).unwrap_or_default();
        let forms = [
            text.to_owned(),
            percent.replace("%20", "+"),
            lower_hex(&percent),
            percent,
            json.replace('/', "\\/").trim_matches('"').to_owned(),
            json.trim_matches('"').to_owned(),
        ];
        let known: BTreeSet<&str> = self.0.iter().map(ExposeSecret::expose_secret).collect();
        let new: BTreeSet<String> = forms
            .into_iter()
            .filter(|form| !known.contains(form.as_str()))
            .collect();
        self.0.extend(new.into_iter().map(SecretString::from));
        self.0.sort_by_key(|form| std::cmp::Reverse(form.expose_secret().len()));
    }

    /// The bytes without any of them.
    pub(super) fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        let needles: Vec<&[u8]> = self.0.iter().map(|form| form.expose_secret().as_bytes()).collect();
        let mut begins = [false; 256];
        for first in needles.iter().filter_map(|needle| needle.first()) {
            begins[usize::from(*first)] = true;
        }
        let mut clean: Option<Vec<u8>> = None;
        let (mut at, mut kept) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            let needle = match begins[usize::from(*byte)] {
                true => needles.iter().find(|needle| bytes[at..].starts_with(needle)),
                false => None,
            };
            match needle {
                None => at += 1,
                Some(needle) => {
                    let clean = clean.get_or_insert_default();
                    clean.extend_from_slice(&bytes[kept..at]);
                    clean.extend_from_slice(MARK);
                    at += needle.len();
                    kept = at;
                }
            }
        }
        match clean {
            None => bytes,
            Some(mut clean) => {
                clean.extend_from_slice(&bytes[kept..]);
                clean
            }
        }
    }
}

/// `%2F` as `%2f`.
fn lower_hex(percent: &str) -> String {
    let mut out = String::with_capacity(percent.len());
    for (n, piece) in percent.split('%').enumerate() {
        let code = if n == 0 { 0 } else { 2.min(piece.len()) };
        if n > 0 {
            out.push('%');
        }
        out.push_str(&piece[..code].to_ascii_lowercase());
        out.push_str(&piece[code..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secrets: &[&str], text: &str) -> String {
        let mut redactor = Redactor::default();
        for secret in secrets {
            redactor.add(&(*secret).into());
        }
        String::from_utf8(redactor.redact(text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn a_secret_goes_in_every_form() {
        let secret = "not/a token=\"1\"ż";
        for (text, expected) in [
            ("x not/a token=\"1\"ż y", "x [secret] y"),
            ("?t=not%2Fa%20token%3D%221%22%C5%BC&n", "?t=[secret]&n"),
            ("?t=not%2fa%20token%3d%221%22%c5%bc&n", "?t=[secret]&n"),
            ("?t=not%2Fa+token%3D%221%22%C5%BC&n", "?t=[secret]&n"),
            (r#"{"t":"not/a token=\"1\"ż"}"#, r#"{"t":"[secret]"}"#),
            (r#"{"t":"not\/a token=\"1\"ż"}"#, r#"{"t":"[secret]"}"#),
            ("nothing of it, not/a toke", "nothing of it, not/a toke"),
            ("", ""),
        ] {
            assert_eq!(redacted(&[secret], text), expected);
        }
    }

    #[test]
    fn a_secret_within_another_leaves_nothing_of_it() {
        let both = redacted(&["abcd", "abcd-efgh"], "abcd-efgh abcdabcd-efgh");
        assert_eq!(both, "[secret] [secret][secret]");
        assert_eq!(redacted(&[], "abcd"), "abcd");
    }
}
