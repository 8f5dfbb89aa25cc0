//! What there is to test and to lint under some paths: units, each a folder with policies and the tests beside them.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::WorkbenchError;
use crate::check::{built_in_libraries, files_of, folders_of};
use crate::error::said;
use crate::rego::SourceFile;

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitKind {
    /// Rules that several checks share: `lib/`.
    Library,
    /// A folder with a `check.rego`.
    Check,
    /// A folder with a `connector.yaml`.
    Connector,
}

impl UnitKind {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            UnitKind::Library => "library",
            UnitKind::Check => "check",
            UnitKind::Connector => "connector",
        }
    }
}

/// One folder with policies, and what its tests need.
#[derive(Debug, Clone)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// The folder's name.
    pub name: String,
    /// The folder, as the user named it.
    pub folder: PathBuf,
    /// The folder that it stands in.
    pub root: PathBuf,
    /// `check.rego`, `normalise.rego`, or the libraries.
    pub policies: Vec<SourceFile>,
    /// Its `_test.rego` files; those of a library that hold builders and no test are among `around`.
    pub tests: Vec<SourceFile>,
    /// The libraries and the builders that a check and its tests can use. None for a connector.
    pub around: Vec<SourceFile>,
}

/// Everything that is tested or linted, sorted by root, kind and name.
#[derive(Debug, Clone, Default)]
pub struct Units(pub Vec<Unit>);

impl Units {
    /// Finds the units at and below paths: a folder of them, one of them, or a test file.
    ///
    /// # Errors
    /// A path that is not there, that holds nothing to test, or a file that is no text.
    pub fn find(paths: &[PathBuf]) -> Result<Self, WorkbenchError> {
        let mut units: BTreeMap<(PathBuf, UnitKind, String), Unit> = BTreeMap::new();
        for path in paths {
            let found = at(path)?;
            if found.is_empty() {
                return Err(WorkbenchError::Nothing { path: path.clone() });
            }
            for unit in found {
                let whole = unit.folder.canonicalize().unwrap_or_else(|_| unit.folder.clone());
                let key = (whole, unit.kind, unit.name.clone());
                match units.get_mut(&key) {
                    // Two test files of one folder.
                    Some(known) => {
                        known.tests.extend(unit.tests);
                        known.tests.sort_by(|a, b| a.path.cmp(&b.path));
                        known.tests.dedup();
                    }
                    None => drop(units.insert(key, unit)),
                }
            }
        }
        let mut units = Self(units.into_values().collect());
        units.share_libraries();
        Ok(units)
    }

    /// The checks of a project can use the libraries of all its folders.
    fn share_libraries(&mut self) {
        let is_one = |unit: &&Unit| unit.kind == UnitKind::Library && !is_whole(&unit.root);
        let shared: Vec<SourceFile> = self
            .0
            .iter()
            .filter(is_one)
            .flat_map(|unit| unit.policies.iter().chain(&unit.tests).cloned())
            .collect();
        let checks = self.0.iter_mut().filter(|unit| unit.kind == UnitKind::Check);
        for check in checks.filter(|unit| !is_whole(&unit.root)) {
            for file in &shared {
                if check.around.iter().all(|known| known.path != file.path) {
                    check.around.push(file.clone());
                }
            }
        }
    }

    /// The checks whose tests can reach a library.
    pub fn users<'a>(&'a self, library: &'a Unit) -> impl Iterator<Item = &'a Unit> {
        self.0
            .iter()
            .filter(|unit| unit.kind == UnitKind::Check && unit.root == library.root)
    }
}

const CHECK: &str = "check.rego";
const NORMALISER: &str = "normalise.rego";
const MANIFEST: &str = "connector.yaml";
const LIBRARIES: &str = "lib";
const TEST: &str = "_test.rego";

fn at(path: &Path) -> Result<Vec<Unit>, WorkbenchError> {
    let unreadable = |error: &std::io::Error| WorkbenchError::Unreadable {
        path: path.to_owned(),
        message: said(error, "file or folder"),
    };
    let there = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if there.is_dir() {
        return match unit(path, None)? {
            Some(unit) => Ok(vec![unit]),
            None => below(path),
        };
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let only = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Ok(unit(folder.unwrap_or(Path::new(".")), Some(only))?
        .into_iter()
        .collect())
}

/// The units of a root; of a folder that holds roots, those of `policies` and `connectors`.
fn below(root: &Path) -> Result<Vec<Unit>, WorkbenchError> {
    let roots = ["policies", "connectors"].map(|name| root.join(name));
    let roots: Vec<&PathBuf> = roots.iter().filter(|root| root.is_dir()).collect();
    if !roots.is_empty() {
        let units = roots.into_iter().map(|root| below(root));
        return units.collect::<Result<Vec<_>, _>>().map(|units| units.concat());
    }
    let mut units = Vec::new();
    for folder in folders_of(root)? {
        match unit(&folder, None)? {
            Some(unit) => units.push(unit),
            // A policy of another name, or a test of nothing: nobody would read it.
            None => drop(files_of(root, &folder, &|_| false)?),
        }
    }
    Ok(units)
}

/// The unit that a folder is, if it is one; with all its tests, or only those of one file.
fn unit(folder: &Path, only: Option<&str>) -> Result<Option<Unit>, WorkbenchError> {
    let name = name_of(folder);
    let is_there = |file: &str| match std::fs::metadata(folder.join(file)) {
        Ok(there) => Ok(there.is_file()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(WorkbenchError::Unreadable {
            path: folder.join(file),
            message: said(&error, "file"),
        }),
    };
    let kind = if is_there(CHECK)? {
        UnitKind::Check
    } else if is_there(MANIFEST)? {
        UnitKind::Connector
    } else if name == LIBRARIES {
        UnitKind::Library
    } else {
        return Ok(None);
    };
    let root = parent(folder);
    let policy = match kind {
        UnitKind::Check => CHECK,
        UnitKind::Connector => NORMALISER,
        UnitKind::Library => "",
    };
    let is_read = |leaf: &str| leaf == policy || leaf.ends_with(TEST) || kind == UnitKind::Library;
    let files = files_of(&root, folder, &is_read)?;
    let (tests, policies): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.path.ends_with(TEST));
    let tests = match only {
        Some(file) if file.ends_with(TEST) => named(tests, file),
        Some(file) if policies.iter().all(|policy| !policy.path.ends_with(file)) => {
            return Ok(None);
        }
        _ => tests,
    };
    let around = match kind {
        UnitKind::Check => libraries(&root)?,
        UnitKind::Library => {
            let all = libraries(&root)?;
            let own = |file: &SourceFile| policies.iter().chain(&tests).any(|one| one.path == file.path);
            all.into_iter().filter(|file| !own(file)).collect()
        }
        UnitKind::Connector => Vec::new(),
    };
    Ok(Some(Unit {
        kind,
        name,
        folder: folder.to_owned(),
        root,
        policies,
        tests,
        around,
    }))
}

/// The folder around a folder; of `.` and `..` the one above them.
fn parent(folder: &Path) -> PathBuf {
    match folder.components().next_back() {
        Some(Component::CurDir | Component::ParentDir) | None => folder.join(".."),
        Some(_) => folder.parent().unwrap_or(Path::new("")).to_owned(),
    }
}

fn named(files: Vec<SourceFile>, name: &str) -> Vec<SourceFile> {
    let is = |file: &SourceFile| Path::new(&file.path).file_name().is_some_and(|leaf| leaf == name);
    files.into_iter().filter(is).collect()
}

/// The libraries that the checks of a root can use: the built-in ones, and those beside the checks. A root that has schemas of
/// its own is the source of the built-in ones, and stands for them.
fn libraries(root: &Path) -> Result<Vec<SourceFile>, WorkbenchError> {
    let folder = root.join(LIBRARIES);
    let own = if folder.is_dir() {
        files_of(root, &folder, &|_| true)?
    } else {
        Vec::new()
    };
    if is_whole(root) {
        return Ok(own);
    }
    let built_in = built_in_libraries();
    let leaf = |file: &SourceFile| Path::new(&file.path).file_name().map(ToOwned::to_owned);
    for file in &own {
        if let Some(other) = built_in.iter().find(|other| leaf(other) == leaf(file)) {
            return Err(WorkbenchError::Taken {
                file: file.path.clone(),
                by: other.path.clone(),
            });
        }
    }
    Ok(built_in.into_iter().chain(own).collect())
}

fn is_whole(root: &Path) -> bool {
    root.join("schemas").is_dir()
}

/// The last name of a path; of `.` and `..` that of the folder they mean.
fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.or_else(|| {
        let whole = path.canonicalize().ok()?;
        Some(whole.file_name()?.to_string_lossy().into_owned())
    })
    .unwrap_or_default()
}
