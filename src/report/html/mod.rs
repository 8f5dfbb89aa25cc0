//! The report as one page, complete in itself: for somebody who gets it as a file and has nothing else.
//!
//! It loads nothing, and its content security policy lets nothing load. Everything stands in it without script; the script
//! filters, sorts and groups what is there. Every text goes through [`escape`](super::escape) on its way into the types
//! that the template takes, and the template escapes every value once more for HTML.

use std::io::{self, Write};

use minijinja::{Environment, UndefinedBehavior};

use crate::finding::Report;

mod checks;
mod collection;
mod csp;
mod exceptions;
mod findings;
mod page;
mod people;
mod remarks;
#[cfg(test)]
mod tests;
mod verdict;
mod words;

/// The name decides that values are escaped for HTML.
const NAME: &str = "report.html";
const TEMPLATE: &str = include_str!("report.html.j2");

/// How many of each long list are drawn.
#[derive(Debug, Clone, Copy)]
struct Most {
    findings: usize,
    people: usize,
    others: usize,
}

const MOST: Most = Most {
    findings: 5_000,
    people: 1_000,
    others: 500,
};

/// Writes it.
pub fn render(report: &Report, out: &mut impl Write) -> io::Result<()> {
    out.write_all(drawn(report, MOST).map_err(io::Error::other)?.as_bytes())
}

fn drawn(report: &Report, most: Most) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_keep_trailing_newline(true);
    // A name that the template misspells is a fault of ours, never an empty place on the page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_template(NAME, TEMPLATE)?;
    environment.get_template(NAME)?.render(page::Page::of(report, most))
}
