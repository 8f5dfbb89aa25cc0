//! The line of the project that is the nearest to what a finding says: where somebody who reads it would begin to mend.

use std::collections::HashMap;

use crate::check::Check;
use crate::error::Place;
use crate::project::Project;
use crate::subject::Subject;

/// The lines of a project that findings can point to.
pub struct Lines<'a> {
    project: &'a Project,
    /// The entries of `identities:`, by system and account as written.
    entries: HashMap<(&'a str, &'a str), &'a Place>,
    systems: HashMap<&'a str, &'a Place>,
}

impl<'a> Lines<'a> {
    /// Finds them once; there can be a hundred thousand findings.
    pub fn of(project: &'a Project) -> Self {
        let entries = project.identities.iter();
        let systems = project.systems.iter();
        Self {
            project,
            entries: entries
                .map(|entry| ((entry.system.as_str(), entry.account.as_str()), &entry.place))
                .collect(),
            systems: systems.map(|system| (system.id.as_str(), &system.place)).collect(),
        }
    }

    /// The rule of a check that is the project's own; else the entry that says whose the account is; else the system;
    /// else the beginning of the project file.
    pub fn nearest(&self, check: &Check, subject: &Subject) -> Place {
        if check.origin != "built-in" {
            return check.place.clone();
        }
        let system = subject.of.system.as_deref();
        let entry = || {
            // An account that has an entry was identified by what the entry calls it.
            let key = subject.identity.as_ref()?.key.as_deref()?;
            self.entries.get(&(system?, key)).copied()
        };
        let nearest = entry().or_else(|| self.systems.get(system?).copied());
        nearest.cloned().unwrap_or_else(|| Place {
            file: self.project.file.display().to_string(),
            line: 1,
            column: 1,
        })
    }
}
