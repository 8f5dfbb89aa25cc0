//! The roster that somebody names: whether it can be read, and who is on it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::collect::{self, Request};
use crate::connector::Connectors;
use crate::error::{Explain, did_you_mean};
use crate::init::SourceAnswer;
use crate::project::Project;
use crate::snapshot::Staff;
use crate::yaml;

/// What is wrong, and what to do about it.
pub type Wrong = (String, String);

/// Everybody on a roster that is a file.
///
/// # Errors
/// It cannot be read, or nobody is on it.
pub fn people(connectors: &Connectors, project: &Path, source: &SourceAnswer) -> Result<Vec<Staff>, Wrong> {
    let explained = |error: &dyn Explain| (error.to_string(), error.help().unwrap_or_default());
    let id = yaml::text(&source.connector);
    let file = yaml::text(source.file.as_deref().unwrap_or_default());
    let params: Vec<String> = source
        .params
        .iter()
        .map(|(name, value)| format!("{}: {}", yaml::text(name), yaml::text(value)))
        .collect();
    let text = format!(
        "rolecall: 1\norganisation: none\ntimezone: UTC\nsources:\n  \
         {id}: {{connector: {id}, from: {{file: {file}}}, params: {{{}}}}}\n",
        params.join(", ")
    );
    let mut alone = Project::from_bytes(project, text.as_bytes()).map_err(|error| explained(&error))?;
    for source in &mut alone.sources {
        // A file may keep its date to itself; a run on nothing but this file needs one.
        source.as_of = Some(Timestamp::now());
    }
    let collected = collect::collect(&alone, connectors, &Request::default()).map_err(|error| explained(&error))?;
    let snapshot = collected.snapshot;
    let gap = snapshot.sources.iter().flat_map(|source| &source.provides);
    if let Some(why) = gap
        .filter(|provided| provided.state.is_incomplete())
        .find_map(|provided| provided.why.clone())
    {
        return Err((why, "mend the file, or name another one".to_owned()));
    }
    if snapshot.staff.is_empty() {
        return Err((
            "nobody is on it".to_owned(),
            "export it again, or name another file".to_owned(),
        ));
    }
    Ok(snapshot.staff)
}

/// Every job role on a roster, once, however it is written.
pub fn job_roles(people: &[Staff]) -> Vec<String> {
    let mut roles: BTreeMap<String, String> = BTreeMap::new();
    for role in people.iter().flat_map(|person| &person.job_roles) {
        roles.entry(collect::folded(role)).or_insert_with(|| role.clone());
    }
    roles.into_values().collect()
}

/// Whether somebody on the roster holds each of these job roles: a rule that names one which nobody holds is dead.
///
/// # Errors
/// The first that nobody holds.
pub fn held(roles: &[String], people: &[Staff]) -> Result<(), Wrong> {
    let known = job_roles(people);
    if known.is_empty() {
        return Err((
            "the roster has no job roles".to_owned(),
            "write all_staff, or name a roster with job roles".to_owned(),
        ));
    }
    let nobody = |role: &&String| {
        !known
            .iter()
            .any(|known| collect::folded(known) == collect::folded(role))
    };
    match roles.iter().find(nobody) {
        Some(role) => Err((
            format!("nobody on the roster is `{role}`"),
            did_you_mean(role, known.iter().map(String::as_str)),
        )),
        None => Ok(()),
    }
}
