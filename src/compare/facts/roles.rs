//! Roles and permission sets that came, went, or mean something else under the name or the id that they had.
//!
//! An access rule names them, by name or by id. Where what stands behind the name changes, the rule allows something else
//! without a line of it being touched.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, Presence, Row, in_both, word};
use crate::snapshot::{Role, RoleKind, Snapshot, Source};

const KINDS: [RoleKind; 2] = [RoleKind::Role, RoleKind::PermissionSet];

/// Holds the roles of two snapshots against each other, in the systems that both have.
pub fn between(old: &Snapshot, new: &Snapshot, not_seen: &mut Vec<String>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (system, sources) in in_both(old, new) {
        for kind in KINDS {
            let (before, now) = (of_kind(old, system, kind), of_kind(new, system, kind));
            let lacks = |source: Option<&Source>| source.is_none_or(|source| source.lacks_roles(kind));
            let (open_before, open_now) = (lacks(sources.old), lacks(sources.new));
            let mut went: Vec<&Role> = before
                .iter()
                .filter(|(id, _)| !now.contains_key(*id))
                .map(|(_, role)| *role)
                .collect();
            let mut came: Vec<&Role> = now
                .iter()
                .filter(|(id, _)| !before.contains_key(*id))
                .map(|(_, role)| *role)
                .collect();
            for (id, role) in &before {
                rows.extend(now.get(id).and_then(|same| changed(role, same)));
            }
            if !open_before && !open_now {
                rows.extend(under_another_id(&mut went, &mut came));
            }
            let gone = if open_now { Presence::NotSeen } else { Presence::Gone };
            let new_one = if open_before {
                Presence::FirstSeen
            } else {
                Presence::Came
            };
            rows.extend(went.into_iter().map(|role| row(role, gone, Vec::new())));
            rows.extend(came.into_iter().map(|role| row(role, new_one, Vec::new())));
            not_seen.extend(not_read(system, kind, (open_before, open_now), (&before, &now)));
        }
    }
    rows.sort_by(|a, b| (&a.system, a.kind, &a.id).cmp(&(&b.system, b.kind, &b.id)));
    rows
}

fn of_kind<'a>(snapshot: &'a Snapshot, system: &str, kind: RoleKind) -> BTreeMap<&'a str, &'a Role> {
    let of_kind = snapshot
        .roles
        .iter()
        .filter(|role| role.system == system && role.kind == kind);
    of_kind.map(|role| (role.id.as_str(), role)).collect()
}

/// What is the same name and another id: whoever names it by name means another one now, whoever names it by id none.
fn under_another_id(went: &mut Vec<&Role>, came: &mut Vec<&Role>) -> Vec<Row> {
    let name = |role: &Role| role.name.trim().to_lowercase();
    let only = |list: &[&Role], wanted: &str| list.iter().filter(|role| name(role) == wanted).count() == 1;
    let names: BTreeSet<String> = went.iter().map(|role| name(role)).collect();
    let mut rows = Vec::new();
    for wanted in &names {
        if !only(went, wanted) || !only(came, wanted) {
            continue;
        }
        let of_name = |list: &[&Role]| list.iter().position(|role| name(role) == *wanted);
        let (Some(before), Some(now)) = (of_name(went), of_name(came)) else {
            continue;
        };
        let (before, now) = (went.remove(before), came.remove(now));
        let mut differences: Vec<Difference> = Difference::value("id", &before.id, &now.id).into_iter().collect();
        differences.extend(content(before, now));
        rows.push(row(now, Presence::Changed, differences));
    }
    rows
}

fn changed(before: &Role, now: &Role) -> Option<Row> {
    let mut differences: Vec<Difference> = Difference::value("name", &before.name, &now.name).into_iter().collect();
    differences.extend(content(before, now));
    (!differences.is_empty()).then(|| row(now, Presence::Changed, differences))
}

/// What stands behind the name and the id.
fn content(before: &Role, now: &Role) -> Vec<Difference> {
    let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
    let permissions = match (&before.permissions, &now.permissions) {
        (Some(before), Some(now)) => Difference::of_sets("permissions", &set(before), &set(now)),
        _ => None,
    };
    let values = [
        permissions,
        Difference::value("admin", &word(&before.admin), &word(&now.admin)),
        Difference::value("active", &word(&before.active), &word(&now.active)),
        Difference::of("app", before.scope.clone(), now.scope.clone()),
        Difference::of("parent", before.parent.clone(), now.parent.clone()),
    ];
    values.into_iter().flatten().collect()
}

/// What of a kind could not be compared.
fn not_read(
    system: &str,
    kind: RoleKind,
    (open_before, open_now): (bool, bool),
    (before, now): (&BTreeMap<&str, &Role>, &BTreeMap<&str, &Role>),
) -> Vec<String> {
    let what = match kind {
        RoleKind::Role => "roles",
        RoleKind::PermissionSet => "permission sets",
    };
    let mut sentences = Vec::new();
    if open_before {
        sentences.push(format!(
            "OLD: the {what} of `{system}` were not all read: one that is new may have been there"
        ));
    }
    if open_now {
        sentences.push(format!(
            "NEW: the {what} of `{system}` were not all read: one that is missing may be there"
        ));
    }
    // Of what a role makes visible no connector says more; of a permission set it is what matters.
    let unread = |role: &Role| role.permissions.is_none();
    let both = before
        .iter()
        .filter_map(|(id, role)| now.get(id).map(|same| (*role, *same)));
    let number = both.filter(|(before, now)| unread(before) || unread(now)).count();
    if kind == RoleKind::PermissionSet && number > 0 {
        sentences.push(format!(
            "what {number} of the {what} of `{system}` allow was not read in both: a change of that is not seen"
        ));
    }
    sentences
}

fn row(role: &Role, presence: Presence, differences: Vec<Difference>) -> Row {
    Row {
        presence,
        system: Some(role.system.clone()),
        kind: Some(match role.kind {
            RoleKind::Role => "role",
            RoleKind::PermissionSet => "permission_set",
        }),
        id: role.id.clone(),
        name: Some(role.name.clone()),
        email: None,
        state: None,
        differences,
    }
}
