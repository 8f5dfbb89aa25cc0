//! Who is who: what links an account to a member of staff, or to a class of accounts that belong to no one person.
//!
//! The order, the first that answers: an entry in `identities:`, the employee id, the primary address, another address
//! of the person or the account, an address at a domain declared to mean the same. Keys are compared exactly in the
//! form of [`crate::staff::key`]; likeness never matches, it becomes a suggestion (`suggest`). Two candidates are
//! ambiguous, never the first.

mod directory;
mod entries;
mod resolve;
mod suggest;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::Serialize;

pub use self::directory::{Directory, Found};
pub use self::entries::{EntryState, IdentityError};
use crate::finding::{IdentityNote, Notice};
use crate::project::Project;
use crate::snapshot::{Account, Snapshot};
use crate::staff::{Person, Roster};

/// What one account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// How far it is known.
    pub state: State,
    /// Whose it is.
    pub class: Class,
    /// What said so.
    pub rule: Rule,
    /// The key that the rule compared: an address, an employee id, or the account as the entry names it.
    pub key: Option<String>,
    /// What its entry in `identities:` names as staff, as written.
    pub mapping: Option<String>,
    /// Whether another key points at somebody else.
    pub conflict: bool,
    /// Who it may be, where that is ambiguous: indexes into [`Roster::people`], sorted.
    pub candidates: Vec<usize>,
    /// Whose it is: an index into [`Roster::people`].
    pub person: Option<usize>,
    /// Who answers for it, of a classified account.
    pub owner: Owner,
    /// Why it is classified as it is, as written.
    pub reason: Option<String>,
    /// The end of its last day, of a classified account.
    pub until: Option<Timestamp>,
    /// The end of the day by which it must be looked at again.
    pub review: Option<Timestamp>,
    /// Whether its entry takes it from somebody who has left.
    pub leaver: Leaver,
}

/// Whether an account's own address is that of somebody who has left, while its entry says that it is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaver {
    /// This person's: an index into [`Roster::people`].
    Yes(usize),
    /// Nobody's who has left, or it has no entry that says otherwise.
    No,
    /// Somebody's whose own status is not known.
    Unknown,
}

impl Leaver {
    /// Who has left.
    pub const fn person(self) -> Option<usize> {
        match self {
            Leaver::Yes(person) => Some(person),
            Leaver::No | Leaver::Unknown => None,
        }
    }

    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Leaver::Yes(_) => "yes",
            Leaver::No => "no",
            Leaver::Unknown => "unknown",
        }
    }
}

/// How far it is known what an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// One member of staff.
    Matched,
    /// Service, shared or external, by explicit statement.
    Classified,
    /// Nobody's that is known.
    Unmatched,
    /// Two people or more.
    Ambiguous,
    /// Its mapping names staff who do not exist.
    StaleMapping,
    /// Looked into, and nobody knows.
    NotIdentified,
}

/// Whose an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Class {
    Staff,
    Service,
    Shared,
    External,
    None,
}

/// What said whose an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// An entry in `identities:` that names staff.
    Mapping,
    /// The employee id that the system records.
    EmployeeId,
    /// The account's address is a work address.
    Email,
    /// An other address of the person, or of the account.
    Alias,
    /// The same mailbox at a domain declared to mean the same.
    DomainAlias,
    /// An entry in `identities:` that names no staff.
    Classification,
    /// Nothing.
    None,
}

/// Who answers for an account that belongs to no one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// Whether there is one.
    pub state: OwnerState,
    /// Who: an index into [`Roster::people`].
    pub person: Option<usize>,
}

/// Whether somebody answers for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerState {
    /// Somebody who works here, on leave or not.
    Current,
    /// Somebody who has left.
    Offboarded,
    /// Nobody is named, nobody of that name is on the roster, or they have not started or are suspended.
    Missing,
    /// The account belongs to a person or to nobody.
    NotNeeded,
    /// Somebody whose own status is not known.
    Unknown,
}

/// What all accounts are.
#[derive(Debug)]
pub struct Identities {
    /// One for each account of the snapshot, in its order.
    pub accounts: Vec<Identity>,
    /// How each entry of `identities:` fared, in the file's order.
    pub entries: Vec<EntryState>,
    /// Contradictions and gaps that a person should look at.
    pub notices: Vec<Notice>,
}

/// Identifies every account of a snapshot.
pub fn identify(
    snapshot: &Snapshot,
    project: &Project,
    roster: &Roster,
    directory: &Directory<'_>,
    now: Timestamp,
) -> Result<Identities, IdentityError> {
    let entries = entries::Entries::of(snapshot, project)?;
    let mut notices = Vec::new();
    let mut accounts = Vec::with_capacity(snapshot.accounts.len());
    for (index, account) in snapshot.accounts.iter().enumerate() {
        let entry = entries.of_account(index);
        accounts.push(resolve::identity(
            account,
            entry,
            project,
            roster,
            directory,
            now,
            &mut notices,
        ));
    }
    let states = entries.states(&accounts, snapshot, &mut notices);
    Ok(Identities {
        accounts,
        entries: states,
        notices,
    })
}

/// The identities as an auditor wants to see them, with suggestions where an account that may sign in is nobody's.
pub fn notes(snapshot: &Snapshot, roster: &Roster, identities: &Identities) -> Vec<IdentityNote> {
    let pairs = || snapshot.accounts.iter().zip(&identities.accounts);
    // Indexing the roster is for nothing where every account is somebody's.
    let wanted = pairs().any(|(account, identity)| suggest::wanted(account, identity));
    let likeness = suggest::Likeness::of(if wanted { &roster.people } else { &[] });
    pairs()
        .map(|(account, identity)| note(account, identity, roster, &likeness))
        .collect()
}

fn note(account: &Account, identity: &Identity, roster: &Roster, likeness: &suggest::Likeness<'_>) -> IdentityNote {
    let suggestions = likeness.suggestions(account, identity);
    let person = identity.person.and_then(|index| roster.people.get(index));
    IdentityNote {
        state: word(&identity.state),
        class: word(&identity.class),
        rule: word(&identity.rule),
        key: identity.key.clone(),
        staff: person.map(|person: &Person| person.key.clone()),
        paste: suggestions.first().map(|first| suggest::paste(account, &first.staff)),
        suggestions,
    }
}

/// The published word of an enum without data.
fn word(of: &impl Serialize) -> String {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
