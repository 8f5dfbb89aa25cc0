//! The cases that naive code gets wrong, each a small project: `edge_cases.yaml` holds them, `tests/README.md` lists
//! them, and this file runs them.
//!
//! Cases are numbered, so that none is forgotten: a number is in the table or among those left for later.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use rolecall::exit::Exit;
use rolecall::finding::{Clock, Judgement, Report};
use rolecall::lifecycle;
use rolecall::report::json::render;
use rolecall::reported::Reported;
use rolecall::subject::Subject;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::cases::{in_parallel, repository};
use crate::readme::written_in_the_tests_readme;
use crate::workspace::Workspace;

/// How many cases there are in all.
const NUMBERED: u64 = 70;

/// `edge_cases.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    cases: Vec<EdgeCase>,
    left_for_later: Vec<Later>,
}

/// A case that this version cannot express.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Later {
    number: u64,
    case: String,
    why: String,
}

/// One small project, and what is said of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdgeCase {
    pub number: u64,
    pub case: String,
    naive: String,
    ours: String,
    /// Rows of the roster; their keys are the connector's own names of columns.
    #[serde(default)]
    roster: Vec<Json>,
    /// The roster as an earlier snapshot had it.
    #[serde(default)]
    earlier_roster: Vec<Json>,
    /// The share of its rows, in percent, that a collection may lose since then.
    #[serde(default)]
    max_drop: Option<u8>,
    /// More rosters, by the id of their source.
    #[serde(default)]
    rosters: BTreeMap<String, Vec<Json>>,
    /// Users as Pipedrive answers with them; what is not said is usual.
    #[serde(default)]
    users: Vec<Map<String, Json>>,
    /// Users of other companies, by the id of their source.
    #[serde(default)]
    companies: BTreeMap<String, Vec<Map<String, Json>>>,
    /// Access requests.
    #[serde(default)]
    tickets: Vec<Json>,
    /// Answers other than the usual ones, by stream: a status, a body, or null for no answer.
    #[serde(default)]
    answers: BTreeMap<String, Option<Answer>>,
    /// What the project says beyond the usual: laid over it.
    #[serde(default)]
    project: Json,
    #[serde(default)]
    as_of: Option<Timestamp>,
    /// An earlier run, whose report the times are carried from.
    #[serde(default)]
    baseline: Option<Earlier>,
    expect: Expected,
}

/// An earlier run: where it says nothing, all was as it is now.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Earlier {
    as_of: Timestamp,
    #[serde(default)]
    roster: Option<Vec<Json>>,
    #[serde(default)]
    users: Option<Vec<Map<String, Json>>>,
    /// Laid over the project of the case.
    #[serde(default)]
    project: Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    body: Option<Json>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Check, subject: the verdict and the codes of its reasons.
    #[serde(default)]
    verdicts: BTreeMap<String, BTreeMap<String, String>>,
    /// How the run ends.
    #[serde(default)]
    run: Option<Run>,
    /// Verdicts of each check in all.
    #[serde(default)]
    population: BTreeMap<String, usize>,
    /// Codes of notices that must be there.
    #[serde(default)]
    notices: Vec<String>,
    /// Who is suggested first for an account.
    #[serde(default)]
    suggested: BTreeMap<String, String>,
    /// Words that the first step of the remediation of every finding holds.
    #[serde(default)]
    first_step: Option<String>,
    /// Values of an account's document, by path.
    #[serde(default)]
    documents: BTreeMap<String, BTreeMap<String, Json>>,
    /// What each exception does, by its subject.
    #[serde(default)]
    exceptions: BTreeMap<String, String>,
    /// Check, subject: times of the finding, as the report has them.
    #[serde(default)]
    clocks: BTreeMap<String, BTreeMap<String, Map<String, Json>>>,
    /// Words of the error where the project is refused.
    #[serde(default)]
    refused: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Run {
    Clean,
    Findings,
    CannotDecide,
}

fn table() -> Table {
    let text = fs::read_to_string(repository().join("tests/integration/edge_cases.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("edge_cases.yaml: {error}"))
}

/// Every case, in the table's order.
pub fn all() -> Vec<EdgeCase> {
    table().cases
}

impl EdgeCase {
    /// Writes its project into a folder, and reads it.
    pub fn workspace(&self, folder: &Path) -> Result<Workspace, String> {
        let workspace = self.read(folder, &self.roster)?;
        if self.earlier_roster.is_empty() {
            return Ok(workspace);
        }
        let before = tempfile::tempdir().unwrap();
        let before = self.read(before.path(), &self.earlier_roster)?;
        workspace.after(&before.snapshot, self.max_drop)
    }

    fn read(&self, folder: &Path, roster: &[Json]) -> Result<Workspace, String> {
        let mut sources = Map::new();
        let recording = |id: &str, company: &str, users: &[Map<String, Json>]| {
            self.record(&folder.join(id), company, users);
            json!({"connector": "pipedrive", "from": {"recording": id}, "params": {"company": company}})
        };
        sources.insert("pipedrive".to_owned(), recording("pipedrive", "example", &self.users));
        for (id, users) in &self.companies {
            sources.insert(id.clone(), recording(id, id, users));
        }
        let file = |name: String, connector: &str, rows: &[Json]| {
            fs::write(folder.join(&name), Json::from(rows.to_vec()).to_string()).unwrap();
            json!({"connector": connector, "from": {"file": name}, "as_of": "2026-11-23T06:00:00Z"})
        };
        if self.rosters.is_empty() {
            sources.insert("roster".to_owned(), file("roster.json".to_owned(), "roster", roster));
        }
        for (id, rows) in &self.rosters {
            sources.insert(id.clone(), file(format!("{id}.json"), "roster", rows));
        }
        if !self.tickets.is_empty() {
            sources.insert(
                "tickets".to_owned(),
                file("tickets.json".to_owned(), "approvals", &self.tickets),
            );
        }
        let usual = json!({
            "rolecall": 1, "organisation": "Example", "timezone": "Europe/Berlin", "sources": sources,
            "systems": {"pipedrive": {"critical": true, "access": [{"name": "everybody", "all_staff": true}]}},
        });
        let project = laid_over(usual, &self.project);
        fs::write(folder.join("rolecall.yaml"), project.to_string()).unwrap();
        Workspace::read(folder, self.as_of)
    }

    fn record(&self, folder: &Path, company: &str, users: &[Map<String, Json>]) {
        fs::create_dir_all(folder).unwrap();
        // The reader is one of the users: a list without it would not be all of them.
        let reader = users
            .first()
            .map_or(json!(1), |first| first.get("id").cloned().unwrap_or(json!(1)));
        let me = json!({"id": reader, "email": "reader@example.com", "company_domain": company, "access": [
            {"app": "account_settings", "admin": true, "permission_set_id": "settings"}]});
        let roles = json!([
            {"id": 1, "parent_role_id": 1, "name": "Everyone", "active_flag": true},
            {"id": 5, "parent_role_id": 1, "name": "Sales", "active_flag": true},
            {"id": 6, "parent_role_id": 5, "name": "Team", "active_flag": true},
            {"id": 7, "parent_role_id": 1, "name": "Team", "active_flag": true},
        ]);
        let sets = json!([
            {"id": "regular", "name": "Deals regular user", "app": "sales", "type": "regular"},
            {"id": "admin", "name": "Deals admin", "app": "sales", "type": "admin"},
            {"id": "settings", "name": "Account settings admin", "app": "account_settings", "type": "admin"},
        ]);
        let users = users.iter().map(user).collect();
        let bodies = [
            ("me", me),
            ("users", users),
            ("roles", roles),
            ("permission_sets", sets),
        ];
        let end = json!({"pagination": {"more_items_in_collection": false}});
        let mut answers = Vec::new();
        for (stream, rows) in bodies {
            let (mut status, mut body) = (200, json!({"success": true, "data": rows, "additional_data": end}));
            match self.answers.get(stream) {
                Some(None) => continue,
                Some(Some(other)) => {
                    status = other.status.unwrap_or(status);
                    body = other.body.clone().unwrap_or(body);
                }
                None => {}
            }
            fs::write(folder.join(format!("{stream}.json")), body.to_string()).unwrap();
            answers.push(json!({"stream": stream, "file": format!("{stream}.json"), "status": status}));
        }
        let index = json!({"schema": "rolecall/recording/1", "connector": "pipedrive", "connector_version": 1,
            "params": {"company": company}, "taken_at": "2026-11-23T12:00:00Z", "answers": answers});
        fs::write(folder.join("recording.json"), index.to_string()).unwrap();
    }

    fn name(&self) -> String {
        format!("{} ({})", self.number, self.case)
    }

    /// The report with its times, carried from the earlier run if there was one.
    fn timed(&self, workspace: &Workspace) -> Result<Report, String> {
        let mut report = workspace.report()?;
        let baseline = self
            .baseline
            .as_ref()
            .map(|earlier| self.reported(earlier))
            .transpose()?;
        let judged = report.judgements.clone();
        let verdicts = judged.iter().map(|one| {
            let key = (one.check.as_str(), one.subject.kind, one.subject.id.as_str());
            (key, one.verdict)
        });
        lifecycle::apply(&mut report, &workspace.project, baseline.as_ref(), &verdicts.collect())
            .map_err(|error| error.to_string())?;
        Ok(report)
    }

    /// The report of the earlier run, as it was written.
    fn reported(&self, earlier: &Earlier) -> Result<Reported, String> {
        let before = EdgeCase {
            number: self.number,
            case: self.case.clone(),
            naive: String::new(),
            ours: String::new(),
            roster: earlier.roster.clone().unwrap_or_else(|| self.roster.clone()),
            earlier_roster: Vec::new(),
            max_drop: None,
            rosters: self.rosters.clone(),
            users: earlier.users.clone().unwrap_or_else(|| self.users.clone()),
            companies: self.companies.clone(),
            tickets: self.tickets.clone(),
            answers: BTreeMap::new(),
            project: laid_over(self.project.clone(), &earlier.project),
            as_of: Some(earlier.as_of),
            baseline: None,
            expect: Expected::default(),
        };
        let folder = tempfile::tempdir().unwrap();
        let report = before.timed(&before.workspace(folder.path())?)?;
        let mut bytes = Vec::new();
        render(&report, true, &mut bytes).unwrap();
        Reported::parse("before.json", &bytes).map_err(|error| error.to_string())
    }

    /// What is otherwise than expected.
    fn wrong(&self) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let read = self.workspace(folder.path());
        let read = read.and_then(|workspace| self.timed(&workspace).map(|report| (workspace, report)));
        match (read, &self.expect.refused) {
            (Err(error), Some(words)) if error.contains(words) => Vec::new(),
            (Err(error), _) => vec![format!("it is refused: {error}")],
            (Ok(_), Some(words)) => vec![format!("it is not refused, and should be: {words}")],
            (Ok((workspace, report)), None) => self.expect.held_against(&workspace, &report),
        }
    }
}

/// A user as Pipedrive answers with it, where nothing else is said.
fn user(said: &Map<String, Json>) -> Json {
    let usual = json!({
        "id": 1, "name": "Ada Example", "email": "ada@example.com", "active_flag": true, "is_deleted": false,
        "role_id": 1, "created": "2024-01-15 08:00:00", "last_login": "2026-11-20 08:14:00", "is_you": false,
        "access": [{"app": "sales", "admin": false, "permission_set_id": "regular"}],
    });
    let mut user = usual.as_object().unwrap().clone();
    for (key, value) in said {
        // `~absent` takes a field away; null is a value that Pipedrive sends.
        if value == "~absent" {
            user.remove(key);
        } else {
            user.insert(key.clone(), value.clone());
        }
    }
    Json::Object(user)
}

/// Records are laid over each other field by field; null takes a field away; anything else replaces what is there.
fn laid_over(base: Json, top: &Json) -> Json {
    match (base, top) {
        (base, Json::Null) => base,
        (Json::Object(mut base), Json::Object(top)) => {
            for (key, value) in top {
                match (base.remove(key), value) {
                    (_, Json::Null) => {}
                    (Some(old), value) => _ = base.insert(key.clone(), laid_over(old, value)),
                    (None, value) => _ = base.insert(key.clone(), value.clone()),
                }
            }
            Json::Object(base)
        }
        (_, top) => top.clone(),
    }
}

impl Expected {
    fn held_against(&self, workspace: &Workspace, report: &Report) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut hold = |right: bool, message: String| {
            if !right {
                wrong.push(message);
            }
        };
        for (check, subjects) in &self.verdicts {
            for (subject, expected) in subjects {
                let found = report
                    .judgements
                    .iter()
                    .find(|one| one.check == *check && is(&one.subject.id, subject));
                let found = found.map_or("no verdict".to_owned(), words);
                hold(
                    found == *expected,
                    format!("{check} of {subject}: {found}, not {expected}"),
                );
            }
        }
        let run = match report.outcome {
            Exit::Clean => Run::Clean,
            Exit::Findings => Run::Findings,
            _ => Run::CannotDecide,
        };
        let why = &report.cannot_decide;
        hold(
            self.run.is_none_or(|expected| expected == run),
            format!("the run is {run:?}: {why:?}"),
        );
        for (check, expected) in &self.population {
            let found = report.judgements.iter().filter(|one| one.check == *check).count();
            hold(
                found == *expected,
                format!("{check} has {found} verdicts, not {expected}"),
            );
        }
        for code in &self.notices {
            let found = report.notices.iter().any(|notice| notice.code == *code);
            let codes: Vec<_> = report.notices.iter().map(|notice| &notice.code).collect();
            hold(found, format!("there is no notice `{code}`, only {codes:?}"));
        }
        for (check, subjects) in &self.clocks {
            for (subject, expected) in subjects {
                let mut findings = report.findings.iter();
                let finding = findings.find(|one| one.check == *check && is(&one.subject.id, subject));
                let found = finding.map_or(Json::Null, |finding| times(&finding.clock));
                for (key, expected) in expected {
                    hold(
                        found.get(key) == Some(expected),
                        format!("{check} of {subject}: {key} is {:?}, not {expected}", found.get(key)),
                    );
                }
            }
        }
        for (account, expected) in &self.suggested {
            let finding = report.findings.iter().find(|finding| is(&finding.subject.id, account));
            let note = finding.and_then(|finding| finding.identity.as_ref());
            let found = note
                .and_then(|note| note.suggestions.first())
                .map(|first| first.staff.as_str());
            hold(
                found == Some(expected),
                format!("{account}: suggested is {found:?}, not {expected}"),
            );
        }
        for (subject, expected) in &self.exceptions {
            let found = report.exceptions.iter().find(|one| is(&one.subject, subject));
            let found = found.map_or("not there", |one| one.state.word());
            hold(
                found == expected,
                format!("the exception of {subject} is {found}, not {expected}"),
            );
        }
        if let Some(step) = &self.first_step {
            for finding in &report.findings {
                let first = finding.remediation.steps.first();
                hold(
                    first.is_some_and(|first| first.contains(step)),
                    format!("the first step is {first:?}"),
                );
            }
        }
        for (account, values) in &self.documents {
            let subject = workspace
                .subjects
                .accounts
                .iter()
                .find(|subject| is(&subject.of.id, account));
            for (path, expected) in values {
                let found = subject.and_then(|subject| value_at(subject, path));
                hold(
                    found.as_ref() == Some(expected),
                    format!("{account}: {path} is {found:?}, not {expected}"),
                );
            }
        }
        wrong
    }
}

/// Accounts of the one company go by their id there.
fn is(id: &str, written: &str) -> bool {
    id == written || id.strip_prefix("pipedrive:") == Some(written)
}

fn times(clock: &Clock) -> Json {
    json!({
        "first_failed_at": clock.first_failed_at, "since": clock.since, "due": clock.due,
        "due_before": clock.due_before, "lifecycle": clock.lifecycle, "is_new": clock.is_new,
    })
}

fn words(judgement: &Judgement) -> String {
    let mut words = judgement.verdict.word().to_owned();
    for reason in judgement.reasons.iter().filter(|reason| reason.code != "pass") {
        write!(words, " {}", reason.code).unwrap();
    }
    words
}

fn value_at(subject: &Subject, path: &str) -> Option<Json> {
    let (part, rest) = path.split_once('.').unwrap_or((path, ""));
    let part = subject.parts.iter().find(|(name, _)| *name == part)?;
    let pointer = format!("/{}", rest.replace('.', "/"));
    part.1.pointer(&pointer).cloned()
}

#[test]
fn every_case_gets_the_right_verdicts() {
    let cases = all();
    let wrong: Vec<String> = in_parallel(&cases, |case| (case.name(), case.wrong()))
        .into_iter()
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(name, wrong)| format!("{name}:\n    {}", wrong.join("\n    ")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_number_is_a_case_or_left_for_later() {
    let table = table();
    let cases: BTreeSet<u64> = table.cases.iter().map(|case| case.number).collect();
    let later: BTreeSet<u64> = table.left_for_later.iter().map(|later| later.number).collect();
    let all: BTreeSet<u64> = cases.union(&later).copied().collect();
    assert_eq!(all, (1..=NUMBERED).collect::<BTreeSet<_>>());
    assert!(table.left_for_later.iter().all(|later| !later.why.is_empty()));
    let names: BTreeSet<&str> = table.cases.iter().map(|case| case.case.as_str()).collect();
    assert_eq!(names.len(), table.cases.len(), "two cases go by one name");
}

#[test]
fn a_case_that_expects_something_else_fails() {
    let mut case = all().into_iter().next().unwrap();
    for verdicts in case.expect.verdicts.values_mut() {
        for verdict in verdicts.values_mut() {
            *verdict = "fail unmatched".to_owned();
        }
    }
    assert!(!case.wrong().is_empty());
}

/// A finding keeps its fingerprint while the address, the name and the reason of its account change.
#[test]
fn a_fingerprint_is_made_of_the_accounts_id() {
    let fingerprint = |id: u64, said: Json| {
        let mut case = all().into_iter().find(|case| case.number == 66).unwrap();
        let mut user = said.as_object().unwrap().clone();
        user.insert("id".to_owned(), json!(id));
        case.users = vec![user];
        let folder = tempfile::tempdir().unwrap();
        let report = case.workspace(folder.path()).unwrap().report().unwrap();
        let finding = report
            .findings
            .iter()
            .find(|finding| finding.check == "user_identified");
        finding.unwrap().fingerprint.clone()
    };
    let one = fingerprint(7, json!({"email": "x@example.com"}));
    assert_eq!(
        one,
        fingerprint(7, json!({"email": "y@example.com", "name": "Somebody else"}))
    );
    assert_ne!(one, fingerprint(8, json!({"email": "x@example.com"})));
}

/// The lists of `tests/README.md`, as the table has them.
fn listed() -> String {
    let table = table();
    let mut text = String::from("| | case | naive code | rolecall |\n|---|---|---|---|\n");
    for case in &table.cases {
        writeln!(
            text,
            "| {} | {} | {} | {} |",
            case.number, case.case, case.naive, case.ours
        )
        .unwrap();
    }
    text.push_str("\nLeft for later, in part or as a whole:\n\n| | case | why |\n|---|---|---|\n");
    for later in &table.left_for_later {
        writeln!(text, "| {} | {} | {} |", later.number, later.case, later.why).unwrap();
    }
    text
}

#[test]
fn the_readme_lists_every_case() {
    written_in_the_tests_readme("edge cases", "edge_cases.yaml", &listed());
}
