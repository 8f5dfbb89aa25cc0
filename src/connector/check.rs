//! Holds a manifest against itself: every name that it uses exists, every pointer and address can be one.

use std::fmt::Display;

use super::manifest::{
    Absent, AuthKind, COLLECTIONS, FieldNeeds, Kind, Manifest, NullMeans, OnStatus, Page, PageBy, StreamSpec,
    collection,
};
use crate::error::did_you_mean;
use crate::yaml::{Entries, Spanned, YamlError, place};

/// The first thing in a manifest that cannot be meant. `folder` is the connector's folder name.
pub(super) fn check(file: &str, folder: &str, manifest: &Manifest) -> Result<(), YamlError> {
    let check = Check { file, manifest };
    check.head(folder)?;
    check.params_and_auth()?;
    check.statuses(&manifest.on, None)?;
    check.classes(&manifest.on)?;
    for (name, stream) in &manifest.streams.0 {
        check.stream(name, stream)?;
    }
    check.provides()?;
    check.columns()
}

pub(super) struct Check<'a> {
    file: &'a str,
    pub(super) manifest: &'a Manifest,
}

pub(super) type Checked = Result<(), YamlError>;

impl Check<'_> {
    pub(super) fn wrong<T>(&self, at: &Spanned<T>, message: impl Display, help: impl Display) -> Checked {
        Err(YamlError {
            place: place(self.file, at),
            message: message.to_string(),
            help: Some(help.to_string()),
        })
    }

    fn head(&self, folder: &str) -> Checked {
        let manifest = self.manifest;
        if manifest.connector.value != 1 {
            let message = format!(
                "this program reads connectors of version 1, not {}",
                manifest.connector.value
            );
            return self.wrong(
                &manifest.connector,
                message,
                "write `connector: 1`, or use a newer rolecall",
            );
        }
        if manifest.id.value != folder {
            let message = format!("the connector `{}` lies in the folder `{folder}`", manifest.id.value);
            return self.wrong(&manifest.id, message, "give both the same name");
        }
        if !is_name(folder) {
            let help =
                "an id is lower-case letters, digits and `_`, and begins with a letter: it is a Rego package too";
            return self.wrong(&manifest.id, format!("`{folder}` cannot be a connector's id"), help);
        }
        if manifest.streams.0.is_empty() {
            return self.wrong(
                &manifest.id,
                "the connector has no streams",
                "add what it reads under `streams:`",
            );
        }
        let file_keys = !manifest.formats.is_empty() || !manifest.columns.0.is_empty() || !manifest.values.0.is_empty();
        match manifest.kind.value {
            Kind::File if manifest.base.is_some() || !manifest.auth.0.is_empty() => {
                self.wrong(&manifest.kind, "a file has no `base` and no `auth`", "leave them out")
            }
            Kind::File if manifest.formats.is_empty() || manifest.columns.0.is_empty() => self.wrong(
                &manifest.kind,
                "a file connector needs `formats` and `columns`",
                "add them",
            ),
            Kind::File if manifest.streams.0.len() != 1 => self.wrong(
                &manifest.kind,
                "a file connector has exactly one stream",
                "read one file with one connector",
            ),
            Kind::Http | Kind::Exec if file_keys => self.wrong(
                &manifest.kind,
                "`formats`, `columns` and `values` belong to `kind: file`",
                "leave them out",
            ),
            Kind::Http => match &manifest.base {
                Some(base) => self.address(base),
                None => self.wrong(
                    &manifest.kind,
                    "an http connector needs a `base`",
                    "add `base: https://…`",
                ),
            },
            _ => Ok(()),
        }
    }

    fn address(&self, url: &Spanned<String>) -> Checked {
        // A parameter of type url may be the whole address; it is held against https when it is set.
        if !url.value.starts_with("https://") && !url.value.starts_with('{') {
            return self.wrong(url, "the address is not https", "write `https://…`");
        }
        self.template(url, &url.value, &[])
    }

    /// Every `{name}` must be a parameter, or one of `also`.
    pub(super) fn template(&self, at: &Spanned<String>, text: &str, also: &[&str]) -> Checked {
        for name in placeholders(text) {
            let known: Vec<&str> = names(&self.manifest.params).chain(also.iter().copied()).collect();
            if !known.contains(&name) {
                let help = if known.is_empty() {
                    format!("declare it: `params: {{{name}: {{}}}}`")
                } else {
                    did_you_mean(name, known.iter().copied())
                };
                return self.wrong(at, format!("`{{{name}}}` is no parameter"), help);
            }
        }
        Ok(())
    }

    fn params_and_auth(&self) -> Checked {
        for (name, param) in &self.manifest.params.0 {
            if !is_name(&name.value) {
                return self.wrong(
                    name,
                    format!("`{}` cannot be a parameter's name", name.value),
                    "use lower-case letters, digits and `_`",
                );
            }
            if let Some(default) = &param.default
                && !param.one_of.is_empty()
                && !param.one_of.contains(default)
            {
                return self.wrong(
                    name,
                    format!("the default `{default}` is not in `one_of`"),
                    did_you_mean(default, param.one_of.iter().map(String::as_str)),
                );
            }
        }
        for (_, auth) in &self.manifest.auth.0 {
            let token_url = auth.token_url.is_some();
            let (needs, given) = match auth.kind.value {
                AuthKind::Header => ("name", auth.name.is_some() && !token_url),
                AuthKind::Oauth2Refresh | AuthKind::Oauth2ClientCredentials => ("token_url", token_url),
                AuthKind::JwtBearer => (
                    "token_url`, `scope` and `subject",
                    token_url && auth.scope.is_some() && auth.subject.is_some(),
                ),
                AuthKind::Bearer | AuthKind::Basic | AuthKind::Command => ("kind` and no `token_url", !token_url),
            };
            if !given {
                return self.wrong(
                    &auth.kind,
                    "the keys do not fit this kind of auth",
                    format!("it needs `{needs}`"),
                );
            }
            for url in [&auth.token_url, &auth.authorize_url].into_iter().flatten() {
                self.address(url)?;
            }
            if let Some(url) = &auth.authorize_url
                && auth.kind.value != AuthKind::Oauth2Refresh
            {
                return self.wrong(
                    url,
                    "only `kind: oauth2_refresh` has an `authorize_url`",
                    "leave it out",
                );
            }
        }
        if let Some(ok) = &self.manifest.ok {
            self.pointer(&ok.at)?;
        }
        let limits = &self.manifest.limits;
        if let Some(clamp) = limits.reset.as_ref().and_then(|reset| reset.clamp.as_ref())
            && !matches!(clamp.value.as_slice(), [least, most] if least <= most)
        {
            return self.wrong(
                clamp,
                "`clamp` is not the least and the most seconds",
                "write `clamp: [1, 10]`",
            );
        }
        if let Some(budget) = &limits.budget
            && budget
                .floor
                .value
                .strip_suffix('%')
                .and_then(|n| n.parse::<u8>().ok())
                .is_none_or(|n| n > 100)
        {
            return self.wrong(&budget.floor, "`floor` is no percentage", "write `floor: 10%`");
        }
        Ok(())
    }

    fn statuses(&self, on: &Entries<OnStatus>, each: Option<bool>) -> Checked {
        use super::manifest::Action;
        for (status, meaning) in &on.0 {
            let code = status.value.as_str();
            let valid = code.len() == 3
                && code.starts_with(|first: char| ('1'..='5').contains(&first))
                && (code.ends_with("xx") || code.bytes().all(|byte| byte.is_ascii_digit()));
            if !valid {
                return self.wrong(
                    status,
                    format!("`{code}` is no status"),
                    "write a number such as 403, or a class such as 5xx",
                );
            }
            let actions = match meaning {
                OnStatus::Always(action) => vec![*action],
                OnStatus::Html { html, other } => vec![*html, *other],
                OnStatus::Word { at, action, .. } => {
                    if !is_pointer(at) {
                        return self.wrong(
                            status,
                            format!("`{at}` is no JSON pointer"),
                            "a pointer begins with `/`",
                        );
                    }
                    vec![*action]
                }
            };
            if actions.contains(&Action::Gone) && each != Some(true) {
                return self.wrong(
                    status,
                    "`gone` is for streams with `each`",
                    "a list of its own cannot be gone: use `fail` or `unavailable`",
                );
            }
        }
        Ok(())
    }

    fn stream(&self, name: &Spanned<String>, stream: &StreamSpec) -> Checked {
        let manifest = self.manifest;
        if !is_name(&name.value) {
            return self.wrong(
                name,
                format!("`{}` cannot be a stream's name", name.value),
                "use lower-case letters, digits and `_`",
            );
        }
        match (manifest.kind.value, &stream.path) {
            (Kind::Http, None) => return self.wrong(name, "an http stream needs a `path`", "add `path: /…`"),
            (Kind::File | Kind::Exec, Some(path)) => {
                return self.wrong(path, "only an http stream has a `path`", "leave it out");
            }
            _ => {}
        }
        self.asked(name, stream)?;
        if let Some(records) = &stream.records {
            for pointer in &records.value.0 {
                if !is_pointer(pointer) {
                    return self.wrong(
                        records,
                        format!("`{pointer}` is no JSON pointer"),
                        "a pointer is empty or begins with `/`; `~` is written `~0`",
                    );
                }
            }
        }
        let says_so = manifest.ok.as_ref().is_some_and(|ok| ok.absent == Absent::Refused);
        if stream.if_absent == NullMeans::Empty && !says_so {
            let message = "`if_absent: empty` would take any answer for an empty list";
            let help = "say by `ok: {at: …, is: …}`, without `absent: allowed`, how an answer shows that it is one";
            return self.wrong(name, message, help);
        }
        if let Some(key) = &stream.key {
            self.pointer(key)?;
        }
        if let Some(each) = &stream.each {
            self.pointer(&each.take)?;
            let before = names(&manifest.streams).take_while(|known| *known != name.value);
            self.known(&each.of, before, "stream above this one")?;
        }
        if let Some(option) = &stream.when {
            self.known(option, names(&manifest.options), "option")?;
        }
        if let Some(identifies) = &stream.identifies {
            self.pointer(&identifies.at)?;
            self.known(&identifies.param, names(&manifest.params), "parameter")?;
        }
        if let Some(page) = &stream.page {
            self.page(page)?;
        }
        self.statuses(&stream.on, Some(stream.each.is_some()))
    }

    fn page(&self, page: &Page) -> Checked {
        if let Some(more) = &page.more
            && let Some(wrong) = more.value.0.iter().find(|pointer| !is_pointer(pointer))
        {
            return self.no_pointer(more, wrong);
        }
        for pointer in [&page.total, &page.cursor, &page.next].into_iter().flatten() {
            self.pointer(pointer)?;
        }
        let (needs, given) = match page.by.value {
            PageBy::None | PageBy::Link => return Ok(()),
            PageBy::Offset => ("start` and `limit", page.start.is_some() && page.limit.is_some()),
            PageBy::Page => ("page", page.page.is_some()),
            PageBy::Cursor => ("cursor` and `param", page.cursor.is_some() && page.param.is_some()),
            PageBy::NextUrl => ("next", page.next.is_some()),
        };
        if given {
            Ok(())
        } else {
            self.wrong(
                &page.by,
                "keys are missing for this way of paging",
                format!("add `{needs}`"),
            )
        }
    }

    fn provides(&self) -> Checked {
        let manifest = self.manifest;
        if manifest.provides.0.is_empty() {
            return self.wrong(
                &manifest.id,
                "the connector provides nothing",
                "add `provides: {accounts: [a stream]}`",
            );
        }
        for (word, streams) in &manifest.provides.0 {
            if collection(&word.value).is_none() {
                let help = did_you_mean(&word.value, COLLECTIONS.map(|(name, _)| name));
                return self.wrong(word, format!("there is no collection `{}`", word.value), help);
            }
            if streams.is_empty() {
                return self.wrong(word, "no stream is named", "name the streams that the rows come from");
            }
            for stream in streams {
                self.known(stream, names(&manifest.streams), "stream")?;
            }
        }
        for (field, needs) in &manifest.fields.0 {
            let mut parts = field.value.split('.');
            let subject = parts.next().unwrap_or_default();
            if !["account", "approvals", "staff", "system"].contains(&subject)
                || !parts.all(is_name)
                || !field.value.contains('.')
            {
                return self.wrong(
                    field,
                    format!("`{}` is no path of a subject", field.value),
                    "write `account.mfa`, for instance",
                );
            }
            let FieldNeeds::Streams(streams) = needs else { continue };
            for stream in streams {
                if !names(&manifest.streams).any(|known| known == stream) {
                    let help = did_you_mean(stream, names(&manifest.streams).collect::<Vec<_>>().iter().copied());
                    return self.wrong(field, format!("there is no stream `{stream}`"), help);
                }
            }
        }
        Ok(())
    }

    fn columns(&self) -> Checked {
        for (name, _) in &self.manifest.columns.0 {
            if !is_name(&name.value) || ["line", "row"].contains(&name.value.as_str()) {
                let help = "use lower-case letters, digits and `_`; `line` and `row` are taken";
                return self.wrong(name, format!("`{}` cannot be a column's name", name.value), help);
            }
        }
        for (name, meanings) in &self.manifest.values.0 {
            self.known(name, names(&self.manifest.columns), "column")?;
            let mut seen = std::collections::BTreeMap::new();
            for (meaning, words) in &meanings.0 {
                for word in &words.0 {
                    if let Some(other) = seen.insert(crate::collect::folded(word), &meaning.value) {
                        return self.wrong(meaning, format!("`{word}` means `{other}` already"), "keep one of them");
                    }
                }
            }
        }
        Ok(())
    }

    fn pointer(&self, text: &Spanned<String>) -> Checked {
        if is_pointer(&text.value) {
            return Ok(());
        }
        self.no_pointer(text, &text.value)
    }

    fn no_pointer<T>(&self, at: &Spanned<T>, text: &str) -> Checked {
        let help = "a pointer is empty or begins with `/`; `~` is written `~0`, and `/` inside a name `~1`";
        self.wrong(at, format!("`{text}` is no JSON pointer"), help)
    }

    fn known<'k>(&self, word: &Spanned<String>, known: impl Iterator<Item = &'k str>, what: &str) -> Checked {
        let known: Vec<&str> = known.collect();
        if known.contains(&word.value.as_str()) {
            return Ok(());
        }
        let help = if known.is_empty() {
            format!("there is no {what} at all")
        } else {
            did_you_mean(&word.value, known.iter().copied())
        };
        self.wrong(word, format!("there is no {what} `{}`", word.value), help)
    }
}

fn names<V>(entries: &Entries<V>) -> impl Iterator<Item = &str> {
    entries.0.iter().map(|(name, _)| name.value.as_str())
}

/// RFC 6901.
fn is_pointer(text: &str) -> bool {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    escapes && (text.is_empty() || text.starts_with('/'))
}

/// A name that can also be a Rego variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}
