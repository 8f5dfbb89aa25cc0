//! Who and what came, went and changed between two snapshots.
//!
//! A row that is not there is gone only where its collection was read to its end; otherwise it is not seen. In the same
//! way a row came only where the earlier snapshot would have shown it.

mod accounts;
mod roles;
mod staff;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::snapshot::{Collection, Completeness, Snapshot, Source, System};
use crate::staff::Person;

/// One snapshot, and who is on its roster at its time.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// Everybody on the roster.
    pub people: &'a [Person],
}

/// Who and what came, went and changed; null where the two runs do not tell.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Sorted by id.
    pub systems: Option<Vec<Row>>,
    /// Sorted by system and id.
    pub accounts: Option<Vec<Row>>,
    /// Sorted by system, kind and id.
    pub roles: Option<Vec<Row>>,
    /// Sorted by id.
    pub staff: Option<Vec<Row>>,
    /// What could not be compared because it was not read, one sentence each.
    pub not_seen: Vec<String>,
}

/// Somebody or something that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which of these.
    pub presence: Presence,
    /// The system's id, of an account or a role.
    pub system: Option<String>,
    /// `role` or `permission_set`, of a role.
    pub kind: Option<&'static str>,
    /// Its id, the later one.
    pub id: String,
    /// As people know it.
    pub name: Option<String>,
    /// The address, of an account or a member of staff.
    pub email: Option<String>,
    /// The state of an account, the status of a member of staff.
    pub state: Option<&'static str>,
    /// What changed of it.
    pub differences: Vec<Difference>,
}

/// How something is there in two snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It was not there, and is.
    Came,
    /// It is there; whether it was, the earlier one does not show.
    FirstSeen,
    /// It was there, and is not.
    Gone,
    /// It was there; whether it is, the later one does not show.
    NotSeen,
    /// It was and is there, and is not the same.
    Changed,
}

/// One thing that changed: a value, or what was added to a list and taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub what: Cow<'static, str>,
    /// The value before; null where there was none, and for lists.
    pub before: Option<String>,
    /// The value now; null where there is none, and for lists.
    pub now: Option<String>,
    /// What a list holds now and did not hold.
    pub added: Vec<String>,
    /// What a list held and does not hold.
    pub removed: Vec<String>,
}

impl Difference {
    /// Of two values; null where they are the same.
    pub fn of(what: impl Into<Cow<'static, str>>, before: Option<String>, now: Option<String>) -> Option<Self> {
        (before != now).then(|| Self {
            what: what.into(),
            before,
            now,
            added: Vec::new(),
            removed: Vec::new(),
        })
    }

    /// Of two values that are always there; null where they are the same.
    pub fn value(what: &'static str, before: &str, now: &str) -> Option<Self> {
        Self::of(what, Some(before.to_owned()), Some(now.to_owned()))
    }

    /// Of two sets; null where they are the same.
    pub fn of_sets(
        what: impl Into<Cow<'static, str>>,
        before: &BTreeSet<String>,
        now: &BTreeSet<String>,
    ) -> Option<Self> {
        (before != now).then(|| Self {
            what: what.into(),
            before: None,
            now: None,
            added: now.difference(before).cloned().collect(),
            removed: before.difference(now).cloned().collect(),
        })
    }
}

/// Holds the facts of two snapshots against each other.
pub fn between(old: Known<'_>, new: Known<'_>) -> Facts {
    let mut not_seen = Vec::new();
    let accounts = accounts::between(old.snapshot, new.snapshot, &mut not_seen);
    let roles = roles::between(old.snapshot, new.snapshot, &mut not_seen);
    let staff = staff::between(old, new, &mut not_seen);
    Facts {
        systems: Some(systems(old.snapshot, new.snapshot)),
        accounts: Some(accounts),
        roles: Some(roles),
        staff: Some(staff),
        not_seen,
    }
}

/// A system is read or it is not; whether a company has it, no snapshot knows.
fn systems(old: &Snapshot, new: &Snapshot) -> Vec<Row> {
    let not_in = |snapshot: &Snapshot, id: &str| !snapshot.systems.iter().any(|system| system.id == id);
    let row = |system: &System, presence| Row {
        presence,
        system: None,
        kind: None,
        id: system.id.clone(),
        name: Some(match &system.tenant {
            Some(tenant) => format!("{tenant} of {}", system.product),
            None => system.product.clone(),
        }),
        email: None,
        state: None,
        differences: Vec::new(),
    };
    let went = old.systems.iter().filter(|system| not_in(new, &system.id));
    let came = new.systems.iter().filter(|system| not_in(old, &system.id));
    let mut rows: Vec<Row> = went.map(|system| row(system, Presence::Gone)).collect();
    rows.extend(came.map(|system| row(system, Presence::Came)));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}

/// The ids of the systems that both snapshots have, each with the sources that filled it.
fn in_both<'a>(old: &'a Snapshot, new: &'a Snapshot) -> impl Iterator<Item = (&'a str, Pair<'a>)> {
    old.systems.iter().filter_map(move |before| {
        let now = new.systems.iter().find(|system| system.id == before.id)?;
        let source = |snapshot: &'a Snapshot, id: &str| snapshot.sources.iter().find(|source| source.id == id);
        let pair = Pair {
            old: source(old, &before.source),
            new: source(new, &now.source),
        };
        Some((before.id.as_str(), pair))
    })
}

/// The sources of one system, then and now.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: Option<&'a Source>,
    new: Option<&'a Source>,
}

impl Pair<'_> {
    /// Whether either could not fill a path of the subject document.
    fn lists(self, path: &str) -> bool {
        [self.old, self.new]
            .into_iter()
            .flatten()
            .any(|source| source.lists(path))
    }
}

/// Why a collection of a source is not all there is; null where it is.
fn gap(source: Option<&Source>, collection: Collection) -> Option<String> {
    let Some(source) = source else {
        return Some("its source is not in the snapshot".to_owned());
    };
    let word = collection.word();
    let mut provides = source.provides.iter();
    match provides.find(|provided| provided.collection == collection) {
        None => Some(format!("`{}` does not provide {word}", source.id)),
        Some(provided) if provided.state != Completeness::Complete => {
            let why = provided.why.as_deref().unwrap_or("it was not read to its end");
            Some(format!("{word} of `{}`: {why}", source.id))
        }
        Some(_) => None,
    }
}

/// The published word of something of which the types know no other.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
