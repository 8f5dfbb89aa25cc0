//! Every state an exception can be in, and what no exception ever does.

use std::path::Path;

use jiff::Timestamp;

use super::{Approvers, Given, Told, apply};
use crate::exit::Exit;
use crate::finding::{ExceptionState, Finding, Report, SubjectKind, SubjectRef, Suggestion, Verdict};
use crate::project::{Is, Project};
use crate::report::samples;
use crate::snapshot::{Account, RecordedStatus, Staff};
use crate::staff;
use crate::subject::fixture::{account, day, staff as row, world};

const CHECK: &str = "offboarded_access_removed";
const DAYS: &str = "created: 2026-11-01, expires: 2026-11-20";

/// Lena Fox and Omar Said left and can still sign in; nobody knows whose account Jon Berg's is.
struct Run {
    report: Report,
    roster: Vec<Staff>,
    accounts: Vec<Account>,
    /// The account of this id is mapped to staff of that name.
    mapped: Option<(&'static str, &'static str)>,
    gap: Option<String>,
    now: Timestamp,
    zone: &'static str,
    base: Option<String>,
    others: Vec<(&'static str, SubjectRef, Verdict)>,
}

fn run() -> Run {
    let mut report = samples::findings();
    report.exceptions.clear();
    report.notices.clear();
    report.findings.iter_mut().for_each(|finding| finding.exception = None);
    Run {
        report,
        roster: vec![row("E-1", "Ada Brook", "ada.brook@example.com")],
        accounts: Vec::new(),
        mapped: None,
        gap: None,
        now: "2026-11-20T09:00:00Z".parse().unwrap(),
        zone: "Europe/Berlin",
        base: None,
        others: Vec::new(),
    }
}

fn entry(subject: &str, more: &str) -> String {
    format!("- {{check: {CHECK}, subject: '{subject}', reason: r, {more}}}\n")
}

fn usual(subject: &str) -> String {
    entry(subject, &format!("approved_by: E-1, {DAYS}"))
}

fn project(zone: &str, entries: &str) -> Project {
    let text = format!("rolecall: 1\norganisation: Acme\ntimezone: {zone}\nexceptions:\n{entries}");
    Project::from_bytes(Path::new("p.yaml"), text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

impl Run {
    fn with(&self, entries: &str) -> Report {
        let mut project = project(self.zone, entries);
        let domains = &mut project.staff.domain_aliases;
        domains.insert("example.com".into(), vec!["example.org".into()]);
        let base = self
            .base
            .as_ref()
            .map(|entries| self::project("Europe/Berlin", entries));
        let mut world = world().staff(self.roster.clone()).accounts(self.accounts.clone());
        if let Some((account, staff)) = self.mapped {
            world = world.entry(account, Is::Staff(staff.to_owned()));
        }
        project.identities.clone_from(&world.project.identities);
        let roster = staff::roster(&world.snapshot, &project, self.now);
        let mut report = self.report.clone();
        let findings = report.findings.clone();
        let failed = findings
            .iter()
            .map(|finding| (finding.check.as_str(), &finding.subject, Verdict::Fail));
        let others = self
            .others
            .iter()
            .map(|(check, subject, verdict)| (*check, subject, *verdict));
        let told = failed.chain(others).map(|(check, subject, verdict)| Told {
            check,
            subject,
            verdict,
        });
        let given = Given {
            project: &project,
            base: base.as_ref(),
            approvers: &Approvers::of(&roster, &project, (&world.snapshot, self.now), self.gap.as_deref()).unwrap(),
            verdicts: told.collect(),
            now: self.now,
        };
        apply(&mut report, &given);
        report.settle();
        report
    }

    /// What the first entry does, and why it does nothing.
    fn state(&self, entries: &str) -> (ExceptionState, String) {
        let report = self.with(entries);
        let first = &report.exceptions[0];
        let accepted = report.findings.iter().any(|finding| finding.exception == Some(0));
        assert_eq!(accepted, first.state == ExceptionState::InForce, "{first:#?}");
        assert_eq!(
            first.problem.is_none(),
            first.state == ExceptionState::InForce,
            "{first:#?}"
        );
        (first.state, first.problem.clone().unwrap_or_default())
    }

    fn verdict(mut self, id: &str, verdict: Verdict) -> Self {
        let subject = SubjectRef {
            id: format!("pipedrive:{id}"),
            email: Some(format!("{id}@example.com")),
            ..self.report.findings[0].subject.clone()
        };
        self.others.push((CHECK, subject, verdict));
        self
    }
}

#[test]
fn a_finding_is_accepted_and_stays_a_finding() {
    let run = run();
    let before = run.report.clone();
    let report = run.with(&usual("pipedrive:17"));
    let accepted: Vec<bool> = report
        .findings
        .iter()
        .map(|finding| finding.exception.is_some())
        .collect();
    assert_eq!(accepted, [true, false, false]);
    let counts = |report: &Report| {
        let check = report.checks.iter().find(|check| check.id == CHECK).unwrap();
        let mut population = check.population.clone();
        (std::mem::take(&mut population.excepted), population)
    };
    assert_eq!(counts(&report), (1, counts(&before).1), "no count of verdicts moves");
    assert_eq!(report.findings.len(), before.findings.len());
    assert_eq!(report.outcome, Exit::Findings, "the others count");
    assert_eq!(report.exceptions[0].findings, [report.findings[0].fingerprint.clone()]);
    assert_eq!(report.exceptions[0].days_left, 0);
}

#[test]
fn what_could_not_be_decided_stays_so_whatever_is_accepted() {
    let everything = format!(
        "{}{}- {{check: user_identified, subject: 'pipedrive:23', reason: r, approved_by: E-1, {DAYS}}}\n",
        usual("pipedrive:17"),
        usual("pipedrive:9")
    );
    assert_eq!(run().with(&everything).outcome, Exit::Clean);
    for why in [
        "no check ran",
        "`access_valid` has 1 verdict that is unknown",
        "`access_valid` has 1 verdict that is an error",
        "accounts of `pipedrive`: users were read to page 2 of 3",
        "`roster` is older than its max_age",
    ] {
        let mut run = run();
        run.report.cannot_decide = vec![why.to_owned()];
        let report = run.with(&everything);
        assert!(report.findings.iter().all(|finding| finding.exception.is_some()));
        assert_eq!(report.outcome, Exit::CannotDecide, "{why}");
    }
}

#[test]
fn the_last_day_ends_in_the_zone_of_the_project() {
    use ExceptionState::{Expired, InForce, NotBegun};
    for (zone, now, state, left) in [
        ("Europe/Berlin", "2026-11-20T22:59:59.999Z", InForce, 0),
        ("Europe/Berlin", "2026-11-20T23:00:00Z", Expired, 0),
        ("Europe/Berlin", "2026-11-20T23:00:01Z", Expired, -1),
        ("Europe/Berlin", "2026-10-31T22:59:59Z", NotBegun, 20),
        ("Europe/Berlin", "2026-10-31T23:00:00Z", InForce, 20),
        ("Pacific/Kiritimati", "2026-11-20T09:59:59Z", InForce, 0),
        ("Pacific/Kiritimati", "2026-11-20T10:00:00Z", Expired, 0),
        ("Pacific/Pago_Pago", "2026-11-21T10:59:59Z", InForce, 0),
        ("Pacific/Pago_Pago", "2026-11-21T11:00:00Z", Expired, 0),
    ] {
        let run = Run {
            zone,
            now: now.parse().unwrap(),
            ..run()
        };
        let (is, why) = run.state(&usual("pipedrive:17"));
        assert_eq!(is, state, "{zone} {now}");
        assert!(
            why.is_empty() || why.ends_with("2026-11-20") || why.ends_with("2026-11-01"),
            "{why}"
        );
        let days = run.with(&usual("pipedrive:17")).exceptions[0].days_left;
        assert_eq!(days, left, "{zone} {now}");
    }
}

#[test]
fn a_reason_code_accepts_that_reason_alone() {
    let coded = |subject: &str| {
        entry(
            subject,
            &format!("reason_code: active_after_exit, approved_by: E-1, {DAYS}"),
        )
    };
    assert_eq!(run().state(&coded("pipedrive:17")).0, ExceptionState::InForce);
    let mut run = run();
    let mut other = run.report.findings[0].reasons[0].clone();
    other.code = "worse".to_owned();
    run.report.findings[0].reasons.push(other);
    let words = "it accepts `active_after_exit` alone, and pipedrive:17 fails for `active_after_exit` and `worse`";
    assert_eq!(
        run.state(&coded("pipedrive:17")),
        (ExceptionState::OtherReason, words.to_owned())
    );
    assert_eq!(run.state(&usual("pipedrive:17")).0, ExceptionState::InForce);
    // A pattern accepts what it is about, and says what it leaves.
    run.report.findings[0].subject.id = "pipedrive:bot-1".to_owned();
    run.report.findings[1].subject.id = "pipedrive:bot-2".to_owned();
    let report = run.with(&coded("pipedrive:bot-*"));
    let accepted: Vec<bool> = report
        .findings
        .iter()
        .map(|finding| finding.exception.is_some())
        .collect();
    assert_eq!(accepted, [false, true, false]);
    assert_eq!(report.notices[0].code, "exception_other_reason");
    let message = &report.notices[0].message;
    assert!(message.ends_with("have another reason: pipedrive:bot-1"), "{message}");
}

#[test]
fn a_pattern_that_fits_too_much_accepts_nothing() {
    let with = |count: usize| {
        let mut run = run();
        let one = run.report.findings[0].clone();
        run.report.findings = (0..count)
            .map(|number| Finding {
                subject: SubjectRef {
                    id: format!("pipedrive:bot-{number}"),
                    ..one.subject.clone()
                },
                fingerprint: format!("{number}"),
                ..one.clone()
            })
            .collect();
        run.state(&usual("pipedrive:bot-*"))
    };
    assert_eq!(with(10).0, ExceptionState::InForce);
    assert_eq!(
        with(11),
        (
            ExceptionState::TooBroad,
            "it fits 11 subjects, and may fit 10 at most".to_owned()
        )
    );
}

#[test]
fn what_a_pattern_fits_counts_whether_it_fails_or_not() {
    let with = |passing: usize| {
        let mut run = run();
        run.report.findings[0].subject.id = "pipedrive:ada@example.com".to_owned();
        for number in 0..passing {
            let verdict = if number % 2 == 0 {
                Verdict::Pass
            } else {
                Verdict::Blocked
            };
            run = run.verdict(&format!("{number}@example.com"), verdict);
        }
        run
    };
    let pattern = usual("pipedrive:*@example.com");
    assert_eq!(with(9).state(&pattern).0, ExceptionState::InForce);
    assert_eq!(
        with(10).state(&pattern),
        (
            ExceptionState::TooBroad,
            "it fits 11 subjects, and may fit 10 at most".to_owned()
        )
    );
    // Whoever has found nothing yet hears of it before it matters.
    let mut nothing = with(11);
    nothing.report.findings.clear();
    assert_eq!(nothing.state(&pattern).0, ExceptionState::TooBroad);
    // One subject of its own name is one.
    assert_eq!(
        with(30).state(&usual("pipedrive:ada@example.com")).0,
        ExceptionState::InForce
    );
}

#[test]
fn an_exception_that_fits_nothing_says_why() {
    use ExceptionState::{NotJudged, TargetGone, Unused};
    let run = || {
        run()
            .verdict("1", Verdict::Pass)
            .verdict("2", Verdict::NotApplicable)
            .verdict("3", Verdict::Blocked)
            .verdict("4", Verdict::Unknown)
            .verdict("5", Verdict::Error)
            .verdict("abc1", Verdict::Pass)
            .verdict("abc2", Verdict::Unknown)
            .verdict("xyz1", Verdict::Pass)
    };
    for (id, state, words) in [
        ("1", Unused, "finds nothing wrong with pipedrive:1"),
        ("2", Unused, "does not apply to pipedrive:2"),
        ("3", NotJudged, "leaves pipedrive:3 to another check, which comes first"),
        ("4", NotJudged, "could not judge pipedrive:4"),
        ("5", NotJudged, "could not judge pipedrive:5"),
        ("abc*", NotJudged, "could not judge pipedrive:abc2"),
        ("xyz*", Unused, "finds nothing wrong with what `pipedrive:xyz*` fits"),
        ("77", TargetGone, "judges no pipedrive:77"),
        (
            "1@example.com",
            TargetGone,
            "; the account of that address is pipedrive:1",
        ),
        ("none*", TargetGone, "no subject fits `pipedrive:none*`"),
    ] {
        let (is, why) = run().state(&usual(&format!("pipedrive:{id}")));
        assert_eq!(is, state, "{id}: {why}");
        assert!(why.ends_with(words), "{id}: {why}");
    }
    let mut unread = run();
    for check in &mut unread.report.checks {
        check.population.unproved = Some("users were read to page 2 of 3".to_owned());
    }
    assert_eq!(unread.state(&usual("pipedrive:77")).0, NotJudged);
    let mut off = run();
    off.report.checks.iter_mut().for_each(|check| check.ran = false);
    assert_eq!(
        off.state(&usual("pipedrive:1")),
        (NotJudged, format!("`{CHECK}` did not run"))
    );
}

/// People in every state that matters to whoever may accept a risk.
fn everybody() -> Vec<Staff> {
    let mut lena = row("E017", "Lena Fox", "lena@example.com");
    lena.aliases = vec!["l.fox@example.com".to_owned()];
    let with = |id: &str, status: RecordedStatus| Staff {
        status,
        ..row(id, id, &format!("{id}@example.com"))
    };
    let soon = Staff {
        start_date: day("2027-01-01"),
        ..with("soon", RecordedStatus::Current)
    };
    vec![
        row("E-1", "Ada Brook", "ada.brook@example.com"),
        lena,
        with("leave", RecordedStatus::OnLeave),
        with("suspended", RecordedStatus::Suspended),
        with("left", RecordedStatus::Offboarded),
        with("unknown", RecordedStatus::Unknown),
        soon,
        row("E-8", "One", "shared@example.com"),
        row("E-9", "Two", "shared@example.com"),
    ]
}

/// What becomes of Lena's finding where somebody accepts it.
fn accepted_by(who: &str, run: &Run) -> String {
    let (state, why) = run.state(&entry("pipedrive:17", &format!("approved_by: '{who}', {DAYS}")));
    match state {
        ExceptionState::InForce => "in force".to_owned(),
        ExceptionState::NotApproved => why,
        other => format!("{other:?}"),
    }
}

#[test]
fn whoever_accepts_it_works_here_and_is_not_the_subject() {
    let run = Run {
        roster: everybody(),
        ..run()
    };
    for who in ["E-1", "e-1", "Ada.Brook@Example.com", "leave"] {
        assert_eq!(accepted_by(who, &run), "in force", "{who}");
    }
    for (who, why) in [
        ("nobody@example.com", "is not on the roster"),
        ("left", "does not work here any more"),
        ("soon", "has not started yet"),
        ("suspended", "is suspended"),
        ("shared@example.com", "is the address of several people"),
        ("E017", "is the subject of pipedrive:17 and cannot accept it"),
        (
            "lena@example.com",
            "is the subject of pipedrive:17 and cannot accept it",
        ),
        (
            "l.fox@example.com",
            "is the subject of pipedrive:17 and cannot accept it",
        ),
    ] {
        assert_eq!(accepted_by(who, &run), format!("`{who}` {why}"));
    }
    assert_eq!(
        accepted_by("unknown", &run),
        "whether `unknown` works here is not known"
    );
}

#[test]
fn the_address_of_an_account_says_whose_it_is_where_nothing_else_does() {
    for (address, state) in [
        (Some("Lena@example.com"), ExceptionState::NotApproved),
        (Some("l.fox@example.com"), ExceptionState::NotApproved),
        (Some("lena@example.org"), ExceptionState::NotApproved),
        (Some("lena+x@example.com"), ExceptionState::InForce),
        (None, ExceptionState::InForce),
    ] {
        let mut run = Run {
            roster: everybody(),
            ..run()
        };
        run.report.findings[0].identity = None;
        run.report.findings[0].subject.email = address.map(str::to_owned);
        let (is, why) = run.state(&entry("pipedrive:17", &format!("approved_by: E017, {DAYS}")));
        assert_eq!(is, state, "{address:?}: {why}");
    }
}

const OWN: &str = "is the subject of pipedrive:17 and cannot accept it";

/// What becomes of the finding of account 17, matched to Lena, where E-1 accepts it.
fn of_account(seventeen: Account) -> String {
    let mut roster = everybody();
    roster[0].aliases = vec!["brook@example.com".to_owned()];
    let run = Run {
        roster,
        accounts: vec![seventeen],
        ..run()
    };
    accepted_by("E-1", &run)
}

#[test]
fn whom_any_address_of_the_account_names_does_not_accept_it() {
    let lena = || account("17", "lena@example.com");
    assert_eq!(of_account(lena()), "in force");
    for alias in ["Ada.Brook@example.com", "brook@example.com", "ada.brook@example.org"] {
        let mut shared = lena();
        shared.aliases = vec!["other@example.com".to_owned(), alias.to_owned()];
        assert_eq!(of_account(shared), format!("`E-1` {OWN}"), "{alias}");
    }
    let mut numbered = lena();
    numbered.employee_id = Some("e-1".to_owned());
    assert_eq!(of_account(numbered), format!("`E-1` {OWN}"));
    // Another account's aliases are nothing to this one.
    let mut another = account("18", "x@example.com");
    another.aliases = vec!["ada.brook@example.com".to_owned()];
    assert_eq!(of_account(another), "in force");
}

#[test]
fn nobody_whose_the_account_may_be_accepts_it() {
    let of = |who: &str, change: &dyn Fn(&mut Run)| {
        let mut roster = everybody();
        roster.push(row("E-7", "Three", "shared@example.com"));
        let mut run = Run { roster, ..run() };
        run.report.findings[0].identity.as_mut().unwrap().staff = None;
        change(&mut run);
        accepted_by(who, &run)
    };
    let perhaps = |who: &str| format!("pipedrive:17 may be `{who}`'s own, so that somebody else has to accept it");
    // Of several people who share what the entry names, each one.
    for who in ["E-7", "E-8", "E-9"] {
        let mapped = |run: &mut Run| {
            run.accounts = vec![account("17", "")];
            run.mapped = Some(("17", "shared@example.com"));
        };
        assert_eq!(of(who, &mapped), perhaps(who));
    }
    let suggested = |run: &mut Run| {
        let identity = run.report.findings[0].identity.as_mut().unwrap();
        identity.suggestions = vec![Suggestion {
            staff: "E-1".to_owned(),
            name: None,
            email: None,
            why: "the name is theirs".to_owned(),
        }];
    };
    assert_eq!(
        of("ada.brook@example.com", &suggested),
        perhaps("ada.brook@example.com")
    );
    assert_eq!(of("leave", &suggested), "in force");
    assert_eq!(of("E-1", &|_| ()), "in force");
}

#[test]
fn whoever_answers_for_an_account_or_a_system_may_accept_what_is_found_of_it() {
    let mut owner = run();
    owner.accounts = vec![account("17", "bot@example.com")];
    owner.report.findings[0].identity.as_mut().unwrap().staff = None;
    assert_eq!(accepted_by("E-1", &owner), "in force");
    let subject = &mut owner.report.findings[0].subject;
    (subject.kind, subject.id) = (SubjectKind::System, "pipedrive".to_owned());
    owner.report.findings[0].identity = None;
    assert_eq!(owner.state(&usual("pipedrive")).0, ExceptionState::InForce);
}

#[test]
fn whoever_accepts_it_is_known_by_an_address_at_a_domain_that_means_the_same() {
    let run = Run {
        roster: everybody(),
        ..run()
    };
    assert_eq!(accepted_by("ada.brook@example.org", &run), "in force");
    assert_eq!(
        accepted_by("lena@example.org", &run),
        format!("`lena@example.org` {OWN}")
    );
    assert_eq!(
        accepted_by("shared@example.org", &run),
        "`shared@example.org` is the address of several people"
    );
    assert_eq!(
        accepted_by("ada.brook@example.net", &run),
        "`ada.brook@example.net` is not on the roster"
    );
}

#[test]
fn nobody_accepts_anything_by_a_roster_that_is_not_whole() {
    let run = Run {
        roster: everybody(),
        gap: Some("`roster` was not read".to_owned()),
        ..run()
    };
    assert_eq!(
        accepted_by("E-1", &run),
        "whether `E-1` still works here cannot be told: `roster` was not read"
    );
    assert_eq!(
        accepted_by("x", &run),
        "whether `x` is on the roster cannot be told: `roster` was not read"
    );
    assert_eq!(accepted_by("left", &run), "`left` does not work here any more");
}

#[test]
fn a_member_of_staff_does_not_accept_what_is_found_of_them() {
    let mut run = run();
    run.report.findings[0].identity = None;
    let subject = &mut run.report.findings[0].subject;
    (subject.kind, subject.id, subject.email) = (SubjectKind::Staff, "E-1".to_owned(), None);
    assert_eq!(
        run.state(&usual("E-1")),
        (
            ExceptionState::NotApproved,
            "`E-1` is the subject of E-1 and cannot accept it".to_owned()
        )
    );
}

#[test]
fn only_what_stands_in_the_base_project_is_in_force() {
    let now = usual("pipedrive:17");
    let against = |base: &str| {
        let run = Run {
            base: Some(base.to_owned()),
            ..run()
        };
        run.state(&now)
    };
    assert_eq!(against(&now).0, ExceptionState::InForce);
    assert_eq!(
        against(&format!("{}{now}", usual("pipedrive:1"))).0,
        ExceptionState::InForce
    );
    let proposed = |words: &str| (ExceptionState::Proposed, words.to_owned());
    assert_eq!(
        against(&usual("pipedrive:9")),
        proposed("the base project does not have it")
    );
    for (key, before) in [
        ("expires", now.replace("expires: 2026-11-20", "expires: 2026-11-19")),
        ("created", now.replace("created: 2026-11-01", "created: 2026-11-02")),
        ("reason", now.replace("reason: r", "reason: s")),
        ("approved_by", now.replace("E-1", "e-1")),
        ("ticket", now.replace("reason: r", "reason: r, ticket: T-1")),
    ] {
        assert_eq!(
            against(&before),
            proposed(&format!("the base project has it with another `{key}`"))
        );
    }
    for other in [
        now.replace("reason: r", "reason: r, reason_code: active_after_exit"),
        now.replace(CHECK, "user_identified"),
    ] {
        assert_eq!(against(&other), proposed("the base project does not have it"));
    }
    let late = Run {
        base: Some(usual("pipedrive:9")),
        now: "2026-12-01T00:00:00Z".parse().unwrap(),
        ..run()
    };
    let both = "the base project does not have it; besides, its last day was 2026-11-20";
    assert_eq!(late.state(&now), proposed(both));
    assert!(
        !late.with(&now).exceptions[0].findings.is_empty(),
        "what it would accept is listed"
    );
}

#[test]
fn a_zone_that_moves_with_the_change_gives_nobody_an_hour() {
    let run = Run {
        base: Some(usual("pipedrive:17")),
        zone: "Pacific/Pago_Pago",
        now: "2026-11-20T23:00:00Z".parse().unwrap(),
        ..run()
    };
    assert_eq!(run.state(&usual("pipedrive:17")).0, ExceptionState::Expired);
}
