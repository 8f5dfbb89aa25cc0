//! When a finding is due, and how far its time has run.
//!
//! The verdict of a finding is `fail` from its first day on. What changes is what that asks of people: something to do by
//! a day, something to do now, something that was not done. The times come from the facts and from the report of an
//! earlier run, and all of them are held against the time of the run, so that `--as-of` travels with them.

mod before;
mod due;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use before::BaselineError;
use before::Before;
use due::{begin_of, end_of};

use crate::finding::{Clock, Finding, Lifecycle, Notice, Report, SubjectKind, Verdict};
use crate::project::{Period, Project};
use crate::reported::{self, OtherTenant, Reported};

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

/// What a run said of every subject: by check, kind and id.
pub type Verdicts<'a> = BTreeMap<(&'a str, SubjectKind, &'a str), Verdict>;

/// Gives every finding its times, and every check how far it is. All verdicts are asked, whether or not the report holds
/// them: what is kept for the next run does not hang on that.
///
/// # Errors
/// The baseline speaks of a later time than the report, or of another tenant of a system.
pub fn apply(
    report: &mut Report,
    project: &Project,
    baseline: Option<&Reported>,
    verdicts: &Verdicts<'_>,
) -> Result<(), BaselineError> {
    if let Some(baseline) = baseline.filter(|baseline| baseline.as_of > report.as_of) {
        return Err(BaselineError::Younger {
            theirs: baseline.as_of,
            ours: report.as_of,
        });
    }
    let systems = reported::systems(report);
    if let Some(other) = baseline.and_then(|baseline| OtherTenant::between(&baseline.systems, &systems)) {
        return Err(BaselineError::OtherTenant {
            system: other.system,
            theirs: other.before,
            ours: other.now,
        });
    }
    let before = baseline.map(Before::of);
    let now = report.as_of;
    for finding in &mut report.findings {
        finding.clock = clock(finding, now, project, before.as_ref());
    }
    report.baseline = before.as_ref().map(|before| before.kept_by(report, verdicts));
    holidays_run_out(report, project);
    report.settle();
    Ok(())
}

fn clock(finding: &Finding, now: Timestamp, project: &Project, before: Option<&Before>) -> Clock {
    let zone = &project.timezone;
    let earlier = before.and_then(|before| before.times(&finding.fingerprint));
    let first_failed_at = earlier.map_or(now, |earlier| earlier.first_failed_at);
    // What lies ahead of the run is the clock of somebody's system, and counts as not stated. It stays so when that time
    // has come: what a run has found was not to begin later. Else such a clock would begin anew, at every run or once more.
    let since = stated(finding, zone).map_or(first_failed_at, |since| since.min(first_failed_at));
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
        let day = || text.parse::<Date>().ok().map(|day| due::end_of_day(day, zone));
        text.parse().ok().or_else(day)
    };
    let times = finding
        .reasons
        .iter()
        .filter_map(|reason| instant(reason.since.as_deref()?));
    times.min()
}

/// A list of holidays is written for some years. In those before and after, business days are counted as if there were none.
fn holidays_run_out(report: &mut Report, project: &Project) {
    let calendar = &project.calendar;
    let Some((first, last)) = calendar.first_year().zip(calendar.last_year()) else {
        return;
    };
    let counted = || {
        let findings = report.findings.iter();
        findings.filter_map(|finding| business_years(finding, project))
    };
    let before = counted()
        .filter(|(from, _)| *from < first)
        .map(|(_, to)| to.min(first - 1));
    let after = counted()
        .filter(|(_, to)| *to > last)
        .map(|(from, _)| from.max(last + 1));
    let gaps = [
        before.max().map(|year| (year, format!("before {first}"))),
        after.min().map(|year| (year, format!("after {last}"))),
    ];
    let notices = gaps.into_iter().flatten().map(|(year, named)| Notice {
        code: "holidays_run_out".to_owned(),
        message: format!(
            "business days of {year} are counted, and `calendar` names no holiday {named}: add those of {year}"
        ),
        subject: None,
        place: calendar.place.clone(),
    });
    let notices: Vec<Notice> = notices.collect();
    report.notices.extend(notices);
    report.notices.sort();
}

/// The first and the last year of which business days are counted for a finding.
fn business_years(finding: &Finding, project: &Project) -> Option<(i16, i16)> {
    let zone = &project.timezone;
    let settings = project.checks.get(&finding.check)?;
    let due = finding.clock.due?;
    let is_business = |period| matches!(period, Period::BusinessDays(1..));
    let of_grace = settings.grace.is_some_and(is_business);
    let of_window = is_business(settings.critical);
    let window = || begin_of(settings.critical, due, &project.calendar, zone);
    // The day on which something arose is not counted.
    let arose = due::day_of(finding.clock.since, zone);
    let counted = of_grace.then(|| arose.tomorrow().unwrap_or(arose).year());
    let back = of_window.then(|| window().to_zoned_datetime(zone.clone()).year());
    let from = counted.into_iter().chain(back).min()?;
    Some((from, due::day_of(due, zone).year()))
}
