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

/// The end of a period that begins at a time. Where it would be after the end of this program's calendar, time never runs
/// out; a beginning that is before all time is merely long ago.
pub fn end_of(period: Period, begin: Timestamp, calendar: &Calendar, zone: &TimeZone) -> Timestamp {
    let end = match period {
        Period::Time(time) => begin.checked_add(time).ok(),
        Period::Days(days) => {
            let last = day_of(begin, zone).checked_add(Span::new().days(days));
            last.ok().map(|day| end_of_day(day, zone))
        }
        Period::BusinessDays(days) => {
            let later = day_of(begin, zone).series(Span::new().days(1)).skip(1);
            let last = nth(later.filter(|day| calendar.is_business_day(*day)), days);
            last.map(|day| end_of_day(day, zone))
        }
    };
    end.unwrap_or(Timestamp::MAX)
}

/// The latest time from which a period still fits before its end: seven days before Tuesday, three in the afternoon, is the
/// Tuesday before at the same hour; two business days before the end of a Monday is the beginning of the Friday before.
pub fn begin_of(period: Period, end: Timestamp, calendar: &Calendar, zone: &TimeZone) -> Timestamp {
    let begin = match period {
        Period::Time(time) => end.checked_sub(time).ok(),
        Period::Days(0) | Period::BusinessDays(0) => Some(end),
        Period::Days(days) => days_before(end, days, zone),
        Period::BusinessDays(days) => {
            let earlier = day_of(end, zone).series(Span::new().days(-1));
            let first = nth(earlier.filter(|day| calendar.is_business_day(*day)), days);
            first
                .and_then(|day| day.to_zoned_datetime(zone.clone()).ok())
                .map(|begin| begin.timestamp())
        }
    };
    begin.unwrap_or(Timestamp::MIN)
}

/// The end of a day goes back to the end of a day, at whatever hour that is: there are days that begin at one in the morning.
fn days_before(end: Timestamp, days: i32, zone: &TimeZone) -> Option<Timestamp> {
    let (day, span) = (day_of(end, zone), Span::new().days(days));
    if end == end_of_day(day, zone) {
        let day = day.checked_sub(span).ok()?;
        return Some(end_of_day(day, zone));
    }
    let begin = end.to_zoned_datetime(zone.clone()).checked_sub(span).ok()?;
    Some(begin.timestamp())
}

/// The day that an instant is in, or ends. The first instant of all is in a day that nothing is before.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    let within = at.checked_sub(INSTANT).unwrap_or(at);
    within.to_zoned_datetime(zone.clone()).date()
}

/// The first instant after a day. Of a day outside of the program's calendar, the end of that.
pub fn end_of_day(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().and_then(|next| next.to_zoned_datetime(zone.clone()));
    let outside = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    next.map_or(outside, |next| next.timestamp())
}

/// Counted from 1.
fn nth(mut days: impl Iterator<Item = Date>, number: i32) -> Option<Date> {
    days.nth(usize::try_from(number).ok()?.checked_sub(1)?)
}
