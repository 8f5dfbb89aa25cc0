//! What a normaliser emits, held against the contract and typed.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::rows::{RawSystem, account, approval, role, staff};
use crate::connector::manifest::{COLLECTIONS, collection};
use crate::error::did_you_mean;
use crate::snapshot::{
    Access, Account, AccountState, Admin, Approval, Collection, Dropped, LastLogin, LoginState, Reader, Role, RoleKind,
    Staff,
};

/// What a normaliser made of one source.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) accounts: Vec<Account>,
    pub(super) roles: Vec<Role>,
    pub(super) staff: Vec<Staff>,
    pub(super) approvals: Vec<Approval>,
    pub(super) tenant: Option<String>,
    pub(super) reader: Option<Reader>,
    pub(super) incomplete: BTreeMap<Collection, String>,
    pub(super) unavailable: BTreeSet<String>,
    pub(super) dropped: Vec<Dropped>,
    pub(super) notices: BTreeSet<String>,
}

/// What is wrong, and what to do.
type Wrong = (String, String);

/// The rules that a normaliser need not have. A near miss of one would be lost without a trace.
const OPTIONAL: [&str; 4] = ["incomplete", "unavailable", "dropped", "notices"];

impl Output {
    /// Reads the value of the normaliser's package. Where the source takes less than the connector provides (`narrowed`),
    /// what is said of the rest is nobody's business.
    pub(super) fn read(source: &str, provides: &[Collection], narrowed: bool, package: Value) -> Result<Self, Wrong> {
        let Value::Object(mut rules) = package else {
            return Err((
                "has no rules".to_owned(),
                "give it one rule for each collection of `provides`".to_owned(),
            ));
        };
        for name in rules.keys().filter(|name| !OPTIONAL.contains(&name.as_str())) {
            if let Some(meant) = OPTIONAL
                .iter()
                .find(|known| (1..=2).contains(&strsim::damerau_levenshtein(name, known)))
            {
                return Err((
                    format!("has a rule `{name}`, which nobody reads"),
                    format!("did you mean `{meant}`?"),
                ));
            }
        }
        let mut output = Output::default();
        for collection in provides {
            match collection {
                Collection::Accounts => {
                    let system: RawSystem = record("system", take(&mut rules, "system")?)?;
                    output.tenant = system.tenant;
                    output.reader = Some(system.reader);
                    for row in rows(&mut rules, "accounts")? {
                        let account = account(source, row, &mut output.notices);
                        output.accounts.push(account);
                    }
                }
                Collection::Roles => {
                    output.roles = rows(&mut rules, "roles")?
                        .into_iter()
                        .map(|row| role(source, row))
                        .collect();
                }
                Collection::Staff => {
                    for row in rows(&mut rules, "staff")? {
                        let staff = staff(source, row, &mut output.notices);
                        output.staff.push(staff);
                    }
                }
                Collection::Approvals => {
                    for row in rows(&mut rules, "approvals")? {
                        let approval = approval(source, row, &mut output.notices);
                        output.approvals.push(approval);
                    }
                }
            }
        }
        if let Some(incomplete) = rules.remove("incomplete") {
            for (word, why) in record::<BTreeMap<String, String>>("incomplete", incomplete)? {
                let named = collection(&word);
                if narrowed && named.is_some_and(|known| !provides.contains(&known)) {
                    continue;
                }
                let Some(collection) = named.filter(|known| provides.contains(known)) else {
                    let known = COLLECTIONS.map(|(name, _)| name);
                    return Err((
                        format!("calls `{word}` incomplete, which the connector does not provide"),
                        did_you_mean(&word, known),
                    ));
                };
                output.incomplete.insert(collection, why);
            }
        }
        let list = |rules: &mut Map<String, Value>, name: &str| rules.remove(name).unwrap_or(Value::Array(Vec::new()));
        output.unavailable = record("unavailable", list(&mut rules, "unavailable"))?;
        output.dropped = record("dropped", list(&mut rules, "dropped"))?;
        output
            .notices
            .extend(record::<Vec<String>>("notices", list(&mut rules, "notices"))?);
        Ok(output)
    }

    /// Rows of a collection.
    pub(super) fn count(&self, collection: Collection) -> u64 {
        let count = match collection {
            Collection::Accounts => self.accounts.len(),
            Collection::Approvals => self.approvals.len(),
            Collection::Roles => self.roles.len(),
            Collection::Staff => self.staff.len(),
        };
        count as u64
    }

    /// Of an account that was read with different values nothing is known but that it is there. A key that is no
    /// account's id could be anybody's.
    pub(super) fn doubt(&mut self, keys: &BTreeSet<String>) {
        let ids: BTreeSet<&str> = self.accounts.iter().map(|account| account.id.as_str()).collect();
        let anybody = keys.iter().any(|key| !ids.contains(key.as_str()));
        for account in &mut self.accounts {
            if anybody || keys.contains(&account.id) {
                doubtful(account);
            }
        }
    }

    /// Keeps the first of several rows with one id, in doubt; says of which collections there were such.
    pub(super) fn refuse_duplicates(&mut self) -> BTreeMap<Collection, String> {
        let mut found = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        self.accounts.retain(|account| {
            let new = seen.insert(account.id.clone());
            if !new {
                twice.insert(account.id.clone());
                found.insert(
                    Collection::Accounts,
                    format!("two accounts have the id `{}`", account.id),
                );
            }
            new
        });
        self.doubt(&twice);
        let mut seen = BTreeSet::new();
        self.roles.retain(|role| {
            let new = seen.insert((role.kind, role.id.clone()));
            if !new {
                found.insert(Collection::Roles, format!("two roles have the id `{}`", role.id));
            }
            new
        });
        found
    }
}

fn doubtful(account: &mut Account) {
    account.state = AccountState::Unknown;
    account.admin = Admin::Unknown;
    account.access = Access::Unknown;
    account.unread_roles = vec![RoleKind::Role, RoleKind::PermissionSet];
    account.permissions = None;
    account.last_login = LastLogin {
        state: LoginState::Unknown,
        at: None,
    };
}

fn take(rules: &mut Map<String, Value>, name: &str) -> Result<Value, Wrong> {
    let known: Vec<&str> = rules.keys().map(String::as_str).collect();
    let help = match crate::error::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean the rule `{near}` to be `{name}`?"),
        None => format!("add `{name}`; connectors/README.md says what it holds"),
    };
    rules
        .remove(name)
        .ok_or_else(|| (format!("has no rule `{name}`, or it is undefined for this data"), help))
}

fn rows<T: DeserializeOwned>(rules: &mut Map<String, Value>, name: &str) -> Result<Vec<T>, Wrong> {
    let Value::Array(values) = take(rules, name)? else {
        return Err((
            format!("has a rule `{name}` that is no list and no set"),
            "make it a list of rows".to_owned(),
        ));
    };
    let row = |(index, value): (usize, Value)| {
        let key = value
            .get("id")
            .and_then(Value::as_str)
            .map(|id| format!(" (`{id}`)"))
            .unwrap_or_default();
        record(&format!("{name}[{index}]{key}"), value)
    };
    values.into_iter().enumerate().map(row).collect()
}

fn record<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Wrong> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        let message = format!("emits {what} that does not fit{path}: {}", error.inner());
        (
            message,
            "every field of the row must be there, and no other; connectors/README.md lists them".to_owned(),
        )
    })
}
