//! The published types, filled from the program's own.

use super::{
    Acceptance, Baseline, Check, Clock, Collected, Compared, Document, Exception, Finding, Identity, Input, Inputs,
    Kept, Link, Notice, Place, Population, Previous, Reason, Remediation, Snapshot, Source, Stream, Subject,
    Suggestion, System, Tool, Verdict,
};
use crate::error;
use crate::finding as ours;
use crate::report::json::SCHEMA;
use crate::snapshot::{self, Collection};

impl<'a> Document<'a> {
    /// The published form of a report.
    pub fn of(report: &'a ours::Report, verdicts: bool) -> Self {
        Document {
            sources: report.sources.iter().map(source).collect(),
            checks: report.checks.iter().map(check).collect(),
            findings: report.findings.iter().map(|one| finding(report, one)).collect(),
            exceptions: report.exceptions.iter().map(exception).collect(),
            undecided: report.undecided.iter().map(verdict).collect(),
            notices: report.notices.iter().map(notice).collect(),
            verdicts: verdicts.then(|| report.judgements.iter().map(verdict).collect()),
            ..Self::without_lists(report)
        }
    }

    /// What it says of the run as a whole.
    pub(super) fn without_lists(report: &'a ours::Report) -> Self {
        Document {
            schema: SCHEMA,
            tool: Tool::default(),
            organisation: &report.organisation,
            as_of: report.as_of,
            snapshot: Snapshot {
                sha256: &report.snapshot_sha256,
                taken_at: report.snapshot_taken_at,
                mode: &report.snapshot_mode,
            },
            inputs: Inputs {
                project: input(&report.inputs.project),
                policies: report.inputs.policies.iter().map(input).collect(),
                connectors: report.inputs.connectors.iter().map(input).collect(),
                exceptions: report.inputs.exceptions.iter().map(input).collect(),
            },
            verdict: report.verdict().word(),
            cannot_decide: &report.cannot_decide,
            fail_on: report.fail_on.0.iter().map(ToString::to_string).collect(),
            previous: report.previous.as_ref().map(previous),
            baseline: report.baseline.as_ref().map(|baseline| Baseline {
                sha256: &baseline.sha256,
                as_of: baseline.as_of,
                kept: baseline.kept.iter().map(kept).collect(),
            }),
            base_project: report.base_project.as_ref().map(input),
            sources: Vec::new(),
            systems: report.systems_read.iter().map(system).collect(),
            checks: Vec::new(),
            findings: Vec::new(),
            exceptions: Vec::new(),
            undecided: Vec::new(),
            notices: Vec::new(),
            verdicts: None,
        }
    }
}

fn input(input: &ours::Input) -> Input<'_> {
    Input {
        id: &input.id,
        origin: &input.origin,
        sha256: &input.sha256,
        replaces_built_in: input.replaces_built_in,
    }
}

fn system(system: &ours::SystemRead) -> System<'_> {
    System {
        id: &system.id,
        name: &system.name,
        product: &system.product,
        tenant: system.tenant.as_deref(),
    }
}

fn kept(kept: &ours::Kept) -> Kept<'_> {
    Kept {
        check: &kept.check,
        subject: subject(&kept.subject),
        first_failed_at: kept.first_failed_at,
        since: kept.since,
        due: kept.due,
        fingerprint: &kept.fingerprint,
    }
}

pub(super) fn source(source: &ours::SourceSummary) -> Source<'_> {
    let collected = |&(collection, kept): &(Collection, u64)| Collected { collection, kept };
    Source {
        id: &source.id,
        connector: &source.connector,
        mode: source.mode,
        taken_at: source.taken_at,
        state: source.state,
        rows: source.rows,
        kept: source.kept,
        collections: source.collections.iter().map(collected).collect(),
        streams: source.streams.iter().map(stream).collect(),
        problems: &source.problems,
        undecides: source.undecides,
    }
}

fn stream(stream: &snapshot::Stream) -> Stream<'_> {
    Stream {
        name: &stream.name,
        state: stream.state,
        requests: stream.requests,
        retries: stream.retries,
        pages: stream.pages,
        rows: stream.rows,
        total: stream.total,
        distinct: stream.distinct,
        duplicates: stream.duplicates,
        bytes: stream.bytes,
        sha256: &stream.sha256,
        started_at: stream.started_at,
        ended_at: stream.ended_at,
        why: stream.why.as_deref(),
    }
}

fn previous(previous: &snapshot::Comparison) -> Previous<'_> {
    Previous {
        sha256: &previous.sha256,
        taken_at: previous.taken_at,
        max_drop: previous.max_drop,
        collections: previous.counts.iter().map(compared).collect(),
    }
}

fn compared(count: &snapshot::Count) -> Compared<'_> {
    Compared {
        source: &count.source,
        collection: count.collection,
        before: count.before,
        now: count.now,
        dropped: count.dropped,
    }
}

pub(super) fn check(check: &ours::CheckSummary) -> Check<'_> {
    let population = &check.population;
    Check {
        id: &check.id,
        title: &check.title,
        subject: check.subject.word(),
        system: check.system.as_deref(),
        severity: check.severity.word(),
        controls: &check.controls,
        remediation: remediation(&check.remediation),
        reads: &check.reads,
        population: Population {
            total: population.total,
            pass: population.pass,
            fail: population.fail,
            not_applicable: population.not_applicable,
            blocked: population.blocked,
            unknown: population.unknown,
            error: population.error,
            excepted: population.excepted,
            unproved: population.unproved.as_deref(),
        },
        standing: check.standing(),
        skipped: &check.skipped,
        origin: &check.origin,
        ran: check.ran,
    }
}

pub(super) fn finding<'a>(report: &'a ours::Report, finding: &'a ours::Finding) -> Finding<'a> {
    Finding {
        check: &finding.check,
        title: &finding.title,
        severity: finding.severity.word(),
        subject: subject(&finding.subject),
        reasons: finding.reasons.iter().map(reason).collect(),
        facts: &finding.facts,
        identity: finding.identity.as_ref().map(identity),
        remediation: remediation(&finding.remediation),
        controls: &finding.controls,
        clock: clock(&finding.clock),
        exception: finding.exception.and_then(|index| {
            report.exceptions.get(index).map(|exception| Acceptance {
                index,
                reason: &exception.reason,
                approved_by: &exception.approved_by,
                expires: exception.expires,
            })
        }),
        counts: report.counts(finding),
        place: finding.place.as_ref().map(place),
        fingerprint: &finding.fingerprint,
    }
}

const fn clock(clock: &ours::Clock) -> Clock {
    Clock {
        first_failed_at: clock.first_failed_at,
        since: clock.since,
        due: clock.due,
        due_before: clock.due_before,
        lifecycle: clock.lifecycle,
        is_new: clock.is_new,
    }
}

pub(super) fn exception(exception: &ours::Exception) -> Exception<'_> {
    Exception {
        check: &exception.check,
        subject: &exception.subject,
        reason_code: exception.reason_code.as_deref(),
        reason: &exception.reason,
        approved_by: &exception.approved_by,
        created: exception.created,
        expires: exception.expires,
        ends_at: exception.ends_at,
        days_left: exception.days_left,
        ticket: exception.ticket.as_deref(),
        place: place(&exception.place),
        state: exception.state,
        problem: exception.problem.as_deref(),
        findings: &exception.findings,
    }
}

fn subject(subject: &ours::SubjectRef) -> Subject<'_> {
    Subject {
        kind: subject.kind.word(),
        id: &subject.id,
        name: subject.name.as_deref(),
        email: subject.email.as_deref(),
        system: subject.system.as_deref(),
    }
}

fn reason(reason: &ours::Reason) -> Reason<'_> {
    Reason {
        code: &reason.code,
        message: &reason.message,
        passes_if: reason.passes_if.as_deref(),
        since: reason.since.as_deref(),
    }
}

fn identity(identity: &ours::IdentityNote) -> Identity<'_> {
    Identity {
        state: &identity.state,
        class: &identity.class,
        rule: &identity.rule,
        key: identity.key.as_deref(),
        staff: identity.staff.as_deref(),
        suggestions: identity.suggestions.iter().map(suggestion).collect(),
        paste: identity.paste.as_deref(),
    }
}

fn suggestion(suggestion: &ours::Suggestion) -> Suggestion<'_> {
    Suggestion {
        staff: &suggestion.staff,
        name: suggestion.name.as_deref(),
        email: suggestion.email.as_deref(),
        why: &suggestion.why,
    }
}

fn remediation(remediation: &ours::Remediation) -> Remediation<'_> {
    Remediation {
        summary: &remediation.summary,
        steps: &remediation.steps,
        link: remediation.link.as_deref(),
        links: remediation
            .links
            .iter()
            .map(|link| Link {
                url: &link.url,
                description: &link.description,
            })
            .collect(),
    }
}

pub(super) fn verdict(judgement: &ours::Judgement) -> Verdict<'_> {
    Verdict {
        check: &judgement.check,
        subject: subject(&judgement.subject),
        verdict: judgement.verdict.word(),
        reasons: judgement.reasons.iter().map(reason).collect(),
        missing: &judgement.missing,
        note: judgement.note.as_deref(),
    }
}

pub(super) fn notice(notice: &ours::Notice) -> Notice<'_> {
    Notice {
        code: &notice.code,
        message: &notice.message,
        subject: notice.subject.as_deref(),
        place: notice.place.as_ref().map(place),
    }
}

fn place(place: &error::Place) -> Place<'_> {
    Place {
        file: &place.file,
        line: place.line,
        column: place.column,
    }
}
