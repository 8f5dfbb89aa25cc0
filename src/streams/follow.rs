//! What to ask next: one list, answer by answer, until it ends.
//!
//! The decision is made by the same signals that later say whether the list is whole. A list that cannot be read on ends
//! here as well; [`super::read`] says why.

use super::answer::{self, Read};
use super::paging::{Last, PageError, Paging};
use crate::connector::manifest::{Manifest, Page, PageBy, StreamSpec};
use crate::recording::Answer;

/// One list while it is read.
pub struct Follow<'a> {
    manifest: &'a Manifest,
    spec: &'a StreamSpec,
    paging: Paging<'a>,
    step: Step,
    asked_again: bool,
    restarted: bool,
}

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The first.
    First,
    /// The one that begins at this row.
    Offset(u64),
    /// The one of this number.
    Page(u64),
    /// The one that this cursor leads to.
    Cursor(String),
    /// The one at this address, as the answer has it: not yet held against anything.
    Address(String),
}

/// What is to be done after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Keep the answer and ask for [`Follow::step`].
    Ask,
    /// Forget this answer and ask the same once more: it contradicts itself.
    Again,
    /// Forget every answer of this list and begin anew: it changed while it was read.
    Restart,
    /// Keep the answer. There is nothing more to ask.
    End,
}

impl<'a> Follow<'a> {
    /// A list of which nothing was asked yet.
    pub fn new(manifest: &'a Manifest, spec: &'a StreamSpec) -> Self {
        Self {
            manifest,
            spec,
            paging: Paging::new(spec.page.as_ref()),
            step: Step::First,
            asked_again: false,
            restarted: false,
        }
    }

    /// Which page is to be asked for now.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// Rows so far, and how many there are in all if the other side says so.
    pub fn rows(&self) -> (u64, Option<u64>) {
        (self.paging.rows(), self.paging.total())
    }

    /// The query keys and values of the page that is to be asked for, beside those that the stream always has.
    pub fn query(&self) -> Vec<(&'a str, String)> {
        let Some(page) = &self.spec.page else {
            return Vec::new();
        };
        let mut query = Vec::new();
        let mut set = |key: &'a Option<String>, value: Option<String>| {
            if let (Some(key), Some(value)) = (key, value) {
                query.push((key.as_str(), value));
            }
        };
        let first = || page.first.unwrap_or(0);
        match (&self.step, page.by.value) {
            (Step::First, PageBy::Offset) => set(&page.start, Some(first().to_string())),
            (Step::First, PageBy::Page) => set(&page.page, Some(first().to_string())),
            (Step::Offset(at), _) => set(&page.start, Some(at.to_string())),
            (Step::Page(number), _) => set(&page.page, Some(number.to_string())),
            (Step::Cursor(cursor), _) => set(&page.param, Some(cursor.clone())),
            // The next address has everything in it.
            (Step::Address(_), _) => return query,
            (Step::First, _) => {}
        }
        if page.by.value != PageBy::None {
            set(&page.limit, page.size.map(|size| size.to_string()));
        }
        query
    }

    /// Looks at the answer to [`Follow::step`] and says what to do next.
    pub fn after(&mut self, answer: &Answer) -> Next {
        let Read::Rows(found) = answer::read(self.manifest, self.spec, answer) else {
            return Next::End;
        };
        match self.paging.page(&found.body, found.rows.len(), &answer.headers) {
            Ok(()) => self.next(found.rows.len() as u64),
            Err(PageError::Empty) if !self.asked_again => {
                self.asked_again = true;
                self.paging.forget_last();
                Next::Again
            }
            Err(PageError::TotalChanged { .. }) if !self.restarted => {
                self.restarted = true;
                self.paging = Paging::new(self.spec.page.as_ref());
                self.step = Step::First;
                Next::Restart
            }
            Err(_) => Next::End,
        }
    }

    fn next(&mut self, rows: u64) -> Next {
        let Some(page) = &self.spec.page else { return Next::End };
        let all = self.paging.total().is_some_and(|total| self.paging.rows() >= total);
        self.step = match (page.by.value, self.paging.last()) {
            (PageBy::None, _) | (_, Last::Yes) => return Next::End,
            (_, Last::Silent) if all => return Next::End,
            _ if self.paging.at_the_limit() => return Next::End,
            (PageBy::Cursor, Last::Leads(cursor)) => Step::Cursor(cursor.clone()),
            (PageBy::NextUrl | PageBy::Link, Last::Leads(address)) => Step::Address(address.clone()),
            // By as many as came: what was asked for is no matter to a server that gives less.
            (PageBy::Offset, _) => Step::Offset(self.offset(page) + rows),
            (PageBy::Page, _) => Step::Page(self.number(page) + 1),
            (PageBy::Cursor | PageBy::NextUrl | PageBy::Link, _) => return Next::End,
        };
        Next::Ask
    }

    fn offset(&self, page: &Page) -> u64 {
        match self.step {
            Step::Offset(at) => at,
            _ => page.first.unwrap_or(0),
        }
    }

    fn number(&self, page: &Page) -> u64 {
        match self.step {
            Step::Page(number) => number,
            _ => page.first.unwrap_or(0),
        }
    }
}
