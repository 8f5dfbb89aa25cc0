//! Questions to the person at the terminal.

use std::io::{self, IsTerminal};

use crate::error::Explain;
use crate::exit::Exit;

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

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Asks for a secret, and shows nothing of what is typed.
///
/// # Errors
/// There is no terminal, or it was closed.
pub fn secret(question: &str) -> Result<String, AskError> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(AskError::NoTerminal {
            question: question.to_owned(),
        });
    }
    let asked = dialoguer::Password::new().with_prompt(question).interact();
    asked.map_err(|dialoguer::Error::IO(source)| AskError::Unread {
        question: question.to_owned(),
        source,
    })
}
