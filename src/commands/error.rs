//! Errors of every stage, as a command hands them up.

use std::fmt;
use std::path::Path;

use crate::error::{Explain, Frame, Place};
use crate::exit::Exit;
use crate::project;

/// Why a command gave no answer: the error of the stage that failed, which knows its help line and its exit code.
#[derive(Debug)]
pub struct CommandError(Box<dyn Explain + Send + Sync>);

impl CommandError {
    /// An error whose type is known no more.
    pub fn from_boxed(error: Box<dyn Explain + Send + Sync>) -> Self {
        Self(error)
    }

    /// The stage's error.
    pub fn explained(&self) -> &dyn Explain {
        self.0.as_ref()
    }

    /// The error beside its line of the project file, where its message begins with a place there. Every stage speaks of
    /// that file, and none keeps its text.
    pub fn beside(self, project: &Path) -> Self {
        match (self.0.frame(), frame(&self.0.to_string(), project)) {
            (None, Some(frame)) => Self(Box::new(Beside { error: self.0, frame })),
            _ => self,
        }
    }
}

/// The line of the project file that a message begins with, if it begins with one. A line that may hold a secret, written
/// where none belongs or handed to a program, is shown to nobody.
fn frame(message: &str, project: &Path) -> Option<Frame> {
    let (file, text) = project::text_again(project)?;
    let rest = message.strip_prefix(&file)?.strip_prefix(':')?;
    let (line, rest) = rest.split_once(':')?;
    let (column, title) = rest.split_once(": ")?;
    let place = Place {
        file,
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    };
    match text {
        Ok(text) => {
            let (place, width) = [meant(title, place.clone(), &text), (place, None)]
                .into_iter()
                .find(|(place, _)| !may_hold_a_secret(&text, place.line))?;
            Some(Frame::new(title, &place, width, &text))
        }
        // What is wrong is that byte.
        Err(frame) => (!may_hold_a_secret(&frame.line, 1)).then(|| Frame {
            title: title.to_owned(),
            ..frame
        }),
    }
}

/// Many errors speak of something in an entry of the file, and know where the entry begins. What they name last in
/// backquotes is what is wrong: where it stands in the entry as it is named, it is meant.
fn meant(title: &str, place: Place, text: &str) -> (Place, Option<usize>) {
    let indent = |line: &str| line.chars().take_while(|c| *c == ' ').count();
    let column = place.column.saturating_sub(1);
    let mut entry = Vec::new();
    for (index, line) in text.lines().enumerate().skip(place.line.saturating_sub(1)) {
        if index + 1 == place.line {
            entry.push((index + 1, column, line));
            continue;
        }
        let is_key = entry.first().is_some_and(|(_, _, first)| indent(first) == column);
        if !line.trim().is_empty() && indent(line) < column + usize::from(is_key) {
            break;
        }
        entry.push((index + 1, 0, line));
    }
    let named: Vec<&str> = title.split('`').skip(1).step_by(2).collect();
    for name in named.into_iter().rev().filter(|name| !name.is_empty()) {
        let found = entry.iter().find_map(|(number, from, line)| {
            let skipped: usize = line.chars().take(*from).map(char::len_utf8).sum();
            let at = word(line.get(skipped..)?, name)?;
            Some((*number, line[..skipped + at].chars().count() + 1))
        });
        if let Some((line, column)) = found {
            return (Place { line, column, ..place }, Some(name.chars().count()));
        }
    }
    (place, None)
}

/// Whether a line, or a key that it stands below, speaks of secrets, of programs or of addresses.
fn may_hold_a_secret(text: &str, line: usize) -> bool {
    const WORDS: [&str; 13] = [
        "run:",
        "command:",
        "auth",
        "with:",
        "://",
        "token",
        "secret",
        "passw",
        "key",
        "credential",
        "bearer",
        "login",
        "private",
    ];
    let indent = |line: &str| line.len() - line.trim_start().len();
    let before: Vec<&str> = text.lines().take(line).collect();
    let mut above = usize::MAX;
    for line in before.into_iter().rev().filter(|line| !line.trim().is_empty()) {
        if indent(line) < above {
            above = indent(line);
            let lower = line.to_lowercase();
            if WORDS.iter().any(|word| lower.contains(word)) {
                return true;
            }
        }
    }
    false
}

/// Where a name stands in a line, and not as a part of a longer one; what a comment says is not meant.
fn word(line: &str, name: &str) -> Option<usize> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@'));
    let line = line.split(" #").next().unwrap_or_default();
    line.match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !part(line[..*at].chars().next_back()) && !part(line[at + name.len()..].chars().next()))
}

/// An error beside a line.
#[derive(Debug)]
struct Beside {
    error: Box<dyn Explain + Send + Sync>,
    frame: Frame,
}

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Beside {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl Explain for Beside {
    fn help(&self) -> Option<String> {
        self.error.help()
    }

    fn exit(&self) -> Exit {
        self.error.exit()
    }

    fn frame(&self) -> Option<&Frame> {
        Some(&self.frame)
    }
}

impl<E: Explain + Send + Sync + 'static> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// The answer could not be written to standard output.
#[derive(Debug, thiserror::Error)]
#[error("writing the report to standard output: {0}")]
pub struct OutputError(pub std::io::Error);

impl Explain for OutputError {
    fn help(&self) -> Option<String> {
        Some("give `--output FILE`, or look at where the output is sent".to_owned())
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_shown() {
        let text = "sources:\n  crm:\n    connector: crm\n    api_token: hunter2\n  hr:\n    from:\n      run:\n        - ./program\n        - hunter2\n    params: {a: b}\n";
        let shown: Vec<usize> = (1..=10).filter(|line| !may_hold_a_secret(text, *line)).collect();
        assert_eq!(shown, [1, 2, 3, 5, 6, 10]);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rolecall.yaml"), text).unwrap();
        let file = folder.path().join("rolecall.yaml").display().to_string();
        let line = |message: &str| frame(&format!("{file}:{message}"), folder.path()).map(|frame| frame.line);
        assert_eq!(line("4:5: unknown key `api_token`"), None);
        assert_eq!(
            line("5:3: running `./program`: there is none").as_deref(),
            Some("  hr:")
        );
        assert_eq!(line("10:13: there is no `b`").as_deref(), Some("    params: {a: b}"));
        assert_eq!(line("ten: there is no `b`"), None);
        assert_eq!(frame("elsewhere.yaml:1:1: no", folder.path()), None);
    }

    #[test]
    fn what_is_named_last_is_meant_where_it_stands_in_the_entry() {
        let text = "sources:\n  crm: # hubspto\n    connector: hubspto\n    params: {company: my-acme, tenant: acme}\n  hr:\n    connector: roster\nlist:\n  - name: a\n    staff: b\n  - name: c\n";
        let marked = |title: &str, line: usize, column: usize| {
            let place = Place {
                file: "rolecall.yaml".to_owned(),
                line,
                column,
            };
            let (place, width) = meant(title, place, text);
            let frame = Frame::new(title, &place, width, text);
            let marked: String = frame.line.chars().skip(place.column - 1).take(frame.width).collect();
            format!("{}:{} {marked}", place.line, place.column)
        };
        assert_eq!(marked("there is no connector `hubspto`", 2, 3), "3:16 hubspto");
        assert_eq!(marked("`crm` is of `other`, not `acme`", 2, 3), "4:40 acme");
        assert_eq!(
            marked("source `crm` has no `roster`", 2, 3),
            "2:3 crm",
            "another entry is not looked at"
        );
        assert_eq!(marked("nothing is named", 5, 3), "5:3 hr");
        assert_eq!(marked("the rule names `b`", 8, 5), "9:12 b");
        assert_eq!(marked("the rule names `c`", 8, 5), "8:5 name");
        assert_eq!(marked("an odd ` quote", 70, 5), "70:5 ");
    }
}
