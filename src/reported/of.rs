//! A report of this run, as it would be read back.

use super::{
    Reported, ReportedAcceptance, ReportedBaseline, ReportedCheck, ReportedClock, ReportedException, ReportedFinding,
    ReportedIdentity, ReportedInput, ReportedInputs, ReportedKept, ReportedPopulation, ReportedReason, ReportedSubject,
    ReportedSuggestion, ReportedSystem, ReportedVerdict, SnapshotRef,
};
use crate::finding::{CheckSummary, Finding, Input, Judgement, Kept, Reason, Report, SubjectRef};

impl Reported {
    /// What would be read of this report, were it written with every verdict. It has no file, and so no digest of one.
    pub fn of(report: &Report) -> Self {
        Self {
            organisation: report.organisation.clone(),
            as_of: report.as_of,
            snapshot: SnapshotRef {
                sha256: report.snapshot_sha256.clone(),
                taken_at: report.snapshot_taken_at,
            },
            inputs: ReportedInputs {
                project: input(&report.inputs.project),
                policies: report.inputs.policies.iter().map(input).collect(),
                connectors: report.inputs.connectors.iter().map(input).collect(),
                exceptions: report.inputs.exceptions.iter().map(input).collect(),
            },
            base_project: report.base_project.as_ref().map(input),
            verdict: report.verdict(),
            cannot_decide: report.cannot_decide.clone(),
            systems: systems(report),
            checks: report.checks.iter().map(check).collect(),
            findings: report.findings.iter().map(|one| finding(report, one)).collect(),
            exceptions: report.exceptions.iter().map(exception).collect(),
            undecided: report.undecided.iter().map(verdict).collect(),
            verdicts: Some(report.judgements.iter().map(verdict).collect()),
            baseline: report.baseline.as_ref().map(|baseline| ReportedBaseline {
                kept: baseline.kept.iter().map(kept).collect(),
            }),
            sha256: String::new(),
        }
    }
}

/// The systems of a report, as they would be read.
pub fn systems(report: &Report) -> Vec<ReportedSystem> {
    let read = report.systems_read.iter().map(|system| ReportedSystem {
        id: system.id.clone(),
        product: system.product.clone(),
        tenant: system.tenant.clone(),
    });
    read.collect()
}

fn input(input: &Input) -> ReportedInput {
    ReportedInput {
        id: input.id.clone(),
        sha256: input.sha256.clone(),
    }
}

fn check(check: &CheckSummary) -> ReportedCheck {
    let population = &check.population;
    ReportedCheck {
        id: check.id.clone(),
        subject: check.subject.word().to_owned(),
        system: check.system.clone(),
        population: ReportedPopulation {
            total: population.total,
            pass: population.pass,
            fail: population.fail,
            not_applicable: population.not_applicable,
            blocked: population.blocked,
            unknown: population.unknown,
            error: population.error,
            unproved: population.unproved.clone(),
        },
        ran: check.ran,
    }
}

fn finding(report: &Report, finding: &Finding) -> ReportedFinding {
    ReportedFinding {
        check: finding.check.clone(),
        title: finding.title.clone(),
        severity: finding.severity,
        subject: subject(&finding.subject),
        reasons: finding.reasons.iter().map(reason).collect(),
        facts: finding.facts.clone(),
        identity: finding.identity.as_ref().map(|identity| ReportedIdentity {
            key: identity.key.clone(),
            suggestions: identity
                .suggestions
                .iter()
                .map(|one| ReportedSuggestion {
                    staff: one.staff.clone(),
                    email: one.email.clone(),
                })
                .collect(),
            staff: identity.staff.clone(),
        }),
        clock: ReportedClock {
            first_failed_at: finding.clock.first_failed_at,
            since: finding.clock.since,
            due: finding.clock.due,
            lifecycle: finding.clock.lifecycle,
        },
        exception: report.accepted_by(finding).map(|exception| ReportedAcceptance {
            reason: exception.reason.clone(),
            approved_by: exception.approved_by.clone(),
            expires: exception.expires,
        }),
        fingerprint: finding.fingerprint.clone(),
    }
}

fn kept(kept: &Kept) -> ReportedKept {
    ReportedKept {
        check: kept.check.clone(),
        subject: subject(&kept.subject),
        first_failed_at: kept.first_failed_at,
        since: kept.since,
        due: kept.due,
        fingerprint: kept.fingerprint.clone(),
    }
}

fn exception(exception: &crate::finding::Exception) -> ReportedException {
    ReportedException {
        check: exception.check.clone(),
        subject: exception.subject.clone(),
        state: exception.state,
        findings: exception.findings.clone(),
    }
}

fn verdict(judgement: &Judgement) -> ReportedVerdict {
    ReportedVerdict {
        check: judgement.check.clone(),
        subject: subject(&judgement.subject),
        verdict: judgement.verdict,
        reasons: judgement.reasons.iter().map(reason).collect(),
        missing: judgement.missing.clone(),
        note: judgement.note.clone(),
    }
}

fn subject(subject: &SubjectRef) -> ReportedSubject {
    ReportedSubject {
        kind: subject.kind.word().to_owned(),
        id: subject.id.clone(),
        name: subject.name.clone(),
        email: subject.email.clone(),
        system: subject.system.clone(),
    }
}

fn reason(reason: &Reason) -> ReportedReason {
    ReportedReason {
        code: reason.code.clone(),
        message: reason.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{json, samples};

    #[test]
    fn what_is_made_of_a_report_is_what_is_read_of_it() {
        for report in [
            samples::clean(),
            samples::findings(),
            samples::cannot_decide(),
            samples::hostile("\u{1b}[2J|`@org/team`"),
        ] {
            let mut bytes = Vec::new();
            json::render(&report, true, &mut bytes).unwrap();
            let value = crate::strict_json::parse(&bytes).unwrap();
            let read: Reported = crate::strict_json::typed(&bytes, &value).unwrap();
            assert_eq!(format!("{read:#?}"), format!("{:#?}", Reported::of(&report)));
        }
    }
}
