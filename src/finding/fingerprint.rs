//! What a finding is known by from run to run.

use super::SubjectKind;
use crate::digest;

/// Of check and subject, without reason, name or address: a finding keeps it while either changes.
pub fn fingerprint(check: &str, kind: SubjectKind, id: &str) -> String {
    let mut fingerprint = digest::of_all(["rolecall/finding/1", check, kind.word(), id]);
    fingerprint.truncate(32);
    fingerprint
}
