//! The documents that a policy sees, field for field as the schemas in `policies/schemas/` publish them.
//!
//! Every field is always present and no object is ever null: policies are evaluated by engines that differ on what is
//! missing. Enums of other stages serialise to the schema's words.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::identity::{Class, OwnerState, Rule, State};
use crate::snapshot::{Access, AccountKind, AccountState, Admin, ApprovalState, LoginState, Mode, YesNo};
use crate::staff::{Cause, Status, when};

/// A moment, and how many whole days ago it was; negative for the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    pub at: Option<Timestamp>,
    pub days: Option<i64>,
}

impl Moment {
    /// Not known, or not to be.
    pub const NONE: Moment = Moment { at: None, days: None };

    /// A moment that may lie ahead.
    pub fn new(at: Option<Timestamp>, now: Timestamp) -> Self {
        Moment {
            at,
            days: at.map(|at| when::days_before(now, at)),
        }
    }

    /// A moment that has been: one ahead is a clock that is wrong, and counts as now.
    pub fn past(at: Option<Timestamp>, now: Timestamp) -> Self {
        Moment {
            at,
            days: at.map(|at| when::days_before(now, at).max(0)),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Account<'a> {
    pub key: &'a str,
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub state: AccountState,
    pub kind: AccountKind,
    pub access: Access,
    pub admin: Admin,
    pub mfa: YesNo,
    pub reader: YesNo,
    pub role_ids: Vec<&'a str>,
    pub role_names: Vec<&'a str>,
    pub permission_set_ids: Vec<&'a str>,
    pub permission_set_names: Vec<&'a str>,
    pub unlisted_role_ids: Vec<&'a str>,
    pub permissions: &'a [String],
    pub created: Moment,
    pub last_login: Login,
    pub source: &'a str,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Login {
    pub state: LoginState,
    pub at: Option<Timestamp>,
    pub days: Option<i64>,
}

#[derive(Debug, Serialize)]
pub struct Identity<'a> {
    pub state: State,
    pub class: Class,
    pub rule: Rule,
    pub key: Option<&'a str>,
    pub mapping: Option<&'a str>,
    /// The access rules of this system that name the person under `staff`.
    pub named_by: Vec<&'a str>,
    pub conflict: bool,
    pub candidates: Vec<Candidate<'a>>,
    pub owner: Owner<'a>,
    pub reason: Option<&'a str>,
    pub until: Moment,
    pub review: Moment,
    /// A [`crate::identity::Leaver`].
    pub leaver: &'static str,
    pub leaver_name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct Candidate<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub status: Status,
}

#[derive(Debug, Serialize)]
pub struct Owner<'a> {
    pub state: OwnerState,
    pub id: Option<&'a str>,
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct Staff<'a> {
    pub id: Option<&'a str>,
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub status: Status,
    pub recorded_status: Option<&'a str>,
    /// An [`crate::snapshot::Employment`], or `none` for nobody.
    pub employment: &'static str,
    pub job_roles: &'a [String],
    pub departments: &'a [String],
    pub manager: Option<&'a str>,
    pub in_scope: bool,
    pub started: Moment,
    pub exit: Exit,
    pub source: Option<&'a str>,
    pub line: Option<u64>,
}

#[derive(Debug, Serialize)]
pub struct Exit {
    pub at: Option<Timestamp>,
    pub days: Option<i64>,
    pub last_day: Option<Date>,
    pub cause: Cause,
    pub conflict: bool,
}

#[derive(Debug, Serialize)]
pub struct System<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub product: &'a str,
    pub tenant: Option<&'a str>,
    pub critical: bool,
    pub connected: bool,
    pub access: AccessRules<'a>,
    pub plan: Option<&'a str>,
    pub seats: Option<u64>,
    pub counts: Counts,
}

#[derive(Debug, Serialize)]
pub struct AccessRules<'a> {
    /// Whether a source of approvals is named.
    pub tickets: bool,
    pub rules: &'a [AccessRule],
}

/// An access rule, resolved: roles by id, job roles and departments canonical, staff by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessRule {
    pub name: String,
    pub line: usize,
    pub all_staff: bool,
    pub staff_roles: Option<Vec<String>>,
    /// How many people who have not left hold one of `staff_roles`; null where the rule names none.
    pub held_by: Option<u64>,
    pub staff_types: Option<Vec<String>>,
    pub departments: Option<Vec<String>>,
    pub staff: Option<Vec<String>>,
    pub system_roles: Option<Vec<String>>,
    pub permission_sets: Option<Vec<String>>,
    pub unresolved: Vec<String>,
    pub ticket: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub accounts: u64,
    pub active: u64,
    pub invited: u64,
    pub inactive: u64,
    pub deleted: u64,
    pub unknown: u64,
    pub full_admins: u64,
}

#[derive(Debug, Serialize)]
pub struct Approval<'a> {
    pub id: &'a str,
    pub state: ApprovalState,
    pub approved_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub covers_now: bool,
    pub role_ids: Option<Vec<String>>,
    pub by: Option<&'a str>,
}

/// An account in the list of a system or a member of staff.
#[derive(Debug, Serialize)]
pub struct ListedAccount<'a> {
    pub key: &'a str,
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub state: AccountState,
    pub admin: Admin,
    pub access: Access,
    pub reader: YesNo,
    pub role_ids: Vec<&'a str>,
    pub permission_set_ids: Vec<&'a str>,
    pub created: Moment,
    pub last_login: Login,
    pub class: Class,
    pub staff_id: Option<&'a str>,
    pub staff_status: Status,
    pub system: &'a str,
    pub critical: bool,
}

#[derive(Debug, Serialize)]
pub struct Roster {
    pub staff: u64,
    pub current: u64,
    pub offboarded: u64,
    pub job_roles: Vec<Held>,
    pub departments: Vec<Held>,
}

#[derive(Debug, Serialize)]
pub struct Held {
    pub id: String,
    pub held_by: u64,
}

/// Whether a system's approvals are known.
#[derive(Debug, Serialize)]
pub struct ApprovalSource {
    pub configured: bool,
    pub complete: bool,
    pub count: u64,
}

#[derive(Debug, Serialize)]
pub struct Workspace<'a> {
    pub name: &'a str,
    pub timezone: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Source<'a> {
    pub id: &'a str,
    pub connector: &'a str,
    pub mode: Mode,
    pub taken: Moment,
    pub complete: bool,
    pub rows: u64,
    pub dropped: u64,
    pub previous_rows: Option<u64>,
}

#[derive(Debug, Serialize)]
pub struct Entry {
    pub account: String,
    pub state: crate::identity::EntryState,
    pub line: usize,
}
