//! Holds how a stream is asked for against itself: what would be asked wrongly, or could never be seen to be cut.

use super::check::{Check, Checked, placeholders};
use super::manifest::{Action, Kind, OnStatus, Page, PageBy, StreamSpec};
use crate::yaml::{Entries, Spanned};

/// Headers that are the client's own, carry a credential, or make something else of a GET request.
const NOT_OURS: [&str; 12] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "proxy-authorization",
    "range",
    "transfer-encoding",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

impl Check<'_> {
    pub(super) fn asked(&self, name: &Spanned<String>, stream: &StreamSpec) -> Checked {
        let parent = stream.each.as_ref().map(|each| each.name.as_str());
        if let Some(path) = &stream.path {
            if !path.value.starts_with('/') {
                let help = format!("write `path: /{}`", path.value);
                return self.wrong(path, "a path begins with `/`", help);
            }
            self.template(path, &path.value, parent.as_slice())?;
        }
        for (key, value) in &stream.query.0 {
            self.template(key, value, parent.as_slice())?;
        }
        for (key, value) in &stream.headers.0 {
            self.template(key, value, &[])?;
            let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            let lower = key.value.to_ascii_lowercase();
            if lower.is_empty() || !lower.bytes().all(letters) || NOT_OURS.contains(&lower.as_str()) {
                let message = format!("the header `{}` is none that a connector can send", key.value);
                return self.wrong(key, message, "leave it out; how to sign in is said under `auth`");
            }
        }
        self.parents(name, stream)?;
        self.classes(&stream.on)?;
        match &stream.page {
            Some(page) => self.pages(stream, page),
            None => Ok(()),
        }
    }

    /// A class that takes every refusal for the system's last word takes those as well that say nothing of the list.
    pub(super) fn classes(&self, on: &Entries<OnStatus>) -> Checked {
        let clean = |meaning: &OnStatus| matches!(meaning, OnStatus::Always(Action::Unavailable | Action::Gone));
        let class = on.0.iter().find(|(status, on)| status.value == "4xx" && clean(on));
        let Some((class, _)) = class else { return Ok(()) };
        let said = |status: &str| on.0.iter().any(|(known, _)| known.value == status);
        match ["401", "429"].into_iter().find(|status| !said(status)) {
            None => Ok(()),
            Some(status) => self.wrong(
                class,
                format!("`4xx` would take status {status} for the system's word on the list"),
                "say what these mean beside it: `401: fail, 429: retry`",
            ),
        }
    }

    fn parents(&self, name: &Spanned<String>, stream: &StreamSpec) -> Checked {
        let Some(each) = &stream.each else { return Ok(()) };
        let grandparent = self.manifest.stream(&each.of.value).is_some_and(|of| of.each.is_some());
        if grandparent {
            let message = format!("`{}` has an `each` of its own", each.of.value);
            return self.wrong(&each.of, message, "name a stream that is one list");
        }
        let query = stream.query.0.iter().map(|(_, value)| value.as_str());
        let path = stream.path.iter().map(|path| path.value.as_str());
        let asks = path
            .chain(query)
            .any(|text| placeholders(text).any(|name| name == each.name));
        if self.manifest.kind.value == Kind::Http && !asks {
            let message = format!("every row of `{}` would be asked the same", each.of.value);
            return self.wrong(name, message, format!("write `{{{}}}` into the `path`", each.name));
        }
        Ok(())
    }

    fn pages(&self, stream: &StreamSpec, page: &Page) -> Checked {
        if page.size == Some(0) || page.max_pages == Some(0) {
            let help = "leave `size` and `max_pages` out, or give them a number from 1 on";
            return self.wrong(&page.by, "a page of nothing, or no page at all", help);
        }
        if page.by.value == PageBy::None {
            return Ok(());
        }
        if stream.key.is_none() {
            let message = "without a `key`, nobody sees that two pages overlap";
            return self.wrong(&page.by, message, "add `key: /id`: where a row's key is");
        }
        let own = [&page.start, &page.page, &page.param, &page.limit];
        let twice = stream
            .query
            .0
            .iter()
            .find(|(key, _)| own.contains(&&Some(key.value.clone())));
        match twice {
            None => Ok(()),
            Some((key, _)) => {
                let message = format!("`{}` would be asked twice: `page` sets it as well", key.value);
                self.wrong(key, message, "leave it out of `query`")
            }
        }
    }
}
