//! Policy folders: those embedded in the program, and those of a project.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use include_dir::{Dir, include_dir};

use super::CheckError;
use crate::error::{Frame, said};
use crate::rego::{RegoError, SourceFile};

/// The files of one folder under a policy root.
#[derive(Debug, Clone)]
pub struct PolicyFolder {
    /// The folder's name.
    pub name: String,
    /// `built-in`, or the root as the project names it.
    pub origin: String,
    /// Its `.rego` files by name.
    pub files: BTreeMap<String, SourceFile>,
}

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// A file of the embedded tree.
pub(super) fn embedded(path: &str) -> Option<&'static str> {
    BUILT_IN.get_file(path).and_then(|file| file.contents_utf8())
}

/// The libraries that are embedded in the program, the builders of documents for tests among them.
pub fn built_in_libraries() -> Vec<SourceFile> {
    let files = BUILT_IN.get_dir("lib").into_iter().flat_map(Dir::files);
    let rego = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "rego"));
    rego.filter_map(|file| {
        Some(SourceFile {
            path: format!("built-in:policies/{}", file.path().display()),
            text: file.contents_utf8()?.to_owned(),
        })
    })
    .collect()
}

/// The published JSON Schemas of the documents that a check can look at, by subject.
pub fn subject_schemas() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = BUILT_IN.get_dir("schemas").into_iter().flat_map(Dir::files);
    files.filter_map(|file| {
        let name = file.path().file_name()?.to_str()?.strip_suffix(".schema.json")?;
        Some((name, file.contents_utf8()?))
    })
}

/// The folders that are embedded in the program.
pub(super) fn built_in() -> BTreeMap<String, PolicyFolder> {
    let folders = BUILT_IN.dirs().map(|dir| {
        let name = dir.path().display().to_string();
        let files = dir.files().filter_map(|file| {
            let leaf = file.path().file_name()?.to_str()?;
            let path = format!("built-in:policies/{}", file.path().display());
            Some((
                leaf.to_owned(),
                SourceFile {
                    path,
                    text: file.contents_utf8()?.to_owned(),
                },
            ))
        });
        let folder = PolicyFolder {
            name: name.clone(),
            origin: "built-in".to_owned(),
            files: rego_only(files),
        };
        (name, folder)
    });
    folders.collect()
}

/// The folders under a root on disk; whatever looks like a policy there and would be read by nothing is refused.
pub(super) fn on_disk(root: &FilePath) -> Result<Vec<PolicyFolder>, CheckError> {
    let mut folders = Vec::new();
    for path in folders_of(root)? {
        let name = name_of(&path);
        let is_read = |leaf: &str| leaf == CHECK || leaf.ends_with(TEST) || name == "lib";
        let files = files_of(root, &path, &is_read)?;
        folders.push(PolicyFolder {
            name,
            origin: root.display().to_string(),
            files: rego_only(files.into_iter().map(|file| (leaf_of(&file), file))),
        });
    }
    if folders.is_empty() {
        return Err(wrong(
            root,
            "it holds no check".to_owned(),
            "each check is a folder with a `check.rego` in it",
        ));
    }
    Ok(folders)
}

const CHECK: &str = "check.rego";
const TEST: &str = "_test.rego";

/// The folders that stand in a root, sorted, without hidden ones and schemas.
///
/// # Errors
/// A root that cannot be read; a policy that stands in it beside the folders, and a link that leads nowhere: somebody
/// means them to be read.
pub fn folders_of(root: &FilePath) -> Result<Vec<PathBuf>, CheckError> {
    let mut folders = Vec::new();
    for path in list(root, root)? {
        let name = name_of(&path);
        if name.starts_with('.') || name == "schemas" {
            continue;
        }
        match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => folders.push(path),
            Ok(_) if name.ends_with(".rego") => {
                let help = "put it into a folder of its own, as `check.rego`, or under `lib/`";
                let message = format!("`{name}` stands beside the folders, where nothing reads it");
                return Err(wrong(root, message, help));
            }
            Ok(_) => {}
            Err(error) => {
                let message = format!("`{name}` cannot be followed: {}", said(&error, "file or folder"));
                return Err(wrong(root, message, "mend the link, or take it away"));
            }
        }
    }
    Ok(folders)
}

/// The `.rego` files of a folder in a root, sorted. `is_read` says of a name whether somebody reads such a file.
///
/// # Errors
/// A folder or a file that cannot be read, that leads out of the root, or that nobody would read.
pub fn files_of(
    root: &FilePath,
    folder: &FilePath,
    is_read: &dyn Fn(&str) -> bool,
) -> Result<Vec<SourceFile>, CheckError> {
    let name = name_of(folder);
    let mut files = Vec::new();
    for file in list(root, folder)? {
        let leaf = name_of(&file);
        let there = std::fs::metadata(&file);
        if there.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            if holds_rego(&file) {
                let message = format!("`{name}/{leaf}` holds policies that nothing reads");
                let help = "a check is one folder with a `check.rego` in it, and holds no folders of policies";
                return Err(wrong(root, message, help));
            }
            continue;
        }
        if !leaf.to_lowercase().ends_with(".rego") {
            continue;
        }
        if !is_read(&leaf) {
            let message = format!("`{name}/{leaf}` is read by nothing");
            let help = "a check is one `check.rego` with tests in `…_test.rego`; what several share goes under `lib/`";
            return Err(wrong(root, message, help));
        }
        if leads_outside(root, &file) {
            let message = format!("`{name}/{leaf}` is a link that leads out of the folder");
            let help = "keep the file itself there, or name the folder that holds it under `policies:`";
            return Err(wrong(root, message, help));
        }
        let path = file.display().to_string();
        let unreadable = |error: std::io::Error| {
            let message = format!("{path}: {}", said(&error, "file"));
            wrong(root, message, "a policy is a file that you may read")
        };
        let bytes = std::fs::read(&file).map_err(unreadable)?;
        let text = Frame::utf8(&path, bytes).map_err(not_utf8)?;
        files.push(SourceFile { path, text });
    }
    Ok(files)
}

fn wrong(root: &FilePath, message: String, help: &str) -> CheckError {
    CheckError::Folder {
        folder: root.display().to_string(),
        message,
        help: help.to_owned(),
    }
}

/// What stands in a folder of a root, sorted.
fn list(root: &FilePath, folder: &FilePath) -> Result<Vec<PathBuf>, CheckError> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        let whose = if folder == root {
            String::new()
        } else {
            format!("{}: ", folder.display())
        };
        let message = format!("{whose}{}", said(&error, "folder"));
        wrong(root, message, "name a folder that holds one folder per check")
    })?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| wrong(root, error.to_string(), "look at its permissions"))?;
        paths.push(path.path());
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &FilePath) -> String {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default().to_owned()
}

fn leaf_of(file: &SourceFile) -> String {
    name_of(FilePath::new(&file.path))
}

/// Whether a file lies elsewhere than the folder that was named, which may itself be a link.
fn leads_outside(root: &FilePath, file: &FilePath) -> bool {
    match (root.canonicalize(), file.canonicalize()) {
        (Ok(root), Ok(file)) => !file.starts_with(root),
        // What cannot be followed cannot be read either, and reading it says why.
        _ => false,
    }
}

fn not_utf8(frame: Frame) -> CheckError {
    let error = RegoError::Refused {
        place: frame.place.clone(),
        width: Some(frame.width),
        message: frame.title.clone(),
        help: "save the file as UTF-8".to_owned(),
    };
    CheckError::InFile {
        error: Box::new(CheckError::Rego(error)),
        frame: Box::new(frame),
    }
}

fn holds_rego(folder: &FilePath) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.extension().is_some_and(|extension| extension == "rego"))
}

fn rego_only(files: impl IntoIterator<Item = (String, SourceFile)>) -> BTreeMap<String, SourceFile> {
    let is_policy = |leaf: &str| leaf.ends_with(".rego") && !leaf.ends_with("_test.rego");
    files.into_iter().filter(|(leaf, _)| is_policy(leaf)).collect()
}

/// A project adds libraries; it cannot change what a built-in check means by replacing one under it.
pub(super) fn join_libraries(known: &mut PolicyFolder, added: PolicyFolder) -> Result<(), CheckError> {
    for (leaf, file) in added.files {
        if let Some(other) = known.files.get(&leaf) {
            return Err(CheckError::Folder {
                folder: format!("{}/lib", added.origin),
                message: format!("`{leaf}` is also `{}`", other.path),
                help: "rename the library; a shared one cannot be replaced".to_owned(),
            });
        }
        known.files.insert(leaf, file);
    }
    Ok(())
}
