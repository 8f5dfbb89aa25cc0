//! An error beside the line of the file that it speaks of.

use super::Place;

/// What is wrong, and the piece of the author's file that is meant. How it is drawn is for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What is wrong, without the place.
    pub title: String,
    /// Where the piece begins.
    pub place: Place,
    /// The line that it stands on, without its end.
    pub line: String,
    /// How many characters of the line are meant; at least one, and one behind the end where the line is too short.
    pub width: usize,
}

impl Frame {
    /// Finds the line in the text of a file. Where it is not known how much is meant, `width` is nothing, and what stands
    /// at the place is: a text in quotes, a word, a sign. What is meant ends with the line.
    pub fn new(title: impl Into<String>, place: &Place, width: Option<usize>, text: &str) -> Self {
        let line = text.split('\n').nth(place.line.saturating_sub(1)).unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        // A byte order mark is no column.
        let line = match place.line {
            1 => line.strip_prefix('\u{feff}').unwrap_or(line),
            _ => line,
        };
        let is_rego = place.file.ends_with(".rego") && !line.starts_with('#');
        let (column, width) = match width {
            None if is_rego => reference(line, place.column).map_or((place.column, None), |(c, w)| (c, Some(w))),
            _ => (place.column, width),
        };
        let rest: String = line.chars().skip(column.saturating_sub(1)).collect();
        let width = match width {
            Some(width) => width.min(rest.trim_end().chars().count()),
            None => piece(&rest, is_rego),
        };
        let place = Place {
            column,
            ..place.clone()
        };
        Self {
            title: title.into(),
            place,
            line: line.to_owned(),
            width: width.max(1),
        }
    }

    /// The text of a file that a person wrote.
    ///
    /// # Errors
    /// The first byte that is no UTF-8, beside its line. Such bytes are shown as `\xe9`.
    pub fn utf8(file: &str, bytes: Vec<u8>) -> Result<String, Self> {
        String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let (before, rest) = error.as_bytes().split_at(valid);
            let before = String::from_utf8_lossy(before);
            let begun = before.rsplit('\n').next().unwrap_or_default();
            let place = Place {
                file: file.to_owned(),
                line: before.matches('\n').count() + 1,
                column: begun.chars().count() + 1,
            };
            let rest = shown(rest.split(|byte| *byte == b'\n').next().unwrap_or_default());
            Self {
                title: "this is not UTF-8 text".to_owned(),
                place,
                line: format!("{begun}{rest}"),
                width: 4,
            }
        })
    }
}

/// Bytes as text; those that are none are written out.
fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        chunk
            .invalid()
            .iter()
            .for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// The engine places a reference at its last dot: all of `input.streams.me` is meant where the place is that of `.me`. Column
/// and width, if a reference stands there.
fn reference(line: &str, column: usize) -> Option<(usize, usize)> {
    let characters: Vec<char> = line.chars().collect();
    let dot = column.checked_sub(1)?;
    if characters.get(dot) != Some(&'.') {
        return None;
    }
    let before = characters.get(..dot)?.iter().rev();
    let head = before.take_while(|c| is_of_a_name(**c) || **c == '.').count();
    let after = characters.get(dot + 1..)?.iter();
    let tail = after.take_while(|c| is_of_a_name(**c)).count();
    (head > 0).then_some((dot - head + 1, head + 1 + tail))
}

/// How many characters the first piece of a text takes. Words of YAML hold more than names do.
fn piece(text: &str, is_rego: bool) -> usize {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return 1 };
    let ends = |c: char| c.is_whitespace() || (is_rego && !is_of_a_name(c)) || ",[]{}\"".contains(c);
    if matches!(first, '"' | '\'' | '`') {
        return quoted(text, first);
    }
    if first.is_whitespace() || ends(first) {
        let two: String = text.chars().take(2).collect();
        return if [":=", "==", "!=", "<=", ">="].contains(&two.as_str()) {
            2
        } else {
            1
        };
    }
    let word: String = text.chars().take_while(|c| !ends(*c)).collect();
    word.split(": ")
        .next()
        .unwrap_or_default()
        .trim_end_matches(':')
        .chars()
        .count()
}

fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A text with its quotes; to the end of the line where it is not closed there.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, c) in text.chars().enumerate().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return index + 1,
            _ => {}
        }
    }
    text.trim_end().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The piece that a frame marks.
    fn marked(file: &str, text: &str, line: usize, column: usize, width: Option<usize>) -> String {
        let place = Place {
            file: file.to_owned(),
            line,
            column,
        };
        let frame = Frame::new("wrong", &place, width, text);
        let marked: String = frame
            .line
            .chars()
            .skip(frame.place.column - 1)
            .take(frame.width)
            .collect();
        assert_eq!(marked.chars().count().max(1), frame.width, "{frame:?}");
        marked
    }

    #[test]
    fn what_stands_at_the_place_is_meant() {
        let cases = [
            ("x := input.acount.id", 12, "acount"),
            ("x := \"a \\\"b\\\" c\" == 1", 6, "\"a \\\"b\\\" c\""),
            ("x := `a b`", 6, "`a b`"),
            ("x := \"never closed  ", 6, "\"never closed"),
            ("x := 1", 3, ":="),
            ("x := {1}", 6, "{"),
            ("x := object.get(streams.me, 0)", 24, "streams.me"),
            ("x := .5", 6, "."),
            ("x := 北京_1.y", 6, "北京_1"),
            ("x := 1", 7, ""),
            ("x := 1", 40, ""),
            ("", 1, ""),
        ];
        for (line, column, expected) in cases {
            assert_eq!(marked("a.rego", line, 1, column, None), expected, "{line}");
        }
        let yaml = [
            ("  severty: low", 3, "severty"),
            ("  severity: lo-w # so", 13, "lo-w"),
            ("links: [https://a.test/b, c]", 9, "https://a.test/b"),
            ("  \"a b\": 1", 3, "\"a b\""),
        ];
        for (line, column, expected) in yaml {
            assert_eq!(marked("a.yaml", line, 1, column, None), expected, "{line}");
            assert_eq!(
                marked("a.rego", &format!("# {line}"), 1, column + 2, None),
                expected,
                "{line}"
            );
        }
    }

    #[test]
    fn what_is_meant_ends_with_its_line() {
        let text = "package p\r\n\r\nx := [\r\n\t1,\r\n]\r\n";
        assert_eq!(marked("a.rego", text, 3, 6, Some(9)), "[");
        assert_eq!(marked("a.rego", text, 4, 2, Some(9)), "1,");
        assert_eq!(marked("a.rego", text, 6, 1, None), "");
        assert_eq!(marked("a.rego", text, 70, 1, Some(3)), "");
        assert_eq!(marked("a.rego", "\u{feff}package p", 1, 1, None), "package");
    }

    #[test]
    fn a_byte_that_is_no_text_is_written_out() {
        let frame = Frame::utf8("a.rego", b"package p\n# Zo\xc3\xab caf\xe9 \xff\nx".to_vec()).unwrap_err();
        assert_eq!(frame.line, "# Zo\u{eb} caf\\xe9 \\xff");
        assert_eq!((frame.place.line, frame.place.column), (2, 10));
        assert_eq!(Frame::utf8("a.rego", "é".into()).unwrap(), "é");
    }
}
