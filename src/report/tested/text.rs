//! Tests for people: every test by name, then what does not hold and why, then one line that counts.

use std::io::{self, Write};

use super::super::style::Style;
use super::super::{complaint, escape};
use super::{Shown, reached};
use crate::error::Place;
use crate::workbench::{Definition, Failure, Named, Outcome, Statement, TestResult, TestState, UnitRun};

/// Writes the results.
pub fn render(shown: &Shown<'_>, quiet: bool, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let Shown::Runs {
        runs, coverage, least, ..
    } = shown
    else {
        return Ok(());
    };
    for run in runs.iter().filter(|run| !run.tests.is_empty() || run.broken.is_some()) {
        if !quiet {
            names(run, styled, out)?;
        }
    }
    for run in *runs {
        if let Some(error) = &run.broken {
            complaint::render(error.as_ref(), styled, out)?;
            writeln!(out)?;
        }
        for test in &run.tests {
            if let TestState::Failed(failure) = &test.state {
                failed(test, failure, styled, out)?;
            }
        }
    }
    for file in runs.iter().flat_map(|run| &run.empty) {
        let label = Style::ERROR.paint("error:", styled);
        writeln!(out, "{label} no test of `{}` ran", escape::terminal(file))?;
        let name = Style::GOOD.paint("help:", styled);
        writeln!(out, "{name} write `test_*` rules into a `_test.rego` file\n")?;
    }
    if shown.chose_none() {
        let label = Style::ERROR.paint("error:", styled);
        writeln!(out, "{label} `--run` finds no test\n")?;
    }
    if *coverage {
        lines(runs, *least, styled, out)?;
    }
    let counts = runs.iter().map(UnitRun::counts);
    let (passed, failed, skipped) = counts.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
    let style = if failed == 0 { Style::GOOD } else { Style::ERROR };
    let more = if skipped > 0 {
        format!(", {skipped} skipped")
    } else {
        String::new()
    };
    writeln!(
        out,
        "{}",
        style.paint(&format!("{passed} passed, {failed} failed{more}"), styled)
    )
}

fn names(run: &UnitRun, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let folder = escape::terminal(&run.folder).into_owned();
    writeln!(out, "{}", Style::STRONG.paint(&folder, styled))?;
    for test in &run.tests {
        let (word, style) = match &test.state {
            TestState::Passed => ("pass", Style::GOOD),
            TestState::Failed(_) => ("FAIL", Style::ERROR),
            TestState::Skipped => ("skip", Style::WARNING),
        };
        writeln!(out, "  {}  {}", style.paint(word, styled), escape::terminal(&test.name))?;
        // Those of a test that fails stand with what is said of it.
        let prints = if matches!(test.state, TestState::Failed(_)) {
            &[]
        } else {
            test.prints.as_slice()
        };
        for line in prints {
            writeln!(out, "        {}", Style::DIM.paint(&escape::sentence(line), styled))?;
        }
    }
    if run.broken.is_some() {
        writeln!(out, "  {}  its tests cannot run", Style::ERROR.paint("FAIL", styled))?;
    }
    writeln!(out)
}

fn failed(test: &TestResult, failure: &Failure, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let label = Style::ERROR.paint(&format!("FAIL {}", escape::terminal(&test.name)), styled);
    writeln!(out, "{label}  {}", escape::terminal(&test.place.to_string()))?;
    writeln!(out, "  {}", escape::sentence(&failure.message))?;
    for definition in &failure.stops {
        stops(definition, 2, styled, out)?;
    }
    if let Some(help) = &failure.help {
        writeln!(
            out,
            "  {} {}",
            Style::GOOD.paint("help:", styled),
            escape::sentence(help)
        )?;
    }
    for line in &test.prints {
        writeln!(
            out,
            "  {} {}",
            Style::NOTE.paint("printed", styled),
            escape::sentence(line)
        )?;
    }
    writeln!(out)
}

/// Where a definition stops, what stands there, and where what it leans on stops in turn.
fn stops(definition: &Definition, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let Outcome::Stops(statement) = &definition.outcome else {
        return Ok(());
    };
    let place = Style::DIM.paint(&escape::terminal(&statement.place.to_string()), styled);
    let text = Style::STRONG.paint(&escape::sentence(&statement.text), styled);
    writeln!(out, "{:indent$}{text}  {place}", "")?;
    if let Some(error) = &statement.error {
        writeln!(
            out,
            "{:1$}{2} {3}",
            "",
            indent + 2,
            Style::ERROR.paint("error:", styled),
            escape::sentence(error)
        )?;
    }
    tries(statement, indent + 2, styled, out)
}

fn tries(statement: &Statement, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    // The first way to reach the statement shows what there is to see.
    for one in statement.tries.iter().take(1) {
        match one.values.as_slice() {
            [left, right] if is_a_list(left) && is_a_list(right) => differences(left, right, indent, styled, out)?,
            values => {
                for value in values {
                    named(value, indent, styled, out)?;
                }
            }
        }
        // Elements of an `every` that stop at the same statement: the first shows how.
        let mut shown: Vec<(&Place, usize)> = Vec::new();
        for definition in &one.inside {
            let Outcome::Stops(inner) = &definition.outcome else {
                continue;
            };
            match shown.iter_mut().find(|(place, _)| **place == inner.place) {
                Some((_, more)) => *more += 1,
                None => {
                    stops(definition, indent, styled, out)?;
                    shown.push((&inner.place, 0));
                }
            }
        }
        let more: usize = shown.iter().map(|(_, more)| more).sum();
        if more > 0 {
            writeln!(out, "{:indent$}… and {more} more that stop there", "")?;
        }
    }
    let more = statement.tries.len().saturating_sub(1) + statement.more;
    if more > 0 {
        let again = if more == 1 {
            "once more".to_owned()
        } else {
            format!("{more} times more")
        };
        writeln!(out, "{:indent$}… and {again}, with other values", "")?;
    }
    Ok(())
}

fn named(value: &Named, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let text = escape::sentence(&value.text).into_owned();
    let is = match &value.literal {
        Some(literal) => cut(literal),
        None => Style::WARNING.paint("is undefined", styled),
    };
    let sign = if value.literal.is_some() { " = " } else { " " };
    writeln!(out, "{:indent$}{text}{sign}{is}", "")
}

/// Longest value that is shown, in characters.
const LONGEST: usize = 400;

fn cut(literal: &str) -> String {
    let shown: String = literal.chars().take(LONGEST).collect();
    let more = literal.chars().count().saturating_sub(LONGEST);
    let rest = if more > 0 {
        format!("… ({more} more characters)")
    } else {
        String::new()
    };
    format!("{}{rest}", escape::sentence(&shown))
}

fn is_a_list(value: &Named) -> bool {
    value
        .literal
        .as_deref()
        .is_some_and(|literal| elements(literal).is_some())
}

/// Two sets or lists, and what is in one of them only.
fn differences(left: &Named, right: &Named, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    named(left, indent, styled, out)?;
    named(right, indent, styled, out)?;
    let of = |value: &Named| value.literal.as_deref().and_then(elements).unwrap_or_default();
    let (have, want) = (of(left), of(right));
    for (sign, style, these, those) in [("-", Style::ERROR, &want, &have), ("+", Style::GOOD, &have, &want)] {
        for element in these.iter().filter(|element| !those.contains(element)) {
            let line = format!("{sign} {}", cut(element));
            writeln!(out, "{:indent$}{}", "", style.paint(&line, styled))?;
        }
    }
    Ok(())
}

/// The elements of a set or a list that is written as a literal; none of anything else.
fn elements(literal: &str) -> Option<Vec<String>> {
    if literal == "set()" || literal == "[]" {
        return Some(Vec::new());
    }
    let inner = literal
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| literal.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')))?;
    let mut found = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for character in inner.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' | '(' if !quoted => depth += 1,
            '}' | ']' | ')' if !quoted => depth = depth.saturating_sub(1),
            // A record is no list.
            ':' if !quoted && depth == 0 => return None,
            ',' if !quoted && depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = found.last_mut() {
            last.push(character);
        }
    }
    Some(found.into_iter().map(|element| element.trim().to_owned()).collect())
}

fn lines(runs: &[UnitRun], least: Option<u8>, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let counted: Vec<_> = runs.iter().filter_map(|run| Some((run, reached(run)?))).collect();
    let width = counted
        .iter()
        .map(|(run, _)| run.folder.chars().count())
        .max()
        .unwrap_or(0);
    writeln!(out, "{}", Style::STRONG.paint("lines that the tests reach", styled))?;
    for (run, (reached, all, percent)) in counted {
        let short = super::falls_short(run, least);
        let folder = escape::terminal(&run.folder).into_owned();
        let pad = width.saturating_sub(run.folder.chars().count());
        let style = if short { Style::ERROR } else { Style::GOOD };
        let figure = style.paint(&format!("{percent:>3} %"), styled);
        let missed: Vec<String> = run.lines.values().flat_map(|lines| ranges(&lines.missed)).collect();
        let missed = if missed.is_empty() {
            String::new()
        } else {
            format!("  not {}", missed.join(", "))
        };
        writeln!(out, "  {folder}{:pad$}  {figure}  {reached} of {all}{missed}", "")?;
    }
    if let Some(least) = least.filter(|_| runs.iter().any(|run| super::falls_short(run, least))) {
        let label = Style::ERROR.paint("error:", styled);
        writeln!(
            out,
            "{label} the tests reach less than {least} % of the lines of what is marked"
        )?;
    }
    writeln!(out)
}

/// Line numbers as `3, 5-7`.
fn ranges(lines: &std::collections::BTreeSet<u32>) -> Vec<String> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let shown = |(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(shown).collect()
}

/// Where definitions stop, without colours: for reports that hold text.
pub fn plain(definitions: &[Definition]) -> String {
    let mut text = Vec::new();
    for definition in definitions {
        // Writing to memory does not fail.
        let _ = stops(definition, 0, false, &mut text);
    }
    String::from_utf8_lossy(&text).into_owned()
}
