//! `exceptions:`: findings that are accepted for a time, here or in a separate file.
//!
//! Two entries never speak of one finding: it has one reason why it is accepted, one who did it, and one end.

mod insert;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub use insert::{NewException, insert};

use super::load::{Context, ProjectError, ReadFile, version};
use super::values::Wrong;
use super::{disk, file, values};
use crate::digest;
use crate::error::{Place, said};
use crate::yaml::{self, Spanned, Text};

/// How many days after the day it was taken an exception may last.
pub const MOST_DAYS: i32 = 365;

/// One entry of `exceptions:`.
#[derive(Debug, Clone)]
pub struct ExceptionEntry {
    /// The check whose findings it accepts.
    pub check: String,
    /// The subject's id, or a pattern of ids, as written.
    pub subject: String,
    /// The only reason it accepts; null where it accepts whatever the check finds.
    pub reason_code: Option<String>,
    /// Why the risk is taken.
    pub reason: String,
    /// Who takes it: a staff id or an address, as written.
    pub approved_by: String,
    /// The day it was taken.
    pub created: Date,
    /// The last day of it.
    pub expires: Date,
    /// The start of the one day in the project's zone.
    pub begins_at: Timestamp,
    /// The end of the other.
    pub ends_at: Timestamp,
    /// Where it was decided.
    pub ticket: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// Where its check is named.
    pub check_place: Place,
    /// Where its reason code is named.
    pub code_place: Option<Place>,
}

/// A separate file of exceptions.
#[derive(Debug, Clone)]
pub struct ExceptionsFile {
    /// As a path from the working directory.
    pub file: PathBuf,
    /// Digest of the file's bytes, lower-case hex.
    pub sha256: String,
}

impl ExceptionEntry {
    /// Whether it speaks of a subject.
    pub fn fits(&self, subject: &str) -> bool {
        pattern::fits(&self.subject, subject)
    }

    /// Whether it speaks of a pattern of subjects.
    pub fn is_pattern(&self) -> bool {
        pattern::is_pattern(&self.subject)
    }

    /// The keys under which two entries say different things.
    pub fn differs_in(&self, other: &Self) -> Vec<&'static str> {
        let keys = [
            ("check", self.check == other.check),
            ("subject", self.subject == other.subject),
            ("reason_code", self.reason_code == other.reason_code),
            ("reason", self.reason == other.reason),
            ("approved_by", self.approved_by == other.approved_by),
            ("created", self.created == other.created),
            ("expires", self.expires == other.expires),
            ("ticket", self.ticket == other.ticket),
        ];
        keys.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
    }

    /// Whether a finding is possible that both would accept.
    pub fn overlaps(&self, other: &Self) -> bool {
        let codes = match (&self.reason_code, &other.reason_code) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.check == other.check && codes && pattern::meet(&self.subject, &other.subject)
    }
}

/// Holds the days of an exception against each other.
///
/// # Errors
/// A message and its help line.
pub fn hold_days(created: Date, expires: Date) -> Result<(), Wrong> {
    if expires < created {
        return Err((
            format!("`expires` is `{expires}`, which is before `created`, `{created}`"),
            "write the day it was taken and the last day of it".to_owned(),
        ));
    }
    let last = created.saturating_add(MOST_DAYS.days());
    if expires > last {
        return Err((
            format!("`expires` is `{expires}`, more than {MOST_DAYS} days after `created`, `{created}`"),
            format!("write {last} at the latest, and look at it again then"),
        ));
    }
    Ok(())
}

/// A day as `2026-11-20`.
///
/// # Errors
/// A message and its help line.
pub fn day(key: &str, written: &str) -> Result<Date, Wrong> {
    values::date(key, written)
}

pub(super) fn resolve(
    context: &Context<'_>,
    written: Option<&Spanned<file::Exceptions>>,
    read: ReadFile<'_>,
) -> Result<(Vec<ExceptionEntry>, Option<ExceptionsFile>), ProjectError> {
    let Some(written) = written else {
        return Ok((Vec::new(), None));
    };
    let Text(path) = match &written.value {
        file::Exceptions::Here(entries) => return Ok((all(context, entries)?, None)),
        file::Exceptions::File(path) => path,
    };
    let path = values::path(context.folder, path);
    let name = path.display().to_string();
    let bytes = read(&path).map_err(|error| {
        let message = format!("cannot read the exceptions file {name}: {}", said(&error, "file"));
        context.wrong(written, message, "name a file that you may read, or leave the line out")
    })?;
    let text = disk::text(&path, &bytes)?;
    version(&name, text, "exceptions")?;
    let file: file::ExceptionsFile = yaml::read(&name, text)?;
    let of_file = Context {
        file: &name,
        folder: context.folder,
        zone: context.zone.clone(),
        sources: context.sources.clone(),
        systems: context.systems.clone(),
    };
    let entries = all(&of_file, &file.exceptions)?;
    let sha256 = digest::of(&bytes);
    Ok((entries, Some(ExceptionsFile { file: path, sha256 })))
}

fn all(context: &Context<'_>, written: &[Spanned<file::Exception>]) -> Result<Vec<ExceptionEntry>, ProjectError> {
    let entries = written
        .iter()
        .map(|written| one(context, written))
        .collect::<Result<Vec<_>, _>>()?;
    match first_overlap(&entries) {
        None => Ok(entries),
        Some((first, second)) => Err(overlap(&entries[first], &entries[second])),
    }
}

fn one(context: &Context<'_>, written: &Spanned<file::Exception>) -> Result<ExceptionEntry, ProjectError> {
    let entry = &written.value;
    let subject = &entry.subject.value.0;
    if pattern::is_pattern(subject) && !pattern::is_narrow(subject) {
        let help = format!(
            "write an id, or a pattern of the ids of one system that names at least {} letters or digits of them in one piece: `system:abc*`",
            pattern::LEAST
        );
        return Err(context.wrong(&entry.subject, format!("the subject `{subject}` fits too much"), help));
    }
    let created = context.at(&entry.created, values::date("created", &entry.created.value))?;
    let expires = context.at(&entry.expires, values::date("expires", &entry.expires.value))?;
    context.at(&entry.expires, hold_days(created, expires))?;
    let start = |day: Option<Date>, at: &Spanned<String>| {
        day.and_then(|day| start_of(day, &context.zone)).ok_or_else(|| {
            let message = format!("`{}` is a day without an end in the time zone", at.value);
            context.wrong(at, message, "write another day")
        })
    };
    Ok(ExceptionEntry {
        check: entry.check.value.0.clone(),
        subject: subject.clone(),
        reason_code: entry.reason_code.as_ref().map(|code| code.value.0.clone()),
        reason: entry.reason.0.clone(),
        approved_by: entry.approved_by.0.clone(),
        created,
        expires,
        begins_at: start(Some(created), &entry.created)?,
        ends_at: start(expires.tomorrow().ok(), &entry.expires)?,
        ticket: entry.ticket.as_ref().map(|Text(ticket)| ticket.clone()),
        place: context.place(written),
        check_place: context.place(&entry.check),
        code_place: entry.reason_code.as_ref().map(|code| context.place(code)),
    })
}

fn start_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned_datetime(zone.clone()).ok().map(|start| start.timestamp())
}

/// The first entry that another one before it already speaks of, by position: that one, and the entry.
fn first_overlap(entries: &[ExceptionEntry]) -> Option<(usize, usize)> {
    let mut by_check: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let beginning = pattern::beginning(&entry.subject);
        by_check.entry(&entry.check).or_default().push((beginning, index));
    }
    let mut found: Option<(usize, usize)> = None;
    for mut sorted in by_check.into_values() {
        sorted.sort_unstable();
        for (position, (beginning, index)) in sorted.iter().enumerate() {
            // Whatever an entry can meet begins as it does, and stands right behind it.
            let entry = &entries[*index];
            let of_it = |(other, _): &&(&str, usize)| match entry.is_pattern() {
                true => other.starts_with(beginning),
                false => other == beginning,
            };
            let behind = sorted[position + 1..].iter().take_while(of_it);
            for (_, other) in behind.filter(|(_, other)| entry.overlaps(&entries[*other])) {
                let (first, second) = ((*index).min(*other), (*index).max(*other));
                if found.is_none_or(|(before, at)| (second, first) < (at, before)) {
                    found = Some((first, second));
                }
            }
        }
    }
    found
}

fn overlap(first: &ExceptionEntry, second: &ExceptionEntry) -> ProjectError {
    let (check, subject) = (&second.check, &second.subject);
    let message = match (&first.reason_code, &second.reason_code) {
        _ if first.subject != *subject => {
            format!(
                "`{subject}` and `{}` can accept one finding of `{check}`",
                first.subject
            )
        }
        (None, Some(code)) | (Some(code), None) => {
            format!("`{subject}` has two exceptions for `{check}`: one for `{code}`, and one for whatever is found")
        }
        _ => format!("`{subject}` has two exceptions for `{check}`"),
    };
    let line = first.place.line;
    ProjectError::Wrong {
        place: second.place.clone(),
        message,
        help: Some(format!(
            "the first is on line {line}: keep one of them, or give each a `reason_code` of its own"
        )),
    }
}
