//! `--previous`: an earlier snapshot that the numbers of a run are held against.

use std::path::Path;

use crate::snapshot::{CompareError, Comparison, Snapshot, SnapshotError};

/// An earlier snapshot.
pub struct Earlier {
    snapshot: Snapshot,
    sha256: String,
    file: String,
    max_drop: Option<u8>,
}

impl Earlier {
    /// Reads it, before anything else is read: what is wrong with it is known at once.
    ///
    /// # Errors
    /// The file is no snapshot.
    pub fn read(file: Option<&Path>, max_drop: Option<u8>) -> Result<Option<Self>, SnapshotError> {
        let Some(file) = file else { return Ok(None) };
        let (snapshot, sha256) = Snapshot::read(file)?;
        Ok(Some(Self {
            snapshot,
            sha256,
            file: file.display().to_string(),
            max_drop,
        }))
    }

    /// Holds the facts of this run against it.
    ///
    /// # Errors
    /// It is none of the same systems, or none of before.
    pub fn compare(&self, now: &Snapshot) -> Result<Comparison, CompareError> {
        Comparison::of(now, (&self.snapshot, self.sha256.clone()), self.max_drop, &self.file)
    }
}
