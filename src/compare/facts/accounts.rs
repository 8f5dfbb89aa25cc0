//! Accounts that came, went and changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, Pair, Presence, Row, gap, in_both, word};
use crate::snapshot::{Account, AccountState, Collection, RoleKind, Snapshot};

/// Holds the accounts of two snapshots against each other, in the systems that both have.
pub fn between(old: &Snapshot, new: &Snapshot, not_seen: &mut Vec<String>) -> Vec<Row> {
    let names = [names(old), names(new)];
    let mut rows = Vec::new();
    for (system, sources) in in_both(old, new) {
        let (before, now) = (of_system(old, system), of_system(new, system));
        let gap_of_old = gap(sources.old, Collection::Accounts);
        let gap_of_new = gap(sources.new, Collection::Accounts);
        let compare = Compare {
            names: [&names[0], &names[1]],
            sources,
        };
        for (id, account) in &before {
            match now.get(id) {
                Some(same) => rows.extend(compare.changed(account, same)),
                None if gap_of_new.is_some() => rows.push(row(account, Presence::NotSeen, Vec::new())),
                None => rows.push(row(account, Presence::Gone, Vec::new())),
            }
        }
        for (_, account) in now.iter().filter(|(id, _)| !before.contains_key(*id)) {
            let presence = match &gap_of_old {
                Some(_) => Presence::FirstSeen,
                None => Presence::Came,
            };
            rows.push(row(account, presence, Vec::new()));
        }
        not_seen.extend(gap_of_old.map(|why| format!("OLD: {why}: an account that is new may have been there")));
        not_seen.extend(gap_of_new.map(|why| format!("NEW: {why}: an account that is missing may be there")));
    }
    rows.sort_by(|a, b| (&a.system, &a.id).cmp(&(&b.system, &b.id)));
    rows
}

fn of_system<'a>(snapshot: &'a Snapshot, system: &str) -> BTreeMap<&'a str, &'a Account> {
    let of_system = snapshot.accounts.iter().filter(|account| account.system == system);
    of_system.map(|account| (account.id.as_str(), account)).collect()
}

/// The names of roles by system, kind and id.
type Names<'a> = BTreeMap<(&'a str, RoleKind, &'a str), &'a str>;

fn names(snapshot: &Snapshot) -> Names<'_> {
    let roles = snapshot.roles.iter();
    roles
        .map(|role| ((role.system.as_str(), role.kind, role.id.as_str()), role.name.as_str()))
        .collect()
}

/// What two accounts of one id are compared with.
struct Compare<'a> {
    /// Then and now.
    names: [&'a Names<'a>; 2],
    sources: Pair<'a>,
}

impl Compare<'_> {
    fn changed(&self, before: &Account, now: &Account) -> Option<Row> {
        let values = [
            ("name", Difference::of("name", before.name.clone(), now.name.clone())),
            (
                "email",
                Difference::of("email", before.email.clone(), now.email.clone()),
            ),
            (
                "state",
                Difference::value("state", state(before.state), state(now.state)),
            ),
            ("kind", Difference::value("kind", &word(&before.kind), &word(&now.kind))),
            (
                "access",
                Difference::value("access", &word(&before.access), &word(&now.access)),
            ),
            (
                "admin",
                Difference::value("admin", &word(&before.admin), &word(&now.admin)),
            ),
            ("mfa", Difference::value("mfa", &word(&before.mfa), &word(&now.mfa))),
        ];
        let read = |(field, _): &(&str, _)| !self.sources.lists(&format!("account.{field}"));
        let mut differences: Vec<Difference> = values
            .into_iter()
            .filter(read)
            .filter_map(|(_, difference)| difference)
            .collect();
        for (kind, what, field) in [
            (RoleKind::Role, "roles", "account.role_ids"),
            (RoleKind::PermissionSet, "permission sets", "account.permission_set_ids"),
        ] {
            let unread = before.unread_roles.contains(&kind) || now.unread_roles.contains(&kind);
            if !unread && !self.sources.lists(field) {
                differences.extend(self.held(what, kind, before, now));
            }
        }
        if let (Some(before), Some(now)) = (&before.permissions, &now.permissions) {
            let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
            differences.extend(Difference::of_sets("permissions", &set(before), &set(now)));
        }
        (!differences.is_empty()).then(|| row(now, Presence::Changed, differences))
    }

    /// By id, and shown by name: a role that is only called otherwise has not changed hands.
    fn held(&self, what: &'static str, kind: RoleKind, before: &Account, now: &Account) -> Option<Difference> {
        let held = |account: &Account| -> BTreeSet<String> {
            let of_kind = account.roles.iter().filter(|held| held.kind == kind);
            of_kind.map(|held| held.id.clone()).collect()
        };
        let (old, new) = (held(before), held(now));
        let mut difference = Difference::of_sets(what, &old, &new)?;
        let named = |names: &Names<'_>, id: &String| match names.get(&(now.system.as_str(), kind, id.as_str())) {
            Some(name) => format!("{name} ({id})"),
            None => id.clone(),
        };
        difference.added = difference.added.iter().map(|id| named(self.names[1], id)).collect();
        difference.removed = difference.removed.iter().map(|id| named(self.names[0], id)).collect();
        Some(difference)
    }
}

fn row(account: &Account, presence: Presence, differences: Vec<Difference>) -> Row {
    Row {
        presence,
        system: Some(account.system.clone()),
        kind: None,
        id: account.id.clone(),
        name: account.name.clone(),
        email: account.email.clone(),
        state: Some(state(account.state)),
        differences,
    }
}

const fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "active",
        AccountState::Invited => "invited",
        AccountState::Inactive => "inactive",
        AccountState::Deleted => "deleted",
        AccountState::Unknown => "unknown",
    }
}
