//! Values that are more than text: durations, dates, instants, time zones, ids.
//!
//! Each says what is wrong as a message and a help; the caller knows the place.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use unicode_normalization::UnicodeNormalization;

use crate::error::nearest;

/// A message and its help line.
pub(super) type Wrong = (String, String);

/// The years that a project can speak of: 9999 means for ever, and for ever must not be written as a date.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2199;

/// A duration such as `2d` or `1w 12h`. A day has 24 hours.
pub(super) fn duration(key: &str, written: &str) -> Result<SignedDuration, Wrong> {
    let wrong = |why: &str| {
        (
            format!("`{key}` is `{written}`, which is {why}"),
            "write days, hours or weeks: `2d`, `36h`, `1w`".to_owned(),
        )
    };
    let span: Span = written.parse().map_err(|_| wrong("no duration"))?;
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| wrong("of no fixed length"))?;
    if duration.is_negative() {
        return Err(wrong("negative"));
    }
    if duration > SignedDuration::from_hours(24 * 366 * 100) {
        return Err(wrong("longer than a hundred years"));
    }
    Ok(duration)
}

/// A calendar day, `2026-11-20`.
pub(super) fn date(key: &str, written: &str) -> Result<Date, Wrong> {
    let wrong = |why: &str| {
        (
            format!("`{key}` is `{written}`, which is {why}"),
            "write a day as `2026-11-20`".to_owned(),
        )
    };
    let shaped = written.len() == 10
        && written.bytes().enumerate().all(|(n, byte)| {
            if n == 4 || n == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    let date: Date = match written.parse() {
        Ok(date) if shaped => date,
        _ if shaped => return Err(wrong("a day that does not exist")),
        _ => return Err(wrong("no day")),
    };
    within(key, written, date.year())?;
    Ok(date)
}

/// An instant: with its offset, or a day, which means the end of that day in the zone.
pub(super) fn instant(key: &str, written: &str, zone: &TimeZone) -> Result<Timestamp, Wrong> {
    if written.len() <= 10 {
        let day = date(key, written)?;
        let end = day.tomorrow().and_then(|next| next.to_zoned_datetime(zone.clone()));
        return end.map(|end| end.timestamp()).map_err(|_| {
            (
                format!("`{key}` is `{written}`, which has no end in the time zone"),
                "write a day as `2026-11-20`".to_owned(),
            )
        });
    }
    let instant: Timestamp = written.parse().map_err(|_| {
        (
            format!("`{key}` is `{written}`, which is no day and no instant"),
            "write a day as `2026-11-20`, or an instant with its offset as `2026-11-20T18:00:00Z`".to_owned(),
        )
    })?;
    within(key, written, TimeZone::UTC.to_datetime(instant).year())?;
    Ok(instant)
}

fn within(key: &str, written: &str, year: i16) -> Result<(), Wrong> {
    if YEARS.contains(&year) {
        return Ok(());
    }
    Err((
        format!("`{key}` is `{written}`, which is out of range"),
        format!(
            "write a day between the years {} and {}; there is no date for never",
            YEARS.start(),
            YEARS.end()
        ),
    ))
}

/// A time zone by its IANA name, and that name in its own spelling. From the bundled data, so that a verdict does not
/// depend on the machine.
pub(super) fn zone(written: &str) -> Result<(String, TimeZone), Wrong> {
    let zones = TimeZoneDatabase::bundled();
    if let Ok(zone) = zones.get(written) {
        return Ok((zone.iana_name().unwrap_or(written).to_owned(), zone));
    }
    let names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    let help = match nearest(written, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write an IANA name, such as `Europe/Berlin` or `UTC`".to_owned(),
    };
    Err((format!("there is no time zone `{written}`"), help))
}

/// The id of a source or system: it is part of every account's key.
pub(super) fn id(what: &str, written: &str) -> Result<String, Wrong> {
    let mut letters = written.chars();
    let fits = letters
        .next()
        .is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
    if fits {
        return Ok(written.to_owned());
    }
    Err((
        format!("`{written}` is no id for a {what}"),
        "write small letters, digits, `_` and `-`, beginning with a letter or a digit".to_owned(),
    ))
}

/// A path, from the project's folder.
pub(super) fn path(folder: &Path, written: &str) -> PathBuf {
    if folder == Path::new(".") {
        PathBuf::from(written)
    } else {
        folder.join(written)
    }
}

/// The form in which words that people write are compared: NFC, without case or blanks around them.
pub(super) fn fold(text: &str) -> String {
    text.trim().nfc().collect::<String>().to_lowercase()
}
