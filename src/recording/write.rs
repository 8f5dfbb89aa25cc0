//! A recording to disk: whole or not at all, for its owner's eyes only.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{Answer, Body, INDEX, Index, IndexAnswer, Received, Recording, RecordingError, SCHEMA};
use crate::digest;
use crate::error::said;
use crate::strict_json;

impl Recording {
    /// Writes the recording into its folder, which must not be there yet, or hold an older recording, which it replaces.
    ///
    /// # Errors
    /// The folder holds something else, or cannot be written.
    pub fn write(&self) -> Result<(), RecordingError> {
        let unwritable = |message: String, help: &'static str| RecordingError::Unwritable {
            folder: self.folder.display().to_string(),
            message,
            help,
        };
        let failed = |error: io::Error| unwritable(said(&error, "folder"), "name a folder that you may write to");
        let older = self.folder.join(INDEX).is_file();
        let taken = fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_some());
        if (taken && !older) || self.folder.is_file() {
            return Err(unwritable(
                "it holds other things than a recording".to_owned(),
                "name a folder that is not there yet",
            ));
        }
        let parent = self.folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(failed)?;
        // A temporary folder is made with mode 0700; what it replaces goes only when all of it is there.
        let new = tempfile::Builder::new()
            .prefix(".rolecall-")
            .tempdir_in(parent)
            .map_err(failed)?;
        self.files(new.path()).map_err(failed)?;
        let old = tempfile::Builder::new()
            .prefix(".rolecall-")
            .tempdir_in(parent)
            .map_err(failed)?;
        if self.folder.exists() {
            fs::rename(&self.folder, old.path().join("old")).map_err(failed)?;
        }
        fs::rename(new.keep(), &self.folder).map_err(failed)
    }

    fn files(&self, folder: &Path) -> io::Result<()> {
        let mut answers = Vec::with_capacity(self.answers.len());
        for (index, answer) in self.answers.iter().enumerate() {
            answers.push(self.answer(folder, index, answer)?);
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

    fn answer(&self, folder: &Path, index: usize, answer: &Answer) -> io::Result<IndexAnswer> {
        let mut entry = IndexAnswer {
            stream: answer.stream.clone(),
            parent: answer.parent.clone(),
            request_path: answer.request_path.clone(),
            status: answer.status,
            file: None,
            sha256: None,
            error: None,
            headers: answer.headers.clone(),
            received: None,
            calls: answer.calls,
            asked_at: answer.asked_at,
            answered_at: answer.answered_at,
        };
        match &answer.body {
            Body::Missing(why) => entry.error = Some(why.clone()),
            Body::Bytes(bytes) => {
                // A program's lines are lines; only what was asked for over the network is one document.
                let (pretty, ending) = match answer.request_path {
                    Some(_) => laid_out(bytes),
                    None => (bytes.clone(), "jsonl"),
                };
                let name = self.name(index, answer, ending);
                file(folder, &name, &pretty)?;
                entry.sha256 = Some(digest::of(&pretty));
                let received: Received = answer.received();
                entry.received = Some(received);
                entry.file = Some(name);
            }
        }
        Ok(entry)
    }

    /// `users.json`, `users.2.json`; of a stream with parents `permission_set.3.json` for the third answer. The parent
    /// itself is the other side's text and no name for a file.
    fn name(&self, index: usize, answer: &Answer, ending: &str) -> String {
        let before = self.answers.iter().take(index);
        match before.filter(|other| other.stream == answer.stream).count() {
            0 => format!("{}.{ending}", answer.stream),
            others => format!("{}.{}.{ending}", answer.stream, others + 1),
        }
    }
}

/// JSON is laid out for reading if that loses nothing; what is no JSON, or not quite, stays as it came.
fn laid_out(bytes: &[u8]) -> (Vec<u8>, &'static str) {
    match strict_json::parse(bytes) {
        Ok(value) => {
            let mut pretty = serde_json::to_vec_pretty(&value).unwrap_or_else(|_| bytes.to_vec());
            pretty.push(b'\n');
            (pretty, "json")
        }
        Err(_) => (bytes.to_vec(), "txt"),
    }
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
