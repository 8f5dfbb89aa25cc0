//! Names on the left, words on the right, broken into lines: the lists of `connectors` and `doctor`.

use std::io::{self, Write};

use super::style::Style;

/// Lines are broken at about this column.
const WIDTH: usize = 100;

/// Writes every entry on lines of its own, indented; the words begin at the same column and keep to it. What is written
/// must have been escaped.
pub fn render(entries: &[(String, String)], indent: usize, styled: bool, out: &mut impl Write) -> io::Result<()> {
    let column = entries
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or_default();
    for (name, words) in entries {
        let pad = column - name.chars().count();
        let name = Style::STRONG.paint(name, styled);
        let mut lines = broken(words, WIDTH.saturating_sub(indent + column + 2)).into_iter();
        let first = lines.next().unwrap_or_default();
        let line = format!("{:indent$}{name}{:pad$}  {first}", "", "");
        writeln!(out, "{}", line.trim_end())?;
        for line in lines {
            writeln!(out, "{:1$}{line}", "", indent + column + 2)?;
        }
    }
    Ok(())
}

/// A text in lines of about so many characters. A word that is longer has a line of its own.
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_to_their_column() {
        let entries = [
            ("a".to_owned(), "one ".repeat(30).trim().to_owned()),
            ("longer".to_owned(), String::new()),
        ];
        let mut out = Vec::new();
        render(&entries, 2, false, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
          a       one one one one one one one one one one one one one one one one one one one one one one
                  one one one one one one one one
          longer
        ");
    }
}
