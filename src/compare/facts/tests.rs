//! What may be called gone, and what changed under a name that stayed.

use super::{Facts, Known, Presence, Row, between};
use crate::project::Project;
use crate::snapshot::{
    AccountState, Admin, Collection, Completeness, Holding, RecordedStatus, Role, RoleKind, Snapshot,
};
use crate::staff;

/// One source of everything.
fn sample() -> Snapshot {
    let mut snapshot: Snapshot = serde_json::from_str(include_str!("../../snapshot/sample.json")).unwrap();
    let mut staff = snapshot.sources[0].provides[0].clone();
    staff.collection = Collection::Staff;
    snapshot.sources[0].provides.push(staff);
    snapshot
}

fn project() -> Project {
    let folder = tempfile::tempdir().unwrap();
    let text = "rolecall: 1\norganisation: Example\ntimezone: UTC\n";
    std::fs::write(folder.path().join("rolecall.yaml"), text).unwrap();
    Project::load(folder.path()).unwrap()
}

fn facts(old: &Snapshot, new: &Snapshot) -> Facts {
    let project = project();
    let people = |snapshot: &Snapshot| staff::roster(snapshot, &project, snapshot.taken_at).people;
    let (before, now) = (people(old), people(new));
    let known = |snapshot, people| Known { snapshot, people };
    between(known(old, &before), known(new, &now))
}

fn shown(rows: &Option<Vec<Row>>) -> Vec<String> {
    let rows = rows.as_ref().unwrap().iter();
    rows.map(|row| {
        let changed: Vec<String> = row
            .differences
            .iter()
            .map(|one| {
                let values = one.before.iter().chain(&one.now).chain(&one.added).chain(&one.removed);
                let values: Vec<&str> = values.map(String::as_str).collect();
                format!(" {}={}", one.what, values.join("/"))
            })
            .collect();
        format!("{:?} {}{}", row.presence, row.id, changed.concat())
    })
    .collect()
}

fn cut_short(snapshot: &mut Snapshot, collection: Collection) {
    let provides = snapshot.sources.iter_mut().flat_map(|source| &mut source.provides);
    for provided in provides.filter(|provided| provided.collection == collection) {
        provided.state = Completeness::Partial;
        provided.why = Some("page 2 of 3".to_owned());
    }
}

#[test]
fn nothing_changed_against_itself() {
    let facts = facts(&sample(), &sample());
    for rows in [&facts.systems, &facts.accounts, &facts.roles, &facts.staff] {
        assert_eq!(rows.as_ref().unwrap().len(), 0);
    }
    assert!(!sample().accounts.is_empty() && !sample().roles.is_empty() && !sample().staff.is_empty());
}

#[test]
fn what_is_missing_is_gone_only_from_what_was_read_to_its_end() {
    for (collection, complete, cut) in [
        (Collection::Accounts, Presence::Gone, Presence::NotSeen),
        (Collection::Roles, Presence::Gone, Presence::NotSeen),
        (Collection::Staff, Presence::Gone, Presence::NotSeen),
    ] {
        let old = sample();
        let mut new = sample();
        match collection {
            Collection::Accounts => drop(new.accounts.remove(0)),
            Collection::Roles => drop(new.roles.remove(0)),
            _ => drop(new.staff.remove(0)),
        }
        let rows = |facts: &Facts| {
            let all = [&facts.accounts, &facts.roles, &facts.staff];
            let rows = all.iter().flat_map(|rows| rows.as_ref().unwrap());
            rows.map(|row| row.presence).collect::<Vec<_>>()
        };
        assert_eq!(rows(&facts(&old, &new)), [complete], "{collection:?}");
        assert_eq!(rows(&facts(&new, &old)), [Presence::Came], "{collection:?}");
        cut_short(&mut new, collection);
        let found = facts(&old, &new);
        assert_eq!(rows(&found), [cut], "{collection:?}");
        assert!(
            found.not_seen.iter().any(|why| why.starts_with("NEW: ")),
            "{:?}",
            found.not_seen
        );
        let found = facts(&new, &old);
        assert_eq!(rows(&found), [Presence::FirstSeen], "{collection:?}");
        assert!(
            found.not_seen.iter().any(|why| why.starts_with("OLD: ")),
            "{:?}",
            found.not_seen
        );
    }
}

#[test]
fn a_system_that_is_not_read_any_more_takes_its_accounts_along_unseen() {
    let old = sample();
    let mut new = sample();
    let system = new.systems.remove(0);
    new.accounts.retain(|account| account.system != system.id);
    new.roles.retain(|role| role.system != system.id);
    let found = facts(&old, &new);
    assert_eq!(shown(&found.systems), [format!("Gone {}", system.id)]);
    assert_eq!(shown(&found.accounts), Vec::<String>::new());
    assert_eq!(shown(&found.roles), Vec::<String>::new());
}

#[test]
fn an_account_changes_in_what_was_read_both_times() {
    let mut old = sample();
    let account = &mut old.accounts[0];
    account.state = AccountState::Active;
    account.admin = Admin::None;
    account.unread_roles.clear();
    account.roles = vec![Holding {
        kind: RoleKind::PermissionSet,
        id: "before".to_owned(),
    }];
    let system = account.system.clone();
    let mut new = old.clone();
    let account = &mut new.accounts[0];
    account.state = AccountState::Inactive;
    account.admin = Admin::Full;
    account.roles[0].id = "after".to_owned();
    let id = account.id.clone();
    let found = facts(&old, &new);
    assert_eq!(
        shown(&found.accounts),
        [format!(
            "Changed {id} state=active/inactive admin=none/full permission sets=after/before"
        )]
    );
    let source = &old.systems.iter().find(|one| one.id == system).unwrap().source;
    let source = new.sources.iter_mut().find(|one| one.id == *source).unwrap();
    source.unavailable = vec!["account.admin".to_owned(), "account.permission_set_ids".to_owned()];
    assert_eq!(
        shown(&facts(&old, &new).accounts),
        [format!("Changed {id} state=active/inactive")]
    );
    new.sources.clone_from(&old.sources);
    new.accounts[0].unread_roles = vec![RoleKind::PermissionSet];
    assert_eq!(
        shown(&facts(&old, &new).accounts),
        [format!("Changed {id} state=active/inactive admin=none/full")]
    );
}

/// Id, name and what it allows.
type Set<'a> = (&'a str, &'a str, &'a [&'a str]);

/// A permission set of the first system.
fn set(snapshot: &Snapshot, id: &str, name: &str, permissions: &[&str]) -> Role {
    Role {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: RoleKind::PermissionSet,
        permissions: Some(permissions.iter().map(|one| (*one).to_owned()).collect()),
        ..snapshot.roles[0].clone()
    }
}

#[test]
fn what_a_permission_set_means_changes_under_its_name() {
    let with = |sets: &[Set<'_>]| {
        let mut snapshot = sample();
        snapshot.roles.retain(|role| role.kind == RoleKind::Role);
        let sets: Vec<Role> = sets
            .iter()
            .map(|(id, name, list)| set(&snapshot, id, name, list))
            .collect();
        snapshot.roles.extend(sets);
        snapshot.sort();
        snapshot
    };
    let old = with(&[("a", "Regular", &["read", "write"])]);
    let table: [(&[Set<'_>], &[&str]); 6] = [
        (&[("a", "Regular", &["read", "write"])], &[]),
        (
            &[("a", "Regular", &["delete", "read"])],
            &["Changed a permissions=delete/write"],
        ),
        (&[("a", "Other", &["read", "write"])], &["Changed a name=Regular/Other"]),
        (&[("b", "Regular", &["read", "write"])], &["Changed b id=a/b"]),
        (&[("b", "regular ", &["read"])], &["Changed b id=a/b permissions=write"]),
        (&[("b", "Else", &["read"])], &["Gone a", "Came b"]),
    ];
    for (now, expected) in table {
        let found = facts(&old, &with(now));
        assert_eq!(shown(&found.roles), expected, "{now:?}");
    }
    // Two of one name are two: which of them took the place of the one that went nobody knows.
    let found = facts(&old, &with(&[("b", "Regular", &[]), ("c", "Regular", &[])]));
    assert_eq!(shown(&found.roles), ["Gone a", "Came b", "Came c"]);
    // Where not all were read, the old one may be there still.
    let mut cut = with(&[("b", "Regular", &["read", "write"])]);
    cut_short(&mut cut, Collection::Roles);
    assert_eq!(shown(&facts(&old, &cut).roles), ["NotSeen a", "Came b"]);
    // What was not read did not change, and that is said.
    let mut unread = with(&[("a", "Regular", &[])]);
    unread.roles.iter_mut().for_each(|role| role.permissions = None);
    let found = facts(&old, &unread);
    assert_eq!(shown(&found.roles), Vec::<String>::new());
    assert!(
        found
            .not_seen
            .iter()
            .any(|why| why.contains("allow was not read in both"))
    );
}

#[test]
fn somebody_leaves_because_a_day_is_over() {
    let mut old = sample();
    let person = &mut old.staff[0];
    person.status = RecordedStatus::Current;
    person.last_day = Some("2026-11-20".parse().unwrap());
    old.taken_at = "2026-11-19T12:00:00Z".parse().unwrap();
    let mut new = old.clone();
    new.taken_at = "2026-11-24T12:00:00Z".parse().unwrap();
    let found = facts(&old, &new);
    let changed = found.staff.as_ref().unwrap();
    assert_eq!(changed.len(), 1, "{changed:?}");
    let [one] = changed[0].differences.as_slice() else {
        panic!("{changed:?}")
    };
    assert_eq!((&*one.what, one.now.as_deref()), ("status", Some("offboarded")));
}

#[test]
fn whoever_gets_an_id_is_the_same_person() {
    let mut old = sample();
    old.staff.truncate(1);
    let mut new = old.clone();
    old.staff[0].id = None;
    old.staff[0].emails = vec!["ada@example.com".to_owned()];
    new.staff[0].id = Some("E-77".to_owned());
    new.staff[0].emails = vec!["Ada@example.com".to_owned()];
    assert_eq!(
        shown(&facts(&old, &new).staff),
        ["Changed E-77 id=ada@example.com/E-77"]
    );
    new.staff[0].emails = vec!["eve@example.com".to_owned()];
    assert_eq!(shown(&facts(&old, &new).staff), ["Came E-77", "Gone ada@example.com"]);
}
