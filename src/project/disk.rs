//! The project's file on the disk: which it is, and its text.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::load::ProjectError;
use crate::error::Place;

/// The name under which a folder's project is found.
pub(super) const NAME: &str = "rolecall.yaml";

/// More than this is no project file: a hundred thousand identities take ten.
const MOST_BYTES: u64 = 64 << 20;

/// The file that is meant.
pub(super) fn find(path: &Path) -> Result<PathBuf, ProjectError> {
    let is_folder = |path: &Path| std::fs::metadata(path).map(|found| found.is_dir());
    match is_folder(path) {
        Ok(false) => Ok(path.to_owned()),
        Ok(true) => {
            let file = path.join(NAME);
            match is_folder(&file) {
                Ok(false) => Ok(file),
                Ok(true) => Err(ProjectError::Unreadable {
                    path: file,
                    source: io::ErrorKind::IsADirectory.into(),
                }),
                Err(source) if source.kind() == io::ErrorKind::NotFound => Err(ProjectError::NotInFolder {
                    folder: path.to_owned(),
                }),
                Err(source) => Err(ProjectError::Unreadable { path: file, source }),
            }
        }
        Err(source) if source.kind() == io::ErrorKind::NotFound => Err(ProjectError::Missing { path: path.to_owned() }),
        Err(source) => Err(ProjectError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The name of a project's file, and what it holds once more: for whoever shows a line of it. A link is not followed for
/// that: whoever may put one there could have any file of the machine shown.
pub fn bytes_again(path: &Path) -> Option<(String, Vec<u8>)> {
    let path = find(path).ok()?;
    if !std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return None;
    }
    Some((path.display().to_string(), bytes(&path).ok()?))
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, ProjectError> {
    read(path).map_err(|source| ProjectError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// What a file holds, if it is of a size that a person may have written.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if read as u64 > MOST_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

pub(super) fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ProjectError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Place {
            file: path.display().to_string(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        };
        ProjectError::Wrong {
            place,
            message: "not UTF-8 text".to_owned(),
            help: Some("save the file as UTF-8".to_owned()),
        }
    })
}
