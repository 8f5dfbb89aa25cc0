//! The catalogue as a page of Markdown: a table of contents, and a section for each check under an anchor of its id.

use std::io::{self, Write};

use crate::catalogue::{Catalogue, Entry, Param, Piece, Reason, Sentence};
use crate::finding::SubjectKind;
use crate::report::escape::{markdown, markdown_code as code, markdown_link as link};

const HEAD: &str = "<!-- Written by `rolecall docs`. Do not edit it: change the checks, and write it again. -->

# Checks

Written by `rolecall docs` from the metadata and the rules of each check. In a sentence, `system.name` stands for the value
at that place of what is judged, and `account.email|account.key` for the first of the two that is known. What a reason reads
is all that its answer can depend on; `staff.{name, status}` is `staff.name` and `staff.status`.

| check | judges | severity | what has to be so |
|---|---|---|---|
";

/// Writes the page.
pub fn render(catalogue: &Catalogue, out: &mut impl Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    for entry in &catalogue.checks {
        let (id, what) = (&entry.id, text(entry.description.trim()));
        writeln!(
            out,
            "| [{id}](#{id}) | {} | {} | {what} |",
            judged(entry.subject),
            entry.severity.word()
        )?;
    }
    for entry in &catalogue.checks {
        section(entry, catalogue, out)?;
    }
    Ok(())
}

/// What a check judges, of which there are many.
fn judged(subject: SubjectKind) -> &'static str {
    match subject {
        SubjectKind::Account => "accounts",
        SubjectKind::Staff => "members of staff",
        SubjectKind::System => "systems",
        SubjectKind::Workspace => "the workspace",
    }
}

fn section(entry: &Entry, catalogue: &Catalogue, out: &mut impl Write) -> io::Result<()> {
    let id = &entry.id;
    writeln!(out, "\n<a id=\"{id}\"></a>\n\n## {id}\n")?;
    writeln!(
        out,
        "**{}**\n\n{}\n",
        sentence(&entry.title),
        text(entry.description.trim())
    )?;
    writeln!(out, "- Judges: {}", judged(entry.subject))?;
    writeln!(out, "- Severity: {}", entry.severity.word())?;
    let replaces = if entry.replaces_built_in {
        ", in place of the built-in check of that name"
    } else {
        ""
    };
    writeln!(out, "- From: {}{replaces}", text(&entry.origin))?;
    if !entry.controls.is_empty() {
        let frameworks = entry
            .controls
            .iter()
            .map(|(framework, ids)| format!("{} {}", code(framework), text(&ids.join(", "))));
        writeln!(out, "- Controls: {}", frameworks.collect::<Vec<_>>().join("; "))?;
    }
    for page in &entry.links {
        writeln!(out, "- Page: {}", link(&page.description, &page.url))?;
    }
    params(&entry.params, out)?;
    let (left, skipped): (Vec<_>, Vec<_>) = entry.skip.iter().partition(|reason| reason.blocked_by.is_some());
    reasons("Not applicable", &skipped, catalogue, out)?;
    reasons("Left to another check", &left, catalogue, out)?;
    reasons("Fails", &entry.fail.iter().collect::<Vec<_>>(), catalogue, out)?;
    reasons("Unknown", &entry.unknown.iter().collect::<Vec<_>>(), catalogue, out)?;
    writeln!(out, "\n**Passes**\n\n- {}", sentence(&entry.pass))?;
    if !entry.facts.is_empty() {
        writeln!(out, "\n**Facts**, for the words of a failure\n")?;
        for fact in &entry.facts {
            writeln!(
                out,
                "- {}\n  - reads {}",
                code(&format!("facts.{}", fact.name)),
                paths(&fact.reads)
            )?;
        }
    }
    writeln!(out, "\n**What to do**\n\n{}\n", sentence(&entry.summary))?;
    for (position, step) in entry.steps.iter().enumerate() {
        writeln!(out, "{}. {}", position + 1, sentence(step))?;
    }
    if !entry.steps.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "**Reads** in all: {}", paths(&entry.reads))
}

fn params(params: &[Param], out: &mut impl Write) -> io::Result<()> {
    if params.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n**Settings**, under `params` in the project file\n")?;
    for param in params {
        let default = code(&param.default.to_string());
        write!(
            out,
            "- {} ({}; {default} by default)",
            code(&param.name),
            param.kind_in_words
        )?;
        match param.description.as_str() {
            "" => writeln!(out)?,
            words => writeln!(out, ": {}", text(words))?,
        }
    }
    Ok(())
}

fn reasons(heading: &str, reasons: &[&Reason], catalogue: &Catalogue, out: &mut impl Write) -> io::Result<()> {
    if reasons.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n**{heading}**\n")?;
    for reason in reasons {
        writeln!(out, "- {}: {}", code(&reason.code), sentence(&reason.message))?;
        if let Some(other) = &reason.blocked_by {
            let listed = catalogue.checks.iter().any(|entry| entry.id == *other);
            match listed {
                true => writeln!(out, "  - left to [{other}](#{other})")?,
                false => writeln!(out, "  - left to {}", code(other))?,
            }
        }
        if let Some(words) = &reason.passes_if {
            writeln!(out, "  - passes if {}", sentence(words))?;
        }
        if let Some(path) = &reason.since {
            writeln!(out, "  - since {}", code(path))?;
        }
        writeln!(out, "  - reads {}", paths(&reason.reads))?;
    }
    Ok(())
}

/// Paths, those with one parent taken together.
fn paths(paths: &[String]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for path in paths {
        let (parent, leaf) = path.rsplit_once('.').unwrap_or(("", path));
        match groups.iter_mut().find(|(known, _)| *known == parent) {
            Some((_, leaves)) => leaves.push(leaf),
            None => groups.push((parent, vec![leaf])),
        }
    }
    let group = |(parent, leaves): &(&str, Vec<&str>)| match (*parent, leaves.as_slice()) {
        ("", leaves) => leaves.iter().map(|leaf| code(leaf)).collect::<Vec<_>>().join(", "),
        (parent, [leaf]) => code(&format!("{parent}.{leaf}")),
        (parent, leaves) => code(&format!("{parent}.{{{}}}", leaves.join(", "))),
    };
    match groups.is_empty() {
        true => "nothing".to_owned(),
        false => groups.iter().map(group).collect::<Vec<_>>().join(", "),
    }
}

/// Words. What their author put between backticks is code, as in Markdown; nothing else is markup.
fn text(words: &str) -> String {
    let parts: Vec<&str> = words.split('`').collect();
    let between = |position: usize| position % 2 == 1;
    let code_is_empty = parts
        .iter()
        .enumerate()
        .any(|(position, part)| between(position) && part.trim().is_empty());
    if parts.len().is_multiple_of(2) || code_is_empty {
        return markdown(words);
    }
    let part = |(position, part): (usize, &&str)| match between(position) {
        true => code(part),
        false => markdown(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// A sentence whose placeholders are set apart from its words.
fn sentence(sentence: &Sentence) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(words) => text(words),
        Piece::Placeholder(path) => code(path),
    };
    let written: String = sentence.0.iter().map(piece).collect();
    written.trim().to_owned()
}
