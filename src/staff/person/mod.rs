//! One person, from the rows that are theirs.

mod choose;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Timestamp, tz::TimeZone};

use self::choose::Chosen;
use super::standing::{Standing, Stated, Status, standing};
use super::{Exit, Words, departments, key};
use crate::finding::Notice;
use crate::project::Project;
use crate::snapshot::{Employment, Staff};

/// Somebody on the roster.
#[derive(Debug, Clone)]
pub struct Person {
    /// Stable and unique: the employee id, else the primary address, else the place of the row.
    pub key: String,
    /// The employee id, as written.
    pub id: Option<String>,
    /// As the most trusted source that has one writes it.
    pub name: Option<String>,
    /// Work addresses of every row, as written, the primary first.
    pub emails: Vec<String>,
    /// Keys of the work addresses. Sorted.
    pub email_keys: Vec<String>,
    /// Keys of the other addresses. Sorted.
    pub alias_keys: Vec<String>,
    /// At the time of the run.
    pub status: Status,
    /// The roster's own word.
    pub recorded_status: Option<String>,
    /// How they are employed.
    pub employment: Employment,
    /// Canonical, sorted.
    pub job_roles: Vec<String>,
    /// Canonical, sorted.
    pub departments: Vec<String>,
    /// The manager's id or address, as written.
    pub manager: Option<String>,
    /// Whether they belong to the compliance programme.
    pub in_scope: bool,
    /// The start of the first day.
    pub started: Option<Timestamp>,
    /// When and why they left, or will.
    pub exit: Exit,
    /// The source that decided the status.
    pub source: String,
    /// The line there.
    pub line: Option<u64>,
    /// Every source that has a row of theirs. Sorted.
    pub sources: Vec<String>,
    /// Every employment on the roster.
    pub employments: Vec<Standing>,
}

impl Person {
    /// As people know them: the name, else the key.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.key)
    }

    /// The primary address, as written.
    pub fn email(&self) -> Option<&str> {
        self.emails.first().map(String::as_str)
    }

    /// Whether one of their employments may have lasted at an instant.
    pub fn employed_at(&self, at: Timestamp) -> bool {
        self.employments.iter().any(|employment| employment.overlaps(at))
    }
}

/// Weighs rows against the time, and keeps what a person should look at.
pub(super) struct Weighing<'a> {
    project: &'a Project,
    words: &'a Words,
    now: Timestamp,
    zones: HashMap<String, Option<TimeZone>>,
    /// Index of the person, code, words: keys are not settled while people are made.
    remarks: Vec<(usize, &'static str, String)>,
    made: usize,
}

impl<'a> Weighing<'a> {
    pub(super) fn new(project: &'a Project, now: Timestamp, words: &'a Words) -> Self {
        Weighing {
            project,
            words,
            now,
            zones: HashMap::new(),
            remarks: Vec::new(),
            made: 0,
        }
    }

    /// The remarks as notices, once the people have their keys. `people` are in the order they were made in.
    pub(super) fn finish(self, people: &[Person]) -> Vec<Notice> {
        let notice = |(index, code, message): (usize, &'static str, String)| {
            let person: &Person = people.get(index)?;
            let message = format!("{} ({}): {message}", person.label(), person.key);
            Some(Notice {
                code: code.to_owned(),
                message,
                subject: Some(person.key.clone()),
                place: None,
            })
        };
        self.remarks.into_iter().filter_map(notice).collect()
    }

    /// One person from their rows, the most trusted source first.
    pub(super) fn person(&mut self, rows: &[&Staff]) -> Person {
        let mut by_source: Vec<Vec<&Staff>> = Vec::new();
        for row in rows {
            match by_source.last_mut() {
                Some(last) if last[0].source == row.source => last.push(row),
                _ => by_source.push(vec![row]),
            }
        }
        let mut employments = Vec::new();
        let chosen: Vec<Chosen> = by_source
            .iter()
            .filter_map(|rows| self.choose(rows, &mut employments))
            .collect();
        let person = self.decide(&chosen, rows, employments);
        let cells = rows.iter().flat_map(|row| row.emails.iter().chain(&row.aliases));
        let unreadable: BTreeSet<&str> = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty() && key::address_key(cell).is_none())
            .collect();
        for cell in unreadable {
            self.remark(
                "address_unreadable",
                format!("`{cell}` is no address: it matches no account"),
            );
        }
        self.made += 1;
        person
    }

    fn remark(&mut self, code: &'static str, message: String) {
        self.remarks.push((self.made, code, message));
    }

    fn zone(&mut self, row: &Staff) -> TimeZone {
        let Some(name) = row.timezone.as_deref().map(str::trim).filter(|name| !name.is_empty()) else {
            return self.project.timezone.clone();
        };
        let zone = self
            .zones
            .entry(name.to_owned())
            .or_insert_with(|| TimeZone::get(name).ok())
            .clone();
        zone.unwrap_or_else(|| {
            let own = &self.project.timezone_name;
            self.remark(
                "unknown_timezone",
                format!("`{name}` is no IANA time zone: days end in {own}"),
            );
            self.project.timezone.clone()
        })
    }

    fn stand(&mut self, row: &Staff, stated: &Stated) -> Standing {
        let zone = self.zone(row);
        standing(stated, &zone, self.now, self.project.staff.date_implies_exit)
    }

    /// The most trusted source that says anything of the status decides it; gaps are filled from the others.
    fn decide(&mut self, chosen: &[Chosen], rows: &[&Staff], employments: Vec<Standing>) -> Person {
        let deciding = chosen.iter().position(|one| one.says_something()).unwrap_or(0);
        let winner = &chosen[deciding];
        let mut result = winner.standing.clone();

        let known_end = chosen.iter().filter(|one| one.standing.status == Status::Offboarded);
        let mut known_end = known_end.filter_map(|one| one.stated.last_day);
        let mut stated = winner.stated;
        if result.status == Status::Offboarded && result.exit.at.is_none() {
            stated.last_day = known_end.next();
        }
        if stated.start.is_none() {
            // A first day ahead, from a source that is trusted less, does not overrule "works here".
            let first_day = |(rank, one): (usize, &Chosen)| {
                let ahead = one.standing.started.is_some_and(|start| start > self.now);
                one.stated.start.filter(|_| rank < deciding || !ahead)
            };
            stated.start = chosen.iter().enumerate().find_map(first_day);
        }
        if stated.start != winner.stated.start || stated.last_day != winner.stated.last_day {
            result = self.stand(winner.row, &stated);
        }
        if result.status.is_employed() && result.exit.at.is_none() {
            // An end ahead decides nothing, and is still the end.
            let ahead = chosen[..deciding].iter().map(|one| &one.standing.exit);
            let mut ahead = ahead.filter(|exit| exit.at.is_some_and(|end| end > self.now));
            result.exit = ahead.next().cloned().unwrap_or(result.exit);
        }
        result.exit.conflict |= winner.conflict;
        for (code, message) in std::mem::take(&mut result.remarks) {
            self.remark(code, message);
        }
        for other in chosen.iter().skip(deciding + 1).filter(|one| one.says_something()) {
            if other.standing.status != result.status {
                let (ours, theirs) = (result.status.word(), other.standing.status.word());
                let message = format!(
                    "`{}` makes them {ours}, `{}` makes them {theirs}: `{}` is trusted more",
                    winner.row.source, other.row.source, winner.row.source
                );
                self.remark("roster_conflict", message);
                let left = |status| status == Status::Offboarded;
                result.exit.conflict |= left(result.status) != left(other.standing.status);
            }
        }
        self.assemble(chosen, deciding, rows, result, employments)
    }

    fn assemble(
        &self,
        chosen: &[Chosen],
        deciding: usize,
        rows: &[&Staff],
        result: Standing,
        employments: Vec<Standing>,
    ) -> Person {
        let winner = chosen[deciding].row;
        // The current row's addresses come first, so that the primary address is the one in use.
        let ordered: Vec<&Staff> = chosen.iter().map(|one| one.row).chain(rows.iter().copied()).collect();
        let mut emails: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for email in ordered.iter().flat_map(|row| &row.emails) {
            let position = emails.len();
            let identity = key::address_key(email).unwrap_or_else(|| email.clone());
            emails
                .entry(identity)
                .or_insert_with(|| (position, email.trim().to_owned()));
        }
        let mut written: Vec<(usize, String)> = emails.into_values().filter(|(_, email)| !email.is_empty()).collect();
        written.sort();
        let emails: Vec<String> = written.into_iter().map(|(_, email)| email).collect();
        let email_keys: BTreeSet<String> = emails.iter().filter_map(|email| key::address_key(email)).collect();
        let alias_keys: BTreeSet<String> = rows
            .iter()
            .flat_map(|row| &row.aliases)
            .filter_map(|alias| key::address_key(alias))
            .collect();
        let alias_keys: Vec<String> = alias_keys.difference(&email_keys).cloned().collect();
        let email_keys: Vec<String> = email_keys.into_iter().collect();

        let text = |of: fn(&Staff) -> Option<&String>| {
            ordered
                .iter()
                .filter_map(|row| of(row))
                .map(|text| text.trim())
                .find(|text| !text.is_empty())
                .map(str::to_owned)
        };
        // What somebody does is said by their present rows only: an earlier job gives no access.
        let present = || chosen.iter().map(|one| one.row);
        let job_roles = present()
            .map(|row| self.words.job_roles(&row.job_roles))
            .find(|roles| !roles.is_empty());
        let departments = present()
            .map(|row| departments(&row.departments))
            .find(|names| !names.is_empty());
        let departments = departments.unwrap_or_default();
        let employment = present()
            .map(|row| row.employment)
            .find(|kind| *kind != Employment::NotStated);
        let employment = employment.unwrap_or(Employment::NotStated);
        let id = text(|row| row.id.as_ref());
        let addresses: Vec<String> = email_keys.iter().chain(&alias_keys).cloned().collect();
        let sources: BTreeSet<&String> = rows.iter().map(|row| &row.source).collect();
        Person {
            key: id.clone().unwrap_or_default(),
            name: text(|row| row.name.as_ref()),
            status: result.status,
            recorded_status: winner.recorded_status.clone(),
            employment,
            job_roles: job_roles.unwrap_or_default(),
            in_scope: self.words.in_scope(id.as_deref(), &addresses, &departments, employment),
            departments,
            manager: text(|row| row.manager.as_ref()),
            started: result.started,
            exit: result.exit,
            source: winner.source.clone(),
            line: winner.line,
            sources: sources.into_iter().cloned().collect(),
            employments,
            id,
            emails,
            email_keys,
            alias_keys,
        }
    }
}
