//! One answer: whether it is one, and the rows in it.

use serde_json::Value;

use crate::connector::manifest::{Absent, Action, Manifest, NullMeans, OnStatus, StreamSpec};
use crate::recording::Answer;
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

/// The rows of one answer, and the whole of it for the paging signals.
pub(super) struct Rows {
    pub(super) rows: Vec<Value>,
    pub(super) body: Value,
}

pub(super) fn read(manifest: &Manifest, spec: &StreamSpec, answer: &Answer) -> Read {
    let bytes = match &answer.body {
        Ok(bytes) => bytes,
        Err(why) => return Read::Failed(why.clone()),
    };
    if answer.status != 200 {
        return match meaning(spec, manifest, answer.status, bytes) {
            Some(Action::Unavailable) => Read::Unavailable(match &answer.request_path {
                Some(path) => format!("status {} on {path}", answer.status),
                None => format!("status {}", answer.status),
            }),
            Some(Action::Gone) => Read::Gone,
            _ if (200..300).contains(&answer.status) => {
                Read::Failed(format!("status {}, and only 200 carries a list", answer.status))
            }
            _ => Read::Failed(format!("status {}", answer.status)),
        };
    }
    let body = match strict_json::parse(bytes) {
        Ok(body) => body,
        Err(error) => return Read::Failed(error.to_string()),
    };
    match accepted(manifest, &body).and_then(|()| rows(spec, &body)) {
        Ok(rows) => Read::Rows(Rows { rows, body }),
        Err(why) => Read::Failed(why),
    }
}

/// What a status means: the stream's word before the manifest's, a number before its class.
fn meaning(spec: &StreamSpec, manifest: &Manifest, status: u16, bytes: &[u8]) -> Option<Action> {
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
            let page = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
            if page { html } else { other }
        }
        OnStatus::Word { at, within, action } => {
            let body = strict_json::parse(bytes).ok()?;
            let word = body.pointer(&at).and_then(Value::as_str)?;
            if within.iter().any(|known| known == word) {
                action
            } else {
                Action::Fail
            }
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

/// The rows, from the first of the pointers that is there.
fn rows(spec: &StreamSpec, body: &Value) -> Result<Vec<Value>, String> {
    let root = [String::new()];
    let pointers = spec.records.as_ref().map_or(&root[..], |records| &records.value.0);
    let Some((pointer, found)) = pointers
        .iter()
        .find_map(|pointer| Some((pointer, body.pointer(pointer)?)))
    else {
        return Err(format!("the answer has nothing at `{}`", pointers.join("`, `")));
    };
    let place = if pointer.is_empty() {
        "the root".to_owned()
    } else {
        format!("`{pointer}`")
    };
    let rows = match found {
        Value::Null if spec.if_null == NullMeans::Empty && !pointer.is_empty() => return Ok(Vec::new()),
        Value::Array(rows) => rows.clone(),
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
    match rows.iter().position(|row| !row.is_object()) {
        Some(index) => Err(format!("record {index} at {place} is no object")),
        None => Ok(rows),
    }
}
