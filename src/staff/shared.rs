//! Employee ids that a roster gives to different people, or that two rosters do which number people each for itself.
//!
//! Such an id names nobody: joining its rows would let one person stand for the other, and a leaver pass for somebody
//! who works here. The rows lose the id and stand by their addresses.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::key;
use crate::finding::Notice;
use crate::snapshot::Staff;

/// The rows, those of different people under one id without it.
pub fn without_shared_ids<'a>(rows: Vec<&'a Staff>) -> (Vec<Cow<'a, Staff>>, Vec<Notice>) {
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(id) = row.id.as_deref().and_then(key::id_key) {
            by_id.entry(id).or_default().push(index);
        }
    }
    let shared: Vec<Vec<usize>> = by_id
        .into_values()
        .filter(|group| !one_person(&rows, group) || by_source(&rows, group).any(|own| !one_person(&rows, &own)))
        .collect();
    let notices = shared.iter().map(|group| notice(&rows, group)).collect();
    let nameless: BTreeSet<usize> = shared.into_iter().flatten().collect();
    let rows = rows.into_iter().enumerate().map(|(index, row)| {
        if nameless.contains(&index) {
            Cow::Owned(Staff {
                id: None,
                ..row.clone()
            })
        } else {
            Cow::Borrowed(row)
        }
    });
    (rows.collect(), notices)
}

/// The rows of each source: a row of another source cannot prove two of one source to be the same person.
fn by_source(rows: &[&Staff], group: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let mut sources: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in group {
        let source = rows.get(*index).map(|row| row.source.clone());
        sources.entry(source.unwrap_or_default()).or_default().push(*index);
    }
    sources.into_values()
}

/// Whether every row has the name or an address of another one. Somebody who came back may have changed either.
fn one_person(rows: &[&Staff], group: &[usize]) -> bool {
    let mut marks: BTreeSet<String> = BTreeSet::new();
    let mut left: Vec<BTreeSet<String>> = group
        .iter()
        .filter_map(|index| Some(marks_of(rows.get(*index)?)))
        .collect();
    // A row without a name and an address says nothing against the others.
    left.retain(|own| !own.is_empty());
    loop {
        let before = left.len();
        left.retain(|own| {
            let joins = marks.is_empty() || !marks.is_disjoint(own);
            if joins {
                marks.extend(own.iter().cloned());
            }
            !joins
        });
        if left.is_empty() || left.len() == before {
            return left.is_empty();
        }
    }
}

fn marks_of(row: &Staff) -> BTreeSet<String> {
    let addresses = row
        .emails
        .iter()
        .chain(&row.aliases)
        .filter_map(|email| key::address_key(email));
    addresses.chain(row.name.as_deref().and_then(key::slug)).collect()
}

fn notice(rows: &[&Staff], group: &[usize]) -> Notice {
    let first = group.first().and_then(|index| rows.get(*index));
    let places: Vec<String> = by_source(rows, group)
        .map(|own| {
            let own = || own.iter().filter_map(|index| rows.get(*index));
            let source = own().next().map_or("", |row| row.source.as_str());
            let lines: Vec<String> = own().filter_map(|row| row.line).map(|line| line.to_string()).collect();
            match lines.as_slice() {
                [] => format!("`{source}`"),
                lines => format!("`{source}` (lines {})", lines.join(", ")),
            }
        })
        .collect();
    let message = format!(
        "the employee id `{}` is that of different people in {}: it names none of them",
        first.and_then(|row| row.id.as_deref()).unwrap_or_default(),
        places.join(" and ")
    );
    Notice {
        code: "employee_id_shared".to_owned(),
        message,
        subject: None,
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::fixture::staff;

    #[test]
    fn rows_of_no_file_are_told_without_lines() {
        let mut rows = [
            staff("E-17", "Ada Example", "ada@example.com"),
            staff("E-17", "Zed Smith", "zed@example.com"),
        ];
        let told = |rows: &[Staff]| without_shared_ids(rows.iter().collect()).1.remove(0).message;
        assert!(told(&rows).contains("(lines "));
        rows.iter_mut().for_each(|row| row.line = None);
        assert!(!told(&rows).contains("(lines"), "{}", told(&rows));
    }
}
