//! A project on disk, read and judged through the library: what the tests of verdicts have in common.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jiff::Timestamp;
use rolecall::check::{self, Check, Checks};
use rolecall::collect::{Request, collect};
use rolecall::connector::Connectors;
use rolecall::evaluate::{self, Context, Judge, Moment, Outcome};
use rolecall::exception::{self, Approvers, Given, Told};
use rolecall::finding::{Input, Inputs, Report, Severity, Threshold};
use rolecall::project::Project;
use rolecall::snapshot::{Comparison, Snapshot};
use rolecall::staff;
use rolecall::subject::{self, Need, Subject, Subjects};

/// The built-in checks.
pub fn checks() -> &'static Checks {
    static CHECKS: OnceLock<Checks> = OnceLock::new();
    CHECKS.get_or_init(|| check::load(&[], &BTreeMap::new()).unwrap())
}

/// The built-in connectors.
pub fn connectors() -> &'static Connectors {
    static CONNECTORS: OnceLock<Connectors> = OnceLock::new();
    CONNECTORS.get_or_init(|| Connectors::load(&[]).unwrap())
}

/// What a project and its sources come to at one time.
pub struct Workspace {
    pub project: Project,
    pub snapshot: Snapshot,
    pub subjects: Subjects,
    pub now: Timestamp,
    pub earlier: Option<Comparison>,
}

impl Workspace {
    /// Reads the project of a folder; `now` is the snapshot's own time where none is given.
    pub fn read(folder: &Path, now: Option<Timestamp>) -> Result<Workspace, String> {
        let project = Project::load(folder).map_err(|error| error.to_string())?;
        let collected = collect(&project, connectors(), &Request::default()).map_err(|error| error.to_string())?;
        let snapshot = collected.snapshot;
        let now = now.unwrap_or(snapshot.taken_at);
        let subjects = subject::subjects(&snapshot, &project, now).map_err(|error| error.to_string())?;
        Ok(Workspace {
            project,
            snapshot,
            subjects,
            now,
            earlier: None,
        })
    }

    /// The same, held against an earlier snapshot.
    pub fn after(mut self, before: &Snapshot, max_drop: Option<u8>) -> Result<Workspace, String> {
        let earlier = Comparison::of(&self.snapshot, (before, String::new()), max_drop, "before.json");
        self.earlier = Some(earlier.map_err(|error| error.to_string())?);
        let need = Need {
            staff: true,
            account_lists: true,
        };
        let earlier = self.earlier.as_ref();
        self.subjects = subject::subjects_needed(&self.snapshot, &self.project, self.now, need, earlier)
            .map_err(|error| error.to_string())?;
        Ok(self)
    }

    /// The report on it, every check run.
    pub fn report(&self) -> Result<Report, String> {
        let checks = checks();
        if !self.project.checks.is_empty() {
            checks_fit(&self.project)?;
        }
        checks
            .hold_exceptions(&self.project.exceptions)
            .map_err(|error| error.to_string())?;
        let chosen = evaluate::choose(checks, &self.project, &[]).map_err(|error| error.to_string())?;
        let evaluation = evaluate::evaluate(checks, &chosen, &self.project, &self.subjects, self.now)
            .map_err(|error| error.to_string())?;
        let context = Context {
            checks,
            project: &self.project,
            snapshot: &self.snapshot,
            snapshot_sha256: String::new(),
            snapshot_mode: "file".to_owned(),
            earlier: self.earlier.as_ref(),
            subjects: &self.subjects,
            now: self.now,
            inputs: Inputs {
                project: Input {
                    id: "rolecall.yaml".to_owned(),
                    origin: ".".to_owned(),
                    sha256: String::new(),
                    replaces_built_in: false,
                },
                policies: Vec::new(),
                connectors: Vec::new(),
                exceptions: Vec::new(),
            },
            fail_on: Threshold(vec![Severity::Low.into()]),
            every_verdict: true,
        };
        let mut report = evaluate::assemble(&context, &evaluation);
        let roster = staff::roster(&self.snapshot, &self.project, self.now);
        let gap = self.subjects.roster_gap.as_deref();
        let approvers = Approvers::of(&roster, &self.project, (&self.snapshot, self.now), gap)
            .map_err(|error| error.to_string())?;
        let told = evaluation.judged.iter().map(|judged| Told {
            check: &judged.check.id,
            subject: &judged.subject.of,
            verdict: judged.verdict,
        });
        let given = Given {
            project: &self.project,
            base: None,
            approvers: &approvers,
            verdicts: told.collect(),
            now: self.now,
        };
        exception::apply(&mut report, &given);
        report.settle();
        Ok(report)
    }

    /// What one check says of some subjects, of their documents cut to what it reads, or of whole ones.
    pub fn outcomes(&self, check: &Check, subjects: &[Subject], whole: bool) -> Vec<Outcome> {
        let moment = Moment {
            now: self.now.to_string(),
            today: self
                .now
                .to_zoned_datetime(self.project.timezone.clone())
                .date()
                .to_string(),
        };
        let settings = self.project.checks.get(&check.id);
        let changed = settings.map(|settings| settings.params.clone()).unwrap_or_default();
        let params = check.params(&changed);
        let judge = if whole {
            Judge::on_whole_documents(check, params, &moment)
        } else {
            Judge::new(check, params, &moment)
        };
        let mut judge = judge.unwrap();
        subjects.iter().map(|subject| judge.judge(subject)).collect()
    }
}

/// The project's settings are held against the checks, as the program does it.
fn checks_fit(project: &Project) -> Result<(), String> {
    check::load(&[], &project.checks)
        .map(|_| ())
        .map_err(|error| error.to_string())
}
