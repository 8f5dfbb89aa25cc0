//! Whether somebody works here at one moment, from one row's word and dates.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::when;
use crate::snapshot::RecordedStatus;

/// Somebody's status at the time of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Works here.
    Current,
    /// Hired, not here yet.
    NotStarted,
    /// On leave, and still staff.
    OnLeave,
    /// Suspended, and still staff.
    Suspended,
    /// Has left.
    Offboarded,
    /// Nobody: the account is linked to no one.
    None,
    /// The roster's word is not understood.
    Unknown,
}

impl Status {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Current => "current",
            Status::NotStarted => "not_started",
            Status::OnLeave => "on_leave",
            Status::Suspended => "suspended",
            Status::Offboarded => "offboarded",
            Status::None => "none",
            Status::Unknown => "unknown",
        }
    }

    /// Whether they are employed now, at work or not.
    pub const fn is_employed(self) -> bool {
        matches!(self, Status::Current | Status::OnLeave | Status::Suspended)
    }
}

/// When and why somebody left, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The end of the last day, half-open: from this instant on they have left. May lie ahead.
    pub at: Option<Timestamp>,
    /// The last working day.
    pub last_day: Option<Date>,
    /// What says so.
    pub cause: Cause,
    /// Whether something else on the roster says otherwise.
    pub conflict: bool,
}

impl Exit {
    /// No exit is known.
    pub const NONE: Exit = Exit {
        at: None,
        last_day: None,
        cause: Cause::None,
        conflict: false,
    };
}

/// What says that somebody left or will.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The recorded status.
    Status,
    /// The last day.
    Date,
    /// The end of the contract.
    ContractEnd,
    /// Nothing.
    None,
}

/// What a roster states of one employment.
#[derive(Debug, Clone, Copy)]
pub struct Stated {
    /// What the recorded word means.
    pub status: RecordedStatus,
    /// First day.
    pub start: Option<Date>,
    /// Last working day.
    pub last_day: Option<Date>,
    /// Last day of a contract with an end.
    pub contract_end: Option<Date>,
}

/// What follows from it at the time of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The status.
    pub status: Status,
    /// The start of the first day.
    pub started: Option<Timestamp>,
    /// When and why it ended, or will.
    pub exit: Exit,
    /// Code and words of what a person should look at.
    pub remarks: Vec<(&'static str, String)>,
}

impl Standing {
    /// Whether the employment may have lasted at an instant. An end without a date excludes nothing.
    pub fn overlaps(&self, at: Timestamp) -> bool {
        self.started.is_none_or(|start| start <= at) && self.exit.at.is_none_or(|end| at < end)
    }
}

/// Weighs one employment's word and dates against the time. A day ends in `zone`.
pub fn standing(stated: &Stated, zone: &TimeZone, now: Timestamp, date_implies_exit: bool) -> Standing {
    let started = stated.start.and_then(|day| when::start_of(day, zone));
    let starts_later = started.is_some_and(|start| start > now);
    let mut remarks = Vec::new();
    let (status, exit) = match stated.status {
        RecordedStatus::Offboarded => recorded_exit(stated, zone, now, &mut remarks),
        RecordedStatus::Unknown => dated_exit(stated, zone, now, date_implies_exit, &mut remarks),
        _ => match earlier_exit(stated, zone, now).filter(|_| starts_later) {
            Some(exit) => {
                let message = "the last day is over, and the first lies ahead: they have left until then";
                remarks.push(("last_day_before_start", message.to_owned()));
                (Status::Offboarded, exit)
            }
            None => dated_exit(stated, zone, now, date_implies_exit, &mut remarks),
        },
    };
    if is_far_ahead(&exit, zone, now) {
        let day = exit.last_day.map(|day| day.to_string()).unwrap_or_default();
        let message = format!("the last day ({day}) is more than a year ahead: they count as staff until then");
        remarks.push(("exit_far_ahead", message));
    }
    // The employment that is over began on a day that nobody stated.
    let started = started.filter(|start| status != Status::Offboarded || *start <= now);
    let status = match status {
        Status::Current | Status::OnLeave | Status::Suspended if starts_later => Status::NotStarted,
        other => other,
    };
    if status == Status::NotStarted && started.is_some_and(|start| start <= now) {
        remarks.push((
            "not_started_after_start",
            "the roster says not started, but the first day has come".to_owned(),
        ));
    }
    Standing {
        status,
        started,
        exit,
        remarks,
    }
}

/// The end of an employment before the one that the row begins with: somebody who left and will come back.
fn earlier_exit(stated: &Stated, zone: &TimeZone, now: Timestamp) -> Option<Exit> {
    let start = stated.start?;
    let ends = [
        (stated.last_day, Cause::Date),
        (stated.contract_end, Cause::ContractEnd),
    ];
    ends.into_iter().find_map(|(day, cause)| {
        let last_day = day.filter(|day| *day < start)?;
        let at = when::end_of(last_day, zone).filter(|end| *end <= now)?;
        Some(Exit {
            at: Some(at),
            last_day: Some(last_day),
            cause,
            conflict: false,
        })
    })
}

/// Whether a last day is so far ahead that its year is likely wrong. Contracts do end in years.
fn is_far_ahead(exit: &Exit, zone: &TimeZone, now: Timestamp) -> bool {
    let in_a_year = zone.to_datetime(now).date().saturating_add(1.year());
    exit.cause != Cause::ContractEnd && exit.last_day.is_some_and(|day| day > in_a_year)
}

/// The roster says that they left. A last day ahead is an exit announced: it has not happened yet.
fn recorded_exit(
    stated: &Stated,
    zone: &TimeZone,
    now: Timestamp,
    remarks: &mut Vec<(&'static str, String)>,
) -> (Status, Exit) {
    let contract_over = |day: &Date| when::end_of(*day, zone).is_some_and(|end| end <= now);
    let last_day = stated.last_day.or_else(|| stated.contract_end.filter(contract_over));
    let at = last_day.and_then(|day| when::end_of(day, zone));
    if at.is_none() {
        let message = "the roster says that they left, but not when: they count as gone already".to_owned();
        remarks.push(("exit_without_date", message));
    }
    let status = if at.is_some_and(|end| end > now) {
        Status::Current
    } else {
        Status::Offboarded
    };
    (
        status,
        Exit {
            at,
            last_day,
            cause: Cause::Status,
            conflict: false,
        },
    )
}

/// The roster does not say that they left: the dates may.
fn dated_exit(
    stated: &Stated,
    zone: &TimeZone,
    now: Timestamp,
    date_implies_exit: bool,
    remarks: &mut Vec<(&'static str, String)>,
) -> (Status, Exit) {
    let recorded = match stated.status {
        RecordedStatus::OnLeave => Status::OnLeave,
        RecordedStatus::Suspended => Status::Suspended,
        RecordedStatus::NotStarted => Status::NotStarted,
        RecordedStatus::Unknown => Status::Unknown,
        RecordedStatus::Current | RecordedStatus::NotStated | RecordedStatus::Offboarded => Status::Current,
    };
    // An end before the first day belongs to an earlier employment: a rehire on the same row.
    let of_this = |day: &Date| stated.start.is_none_or(|start| *day >= start);
    let last_day = stated.last_day.filter(of_this);
    let contract_end = stated.contract_end.filter(of_this);
    if last_day != stated.last_day {
        let message = "the last day is before the first: it is taken for the end of an earlier employment";
        remarks.push(("last_day_before_start", message.to_owned()));
    }
    if contract_end != stated.contract_end {
        let message = "the contract ends before the first day: it is taken for that of an earlier employment";
        remarks.push(("contract_end_before_start", message.to_owned()));
    }
    let ending = |day: Option<Date>, cause| {
        let at = when::end_of(day?, zone)?;
        Some(Exit {
            at: Some(at),
            last_day: day,
            cause,
            conflict: false,
        })
    };
    let by_date = ending(last_day, Cause::Date);
    let by_contract = ending(contract_end, Cause::ContractEnd);
    let reached = |exit: &Exit| exit.at.is_some_and(|end| end <= now);
    // Of two ends the first one counts; a last day outranks a contract that ends the same day.
    let first = |a: Option<Exit>, b: Option<Exit>| match (a, b) {
        (Some(a), Some(b)) => Some(if b.at < a.at { b } else { a }),
        (a, b) => a.or(b),
    };
    if recorded == Status::Unknown {
        return (Status::Unknown, first(by_date, by_contract).unwrap_or(Exit::NONE));
    }
    let contradicted = by_date.as_ref().is_some_and(reached) && stated.status != RecordedStatus::NotStated;
    let Some(exit) = first(by_date.clone(), by_contract.clone()) else {
        return (recorded, Exit::NONE);
    };
    if !reached(&exit) {
        return (recorded, exit);
    }
    if !contradicted || exit.cause == Cause::ContractEnd {
        return (Status::Offboarded, exit);
    }
    let day = last_day.map(|day| day.to_string()).unwrap_or_default();
    let word = if date_implies_exit {
        "the date counts"
    } else {
        "the status counts"
    };
    remarks.push((
        "exit_date_but_active",
        format!("the last day ({day}) is over, but the status says otherwise: {word}"),
    ));
    let exit = Exit { conflict: true, ..exit };
    if date_implies_exit {
        return (Status::Offboarded, exit);
    }
    match by_contract.filter(reached) {
        Some(contract) => (Status::Offboarded, contract),
        None => (recorded, exit),
    }
}
