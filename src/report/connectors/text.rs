//! Connectors for people.

use std::io::{self, Write};

use super::document::{kind, way};
use crate::connector::Connector;
use crate::connector::manifest::{Auth, FieldNeeds, Param, StreamSpec};
use crate::report::style::Style;
use crate::report::{columns, escape};

/// Every connector: what it provides, and what it cannot see.
pub fn list(connectors: &[&Connector], styled: bool, out: &mut impl Write) -> io::Result<()> {
    let entries = connectors.iter().flat_map(|connector| {
        let manifest = &connector.manifest;
        let provides: Vec<&str> = manifest.provides().map(|(collection, _)| collection.word()).collect();
        let mut words = provides.join(", ");
        if let Some(population) = &manifest.population {
            words.push_str(&format!(": {}", escape::sentence(population)));
        }
        if connector.origin != "built-in" {
            words.push_str(&format!(" (in {})", escape::sentence(&connector.origin)));
        }
        let blind = (!manifest.cannot_see.is_empty())
            .then(|| format!("cannot see {}", escape::sentence(&manifest.cannot_see.join("; "))));
        let id = escape::terminal(&connector.id).into_owned();
        std::iter::once((id, words)).chain(blind.map(|blind| (String::new(), blind)))
    });
    columns::render(&entries.collect::<Vec<_>>(), 0, styled, out)?;
    writeln!(out, "\n`rolecall connectors ID` says everything of one")
}

/// All that is known of one.
pub fn one(connector: &Connector, paste: &str, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let manifest = &connector.manifest;
    let replaces = if connector.replaces_built_in {
        ", in place of the built-in one"
    } else {
        ""
    };
    writeln!(
        out,
        "{} ({}, version {}, {}{replaces})",
        Style::STRONG.paint(&escape::terminal(&connector.id), styled),
        kind(manifest.kind.value),
        manifest.version,
        escape::sentence(&connector.origin),
    )?;
    let mut about: Vec<(String, String)> = Vec::new();
    let mut say = |label: &str, words: String| {
        if !words.is_empty() {
            about.push((label.to_owned(), escape::sentence(&words).into_owned()));
        }
    };
    say("reads", manifest.population.clone().unwrap_or_default());
    let provides = manifest
        .provides()
        .map(|(collection, streams)| format!("{} ({})", collection.word(), streams.join(", ")));
    say("provides", provides.collect::<Vec<_>>().join(", "));
    say("cannot see", manifest.cannot_see.join("; "));
    let formats: Vec<&str> = manifest.formats.iter().map(|format| format.value.word()).collect();
    say("formats", formats.join(", "));
    say("README", connector.readme().unwrap_or_default());
    columns::render(&about, 2, styled, out)?;

    let mut section = |title: &str, entries: Vec<(String, String)>| section(title, entries, styled, out);
    section("parameters", each(&manifest.params.0, parameter))?;
    section("ways to sign in", each(&manifest.auth.0, signing_in))?;
    section(
        "options",
        each(&manifest.options.0, |option| {
            let help = option.help.as_deref().unwrap_or_default();
            format!("{} by default; {help}", if option.default { "on" } else { "off" })
        }),
    )?;
    section("streams", each(&manifest.streams.0, stream))?;
    section(
        "fields",
        each(&manifest.fields.0, |needs| match needs {
            FieldNeeds::Never => "never said".to_owned(),
            FieldNeeds::Streams(streams) => format!("needs {}", streams.join(", ")),
        }),
    )?;
    section(
        "columns",
        each(&manifest.columns.0, |column| {
            let required = if column.required { "required; " } else { "" };
            format!("{required}{}", column.names.0.join(", "))
        }),
    )?;
    writeln!(out, "\n{}", Style::STRONG.paint("in a project", styled))?;
    for line in escape::lines(paste) {
        writeln!(out, "{}", format!("  {line}").trim_end())?;
    }
    Ok(())
}

fn section(title: &str, entries: Vec<(String, String)>, styled: bool, out: &mut impl Write) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", Style::STRONG.paint(title, styled))?;
    columns::render(&entries, 2, false, out)
}

fn each<T>(entries: &[(crate::yaml::Spanned<String>, T)], words: impl Fn(&T) -> String) -> Vec<(String, String)> {
    let entry = |(name, entry): &(crate::yaml::Spanned<String>, T)| {
        let words = words(entry);
        (
            escape::terminal(&name.value).into_owned(),
            escape::sentence(words.trim_end_matches("; ")).into_owned(),
        )
    };
    entries.iter().map(entry).collect()
}

fn parameter(param: &Param) -> String {
    let mut words = Vec::new();
    match &param.default {
        Some(default) if default.is_empty() => words.push("empty by default".to_owned()),
        Some(default) => words.push(format!("`{default}` by default")),
        None => words.push("required".to_owned()),
    }
    if !param.one_of.is_empty() {
        words.push(format!("one of {}", param.one_of.join(", ")));
    }
    words.extend(param.help.clone());
    words.join("; ")
}

fn signing_in(auth: &Auth) -> String {
    let mut words = vec![way(auth.kind.value).to_owned()];
    words.extend(auth.help.clone());
    if auth.authorize_url.is_some() {
        words.push("`rolecall connect` asks for it".to_owned());
    }
    words.join("; ")
}

fn stream(stream: &StreamSpec) -> String {
    let mut words = Vec::new();
    words.extend(stream.path.as_ref().map(|path| format!("GET {}", path.value)));
    words.extend(
        stream
            .each
            .as_ref()
            .map(|each| format!("once for every row of {}", each.of.value)),
    );
    words.extend(
        stream
            .when
            .as_ref()
            .map(|option| format!("with the option {}", option.value)),
    );
    if stream.optional {
        words.push("a run can do without it".to_owned());
    }
    words.join("; ")
}
