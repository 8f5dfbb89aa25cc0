//! Whose an account is, and what was tried to tell.

use serde_json::Value as Json;

use super::{Request, read};
use crate::finding::{IdentityNote, SubjectKind};
use crate::project::{IdentityEntry, Is};
use crate::rego::{Path, Step};
use crate::snapshot::Account;
use crate::staff::key;
use crate::subject::Subject;

/// Whose an account is.
#[derive(Debug)]
pub struct Whose {
    /// How it was identified, as every report has it.
    pub note: IdentityNote,
    /// Whom it is matched to.
    pub person: Option<Person>,
    /// Whom it may belong to, where that is ambiguous.
    pub candidates: Vec<Person>,
    /// The owner of a classified account.
    pub owner: Option<Person>,
    /// Why it is classified, as written.
    pub reason: Option<String>,
    /// Whether rows that were not read could still say otherwise.
    pub open: bool,
    /// The rules in the order in which they are asked, up to the one that answered.
    pub tried: Vec<Tried>,
}

/// A member of staff.
#[derive(Debug)]
pub struct Person {
    /// Staff id, or address where the roster has no ids.
    pub id: String,
    /// As the roster has it.
    pub name: Option<String>,
    /// Of work.
    pub email: Option<String>,
    /// `current`, `offboarded` and so on; null for an owner, of whom the state is told.
    pub status: Option<String>,
}

/// One rule, and what came of it.
#[derive(Debug)]
pub struct Tried {
    /// `mapping`, `employee_id`, `email`, `alias` or `domain_alias`.
    pub rule: &'static str,
    /// Whether it answered.
    pub answered: bool,
    /// What came of it, in words.
    pub words: String,
}

/// Whose a subject is; null where it is no account.
pub fn of(request: &Request<'_>, subject: &Subject) -> Option<Whose> {
    if subject.of.kind != SubjectKind::Account {
        return None;
    }
    let note = subject.identity.clone()?;
    let identity = &known("identity", part(subject, "identity")?, subject);
    let staff = part(subject, "staff").map(|staff| known("staff", staff, subject));
    let staff = staff.as_ref().and_then(person);
    let candidates = identity["candidates"].as_array().into_iter().flatten();
    let owner = person(&identity["owner"]);
    let key = |account: &&Account| format!("{}:{}", account.system, account.id) == subject.of.id;
    let account = request.snapshot.accounts.iter().find(key);
    let entry = account.and_then(|account| entry_of(request, account));
    let note = IdentityNote {
        // What is to be pasted would be a second entry.
        paste: note.paste.filter(|_| entry.is_none()),
        ..note
    };
    Some(Whose {
        person: staff.filter(|_| note.staff.is_some()),
        candidates: candidates.filter_map(person).collect(),
        owner: owner.map(|owner| Person {
            status: text(&identity["owner"], "state"),
            ..owner
        }),
        reason: text(identity, "reason"),
        open: subject.unavailable.iter().any(|path| path == "identity"),
        tried: account
            .map(|account| tried(request, subject, account, entry, &note))
            .unwrap_or_default(),
        note,
    })
}

/// The keys of a member of staff's accounts.
pub fn accounts(subject: &Subject) -> Vec<String> {
    if subject.of.kind != SubjectKind::Staff {
        return Vec::new();
    }
    let listed = part(subject, "accounts").and_then(Json::as_array).into_iter().flatten();
    listed.filter_map(|account| text(account, "key")).collect()
}

/// The entry about an account, as the accounts are given theirs: an id exactly, an address by its key.
fn entry_of<'a>(request: &Request<'a>, account: &Account) -> Option<&'a IdentityEntry> {
    let address = account.email.as_deref().and_then(key::address_key);
    let is_about = |entry: &&IdentityEntry| {
        let written = entry.account.trim();
        let has_address = || address.is_some() && key::address_key(written) == address;
        entry.system == account.system && (written == account.id || has_address())
    };
    request.project.identities.iter().find(is_about)
}

/// What every rule as far as the one that answered had to go by.
fn tried(
    request: &Request<'_>,
    subject: &Subject,
    account: &Account,
    entry: Option<&IdentityEntry>,
    note: &IdentityNote,
) -> Vec<Tried> {
    let matched = note.rule.as_str();
    // An entry answers as a mapping or as a classification.
    let is_entry = matches!(matched, "mapping" | "classification");
    let nobody = |what: &str, of: &str| format!("`{what}` is nobody's {of} on the roster");
    let is_missing = |path: &str| {
        subject
            .unavailable
            .iter()
            .any(|missing| missing == path || missing == "account")
    };
    let address = account.email.as_deref().filter(|email| !email.trim().is_empty());
    let with_address = |of: &str| match (address, address.and_then(key::address_key)) {
        (Some(_), Some(address)) => nobody(&address, of),
        (Some(written), None) => format!("`{}` is no address", written.trim()),
        (None, _) if is_missing("account.email") => "the account's address is not known".to_owned(),
        (None, _) => "the account has no address".to_owned(),
    };
    let aliases: Vec<String> = account
        .aliases
        .iter()
        .filter_map(|alias| key::address_key(alias))
        .collect();
    let employee_id = account.employee_id.as_deref().and_then(key::id_key);
    let rules = [
        (
            "mapping",
            match entry {
                Some(entry) => format!("its entry at {} has ended", entry.place),
                None => "no entry under `identities` is about it".to_owned(),
            },
        ),
        (
            "employee_id",
            match employee_id {
                Some(id) => nobody(&id, "id"),
                None if is_missing("account.employee_id") => "the account's employee id is not known".to_owned(),
                None => format!("`{}` records none", account.system),
            },
        ),
        ("email", with_address("work address")),
        (
            "alias",
            match aliases.as_slice() {
                [] => with_address("other address"),
                aliases => {
                    let all = address
                        .and_then(key::address_key)
                        .into_iter()
                        .chain(aliases.iter().cloned());
                    let all: Vec<String> = all.map(|one| format!("`{one}`")).collect();
                    format!("{}: nobody's other address on the roster", all.join(", "))
                }
            },
        ),
        (
            "domain_alias",
            if request.project.staff.domain_aliases.is_empty() {
                "the project declares no domains that mean the same".to_owned()
            } else {
                with_address("address at a domain that means the same")
            },
        ),
    ];
    let mut tried = Vec::new();
    for (rule, words) in rules {
        let answered = rule == matched || (rule == "mapping" && is_entry);
        let words = match (answered, entry.filter(|_| rule == "mapping")) {
            (false, _) => words,
            (true, Some(entry)) => stated(entry, &note.state),
            (true, None) => {
                let key = note.key.as_deref().unwrap_or_default();
                match note.state.as_str() {
                    "ambiguous" => format!("`{key}` is that of several people"),
                    _ => format!("`{key}`"),
                }
            }
        };
        tried.push(Tried { rule, answered, words });
        if answered {
            break;
        }
    }
    tried
}

/// What an entry says. One that does not lead to anybody is to be changed: another one beside it would be its rival.
fn stated(entry: &IdentityEntry, state: &str) -> String {
    let place = &entry.place;
    match (state, &entry.is) {
        ("ambiguous", Is::Staff(written)) => {
            format!("`{written}` is that of several people: change the entry at {place} to a staff id")
        }
        ("stale_mapping", Is::Staff(written)) => {
            format!("`{written}` is nobody on the roster: change the entry at {place}")
        }
        _ => format!("the entry at {place} says so"),
    }
}

fn part<'a>(subject: &'a Subject, name: &str) -> Option<&'a Json> {
    let mut parts = subject.parts.iter();
    parts.find(|(known, _)| *known == name).map(|(_, part)| part.as_ref())
}

/// A part of the subject's document without the fields that are not known; what is not known as a whole is told as open.
fn known(name: &str, part: &Json, subject: &Subject) -> Json {
    let mut known = part.clone();
    for missing in &subject.unavailable {
        let missing = Path::parse(missing);
        if let Some((Step::Field(first), below)) = missing.0.split_first()
            && first == name
        {
            match below {
                [] if name == "staff" => read::without(&mut known, &[Step::Field("status".to_owned())]),
                below => read::without(&mut known, below),
            }
        }
    }
    known
}

fn person(record: &Json) -> Option<Person> {
    Some(Person {
        id: text(record, "id")?,
        name: text(record, "name"),
        email: text(record, "email"),
        status: text(record, "status"),
    })
}

fn text(record: &Json, name: &str) -> Option<String> {
    record.get(name)?.as_str().map(str::to_owned)
}
