//! The entries of `identities:`, and the accounts that they are about.

use std::collections::HashMap;

use super::{Identity, State};
use crate::error::{Explain, Place};
use crate::finding::Notice;
use crate::project::{IdentityEntry, Project};
use crate::snapshot::{Collection, Completeness, Snapshot};
use crate::staff::key;

/// How an entry fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// It says what an account is.
    Used,
    /// No account fits it, or one that fits has an entry of its own.
    Unused,
    /// It names staff who do not exist.
    Stale,
}

/// Why the entries cannot be read one way.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Two entries about one account.
    #[error("{place}: account `{account}` of `{system}` has another entry at {first}")]
    Twice {
        /// The second entry.
        place: Box<Place>,
        /// The first.
        first: Box<Place>,
        /// The system's id.
        system: String,
        /// The account's id.
        account: String,
    },
}

impl Explain for IdentityError {
    fn help(&self) -> Option<String> {
        Some("keep the entry that is true and delete the other".to_owned())
    }

    fn place(&self) -> Option<&Place> {
        let Self::Twice { place, .. } = self;
        Some(place)
    }
}

/// Which entry each account has.
pub(super) struct Entries<'a> {
    all: &'a [IdentityEntry],
    of_account: HashMap<usize, usize>,
}

impl<'a> Entries<'a> {
    /// Pairs entries and accounts, by id or by address; one account has one entry.
    pub(super) fn of(snapshot: &Snapshot, project: &'a Project) -> Result<Self, IdentityError> {
        let mut by_id: HashMap<(&str, &str), usize> = HashMap::new();
        let mut by_address: HashMap<(&str, String), usize> = HashMap::new();
        let all = project.identities.as_slice();
        for (index, entry) in all.iter().enumerate() {
            let account = entry.account.trim();
            let before = by_id.insert((&entry.system, account), index).or_else(|| {
                let address = key::address_key(account)?;
                by_address.insert((&entry.system, address), index)
            });
            if let Some(first) = before {
                return Err(twice(&all[first], entry));
            }
        }
        let mut of_account = HashMap::new();
        if !all.is_empty() {
            for (index, account) in snapshot.accounts.iter().enumerate() {
                let system = account.system.as_str();
                let address = || {
                    by_address
                        .get(&(system, account.email.as_deref().and_then(key::address_key)?))
                        .copied()
                };
                match (by_id.get(&(system, account.id.as_str())).copied(), address()) {
                    (Some(by_id), Some(by_address)) => {
                        let (first, second) = (by_id.min(by_address), by_id.max(by_address));
                        return Err(twice(&all[first], &all[second]));
                    }
                    (one, other) => of_account.extend(one.or(other).map(|entry| (index, entry))),
                }
            }
        }
        Ok(Entries { all, of_account })
    }

    /// The entry about an account, by its index in the snapshot.
    pub(super) fn of_account(&self, account: usize) -> Option<&'a IdentityEntry> {
        self.of_account.get(&account).map(|entry| &self.all[*entry])
    }

    /// How each entry fared. Where the accounts were not all read, an entry without an account is no news.
    pub(super) fn states(
        &self,
        identities: &[Identity],
        snapshot: &Snapshot,
        notices: &mut Vec<Notice>,
    ) -> Vec<EntryState> {
        let mut states = vec![EntryState::Unused; self.all.len()];
        for (account, entry) in &self.of_account {
            let stale = identities
                .get(*account)
                .is_some_and(|identity| identity.state == State::StaleMapping);
            states[*entry] = if stale { EntryState::Stale } else { EntryState::Used };
        }
        for (entry, state) in self.all.iter().zip(&states) {
            if *state == EntryState::Unused && accounts_complete(snapshot, &entry.system) {
                notices.push(Notice {
                    code: "unused_identity".to_owned(),
                    message: format!(
                        "no account of `{}` is left for the entry `{}`",
                        entry.system, entry.account
                    ),
                    subject: None,
                    place: Some(entry.place.clone()),
                });
            }
        }
        states
    }
}

fn twice(first: &IdentityEntry, second: &IdentityEntry) -> IdentityError {
    IdentityError::Twice {
        place: Box::new(second.place.clone()),
        first: Box::new(first.place.clone()),
        system: second.system.clone(),
        account: second.account.clone(),
    }
}

fn accounts_complete(snapshot: &Snapshot, system: &str) -> bool {
    let Some(system) = snapshot.systems.iter().find(|known| known.id == system) else {
        return false;
    };
    let source = snapshot.sources.iter().find(|source| source.id == system.source);
    source.is_some_and(|source| {
        source
            .provides
            .iter()
            .any(|provided| provided.collection == Collection::Accounts && provided.state == Completeness::Complete)
    })
}
