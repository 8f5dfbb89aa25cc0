//! Answers to rows: what of a stream was read, and whether that is all of it.
//!
//! Pure, and the same for live and recorded answers. A stream is complete only if its answers say so: an answer that is
//! missing, broken or cut short makes it incomplete and never empty.

mod answer;
mod follow;
mod key;
mod lines;
mod paging;
mod request;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::connector::manifest::{Manifest, PageBy, StreamSpec};
use crate::digest;
use crate::recording::Answer;
use crate::snapshot::{Completeness, Stream};
pub(crate) use answer::meaning;
use answer::{Read, Rows};
pub use follow::{Follow, Next, Step};
use key::Keyed;

/// One stream, read.
#[derive(Debug, Clone)]
pub struct StreamRead {
    /// What the snapshot says of it.
    pub summary: Stream,
    /// Its rows, each key once. Of a stream with `each`, every row is `{"parent": …, "record": …}`.
    pub rows: Vec<Value>,
    /// The keys that came twice with different values; of each, one row is in `rows`.
    pub conflicting: BTreeSet<String>,
    /// Rows that were read and could not be handed on, for want of a key.
    pub lost: u64,
    /// What a person should know of it.
    pub notices: Vec<String>,
    /// The tenant that a row names, with the parameter it must equal.
    pub tenant: Option<Tenant>,
}

/// The tenant that the answers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The parameter that it must equal.
    pub param: String,
    /// As the answers have it.
    pub value: String,
}

/// How much of every list was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// The first page, and of lists that belong to a parent those of the first: enough to see what can be read.
    FirstPages,
}

/// Reads every stream of the manifest from the answers, in the manifest's order.
pub fn read(
    manifest: &Manifest,
    options: &BTreeMap<String, bool>,
    answers: &[Answer],
    extent: Extent,
) -> Vec<StreamRead> {
    let mut streams: Vec<StreamRead> = Vec::new();
    for (name, spec) in &manifest.streams.0 {
        let own: Vec<&Answer> = answers.iter().filter(|answer| answer.stream == name.value).collect();
        let mut stream = Reader {
            manifest,
            name: &name.value,
            spec,
            extent,
            state: State::default(),
        };
        match (&spec.each, manifest.reads(spec, options)) {
            (_, false) => stream.state.unavailable("its option is off".to_owned()),
            (Some(each), true) => stream.children(&each.take.value, parent(&streams, &each.of.value), &own),
            (None, true) => stream.pages(None, &own),
        }
        streams.push(stream.finish(&own));
    }
    streams
}

/// The parents that a stream with `each` asks about, each once, in the order of their rows. Empty for any other stream.
pub fn parents(manifest: &Manifest, spec: &StreamSpec, answers: &[Answer]) -> Vec<String> {
    let Some(each) = &spec.each else { return Vec::new() };
    let Some((name, of)) = manifest.streams.0.iter().find(|(name, _)| name.value == each.of.value) else {
        return Vec::new();
    };
    let own: Vec<&Answer> = answers.iter().filter(|answer| answer.stream == name.value).collect();
    let mut stream = Reader {
        manifest,
        name: &name.value,
        spec: of,
        extent: Extent::Whole,
        state: State::default(),
    };
    if own.is_empty() {
        return Vec::new();
    }
    stream.pages(None, &own);
    let (rows, _) = stream.state.keyed.into_rows();
    let mut seen = BTreeSet::new();
    let ids = rows
        .iter()
        .filter_map(|row| row.pointer(&each.take.value).and_then(key::text));
    ids.filter(|id| seen.insert(id.clone())).collect()
}

fn parent<'a>(streams: &'a [StreamRead], name: &str) -> Option<&'a StreamRead> {
    streams.iter().find(|stream| stream.summary.name == name)
}

/// What is known of a stream so far.
#[derive(Default)]
struct State {
    incomplete: Option<String>,
    unavailable: Option<String>,
    pages: u64,
    read: u64,
    total: Option<u64>,
    keyed: Keyed,
    notices: Vec<String>,
}

impl State {
    /// The first reason is the one that is told.
    fn incomplete(&mut self, why: String) {
        self.incomplete.get_or_insert(why);
    }

    fn unavailable(&mut self, why: String) {
        self.unavailable.get_or_insert(why);
    }
}

struct Reader<'a> {
    manifest: &'a Manifest,
    name: &'a str,
    spec: &'a StreamSpec,
    extent: Extent,
    state: State,
}

impl Reader<'_> {
    /// One set of pages for every row of the parent stream.
    fn children(&mut self, take: &str, parent: Option<&StreamRead>, answers: &[&Answer]) {
        let Some(parent) = parent else { return };
        let of = &parent.summary.name;
        match parent.summary.state {
            Completeness::Complete => {}
            Completeness::Unavailable => self.state.unavailable(format!("`{of}` is unavailable")),
            Completeness::Partial | Completeness::Failed => {
                self.state.incomplete(format!("`{of}` is not read to its end"));
            }
        }
        let mut of_parent: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
        for answer in answers {
            let own = of_parent.entry(answer.parent.as_deref().unwrap_or_default());
            own.or_default().push(answer);
        }
        for row in &parent.rows {
            let Some(id) = row.pointer(take).and_then(key::text) else {
                self.state
                    .incomplete(format!("a row of `{of}` has nothing at `{take}` to ask for"));
                continue;
            };
            match of_parent.get(id.as_str()) {
                Some(own) => self.pages(Some(&id), own),
                None if self.extent == Extent::FirstPages => {}
                None => self
                    .state
                    .incomplete(format!("there is no answer for `{id}` of `{of}`")),
            }
        }
    }

    /// The answers of one list, in order.
    fn pages(&mut self, parent: Option<&str>, answers: &[&Answer]) {
        if answers.is_empty() {
            self.state.incomplete(format!("there is no answer for `{}`", self.name));
        }
        let mut paging = paging::Paging::new(self.spec.page.as_ref());
        let mut distinct = 0;
        let mut refused = false;
        for (index, answer) in answers.iter().enumerate() {
            let place = self.place(parent, index, answers.len());
            let wrong = |why: &dyn std::fmt::Display| format!("{place}{why}");
            if let Err(why) = request::asks_for(self.manifest, self.spec, parent, index == 0, answer) {
                self.state.incomplete(wrong(&why));
            }
            match answer::read(self.manifest, self.spec, answer) {
                Read::Rows(Rows { rows, body }) => {
                    self.state.pages += 1;
                    if let Err(why) = paging.page(&body, &rows, &answer.headers) {
                        self.state.incomplete(wrong(&why));
                    }
                    distinct += self.rows(parent, rows, &place);
                }
                // A refusal in the middle of a list is no refusal to show it.
                Read::Unavailable(why) if index == 0 => {
                    refused = true;
                    self.state.unavailable(why);
                }
                Read::Gone if index == 0 => {
                    self.state
                        .notices
                        .push(format!("`{}` of `{}` is gone", parent.unwrap_or_default(), self.name));
                    return;
                }
                Read::Unavailable(_) | Read::Gone => {
                    let why = format!("status {} in the middle of the list", answer.status);
                    self.state.incomplete(wrong(&why));
                }
                Read::Failed(why) => self.state.incomplete(wrong(&why)),
            }
        }
        // What is refused for one parent says nothing of the list of another.
        if !refused && self.extent == Extent::Whole {
            match paging.end(distinct) {
                Err(why) => self.state.incomplete(why),
                Ok(()) if self.state.incomplete.is_none() => {
                    let doubt = paging.unverified().map(|doubt| format!("`{}`: {doubt}", self.name));
                    self.state.notices.extend(doubt);
                }
                Ok(()) => {}
            }
        }
        self.state.total = paging
            .total()
            .map(|total| self.state.total.unwrap_or(0) + total)
            .or(self.state.total);
    }

    /// Where in a stream something is, as a beginning of a sentence; of a list in one answer there is nothing to say.
    fn place(&self, parent: Option<&str>, index: usize, of: usize) -> String {
        let paged = self
            .spec
            .page
            .as_ref()
            .is_some_and(|page| page.by.value != PageBy::None)
            || of > 1;
        match (parent, paged) {
            (Some(parent), true) => format!("`{parent}`, page {}: ", index + 1),
            (Some(parent), false) => format!("`{parent}`: "),
            (None, true) => format!("page {}: ", index + 1),
            (None, false) => String::new(),
        }
    }

    /// Takes the rows of one answer; how many keys were new.
    fn rows(&mut self, parent: Option<&str>, rows: Vec<Value>, place: &str) -> u64 {
        let mut new = 0;
        for (index, row) in rows.into_iter().enumerate() {
            self.state.read += 1;
            let taken = self
                .state
                .keyed
                .take(self.spec.key.as_ref().map(|key| key.value.as_str()), parent, row);
            match taken {
                Ok(true) => new += 1,
                Ok(false) => {}
                Err(why) => self.state.incomplete(format!("{place}record {index} {why}")),
            }
        }
        new
    }

    fn finish(mut self, answers: &[&Answer]) -> StreamRead {
        let (distinct, lost, repeated) = self.state.keyed.counts();
        if repeated > 0 {
            self.state
                .notices
                .push(format!("`{}`: {repeated} rows came twice, word for word", self.name));
        }
        if self.state.unavailable.is_none() && distinct < self.spec.min {
            self.state.incomplete(format!(
                "{distinct} rows, and fewer than {} cannot be true",
                self.spec.min
            ));
        }
        // What is broken outweighs what is refused: only a clean refusal is one.
        let (state, why) = match (self.state.incomplete, self.state.unavailable) {
            (Some(why), _) if self.spec.optional => (Completeness::Unavailable, Some(why)),
            (Some(why), _) if self.state.read == 0 => (Completeness::Failed, Some(why)),
            (Some(why), _) => (Completeness::Partial, Some(why)),
            (None, Some(why)) => (Completeness::Unavailable, Some(why)),
            (None, None) => (Completeness::Complete, None),
        };
        let (rows, conflicting) = self.state.keyed.into_rows();
        let received: Vec<_> = answers.iter().map(|answer| answer.received()).collect();
        let tenant = self.spec.identifies.as_ref().and_then(|identifies| {
            let row = rows.first()?;
            let value = row.pointer(&identifies.at.value).and_then(key::text)?;
            Some(Tenant {
                param: identifies.param.value.clone(),
                value,
            })
        });
        StreamRead {
            summary: Stream {
                name: self.name.to_owned(),
                state,
                requests: answers.iter().map(|answer| answer.calls).sum(),
                retries: answers.iter().map(|answer| answer.calls.saturating_sub(1)).sum(),
                pages: self.state.pages,
                rows: self.state.read,
                total: self.state.total,
                distinct,
                duplicates: repeated,
                bytes: received.iter().map(|received| received.bytes).sum(),
                sha256: digest::of_all(received.iter().map(|received| &received.sha256)),
                started_at: answers.iter().filter_map(|answer| answer.asked_at).min(),
                ended_at: answers.iter().filter_map(|answer| answer.answered_at).max(),
                why,
            },
            rows,
            conflicting,
            lost,
            notices: self.state.notices,
            tenant,
        }
    }
}

/// A row of a stream with `each`, with the parent it belongs to.
fn of_parent(parent: &str, row: &Value) -> Value {
    json!({"parent": parent, "record": row})
}
