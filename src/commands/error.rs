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

    /// The error beside its line of the project file, where it speaks of one. Every stage speaks of that file, and none
    /// keeps its text.
    pub fn beside(self, project: &Path) -> Self {
        match self.0.frame() {
            None => match frame(self.0.as_ref(), project) {
                Some(frame) => Self(Box::new(Beside { error: self.0, frame })),
                None => self,
            },
            Some(_) => self,
        }
    }
}

/// The line of the project file that an error speaks of, if it may be shown.
fn frame(error: &(dyn Explain + Send + Sync), project: &Path) -> Option<Frame> {
    let place = error.place()?;
    let (file, bytes) = project::bytes_again(project)?;
    if place.file != file || !is_harmless(&String::from_utf8_lossy(&bytes), place.line) {
        return None;
    }
    let message = error.to_string();
    let title = message.strip_prefix(&format!("{place}: ")).unwrap_or(&message);
    match Frame::utf8(&file, bytes) {
        Ok(text) => {
            let line = text.split('\n').nth(place.line.saturating_sub(1)).unwrap_or_default();
            let (place, width) = meant(title, place, line.trim_start_matches('\u{feff}'));
            Some(Frame::new(title, &place, width, &text))
        }
        // What is wrong is that byte.
        Err(frame) => (frame.place == *place).then(|| Frame {
            title: title.to_owned(),
            ..frame
        }),
    }
}

/// Whether a line of the project file may be shown. `sources` holds secrets where somebody writes them by mistake, and how
/// they are written there nobody can foresee: so a line is shown only where what stands above it is sure to be another part
/// of the file. The text is not parsed, as it may be what does not parse; what is not written plainly is not sure.
fn is_harmless(text: &str, line: usize) -> bool {
    const HARMLESS: [&str; 11] = [
        "rolecall",
        "organisation",
        "timezone",
        "systems",
        "staff",
        "identities",
        "checks",
        "calendar",
        "policies",
        "connectors",
        "exceptions",
    ];
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = text.lines().take(line).collect();
    // What ends a line for others ends none here: more would be shown than is meant.
    if lines
        .iter()
        .any(|line| line.contains(['\r', '\u{85}', '\u{2028}', '\u{2029}']))
    {
        return false;
    }
    let mut part = None;
    for (index, line) in lines.iter().enumerate() {
        let is_item = *line == "-" || line.starts_with("- ");
        let is_below = line.starts_with([' ', '\t']) || line.trim().is_empty();
        if is_below || is_item || line.starts_with('#') || *line == "---" {
            continue;
        }
        match plain_key(line) {
            Some(key) => part = Some((key, index)),
            None => return false,
        }
    }
    let Some((key, begins)) = part.filter(|(key, _)| HARMLESS.contains(key)) else {
        return false;
    };
    // A bracket that is still open there, or `sources` that stands too far to the right.
    let open = |line: &&str| line.matches(['[', '{']).count();
    let close = |line: &&str| line.matches([']', '}']).count();
    let (above, own) = lines.split_at(begins);
    above.iter().map(open).sum::<usize>() == above.iter().map(close).sum::<usize>()
        && (key == "staff" || !own.iter().any(|line| line.contains("sources")))
}

/// The key that a line begins with, if it is a plain word.
fn plain_key(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let is_word = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    (is_word && !key.is_empty() && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
}

/// What an error names last in backquotes is what is wrong: where it stands on the error's line, it is meant. Of other
/// lines nothing is known.
fn meant(title: &str, place: &Place, line: &str) -> (Place, Option<usize>) {
    let skipped: usize = line
        .chars()
        .take(place.column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    let named: Vec<&str> = title.split('`').skip(1).step_by(2).collect();
    for name in named.into_iter().rev().filter(|name| !name.is_empty()) {
        if let Some(at) = line.get(skipped..).and_then(|rest| word(rest, name)) {
            let (before, behind) = (&line[..skipped + at], &line[skipped + at + name.len()..]);
            // A text is meant with its quotes.
            let quote = |c: &char| matches!(c, '"' | '\'');
            let quotes = before.chars().next_back().filter(quote) == behind.chars().next().filter(quote);
            let quoted = usize::from(quotes && before.ends_with(['"', '\'']));
            let place = Place {
                column: before.chars().count() + 1 - quoted,
                ..place.clone()
            };
            return (place, Some(name.chars().count() + 2 * quoted));
        }
    }
    (place.clone(), None)
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

    fn place(&self) -> Option<&Place> {
        self.error.place()
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
    use crate::project::ProjectError;

    /// What is shown of an error at a place of the file.
    fn shown(bytes: &[u8], line: usize, column: usize, message: &str) -> Option<Frame> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rolecall.yaml");
        std::fs::write(&file, bytes).unwrap();
        let error = ProjectError::Wrong {
            place: Place {
                file: file.display().to_string(),
                line,
                column,
            },
            message: message.to_owned(),
            help: None,
        };
        frame(&error, folder.path())
    }

    #[test]
    fn nothing_of_a_source_is_shown_however_it_is_written() {
        let before = "rolecall: 1\norganisation: Example\n";
        let written = [
            "sources:\n  crm:\n    api_token: hunter2\n",
            "sources:\n  crm:\n    from:\n      run:\n      - ./program\n      - hunter2\n",
            "sources:\n  crm:\n    from:\n      \"run\": [./program, hunter2]\n",
            "sources:\n  crm:\n    from:\n      run : [./program, hunter2]\n",
            "sources:\n  crm:\n    from: {run: [./program,\nhunter2]}\n",
            "sources:\n  crm:\n    from: {run: [./program,\nchecks: hunter2]}\n",
            "sources:\n  crm:\n    pwd: hunter2\n",
            "sources:\n  crm:\n    pass: hunter2\n",
            "sources:\n  crm:\n    cookie: hunter2\n",
            "sources:\n  crm:\n    params: {pat: hunter2}\n",
            "sources:\n  crm:\n    params:\n\n# a remark\n      pat: hunter2\n",
            "sources:\n- crm\n- hunter2\n",
            "sources: {crm: {params: {pat: hunter2}}}\n",
            "sources: # hunter2\n",
            "\"sources\":\n  crm: hunter2\n",
            "'sources':\n  crm: hunter2\n",
            "sources :\n  crm: hunter2\n",
            "? sources\n: crm: hunter2\n",
            "Sources:\n  crm: hunter2\n",
            "source:\n  crm: hunter2\n",
            "!!map sources:\n  crm: hunter2\n",
            "hunter2\n",
            "hunter2: x\n",
            "  sources: {crm: hunter2}\n",
            "systems:\n  sources:\n    crm: hunter2\n",
            "checks:\rsources:\r  crm: hunter2\n",
            "{checks: {}, sources: {crm: hunter2}}\n",
            "checks: {}, sources: {crm: hunter2}\n",
            "{\nchecks: hunter2\n}\n",
        ];
        for text in written {
            let text = format!("{before}{text}");
            let number = text.lines().position(|line| line.contains("hunter2")).unwrap() + 1;
            assert_eq!(shown(text.as_bytes(), number, 1, "no"), None, "{text}");
            let mut latin = text.clone().into_bytes();
            let at = text.find("hunter2").unwrap();
            latin[at] = 0xe9;
            let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1) + 1;
            assert_eq!(shown(&latin, number, column, "not UTF-8 text"), None, "{text}");
        }
        let utf16: Vec<u8> = "organisation: hunter2\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(shown(&utf16, 1, 1, "no"), None);
        assert_eq!(shown(b"{\"sources\": {\"crm\": \"hunter2\"}}", 1, 1, "no"), None);
        assert_eq!(shown(b"", 1, 1, "no"), None);
    }

    #[test]
    fn another_part_of_the_file_is_shown() {
        let text = "\u{feff}rolecall: 1\r\n# a remark\norganisation: Example\nsources: {hr: {from: {file: a.csv}}}\nidentities:\n- who: me\n\n- who: you\nstaff:\n  sources: [crm]\nchecks:\n  mine: {params: {a: b}}\n";
        let line = |number, column| shown(text.as_bytes(), number, column, "no `b`").map(|frame| frame.line);
        assert_eq!(line(1, 1).as_deref(), Some("rolecall: 1"));
        assert_eq!(line(3, 1).as_deref(), Some("organisation: Example"));
        assert_eq!(line(4, 1), None);
        assert_eq!(line(8, 3).as_deref(), Some("- who: you"));
        assert_eq!(line(10, 12).as_deref(), Some("  sources: [crm]"));
        assert_eq!(line(12, 3).as_deref(), Some("  mine: {params: {a: b}}"));
        // The text does not parse, or is no UTF-8: the same holds.
        let frame = shown(b"organisation: caf\xe9\nsources:", 1, 18, "not UTF-8 text").unwrap();
        assert_eq!((frame.line.as_str(), frame.width), ("organisation: caf\\xe9", 4));
        assert!(shown(b"checks: [a\n", 1, 9, "it is not closed").is_some());
        let elsewhere = OutputError(std::io::ErrorKind::Other.into());
        assert_eq!(super::frame(&elsewhere, Path::new(".")), None, "it speaks of no file");
    }

    #[test]
    fn what_is_named_last_is_meant_where_it_stands_on_the_line() {
        let text = "systems:\n  crm: # hubspto\n    owner: hubspto\n    rules: {company: my-acme, tenant: acme}\n  \"my crm\": a\n";
        let marked = |title: &str, line: usize, column: usize| {
            let frame = shown(text.as_bytes(), line, column, title).unwrap();
            let marked: String = frame
                .line
                .chars()
                .skip(frame.place.column - 1)
                .take(frame.width)
                .collect();
            format!("{}:{} {marked}", frame.place.line, frame.place.column)
        };
        assert_eq!(marked("there is no owner `hubspto`", 3, 5), "3:12 hubspto");
        assert_eq!(marked("`crm` is of `other`, not `acme`", 4, 5), "4:39 acme");
        assert_eq!(
            marked("there is no owner `hubspto`", 2, 3),
            "2:3 crm",
            "nothing is known of other lines"
        );
        assert_eq!(marked("the rule names `b`", 4, 5), "4:5 rules");
        assert_eq!(marked("there is no `my crm`", 5, 3), "5:3 \"my crm\"");
        assert_eq!(marked("an odd ` quote", 70, 5), "70:5 ");
    }
}
