//! When a finding is due, and how far its time has run.
//!
//! The verdict of a finding is `fail` from its first day on. What changes is what that asks of people: something to do by
//! a day, something to do now, something that was not done. The times come from the facts and from the report of an
//! earlier run, and all of them are held against the time of the run, so that `--as-of` travels with them.

mod before;
mod due;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use before::BaselineError;
use before::Before;
use due::{begin_of, end_of};

use crate::finding::{Clock, Finding, Lifecycle, Notice, Report};
use crate::project::{Period, Project};
use crate::reported::Reported;

/// Holds a baseline against the project, before anything is read that takes long.
///
/// # Errors
/// It is of another organisation.
pub fn hold(baseline: &Reported, project: &Project) -> Result<(), BaselineError> {
    if baseline.organisation == project.organisation {
        return Ok(());
    }
    Err(BaselineError::Elsewhere {
        theirs: baseline.organisation.clone(),
        ours: project.organisation.clone(),
    })
}

/// Gives every finding its times, and every check how far it is.
///
/// # Errors
/// The baseline speaks of a later time than the report.
pub fn apply(report: &mut Report, project: &Project, baseline: Option<&Reported>) -> Result<(), BaselineError> {
    if let Some(baseline) = baseline.filter(|baseline| baseline.as_of > report.as_of) {
        return Err(BaselineError::Younger {
            theirs: baseline.as_of,
            ours: report.as_of,
        });
    }
    let before = baseline.map(Before::of);
    let now = report.as_of;
    for finding in &mut report.findings {
        finding.clock = clock(finding, now, project, before.as_ref());
    }
    report.baseline = before.as_ref().map(|before| before.kept_by(report));
    holidays_run_out(report, project);
    report.settle();
    Ok(())
}

fn clock(finding: &Finding, now: Timestamp, project: &Project, before: Option<&Before>) -> Clock {
    let zone = &project.timezone;
    let earlier = before.and_then(|before| before.times(&finding.fingerprint));
    let first_failed_at = earlier.map_or(now, |earlier| earlier.first_failed_at);
    // What lies ahead of the run is the clock of somebody's system; it gives nobody more time.
    let since = stated(finding, zone).map_or(first_failed_at, |since| since.min(now));
    let settings = project.checks.get(&finding.check);
    let grace = settings.and_then(|settings| settings.grace);
    let window = settings.map_or(Period::WINDOW, |settings| settings.critical);
    let due = grace.map(|grace| end_of(grace, since, &project.calendar, zone));
    let lifecycle = match due {
        None => Lifecycle::Failing,
        Some(due) if now >= due => Lifecycle::Failing,
        Some(due) if now >= begin_of(window, due, &project.calendar, zone) => Lifecycle::Critical,
        Some(_) => Lifecycle::Due,
    };
    Clock {
        first_failed_at,
        since,
        due,
        due_before: earlier
            .filter(|earlier| earlier.due != due)
            .map(|earlier| earlier.due.unwrap_or(earlier.since)),
        lifecycle,
        is_new: before.and_then(|before| before.is_new(finding)),
    }
}

/// The earliest time since when one of a finding's reasons says that it is so. Of a day without a time, its end.
fn stated(finding: &Finding, zone: &TimeZone) -> Option<Timestamp> {
    let instant = |text: &str| -> Option<Timestamp> {
        let day = || text.parse::<Date>().ok().and_then(|day| due::end_of_day(day, zone));
        text.parse().ok().or_else(day)
    };
    let times = finding
        .reasons
        .iter()
        .filter_map(|reason| instant(reason.since.as_deref()?));
    times.min()
}

/// A list of holidays is written for some years. In the years after them business days are counted as if there were none.
fn holidays_run_out(report: &mut Report, project: &Project) {
    let Some(last) = project.calendar.last_year() else {
        return;
    };
    let counts_in_them = |finding: &&Finding| {
        let settings = project.checks.get(&finding.check);
        matches!(
            settings.and_then(|settings| settings.grace),
            Some(Period::BusinessDays(_))
        )
    };
    let of_later = report.findings.iter().filter(counts_in_them).filter_map(|finding| {
        let day = due::day_of(finding.clock.due?, &project.timezone)?;
        (day.year() > last).then_some(day.year())
    });
    let Some(year) = of_later.min() else { return };
    report.notices.push(Notice {
        code: "holidays_run_out".to_owned(),
        message: format!(
            "findings are due in {year}, and `calendar` names no holiday after {last}: add those of {year}"
        ),
        subject: None,
        place: project.calendar.place.clone(),
    });
    report.notices.sort();
}
