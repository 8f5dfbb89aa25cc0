//! Why two runs cannot be compared.

use jiff::Timestamp;

use super::Named;
use crate::error::Explain;
use crate::reported::OtherTenant;
use crate::snapshot;

/// Why two runs cannot be compared.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CompareError {
    #[error("comparing `{old}` with `{new}`: the first is of {before}, and the second of {now}, before it")]
    Newer {
        old: String,
        new: String,
        before: Timestamp,
        now: Timestamp,
    },
    #[error(
        "comparing `{old}` with `{new}`: the facts of the first were taken at {before}, those of the second at {now}, before them"
    )]
    NewerFacts {
        old: String,
        new: String,
        before: Timestamp,
        now: Timestamp,
    },
    #[error("comparing `{old}` with `{new}`: the first is of `{before}`, and the second of `{now}`")]
    OtherOrganisation {
        old: String,
        new: String,
        before: String,
        now: String,
    },
    #[error(
        "comparing `{old}` with `{new}`: the system `{system}` of the first is {before}, and that of the second is {now}"
    )]
    OtherTenant {
        old: String,
        new: String,
        system: String,
        before: String,
        now: String,
    },
    #[error(transparent)]
    Snapshots(#[from] snapshot::CompareError),
}

impl Explain for CompareError {
    fn help(&self) -> Option<String> {
        let order = "name the earlier one first: `rolecall compare OLD NEW`";
        Some(match self {
            Self::Newer { .. } | Self::NewerFacts { .. } => order.to_owned(),
            Self::OtherOrganisation { .. } => "compare two reports of one organisation".to_owned(),
            Self::OtherTenant { .. } => "compare two reports of the same tenants".to_owned(),
            Self::Snapshots(snapshot::CompareError::Newer { .. }) => order.to_owned(),
            Self::Snapshots(_) => "compare two snapshots of one project".to_owned(),
        })
    }
}

/// Holds that two reports are of one organisation and the same tenants, the earlier one first.
pub fn hold(old: Named<'_>, new: Named<'_>) -> Result<(), CompareError> {
    let files = || (old.file.to_owned(), new.file.to_owned());
    let (before, now) = (&old.report.organisation, &new.report.organisation);
    if before != now {
        let (old, new) = files();
        let (before, now) = (before.clone(), now.clone());
        return Err(CompareError::OtherOrganisation { old, new, before, now });
    }
    if let Some(other) = OtherTenant::between(&old.report.systems, &new.report.systems) {
        let (old, new) = files();
        let OtherTenant { system, before, now } = other;
        return Err(CompareError::OtherTenant {
            old,
            new,
            system,
            before,
            now,
        });
    }
    let (before, now) = (old.report.as_of, new.report.as_of);
    if before > now {
        let (old, new) = files();
        return Err(CompareError::Newer { old, new, before, now });
    }
    // Judged later, of facts from before: what is mended since would be called new, and the other way round.
    let (before, now) = (old.report.snapshot.taken_at, new.report.snapshot.taken_at);
    if before > now {
        let (old, new) = files();
        return Err(CompareError::NewerFacts { old, new, before, now });
    }
    Ok(())
}
