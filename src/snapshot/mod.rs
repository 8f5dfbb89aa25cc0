//! The snapshot: the normalised facts of one moment. No judgement, no configuration.
//!
//! It is typed, total (every field is always present), sorted by key and versioned, so that the same recordings give
//! the same bytes. What may be unknown is a word of an enum, never a boolean and never a missing key.

mod compare;
mod gaps;
mod io;
mod order;
mod sums;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use compare::{CompareError, Comparison, Count};
pub use io::SnapshotError;

/// The version that this program writes and reads.
pub const SCHEMA: &str = "rolecall/snapshot/1";

/// Everything that was collected, from every source of one project, at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// `rolecall/snapshot/1`.
    pub schema: String,
    /// The newest `taken_at` of the sources of accounts (of all, where there are none): the time that the verdicts speak
    /// of.
    #[schemars(with = "String")]
    pub taken_at: Timestamp,
    /// The program and version that wrote it.
    pub tool: String,
    /// Sorted by id.
    pub sources: Vec<Source>,
    /// Sorted by id.
    pub systems: Vec<System>,
    /// Sorted by system, kind and id.
    pub roles: Vec<Role>,
    /// Sorted by system and id.
    pub accounts: Vec<Account>,
    /// Sorted by source, line and id.
    pub staff: Vec<Staff>,
    /// Sorted by source, line and id.
    pub approvals: Vec<Approval>,
}

impl Snapshot {
    /// One of this program and time, with nothing in it yet.
    pub fn empty(taken_at: Timestamp) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            taken_at,
            tool: concat!("rolecall ", env!("CARGO_PKG_VERSION")).to_owned(),
            sources: Vec::new(),
            systems: Vec::new(),
            roles: Vec::new(),
            accounts: Vec::new(),
            staff: Vec::new(),
            approvals: Vec::new(),
        }
    }
}

/// Which connector filled which collections, when, from which streams, how completely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name in the project file.
    pub id: String,
    /// The connector's folder name.
    pub connector: String,
    /// Digest of the connector's manifest and normaliser.
    pub connector_sha256: String,
    /// How its answers came in.
    pub mode: Mode,
    /// When they were taken; null for a file whose date nobody stated.
    #[schemars(with = "Option<String>")]
    pub taken_at: Option<Timestamp>,
    /// What it provides, each with its completeness; sorted by collection.
    pub provides: Vec<Provided>,
    /// Paths of the subject document (`account.mfa`) that this source could not fill. Sorted.
    pub unavailable: Vec<String>,
    /// In the manifest's order.
    pub streams: Vec<Stream>,
    /// What the normaliser wanted a person to know. Sorted.
    pub notices: Vec<String>,
}

/// How a source's answers came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Over the network or from a program, in this run.
    Live,
    /// From a recording on disk.
    Recording,
    /// From a file that a person or another program wrote.
    File,
}

/// A kind of rows that a source can provide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    /// Logins of a system.
    Accounts,
    /// Approved or refused access requests.
    Approvals,
    /// What an account of a system can hold.
    Roles,
    /// People on the roster.
    Staff,
}

impl Collection {
    /// What its rows are called.
    pub const fn word(self) -> &'static str {
        match self {
            Collection::Accounts => "accounts",
            Collection::Approvals => "approvals",
            Collection::Roles => "roles",
            Collection::Staff => "staff",
        }
    }

    /// A number of its rows: `1 account`, `41 accounts`.
    pub fn counted(self, number: u64) -> String {
        let word = match self {
            Collection::Accounts if number == 1 => "account",
            Collection::Approvals if number == 1 => "approval",
            Collection::Roles if number == 1 => "role",
            other => other.word(),
        };
        format!("{number} {word}")
    }
}

/// How completely one collection was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provided {
    /// Which rows.
    pub collection: Collection,
    /// How completely.
    pub state: Completeness,
    /// Rows read from its streams.
    pub rows: u64,
    /// Rows that the normaliser kept.
    pub kept: u64,
    /// Rows left out, each with its reason.
    pub dropped: Vec<Dropped>,
    /// Why it is not complete.
    pub why: Option<String>,
}

/// How completely something was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// To its end, and every row accounted for.
    Complete,
    /// The system said that it will not show it, and the manifest foresees that (`on: {403: unavailable}`). What needs
    /// it cannot be decided; the run as a whole can.
    Unavailable,
    /// Not to its end: what was read is judged, and the run cannot be decided.
    Partial,
    /// Not at all: the run cannot be decided.
    Failed,
}

impl Completeness {
    /// Whether a run cannot be decided for want of it.
    pub const fn is_incomplete(self) -> bool {
        matches!(self, Completeness::Partial | Completeness::Failed)
    }
}

/// A row that was read and deliberately left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// The stream it came from.
    pub stream: String,
    /// Its key there, or its line.
    pub key: String,
    /// Why it was left out.
    pub reason: String,
}

/// One stream of raw answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its name in the manifest.
    pub name: String,
    /// How completely it was read.
    pub state: Completeness,
    /// Calls made, retries included; 0 for files.
    pub requests: u64,
    /// How many of these calls repeated one that gave no answer.
    pub retries: u64,
    /// Answers that carried rows.
    pub pages: u64,
    /// Rows in them.
    pub rows: u64,
    /// How many rows the other side said there are, where it says so.
    pub total: Option<u64>,
    /// Rows with different keys.
    pub distinct: u64,
    /// Rows that came again word for word.
    pub duplicates: u64,
    /// Bytes of the answers, as they came.
    pub bytes: u64,
    /// Digest of the answers as they came: of their digests in lower-case hex, one after the other; of a file, its own.
    pub sha256: String,
    /// When the first call was made; null for files and for recordings that do not say.
    #[schemars(with = "Option<String>")]
    pub started_at: Option<Timestamp>,
    /// When the last answer was in; null for files and for recordings that do not say.
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// Why it is not complete.
    pub why: Option<String>,
}

/// One tenant of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its name in the project file.
    pub id: String,
    /// The connector's name for what it reads (`pipedrive`).
    pub product: String,
    /// Which tenant (`acme`), where the answers or the params say.
    pub tenant: Option<String>,
    /// The source that filled it.
    pub source: String,
    /// Who read it.
    pub reader: Reader,
}

/// The account whose credential read the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// Its account id.
    pub id: Option<String>,
    /// Whether it sees every account.
    pub sees_all: YesNo,
}

/// A fact that may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum YesNo {
    Yes,
    No,
    Unknown,
}

/// Something an account can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The system's id.
    pub system: String,
    /// The role's id there.
    pub id: String,
    /// What kind of thing it is.
    pub kind: RoleKind,
    /// As the system shows it.
    pub name: String,
    /// Id of the role above it.
    pub parent: Option<String>,
    /// Whether it can be held at present.
    pub active: YesNo,
    /// What holding it makes of an account.
    pub admin: Admin,
    /// The app it applies to, where it applies to one.
    pub scope: Option<String>,
    /// What it allows, where that was read. Sorted.
    pub permissions: Option<Vec<String>>,
}

/// The two things an account can hold; never conflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// What it may see (Pipedrive's visibility role).
    Role,
    /// What it may do.
    PermissionSet,
}

/// How much of the system an account or a role administers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Admin {
    /// Nothing.
    None,
    /// Some app or area.
    Partial,
    /// Accounts, billing and security: the top.
    Full,
    /// The answers do not say.
    Unknown,
}

/// One login in one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The system's id.
    pub system: String,
    /// The account's id there, as text.
    pub id: String,
    /// The employee id that the system itself records.
    pub employee_id: Option<String>,
    /// As the system shows it; null where it was erased.
    pub name: Option<String>,
    /// The address that signs in, as written there; null where it was erased.
    pub email: Option<String>,
    /// Other addresses that sign in.
    pub aliases: Vec<String>,
    /// Whether it can sign in.
    pub state: AccountState,
    /// What the system says it is.
    pub kind: AccountKind,
    /// Whether it can open anything once signed in.
    pub access: Access,
    /// How much it administers.
    pub admin: Admin,
    /// Whether a second factor is required of it.
    pub mfa: YesNo,
    /// Whether it is the account whose credential read the system.
    pub reader: YesNo,
    /// What it holds, sorted by kind and id.
    pub roles: Vec<Holding>,
    /// The kinds of which the answers do not say what it holds: no holding of such a kind is not "none". Sorted.
    pub unread_roles: Vec<RoleKind>,
    /// What it may do altogether, where that was read. Sorted.
    pub permissions: Option<Vec<String>>,
    /// When it was made.
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// When it last signed in.
    pub last_login: LastLogin,
}

/// Whether an account can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// It can.
    Active,
    /// It will, once the invitation is taken up.
    Invited,
    /// It cannot, and can be switched on again.
    Inactive,
    /// It cannot, for good.
    Deleted,
    /// The answers do not say, or say it in a word that nobody knows.
    Unknown,
}

/// What the system says an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum AccountKind {
    User,
    Service,
    Guest,
    Unknown,
}

/// Whether an account can open anything once signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Access {
    Some,
    None,
    Unknown,
}

/// One role that an account holds, listed in [`Snapshot::roles`] or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// What kind of thing it is.
    pub kind: RoleKind,
    /// Its id.
    pub id: String,
}

/// When an account last signed in. "Never" is known, "unknown" is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LastLogin {
    /// Whether the time is known.
    pub state: LoginState,
    /// Only where the state is `known`.
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
}

/// Whether the time of the last login is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum LoginState {
    Known,
    Never,
    Unknown,
}

/// One row of one roster. Rows of one person are joined later, not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// The source it came from.
    pub source: String,
    /// Its line there, counted from 1; null where the source has no lines.
    pub line: Option<u64>,
    /// The employee number, as text, leading zeros kept.
    pub id: Option<String>,
    /// As the roster writes it.
    pub name: Option<String>,
    /// Work addresses, the primary first, as written.
    pub emails: Vec<String>,
    /// Other addresses of the same person.
    pub aliases: Vec<String>,
    /// The roster's own word.
    pub recorded_status: Option<String>,
    /// What that word means.
    pub status: RecordedStatus,
    /// How they are employed.
    pub employment: Employment,
    /// As the roster writes them.
    pub job_roles: Vec<String>,
    /// As the roster writes them.
    pub departments: Vec<String>,
    /// The manager's id or address, as written.
    pub manager: Option<String>,
    /// First day.
    #[schemars(with = "Option<String>")]
    pub start_date: Option<Date>,
    /// Last working day.
    #[schemars(with = "Option<String>")]
    pub last_day: Option<Date>,
    /// Last day of a contract with an end.
    #[schemars(with = "Option<String>")]
    pub contract_end: Option<Date>,
    /// The person's own IANA time zone, where the roster has it.
    pub timezone: Option<String>,
}

/// What a roster's word for somebody's status means. Dates are weighed later, against the time of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedStatus {
    /// Works here.
    Current,
    /// Hired, not here yet.
    NotStarted,
    /// On leave.
    OnLeave,
    /// Suspended.
    Suspended,
    /// Has left.
    Offboarded,
    /// The roster has no status for them: the dates decide.
    NotStated,
    /// A word that nobody knows.
    Unknown,
}

/// How somebody is employed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    /// On the payroll.
    Employee,
    /// On a contract.
    Contractor,
    /// In training.
    Intern,
    /// Something else that the roster names.
    Other,
    /// The roster does not say.
    NotStated,
}

/// One access request, decided or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The source it came from.
    pub source: String,
    /// Its line there, counted from 1; null where the source has no lines.
    pub line: Option<u64>,
    /// The ticket's id.
    pub id: String,
    /// The system it is for, by its id in the project file or its product.
    pub system: String,
    /// The person it is for: an address or an employee id, as written.
    pub person: String,
    /// The roles or permission sets it covers, by id or name; null where it covers all.
    pub roles: Option<Vec<String>>,
    /// How it was decided.
    pub state: ApprovalState,
    /// Who decided.
    pub by: Option<String>,
    /// When it was approved.
    #[schemars(with = "Option<String>")]
    pub approved_at: Option<Timestamp>,
    /// When it runs out.
    #[schemars(with = "Option<String>")]
    pub expires_at: Option<Timestamp>,
}

/// How an access request was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum ApprovalState {
    Approved,
    Rejected,
    Pending,
    Unknown,
}
