//! Examinations of the example company, with what a network would add and with what is missing.

use std::path::Path;

use super::*;
use crate::check;
use crate::collect::{Collected, Request};

const AT: &str = "2026-11-23T12:00:00Z";

struct Fixture {
    project: Project,
    connectors: Connectors,
    checks: Checks,
}

fn fixture(folder: &str) -> Fixture {
    let project = Project::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    Fixture {
        connectors: Connectors::load(&project.connectors).unwrap(),
        checks: check::load(&project.policies, &project.checks).unwrap(),
        project,
    }
}

impl Fixture {
    fn probe(&self, id: &str) -> Probe {
        let mut alone = self.project.clone();
        alone.sources.retain(|source| source.id == id);
        let Collected { snapshot, .. } = collect::collect(&alone, &self.connectors, &Request::default()).unwrap();
        Probe {
            source: id.to_owned(),
            read: Ok(Reading {
                snapshot,
                contact: None,
            }),
        }
    }

    fn probes(&self) -> Vec<Probe> {
        self.project
            .sources
            .iter()
            .map(|source| self.probe(&source.id))
            .collect()
    }

    fn examine(&self, probes: Vec<Probe>) -> Examination {
        examine(
            &self.project,
            &self.connectors,
            &self.checks,
            probes,
            AT.parse().unwrap(),
        )
    }

    /// The source of the accounts.
    fn system(&self) -> String {
        self.project.systems[0].id.clone()
    }
}

fn change(probes: &mut [Probe], id: &str, change: impl FnOnce(&mut Reading)) {
    let probe = probes.iter_mut().find(|probe| probe.source == id).unwrap();
    change(probe.read.as_mut().unwrap());
}

fn trouble(exit: Exit) -> Trouble {
    Trouble {
        message: "no such thing".to_owned(),
        help: None,
        exit,
    }
}

fn source<'a>(found: &'a Examination, id: &str) -> &'a Source {
    found.sources.iter().find(|source| source.id == id).unwrap()
}

#[test]
fn where_everything_can_be_read_all_is_well() {
    let acme = fixture("examples/acme");
    let found = acme.examine(acme.probes());
    assert_eq!(found.outcome, Exit::Clean);
    assert_eq!((found.open.len(), found.troubles.len()), (0, 0));
    let system = source(&found, &acme.system());
    let reader = system.reader.clone().unwrap();
    assert_eq!(reader.sees_all, YesNo::Yes);
    assert!(reader.name.is_some() && reader.key.starts_with(&acme.system()));
    assert!(
        system
            .streams
            .iter()
            .any(|stream| stream.state == Completeness::Complete && stream.rows > 0)
    );
    assert!(system.lacks.iter().any(|lack| lack.why == "no answer ever says it"));
}

#[test]
fn a_source_that_fails_keeps_no_other_from_being_told_of() {
    let acme = fixture("examples/acme");
    for (exit, outcome) in [(Exit::Usage, Exit::Usage), (Exit::CannotDecide, Exit::CannotDecide)] {
        let mut probes = acme.probes();
        probes.retain(|probe| probe.source != acme.system());
        probes.push(Probe::failed(&acme.system(), trouble(exit)));
        let found = acme.examine(probes);
        assert_eq!(found.outcome, outcome);
        assert_eq!(found.sources.len(), acme.project.sources.len());
        assert!(source(&found, &acme.system()).undecides);
        // Every check of accounts would have nothing to judge, and says so.
        let of_accounts = acme
            .checks
            .0
            .values()
            .filter(|check| check.subject == crate::finding::SubjectKind::Account);
        for check in of_accounts {
            let open = found.open.iter().find(|open| open.check == check.id).unwrap();
            assert_eq!((open.reason.clone(), open.system.clone()), (None, Some(acme.system())));
            assert!(open.why.is_some());
        }
    }
}

#[test]
fn without_a_roster_nobody_can_be_identified() {
    let acme = fixture("examples/acme");
    let mut probes = acme.probes();
    let roster = acme.project.staff.sources[0].clone();
    change(&mut probes, &roster, |reading| {
        reading.snapshot.staff.clear();
        for provided in &mut reading.snapshot.sources[0].provides {
            provided.state = Completeness::Failed;
            provided.why = Some("status 403".to_owned());
        }
    });
    let found = acme.examine(probes);
    assert_eq!(found.outcome, Exit::CannotDecide);
    assert!(source(&found, &roster).undecides);
    assert!(!source(&found, &acme.system()).undecides);
    assert!(found.open.iter().all(|open| {
        open.missing
            .iter()
            .any(|path| path.starts_with("identity") || path.starts_with("staff") || path.contains("held_by"))
    }));
    assert!(found.open.iter().any(|open| open.reason.is_some() && open.subjects > 1));
}

#[test]
fn what_no_check_needs_is_told_and_undecides_nothing() {
    let acme = fixture("examples/acme");
    let mut probes = acme.probes();
    let system = acme.system();
    change(&mut probes, &system, |reading| {
        let source = &mut reading.snapshot.sources[0];
        source.unavailable.push("account.created".to_owned());
        source.unavailable.sort();
    });
    let found = acme.examine(probes);
    assert_eq!(found.outcome, Exit::Clean);
    let told = source(&found, &system)
        .lacks
        .iter()
        .find(|lack| lack.path == "account.created");
    assert_eq!(told.unwrap().why, "the answers do not have it");
}

#[test]
fn what_was_read_as_unknown_is_told_and_undecides() {
    let acme = fixture("examples/acme");
    let roster = acme.project.staff.sources[0].clone();
    let mut probes = acme.probes();
    change(&mut probes, &roster, |reading| {
        for row in &mut reading.snapshot.staff {
            row.status = crate::snapshot::RecordedStatus::Unknown;
            row.last_day = None;
        }
    });
    let found = acme.examine(probes);
    assert_eq!(found.outcome, Exit::CannotDecide);
    let of_people = found.open.iter().find(|open| open.unknown == ["staff.status"]).unwrap();
    assert!(of_people.reason.is_some() && of_people.subjects > 1 && of_people.missing.is_empty());

    let mut probes = acme.probes();
    change(&mut probes, &acme.system(), |reading| {
        for account in &mut reading.snapshot.accounts {
            account.state = crate::snapshot::AccountState::Unknown;
        }
    });
    let found = acme.examine(probes);
    assert_eq!(found.outcome, Exit::CannotDecide);
    assert!(found.open.iter().any(|open| open.unknown == ["account.state"]));
}

#[test]
fn the_network_tells_of_clocks_and_allowances() {
    let acme = fixture("examples/acme");
    let system = acme.system();
    let contact = |seconds: i64, left: u64| Contact {
        origin: "https://acme.example.com".to_owned(),
        way: "token".to_owned(),
        skew: Some(SignedDuration::from_secs(seconds)),
        budget: Some((left, 1000)),
    };
    let warnings = |seconds, left, floor| {
        let mut acme = fixture("examples/acme");
        for source in &mut acme.project.sources {
            source.network.budget_floor = floor;
        }
        let mut probes = acme.probes();
        change(&mut probes, &system, |reading| {
            reading.contact = Some(contact(seconds, left))
        });
        let found = acme.examine(probes);
        assert_eq!(found.outcome, Exit::Clean, "a warning is no reason to stop");
        let source = source(&found, &system);
        assert_eq!(source.way.as_deref(), Some("token"));
        assert_eq!(source.budget, Some((left, 1000)));
        source.warnings.clone()
    };
    assert_eq!(warnings(300, 100, Some(10)), Vec::<String>::new());
    let slow = warnings(301, 100, None);
    assert!(slow[0].contains("is 5m 1s behind the other side's"), "{slow:?}");
    let fast = warnings(-3600, 100, None);
    assert!(fast[0].contains("is 1h ahead of the other side's"), "{fast:?}");
    let spent = warnings(0, 99, Some(10));
    assert!(spent[0].contains("less than 10%"), "{spent:?}");
}

#[test]
fn old_data_is_told_by_the_time_of_asking() {
    let acme = fixture("examples/acme");
    let at = "2026-12-24T12:00:00Z".parse().unwrap();
    let found = examine(&acme.project, &acme.connectors, &acme.checks, acme.probes(), at);
    assert_eq!(found.outcome, Exit::CannotDecide);
    let stale: Vec<&str> = found
        .sources
        .iter()
        .filter(|source| source.stale.is_some())
        .map(|source| source.id.as_str())
        .collect();
    let limited: Vec<&str> = acme
        .project
        .sources
        .iter()
        .filter(|source| source.max_age.is_some())
        .map(|source| source.id.as_str())
        .collect();
    assert_eq!(stale, limited);
}

#[test]
fn one_tenant_is_not_read_twice() {
    let acme = fixture("examples/acme");
    let mut twice = acme.project.clone();
    let mut second = twice
        .sources
        .iter()
        .find(|source| source.id == acme.system())
        .unwrap()
        .clone();
    second.id = "second".to_owned();
    twice.sources.push(second);
    let both = Fixture {
        project: twice,
        connectors: acme.connectors.clone(),
        checks: check::load(&[], &Default::default()).unwrap(),
    };
    let found = both.examine(both.probes());
    assert_eq!(found.outcome, Exit::Usage);
    assert!(
        found
            .troubles
            .iter()
            .any(|trouble| trouble.message.contains("reads the same")),
        "{:?}",
        found.troubles
    );
}

#[test]
fn a_project_without_staff_says_so() {
    let acme = fixture("examples/acme");
    let mut probes = acme.probes();
    let roster = acme.project.staff.sources[0].clone();
    probes.retain(|probe| probe.source != roster);
    let mut alone = Fixture {
        project: acme.project.clone(),
        ..acme
    };
    alone.project.sources.retain(|source| source.id != roster);
    alone.project.staff.sources.clear();
    let found = alone.examine(probes);
    assert_eq!(found.outcome, Exit::CannotDecide);
    assert!(
        found
            .troubles
            .iter()
            .any(|trouble| trouble.message.contains("who works here")),
        "{:?}",
        found.troubles
    );
}
