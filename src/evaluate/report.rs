//! Verdicts, put together as a report.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::nearest::Lines;
use super::population::Proof;
use super::words::{fill, judgement};
use super::{Evaluation, Judged, Outcome};
use crate::check::{Check, Checks};
use crate::digest;
use crate::exit::Exit;
use crate::finding::{
    CheckSummary, Clock, Finding, Inputs, Judgement, Notice, Population, Reason, Remediation, Report, Severity,
    SubjectKind, Threshold, Verdict,
};
use crate::project::Project;
use crate::snapshot::{Comparison, Snapshot};
use crate::subject::{Subject, Subjects};

/// What a report is made from, beside the verdicts.
pub struct Context<'a> {
    /// Every check, those that did not run too.
    pub checks: &'a Checks,
    /// The project.
    pub project: &'a Project,
    /// The facts.
    pub snapshot: &'a Snapshot,
    /// The facts' digest.
    pub snapshot_sha256: String,
    /// `live`, `recording`, `file` or `snapshot`.
    pub snapshot_mode: String,
    /// What an earlier snapshot had, where one was given.
    pub earlier: Option<&'a Comparison>,
    /// What was judged.
    pub subjects: &'a Subjects,
    /// The time of the run.
    pub now: Timestamp,
    /// What the verdicts were reached from.
    pub inputs: Inputs,
    /// Which findings count.
    pub fail_on: Threshold,
    /// Whether to keep every verdict's words, not only those of findings and of what is undecided.
    pub every_verdict: bool,
}

/// Puts a report together.
pub fn assemble(context: &Context, evaluation: &Evaluation) -> Report {
    let failed = evaluation
        .judged
        .iter()
        .filter(|judged| judged.verdict == Verdict::Fail);
    let lines = Lines::of(context.project);
    let checks = context.summaries(evaluation);
    let said: BTreeMap<_, _> = checks
        .iter()
        .map(|check| ((check.id.as_str(), check.system.as_deref()), check))
        .collect();
    let about = |judged: &Judged| {
        said.get(&(judged.check.id.as_str(), judged.subject.of.system.as_deref()))
            .copied()
    };
    let findings = failed.map(|judged| context.finding(judged, about(judged), &lines));
    let mut findings: Vec<Finding> = findings.collect();
    findings.sort_by(|a, b| (&a.check, b.severity, &a.subject).cmp(&(&b.check, a.severity, &b.subject)));
    let undecided = evaluation
        .judged
        .iter()
        .filter(|one| matches!(one.verdict, Verdict::Unknown | Verdict::Error));
    let undecided: Vec<Judgement> = undecided.map(judgement).collect();
    let every = if context.every_verdict {
        evaluation.judged.as_slice()
    } else {
        &[]
    };
    let sources = context.sources();
    let cannot_decide = context.cannot_decide(evaluation, &sources, &checks, &undecided);
    let mut report = Report {
        organisation: context.project.organisation.clone(),
        timezone: context.project.timezone.clone(),
        as_of: context.now,
        snapshot_sha256: context.snapshot_sha256.clone(),
        snapshot_taken_at: context.snapshot.taken_at,
        snapshot_mode: context.snapshot_mode.clone(),
        inputs: context.inputs.clone(),
        outcome: Exit::CannotDecide,
        cannot_decide,
        fail_on: context.fail_on.clone(),
        previous: context.earlier.cloned(),
        baseline: None,
        base_project: None,
        sources,
        systems: context
            .systems()
            .map(|system| (system.of.id.clone(), name_of(system)))
            .collect(),
        checks,
        findings,
        exceptions: Vec::new(),
        undecided,
        notices: context.notices(),
        judgements: every.iter().map(judgement).collect(),
    };
    report.settle();
    report
}

impl Context<'_> {
    fn systems(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.systems.iter()
    }

    fn severity(&self, check: &Check) -> Severity {
        let set = self
            .project
            .checks
            .get(&check.id)
            .and_then(|settings| settings.severity);
        set.unwrap_or(check.severity)
    }

    /// Titles and remediations name the system and nothing else of a subject.
    fn remediation(&self, check: &Check, system: Option<&Subject>) -> Arc<Remediation> {
        let set = self.project.checks.get(&check.id).map(|settings| &settings.links);
        let links = set.filter(|links| !links.is_empty()).unwrap_or(&check.links).clone();
        Arc::new(Remediation {
            summary: titled(&check.summary, system),
            steps: check.steps.iter().map(|step| titled(step, system)).collect(),
            link: links.first().map(|link| link.url.clone()),
            links,
        })
    }

    fn system_of(&self, subject: &Subject) -> Option<&Subject> {
        self.systems()
            .find(|system| Some(&system.of.id) == subject.of.system.as_ref())
    }

    /// What a finding shares with its check in that system is held once: there can be very many findings.
    fn finding(&self, judged: &Judged, about: Option<&CheckSummary>, lines: &Lines<'_>) -> Finding {
        let check = judged.check;
        let judgement = judgement(judged);
        let (title, remediation, controls) = match about {
            Some(about) => (
                about.title.clone(),
                Arc::clone(&about.remediation),
                Arc::clone(&about.controls),
            ),
            None => {
                let system = self.system_of(judged.subject);
                let controls = Arc::new(check.controls.clone());
                (titled(&check.title, system), self.remediation(check, system), controls)
            }
        };
        let facts = match &judged.outcome {
            Outcome::Fail { facts, .. } => facts.clone(),
            _ => BTreeMap::new(),
        };
        Finding {
            check: check.id.clone(),
            title,
            severity: self.severity(check),
            subject: judged.subject.of.clone(),
            clock: Clock::at_once(self.now, since(&judgement.reasons)),
            reasons: judgement.reasons,
            facts,
            identity: judged.subject.identity.clone(),
            remediation,
            controls,
            exception: None,
            place: Some(lines.nearest(check, judged.subject)),
            fingerprint: fingerprint(check, judged.subject),
        }
    }

    fn summaries(&self, evaluation: &Evaluation) -> Vec<CheckSummary> {
        let tallies = tallies(evaluation);
        let mut summaries = Vec::new();
        for check in self.checks.0.values() {
            let systems: Vec<Option<&Subject>> = match check.subject {
                SubjectKind::Account | SubjectKind::System => self.systems().map(Some).collect(),
                SubjectKind::Staff | SubjectKind::Workspace => vec![None],
            };
            summaries.extend(systems.into_iter().map(|system| {
                let id = system.map(|system| system.of.id.as_str());
                let tally = tallies.get(&(check.id.as_str(), id)).cloned().unwrap_or_default();
                self.summary(check, system, tally, evaluation.ran.contains(&check.id))
            }));
        }
        summaries
    }

    fn summary(&self, check: &Check, system: Option<&Subject>, tally: Tally, ran: bool) -> CheckSummary {
        let id = system.map(|system| system.of.id.as_str());
        let Tally {
            mut population,
            skipped,
        } = tally;
        if ran {
            let proof = Proof {
                snapshot: self.snapshot,
                project: self.project,
                subjects: self.subjects,
                now: self.now,
                earlier: self.earlier,
            };
            population.unproved = proof.gap(check, id);
        }
        CheckSummary {
            id: check.id.clone(),
            title: titled(&check.title, system),
            description: check.description.clone(),
            subject: check.subject,
            system: id.map(str::to_owned),
            severity: self.severity(check),
            controls: Arc::new(check.controls.clone()),
            remediation: self.remediation(check, system),
            reads: check.reads.looked_at().map(|(path, _)| path.to_string()).collect(),
            population,
            worst: None,
            skipped,
            origin: check.origin.clone(),
            ran,
        }
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices = self.subjects.notices.clone();
        let plain = |code: &str, message: String| Notice {
            code: code.to_owned(),
            message,
            subject: None,
            place: None,
        };
        for source in &self.snapshot.sources {
            let of_source = source
                .notices
                .iter()
                .map(|text| plain("source", format!("`{}`: {text}", source.id)));
            notices.extend(of_source);
        }
        // Where somebody set how much may be lost, more than that is not only a notice.
        let drops = self.earlier.into_iter().filter(|earlier| earlier.max_drop.is_none());
        for count in drops.flat_map(Comparison::drops) {
            notices.push(plain(
                "fewer_rows",
                format!("{}: look whether that is true", count.said()),
            ));
        }
        if self.now < self.snapshot.taken_at {
            let (now, taken) = (self.now, self.snapshot.taken_at);
            let message = format!("judged as of {now} by facts of {taken}: what changed in between is taken for older");
            notices.push(plain("younger_facts", message));
        }
        for input in self.inputs.policies.iter().filter(|input| input.replaces_built_in) {
            let message = format!(
                "the check `{}` of `{}` replaces the built-in one",
                input.id, input.origin
            );
            notices.push(plain("check_replaced", message));
        }
        for input in self.inputs.connectors.iter().filter(|input| input.replaces_built_in) {
            let message = format!(
                "the connector `{}` of `{}` replaces the built-in one",
                input.id, input.origin
            );
            notices.push(plain("connector_replaced", message));
        }
        for (id, settings) in self.project.checks.iter().filter(|(_, settings)| !settings.enabled) {
            let place = Some(settings.place.clone());
            notices.push(Notice {
                place,
                ..plain("check_disabled", format!("the check `{id}` is switched off"))
            });
        }
        notices.sort();
        notices.dedup();
        notices
    }
}

/// The earliest `since` of a finding's reasons.
fn since(reasons: &[Reason]) -> Option<Timestamp> {
    let times = reasons
        .iter()
        .filter_map(|reason| reason.since.as_deref()?.parse().ok());
    times.min()
}

/// How the subjects of one check in one system fell out.
#[derive(Debug, Clone, Default)]
struct Tally {
    population: Population,
    skipped: BTreeMap<String, u64>,
}

/// Counts every verdict once, under its check and the subject's system.
fn tallies<'a>(evaluation: &'a Evaluation<'_>) -> BTreeMap<(&'a str, Option<&'a str>), Tally> {
    let mut tallies: BTreeMap<(&str, Option<&str>), Tally> = BTreeMap::new();
    for judged in &evaluation.judged {
        let key = (judged.check.id.as_str(), judged.subject.of.system.as_deref());
        let Tally { population, skipped } = tallies.entry(key).or_default();
        population.total += 1;
        *match judged.verdict {
            Verdict::Pass => &mut population.pass,
            Verdict::Fail => &mut population.fail,
            Verdict::NotApplicable => &mut population.not_applicable,
            Verdict::Blocked => &mut population.blocked,
            Verdict::Unknown => &mut population.unknown,
            Verdict::Error => &mut population.error,
        } += 1;
        if let Outcome::Skip(skips) = &judged.outcome {
            for reason in skips.iter().filter_map(|position| judged.check.skip.get(*position)) {
                *skipped.entry(reason.code.clone()).or_default() += 1;
            }
        }
    }
    tallies
}

/// Check and subject, without reason, name or address: a finding keeps it while either changes.
fn fingerprint(check: &Check, subject: &Subject) -> String {
    let mut fingerprint = digest::of_all(["rolecall/finding/1", &check.id, subject.of.kind.word(), &subject.of.id]);
    fingerprint.truncate(32);
    fingerprint
}

fn titled(template: &crate::check::Template, system: Option<&Subject>) -> String {
    let nothing: BTreeMap<String, Json> = BTreeMap::new();
    match system {
        Some(system) => fill(template, system, &Json::Null, &nothing),
        None => template.fill(|_| None),
    }
}

fn name_of(system: &Subject) -> String {
    system.of.name.clone().unwrap_or_else(|| system.of.id.clone())
}
