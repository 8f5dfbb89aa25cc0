//! Whose an account is, and what was tried to tell.

use serde_json::Value as Json;

use super::Request;
use crate::finding::{IdentityNote, SubjectKind};
use crate::snapshot::Account;
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
    let identity = part(subject, "identity")?;
    let staff = part(subject, "staff").and_then(person);
    let candidates = identity["candidates"].as_array().into_iter().flatten();
    let owner = person(&identity["owner"]);
    let key = |account: &&Account| format!("{}:{}", account.system, account.id) == subject.of.id;
    let account = request.snapshot.accounts.iter().find(key);
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
            .map(|account| tried(request, account, &note))
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

/// What every rule as far as the one that answered had to go by.
fn tried(request: &Request<'_>, account: &Account, note: &IdentityNote) -> Vec<Tried> {
    let matched = note.rule.as_str();
    // An entry answers as a mapping or as a classification.
    let is_entry = matches!(matched, "mapping" | "classification");
    let key = note.key.as_deref().unwrap_or_default();
    let nobody = |what: String| format!("{what} is nobody's on the roster");
    let address = account.email.as_deref().filter(|email| !email.trim().is_empty());
    let named = |email: &str| format!("`{email}`");
    let without_address = || "the account has no address".to_owned();
    let domains = &request.project.staff.domain_aliases;
    let is_about = |written: &str| {
        let written = written.trim().to_lowercase();
        written == account.id.to_lowercase() || address.is_some_and(|email| email.trim().to_lowercase() == written)
    };
    let mut entries = request.project.identities.iter();
    let entry = match entries.find(|entry| entry.system == account.system && is_about(&entry.account)) {
        Some(entry) => format!("its entry at {} has ended", entry.place),
        None => "no entry under `identities` is about it".to_owned(),
    };
    let rules = [
        ("mapping", entry),
        (
            "employee_id",
            match &account.employee_id {
                Some(id) => nobody(format!("`{}`", id.trim())),
                None => format!("`{}` records none", account.system),
            },
        ),
        (
            "email",
            address.map_or_else(without_address, |email| {
                nobody(format!("{} as a work address", named(email)))
            }),
        ),
        (
            "alias",
            match (address, account.aliases.as_slice()) {
                (None, []) => without_address(),
                (address, aliases) => {
                    let all: Vec<String> = address
                        .into_iter()
                        .chain(aliases.iter().map(String::as_str))
                        .map(named)
                        .collect();
                    nobody(format!("{} as another address", all.join(", ")))
                }
            },
        ),
        (
            "domain_alias",
            match address {
                _ if domains.is_empty() => "the project declares no domains that mean the same".to_owned(),
                None => without_address(),
                Some(email) => nobody(format!(
                    "the mailbox of {} at a domain declared to mean the same",
                    named(email)
                )),
            },
        ),
    ];
    let mut tried = Vec::new();
    for (rule, words) in rules {
        let answered = rule == matched || (rule == "mapping" && is_entry);
        let words = match (answered, note.state.as_str()) {
            (false, _) => words,
            (true, "ambiguous") => format!("`{key}` is that of several people"),
            (true, "stale_mapping") => format!("the entry of `{key}` names staff who do not exist"),
            (true, _) if rule == "mapping" => format!("the entry of `{key}` under `identities` says so"),
            (true, _) => format!("`{key}`"),
        };
        tried.push(Tried { rule, answered, words });
        if answered {
            break;
        }
    }
    tried
}

fn part<'a>(subject: &'a Subject, name: &str) -> Option<&'a Json> {
    let mut parts = subject.parts.iter();
    parts.find(|(known, _)| *known == name).map(|(_, part)| part.as_ref())
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
