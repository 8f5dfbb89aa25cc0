//! An examination for people: each source, then what could not be decided, then one last line.

use std::io::{self, Write};

use crate::doctor::{Examination, Open, Source, Trouble};
use crate::exit::Exit;
use crate::report::style::Style;
use crate::report::{columns, escape};
use crate::snapshot::{Completeness, YesNo};

/// Writes it.
pub fn render(found: &Examination, styled: bool, out: &mut impl Write) -> io::Result<()> {
    for source in &found.sources {
        one(source, styled, out)?;
        writeln!(out)?;
    }
    for trouble in &found.troubles {
        for (label, words) in troubled(trouble) {
            writeln!(out, "{} {words}", Style::ERROR.paint(&format!("{label}:"), styled))?;
        }
        writeln!(out)?;
    }
    if !found.open.is_empty() {
        writeln!(out, "{}", Style::WARNING.paint("what could not be decided", styled))?;
        columns::render(&opened(&found.open), 2, styled, out)?;
        writeln!(out)?;
    }
    last(found, styled, out)
}

fn one(source: &Source, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let mut about = vec![source.connector.clone()];
    about.extend(source.origin.clone());
    about.extend(source.tenant.as_ref().map(|tenant| format!("tenant {tenant}")));
    about.extend(match (source.mode, source.taken_at) {
        (None, _) => None,
        (Some(_), Some(at)) => Some(format!("taken {at}")),
        (Some(_), None) => Some("of no stated date".to_owned()),
    });
    writeln!(
        out,
        "{} ({})",
        Style::STRONG.paint(&escape::terminal(&source.id), styled),
        escape::sentence(&about.join(", "))
    )?;
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.extend(source.trouble.iter().flat_map(troubled));
    lines.extend(signed_in(source).map(|words| ("signed in", words)));
    for stream in &source.streams {
        let rows = if stream.rows == 1 {
            "1 row".to_owned()
        } else {
            format!("{} rows", stream.rows)
        };
        let name = &stream.name;
        lines.push(match (stream.state, &stream.why) {
            (Completeness::Complete, _) => ("ok", format!("{name}: {rows}")),
            (Completeness::Unavailable, why) => ("not shown", format!("{name}: {}", stated(why))),
            (Completeness::Partial, why) => ("in part", format!("{name}: {rows}; {}", stated(why))),
            (Completeness::Failed, why) => ("failed", format!("{name}: {}", stated(why))),
        });
    }
    for provided in source
        .collections
        .iter()
        .filter(|provided| provided.state.is_incomplete())
    {
        let told = |why: &String| {
            source
                .streams
                .iter()
                .any(|stream| stream.why.as_ref().is_some_and(|told| why.contains(told.as_str())))
        };
        if !provided.why.as_ref().is_some_and(told) {
            lines.push((
                "in part",
                format!("{}: {}", provided.collection.word(), stated(&provided.why)),
            ));
        }
    }
    lines.extend(
        source
            .lacks
            .iter()
            .map(|lack| ("cannot fill", format!("{}: {}", lack.path, lack.why))),
    );
    lines.extend(
        source
            .budget
            .map(|(left, of)| ("budget", format!("{left} of {of} left today"))),
    );
    lines.extend(source.stale.iter().map(|stale| ("too old", stale.clone())));
    lines.extend(source.warnings.iter().map(|warning| ("look at", warning.clone())));
    let lines: Vec<(String, String)> = lines
        .into_iter()
        .map(|(label, words)| (label.to_owned(), escape::sentence(&words).into_owned()))
        .collect();
    columns::render(&lines, 2, styled, out)
}

fn signed_in(source: &Source) -> Option<String> {
    let way = source.way.as_ref().map(|way| format!("with {way}"));
    let reader = source.reader.as_ref().map(|reader| {
        let who = match (&reader.name, &reader.email) {
            (Some(name), Some(email)) => format!("{name} <{email}> ({})", reader.key),
            (Some(one), None) | (None, Some(one)) => format!("{one} ({})", reader.key),
            (None, None) => reader.key.clone(),
        };
        let sees = match reader.sees_all {
            YesNo::Yes => "who sees every account",
            YesNo::No => "who does not see every account",
            YesNo::Unknown => "of whom nobody knows whether they see every account",
        };
        format!("as {who}, {sees}")
    });
    match (way, reader) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(one),
        (Some(way), Some(reader)) => Some(format!("{way}, {reader}")),
    }
}

fn troubled(trouble: &Trouble) -> Vec<(&'static str, String)> {
    let message = trouble.message.lines().next().unwrap_or_default();
    let mut lines = vec![("error", escape::sentence(message).into_owned())];
    lines.extend(
        trouble
            .help
            .as_ref()
            .map(|help| ("help", escape::sentence(help).into_owned())),
    );
    lines
}

/// Reasons of one check that lack the same are told together.
fn opened(open: &[Open]) -> Vec<(String, String)> {
    let alike = |one: &Open, other: &Open| {
        let lack = |open: &Open| (open.missing.clone(), open.unknown.clone(), open.why.clone());
        one.check == other.check && one.system == other.system && lack(one) == lack(other)
    };
    let mut groups: Vec<Vec<&Open>> = Vec::new();
    for one in open {
        let known = groups
            .iter_mut()
            .find(|group| group.iter().any(|other| alike(one, other)));
        match known {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups.iter().filter_map(|group| together(group)).collect()
}

fn together(group: &[&Open]) -> Option<(String, String)> {
    let first = group.first()?;
    let subjects = group.iter().map(|one| one.subjects).max().unwrap_or_default();
    let about = match (&first.system, subjects) {
        (Some(system), 0) => format!("of {system}: "),
        (Some(system), many) => format!("of {system}, {many} of what was read: "),
        (None, _) => String::new(),
    };
    let reasons: Vec<&str> = group.iter().filter_map(|one| one.reason.as_deref()).collect();
    let words = if reasons.is_empty() {
        format!("{about}nothing is judged; {}", stated(&first.why))
    } else {
        let lacks = [
            ("no source fills ", "", &first.missing),
            ("", " not known", &first.unknown),
        ];
        let lacks = lacks.iter().filter(|(_, _, paths)| !paths.is_empty());
        let lacks: Vec<String> = lacks
            .map(|(before, behind, paths)| format!("; {before}{}{behind}", paths.join(", ")))
            .collect();
        format!("{about}{}{}", reasons.join(", "), lacks.concat())
    };
    Some((
        escape::terminal(&first.check).into_owned(),
        escape::sentence(&words).into_owned(),
    ))
}

fn last(found: &Examination, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let well = found.sources.iter().filter(|source| !source.undecides).count();
    let all = found.sources.len();
    let (style, words) = match found.outcome {
        Exit::Clean => (Style::GOOD, "everything that the checks need can be read"),
        Exit::Usage => (Style::ERROR, "something has to be mended first"),
        Exit::Findings | Exit::CannotDecide => (Style::WARNING, "a run could not decide everything"),
    };
    let sources = if all == 1 { "source" } else { "sources" };
    let are = if well == 1 { "is" } else { "are" };
    writeln!(
        out,
        "{well} of {all} {sources} {are} well: {}: exit {}",
        style.paint(words, styled),
        found.outcome as u8
    )
}

fn stated(why: &Option<String>) -> &str {
    why.as_deref().unwrap_or("it was not read to its end")
}
