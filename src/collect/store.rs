//! The user's own store of credentials: one JSON file for each name, which nobody else may read.
//!
//! `rolecall connect` and `rolecall init` write here, and a run writes a refresh token back that was issued anew.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use super::secret::{self, Fault};
use crate::error::{Explain, said};

/// Why the store cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    message: String,
    help: String,
}

impl Explain for StoreError {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self {
            message: fault.message,
            help: fault.help,
        }
    }
}

/// Makes sure that a credential of this name can be kept, before anybody makes one.
///
/// # Errors
/// The name cannot be one, or the folder cannot be written to.
pub fn prepare(name: &str) -> Result<PathBuf, StoreError> {
    let path = path(name, &|name| std::env::var_os(name))?;
    make_folder(&path)?;
    drop(spare(&path)?);
    Ok(path)
}

/// Keeps a secret that is one text, such as an API token, and says where. What was there under the name is replaced.
///
/// # Errors
/// The name cannot be one, or the file cannot be written.
pub fn keep_secret(name: &str, secret: &str) -> Result<PathBuf, StoreError> {
    let secret = secret::checked("secret", secret.trim().into(), "what was given")?;
    let document = Map::from_iter([("secret".to_owned(), Value::from(secret.expose_secret()))]);
    keep(name, &document)
}

/// Keeps a document of secrets, and says where.
pub(super) fn keep(name: &str, document: &Map<String, Value>) -> Result<PathBuf, StoreError> {
    let path = path(name, &|name| std::env::var_os(name))?;
    make_folder(&path)?;
    Held::wait(&path)?.replace(&rendered(document)?)?;
    Ok(path)
}

/// Where a credential of this name lies.
pub(super) fn path(name: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf, Fault> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    if name.is_empty() || name.len() > 100 || !name.bytes().all(letters) {
        let help = "use small letters, digits, `_` and `-`";
        return Err(Fault::new(
            format!("`{name}` cannot be the name of a stored credential"),
            help,
        ));
    }
    Ok(folder(variable)?.join(format!("{name}.json")))
}

/// The text of a credential in the store.
pub(super) fn read(path: &Path, name: &str) -> Result<SecretString, Fault> {
    match fs::metadata(path) {
        Ok(there) => owner_only(&there, path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!("nothing is stored under `{name}` ({} is not there)", path.display());
            return Err(Fault::new(
                message,
                "store it with `rolecall connect` or `rolecall init`",
            ));
        }
        // Reading it says the rest.
        Err(_) => {}
    }
    secret::file(path)
}

/// A document as it lies on the disk.
pub(super) fn rendered(document: &Map<String, Value>) -> Result<SecretString, Fault> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|_| Fault::new("the credential cannot be written as JSON", "make it anew"))?;
    Ok((text + "\n").into())
}

/// A file of secrets that one run has for itself, with what it needs to replace it.
pub(super) struct Held {
    path: PathBuf,
    spare: NamedTempFile,
    // Let go when this is dropped, the process's end included.
    _lock: File,
}

impl Held {
    /// Takes a file, and proves that it can be replaced; null while another run has it.
    pub(super) fn take(path: &Path) -> Result<Option<Self>, Fault> {
        let (path, lock) = lock_of(path)?;
        match lock.try_lock() {
            Ok(()) => Self::of(path, lock).map(Some),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(cannot_write(&path, &error)),
        }
    }

    /// The same, once no other run has it: a run may be renewing what is there.
    fn wait(path: &Path) -> Result<Self, Fault> {
        let (path, lock) = lock_of(path)?;
        lock.lock().map_err(|error| cannot_write(&path, &error))?;
        Self::of(path, lock)
    }

    fn of(path: PathBuf, lock: File) -> Result<Self, Fault> {
        Ok(Self {
            spare: spare(&path)?,
            path,
            _lock: lock,
        })
    }

    /// Replaces the file, whole or not at all; when this returns it is on the disk.
    pub(super) fn replace(mut self, text: &SecretString) -> Result<(), Fault> {
        let bytes = text.expose_secret().as_bytes();
        let file = self.spare.as_file_mut();
        let written = file
            .rewind()
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| file.set_len(bytes.len() as u64))
            .and_then(|()| file.sync_all());
        written.map_err(|error| cannot_write(&self.path, &error))?;
        self.spare
            .persist(&self.path)
            .map_err(|error| cannot_write(&self.path, &error.error))?;
        // The name is on the disk once the folder is; where folders cannot be opened there is nothing to do.
        #[cfg(unix)]
        if let Ok(folder) = File::open(folder_of(&self.path)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// `ROLECALL_CREDENTIALS`, or `rolecall/credentials` where the system keeps what belongs to its user.
fn folder(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf, Fault> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("ROLECALL_CREDENTIALS") {
        return Ok(folder);
    }
    let configuration = set("XDG_CONFIG_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| Some(set("HOME").or_else(|| set("USERPROFILE"))?.join(".config")));
    let configuration = configuration.ok_or_else(|| {
        let help = "set `ROLECALL_CREDENTIALS` to a folder that only you may read";
        Fault::new("there is no home folder to keep credentials in", help)
    })?;
    Ok(configuration.join("rolecall").join("credentials"))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The store's own folder is for its owner alone.
fn make_folder(path: &Path) -> Result<(), Fault> {
    let folder = folder_of(path);
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        let help = "set `ROLECALL_CREDENTIALS` to a folder that you may write to";
        Fault::new(
            format!("making the folder `{}`: {}", folder.display(), unwritten(&error)),
            help,
        )
    })
}

/// What is locked in place of the file itself, which is another one after every renewal; and the file, where a link
/// leads to it, so that the link stays one.
fn lock_of(path: &Path) -> Result<(PathBuf, File), Fault> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(folder_of(&path).join(format!(".{name}.lock")));
    let lock = opened.map_err(|error| cannot_write(&path, &error))?;
    Ok((path, lock))
}

/// An empty file beside the one that it will replace, with room on the disk for what comes. Nobody else may read it.
fn spare(path: &Path) -> Result<NamedTempFile, Fault> {
    let made = tempfile::Builder::new()
        .prefix(".rolecall-")
        .tempfile_in(folder_of(path));
    let filled = made.and_then(|mut spare| {
        spare.write_all(&[b' '; 16 * 1024])?;
        spare.as_file().sync_all()?;
        Ok(spare)
    });
    filled.map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &io::Error) -> Fault {
    let message = format!(
        "the folder of `{}` cannot be written to: {}",
        path.display(),
        unwritten(error)
    );
    Fault::new(message, "keep the credential in a folder that this run may write to")
}

/// What the system said of writing. Its own words may hold the random name of a file.
fn unwritten(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "it is not allowed".to_owned(),
        kind => said(&io::Error::from(kind), "folder"),
    }
}

#[cfg(unix)]
fn owner_only(there: &fs::Metadata, path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = there.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    let help = format!("run `chmod 600 {path}`, and consider the credential as known to others");
    Err(Fault::new(
        format!("others than its owner may read `{path}` (mode {mode:04o})"),
        help,
    ))
}

#[cfg(not(unix))]
fn owner_only(_there: &fs::Metadata, _path: &Path) -> Result<(), Fault> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(variables: &[(&str, &str)], name: &str) -> Result<PathBuf, Fault> {
        path(name, &|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_store_is_where_the_user_keeps_what_is_theirs() {
        let home = ("HOME", "/home/ada");
        for (variables, expected) in [
            (vec![home], "/home/ada/.config/rolecall/credentials/crm.json"),
            (
                vec![home, ("XDG_CONFIG_HOME", "/etc/ada")],
                "/etc/ada/rolecall/credentials/crm.json",
            ),
            (
                vec![home, ("XDG_CONFIG_HOME", "here")],
                "/home/ada/.config/rolecall/credentials/crm.json",
            ),
            (
                vec![home, ("XDG_CONFIG_HOME", "")],
                "/home/ada/.config/rolecall/credentials/crm.json",
            ),
            (vec![home, ("ROLECALL_CREDENTIALS", "/run/keys")], "/run/keys/crm.json"),
            (
                vec![("USERPROFILE", "/users/ada")],
                "/users/ada/.config/rolecall/credentials/crm.json",
            ),
        ] {
            assert_eq!(at(&variables, "crm").unwrap(), Path::new(expected));
        }
        assert!(at(&[], "crm").unwrap_err().help.contains("ROLECALL_CREDENTIALS"));
    }

    #[test]
    fn a_name_is_no_path() {
        for name in [
            "",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "A",
            "a.b",
            "a b",
            "\u{1b}",
            &"a".repeat(101),
        ] {
            assert!(at(&[("HOME", "/home/ada")], name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_is_replaced_whole_and_by_one_run_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.json");
        // Longer than what takes its place, and shorter than the room that is kept for it.
        fs::write(&path, "x".repeat(1000)).unwrap();
        let held = Held::take(&path).unwrap().unwrap();
        assert!(Held::take(&path).unwrap().is_none());
        let waiting = {
            let path = path.clone();
            std::thread::spawn(move || Held::wait(&path).unwrap().replace(&"second".into()))
        };
        held.replace(&"first".into()).unwrap();
        waiting.join().unwrap().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        let long = "y".repeat(50_000);
        Held::take(&path)
            .unwrap()
            .unwrap()
            .replace(&long.as_str().into())
            .unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), long);
        drop(Held::take(&path).unwrap().unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), long, "nothing was written");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "the file and its lock");
    }
}
