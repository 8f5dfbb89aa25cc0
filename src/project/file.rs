//! The grammar of `rolecall.yaml`: which keys there are, and the shape of each value.
//!
//! What the values mean, and whether they fit together, is for [`super::load`] and its helpers. What stands above a key is
//! also what an editor shows of it: the published JSON Schema is made of these types.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Weekday;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use crate::finding::Severity;
use crate::yaml::{self, Entries, OneOrMore, Shape, Spanned, Text, schema_of};

/// The JSON Schema of `rolecall.yaml`, as it is published in `docs/schemas/`.
pub fn schema() -> serde_json::Value {
    schema_of::<File>(
        "urn:rolecall:project:1",
        "What an organisation decides and no system can tell: rolecall.yaml",
    )
}

/// The JSON Schema of a separate file of exceptions, as it is published in `docs/schemas/`.
pub fn exceptions_schema() -> serde_json::Value {
    schema_of::<ExceptionsFile>(
        "urn:rolecall:exceptions:1",
        "Findings that are accepted for a time: the file that `exceptions:` of rolecall.yaml names",
    )
}

/// The version alone, read before the rest: a file for a later version may have keys that this one does not know.
#[derive(Deserialize)]
pub(super) struct Version {
    pub rolecall: Option<Spanned<String>>,
}

/// What an organisation decides and no system can tell.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The version of this grammar: 1.
    #[serde(rename = "rolecall")]
    #[schemars(extend("type" = ["integer", "string"], "enum" = [1, "1"]))]
    pub _version: String,
    /// The organisation's name.
    pub organisation: Text,
    /// The IANA name of its time zone, such as `Europe/Berlin`: a day ends here, unless a person has a zone of their own.
    pub timezone: Spanned<Text>,
    /// Where the facts come from, by id. A source that provides accounts has the id of the system that it fills.
    #[serde(default)]
    pub sources: Entries<Source>,
    /// What can be signed in to, and who may, by id.
    #[serde(default)]
    pub systems: Entries<System>,
    /// How the rosters are read together.
    #[serde(default)]
    pub staff: Staff,
    /// Who is who, where no rule can find out.
    #[serde(default)]
    pub identities: Vec<Spanned<Identity>>,
    /// How the checks are set, by id.
    #[serde(default)]
    pub checks: Entries<Check>,
    /// Which days are business days, for periods that count in them.
    pub calendar: Option<Spanned<Calendar>>,
    /// Folders with checks of your own, beside the built-in ones.
    #[serde(default)]
    pub policies: Vec<Text>,
    /// Folders with connectors of your own, beside the built-in ones.
    #[serde(default)]
    pub connectors: Vec<Text>,
    /// Findings that are accepted for a time: a list, or the path of a separate file that holds it.
    pub exceptions: Option<Spanned<Exceptions>>,
}

/// One place that facts come from.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    /// The connector that reads it.
    pub connector: Spanned<Text>,
    /// Where it is read from; `live` where nothing is said.
    #[serde(default)]
    pub from: From,
    /// Values for the connector's parameters.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// The connector's switches.
    #[serde(default)]
    pub options: BTreeMap<String, bool>,
    /// Of a file: the connector's name for a column, and the header or headers that mean it.
    pub columns: Option<Spanned<BTreeMap<String, OneOrMore>>>,
    /// Of a file: column, meaning, and the word or words that say it.
    pub values: Option<Spanned<BTreeMap<String, BTreeMap<String, OneOrMore>>>>,
    /// Of a file: which rows belong to the source: column, and the words that it may have or, under `not`, may not.
    #[serde(rename = "where")]
    pub conditions: Option<Spanned<Entries<Shape<Not>>>>,
    /// Older than this at the time of the run, and nothing is decided: `2d`, `36h`, `1w` or `1d 12h`.
    pub max_age: Option<Spanned<String>>,
    /// When a file was true, where it does not say so itself: a day, or an instant with its offset.
    pub as_of: Option<Spanned<String>>,
    /// The collections that are taken from it, of `accounts`, `roles`, `staff` and `approvals`; all where nothing is said.
    pub provides: Option<Vec<Spanned<String>>>,
    /// One of the connector's ways to sign in, and where its secrets are. Never a secret itself.
    pub auth: Option<Spanned<Auth>>,
    /// How a live system is reached, where that differs from what the connector says.
    #[serde(rename = "with")]
    pub network: Option<Spanned<With>>,
}

/// Ways to sign in, by the connector's names for them: a place of all secrets, or of each.
pub(super) type Auth = Entries<Entries<Shape<Entries<OneOrMore>>>>;

/// Where a source is read from.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum From {
    /// A folder with the raw answers of an earlier run.
    Recording(Text),
    /// A file that a person or another program wrote.
    File(Text),
    /// A program that prints JSON Lines, with its arguments.
    Run(Vec<Text>),
    /// The system itself.
    #[default]
    Live,
}

/// How a live system is reached.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct With {
    /// Replaces the connector's base: a gateway or a test server.
    pub base_url: Option<String>,
    /// Replaces the address where tokens are fetched.
    pub token_url: Option<String>,
    /// How long one call may take: `60s` where nothing is said.
    pub timeout: Option<Spanned<String>>,
    /// How long the source may take altogether: `15m` where nothing is said.
    pub deadline: Option<Spanned<String>>,
    /// How often a call is repeated: 4 where nothing is said.
    pub retries: Option<u32>,
    /// The largest answer, unpacked, in MiB: 32 where nothing is said, and at most 256.
    pub max_body_mib: Option<Spanned<u64>>,
    /// The share of a daily allowance that is left to others: `10%`.
    pub budget_floor: Option<Spanned<String>>,
}

/// Words that are not meant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Not {
    /// The words that a row may not have.
    pub not: OneOrMore,
}

/// One system.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct System {
    /// As people call it; the product's name where nothing is said.
    pub name: Option<Text>,
    /// Whether it holds what matters.
    pub critical: bool,
    /// Who answers for it: a staff id or an address.
    pub owner: Option<Text>,
    /// Who may use it. An account is valid if one rule allows it.
    #[serde(default)]
    pub access: Vec<Spanned<Rule>>,
    /// The id of the source of approvals, for `ticket: required`.
    pub approvals: Option<Spanned<String>>,
    /// The plan paid for.
    pub plan: Option<Text>,
    /// The seats paid for.
    pub seats: Option<u64>,
}

/// An access rule: every key that is there must hold; one that is not there does not restrict.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// Its name, its own within the system.
    pub name: Spanned<Text>,
    /// Everybody on the roster.
    pub all_staff: Option<Spanned<bool>>,
    /// The person has one of these job roles.
    pub staff_roles: Option<Vec<Text>>,
    /// The person is one of these.
    pub staff_types: Option<Vec<StaffType>>,
    /// The person is in one of these departments.
    pub departments: Option<Vec<Text>>,
    /// The person is one of these: staff ids or addresses.
    pub staff: Option<Vec<Text>>,
    /// Every role that the account holds is one of these, by name or id.
    pub system_roles: Option<Vec<Spanned<Shape<Role>>>>,
    /// Every permission set that the account holds is one of these, by name or id.
    pub permission_sets: Option<Vec<Spanned<Shape<Role>>>>,
    /// An approved request covers the access.
    pub ticket: Option<Ticket>,
}

/// How somebody is employed.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
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

/// Whether an approved request is needed.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ticket {
    Required,
}

/// A role or permission set, by one of the two.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(super) struct Role {
    /// Its id.
    pub id: Option<Text>,
    /// Its name.
    pub name: Option<Text>,
}

/// How the rosters are read together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Staff {
    /// The ids of the roster sources, the most trusted first.
    #[serde(default)]
    pub sources: Vec<Spanned<String>>,
    /// A job role, and the other ways to write it.
    #[serde(default)]
    pub job_roles: Entries<Vec<Spanned<Text>>>,
    /// A mail domain, and the domains whose addresses mean the same mailbox.
    #[serde(default)]
    pub domain_aliases: Entries<Vec<Spanned<Text>>>,
    /// Who is outside the compliance programme.
    #[serde(default)]
    pub out_of_scope: Scope,
    /// Whether a last day in the past is an exit, although the status still says current: `true` where nothing is said.
    pub date_implies_exit: Option<bool>,
}

/// Who is outside the compliance programme: whoever is in one of these lists.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Scope {
    /// Staff ids or addresses.
    #[serde(default)]
    pub staff: Vec<Text>,
    /// Departments.
    #[serde(default)]
    pub departments: Vec<Text>,
    /// How somebody is employed.
    #[serde(default)]
    pub staff_types: Vec<StaffType>,
}

/// Whose one account is: `staff`, `not_staff` or `not_identified`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 2, "maxProperties" = 2))]
pub(super) struct Identity {
    /// `system:id` or `system:address`.
    pub account: Spanned<Text>,
    /// It belongs to this person: a staff id or an address.
    pub staff: Option<Text>,
    /// It is nobody's own.
    pub not_staff: Option<NotStaff>,
    /// It was looked into, and nobody knows.
    pub not_identified: Option<NotIdentified>,
}

/// An account that is nobody's own.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotStaff {
    /// What it is instead.
    pub kind: Kind,
    /// Who answers for it: a staff id or an address.
    pub owner: Option<Text>,
    /// What it is for.
    pub reason: Option<Text>,
    /// The last day of it, as `2026-11-20`; after that the account is as if it had no entry.
    pub until: Option<Spanned<String>>,
    /// The day to look at it again, as `2026-11-20`.
    pub review_by: Option<Spanned<String>>,
}

/// What an account is that is nobody's own.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A program uses it.
    Service,
    /// Several people use it.
    Shared,
    /// Somebody who does not work here uses it.
    External,
}

/// An account that was looked into, and nobody knows whose it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NotIdentified {
    /// What was tried.
    pub reason: Option<Text>,
}

/// How a check is set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    /// Whether it runs: `true` where nothing is said.
    pub enabled: Option<bool>,
    /// How bad its findings are; the check's own where nothing is said.
    pub severity: Option<Severity>,
    /// How long after it arose a finding is due: `36h`, `3d`, `1w` or `5 business days`; at once where nothing is said. It
    /// never changes the verdict.
    pub grace: Option<Spanned<String>>,
    /// How long before it is due a finding is critical, written as `grace` is: `7d` where nothing is said.
    pub critical: Option<Spanned<String>>,
    /// Values for the check's parameters.
    #[serde(default)]
    pub params: BTreeMap<String, serde_json::Value>,
    /// Pages that help, in place of the check's.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// A page that helps.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    /// An https address.
    #[schemars(extend("pattern" = "^\\s*https://\\S"))]
    pub url: Spanned<Text>,
    /// What is there.
    pub description: Text,
}

/// Findings that are accepted for a time.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum Exceptions {
    /// Written here.
    Here(Vec<Spanned<Exception>>),
    /// Written in this file.
    File(Text),
}

impl<'de> Deserialize<'de> for Exceptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HereOrFile;
        impl<'de> Visitor<'de> for HereOrFile {
            type Value = Exceptions;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of exceptions, or the path of a file")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Exceptions, E> {
                match text.trim() {
                    "" => Err(yaml::help(
                        "expected a list of exceptions or the path of a file, not an empty text",
                        "write the path, or leave the line out",
                    )),
                    text => Ok(Exceptions::File(Text(text.to_owned()))),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Exceptions, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = list.next_element()? {
                    entries.push(entry);
                }
                Ok(Exceptions::Here(entries))
            }
        }
        deserializer.deserialize_any(HereOrFile)
    }
}

/// A separate file of exceptions.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Exceptions")]
pub(super) struct ExceptionsFile {
    /// The version of this grammar: 1.
    #[serde(rename = "rolecall")]
    #[schemars(extend("type" = ["integer", "string"], "enum" = [1, "1"]))]
    pub _version: String,
    /// Findings that are accepted for a time.
    pub exceptions: Vec<Spanned<Exception>>,
}

/// Findings of one check that are accepted for a time. The verdict stays `fail`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    /// The check.
    pub check: Spanned<Text>,
    /// The subject's id, as `system:id`, or a narrow pattern of ids with `*`.
    pub subject: Spanned<Text>,
    /// The only reason of the check that is accepted; whatever it finds where nothing is said.
    pub reason_code: Option<Spanned<Text>>,
    /// Why the risk is taken.
    pub reason: Text,
    /// Who takes it: the staff id or address of somebody who works here and is not the subject.
    pub approved_by: Text,
    /// The day it was taken, as `2026-11-20`.
    pub created: Spanned<String>,
    /// The last day of it, as `2026-11-20`: at most 365 days after `created`.
    pub expires: Spanned<String>,
    /// Where it was decided.
    pub ticket: Option<Text>,
}
/// Which days are business days.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Calendar {
    /// The days of the week on which nobody works: `[saturday, sunday]` where nothing is said.
    pub weekend: Option<Vec<Spanned<DayOfWeek>>>,
    /// The days on which nobody works, such as `2026-12-25`, or `{day: 2026-12-25, name: Christmas Day}`.
    #[serde(default)]
    pub holidays: Vec<Spanned<Shape<Holiday>>>,
}

/// A holiday with its name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Holiday {
    /// The day, such as `2026-12-25`.
    pub day: Spanned<String>,
    /// What it is called; for whoever reads the file.
    #[serde(rename = "name")]
    pub _name: Option<Text>,
}

/// A day of the week.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayOfWeek {
    pub const fn weekday(self) -> Weekday {
        match self {
            DayOfWeek::Monday => Weekday::Monday,
            DayOfWeek::Tuesday => Weekday::Tuesday,
            DayOfWeek::Wednesday => Weekday::Wednesday,
            DayOfWeek::Thursday => Weekday::Thursday,
            DayOfWeek::Friday => Weekday::Friday,
            DayOfWeek::Saturday => Weekday::Saturday,
            DayOfWeek::Sunday => Weekday::Sunday,
        }
    }
}
