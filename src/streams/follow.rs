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
        match self.paging.page(&found.body, &found.rows, &answer.headers) {
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::recording::Body;
    use crate::snapshot::Completeness;
    use crate::streams::{Extent, read};

    fn manifest(page: &str) -> Manifest {
        let text = format!(
            "{{connector: 1, id: crm, kind: http, base: 'https://crm.example', provides: {{accounts: [users]}}, \
             streams: {{users: {{path: /users, records: /users, key: /id, page: {page}}}}}}}"
        );
        crate::yaml::read("connector.yaml", &text).unwrap()
    }

    fn answer(status: u16, body: &Value, link: Option<&str>) -> Answer {
        Answer {
            stream: "users".to_owned(),
            status,
            body: Body::Bytes(body.to_string().into_bytes()),
            headers: link
                .map(|link| ("link".to_owned(), link.to_owned()))
                .into_iter()
                .collect(),
            calls: 1,
            ..Answer::default()
        }
    }

    /// Rows of these ids, and what else the answer says.
    fn page(ids: &[u64], rest: Value) -> Value {
        let mut body = rest;
        body["users"] = ids.iter().map(|id| json!({"id": id})).collect();
        body
    }

    /// Reads a list from a server: every step that was asked for, and what the answers that were kept come to.
    fn follow(page: &str, server: impl Fn(usize, &Step) -> Answer) -> (Vec<Step>, Completeness, String) {
        let manifest = manifest(page);
        let mut follow = Follow::new(&manifest, manifest.stream("users").unwrap());
        let mut kept = Vec::new();
        let mut asked = Vec::new();
        loop {
            assert!(asked.len() < 2000, "it goes on for ever");
            let answer = server(asked.len(), follow.step());
            asked.push(follow.step().clone());
            let next = follow.after(&answer);
            match next {
                Next::Ask | Next::End => kept.push(answer),
                Next::Restart => kept.clear(),
                Next::Again => {}
            }
            if next == Next::End {
                break;
            }
        }
        let stream = read(&manifest, &Default::default(), &kept, Extent::Whole).remove(0);
        (asked, stream.summary.state, stream.summary.why.unwrap_or_default())
    }

    const OFFSET: &str = "{by: offset, start: start, limit: limit, size: 100, more: /more}";

    #[test]
    fn an_offset_grows_by_as_many_rows_as_came() {
        let (asked, state, why) = follow(OFFSET, |_, step| match step {
            Step::First => answer(200, &page(&[1, 2], json!({"more": true})), None),
            Step::Offset(2) => answer(200, &page(&[3], json!({"more": true})), None),
            _ => answer(200, &page(&[4], json!({"more": false})), None),
        });
        assert_eq!(asked, [Step::First, Step::Offset(2), Step::Offset(3)]);
        assert_eq!((state, why.as_str()), (Completeness::Complete, ""));
    }

    #[test]
    fn without_a_signal_only_an_empty_page_is_the_end() {
        let (asked, state, _) = follow("{by: page, page: page, first: 1}", |at, _| {
            let ids: &[u64] = [&[1, 2][..], &[3], &[]][at];
            answer(200, &page(ids, json!({})), None)
        });
        assert_eq!(asked, [Step::First, Step::Page(2), Step::Page(3)]);
        assert_eq!(state, Completeness::Complete);
    }

    #[test]
    fn the_same_page_again_is_a_circle_and_costs_one_call() {
        for how in [OFFSET, "{by: page, page: page}"] {
            let (asked, state, why) = follow(how, |_, _| answer(200, &page(&[1, 2], json!({"more": true})), None));
            assert_eq!(asked.len(), 2, "{how}");
            assert_eq!(state, Completeness::Partial);
            assert!(why.contains("circle"), "{why}");
        }
    }

    #[test]
    fn cursors_that_come_again_end_the_list_and_are_no_end_of_it() {
        for circle in [&["a", "a"][..], &["a", "b", "a"], &["a", "b", "c", "b"]] {
            let (asked, state, why) = follow("{by: cursor, param: after, cursor: /next}", |at, _| {
                answer(200, &page(&[at as u64], json!({"next": circle[at]})), None)
            });
            assert_eq!(asked.len(), circle.len());
            assert_eq!(state, Completeness::Partial);
            assert!(why.contains("circle"), "{why}");
        }
    }

    #[test]
    fn the_cap_on_pages_is_no_end_of_the_list() {
        let capped = "{by: cursor, param: after, cursor: /next, max_pages: 3}";
        let (asked, state, why) = follow(capped, |at, _| {
            answer(200, &page(&[at as u64], json!({"next": at.to_string()})), None)
        });
        assert_eq!((asked.len(), state), (3, Completeness::Partial));
        assert!(why.contains("max_pages"), "{why}");
    }

    #[test]
    fn an_empty_page_that_promises_more_is_asked_for_once_more() {
        for (says, empties, expected) in [
            (json!({"more": true}), 1, Completeness::Complete),
            (json!({"more": true}), 2, Completeness::Partial),
        ] {
            let (asked, state, _) = follow(OFFSET, |at, _| match at {
                0 => answer(200, &page(&[1], says.clone()), None),
                at if at <= empties => answer(200, &page(&[], says.clone()), None),
                _ => answer(200, &page(&[2], json!({"more": false})), None),
            });
            assert_eq!(asked, [Step::First, Step::Offset(1), Step::Offset(1)]);
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn a_total_that_changes_begins_the_list_anew_once() {
        let how = "{by: cursor, param: after, cursor: /next, total: /total}";
        let (asked, state, _) = follow(how, |at, step| {
            let total = if at == 1 { 3 } else { 2 };
            match step {
                Step::First => answer(200, &page(&[1], json!({"next": "b", "total": total})), None),
                _ => answer(200, &page(&[2], json!({"next": null, "total": total})), None),
            }
        });
        let b = || Step::Cursor("b".to_owned());
        assert_eq!(asked, [Step::First, b(), Step::First, b()]);
        assert_eq!(state, Completeness::Complete);

        let (asked, state, why) = follow(how, |at, step| match step {
            Step::First => answer(200, &page(&[1], json!({"next": "b", "total": 2 + at})), None),
            _ => answer(200, &page(&[2], json!({"next": null, "total": 2 + at})), None),
        });
        assert_eq!((asked.len(), state), (4, Completeness::Partial));
        assert!(why.contains("total changed"), "{why}");
    }

    #[test]
    fn a_list_by_cursor_may_say_whether_there_is_more_as_well() {
        let how = "{by: cursor, param: after, cursor: /next, more: /more}";
        // The cursor behind the end is there and leads nowhere.
        let (asked, state, why) = follow(how, |at, _| {
            let rest = json!({"next": at.to_string(), "more": at < 2});
            answer(200, &page(&[at as u64], rest), None)
        });
        assert_eq!((asked.len(), state, why.as_str()), (3, Completeness::Complete, ""));
        // More, and no way there; no word, and no way on.
        for rest in [json!({"more": true}), json!({"more": true, "next": null}), json!({})] {
            let (asked, state, why) = follow(how, |_, _| answer(200, &page(&[1], rest.clone()), None));
            assert_eq!((asked.len(), state), (1, Completeness::Partial), "{rest}: {why}");
        }
    }

    #[test]
    fn a_link_that_cannot_be_read_is_no_end() {
        for (link, expected) in [
            (
                Some("<https://crm.example/users?a=1>; rel=\"prev\""),
                Completeness::Complete,
            ),
            (
                Some("<https://crm.example/users?a=2; rel=\"next\""),
                Completeness::Partial,
            ),
            (None, Completeness::Partial),
        ] {
            let (asked, state, why) = follow("{by: link}", |_, _| answer(200, &page(&[1], json!({})), link));
            assert_eq!((asked.len(), state), (1, expected), "{link:?}: {why}");
        }
    }

    #[test]
    fn what_is_no_answer_ends_the_list_and_leaves_it_incomplete() {
        for broken in [
            answer(500, &json!({}), None),
            answer(200, &json!({}), None),
            answer(200, &json!({"users": [7]}), None),
            answer(200, &page(&[2], json!({"more": "maybe"})), None),
            Answer {
                stream: "users".to_owned(),
                body: Body::Missing("the answer broke off".to_owned()),
                ..Answer::default()
            },
        ] {
            let (asked, state, why) = follow(OFFSET, |at, _| match at {
                0 => answer(200, &page(&[1], json!({"more": true})), None),
                _ => broken.clone(),
            });
            assert_eq!((asked.len(), state), (2, Completeness::Partial), "{broken:?}: {why}");
        }
    }
}
