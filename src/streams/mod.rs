//! Answers to rows: what of a stream was read, and whether that is all of it.
//!
//! Pure, and the same for live and recorded answers. A stream is complete only if its answers say so: an answer that is
//! missing, broken or cut short makes it incomplete and never empty.

mod answer;
mod key;
mod paging;
mod request;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::connector::manifest::{Manifest, StreamSpec};
use crate::digest;
use crate::recording::Answer;
use crate::snapshot::{Completeness, Stream};
use answer::{Read, Rows};
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
    /// Whether a run can do without it.
    pub optional: bool,
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

/// Reads every stream of the manifest from the answers, in the manifest's order.
pub fn read(manifest: &Manifest, options: &BTreeMap<String, bool>, answers: &[Answer]) -> Vec<StreamRead> {
    let mut streams: Vec<StreamRead> = Vec::new();
    for (name, spec) in &manifest.streams.0 {
        let own: Vec<&Answer> = answers.iter().filter(|answer| answer.stream == name.value).collect();
        let mut stream = Reader {
            manifest,
            name: &name.value,
            spec,
            state: State::default(),
        };
        let on = spec
            .when
            .as_ref()
            .is_none_or(|option| manifest.option(&option.value, options));
        match (&spec.each, on) {
            (_, false) => stream.state.unavailable("its option is off".to_owned()),
            (Some(each), true) => stream.children(&each.take.value, parent(&streams, &each.of.value), &own),
            (None, true) => stream.pages(None, &own),
        }
        streams.push(stream.finish(&own));
    }
    streams
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
            Completeness::Incomplete => self.state.incomplete(format!("`{of}` is incomplete")),
        }
        for row in &parent.rows {
            let Some(id) = row.pointer(take).and_then(key::text) else {
                self.state
                    .incomplete(format!("a row of `{of}` has nothing at `{take}` to ask for"));
                continue;
            };
            let own: Vec<&Answer> = answers
                .iter()
                .filter(|answer| answer.parent.as_deref() == Some(&id))
                .copied()
                .collect();
            if own.is_empty() {
                self.state
                    .incomplete(format!("there is no answer for `{id}` of `{of}`"));
            } else {
                self.pages(Some(&id), &own);
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
        for (index, answer) in answers.iter().enumerate() {
            if let Err(why) = request::asks_for(self.manifest, self.spec, parent, index == 0, answer) {
                self.state.incomplete(format!("{}: {why}", answer.name));
            }
            match answer::read(self.manifest, self.spec, answer) {
                Read::Rows(Rows { rows, body }) => {
                    self.state.pages += 1;
                    if let Err(why) = paging.page(&body, rows.len()) {
                        self.state.incomplete(format!("{}: {why}", answer.name));
                    }
                    distinct += self.rows(parent, rows, answer);
                }
                // A refusal in the middle of a list is no refusal to show it.
                Read::Unavailable(why) if index == 0 => self.state.unavailable(why),
                Read::Gone if index == 0 => {
                    self.state
                        .notices
                        .push(format!("`{}` of `{}` is gone", parent.unwrap_or_default(), self.name));
                    return;
                }
                Read::Unavailable(_) | Read::Gone => {
                    self.state.incomplete(format!(
                        "{}: status {} in the middle of the list",
                        answer.name, answer.status
                    ));
                }
                Read::Failed(why) => self.state.incomplete(format!("{}: {why}", answer.name)),
            }
        }
        if self.state.unavailable.is_none()
            && let Err(why) = paging.end(distinct)
        {
            self.state.incomplete(why);
        }
        self.state.total = paging
            .total()
            .map(|total| self.state.total.unwrap_or(0) + total)
            .or(self.state.total);
    }

    /// Takes the rows of one answer; how many keys were new.
    fn rows(&mut self, parent: Option<&str>, rows: Vec<Value>, answer: &Answer) -> u64 {
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
                Err(why) => self.state.incomplete(format!("{}: record {index} {why}", answer.name)),
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
            (Some(why), _) => (Completeness::Incomplete, Some(why)),
            (None, Some(why)) => (Completeness::Unavailable, Some(why)),
            (None, None) => (Completeness::Complete, None),
        };
        let (rows, conflicting) = self.state.keyed.into_rows();
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
                requests: answers.len() as u64,
                pages: self.state.pages,
                rows: self.state.read,
                total: self.state.total,
                distinct,
                sha256: digest(answers),
                why,
            },
            rows,
            conflicting,
            lost,
            optional: self.spec.optional,
            notices: self.state.notices,
            tenant,
        }
    }
}

/// The bytes of every answer, in order.
fn digest(answers: &[&Answer]) -> String {
    digest::of_all(answers.iter().map(|answer| answer.body.as_deref().unwrap_or_default()))
}

/// A row of a stream with `each`, with the parent it belongs to.
fn of_parent(parent: &str, row: &Value) -> Value {
    json!({"parent": parent, "record": row})
}
