//! Whether a report adds up: each part of it held against the others.
//!
//! A report that was cut or edited must not be taken for one in which less was wrong, or in which a clock began later.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Reported, ReportedCheck, ReportedKept, ReportedSubject, ReportedVerdict};
use crate::finding::{Lifecycle, RunVerdict, SubjectKind, Verdict, fingerprint};

/// What a verdict is of: check, kind and id.
type Key<'a> = (&'a str, &'a str, &'a str);

/// Holds the parts against each other.
pub fn hold(report: &Reported) -> Result<(), String> {
    once(report)?;
    let places = Places::of(report);
    counts(report, &places)?;
    for finding in &report.findings {
        if places.get(&finding.check, &finding.subject).is_none() {
            return Err(format!(
                "the finding `{}` is of `{}`, and no such check is listed of its system",
                finding.fingerprint, finding.check
            ));
        }
        let what = format!("the finding `{}`", finding.fingerprint);
        identified(&what, &finding.check, &finding.subject, &finding.fingerprint)?;
        let clock = &finding.clock;
        began(report, &what, clock.first_failed_at, clock.since)?;
        let is_over = clock.due.is_none_or(|due| report.as_of >= due);
        let right = match clock.lifecycle {
            Lifecycle::Passing => false,
            Lifecycle::Due | Lifecycle::Critical => !is_over,
            Lifecycle::Failing => is_over,
        };
        if !right {
            return Err(format!(
                "{what} is {}, which is not what its times say",
                clock.lifecycle.word()
            ));
        }
    }
    let kept = report.baseline.iter().flat_map(|baseline| &baseline.kept);
    for kept in kept {
        let ReportedKept {
            check,
            subject,
            fingerprint,
            first_failed_at,
            since,
            ..
        } = kept;
        let what = format!("what its baseline kept of `{fingerprint}`");
        identified(&what, check, subject, fingerprint)?;
        began(report, &what, *first_failed_at, *since)?;
    }
    if let Some(verdicts) = &report.verdicts {
        every_verdict(report, verdicts, &places)?;
    }
    let verdict = RunVerdict::of(report.cannot_decide.is_empty(), !report.findings.is_empty());
    if report.verdict != verdict {
        return Err("its verdict is not that of what stands in it".to_owned());
    }
    Ok(())
}

/// Holds that nothing stands in it twice, and that a check does.
fn once(report: &Reported) -> Result<(), String> {
    if report.checks.is_empty() {
        return Err("no check is listed".to_owned());
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = report.checks.iter().find(|one| !seen.insert((&one.id, &one.system))) {
        return Err(format!("{} stands in it twice", named(twice)));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = report.systems.iter().find(|one| !seen.insert(&one.id)) {
        return Err(format!("the system `{}` stands in it twice", twice.id));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = report.findings.iter().find(|one| !seen.insert(&one.fingerprint)) {
        return Err(format!("the finding `{}` stands in it twice", twice.fingerprint));
    }
    // What was found again is not kept as well: one of the two would say when it began.
    let mut kept = report.baseline.iter().flat_map(|baseline| &baseline.kept);
    if let Some(twice) = kept.find(|one| !seen.insert(&one.fingerprint)) {
        return Err(format!(
            "what its baseline kept of `{}` stands in it twice",
            twice.fingerprint
        ));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = report.undecided.iter().find(|one| !seen.insert(key(one))) {
        return Err(format!(
            "the undecided verdict of `{}` on `{}` stands in it twice",
            twice.check, twice.subject.id
        ));
    }
    Ok(())
}

/// Holds the counts of every check against each other and against what is listed.
fn counts(report: &Reported, places: &Places) -> Result<(), String> {
    let tally = |list: &mut dyn Iterator<Item = (&str, &ReportedSubject)>| {
        let mut numbers = vec![0_u128; report.checks.len()];
        for place in list.filter_map(|(check, subject)| places.get(check, subject)) {
            if let Some(number) = numbers.get_mut(place) {
                *number += 1;
            }
        }
        numbers
    };
    let findings = tally(&mut report.findings.iter().map(|one| (one.check.as_str(), &one.subject)));
    let undecided = tally(&mut report.undecided.iter().map(|one| (one.check.as_str(), &one.subject)));
    for ((check, findings), undecided) in report.checks.iter().zip(findings).zip(undecided) {
        let of = &check.population;
        if findings != u128::from(of.fail) {
            return Err(format!(
                "`{}` has {} findings by its count, and {findings} that are listed",
                check.id, of.fail
            ));
        }
        let counted = u128::from(of.unknown) + u128::from(of.error);
        if undecided != counted {
            return Err(format!(
                "`{}` has {counted} undecided verdicts by its count, and {undecided} that are listed",
                check.id
            ));
        }
        let parts = [of.pass, of.fail, of.not_applicable, of.blocked, of.unknown, of.error];
        let sum: u128 = parts.into_iter().map(u128::from).sum();
        if sum != u128::from(of.total) {
            return Err(format!(
                "{} judged {} by its total, and {sum} by its counts",
                named(check),
                of.total
            ));
        }
        if !check.ran && sum > 0 {
            return Err(format!("{} did not run, and judged {sum}", named(check)));
        }
    }
    Ok(())
}

/// Holds that a fingerprint is that of a check and a subject.
fn identified(what: &str, check: &str, subject: &ReportedSubject, written: &str) -> Result<(), String> {
    let Some(kind) = SubjectKind::of(&subject.kind) else {
        return Err(format!("{what} is of a `{}`, which no check judges", subject.kind));
    };
    if fingerprint(check, kind, &subject.id) != written {
        return Err(format!(
            "{what} is of `{check}` and `{}`, and another fingerprint is theirs",
            subject.id
        ));
    }
    Ok(())
}

/// Holds that what was found began, and was found, before the report.
fn began(report: &Reported, what: &str, first_failed_at: Timestamp, since: Timestamp) -> Result<(), String> {
    if first_failed_at > report.as_of {
        return Err(format!(
            "{what} was first found at {first_failed_at}, and the report speaks of {}",
            report.as_of
        ));
    }
    if since > first_failed_at {
        return Err(format!(
            "{what} is there since {since}, and was first found at {first_failed_at}, before that"
        ));
    }
    Ok(())
}

/// Holds the list of all verdicts against the counts, and against the lists of those that are more than counted.
fn every_verdict(report: &Reported, verdicts: &[ReportedVerdict], places: &Places) -> Result<(), String> {
    let mut all: BTreeMap<Key, Verdict> = BTreeMap::new();
    let mut listed: BTreeMap<(usize, Verdict), u64> = BTreeMap::new();
    for one in verdicts {
        if all.insert(key(one), one.verdict).is_some() {
            return Err(format!(
                "the verdict of `{}` on `{}` stands in it twice",
                one.check, one.subject.id
            ));
        }
        let Some(place) = places.get(&one.check, &one.subject) else {
            return Err(format!(
                "the verdict on `{}` is of `{}`, and no such check is listed of its system",
                one.subject.id, one.check
            ));
        };
        *listed.entry((place, one.verdict)).or_default() += 1;
    }
    let failed = report.findings.iter().map(|one| {
        let key = (one.check.as_str(), one.subject.kind.as_str(), one.subject.id.as_str());
        (key, Verdict::Fail)
    });
    let undecided = report.undecided.iter().map(|one| (key(one), one.verdict));
    for (key, verdict) in failed.chain(undecided) {
        if all.get(&key) != Some(&verdict) {
            let (check, _, subject) = key;
            return Err(format!(
                "`{check}` says `{}` of `{subject}`, and its verdict is not listed so",
                verdict.word()
            ));
        }
    }
    // The same number of each, so that no fail and nothing undecided is among the verdicts alone.
    for (place, check) in report.checks.iter().enumerate() {
        let of = &check.population;
        let counts = [
            (Verdict::Pass, of.pass),
            (Verdict::Fail, of.fail),
            (Verdict::NotApplicable, of.not_applicable),
            (Verdict::Blocked, of.blocked),
            (Verdict::Unknown, of.unknown),
            (Verdict::Error, of.error),
        ];
        for (verdict, counted) in counts {
            let listed = listed.get(&(place, verdict)).copied().unwrap_or_default();
            if listed != counted {
                return Err(format!(
                    "{} says `{}` of {counted} by its count, and of {listed} by its verdicts",
                    named(check),
                    verdict.word()
                ));
            }
        }
    }
    Ok(())
}

fn key(one: &ReportedVerdict) -> Key<'_> {
    (&one.check, &one.subject.kind, &one.subject.id)
}

/// Where each check stands.
struct Places<'a>(BTreeMap<(&'a str, Option<&'a str>), usize>);

impl<'a> Places<'a> {
    fn of(report: &'a Reported) -> Self {
        let checks = report.checks.iter().enumerate();
        Self(
            checks
                .map(|(place, check)| ((check.id.as_str(), check.system.as_deref()), place))
                .collect(),
        )
    }

    /// The check of an id in the system of a subject, or the one of no system.
    fn get(&self, id: &str, subject: &ReportedSubject) -> Option<usize> {
        let of_system = self.0.get(&(id, subject.system.as_deref()));
        of_system.or_else(|| self.0.get(&(id, None))).copied()
    }
}

fn named(check: &ReportedCheck) -> String {
    match &check.system {
        Some(system) => format!("`{}` of `{system}`", check.id),
        None => format!("`{}`", check.id),
    }
}
