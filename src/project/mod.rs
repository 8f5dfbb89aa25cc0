//! The project: `rolecall.yaml`, read, checked and resolved.
//!
//! What an organisation decides and no system can tell: which systems matter, who may use them, who is who, how each
//! check is set. Everything here has been held against what is known: names of sources, systems and time zones exist,
//! rules can be read one way only. The file's own grammar lives in `file.rs`.

mod access;
mod disk;
pub mod exceptions;
mod file;
mod load;
mod people;
mod period;
mod sources;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::error::Place;
use crate::finding::{Link, Severity};

pub use disk::bytes_again;
pub use exceptions::{ExceptionEntry, ExceptionsFile};
pub use file::{exceptions_schema, schema};
pub use load::{ProjectError, parts};
pub use period::{Calendar, Period};

/// The IANA name of a time zone in its own spelling.
///
/// # Errors
/// There is no such zone: a message and its help line.
pub fn timezone(written: &str) -> Result<String, (String, String)> {
    values::zone(written).map(|(name, _)| name)
}

/// One `rolecall.yaml`.
#[derive(Debug, Clone)]
pub struct Project {
    /// The file as the user named it (a folder is read as its `rolecall.yaml`).
    pub file: PathBuf,
    /// The folder that every relative path in it starts from.
    pub folder: PathBuf,
    /// Digest of the file's bytes, lower-case hex.
    pub sha256: String,
    /// The organisation's name.
    pub organisation: String,
    /// The IANA name of its time zone: a day ends here, unless a person has a zone of their own.
    pub timezone_name: String,
    /// The zone of that name.
    pub timezone: TimeZone,
    /// Sorted by id.
    pub sources: Vec<SourceConfig>,
    /// Sorted by id.
    pub systems: Vec<SystemConfig>,
    /// How the rosters are read together.
    pub staff: StaffConfig,
    /// Explicit mappings and classifications, in the file's order.
    pub identities: Vec<IdentityEntry>,
    /// Settings by check id. Whether the checks exist is for `check::load` to say: it has the places.
    pub checks: BTreeMap<String, CheckSettings>,
    /// Which days are business days.
    pub calendar: Calendar,
    /// Extra policy folders, as paths from the working directory.
    pub policies: Vec<PathBuf>,
    /// Extra connector folders, as paths from the working directory.
    pub connectors: Vec<PathBuf>,
    /// Findings that are accepted for a time, in the file's order. Whether their checks exist is for `check` to say.
    pub exceptions: Vec<ExceptionEntry>,
    /// The separate file that they stand in; null where they stand in the project's own.
    pub exceptions_file: Option<ExceptionsFile>,
}

/// One source: a connector pointed at one place.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name in the file; a system that it fills has the same name.
    pub id: String,
    /// The connector's folder name.
    pub connector: String,
    /// Where it comes from.
    pub from: From,
    /// Values for the connector's `params`.
    pub params: BTreeMap<String, String>,
    /// Switches for the connector's `options`.
    pub options: BTreeMap<String, bool>,
    /// Column names for a file connector: the connector's name for a column -> the headers that mean it.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Words for a file connector: column -> meaning -> the words that say it.
    pub values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Which rows of a file belong to it; a row must fit every condition.
    pub conditions: Vec<Condition>,
    /// Older than this, measured at the time of the run, and nothing is decided.
    pub max_age: Option<SignedDuration>,
    /// The date of a file that carries none.
    pub as_of: Option<Timestamp>,
    /// The collections that are taken from it, with their places; null for all that the connector provides.
    pub provides: Option<Vec<(String, Place)>>,
    /// How to sign in.
    pub auth: Option<AuthConfig>,
    /// How to reach it, where that differs from what the connector says.
    pub network: NetworkConfig,
    /// Where the source is named.
    pub place: Place,
}

/// Where a source comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A recording's folder, resolved against the project's.
    Recording(PathBuf),
    /// A file, resolved against the project's folder.
    File(PathBuf),
    /// A program and its arguments, run in the project's folder.
    Run(Vec<String>),
    /// The network.
    Live,
}

/// How to sign in: one of the connector's ways, and where its secrets are. Never the secrets themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthConfig {
    /// The connector's name for the way.
    pub way: String,
    /// Where the secrets are.
    pub secret: SecretConfig,
    /// Where it stands.
    pub place: Place,
}

/// Where the secrets of one way to sign in are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretConfig {
    /// In one place, all of them.
    Whole(SecretPlace),
    /// Each part in its own.
    Parts(BTreeMap<String, SecretPlace>),
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// In this variable of the environment.
    Env(String),
    /// In this file, resolved against the project's folder.
    File(PathBuf),
    /// On the standard output of this program.
    Command(Vec<String>),
    /// Under this name in the user's own store, where `rolecall connect` puts it.
    Stored(String),
    /// It is none, and stands here: a client's id, a user's name.
    Plain(String),
}

/// How to reach a source, where that differs from what the connector says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkConfig {
    /// Replaces the connector's base: a gateway or a test server.
    pub base_url: Option<String>,
    /// Replaces the address where tokens are fetched.
    pub token_url: Option<String>,
    /// How long one call may take.
    pub timeout: Option<SignedDuration>,
    /// How long the source may take altogether.
    pub deadline: Option<SignedDuration>,
    /// How often a call is repeated.
    pub retries: Option<u32>,
    /// The largest answer, in MiB.
    pub max_body_mib: Option<u64>,
    /// The share of the daily allowance, in percent, that is left to others.
    pub budget_floor: Option<u8>,
}

/// One line of `where:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The connector's name for the column, or a header as the file has it.
    pub column: String,
    /// The words, compared trimmed and without case.
    pub words: Vec<String>,
    /// True for `not:`.
    pub negated: bool,
    /// Where it stands.
    pub place: Place,
}

/// What the organisation says of one system.
#[derive(Debug, Clone)]
pub struct SystemConfig {
    /// The same as the source that fills it.
    pub id: String,
    /// As people call it; the product's name by default.
    pub name: Option<String>,
    /// Whether it holds what matters.
    pub critical: bool,
    /// Staff id or address of its owner.
    pub owner: Option<String>,
    /// Who may use it, in the file's order. Null keys do not restrict.
    pub access: Vec<AccessRule>,
    /// The source of approvals for `ticket: required`.
    pub approvals: Option<String>,
    /// The plan paid for.
    pub plan: Option<String>,
    /// The seats paid for.
    pub seats: Option<u64>,
    /// Whether a source of this name exists.
    pub connected: bool,
    /// Where the system is named.
    pub place: Place,
}

/// One named access rule. Every key that is present must hold; an account is valid if one rule allows it.
#[derive(Debug, Clone)]
pub struct AccessRule {
    /// Unique within the system.
    pub name: String,
    /// Everybody on the roster.
    pub all_staff: bool,
    /// Job roles, as written.
    pub staff_roles: Option<Vec<String>>,
    /// Employment types.
    pub staff_types: Option<Vec<String>>,
    /// Departments, as written.
    pub departments: Option<Vec<String>>,
    /// Staff ids or addresses.
    pub staff: Option<Vec<String>>,
    /// Roles of the system: all roles held must be listed.
    pub system_roles: Option<Vec<RoleRef>>,
    /// Permission sets of the system: all sets held must be listed.
    pub permission_sets: Option<Vec<RoleRef>>,
    /// Whether an approved request must cover the access.
    pub ticket: bool,
    /// Where the rule stands.
    pub place: Place,
}

/// A role of a system, as a rule names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRef {
    /// How it was written: plain text is a name or an id, `{id: …}` and `{name: …}` say which.
    pub by: RoleRefKind,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// How a rule names a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum RoleRefKind {
    NameOrId,
    Name,
    Id,
}

/// How the rosters are read together.
#[derive(Debug, Clone)]
pub struct StaffConfig {
    /// Source ids, the most trusted first. Empty: every source that provides staff, in order of id.
    pub sources: Vec<String>,
    /// Canonical job role -> the other ways to write it.
    pub job_roles: BTreeMap<String, Vec<String>>,
    /// Mail domain -> domains whose addresses mean the same mailbox.
    pub domain_aliases: BTreeMap<String, Vec<String>>,
    /// Who is outside the compliance programme.
    pub out_of_scope: Scope,
    /// Whether a last day in the past is an exit although the status still says current. Default true.
    pub date_implies_exit: bool,
}

impl Default for StaffConfig {
    fn default() -> Self {
        StaffConfig {
            sources: Vec::new(),
            job_roles: BTreeMap::new(),
            domain_aliases: BTreeMap::new(),
            out_of_scope: Scope::default(),
            date_implies_exit: true,
        }
    }
}

/// Who is outside the compliance programme; anyone who fits one list is.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Scope {
    pub staff: Vec<String>,
    pub departments: Vec<String>,
    pub staff_types: Vec<String>,
}

/// One line of `identities:`.
#[derive(Debug, Clone)]
pub struct IdentityEntry {
    /// The system's id.
    pub system: String,
    /// The account's id there, or its address if it holds an `@`.
    pub account: String,
    /// What it is.
    pub is: Is,
    /// Where it stands.
    pub place: Place,
}

/// What an account is, by explicit statement.
#[derive(Debug, Clone)]
pub enum Is {
    /// This member of staff: an id or an address.
    Staff(String),
    /// Nobody's own.
    NotStaff {
        /// Service, shared or external.
        kind: NotStaffKind,
        /// Who answers for it: a staff id or an address.
        owner: Option<String>,
        /// Why it exists.
        reason: Option<String>,
        /// When it ends.
        until: Option<Date>,
        /// When it must be looked at again.
        review_by: Option<Date>,
    },
    /// Looked into, and nobody knows.
    NotIdentified {
        /// What was tried.
        reason: Option<String>,
    },
}

/// The classes of accounts that belong to no one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum NotStaffKind {
    Service,
    Shared,
    External,
}

/// Settings of one check.
#[derive(Debug, Clone)]
pub struct CheckSettings {
    /// Default true.
    pub enabled: bool,
    /// Overrides the metadata's.
    pub severity: Option<Severity>,
    /// How long after it arose a finding is due; at once where nothing is said. Never changes a verdict.
    pub grace: Option<Period>,
    /// How long before it is due a finding is critical.
    pub critical: Period,
    /// Values for the check's `params`, held against their types when the check is loaded.
    pub params: BTreeMap<String, serde_json::Value>,
    /// Replaces the metadata's links, if not empty.
    pub links: Vec<Link>,
    /// Where the settings stand.
    pub place: Place,
}
