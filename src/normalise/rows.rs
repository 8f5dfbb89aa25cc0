//! The rows that a normaliser emits, field by field, and the snapshot rows that they become.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::dates::{self, Read};
use crate::snapshot::{
    Access, Account, AccountKind, AccountState, Admin, Approval, ApprovalState, Employment, Holding, LastLogin,
    LoginState, Reader, RecordedStatus, Role, RoleKind, Staff, YesNo,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSystem {
    #[serde(deserialize_with = "present")]
    pub(super) tenant: Option<String>,
    pub(super) reader: Reader,
}

/// A field that may be null but not absent.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAccount {
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
    #[serde(default)]
    unread_roles: Vec<RoleKind>,
    #[serde(deserialize_with = "present")]
    permissions: Option<Vec<String>>,
    #[serde(deserialize_with = "present")]
    created_at: Option<String>,
    last_login: RawLogin,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLogin {
    state: LoginState,
    #[serde(deserialize_with = "present")]
    at: Option<String>,
}

pub(super) fn account(source: &str, raw: RawAccount, notices: &mut BTreeSet<String>) -> Account {
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
        unread_roles: sorted(raw.unread_roles),
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
pub(super) struct RawRole {
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

pub(super) fn role(source: &str, raw: RawRole) -> Role {
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
pub(super) struct RawStaff {
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

pub(super) fn staff(source: &str, raw: RawStaff, notices: &mut BTreeSet<String>) -> Staff {
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
pub(super) struct RawApproval {
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

pub(super) fn approval(source: &str, raw: RawApproval, notices: &mut BTreeSet<String>) -> Approval {
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
