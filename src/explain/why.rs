//! Why something is not known.

use std::collections::BTreeMap;

use super::Request;
use crate::finding::SubjectKind;
use crate::rego::Path;
use crate::snapshot::{Collection, Completeness, Source};
use crate::subject::{Subject, trust};

/// A path that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Of the subject's document.
    pub path: String,
    /// Whether it was read, and says `unknown`.
    pub says_unknown: bool,
    /// Whether an answer waits for it.
    pub needed: bool,
    /// Why it is not known, a sentence; null where that cannot be told.
    pub why: Option<String>,
}

/// What the fields of a subject need, by connector and path.
pub type Fields = BTreeMap<String, BTreeMap<String, Needs>>;

/// What one field needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// No answer ever says it.
    Never,
    /// These streams, all of them.
    Streams(Vec<String>),
}

/// A path that is not known, and why.
pub fn missing(request: &Request<'_>, subject: &Subject, path: &str, needed: bool) -> Missing {
    let is_about = |missing: &String| Path::parse(missing).covers(&Path::parse(path));
    let is_unavailable = subject.unavailable.iter().any(is_about);
    let why = if is_unavailable {
        unavailable(request, subject, path)
    } else {
        Some("it was read, and says `unknown`".to_owned())
    };
    Missing {
        path: path.to_owned(),
        says_unknown: !is_unavailable,
        needed,
        why,
    }
}

fn unavailable(request: &Request<'_>, subject: &Subject, path: &str) -> Option<String> {
    let (source, roster) = (request.source_of(subject), || request.subjects.roster_gap.clone());
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let of_source = |path: &str| {
        let source = source.filter(|source| lists(source, path))?;
        Some(request.untold(source, path))
    };
    let of_collection = |collection| source.and_then(|source| trust::gap(source, collection));
    match first {
        "account" => of_source(path).or_else(|| {
            let is_a_name = path.ends_with("_names") || path.ends_with("unlisted_role_ids");
            let roles = || of_collection(Collection::Roles);
            let names = if is_a_name { roles() } else { None };
            names.or_else(|| Some(format!("`{}` does not say it of this account", source?.id)))
        }),
        "identity" | "staff" if subject.unavailable.iter().any(|missing| missing == first) => {
            let address = of_source("account.email");
            let address = address.map(|why| format!("whose it is cannot be told without an address: {why}"));
            address.or_else(|| roster().map(|why| format!("whose it is cannot be told: {why}")))
        }
        "staff" => {
            let mut sources = request.snapshot.sources.iter();
            let source = sources.find(|source| trust::gap(source, Collection::Staff).is_none() && lists(source, path));
            source.map(|source| request.untold(source, path)).or_else(roster)
        }
        "identity" | "roster" | "identities" => roster().or_else(|| of_collection(Collection::Roles)),
        "approvals" if subject.of.kind == SubjectKind::Account && path.contains('[') => {
            of_collection(Collection::Roles)
        }
        "approvals" => request.approvals_gap(subject).or_else(roster),
        "accounts" => match path.strip_prefix("accounts[].") {
            Some(field) => of_source(&format!("account.{field}")).or_else(roster),
            None => of_collection(Collection::Accounts),
        },
        "system" | "systems" if path.contains("counts") => of_collection(Collection::Accounts),
        "system" | "systems" => of_collection(Collection::Roles).or_else(roster),
        "sources" => Some("there is no earlier snapshot to hold it against: `--previous`".to_owned()),
        _ => None,
    }
}

impl Request<'_> {
    /// The source of a subject's system.
    fn source_of(&self, subject: &Subject) -> Option<&Source> {
        let system = subject.of.system.as_deref()?;
        let read = self.snapshot.systems.iter().find(|read| read.id == system)?;
        self.snapshot.sources.iter().find(|source| source.id == read.source)
    }

    /// Why a source that was read did not fill a path.
    fn untold(&self, source: &Source, path: &str) -> String {
        let fields = self.fields.get(&source.connector);
        let is_about = |field: &str| Path::parse(field).covers(&Path::parse(path));
        let needs = fields.and_then(|fields| fields.iter().find(|(field, _)| is_about(field)));
        let streams = source
            .streams
            .iter()
            .filter(|stream| stream.state != Completeness::Complete);
        let needed = |name: &String| match needs {
            Some((_, Needs::Streams(streams))) => streams.contains(name),
            _ => false,
        };
        let open: Vec<String> = streams
            .filter(|stream| needed(&stream.name))
            .map(|stream| {
                let why = stream.why.as_deref().unwrap_or("it was not read to its end");
                format!("stream `{}` of `{}`: {why}", stream.name, source.id)
            })
            .collect();
        match needs {
            Some((_, Needs::Never)) => format!("`{}` never says it", source.id),
            _ if !open.is_empty() => open.join("; "),
            _ => format!("`{}` did not say it", source.id),
        }
    }

    fn approvals_gap(&self, subject: &Subject) -> Option<String> {
        let system = subject.of.system.as_deref()?;
        let config = self.project.systems.iter().find(|config| config.id == system)?;
        let id = config.approvals.as_ref()?;
        let Some(source) = self.snapshot.sources.iter().find(|source| source.id == *id) else {
            return Some(format!("`{id}` was not read"));
        };
        trust::gap(source, Collection::Approvals)
            .or_else(|| trust::stale(source, self.project, self.now, self.snapshot.taken_at))
    }
}

/// Whether a source says that it could not fill a path, or what holds it.
fn lists(source: &Source, path: &str) -> bool {
    let path = Path::parse(path);
    source
        .unavailable
        .iter()
        .any(|missing| Path::parse(missing).covers(&path))
}
