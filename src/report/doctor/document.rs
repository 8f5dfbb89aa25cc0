//! The published types of `rolecall/doctor/1`. Every field is always present; what is not there is null.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::Tool;
use crate::doctor::{self, Examination};
use crate::exit::Exit;
use crate::snapshot::{Collection, Completeness, Mode, YesNo};

/// An examination.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Examination")]
pub struct Document<'a> {
    /// `rolecall/doctor/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The organisation's name.
    organisation: &'a str,
    /// The time by which ages are measured.
    #[schemars(with = "String", extend("format" = "date-time"))]
    at: Timestamp,
    /// `well` where a run has all that it needs, `mend` where somebody has to edit something first, else
    /// `cannot_decide`.
    #[schemars(extend("enum" = ["well", "mend", "cannot_decide"]))]
    outcome: &'static str,
    /// Sorted by id.
    sources: Vec<Source<'a>>,
    /// What is wrong with no source alone.
    troubles: Vec<Trouble<'a>>,
    /// What could not be decided, sorted by check, system and reason.
    open: Vec<Open<'a>>,
}

/// One source.
#[derive(Serialize, JsonSchema)]
struct Source<'a> {
    /// Its name in the project file.
    id: &'a str,
    /// Its connector's.
    connector: &'a str,
    /// Whether a run has all that it needs of it.
    well: bool,
    /// How it is read; null where it was not.
    mode: Option<Mode>,
    /// Where it comes from: an address, a folder, a file, a program; null for a live source that was not reached.
    origin: Option<&'a str>,
    /// What a person has to mend before it can be read at all.
    trouble: Option<Trouble<'a>>,
    /// When its data was taken; null where nobody stated it.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    taken_at: Option<Timestamp>,
    /// Why it is too old; null where it is not.
    stale: Option<&'a str>,
    /// Which tenant it is of, where it says so.
    tenant: Option<&'a str>,
    /// The connector's name for the way of signing in; null where nobody did.
    way: Option<&'a str>,
    /// Whose credential it is, where the answers say so.
    reader: Option<Reader<'a>>,
    /// In the manifest's order.
    streams: Vec<Stream<'a>>,
    /// What it provides, sorted by collection.
    provides: Vec<Provided<'a>>,
    /// Paths of subjects that it cannot fill. Sorted.
    unavailable: Vec<Lack<'a>>,
    /// By how many seconds the other side's clock is ahead of this machine's; null where it told no time.
    clock_skew_seconds: Option<i64>,
    /// The daily allowance; null where the other side does not tell of one.
    budget: Option<Budget>,
    /// What a person should look at, although it can be read.
    warnings: &'a [String],
}

/// Something that a person has to mend.
#[derive(Serialize, JsonSchema)]
struct Trouble<'a> {
    /// What is wrong.
    message: &'a str,
    /// What to do next.
    help: Option<&'a str>,
}

/// The account whose credential reads a system.
#[derive(Serialize, JsonSchema)]
struct Reader<'a> {
    /// Its key.
    account: &'a str,
    /// Its name, where its row was read.
    name: Option<&'a str>,
    /// Its address, where its row was read.
    email: Option<&'a str>,
    /// Whether it sees every account.
    sees_all: YesNo,
}

/// One list of a source.
#[derive(Serialize, JsonSchema)]
struct Stream<'a> {
    /// Its name in the manifest.
    name: &'a str,
    /// Whether it can be read.
    state: Completeness,
    /// Rows that came.
    rows: u64,
    /// Why it cannot be read, or not as a whole.
    why: Option<&'a str>,
}

/// One collection of a source.
#[derive(Serialize, JsonSchema)]
struct Provided<'a> {
    /// Which rows.
    collection: Collection,
    /// Whether they can be read.
    state: Completeness,
    /// Rows that were kept.
    rows: u64,
    /// Why they cannot be read, or not all of them.
    why: Option<&'a str>,
}

/// A field that a source cannot fill.
#[derive(Serialize, JsonSchema)]
struct Lack<'a> {
    /// Its path, `account.role_names` for instance.
    path: &'a str,
    /// Why not.
    why: &'a str,
}

/// A daily allowance.
#[derive(Serialize, JsonSchema)]
struct Budget {
    /// What is left of it.
    left: u64,
    /// The whole of it.
    of: u64,
}

/// A reason of a check that could not be decided.
#[derive(Serialize, JsonSchema)]
struct Open<'a> {
    /// The check.
    check: &'a str,
    /// The system whose subjects it is about; null for staff and the workspace.
    system: Option<&'a str>,
    /// The reason's code; null where nothing can be judged at all.
    reason: Option<&'a str>,
    /// The paths that it looks at and that cannot be filled. Sorted.
    missing: &'a [String],
    /// The paths that it looks at and that were read as unknown. Sorted.
    unknown: &'a [String],
    /// Why nothing can be judged; null where a reason is named.
    why: Option<&'a str>,
    /// How many of the subjects that were read this is about.
    subjects: u64,
}

impl<'a> Document<'a> {
    /// The published form of an examination.
    pub fn of(found: &'a Examination) -> Self {
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            organisation: &found.organisation,
            at: found.at,
            outcome: match found.outcome {
                Exit::Clean => "well",
                Exit::Usage => "mend",
                Exit::Findings | Exit::CannotDecide => "cannot_decide",
            },
            sources: found.sources.iter().map(source).collect(),
            troubles: found.troubles.iter().map(trouble).collect(),
            open: found.open.iter().map(open).collect(),
        }
    }
}

fn source(source: &doctor::Source) -> Source<'_> {
    Source {
        id: &source.id,
        connector: &source.connector,
        well: !source.undecides,
        mode: source.mode,
        origin: source.origin.as_deref(),
        trouble: source.trouble.as_ref().map(trouble),
        taken_at: source.taken_at,
        stale: source.stale.as_deref(),
        tenant: source.tenant.as_deref(),
        way: source.way.as_deref(),
        reader: source.reader.as_ref().map(|reader| Reader {
            account: &reader.key,
            name: reader.name.as_deref(),
            email: reader.email.as_deref(),
            sees_all: reader.sees_all,
        }),
        streams: source
            .streams
            .iter()
            .map(|stream| Stream {
                name: &stream.name,
                state: stream.state,
                rows: stream.rows,
                why: stream.why.as_deref(),
            })
            .collect(),
        provides: source
            .collections
            .iter()
            .map(|provided| Provided {
                collection: provided.collection,
                state: provided.state,
                rows: provided.rows,
                why: provided.why.as_deref(),
            })
            .collect(),
        unavailable: source
            .lacks
            .iter()
            .map(|lack| Lack {
                path: &lack.path,
                why: &lack.why,
            })
            .collect(),
        clock_skew_seconds: source.skew.map(|skew| skew.as_secs()),
        budget: source.budget.map(|(left, of)| Budget { left, of }),
        warnings: &source.warnings,
    }
}

fn trouble(trouble: &doctor::Trouble) -> Trouble<'_> {
    Trouble {
        message: &trouble.message,
        help: trouble.help.as_deref(),
    }
}

fn open(open: &doctor::Open) -> Open<'_> {
    Open {
        check: &open.check,
        system: open.system.as_deref(),
        reason: open.reason.as_deref(),
        missing: &open.missing,
        unknown: &open.unknown,
        why: open.why.as_deref(),
        subjects: open.subjects,
    }
}
