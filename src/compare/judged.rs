//! What a run says of a subject that it has no finding of.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Verdict;
use crate::reported::{Reported, ReportedCheck, ReportedFinding, ReportedSubject, ReportedVerdict};

/// One report, to be asked.
pub struct Judged<'a> {
    pub report: &'a Reported,
    findings: BTreeMap<&'a str, &'a ReportedFinding>,
    checks: BTreeMap<(&'a str, Option<&'a str>), &'a ReportedCheck>,
    undecided: BTreeMap<Key<'a>, &'a ReportedVerdict>,
    verdicts: Option<BTreeMap<Key<'a>, &'a ReportedVerdict>>,
    /// Subjects of which some check has a finding or no answer. Where a check leaves a subject to another one, that other
    /// one has said something of the kind of the subject, or of its system.
    troubled: BTreeSet<(&'a str, &'a str)>,
}

/// Check, kind of subject, subject.
type Key<'a> = (&'a str, &'a str, &'a str);

/// What a run says of one check for one subject, where it has no finding.
pub enum Said<'a> {
    /// It has no such check, or none in that system.
    NoSuchCheck,
    /// The check did not run.
    NotRun,
    /// `unknown` or `error`.
    Undecided(&'a ReportedVerdict),
    /// Any other verdict.
    Verdict(&'a ReportedVerdict),
    /// Every verdict is listed, and none is the subject's. With why it is not proved that everybody was seen.
    NotListed(Option<&'a str>),
    /// Verdicts are not listed.
    Silent {
        /// Why it is not proved that everybody was seen.
        unproved: Option<&'a str>,
        /// Whether the check may have left the subject to another one, which found something.
        perhaps_blocked: bool,
    },
}

impl<'a> Judged<'a> {
    pub fn of(report: &'a Reported) -> Self {
        let by_key = |list: &'a [ReportedVerdict]| -> BTreeMap<Key<'a>, &'a ReportedVerdict> {
            list.iter().map(|one| (key(&one.check, &one.subject), one)).collect()
        };
        let with_findings = report.findings.iter().map(|one| &one.subject);
        let troubled = with_findings.chain(report.undecided.iter().map(|one| &one.subject));
        Self {
            report,
            findings: report
                .findings
                .iter()
                .map(|one| (one.fingerprint.as_str(), one))
                .collect(),
            checks: report
                .checks
                .iter()
                .map(|check| ((check.id.as_str(), check.system.as_deref()), check))
                .collect(),
            undecided: by_key(&report.undecided),
            verdicts: report.verdicts.as_deref().map(by_key),
            troubled: troubled.map(|one| (one.kind.as_str(), one.id.as_str())).collect(),
        }
    }

    pub fn finding(&self, fingerprint: &str) -> Option<&'a ReportedFinding> {
        self.findings.get(fingerprint).copied()
    }

    /// What it says of the check and the subject of a finding that the other run has.
    pub fn said(&self, finding: &ReportedFinding) -> Said<'a> {
        let subject = &finding.subject;
        let system = match subject.kind.as_str() {
            "account" | "system" => subject.system.as_deref(),
            _ => None,
        };
        let Some(check) = self.checks.get(&(finding.check.as_str(), system)) else {
            return Said::NoSuchCheck;
        };
        if !check.ran {
            return Said::NotRun;
        }
        let key = key(&finding.check, subject);
        if let Some(undecided) = self.undecided.get(&key) {
            return Said::Undecided(undecided);
        }
        let unproved = check.population.unproved.as_deref();
        match self.verdicts.as_ref().map(|verdicts| verdicts.get(&key)) {
            Some(Some(verdict)) if matches!(verdict.verdict, Verdict::Unknown | Verdict::Error) => {
                Said::Undecided(verdict)
            }
            Some(Some(verdict)) => Said::Verdict(verdict),
            Some(None) => Said::NotListed(unproved),
            None => {
                let of_system = system.is_some_and(|system| self.troubled.contains(&("system", system)));
                let troubled = of_system || self.troubled.contains(&(subject.kind.as_str(), subject.id.as_str()));
                Said::Silent {
                    unproved,
                    perhaps_blocked: troubled && check.population.blocked > 0,
                }
            }
        }
    }

    /// The reason that an exception which fits a finding does not accept it, by its published word.
    pub fn exception_of(&self, fingerprint: &str) -> Option<&'static str> {
        let mut fitting = self.report.exceptions.iter();
        let found = fitting.find(|one| one.findings.iter().any(|finding| finding == fingerprint))?;
        Some(found.state.word())
    }

    fn ran(&self) -> impl Iterator<Item = &'a ReportedCheck> {
        self.report.checks.iter().filter(|check| check.ran)
    }
}

fn key<'a>(check: &'a str, subject: &'a ReportedSubject) -> Key<'a> {
    (check, &subject.kind, &subject.id)
}

/// What ran in the earlier run and did not in the later one, one sentence a check: nobody has looked whether something is
/// new there.
pub fn not_judged_any_more(old: &Judged<'_>, new: &Judged<'_>) -> Vec<String> {
    let ran: BTreeSet<(&str, Option<&str>)> = new
        .ran()
        .map(|check| (check.id.as_str(), check.system.as_deref()))
        .collect();
    let runs = |id: &str| new.ran().any(|check| check.id == id);
    let mut sentences: Vec<String> = Vec::new();
    for check in old.ran() {
        if ran.contains(&(check.id.as_str(), check.system.as_deref())) {
            continue;
        }
        let sentence = match &check.system {
            Some(system) if runs(&check.id) => {
                format!(
                    "`{}` ran for `{system}` in OLD and not in NEW: what is new there is not seen",
                    check.id
                )
            }
            _ => format!(
                "`{}` ran in OLD and not in NEW: what is new there is not seen",
                check.id
            ),
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}
