//! The finding that is to be accepted: in a run as `check` makes it, or in its report.

use std::path::Path;

use jiff::Timestamp;

use crate::check::Checks;
use crate::cli::ExceptArgs;
use crate::commands::CommandError;
use crate::commands::check::{Wanted, judge};
use crate::commands::earlier::Earlier;
use crate::commands::facts::Prepared;
use crate::error::Explain;
use crate::evaluate;
use crate::exception::Approvers;
use crate::exit::Exit;
use crate::finding::{Finding, Severity};
use crate::identity::Directory;
use crate::project::Project;
use crate::report::Volume;
use crate::reported::{Reported, ReportedFinding};
use crate::staff::{self, key};

/// Fewer characters of a fingerprint than this could mean any finding.
const LEAST: usize = 6;

/// How many findings are listed where several are meant.
const SHOWN: usize = 5;

/// How a fingerprint begins.
pub struct Prefix(String);

impl Prefix {
    /// From the command line.
    pub fn of(written: &str) -> Result<Self, FindError> {
        let prefix = written.trim().to_ascii_lowercase();
        let is_hex = prefix.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        if !is_hex || prefix.len() < LEAST {
            return Err(FindError::NoPrefix {
                written: written.to_owned(),
            });
        }
        Ok(Self(prefix))
    }

    /// The one finding that is meant.
    fn one<'a, T>(
        &self,
        findings: &'a [T],
        fingerprint: impl Fn(&T) -> &str,
        name: impl Fn(&T) -> String,
        undecided: bool,
    ) -> Result<&'a T, FindError> {
        let meant: Vec<&T> = findings
            .iter()
            .filter(|one| fingerprint(one).starts_with(&self.0))
            .collect();
        match meant.as_slice() {
            [one] => Ok(one),
            [] => Err(FindError::None {
                prefix: self.0.clone(),
                undecided,
            }),
            several => Err(FindError::Several {
                prefix: self.0.clone(),
                count: several.len(),
                names: several.iter().take(SHOWN).map(|one| name(one)).collect(),
            }),
        }
    }
}

/// What is known of a finding.
pub struct Found {
    pub check: String,
    pub subject: String,
    /// The subject as people know it.
    pub who: Option<String>,
    /// The codes of its reasons.
    pub codes: Vec<String>,
    /// The time that it speaks of.
    pub now: Timestamp,
}

/// Judges, and finds it.
pub fn in_run(
    prefix: &Prefix,
    args: &ExceptArgs,
    project: &Project,
    checks: &Checks,
    volume: Volume,
) -> Result<Found, CommandError> {
    let earlier = Earlier::read(args.facts.previous.as_deref(), args.facts.max_drop)?;
    let chosen = evaluate::choose(checks, project, &[])?;
    let need = evaluate::need(checks, &chosen);
    let prepared = Prepared::read(&args.facts, None, (project, earlier), need, volume)?;
    let wanted = Wanted {
        chosen: &chosen,
        fail_on: &[Severity::Low.into()],
        base: None,
        baseline: None,
        every_verdict: false,
    };
    let report = judge(project, checks, &prepared, &wanted)?;
    let (now, gap) = (prepared.now, prepared.subjects.roster_gap.as_deref());
    let name = |finding: &Finding| format!("{} ({} of {})", finding.fingerprint, finding.check, finding.subject.id);
    let undecided = report.outcome == Exit::CannotDecide;
    let finding = prefix.one(&report.findings, |finding| &finding.fingerprint, name, undecided)?;
    let roster = staff::roster(&prepared.facts.snapshot, project, now);
    let approvers = Approvers::of(&roster, project, (&prepared.facts.snapshot, now), gap)?;
    if let Some(problem) = approvers.problem(&args.approved_by, &[finding]) {
        return Err(FindError::NotApproved { problem }.into());
    }
    Ok(Found {
        check: finding.check.clone(),
        subject: finding.subject.id.clone(),
        who: finding.subject.name.clone().or_else(|| finding.subject.email.clone()),
        codes: finding.reasons.iter().map(|reason| reason.code.clone()).collect(),
        now,
    })
}

/// Finds it in a report.
pub fn in_report(file: &Path, prefix: &Prefix, args: &ExceptArgs, project: &Project) -> Result<Found, CommandError> {
    let reported = Reported::read(file)?;
    if reported.organisation != project.organisation {
        return Err(FindError::OtherOrganisation {
            file: file.display().to_string(),
            report: reported.organisation,
            project: project.organisation.clone(),
        }
        .into());
    }
    let name = |one: &ReportedFinding| format!("{} ({} of {})", one.fingerprint, one.check, one.subject.id);
    let undecided = !reported.cannot_decide.is_empty();
    let finding = prefix.one(&reported.findings, |one| &one.fingerprint, name, undecided)?;
    if let Some(problem) = problem(finding, &args.approved_by, project) {
        return Err(FindError::NotApproved { problem }.into());
    }
    Ok(Found {
        check: finding.check.clone(),
        subject: finding.subject.id.clone(),
        who: finding.subject.name.clone().or_else(|| finding.subject.email.clone()),
        codes: finding.reasons.iter().map(|reason| reason.code.clone()).collect(),
        now: args.facts.as_of.unwrap_or(reported.as_of),
    })
}

/// Why somebody may not accept a report's finding, as far as a report alone can tell: it is about them, or may be.
fn problem(finding: &ReportedFinding, who: &str, project: &Project) -> Option<String> {
    let nobody = Directory::of(&[], &project.staff.domain_aliases);
    let address = key::address_key(who);
    let is = |written: &str| {
        let same = |(one, other): (String, &String)| nobody.is_same_mailbox(&one, other);
        key::id_key(written) == key::id_key(who) || key::address_key(written).zip(address.as_ref()).is_some_and(same)
    };
    let (subject, identity) = (&finding.subject, finding.identity.as_ref());
    let of_staff = (subject.kind == "staff").then_some(&subject.id);
    let own = of_staff.into_iter().chain(&subject.email);
    let known = identity
        .into_iter()
        .flat_map(|identity| identity.staff.iter().chain(&identity.key));
    if own.chain(known).any(|written| is(written)) {
        return Some(format!("`{who}` is the subject of {} and cannot accept it", subject.id));
    }
    let suggestions = identity.into_iter().flat_map(|identity| &identity.suggestions);
    let mut perhaps = suggestions.flat_map(|one| std::iter::once(&one.staff).chain(&one.email));
    perhaps.any(|written| is(written)).then(|| {
        format!(
            "{} may be `{who}`'s own, so that somebody else has to accept it",
            subject.id
        )
    })
}

/// Why there is no finding to accept.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    #[error("`{written}` is no fingerprint of a finding")]
    NoPrefix { written: String },
    #[error("no finding has a fingerprint that begins with `{prefix}`")]
    None { prefix: String, undecided: bool },
    #[error("{count} findings have a fingerprint that begins with `{prefix}`: {}", names.join(", "))]
    Several {
        prefix: String,
        count: usize,
        names: Vec<String>,
    },
    #[error("the report `{file}` is of `{report}`, and the project of `{project}`")]
    OtherOrganisation {
        file: String,
        report: String,
        project: String,
    },
    #[error("{problem}")]
    NotApproved { problem: String },
}

impl Explain for FindError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoPrefix { .. } => {
                format!("write it, or at least its first {LEAST} characters, as `check --format json` has it")
            }
            Self::None { undecided: true, .. } => {
                "not everything could be judged: mend that first, or look into `check --format json`".to_owned()
            }
            Self::None { .. } => "`check --format json` has the fingerprint of every finding".to_owned(),
            Self::Several { .. } => "write more of it".to_owned(),
            Self::OtherOrganisation { .. } => "name a report of this project".to_owned(),
            Self::NotApproved { .. } => {
                "a risk is accepted by somebody who works here and whose own account it is not".to_owned()
            }
        })
    }
}
