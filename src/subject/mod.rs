//! Subjects: the documents that a policy sees, one account, member of staff, system or workspace at a time.
//!
//! The documents are total (`policies/schemas/` publishes them), and what could not be read is named beside them:
//! [`Subject::unavailable`] holds the paths under which a value says nothing. Parts are shared: a system with a hundred
//! thousand accounts is one value in memory.

mod account;
mod approvals;
mod catalogue;
mod context;
mod document;
mod error;
mod people;
mod rules;
mod system;
pub mod trust;
mod workspace;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use self::context::Context;
pub use self::error::SubjectError;
use crate::finding::{IdentityNote, Notice, SubjectRef};
use crate::identity::{self, Directory};
use crate::project::Project;
use crate::snapshot::{Comparison, Snapshot};
use crate::staff;

/// One subject: what a check judges.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Which.
    pub of: SubjectRef,
    /// The top-level keys of its document except `now`, `today`, `params` and `unavailable`. Sorted by key.
    pub parts: Vec<(&'static str, Arc<Value>)>,
    /// Paths of the document that what was read cannot fill, `[]` for the elements of a list. Sorted.
    pub unavailable: Vec<String>,
    /// How an account was identified; null for other subjects.
    pub identity: Option<IdentityNote>,
}

/// Everything that can be judged.
#[derive(Debug, Clone)]
pub struct Subjects {
    /// Sorted by key (`system:id`).
    pub accounts: Vec<Subject>,
    /// Sorted by key.
    pub staff: Vec<Subject>,
    /// Sorted by id.
    pub systems: Vec<Subject>,
    /// The one that holds all.
    pub workspace: Subject,
    /// What a person should know and no check has a verdict for. Sorted.
    pub notices: Vec<Notice>,
    /// Why the roster is not proved to hold everybody; null where it is.
    pub roster_gap: Option<String>,
}

/// What of the documents is worth making: of a large workspace, lists of accounts are most of the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Whether members of staff are judged. Without it [`Subjects::staff`] is empty.
    pub staff: bool,
    /// Whether a check of systems reads `accounts`. Without it those documents have no such part: a policy that reads
    /// it all the same meets an error, never an empty list.
    pub account_lists: bool,
}

/// Makes all documents of a snapshot, as seen through a project at a time.
pub fn subjects(snapshot: &Snapshot, project: &Project, now: Timestamp) -> Result<Subjects, SubjectError> {
    subjects_needed(
        snapshot,
        project,
        now,
        Need {
            staff: true,
            account_lists: true,
        },
        None,
    )
}

/// Makes those documents of a snapshot that are needed, as seen through a project at a time; `earlier` is what an earlier
/// snapshot had, where one is known.
pub fn subjects_needed(
    snapshot: &Snapshot,
    project: &Project,
    now: Timestamp,
    need: Need,
    earlier: Option<&Comparison>,
) -> Result<Subjects, SubjectError> {
    trust::hold_provided(snapshot, project)?;
    let roster = staff::roster(snapshot, project, now);
    let directory = Directory::of(&roster.people, &project.staff.domain_aliases);
    let mut identities = identity::identify(snapshot, project, &roster, &directory, now)?;
    let notes = identity::notes(snapshot, &roster, &identities);
    let mut notices = roster.notices.clone();
    notices.append(&mut identities.notices);

    let context = Context::new(snapshot, project, now, earlier, &roster, &directory, &identities);
    let systems = system::systems(&context, &mut notices)?;
    let people = roster
        .people
        .iter()
        .map(|person| people::staff_part(person, &context))
        .collect::<Result<Vec<_>, _>>()?;
    let roster_part = people::roster_part(&context)?;
    let accounts = account::account_subjects(&context, &systems, &people, notes, &mut notices)?;
    let staff = if need.staff {
        people::staff_subjects(&context, &systems, &people)?
    } else {
        Vec::new()
    };
    let system_subjects = system::system_subjects(&context, &systems, &roster_part, need)?;
    let workspace = workspace::workspace_subject(&context, &systems, &roster_part)?;
    notices.sort();
    notices.dedup();
    let roster_gap = context.roster_gap;
    Ok(Subjects {
        accounts,
        staff,
        systems: system_subjects,
        workspace,
        notices,
        roster_gap,
    })
}
