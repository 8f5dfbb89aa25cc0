//! `rolecall inputs`: the documents that a check judges.

use std::path::Path;

use super::earlier::Earlier;
use super::error::OutputError;
use super::facts::Facts;
use super::{CommandError, output};
use crate::check;
use crate::cli::InputsArgs;
use crate::error::{Explain, nearest};
use crate::evaluate;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::inputs::{Line, Undecided};
use crate::report::{self, Volume};
use crate::subject::{self, Subject};

/// Writes what the policy of a check is given, one subject a line.
pub fn run(args: &InputsArgs, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.facts.project)?;
    let read = [&args.facts.recording, &args.facts.snapshot, &args.facts.previous];
    let read: Vec<&Path> = read.into_iter().filter_map(|path| path.as_deref()).collect();
    if let Some(file) = &args.output {
        output::hold(file, &project, &read)?;
    }
    let earlier = Earlier::read(args.facts.previous.as_deref(), args.facts.max_drop)?;
    let checks = check::load(&project.policies, &project.checks)?;
    let chosen = evaluate::choose(&checks, &project, std::slice::from_ref(&args.check))?;
    let facts = Facts::read(&args.facts, None, &project, volume)?;
    let earlier = earlier.map(|earlier| earlier.compare(&facts.snapshot)).transpose()?;
    let now = args.facts.as_of.unwrap_or(facts.snapshot.taken_at);
    let need = evaluate::need(&checks, &chosen);
    let subjects = subject::subjects_needed(&facts.snapshot, &project, now, need, earlier.as_ref())?;
    let mut lines = Vec::new();
    for check in checks.0.values().filter(|check| chosen.contains(&check.id)) {
        let list = evaluate::subjects_of(&subjects, check.subject);
        for given in evaluate::inputs(check, &project, asked(list, &args.subjects, &check.id)?, now)? {
            let undecided = Undecided {
                skip: given.skip,
                fail: given.fail,
                unknown: given.unknown,
            };
            lines.push(Line::new(&check.id, &given.subject.of.id, undecided, given.document));
        }
    }
    match &args.output {
        Some(file) => report::save_inputs(&lines, args.keyed, file)?,
        None => report::print_inputs(&lines, args.keyed).map_err(OutputError)?,
    }
    Ok(Exit::Clean)
}

/// The subjects that were asked for by key or address, or all.
fn asked<'a>(subjects: &'a [Subject], keys: &[String], check: &str) -> Result<Vec<&'a Subject>, NoSuchSubject> {
    let goes_by = |subject: &Subject, key: &String| {
        let address = subject.of.email.as_ref();
        subject.of.id == *key || address.is_some_and(|address| address.eq_ignore_ascii_case(key))
    };
    for key in keys {
        if !subjects.iter().any(|subject| goes_by(subject, key)) {
            let known = subjects
                .iter()
                .flat_map(|subject| [Some(subject.of.id.as_str()), subject.of.email.as_deref()]);
            return Err(NoSuchSubject {
                key: key.clone(),
                check: check.to_owned(),
                near: nearest(key, known.flatten()).map(str::to_owned),
            });
        }
    }
    let wanted = subjects
        .iter()
        .filter(|subject| keys.is_empty() || keys.iter().any(|key| goes_by(subject, key)));
    Ok(wanted.collect())
}

/// The command line names a subject that the check does not judge.
#[derive(Debug, thiserror::Error)]
#[error("`{check}` judges no subject `{key}`")]
struct NoSuchSubject {
    key: String,
    check: String,
    near: Option<String>,
}

impl Explain for NoSuchSubject {
    fn help(&self) -> Option<String> {
        Some(match &self.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`rolecall inputs --check {} --keyed` says which there are", self.check),
        })
    }
}
