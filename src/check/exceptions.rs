//! The project's exceptions, held against the checks: each names a check that exists, and a reason that it fails for.

use super::{Check, CheckError, Checks, Reason};
use crate::error::{Place, did_you_mean};
use crate::project::ExceptionEntry;

impl Checks {
    /// Refuses exceptions for what no check finds.
    ///
    /// # Errors
    /// The first entry that names a check or a reason that there is not.
    pub fn hold_exceptions(&self, entries: &[ExceptionEntry]) -> Result<(), CheckError> {
        for entry in entries {
            let Some(check) = self.0.get(&entry.check) else {
                return Err(wrong(
                    &entry.check_place,
                    format!("there is no check `{}`", entry.check),
                    did_you_mean(&entry.check, self.0.keys().map(String::as_str)),
                ));
            };
            if let (Some(code), Some(place)) = (&entry.reason_code, &entry.code_place) {
                check.hold_code(code, place)?;
            }
        }
        Ok(())
    }
}

impl Check {
    /// Refuses a code that is none of the reasons it fails for; `place` is where it is named.
    ///
    /// # Errors
    /// It is none.
    pub fn hold_code(&self, code: &str, place: &Place) -> Result<(), CheckError> {
        match self.why_not(code) {
            None => Ok(()),
            Some((message, help)) => Err(wrong(place, message, help)),
        }
    }

    /// Why a code is no reason to fail, and what to do; null where it is one.
    pub fn why_not(&self, code: &str) -> Option<(String, String)> {
        let of = |reasons: &[Reason]| reasons.iter().any(|reason| reason.code == code);
        if of(&self.fail) {
            return None;
        }
        let known = self.fail.iter().map(|reason| reason.code.as_str());
        let message = if of(&self.skip) || of(&self.unknown) {
            format!("`{}` does not fail for `{code}`: there is nothing to accept", self.id)
        } else {
            format!("`{}` has no reason `{code}`", self.id)
        };
        Some((message, did_you_mean(code, known)))
    }
}

fn wrong(place: &Place, message: String, help: String) -> CheckError {
    CheckError::Settings {
        place: place.clone(),
        message,
        help,
    }
}
