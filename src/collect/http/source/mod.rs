//! One source over the network: its streams in the manifest's order, each list to its end.

mod ask;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::iter;
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use tokio::time::Instant;

use super::address::Base;
use super::auth::SignIn;
use super::client::{self, Client};
use super::{Call, Contact, HttpError, Read, limits};
use crate::connector::manifest::StreamSpec;
use crate::progress::Step as Progress;
use crate::recording::{Answer, Body};
use crate::streams::{self, Follow, Next, Step};

/// What holds where neither the project nor the manifest says anything else.
const TIMEOUT: Duration = Duration::from_secs(60);
const DEADLINE: Duration = Duration::from_secs(15 * 60);
const RETRIES: u32 = 4;
const MAX_BODY_MIB: u64 = 32;
const CONCURRENCY: u64 = 4;

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
    /// Whether it ever answered.
    reached: Cell<bool>,
    /// How many pages in a row were asked for as often as may be, in vain.
    in_vain: Cell<u32>,
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
            reached: Cell::new(false),
            in_vain: Cell::new(0),
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
            if call.manifest.reads(spec, call.options) {
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
        let limits = &self.call.manifest.limits;
        let at_once = limits.concurrency.unwrap_or(CONCURRENCY).clamp(1, 16);
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
        let mut counted = 0;
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
                    // Lists of several parents count beside each other.
                    let (own, _) = follow.rows();
                    rows.set(rows.get() + own.saturating_sub(counted));
                    counted = own;
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
