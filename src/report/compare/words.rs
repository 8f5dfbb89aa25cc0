//! How a comparison is told, whatever the form. Nothing here is escaped yet.

use crate::compare::{Change, Compared, Comparison, Difference, Presence, ReportedSubject, Row, Side};

/// `1 new finding`, `2 still open`.
pub fn heading(change: Change, number: usize) -> String {
    let (one, many) = match change {
        Change::New => ("new finding", "new findings"),
        Change::ExceptionEnded => (
            "finding whose exception has ended",
            "findings whose exception has ended",
        ),
        Change::NewlyCounting => (
            "finding that counts now and did not",
            "findings that count now and did not",
        ),
        Change::AcceptedAndChanged => (
            "accepted finding that is not what it was",
            "accepted findings that are not what they were",
        ),
        Change::UndecidedNow => ("finding that NEW cannot judge", "findings that NEW cannot judge"),
        Change::StillOpen => ("still open", "still open"),
        Change::NoLongerJudged => (
            "finding whose subject is no longer judged, which is not the same as fixed",
            "findings whose subjects are no longer judged, which is not the same as fixed",
        ),
        Change::Fixed => ("fixed", "fixed"),
        Change::SubjectGone => (
            "finding whose subject is gone, which is not the same as fixed",
            "findings whose subjects are gone, which is not the same as fixed",
        ),
        Change::NewlyExcepted => ("newly accepted", "newly accepted"),
        Change::StillExcepted => ("still accepted", "still accepted"),
    };
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The same in a list of them.
pub fn counted(change: Change, number: usize) -> String {
    let word = match change {
        Change::New => "new",
        Change::ExceptionEnded if number == 1 => "exception ended",
        Change::ExceptionEnded => "exceptions ended",
        Change::NewlyCounting => "newly counting",
        Change::AcceptedAndChanged => "accepted and changed",
        Change::UndecidedNow => "undecided now",
        Change::StillOpen => "still open",
        Change::NoLongerJudged => "no longer judged",
        Change::Fixed => "fixed",
        Change::SubjectGone => "gone",
        Change::NewlyExcepted => "newly accepted",
        Change::StillExcepted => "still accepted",
    };
    format!("{number} {word}")
}

/// `1 new, 1 fixed, 12 still open`, with what is new whatever its number.
pub fn sum(comparison: &Comparison) -> String {
    let parts = Change::ALL.into_iter().filter_map(|change| {
        let number = comparison.changed(change).count();
        (number > 0 || change == Change::New).then(|| counted(change, number))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// `14 findings, 2 of them accepted`, or that it could not decide.
pub fn outcome(side: &Side) -> String {
    let findings = match side.findings {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        number => format!("{number} findings"),
    };
    let accepted = match side.accepted {
        0 => String::new(),
        number => format!(", {number} of them accepted"),
    };
    let open = if side.cannot_decide.is_empty() {
        ""
    } else {
        ", could not decide"
    };
    format!("{findings}{accepted}{open}")
}

/// Name and address of a subject, as far as they are known and say more than the id.
pub fn who(subject: &ReportedSubject) -> Option<String> {
    person(subject.name.as_deref(), subject.email.as_deref()).filter(|who| *who != subject.id)
}

/// `Lena Fox <lena.fox@example.com>`, or as much of it as is known.
pub fn person(name: Option<&str>, email: Option<&str>) -> Option<String> {
    let stated = |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(str::to_owned);
    match (stated(name), stated(email)) {
        (Some(name), Some(email)) if name != email => Some(format!("{name} <{email}>")),
        (Some(one), _) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

/// `state active -> inactive`, `roles + Sales (2), - Support (4)`.
pub fn difference(difference: &Difference) -> String {
    let what = &difference.what;
    if difference.added.is_empty() && difference.removed.is_empty() {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        return format!("{what} {} -> {}", shown(&difference.before), shown(&difference.now));
    }
    // A list of a thousand permissions would hide what else changed.
    const SHOWN: usize = 10;
    let side = |sign: &'static str, list: &[String]| {
        let more = list.len().saturating_sub(SHOWN);
        let mut items: Vec<String> = list.iter().take(SHOWN).map(|one| format!("{sign} {one}")).collect();
        if more > 0 {
            items.push(format!("{sign} … and {more} more"));
        }
        items
    };
    let mut items = side("+", &difference.added);
    items.extend(side("-", &difference.removed));
    format!("{what} {}", items.join(", "))
}

/// All differences of one thing.
pub fn differences(list: &[Difference]) -> String {
    list.iter().map(difference).collect::<Vec<_>>().join("; ")
}

/// How many of a list are shown: all that somebody is to look at or that differ, which come first, and else some.
pub fn shown(change: Change, all: &[&Compared], some: usize) -> usize {
    if change.needs_a_look() {
        return all.len();
    }
    let differing = all.iter().filter(|one| !one.differences.is_empty()).count();
    differing.max(some)
}

/// Whether what a finding says now is to be shown beside what became of it.
pub fn tells_reasons(one: &Compared) -> bool {
    let is_news = matches!(
        one.change,
        Change::New | Change::ExceptionEnded | Change::NewlyCounting | Change::AcceptedAndChanged
    );
    is_news || one.differences.iter().any(is_message)
}

/// What became of a finding, one line each: what it said before, how it is known, and what else differs.
pub fn became(one: &Compared) -> Vec<String> {
    let (messages, others): (Vec<_>, Vec<_>) = one.differences.iter().cloned().partition(is_message);
    let said_before = messages.into_iter().filter_map(|message| message.before);
    let mut lines: Vec<String> = said_before.map(|message| format!("in OLD: {message}")).collect();
    if !one.said.is_empty() {
        lines.push(one.said.clone());
    }
    if !others.is_empty() {
        lines.push(differences(&others));
    }
    lines
}

/// What it says now stands among the reasons.
fn is_message(difference: &Difference) -> bool {
    difference.what == "message"
}

/// The four lists of facts, each with its heading; those that are not known are left out.
pub fn lists(comparison: &Comparison) -> impl Iterator<Item = (&'static str, &[Row])> {
    let facts = &comparison.facts;
    [
        ("systems", &facts.systems),
        ("accounts", &facts.accounts),
        ("roles and permission sets", &facts.roles),
        ("staff", &facts.staff),
    ]
    .into_iter()
    .filter_map(|(what, rows)| Some((what, rows.as_deref()?)))
}

/// What became of a row, in words.
pub const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Came => "new",
        Presence::FirstSeen => "first seen",
        Presence::Gone => "gone",
        Presence::NotSeen => "not seen",
        Presence::Changed => "changed",
    }
}

/// `2 new, 1 gone, 3 changed`.
pub fn counts(rows: &[Row]) -> String {
    let all = [
        Presence::Came,
        Presence::FirstSeen,
        Presence::Gone,
        Presence::NotSeen,
        Presence::Changed,
    ];
    let counts = all.into_iter().filter_map(|one| {
        let number = rows.iter().filter(|row| row.presence == one).count();
        (number > 0).then(|| format!("{number} {}", presence(one)))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// The id of a row as a person would write it in the project: `pipedrive:17`, or that of a role with its kind.
pub fn key(row: &Row) -> String {
    match (&row.system, row.kind) {
        (Some(system), None) => format!("{system}:{}", row.id),
        (Some(system), Some(kind)) => format!("{} {} of {system}", kind.replace('_', " "), row.id),
        (None, _) => row.id.clone(),
    }
}

/// What there is to say of a row beside who it is.
pub fn about(row: &Row) -> String {
    match (row.presence, row.state) {
        (Presence::Changed, _) => differences(&row.differences),
        (_, Some(state)) => state.replace('_', " "),
        (_, None) => String::new(),
    }
}
