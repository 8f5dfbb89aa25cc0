//! One Rego file: its text, held back from the parser until it is safe to parse.

use std::ops::Range;

use regorus::unstable::{Module, Parser, Source};

use super::error::RegoError;
use crate::error::Place;

/// A Rego file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The file as the user knows it; errors name it.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The parser's time doubles with every level; at 12 a file takes about a tenth of a second.
const NESTING_LIMIT: usize = 12;

/// In bytes.
const LONGEST: usize = 256 << 10;

impl SourceFile {
    /// Parses the file alone, as Rego v1.
    ///
    /// # Errors
    /// [`RegoError::Nesting`] or [`RegoError::Syntax`].
    pub(super) fn parse(&self) -> Result<Module, RegoError> {
        self.refuse_too_long()?;
        self.refuse_byte_order_mark()?;
        self.refuse_deep_nesting()?;
        let framed = |error| RegoError::from_parser(&self.path, &error);
        let source = Source::from_contents(self.path.clone(), self.text.clone()).map_err(framed)?;
        let mut parser = Parser::new(&source).map_err(framed)?;
        parser.enable_rego_v1().map_err(framed)?;
        parser.parse().map_err(framed)
    }

    /// A policy of this size is generated, and deeper than any stack is high.
    pub(super) fn refuse_too_long(&self) -> Result<(), RegoError> {
        if self.text.len() <= LONGEST {
            return Ok(());
        }
        Err(RegoError::Refused {
            place: Place {
                file: self.path.clone(),
                line: 1,
                column: 1,
            },
            width: None,
            message: format!("the file is longer than {} KiB", LONGEST >> 10),
            help: "take it apart: what several checks share goes under `lib/`".to_owned(),
        })
    }

    /// Some editors put one there, and nobody sees it.
    pub(super) fn refuse_byte_order_mark(&self) -> Result<(), RegoError> {
        if !self.text.starts_with('\u{feff}') {
            return Ok(());
        }
        Err(RegoError::Refused {
            place: Place {
                file: self.path.clone(),
                line: 1,
                column: 1,
            },
            width: Some(1),
            message: "the file begins with a byte order mark".to_owned(),
            help: "save it as UTF-8 without one".to_owned(),
        })
    }

    /// Counts open brackets outside strings and comments.
    pub(super) fn refuse_deep_nesting(&self) -> Result<(), RegoError> {
        let (mut line, mut column, mut depth) = (1, 0, 0_usize);
        let mut lexer = Lexer::default();
        for character in self.text.chars() {
            column += 1;
            match (lexer.before(character), character) {
                (Inside::Code, '[' | '{' | '(') => depth += 1,
                (Inside::Code, ']' | '}' | ')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > NESTING_LIMIT {
                let place = Place {
                    file: self.path.clone(),
                    line,
                    column,
                };
                return Err(RegoError::Nesting {
                    place,
                    depth,
                    limit: NESTING_LIMIT,
                });
            }
            if character == '\n' {
                (line, column) = (line + 1, 0);
            }
        }
        Ok(())
    }

    /// Where its comments begin, as line and column, both from 1. A `#` in a text begins none.
    pub fn comments(&self) -> Vec<(usize, usize)> {
        let (mut line, mut column) = (1, 0);
        let mut lexer = Lexer::default();
        let mut found = Vec::new();
        for character in self.text.chars() {
            column += 1;
            if matches!((lexer.before(character), character), (Inside::Code, '#')) {
                found.push((line, column));
            }
            if character == '\n' {
                (line, column) = (line + 1, 0);
            }
        }
        found
    }
}

/// What a span of the engine means: it begins a text behind its quote, and ends it in front of it.
pub(super) fn whole(text: &str, span: Range<usize>) -> Range<usize> {
    let quote = |at: Option<usize>| {
        let byte = at.and_then(|at| text.as_bytes().get(at));
        byte.is_some_and(|byte| matches!(byte, b'"' | b'`'))
    };
    let start = span.start - usize::from(quote(span.start.checked_sub(1)));
    start..span.end + usize::from(quote(Some(span.end)))
}

/// Goes through a text, and knows what is code in it.
#[derive(Default)]
struct Lexer {
    inside: Inside,
    escaped: bool,
}

impl Lexer {
    /// What a character stands in; the next one may stand in something else.
    fn before(&mut self, character: char) -> Inside {
        let before = self.inside;
        match (before, character) {
            (Inside::Quotes, _) if self.escaped => self.escaped = false,
            (Inside::Quotes, '\\') => self.escaped = true,
            (Inside::Quotes, '"') | (Inside::Backquotes, '`') | (Inside::Comment, '\n') => self.inside = Inside::Code,
            (Inside::Code, '"') => self.inside = Inside::Quotes,
            (Inside::Code, '`') => self.inside = Inside::Backquotes,
            (Inside::Code, '#') => self.inside = Inside::Comment,
            _ => {}
        }
        before
    }
}

#[derive(Default, Clone, Copy)]
enum Inside {
    #[default]
    Code,
    Quotes,
    Backquotes,
    Comment,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile {
            path: "p.rego".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn deep_literals_are_refused_before_they_cost_time() {
        let deep = format!("package p\nx := {}1{}", "[".repeat(30), "]".repeat(30));
        let error = file(&deep).parse().unwrap_err();
        assert_eq!(
            error.to_string(),
            "p.rego:2:18: brackets are nested 13 deep; 12 is the limit"
        );
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let quiet = format!("package p\n# {0}\nx := \"\\\"{0}\"\ny := `{0}`\n", "[".repeat(30));
        assert!(file(&quiet).parse().is_ok());
    }

    #[test]
    fn a_byte_order_mark_is_called_so() {
        let error = file("\u{feff}package p\n").parse().unwrap_err();
        assert_eq!(error.to_string(), "p.rego:1:1: the file begins with a byte order mark");
    }

    #[test]
    fn comments_begin_outside_of_texts() {
        let text = "# a\nx := \"\\\"# b\" # c # d\ny := `\n# e\n` # f\n";
        assert_eq!(file(text).comments(), [(1, 1), (2, 14), (5, 3)]);
    }

    #[test]
    fn a_syntax_error_has_its_place() {
        let error = file("package p\n\nfail contains \"x\" if {\n").parse().unwrap_err();
        assert!(error.to_string().starts_with("p.rego:"), "{error}");
    }
}
