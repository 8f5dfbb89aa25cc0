//! A test file made safe to run: what `with` gives is bound to a variable first.
//!
//! regorus leaves the rules that a `with` value is computed from undefined inside the `with`, so that a test can hold that
//! should not. A value that was bound before is right. So `f(x) with input as mk(1)` is run as
//! `w := mk(1); f(x) with input as w`, which means the same on both engines. Places lead back to what its author wrote.

use std::ops::Range;

use regorus::unstable::{Literal, LiteralStmt, Module, Span};

use super::super::error::RegoError;
use super::super::source::whole;
use super::super::tree::each_statement;
use crate::error::Place;

/// A text in which every `with` value is bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bound {
    /// What the engine is given.
    pub text: String,
    original: String,
    /// Which bytes of the original stand from which byte of the new text on, in order.
    copied: Vec<(usize, Range<usize>)>,
    prefix: String,
    /// The value that each name stands for, as written.
    names: Vec<(String, String)>,
}

/// Binds every `with` value of a parsed file. The documents given as `input` go through the function `through`, if one is
/// named: it sees what a policy is asked about.
///
/// # Errors
/// [`RegoError::Refused`] for what the engine would get wrong and nobody can bind: the modifiers of `some … in` hold for
/// the rest of the body there.
pub fn bind(text: &str, module: &Module, through: Option<&str>) -> Result<Bound, RegoError> {
    let mut statements = Statements {
        text,
        through,
        with_values: Vec::new(),
        wrong: None,
    };
    for rule in &module.policy {
        each_statement(rule, &mut |statement, alone| statements.take(statement, alone));
    }
    if let Some(wrong) = statements.wrong.take() {
        return Err(wrong);
    }
    let mut bound = Bound {
        original: text.to_owned(),
        prefix: unused_prefix(text),
        ..Bound::default()
    };
    statements.write(&mut bound, 0..text.len(), &mut 0);
    Ok(bound)
}

/// What the names that are put in begin with: nothing that stands in the text.
fn unused_prefix(text: &str) -> String {
    let mut prefix = "given_by_with_".to_owned();
    while text.contains(&prefix) {
        prefix.push('_');
    }
    prefix
}

impl Bound {
    /// Where a place of the new text stands in the original.
    pub fn original(&self, place: Place) -> Place {
        let at = offset(&self.text, &place);
        // What was put in stands for what comes after it.
        let found = self.copied.iter().find(|(start, range)| at < start + range.len());
        let original = found.map_or(self.original.len(), |(start, range)| {
            range.start + at.saturating_sub(*start)
        });
        let before = self.original.get(..original).unwrap_or(&self.original);
        Place {
            file: place.file,
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
        }
    }

    /// A statement of the new text as its author wrote it.
    pub fn as_written(&self, statement: &str) -> String {
        // From the last on: a name may begin with another one.
        let names = self.names.iter().rev();
        names.fold(statement.to_owned(), |text, (name, value)| {
            without_binding(&text, name).replace(name, value)
        })
    }

    /// Whether a name was put in.
    pub fn is_put_in(&self, name: &str) -> bool {
        self.names.iter().any(|(known, _)| known == name)
    }

    fn insert(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// A text without the statement that binds a name, where it stands in it: in the body of an `every`.
fn without_binding(text: &str, name: &str) -> String {
    let Some((before, bound)) = text.split_once(&format!("{name} := ")) else {
        return text.to_owned();
    };
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let end = bound.char_indices().find(|(_, character)| {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' | '(' if !quoted => depth += 1,
            '}' | ']' | ')' if !quoted => depth = depth.saturating_sub(1),
            ';' if !quoted && depth == 0 => return true,
            _ => {}
        }
        false
    });
    let rest = end.and_then(|(at, _)| bound.get(at + 1..)).unwrap_or_default();
    format!("{before}{}", rest.trim_start())
}

/// The target of `with TARGET as VALUE`, and where the value begins: behind the first `as` that stands in no brackets, no
/// text and no comment.
fn behind_as(modifier: &str) -> Option<(&str, usize)> {
    let (mut depth, mut quote, mut comment, mut before) = (0_usize, None, false, ' ');
    let bytes = modifier.as_bytes();
    for (at, character) in modifier.char_indices() {
        let ends_a_word = |at: usize| {
            !bytes
                .get(at)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        match character {
            '\n' => comment = false,
            _ if comment => {}
            _ if quote == Some(character) && before != '\\' => quote = None,
            _ if quote.is_some() => {}
            '"' | '`' => quote = Some(character),
            '#' => comment = true,
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            'a' if depth == 0 && before.is_whitespace() && modifier[at..].starts_with("as") && ends_a_word(at + 2) => {
                let target = modifier.get("with".len()..at)?.trim();
                return Some((target, at + 2 + blank(modifier.get(at + 2..)?)));
            }
            _ => {}
        }
        before = character;
    }
    None
}

/// How many bytes of blanks and comments a text begins with.
fn blank(text: &str) -> usize {
    let rest = text.trim_start();
    let blanks = text.len() - rest.len();
    match rest.strip_prefix('#') {
        Some(comment) => {
            let end = comment.find('\n').unwrap_or(comment.len());
            blanks + 1 + end + blank(&comment[end..])
        }
        None => blanks,
    }
}

/// The byte at a place.
fn offset(text: &str, place: &Place) -> usize {
    let line: usize = text
        .split_inclusive('\n')
        .take(place.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(line..).unwrap_or_default();
    let within = rest.char_indices().nth(place.column.saturating_sub(1));
    line + within.map_or(rest.len(), |(at, _)| at)
}

/// A statement with the values that its modifiers give.
struct WithValues {
    statement: Range<usize>,
    /// Whether it is a body without braces.
    alone: bool,
    /// Each value, and whether it is given as `input`.
    values: Vec<(Range<usize>, bool)>,
}

struct Statements<'a> {
    text: &'a str,
    through: Option<&'a str>,
    with_values: Vec<WithValues>,
    /// The first thing that cannot be bound.
    wrong: Option<RegoError>,
}

impl Statements<'_> {
    fn take(&mut self, statement: &LiteralStmt, alone: bool) {
        let Some(first) = statement.with_mods.first() else {
            return;
        };
        if matches!(statement.literal, Literal::SomeIn { .. }) {
            let help = "take the list first: `list := … with input as …`, then `some x in list`";
            let message = "`with` behind `some … in` would hold for the rest of the body";
            self.wrong.get_or_insert(RegoError::refused(&first.span, message, help));
        }
        let range = self.whole(&statement.span);
        let mut values = Vec::new();
        for modifier in &statement.with_mods {
            match self.value(&modifier.span) {
                Some(value) => values.push(value),
                None => {
                    let help = "write it as `with TARGET as VALUE`, the value on the same line";
                    let wrong = RegoError::refused(&modifier.span, "the value of this `with` is not found", help);
                    self.wrong.get_or_insert(wrong);
                }
            }
        }
        self.with_values.push(WithValues {
            statement: range,
            alone,
            values,
        });
    }

    /// The value of a modifier, `with input as VALUE`, and whether it is given as `input`.
    fn value(&self, span: &Span) -> Option<(Range<usize>, bool)> {
        let range = self.whole(span);
        let (target, at) = behind_as(self.text.get(range.clone())?)?;
        Some((range.start + at..range.end, target == "input"))
    }

    fn whole(&self, span: &Span) -> Range<usize> {
        whole(self.text, span.start as usize..span.end as usize)
    }

    /// Writes a part of the text, with what is given in it bound. Statements stand within each other: a value can hold a
    /// comprehension whose statements give values of their own.
    fn write(&self, bound: &mut Bound, part: Range<usize>, count: &mut usize) {
        let mut from = part.start;
        while let Some(next) = self.outermost(from..part.end) {
            self.copy(bound, from..next.statement.start);
            if next.alone {
                bound.insert("{ ");
            }
            let mut names = Vec::new();
            for (value, is_input) in &next.values {
                *count += 1;
                let name = format!("{}{count}", bound.prefix);
                let through = self.through.filter(|_| *is_input);
                let written = self.text.get(value.clone()).unwrap_or_default();
                let on_one_line = written.split_whitespace().collect::<Vec<_>>().join(" ");
                bound.names.push((name.clone(), on_one_line));
                bound.insert(&format!("{name} := "));
                through
                    .iter()
                    .for_each(|function| bound.insert(&format!("{function}(")));
                self.write(bound, value.clone(), count);
                through.iter().for_each(|_| bound.insert(")"));
                bound.insert("; ");
                names.push(name);
            }
            let mut within = next.statement.start;
            for ((value, _), name) in next.values.iter().zip(names) {
                self.write(bound, within..value.start, count);
                bound.insert(&name);
                within = value.end;
            }
            self.write(bound, within..next.statement.end, count);
            if next.alone {
                bound.insert(" }");
            }
            from = next.statement.end;
        }
        self.copy(bound, from..part.end);
    }

    /// The first statement that stands in a part and in no other statement there. The part may be the statement's own
    /// beginning, so one that is not whole in it is passed over.
    fn outermost(&self, part: Range<usize>) -> Option<&WithValues> {
        let inside = self
            .with_values
            .iter()
            .filter(|one| part.start <= one.statement.start && one.statement.end <= part.end);
        inside.min_by_key(|one| (one.statement.start, std::cmp::Reverse(one.statement.end)))
    }

    fn copy(&self, bound: &mut Bound, range: Range<usize>) {
        let Some(text) = self.text.get(range.clone()).filter(|text| !text.is_empty()) else {
            return;
        };
        bound.copied.push((bound.text.len(), range));
        bound.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::{Limits, Program, SourceFile};
    use serde_json::{Value, json};
    use std::time::Duration;

    fn file(text: &str) -> SourceFile {
        SourceFile {
            path: "p_test.rego".to_owned(),
            text: text.to_owned(),
        }
    }

    fn bound(rules: &str) -> Bound {
        let file = file(&format!("package p\n\n{rules}\n"));
        bind(&file.text, &file.parse().unwrap(), None).unwrap()
    }

    fn rules(bound: &Bound) -> &str {
        bound.text.strip_prefix("package p\n\n").unwrap().trim_end()
    }

    #[test]
    fn a_computed_value_is_bound() {
        let cases = [
            (
                "test_a if {\n\tcount(x) == 1 with input as mk(1)\n\ty\n}",
                "test_a if {\n\tgiven_by_with_1 := mk(1); count(x) == 1 with input as given_by_with_1\n\ty\n}",
            ),
            (
                "test_a if x with input as mk(1)",
                "test_a if { given_by_with_1 := mk(1); x with input as given_by_with_1 }",
            ),
            (
                "test_a if { not x with input as {\n\t\"a\": mk(1),\n} }",
                "test_a if { given_by_with_1 := {\n\t\"a\": mk(1),\n}; not x with input as given_by_with_1 }",
            ),
            (
                "test_a if { x with input.a as f(1) with data.lib.k as \"b\" }",
                "test_a if { given_by_with_1 := f(1); given_by_with_2 := \"b\"; x with input.a as given_by_with_1 with data.lib.k as given_by_with_2 }",
            ),
            (
                "test_a if { every w in [1, 2] {\n\tx with input as mk(w)\n} }",
                "test_a if { every w in [1, 2] {\n\tgiven_by_with_1 := mk(w); x with input as given_by_with_1\n} }",
            ),
            (
                "test_a if x with input as\n\tmk(1)",
                "test_a if { given_by_with_1 := mk(1); x with input as\n\tgiven_by_with_1 }",
            ),
            (
                "test_a if {\n\tx with input[\"a as b\"] as# c as d\n\t\tmk(1)\n}",
                "test_a if {\n\tgiven_by_with_1 := mk(1); x with input[\"a as b\"] as# c as d\n\t\tgiven_by_with_1\n}",
            ),
            (
                "test_a if # only so if\n\tx with input as mk(1)",
                "test_a if # only so if\n\t{ given_by_with_1 := mk(1); x with input as given_by_with_1 }",
            ),
            (
                "given_by_with_1 := 3\ntest_a if x with input as given_by_with_1",
                "given_by_with_1 := 3\ntest_a if { given_by_with__1 := given_by_with_1; x with input as given_by_with__1 }",
            ),
            (
                "test_a if { not x with input as [1 | y with input as mk(1)] }",
                "test_a if { given_by_with_1 := [1 | given_by_with_2 := mk(1); y with input as given_by_with_2]; not x with input as given_by_with_1 }",
            ),
            (
                "test_a if { c := [y | y := x with input as mk(1)] }",
                "test_a if { c := [y | given_by_with_1 := mk(1); y := x with input as given_by_with_1] }",
            ),
        ];
        for (written, expected) in cases {
            assert_eq!(rules(&bound(written)), expected);
        }
    }

    /// What OPA says of each, and regorus only after the binding.
    #[test]
    fn a_bound_test_means_what_it_means_on_opa() {
        let policy = "package p\n\nk := 20\ndeny contains \"a\" if input.v > k\nfixture := {\"v\": k + 1}\nmk(n) := {\"v\": k + n}\nadds(n) if count(deny) == 1 with input as mk(n)\n";
        let tests = [
            ("count(deny) == 0 with input as fixture", false),
            ("count(deny) == 1 with input as fixture", true),
            ("count(deny) == 1 with input as {\"v\": k + 1}", true),
            ("count(deny) == 1 with input as mk(1)", true),
            ("count(deny) == 0 with input as mk(0)", true),
            ("not \"a\" in deny with input as mk(1)", false),
            ("adds(1)", true),
            ("adds(0)", false),
            ("every n in [1, 2] { count(deny) == 1 with input as mk(n) }", true),
            ("every n in [0, 2] { count(deny) == 1 with input as mk(n) }", false),
            ("count([d | d := deny[_] with input as mk(1)]) == 1", true),
            ("count(deny) == 1 with input as mk(0) with input.v as k + 1", true),
        ];
        for (condition, expected) in tests {
            let text = format!("{policy}\ntest_a if {condition}\n");
            let file = file(&text);
            let module = file.parse().unwrap_or_else(|error| panic!("{condition}: {error}"));
            let safe = SourceFile {
                text: bind(&text, &module, None).unwrap().text,
                ..file
            };
            let limits = Limits {
                time: Duration::from_secs(5),
            };
            let mut program = Program::load(&[safe], limits).unwrap_or_else(|error| panic!("{condition}: {error}"));
            let answer = program.evaluate("data.p.test_a", Value::Null).unwrap();
            assert_eq!(answer, expected.then_some(json!(true)), "{condition}");
        }
    }

    #[test]
    fn what_cannot_be_bound_is_refused() {
        let file = file("package p\n\ntest_a if {\n\tsome d in deny with input as {\"v\": 3}\n\td\n}\n");
        let error = bind(&file.text, &file.parse().unwrap(), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "p_test.rego:4:17: `with` behind `some … in` would hold for the rest of the body"
        );
    }

    #[test]
    fn places_lead_back_to_the_original() {
        let bound = bound("test_a if x with input as mk(1)");
        let place = |column| Place {
            file: String::new(),
            line: 3,
            column,
        };
        let text = rules(&bound).to_owned();
        let column = |part: &str| text.find(part).unwrap() + 1;
        assert_eq!(
            bound.as_written("x with input as given_by_with_1"),
            "x with input as mk(1)"
        );
        assert_eq!(
            bound.as_written("every a in l { given_by_with_1 := {\"b\": [\";\"]}; x with input as given_by_with_1 }"),
            "every a in l { x with input as mk(1) }"
        );
        for part in ["test_a", "x with", "mk(1)"] {
            let original = "test_a if x with input as mk(1)".find(part).unwrap() + 1;
            assert_eq!(bound.original(place(column(part))).column, original, "{part}");
        }
    }
}
