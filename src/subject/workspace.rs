//! The whole workspace as one subject.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::context::{Context, part, paths};
use super::document::{self, Moment};
use super::system::SystemPart;
use super::{Subject, SubjectError};
use crate::finding::{SubjectKind, SubjectRef};
use crate::project::From;
use crate::snapshot::{Completeness, Mode};

/// The workspace: every system, the roster, every source, how the entries of the project file fared.
pub fn workspace_subject(
    context: &Context<'_>,
    systems: &[SystemPart<'_>],
    roster: &Arc<Value>,
) -> Result<Subject, SubjectError> {
    let project = context.project;
    let documents: Vec<&Value> = systems.iter().map(|system| system.document.as_ref()).collect();
    let entries: Vec<document::Entry> = project
        .identities
        .iter()
        .zip(&context.identities.entries)
        .map(|(entry, state)| document::Entry {
            account: format!("{}:{}", entry.system, entry.account),
            state: *state,
            line: entry.place.line,
        })
        .collect();
    let mut unavailable = BTreeSet::new();
    if context.earlier.is_none() {
        unavailable.insert("sources[].previous_rows".to_owned());
    }
    for system in systems {
        unavailable.extend(system.unavailable.iter().map(|path| format!("systems[].{path}")));
    }
    unavailable.extend(context.roster_part_gaps());
    let hidden = |system: &str| systems.iter().any(|part| part.id == system && part.hides_accounts());
    if project
        .identities
        .iter()
        .any(|entry| hidden(&entry.system) || context.roster_gap.is_some())
    {
        unavailable.insert("identities[].state".to_owned());
    }
    Ok(Subject {
        of: SubjectRef {
            kind: SubjectKind::Workspace,
            id: project.organisation.clone(),
            name: Some(project.organisation.clone()),
            email: None,
            system: None,
        },
        parts: vec![
            ("exceptions", part(&[(); 0])?),
            ("identities", part(&entries)?),
            ("roster", roster.clone()),
            ("sources", part(&sources(context))?),
            ("subject", part(&SubjectKind::Workspace.word())?),
            ("systems", part(&documents)?),
            (
                "workspace",
                part(&document::Workspace {
                    name: &project.organisation,
                    timezone: &project.timezone_name,
                })?,
            ),
        ],
        unavailable: paths(unavailable),
        identity: None,
    })
}

/// Every source that was read, and those that the project names and nobody read. Sorted by id.
fn sources<'a>(context: &Context<'a>) -> Vec<document::Source<'a>> {
    let read = context.snapshot.sources.iter().map(|source| document::Source {
        id: &source.id,
        connector: &source.connector,
        mode: source.mode,
        taken: Moment::past(source.taken_at, context.now),
        complete: source
            .provides
            .iter()
            .all(|provided| provided.state == Completeness::Complete),
        rows: source.provides.iter().map(|provided| provided.rows).sum(),
        dropped: source
            .provides
            .iter()
            .map(|provided| provided.dropped.len() as u64)
            .sum(),
        previous_rows: context.earlier.and_then(|earlier| earlier.rows(&source.id)),
    });
    let unread = context
        .project
        .sources
        .iter()
        .filter(|source| !context.sources.contains_key(source.id.as_str()));
    let unread = unread.map(|source| document::Source {
        id: &source.id,
        connector: &source.connector,
        mode: match source.from {
            From::Recording(_) => Mode::Recording,
            From::File(_) => Mode::File,
            From::Live | From::Run(_) => Mode::Live,
        },
        taken: Moment::NONE,
        complete: false,
        rows: 0,
        dropped: 0,
        previous_rows: context.earlier.and_then(|earlier| earlier.rows(&source.id)),
    });
    let mut sources: Vec<document::Source<'a>> = read.chain(unread).collect();
    sources.sort_by(|a, b| a.id.cmp(b.id));
    sources
}
