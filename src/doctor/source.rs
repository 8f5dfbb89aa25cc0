//! One source: whether it can be read, as whom, and what it cannot say.

use jiff::Timestamp;

use super::{Lack, Probe, Provided, Reader, Reading, SKEW, Source, Stream, Trouble};
use crate::connector::Connector;
use crate::connector::manifest::FieldNeeds;
use crate::project::{From, Project, SourceConfig};
use crate::snapshot::{self, Completeness, Snapshot};
use crate::subject::trust;

/// What is to be said of one source.
pub(super) fn of(
    config: &SourceConfig,
    project: &Project,
    connector: Option<&Connector>,
    read: &Result<Reading, Trouble>,
    (at, collected): (Timestamp, Timestamp),
) -> Source {
    let mut found = Source {
        origin: origin(&config.from),
        ..Source::unread(&config.id, &config.connector)
    };
    let reading = match read {
        Ok(reading) => reading,
        Err(trouble) => {
            found.trouble = Some(trouble.clone());
            return found;
        }
    };
    if let Some(contact) = &reading.contact {
        found.origin = Some(contact.origin.clone());
        found.way = Some(contact.way.clone());
        found.skew = contact.skew;
        found.budget = contact.budget;
    }
    let snapshot = &reading.snapshot;
    if let Some(source) = snapshot.sources.iter().find(|source| source.id == config.id) {
        found.mode = Some(source.mode);
        found.taken_at = source.taken_at;
        found.stale = trust::stale(source, project, at, collected);
        found.streams = source.streams.iter().map(stream).collect();
        found.collections = source.provides.iter().map(provided).collect();
        found.lacks = source
            .unavailable
            .iter()
            .map(|path| lack(path, connector, source))
            .collect();
        found.warnings.extend(source.notices.iter().cloned());
    }
    if let Some(system) = snapshot.systems.iter().find(|system| system.source == config.id) {
        found.tenant = system.tenant.clone();
        found.reader = reader(system, snapshot);
    }
    found.warnings.extend(skewed(&found));
    found.warnings.extend(spent(&found, config));
    found.undecides = found.stale.is_some()
        || found.streams.iter().any(|stream| stream.state.is_incomplete())
        || found.collections.iter().any(|provided| provided.state.is_incomplete())
        || found.streams.is_empty();
    found
}

fn origin(from: &From) -> Option<String> {
    match from {
        From::Recording(path) | From::File(path) => Some(path.display().to_string()),
        From::Run(words) => Some(words.join(" ")),
        From::Live => None,
    }
}

fn stream(stream: &snapshot::Stream) -> Stream {
    Stream {
        name: stream.name.clone(),
        state: stream.state,
        rows: stream.rows,
        why: stream.why.clone(),
    }
}

fn provided(provided: &snapshot::Provided) -> Provided {
    Provided {
        collection: provided.collection,
        state: provided.state,
        rows: provided.kept,
        why: provided.why.clone(),
    }
}

fn reader(system: &snapshot::System, snapshot: &Snapshot) -> Option<Reader> {
    let id = system.reader.id.as_deref()?;
    let own = snapshot
        .accounts
        .iter()
        .find(|account| account.system == system.id && account.id == id);
    Some(Reader {
        key: format!("{}:{id}", system.id),
        name: own.and_then(|account| account.name.clone()),
        email: own.and_then(|account| account.email.clone()),
        sees_all: system.reader.sees_all,
    })
}

/// Why a field cannot be filled: the product never says it, a list that it needs was not read, or the answers do not
/// have it.
fn lack(path: &str, connector: Option<&Connector>, source: &snapshot::Source) -> Lack {
    let mut fields = connector.into_iter().flat_map(|connector| &connector.manifest.fields.0);
    let needs = fields.find(|(name, _)| name.value == path).map(|(_, needs)| needs);
    let why = match needs {
        Some(FieldNeeds::Never) => "no answer ever says it".to_owned(),
        Some(FieldNeeds::Streams(names)) => {
            let unread = |name: &&String| {
                let known = source.streams.iter().find(|stream| stream.name == **name);
                known.is_none_or(|stream| stream.state != Completeness::Complete)
            };
            let unread: Vec<&str> = names.iter().filter(unread).map(String::as_str).collect();
            match unread.as_slice() {
                [] => "the answers do not have it".to_owned(),
                unread => format!("needs {}", unread.join(" and ")),
            }
        }
        None => "the answers do not have it".to_owned(),
    };
    Lack {
        path: path.to_owned(),
        why,
    }
}

fn skewed(found: &Source) -> Option<String> {
    let skew = found.skew.filter(|skew| skew.abs() > SKEW)?;
    let way = if skew.is_negative() { "ahead of" } else { "behind" };
    Some(format!(
        "the clock of this machine is {:#} {way} the other side's: set it",
        skew.abs()
    ))
}

fn spent(found: &Source, config: &SourceConfig) -> Option<String> {
    let (left, of) = found.budget?;
    let floor = u64::from(config.network.budget_floor?);
    (left.saturating_mul(100) < of.saturating_mul(floor))
        .then(|| format!("less than {floor}% of the daily allowance is left, so a run stops before it asks"))
}

/// The probe of a source that could not be read at all.
impl Probe {
    /// What a person has to mend first.
    pub fn failed(source: &str, trouble: Trouble) -> Self {
        Self {
            source: source.to_owned(),
            read: Err(trouble),
        }
    }
}
