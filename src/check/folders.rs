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
    let shown = root.display().to_string();
    let wrong = |message: String, help: &str| CheckError::Folder {
        folder: shown.clone(),
        message,
        help: help.to_owned(),
    };
    let list = |folder: &FilePath| -> Result<Vec<PathBuf>, CheckError> {
        let entries = std::fs::read_dir(folder).map_err(|error| {
            let whose = if folder == root {
                String::new()
            } else {
                format!("{}: ", folder.display())
            };
            wrong(
                format!("{whose}{}", said(&error, "folder")),
                "name a folder that holds one folder per check",
            )
        })?;
        let mut paths = Vec::new();
        for entry in entries {
            paths.push(
                entry
                    .map_err(|error| wrong(error.to_string(), "look at its permissions"))?
                    .path(),
            );
        }
        paths.sort();
        Ok(paths)
    };
    let mut folders = Vec::new();
    for path in list(root)? {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if name.starts_with('.') || name == "schemas" {
            continue;
        }
        if !path.is_dir() {
            if name.ends_with(".rego") {
                let help = "put it into a folder of its own, as `check.rego`, or under `lib/`";
                return Err(wrong(
                    format!("`{name}` stands beside the folders, where nothing reads it"),
                    help,
                ));
            }
            continue;
        }
        let mut files = Vec::new();
        for file in list(&path)? {
            let leaf = file
                .file_name()
                .and_then(|leaf| leaf.to_str())
                .unwrap_or_default()
                .to_owned();
            let is_read = leaf == "check.rego" || leaf.ends_with("_test.rego") || name == "lib";
            if file.is_file() && leaf.ends_with(".rego") && !is_read && path.join("check.rego").is_file() {
                let help = "a check is one `check.rego`; what several share goes under `lib/`";
                return Err(wrong(format!("`{name}/{leaf}` is read by nothing"), help));
            }
            if file.is_dir() && holds_rego(&file) {
                let help = "a check is one folder with a `check.rego` in it, and holds no folders of policies";
                return Err(wrong(
                    format!("`{name}/{leaf}` holds policies that nothing reads"),
                    help,
                ));
            }
            if file.is_file() && leaf.ends_with(".rego") {
                if leads_outside(root, &file) {
                    let message = format!("`{name}/{leaf}` is a link that leads out of the folder");
                    return Err(wrong(
                        message,
                        "keep the file itself there, or name the folder that holds it under `policies:`",
                    ));
                }
                let path = file.display().to_string();
                let bytes = std::fs::read(&file).map_err(|error| {
                    wrong(
                        format!("{path}: {}", said(&error, "file")),
                        "a policy is a file that you may read",
                    )
                })?;
                let text = Frame::utf8(&path, bytes).map_err(not_utf8)?;
                files.push((leaf, SourceFile { path, text }));
            }
        }
        folders.push(PolicyFolder {
            name,
            origin: shown.clone(),
            files: rego_only(files),
        });
    }
    if folders.is_empty() {
        return Err(wrong(
            "it holds no check".to_owned(),
            "each check is a folder with a `check.rego` in it",
        ));
    }
    Ok(folders)
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
