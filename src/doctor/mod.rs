//! What a run would find: which sources can be read, and what could not be decided for want of the rest.
//!
//! Pure: what was probed goes in, source by source, and an [`Examination`] comes out. A check's reason counts as open where
//! it looks at something of what was read that no source can fill or that is unknown, and nothing else decides.

mod open;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::check::Checks;
use crate::collect::{self, Contact};
use crate::connector::Connectors;
use crate::error::Explain;
use crate::evaluate;
use crate::exit::Exit;
use crate::project::{Project, SourceConfig};
use crate::snapshot::{Collection, Completeness, Mode, Snapshot, YesNo};

pub use open::Open;

/// Clocks that are further apart than this make dates doubtful.
pub const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// One source, asked for the beginning of everything.
#[derive(Debug)]
pub struct Probe {
    /// Its name in the project file.
    pub source: String,
    /// What came, or what a person has to mend first.
    pub read: Result<Reading, Trouble>,
}

/// What came of one source.
#[derive(Debug)]
pub struct Reading {
    /// The facts of this source alone.
    pub snapshot: Snapshot,
    /// What the network showed; null for recordings, files and programs.
    pub contact: Option<Contact>,
}

/// Something that a person has to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// How a run would end.
    pub exit: Exit,
}

impl Trouble {
    /// An error, as far as it can be told.
    pub fn of(error: &dyn Explain) -> Self {
        Self {
            message: error.to_string(),
            help: error.help(),
            exit: error.exit(),
        }
    }
}

/// What was found.
#[derive(Debug)]
pub struct Examination {
    /// The organisation's name.
    pub organisation: String,
    /// The time by which ages are measured.
    pub at: Timestamp,
    /// Sorted by id.
    pub sources: Vec<Source>,
    /// What is wrong with no source alone.
    pub troubles: Vec<Trouble>,
    /// What could not be decided, sorted by check, system and reason.
    pub open: Vec<Open>,
    /// [`Exit::Usage`] where something has to be mended first, [`Exit::CannotDecide`] where something cannot be read.
    pub outcome: Exit,
}

/// One source.
#[derive(Debug)]
pub struct Source {
    /// Its name in the project file.
    pub id: String,
    /// Its connector's.
    pub connector: String,
    /// How it is read; null where it was not.
    pub mode: Option<Mode>,
    /// Where it comes from: an address, a folder, a file, a program; null for a live source that was not reached.
    pub origin: Option<String>,
    /// What a person has to mend before it can be read at all.
    pub trouble: Option<Trouble>,
    /// When its data was taken; null where nobody stated it.
    pub taken_at: Option<Timestamp>,
    /// Why it is too old; null where it is not.
    pub stale: Option<String>,
    /// Which tenant it is of, where it says so.
    pub tenant: Option<String>,
    /// The connector's name for the way of signing in; null where nobody did.
    pub way: Option<String>,
    /// Whose credential it is, where the answers say so.
    pub reader: Option<Reader>,
    /// In the manifest's order.
    pub streams: Vec<Stream>,
    /// What it provides, sorted by collection.
    pub collections: Vec<Provided>,
    /// Paths of subjects that it cannot fill, and why. Sorted.
    pub lacks: Vec<Lack>,
    /// How far the other side's clock is ahead; null where it told no time.
    pub skew: Option<SignedDuration>,
    /// What is left of the daily allowance, and the whole of it.
    pub budget: Option<(u64, u64)>,
    /// What a person should look at, although it can be read.
    pub warnings: Vec<String>,
    /// Whether a run could not decide because of it.
    pub undecides: bool,
}

impl Source {
    /// One of which nothing is known yet: that undecides a run.
    pub(crate) fn unread(id: &str, connector: &str) -> Self {
        Self {
            id: id.to_owned(),
            connector: connector.to_owned(),
            mode: None,
            origin: None,
            trouble: None,
            taken_at: None,
            stale: None,
            tenant: None,
            way: None,
            reader: None,
            streams: Vec::new(),
            collections: Vec::new(),
            lacks: Vec::new(),
            skew: None,
            budget: None,
            warnings: Vec::new(),
            undecides: true,
        }
    }
}

/// The account whose credential reads a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Its key.
    pub key: String,
    /// Its name, where its row was read.
    pub name: Option<String>,
    /// Its address, where its row was read.
    pub email: Option<String>,
    /// Whether it sees every account.
    pub sees_all: YesNo,
}

/// One list of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Its name in the manifest.
    pub name: String,
    /// Whether it can be read.
    pub state: Completeness,
    /// Rows that came.
    pub rows: u64,
    /// Why it cannot be read, or not as a whole.
    pub why: Option<String>,
}

/// One collection of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provided {
    /// Which rows.
    pub collection: Collection,
    /// Whether they can be read.
    pub state: Completeness,
    /// Rows that were kept.
    pub rows: u64,
    /// Why they cannot be read, or not all of them.
    pub why: Option<String>,
}

/// A field that a source cannot fill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lack {
    /// Its path, `account.role_names` for instance.
    pub path: String,
    /// Why not.
    pub why: String,
}

/// Looks at what was probed. `at` is the time by which ages are measured.
pub fn examine(
    project: &Project,
    connectors: &Connectors,
    checks: &Checks,
    probes: Vec<Probe>,
    at: Timestamp,
) -> Examination {
    let configs: BTreeMap<&str, &SourceConfig> = project.sources.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut sources = Vec::new();
    let collected = collected(&probes).unwrap_or(at);
    let mut merged = Snapshot::empty(collected);
    for probe in probes {
        let Some(config) = configs.get(probe.source.as_str()).copied() else {
            continue;
        };
        sources.push(source::of(
            config,
            project,
            connectors.get(&config.connector),
            &probe.read,
            (at, collected),
        ));
        if let Ok(Reading { snapshot, .. }) = probe.read {
            merged.sources.extend(snapshot.sources);
            merged.systems.extend(snapshot.systems);
            merged.roles.extend(snapshot.roles);
            merged.accounts.extend(snapshot.accounts);
            merged.staff.extend(snapshot.staff);
            merged.approvals.extend(snapshot.approvals);
        }
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    merged.sort();
    let mut troubles = twice(&merged);
    troubles.extend(idle(checks, project));
    let mut open = Vec::new();
    match open::of(checks, project, &merged, at) {
        Ok((found, subjects)) => {
            open = found;
            let gap = subjects.roster_gap.filter(|gap| !is_told(gap, &sources));
            troubles.extend(gap.map(|gap| Trouble {
                message: format!("who works here is not known: {gap}"),
                help: Some("name a source that provides staff under `sources`, and give it a roster".to_owned()),
                exit: Exit::CannotDecide,
            }));
        }
        // What a source lacks would only be told in other words.
        Err(_) if sources.iter().any(|source| source.trouble.is_some()) => {}
        Err(trouble) => troubles.push(trouble),
    }
    let mut examination = Examination {
        organisation: project.organisation.clone(),
        at,
        sources,
        troubles,
        open,
        outcome: Exit::Clean,
    };
    examination.outcome = outcome(&examination);
    examination
}

/// What somebody has to edit comes before what cannot be read: nothing is read until then.
fn outcome(found: &Examination) -> Exit {
    let of_sources = found.sources.iter().filter_map(|source| source.trouble.as_ref());
    let exits: Vec<Exit> = of_sources.chain(&found.troubles).map(|trouble| trouble.exit).collect();
    let undecided = !found.open.is_empty()
        || found.sources.is_empty()
        || !exits.is_empty()
        || found.sources.iter().any(|source| source.undecides);
    match (exits.contains(&Exit::Usage), undecided) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::CannotDecide,
        (false, false) => Exit::Clean,
    }
}

/// Two sources of one tenant would show every account of it twice; a run refuses them.
fn twice(snapshot: &Snapshot) -> Vec<Trouble> {
    let mut seen: BTreeMap<(&str, String), &str> = BTreeMap::new();
    let mut troubles = Vec::new();
    for system in &snapshot.systems {
        let Some(tenant) = &system.tenant else { continue };
        if let Some(before) = seen.insert((&system.product, collect::folded(tenant)), &system.source) {
            troubles.push(Trouble {
                message: format!(
                    "`{}` reads the same {} `{tenant}` as `{before}`",
                    system.source, system.product
                ),
                help: Some("keep one source for each tenant; every account would be there twice".to_owned()),
                exit: Exit::Usage,
            });
        }
    }
    troubles
}

/// The time that a snapshot of all this would have: that of the accounts.
fn collected(probes: &[Probe]) -> Option<Timestamp> {
    let read = probes.iter().filter_map(|probe| probe.read.as_ref().ok());
    let of_accounts = read.filter(|reading| !reading.snapshot.systems.is_empty());
    of_accounts.map(|reading| reading.snapshot.taken_at).max()
}

/// A run without a check judges nothing.
fn idle(checks: &Checks, project: &Project) -> Option<Trouble> {
    let chosen = evaluate::choose(checks, project, &[]).ok()?;
    chosen.is_empty().then(|| Trouble {
        message: "every check is switched off: nothing would be judged".to_owned(),
        help: Some("switch one on under `checks`".to_owned()),
        exit: Exit::CannotDecide,
    })
}

/// Whether a gap of the roster stands under one of the sources already.
fn is_told(gap: &str, sources: &[Source]) -> bool {
    sources.iter().any(|source| {
        let about = gap.contains(&format!("`{}`", source.id));
        about && (source.trouble.is_some() || source.undecides)
    })
}
