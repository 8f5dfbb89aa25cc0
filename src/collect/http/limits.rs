//! How fast a system may be asked: waits, the daily allowance, the clock of the other side.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use retry_policies::policies::ExponentialBackoff;
use retry_policies::{Jitter, RetryDecision, RetryPolicy};

use crate::connector::manifest::{Budget, Limits, Reset, ResetUnit};

/// Headers of an answer, their names in lower case.
type Headers = BTreeMap<String, String>;

/// A number of seconds beyond this is a time and not a duration.
const EPOCH: u64 = 1_000_000_000;

/// The least and the most seconds that a reset header can make us wait, where the manifest says nothing.
const CLAMP: (u64, u64) = (1, 120);

/// The wait before a call is repeated. `past` repetitions were made; null where there may be no more.
pub(super) fn wait(
    limits: Option<&Limits>,
    status: Option<u16>,
    headers: &Headers,
    past: u32,
    retries: u32,
) -> Option<Duration> {
    let now = SystemTime::now();
    let policy = ExponentialBackoff::builder()
        .retry_bounds(Duration::from_millis(500), Duration::from_secs(30))
        .jitter(Jitter::Full)
        .build_with_max_retries(retries);
    let RetryDecision::Retry { execute_after } = policy.should_retry(now, past) else {
        return None;
    };
    let jitter = execute_after.duration_since(now).unwrap_or_default();
    let reset = limits.and_then(|limits| limits.reset.as_ref());
    // What resets is the window of a rate limit: after any other fault it says nothing.
    let reset = reset
        .filter(|_| status == Some(429))
        .and_then(|reset| self::reset(reset, headers, now));
    let asked = [
        headers.get("retry-after").and_then(|text| retry_after(text, now)),
        reset,
    ];
    Some(
        asked
            .into_iter()
            .flatten()
            .map(|asked| asked + jitter / 4)
            .fold(jitter, Duration::max),
    )
}

/// Seconds or a date; what lies in the past or is neither says nothing.
fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(text).ok()?.duration_since(now).ok()
}

fn reset(reset: &Reset, headers: &Headers, now: SystemTime) -> Option<Duration> {
    let number: f64 = headers.get(&reset.header.to_lowercase())?.trim().parse().ok()?;
    if !number.is_finite() || number < 0.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "finite, positive and clamped below"
    )]
    let number = number.ceil() as u64;
    let is_time = match reset.unit {
        ResetUnit::Epoch => true,
        ResetUnit::Seconds => false,
        ResetUnit::EpochOrSeconds => number > EPOCH,
    };
    let seconds = if is_time {
        number.saturating_sub(now.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs())
    } else {
        number
    };
    let (least, most) = match reset.clamp.as_ref().map(|clamp| clamp.value.as_slice()) {
        Some([least, most]) => (*least, *most),
        _ => CLAMP,
    };
    Some(Duration::from_secs(seconds.clamp(least, most.max(least))))
}

/// What is left of the daily allowance and the whole of it, if the answer says so.
pub(super) fn budget(limits: Option<&Limits>, headers: &Headers) -> Option<(u64, Option<u64>)> {
    let budget = limits?.budget.as_ref()?;
    let number = |name: &str| headers.get(&name.to_lowercase())?.trim().parse::<u64>().ok();
    Some((number(&budget.left)?, number(&budget.of)))
}

/// Why nothing more may be asked today; null where something may. `cost` is what the next call takes.
pub(super) fn spent(
    budget: Option<&Budget>,
    floor: Option<u8>,
    left: u64,
    of: Option<u64>,
    cost: u64,
) -> Option<String> {
    if left == 0 {
        return Some("the daily allowance is spent".to_owned());
    }
    let own = budget.and_then(|budget| budget.floor.value.strip_suffix('%')?.parse::<u8>().ok());
    let percent = u64::from(floor.or(own).unwrap_or(0));
    let of = of?;
    let kept = of.saturating_mul(percent) / 100;
    (left < kept.saturating_add(cost))
        .then(|| format!("{left} of {of} are left of the daily allowance, and {percent} % are for others"))
}

/// How far the other side's clock is ahead of ours.
pub(super) fn skew(headers: &Headers, here: Timestamp) -> Option<SignedDuration> {
    let date = httpdate::parse_http_date(headers.get("date")?).ok()?;
    Some(Timestamp::try_from(date).ok()?.duration_since(here))
}
