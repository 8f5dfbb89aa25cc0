//! Why something is not known.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
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

/// The fields of an account from which more is made than the account itself: whose it is, and what a system counts.
const WEIGHTY: [&str; 8] = [
    "account.email",
    "account.employee_id",
    "account.aliases",
    "account.state",
    "account.access",
    "account.admin",
    "account.role_ids",
    "account.permission_set_ids",
];

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

/// A cause is named where it is certain: the source itself says that it could not fill the path. Of anything else it is only
/// said what was not read completely, all of it: which of that it was cannot be told.
fn unavailable(request: &Request<'_>, subject: &Subject, path: &str) -> Option<String> {
    let own = request.source_of(subject);
    let of_account = |field: &str| {
        own.filter(|source| lists(source, field))
            .map(|source| request.untold(source, field))
    };
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let certain = match first {
        "account" => {
            // Without the roles that it holds, no name of one is known.
            let held = || {
                (path == "account.role_names")
                    .then(|| of_account("account.role_ids"))
                    .flatten()
            };
            let is_a_name = path.ends_with("_names") || path.ends_with("unlisted_role_ids");
            let alone = || {
                let source = own.filter(|_| !is_a_name)?;
                Some(format!("`{}` does not say it of this account", source.id))
            };
            of_account(path).or_else(held).or_else(alone)
        }
        "staff" => request.each_that_lists(path),
        "accounts" => path.strip_prefix("accounts[].").and_then(|field| match own {
            Some(_) => of_account(&format!("account.{field}")),
            None => request.each_that_lists(&format!("account.{field}")),
        }),
        "sources" => Some("there is no earlier snapshot to hold it against: `--previous`".to_owned()),
        _ => None,
    };
    certain.or_else(|| request.not_read_completely(subject))
}

impl Request<'_> {
    /// The source of a subject's system.
    fn source_of(&self, subject: &Subject) -> Option<&Source> {
        let system = subject.of.system.as_deref()?;
        let read = self.snapshot.systems.iter().find(|read| read.id == system)?;
        self.snapshot.sources.iter().find(|source| source.id == read.source)
    }

    /// Why a path is not filled by the sources that say so themselves.
    fn each_that_lists(&self, path: &str) -> Option<String> {
        let sources = self.snapshot.sources.iter().filter(|source| lists(source, path));
        let why: Vec<String> = sources.map(|source| self.untold(source, path)).collect();
        (!why.is_empty()).then(|| why.join("; "))
    }

    /// Whatever is incomplete of what a subject's document is made from: its own source, or all of them, the rosters and the
    /// approvals.
    fn not_read_completely(&self, subject: &Subject) -> Option<String> {
        let own = self.source_of(subject);
        let mut why: Vec<String> = Vec::new();
        for source in &self.snapshot.sources {
            if subject.of.system.is_some() && own.is_none_or(|own| own.id != source.id) {
                continue;
            }
            let provided = source.provides.iter().map(|provided| provided.collection);
            let people = [Collection::Accounts, Collection::Roles];
            let wanted: Vec<Collection> = match own {
                Some(_) => people.to_vec(),
                None => provided.filter(|of| people.contains(of)).collect(),
            };
            why.extend(wanted.into_iter().filter_map(|of| trust::gap(source, of)));
            let fields = source.unavailable.iter().filter(|field| {
                let field = Path::parse(field);
                WEIGHTY.iter().any(|weighty| field.covers(&Path::parse(weighty)))
            });
            why.extend(fields.map(|field| format!("{}: `{field}`", self.untold(source, field))));
        }
        if let (Some(system), None) = (&subject.of.system, own) {
            why.push(format!("no source has read `{system}`"));
        }
        why.extend(self.subjects.roster_gap.clone());
        why.extend(self.approvals_gap(subject));
        let mut seen = BTreeSet::new();
        why.retain(|one| seen.insert(one.clone()));
        (!why.is_empty()).then(|| format!("what was not read completely: {}", why.join("; ")))
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
