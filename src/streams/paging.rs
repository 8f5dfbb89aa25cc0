//! Whether the pages of a list are all of them. A list ends on a signal or on an empty page, never on a short one.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::connector::manifest::{Page, PageBy};

const SECOND: &str = "a second answer for a list that has one";

/// What the pages so far said.
pub(super) struct Paging<'a> {
    page: Option<&'a Page>,
    pages: u64,
    total: Option<u64>,
    cursors: BTreeSet<String>,
    /// What the last page said of its being the last.
    last: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// It said so, or was empty.
    Yes,
    /// It said that there is more.
    No,
    /// It said nothing.
    Silent,
}

impl<'a> Paging<'a> {
    pub(super) fn new(page: Option<&'a Page>) -> Self {
        Self {
            page,
            pages: 0,
            total: None,
            cursors: BTreeSet::new(),
            last: Last::Silent,
        }
    }

    /// How many rows the other side said there are.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// Takes one page.
    pub(super) fn page(&mut self, body: &Value, rows: usize) -> Result<(), String> {
        self.pages += 1;
        let after_the_last = self.pages > 1 && self.last == Last::Yes;
        let Some(page) = self.page else {
            self.last = Last::Yes;
            return if after_the_last { Err(SECOND.to_owned()) } else { Ok(()) };
        };
        self.last = self.signal(page, body, rows)?;
        // A list without pages is whole unless it says that it is not.
        let whole = page.by.value == PageBy::None;
        if whole && self.last == Last::Silent {
            self.last = Last::Yes;
        }
        if after_the_last {
            return Err(if whole {
                SECOND
            } else {
                "an answer behind the last page"
            }
            .to_owned());
        }
        if self.last == Last::No && rows == 0 {
            return Err("an empty page that says there is more".to_owned());
        }
        self.totals(page, body)
    }

    /// Holds the end of the list against what its pages said; `distinct` are the rows with different keys.
    pub(super) fn end(&self, distinct: u64) -> Result<(), String> {
        if let Some(total) = self.total
            && total != distinct
        {
            return Err(format!("{distinct} rows, where the answers say there are {total}"));
        }
        match self.last {
            _ if self.pages == 0 || self.page.is_none() => Ok(()),
            Last::Yes => Ok(()),
            Last::Silent if self.total.is_some() => Ok(()),
            Last::No if self.pages == 1 && self.page.is_some_and(|page| page.by.value == PageBy::None) => {
                Err("cut short: the answer says that more follows".to_owned())
            }
            Last::No => Err(format!("cut short: page {} says there is more", self.pages)),
            Last::Silent => Err(format!(
                "page {} does not say whether it is the last, and no empty page follows",
                self.pages
            )),
        }
    }

    fn signal(&mut self, page: &Page, body: &Value, rows: usize) -> Result<Last, String> {
        let empty = if rows == 0 { Last::Yes } else { Last::Silent };
        if let Some(more) = &page.more {
            return more.value.0.iter().try_fold(empty, |said, pointer| {
                Ok(match body.pointer(pointer) {
                    Some(Value::Bool(true)) => Last::No,
                    Some(Value::Bool(false)) if said == Last::No => Last::No,
                    Some(Value::Bool(false)) => Last::Yes,
                    None | Some(Value::Null) => said,
                    // Of several signals some are the next page's place, which is there only where there is one.
                    Some(Value::Number(_)) if more.value.0.len() > 1 => Last::No,
                    Some(Value::String(text)) if more.value.0.len() > 1 && text.is_empty() => said,
                    Some(Value::String(_)) if more.value.0.len() > 1 => Last::No,
                    Some(_) => return Err(format!("`{pointer}` is neither true nor false")),
                })
            });
        }
        let Some(next) = page.cursor.as_ref().or(page.next.as_ref()) else {
            return Ok(empty);
        };
        let cursor = match body.pointer(&next.value) {
            // Where the cursor is, its absence is the signal.
            None | Some(Value::Null) => return Ok(Last::Yes),
            Some(Value::String(cursor)) if cursor.is_empty() => return Ok(Last::Yes),
            Some(Value::String(cursor)) => cursor.clone(),
            Some(Value::Number(cursor)) => cursor.to_string(),
            Some(_) => return Err(format!("`{}` is no cursor", next.value)),
        };
        if !self.cursors.insert(cursor) {
            return Err("the cursor was there before: the list goes in a circle".to_owned());
        }
        Ok(Last::No)
    }

    fn totals(&mut self, page: &Page, body: &Value) -> Result<(), String> {
        let Some(at) = &page.total else { return Ok(()) };
        let Some(total) = body.pointer(&at.value).and_then(Value::as_u64) else {
            return Err(format!("`{}` is no count of rows", at.value));
        };
        match self.total.replace(total) {
            Some(before) if before != total => Err(format!("the total changed from {before} to {total} between pages")),
            _ => Ok(()),
        }
    }
}
