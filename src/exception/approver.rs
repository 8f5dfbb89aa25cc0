//! Who may accept a risk: somebody who works here, and whose own the risk is not.

use crate::finding::{Finding, SubjectKind};
use crate::identity::{Directory, Found};
use crate::project::Project;
use crate::staff::{Roster, Status, key};

/// The people of a run, as those who accept risks.
pub struct Approvers<'a> {
    directory: Directory<'a>,
    /// Why the roster is not proved to hold everybody; null where it is.
    gap: Option<&'a str>,
}

impl<'a> Approvers<'a> {
    /// Everybody on the roster; `gap` is why that is not proved to be everybody, where it is not.
    pub fn of(roster: &'a Roster, project: &Project, gap: Option<&'a str>) -> Self {
        Approvers {
            directory: Directory::of(&roster.people, &project.staff.domain_aliases),
            gap,
        }
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
        let own = findings.iter().find(|finding| self.is_about(index, finding))?;
        Some(format!(
            "`{approved_by}` is the subject of {} and cannot accept it",
            own.subject.id
        ))
    }

    /// Whether a finding is about somebody: it is theirs, or their account by identity or by any of its addresses.
    fn is_about(&self, person: usize, finding: &Finding) -> bool {
        let Some(key) = self.directory.people.get(person).map(|person| &person.key) else {
            return false;
        };
        match finding.subject.kind {
            SubjectKind::Staff => finding.subject.id == *key,
            SubjectKind::Account => {
                let identity = finding.identity.as_ref();
                identity.and_then(|identity| identity.staff.as_ref()) == Some(key) || self.has_address(person, finding)
            }
            SubjectKind::System | SubjectKind::Workspace => false,
        }
    }

    fn has_address(&self, person: usize, finding: &Finding) -> bool {
        let Some(address) = finding.subject.email.as_deref().and_then(key::address_key) else {
            return false;
        };
        self.directory.by_email(&address).contains(&person)
            || self.directory.by_alias(&address).contains(&person)
            || self.directory.by_domain_alias(&address).contains(&person)
    }
}
