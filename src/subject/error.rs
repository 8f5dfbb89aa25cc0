//! Why no documents could be made.

use crate::error::{Explain, Place, did_you_mean};
use crate::exit::Exit;
use crate::identity::IdentityError;
use crate::snapshot::RoleKind;

/// Why no documents could be made: what the project file says fits the facts in two ways, or not at all.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// Two entries about one account.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A rule names a role by a text that fits several.
    #[error("{place}: `{text}` fits {} {} of `{system}`: {}", .ids.len(), kind_words(*.kind), .ids.join(", "))]
    RoleFitsSeveral {
        /// Where the rule names it.
        place: Box<Place>,
        /// What it says.
        text: String,
        /// The kind that the key asks for.
        kind: RoleKind,
        /// The system's id.
        system: String,
        /// The ids of those that fit. Sorted.
        ids: Vec<String>,
    },
    /// A rule asks for what no roster has.
    #[error("{place}: rule `{rule}` of `{system}` uses `{key}`, but no one on the roster has {what}")]
    ColumnMissing {
        /// Where the rule stands.
        place: Box<Place>,
        /// The rule.
        rule: String,
        /// The system's id.
        system: String,
        /// The rule's key.
        key: &'static str,
        /// What the roster lacks, in words.
        what: &'static str,
        /// The roster's sources.
        sources: Vec<String>,
    },
    /// A rule names an employment type that does not exist.
    #[error("{place}: rule `{rule}` of `{system}` names the unknown staff type `{word}`")]
    UnknownStaffType {
        /// Where the rule stands.
        place: Box<Place>,
        /// The rule.
        rule: String,
        /// The system's id.
        system: String,
        /// What it says.
        word: String,
    },
    /// A source is meant for what it does not provide.
    #[error("{place}: the source `{source_id}` is named for {what}, but its connector provides none")]
    NotProvided {
        /// Where it is named.
        place: Box<Place>,
        /// The source's id.
        source_id: String,
        /// What it should provide.
        what: &'static str,
    },
    /// A document could not be written: a fault of this program.
    #[error("a subject could not be written as a document: {0}")]
    Document(#[from] serde_json::Error),
}

/// The words that `staff_types` may hold.
pub const STAFF_TYPES: [&str; 5] = ["employee", "contractor", "intern", "other", "not_stated"];

impl Explain for SubjectError {
    fn help(&self) -> Option<String> {
        match self {
            SubjectError::Identity(error) => error.help(),
            SubjectError::RoleFitsSeveral { ids, .. } => {
                let first = ids.first().map(String::as_str).unwrap_or_default();
                Some(format!("say which by its id, for example {{id: \"{first}\"}}"))
            }
            SubjectError::ColumnMissing { key, sources, .. } => {
                let sources = sources.join(", ");
                Some(format!(
                    "map the column under `columns:` of the staff source ({sources}), or take `{key}` out of the rule"
                ))
            }
            SubjectError::NotProvided { what, .. } => Some(format!("name a source whose connector provides {what}")),
            SubjectError::UnknownStaffType { word, .. } => Some(did_you_mean(word, STAFF_TYPES)),
            SubjectError::Document(_) => None,
        }
    }

    fn place(&self) -> Option<&Place> {
        match self {
            SubjectError::Identity(error) => error.place(),
            SubjectError::RoleFitsSeveral { place, .. }
            | SubjectError::ColumnMissing { place, .. }
            | SubjectError::UnknownStaffType { place, .. }
            | SubjectError::NotProvided { place, .. } => Some(place),
            SubjectError::Document(_) => None,
        }
    }

    fn exit(&self) -> Exit {
        match self {
            SubjectError::Document(_) => Exit::CannotDecide,
            _ => Exit::Usage,
        }
    }
}

const fn kind_words(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Role => "roles",
        RoleKind::PermissionSet => "permission sets",
    }
}
