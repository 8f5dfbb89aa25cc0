//! One answer: whether it is one, and the rows in it.

use serde_json::Value;

use super::lines;
use crate::connector::manifest::{Absent, Action, Kind, Manifest, NullMeans, OnStatus, StreamSpec};
use crate::recording::{Answer, Body};
use crate::strict_json;
use crate::yaml::Entries;

/// What became of one answer.
pub(super) enum Read {
    Rows(Rows),
    /// The system will not show it, and the manifest foresees that.
    Unavailable(String),
    /// The parent is no more.
    Gone,
    /// It is no answer.
    Failed(String),
}

/// The rows of one answer, and what else is in it, for the paging signals.
pub(super) struct Rows {
    pub(super) rows: Vec<Value>,
    pub(super) body: Value,
}

pub(super) fn read(manifest: &Manifest, spec: &StreamSpec, answer: &Answer) -> Read {
    let bytes = match &answer.body {
        Body::Bytes(bytes) => bytes,
        Body::Missing(why) => return Read::Failed(why.clone()),
    };
    if manifest.kind.value == Kind::Exec {
        return lines::read(spec, answer.status, &answer.stream, bytes);
    }
    if answer.status != 200 {
        return match meaning(manifest, spec, answer.status, bytes) {
            Some(Action::Unavailable) => Read::Unavailable(match &answer.request_path {
                Some(path) => format!("status {} on {path}", answer.status),
                None => format!("status {}", answer.status),
            }),
            Some(Action::Gone) => Read::Gone,
            _ => Read::Failed(said(answer.status)),
        };
    }
    let mut body = match strict_json::parse(bytes) {
        Ok(body) => body,
        Err(error) => return Read::Failed(error.to_string()),
    };
    match accepted(manifest, &body).and_then(|()| rows(spec, &mut body)) {
        Ok(rows) => Read::Rows(Rows { rows, body }),
        Err(why) => Read::Failed(why),
    }
}

/// A status that is no answer, in words.
fn said(status: u16) -> String {
    let why = match status {
        201..=299 => ", and only 200 carries a list",
        300..=399 => {
            ": it leads to another address, which is not followed; look at the source's address and parameters"
        }
        401 => ": the credential was rejected",
        407 => ": the proxy wants a user name and a password, or others",
        429 => ": too many calls",
        _ => "",
    };
    format!("status {status}{why}")
}

/// What a status means: the stream's word before the manifest's, a number before its class. Of a word in the answer
/// that is not one of those that count nothing is known.
pub(crate) fn meaning(manifest: &Manifest, spec: &StreamSpec, status: u16, bytes: &[u8]) -> Option<Action> {
    let number = status.to_string();
    let class = format!("{}xx", status / 100);
    let look = |on: &Entries<OnStatus>, name: &str| {
        on.0.iter()
            .find(|(known, _)| known.value == name)
            .map(|(_, meaning)| meaning.clone())
    };
    let found = [
        (&spec.on, &number),
        (&spec.on, &class),
        (&manifest.on, &number),
        (&manifest.on, &class),
    ]
    .into_iter()
    .find_map(|(on, name)| look(on, name))?;
    Some(match found {
        OnStatus::Always(action) => action,
        OnStatus::Html { html, other } => {
            // Some pages begin with a byte order mark.
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let page = text.trim_ascii_start().first() == Some(&b'<');
            if page { html } else { other }
        }
        OnStatus::Word { at, within, action } => {
            let body = strict_json::parse(bytes).ok()?;
            let word = body.pointer(&at).and_then(Value::as_str)?;
            return within.iter().any(|known| known == word).then_some(action);
        }
    })
}

/// Whether the answer itself says that it is one.
fn accepted(manifest: &Manifest, body: &Value) -> Result<(), String> {
    let Some(ok) = &manifest.ok else { return Ok(()) };
    match body.pointer(&ok.at.value) {
        Some(found) if *found == ok.is => Ok(()),
        Some(_) => Err(format!("the answer says at `{}` that it failed", ok.at.value)),
        None if ok.absent == Absent::Allowed => Ok(()),
        None => Err(format!("the answer has nothing at `{}`", ok.at.value)),
    }
}

/// Takes the rows out of the answer, from the first of the pointers that is there.
fn rows(spec: &StreamSpec, body: &mut Value) -> Result<Vec<Value>, String> {
    let root = [String::new()];
    let pointers = spec.records.as_ref().map_or(&root[..], |records| &records.value.0);
    let pointer = pointers.iter().find(|pointer| body.pointer(pointer).is_some());
    let Some((pointer, found)) = pointer.and_then(|pointer| Some((pointer, body.pointer_mut(pointer)?))) else {
        return match spec.if_absent {
            NullMeans::Empty => Ok(Vec::new()),
            NullMeans::Error => Err(format!("the answer has nothing at `{}`", pointers.join("`, `"))),
        };
    };
    let place = if pointer.is_empty() {
        "the root".to_owned()
    } else {
        format!("`{pointer}`")
    };
    let rows = match found {
        Value::Null if spec.if_null == NullMeans::Empty && !pointer.is_empty() => return Ok(Vec::new()),
        Value::Array(rows) => std::mem::take(rows),
        Value::Object(_) if spec.one => vec![found.clone()],
        _ => {
            return Err(format!(
                "{place} holds no list{}",
                if spec.one { " and no record" } else { "" }
            ));
        }
    };
    if spec.one && rows.len() != 1 {
        return Err(format!("{place} holds {} records where one is meant", rows.len()));
    }
    objects(rows, &place)
}

/// Rows are objects: what else stands in a list is nothing that a row could be read from.
pub(super) fn objects(rows: Vec<Value>, place: &str) -> Result<Vec<Value>, String> {
    match rows.iter().position(|row| !row.is_object()) {
        Some(index) => Err(format!("record {index} at {place} is no object")),
        None => Ok(rows),
    }
}
