//! What every stage's error can say of itself.
//!
//! Each stage has its own `thiserror` enum. An error message is lower case and says what was being done and to what;
//! [`Explain::help`] is the one `help:` line under it; the fault's owner decides the exit code.

mod frame;

use std::fmt;

pub use frame::Frame;

use crate::exit::Exit;

/// An error that knows what to do next and whose fault it is.
pub trait Explain: std::error::Error {
    /// What the reader should do next, one line.
    fn help(&self) -> Option<String> {
        None
    }

    /// [`Exit::Usage`] for what a person wrote, [`Exit::CannotDecide`] for what the data could not show.
    fn exit(&self) -> Exit {
        Exit::Usage
    }

    /// Where in the project file what is wrong stands, where it stands there. The message begins with it, too.
    fn place(&self) -> Option<&Place> {
        None
    }

    /// The line of a file that it speaks of, where that was at hand. The message itself still begins with the place.
    fn frame(&self) -> Option<&Frame> {
        None
    }
}

/// A place in a file; line and column count from 1. Prints as `file:line:column`, the form editors follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// Counts from 1.
    pub line: usize,
    /// Counts from 1, in characters.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The known name nearest to what was written, if one is near enough to be meant.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

/// The `did you mean` sentence of a help line, or the list of what is known where nothing is near.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(written, known.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            let names: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
            format!("known are {}", names.join(", "))
        }
    }
}

/// What the operating system said, in our words. `what` is what was meant to be there: a file, a folder.
pub fn said(error: &std::io::Error, what: &str) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => format!("there is no such {what}"),
        ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        ErrorKind::IsADirectory => "it is a directory, not a file".to_owned(),
        ErrorKind::NotADirectory => "it is a file, not a directory".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
