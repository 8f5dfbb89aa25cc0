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

/// A calendar day: `2026-11-23`, `2026/11/23`, `23.11.2026`, or the day of a date and time.
pub(super) fn day(text: Option<&str>) -> Read<Date> {
    let Some(text) = written(text) else { return Read::Empty };
    let parse = |format: &str| Date::strptime(format, text).ok();
    let day = match text.len() {
        0..=10 => text
            .parse()
            .ok()
            .or_else(|| parse("%Y/%m/%d"))
            .or_else(|| parse("%d.%m.%Y")),
        // The day as it is written there: a zone behind it does not move somebody's last day.
        _ => text.parse::<DateTime>().ok().map(|at| at.date()).or_else(|| {
            text.parse::<Timestamp>().ok()?;
            text.get(..10)?.parse().ok()
        }),
    };
    day.map_or(Read::Unreadable, Read::Known)
}

/// An instant: RFC 3339, or a date and time without a zone, which is UTC. A day alone is its first moment.
pub(super) fn instant(text: Option<&str>) -> Read<Timestamp> {
    let Some(text) = written(text) else { return Read::Empty };
    if let Ok(at) = text.parse::<Timestamp>() {
        return Read::Known(at);
    }
    let at = text
        .parse::<DateTime>()
        .ok()
        .and_then(|at| TimeZone::UTC.to_timestamp(at).ok());
    at.map_or(Read::Unreadable, Read::Known)
}

/// When something ends: as [`instant`], but a day alone ends with the day.
pub(super) fn end(text: Option<&str>) -> Read<Timestamp> {
    match written(text).map(str::parse::<Date>) {
        Some(Ok(date)) if text.is_some_and(|text| text.trim().len() == 10) => {
            let next = date
                .checked_add(1.day())
                .and_then(|next| TimeZone::UTC.to_timestamp(next.to_datetime(Time::midnight())));
            next.map_or(Read::Unreadable, Read::Known)
        }
        _ => instant(text),
    }
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
        ] {
            assert_eq!(
                instant(Some(text)).known().map(|at| at.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        assert_eq!(instant(Some("1764000000000")), Read::Unreadable);
        assert_eq!(instant(Some("0000-00-00 00:00:00")), Read::Empty);
    }

    #[test]
    fn a_day_ends_with_the_day() {
        assert_eq!(
            end(Some("2026-12-31")).known().unwrap().to_string(),
            "2027-01-01T00:00:00Z"
        );
        assert_eq!(
            end(Some("2026-12-31 12:00:00")).known().unwrap().to_string(),
            "2026-12-31T12:00:00Z"
        );
        assert_eq!(end(Some("next year")), Read::Unreadable);
    }
}
