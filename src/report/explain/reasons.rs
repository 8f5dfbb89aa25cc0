//! The rules of a policy, on one subject: which hold, and at which statement the others stop.

use std::io::{self, Write};

use crate::explain::probe::{Definition, Named, Outcome, Statement, Try};
use crate::report::escape::sentence;
use crate::report::style::Style;

/// What is written of one rule, statement or value, in characters.
const LONGEST: usize = 160;

/// Where nothing was decided, nothing holds and nothing does not.
const NOT_EVALUATED: &str = "could not be evaluated";

/// Writes how definitions fared, indented by so many columns.
pub fn render(definitions: &[Definition], indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    definitions
        .iter()
        .try_for_each(|one| definition(one, indent, styled, out))
}

fn definition(definition: &Definition, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    match &definition.outcome {
        Outcome::Holds => {
            line(
                "holds",
                &definition.text,
                &definition.place.to_string(),
                indent,
                styled,
                out,
            )?;
            tries(&definition.ways, definition.more_ways, indent + 2, styled, out)
        }
        Outcome::NotTold => line(
            NOT_EVALUATED,
            &definition.text,
            &definition.place.to_string(),
            indent,
            styled,
            out,
        ),
        Outcome::Stops(at) => {
            let label = at.error.as_ref().map_or("does not hold", |_| NOT_EVALUATED);
            line(label, &at.text, &at.place.to_string(), indent, styled, out)?;
            statement(at, indent + 2, styled, out)
        }
    }
}

fn line(label: &str, text: &str, place: &str, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let label = Style::DIM.paint(&format!("{label}:"), styled);
    let place = Style::DIM.paint(&format!("({})", sentence(place)), styled);
    writeln!(out, "{:indent$}{label} {}  {place}", "", cut(text))
}

fn statement(statement: &Statement, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    if let Some(error) = &statement.error {
        let label = Style::ERROR.paint("error:", styled);
        writeln!(out, "{:indent$}{label} {}", "", sentence(error))?;
    }
    tries(&statement.tries, statement.more, indent, styled, out)
}

fn tries(tries: &[Try], more: usize, indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let is_one_of_many = tries.len() > 1 || more > 0;
    for one in tries {
        let values: Vec<String> = one.values.iter().map(value).collect();
        let (mark, deeper) = if is_one_of_many { ("- ", 2) } else { ("", 0) };
        for (number, value) in values.iter().enumerate() {
            let mark = if number == 0 {
                mark.to_owned()
            } else {
                " ".repeat(mark.len())
            };
            writeln!(out, "{:indent$}{mark}{value}", "")?;
        }
        for inside in &one.inside {
            let head = Style::DIM.paint(&format!("{}:", cut(&inside.head)), styled);
            writeln!(out, "{:1$}{head}", "", indent + deeper)?;
            definition(inside, indent + deeper + 2, styled, out)?;
        }
        if one.more_inside > 0 {
            writeln!(out, "{:2$}… and {} more", "", one.more_inside, indent + deeper)?;
        }
    }
    if more > 0 {
        writeln!(out, "{:indent$}… and {more} more", "")?;
    }
    Ok(())
}

/// `account.state = "active"`.
fn value(named: &Named) -> String {
    let value = named.literal.as_deref().map_or_else(|| "undefined".to_owned(), cut);
    format!("{} = {value}", cut(&named.text))
}

/// A long text with an ellipsis for its end, escaped.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", sentence(text.get(..at).unwrap_or_default())),
        None => sentence(text).into_owned(),
    }
}
