//! Periods over weekends, holidays and changed clocks, and what an earlier run is taken to know.

use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::due::{begin_of, end_of};
use super::*;
use crate::exit::Exit;
use crate::finding::{Reason, fingerprint};
use crate::project::Calendar;
use crate::report::{json, samples};

fn project(more: &str) -> Project {
    let text = format!("rolecall: 1\norganisation: Acme\n{more}");
    Project::from_bytes(Path::new("rolecall.yaml"), text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Gives a report its times, by every verdict that it has.
fn apply(report: &mut Report, project: &Project, baseline: Option<&Reported>) -> Result<(), BaselineError> {
    for one in &mut report.findings {
        one.fingerprint = fingerprint(&one.check, one.subject.kind, &one.subject.id);
    }
    let asked = report.clone();
    let mut verdicts = Verdicts::new();
    for one in asked.judgements.iter().chain(&asked.undecided) {
        verdicts.insert((&one.check, one.subject.kind, &one.subject.id), one.verdict);
    }
    for one in &asked.findings {
        verdicts.insert((&one.check, one.subject.kind, &one.subject.id), Verdict::Fail);
    }
    super::apply(report, project, baseline, &verdicts)
}

/// A local time in a zone, `2026-03-29T01:30`.
fn at(local: &str, zone: &str) -> Timestamp {
    let time: DateTime = local.parse().unwrap();
    time.to_zoned_datetime(TimeZone::get(zone).unwrap())
        .unwrap()
        .timestamp()
}

fn local(at: Timestamp, zone: &str) -> String {
    at.to_zoned_datetime(TimeZone::get(zone).unwrap())
        .datetime()
        .to_string()
}

/// Where a period that begins at a local time ends, in local time, and how long it was.
fn ends(zone: &str, calendar: &Calendar, begin: &str, period: Period) -> (String, SignedDuration) {
    let begin = at(begin, zone);
    let end = end_of(period, begin, calendar, &TimeZone::get(zone).unwrap());
    (local(end, zone), end.duration_since(begin))
}

#[test]
fn a_period_of_days_ends_with_the_last_of_them_and_hours_are_hours() {
    let usual = Calendar::default();
    let day = |hours: i64, minutes: i64| SignedDuration::from_mins(hours * 60 + minutes);
    let hours = |hours| Period::Time(SignedDuration::from_hours(hours));
    let table = [
        // An ordinary week.
        (
            "Europe/Berlin",
            "2026-11-17T15:00",
            hours(24),
            "2026-11-18T15:00:00",
            day(24, 0),
        ),
        (
            "Europe/Berlin",
            "2026-11-17T15:00",
            Period::Days(1),
            "2026-11-19T00:00:00",
            day(33, 0),
        ),
        (
            "Europe/Berlin",
            "2026-11-17T00:01",
            Period::Days(1),
            "2026-11-19T00:00:00",
            day(47, 59),
        ),
        // The end of the 17th is still the 17th.
        (
            "Europe/Berlin",
            "2026-11-18T00:00",
            Period::Days(1),
            "2026-11-19T00:00:00",
            day(24, 0),
        ),
        (
            "Europe/Berlin",
            "2026-11-18T00:00",
            Period::BusinessDays(1),
            "2026-11-19T00:00:00",
            day(24, 0),
        ),
        // Clocks are put forward on 29 March 2026 and back on 25 October 2026, at night.
        (
            "Europe/Berlin",
            "2026-03-29T00:00",
            Period::Days(1),
            "2026-03-30T00:00:00",
            day(23, 0),
        ),
        (
            "Europe/Berlin",
            "2026-03-29T00:00",
            hours(24),
            "2026-03-30T01:00:00",
            day(24, 0),
        ),
        (
            "Europe/Berlin",
            "2026-03-28T12:00",
            Period::Days(1),
            "2026-03-30T00:00:00",
            day(35, 0),
        ),
        (
            "Europe/Berlin",
            "2026-10-25T00:00",
            Period::Days(1),
            "2026-10-26T00:00:00",
            day(25, 0),
        ),
        (
            "Europe/Berlin",
            "2026-10-25T00:00",
            hours(24),
            "2026-10-25T23:00:00",
            day(24, 0),
        ),
        (
            "Europe/Berlin",
            "2026-03-28T00:00",
            Period::BusinessDays(1),
            "2026-03-31T00:00:00",
            day(71, 0),
        ),
        (
            "Europe/Berlin",
            "2026-10-24T00:00",
            Period::BusinessDays(1),
            "2026-10-27T00:00:00",
            day(73, 0),
        ),
        // Half an hour, on 4 October 2026 forward and on 5 April 2026 back.
        (
            "Australia/Lord_Howe",
            "2026-10-04T00:00",
            Period::Days(1),
            "2026-10-05T00:00:00",
            day(23, 30),
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T00:00",
            Period::Days(1),
            "2026-04-06T00:00:00",
            day(24, 30),
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-05T00:00",
            hours(24),
            "2026-04-05T23:30:00",
            day(24, 0),
        ),
        // A zone of half an hour, without changes.
        (
            "Asia/Kolkata",
            "2026-11-17T15:00",
            Period::Days(2),
            "2026-11-20T00:00:00",
            day(57, 0),
        ),
        // In Cairo the 24th of April 2026 begins at one in the morning.
        (
            "Africa/Cairo",
            "2026-04-23T00:00",
            Period::Days(1),
            "2026-04-24T01:00:00",
            day(24, 0),
        ),
        // In Apia there was no 30 December 2011.
        (
            "Pacific/Apia",
            "2011-12-29T00:00",
            Period::Days(1),
            "2011-12-31T00:00:00",
            day(24, 0),
        ),
    ];
    for (zone, begin, period, end, lasted) in table {
        assert_eq!(
            ends(zone, &usual, begin, period),
            (end.to_owned(), lasted),
            "{zone} {begin} {period:?}"
        );
    }
}

#[test]
fn business_days_leave_out_weekends_and_holidays() {
    let berlin = "timezone: Europe/Berlin\n";
    let usual = project(berlin).calendar;
    let christmas = format!(
        "{berlin}calendar:\n  holidays: [2026-12-25, {{day: 2026-12-26, name: Boxing Day}}, {{day: 2027-01-01}}]\n"
    );
    let christmas = project(&christmas).calendar;
    let friday = project(&format!("{berlin}calendar: {{weekend: [friday, saturday]}}\n")).calendar;
    let none = project(&format!("{berlin}calendar: {{weekend: []}}\n")).calendar;
    let table = [
        // 2026-12-24 is a Thursday.
        (&usual, "2026-12-23T10:00", 1, "2026-12-25T00:00:00"),
        (&usual, "2026-12-24T10:00", 1, "2026-12-26T00:00:00"),
        (&usual, "2026-12-25T10:00", 1, "2026-12-29T00:00:00"),
        (&usual, "2026-12-26T10:00", 1, "2026-12-29T00:00:00"),
        (&usual, "2026-12-27T10:00", 1, "2026-12-29T00:00:00"),
        // The midnight that ends Sunday.
        (&usual, "2026-12-28T00:00", 1, "2026-12-29T00:00:00"),
        (&usual, "2026-12-28T00:01", 1, "2026-12-30T00:00:00"),
        (&usual, "2026-12-21T10:00", 5, "2026-12-29T00:00:00"),
        (&christmas, "2026-12-23T10:00", 1, "2026-12-25T00:00:00"),
        (&christmas, "2026-12-24T10:00", 1, "2026-12-29T00:00:00"),
        (&christmas, "2026-12-21T10:00", 5, "2026-12-30T00:00:00"),
        (&christmas, "2026-12-21T10:00", 8, "2027-01-05T00:00:00"),
        // Friday and Saturday are the weekend, and Sunday is not.
        (&friday, "2026-12-24T10:00", 1, "2026-12-28T00:00:00"),
        (&friday, "2026-12-23T10:00", 2, "2026-12-28T00:00:00"),
        (&none, "2026-12-25T10:00", 2, "2026-12-28T00:00:00"),
    ];
    for (calendar, begin, days, end) in table {
        let found = ends("Europe/Berlin", calendar, begin, Period::BusinessDays(days)).0;
        assert_eq!(found, end, "{begin}, {days} business days, {calendar:?}");
    }
}

#[test]
fn a_window_is_counted_back_from_its_end() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let christmas = project("timezone: UTC\ncalendar: {holidays: [2026-12-25]}\n").calendar;
    let table = [
        (Period::WINDOW, "2026-11-24T00:00", "2026-11-17T00:00:00"),
        (Period::WINDOW, "2026-11-24T15:00", "2026-11-17T15:00:00"),
        // Over the night in which clocks are put back: at the same hour, not 168 hours before.
        (Period::WINDOW, "2026-10-28T00:00", "2026-10-21T00:00:00"),
        (
            Period::Time(SignedDuration::from_hours(24)),
            "2026-10-26T00:00",
            "2026-10-25T01:00:00",
        ),
        (Period::Days(0), "2026-11-24T00:00", "2026-11-24T00:00:00"),
        (Period::BusinessDays(0), "2026-11-24T00:00", "2026-11-24T00:00:00"),
        // The end of Monday, 28 December; the 25th is a holiday.
        (Period::BusinessDays(1), "2026-12-29T00:00", "2026-12-28T00:00:00"),
        (Period::BusinessDays(2), "2026-12-29T00:00", "2026-12-24T00:00:00"),
        // The end of a Sunday.
        (Period::BusinessDays(1), "2026-12-28T00:00", "2026-12-24T00:00:00"),
    ];
    for (period, end, begin) in table {
        let found = begin_of(period, at(end, "Europe/Berlin"), &christmas, &berlin);
        assert_eq!(local(found, "Europe/Berlin"), begin, "{period:?} before {end}");
    }
}

#[test]
fn a_window_of_days_begins_at_the_end_of_a_day_where_a_midnight_is_missing() {
    let (zone, usual) = ("America/Santiago", Calendar::default());
    // Clocks are put forward at the midnight that ends 5 September 2026: the 6th begins at one in the morning.
    let table = [
        ("2026-09-06T01:00", "2026-08-30T00:00:00"),
        ("2026-09-13T00:00", "2026-09-06T01:00:00"),
        ("2026-09-06T03:00", "2026-08-30T03:00:00"),
        // In the middle of a day it is the same hour, also where it is the first one of a later day.
        ("2026-09-13T01:00", "2026-09-06T01:00:00"),
    ];
    for (end, begin) in table {
        let found = begin_of(Period::WINDOW, at(end, zone), &usual, &TimeZone::get(zone).unwrap());
        assert_eq!(local(found, zone), begin, "before {end}");
    }
}

#[test]
fn where_the_calendar_of_the_program_ends_time_never_runs_out() {
    let usual = Calendar::default();
    for period in [
        Period::Time(SignedDuration::from_hours(24)),
        Period::Days(3),
        Period::BusinessDays(3),
    ] {
        assert_eq!(end_of(period, Timestamp::MAX, &usual, &TimeZone::UTC), Timestamp::MAX);
        assert_eq!(begin_of(period, Timestamp::MIN, &usual, &TimeZone::UTC), Timestamp::MIN);
    }
}

#[test]
fn what_began_before_all_time_is_not_due_after_all_time() {
    let usual = Calendar::default();
    for zone in ["UTC", "Pacific/Kiritimati", "America/Santiago"] {
        let zone = TimeZone::get(zone).unwrap();
        for period in [Period::Days(3), Period::BusinessDays(3)] {
            let end = end_of(period, Timestamp::MIN, &usual, &zone);
            assert!(end < Timestamp::UNIX_EPOCH, "{period:?}: {end}");
        }
    }
    let clock = |since| {
        let report = judged(
            &with("grace: 3 business days"),
            Some(since),
            "2026-11-20T09:00:00Z",
            None,
        );
        report.findings[0].clock.clone()
    };
    let first = Timestamp::MIN.to_string();
    for since in [first.as_str(), "-009999-01-01"] {
        assert_eq!(clock(since).lifecycle, Lifecycle::Failing, "{since}");
    }
    assert_eq!(clock("9999-12-31").since.to_string(), "2026-11-20T09:00:00Z");
}

/// The sample, its first finding with a reason since a time, judged by a project as of a time.
fn judged(more: &str, since: Option<&str>, as_of: &str, baseline: Option<&Reported>) -> Report {
    let mut report = samples::findings();
    report.as_of = as_of.parse().unwrap();
    report.findings.truncate(1);
    report.exceptions.clear();
    report.checks[1].population.fail = 1;
    report.checks[2].population.fail = 0;
    report.findings[0].reasons[0].since = since.map(str::to_owned);
    apply(&mut report, &project(more), baseline).unwrap();
    report
}

fn read_back(report: &Report, verdicts: bool) -> Reported {
    let mut bytes = Vec::new();
    json::render(&samples::adding_up(report.clone()), verdicts, &mut bytes).unwrap();
    Reported::parse("baseline.json", &bytes).unwrap()
}

fn with(grace: &str) -> String {
    format!("timezone: UTC\nchecks: {{offboarded_access_removed: {{{grace}}}}}\n")
}

#[test]
fn a_finding_is_due_then_critical_then_failing() {
    let since = Some("2026-11-01T00:00:00Z");
    let state = |grace: &str, as_of: &str| judged(&with(grace), since, as_of, None).findings[0].clock.lifecycle;
    let table = [
        ("grace: 14d", "2026-11-07T23:59:59Z", Lifecycle::Due),
        ("grace: 14d", "2026-11-08T00:00:00Z", Lifecycle::Critical),
        ("grace: 14d", "2026-11-14T23:59:59.999999999Z", Lifecycle::Critical),
        ("grace: 14d", "2026-11-15T00:00:00Z", Lifecycle::Failing),
        ("grace: 2w, critical: 0d", "2026-11-14T23:59:59Z", Lifecycle::Due),
        ("grace: 2w, critical: 0d", "2026-11-15T00:00:00Z", Lifecycle::Failing),
        ("grace: 14d, critical: 48h", "2026-11-12T23:59:59Z", Lifecycle::Due),
        ("grace: 14d, critical: 48h", "2026-11-13T00:00:00Z", Lifecycle::Critical),
        // The window is longer than the grace.
        ("grace: 1d", "2026-11-01T00:00:00Z", Lifecycle::Critical),
        ("enabled: true", "2026-11-01T00:00:00Z", Lifecycle::Failing),
    ];
    for (grace, as_of, lifecycle) in table {
        assert_eq!(state(grace, as_of), lifecycle, "{grace} as of {as_of}");
        let report = judged(&with(grace), since, as_of, None);
        assert_eq!(
            report.checks[1].worst,
            Some(lifecycle),
            "the check is as far as its finding"
        );
        assert_eq!(
            (report.outcome, report.findings.len()),
            (Exit::Findings, 1),
            "the verdict stays"
        );
    }
}

#[test]
fn a_grace_counts_from_the_earliest_reason_or_from_the_first_run_that_saw_it() {
    let clock = |since: Option<&str>| {
        judged(&with("grace: 2d"), since, "2026-11-20T09:00:00Z", None).findings[0]
            .clock
            .clone()
    };
    let table = [
        (
            Some("2026-11-19T10:00:00Z"),
            "2026-11-19T10:00:00Z",
            "2026-11-22T00:00:00Z",
        ),
        // A day without a time lasts to its end.
        (Some("2026-11-18"), "2026-11-19T00:00:00Z", "2026-11-21T00:00:00Z"),
        // What lies ahead, and what is no time, gives nobody more.
        (
            Some("2026-12-24T10:00:00Z"),
            "2026-11-20T09:00:00Z",
            "2026-11-23T00:00:00Z",
        ),
        (Some("last week"), "2026-11-20T09:00:00Z", "2026-11-23T00:00:00Z"),
        (None, "2026-11-20T09:00:00Z", "2026-11-23T00:00:00Z"),
    ];
    for (stated, since, due) in table {
        let clock = clock(stated);
        assert_eq!(
            (clock.since.to_string(), clock.due.unwrap().to_string()),
            (since.to_owned(), due.to_owned())
        );
        assert_eq!(clock.first_failed_at.to_string(), "2026-11-20T09:00:00Z");
        assert_eq!((clock.is_new, clock.due_before), (None, None));
    }
    let mut report = samples::findings();
    let reason = |since: &str| Reason {
        since: Some(since.to_owned()),
        ..report.findings[0].reasons[0].clone()
    };
    report.findings[0].reasons = vec![reason("2026-11-19T00:00:00Z"), reason("2026-11-03T00:00:00Z")];
    apply(&mut report, &project(&with("grace: 2d")), None).unwrap();
    assert_eq!(report.findings[0].clock.since.to_string(), "2026-11-03T00:00:00Z");
}

#[test]
fn times_are_carried_from_run_to_run() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let second = judged(
        &with("grace: 30d"),
        None,
        "2026-11-08T09:00:00Z",
        Some(&read_back(&first, false)),
    );
    let mut third = samples::findings();
    third.as_of = "2026-11-15T09:00:00Z".parse().unwrap();
    // Its account goes by another name and address now, and the reason is another.
    third.findings[0].subject.email = Some("lena.wolf@example.com".to_owned());
    third.findings[0].subject.name = Some("Lena Wolf".to_owned());
    third.findings[0].reasons[0].code = "invited_after_exit".to_owned();
    third.findings[0].reasons[0].since = None;
    apply(
        &mut third,
        &project(&with("grace: 30d")),
        Some(&read_back(&second, false)),
    )
    .unwrap();
    let clock = &third.findings[0].clock;
    assert_eq!(clock.first_failed_at, first.as_of);
    assert_eq!(clock.due.unwrap().to_string(), "2026-12-02T00:00:00Z");
    assert_eq!((clock.is_new, clock.due_before), (Some(false), None));
    assert_eq!(third.findings[1].clock.is_new, Some(true), "nobody had found it before");
    assert_eq!(third.findings[1].clock.first_failed_at, third.as_of);
    let baseline = third.baseline.unwrap();
    assert_eq!((baseline.as_of, baseline.kept), (second.as_of, vec![]));
}

/// A clock that is ahead, or a policy that names a day to come, does not begin a grace anew at every run.
#[test]
fn a_time_ahead_of_the_run_counts_as_not_stated() {
    let ahead = Some("2026-12-20T00:00:00Z");
    let mut report = judged(&with("grace: 5d"), ahead, "2026-11-01T09:00:00Z", None);
    let table = [
        ("2026-11-04T09:00:00Z", Lifecycle::Critical),
        ("2026-11-10T09:00:00Z", Lifecycle::Failing),
        // That time has come, and the finding was there before.
        ("2026-12-21T09:00:00Z", Lifecycle::Failing),
    ];
    for (as_of, lifecycle) in table {
        report = judged(&with("grace: 5d"), ahead, as_of, Some(&read_back(&report, false)));
        let clock = &report.findings[0].clock;
        assert_eq!(clock.since.to_string(), "2026-11-01T09:00:00Z", "as of {as_of}");
        assert_eq!(
            (clock.due.unwrap().to_string(), clock.lifecycle),
            ("2026-11-07T00:00:00Z".to_owned(), lifecycle)
        );
        assert_eq!(clock.due_before, None);
    }
    // One of its reasons is older.
    let mut both = samples::findings();
    let reason = |since: &str| Reason {
        since: Some(since.to_owned()),
        ..both.findings[0].reasons[0].clone()
    };
    both.findings[0].reasons = vec![reason("2026-12-20T00:00:00Z"), reason("2026-11-03T00:00:00Z")];
    apply(&mut both, &project(&with("grace: 5d")), None).unwrap();
    assert_eq!(both.findings[0].clock.since.to_string(), "2026-11-03T00:00:00Z");
}

#[test]
fn what_was_mended_and_comes_back_begins_anew() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let mut mended = samples::clean();
    mended.as_of = "2026-11-08T09:00:00Z".parse().unwrap();
    say(&mut mended, Verdict::Pass);
    apply(
        &mut mended,
        &project(&with("grace: 30d")),
        Some(&read_back(&first, false)),
    )
    .unwrap();
    assert_eq!(mended.baseline.as_ref().unwrap().kept, []);
    let again = judged(
        &with("grace: 30d"),
        None,
        "2026-11-15T09:00:00Z",
        Some(&read_back(&mended, false)),
    );
    let clock = &again.findings[0].clock;
    assert_eq!((clock.first_failed_at, clock.is_new), (again.as_of, Some(true)));
}

#[test]
fn another_grace_keeps_the_old_day_beside_the_new_one() {
    let clock = |before: &str, now: &str| {
        let first = judged(
            &with(before),
            Some("2026-11-01T00:00:00Z"),
            "2026-11-02T09:00:00Z",
            None,
        );
        let baseline = read_back(&first, false);
        let second = judged(
            &with(now),
            Some("2026-11-01T00:00:00Z"),
            "2026-11-09T09:00:00Z",
            Some(&baseline),
        );
        let clock = second.findings[0].clock.clone();
        let shown = |time: Option<Timestamp>| time.map(|time| time.to_string().replace("T00:00:00Z", ""));
        (shown(clock.due), shown(clock.due_before), clock.lifecycle)
    };
    let some = |day: &str| Some(day.to_owned());
    let table = [
        ("grace: 30d", "grace: 30d", (some("2026-12-01"), None, Lifecycle::Due)),
        // Shortened: over by the new one, and the old one is on record.
        (
            "grace: 30d",
            "grace: 7d",
            (some("2026-11-08"), some("2026-12-01"), Lifecycle::Failing),
        ),
        (
            "grace: 7d",
            "grace: 30d",
            (some("2026-12-01"), some("2026-11-08"), Lifecycle::Due),
        ),
        (
            "grace: 30d",
            "enabled: true",
            (None, some("2026-12-01"), Lifecycle::Failing),
        ),
        // Without a grace it was due at once.
        (
            "enabled: true",
            "grace: 30d",
            (some("2026-12-01"), some("2026-11-01"), Lifecycle::Due),
        ),
        ("enabled: true", "enabled: true", (None, None, Lifecycle::Failing)),
    ];
    for (before, now, expected) in table {
        assert_eq!(clock(before, now), expected, "{before}, then {now}");
    }
}

/// The baseline that has no finding of the sample's first account, and says what a change makes it say.
fn without_it(verdicts: bool, change: impl FnOnce(&mut Report)) -> Option<bool> {
    let mut before = samples::clean();
    before.as_of = "2026-11-19T09:00:00Z".parse().unwrap();
    before.judgements.clear();
    change(&mut before);
    let now = judged(
        &with("grace: 2d"),
        None,
        "2026-11-20T09:00:00Z",
        Some(&read_back(&before, verdicts)),
    );
    now.findings[0].clock.is_new
}

fn undecide(report: &mut Report, check: usize, id: &str, kind: SubjectKind) {
    let (of, mut judgement) = (
        report.checks[check].id.clone(),
        samples::clean().judgements.swap_remove(0),
    );
    judgement.subject.kind = kind;
    judgement.subject.id = id.to_owned();
    judgement.verdict = Verdict::Unknown;
    judgement.check = of;
    report.checks[check].population.unknown += 1;
    report.undecided.push(judgement);
}

fn say(report: &mut Report, verdict: Verdict) {
    let mut judgement = samples::clean().judgements.swap_remove(0);
    judgement.check = report.checks[0].id.clone();
    judgement.verdict = verdict;
    report.judgements.push(judgement);
}

#[test]
fn what_an_earlier_run_could_not_tell_makes_nothing_new() {
    assert_eq!(without_it(false, |_| {}), Some(true));
    let account = SubjectKind::Account;
    // It was undecided there, or by a check that this one may have been left to.
    assert_eq!(
        without_it(false, |report| undecide(report, 0, "pipedrive:17", account)),
        None
    );
    assert_eq!(
        without_it(false, |report| undecide(report, 1, "pipedrive:17", account)),
        None
    );
    assert_eq!(
        without_it(false, |report| undecide(report, 1, "pipedrive", SubjectKind::System)),
        None
    );
    assert_eq!(
        without_it(false, |report| undecide(report, 0, "pipedrive:9", account)),
        Some(true)
    );
    // Another check had something against it, or against its system, and this one left some to others.
    fn accused(report: &mut Report, blocked: u64, kind: SubjectKind, id: &str) {
        let mut finding = samples::findings().findings.swap_remove(2);
        (finding.subject.kind, finding.subject.id) = (kind, id.to_owned());
        finding.clock = Clock::at_once(report.as_of, None);
        report.checks[1].population.fail = 1;
        report.checks[0].population.blocked = blocked;
        report.findings.push(finding);
        report.settle();
    }
    assert_eq!(
        without_it(false, |report| accused(report, 1, account, "pipedrive:17")),
        None
    );
    assert_eq!(
        without_it(false, |report| accused(report, 1, SubjectKind::System, "pipedrive")),
        None
    );
    assert_eq!(
        without_it(false, |report| accused(report, 1, account, "pipedrive:9")),
        Some(true)
    );
    assert_eq!(
        without_it(false, |report| accused(report, 0, account, "pipedrive:17")),
        Some(true)
    );
    // It may not have been read, or nobody asked.
    let unproved = |report: &mut Report| report.checks[0].population.unproved = Some("page 2 of 3".to_owned());
    assert_eq!(without_it(false, unproved), None);
    assert_eq!(without_it(false, |report| report.checks[0].ran = false), None);
    assert_eq!(without_it(false, |report| _ = report.checks.remove(0)), None);
    assert_eq!(
        without_it(false, |report| report.checks[0].system = Some("other".to_owned())),
        None
    );
}

#[test]
fn where_every_verdict_is_there_it_is_asked() {
    let verdict = |verdict: Verdict, more: fn(&mut Report)| {
        without_it(true, |report| {
            say(report, verdict);
            more(report);
        })
    };
    let unproved = |report: &mut Report| report.checks[0].population.unproved = Some("page 2 of 3".to_owned());
    let undecided = |report: &mut Report| undecide(report, 1, "pipedrive:17", SubjectKind::Account);
    assert_eq!(verdict(Verdict::Pass, unproved), Some(true));
    assert_eq!(verdict(Verdict::Pass, undecided), Some(true));
    assert_eq!(verdict(Verdict::NotApplicable, undecided), Some(true));
    assert_eq!(verdict(Verdict::Blocked, |_| {}), None, "it was left to another check");
    assert_eq!(verdict(Verdict::Unknown, undecided), None);
    assert_eq!(
        without_it(true, |_| {}),
        Some(true),
        "it was not there, and everybody was read"
    );
    assert_eq!(without_it(true, unproved), None);
}

/// A run that cannot judge an account again does not stop its clock.
#[test]
fn times_are_kept_over_a_run_that_could_not_tell() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let fingerprint = first.findings[0].fingerprint.clone();
    let after = |change: fn(&mut Report)| {
        let mut report = samples::clean();
        report.as_of = "2026-11-08T09:00:00Z".parse().unwrap();
        change(&mut report);
        apply(
            &mut report,
            &project(&with("grace: 30d")),
            Some(&read_back(&first, false)),
        )
        .unwrap();
        report
    };
    let could_not_tell: [fn(&mut Report); 5] = [
        |report| {
            // Nobody knows whose it is any more, and whether it should be there is left to that.
            let mut finding = samples::findings().findings.swap_remove(2);
            finding.subject = samples::findings().findings.swap_remove(0).subject;
            (report.checks[0].population.blocked, report.checks[1].population.fail) = (1, 1);
            report.findings.push(finding);
        },
        |report| undecide(report, 0, "pipedrive:17", SubjectKind::Account),
        |report| report.checks[0].population.unproved = Some("page 2 of 3".to_owned()),
        |report| report.checks[0].ran = false,
        |report| _ = report.checks.remove(0),
    ];
    for change in could_not_tell {
        let between = after(change);
        let kept = &between.baseline.as_ref().unwrap().kept;
        assert_eq!(kept.len(), 1);
        assert_eq!(
            (kept[0].fingerprint.as_str(), kept[0].first_failed_at),
            (fingerprint.as_str(), first.as_of)
        );
        assert_eq!(kept[0].due.unwrap().to_string(), "2026-12-02T00:00:00Z");
        // Twice in a row, and then it is found again.
        let mut again = after(change);
        apply(
            &mut again,
            &project(&with("grace: 30d")),
            Some(&read_back(&between, false)),
        )
        .unwrap();
        let last = judged(
            &with("grace: 30d"),
            None,
            "2026-11-15T09:00:00Z",
            Some(&read_back(&again, true)),
        );
        let clock = &last.findings[0].clock;
        assert_eq!(
            (clock.first_failed_at, clock.is_new, clock.due_before),
            (first.as_of, Some(false), None)
        );
        assert_eq!(last.baseline.unwrap().kept, []);
    }
    let mended = after(|report| say(report, Verdict::Pass));
    assert_eq!(mended.baseline.unwrap().kept, [], "it is mended");
}

/// Only a pass, and a subject that is proved to be gone, let a clock begin anew.
#[test]
fn what_is_no_longer_asked_keeps_its_times() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let whom = first.findings[0].subject.clone();
    let is_kept = |verdict: Option<Verdict>, seen: bool, change: fn(&mut Report)| {
        let mut report = samples::clean();
        report.as_of = "2026-11-08T09:00:00Z".parse().unwrap();
        report.judgements.clear();
        change(&mut report);
        // Neither is written into the report.
        let mut verdicts = Verdicts::new();
        if let Some(verdict) = verdict {
            verdicts.insert(("offboarded_access_removed", whom.kind, &whom.id), verdict);
        }
        if seen {
            verdicts.insert(("user_identified", whom.kind, &whom.id), Verdict::Fail);
        }
        let baseline = read_back(&first, false);
        super::apply(&mut report, &project(&with("grace: 30d")), Some(&baseline), &verdicts).unwrap();
        !report.baseline.unwrap().kept.is_empty()
    };
    let as_it_is: fn(&mut Report) = |_| {};
    assert!(!is_kept(Some(Verdict::Pass), true, as_it_is));
    for verdict in [
        Verdict::NotApplicable,
        Verdict::Blocked,
        Verdict::Unknown,
        Verdict::Error,
    ] {
        assert!(is_kept(Some(verdict), true, as_it_is), "{verdict:?}");
    }
    // It passed, whatever others say of it and of whoever else.
    let troubled: fn(&mut Report) = |report| {
        report.checks[0].population.blocked = 2;
        report.checks[1].population.unproved = Some("page 2 of 3".to_owned());
        undecide(report, 1, "pipedrive:17", SubjectKind::Account);
    };
    assert!(!is_kept(Some(Verdict::Pass), true, troubled));
    assert!(is_kept(None, true, troubled), "it was not asked of it");
    // Nobody judged it.
    assert!(!is_kept(None, false, as_it_is), "it is gone");
    let unproved: fn(&mut Report) = |report| {
        for check in &mut report.checks {
            check.population.unproved = Some("page 2 of 3".to_owned());
        }
    };
    assert!(is_kept(None, false, unproved), "it may be there");
    // Its check is there no more, or does not run.
    for change in [(|report| _ = report.checks.remove(0)) as fn(&mut Report), |report| {
        report.checks[0].ran = false
    }] {
        assert!(is_kept(None, true, change), "it is there");
        assert!(!is_kept(None, false, change), "it is gone, as another check proves");
    }
    let elsewhere: fn(&mut Report) = |report| {
        report.checks.remove(0);
        report.checks[0].system = Some("other".to_owned());
    };
    assert!(is_kept(None, false, elsewhere), "nobody read its system");
    let of_staff: fn(&mut Report) = |report| {
        report.checks.remove(0);
        report.checks[0].subject = SubjectKind::Staff;
    };
    assert!(is_kept(None, false, of_staff));
}

#[test]
fn a_report_of_elsewhere_or_of_later_is_no_baseline() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let baseline = read_back(&first, false);
    assert_eq!(hold(&baseline, &project("timezone: UTC\n")), Ok(()));
    let mut other = baseline.clone();
    other.organisation = "Other".to_owned();
    let error = hold(&other, &project("timezone: UTC\n")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the baseline is a report on `Other`, and this project is that of `Acme`"
    );
    let mut same = samples::findings();
    same.as_of = first.as_of;
    assert_eq!(
        apply(&mut same, &project("timezone: UTC\n"), Some(&baseline)),
        Ok(()),
        "the same time is not later"
    );
    same.as_of = "2026-11-01T08:59:59Z".parse().unwrap();
    let error = apply(&mut same, &project("timezone: UTC\n"), Some(&baseline)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the baseline speaks of 2026-11-01T09:00:00Z, and this run of 2026-11-01T08:59:59Z, which is earlier: times would run backwards"
    );
}

/// The account 17 of another tenant is somebody else, and its fingerprint is the same.
#[test]
fn a_report_on_another_tenant_is_no_baseline() {
    let first = judged(&with("grace: 30d"), None, "2026-11-01T09:00:00Z", None);
    let error = |change: fn(&mut Report)| {
        let mut before = first.clone();
        change(&mut before);
        let mut now = samples::findings();
        let applied = apply(&mut now, &project("timezone: UTC\n"), Some(&read_back(&before, false)));
        applied.err().map(|error| error.to_string())
    };
    assert_eq!(
        error(|before| before.systems_read[0].tenant = Some("other".to_owned())).unwrap(),
        "the baseline is a report on another system: its `pipedrive` is `other` of `pipedrive`, and that of this run is `acme` of `pipedrive`"
    );
    assert_eq!(
        error(|before| {
            before.systems_read[0].tenant = None;
            before.systems_read[0].product = "other".to_owned();
        })
        .unwrap(),
        "the baseline is a report on another system: its `pipedrive` is one of `other`, and that of this run is `acme` of `pipedrive`"
    );
    let same: [fn(&mut Report); 4] = [
        |_| {},
        |before| before.systems_read[0].tenant = Some(" ACME".to_owned()),
        |before| before.systems_read[0].tenant = None,
        |before| before.systems_read.clear(),
    ];
    for change in same {
        assert_eq!(error(change), None);
    }
}

#[test]
fn holidays_that_run_out_are_a_notice() {
    let told = |settings: &str, since: &str, more: &str| -> Vec<String> {
        let project = format!("{}{more}", with(settings));
        let report = judged(&project, Some(since), "2026-12-28T09:00:00Z", None);
        let notices = report.notices.into_iter();
        let ours = notices.filter(|notice| notice.code == "holidays_run_out");
        ours.map(|notice| format!("{}: {}", notice.place.unwrap(), notice.message))
            .collect()
    };
    let notices = |more: &str| told("grace: 5 business days", "2026-12-28T08:00:00Z", more);
    let after = "rolecall.yaml:5:11: business days of 2027 are counted, and `calendar` names no holiday after 2026: add those of 2027";
    let before = "rolecall.yaml:5:11: business days of 2025 are counted, and `calendar` names no holiday before 2026: add those of 2025";
    assert_eq!(notices("calendar: {holidays: [2026-12-25]}\n"), [after]);
    assert_eq!(notices("calendar: {holidays: [2026-12-25, 2027-01-01]}\n"), [""; 0]);
    assert_eq!(notices("calendar: {weekend: [friday, saturday]}\n"), [""; 0]);
    assert_eq!(notices(""), [""; 0]);
    let known = |settings: &str, since: &str| told(settings, since, "calendar: {holidays: [2026-12-25]}\n");
    // A window is counted in business days as a grace is; days, weeks and hours know no holidays.
    let since = "2026-12-20T08:00:00Z";
    assert_eq!(known("grace: 20d, critical: 2 business days", since), [after]);
    assert_eq!(known("grace: 20d, critical: 2d", since), [""; 0]);
    assert_eq!(known("grace: 20d, critical: 0 business days", since), [""; 0]);
    // What began before the years that are named.
    let grace = "grace: 5 business days, critical: 1d";
    assert_eq!(known(grace, "2025-12-29T08:00:00Z"), [before]);
    assert_eq!(known(grace, "2019-11-04T08:00:00Z").len(), 1);
    assert_eq!(known(grace, "2025-12-31T08:00:00Z"), [""; 0], "that day is not counted");
    assert_eq!(
        known("grace: 250 business days, critical: 1d", "2025-12-29T08:00:00Z"),
        [before]
    );
    assert_eq!(
        known("grace: 280 business days, critical: 1d", "2025-12-29T08:00:00Z"),
        [before, after]
    );
    let window = "grace: 5d, critical: 3 business days";
    assert_eq!(known(window, "2025-12-29T08:00:00Z"), [before]);
    assert_eq!(known(window, "2026-01-29T08:00:00Z"), [""; 0]);
}
