//! Whether a check saw everybody.
//!
//! A population is proved or the run cannot decide: nothing judged is never the same as nothing wrong.

use jiff::Timestamp;

use crate::check::Check;
use crate::finding::SubjectKind;
use crate::project::Project;
use crate::snapshot::{Collection, Comparison, Snapshot};
use crate::subject::{Subjects, trust};

/// What populations are proved from.
pub struct Proof<'a> {
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// The declared systems.
    pub project: &'a Project,
    /// What was judged.
    pub subjects: &'a Subjects,
    /// The time of the run.
    pub now: Timestamp,
    /// What an earlier snapshot had.
    pub earlier: Option<&'a Comparison>,
}

impl Proof<'_> {
    /// Why it is not proved that a check saw every subject there is, one sentence each.
    pub fn gaps(&self, check: &Check) -> Vec<String> {
        let declared = self.project.systems.iter().map(|system| &system.id);
        let read = self.snapshot.systems.iter().map(|system| &system.id);
        let mut systems: Vec<Option<&str>> = declared.chain(read).map(|id| Some(id.as_str())).collect();
        systems.push(None);
        systems.sort_unstable();
        let mut gaps: Vec<String> = systems
            .into_iter()
            .filter_map(|system| self.gap(check, system))
            .collect();
        gaps.dedup();
        gaps
    }

    /// Why it is not proved that a check saw every subject of a system; null where it is.
    pub fn gap(&self, check: &Check, system: Option<&str>) -> Option<String> {
        match (check.subject, system) {
            (SubjectKind::Account | SubjectKind::System, Some(system)) if !self.is_declared(system) => Some(format!(
                "`{system}` is not under `systems` in the project: nobody has said whether it is critical"
            )),
            (SubjectKind::Account, Some(system)) => self.accounts_gap(system),
            (SubjectKind::Staff, _) => self.subjects.roster_gap.clone(),
            // A declared system is judged, read or not, and there is always one workspace.
            _ => None,
        }
    }

    fn is_declared(&self, system: &str) -> bool {
        self.project.systems.iter().any(|declared| declared.id == system)
    }

    fn accounts_gap(&self, system: &str) -> Option<String> {
        let Some(read) = self.snapshot.systems.iter().find(|read| read.id == system) else {
            return Some(format!("no source has read the accounts of `{system}`"));
        };
        let Some(source) = self.snapshot.sources.iter().find(|source| source.id == read.source) else {
            return Some(format!("`{}` was not read", read.source));
        };
        let empty = || {
            let any = self
                .subjects
                .accounts
                .iter()
                .any(|account| account.of.system.as_deref() == Some(system));
            (!any).then(|| format!("no account of `{system}` was read"))
        };
        trust::gap(source, Collection::Accounts)
            .or_else(|| trust::stale(source, self.project, self.now, self.snapshot.taken_at))
            .or_else(empty)
            .or_else(|| trust::dropped(source, Collection::Accounts, self.earlier))
    }
}
