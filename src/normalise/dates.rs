//! Dates and times as systems and people write them, read without a guess.
//!
//! A time without a zone is UTC: that is the contract of a connector. `0000-00-00` is no date. What can be read two
//! ways (`03/04/2026`) is not read.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// A value that was read, was empty, or could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read<T> {
    Known(T),
    Empty,
    Unreadable,
}

impl<T> Read<T> {
    pub(super) fn known(self) -> Option<T> {
        match self {
            Read::Known(value) => Some(value),
            Read::Empty | Read::Unreadable => None,
        }
    }

    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Read::Unreadable)
    }
}

/// A year with two digits would be one of the first century.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// A calendar day: `2026-11-23`, `20261123`, `2026/11/23`, `23.11.2026`, or the day of a date and time.
pub(super) fn day(text: Option<&str>) -> Read<Date> {
    let Some(text) = written(text) else { return Read::Empty };
    let day = day_alone(text).or_else(|| {
        // The day as it is written there: a zone behind it does not move somebody's last day.
        let (day, _) = text.split_at_checked(10)?;
        moment(text).and_then(|_| day_alone(day))
    });
    day.map_or(Read::Unreadable, Read::Known)
}

/// An instant: RFC 3339, or a date and time without a zone, which is UTC. A day alone is its first moment.
pub(super) fn instant(text: Option<&str>) -> Read<Timestamp> {
    let Some(text) = written(text) else { return Read::Empty };
    let at = match day_alone(text) {
        Some(day) => midnight(day),
        None => moment(text),
    };
    at.map_or(Read::Unreadable, Read::Known)
}

/// When something ends: as [`instant`], but a day alone ends with the day.
pub(super) fn end(text: Option<&str>) -> Read<Timestamp> {
    match written(text).and_then(day_alone) {
        Some(day) => day
            .checked_add(1.day())
            .ok()
            .and_then(midnight)
            .map_or(Read::Unreadable, Read::Known),
        None => instant(text),
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

fn day_alone(text: &str) -> Option<Date> {
    if text.len() > 10 {
        return None;
    }
    let parse = |format: &str| Date::strptime(format, text).ok();
    let day = text.parse().ok();
    day.or_else(|| parse("%Y/%m/%d"))
        .or_else(|| parse("%d.%m.%Y"))
        .filter(|day| YEARS.contains(&day.year()))
}

/// A date with a time.
fn moment(text: &str) -> Option<Timestamp> {
    let zoned = || text.parse::<Timestamp>().ok();
    let utc = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let at = zoned().or_else(utc)?;
    YEARS.contains(&TimeZone::UTC.to_datetime(at).year()).then_some(at)
}

fn written(text: Option<&str>) -> Option<&str> {
    text.map(str::trim)
        .filter(|text| !text.is_empty() && !text.starts_with("0000-00-00"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (text, expected) in [
            ("2026-11-23", "2026-11-23"),
            (" 2026/11/23 ", "2026-11-23"),
            ("23.11.2026", "2026-11-23"),
            ("1.3.2027", "2027-03-01"),
            ("20261123", "2026-11-23"),
            ("2026-11-23T00:00:00", "2026-11-23"),
            ("2026-11-23 17:30:00", "2026-11-23"),
            ("2026-11-23T23:30:00-08:00", "2026-11-23"),
            ("2026-11-23T00:00:00Z", "2026-11-23"),
        ] {
            assert_eq!(
                day(Some(text)).known().map(|day| day.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "03/04/2026",
            "30.10.26",
            "26/10/30",
            "1.3.27",
            "0026-10-30",
            "26-10-30",
            "30.10.126",
            "2926-10-30",
            "0026-10-30 10:00:00",
            "0026-10-30T10:00:00Z",
            "2026-02-30",
            "soon",
            "44927",
            "31.02.2026",
            "2026-11",
            "2026-11-23 maybe",
        ] {
            assert_eq!(day(Some(text)), Read::Unreadable, "{text}");
        }
        for text in [
            None,
            Some(""),
            Some(" "),
            Some("0000-00-00"),
            Some("0000-00-00 00:00:00"),
        ] {
            assert_eq!(day(text), Read::Empty, "{text:?}");
        }
    }

    #[test]
    fn instants() {
        for (text, expected) in [
            ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
            ("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00Z"),
            ("2026-11-23 10:00:00", "2026-11-23T10:00:00Z"),
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            ("01.03.2027", "2027-03-01T00:00:00Z"),
            ("2027/03/01", "2027-03-01T00:00:00Z"),
        ] {
            assert_eq!(
                instant(Some(text)).known().map(|at| at.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "1764000000000",
            "01.03.27",
            "0027-03-01",
            "0027-03-01T10:00:00Z",
            "03/04/2026",
        ] {
            assert_eq!(instant(Some(text)), Read::Unreadable, "{text}");
        }
        assert_eq!(instant(Some("0000-00-00 00:00:00")), Read::Empty);
    }

    #[test]
    fn a_day_ends_with_the_day() {
        for text in ["2026-12-31", "20261231", "31.12.2026", "2026/12/31", " 2026-12-31 "] {
            assert_eq!(
                end(Some(text)).known().map(|at| at.to_string()).as_deref(),
                Some("2027-01-01T00:00:00Z"),
                "{text}"
            );
        }
        assert_eq!(
            end(Some("2026-12-31 12:00:00")).known().unwrap().to_string(),
            "2026-12-31T12:00:00Z"
        );
        assert_eq!(end(Some("next year")), Read::Unreadable);
    }
}
