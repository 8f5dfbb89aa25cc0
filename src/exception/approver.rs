//! Who may accept a risk: somebody who works here, and whose own the risk is not.
//!
//! Another approver costs little, and one who accepts what they did themselves is worth nothing: whoever the account could
//! be of, by any of its addresses or by likeness, is asked to leave it to somebody else. Who answers for an account or a
//! system, its owner, is not its subject.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::finding::{Finding, SubjectKind};
use crate::identity::{self, Directory, Found, Identity, IdentityError};
use crate::project::Project;
use crate::snapshot::{Account, Snapshot};
use crate::staff::{Roster, Status, key};

/// The people of a run, as those who accept risks.
pub struct Approvers<'a> {
    directory: Directory<'a>,
    /// By system and id: as it was read, and whose it is.
    accounts: HashMap<(&'a str, &'a str), (&'a Account, Identity)>,
    /// Why the roster is not proved to hold everybody; null where it is.
    gap: Option<&'a str>,
}

/// How somebody stands to what is found.
enum Tie {
    /// It is about them.
    Own,
    /// It may be.
    Perhaps,
}

impl<'a> Approvers<'a> {
    /// Everybody on the roster; `gap` is why that is not proved to be everybody, where it is not.
    ///
    /// # Errors
    /// The identities of the project contradict each other.
    pub fn of(
        roster: &'a Roster,
        project: &Project,
        (snapshot, now): (&'a Snapshot, Timestamp),
        gap: Option<&'a str>,
    ) -> Result<Self, IdentityError> {
        let directory = Directory::of(&roster.people, &project.staff.domain_aliases);
        let identities = identity::identify(snapshot, project, roster, &directory, now)?.accounts;
        let of = |account: &'a Account| (account.system.as_str(), account.id.as_str());
        let accounts = snapshot.accounts.iter().zip(identities);
        let accounts = accounts.map(|(account, identity)| (of(account), (account, identity)));
        Ok(Approvers {
            accounts: accounts.collect(),
            directory,
            gap,
        })
    }

    /// Why somebody may not accept these findings, in one sentence; null where they may.
    pub fn problem(&self, approved_by: &str, findings: &[&Finding]) -> Option<String> {
        let index = match (self.directory.named(approved_by), self.gap) {
            (Found::One(index), _) => index,
            (Found::Several, _) => return Some(format!("`{approved_by}` is the address of several people")),
            (Found::Nobody, None) => return Some(format!("`{approved_by}` is not on the roster")),
            (Found::Nobody, Some(gap)) => {
                return Some(format!(
                    "whether `{approved_by}` is on the roster cannot be told: {gap}"
                ));
            }
        };
        let status = self.directory.people.get(index).map(|person| person.status);
        match status.unwrap_or(Status::Unknown) {
            Status::Current | Status::OnLeave => {}
            Status::Offboarded => return Some(format!("`{approved_by}` does not work here any more")),
            Status::NotStarted => return Some(format!("`{approved_by}` has not started yet")),
            Status::Suspended => return Some(format!("`{approved_by}` is suspended")),
            Status::None | Status::Unknown => {
                return Some(format!("whether `{approved_by}` works here is not known"));
            }
        }
        if let Some(gap) = self.gap {
            return Some(format!(
                "whether `{approved_by}` still works here cannot be told: {gap}"
            ));
        }
        let mut ties = findings
            .iter()
            .filter_map(|finding| Some((self.tie(index, finding)?, &finding.subject.id)));
        ties.next().map(|(tie, subject)| match tie {
            Tie::Own => format!("`{approved_by}` is the subject of {subject} and cannot accept it"),
            Tie::Perhaps => format!("{subject} may be `{approved_by}`'s own, so that somebody else has to accept it"),
        })
    }

    /// What ties a finding to somebody: it is of them, or of an account that is theirs by identity or by any address, or
    /// that may be theirs as nobody knows whose it is.
    fn tie(&self, person: usize, finding: &Finding) -> Option<Tie> {
        let key = &self.directory.people.get(person)?.key;
        match finding.subject.kind {
            SubjectKind::Staff => (finding.subject.id == *key).then_some(Tie::Own),
            SubjectKind::Account => {
                let account = self.account(finding);
                let note = finding.identity.as_ref();
                let is_matched = note.and_then(|note| note.staff.as_ref()) == Some(key)
                    || account.is_some_and(|(_, identity)| identity.person == Some(person));
                if is_matched || self.named_by(finding, account).contains(&person) {
                    return Some(Tie::Own);
                }
                let is_candidate = account.is_some_and(|(_, identity)| identity.candidates.contains(&person));
                let mut suggestions = note.into_iter().flat_map(|note| &note.suggestions);
                (is_candidate || suggestions.any(|one| one.staff == *key)).then_some(Tie::Perhaps)
            }
            SubjectKind::System | SubjectKind::Workspace => None,
        }
    }

    /// The account that a finding is about, as it was read.
    fn account<'b>(&'b self, finding: &'b Finding) -> Option<&'b (&'b Account, Identity)> {
        let system = finding.subject.system.as_deref()?;
        let id = finding.subject.id.strip_prefix(system)?.strip_prefix(':')?;
        self.accounts.get(&(system, id))
    }

    /// Everybody whom the addresses and the employee id of an account name, whatever its identity is by.
    fn named_by(&self, finding: &Finding, account: Option<&(&Account, Identity)>) -> BTreeSet<usize> {
        let account = account.map(|(account, _)| *account);
        let of_account = account
            .into_iter()
            .flat_map(|account| account.email.iter().chain(&account.aliases));
        let addresses = finding.subject.email.iter().chain(of_account);
        let by_address = addresses
            .filter_map(|address| key::address_key(address))
            .flat_map(|address| self.directory.anybody(&address));
        let id = account.and_then(|account| account.employee_id.as_deref());
        by_address
            .chain(id.and_then(|id| self.directory.by_employee_id(id)))
            .collect()
    }
}
