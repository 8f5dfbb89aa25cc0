//! One source over the network: its streams in the manifest's order, each list to its end.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::iter;
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep, sleep_until};

use super::address::{Base, Target, fill};
use super::auth::SignIn;
use super::client::{self, CallError, CallLimits, Client, Reply};
use super::{Call, Contact, HttpError, Read, limits};
use crate::connector::manifest::{Action, StreamSpec};
use crate::progress::Step as Progress;
use crate::recording::{Answer, Body};
use crate::streams::{self, Follow, Next, Step};

/// What holds where neither the project nor the manifest says anything else.
const TIMEOUT: Duration = Duration::from_secs(60);
const DEADLINE: Duration = Duration::from_secs(15 * 60);
const RETRIES: u32 = 4;
const MAX_BODY_MIB: u64 = 32;
const CONCURRENCY: u64 = 4;

/// The headers that are kept beside an answer; those that limits are read from come in addition.
const KEPT: [&str; 6] = [
    "content-type",
    "date",
    "link",
    "retry-after",
    "x-correlation-id",
    "x-request-id",
];

/// One source, understood and not asked yet.
pub(super) struct Source<'a> {
    call: &'a Call<'a>,
    client: Client,
    base: Base,
    sign_in: SignIn,
    timeout: Duration,
    deadline: Duration,
    retries: u32,
    max_body_mib: u64,
    /// For all answers together.
    pub(super) room: limits::Room,
    end: Cell<Option<Instant>>,
    /// Until when nothing is asked, because one of the calls was one too many.
    quiet: Cell<Option<Instant>>,
    /// Why nothing more may be asked.
    stopped: RefCell<Option<String>>,
    /// What is left of the daily allowance, and the whole of it.
    budget: Cell<Option<(u64, Option<u64>)>>,
    skew: Cell<Option<SignedDuration>>,
}

impl<'a> Source<'a> {
    /// Everything that a person wrote, understood; the secrets read. No socket is opened.
    pub(super) fn prepare(call: &'a Call<'a>, client: &Client) -> Result<Self, HttpError> {
        let network = &call.source.network;
        let base = Base::new(call.manifest, call.params, network.base_url.as_deref()).map_err(|refused| {
            let help = match (&network.base_url, refused) {
                (Some(_), _) => "write an https address without a user name under `with: {base_url: …}`",
                (None, _) => "check the source's `params`",
            };
            call.wrong(format!("the address to ask cannot be used: {refused}"), help)
        })?;
        let duration = |set: Option<SignedDuration>, default: Duration| {
            set.and_then(|set| Duration::try_from(set).ok()).unwrap_or(default)
        };
        Ok(Self {
            call,
            client: client.clone(),
            base,
            sign_in: SignIn::prepare(call)?,
            timeout: duration(network.timeout, TIMEOUT),
            deadline: duration(network.deadline, DEADLINE),
            retries: network.retries.unwrap_or(RETRIES),
            max_body_mib: network.max_body_mib.unwrap_or(MAX_BODY_MIB),
            room: limits::Room::default(),
            end: Cell::new(None),
            quiet: Cell::new(None),
            stopped: RefCell::new(None),
            budget: Cell::new(None),
            skew: Cell::new(None),
        })
    }

    /// Reads every stream that is switched on.
    pub(super) async fn read(self) -> Read {
        let call = self.call;
        self.end.set(Some(Instant::now() + self.deadline));
        let taken_at = now(Unit::Second);
        call.saw(&Progress::Begins);
        let mut answers: Vec<Answer> = Vec::new();
        for (name, spec) in &call.manifest.streams.0 {
            let on = spec
                .when
                .as_ref()
                .is_none_or(|option| call.options.get(&option.value) == Some(&true));
            if on {
                let read = self.stream(&name.value, spec, &answers).await;
                answers.extend(read);
            }
        }
        call.saw(&Progress::Ends);
        Read {
            source: call.source.id.clone(),
            answers,
            taken_at,
            contact: Contact {
                origin: self.base.origin(),
                way: self.sign_in.way().to_owned(),
                skew: self.skew.get(),
                budget: self.budget.get().and_then(|(left, of)| Some((left, of?))),
            },
        }
    }

    async fn stream(&self, name: &str, spec: &StreamSpec, before: &[Answer]) -> Vec<Answer> {
        let rows = Cell::new(0);
        if spec.each.is_none() {
            return self.list(name, spec, None, &rows).await;
        }
        let mut parents = streams::parents(self.call.manifest, spec, before);
        if self.call.probe {
            parents.truncate(1);
        }
        let limits = self.call.manifest.limits.as_ref();
        let at_once = limits
            .and_then(|limits| limits.concurrency)
            .unwrap_or(CONCURRENCY)
            .clamp(1, 16);
        let lists = parents.iter().map(|parent| self.list(name, spec, Some(parent), &rows));
        // In the order of the parents, whichever answers first.
        let lists: Vec<Vec<Answer>> = iter(lists)
            .buffered(usize::try_from(at_once).unwrap_or(1))
            .collect()
            .await;
        lists.into_iter().flatten().collect()
    }

    /// One list, page by page.
    async fn list(&self, name: &str, spec: &StreamSpec, parent: Option<&String>, rows: &Cell<u64>) -> Vec<Answer> {
        let mut follow = Follow::new(self.call.manifest, spec);
        let mut answers: Vec<Answer> = Vec::new();
        // Calls whose answers were given up count all the same.
        let mut given_up = 0;
        let before = rows.get();
        let mut here = None;
        loop {
            let target = match follow.step() {
                Step::Address(next) => self.base.follow(here.as_ref(), next),
                _ => {
                    let parent = parent.map(String::as_str);
                    self.base.target(spec, self.call.params, parent, &follow.query())
                }
            };
            let mut answer = match target {
                Ok(target) => {
                    let answer = self.ask(name, spec, &target).await;
                    here = Some(target.url);
                    answer
                }
                Err(refused) if matches!(follow.step(), Step::Address(_)) => {
                    missing(format!("the next address was not followed: {refused}"))
                }
                Err(refused) => missing(format!("not asked: {refused}")),
            };
            answer.stream = name.to_owned();
            answer.parent = parent.cloned();
            answer.calls += std::mem::take(&mut given_up);
            self.hold(&mut answer);
            let next = follow.after(&answer);
            match next {
                Next::Ask | Next::End => {
                    rows.set(before + follow.rows().0);
                    self.call.saw(&Progress::Rows {
                        stream: name,
                        rows: rows.get(),
                        total: follow.rows().1.filter(|_| parent.is_none()),
                    });
                    answers.push(answer);
                }
                Next::Again => given_up = self.let_go(&answer),
                Next::Restart => {
                    given_up = self.let_go(&answer) + answers.drain(..).map(|answer| self.let_go(&answer)).sum::<u64>();
                }
            }
            if next == Next::End || self.call.probe && !answers.is_empty() {
                return answers;
            }
        }
    }

    /// Keeps what came, as far as there is room for it; behind that nothing more is asked.
    fn hold(&self, answer: &mut Answer) {
        let Body::Bytes(bytes) = &answer.body else { return };
        if let Err(why) = self.room.take(bytes.len()) {
            answer.body = Body::Missing(why.clone());
            self.stop(why);
        }
    }

    /// Gives up what came; how many calls it took.
    fn let_go(&self, answer: &Answer) -> u64 {
        if let Body::Bytes(bytes) = &answer.body {
            self.room.give_back(bytes.len());
        }
        answer.calls
    }

    /// Asks for one page, as often as it makes sense.
    async fn ask(&self, stream: &str, spec: &StreamSpec, target: &Target) -> Answer {
        let mut answer = Answer {
            request_path: Some(self.sign_in.redact_text(&target.shown)),
            ..Answer::default()
        };
        let mut past = 0;
        let mut renewed = false;
        loop {
            let (headers, signed) = match self.ready(spec).await {
                Ok(ready) => ready,
                Err(why) => {
                    answer.body = Body::Missing(why);
                    return answer;
                }
            };
            answer.calls += 1;
            answer.asked_at.get_or_insert_with(|| now(Unit::Millisecond));
            let got = self.call_once(target, headers).await;
            answer.answered_at = Some(now(Unit::Millisecond));
            let what_next = match &got {
                Ok(reply) => self.after_reply(spec, reply, signed.as_ref(), &mut renewed),
                Err(error) if error.is_passing() => After::Again(error.to_string()),
                Err(_) => After::Keep,
            };
            let (status, reply_headers) = match &got {
                Ok(reply) => (Some(reply.status), reply.headers.clone()),
                Err(_) => (None, Default::default()),
            };
            self.take(&mut answer, got);
            let why = match what_next {
                After::Keep => return answer,
                After::AtOnce => continue,
                After::Over(why) => {
                    answer.body = Body::Missing(format!("{why} (status {})", answer.status));
                    self.stop(why);
                    return answer;
                }
                After::Again(why) => why,
            };
            let limits = self.call.manifest.limits.as_ref();
            let Some(wait) = limits::wait(limits, status, &reply_headers, past, self.retries) else {
                return answer;
            };
            let left = self.left();
            if wait >= left {
                // A wait that nobody could have granted is told; of any other, that it is late.
                let why = match wait > self.deadline {
                    true => format!("{why}, and another try in {} would be too late", client::shown(wait)),
                    false => format!("{why}, and {}", self.time_is_over()),
                };
                self.stop(why.clone());
                answer.body = Body::Missing(why);
                return answer;
            }
            self.call.saw(&Progress::Waits {
                stream,
                wait,
                why: &why,
            });
            // The calls beside this one would be too many as well.
            if status == Some(429) {
                self.quiet.set(self.quiet.get().max(Instant::now().checked_add(wait)));
            }
            sleep(wait).await;
            past += 1;
        }
    }

    /// What a request is sent with, if it may be sent at all.
    async fn ready(&self, spec: &StreamSpec) -> Result<(HeaderMap, Option<HeaderValue>), String> {
        let manifest = self.call.manifest;
        let end = self.end.get().unwrap_or_else(Instant::now);
        while let Some(until) = self.quiet.get().filter(|until| Instant::now() < *until.min(&end)) {
            sleep_until(until.min(end)).await;
        }
        if self.left().is_zero() {
            self.stop(self.time_is_over());
        }
        if let Some((left, of)) = self.budget.get() {
            let budget = manifest.limits.as_ref().and_then(|limits| limits.budget.as_ref());
            let floor = self.call.source.network.budget_floor;
            if let Some(why) = limits::spent(budget, floor, left, of, spec.cost.unwrap_or(0)) {
                self.stop(why);
            }
        }
        let not_asked = |why: &str| format!("not asked: {why}");
        if let Some(why) = self.stopped.borrow().as_deref() {
            return Err(not_asked(why));
        }
        let mut headers = HeaderMap::new();
        let own = spec
            .headers
            .0
            .iter()
            .map(|(name, value)| (name.value.as_str(), fill(value, self.call.params, str::to_owned)));
        for (name, value) in std::iter::once(("accept", "application/json".to_owned())).chain(own) {
            let header = client::header(name, &value).ok_or_else(|| not_asked("a header of the connector is none"))?;
            headers.insert(header.0, header.1);
        }
        match self.sign_in.header(&self.client, end).await {
            Ok(Some((name, value))) => {
                headers.insert(name, value.clone());
                Ok((headers, Some(value)))
            }
            Ok(None) => Ok((headers, None)),
            Err(refused) => {
                self.stop(refused.why.clone());
                Err(not_asked(&refused.why))
            }
        }
    }

    async fn call_once(&self, target: &Target, headers: HeaderMap) -> Result<Reply, CallError> {
        let begun = Instant::now();
        let limits = CallLimits {
            timeout: self.timeout,
            deadline: self.end.get().unwrap_or(begun),
            max_body_mib: self.max_body_mib,
        };
        let got = client::get(&self.client, &target.url, headers, limits).await;
        if let Ok(reply) = &got {
            let manifest_limits = self.call.manifest.limits.as_ref();
            if let Some(budget) = limits::budget(manifest_limits, &reply.headers) {
                self.budget.set(Some(budget));
            }
            if let Some(skew) = limits::skew(&reply.headers, Timestamp::now()) {
                self.skew.set(Some(skew));
            }
        }
        self.call.saw(&Progress::Call {
            path: &self.sign_in.redact_text(&target.shown),
            status: got.as_ref().ok().map(|reply| reply.status),
            bytes: got.as_ref().map_or(0, |reply| reply.body.len() as u64),
            took: begun.elapsed(),
        });
        got
    }

    /// What an answer asks of us.
    fn after_reply(&self, spec: &StreamSpec, reply: &Reply, signed: Option<&HeaderValue>, renewed: &mut bool) -> After {
        let status = reply.status;
        let action = match status {
            200 => return After::Keep,
            _ => streams::meaning(self.call.manifest, spec, status, &reply.body),
        };
        match (status, action) {
            (401, None | Some(Action::Fail)) => {
                let another = signed.is_some_and(|signed| self.sign_in.rejected(signed));
                if another && !std::mem::replace(renewed, true) {
                    return After::AtOnce;
                }
                self.stop("the credential was rejected (status 401)".to_owned());
                After::Keep
            }
            (_, Some(Action::Stop)) => {
                self.stop(format!("status {status}, after which nothing more may be asked"));
                After::Keep
            }
            (429, _) if self.budget.get().is_some_and(|(left, _)| left == 0) => {
                After::Over("the daily allowance is spent".to_owned())
            }
            (_, Some(Action::Retry)) => After::Again(format!("status {status}")),
            (408 | 425 | 429 | 500 | 502..=504 | 520..=530, None) => After::Again(format!("status {status}")),
            _ => After::Keep,
        }
    }

    /// Puts what came into the answer.
    fn take(&self, answer: &mut Answer, got: Result<Reply, CallError>) {
        match got {
            Ok(reply) => {
                answer.status = reply.status;
                answer.headers = self.kept(&reply);
                answer.body = Body::Bytes(self.sign_in.redact(reply.body));
            }
            Err(error) => {
                answer.status = 0;
                answer.headers.clear();
                let times = match answer.calls {
                    1 => String::new(),
                    calls => format!(" ({calls} calls)"),
                };
                answer.body = Body::Missing(format!("{error}{times}"));
            }
        }
    }

    fn kept(&self, reply: &Reply) -> std::collections::BTreeMap<String, String> {
        let limits = self.call.manifest.limits.as_ref();
        let reset = limits
            .and_then(|limits| limits.reset.as_ref())
            .map(|reset| &reset.header);
        let budget = limits.and_then(|limits| limits.budget.as_ref());
        let named: Vec<String> = reset
            .into_iter()
            .chain(budget.into_iter().flat_map(|budget| [&budget.left, &budget.of]))
            .map(|name| name.to_lowercase())
            .collect();
        let kept = reply
            .headers
            .iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()) || named.contains(name));
        kept.map(|(name, value)| (name.clone(), self.sign_in.redact_text(value)))
            .collect()
    }

    /// The first reason is the one that is told.
    fn stop(&self, why: String) {
        self.stopped.borrow_mut().get_or_insert(why);
    }

    fn time_is_over(&self) -> String {
        format!("the time for this source is over ({})", client::shown(self.deadline))
    }

    fn left(&self) -> Duration {
        self.end
            .get()
            .map_or(Duration::ZERO, |end| end.saturating_duration_since(Instant::now()))
    }
}

/// What is done after an answer.
enum After {
    /// It is the answer.
    Keep,
    /// Nothing more is asked of this source, and why.
    Over(String),
    /// The same is asked at once: with another token.
    AtOnce,
    /// The same is asked after a while, and why.
    Again(String),
}

/// The answer where nobody was asked, and why.
fn missing(why: String) -> Answer {
    Answer {
        body: Body::Missing(why),
        ..Answer::default()
    }
}

/// The time, in whole seconds or milliseconds: nobody needs more of it.
fn now(unit: Unit) -> Timestamp {
    let now = Timestamp::now();
    now.round(TimestampRound::new().smallest(unit).mode(jiff::RoundMode::Trunc))
        .unwrap_or(now)
}
