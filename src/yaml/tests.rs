//! Text to exact error, place and help included.

use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for the errors")]
struct Sample {
    name: Option<String>,
    enabled: Option<bool>,
    count: Option<u64>,
    list: Option<Vec<String>>,
    map: Option<Entries<String>>,
    one_or_more: Option<OneOrMore>,
    severity: Option<crate::finding::Severity>,
    any: Option<serde_json::Value>,
    spanned: Option<Spanned<String>>,
    needs: Option<Needs>,
    null: Option<String>,
    text: Option<Text>,
    spanned_text: Option<Spanned<Text>>,
    shape: Option<Shape<Needs>>,
    from: Option<From>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "read for the errors")]
enum From {
    Live,
    File(Spanned<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read for the errors")]
struct Needs {
    critical: bool,
}

fn sample(text: &str) -> Sample {
    read("t.yaml", text).unwrap()
}

fn refusal(text: &str) -> String {
    let error = match read::<Sample>("t.yaml", text) {
        Ok(_) => return format!("accepted: {text}"),
        Err(error) => error,
    };
    match &error.help {
        Some(help) => format!("{error}\nhelp: {help}"),
        None => error.to_string(),
    }
}

#[test]
fn what_can_be_read_two_ways_is_refused() {
    let cases = [
        (
            "enabled: no",
            "t.yaml:1:10: expected true or false, not `no`\nhelp: write `true` or `false`",
        ),
        (
            "enabled: on",
            "t.yaml:1:10: expected true or false, not `on`\nhelp: write `true` or `false`",
        ),
        ("nmae: x", "t.yaml:1:1: unknown key `nmae`\nhelp: did you mean `name`?"),
        ("naem: x", "t.yaml:1:1: unknown key `naem`\nhelp: did you mean `name`?"),
        (
            "zzzz: x",
            "t.yaml:1:1: unknown key `zzzz`\nhelp: known are `name`, `enabled`, `count`, `list`, `map`, `one_or_more`, `severity`, `any`, `spanned`, `needs`, `null`, `text`, `spanned_text`, `shape`, `from`",
        ),
        (
            "name: a\ncount: 1\nname: b",
            "t.yaml:3:1: the key `name` is here twice\nhelp: it is already on line 1: keep one of them",
        ),
        (
            "any: {a: {b: 1, 'b': 2}}",
            "t.yaml:1:17: the key `b` is here twice\nhelp: it is already on line 1: keep one of them",
        ),
        (
            "name: &x a\nlist: [*x]",
            "t.yaml:1:10: anchors (`&name`) are not read\nhelp: write the value out, or put a text that begins with `&` in quotes",
        ),
        (
            "list: [*x]",
            "t.yaml:1:8: aliases (`*name`) are not read\nhelp: write the value out, or put a text that begins with `*` in quotes",
        ),
        (
            "name: *.csv",
            "t.yaml:1:7: aliases (`*name`) are not read\nhelp: write the value out, or put a text that begins with `*` in quotes",
        ),
        (
            "any: {<<: {a: 1}}",
            "t.yaml:1:7: merge keys (`<<`) are not read\nhelp: write the keys out",
        ),
        (
            "name: a\n---\nname: b",
            "t.yaml:2:1: a second document begins here\nhelp: keep one document in a file: remove the `---`",
        ),
        (
            "%YAML 1.1\n---\nname: b",
            "t.yaml:1:1: not readable as YAML: YAML directives are disallowed\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: !!str 1",
            "t.yaml:1:13: tags (`!name`) are not read\nhelp: remove the tag, or put a text that begins with `!` in quotes",
        ),
        (
            "any:\n\tb: 1",
            "t.yaml:2:2: not readable as YAML: tabs disallowed within this context (block indentation)\nhelp: indent with spaces",
        ),
        (
            "name: a\n\tb",
            "t.yaml:1:7: not readable as YAML: while scanning a plain scalar, found a tab\nhelp: indent with spaces",
        ),
        (
            "name:",
            "t.yaml:1:5: `name` has no value\nhelp: write a value, or leave `name` out; a text that reads `null` needs quotes",
        ),
        (
            "name: ~",
            "t.yaml:1:7: `name` has no value\nhelp: write a value, or leave `name` out; a text that reads `null` needs quotes",
        ),
        (
            "list: [a, null]",
            "t.yaml:1:11: there is no value here\nhelp: write a value, or leave the line out; a text that reads `null` needs quotes",
        ),
        (
            "list:\n  - a\n  -",
            "t.yaml:3:4: there is no value here\nhelp: write a value, or leave the line out; a text that reads `null` needs quotes",
        ),
        (
            "any: {[a]: b}",
            "t.yaml:1:7: a key must be a text\nhelp: a text that begins with `[` or `{` needs quotes",
        ),
        (
            "any: {? {a: b} : c}",
            "t.yaml:1:9: a key must be a text\nhelp: a text that begins with `[` or `{` needs quotes",
        ),
        ("", "t.yaml:1:1: the file is empty\nhelp: write its keys, one a line"),
        (
            "# only a comment\n",
            "t.yaml:1:1: the file is empty\nhelp: write its keys, one a line",
        ),
        (
            "---\n",
            "t.yaml:1:4: there is no value here\nhelp: write a value, or leave the line out; a text that reads `null` needs quotes",
        ),
        (
            "just text",
            "t.yaml:1:1: expected keys with values\nhelp: write `key: value` lines, or `{key: value}`",
        ),
        (
            "- a",
            "t.yaml:1:1: expected keys with values\nhelp: write `key: value` lines, or `{key: value}`",
        ),
        (
            "list: a",
            "t.yaml:1:7: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "list: {a: b}",
            "t.yaml:1:7: expected a list\nhelp: write the values as `[first, second]`",
        ),
        (
            "map: [a]",
            "t.yaml:1:6: expected keys with values\nhelp: write `key: value` lines, or `{key: value}`",
        ),
        (
            "map: a",
            "t.yaml:1:6: expected keys with values\nhelp: write `key: value` lines, or `{key: value}`",
        ),
        (
            "name: [a]",
            "t.yaml:1:7: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "name: {a: b}",
            "t.yaml:1:7: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "count: 010",
            "t.yaml:1:8: expected a whole number, not `010`\nhelp: write it in decimal digits, without a leading zero",
        ),
        (
            "count: -1",
            "t.yaml:1:8: expected a whole number, not `-1`\nhelp: write it in decimal digits, without a leading zero",
        ),
        (
            "count: many",
            "t.yaml:1:8: expected a whole number, not `many`\nhelp: write it in decimal digits, without a leading zero",
        ),
        (
            "count: 1.5",
            "t.yaml:1:8: expected a whole number, not `1.5`\nhelp: write it in decimal digits, without a leading zero",
        ),
        (
            "one_or_more: 17",
            "t.yaml:1:14: expected a text, not the bare value 17\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "one_or_more: 1.50",
            "t.yaml:1:14: expected a text, not the bare value 1.5\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "one_or_more: true",
            "t.yaml:1:14: expected a text, not the bare value true\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "text: ' '",
            "t.yaml:1:7: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "text: \"\\u200b \\u3164\"",
            "t.yaml:1:7: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "text: [a]",
            "t.yaml:1:7: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "map: {}\nspanned_text: \"\"",
            "t.yaml:2:15: expected a text, not an empty one\nhelp: write it, or leave the line out",
        ),
        (
            "shape: {critcal: true}",
            "t.yaml:1:9: unknown key `critcal`\nhelp: did you mean `critical`?",
        ),
        (
            "shape: 5",
            "t.yaml:1:8: expected a text, not the bare value 5\nhelp: put it in quotes, so that it stays as it is written",
        ),
        (
            "shape: [[a]]",
            "t.yaml:1:9: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "from: lvie",
            "t.yaml:1:7: unknown word `lvie`\nhelp: did you mean `live`?",
        ),
        (
            "from: file",
            "t.yaml:1:11: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "from: {live: x}",
            "t.yaml:1:14: no value is expected here\nhelp: write the word alone, without `{…}`",
        ),
        (
            "from: {file: x, live: y}",
            "t.yaml:1:17: expected one key with its value, not several\nhelp: keep one of the keys",
        ),
        (
            "from: {}",
            "t.yaml:1:8: expected one key with its value\nhelp: write `{key: value}`",
        ),
        (
            "from: {fiel: x}",
            "t.yaml:1:8: unknown word `fiel`\nhelp: did you mean `file`?",
        ),
        (
            "from: {file: [x]}",
            "t.yaml:1:14: expected one text\nhelp: write a single text here, as in `key: text`",
        ),
        (
            "from: [file]",
            "t.yaml:1:7: expected one word\nhelp: write a single value, without `[…]`",
        ),
        (
            "one_or_more: {a: b}",
            "t.yaml:1:14: expected a text or a list of texts\nhelp: write `text` or `[first, second]`",
        ),
        (
            "severity: hihg",
            "t.yaml:1:11: unknown word `hihg`\nhelp: did you mean `high`?",
        ),
        (
            "severity: [high]",
            "t.yaml:1:11: expected one word\nhelp: write a single value, without `[…]`",
        ),
        (
            "any: .nan",
            "t.yaml:1:6: value `.nan` is not a finite number\nhelp: check the value and the indentation here",
        ),
        (
            "needs: {}",
            "t.yaml:1:8: `critical` is missing\nhelp: add `critical:` here",
        ),
        (
            "needs:\n  critical: yes",
            "t.yaml:2:13: expected true or false, not `yes`\nhelp: write `true` or `false`",
        ),
        (
            "name: [a",
            "t.yaml:1:7: not readable as YAML: unclosed bracket '['\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: \"a",
            "t.yaml:1:7: not readable as YAML: unclosed quote\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: a: b",
            "t.yaml:1:8: not readable as YAML: mapping values are not allowed in this context\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: @a",
            "t.yaml:1:7: not readable as YAML: unexpected character: `@'\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: \"\\q\"",
            "t.yaml:1:7: not readable as YAML: while parsing a quoted scalar, found unknown escape character\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
        (
            "name: a\u{0}b",
            "t.yaml:1:8: not readable as YAML: unexpected character: `\\u{0}'\nhelp: check the indentation, the brackets and the quotes around this place",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn text_stays_as_it_was_written() {
    for written in [
        "0123",
        "17",
        "1_000",
        "1.50",
        "no",
        "on",
        "y",
        "0x1F",
        "1e3",
        "2026-11-20",
        "true",
        "E-2",
    ] {
        let read = sample(&format!(
            "name: {written}\nlist: [{written}]\nmap: {{{written}: {written}}}"
        ));
        assert_eq!(read.name.as_deref(), Some(written));
        assert_eq!(read.list, Some(vec![written.to_owned()]));
        let (key, value) = &read.map.unwrap().0[0];
        assert_eq!((key.value.as_str(), value.as_str()), (written, written));
    }
    assert_eq!(
        sample("any: [0123, 1_000, no, 17]").any,
        Some(serde_json::json!(["0123", "1_000", "no", 17]))
    );
    assert_eq!(
        sample("one_or_more: 0123").one_or_more,
        Some(OneOrMore(vec!["0123".to_owned()]))
    );
    assert_eq!(
        sample("one_or_more: [0123, 7]").one_or_more,
        Some(OneOrMore(vec!["0123".to_owned(), "7".to_owned()]))
    );
}

#[test]
fn a_quoted_null_is_a_text() {
    assert_eq!(sample("\"null\": \"null\"").null.as_deref(), Some("null"));
    assert_eq!(sample("name: \"\"").name.as_deref(), Some(""));
}

#[test]
fn values_and_keys_have_places_counted_in_characters() {
    let read = sample("\u{feff}# Zoë\nspanned: ü\nmap:\n  é: x\n  \"b\": y\n");
    assert_eq!(place("t.yaml", &read.spanned.unwrap()).to_string(), "t.yaml:2:10");
    let map = read.map.unwrap();
    assert_eq!(place("t.yaml", &map.0[0].0).to_string(), "t.yaml:4:3");
    assert_eq!(place("t.yaml", &map.0[1].0).to_string(), "t.yaml:5:3");
}

#[test]
fn bombs_are_refused_without_work() {
    let depth = "t.yaml:1:38: more than 32 levels deep\nhelp: nothing here needs that many: check the brackets and the indentation";
    assert_eq!(refusal(&format!("any: {}", "[".repeat(1_000_000))), depth);
    assert!(refusal(&format!("any: {}", "{a: ".repeat(1_000_000))).contains("more than 32 levels deep"));
    assert!(refusal(&format!("any:\n{}", "- ".repeat(1_000_000))).contains("more than 32 levels deep"));
    // The deepest that is let through fits the stack.
    let mut deepest = String::from("any:\n");
    for depth in 1..31 {
        deepest.push_str(&format!("{}a:\n", " ".repeat(depth)));
    }
    deepest.push_str(&format!("{}{}{}", " ".repeat(31), "[".repeat(31), "]".repeat(31)));
    assert!(sample(&deepest).any.is_some());
    let mut laughs = "any:\n  a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (this, next) in ('a'..'y').zip('b'..='y') {
        laughs.push_str(&format!(
            "  {next}: &{next} [*{this}, *{this}, *{this}, *{this}, *{this}]\n"
        ));
    }
    assert!(refusal(&laughs).starts_with("t.yaml:2:9: anchors (`&name`) are not read\n"));
}

#[test]
fn a_long_file_is_no_bomb() {
    let list: Vec<_> = (0..300_000).map(|n| format!("E-{n}")).collect();
    assert_eq!(sample(&format!("list: [{}]", list.join(", "))).list, Some(list));
}
