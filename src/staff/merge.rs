//! Rows of several rosters, joined into people.
//!
//! An employee id decides: rows of one id are one person, rows of two ids never are, even at one address (a recycled
//! address, a shared mailbox). Rows without an id join by a shared work address, and only if the names agree too: at a
//! recycled address a newcomer would hide the leaver. An alias alone joins nothing. Where a row could belong to two people it stays on its own and a
//! notice says so: two candidates for an account are then a finding, which a wrong join would hide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::key;
use crate::finding::Notice;
use crate::snapshot::Staff;

/// The rows of one person: indexes into the rows given, the most trusted source first.
pub type Rows = Vec<usize>;

/// Joins rows into people. `rank` gives each row's source its place in the order of trust.
pub fn merge(rows: &[&Staff], rank: impl Fn(&str) -> usize) -> (Vec<Rows>, Vec<Notice>) {
    let keys: Vec<RowKeys> = rows.iter().map(|row| RowKeys::of(row)).collect();
    let mut by_source: BTreeMap<usize, Rows> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        by_source.entry(rank(&row.source)).or_default().push(index);
    }
    let mut people = People::default();
    let mut notices = Vec::new();
    for source_rows in by_source.values() {
        people.join(groups(source_rows, &keys), |row, others| {
            notices.push(shared_address(rows[row], others));
        });
    }
    (people.people.into_iter().map(|person| person.rows).collect(), notices)
}

fn shared_address(row: &Staff, others: usize) -> Notice {
    let line = row.line.map(|line| format!("line {line} of ")).unwrap_or_default();
    let who = row
        .id
        .as_deref()
        .or(row.emails.first().map(String::as_str))
        .unwrap_or("(no id)");
    let message = format!(
        "{line}`{}` ({who}) shares an address with {others} others and no employee id joins them: kept as a person of its own",
        row.source
    );
    Notice {
        code: "roster_row_ambiguous".to_owned(),
        message,
        subject: None,
        place: None,
    }
}

struct RowKeys {
    id: Option<String>,
    emails: Vec<String>,
    name: Option<String>,
}

impl RowKeys {
    fn of(row: &Staff) -> Self {
        RowKeys {
            id: row.id.as_deref().and_then(key::id_key),
            emails: row.emails.iter().filter_map(|email| key::address_key(email)).collect(),
            name: row.name.as_deref().and_then(key::slug),
        }
    }
}

/// People found so far, or the groups of one source.
#[derive(Default)]
struct Group {
    rows: Rows,
    id: Option<String>,
    emails: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl Group {
    fn add(&mut self, row: usize, keys: &RowKeys) {
        self.rows.push(row);
        self.id = self.id.take().or_else(|| keys.id.clone());
        self.emails.extend(keys.emails.iter().cloned());
        self.names.extend(keys.name.clone());
    }

    fn agrees_on_name(&self, keys: &RowKeys) -> bool {
        keys.name
            .as_ref()
            .is_none_or(|name| self.names.is_empty() || self.names.contains(name))
    }

    fn agrees_with(&self, other: &Group) -> bool {
        self.names.is_empty() || other.names.is_empty() || !self.names.is_disjoint(&other.names)
    }
}

/// The rows of one source, those of one person together.
fn groups(rows: &[usize], keys: &[RowKeys]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    let mut by_email: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    let (with_id, without_id): (Vec<usize>, Vec<usize>) = rows.iter().partition(|row| keys[**row].id.is_some());
    for row in with_id.into_iter().chain(without_id) {
        let row_keys = &keys[row];
        let known = match &row_keys.id {
            Some(id) => by_id.get(id.as_str()).copied(),
            None => {
                let sharing = row_keys
                    .emails
                    .iter()
                    .filter_map(|email| by_email.get(email.as_str()))
                    .flatten();
                let agreeing: BTreeSet<usize> = sharing
                    .copied()
                    .filter(|group| groups[*group].agrees_on_name(row_keys))
                    .collect();
                agreeing.first().copied().filter(|_| agreeing.len() == 1)
            }
        };
        let group = known.unwrap_or_else(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        groups[group].add(row, row_keys);
        if let Some(id) = &row_keys.id {
            by_id.insert(id, group);
        }
        for email in &row_keys.emails {
            by_email.entry(email).or_default().insert(group);
        }
    }
    groups
}

#[derive(Default)]
struct People {
    people: Vec<Group>,
    by_id: HashMap<String, usize>,
    by_email: HashMap<String, BTreeSet<usize>>,
}

impl People {
    /// Adds one source's groups. Whom a group joins is settled for all of them before any joins, so that the order of
    /// rows decides nothing.
    fn join(&mut self, groups: Vec<Group>, mut ambiguous: impl FnMut(usize, usize)) {
        let mut wanted: HashMap<usize, usize> = HashMap::new();
        let wishes: Vec<BTreeSet<usize>> = groups.iter().map(|group| self.candidates(group)).collect();
        for wish in &wishes {
            for person in wish {
                *wanted.entry(*person).or_default() += 1;
            }
        }
        for (group, wish) in groups.into_iter().zip(wishes) {
            let by_id = group.id.as_ref().is_some_and(|id| self.by_id.contains_key(id));
            let person = match wish.first() {
                Some(person) if wish.len() == 1 && (by_id || wanted[person] == 1) => Some(*person),
                Some(person) => {
                    if let Some(row) = group.rows.first() {
                        ambiguous(*row, wish.len().max(wanted[person] - 1));
                    }
                    None
                }
                None => None,
            };
            self.add(group, person);
        }
    }

    /// Who a group may be: the person of its id, else those who share an address and the name, and have no other id.
    fn candidates(&self, group: &Group) -> BTreeSet<usize> {
        if let Some(person) = group.id.as_ref().and_then(|id| self.by_id.get(id)) {
            return BTreeSet::from([*person]);
        }
        let sharing = group
            .emails
            .iter()
            .filter_map(|email| self.by_email.get(email))
            .flatten()
            .copied();
        sharing
            .filter(|person| group.id.is_none() || self.people[*person].id.is_none())
            .filter(|person| self.people[*person].agrees_with(group))
            .collect()
    }

    fn add(&mut self, group: Group, person: Option<usize>) {
        let index = person.unwrap_or_else(|| {
            self.people.push(Group::default());
            self.people.len() - 1
        });
        for email in &group.emails {
            self.by_email.entry(email.clone()).or_default().insert(index);
        }
        if let Some(id) = &group.id {
            self.by_id.entry(id.clone()).or_insert(index);
        }
        let person = &mut self.people[index];
        person.rows.extend(group.rows);
        person.id = person.id.take().or(group.id);
        person.emails.extend(group.emails);
        person.names.extend(group.names);
    }
}
