//! What can go wrong with Rego, in our words.

use regorus::unstable::Span;

use super::package::{place, width};
use super::source::SourceFile;
use crate::error::{Explain, Frame, Place};
use crate::exit::Exit;

/// An error of the Rego engine, framed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RegoError {
    /// The text is no Rego.
    #[error("{place}: {message}")]
    Syntax {
        /// Where.
        place: Place,
        /// The parser's words.
        message: String,
    },
    /// The parser's time doubles with every level of nesting, so deep literals are refused before it sees them.
    #[error("{place}: brackets are nested {depth} deep; {limit} is the limit")]
    Nesting {
        /// The first bracket past the limit.
        place: Place,
        /// How deep it goes there.
        depth: usize,
        /// How deep it may go.
        limit: usize,
    },
    /// The text is Rego, and not what a check may say.
    #[error("{place}: {message}")]
    Refused {
        /// Where.
        place: Place,
        /// How many characters are meant, if it is more or less than what stands there.
        width: Option<usize>,
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: String,
    },
    /// A rule was reached that cannot be evaluated.
    #[error("{at}evaluating `{query}`: {message}", at = at(.place))]
    Evaluation {
        /// What was asked.
        query: String,
        /// Where, if the engine said so.
        place: Option<Place>,
        /// The engine's words, first line.
        message: String,
    },
    /// Evaluation took longer than it may.
    #[error("evaluating `{query}` took longer than {limit_ms} ms")]
    TimeLimit {
        /// What was asked.
        query: String,
        /// The limit.
        limit_ms: u128,
    },
    /// The engine panicked; the unwinding was caught.
    #[error("the rego engine panicked while evaluating `{query}`: {message}")]
    Panic {
        /// What was asked.
        query: String,
        /// The panic's own words.
        message: String,
    },
}

impl RegoError {
    /// The place, where one is known.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Syntax { place, .. } | Self::Nesting { place, .. } | Self::Refused { place, .. } => Some(place),
            Self::Evaluation { place, .. } => place.as_ref(),
            Self::TimeLimit { .. } | Self::Panic { .. } => None,
        }
    }

    /// The error beside its line, if the file of its place is among these.
    pub fn frame<'a>(&self, files: impl IntoIterator<Item = &'a SourceFile>) -> Option<Frame> {
        let place = self.place()?;
        let file = files.into_iter().find(|file| file.path == place.file)?;
        let width = match self {
            Self::Refused { width, .. } => *width,
            Self::Nesting { .. } => Some(1),
            _ => None,
        };
        Some(Frame::new(self.title(), place, width, &file.text))
    }

    /// The message without the place.
    fn title(&self) -> String {
        let said = self.to_string();
        match self.place() {
            Some(place) => match said.strip_prefix(&format!("{place}: ")) {
                Some(title) => title.to_owned(),
                None => said,
            },
            None => said,
        }
    }

    /// The same error, its place led to where its author sees it.
    pub fn at(mut self, lead: impl FnOnce(&Place) -> Place) -> Self {
        match &mut self {
            Self::Syntax { place, .. } | Self::Nesting { place, .. } | Self::Refused { place, .. } => {
                *place = lead(place);
            }
            Self::Evaluation { place: Some(place), .. } => *place = lead(place),
            Self::Evaluation { place: None, .. } | Self::TimeLimit { .. } | Self::Panic { .. } => {}
        }
        self
    }

    /// A refusal at a span.
    pub(super) fn refused(span: &Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Refused {
            place: place(span),
            width: Some(width(span)),
            message: message.into(),
            help: help.into(),
        }
    }

    /// Frames an error of the parser or of the analysis, whose text begins with the place it speaks of.
    pub(super) fn from_parser(file: &str, error: &dyn std::fmt::Display) -> Self {
        let text = format!("{error:#}");
        let (place, message) = split(&text);
        let place = place.unwrap_or(Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
        });
        let late = message
            .strip_prefix("var `")
            .and_then(|rest| rest.split_once("` used before definition below"));
        match late {
            Some((name, _)) => bound_late(name, place, &text),
            None => Self::Syntax { place, message },
        }
    }

    /// Frames an error of an evaluation.
    pub(super) fn from_evaluation(query: &str, text: &str) -> Self {
        let (place, message) = split(text);
        Self::Evaluation {
            query: query.to_owned(),
            place,
            message,
        }
    }
}

impl Explain for RegoError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Refused { help, .. } => Some(help.clone()),
            Self::Nesting { .. } => Some("keep deep fixtures in a json file beside the policy".to_owned()),
            Self::Syntax { .. } => {
                Some("write it in Rego version 1; `opa check` and `regal lint` show more".to_owned())
            }
            Self::TimeLimit { .. } => Some("look for a loop over a list inside a loop over the same list".to_owned()),
            _ => None,
        }
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

fn at(place: &Option<Place>) -> String {
    place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default()
}

/// Splits `\n--> file:line:column\n…\nerror: message` into its place and its message; other text is all message.
fn split(text: &str) -> (Option<Place>, String) {
    let place = text.split("--> ").nth(1).and_then(|rest| {
        let mut parts = rest.lines().next()?.trim().rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        let column = rest.lines().nth(2).map_or(column, |shown| in_characters(shown, column));
        Some(Place {
            file: parts.next()?.to_owned(),
            line,
            column,
        })
    });
    let message = match (place.is_some(), text.split("error: ").nth(1)) {
        (true, Some(message)) => message,
        _ => text,
    };
    let message = message
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("no reason given");
    (place, message.to_owned())
}

/// The engine speaks of a use before the definition also where a name is bound for the second time.
fn bound_late(name: &str, place: Place, text: &str) -> RegoError {
    let shown = text.split("--> ").nth(1).and_then(|rest| rest.lines().nth(2));
    let rest: String = shown
        .and_then(|shown| shown.split_once("| "))
        .map(|(_, line)| line.chars().skip(place.column.saturating_sub(1)).collect())
        .unwrap_or_default();
    let binds = rest
        .strip_prefix(name)
        .is_some_and(|rest| rest.trim_start().starts_with(":="));
    let (message, help) = match binds {
        true => (
            format!("`{name}` is bound here, and once more below"),
            "a name has one value in a body: give the second one another name".to_owned(),
        ),
        false => (
            format!("`{name}` is bound below, and stands here already"),
            format!("bind `{name}` once, above everything that uses it"),
        ),
    };
    RegoError::Refused {
        place,
        width: Some(name.chars().count()),
        message,
        help,
    }
}

/// The engine counts a tab as four columns; an editor counts characters. `shown` is its copy of the line: `3 | x := 1`.
fn in_characters(shown: &str, column: usize) -> usize {
    let Some((_, line)) = shown.split_once("| ") else {
        return column;
    };
    let (mut engine, mut characters) = (1, 1);
    for character in line.chars() {
        if engine >= column {
            return characters;
        }
        engine += if character == '\t' { 4 } else { 1 };
        characters += 1;
    }
    characters + column.saturating_sub(engine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_the_engines_text_is_found() {
        let (place, message) = split("\n--> a:b.rego:3:7\n  |\n3 | x :=\n  |      ^\nerror: expecting expression");
        assert_eq!(place.unwrap().to_string(), "a:b.rego:3:7");
        assert_eq!(message, "expecting expression");
    }

    #[test]
    fn a_tab_is_one_character() {
        let (place, _) = split("\n--> a.rego:3:7\n  |\n3 | \tx := y\n  |       ^\nerror: no");
        assert_eq!(place.unwrap().column, 4);
    }

    #[test]
    fn a_name_that_is_bound_twice_is_not_called_one_that_is_used_too_early() {
        let said = |body: &str| {
            let file = SourceFile {
                path: "p.rego".to_owned(),
                text: format!("package p\n\nr if {{\n{body}\n}}\n"),
            };
            let time = std::time::Duration::from_secs(5);
            let limits = super::super::Limits { time };
            super::super::Program::load(&[file], limits)
                .map(drop)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            said("\tx := input.a\n\tx := 1"),
            "p.rego:4:2: `x` is bound here, and once more below"
        );
        assert_eq!(
            said("\tinput.a == x\n\tx := 1"),
            "p.rego:4:13: `x` is bound below, and stands here already"
        );
        assert_eq!(
            said("\t[x, y] := input.a\n\tx := y"),
            "p.rego:4:3: `x` is bound below, and stands here already"
        );
    }

    #[test]
    fn text_without_a_place_is_kept_whole() {
        assert_eq!(
            split("not a valid rule path"),
            (None, "not a valid rule path".to_owned())
        );
    }
}
