//! Every way in which a finding can be there and not there, and what may be called gone.

use serde_json::{Value, json};

use super::{Change, CompareError, Compared, Comparison, Named, Presence, Why};
use crate::exit::Exit;
use crate::finding::{Bound, SubjectKind, fingerprint};
use crate::reported::Reported;
use crate::snapshot::Snapshot;

/// A report of one check of accounts in one system, put together from parts.
#[derive(Clone)]
struct Made(Value);

impl Made {
    /// `failing` is `subject` or `subject+` where it is accepted.
    fn of(failing: &[&str]) -> Self {
        let findings: Vec<Value> = failing.iter().map(|id| finding("left", id)).collect();
        let mut made = Self(json!({
            "schema": "rolecall/report/1", "organisation": "Acme", "as_of": "2026-11-23T12:00:00Z",
            "snapshot": {"sha256": "s", "taken_at": "2026-11-23T12:00:00Z", "mode": "snapshot"},
            "inputs": {"project": {"id": "rolecall.yaml", "sha256": "p"}, "policies": [{"id": "left", "sha256": "l"}],
                "connectors": [{"id": "crm", "sha256": "c"}], "exceptions": []},
            "base_project": null, "verdict": "findings", "cannot_decide": [], "findings": findings,
            "systems": [{"id": "crm", "name": "CRM", "product": "crm", "tenant": "acme"}], "exceptions": [], "undecided": [], "verdicts": null,
            "checks": [check("left", true), check("other", true)],
        }));
        made.count();
        made
    }

    /// Lists verdicts: `1 pass`. Those of findings are added.
    fn with_verdicts(mut self, list: &[&str]) -> Self {
        let mut verdicts: Vec<Value> = list.iter().map(|text| verdict(text)).collect();
        for one in self.0["findings"].as_array().unwrap() {
            verdicts.push(json!({"check": one["check"], "subject": one["subject"], "verdict": "fail", "reasons": [], "missing": [], "note": null}));
        }
        verdicts.extend(self.0["undecided"].as_array().unwrap().iter().cloned());
        self.0["verdicts"] = verdicts.into();
        self
    }

    fn with_undecided(mut self, id: &str) -> Self {
        let mut one = verdict(&format!("{id} unknown"));
        one["missing"] = json!(["account.state"]);
        self.0["undecided"].as_array_mut().unwrap().push(one);
        self.0["verdict"] = json!("cannot_decide");
        self.0["cannot_decide"] = json!(["`left` has 1 verdict that is unknown"]);
        self.count();
        self
    }

    fn unproved(mut self) -> Self {
        self.0["checks"][0]["population"]["unproved"] = json!("users were read to page 2 of 3");
        self.0["verdict"] = json!("cannot_decide");
        self.0["cannot_decide"] = json!(["users were read to page 2 of 3"]);
        self
    }

    fn set(mut self, pointer: &str, value: Value) -> Self {
        *self.0.pointer_mut(pointer).unwrap() = value;
        self
    }

    fn count(&mut self) {
        for at in 0..self.0["checks"].as_array().unwrap().len() {
            let id = self.0["checks"][at]["id"].clone();
            let of = |list: &Value| list.as_array().unwrap().iter().filter(|one| one["check"] == id).count();
            let (fail, unknown) = (of(&self.0["findings"]), of(&self.0["undecided"]));
            self.0["checks"][at]["population"]["fail"] = fail.into();
            self.0["checks"][at]["population"]["unknown"] = unknown.into();
        }
    }

    fn read(&self) -> Reported {
        let mut written = self.0.clone();
        let is_empty = |list: &str| written[list].as_array().unwrap().is_empty();
        written["verdict"] = match (is_empty("cannot_decide"), is_empty("findings")) {
            (false, _) => "cannot_decide",
            (true, false) => "findings",
            (true, true) => "clean",
        }
        .into();
        add_up(&mut written);
        Reported::parse("report.json", written.to_string().as_bytes()).unwrap()
    }
}

/// Makes fingerprints and counts what a run makes of that which stands in a report.
fn add_up(report: &mut Value) {
    for one in report["findings"].as_array_mut().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let kind = SubjectKind::of(&text(&one["subject"]["kind"])).unwrap();
        one["fingerprint"] = fingerprint(&text(&one["check"]), kind, &text(&one["subject"]["id"])).into();
        // What is not failing has time left.
        if one["clock"]["lifecycle"] != "failing" && one["clock"]["due"].is_null() {
            one["clock"]["due"] = "2026-11-25T12:00:00Z".into();
        }
    }
    let verdicts = report["verdicts"].as_array().cloned();
    for check in report["checks"].as_array_mut().unwrap() {
        let (id, ran) = (check["id"].clone(), check["ran"] == true);
        let population = &mut check["population"];
        for part in ["pass", "not_applicable", "blocked"] {
            if let Some(verdicts) = &verdicts {
                let of = |one: &&Value| one["check"] == id && one["verdict"] == part;
                population[part] = verdicts.iter().filter(of).count().into();
            } else if population[part].is_null() || !ran {
                population[part] = if ran && part == "pass" { 3 } else { 0 }.into();
            }
        }
        let parts = ["pass", "fail", "not_applicable", "blocked", "unknown", "error"];
        let sum: u64 = parts.iter().map(|part| population[*part].as_u64().unwrap()).sum();
        population["total"] = sum.into();
    }
}

fn subject(id: &str) -> Value {
    json!({"kind": "account", "id": format!("crm:{id}"), "name": format!("Person {id}"), "email": null, "system": "crm"})
}

fn verdict(text: &str) -> Value {
    let (id, word) = text.split_once(' ').unwrap();
    let reasons = json!([{"code": word, "message": format!("so it is {word}")}]);
    json!({"check": "left", "subject": subject(id), "verdict": word, "reasons": reasons, "missing": [], "note": null})
}

fn finding(check: &str, id: &str) -> Value {
    let accepted = id.ends_with('+');
    let id = id.trim_end_matches('+');
    json!({
        "check": check, "title": "Left", "severity": "high", "subject": subject(id), "fingerprint": null,
        "reasons": [{"code": "active", "message": format!("{id} can sign in")}], "facts": {"excess": ["Sales"]},
        "identity": null,
        "clock": {"first_failed_at": "2026-11-20T12:00:00Z", "since": "2026-11-20T12:00:00Z", "due": null, "lifecycle": "failing"},
        "exception": accepted.then(|| json!({"reason": "hands over", "approved_by": "ada@example.com", "expires": "2026-12-31"})),
    })
}

fn check(id: &str, ran: bool) -> Value {
    json!({
        "id": id, "subject": "account", "system": "crm", "ran": ran,
        "population": {"total": 9, "fail": 0, "blocked": 0, "unknown": 0, "error": 0, "unproved": null},
    })
}

fn compare(old: &Made, new: &Made) -> Comparison {
    compare_from(old, new, "low").unwrap()
}

fn compare_from(old: &Made, new: &Made, fail_on: &str) -> Result<Comparison, CompareError> {
    let (old, new) = (old.read(), new.read());
    let named = |file, report| Named { file, report };
    let fail_on: Vec<Bound> = vec![fail_on.parse().unwrap()];
    Comparison::of_reports(named("old.json", &old), named("new.json", &new), &fail_on)
}

/// What became of the one finding, how that is known, and how the run ends.
fn became(old: &Made, new: &Made) -> (Change, Why, Exit) {
    let comparison = compare(old, new);
    let [one] = comparison.findings.as_slice() else {
        panic!("{:#?}", comparison.findings)
    };
    (one.change, one.why, comparison.outcome)
}

#[test]
fn fixed_is_what_the_later_run_judged_and_did_not_find() {
    let (open, none) = (Made::of(&["1"]), Made::of(&[]));
    let table = [
        (
            none.clone().with_verdicts(&["1 pass"]),
            Change::Fixed,
            Why::Passes,
            Exit::Clean,
        ),
        (
            none.clone().with_verdicts(&["1 not_applicable"]),
            Change::NoLongerJudged,
            Why::NotApplicable,
            Exit::Clean,
        ),
        // Everybody was seen, and it is not said of whom what.
        (none.clone(), Change::Fixed, Why::NoFinding, Exit::Clean),
        // Left to another check is not mended.
        (
            none.clone().with_verdicts(&["1 blocked"]),
            Change::UndecidedNow,
            Why::Blocked,
            Exit::Clean,
        ),
        (
            none.clone().with_verdicts(&["2 pass"]),
            Change::SubjectGone,
            Why::NotListed,
            Exit::Clean,
        ),
        (
            none.clone().with_undecided("1"),
            Change::UndecidedNow,
            Why::Undecided,
            Exit::CannotDecide,
        ),
        (
            none.clone().with_undecided("1").with_verdicts(&[]),
            Change::UndecidedNow,
            Why::Undecided,
            Exit::CannotDecide,
        ),
        (
            none.clone().unproved(),
            Change::UndecidedNow,
            Why::NotSeen,
            Exit::CannotDecide,
        ),
        (
            none.clone().unproved().with_verdicts(&["2 pass"]),
            Change::UndecidedNow,
            Why::NotSeen,
            Exit::CannotDecide,
        ),
        // It was seen among those that were read.
        (
            none.clone().unproved().with_verdicts(&["1 pass"]),
            Change::Fixed,
            Why::Passes,
            Exit::CannotDecide,
        ),
        (
            none.clone().set("/checks/0/ran", json!(false)),
            Change::UndecidedNow,
            Why::NotRun,
            Exit::CannotDecide,
        ),
        (
            none.clone().set("/checks", json!([check("other", true)])),
            Change::UndecidedNow,
            Why::NoSuchCheck,
            Exit::CannotDecide,
        ),
        (
            none.clone().set("/checks/0/system", json!("erp")),
            Change::UndecidedNow,
            Why::NoSuchCheck,
            Exit::CannotDecide,
        ),
    ];
    for (new, change, why, exit) in table {
        assert_eq!(became(&open, &new), (change, why, exit), "{:#}", new.0);
    }
}

#[test]
fn without_verdicts_a_subject_that_another_check_fails_may_be_left_to_it() {
    let old = Made::of(&["1"]);
    let mut new = Made::of(&[]);
    new.0["findings"] = json!([finding("other", "1")]);
    new.count();
    let what = |new: &Made| {
        let comparison = compare(&old, new);
        let one = comparison.findings.iter().find(|one| one.before.is_some()).unwrap();
        (one.change, one.why)
    };
    assert_eq!(
        what(&new),
        (Change::Fixed, Why::NoFinding),
        "the check left nobody to another one"
    );
    new = new.set("/checks/0/population/blocked", json!(1));
    assert_eq!(what(&new), (Change::UndecidedNow, Why::PerhapsBlocked));
    // Somebody else was left to the other check.
    new.0["findings"] = json!([finding("other", "2")]);
    assert_eq!(what(&new), (Change::Fixed, Why::NoFinding));
    // A check of the whole system holds all of its accounts back.
    new.0["findings"][0]["subject"] =
        json!({"kind": "system", "id": "crm", "name": null, "email": null, "system": "crm"});
    assert_eq!(what(&new), (Change::UndecidedNow, Why::PerhapsBlocked));
}

#[test]
fn what_is_new_says_whether_the_earlier_run_had_looked() {
    let (open, none) = (Made::of(&["1"]), Made::of(&[]));
    let table = [
        (none.clone(), Why::NotFailingBefore, false),
        (none.clone().with_verdicts(&["1 pass"]), Why::NotFailingBefore, false),
        (
            none.clone().with_verdicts(&["1 not_applicable"]),
            Why::NotFailingBefore,
            false,
        ),
        (none.clone().with_verdicts(&["2 pass"]), Why::SubjectIsNew, false),
        (none.clone().with_verdicts(&["1 blocked"]), Why::BlockedBefore, true),
        (none.clone().with_undecided("1"), Why::UndecidedBefore, true),
        (none.clone().unproved(), Why::NotSeenBefore, true),
        (
            none.clone().unproved().with_verdicts(&["2 pass"]),
            Why::NotSeenBefore,
            true,
        ),
        (none.clone().set("/checks/0/ran", json!(false)), Why::NotRunBefore, true),
        (
            none.clone().set("/checks", json!([check("other", true)])),
            Why::NoSuchCheckBefore,
            true,
        ),
    ];
    for (old, why, newly_decided) in table {
        let comparison = compare(&old, &open);
        let one = &comparison.findings[0];
        assert_eq!((one.change, one.why), (Change::New, why), "{:#}", old.0);
        assert_eq!(one.why.is_newly_decided(), newly_decided);
        assert_eq!(one.said.starts_with("newly decided: "), newly_decided, "{}", one.said);
        // It is new to whoever reads it, however it was before.
        assert_eq!(comparison.outcome, Exit::Findings);
        let told = comparison.notices.iter().any(|one| one.code == "old_cannot_decide");
        assert_eq!(told, !comparison.old.cannot_decide.is_empty());
    }
}

#[test]
fn exceptions_come_and_end() {
    let (open, accepted, none) = (Made::of(&["1"]), Made::of(&["1+"]), Made::of(&[]));
    assert_eq!(became(&open, &open), (Change::StillOpen, Why::InBoth, Exit::Clean));
    assert_eq!(
        became(&accepted, &accepted),
        (Change::StillExcepted, Why::InBoth, Exit::Clean)
    );
    assert_eq!(
        became(&open, &accepted),
        (Change::NewlyExcepted, Why::InBoth, Exit::Clean)
    );
    assert_eq!(
        became(&none, &accepted),
        (Change::NewlyExcepted, Why::AcceptedAtOnce, Exit::Clean)
    );
    assert_eq!(
        became(&accepted, &open),
        (Change::ExceptionEnded, Why::NoException, Exit::Findings)
    );
    let finding = fingerprint("left", SubjectKind::Account, "crm:1");
    let over = json!([{"check": "left", "subject": "crm:1", "state": "expired", "findings": [finding]}]);
    let over = open.set("/exceptions", over);
    assert_eq!(
        became(&accepted, &over),
        (Change::ExceptionEnded, Why::ExceptionNotInForce, Exit::Findings)
    );
    assert!(
        compare(&accepted, &over).findings[0]
            .said
            .ends_with("the exception is expired now")
    );
    // What was accepted and is mended is mended.
    assert_eq!(became(&accepted, &none), (Change::Fixed, Why::NoFinding, Exit::Clean));
}

#[test]
fn what_changed_of_a_finding_is_said() {
    let old = Made::of(&["1"]);
    let new = Made::of(&["1"])
        .set("/findings/0/severity", json!("low"))
        .set("/findings/0/reasons/0/code", json!("invited"))
        .set("/findings/0/clock/due", json!("2026-12-01T00:00:00Z"))
        .set("/findings/0/clock/lifecycle", json!("due"));
    let comparison = compare(&old, &new);
    let said = whats(&comparison.findings[0]);
    assert_eq!(said, ["severity", "due", "lifecycle", "reasons", "message", "message"]);
    let reasons = &comparison.findings[0].differences[3];
    assert_eq!((&reasons.added[0][..], &reasons.removed[0][..]), ("invited", "active"));
    assert!(compare(&old, &old).findings[0].differences.is_empty());
}

/// What differs of a finding.
fn whats(one: &Compared) -> Vec<&str> {
    one.differences.iter().map(|one| &*one.what).collect()
}

#[test]
fn access_that_grows_under_the_same_code_is_told() {
    let grown = |made: Made| {
        made.set(
            "/findings/0/reasons/0/message",
            json!("1 can sign in as an administrator"),
        )
        .set("/findings/0/facts/excess", json!(["Sales", "Account settings"]))
    };
    let (open, accepted) = (Made::of(&["1"]), Made::of(&["1+"]));
    let comparison = compare(&open, &grown(open.clone()));
    let [one] = &comparison.findings[..] else { panic!() };
    assert_eq!(one.change, Change::StillOpen);
    assert_eq!(whats(one), ["message", "facts.excess"]);
    let [message, excess] = &one.differences[..] else {
        panic!()
    };
    assert_eq!(message.before.as_deref(), Some("1 can sign in"));
    assert_eq!(message.now.as_deref(), Some("1 can sign in as an administrator"));
    assert_eq!(
        (&excess.added[..], &excess.removed[..]),
        (&["Account settings".to_owned()][..], &[][..])
    );

    // Whoever accepted it has seen less. It is still accepted, and so does not count.
    assert_eq!(
        became(&accepted, &grown(accepted.clone())),
        (Change::AcceptedAndChanged, Why::InBoth, Exit::Clean)
    );
    let table = [
        accepted
            .clone()
            .set("/findings/0/reasons/0/message", json!("1 can do more")),
        accepted.clone().set("/findings/0/reasons/0/code", json!("invited")),
        accepted.clone().set("/findings/0/facts", json!({})),
        accepted
            .clone()
            .set("/findings/0/facts/excess", json!(["Sales", "Sales"])),
        accepted.clone().set("/findings/0/facts/excess", json!("Sales")),
        accepted.clone().set("/findings/0/severity", json!("critical")),
        accepted.clone().set("/findings/0/identity", json!({"staff": "E-9"})),
    ];
    for new in table {
        let found = became(&accepted, &new);
        assert_eq!(
            found,
            (Change::AcceptedAndChanged, Why::InBoth, Exit::Clean),
            "{:#}",
            new.0
        );
    }
    // Its times run on, it is less bad than it was, or a list is in another order: it is what was accepted.
    let two = accepted
        .clone()
        .set("/findings/0/facts/excess", json!(["Sales", "Service"]));
    let table = [
        (
            &accepted,
            accepted.clone().set("/findings/0/clock/lifecycle", json!("due")),
        ),
        (&accepted, accepted.clone().set("/findings/0/severity", json!("low"))),
        (
            &accepted,
            accepted
                .clone()
                .set("/findings/0/exception/expires", json!("2027-01-31")),
        ),
        (
            &two,
            two.clone().set("/findings/0/facts/excess", json!(["Service", "Sales"])),
        ),
    ];
    for (old, new) in table {
        assert_eq!(became(old, &new).0, Change::StillExcepted, "{:#}", new.0);
    }
}

#[test]
fn no_longer_judged_says_why() {
    let new = Made::of(&[]).with_verdicts(&["1 not_applicable"]);
    let comparison = compare(&Made::of(&["1"]), &new);
    let said = &comparison.findings[0].said;
    assert_eq!(said, "not this check's any more: so it is not_applicable");
}

#[test]
fn a_finding_counts_once_it_fits_the_threshold() {
    let old = Made::of(&["1"]).set("/findings/0/clock/lifecycle", json!("due"));
    let failing = Made::of(&["1"]);
    let worse = old.clone().set("/findings/0/severity", json!("critical"));
    let what = |old: &Made, new: &Made, fail_on| {
        let comparison = compare_from(old, new, fail_on).unwrap();
        let one = comparison.findings[0].clone();
        (one.change, one.counts, comparison.outcome)
    };
    let counts = (Change::NewlyCounting, true, Exit::Findings);
    let open = (Change::StillOpen, false, Exit::Clean);
    assert_eq!(what(&old, &failing, "low@failing"), counts);
    assert_eq!(what(&old, &worse, "critical"), counts);
    assert_eq!(what(&old, &failing, "low"), open, "it counted before");
    assert_eq!(what(&failing, &failing, "low@failing"), open, "it counted before");
    assert_eq!(what(&old, &old, "low@failing"), open);
    assert_eq!(what(&old, &failing, "never"), open);
    assert_eq!(what(&failing, &old, "low@failing"), open);
    let accepted = Made::of(&["1+"]);
    assert_eq!(what(&old, &accepted, "low@failing").2, Exit::Clean);
    let comparison = compare_from(&old, &failing, "low@failing").unwrap();
    assert_eq!(
        comparison.findings[0].said,
        "it counts for `low@failing` now (high, failing), and did not in OLD (high, due)"
    );
}

#[test]
fn what_differs_stands_before_what_does_not() {
    let old = Made::of(&["1", "2", "3"]);
    let new = old.clone().set("/findings/2/severity", json!("low"));
    let comparison = compare(&old, &new);
    let order: Vec<&str> = comparison
        .findings
        .iter()
        .map(|one| &*one.shown().unwrap().subject.id)
        .collect();
    assert_eq!(order, ["crm:3", "crm:1", "crm:2"], "though it is the least bad");
}

#[test]
fn what_counts_is_new_and_fits() {
    let (none, open) = (Made::of(&[]), Made::of(&["1"]));
    let outcome = |old: &Made, new: &Made, fail_on| compare_from(old, new, fail_on).unwrap().outcome;
    assert_eq!(outcome(&none, &open, "high"), Exit::Findings);
    assert_eq!(outcome(&none, &open, "critical"), Exit::Clean);
    assert_eq!(outcome(&none, &open, "never"), Exit::Clean);
    let due = open
        .clone()
        .set("/findings/0/clock/lifecycle", json!("due"))
        .set("/findings/0/clock/due", json!("2026-12-01T00:00:00Z"));
    assert_eq!(outcome(&none, &due, "low@failing"), Exit::Clean);
    assert_eq!(outcome(&none, &due, "low"), Exit::Findings);
    assert_eq!(outcome(&open, &open, "low"), Exit::Clean, "it is not new");
    // What could not be decided stays so.
    assert_eq!(outcome(&none, &open.unproved(), "never"), Exit::CannotDecide);
}

#[test]
fn a_check_that_runs_no_more_hides_what_is_new_even_if_it_had_no_findings() {
    let old = Made::of(&[]);
    let off = Made::of(&[]).set("/checks/1/ran", json!(false));
    let comparison = compare(&old, &off);
    assert_eq!(comparison.outcome, Exit::CannotDecide);
    assert_eq!(
        comparison.cannot_decide,
        ["`other` ran in OLD and not in NEW: what is new there is not seen"]
    );
    assert_eq!(compare(&off, &old).outcome, Exit::Clean, "a check more hides nothing");
    assert_eq!(compare(&off, &off).outcome, Exit::Clean);
    let two = Made::of(&[]).set(
        "/checks",
        json!([check("left", true), check("other", true), {
            "id": "left", "subject": "account", "system": "erp", "ran": true,
            "population": {"total": 1, "fail": 0, "blocked": 0, "unknown": 0, "error": 0, "unproved": null},
        }]),
    );
    assert_eq!(
        compare(&two, &old).cannot_decide,
        ["`left` ran for `erp` in OLD and not in NEW: what is new there is not seen"]
    );
}

#[test]
fn the_worst_of_what_is_new_comes_first() {
    let old = Made::of(&["3", "4"]);
    let mut new = Made::of(&["1", "2", "3"]);
    new.0["findings"][1]["severity"] = json!("critical");
    let order: Vec<String> = compare(&old, &new)
        .findings
        .iter()
        .map(|one| one.shown().unwrap().subject.id.clone())
        .collect();
    assert_eq!(order, ["crm:2", "crm:1", "crm:3", "crm:4"]);
}

#[test]
fn accounts_of_two_reports_come_and_go_where_both_list_everybody() {
    let plain = Made::of(&[]);
    let comparison = compare(&plain, &plain.clone().with_verdicts(&["1 pass"]));
    assert!(comparison.facts.accounts.is_none());
    assert_eq!(comparison.notices[0].code, "no_verdicts");
    assert!(comparison.notices[0].message.contains("OLD does not have"));

    let old = plain.clone().with_verdicts(&["1 pass", "2 pass"]);
    let new = plain.clone().with_verdicts(&["2 pass", "3 pass"]);
    let presence = |old: &Made, new: &Made| -> Vec<(String, Presence)> {
        let rows = compare(old, new).facts.accounts.unwrap();
        rows.into_iter().map(|row| (row.id, row.presence)).collect()
    };
    let found = presence(&old, &new);
    assert_eq!(
        found,
        [("1".to_owned(), Presence::Gone), ("3".to_owned(), Presence::Came)]
    );
    let found = presence(&old.clone().unproved(), &new.clone().unproved());
    assert_eq!(
        found,
        [
            ("1".to_owned(), Presence::NotSeen),
            ("3".to_owned(), Presence::FirstSeen)
        ]
    );
    // Where nobody judged accounts, none of them is gone.
    let off = plain.set("/checks", json!([check("left", false), check("other", false)]));
    let comparison = compare(&old, &off.with_verdicts(&[]));
    assert_eq!(comparison.facts.accounts, Some(vec![]));
    assert_eq!(
        comparison.facts.not_seen,
        ["NEW judged no accounts of `crm`: which of them came and went is not known"]
    );
}

#[test]
fn other_rules_are_told() {
    let plain = Made::of(&[]);
    let told = |new: Made| {
        let comparison = compare(&plain, &new);
        let found = comparison.notices.into_iter().find(|one| one.code == "other_rules");
        found.map(|one| one.message)
    };
    assert_eq!(told(plain.clone()), None);
    let project = told(plain.clone().set("/inputs/project/sha256", json!("q"))).unwrap();
    assert!(project.contains("(the project file)"), "{project}");
    let policies = told(
        plain
            .clone()
            .set("/inputs/policies", json!([{"id": "more", "sha256": "m"}])),
    )
    .unwrap();
    assert!(policies.contains("(the check `left`, the check `more`)"), "{policies}");
    let base = told(
        plain
            .clone()
            .set("/base_project", json!({"id": "rolecall.yaml", "sha256": "b"})),
    )
    .unwrap();
    assert!(base.contains("(the base project)"), "{base}");
}

#[test]
fn other_connectors_and_other_files_of_exceptions_are_told_of_two_reports() {
    let plain = Made::of(&[]);
    let told = |old: &Made, new: &Made, code: &str| {
        let notices = compare(old, new).notices.into_iter();
        let found = notices.filter(|one| one.code == code);
        found.map(|one| one.message).collect::<Vec<_>>()
    };
    assert_eq!(told(&plain, &plain, "other_connectors"), [""; 0]);
    assert_eq!(told(&plain, &plain, "other_exceptions"), [""; 0]);
    let other = plain.clone().set("/inputs/connectors/0/sha256", json!("d"));
    let [message] = &told(&plain, &other, "other_connectors")[..] else {
        panic!("it is not told")
    };
    assert!(message.contains("(`crm`)"), "{message}");
    // One of them alone reads it: nothing is read otherwise.
    let more = plain.clone().set("/inputs/connectors/0/id", json!("erp"));
    assert_eq!(told(&plain, &more, "other_connectors"), [""; 0]);

    let file = |sha256: &str| {
        let files = json!([{"id": "exceptions.yaml", "sha256": sha256}]);
        plain.clone().set("/inputs/exceptions", files)
    };
    assert_eq!(told(&file("e"), &file("e"), "other_exceptions"), [""; 0]);
    for (old, new) in [
        (file("e"), file("f")),
        (plain.clone(), file("e")),
        (file("e"), plain.clone()),
    ] {
        let [message] = &told(&old, &new, "other_exceptions")[..] else {
            panic!("it is not told")
        };
        assert!(message.contains("(`exceptions.yaml`)"), "{message}");
    }
}

#[test]
fn another_version_of_a_connector_is_told() {
    let old: Snapshot = serde_json::from_str(include_str!("../snapshot/sample.json")).unwrap();
    let mut new = old.clone();
    assert_eq!(super::other_connectors(&old, &new), []);
    new.sources[0].connector_sha256 = "0".repeat(64);
    let [told] = &super::other_connectors(&old, &new)[..] else {
        panic!("it is not told")
    };
    assert!(
        told.message.contains(&format!("(`{}`)", old.sources[0].id)),
        "{}",
        told.message
    );
}

#[test]
fn two_reports_are_of_one_organisation_and_in_order() {
    let plain = Made::of(&[]);
    let error = |old: &Made, new: &Made| compare_from(old, new, "low").unwrap_err();
    let later = plain.clone().set("/as_of", json!("2026-11-24T12:00:00Z"));
    assert!(matches!(error(&later, &plain), CompareError::Newer { .. }));
    let facts = plain.clone().set("/snapshot/taken_at", json!("2026-11-24T12:00:00Z"));
    assert!(matches!(error(&facts, &plain), CompareError::NewerFacts { .. }));
    let other = plain.clone().set("/organisation", json!("Other"));
    assert!(matches!(error(&plain, &other), CompareError::OtherOrganisation { .. }));
    let tenant = |tenant: Value| plain.clone().set("/systems/0/tenant", tenant);
    assert_eq!(
        error(&plain, &tenant(json!("other"))).to_string(),
        "comparing `old.json` with `new.json`: the system `crm` of the first is `acme` of `crm`, and that of the second is `other` of `crm`"
    );
    let product = plain.clone().set("/systems/0/product", json!("erp"));
    assert!(matches!(error(&product, &plain), CompareError::OtherTenant { .. }));
    for same in [
        tenant(json!(null)),
        tenant(json!("Acme")),
        plain.clone().set("/systems", json!([])),
    ] {
        assert!(compare_from(&plain, &same, "low").is_ok() && compare_from(&same, &plain, "low").is_ok());
    }
    assert!(compare_from(&plain, &later, "low").is_ok());
    assert!(
        compare_from(&plain, &plain, "low").is_ok(),
        "nothing changed, and nothing was collected anew"
    );
}
