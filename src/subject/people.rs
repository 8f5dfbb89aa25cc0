//! Staff as a part of a document, and as a subject.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::context::{Context, part, paths};
use super::document::{self, Held, Moment};
use super::system::SystemPart;
use super::{Subject, SubjectError};
use crate::finding::{SubjectKind, SubjectRef};
use crate::staff::{Cause, Person, Status, employment_word};

/// One member of staff.
pub fn staff_part(person: &Person, context: &Context<'_>) -> Result<Arc<Value>, SubjectError> {
    part(&document::Staff {
        id: Some(&person.key),
        name: person.name.as_deref(),
        email: person.email(),
        status: person.status,
        recorded_status: person.recorded_status.as_deref(),
        employment: employment_word(person.employment),
        job_roles: &person.job_roles,
        departments: &person.departments,
        manager: person.manager.as_deref(),
        in_scope: person.in_scope,
        started: Moment::new(person.started, context.now),
        exit: document::Exit {
            at: person.exit.at,
            days: Moment::new(person.exit.at, context.now).days,
            last_day: person.exit.last_day,
            cause: person.exit.cause,
            conflict: person.exit.conflict,
        },
        source: Some(&person.source),
        line: person.line,
    })
}

/// The staff part of an account that is nobody's.
pub fn nobody() -> Result<Arc<Value>, SubjectError> {
    part(&document::Staff {
        id: None,
        name: None,
        email: None,
        status: Status::None,
        recorded_status: None,
        employment: "none",
        job_roles: &[],
        departments: &[],
        manager: None,
        in_scope: false,
        started: Moment::NONE,
        exit: document::Exit {
            at: None,
            days: None,
            last_day: None,
            cause: Cause::None,
            conflict: false,
        },
        source: None,
        line: None,
    })
}

/// Paths of a member of staff that their sources could not fill.
pub fn staff_gaps<'a>(person: &'a Person, context: &'a Context<'_>) -> impl Iterator<Item = String> + 'a {
    let sources = person.sources.iter().filter_map(|id| context.sources.get(id.as_str()));
    let missing = sources.flat_map(|source| &source.unavailable);
    missing
        .filter(|path| *path == "staff" || path.starts_with("staff."))
        .cloned()
}

/// Every member of staff with their accounts, sorted by key.
pub fn staff_subjects(
    context: &Context<'_>,
    systems: &[SystemPart<'_>],
    people: &[Arc<Value>],
) -> Result<Vec<Subject>, SubjectError> {
    let kind = part(&SubjectKind::Staff.word())?;
    let empty = part(&[(); 0])?;
    let critical: BTreeMap<&str, bool> = systems.iter().map(|system| (system.id, system.critical)).collect();
    let mut accounts_of: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    for (index, identity) in context.identities.accounts.iter().enumerate() {
        if let Some(person) = identity.person {
            accounts_of[person].push(index);
        }
    }
    // A stream cut short may hide an account of anybody's.
    let hidden = systems.iter().any(|system| system.hides_accounts());
    let mut subjects = Vec::with_capacity(people.len());
    for ((person, document), accounts) in context.roster.people.iter().zip(people).zip(accounts_of) {
        let mut unavailable: BTreeSet<String> = staff_gaps(person, context).collect();
        if hidden {
            unavailable.insert("accounts".to_owned());
        }
        for index in &accounts {
            let system = &context.snapshot.accounts[*index].system;
            let part = systems
                .binary_search_by(|part| part.id.cmp(system))
                .ok()
                .and_then(|at| systems.get(at));
            unavailable.extend(part.into_iter().flat_map(SystemPart::listed_account_gaps));
        }
        let mut listed: Vec<document::ListedAccount<'_>> = accounts
            .iter()
            .map(|index| {
                let system = context.snapshot.accounts[*index].system.as_str();
                context.listed(*index, critical.get(system).copied().unwrap_or(false))
            })
            .collect();
        listed.sort_by(|a, b| a.key.cmp(b.key));
        let accounts = if listed.is_empty() {
            empty.clone()
        } else {
            part(&listed)?
        };
        subjects.push(Subject {
            of: SubjectRef {
                kind: SubjectKind::Staff,
                id: person.key.clone(),
                name: person.name.clone(),
                email: person.email().map(str::to_owned),
                system: None,
            },
            parts: vec![
                ("accounts", accounts),
                ("staff", document.clone()),
                ("subject", kind.clone()),
            ],
            unavailable: paths(unavailable),
            identity: None,
        });
    }
    Ok(subjects)
}

/// The roster in numbers.
pub fn roster_part(context: &Context<'_>) -> Result<Arc<Value>, SubjectError> {
    let people = &context.roster.people;
    let count = |fits: fn(&Person) -> bool| people.iter().filter(|person| fits(person)).count() as u64;
    part(&document::Roster {
        staff: people.len() as u64,
        current: count(|person| person.status.is_employed()),
        offboarded: count(|person| person.status == Status::Offboarded),
        job_roles: held(people, |person| &person.job_roles),
        departments: held(people, |person| &person.departments),
    })
}

/// How many hold each, leavers left out: what only leavers held nobody holds.
fn held(people: &[Person], of: fn(&Person) -> &Vec<String>) -> Vec<Held> {
    let mut counts: BTreeMap<&String, u64> = BTreeMap::new();
    for person in people.iter().filter(|person| person.status != Status::Offboarded) {
        for id in of(person) {
            *counts.entry(id).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(id, held_by)| Held {
            id: id.clone(),
            held_by,
        })
        .collect()
}
