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
    /// Whether the project has sources, under which another can be added.
    pub has_sources: bool,
    /// The same of systems.
    pub has_systems: bool,
    /// The folders that the project would have to name, where it does not look there yet. More than one: it names some.
    pub to_add: Option<Vec<String>>,
}

/// Writes a folder that is not there yet. It is made beside its place, where nothing looks, and moved as a whole.
pub fn write(folder: &Path, files: &[File]) -> io::Result<()> {
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| match error.kind() {
        // A file stands in the way: a folder would be good.
        io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
        _ => error,
    })?;
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
        let key = new.kind.key();
        let where_to = match (new.is_project_here, folders.len()) {
            (true, 0 | 1) => "the project does not look there yet; in rolecall.yaml:".to_owned(),
            (true, _) => {
                format!("the project does not look there yet; in rolecall.yaml, in place of what it has as `{key}:`:")
            }
            (false, _) => "in the rolecall.yaml of the project that is to use it:".to_owned(),
        };
        let list: Vec<String> = folders.iter().map(|folder| crate::yaml::text(folder)).collect();
        writeln!(out, "\n{where_to}\n\n{key}: [{}]", list.join(", "))?;
    }
    let name = &new.name;
    let argument = argument(&folder);
    writeln!(out)?;
    match new.kind {
        Kind::Check => {
            writeln!(out, "next: change the condition in {folder}/check.rego, then")?;
            writeln!(out, "  rolecall test {argument}")?;
            writeln!(out, "  rolecall lint {argument}")?;
            writeln!(out, "  rolecall check --check {name} --verdicts")
        }
        Kind::Connector => {
            let recording = crate::yaml::text(&format!("{}/recordings/usual", new.folder));
            let source = format!("  {name}:\n    connector: {name}\n    from: {{recording: {recording}}}");
            let system = format!("  {name}: {{critical: false}}");
            writeln!(out, "to try it with the answers beside it, in rolecall.yaml:\n")?;
            below("sources", new.has_sources, &source, out)?;
            below("systems", new.has_systems, &system, out)?;
            writeln!(
                out,
                "next: put your system in the place of the example in {folder}, then"
            )?;
            writeln!(out, "  rolecall test {argument}")?;
            writeln!(out, "  rolecall lint {argument}")?;
            writeln!(out, "  rolecall check --verdicts")
        }
    }
}

/// Lines of the project under their key, which is no second time in a file.
fn below(key: &str, is_there: bool, lines: &str, out: &mut impl Write) -> io::Result<()> {
    match is_there {
        true => writeln!(out, "under the `{key}:` that it has:\n\n{lines}\n"),
        false => writeln!(out, "{key}:\n{lines}\n"),
    }
}

/// A path as a shell takes it.
fn argument(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@:,".contains(c);
    match !path.is_empty() && path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
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
    fn a_path_is_one_argument() {
        assert_eq!(argument("more/rules-2/mine"), "more/rules-2/mine");
        assert_eq!(argument("more rules/mine"), "'more rules/mine'");
        assert_eq!(argument("it's"), "'it'\\''s'");
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
