//! What an earlier run knew: the times of what it found, and of whom it could tell that nothing was wrong.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Verdicts;
use crate::error::Explain;
use crate::finding::{Baseline, Finding, Kept, Report, SubjectKind, SubjectRef, Verdict};
use crate::reported::{Reported, ReportedCheck, ReportedSubject, ReportedVerdict};

/// Why a report is no baseline of a run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum BaselineError {
    #[error("the baseline is a report on `{theirs}`, and this project is that of `{ours}`")]
    Elsewhere { theirs: String, ours: String },
    #[error("the baseline is a report on another system: its `{system}` is {theirs}, and that of this run is {ours}")]
    OtherTenant {
        system: String,
        theirs: String,
        ours: String,
    },
    #[error("the baseline speaks of {theirs}, and this run of {ours}, which is earlier: times would run backwards")]
    Younger { theirs: Timestamp, ours: Timestamp },
}

impl Explain for BaselineError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Elsewhere { .. } => "name a report of an earlier run of this project".to_owned(),
            Self::OtherTenant { .. } => {
                "name a report on the same tenants: an account of another one has the same id, and is somebody else"
                    .to_owned()
            }
            Self::Younger { .. } => {
                "name a report of an earlier run; `--as-of`, or else the facts, say of which time this one speaks"
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

    /// The baseline of a report, with what the report neither has nor says to be over.
    pub fn kept_by(&self, report: &Report, verdicts: &Verdicts) -> Baseline {
        let found: BTreeSet<&str> = report.findings.iter().map(|one| one.fingerprint.as_str()).collect();
        let now = Now::of(report, verdicts);
        let not_found = self
            .times
            .iter()
            .filter(|(fingerprint, _)| !found.contains(*fingerprint));
        let mut kept: Vec<Kept> = not_found
            .filter_map(|(fingerprint, times)| kept(fingerprint, times))
            .filter(|kept| !now.is_over(&kept.check, &kept.subject))
            .collect();
        kept.sort_by(|a, b| (&a.check, &a.subject).cmp(&(&b.check, &b.subject)));
        Baseline {
            sha256: self.run.sha256.clone(),
            as_of: self.run.as_of,
            kept,
        }
    }
}

/// What this run can say of a finding that it does not have.
struct Now<'a> {
    report: &'a Report,
    verdicts: &'a Verdicts<'a>,
    /// Whom any check judged.
    seen: BTreeSet<(SubjectKind, &'a str)>,
}

impl<'a> Now<'a> {
    fn of(report: &'a Report, verdicts: &'a Verdicts<'a>) -> Self {
        Self {
            report,
            verdicts,
            seen: verdicts.keys().map(|&(_, kind, id)| (kind, id)).collect(),
        }
    }

    /// Whether what was found is over: the subject passes, or is proved to be gone. One that is no longer asked is
    /// neither: whoever calls a system uncritical for one night, or takes its rules out for one, would wipe every clock.
    fn is_over(&self, check: &str, subject: &SubjectRef) -> bool {
        match self.verdicts.get(&(check, subject.kind, subject.id.as_str())) {
            Some(verdict) => *verdict == Verdict::Pass,
            None => !self.seen.contains(&(subject.kind, subject.id.as_str())) && self.saw_everybody(subject),
        }
    }

    /// Whether some check, be it another one, is proved to have been asked of every subject of the kind and system.
    fn saw_everybody(&self, subject: &SubjectRef) -> bool {
        let mut checks = self.report.checks.iter().filter(|check| check.ran);
        checks.any(|check| {
            let of_them = check.subject == subject.kind && check.system == subject.system;
            of_them && check.population.unproved.is_none()
        })
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
    /// The checks that ran, by system.
    ran: BTreeMap<(&'a str, Option<&'a str>), Judged>,
    /// Who is undecided by some check: kind and id.
    undecided: BTreeSet<(&'a str, &'a str)>,
    /// Who failed some check: kind and id.
    failed: BTreeSet<(&'a str, &'a str)>,
    /// Every verdict, by check, kind and id; null where they were not asked for.
    verdicts: Option<BTreeMap<(&'a str, &'a str, &'a str), Verdict>>,
}

/// How one check judged in one system.
#[derive(Clone, Copy)]
struct Judged {
    /// Whether all its subjects are proved to have been there.
    everybody: bool,
    /// Whether it left some to another check.
    left_some: bool,
}

impl<'a> Told<'a> {
    fn by_report(run: &'a Reported) -> Self {
        let judged = |check: &'a ReportedCheck| {
            let judged = Judged {
                everybody: check.population.unproved.is_none(),
                left_some: check.population.blocked > 0,
            };
            ((check.id.as_str(), check.system.as_deref()), judged)
        };
        let whom = |subject: &'a ReportedSubject| (subject.kind.as_str(), subject.id.as_str());
        let verdict = |one: &'a ReportedVerdict| {
            let (kind, id) = whom(&one.subject);
            ((one.check.as_str(), kind, id), one.verdict)
        };
        let verdicts = run.verdicts.as_ref();
        Self {
            ran: run.checks.iter().filter(|check| check.ran).map(judged).collect(),
            undecided: run.undecided.iter().map(|one| whom(&one.subject)).collect(),
            failed: run.findings.iter().map(|one| whom(&one.subject)).collect(),
            verdicts: verdicts.map(|verdicts| verdicts.iter().map(verdict).collect()),
        }
    }

    /// Whether it is sure that a check has nothing against a subject, be it that the subject is not there.
    fn that_all_is_well(&self, check: &str, (kind, id, system): Whom) -> bool {
        let judged_by_system = self.ran.get(&(check, system));
        let Some(judged) = judged_by_system.or_else(|| self.ran.get(&(check, None))) else {
            return false;
        };
        if let Some(verdicts) = &self.verdicts {
            return match verdicts.get(&(check, kind, id)) {
                Some(verdict) => matches!(verdict, Verdict::Pass | Verdict::NotApplicable),
                None => judged.everybody,
            };
        }
        // Who fails another check, or is undecided by it, may have been left to it, and was then not judged.
        let among = |those: &BTreeSet<(&str, &str)>| {
            those.contains(&(kind, id)) || system.is_some_and(|system| those.contains(&("system", system)))
        };
        let was_left = judged.left_some && among(&self.failed);
        judged.everybody && !among(&self.undecided) && !was_left
    }
}
