//! The times of findings in words, for every form that people read. Days are those of the organisation's zone.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::finding::{Clock, Lifecycle, Report};

/// `due in 3 days (end of 2026-11-26)`; null where a finding has no grace.
pub fn due(report: &Report, clock: &Clock) -> Option<String> {
    let due = clock.due?;
    let when = format!("{} ({})", how_far(report, due), moment(report, due));
    Some(match clock.lifecycle {
        Lifecycle::Failing => format!("failing: was due {when}"),
        Lifecycle::Critical => format!("critical: due {when}"),
        Lifecycle::Due | Lifecycle::Passing => format!("due {when}"),
    })
}

/// What an earlier run says of a finding, one sentence each; nothing where none was given.
pub fn history(report: &Report, clock: &Clock) -> Vec<String> {
    let Some(baseline) = &report.baseline else {
        return Vec::new();
    };
    let mut said = vec![match clock.is_new {
        Some(true) => format!("new since {}", baseline.as_of),
        Some(false) => format!("first failed {}", clock.first_failed_at),
        None => format!("perhaps not new: the baseline of {} could not tell", baseline.as_of),
    }];
    let before = clock.due_before.map(|before| moment(report, before));
    said.extend(before.map(|before| format!("by the baseline it was due: {before}")));
    said
}

/// A moment as people write it: the end of a day, or the instant.
fn moment(report: &Report, at: Timestamp) -> String {
    let zone = &report.timezone;
    let day = day_that_ends(report, at);
    let ends = day
        .tomorrow()
        .ok()
        .and_then(|next| next.to_zoned_datetime(zone.clone()).ok());
    match ends {
        Some(end) if end.timestamp() == at => format!("end of {day}"),
        _ => at.to_string(),
    }
}

/// How many days lie between the run and a moment, as a calendar counts them.
fn how_far(report: &Report, at: Timestamp) -> String {
    let today = report.as_of.to_zoned_datetime(report.timezone.clone()).date();
    let day = day_that_ends(report, at);
    match day.duration_since(today).as_hours() / 24 {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}

/// The day that a moment is in; midnight ends the day before it.
fn day_that_ends(report: &Report, at: Timestamp) -> Date {
    let within = at.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(at);
    within.to_zoned_datetime(report.timezone.clone()).date()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::finding::Baseline;
    use crate::report::samples;

    /// A run in Berlin at noon of Monday, 23 November 2026, an hour ahead of UTC.
    fn report() -> Report {
        Report {
            timezone: TimeZone::get("Europe/Berlin").unwrap(),
            as_of: "2026-11-23T11:00:00Z".parse().unwrap(),
            ..samples::clean()
        }
    }

    fn clock(due: Option<&str>, lifecycle: Lifecycle) -> Clock {
        Clock {
            due: due.map(|due| due.parse().unwrap()),
            lifecycle,
            ..Clock::at_once("2026-11-20T09:00:00Z".parse().unwrap(), None)
        }
    }

    #[test]
    fn days_are_told_as_a_calendar_counts_them() {
        let table = [
            (
                "2026-12-05T23:00:00Z",
                Lifecycle::Due,
                "due in 12 days (end of 2026-12-05)",
            ),
            (
                "2026-11-24T23:00:00Z",
                Lifecycle::Critical,
                "critical: due tomorrow (end of 2026-11-24)",
            ),
            (
                "2026-11-23T23:00:00Z",
                Lifecycle::Critical,
                "critical: due today (end of 2026-11-23)",
            ),
            (
                "2026-11-23T23:00:01Z",
                Lifecycle::Critical,
                "critical: due tomorrow (2026-11-23T23:00:01Z)",
            ),
            (
                "2026-11-23T10:59:00Z",
                Lifecycle::Failing,
                "failing: was due today (2026-11-23T10:59:00Z)",
            ),
            (
                "2026-11-22T23:00:00Z",
                Lifecycle::Failing,
                "failing: was due yesterday (end of 2026-11-22)",
            ),
            // The clocks were put back in between: a day of 25 hours is one day.
            (
                "2026-10-24T22:00:00Z",
                Lifecycle::Failing,
                "failing: was due 30 days ago (end of 2026-10-24)",
            ),
        ];
        for (due_at, lifecycle, words) in table {
            assert_eq!(due(&report(), &clock(Some(due_at), lifecycle)).unwrap(), words);
        }
        assert_eq!(due(&report(), &clock(None, Lifecycle::Failing)), None);
    }

    #[test]
    fn without_a_baseline_there_is_no_history() {
        let mut report = report();
        let mut clock = clock(Some("2026-11-24T23:00:00Z"), Lifecycle::Critical);
        assert!(history(&report, &clock).is_empty());
        report.baseline = Some(Baseline {
            sha256: "c".repeat(64),
            as_of: "2026-11-21T11:00:00Z".parse().unwrap(),
            kept: vec![],
        });
        assert_eq!(
            history(&report, &clock),
            ["perhaps not new: the baseline of 2026-11-21T11:00:00Z could not tell"]
        );
        clock.is_new = Some(true);
        assert_eq!(history(&report, &clock), ["new since 2026-11-21T11:00:00Z"]);
        clock.is_new = Some(false);
        clock.due_before = Some("2026-11-30T23:00:00Z".parse().unwrap());
        assert_eq!(
            history(&report, &clock),
            [
                "first failed 2026-11-20T09:00:00Z",
                "by the baseline it was due: end of 2026-11-30"
            ]
        );
    }
}
