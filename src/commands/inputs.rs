//! `rolecall inputs`: the documents that a check judges.

use std::collections::BTreeSet;
use std::path::Path;

use super::earlier::Earlier;
use super::error::OutputError;
use super::facts::Prepared;
use super::{CommandError, output};
use crate::check;
use crate::cli::InputsArgs;
use crate::error::{Explain, nearest};
use crate::evaluate::{self, Proof};
use crate::exit::Exit;
use crate::explain;
use crate::project::Project;
use crate::report::inputs::{Line, Undecided};
use crate::report::{self, Volume};
use crate::subject::Subject;

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
    checks.hold_exceptions(&project.exceptions)?;
    let chosen = evaluate::choose(&checks, &project, std::slice::from_ref(&args.check))?;
    let need = evaluate::need(&checks, &chosen);
    let prepared = Prepared::read(&args.facts, None, (&project, earlier), need, volume)?;
    let Prepared {
        facts,
        earlier,
        now,
        subjects,
    } = prepared;
    let proof = Proof {
        snapshot: &facts.snapshot,
        project: &project,
        subjects: &subjects,
        now,
        earlier: earlier.as_ref(),
    };
    let unread = output::unread(&facts.snapshot);
    let mut missing = Vec::new();
    let mut lines = Vec::new();
    for check in checks.0.values().filter(|check| chosen.contains(&check.id)) {
        missing.extend(proof.gaps(check));
        let list = evaluate::subjects_of(&subjects, check.subject);
        for given in evaluate::inputs(check, &project, asked(list, &args.subjects, &unread, &check.id)?, now)? {
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
    // Whoever judges these documents elsewhere has to know that they are not those of everybody.
    report::not_everybody(lines.len(), &missing);
    Ok(Exit::Clean)
}

/// The subjects that were asked for by key or address, or all.
fn asked<'a>(
    subjects: &'a [Subject],
    keys: &[String],
    unread: &[String],
    check: &str,
) -> Result<Vec<&'a Subject>, NoSuchSubject> {
    if keys.is_empty() {
        return Ok(subjects.iter().collect());
    }
    let mut wanted = BTreeSet::new();
    for key in keys {
        let found = explain::go_by(subjects, key);
        if found.is_empty() {
            let known = subjects
                .iter()
                .flat_map(|subject| [Some(subject.of.id.as_str()), subject.of.email.as_deref()]);
            return Err(NoSuchSubject {
                message: explain::none_of(&format!("`{check}` judges no subject `{key}`"), unread),
                check: check.to_owned(),
                near: nearest(key, known.flatten()).map(str::to_owned),
            });
        }
        wanted.extend(found.into_iter().map(|subject| &subject.of.id));
    }
    let is_wanted = |subject: &&Subject| wanted.contains(&subject.of.id);
    Ok(subjects.iter().filter(is_wanted).collect())
}

/// The command line names a subject that the check does not judge.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct NoSuchSubject {
    message: String,
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
