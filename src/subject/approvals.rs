//! Which approved requests are about which account.

use std::collections::{BTreeSet, HashMap};

use jiff::SignedDuration;

use super::catalogue::{Catalogue, Named};
use super::context::Context;
use super::document;
use super::trust;
use crate::finding::Notice;
use crate::identity::{Found, Identity};
use crate::project::{RoleRefKind, SystemConfig};
use crate::snapshot::{Account, Approval, ApprovalState, Collection, RoleKind};
use crate::staff::key;

/// The approvals of one system, by whom they are for.
#[derive(Debug, Default)]
pub struct Approvals<'a> {
    /// Whether the system names a source of approvals.
    pub configured: bool,
    /// Why they are not all there; null where they are, or where none are asked for.
    pub gap: Option<String>,
    all: Vec<Row<'a>>,
    by_person: HashMap<usize, Vec<usize>>,
    by_address: HashMap<String, Vec<usize>>,
    /// Whether a role in one of them could not be looked up, because the catalogue is not whole.
    pub roles_open: bool,
}

/// One row of the source.
#[derive(Debug)]
struct Row<'a> {
    approval: &'a Approval,
    role_ids: Option<Vec<String>>,
    /// Whether another row of its id is in another state.
    contradicted: bool,
}

impl<'a> Approvals<'a> {
    /// The approvals of one system, from the source that it names.
    pub fn of(
        config: Option<&SystemConfig>,
        product: &str,
        context: &Context<'a>,
        catalogue: &Catalogue<'_>,
        notices: &mut Vec<Notice>,
    ) -> Self {
        let Some((config, source)) = config.and_then(|config| Some((config, config.approvals.as_deref()?))) else {
            return Approvals::default();
        };
        let gap = match context.sources.get(source) {
            None => Some(format!("`{source}` was not read")),
            Some(source) => trust::gap(source, Collection::Approvals)
                .or_else(|| trust::stale(source, context.project, context.now, context.snapshot.taken_at))
                .or_else(|| trust::dropped(source, Collection::Approvals, context.earlier)),
        };
        let mut approvals = Approvals {
            configured: true,
            gap,
            ..Approvals::default()
        };
        let only_one = context
            .snapshot
            .systems
            .iter()
            .filter(|system| system.product == product)
            .count()
            == 1;
        let ours = |named: &str| same(named, &config.id) || (only_one && same(named, product));
        let rows: Vec<&Approval> = context
            .snapshot
            .approvals
            .iter()
            .filter(|one| one.source == source && ours(&one.system))
            .collect();
        let contradicted = contradicted(&rows);
        let undated = rows
            .iter()
            .filter(|one| one.state == ApprovalState::Approved && one.approved_at.is_none())
            .count();
        for row in rows {
            let contradicted = key::id_key(&row.id).is_some_and(|id| contradicted.contains(&id));
            approvals.add(row, contradicted, context, catalogue);
        }
        for id in contradicted {
            notices.push(Notice {
                code: "approval_conflict".to_owned(),
                message: format!("`{source}` has rows of `{id}` in different states: none of them covers anything"),
                subject: Some(config.id.clone()),
                place: None,
            });
        }
        if undated > 0 {
            notices.push(Notice {
                code: "approval_without_date".to_owned(),
                message: format!(
                    "{undated} approvals of `{source}` say approved, but not since when: they cover nothing"
                ),
                subject: Some(config.id.clone()),
                place: None,
            });
        }
        approvals
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.all.len() as u64
    }

    fn add(&mut self, approval: &'a Approval, contradicted: bool, context: &Context<'_>, catalogue: &Catalogue<'_>) {
        let index = self.all.len();
        if let Found::One(person) = context.directory.named(&approval.person) {
            self.by_person.entry(person).or_default().push(index);
        }
        if let Some(address) = key::address_key(&approval.person) {
            self.by_address.entry(address).or_default().push(index);
        }
        let role_ids = approval.roles.as_ref().map(|roles| {
            let ids: BTreeSet<String> = roles.iter().flat_map(|role| self.role(role, catalogue)).collect();
            ids.into_iter().collect()
        });
        self.all.push(Row {
            approval,
            role_ids,
            contradicted,
        });
    }

    /// The ids that a text names, of either kind. One that names nothing, or two things, stays as it is written and
    /// covers nothing.
    fn role(&mut self, written: &str, catalogue: &Catalogue<'_>) -> Vec<String> {
        let mut ids = Vec::new();
        for kind in [RoleKind::Role, RoleKind::PermissionSet] {
            match catalogue.resolve(kind, RoleRefKind::NameOrId, written) {
                Named::Id { id, by_name } => {
                    self.roles_open |= by_name && catalogue.is_incomplete(kind);
                    ids.push(id);
                }
                Named::NotRead => self.roles_open = true,
                Named::Nothing | Named::Several(_) => {}
            }
        }
        ids.dedup();
        if ids.len() == 1 {
            ids
        } else {
            vec![written.trim().to_owned()]
        }
    }

    /// Those for one account: for its person, by id or any address, or for its own address.
    pub fn for_account(
        &self,
        account: &Account,
        identity: &Identity,
        context: &Context<'_>,
    ) -> Vec<document::Approval<'a>> {
        let found = self.found(account, identity);
        found.map(|row| document(row, identity, context)).collect()
    }

    /// Whether it is not known what is approved for an account: one that would cover it is in a state that nobody
    /// understood, and no other one covers all of the system.
    pub fn open_for(&self, account: &Account, identity: &Identity, context: &Context<'_>) -> bool {
        let covering = |state| {
            self.found(account, identity)
                .filter(move |row| row.approval.state == state && lasts(row, identity, context))
        };
        let whole = |row: &Row| row.role_ids.is_none();
        covering(ApprovalState::Unknown).next().is_some() && !covering(ApprovalState::Approved).any(whole)
    }

    fn found(&self, account: &Account, identity: &Identity) -> impl Iterator<Item = &Row<'a>> {
        // Most systems have none: then no key is worth making.
        let address = account.email.as_deref().filter(|_| !self.all.is_empty());
        let by_address = address.and_then(key::address_key);
        let by_address = by_address.and_then(|address| self.by_address.get(&address));
        let by_person = identity.person.and_then(|person| self.by_person.get(&person));
        let found: BTreeSet<usize> = by_person.into_iter().chain(by_address).flatten().copied().collect();
        found.into_iter().filter_map(|index| self.all.get(index))
    }
}

fn document<'a>(row: &Row<'a>, identity: &Identity, context: &Context<'_>) -> document::Approval<'a> {
    let approval = row.approval;
    document::Approval {
        id: &approval.id,
        state: approval.state,
        approved_at: approval.approved_at,
        expires_at: approval.expires_at,
        covers_now: approval.state == ApprovalState::Approved && lasts(row, identity, context),
        role_ids: row.role_ids.clone(),
        by: approval.by.as_deref(),
    }
}

/// Access is often asked for before somebody's first day. What was approved longer before it was for an earlier
/// employment, or for an earlier holder of the address.
const BEFORE_THE_FIRST_DAY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Whether it would cover now if it is approved: given, for the present employment, and neither over nor contradicted.
fn lasts(row: &Row<'_>, identity: &Identity, context: &Context<'_>) -> bool {
    let approval = row.approval;
    let started = context.person(identity).and_then(|person| person.started);
    let begun = approval.approved_at.is_some_and(|at| {
        at <= context.now && started.is_none_or(|start| start.duration_since(at) <= BEFORE_THE_FIRST_DAY)
    });
    let over = approval.expires_at.is_some_and(|end| end <= context.now);
    begun && !over && !row.contradicted
}

/// The ids of which there are rows in different states.
fn contradicted(rows: &[&Approval]) -> BTreeSet<String> {
    let mut states: HashMap<String, ApprovalState> = HashMap::new();
    let mut contradicted = BTreeSet::new();
    for row in rows {
        let Some(id) = key::id_key(&row.id) else { continue };
        let first = *states.entry(id.clone()).or_insert(row.state);
        if first != row.state {
            contradicted.insert(id);
        }
    }
    contradicted
}

fn same(a: &str, b: &str) -> bool {
    key::id_key(a) == key::id_key(b)
}
