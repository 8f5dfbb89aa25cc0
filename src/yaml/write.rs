//! Text on its way into a YAML file.

use std::fmt::Write as _;

/// A text as a value or a key that reads as itself, on one line, in flow style and in block style. It is quoted unless
/// nobody could take it for anything else. A blank one is none to its reader.
pub fn text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match (c, c as u32) {
            ('"' | '\\', _) => write!(out, "\\{c}"),
            ('\n', _) => out.write_str("\\n"),
            ('\t', _) => out.write_str("\\t"),
            (' '..='~', _) => out.write_char(c),
            (c, _) if c.is_alphanumeric() => out.write_char(c),
            (_, code @ 0..=0xff) => write!(out, "\\x{code:02x}"),
            (_, code @ 0x100..=0xffff) => write!(out, "\\u{code:04x}"),
            (_, code) => write!(out, "\\U{code:08x}"),
        };
    }
    out.push('"');
    out
}

/// Words that begin with a letter, and that no reader takes for a number, a boolean, a null or a structure.
fn is_plain(text: &str) -> bool {
    let words = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity",
    ];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " ._@/+-".contains(c))
        && !words.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::yaml;

    const HOSTILE: [&str; 30] = [
        " a ",
        "null",
        "Yes",
        "off",
        "~",
        "0123",
        "1e3",
        ".inf",
        "2026-11-20",
        "a: b",
        "a #b",
        "# a",
        "- a",
        "{a: b}",
        "[a, b]",
        "a, b",
        "a]",
        "'a'",
        "\"a\" \\ b",
        "&a",
        "*a",
        "!!int a",
        "%a",
        "---",
        "a\nb: c\r\n\t",
        "\u{1b}[2J\u{202e}\u{feff}\u{2028}\u{85}\0",
        "Zoë Łukasz 李 🦊",
        "C:\\Users\\a",
        "Müller & Söhne: \"Vertrieb\"",
        "plain words, 12%",
    ];

    #[test]
    fn every_text_comes_back_as_it_was() {
        for hostile in HOSTILE {
            let written = text(hostile);
            let block = format!("key: {written}\n");
            let read: BTreeMap<String, yaml::Text> = yaml::read("a.yaml", &block).unwrap();
            assert_eq!(read["key"].0, hostile.trim(), "{block}");
            let flow = format!("key: [{written}, {written}]\n");
            let read: BTreeMap<String, yaml::OneOrMore> = yaml::read("a.yaml", &flow).unwrap();
            assert_eq!(read["key"].0, [hostile, hostile], "{flow}");
            assert!(
                !written.contains('\n') && !written.chars().any(char::is_control),
                "{written}"
            );
            // The same to the other reader of YAML that this program has.
            let read: BTreeMap<String, String> = serde_yaml::from_str(&block).unwrap();
            assert_eq!(read["key"], hostile, "{block}");
        }
    }

    #[test]
    fn what_nobody_can_take_for_anything_else_is_not_quoted() {
        for plain in [
            "Europe/Berlin",
            "Account executive",
            "ada@example.com",
            "rosters/2026.csv",
        ] {
            assert_eq!(text(plain), plain);
        }
    }
}
