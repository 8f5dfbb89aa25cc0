//! Questions to a person at a terminal: the only place that asks.
//!
//! Questions go to standard error and answers come from standard input; where either is no terminal nothing is asked.
//! Every answer is one line, so a terminal that knows nothing but lines will do, and a question that is broken off
//! leaves the terminal as it was.

use std::io::{self, IsTerminal, Write};

use dialoguer::{Input, Password};

use super::escape;
use crate::error::Explain;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum AskError {
    #[error("asking \"{question}\": no terminal is there to ask at")]
    NoTerminal { question: String },
    #[error("asking \"{question}\": the answer could not be read")]
    Unread { question: String, source: io::Error },
}

impl Explain for AskError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoTerminal { .. } => "put it in a variable of the environment and name that; see `--help`".to_owned(),
            Self::Unread { .. } => "run the command again".to_owned(),
        })
    }
}

/// Whether somebody can be asked.
pub fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Says something that helps with the next question. A question itself keeps to one line.
pub fn hint(text: &str) {
    // There is nobody left to tell that standard error is closed.
    let _ = writeln!(io::stderr(), "{}", escape::sentence(text));
}

/// Asks for a secret until there is one, and shows nothing of what is typed.
///
/// # Errors
/// There is no terminal, or it was closed.
pub fn secret(question: &str) -> Result<String, AskError> {
    password(question, false)
}

/// Asks for a secret that somebody may not want to give: the answer may be empty.
///
/// # Errors
/// There is no terminal, or it was closed.
pub fn secret_if_any(question: &str) -> Result<String, AskError> {
    password(question, true)
}

fn password(question: &str, may_be_empty: bool) -> Result<String, AskError> {
    there(question)?;
    let asked = Password::new()
        .with_prompt(escape::sentence(question))
        .allow_empty_password(may_be_empty)
        .interact();
    asked
        .map(|secret| secret.trim().to_owned())
        .map_err(|error| broken(question, error))
}

/// Asks for a line of text until it is one that `check` accepts; what `check` says otherwise is shown. An empty answer
/// is the default's, where there is one.
///
/// # Errors
/// Nobody can be asked.
pub fn text(
    question: &str,
    default: Option<&str>,
    mut check: impl FnMut(&str) -> Result<(), String>,
) -> Result<String, AskError> {
    there(question)?;
    let mut input = Input::<String>::new()
        .with_prompt(escape::sentence(question))
        .allow_empty(true);
    if let Some(default) = default {
        input = input.default(default.to_owned());
    }
    let input = input
        .validate_with(|answer: &String| check(answer.trim()).map_err(|wrong| escape::sentence(&wrong).into_owned()));
    let asked = input.interact_text();
    asked
        .map(|answer| answer.trim().to_owned())
        .map_err(|error| broken(question, error))
}

/// Asks which of several, by number or by its first word; the first is the default. The position of the answer.
///
/// # Errors
/// Nobody can be asked.
pub fn choice(question: &str, items: &[String]) -> Result<usize, AskError> {
    there(question)?;
    for (number, item) in items.iter().enumerate() {
        hint(&format!("  {} {item}", number + 1));
    }
    let whole = format!("{question} (1 to {})", items.len());
    let answer = text(&whole, Some("1"), |answer| match picked(answer, items) {
        Some(_) => Ok(()),
        None => Err(format!("write a number from 1 to {}", items.len())),
    })?;
    Ok(picked(&answer, items).unwrap_or_default())
}

/// Asks yes or no.
///
/// # Errors
/// Nobody can be asked.
pub fn confirm(question: &str, default: bool) -> Result<bool, AskError> {
    let word = if default { "yes" } else { "no" };
    let answer = text(question, Some(word), |answer| match is_yes(answer) {
        Some(_) => Ok(()),
        None => Err("write yes or no".to_owned()),
    })?;
    Ok(is_yes(&answer).unwrap_or(default))
}

fn is_yes(answer: &str) -> Option<bool> {
    match answer.to_lowercase().as_str() {
        "y" | "yes" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}

fn picked(answer: &str, items: &[String]) -> Option<usize> {
    let by_number = answer.parse().ok().and_then(|number: usize| number.checked_sub(1));
    by_number.filter(|position| *position < items.len()).or_else(|| {
        let first = |item: &String| item.split([' ', ':', ',']).next().unwrap_or_default().to_lowercase();
        items.iter().position(|item| first(item) == answer.to_lowercase())
    })
}

fn there(question: &str) -> Result<(), AskError> {
    if somebody_is_there() {
        return Ok(());
    }
    Err(AskError::NoTerminal {
        question: question.to_owned(),
    })
}

fn broken(question: &str, error: dialoguer::Error) -> AskError {
    let dialoguer::Error::IO(source) = error;
    AskError::Unread {
        question: question.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_people_write_them() {
        let items = ["crm: accounts".to_owned(), "directory".to_owned()];
        for (answer, position) in [("1", Some(0)), ("2", Some(1)), ("CRM", Some(0)), ("directory", Some(1))] {
            assert_eq!(picked(answer, &items), position);
        }
        for answer in ["", "0", "3", "-1", "c", "1 "] {
            assert_eq!(picked(answer, &items), None, "{answer:?}");
        }
        assert_eq!(
            [is_yes("Yes"), is_yes("n"), is_yes(""), is_yes("maybe")],
            [Some(true), Some(false), None, None]
        );
    }

    /// The tests have no terminal, and a run without one must not wait for an answer for ever.
    #[test]
    fn nobody_is_asked_where_nobody_is() {
        if somebody_is_there() {
            return;
        }
        let nobody = |error: AskError| matches!(error, AskError::NoTerminal { .. });
        assert!(nobody(secret("the token").unwrap_err()));
        assert!(nobody(secret_if_any("the token").unwrap_err()));
        assert!(nobody(text("the name", None, |_| Ok(())).unwrap_err()));
        assert!(nobody(choice("which", &["a".to_owned()]).unwrap_err()));
        assert!(nobody(confirm("really", true).unwrap_err()));
    }
}
