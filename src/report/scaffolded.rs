//! The folder of a new check or connector: written whole or not at all, and what is said of it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::escape;
use crate::scaffold::{File, Kind};

/// A folder that was just written.
#[derive(Debug, Clone)]
pub struct Scaffolded<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub folder: String,
    /// What is in it.
    pub files: &'a [File],
    /// Whether there is a project in this folder.
    pub is_project_here: bool,
    /// The folders that the project would have to name, where it does not look there yet.
    pub to_add: Option<Vec<String>>,
}

/// Writes a folder that is not there yet. It is made beside its place, where nothing looks, and moved as a whole.
pub fn write(folder: &Path, files: &[File]) -> io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let made = tempfile::Builder::new().prefix(".rolecall-new-").tempdir_in(parent)?;
    for file in files {
        let path = made.path().join(file.path);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(&path, &file.text)?;
    }
    readable(made.path())?;
    if fs::symlink_metadata(folder).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(made.path(), folder)?;
    // It has left the place where it would be removed.
    let _ = made.keep();
    Ok(())
}

/// A temporary folder is for its owner's eyes only; sources are for everybody who may see the folder around them.
#[cfg(unix)]
fn readable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn readable(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// What there is now, and what comes next.
pub fn render(new: &Scaffolded<'_>, out: &mut impl Write) -> io::Result<()> {
    let folder = escape::sentence(&new.folder);
    writeln!(out, "wrote {folder}:")?;
    let described = || new.files.iter().filter_map(|file| Some((file.path, file.about?)));
    let width = described().map(|(path, _)| path.len()).max().unwrap_or_default();
    for (path, about) in described() {
        writeln!(out, "  {path:width$}  {about}")?;
    }
    if let Some(folders) = &new.to_add {
        let where_to = if new.is_project_here {
            "the project does not look there yet; in rolecall.yaml:"
        } else {
            "in the rolecall.yaml of the project that is to use it:"
        };
        let list: Vec<String> = folders.iter().map(|folder| crate::yaml::text(folder)).collect();
        writeln!(out, "\n{where_to}\n\n{}: [{}]", new.kind.key(), list.join(", "))?;
    }
    let name = &new.name;
    writeln!(out)?;
    match new.kind {
        Kind::Check => {
            writeln!(out, "next: change the condition in {folder}/check.rego, then")?;
            writeln!(out, "  rolecall test {folder}")?;
            writeln!(out, "  rolecall lint {folder}")?;
            writeln!(out, "  rolecall check --check {name} --verdicts")
        }
        Kind::Connector => {
            writeln!(out, "to try it with the answers beside it, in rolecall.yaml:\n")?;
            writeln!(out, "sources:\n  {name}:\n    connector: {name}")?;
            writeln!(
                out,
                "    from: {{recording: {}}}",
                crate::yaml::text(&format!("{}/recordings/usual", new.folder))
            )?;
            writeln!(out, "\nsystems:\n  {name}: {{critical: false}}\n")?;
            writeln!(
                out,
                "next: put your system in the place of the example in {folder}, then"
            )?;
            writeln!(out, "  rolecall test {folder}")?;
            writeln!(out, "  rolecall lint {folder}")?;
            writeln!(out, "  rolecall check --verdicts")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &'static str) -> File {
        File {
            path,
            about: Some("a file"),
            text: "text\n".to_owned(),
        }
    }

    #[test]
    fn a_folder_is_written_whole_and_never_over_another() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("deep/policies/mine");
        write(&folder, &[file("check.rego"), file("recordings/a/b.json")]).unwrap();
        assert_eq!(
            fs::read_to_string(folder.join("recordings/a/b.json")).unwrap(),
            "text\n"
        );
        let error = write(&folder, &[file("other.rego")]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(!folder.join("other.rego").exists());
        let beside: Vec<_> = fs::read_dir(folder.parent().unwrap()).unwrap().collect();
        assert_eq!(beside.len(), 1, "nothing is left behind: {beside:?}");
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("mine");
        let bad = [file("check.rego"), file("check.rego/below.rego")];
        assert!(write(&folder, &bad).is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
