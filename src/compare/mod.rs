//! What changed between two runs.
//!
//! A finding of the earlier run is called fixed only where the later one shows that its check judged the subject and
//! found nothing. Where the check did not run, could not decide, or is not proved to have seen the subject, it says that,
//! and a subject that is there no more is called gone, which is not the same as mended. In the same way a row of a
//! snapshot is gone only from a collection that was read to its end.

mod change;
mod differences;
mod error;
mod facts;
mod findings;
mod judged;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub use self::change::{Change, Why};
pub use self::error::CompareError;
pub use self::facts::{Difference, Facts, Known, Presence, Row};
pub use self::findings::Compared;
use crate::exit::Exit;
use crate::finding::{Bound, RunVerdict};
use crate::reported::Reported;
pub use crate::reported::{ReportedAcceptance, ReportedFinding, ReportedSubject};
use crate::snapshot::{self, Snapshot};

/// What changed between two runs.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The organisation's name, the later run's.
    pub organisation: String,
    /// What was compared.
    pub kind: Kind,
    /// The earlier run.
    pub old: Side,
    /// The later run.
    pub new: Side,
    /// Which findings count; one of them must fit.
    pub fail_on: Vec<Bound>,
    /// Every finding of either run. Sorted by change, those that differ first, then by severity (the worst first), check
    /// and subject.
    pub findings: Vec<Compared>,
    /// Who and what came, went and changed.
    pub facts: Facts,
    /// Why it cannot be said that nothing is new and what is fixed, one sentence each.
    pub cannot_decide: Vec<String>,
    /// What a reader should know of how the two can be compared. In the order in which they matter.
    pub notices: Vec<Remark>,
    /// Clean, new findings, or cannot decide.
    pub outcome: Exit,
}

/// What was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Two reports.
    Reports,
    /// Two snapshots, judged by one project.
    Snapshots,
}

impl Kind {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Reports => "reports",
            Kind::Snapshots => "snapshots",
        }
    }
}

/// One of the two runs.
#[derive(Debug, Clone)]
pub struct Side {
    /// The file as it was named.
    pub file: String,
    /// Digest of the report's file, or of the snapshot in its canonical form; lower-case hex.
    pub sha256: String,
    /// The time that its verdicts speak of.
    pub as_of: Timestamp,
    /// When its facts were taken.
    pub taken_at: Timestamp,
    /// How it came out.
    pub verdict: RunVerdict,
    /// Why it could not decide, one sentence each.
    pub cannot_decide: Vec<String>,
    /// Its findings, accepted ones too.
    pub findings: usize,
    /// Those of them that an exception accepts.
    pub accepted: usize,
}

/// Something that a reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// A short, stable word.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// A run, and what its file is called.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// The file.
    pub file: &'a str,
    /// What it says.
    pub report: &'a Reported,
}

/// A judged snapshot.
#[derive(Clone, Copy)]
pub struct Judged<'a> {
    /// The verdicts.
    pub run: Named<'a>,
    /// What was judged.
    pub known: Known<'a>,
}

impl Comparison {
    /// Holds a report against an earlier one.
    ///
    /// # Errors
    /// They are not of one organisation, or not in this order.
    pub fn of_reports(old: Named<'_>, new: Named<'_>, fail_on: &[Bound]) -> Result<Self, CompareError> {
        error::hold(old, new)?;
        let (facts, mut unknown) = seen::facts(old.report, new.report);
        let mut comparison = Self::of(old, new, fail_on, facts);
        comparison.notices.extend(other_rules(old.report, new.report));
        comparison.notices.extend(other_exceptions(old.report, new.report));
        comparison.notices.extend(other_readers(old.report, new.report));
        comparison.notices.append(&mut unknown);
        Ok(comparison)
    }

    /// Holds a snapshot against an earlier one; both have been judged by one project.
    ///
    /// # Errors
    /// They are not of the same systems, or not in this order.
    pub fn of_snapshots(old: Judged<'_>, new: Judged<'_>, fail_on: &[Bound]) -> Result<Self, CompareError> {
        hold_snapshots(old.known.snapshot, new.known.snapshot, old.run.file)?;
        let facts = facts::between(old.known, new.known);
        let mut comparison = Self::of(old.run, new.run, fail_on, facts);
        comparison.kind = Kind::Snapshots;
        let others = other_connectors(old.known.snapshot, new.known.snapshot);
        comparison.notices.extend(others);
        comparison.old.sha256 = old.run.report.snapshot.sha256.clone();
        comparison.new.sha256 = new.run.report.snapshot.sha256.clone();
        Ok(comparison)
    }

    fn of(old: Named<'_>, new: Named<'_>, fail_on: &[Bound], facts: Facts) -> Self {
        let (before, now) = (judged::Judged::of(old.report), judged::Judged::of(new.report));
        let findings = findings::compare(&before, &now, fail_on);
        let mut cannot_decide = new.report.cannot_decide.clone();
        cannot_decide.extend(judged::not_judged_any_more(&before, &now));
        let counts = findings.iter().any(|one| one.counts);
        let outcome = match (cannot_decide.is_empty(), counts) {
            (false, _) => Exit::CannotDecide,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        };
        let mut notices = Vec::new();
        if !old.report.cannot_decide.is_empty() {
            notices.push(Remark {
                code: "old_cannot_decide",
                message: format!(
                    "OLD could not decide ({}): what is new now may have been wrong then",
                    old.report.cannot_decide.join("; ")
                ),
            });
        }
        Self {
            organisation: new.report.organisation.clone(),
            kind: Kind::Reports,
            old: side(old),
            new: side(new),
            fail_on: fail_on.to_vec(),
            findings,
            facts,
            cannot_decide,
            notices,
            outcome,
        }
    }

    /// The findings that changed in one way, in order.
    pub fn changed(&self, change: Change) -> impl Iterator<Item = &Compared> {
        self.findings.iter().filter(move |one| one.change == change)
    }

    /// Whether what is called fixed or gone can be relied on: the later run could decide.
    pub fn is_believed(&self) -> bool {
        self.new.verdict != RunVerdict::CannotDecide
    }
}

/// Holds that two snapshots are of the same systems, the earlier one first; `file` is what errors call that one.
///
/// # Errors
/// They are not.
pub fn hold_snapshots(old: &Snapshot, new: &Snapshot, file: &str) -> Result<(), CompareError> {
    snapshot::Comparison::of(new, (old, String::new()), None, file)?;
    Ok(())
}

fn side(run: Named<'_>) -> Side {
    let report = run.report;
    Side {
        file: run.file.to_owned(),
        sha256: report.sha256.clone(),
        as_of: report.as_of,
        taken_at: report.snapshot.taken_at,
        verdict: report.verdict,
        cannot_decide: report.cannot_decide.clone(),
        findings: report.findings.len(),
        accepted: report.findings.iter().filter(|one| one.exception.is_some()).count(),
    }
}

/// What came and went may have done so because the answers are read otherwise.
fn other_connectors(old: &Snapshot, new: &Snapshot) -> Vec<Remark> {
    let sources = old.sources.iter().filter_map(|before| {
        let now = new.sources.iter().find(|source| source.id == before.id)?;
        let same = before.connector_sha256 == now.connector_sha256;
        (!same).then(|| format!("`{}`", before.id))
    });
    read_otherwise(&sources.collect::<Vec<String>>())
}

/// The same between two reports, which name connectors and not sources. A connector that only one of them has is told
/// with the systems and the project.
fn other_readers(old: &Reported, new: &Reported) -> Vec<Remark> {
    let digests = |report: &Reported, id: &str| -> BTreeSet<String> {
        let of_id = report.inputs.connectors.iter().filter(|connector| connector.id == id);
        of_id.map(|connector| connector.sha256.clone()).collect()
    };
    let ids: BTreeSet<&str> = old.inputs.connectors.iter().map(|connector| &*connector.id).collect();
    let others = ids.into_iter().filter(|id| {
        let now = digests(new, id);
        !now.is_empty() && now != digests(old, id)
    });
    read_otherwise(&others.map(|id| format!("`{id}`")).collect::<Vec<String>>())
}

fn read_otherwise(what: &[String]) -> Vec<Remark> {
    if what.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "read by another version of the connector ({}): what changed may be how it is read and not the access",
        what.join(", ")
    );
    vec![Remark {
        code: "other_connectors",
        message,
    }]
}

/// What is accepted or not any more may be so because the file of exceptions is another one.
fn other_exceptions(old: &Reported, new: &Reported) -> Vec<Remark> {
    let digests = |report: &Reported| -> Vec<String> {
        let files = report.inputs.exceptions.iter();
        files.map(|file| file.sha256.clone()).collect()
    };
    if digests(old) == digests(new) {
        return Vec::new();
    }
    let files = old.inputs.exceptions.iter().chain(&new.inputs.exceptions);
    let names: BTreeSet<String> = files.map(|file| format!("`{}`", file.id)).collect();
    let message = format!(
        "judged with other exceptions ({}): what is accepted may be so by another decision",
        names.into_iter().collect::<Vec<String>>().join(", ")
    );
    vec![Remark {
        code: "other_exceptions",
        message,
    }]
}

/// What is new or fixed may be so because the rules are others.
fn other_rules(old: &Reported, new: &Reported) -> Vec<Remark> {
    let mut others: Vec<String> = Vec::new();
    if old.inputs.project.sha256 != new.inputs.project.sha256 {
        others.push("the project file".to_owned());
    }
    let base = |report: &Reported| report.base_project.as_ref().map(|base| base.sha256.clone());
    if base(old) != base(new) {
        others.push("the base project".to_owned());
    }
    let policies = old.inputs.policies.iter().chain(&new.inputs.policies);
    let mut ids: Vec<&str> = policies.map(|policy| policy.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let digest = |report: &Reported, id: &str| {
        let found = report.inputs.policies.iter().find(|policy| policy.id == id);
        found.map(|policy| policy.sha256.clone())
    };
    let differs = ids.iter().filter(|id| digest(old, id) != digest(new, id));
    others.extend(differs.map(|id| format!("the check `{id}`")));
    if others.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "judged by other rules ({}): what changed may be the rules and not the access",
        others.join(", ")
    );
    vec![Remark {
        code: "other_rules",
        message,
    }]
}
