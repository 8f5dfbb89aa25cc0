//! A piece of the author's file with a mark under it, as the compiler of this language shows its own errors.

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Group, Level as Drawn, Snippet};

use super::escape;
use super::style::Style;
use crate::error::Frame;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It has to be mended.
    Error,
    /// It breaks a rule of the linter: whether that is an error, and the rule's id.
    Rule(bool, &'static str),
}

/// `error: …`, the place, the line with its mark, the causes, and `help: …`, without a line end behind it. Everything is escaped before it is
/// drawn, so that the mark stands under what is meant; the library only lays it out.
pub fn draw(level: Level, frame: &Frame, causes: &[String], help: Option<&str>, styled: bool) -> String {
    let place = &frame.place;
    let (line, meant) = escape::source(&frame.line, place.column.saturating_sub(1), frame.width);
    let title = all(&frame.title);
    let lines_of_title = title.lines().count().max(1);
    let title = match level {
        Level::Error => Drawn::ERROR.primary_title(title),
        Level::Rule(true, id) => Drawn::ERROR.primary_title(title).id(id),
        Level::Rule(false, id) => Drawn::WARNING.primary_title(title).id(id),
    };
    let mut group: Group<'_> = title.element(
        Snippet::source(line)
            .line_start(place.line)
            .annotation(AnnotationKind::Primary.span(meant)),
    );
    for cause in causes {
        group = group.element(Drawn::NOTE.message(all(cause)));
    }
    if let Some(help) = help {
        group = group.element(Drawn::HELP.message(all(help)));
    }
    let drawn = renderer(styled).render(&[group]);
    // The library would count the column in the escaped line.
    let arrow = Style::NOTE.paint("-->", styled);
    let header = format!(
        "{:indent$}{arrow} {}:{}:{}",
        "",
        escape::sentence(&place.file),
        place.line,
        place.column,
        indent = place.line.to_string().len(),
    );
    let mut lines: Vec<&str> = drawn.lines().collect();
    lines.insert(lines_of_title.min(lines.len()), &header);
    lines.join("\n")
}

/// Text of several lines, each escaped.
fn all(text: &str) -> String {
    escape::lines(text).collect::<Vec<_>>().join("\n")
}

fn renderer(styled: bool) -> Renderer {
    if !styled {
        return Renderer::plain();
    }
    Renderer::styled()
        .error(Style::ERROR.into())
        .warning(Style::WARNING.into())
        .help(Style::GOOD.into())
        .note(Style::DIM.into())
        .emphasis(Style::STRONG.into())
        .line_num(Style::NOTE.into())
        .context(Style::NOTE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn drawn(text: &str, line: usize, column: usize, width: Option<usize>) -> String {
        let place = Place {
            file: "policies/mine/check.rego".to_owned(),
            line,
            column,
        };
        let frame = Frame::new("something is wrong", &place, width, text);
        draw(Level::Error, &frame, &[], Some("mend it"), false)
    }

    #[test]
    fn the_mark_stands_under_what_is_meant() {
        insta::assert_snapshot!(drawn("package p\n\nx := input.acount.id\n", 3, 12, None), @r"
        error: something is wrong
         --> policies/mine/check.rego:3:12
          |
        3 | x := input.acount.id
          |            ^^^^^^
          |
          = help: mend it
        ");
    }

    #[test]
    fn an_empty_file_and_the_end_of_a_file() {
        insta::assert_snapshot!(drawn("", 1, 1, None), @r"
        error: something is wrong
         --> policies/mine/check.rego:1:1
          |
        1 |
          | ^
          |
          = help: mend it
        ");
        insta::assert_snapshot!(drawn("package p\nx := {\n", 3, 1, None), @r"
        error: something is wrong
         --> policies/mine/check.rego:3:1
          |
        3 |
          | ^
          |
          = help: mend it
        ");
        insta::assert_snapshot!(drawn("package p\nx := {", 2, 7, None), @r"
        error: something is wrong
         --> policies/mine/check.rego:2:7
          |
        2 | x := {
          |       ^
          |
          = help: mend it
        ");
    }

    #[test]
    fn tabs_and_wide_characters_keep_their_columns() {
        insta::assert_snapshot!(drawn("\t\tx := input.acount", 1, 14, None), @r"
        error: something is wrong
         --> policies/mine/check.rego:1:14
          |
        1 |         x := input.acount
          |                    ^^^^^^
          |
          = help: mend it
        ");
        insta::assert_snapshot!(drawn("x := \"北京市\" == input.acount", 1, 21, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:21
          |
        1 | x := "北京市" == input.acount
          |                        ^^^^^^
          |
          = help: mend it
        "#);
        insta::assert_snapshot!(drawn("x := \"北京市\" == input.acount", 1, 6, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:6
          |
        1 | x := "北京市" == input.acount
          |      ^^^^^^^^
          |
          = help: mend it
        "#);
        insta::assert_snapshot!(drawn("x := \"é e\u{301} 🦊\" == input.acount", 1, 24, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:24
          |
        1 | x := "é é 🦊" == input.acount
          |                        ^^^^^^
          |
          = help: mend it
        "#);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let long = format!(
            "x := \"{}\" == input.acount == \"{}\"",
            "a".repeat(150),
            "b".repeat(150)
        );
        insta::assert_snapshot!(drawn(&long, 1, 168, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:168
          |
        1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" == input.acount == "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
          |                                                                  ^^^^^^
          |
          = help: mend it
        "#);
        let endless = format!(
            "x := \"{}\" == input.acount == \"{}\"",
            "a".repeat(100_000),
            "b".repeat(100_000)
        );
        insta::assert_snapshot!(drawn(&endless, 1, 100_018, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:100018
          |
        1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" == input.acount == "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
          |                                                                  ^^^^^^
          |
          = help: mend it
        "#);
    }

    #[test]
    fn what_is_meant_ends_with_its_line() {
        insta::assert_snapshot!(drawn("x := [\n  1,\n]\n", 1, 6, Some(10)), @r"
        error: something is wrong
         --> policies/mine/check.rego:1:6
          |
        1 | x := [
          |      ^
          |
          = help: mend it
        ");
    }

    #[test]
    fn what_would_move_the_cursor_is_visible_and_the_mark_fits() {
        insta::assert_snapshot!(drawn("x := \"\u{1b}[2J\u{202e}\" == input.acount", 1, 23, None), @r#"
        error: something is wrong
         --> policies/mine/check.rego:1:23
          |
        1 | x := "\x1b[2J\u202e" == input.acount
          |                               ^^^^^^
          |
          = help: mend it
        "#);
        insta::assert_snapshot!(drawn("::error::x := ##[group]", 1, 15, Some(9)), @r"
        error: something is wrong
         --> policies/mine/check.rego:1:15
          |
        1 | ::error::x := \x23#[group]
          |               ^^^^^^^^^^^^
          |
          = help: mend it
        ");
    }

    #[test]
    fn the_last_line_of_many_has_room_for_its_number() {
        let text = format!("{}x := y", "\n".repeat(12_344));
        insta::assert_snapshot!(drawn(&text, 12_345, 6, None), @r"
        error: something is wrong
             --> policies/mine/check.rego:12345:6
              |
        12345 | x := y
              |      ^
              |
              = help: mend it
        ");
    }

    #[test]
    fn colours_are_those_of_the_other_errors() {
        let place = Place {
            file: "a.rego".to_owned(),
            line: 1,
            column: 6,
        };
        let frame = Frame::new("nothing binds `y`", &place, None, "x := y");
        let text = draw(Level::Error, &frame, &[], Some("bind it"), true);
        insta::assert_snapshot!(text.replace('\u{1b}', "^"), @r"
        ^[1m^[31merror^[0m^[1m: nothing binds `y`^[0m
         ^[1m^[36m-->^[0m a.rego:1:6
          ^[1m^[36m|^[0m
        ^[1m^[36m1^[0m ^[1m^[36m|^[0m x := y
          ^[1m^[36m|^[0m      ^[1m^[31m^^[0m
          ^[1m^[36m|^[0m
          ^[1m^[36m= ^[0m^[1mhelp^[0m: bind it
        ");
    }
}
