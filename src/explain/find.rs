//! Which subject is meant by what was written.

use crate::error::{Explain, nearest};
use crate::subject::{Subject, Subjects};

/// What was written names no subject, or more than one.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct NoSuchSubject {
    message: String,
    help: String,
}

impl Explain for NoSuchSubject {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}

/// Keys of accounts that are told of one address, at most.
const MOST_KEYS: usize = 10;

/// The subject of a stable key, or of an address that only one account has, or only one member of staff; `unread` says
/// what of accounts and staff was not read completely.
///
/// # Errors
/// No subject has this key or address, or several have.
pub fn find<'a>(
    subjects: &'a Subjects,
    organisation: &str,
    unread: &[String],
    written: &str,
) -> Result<&'a Subject, NoSuchSubject> {
    let written = written.trim();
    let kinds = [&subjects.accounts, &subjects.systems, &subjects.staff];
    let by_key = kinds.into_iter().flatten().chain([&subjects.workspace]);
    let by_key: Vec<&Subject> = by_key.filter(|subject| has_key(subject, written)).collect();
    if let Some(found) = one_of(&by_key, written)? {
        return Ok(found);
    }
    for list in [&subjects.accounts, &subjects.staff] {
        let with_address: Vec<&Subject> = list.iter().filter(|subject| has_address(subject, written)).collect();
        if let Some(found) = one_of(&with_address, written)? {
            return Ok(found);
        }
    }
    let known = kinds.into_iter().flatten().chain([&subjects.workspace]);
    let known = known.flat_map(|subject| [Some(subject.of.id.as_str()), subject.of.email.as_deref()]);
    let help = match nearest(written, known.flatten()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "name an account (`system:id`, or its address), a member of staff, a system, or `{organisation}`; \
             `rolecall check --verdicts` lists them"
        ),
    };
    Err(NoSuchSubject {
        message: none_of(&format!("there is no subject `{written}`"), unread),
        help,
    })
}

/// The subjects of a list that go by what was written: the one with this key, else those with this address.
pub fn go_by<'a>(list: &'a [Subject], written: &str) -> Vec<&'a Subject> {
    let written = written.trim();
    let by_key: Vec<&Subject> = list.iter().filter(|subject| has_key(subject, written)).collect();
    if by_key.is_empty() {
        return list.iter().filter(|subject| has_address(subject, written)).collect();
    }
    by_key
}

/// That nothing was found, and that it may be among what was not read.
pub fn none_of(message: &str, unread: &[String]) -> String {
    match unread {
        [] => message.to_owned(),
        unread => format!(
            "{message} in what was read, which is not everything: {}",
            unread.join("; ")
        ),
    }
}

fn has_key(subject: &Subject, written: &str) -> bool {
    subject.of.id == written
}

fn has_address(subject: &Subject, written: &str) -> bool {
    let email = subject.of.email.as_ref();
    email.is_some_and(|email| email.trim().to_lowercase() == written.to_lowercase())
}

fn one_of<'a>(found: &[&'a Subject], written: &str) -> Result<Option<&'a Subject>, NoSuchSubject> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let kind = several.iter().map(|subject| subject.of.kind.word());
            let mut keys: Vec<String> = several
                .iter()
                .zip(kind)
                .map(|(subject, kind)| format!("`{}` ({kind})", subject.of.id))
                .take(MOST_KEYS)
                .collect();
            if several.len() > MOST_KEYS {
                keys.push(format!("{} more", several.len() - MOST_KEYS));
            }
            let help = if several.iter().any(|subject| subject.of.id != written) {
                format!("name one by its key: {}", keys.join(", "))
            } else {
                format!("give one of them another name in the project: {}", keys.join(", "))
            };
            Err(NoSuchSubject {
                message: format!("{} subjects go by `{written}`", several.len()),
                help,
            })
        }
    }
}
