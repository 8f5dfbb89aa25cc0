//! What every subject is made from.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::catalogue::Catalogue;
use super::document::{self, Login, Moment};
use super::error::SubjectError;
use super::trust;
use crate::identity::{Directory, Identities, Identity, State};
use crate::project::Project;
use crate::snapshot::{Account, Comparison, LoginState, RoleKind, Snapshot, Source};
use crate::staff::{Person, Roster, Status};

pub struct Context<'a> {
    pub snapshot: &'a Snapshot,
    pub project: &'a Project,
    pub now: Timestamp,
    /// What an earlier snapshot had.
    pub earlier: Option<&'a Comparison>,
    pub roster: &'a Roster,
    pub directory: &'a Directory<'a>,
    pub identities: &'a Identities,
    pub catalogues: HashMap<&'a str, Catalogue<'a>>,
    pub sources: HashMap<&'a str, &'a Source>,
    /// Why the roster is not proved to hold everybody.
    pub roster_gap: Option<String>,
    /// `system:id` of each account, in the snapshot's order.
    pub account_keys: Vec<String>,
}

impl<'a> Context<'a> {
    pub fn new(
        snapshot: &'a Snapshot,
        project: &'a Project,
        now: Timestamp,
        earlier: Option<&'a Comparison>,
        roster: &'a Roster,
        directory: &'a Directory<'a>,
        identities: &'a Identities,
    ) -> Self {
        Context {
            catalogues: Catalogue::all(snapshot),
            sources: snapshot
                .sources
                .iter()
                .map(|source| (source.id.as_str(), source))
                .collect(),
            roster_gap: trust::roster_gap(snapshot, project, roster, now, earlier),
            account_keys: snapshot
                .accounts
                .iter()
                .map(|one| format!("{}:{}", one.system, one.id))
                .collect(),
            snapshot,
            project,
            now,
            earlier,
            roster,
            directory,
            identities,
        }
    }

    /// Whose an account is.
    pub fn person(&self, identity: &Identity) -> Option<&'a Person> {
        identity.person.and_then(|index| self.roster.people.get(index))
    }

    /// Whether more or newer rows could still say whose the account is.
    pub fn identity_open(&self, identity: &Identity, source: Option<&Source>) -> bool {
        match identity.state {
            State::Matched | State::Classified | State::NotIdentified => false,
            State::Unmatched if source.is_some_and(|source| source.lists("account.email")) => true,
            State::Unmatched | State::Ambiguous | State::StaleMapping => self.roster_gap.is_some(),
        }
    }

    /// Paths of the `roster` part that what was read cannot fill.
    pub fn roster_part_gaps(&self) -> impl Iterator<Item = String> {
        let whole = self.roster_gap.is_some().then(|| "roster".to_owned());
        let sources = || {
            self.roster
                .sources
                .iter()
                .filter_map(|id| self.sources.get(id.as_str()))
        };
        let unread = move |field: &&str| sources().any(|source| source.lists(&format!("staff.{field}")));
        let columns = ["job_roles", "departments"]
            .into_iter()
            .filter(unread)
            .map(|field| format!("roster.{field}"));
        whole.into_iter().chain(columns)
    }

    /// An account as one of a list.
    pub fn listed(&'a self, index: usize, critical: bool) -> document::ListedAccount<'a> {
        let account = &self.snapshot.accounts[index];
        let identity = &self.identities.accounts[index];
        let person = self.person(identity);
        document::ListedAccount {
            key: &self.account_keys[index],
            id: &account.id,
            name: account.name.as_deref(),
            email: account.email.as_deref(),
            state: account.state,
            admin: account.admin,
            access: account.access,
            reader: account.reader,
            role_ids: held(account, RoleKind::Role),
            permission_set_ids: held(account, RoleKind::PermissionSet),
            created: Moment::past(account.created_at, self.now),
            last_login: last_login(account, self.now),
            class: identity.class,
            staff_id: person.map(|person| person.key.as_str()),
            staff_status: person.map_or(Status::None, |person| person.status),
            system: &account.system,
            critical,
        }
    }
}

/// The ids of one kind that an account holds, in order.
pub fn held(account: &Account, kind: RoleKind) -> Vec<&str> {
    account
        .roles
        .iter()
        .filter(|held| held.kind == kind)
        .map(|held| held.id.as_str())
        .collect()
}

/// The last login: known only with its time.
pub fn last_login(account: &Account, now: Timestamp) -> Login {
    let at = account
        .last_login
        .at
        .filter(|_| account.last_login.state == LoginState::Known);
    let state = match (account.last_login.state, at) {
        (LoginState::Known, None) => LoginState::Unknown,
        (state, _) => state,
    };
    let Moment { at, days } = Moment::past(at, now);
    Login { state, at, days }
}

/// A part of a document, ready to share.
pub fn part(of: &impl Serialize) -> Result<Arc<Value>, SubjectError> {
    Ok(Arc::new(serde_json::to_value(of)?))
}

/// Sorted, each path once.
pub fn paths(unavailable: BTreeSet<String>) -> Vec<String> {
    unavailable.into_iter().collect()
}
