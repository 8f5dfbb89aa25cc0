//! Whether the pages of a list are all of them. A list ends on a signal or on an empty page, never on a short one.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

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
    /// Of these, those with rows.
    filled: u64,
    rows: u64,
    total: Option<u64>,
    cursors: BTreeSet<String>,
    /// The rows of each page, hashed: where nothing leads on but our own counting, the same page may come for ever.
    seen: BTreeSet<u64>,
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
            filled: 0,
            rows: 0,
            total: None,
            cursors: BTreeSet::new(),
            seen: BTreeSet::new(),
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
    pub(super) fn page(&mut self, body: &Value, rows: &[Value], headers: &Headers) -> Result<(), PageError> {
        self.pages += 1;
        self.filled += u64::from(!rows.is_empty());
        self.rows += rows.len() as u64;
        let after_the_last = self.pages > 1 && self.last == Last::Yes;
        let Some(page) = self.page else {
            self.last = Last::Yes;
            return if after_the_last {
                Err(PageError::Other(SECOND.to_owned()))
            } else {
                Ok(())
            };
        };
        self.last = self.signal(page, body, rows.len(), headers).map_err(PageError::Other)?;
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
        if matches!(self.last, Last::No | Last::Leads(_)) && rows.is_empty() {
            return Err(PageError::Empty);
        }
        if matches!(page.by.value, PageBy::Offset | PageBy::Page) && !rows.is_empty() && !self.seen.insert(hash(rows)) {
            let why = "the rows of an earlier page: the list goes in a circle";
            return Err(PageError::Other(why.to_owned()));
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
            PageBy::Offset | PageBy::Page if silent && self.filled > 1 => Some(format!(
                "read in {} pages that do not say how many rows there are: one that moved meanwhile may be missing",
                self.filled
            )),
            _ => None,
        }
    }

    fn by(&self) -> PageBy {
        self.page.map_or(PageBy::None, |page| page.by.value)
    }

    fn signal(&mut self, page: &Page, body: &Value, rows: usize, headers: &Headers) -> Result<Last, String> {
        let empty = if rows == 0 { Last::Yes } else { Last::Silent };
        let said = page
            .more
            .as_ref()
            .map(|more| said(&more.value.0, body, empty.clone()))
            .transpose()?;
        let counted = matches!(page.by.value, PageBy::None | PageBy::Offset | PageBy::Page);
        // A cursor behind the end leads nowhere, whatever it is.
        if let Some(said) = &said
            && (counted || *said == Last::Yes)
        {
            return Ok(said.clone());
        }
        let lead = match (page.by.value, page.cursor.as_ref().or(page.next.as_ref())) {
            (PageBy::Link, _) => match headers.get("link") {
                Some(link) => next_link(link)?.map(str::to_owned),
                None if page.absent == Absent::Allowed => None,
                None => return Ok(said.unwrap_or(empty)),
            },
            // Where the cursor is, its absence is the signal.
            (_, Some(next)) => match body.pointer(&next.value) {
                None | Some(Value::Null) => None,
                Some(Value::String(cursor)) => Some(cursor.clone()).filter(|cursor| !cursor.is_empty()),
                Some(Value::Number(cursor)) => Some(cursor.to_string()),
                Some(_) => return Err(format!("`{}` is no cursor", next.value)),
            },
            (_, None) => return Ok(said.unwrap_or(empty)),
        };
        let Some(lead) = lead else {
            // Where there is another signal, it has the word: "there is more" without a way there is no end.
            return Ok(said.unwrap_or(Last::Yes));
        };
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

/// What the places that tell of more say; `otherwise` where they say nothing.
fn said(places: &[String], body: &Value, otherwise: Last) -> Result<Last, String> {
    places.iter().try_fold(otherwise, |said, pointer| {
        Ok(match body.pointer(pointer) {
            Some(Value::Bool(true)) => Last::No,
            Some(Value::Bool(false)) if said == Last::No => Last::No,
            Some(Value::Bool(false)) => Last::Yes,
            None | Some(Value::Null) => said,
            // Of several signals some are the next page's place, which is there only where there is one.
            Some(Value::Number(_)) if places.len() > 1 => Last::No,
            Some(Value::String(text)) if places.len() > 1 && text.is_empty() => said,
            Some(Value::String(_)) if places.len() > 1 => Last::No,
            Some(_) => return Err(format!("`{pointer}` is neither true nor false")),
        })
    })
}

fn hash(rows: &[Value]) -> u64 {
    let mut hasher = DefaultHasher::new();
    rows.hash(&mut hasher);
    hasher.finish()
}

/// The address of a `Link` header with `rel="next"` (RFC 8288); none where every link leads somewhere else.
///
/// # Errors
/// It is no such header. That it has no next address cannot be told from it.
fn next_link(header: &str) -> Result<Option<&str>, String> {
    let broken = || "the `Link` header cannot be read".to_owned();
    let mut next = None;
    let mut rest = header.trim();
    while !rest.is_empty() {
        let after = rest.strip_prefix('<').ok_or_else(broken)?;
        let (address, after) = after.split_once('>').ok_or_else(broken)?;
        let (parameters, behind) = parameters(after).ok_or_else(broken)?;
        let is_next = parameters.iter().any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let words = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && words.split_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            next = next.or(Some(address));
        }
        rest = behind;
    }
    Ok(next)
}

/// The parameters of one link, and what stands behind its comma. In quotes, `;` and `,` are letters like any other.
fn parameters(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut quoted, mut escaped, mut begin) = (false, false, 0);
    let mut parameters = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' | b',' if !quoted => {
                parameters.push(text.get(begin..at)?);
                begin = at + 1;
                if byte == b',' {
                    return Some((parameters, text.get(begin..)?.trim_start()));
                }
            }
            _ => {}
        }
    }
    parameters.push(text.get(begin..)?);
    (!quoted).then_some((parameters, ""))
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
            (
                r#"<https://a.example/2>; title="a, b; c \" <x>"; rel="next", <https://a.example/1>; rel=prev"#,
                Some("https://a.example/2"),
            ),
            ("", None),
        ] {
            assert_eq!(next_link(header), Ok(expected), "{header}");
        }
    }

    #[test]
    fn a_link_header_that_cannot_be_read_is_no_end_of_a_list() {
        for header in [
            "<unfinished",
            "https://a.example/2; rel=next",
            r#"<https://a.example/2>; title="unfinished; rel=next"#,
            r#"<https://a.example/1>; rel="self", next"#,
        ] {
            assert!(next_link(header).is_err(), "{header}");
        }
    }
}
