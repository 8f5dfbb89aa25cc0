//! The roles of one system, by id and by name.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::project::RoleRefKind;
use crate::snapshot::{RoleKind, Snapshot};
use crate::staff::key;

/// What an account of one system can hold, and what its accounts do hold.
#[derive(Debug, Default)]
pub struct Catalogue<'a> {
    names: HashMap<(RoleKey, &'a str), &'a str>,
    by_name: HashMap<(RoleKey, String), BTreeSet<&'a str>>,
    held: HashSet<(RoleKey, &'a str)>,
    incomplete: [bool; 2],
}

/// A role's kind as a key: [`RoleKind`] is ordered but not hashed.
type RoleKey = u8;

const fn role_key(kind: RoleKind) -> RoleKey {
    match kind {
        RoleKind::Role => 0,
        RoleKind::PermissionSet => 1,
    }
}

/// What a text in a rule or an approval names.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    /// This id. `by_name`: it was found by its name, for which the catalogue must be whole.
    Id { id: String, by_name: bool },
    /// Nothing, and the catalogue is whole.
    Nothing,
    /// Nothing that was read, and the catalogue is not whole.
    NotRead,
    /// Several: their ids, sorted.
    Several(Vec<String>),
}

impl<'a> Catalogue<'a> {
    /// The catalogues of all systems of a snapshot.
    pub fn all(snapshot: &'a Snapshot) -> HashMap<&'a str, Catalogue<'a>> {
        let mut all: HashMap<&str, Catalogue<'a>> = HashMap::new();
        for system in &snapshot.systems {
            let source = snapshot.sources.iter().find(|source| source.id == system.source);
            let incomplete = [RoleKind::Role, RoleKind::PermissionSet]
                .map(|kind| source.is_none_or(|source| source.lacks_roles(kind)));
            all.insert(
                &system.id,
                Catalogue {
                    incomplete,
                    ..Catalogue::default()
                },
            );
        }
        for role in &snapshot.roles {
            let catalogue = all.entry(&role.system).or_default();
            let kind = role_key(role.kind);
            catalogue.names.insert((kind, &role.id), &role.name);
            catalogue
                .by_name
                .entry((kind, key::plain(&role.name)))
                .or_default()
                .insert(&role.id);
        }
        for account in &snapshot.accounts {
            let catalogue = all.entry(&account.system).or_default();
            catalogue
                .held
                .extend(account.roles.iter().map(|held| (role_key(held.kind), held.id.as_str())));
        }
        all
    }

    /// The name of an id, where it is listed.
    pub fn name(&self, kind: RoleKind, id: &str) -> Option<&'a str> {
        self.names.get(&(role_key(kind), id)).copied()
    }

    /// Whether names of this kind cannot be relied on.
    pub fn is_incomplete(&self, kind: RoleKind) -> bool {
        self.incomplete[usize::from(role_key(kind))]
    }

    /// What a text names. Plain text is an id or a name, but never two things at once.
    pub fn resolve(&self, kind: RoleKind, by: RoleRefKind, written: &str) -> Named {
        let text = key::plain(written);
        let whole = !self.is_incomplete(kind);
        let kind = role_key(kind);
        let is_id = self.names.contains_key(&(kind, text.as_str())) || self.held.contains(&(kind, text.as_str()));
        let mut fits: BTreeSet<&str> = BTreeSet::new();
        if by != RoleRefKind::Id {
            fits.extend(self.by_name.get(&(kind, text.clone())).into_iter().flatten().copied());
        }
        if by != RoleRefKind::Name && is_id {
            fits.insert(&text);
        }
        match fits.len() {
            0 if by == RoleRefKind::Id && !whole => Named::Id {
                id: text,
                by_name: false,
            },
            0 if whole => Named::Nothing,
            0 => Named::NotRead,
            1 => {
                let by_name = by == RoleRefKind::Name || !fits.contains(text.as_str());
                Named::Id {
                    id: fits.first().copied().unwrap_or_default().to_owned(),
                    by_name,
                }
            }
            _ => Named::Several(fits.into_iter().map(str::to_owned).collect()),
        }
    }
}
