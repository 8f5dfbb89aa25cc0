//! How the page says times, counts, names and links, and how it names its parts.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;

use super::Most;
use crate::digest;
use crate::finding::{self, Report, SubjectRef};
use crate::report::escape;
use crate::report::places::relative;

/// Longest address that is a link.
const ADDRESS: usize = 2_000;

/// A list that may have been cut.
#[derive(Serialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// How many more there are.
    pub more: usize,
}

impl<T> Listed<T> {
    /// The first of a list.
    pub fn first(most: usize, all: impl ExactSizeIterator<Item = T>) -> Self {
        let more = all.len().saturating_sub(most);
        Self {
            items: all.take(most).collect(),
            more,
        }
    }
}

/// A time, for people and for programs. Times are in UTC: a report is read in several places.
#[derive(Serialize)]
pub struct Time {
    pub iso: String,
    pub text: String,
    pub day: String,
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self {
            iso: at.to_string(),
            text: at.strftime("%-d %b %Y, %H:%M UTC").to_string(),
            day: at.strftime("%-d %b %Y").to_string(),
        }
    }
}

/// A page elsewhere. Only an https address is a link; anything else is shown as the text that it is.
#[derive(Serialize)]
pub struct Link {
    /// Null where it is none.
    pub href: Option<String>,
    pub text: String,
    /// The address as a text.
    pub address: String,
}

impl Link {
    pub fn of(address: &str, words: &str) -> Self {
        let plain =
            |c: char| !c.is_whitespace() && !escape::is_hidden(c) && !matches!(c, '<' | '>' | '"' | '\'' | '\\');
        let is_link = address.len() <= ADDRESS && address.starts_with("https://") && address.chars().all(plain);
        let words = if words.trim().is_empty() { address } else { words };
        Self {
            href: is_link.then(|| address.to_owned()),
            text: said(words),
            address: said(address),
        }
    }
}

/// What to do.
#[derive(Serialize)]
pub struct Fix {
    pub summary: Sentence,
    pub steps: Vec<Sentence>,
    pub links: Vec<Link>,
}

impl Fix {
    pub fn of(remediation: &finding::Remediation) -> Self {
        let links = remediation.links.iter();
        Self {
            summary: Sentence::of(&remediation.summary),
            steps: remediation.steps.iter().map(|step| Sentence::of(step)).collect(),
            links: links.map(|link| Link::of(&link.url, &link.description)).collect(),
        }
    }
}

/// A sentence of ours, in pieces: what stands between backticks is code.
#[derive(Clone, Serialize)]
pub struct Sentence(Vec<Piece>);

#[derive(Clone, Serialize)]
struct Piece {
    code: bool,
    text: String,
}

impl Sentence {
    pub fn of(text: &str) -> Self {
        let text = said(text);
        // An odd one out is a character like any other.
        if text.matches('`').count() % 2 == 1 {
            return Self(vec![Piece { code: false, text }]);
        }
        let pieces = text.split('`').enumerate().filter(|(_, text)| !text.is_empty());
        let piece = |(at, text): (usize, &str)| Piece {
            code: at % 2 == 1,
            text: text.to_owned(),
        };
        Self(pieces.map(piece).collect())
    }
}

/// The reasons why a run could not be decided. Each is said once, at the top of the page; elsewhere its number is.
pub struct Reasons<'a>(&'a [String]);

/// Why something is not known: the words, or the number of the reason at the top that they are.
#[derive(Serialize)]
pub struct Why {
    number: Option<usize>,
    words: Sentence,
}

impl<'a> Reasons<'a> {
    pub fn of(report: &'a Report, most: Most) -> Self {
        let all = &report.cannot_decide;
        Self(all.get(..most.others).unwrap_or(all))
    }

    /// A reason may name the source or the stream before it says the same.
    pub fn why(&self, text: &str) -> Why {
        let same = |reason: &String| {
            let before = reason.strip_suffix(text);
            before.is_some_and(|before| before.is_empty() || before.ends_with(": "))
        };
        let number = self.0.iter().position(same).map(|at| at + 1);
        Why {
            number,
            words: Sentence::of(text),
        }
    }
}

/// The parts of the page that can be linked to. Each name is given once.
#[derive(Default)]
pub struct Anchors(HashSet<String>);

impl Anchors {
    /// A name for a part: the prefix and what it is about, in a form that any address can hold.
    pub fn name(&mut self, prefix: &str, parts: &[&str]) -> String {
        let wanted = format!("{prefix}-{}", plain(&parts.join("-")));
        let mut name = wanted.clone();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}.{number}");
        }
        name
    }
}

/// The text itself where it is short and plain, else its digest.
fn plain(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !text.is_empty() && text.len() <= 100 && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        digest::of(text).chars().take(32).collect()
    }
}

/// A name, an address or an id.
pub fn name(text: &str) -> String {
    escape::terminal(text).into_owned()
}

/// A sentence.
pub fn said(text: &str) -> String {
    escape::sentence(text).into_owned()
}

/// A short word of ours or of a policy, as two words: `not_applicable`.
pub fn spaced(word: &str) -> String {
    name(word).replace('_', " ")
}

/// `1 finding`, `2 findings`, `100,000 findings`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number as u64), if number == 1 { one } else { many })
}

/// A number as people write it: `100,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whole days, in words: `4 days`, `1 day`, `less than a day`.
pub fn days(number: i64) -> String {
    match number.unsigned_abs() {
        0 => "less than a day".to_owned(),
        number => count(usize::try_from(number).unwrap_or(usize::MAX), "day", "days"),
    }
}

/// A subject as people know it: its name, else its address, else its key.
pub fn who(subject: &SubjectRef) -> String {
    let stated = [&subject.name, &subject.email].into_iter().flatten();
    name(
        stated
            .map(String::as_str)
            .find(|text| !text.trim().is_empty())
            .unwrap_or(&subject.id),
    )
}

/// Its address, where that is not already what it is called.
pub fn address(subject: &SubjectRef) -> Option<String> {
    let email = subject.email.as_deref().filter(|email| !email.trim().is_empty())?;
    Some(name(email)).filter(|email| *email != who(subject))
}

/// Its key, where that is not already what it is called.
pub fn key(subject: &SubjectRef) -> Option<String> {
    Some(name(&subject.id)).filter(|key| *key != who(subject))
}

/// The system as people know it: `Acme CRM (crm)`.
pub fn system(report: &Report, id: &str) -> String {
    let key = name(id);
    match report.systems.get(id) {
        Some(known) if known != id && !known.ends_with(&format!("({id})")) => format!("{} ({key})", name(known)),
        Some(known) => name(known),
        None => key,
    }
}

/// Where something is written: `rolecall.yaml:14:5`.
pub fn place(place: &crate::error::Place) -> String {
    format!("{}:{}:{}", name(&relative(&place.file)), place.line, place.column)
}

/// Controls by framework: `iso27001 A.5.18`.
pub fn controls(controls: &std::collections::BTreeMap<String, Vec<String>>) -> Vec<String> {
    let line = |(framework, ids): (&String, &Vec<String>)| format!("{} {}", name(framework), said(&ids.join(", ")));
    controls.iter().map(line).collect()
}
