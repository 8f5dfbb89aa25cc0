//! The grammar of `rolecall.yaml`: which keys there are, and the shape of each value.
//!
//! What the values mean, and whether they fit together, is for [`super::load`] and its helpers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Severity;
use crate::yaml::{Entries, OneOrMore, Shape, Spanned, Text};

/// The version alone, read before the rest: a file for a later version may have keys that this one does not know.
#[derive(Deserialize)]
pub(super) struct Version {
    pub rolecall: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(rename = "rolecall")]
    pub _version: String,
    pub organisation: Text,
    pub timezone: Spanned<Text>,
    #[serde(default)]
    pub sources: Entries<Source>,
    #[serde(default)]
    pub systems: Entries<System>,
    #[serde(default)]
    pub staff: Staff,
    #[serde(default)]
    pub identities: Vec<Spanned<Identity>>,
    #[serde(default)]
    pub checks: Entries<Check>,
    #[serde(default)]
    pub policies: Vec<Text>,
    #[serde(default)]
    pub connectors: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub connector: Spanned<Text>,
    #[serde(default)]
    pub from: From,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    #[serde(default)]
    pub options: BTreeMap<String, bool>,
    pub columns: Option<Spanned<BTreeMap<String, OneOrMore>>>,
    pub values: Option<Spanned<BTreeMap<String, BTreeMap<String, OneOrMore>>>>,
    #[serde(rename = "where")]
    pub conditions: Option<Spanned<Entries<Shape<Not>>>>,
    pub max_age: Option<Spanned<String>>,
    pub as_of: Option<Spanned<String>>,
    pub provides: Option<Vec<Spanned<String>>>,
    /// One way to sign in: its secret, or each of its parts.
    pub auth: Option<Spanned<Auth>>,
    #[serde(rename = "with")]
    pub network: Option<Spanned<With>>,
}

/// Ways to sign in, by the connector's names for them: a place of all secrets, or of each.
pub(super) type Auth = Entries<Entries<Shape<Entries<OneOrMore>>>>;

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum From {
    Recording(Text),
    File(Text),
    Run(Vec<Text>),
    #[default]
    Live,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct With {
    pub base_url: Option<String>,
    pub token_url: Option<String>,
    pub timeout: Option<Spanned<String>>,
    pub deadline: Option<Spanned<String>>,
    pub retries: Option<u32>,
    pub max_body_mib: Option<Spanned<u64>>,
    pub budget_floor: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Not {
    pub not: OneOrMore,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct System {
    pub name: Option<Text>,
    pub critical: bool,
    pub owner: Option<Text>,
    #[serde(default)]
    pub access: Vec<Spanned<Rule>>,
    pub approvals: Option<Spanned<String>>,
    pub plan: Option<Text>,
    pub seats: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub name: Spanned<Text>,
    pub all_staff: Option<Spanned<bool>>,
    pub staff_roles: Option<Vec<Text>>,
    pub staff_types: Option<Vec<StaffType>>,
    pub departments: Option<Vec<Text>>,
    pub staff: Option<Vec<Text>>,
    pub system_roles: Option<Vec<Spanned<Shape<Role>>>>,
    pub permission_sets: Option<Vec<Spanned<Shape<Role>>>>,
    pub ticket: Option<Ticket>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StaffType {
    Employee,
    Contractor,
    Intern,
    Other,
}

impl StaffType {
    pub fn word(self) -> String {
        match self {
            StaffType::Employee => "employee",
            StaffType::Contractor => "contractor",
            StaffType::Intern => "intern",
            StaffType::Other => "other",
        }
        .to_owned()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ticket {
    Required,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub id: Option<Text>,
    pub name: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Staff {
    #[serde(default)]
    pub sources: Vec<Spanned<String>>,
    #[serde(default)]
    pub job_roles: Entries<Vec<Spanned<Text>>>,
    #[serde(default)]
    pub domain_aliases: Entries<Vec<Spanned<Text>>>,
    #[serde(default)]
    pub out_of_scope: Scope,
    pub date_implies_exit: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scope {
    #[serde(default)]
    pub staff: Vec<Text>,
    #[serde(default)]
    pub departments: Vec<Text>,
    #[serde(default)]
    pub staff_types: Vec<StaffType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identity {
    pub account: Spanned<Text>,
    pub staff: Option<Text>,
    pub not_staff: Option<NotStaff>,
    pub not_identified: Option<NotIdentified>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotStaff {
    pub kind: Kind,
    pub owner: Option<Text>,
    pub reason: Option<Text>,
    pub until: Option<Spanned<String>>,
    pub review_by: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Service,
    Shared,
    External,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NotIdentified {
    pub reason: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub enabled: Option<bool>,
    pub severity: Option<Severity>,
    pub grace: Option<Spanned<String>>,
    #[serde(default)]
    pub params: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub links: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    pub url: Spanned<Text>,
    pub description: Text,
}
