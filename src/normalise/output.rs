//! What a normaliser emits, held against the contract and typed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::dates::{self, Read};
use crate::connector::manifest::{COLLECTIONS, collection};
use crate::error::did_you_mean;
use crate::snapshot::{
    Access, Account, AccountKind, AccountState, Admin, Approval, ApprovalState, Collection, Dropped, Employment,
    Holding, LastLogin, LoginState, Reader, RecordedStatus, Role, RoleKind, Staff, YesNo,
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
    /// Reads the value of the normaliser's package.
    pub(super) fn read(source: &str, provides: &[Collection], package: Value) -> Result<Self, Wrong> {
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
                let Some(collection) = collection(&word).filter(|known| provides.contains(known)) else {
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

    /// Keeps the first of several rows with one id; says of which collections there were such.
    pub(super) fn refuse_duplicates(&mut self) -> BTreeMap<Collection, String> {
        let mut found = BTreeMap::new();
        let mut seen = BTreeSet::new();
        self.accounts.retain(|account| {
            let new = seen.insert(account.id.clone());
            if !new {
                found.insert(
                    Collection::Accounts,
                    format!("two accounts have the id `{}`", account.id),
                );
            }
            new
        });
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSystem {
    #[serde(deserialize_with = "present")]
    tenant: Option<String>,
    reader: Reader,
}

/// A field that may be null but not absent.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccount {
    id: String,
    #[serde(deserialize_with = "present")]
    employee_id: Option<String>,
    #[serde(deserialize_with = "present")]
    name: Option<String>,
    #[serde(deserialize_with = "present")]
    email: Option<String>,
    aliases: Vec<String>,
    state: AccountState,
    kind: AccountKind,
    access: Access,
    admin: Admin,
    mfa: YesNo,
    reader: YesNo,
    roles: Vec<Holding>,
    #[serde(deserialize_with = "present")]
    permissions: Option<Vec<String>>,
    #[serde(deserialize_with = "present")]
    created_at: Option<String>,
    last_login: RawLogin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLogin {
    state: LoginState,
    #[serde(deserialize_with = "present")]
    at: Option<String>,
}

fn account(source: &str, raw: RawAccount, notices: &mut BTreeSet<String>) -> Account {
    let mut unreadable = |what: &str, text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default();
        notices.insert(format!("account `{}`: `{what}` cannot be read: `{text}`", raw.id));
    };
    let created_at = dates::instant(raw.created_at.as_deref());
    if created_at.is_unreadable() {
        unreadable("created_at", &raw.created_at);
    }
    let last_login = match (raw.last_login.state, dates::instant(raw.last_login.at.as_deref())) {
        (LoginState::Known, Read::Known(at)) => LastLogin {
            state: LoginState::Known,
            at: Some(at),
        },
        (LoginState::Known, Read::Empty) => LastLogin {
            state: LoginState::Unknown,
            at: None,
        },
        (LoginState::Known, Read::Unreadable) => {
            unreadable("last_login", &raw.last_login.at);
            LastLogin {
                state: LoginState::Unknown,
                at: None,
            }
        }
        (state, _) => LastLogin { state, at: None },
    };
    Account {
        system: source.to_owned(),
        id: raw.id,
        employee_id: raw.employee_id,
        name: raw.name,
        email: raw.email,
        aliases: raw.aliases,
        state: raw.state,
        kind: raw.kind,
        access: raw.access,
        admin: raw.admin,
        mfa: raw.mfa,
        reader: raw.reader,
        roles: sorted(raw.roles),
        permissions: raw.permissions.map(sorted),
        created_at: created_at.known(),
        last_login,
    }
}

/// In order, each once.
fn sorted<T: Ord>(values: Vec<T>) -> Vec<T> {
    values.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    id: String,
    kind: RoleKind,
    name: String,
    #[serde(deserialize_with = "present")]
    parent: Option<String>,
    active: YesNo,
    admin: Admin,
    #[serde(deserialize_with = "present")]
    scope: Option<String>,
    #[serde(deserialize_with = "present")]
    permissions: Option<Vec<String>>,
}

fn role(source: &str, raw: RawRole) -> Role {
    Role {
        system: source.to_owned(),
        id: raw.id,
        kind: raw.kind,
        name: raw.name,
        parent: raw.parent,
        active: raw.active,
        admin: raw.admin,
        scope: raw.scope,
        permissions: raw.permissions.map(sorted),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStaff {
    #[serde(deserialize_with = "present")]
    line: Option<u64>,
    #[serde(deserialize_with = "present")]
    id: Option<String>,
    #[serde(deserialize_with = "present")]
    name: Option<String>,
    emails: Vec<String>,
    aliases: Vec<String>,
    #[serde(deserialize_with = "present")]
    recorded_status: Option<String>,
    status: RecordedStatus,
    employment: Employment,
    job_roles: Vec<String>,
    departments: Vec<String>,
    #[serde(deserialize_with = "present")]
    manager: Option<String>,
    #[serde(deserialize_with = "present")]
    start_date: Option<String>,
    #[serde(deserialize_with = "present")]
    last_day: Option<String>,
    #[serde(deserialize_with = "present")]
    contract_end: Option<String>,
    #[serde(deserialize_with = "present")]
    timezone: Option<String>,
}

fn staff(source: &str, raw: RawStaff, notices: &mut BTreeSet<String>) -> Staff {
    let mut status = raw.status;
    let mut day = |what: &str, text: &Option<String>| {
        let day = dates::day(text.as_deref());
        if day.is_unreadable() {
            let place = place(raw.line, raw.id.as_deref());
            notices.insert(format!(
                "{place}: `{what}` cannot be read: `{}`",
                text.as_deref().unwrap_or_default()
            ));
            // Who has left has left. Of anyone else, a date that cannot be read may say that they have.
            if status != RecordedStatus::Offboarded {
                status = RecordedStatus::Unknown;
            }
        }
        day.known()
    };
    let (start_date, last_day) = (day("start_date", &raw.start_date), day("last_day", &raw.last_day));
    let contract_end = day("contract_end", &raw.contract_end);
    Staff {
        source: source.to_owned(),
        line: raw.line,
        id: raw.id,
        name: raw.name,
        emails: raw.emails,
        aliases: raw.aliases,
        recorded_status: raw.recorded_status,
        status,
        employment: raw.employment,
        job_roles: raw.job_roles,
        departments: raw.departments,
        manager: raw.manager,
        start_date,
        last_day,
        contract_end,
        timezone: raw.timezone,
    }
}

fn place(line: Option<u64>, id: Option<&str>) -> String {
    match (line, id) {
        (Some(line), _) => format!("line {line}"),
        (None, Some(id)) => format!("`{id}`"),
        (None, None) => "a row".to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApproval {
    #[serde(deserialize_with = "present")]
    line: Option<u64>,
    id: String,
    system: String,
    person: String,
    #[serde(deserialize_with = "present")]
    roles: Option<Vec<String>>,
    state: ApprovalState,
    #[serde(deserialize_with = "present")]
    by: Option<String>,
    #[serde(deserialize_with = "present")]
    approved_at: Option<String>,
    #[serde(deserialize_with = "present")]
    expires_at: Option<String>,
}

fn approval(source: &str, raw: RawApproval, notices: &mut BTreeSet<String>) -> Approval {
    let (approved_at, expires_at) = (
        dates::instant(raw.approved_at.as_deref()),
        dates::end(raw.expires_at.as_deref()),
    );
    let mut state = raw.state;
    for (what, read, text) in [
        ("approved_at", approved_at, &raw.approved_at),
        ("expires_at", expires_at, &raw.expires_at),
    ] {
        if read.is_unreadable() {
            let place = place(raw.line, Some(&raw.id));
            notices.insert(format!(
                "{place}: `{what}` cannot be read: `{}`",
                text.as_deref().unwrap_or_default()
            ));
            // An approval that may have run out approves nothing.
            if state == ApprovalState::Approved {
                state = ApprovalState::Unknown;
            }
        }
    }
    Approval {
        source: source.to_owned(),
        line: raw.line,
        id: raw.id,
        system: raw.system,
        person: raw.person,
        roles: raw.roles.map(sorted),
        state,
        by: raw.by,
        approved_at: approved_at.known(),
        expires_at: expires_at.known(),
    }
}
