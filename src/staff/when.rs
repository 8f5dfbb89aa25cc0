//! Days and instants: a day begins and ends in somebody's time zone, and lasts what it lasts there.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;

/// The first instant of a day. Null only at the ends of the calendar.
pub fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned_datetime(zone.clone()).ok().map(|start| start.timestamp())
}

/// The first instant after a day, so that a day is half-open: at this instant it is over.
pub fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    start_of(day.tomorrow().ok()?, zone)
}

/// Whole days before now. Never negative for the past and always negative for the future: a moment an hour ahead is -1.
pub fn days_before(now: Timestamp, at: Timestamp) -> i64 {
    // The calendar of `Timestamp` ends in the year 9999: the difference in days is far inside an i64.
    i64::try_from((now.as_nanosecond() - at.as_nanosecond()).div_euclid(NANOSECONDS_A_DAY)).unwrap_or(i64::MAX)
}
