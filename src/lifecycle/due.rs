//! Where a period ends, and where it has to begin to end at a time.
//!
//! A day is half-open: the midnight that ends it still belongs to it. So what arose at the end of Thursday arose on
//! Thursday, and one business day later is the end of Friday. The day on which something arose is never counted, and a
//! period of days ends with the last of them, which is how periods of days are counted in law. Days are those of the
//! project's zone, and may have 23, 24, 25 or other hours there.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::project::{Calendar, Period};

/// The smallest step of time.
const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

/// The end of a period that begins at a time. Where the calendar of this program ends, time never runs out.
pub fn end_of(period: Period, begin: Timestamp, calendar: &Calendar, zone: &TimeZone) -> Timestamp {
    let end = match period {
        Period::Time(time) => begin.checked_add(time).ok(),
        Period::Days(days) => day_of(begin, zone)
            .and_then(|day| day.checked_add(Span::new().days(days)).ok())
            .and_then(|day| end_of_day(day, zone)),
        Period::BusinessDays(days) => day_of(begin, zone)
            .and_then(|day| {
                let later = day.series(Span::new().days(1)).skip(1);
                nth(later.filter(|day| calendar.is_business_day(*day)), days)
            })
            .and_then(|day| end_of_day(day, zone)),
    };
    end.unwrap_or(Timestamp::MAX)
}

/// The latest time from which a period still fits before its end: seven days before Tuesday, three in the afternoon, is the
/// Tuesday before at the same hour; two business days before the end of a Monday is the beginning of the Friday before.
pub fn begin_of(period: Period, end: Timestamp, calendar: &Calendar, zone: &TimeZone) -> Timestamp {
    let begin = match period {
        Period::Time(time) => end.checked_sub(time).ok(),
        Period::Days(0) | Period::BusinessDays(0) => Some(end),
        Period::Days(days) => {
            let begin = end.to_zoned_datetime(zone.clone()).checked_sub(Span::new().days(days));
            begin.ok().map(|begin| begin.timestamp())
        }
        Period::BusinessDays(days) => day_of(end, zone)
            .and_then(|day| {
                let earlier = day.series(Span::new().days(-1));
                nth(earlier.filter(|day| calendar.is_business_day(*day)), days)
            })
            .and_then(|day| day.to_zoned_datetime(zone.clone()).ok())
            .map(|begin| begin.timestamp()),
    };
    begin.unwrap_or(Timestamp::MIN)
}

/// The day that an instant is in, or ends.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Option<Date> {
    let within = at.checked_sub(INSTANT).ok()?;
    Some(within.to_zoned_datetime(zone.clone()).date())
}

/// The first instant after a day.
pub fn end_of_day(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone.clone()).ok()?;
    Some(next.timestamp())
}

/// Counted from 1.
fn nth(mut days: impl Iterator<Item = Date>, number: i32) -> Option<Date> {
    days.nth(usize::try_from(number).ok()?.checked_sub(1)?)
}
