//! Members of staff who came, left the roster, or whose standing changed: a status also changes because a day is over.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, Known, Presence, Row, gap};
use crate::snapshot::{Collection, Snapshot};
use crate::staff::{Person, employment_word};

/// Holds the rosters of two snapshots against each other.
pub fn between(old: Known<'_>, new: Known<'_>, not_seen: &mut Vec<String>) -> Vec<Row> {
    let (mut before, mut now) = (by_key(old.people), by_key(new.people));
    let unnamed = |people: &[Person]| people.iter().filter(|person| !has_key(person)).count();
    let mut rows = Vec::new();
    for (key, person) in before.clone() {
        if let Some(same) = now.remove(key) {
            rows.extend(changed(person, same));
            before.remove(key);
        }
    }
    for (was, is) in under_another_key(&before, &now) {
        before.remove(was.key.as_str());
        now.remove(is.key.as_str());
        rows.extend(changed(was, is));
    }
    let whole = |snapshot: &Snapshot, person: &Person| {
        let complete = |id: &String| {
            let source = snapshot.sources.iter().find(|source| source.id == *id);
            gap(source, Collection::Staff).is_none()
        };
        person.sources.iter().all(complete)
    };
    for person in before.into_values() {
        let presence = match whole(new.snapshot, person) {
            true => Presence::Gone,
            false => Presence::NotSeen,
        };
        rows.push(row(person, presence, Vec::new()));
    }
    for person in now.into_values() {
        let presence = match whole(old.snapshot, person) {
            true => Presence::Came,
            false => Presence::FirstSeen,
        };
        rows.push(row(person, presence, Vec::new()));
    }
    for (side, snapshot, others, means) in [
        (
            "OLD",
            old.snapshot,
            new.people,
            "somebody who is new may have been there",
        ),
        ("NEW", new.snapshot, old.people, "somebody who is missing may be there"),
    ] {
        let ids: BTreeSet<&String> = others.iter().flat_map(|person| &person.sources).collect();
        for id in ids {
            let source = snapshot.sources.iter().find(|source| source.id == *id);
            let why = match source {
                None => Some(format!("`{id}` was not read")),
                Some(_) => gap(source, Collection::Staff),
            };
            not_seen.extend(why.map(|why| format!("{side}: {why}: {means}")));
        }
    }
    let number = unnamed(old.people).max(unnamed(new.people));
    if number > 0 {
        not_seen.push(format!(
            "{number} on the roster have neither an id nor an address of their own: whether they are the same is not known"
        ));
    }
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

/// Whoever has no key of their own is known by where the row stands, and rows move.
fn has_key(person: &Person) -> bool {
    person.id.is_some() || person.email_keys.contains(&person.key)
}

fn by_key(people: &[Person]) -> BTreeMap<&str, &Person> {
    let people = people.iter().filter(|person| has_key(person));
    people.map(|person| (person.key.as_str(), person)).collect()
}

/// Who has got an id, or another one: an address that is one person's on either side is that person's.
fn under_another_key<'a>(
    before: &BTreeMap<&str, &'a Person>,
    now: &BTreeMap<&str, &'a Person>,
) -> Vec<(&'a Person, &'a Person)> {
    let holders = |people: &BTreeMap<&str, &'a Person>| {
        let mut holders: BTreeMap<&'a str, Vec<&'a Person>> = BTreeMap::new();
        for person in people.values() {
            for address in &person.email_keys {
                holders.entry(address).or_default().push(person);
            }
        }
        holders
    };
    let of_now = holders(now);
    let mut pairs: Vec<(&Person, &Person)> = Vec::new();
    for (address, was) in holders(before) {
        if let ([was], Some([is])) = (was.as_slice(), of_now.get(address).map(Vec::as_slice)) {
            let taken = pairs.iter().any(|(a, b)| a.key == was.key || b.key == is.key);
            if !taken {
                pairs.push((was, is));
            }
        }
    }
    pairs
}

fn changed(before: &Person, now: &Person) -> Option<Row> {
    let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
    let day = |person: &Person| person.exit.last_day.map(|day| day.to_string());
    let values = [
        Difference::value("id", &before.key, &now.key),
        Difference::of("name", before.name.clone(), now.name.clone()),
        Difference::of_sets("addresses", &set(&before.email_keys), &set(&now.email_keys)),
        Difference::value("status", before.status.word(), now.status.word()),
        Difference::of("last day", day(before), day(now)),
        Difference::value(
            "employment",
            employment_word(before.employment),
            employment_word(now.employment),
        ),
        Difference::of_sets("job roles", &set(&before.job_roles), &set(&now.job_roles)),
        Difference::of_sets("departments", &set(&before.departments), &set(&now.departments)),
    ];
    let differences: Vec<Difference> = values.into_iter().flatten().collect();
    (!differences.is_empty()).then(|| row(now, Presence::Changed, differences))
}

fn row(person: &Person, presence: Presence, differences: Vec<Difference>) -> Row {
    Row {
        presence,
        system: None,
        kind: None,
        id: person.key.clone(),
        name: person.name.clone(),
        email: person.email().map(str::to_owned),
        state: Some(person.status.word()),
        differences,
    }
}
