//! An explanation for people: who it is, then each check with its verdict, its words, what was read, and its conditions.

use std::io::{self, Write};

use serde_json::Value as Json;

use super::reasons;
use crate::explain::{Explained, Explanation, Missing, Person, Read, State, Told, Whose};
use crate::finding::{SubjectKind, Verdict};
use crate::report::columns;
use crate::report::escape::{lines, sentence, terminal};
use crate::report::style::Style;
use crate::report::text::words;

/// Fields by which a record is known.
const NAMES: [&str; 3] = ["id", "key", "name"];

/// Writes it.
pub fn render(explanation: &Explanation, styled: bool, out: &mut impl Write) -> io::Result<()> {
    heading(explanation, styled, out)?;
    if let Some(whose) = &explanation.whose {
        writeln!(out)?;
        identity(whose, styled, out)?;
    }
    if !explanation.accounts.is_empty() {
        let keys: Vec<String> = explanation
            .accounts
            .iter()
            .map(|key| terminal(key).into_owned())
            .collect();
        writeln!(
            out,
            "{} {}",
            Style::STRONG.paint("their accounts:", styled),
            keys.join(", ")
        )?;
    }
    if explanation.checks.is_empty() {
        let kind = match explanation.subject.kind {
            SubjectKind::Account => "accounts",
            SubjectKind::Staff => "members of staff",
            SubjectKind::System => "systems",
            SubjectKind::Workspace => "the workspace",
        };
        writeln!(out, "\nnone of these checks judges {kind}")?;
    }
    for explained in &explanation.checks {
        writeln!(out)?;
        check(explained, styled, out)?;
    }
    Ok(())
}

fn heading(explanation: &Explanation, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let subject = &explanation.subject;
    let key = terminal(&subject.id);
    let title = match words::who(subject) {
        Some(who) if who != key => format!("{}  {key}", Style::STRONG.paint(&who, styled)),
        _ => Style::STRONG.paint(&key, styled),
    };
    writeln!(out, "{title}")?;
    let what = match (subject.kind, &explanation.system) {
        (SubjectKind::Account, Some(system)) => format!("an account of {}", terminal(system)),
        (SubjectKind::Account, None) => "an account".to_owned(),
        (SubjectKind::Staff, _) => "a member of staff".to_owned(),
        (SubjectKind::System, _) => "a system".to_owned(),
        (SubjectKind::Workspace, _) => "the workspace".to_owned(),
    };
    let (whose, at) = (terminal(&explanation.organisation), explanation.as_of);
    writeln!(out, "{what}, judged for {whose} as of {at}")?;
    if !explanation.cannot_decide.is_empty() {
        writeln!(
            out,
            "{}",
            Style::NOTE.paint("the run as a whole cannot decide:", styled)
        )?;
    }
    let mut why = explanation.cannot_decide.iter();
    why.try_for_each(|why| writeln!(out, "  - {}", sentence(why)))
}

fn identity(whose: &Whose, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let note = &whose.note;
    let rule = note.rule.replace('_', " ");
    let words = match (note.state.as_str(), &whose.person) {
        ("matched", Some(person)) => format!("{}, matched by {rule}", shown(person)),
        ("matched", None) => format!("matched by {rule}"),
        ("classified", _) => format!("a {} account, by an entry of the project", terminal(&note.class)),
        ("ambiguous", _) => "could be several people's".to_owned(),
        ("stale_mapping", _) => "mapped to staff who do not exist".to_owned(),
        ("not_identified", _) => "looked into, and nobody knows".to_owned(),
        _ => "nobody's that is known".to_owned(),
    };
    writeln!(out, "{} {words}", Style::STRONG.paint("whose it is:", styled))?;
    let mut entries: Vec<(String, String)> = Vec::new();
    for tried in &whose.tried {
        let answer = if tried.answered { "answered: " } else { "" };
        let name = tried.rule.replace('_', " ");
        entries.push((name, format!("{answer}{}", sentence(&tried.words))));
    }
    let people = whose
        .candidates
        .iter()
        .map(|person| ("candidate".to_owned(), shown(person)));
    entries.extend(people);
    entries.extend(whose.owner.as_ref().map(|owner| ("owner".to_owned(), shown(owner))));
    entries.extend(
        whose
            .reason
            .as_ref()
            .map(|reason| ("reason".to_owned(), sentence(reason).into_owned())),
    );
    if whose.open {
        let open = "rows that were not read could still say whose it is".to_owned();
        entries.push(("open".to_owned(), open));
    }
    for suggestion in &note.suggestions {
        let person = Person {
            id: suggestion.staff.clone(),
            name: suggestion.name.clone(),
            email: suggestion.email.clone(),
            status: None,
        };
        entries.push((
            "perhaps".to_owned(),
            format!("{}: {}", shown(&person), sentence(&suggestion.why)),
        ));
    }
    columns::render(&entries, 2, styled, out)?;
    if let Some(paste) = &note.paste {
        writeln!(out, "  to say so, add to the project under `identities:`")?;
        lines(paste).try_for_each(|line| writeln!(out, "    {line}"))?;
    }
    Ok(())
}

fn shown(person: &Person) -> String {
    let id = terminal(&person.id);
    let mut text = match (&person.name, &person.email) {
        (Some(name), Some(email)) => format!("{} <{}>", terminal(name), terminal(email)),
        (Some(one), None) | (None, Some(one)) => terminal(one).into_owned(),
        (None, None) => String::new(),
    };
    if text.is_empty() {
        text = id.into_owned();
    } else if person.email.as_ref() != Some(&person.id) {
        text = format!("{text} ({id})");
    }
    match &person.status {
        Some(status) => format!("{text}, {}", terminal(&status.replace('_', " "))),
        None => text,
    }
}

fn check(explained: &Explained, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let judgement = &explained.judgement;
    let style = Style::from(judgement.verdict);
    let label = style.paint(
        &format!("{}[{}]", judgement.verdict.word(), terminal(&judgement.check)),
        styled,
    );
    let title = Style::STRONG.paint(&sentence(&explained.title), styled);
    writeln!(out, "{label}: {title}")?;
    for reason in &judgement.reasons {
        writeln!(out, "  {}", sentence(&reason.message))?;
        if let Some(since) = &reason.since {
            writeln!(out, "    since {}", terminal(since))?;
        }
        if let Some(passes_if) = &reason.passes_if {
            let label = Style::GOOD.paint("passes if", styled);
            writeln!(out, "    {label} {}", sentence(passes_if))?;
        }
    }
    if let Some(note) = judgement.note.as_ref().filter(|_| explained.left_to.is_empty()) {
        writeln!(out, "  {}", sentence(note))?;
    }
    if let Some(accepted) = &explained.accepted {
        let (by, until) = (terminal(&accepted.approved_by), accepted.expires);
        let ticket = accepted
            .ticket
            .as_deref()
            .map(|ticket| format!(", {}", terminal(ticket)));
        let (ticket, why) = (ticket.unwrap_or_default(), sentence(&accepted.reason));
        writeln!(out, "  accepted by {by} until {until}{ticket}: {why}")?;
    }
    left_to(explained, styled, out)?;
    missing(explained, styled, out)?;
    section("read", styled, out)?;
    columns::render(&read(&explained.read), 4, styled, out)?;
    conditions(explained, styled, out)
}

fn section(title: &str, styled: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {}", Style::NOTE.paint(title, styled))
}

fn left_to(explained: &Explained, styled: bool, out: &mut impl Write) -> io::Result<()> {
    for left in &explained.left_to {
        let verdict = match left.verdict {
            Some(verdict) => Style::from(verdict).paint(verdict.word(), styled),
            None => "did not run".to_owned(),
        };
        writeln!(out, "  left to `{}`, which says: {verdict}", terminal(&left.check))?;
        for message in &left.messages {
            writeln!(out, "    {}", sentence(message))?;
        }
    }
    Ok(())
}

/// What is not known, and whether it is what keeps the check from an answer.
fn missing(explained: &Explained, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let entry = |missing: &Missing| {
        let why = missing.why.as_deref().unwrap_or("why is not known");
        (terminal(&missing.path).into_owned(), sentence(why).into_owned())
    };
    for (needed, title) in [
        (true, "not known, and needed for an answer"),
        (false, "not known, and not needed here"),
    ] {
        let of = explained.missing.iter().filter(|missing| missing.needed == needed);
        let entries: Vec<(String, String)> = of.map(entry).collect();
        if !entries.is_empty() {
            section(title, styled, out)?;
            columns::render(&entries, 4, styled, out)?;
        }
    }
    Ok(())
}

fn read(values: &[Read]) -> Vec<(String, String)> {
    let entry = |read: &Read| {
        let value = match (&read.value, read.counted) {
            (None, _) => "(not known)".to_owned(),
            (Some(Json::Number(count)), true) if count.as_u64() == Some(0) => "none".to_owned(),
            (Some(Json::Number(count)), true) if count.as_u64() == Some(1) => "1 element".to_owned(),
            (Some(count), true) => format!("{count} elements"),
            (Some(value), false) => plain(value),
        };
        (terminal(&read.path).into_owned(), value)
    };
    values.iter().map(entry).collect()
}

/// A value in words. A record names only what it states.
fn plain(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::String(text) if text.is_empty() => "\"\"".to_owned(),
        Json::String(text) => terminal(text).into_owned(),
        Json::Array(items) if items.is_empty() => "none".to_owned(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(fields) => {
            // What it goes by comes first.
            let is_name = |entry: &(&String, &Json)| NAMES.contains(&entry.0.as_str());
            let (first, rest): (Vec<_>, Vec<_>) = fields.iter().partition(is_name);
            let stated = first.into_iter().chain(rest).filter(|(_, value)| !value.is_null());
            let mut stated = stated.peekable();
            if stated.peek().is_none() {
                return "nothing stated".to_owned();
            }
            let stated = stated.map(|(name, value)| match value {
                Json::Array(_) => format!("{} [{}]", terminal(name), plain(value)),
                Json::Object(_) => format!("{} ({})", terminal(name), plain(value)),
                plain_value => format!("{} {}", terminal(name), plain(plain_value)),
            });
            stated.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// What fired first, then what did not, then what was not asked at all.
fn conditions(explained: &Explained, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let of = |state: State| explained.reasons.iter().filter(move |told| told.state == state);
    if of(State::Fired).next().is_some() {
        section("what fired", styled, out)?;
        for told in of(State::Fired) {
            writeln!(out, "    {}", name(told, styled))?;
            reasons::render(&told.definitions, 6, styled, out)?;
        }
    }
    if of(State::Undecided).next().is_some() {
        section("undecided", styled, out)?;
        for told in of(State::Undecided) {
            let paths: Vec<String> = told.missing.iter().map(|path| terminal(path).into_owned()).collect();
            writeln!(out, "    {}: {} not known", name(told, styled), words::and(&paths))?;
        }
    }
    if of(State::NotFired).next().is_some() {
        section("what did not fire", styled, out)?;
        for told in of(State::NotFired) {
            writeln!(out, "    {}", name(told, styled))?;
            reasons::render(&told.definitions, 6, styled, out)?;
        }
    }
    let (broken, asleep): (Vec<&Told>, Vec<&Told>) = of(State::NotAsked).partition(|told| !told.definitions.is_empty());
    if !broken.is_empty() {
        section("what could not be evaluated", styled, out)?;
        for told in broken {
            writeln!(out, "    {}", name(told, styled))?;
            reasons::render(&told.definitions, 6, styled, out)?;
        }
    }
    if !asleep.is_empty() && explained.judgement.verdict != Verdict::Error {
        let names: Vec<String> = asleep.iter().map(|told| name(told, false)).collect();
        section("not asked, since what fired answers", styled, out)?;
        for line in words::listed(names.into_iter()) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn name(told: &Told, styled: bool) -> String {
    Style::STRONG.paint(&format!("{} {}", told.kind, terminal(&told.code)), styled)
}
