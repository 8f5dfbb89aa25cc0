//! What an earlier run knew: the times of what it found, and of whom it could tell that nothing was wrong.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::error::Explain;
use crate::finding::{Baseline, Finding, Kept, Report, SubjectKind, SubjectRef, Verdict};
use crate::reported::{Reported, ReportedSubject, ReportedVerdict};

/// Why a report is no baseline of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BaselineError {
    #[error("the baseline is a report on `{theirs}`, and this project is that of `{ours}`")]
    Elsewhere { theirs: String, ours: String },
    #[error("the baseline speaks of {theirs}, and this run of {ours}, which is before that: the clock was put back")]
    Younger { theirs: Timestamp, ours: Timestamp },
}

impl Explain for BaselineError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Elsewhere { .. } => "name a report of an earlier run of this project".to_owned(),
            Self::Younger { .. } => {
                "name a report of an earlier run, or judge younger facts; `--as-of` says of which time a run speaks"
                    .to_owned()
            }
        })
    }
}

/// An earlier run.
pub struct Before<'a> {
    run: &'a Reported,
    /// What it found, and what it kept of runs before it, by fingerprint.
    times: BTreeMap<&'a str, Times<'a>>,
    told: Told<'a>,
}

/// The times of a finding of an earlier run.
#[derive(Clone, Copy)]
pub struct Times<'a> {
    check: &'a str,
    subject: &'a ReportedSubject,
    /// When a run first found it.
    pub first_failed_at: Timestamp,
    /// What its grace counted from.
    pub since: Timestamp,
    /// When it had to be gone; null where at once.
    pub due: Option<Timestamp>,
}

impl<'a> Before<'a> {
    /// What a report tells.
    pub fn of(run: &'a Reported) -> Self {
        let kept = run.baseline.iter().flat_map(|baseline| &baseline.kept).map(|kept| {
            let times = Times {
                check: &kept.check,
                subject: &kept.subject,
                first_failed_at: kept.first_failed_at,
                since: kept.since,
                due: kept.due,
            };
            (kept.fingerprint.as_str(), times)
        });
        let found = run.findings.iter().map(|finding| {
            let times = Times {
                check: &finding.check,
                subject: &finding.subject,
                first_failed_at: finding.clock.first_failed_at,
                since: finding.clock.since,
                due: finding.clock.due,
            };
            (finding.fingerprint.as_str(), times)
        });
        Self {
            run,
            times: kept.chain(found).collect(),
            told: Told::by_report(run),
        }
    }

    /// The times of a finding, if it is known.
    pub fn times(&self, fingerprint: &str) -> Option<Times<'a>> {
        self.times.get(fingerprint).copied()
    }

    /// Whether a finding was not there; null where that run could not tell.
    pub fn is_new(&self, finding: &Finding) -> Option<bool> {
        if self.times.contains_key(finding.fingerprint.as_str()) {
            return Some(false);
        }
        let subject = &finding.subject;
        let whom = (subject.kind.word(), subject.id.as_str(), subject.system.as_deref());
        self.told.that_all_is_well(&finding.check, whom).then_some(true)
    }

    /// The baseline of a report, with what the report can say nothing of.
    pub fn kept_by(&self, report: &Report) -> Baseline {
        let found: BTreeSet<&str> = report.findings.iter().map(|one| one.fingerprint.as_str()).collect();
        let told = Told::by_run(report);
        let gone = self.times.iter().filter(|(fingerprint, times)| {
            let whom = (
                times.subject.kind.as_str(),
                times.subject.id.as_str(),
                times.subject.system.as_deref(),
            );
            !found.contains(*fingerprint) && !told.that_all_is_well(times.check, whom)
        });
        let mut kept: Vec<Kept> = gone
            .filter_map(|(fingerprint, times)| kept(fingerprint, times))
            .collect();
        kept.sort_by(|a, b| (&a.check, &a.subject).cmp(&(&b.check, &b.subject)));
        Baseline {
            sha256: self.run.sha256.clone(),
            as_of: self.run.as_of,
            kept,
        }
    }
}

fn kept(fingerprint: &str, times: &Times) -> Option<Kept> {
    let subject = times.subject;
    Some(Kept {
        check: times.check.to_owned(),
        subject: SubjectRef {
            kind: SubjectKind::of(&subject.kind)?,
            id: subject.id.clone(),
            name: subject.name.clone(),
            email: subject.email.clone(),
            system: subject.system.clone(),
        },
        fingerprint: fingerprint.to_owned(),
        first_failed_at: times.first_failed_at,
        since: times.since,
        due: times.due,
    })
}

/// A subject: kind, id, system.
type Whom<'a> = (&'a str, &'a str, Option<&'a str>);

/// Of whom a run could tell that nothing is wrong, among those that it has no finding of.
struct Told<'a> {
    /// The checks that ran, by system, and whether all their subjects are proved to have been there.
    ran: BTreeMap<(&'a str, Option<&'a str>), bool>,
    /// Who is undecided by some check: kind and id.
    undecided: BTreeSet<(&'a str, &'a str)>,
    /// Every verdict, by check, kind and id; null where they were not asked for.
    verdicts: Option<BTreeMap<(&'a str, &'a str, &'a str), Verdict>>,
}

impl<'a> Told<'a> {
    fn by_report(run: &'a Reported) -> Self {
        let checks = run.checks.iter().filter(|check| check.ran);
        let key = |one: &'a ReportedVerdict| (one.check.as_str(), one.subject.kind.as_str(), one.subject.id.as_str());
        let verdicts = run.verdicts.as_ref();
        Self {
            ran: checks
                .map(|check| {
                    (
                        (check.id.as_str(), check.system.as_deref()),
                        check.population.unproved.is_none(),
                    )
                })
                .collect(),
            undecided: run
                .undecided
                .iter()
                .map(|one| (one.subject.kind.as_str(), one.subject.id.as_str()))
                .collect(),
            verdicts: verdicts.map(|verdicts| verdicts.iter().map(|one| (key(one), one.verdict)).collect()),
        }
    }

    /// The verdicts of a run are not asked, so that what is kept does not hang on whether they are written.
    fn by_run(report: &'a Report) -> Self {
        let checks = report.checks.iter().filter(|check| check.ran);
        Self {
            ran: checks
                .map(|check| {
                    (
                        (check.id.as_str(), check.system.as_deref()),
                        check.population.unproved.is_none(),
                    )
                })
                .collect(),
            undecided: report
                .undecided
                .iter()
                .map(|one| (one.subject.kind.word(), one.subject.id.as_str()))
                .collect(),
            verdicts: None,
        }
    }

    /// Whether it is sure that a check has nothing against a subject, be it that the subject is not there.
    fn that_all_is_well(&self, check: &str, (kind, id, system): Whom) -> bool {
        let judged_by_system = self.ran.get(&(check, system));
        let Some(all_were_there) = judged_by_system.or_else(|| self.ran.get(&(check, None))) else {
            return false;
        };
        // Who is undecided by one check can be left to it by another, which then does not judge either.
        let is_undecided = self.undecided.contains(&(kind, id))
            || system.is_some_and(|system| self.undecided.contains(&("system", system)));
        let verdict = self.verdicts.as_ref().map(|all| all.get(&(check, kind, id)));
        match verdict {
            Some(Some(Verdict::Pass | Verdict::NotApplicable)) => true,
            Some(Some(Verdict::Blocked)) => !is_undecided,
            Some(Some(Verdict::Unknown | Verdict::Error | Verdict::Fail)) => false,
            Some(None) => *all_were_there,
            None => *all_were_there && !is_undecided,
        }
    }
}
