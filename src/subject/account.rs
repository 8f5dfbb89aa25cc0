//! Accounts as subjects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::catalogue::Catalogue;
use super::context::{Context, held, last_login, part, paths};
use super::document::{self, Moment};
use super::people::{nobody, staff_gaps};
use super::system::SystemPart;
use super::{Subject, SubjectError};
use crate::finding::{IdentityNote, Notice, SubjectKind, SubjectRef};
use crate::identity::{Identity, Leaver, OwnerState, Rule};
use crate::snapshot::{Account, RoleKind};
use crate::staff::Person;

/// Every account of every system, sorted by key.
pub fn account_subjects(
    context: &Context<'_>,
    systems: &[SystemPart<'_>],
    people: &[Arc<Value>],
    notes: Vec<IdentityNote>,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Subject>, SubjectError> {
    let shared = Shared {
        kind: part(&SubjectKind::Account.word())?,
        nobody: nobody()?,
        no_approvals: part(&[(); 0])?,
    };
    let mut notes: Vec<Option<IdentityNote>> = notes.into_iter().map(Some).collect();
    let none = Catalogue::default();
    let mut subjects = Vec::with_capacity(notes.len());
    for system in systems {
        let catalogue = context.catalogues.get(system.id).unwrap_or(&none);
        for index in &system.accounts {
            let about = About {
                context,
                system,
                catalogue,
                index: *index,
            };
            let note = notes.get_mut(*index).and_then(Option::take);
            subjects.push(about.subject(&shared, people, note)?);
        }
        notices.extend(clock_skew(context, system));
    }
    subjects.sort_by(|a: &Subject, b| a.of.id.cmp(&b.of.id));
    Ok(subjects)
}

/// Parts that are the same for many accounts.
struct Shared {
    kind: Arc<Value>,
    nobody: Arc<Value>,
    no_approvals: Arc<Value>,
}

struct About<'a> {
    context: &'a Context<'a>,
    system: &'a SystemPart<'a>,
    catalogue: &'a Catalogue<'a>,
    index: usize,
}

impl About<'_> {
    fn account(&self) -> &Account {
        &self.context.snapshot.accounts[self.index]
    }

    fn identity(&self) -> &Identity {
        &self.context.identities.accounts[self.index]
    }

    fn subject(
        &self,
        shared: &Shared,
        people: &[Arc<Value>],
        note: Option<IdentityNote>,
    ) -> Result<Subject, SubjectError> {
        let account = self.account();
        let staff = self
            .identity()
            .person
            .and_then(|person| people.get(person))
            .unwrap_or(&shared.nobody);
        let approvals = self
            .system
            .approvals
            .for_account(account, self.identity(), self.context);
        let approvals = if approvals.is_empty() {
            shared.no_approvals.clone()
        } else {
            part(&approvals)?
        };
        Ok(Subject {
            of: SubjectRef {
                kind: SubjectKind::Account,
                id: self.context.account_keys[self.index].clone(),
                name: account.name.clone(),
                email: account.email.clone(),
                system: Some(account.system.clone()),
            },
            parts: vec![
                ("account", self.account_part()?),
                ("approvals", approvals),
                ("identity", self.identity_part()?),
                ("staff", staff.clone()),
                ("subject", shared.kind.clone()),
                ("system", self.system.document.clone()),
            ],
            unavailable: self.unavailable(),
            identity: note,
        })
    }

    fn account_part(&self) -> Result<Arc<Value>, SubjectError> {
        let account = self.account();
        // One name per id, in the ids' order; a role that the catalogue does not list goes by its id.
        let names = |kind| {
            held(account, kind)
                .into_iter()
                .map(|id| self.catalogue.name(kind, id).unwrap_or(id))
                .collect()
        };
        let unlisted = account
            .roles
            .iter()
            .filter(|held| self.catalogue.name(held.kind, &held.id).is_none());
        part(&document::Account {
            key: &self.context.account_keys[self.index],
            id: &account.id,
            name: account.name.as_deref(),
            email: account.email.as_deref(),
            state: account.state,
            kind: account.kind,
            access: account.access,
            admin: account.admin,
            mfa: account.mfa,
            reader: account.reader,
            role_ids: held(account, RoleKind::Role),
            role_names: names(RoleKind::Role),
            permission_set_ids: held(account, RoleKind::PermissionSet),
            permission_set_names: names(RoleKind::PermissionSet),
            unlisted_role_ids: unlisted.map(|held| held.id.as_str()).collect(),
            permissions: account.permissions.as_deref().unwrap_or_default(),
            created: Moment::past(account.created_at, self.context.now),
            last_login: last_login(account, self.context.now),
            source: self
                .system
                .source
                .map_or(account.system.as_str(), |source| source.id.as_str()),
        })
    }

    fn identity_part(&self) -> Result<Arc<Value>, SubjectError> {
        let identity = self.identity();
        let people = &self.context.roster.people;
        let candidate = |index: &usize| {
            let person = people.get(*index)?;
            let (id, name) = (person.key.as_str(), person.label());
            Some(document::Candidate {
                id,
                name,
                email: person.email(),
                status: person.status,
            })
        };
        let person = self.context.person(identity);
        let named = |person: &Person| {
            let rules = self
                .system
                .naming_rules
                .iter()
                .filter(|(_, people)| people.contains(&person.key));
            rules.map(|(rule, _)| rule.as_str()).collect()
        };
        let owner = identity.owner.person.and_then(|index| people.get(index));
        part(&document::Identity {
            state: identity.state,
            class: identity.class,
            rule: identity.rule,
            key: identity.key.as_deref(),
            mapping: identity.mapping.as_deref(),
            named_by: person.map(named).unwrap_or_default(),
            conflict: identity.conflict,
            candidates: identity.candidates.iter().filter_map(candidate).collect(),
            owner: document::Owner {
                state: identity.owner.state,
                id: owner.map(|person| person.key.as_str()),
                name: owner.and_then(|person| person.name.as_deref()),
                email: owner.and_then(|person| person.email()),
            },
            reason: identity.reason.as_deref(),
            until: Moment::new(identity.until, self.context.now),
            review: Moment::new(identity.review, self.context.now),
            leaver: identity.leaver.word(),
            leaver_name: identity
                .leaver
                .person()
                .and_then(|index| people.get(index))
                .map(Person::label),
        })
    }

    /// Every path that what was read cannot fill for this account.
    fn unavailable(&self) -> Vec<String> {
        let (context, system, identity) = (self.context, self.system, self.identity());
        let mut unavailable: BTreeSet<String> =
            system.unavailable.iter().map(|path| format!("system.{path}")).collect();
        if unavailable.contains("system.access.rules[].staff") {
            unavailable.insert("identity.named_by".to_owned());
        }
        let missing = system.source.into_iter().flat_map(|source| &source.unavailable);
        unavailable.extend(missing.filter(|path| path.starts_with("account.")).cloned());
        for (kind, names) in [
            (RoleKind::Role, "account.role_names"),
            (RoleKind::PermissionSet, "account.permission_set_names"),
        ] {
            if self.catalogue.is_incomplete(kind) {
                unavailable.extend([names, "account.unlisted_role_ids"].map(str::to_owned));
            }
        }
        for kind in &self.account().unread_roles {
            let held = match kind {
                RoleKind::Role => ["account.role_ids", "account.role_names"],
                RoleKind::PermissionSet => ["account.permission_set_ids", "account.permission_set_names"],
            };
            unavailable.extend(held.map(str::to_owned));
            unavailable.insert("account.unlisted_role_ids".to_owned());
        }
        if self.account().permissions.is_none() {
            unavailable.insert("account.permissions".to_owned());
        }
        let open = context.identity_open(identity, system.source);
        if open {
            unavailable.extend(["identity", "staff"].map(str::to_owned));
        }
        if let Some(person) = context.person(identity) {
            unavailable.extend(staff_gaps(person, context));
        }
        if identity.owner.state == OwnerState::Missing && context.roster_gap.is_some() {
            unavailable.insert("identity.owner".to_owned());
        }
        // A leaver may be among the rows that are missing. Nothing else is open of an account that an entry settles.
        let declared = matches!(identity.rule, Rule::Mapping | Rule::Classification);
        if declared && identity.leaver == Leaver::No && context.roster_gap.is_some() {
            unavailable.extend(["identity.leaver", "identity.leaver_name"].map(str::to_owned));
        }
        let approvals = &system.approvals;
        let undecided = || approvals.open_for(self.account(), identity, context);
        if approvals.gap.is_some() || (approvals.configured && open) || undecided() {
            unavailable.insert("approvals".to_owned());
        }
        if approvals.roles_open {
            unavailable.insert("approvals[].role_ids".to_owned());
        }
        // Which roles it holds is a matter of its own stream: without it no name is known either.
        if system.source.is_some_and(|source| source.lists("account.role_ids")) {
            unavailable.insert("account.role_names".to_owned());
        }
        paths(unavailable)
    }
}

/// Times ahead of the run, one notice a system and field: they count as now.
fn clock_skew(context: &Context<'_>, system: &SystemPart<'_>) -> Vec<Notice> {
    let mut ahead: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
    for index in &system.accounts {
        let account = &context.snapshot.accounts[*index];
        for (field, at) in [("created", account.created_at), ("last_login", account.last_login.at)] {
            if at.is_some_and(|at| at > context.now) {
                ahead.entry(field).or_insert((0, &context.account_keys[*index])).0 += 1;
            }
        }
    }
    let notice = |(field, (count, first)): (&str, (u64, &str))| Notice {
        code: "clock_skew".to_owned(),
        message: format!(
            "`{field}` of {count} account(s) of `{}` is later than the time of the run ({first} first): it counts as now",
            system.id
        ),
        subject: Some(system.id.to_owned()),
        place: None,
    };
    ahead.into_iter().map(notice).collect()
}
