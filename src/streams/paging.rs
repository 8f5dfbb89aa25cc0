//! Whether the pages of a list are all of them. A list ends on a signal or on an empty page, never on a short one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::connector::manifest::{Absent, Page, PageBy};

/// Headers of an answer, their names in lower case.
type Headers = BTreeMap<String, String>;

const SECOND: &str = "a second answer for a list that has one";

/// More pages than this are an error, where the manifest states no other number.
const MAX_PAGES: u64 = 1000;

/// Sizes that servers stop at without being asked: a list of just so many rows may have been cut.
const LIKELY_LIMITS: [u64; 9] = [20, 25, 50, 100, 200, 250, 500, 1000, 5000];

/// What the pages so far said.
pub(super) struct Paging<'a> {
    page: Option<&'a Page>,
    pages: u64,
    rows: u64,
    total: Option<u64>,
    cursors: BTreeSet<String>,
    /// What the last page said of its being the last.
    last: Last,
}

/// What a page says of what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Last {
    /// It is the last: it said so, or was empty.
    Yes,
    /// There is more.
    No,
    /// There is more, and this leads to it: a cursor or an address.
    Leads(String),
    /// It said nothing.
    Silent,
}

/// Why a page cannot be one of this list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PageError {
    #[error("an empty page that says there is more")]
    Empty,
    #[error("the total changed from {before} to {now} between pages")]
    TotalChanged { before: u64, now: u64 },
    #[error("{0}")]
    Other(String),
}

impl<'a> Paging<'a> {
    pub(super) fn new(page: Option<&'a Page>) -> Self {
        Self {
            page,
            pages: 0,
            rows: 0,
            total: None,
            cursors: BTreeSet::new(),
            last: Last::Silent,
        }
    }

    /// How many rows the other side said there are.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// How many rows the pages carried.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// What the last page said of what follows.
    pub(super) fn last(&self) -> &Last {
        &self.last
    }

    /// Takes the last page back: it contradicted itself, and the same is asked once more.
    pub(super) fn forget_last(&mut self) {
        self.pages = self.pages.saturating_sub(1);
        if let Last::Leads(lead) = std::mem::replace(&mut self.last, Last::Silent) {
            self.cursors.remove(&lead);
        }
    }

    /// Whether no further page may be asked for.
    pub(super) fn at_the_limit(&self) -> bool {
        self.pages >= self.page.and_then(|page| page.max_pages).unwrap_or(MAX_PAGES)
    }

    /// Takes one page.
    pub(super) fn page(&mut self, body: &Value, rows: usize, headers: &Headers) -> Result<(), PageError> {
        self.pages += 1;
        self.rows += rows as u64;
        let after_the_last = self.pages > 1 && self.last == Last::Yes;
        let Some(page) = self.page else {
            self.last = Last::Yes;
            return if after_the_last {
                Err(PageError::Other(SECOND.to_owned()))
            } else {
                Ok(())
            };
        };
        self.last = self.signal(page, body, rows, headers).map_err(PageError::Other)?;
        // A list without pages is whole unless it says that it is not.
        let whole = page.by.value == PageBy::None;
        if whole && self.last == Last::Silent {
            self.last = Last::Yes;
        }
        if after_the_last {
            let why = if whole {
                SECOND
            } else {
                "an answer behind the last page"
            };
            return Err(PageError::Other(why.to_owned()));
        }
        if matches!(self.last, Last::No | Last::Leads(_)) && rows == 0 {
            return Err(PageError::Empty);
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
            _ if self.at_the_limit() => Err(format!(
                "stopped after {} pages, and the list goes on: raise the connector's `max_pages`",
                self.pages
            )),
            Last::No | Last::Leads(_) if self.by() == PageBy::None => {
                Err("cut short: the answer says that more follows".to_owned())
            }
            Last::No | Last::Leads(_) => Err(format!("cut short: page {} says there is more", self.pages)),
            Last::Silent => Err(format!(
                "page {} does not say whether it is the last, and no empty page follows",
                self.pages
            )),
        }
    }

    /// Why nobody can be sure that the list is whole although nothing speaks against it.
    pub(super) fn unverified(&self) -> Option<String> {
        let silent = self.total.is_none();
        match self.by() {
            PageBy::None if silent && self.pages == 1 && LIKELY_LIMITS.contains(&self.rows) => Some(format!(
                "exactly {} rows in one answer that does not say how many there are: look whether that is all",
                self.rows
            )),
            PageBy::Offset | PageBy::Page if silent && self.pages > 2 => Some(format!(
                "read in {} pages that do not say how many rows there are: one that moved meanwhile may be missing",
                self.pages
            )),
            _ => None,
        }
    }

    fn by(&self) -> PageBy {
        self.page.map_or(PageBy::None, |page| page.by.value)
    }

    fn signal(&mut self, page: &Page, body: &Value, rows: usize, headers: &Headers) -> Result<Last, String> {
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
        let lead = match (page.by.value, page.cursor.as_ref().or(page.next.as_ref())) {
            (PageBy::Link, _) => match headers.get("link") {
                Some(link) => next_link(link).map(str::to_owned),
                None if page.absent == Absent::Allowed => None,
                None => return Ok(empty),
            },
            // Where the cursor is, its absence is the signal.
            (_, Some(next)) => match body.pointer(&next.value) {
                None | Some(Value::Null) => None,
                Some(Value::String(cursor)) => Some(cursor.clone()).filter(|cursor| !cursor.is_empty()),
                Some(Value::Number(cursor)) => Some(cursor.to_string()),
                Some(_) => return Err(format!("`{}` is no cursor", next.value)),
            },
            (_, None) => return Ok(empty),
        };
        let Some(lead) = lead else { return Ok(Last::Yes) };
        if !self.cursors.insert(lead.clone()) {
            return Err("the cursor was there before: the list goes in a circle".to_owned());
        }
        Ok(Last::Leads(lead))
    }

    fn totals(&mut self, page: &Page, body: &Value) -> Result<(), PageError> {
        let Some(at) = &page.total else { return Ok(()) };
        let Some(now) = body.pointer(&at.value).and_then(Value::as_u64) else {
            return Err(PageError::Other(format!("`{}` is no count of rows", at.value)));
        };
        match self.total.replace(now) {
            Some(before) if before != now => Err(PageError::TotalChanged { before, now }),
            _ => Ok(()),
        }
    }
}

/// The address of a `Link` header with `rel="next"` (RFC 8288).
fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (address, after) = after.split_once('>')?;
        let (parameters, behind) = after.split_once(",").unwrap_or((after, ""));
        let next = parameters.split(';').any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let words = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && words.split(' ').any(|word| word.eq_ignore_ascii_case("next"))
        });
        if next {
            return Some(address);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn the_next_address_of_a_link_header_is_found_wherever_it_stands() {
        for (header, expected) in [
            (
                r#"<https://a.example/users?after=9>; rel="next""#,
                Some("https://a.example/users?after=9"),
            ),
            (
                r#"<https://a.example/1>; rel="self", <https://a.example/2>; title="x"; rel="next""#,
                Some("https://a.example/2"),
            ),
            ("</users?a=1,2>; rel=next", Some("/users?a=1,2")),
            (r#"<https://a.example/1>; rel="self""#, None),
            (r#"<https://a.example/1>; rel="prev nextish""#, None),
            ("", None),
            ("<unfinished", None),
        ] {
            assert_eq!(next_link(header), expected, "{header}");
        }
    }
}
