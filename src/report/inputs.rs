//! The documents that a check judges, one JSON a line: the document itself, or with what it is of (`rolecall/input/1`).

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::escape::sentence;
use super::json::{schema_of, write_line};

/// The version of a line that says what it is of.
pub const SCHEMA: &str = "rolecall/input/1";

/// What a policy is given of one subject, and what it is of.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Input")]
pub struct Line<'a> {
    /// `rolecall/input/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// The check's id.
    check: &'a str,
    /// The subject's key, as in a report.
    subject: &'a str,
    /// The reasons that are undecided for this subject.
    undecided: Undecided<'a>,
    /// The document: what the policy reads as `input`.
    input: Value,
}

/// Codes of reasons that look at what is not known, by the rule that would give them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Undecided<'a> {
    /// Not asked: they do not fire.
    pub skip: Vec<&'a str>,
    /// Not asked: the subject does not pass.
    pub fail: Vec<&'a str>,
    /// Asked: the subject does not pass, whatever they say.
    pub unknown: Vec<&'a str>,
}

impl<'a> Line<'a> {
    /// What a check is given of a subject.
    pub const fn new(check: &'a str, subject: &'a str, undecided: Undecided<'a>, input: Value) -> Self {
        Self {
            schema: SCHEMA,
            check,
            subject,
            undecided,
            input,
        }
    }
}

/// Writes documents, each on a line of its own.
pub fn render(lines: &[Line<'_>], keyed: bool, out: &mut impl Write) -> io::Result<()> {
    for line in lines {
        match keyed {
            true => write_line(line, out)?,
            false => write_line(&line.input, out)?,
        }
    }
    Ok(())
}

/// Says that there are no documents, or that it is not proved that they are those of everybody.
pub fn not_everybody(written: usize, missing: &[String], out: &mut impl Write) -> io::Result<()> {
    if written == 0 {
        writeln!(out, "warning: there is no subject, and no document")?;
    }
    let mut missing = missing.iter();
    missing.try_for_each(|why| writeln!(out, "warning: these may not be all subjects: {}", sentence(why)))
}

/// The JSON Schema of a line that says what it is of, as it is published in `docs/schemas/`.
pub fn schema() -> Value {
    schema_of::<Line<'static>>(
        "urn:rolecall:input:1",
        "What a check is given of one subject: a line of `rolecall inputs --keyed`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{escape, samples};
    use serde_json::json;

    fn lines() -> Vec<Line<'static>> {
        let undecided = || Undecided {
            skip: vec![],
            fail: vec!["late"],
            unknown: vec![],
        };
        vec![
            Line::new(
                "mine",
                "crm:1",
                undecided(),
                json!({"account": {"name": "a\n\u{1b}[2J\u{202e}"}}),
            ),
            Line::new("mine", "crm:2", undecided(), json!({})),
        ]
    }

    fn written(keyed: bool) -> String {
        let mut out = Vec::new();
        render(&lines(), keyed, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_is_a_document_and_nothing_in_it_ends_it() {
        assert_eq!(
            written(false),
            "{\"account\":{\"name\":\"a\\n\\u001b[2J\\u202e\"}}\n{}\n"
        );
        let keyed = written(true);
        assert!(!keyed.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{keyed:?}");
        for (line, of) in keyed.lines().zip(lines()) {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["input"], of.input);
            assert_eq!(line["subject"], of.subject);
            assert_eq!(line["undecided"], json!({"skip": [], "fail": ["late"], "unknown": []}));
        }
    }

    #[test]
    fn the_published_schema_is_what_the_types_say() {
        samples::published("input.schema.json", &schema());
    }
}
