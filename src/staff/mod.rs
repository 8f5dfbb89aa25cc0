//! The roster: who works here, at the time of the run.
//!
//! Rows of several sources are joined into people (`merge`); each row's word and dates are weighed against the time
//! ([`standing`]). Of several employments in one source the one that covers the time wins, else the latest that has
//! begun: somebody who left and will be back next month is a leaver until then. Of several sources the most trusted
//! one decides the status; what it leaves out, the others fill in.

pub mod key;
mod merge;
mod person;
mod shared;
pub mod standing;
pub mod when;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

pub use self::person::Person;
use self::person::Weighing;
pub use self::standing::{Cause, Exit, Standing, Status};
use crate::finding::Notice;
use crate::project::{Project, StaffConfig};
use crate::snapshot::{Collection, Employment, Snapshot, Staff};

/// Everybody on the roster.
#[derive(Debug, Clone)]
pub struct Roster {
    /// Sorted by key.
    pub people: Vec<Person>,
    /// The sources that it was read from, the most trusted first.
    pub sources: Vec<String>,
    /// Contradictions and gaps that a person should look at.
    pub notices: Vec<Notice>,
}

/// Reads the roster of a snapshot.
pub fn roster(snapshot: &Snapshot, project: &Project, now: Timestamp) -> Roster {
    let sources = sources(snapshot, &project.staff);
    let rank: HashMap<&str, usize> = sources
        .iter()
        .enumerate()
        .map(|(rank, id)| (id.as_str(), rank))
        .collect();
    let rows: Vec<&Staff> = snapshot
        .staff
        .iter()
        .filter(|row| rank.contains_key(row.source.as_str()))
        .collect();
    let (rows, mut notices) = shared::without_shared_ids(rows);
    let rows: Vec<&Staff> = rows.iter().map(AsRef::as_ref).collect();
    let (merged, mut ambiguous) = merge::merge(&rows, |source| rank.get(source).copied().unwrap_or(usize::MAX));

    notices.append(&mut ambiguous);
    let words = Words::of(&project.staff);
    let mut weighing = Weighing::new(project, now, &words);
    let mut people: Vec<Person> = merged
        .iter()
        .map(|person| weighing.person(&person.iter().map(|row| rows[*row]).collect::<Vec<_>>()))
        .collect();
    name_the_nameless(&mut people);
    notices.append(&mut weighing.finish(&people));
    people.sort_by(|a, b| a.key.cmp(&b.key));
    Roster {
        people,
        sources,
        notices,
    }
}

/// The staff sources in order of trust: those the project lists, or all that provide staff, by id.
fn sources(snapshot: &Snapshot, config: &StaffConfig) -> Vec<String> {
    if !config.sources.is_empty() {
        return config.sources.clone();
    }
    let provides_staff = |source: &&crate::snapshot::Source| {
        source
            .provides
            .iter()
            .any(|provided| provided.collection == Collection::Staff)
    };
    let sources: BTreeSet<String> = snapshot
        .sources
        .iter()
        .filter(provides_staff)
        .map(|source| source.id.clone())
        .collect();
    sources.into_iter().collect()
}

/// Keys are unique: people without ids who share an address with anybody are told apart by where their rows stand.
fn name_the_nameless(people: &mut [Person]) {
    let mut taken: HashSet<String> = people.iter().filter_map(|person| person.id.clone()).collect();
    let mut holders: HashMap<String, usize> = HashMap::new();
    for address in people.iter().flat_map(|person| &person.email_keys) {
        *holders.entry(address.clone()).or_default() += 1;
    }
    for person in people.iter_mut().filter(|person| person.id.is_none()) {
        let address = person.emails.first().and_then(|email| key::address_key(email));
        let place = format!(
            "{}:{}",
            person.source,
            person.line.map_or_else(|| "?".to_owned(), |line| line.to_string())
        );
        let free = address.filter(|address| holders.get(address) == Some(&1) && !taken.contains(address));
        let mut chosen = free.unwrap_or_else(|| place.clone());
        let mut count = 1;
        while !taken.insert(chosen.clone()) {
            count += 1;
            chosen = format!("{place}#{count}");
        }
        person.key = chosen;
    }
}

/// The organisation's words for jobs, departments and kinds of employment, and who is outside the programme.
pub struct Words {
    job_roles: HashMap<String, String>,
    outside_ids: HashSet<String>,
    outside_addresses: HashSet<String>,
    outside_departments: HashSet<String>,
    outside_types: HashSet<String>,
}

impl Words {
    /// From the project file.
    pub fn of(config: &StaffConfig) -> Self {
        let mut job_roles = HashMap::new();
        for (canonical, others) in &config.job_roles {
            let Some(canonical) = key::slug(canonical) else {
                continue;
            };
            for other in others.iter().filter_map(|other| key::slug(other)) {
                job_roles.entry(other).or_insert_with(|| canonical.clone());
            }
        }
        // A canonical name means itself, whatever another entry lists it under.
        for canonical in config.job_roles.keys().filter_map(|role| key::slug(role)) {
            job_roles.insert(canonical.clone(), canonical);
        }
        let scope = &config.out_of_scope;
        Words {
            job_roles,
            outside_ids: scope.staff.iter().filter_map(|who| key::id_key(who)).collect(),
            outside_addresses: scope.staff.iter().filter_map(|who| key::address_key(who)).collect(),
            outside_departments: scope.departments.iter().filter_map(|name| key::slug(name)).collect(),
            outside_types: scope.staff_types.iter().map(|word| staff_type(word)).collect(),
        }
    }

    /// A job role as policies know it.
    pub fn job_role(&self, written: &str) -> Option<String> {
        let slug = key::slug(written)?;
        Some(self.job_roles.get(&slug).cloned().unwrap_or(slug))
    }

    /// Job roles as policies know them, each once, sorted.
    pub fn job_roles(&self, written: &[String]) -> Vec<String> {
        let roles: BTreeSet<String> = written.iter().filter_map(|role| self.job_role(role)).collect();
        roles.into_iter().collect()
    }

    fn in_scope(&self, id: Option<&str>, addresses: &[String], departments: &[String], employment: Employment) -> bool {
        let outside = id
            .and_then(key::id_key)
            .is_some_and(|id| self.outside_ids.contains(&id))
            || addresses.iter().any(|address| self.outside_addresses.contains(address))
            || departments
                .iter()
                .any(|department| self.outside_departments.contains(department))
            || self.outside_types.contains(employment_word(employment));
        !outside
    }
}

/// Departments as policies know them, each once, sorted.
pub fn departments(written: &[String]) -> Vec<String> {
    let departments: BTreeSet<String> = written.iter().filter_map(|name| key::slug(name)).collect();
    departments.into_iter().collect()
}

/// An employment type as written in a rule, in the form of [`employment_word`].
pub fn staff_type(written: &str) -> String {
    key::slug(written).unwrap_or_default().replace('-', "_")
}

/// The published word.
pub const fn employment_word(employment: Employment) -> &'static str {
    match employment {
        Employment::Employee => "employee",
        Employment::Contractor => "contractor",
        Employment::Intern => "intern",
        Employment::Other => "other",
        Employment::NotStated => "not_stated",
    }
}
