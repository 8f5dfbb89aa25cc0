//! Access rules, resolved against the facts: roles by id, job roles and departments canonical, staff by id.

use std::collections::BTreeSet;

use super::catalogue::{Catalogue, Named};
use super::document::AccessRule;
use super::error::{STAFF_TYPES, SubjectError};
use crate::error::Place;
use crate::finding::Notice;
use crate::identity::{Directory, Found};
use crate::project::{AccessRule as Written, RoleRef, SystemConfig};
use crate::snapshot::{Employment, RoleKind, Snapshot, Staff};
use crate::staff::{self, Person, Roster, Status, Words};

/// The rules of one system.
#[derive(Debug, Default)]
pub struct Rules {
    pub rules: Vec<AccessRule>,
    /// Paths under `system` that what was read cannot fill: `access.rules[].system_roles`.
    pub unavailable: BTreeSet<&'static str>,
}

/// What rules are resolved against.
pub struct Known<'a> {
    pub catalogue: &'a Catalogue<'a>,
    pub directory: &'a Directory<'a>,
    pub words: &'a Words,
    pub columns: &'a Columns,
    /// Whether the roster is proved to hold everybody.
    pub roster_whole: bool,
}

/// Resolves the rules of one system.
pub fn resolve(system: &SystemConfig, known: &Known<'_>, notices: &mut Vec<Notice>) -> Result<Rules, SubjectError> {
    let mut rules = Rules::default();
    for written in &system.access {
        if known.roster_whole {
            known.columns.hold(system, written)?;
        }
        let rule = Resolving {
            system,
            written,
            known,
            notices: &mut *notices,
            rules: &mut rules,
        }
        .rule()?;
        rules.rules.push(rule);
    }
    Ok(rules)
}

struct Resolving<'a> {
    system: &'a SystemConfig,
    written: &'a Written,
    known: &'a Known<'a>,
    notices: &'a mut Vec<Notice>,
    rules: &'a mut Rules,
}

impl Resolving<'_> {
    fn rule(mut self) -> Result<AccessRule, SubjectError> {
        let written = self.written;
        let words = self.known.words;
        let mut unresolved = Vec::new();
        let system_roles = self.roles(RoleKind::Role, written.system_roles.as_deref(), &mut unresolved)?;
        let permission_sets = self.roles(
            RoleKind::PermissionSet,
            written.permission_sets.as_deref(),
            &mut unresolved,
        )?;
        let staff = written.staff.as_deref().map(|staff| self.staff(staff, &mut unresolved));
        let staff_types = written
            .staff_types
            .as_deref()
            .map(|types| self.staff_types(types))
            .transpose()?;
        let staff_roles = written.staff_roles.as_deref().map(|roles| words.job_roles(roles));
        if staff_roles.is_some() && !self.known.roster_whole {
            self.rules.unavailable.insert("access.rules[].held_by");
        }
        Ok(AccessRule {
            name: written.name.clone(),
            line: written.place.line,
            all_staff: written.all_staff,
            held_by: staff_roles.as_deref().map(|roles| self.held_by(roles)),
            staff_roles,
            staff_types,
            departments: written.departments.as_deref().map(staff::departments),
            staff,
            system_roles,
            permission_sets,
            unresolved,
            ticket: written.ticket,
        })
    }

    /// What only leavers held nobody holds.
    fn held_by(&self, roles: &[String]) -> u64 {
        let people = self.known.directory.people.iter();
        let holds = |person: &&Person| person.job_roles.iter().any(|role| roles.contains(role));
        people
            .filter(|person| person.status != Status::Offboarded)
            .filter(holds)
            .count() as u64
    }

    fn roles(
        &mut self,
        kind: RoleKind,
        written: Option<&[RoleRef]>,
        unresolved: &mut Vec<String>,
    ) -> Result<Option<Vec<String>>, SubjectError> {
        let Some(written) = written else { return Ok(None) };
        let catalogue = self.known.catalogue;
        let path = match kind {
            RoleKind::Role => "access.rules[].system_roles",
            RoleKind::PermissionSet => "access.rules[].permission_sets",
        };
        let mut ids = BTreeSet::new();
        for role in written {
            match catalogue.resolve(kind, role.by, &role.text) {
                Named::Id { id, by_name } => {
                    // Another role of the same name may be among those that were not read.
                    if by_name && catalogue.is_incomplete(kind) {
                        self.rules.unavailable.insert(path);
                    }
                    ids.insert(id);
                }
                Named::NotRead => self.rules.unavailable.extend([path, "access.rules[].unresolved"]),
                Named::Nothing => {
                    let message = format!(
                        "rule `{}` of `{}` names the role `{}`, which does not exist",
                        self.written.name, self.system.id, role.text
                    );
                    self.notice("unresolved_role", message, &role.place);
                    unresolved.push(role.text.clone());
                }
                Named::Several(ids) => {
                    return Err(SubjectError::RoleFitsSeveral {
                        place: Box::new(role.place.clone()),
                        text: role.text.clone(),
                        kind,
                        system: self.system.id.clone(),
                        ids,
                    });
                }
            }
        }
        Ok(Some(ids.into_iter().collect()))
    }

    fn staff(&mut self, written: &[String], unresolved: &mut Vec<String>) -> Vec<String> {
        let mut keys = BTreeSet::new();
        for who in written {
            let why = match self.known.directory.named(who) {
                Found::One(person) => {
                    keys.insert(self.known.directory.people[person].key.clone());
                    continue;
                }
                Found::Several => "an address that several people share",
                Found::Nobody if self.known.roster_whole => "who is not on the roster",
                Found::Nobody => {
                    self.rules
                        .unavailable
                        .extend(["access.rules[].staff", "access.rules[].unresolved"]);
                    continue;
                }
            };
            let message = format!(
                "rule `{}` of `{}` names {who}, {why}",
                self.written.name, self.system.id
            );
            self.notice("unresolved_staff", message, &self.written.place);
            unresolved.push(who.clone());
        }
        keys.into_iter().collect()
    }

    fn staff_types(&self, written: &[String]) -> Result<Vec<String>, SubjectError> {
        let mut types = BTreeSet::new();
        for word in written {
            let kind = staff::staff_type(word);
            if !STAFF_TYPES.contains(&kind.as_str()) {
                return Err(SubjectError::UnknownStaffType {
                    place: Box::new(self.written.place.clone()),
                    rule: self.written.name.clone(),
                    system: self.system.id.clone(),
                    word: word.clone(),
                });
            }
            types.insert(kind);
        }
        Ok(types.into_iter().collect())
    }

    fn notice(&mut self, code: &str, message: String, place: &Place) {
        let (code, place) = (code.to_owned(), Some(place.clone()));
        self.notices.push(Notice {
            code,
            message,
            subject: Some(self.system.id.clone()),
            place,
        });
    }
}

/// Which of the columns that rules can ask for the roster has at all.
#[derive(Debug)]
pub struct Columns {
    employment: bool,
    job_roles: bool,
    departments: bool,
    sources: Vec<String>,
}

impl Columns {
    /// Looks through the rows. A column that a source meant to read and could not is there.
    pub fn of(snapshot: &Snapshot, roster: &Roster) -> Self {
        let ours = |source: &String| roster.sources.contains(source);
        let unread = |path: &str| {
            let sources = snapshot.sources.iter().filter(|source| ours(&source.id));
            sources
                .flat_map(|source| &source.unavailable)
                .any(|missing| missing == path || missing == "staff")
        };
        let any = |has: fn(&Staff) -> bool| snapshot.staff.iter().any(|row| has(row) && ours(&row.source));
        Columns {
            employment: any(|row| row.employment != Employment::NotStated) || unread("staff.employment"),
            job_roles: any(|row| !row.job_roles.is_empty()) || unread("staff.job_roles"),
            departments: any(|row| !row.departments.is_empty()) || unread("staff.departments"),
            sources: roster.sources.clone(),
        }
    }

    fn hold(&self, system: &SystemConfig, rule: &Written) -> Result<(), SubjectError> {
        let asked = [
            (
                "staff_types",
                "an employment type",
                rule.staff_types.is_some() && !self.employment,
            ),
            (
                "staff_roles",
                "a job role",
                rule.staff_roles.is_some() && !self.job_roles,
            ),
            (
                "departments",
                "a department",
                rule.departments.is_some() && !self.departments,
            ),
        ];
        match asked.into_iter().find(|(_, _, lacks)| *lacks) {
            None => Ok(()),
            Some((key, what, _)) => Err(SubjectError::ColumnMissing {
                place: Box::new(rule.place.clone()),
                rule: rule.name.clone(),
                system: system.id.clone(),
                key,
                what,
                sources: self.sources.clone(),
            }),
        }
    }
}
