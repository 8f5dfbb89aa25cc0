//! A recording to disk: whole or not at all, for its owner's eyes only.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Answer, BODY_LIMIT, Body, INDEX, Index, IndexAnswer, Recording, RecordingError, SCHEMA};
use crate::digest;
use crate::strict_json;

impl Recording {
    /// Writes the recording into a folder that has [`Recording::room`] for it. An older recording is replaced, and goes
    /// only when all of the new one is there.
    ///
    /// # Errors
    /// The folder holds something else, or cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), RecordingError> {
        Self::room(folder)?;
        let failed = |error: io::Error| unwritable(folder, said(&error), "name a folder that you may write to");
        // A link to a folder stays one.
        let folder: PathBuf = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(failed)?;
        let new = beside(parent).map_err(failed)?;
        self.files(new.path()).map_err(failed)?;
        let old = beside(parent).map_err(failed)?;
        let aside = old.path().join("old");
        let replaces = folder.exists();
        if replaces {
            fs::rename(&folder, &aside).map_err(failed)?;
        }
        if let Err(error) = fs::rename(new.path(), &folder) {
            if replaces && fs::rename(&aside, &folder).is_err() {
                // What could not be put back is not thrown away either.
                let _ = old.keep();
            }
            return Err(failed(error));
        }
        let _ = new.keep();
        Ok(())
    }

    /// Whether a recording may be written into a folder: it is not there yet, is empty, or holds an older recording and
    /// nothing else.
    ///
    /// # Errors
    /// What is there would be lost.
    pub fn room(folder: &Path) -> Result<(), RecordingError> {
        let taken = |message: &str| unwritable(folder, message.to_owned(), "name a folder that is not there yet");
        let Ok(about) = fs::metadata(folder) else {
            return Ok(());
        };
        if !about.is_dir() {
            return Err(taken("it is a file, not a directory"));
        }
        let other = || taken("it holds other things than a recording");
        let mut entries = fs::read_dir(folder)
            .map_err(|error| unwritable(folder, said(&error), "name a folder that you may read and write"))?
            .peekable();
        if entries.peek().is_none() {
            return Ok(());
        }
        let older = Recording::open(folder).map_err(|_| other())?;
        // A recording has no folder in it, hidden ones included.
        let any_folder =
            entries.any(|entry| !entry.is_ok_and(|entry| entry.file_type().is_ok_and(|kind| !kind.is_dir())));
        if any_folder || !older.unread.is_empty() {
            return Err(other());
        }
        Ok(())
    }

    fn files(&self, folder: &Path) -> io::Result<()> {
        let mut answers = Vec::with_capacity(self.answers.len());
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for answer in &self.answers {
            let number = numbers.entry(&answer.stream).or_default();
            *number += 1;
            answers.push(entry(folder, *number, answer)?);
        }
        let index = Index {
            schema: SCHEMA.to_owned(),
            connector: self.connector.clone(),
            connector_version: self.connector_version,
            params: self.params.clone(),
            taken_at: self.taken_at,
            answers,
        };
        let mut bytes = serde_json::to_vec_pretty(&index)?;
        bytes.push(b'\n');
        file(folder, INDEX, &bytes)
    }
}

/// Writes the body of an answer, if there is one; `number` counts the answers of its stream from 1.
fn entry(folder: &Path, number: u64, answer: &Answer) -> io::Result<IndexAnswer> {
    let mut entry = IndexAnswer {
        stream: answer.stream.clone(),
        parent: answer.parent.clone(),
        request_path: answer.request_path.clone(),
        status: answer.status,
        file: None,
        sha256: None,
        error: None,
        headers: answer.headers.clone(),
        received: answer.received.clone(),
        calls: answer.calls,
        asked_at: answer.asked_at,
        answered_at: answer.answered_at,
    };
    match &answer.body {
        Body::Missing(why) => entry.error = Some(why.clone()),
        Body::Bytes(bytes) => {
            // A program's lines are lines; only what was asked for over the network is one document.
            let (laid_out, ending) = match answer.request_path {
                Some(_) => laid_out(bytes),
                None => (bytes.clone(), "jsonl"),
            };
            let name = name(&answer.stream, number, ending);
            file(folder, &name, &laid_out)?;
            entry.sha256 = Some(digest::of(&laid_out));
            entry.received = Some(answer.received());
            entry.file = Some(name);
        }
    }
    Ok(entry)
}

/// `users.json`, `users.2.json`; of a stream with parents `permission_set.3.json` for the third answer. The parent
/// itself is the other side's text and no name for a file.
fn name(stream: &str, number: u64, ending: &str) -> String {
    match number {
        1 if format!("{stream}.{ending}") != INDEX => format!("{stream}.{ending}"),
        number => format!("{stream}.{number}.{ending}"),
    }
}

/// JSON is laid out for reading if that loses nothing; what is no JSON, or not quite, stays as it came.
fn laid_out(bytes: &[u8]) -> (Vec<u8>, &'static str) {
    let Ok(value) = strict_json::parse(bytes) else {
        return (bytes.to_vec(), "txt");
    };
    let same = |pretty: &Vec<u8>| {
        pretty.len() as u64 <= BODY_LIMIT && strict_json::parse(pretty).is_ok_and(|again| again == value)
    };
    let pretty = serde_json::to_vec_pretty(&value).ok().map(|mut pretty| {
        pretty.push(b'\n');
        pretty
    });
    (pretty.filter(same).unwrap_or_else(|| bytes.to_vec()), "json")
}

/// A folder beside the recording, on the same disk, which goes when it is dropped.
fn beside(parent: &Path) -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    // The library's own words name its random folder: of no use to the reader, and different every time.
    let nameless = |error: io::Error| io::Error::from(error.kind());
    builder.prefix(".rolecall-").tempdir_in(parent).map_err(nameless)
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(folder.join(name))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn unwritable(folder: &Path, message: String, help: &'static str) -> RecordingError {
    RecordingError::Unwritable {
        folder: folder.display().to_string(),
        message,
        help,
    }
}

/// What the operating system said of writing.
fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it may not be written to".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a folder above it is a file".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
