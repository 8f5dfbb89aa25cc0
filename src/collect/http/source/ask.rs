//! One page: asked for, and asked for again, as long as that makes sense.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};
use reqwest::header::{HeaderMap, HeaderValue};
use tokio::time::{Instant, sleep, sleep_until};

use super::super::address::{Target, fill};
use super::super::client::{self, CallError, CallLimits, Reply};
use super::super::limits;
use super::{Source, now};
use crate::connector::manifest::{Action, StreamSpec};
use crate::progress::Step;
use crate::recording::{Answer, Body};
use crate::streams;

/// The headers that are kept beside an answer; those that limits are read from come in addition.
const KEPT: [&str; 6] = [
    "content-type",
    "date",
    "link",
    "retry-after",
    "x-correlation-id",
    "x-request-id",
];

impl Source<'_> {
    /// Asks for one page, as often as it makes sense.
    pub(super) async fn ask(&self, stream: &str, spec: &StreamSpec, target: &Target) -> Answer {
        let shown = self.sign_in.redact_text(&target.shown);
        let mut answer = Answer {
            request_path: Some(shown.clone()),
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
            let got = self.call_once(target, &shown, headers).await;
            answer.answered_at = Some(now(Unit::Millisecond));
            let what_next = match &got {
                Ok(reply) => self.after_reply(spec, reply, signed.as_ref(), &mut renewed),
                Err(error) if error.is_passing() => After::Again(error.to_string()),
                Err(_) => After::Keep,
            };
            let status = got.as_ref().ok().map(|reply| reply.status);
            let untrusted = matches!(got, Err(CallError::Certificate(_) | CallError::Proxy));
            self.take(&mut answer, got);
            let why = match what_next {
                After::Keep => {
                    self.in_vain.set(0);
                    // Whoever cannot be trusted once is not asked for the next list.
                    if let (true, Body::Missing(why)) = (untrusted, &answer.body) {
                        self.stop(why.clone());
                    }
                    return answer;
                }
                After::AtOnce => continue,
                After::Over(why) => {
                    answer.body = Body::Missing(format!("{why} (status {})", answer.status));
                    self.stop(why);
                    return answer;
                }
                After::Again(why) => why,
            };
            // The headers that are kept are those that say when to ask again.
            let limits = &self.call.manifest.limits;
            let Some(wait) = limits::wait(limits, status, &answer.headers, past, self.retries) else {
                self.gave_up(&why);
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
            self.call.saw(&Step::Waits {
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

    /// A call was made as often as it may be, in vain. A system that never answered, or does so twice in a row, is left
    /// alone: asking it for every other list as often would help nobody.
    fn gave_up(&self, why: &str) {
        self.in_vain.set(self.in_vain.get() + 1);
        if !self.reached.get() {
            self.stop(why.to_owned());
        } else if self.in_vain.get() > 1 {
            self.stop(format!("{why}, call after call"));
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
            let budget = manifest.limits.budget.as_ref();
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

    async fn call_once(&self, target: &Target, shown: &str, headers: HeaderMap) -> Result<Reply, CallError> {
        let begun = Instant::now();
        let limits = CallLimits {
            timeout: self.timeout,
            deadline: self.end.get().unwrap_or(begun),
            max_body_mib: self.max_body_mib,
        };
        let got = client::get(&self.client, &target.url, headers, limits).await;
        if let Ok(reply) = &got {
            self.reached.set(true);
            if let Some(budget) = limits::budget(&self.call.manifest.limits, &reply.headers) {
                self.budget.set(Some(budget));
            }
            if let Some(skew) = limits::skew(&reply.headers, Timestamp::now()) {
                self.skew.set(Some(skew));
            }
        }
        self.call.saw(&Step::Call {
            path: shown,
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

    fn kept(&self, reply: &Reply) -> BTreeMap<String, String> {
        let limits = &self.call.manifest.limits;
        let reset = limits.reset.iter().map(|reset| &reset.header);
        let budget = limits.budget.iter().flat_map(|budget| [&budget.left, &budget.of]);
        let named: Vec<String> = reset.chain(budget).map(|name| name.to_lowercase()).collect();
        let kept = reply
            .headers
            .iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()) || named.contains(name));
        kept.map(|(name, value)| (name.clone(), self.sign_in.redact_text(value)))
            .collect()
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
