//! One account's identity: by its entry, else by its keys.

mod keys;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Class, Directory, Found, Identity, Leaver, Owner, OwnerState, Rule, State};
use crate::finding::Notice;
use crate::project::{IdentityEntry, Is, NotStaffKind, Project};
use crate::snapshot::Account;
use crate::staff::{Roster, Status, key, when};

/// What an account is, by its entry or by its keys.
pub(super) fn identity(
    account: &Account,
    entry: Option<&IdentityEntry>,
    project: &Project,
    roster: &Roster,
    directory: &Directory<'_>,
    now: Timestamp,
    notices: &mut Vec<Notice>,
) -> Identity {
    let mut about = About {
        account,
        entry,
        project,
        roster,
        directory,
        now,
        notices,
    };
    match entry {
        Some(entry) => about.stated(entry),
        None => about.by_keys(),
    }
}

struct About<'a> {
    account: &'a Account,
    entry: Option<&'a IdentityEntry>,
    project: &'a Project,
    roster: &'a Roster,
    directory: &'a Directory<'a>,
    now: Timestamp,
    notices: &'a mut Vec<Notice>,
}

impl About<'_> {
    fn stated(&mut self, entry: &IdentityEntry) -> Identity {
        let key = Some(entry.account.clone());
        match &entry.is {
            Is::Staff(written) => self.mapped(
                written,
                Identity {
                    key,
                    rule: Rule::Mapping,
                    ..nobody()
                },
            ),
            Is::NotStaff {
                kind,
                owner,
                reason,
                until,
                review_by,
            } => {
                if self.is_over(*until) {
                    self.day(*until, "classification_expired", "its classification ended");
                    return self.by_keys();
                }
                self.warn_of_leaver();
                let class = match kind {
                    NotStaffKind::Service => Class::Service,
                    NotStaffKind::Shared => Class::Shared,
                    NotStaffKind::External => Class::External,
                };
                Identity {
                    state: State::Classified,
                    class,
                    rule: Rule::Classification,
                    key,
                    owner: self.owner(owner.as_deref()),
                    reason: reason.clone(),
                    until: until.and_then(|day| when::end_of(day, &self.project.timezone)),
                    review: self.day(*review_by, "review_overdue", "its review was due"),
                    leaver: self.leaver(None),
                    ..nobody()
                }
            }
            Is::NotIdentified { reason } => {
                self.warn_of_leaver();
                let (state, rule) = (State::NotIdentified, Rule::Classification);
                Identity {
                    state,
                    rule,
                    key,
                    reason: reason.clone(),
                    leaver: self.leaver(None),
                    ..nobody()
                }
            }
        }
    }

    fn mapped(&mut self, written: &str, base: Identity) -> Identity {
        let base = Identity {
            mapping: Some(written.to_owned()),
            ..base
        };
        match self.directory.named(written) {
            Found::Nobody => Identity {
                state: State::StaleMapping,
                ..base
            },
            Found::Several => {
                let address = key::address_key(written).unwrap_or_default();
                Identity {
                    state: State::Ambiguous,
                    candidates: self.directory.holders(&address),
                    ..base
                }
            }
            Found::One(person) => {
                let conflict = self.exact().first().is_some_and(|(_, exact)| !exact.contains(&person));
                if conflict {
                    self.notice(
                        "mapping_conflict",
                        format!(
                            "is mapped to {written}, but its own id or address is somebody else's: the mapping counts"
                        ),
                    );
                }
                Identity {
                    state: State::Matched,
                    class: Class::Staff,
                    person: Some(person),
                    conflict,
                    leaver: self.leaver(Some(person)),
                    ..base
                }
            }
        }
    }

    fn owner(&mut self, written: Option<&str>) -> Owner {
        let missing = Owner {
            state: OwnerState::Missing,
            person: None,
        };
        let Some(written) = written else { return missing };
        match self.directory.named(written) {
            Found::Nobody => missing,
            Found::Several => {
                self.notice(
                    "ambiguous_owner",
                    format!("has the owner {written}, an address that several people share"),
                );
                missing
            }
            Found::One(person) => {
                let state = match self.roster.people[person].status {
                    Status::Current | Status::OnLeave => OwnerState::Current,
                    Status::Offboarded => OwnerState::Offboarded,
                    Status::Unknown => OwnerState::Unknown,
                    Status::NotStarted | Status::Suspended | Status::None => OwnerState::Missing,
                };
                Owner {
                    state,
                    person: Some(person),
                }
            }
        }
    }

    fn is_over(&self, day: Option<Date>) -> bool {
        day.and_then(|day| when::end_of(day, &self.project.timezone))
            .is_some_and(|end| end <= self.now)
    }

    /// The end of a day, with a notice once it is over.
    fn day(&mut self, day: Option<Date>, code: &str, what: &str) -> Option<Timestamp> {
        let day = day?;
        let end = when::end_of(day, &self.project.timezone)?;
        if end <= self.now {
            self.notice(code, format!("is listed under identities, and {what} on {day}"));
        }
        Some(end)
    }

    fn notice(&mut self, code: &str, message: String) {
        let key = format!("{}:{}", self.account.system, self.account.id);
        self.notices.push(Notice {
            code: code.to_owned(),
            message: format!("{key} {message}"),
            subject: Some(key),
            place: self.entry.map(|entry| entry.place.clone()),
        });
    }
}

fn nobody() -> Identity {
    Identity {
        state: State::Unmatched,
        class: Class::None,
        rule: Rule::None,
        key: None,
        mapping: None,
        conflict: false,
        candidates: Vec::new(),
        person: None,
        owner: Owner {
            state: OwnerState::NotNeeded,
            person: None,
        },
        reason: None,
        until: None,
        review: None,
        leaver: Leaver::No,
    }
}
