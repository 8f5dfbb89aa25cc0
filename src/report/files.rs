//! Files that are written whole or not at all.
//!
//! What is written has no name until all of it is there, where the system can do that: whatever ends this process in
//! between, no part of a report is left lying about.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// Links to links are followed so far, as the system does.
const LINKS: usize = 40;

/// Takes the place of a file once all is written, so that nobody ever reads half of it. A file that is already there keeps
/// its permissions, a link stays a link, and what is no plain file (a pipe, a device) is written to as it is. `-` and the
/// names of the standard output and error are these themselves, wherever they lead.
pub(super) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> io::Result<()> {
    write_whole_for(path, false, write)
}

/// The same; what is private is its owner's alone, whatever the permissions of a file that was there.
pub(super) fn write_whole_for(
    path: &Path,
    is_private: bool,
    write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(stream) = stream(path) {
        return match fill(&mut stream?, write) {
            // A reader that has gone away is no error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        };
    }
    let path = resolved(path);
    let there = fs::metadata(&path).ok();
    if let Some(there) = there.as_ref().filter(|there| !there.is_file()) {
        if there.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        return fill(&mut fs::OpenOptions::new().write(true).open(&path)?, write);
    }
    let mut file = Unfinished::beside(&path)?;
    #[cfg(unix)]
    if is_private {
        let owners = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        file.as_file().set_permissions(owners)?;
    }
    fill(file.as_file_mut(), write)?;
    if let Some(there) = there.filter(|_| !is_private) {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.as_file().sync_all()?;
    file.named()?.persist(&path).map_err(|error| error.error)
}

/// Writes a file if nobody else has taken its place.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = Unfinished::beside(path)?;
    file.as_file_mut().write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.named()?.persist_noclobber(path).map_err(|error| error.error)
}

/// Where a path leads, links followed, whether there is a file or not.
pub fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        if let Ok(there) = fs::canonicalize(&path) {
            return there;
        }
        match fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            Err(_) => break,
        }
    }
    match (fs::canonicalize(folder_of(&path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn fill(file: &mut fs::File, write: impl FnOnce(&mut BufWriter<&mut fs::File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

/// The standard output or error, if a path is one of their names. Opened by that name, a file that the shell led it to
/// would be written from its beginning, over what is there.
#[cfg(unix)]
fn stream(path: &Path) -> Option<io::Result<fs::File>> {
    use std::os::fd::AsFd as _;
    let file = match path.to_str()? {
        "-" | "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => io::stdout().as_fd().try_clone_to_owned(),
        "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => io::stderr().as_fd().try_clone_to_owned(),
        _ => return None,
    };
    Some(file.map(fs::File::from))
}

#[cfg(not(unix))]
fn stream(_path: &Path) -> Option<io::Result<fs::File>> {
    None
}

/// A file that has no name yet, or one that nobody looks for.
enum Unfinished {
    /// The system forgets it if this process ends.
    #[cfg(target_os = "linux")]
    Nameless { file: fs::File, folder: PathBuf },
    /// Where the system cannot do that.
    Named(NamedTempFile),
}

impl Unfinished {
    /// In the same folder, so that it can take the place of the other.
    fn beside(path: &Path) -> io::Result<Self> {
        let folder = folder_of(path);
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, Mode, OFlags, openat};
            let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
            if let Ok(file) = openat(CWD, folder, flags, Mode::from_raw_mode(PERMISSIONS)) {
                return Ok(Self::Nameless {
                    file: file.into(),
                    folder: folder.to_owned(),
                });
            }
        }
        let mut builder = builder();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(PERMISSIONS));
        builder.tempfile_in(folder).map(Self::Named).map_err(plain)
    }

    fn as_file(&self) -> &fs::File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless { file, .. } => file,
            Self::Named(file) => file.as_file(),
        }
    }

    fn as_file_mut(&mut self) -> &mut fs::File {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless { file, .. } => file,
            Self::Named(file) => file.as_file_mut(),
        }
    }

    /// Gives it a name, from which it can take the place of another file at once.
    fn named(self) -> io::Result<TempPath> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless { file, folder } => {
                use rustix::fs::{AtFlags, CWD, linkat};
                use std::os::fd::AsRawFd as _;
                let own = format!("/proc/self/fd/{}", file.as_raw_fd());
                let link = |name: &Path| Ok(linkat(CWD, &own, CWD, name, AtFlags::SYMLINK_FOLLOW)?);
                let named = builder().make_in(folder, link).map_err(plain)?;
                Ok(named.into_temp_path())
            }
            Self::Named(file) => Ok(file.into_temp_path()),
        }
    }
}

/// Less what the umask takes.
#[cfg(unix)]
const PERMISSIONS: u32 = 0o666;

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rolecall-");
    builder
}

/// tempfile's own words name its random file: of no use to the reader, and different every time.
fn plain(error: io::Error) -> io::Error {
    io::Error::from(error.kind())
}
