//! How fast a system may be asked, and for how much: waits, the daily allowance, the room for answers, the clock of the
//! other side.

use std::cell::Cell;
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

/// The room for all answers of one source together, in bytes: a list may go on for as long as it likes, and this machine's
/// memory does not.
const ROOM: u64 = 512 << 20;

/// What is left of the room for the answers of one source.
#[derive(Debug)]
pub(super) struct Room {
    of: u64,
    left: Cell<u64>,
}

impl Room {
    /// Room for so many bytes.
    pub(super) fn of(bytes: u64) -> Self {
        Self {
            of: bytes,
            left: Cell::new(bytes),
        }
    }

    /// Takes room for one answer.
    ///
    /// # Errors
    /// There is not as much.
    pub(super) fn take(&self, bytes: usize) -> Result<(), String> {
        let left = self.left.get().checked_sub(bytes as u64).ok_or_else(|| {
            let mib = self.of >> 20;
            format!("the answers of this source are larger than {mib} MiB together")
        })?;
        self.left.set(left);
        Ok(())
    }

    /// Gives the room of an answer back, which is kept no longer.
    pub(super) fn give_back(&self, bytes: usize) {
        self.left.set(self.left.get().saturating_add(bytes as u64));
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::of(ROOM)
    }
}

/// The wait before a call is repeated. `past` repetitions were made; null where there may be no more.
pub(super) fn wait(
    limits: &Limits,
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
    // What resets is the window of a rate limit: after any other fault it says nothing.
    let reset = limits
        .reset
        .as_ref()
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
            // Some servers say for how long, and mean for ever.
            .map(|asked| asked.saturating_add(jitter / 4))
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
pub(super) fn budget(limits: &Limits, headers: &Headers) -> Option<(u64, Option<u64>)> {
    let budget = limits.budget.as_ref()?;
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
    let Some(of) = of else {
        return (left < cost)
            .then(|| format!("{left} are left of the daily allowance, and the next call takes {cost}"));
    };
    let kept = of.saturating_mul(percent) / 100;
    (left < kept.saturating_add(cost))
        .then(|| format!("{left} of {of} are left of the daily allowance, and {percent} % are for others"))
}

/// How far the other side's clock is ahead of ours.
pub(super) fn skew(headers: &Headers, here: Timestamp) -> Option<SignedDuration> {
    let date = httpdate::parse_http_date(headers.get("date")?).ok()?;
    Some(Timestamp::try_from(date).ok()?.duration_since(here))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::manifest::Manifest;

    fn limits(text: &str) -> Limits {
        let text = format!(
            "{{connector: 1, id: crm, kind: http, base: 'https://crm.example', streams: {{users: {{path: /users}}}}, \
             provides: {{accounts: [users]}}, limits: {text}}}"
        );
        crate::yaml::read::<Manifest>("connector.yaml", &text).unwrap().limits
    }

    fn headers(pairs: &[(&str, &str)]) -> Headers {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        pairs.collect()
    }

    /// 2026-11-23, at noon.
    fn noon() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200)
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_that_lies_ahead() {
        let date = |seconds: i64| {
            let size = Duration::from_secs(seconds.unsigned_abs());
            httpdate::fmt_http_date(if seconds < 0 { noon() - size } else { noon() + size })
        };
        for (text, expected) in [
            ("0".to_owned(), Some(0)),
            (" 7 ".to_owned(), Some(7)),
            ("3600".to_owned(), Some(3600)),
            ("18446744073709551615".to_owned(), Some(u64::MAX)),
            (date(30), Some(30)),
            (date(3600), Some(3600)),
            // These say nothing.
            (date(-30), None),
            ("-5".to_owned(), None),
            ("1.5".to_owned(), None),
            ("99999999999999999999999".to_owned(), None),
            ("a moment".to_owned(), None),
            ("2026-11-23T12:00:30Z".to_owned(), None),
            (String::new(), None),
        ] {
            let found = retry_after(&text, noon()).map(|wait| wait.as_secs());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_reset_is_a_time_or_seconds_by_the_manifests_word_and_clamped() {
        let noon_is = 1_795_435_200_u64;
        let ahead = |seconds: u64| (noon_is + seconds).to_string();
        for (unit, text, expected) in [
            ("seconds", "5".to_owned(), Some(5)),
            ("seconds", "4.2".to_owned(), Some(5)),
            ("seconds", "0".to_owned(), Some(2)),
            ("seconds", ahead(5), Some(10)),
            ("epoch", ahead(5), Some(5)),
            ("epoch", ahead(86_400), Some(10)),
            // A time that is over, or one of another age: the least.
            ("epoch", "1000".to_owned(), Some(2)),
            ("epoch", "5".to_owned(), Some(2)),
            ("epoch_or_seconds", "5".to_owned(), Some(5)),
            ("epoch_or_seconds", ahead(5), Some(5)),
            ("epoch_or_seconds", "1e300".to_owned(), Some(10)),
            ("seconds", "-1".to_owned(), None),
            ("seconds", "NaN".to_owned(), None),
            ("seconds", "inf".to_owned(), None),
            ("seconds", "soon".to_owned(), None),
        ] {
            let limits = limits(&format!("{{reset: {{header: X-Reset, as: {unit}, clamp: [2, 10]}}}}"));
            let wait = reset(limits.reset.as_ref().unwrap(), &headers(&[("x-reset", &text)]), noon());
            assert_eq!(wait.map(|wait| wait.as_secs()), expected, "{unit}: {text}");
        }
    }

    #[test]
    fn a_wait_is_at_least_what_was_asked_for_and_never_without_end() {
        let asked = |seconds: &str| {
            wait(
                &Limits::default(),
                Some(429),
                &headers(&[("retry-after", seconds)]),
                3,
                4,
            )
            .unwrap()
        };
        assert!(asked("7") >= Duration::from_secs(7));
        assert!(asked("7") < Duration::from_secs(15));
        // No number of seconds is too large to be added to.
        assert_eq!(asked("18446744073709551615").as_secs(), u64::MAX);
        for past in 0..4 {
            let wait = wait(&Limits::default(), None, &Headers::new(), past, 4).unwrap();
            assert!(wait <= Duration::from_secs(30), "{wait:?}");
        }
        assert_eq!(
            wait(&Limits::default(), Some(429), &headers(&[("retry-after", "1")]), 4, 4),
            None
        );
        assert_eq!(wait(&Limits::default(), None, &Headers::new(), 0, 0), None);
    }

    #[test]
    fn a_window_that_resets_says_nothing_of_another_fault() {
        let limits = limits("{reset: {header: x-reset, as: seconds, clamp: [20, 20]}}");
        let asked = |status| wait(&limits, Some(status), &headers(&[("x-reset", "20")]), 0, 4).unwrap();
        assert!(asked(429) >= Duration::from_secs(20));
        assert!(asked(503) < Duration::from_secs(20));
    }

    #[test]
    fn what_is_left_of_the_day_is_kept_for_others() {
        let limits = limits("{budget: {left: X-Left, of: X-Of, floor: 10%}}");
        let of = |left: &str, of: &str| budget(&limits, &headers(&[("x-left", left), ("x-of", of)]));
        assert_eq!(of("90", "100"), Some((90, Some(100))));
        assert_eq!(of("90", "many"), Some((90, None)));
        assert_eq!(of("-1", "100"), None);
        assert_eq!(of("lots", "100"), None);
        assert_eq!(budget(&Limits::default(), &headers(&[("x-left", "1")])), None);

        let own = limits.budget.as_ref();
        for (floor, left, of, cost, stops) in [
            (None, 0, None, 0, true),
            (None, 0, Some(100), 0, true),
            (None, 15, Some(100), 5, false),
            (None, 14, Some(100), 5, true),
            // The project's word before the connector's.
            (Some(0), 5, Some(100), 5, false),
            (Some(0), 4, Some(100), 5, true),
            (Some(50), 54, Some(100), 5, true),
            (Some(100), 100, Some(100), 1, true),
            // Nobody says of how many.
            (None, 5, None, 5, false),
            (None, 4, None, 5, true),
            (None, u64::MAX, Some(u64::MAX), u64::MAX, false),
        ] {
            let why = spent(own, floor, left, of, cost);
            assert_eq!(
                why.is_some(),
                stops,
                "{left} of {of:?}, floor {floor:?}, cost {cost}: {why:?}"
            );
        }
    }

    #[test]
    fn the_other_sides_clock_is_held_against_ours() {
        let here: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let ahead = skew(
            &headers(&[("date", &httpdate::fmt_http_date(noon() + Duration::from_secs(90)))]),
            here,
        );
        assert_eq!(ahead, Some(SignedDuration::from_secs(90)));
        assert_eq!(skew(&headers(&[("date", "yesterday")]), here), None);
        assert_eq!(skew(&Headers::new(), here), None);
    }
}
