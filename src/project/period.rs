//! Periods that end with a day, business days, and which days those are.
//!
//! Unlike an age, which is measured, a period is what a person was promised: `24h` are 24 hours, `1d` is until the end of
//! the next day. What ends when is for `lifecycle` to work out; here is what can be written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::file;
use super::load::{Context, ProjectError};
use super::values::{self, Wrong};
use crate::error::Place;
use crate::yaml::{Shape, Spanned};

/// Longer than this, nobody is meant to mend anything.
const LONGEST: i32 = 366;

/// How long something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So long, to the second.
    Time(SignedDuration),
    /// So many days of the calendar.
    Days(i32),
    /// So many days that are neither of the weekend nor holidays.
    BusinessDays(i32),
}

impl Period {
    /// How long before it is due a finding is critical, where nobody says otherwise.
    pub const WINDOW: Self = Self::Days(7);
}

/// Which days are business days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// At most six.
    weekend: Vec<Weekday>,
    /// Days on which nobody works, whatever day of the week they are.
    holidays: BTreeSet<Date>,
    /// Where it stands; null where the project says nothing.
    pub place: Option<Place>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: BTreeSet::new(),
            place: None,
        }
    }
}

impl Calendar {
    /// Whether people work on a day.
    pub fn is_business_day(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The first year of which it names a holiday.
    pub fn first_year(&self) -> Option<i16> {
        self.holidays.first().map(|day| day.year())
    }

    /// The last year of which it names a holiday.
    pub fn last_year(&self) -> Option<i16> {
        self.holidays.last().map(|day| day.year())
    }
}

/// A period such as `36h`, `3d`, `1w` or `5 business days`.
pub(super) fn period(key: &str, written: &str) -> Result<Period, Wrong> {
    let wrong = |why: &str| {
        (
            format!("`{key}` is `{written}`, which is {why}"),
            "write hours, days, weeks or business days: `36h`, `3d`, `1w`, `5 business days`".to_owned(),
        )
    };
    let held = |days: i32| match days {
        days if days > LONGEST => Err(wrong("longer than a year")),
        days => Ok(days),
    };
    let words: Vec<&str> = written.split_whitespace().collect();
    if let [number, "business", "day" | "days"] = words[..] {
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("no number of business days"));
        }
        // More digits than a number holds are more days than a year has.
        return held(number.parse().unwrap_or(i32::MAX)).map(Period::BusinessDays);
    }
    let span: Span = written.parse().map_err(|_| wrong("no period"))?;
    if span.is_negative() {
        return Err(wrong("negative"));
    }
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err(wrong("of no fixed length"));
    }
    let (weeks, days) = (span.get_weeks(), span.get_days());
    let time = span.weeks(0).days(0);
    match (weeks.saturating_mul(7).saturating_add(days), time.is_zero()) {
        (0, _) => {
            let time = time
                .to_duration(SpanRelativeTo::days_are_24_hours())
                .map_err(|_| wrong("of no fixed length"))?;
            held(i32::try_from(time.as_hours() / 24).unwrap_or(i32::MAX))?;
            Ok(Period::Time(time))
        }
        (days, true) => held(days).map(Period::Days),
        (_, false) => Err(wrong("of days, which end with a day, and of hours, which do not")),
    }
}

/// A period in which something can be mended.
pub(super) fn grace(written: &str) -> Result<Period, Wrong> {
    match period("grace", written)? {
        Period::Time(SignedDuration::ZERO) | Period::Days(0) | Period::BusinessDays(0) => Err((
            format!("`grace` is `{written}`, which is no time at all"),
            "leave `grace` out: without it a finding is failing at once".to_owned(),
        )),
        period => Ok(period),
    }
}

/// `calendar:`.
pub(super) fn calendar(context: &Context, written: Option<&Spanned<file::Calendar>>) -> Result<Calendar, ProjectError> {
    let usual = Calendar::default();
    let Some(written) = written else { return Ok(usual) };
    let weekend = match &written.value.weekend {
        Some(days) => weekend(context, days)?,
        None => usual.weekend,
    };
    let mut holidays: BTreeMap<Date, &Spanned<Shape<file::Holiday>>> = BTreeMap::new();
    for holiday in &written.value.holidays {
        let day = match &holiday.value {
            Shape::Text(day) => context.at(holiday, values::date("holidays", day))?,
            Shape::Map(holiday) => context.at(&holiday.day, values::date("day", &holiday.day.value))?,
            Shape::List(_) => {
                let help = "write a day as `2026-12-25`, or as `{day: 2026-12-25, name: Christmas Day}`";
                return Err(context.wrong(holiday, "a holiday is one day, not a list", help));
            }
        };
        if let Some(first) = holidays.insert(day, holiday) {
            let message = format!("the holiday `{day}` is here twice");
            let help = format!("it is already on line {}: remove it here", first.referenced.line());
            return Err(context.wrong(holiday, message, help));
        }
    }
    let calendar = Calendar {
        weekend,
        holidays: holidays.keys().copied().collect(),
        place: Some(context.place(written)),
    };
    for (day, holiday) in &holidays {
        let year = day.first_of_year().series(Span::new().days(1));
        if !year
            .take_while(|one| one.year() == day.year())
            .any(|one| calendar.is_business_day(one))
        {
            let message = format!("no day of {} is a business day", day.year());
            return Err(context.wrong(holiday, message, "remove holidays, or days of the weekend"));
        }
    }
    Ok(calendar)
}

fn weekend(context: &Context, written: &[Spanned<file::DayOfWeek>]) -> Result<Vec<Weekday>, ProjectError> {
    let mut days = Vec::new();
    for written in written {
        let day = written.value.weekday();
        if days.contains(&day) {
            return Err(context.wrong(written, "a day of the weekend is here twice", "keep it once"));
        }
        days.push(day);
        if days.len() == 7 {
            let help = "leave at least one day on which people work";
            return Err(context.wrong(written, "every day is of the weekend", help));
        }
    }
    Ok(days)
}
