//! Finding policy folders, and loading what is in them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::folders::{PolicyFolder, built_in, embedded, join_libraries, on_disk};
use super::join::Joined;
use super::metadata::{self, Metadata, SubjectWord};
use super::{Check, CheckError};
use crate::error::{Place, did_you_mean};
use crate::finding::SubjectKind;
use crate::project::CheckSettings;
use crate::rego::{
    Analysis, Limits, Package, Program, RegoError, Schema, Shape, SourceFile, analyse, analyse_for_tests,
    package_metadata,
};

/// How long a policy may take over one subject.
pub const EVALUATION_LIMIT: Limits = Limits {
    time: std::time::Duration::from_secs(2),
};

/// The library of documents for tests. No check can look at it.
const FOR_TESTS: &str = "test.rego";

/// The folders of `policies/` that are no checks.
const NOT_CHECKS: [&str; 2] = ["lib", "schemas"];

/// Every check of a run, by id.
#[derive(Debug, Clone)]
pub struct Checks(pub BTreeMap<String, Check>);

/// Loads the built-in checks and those of extra folders, and holds the project's settings against them.
///
/// # Errors
/// The first thing wrong with any check, whether it is enabled or not: a check that does not load is a check that
/// nobody runs.
pub fn load(extra: &[PathBuf], settings: &BTreeMap<String, CheckSettings>) -> Result<Checks, CheckError> {
    let (folders, replaced) = find(extra)?;
    checks_of(&folders, &replaced, settings).map_err(|error| {
        let files = folders.values().flat_map(|folder| folder.files.values());
        error.in_files(files)
    })
}

/// The folders by name, and the names of those that replace a built-in one.
fn find(extra: &[PathBuf]) -> Result<(BTreeMap<String, PolicyFolder>, Vec<String>), CheckError> {
    let mut folders = built_in();
    let mut replaced = Vec::new();
    for root in extra {
        for folder in on_disk(root)? {
            match folders.get_mut(&folder.name) {
                Some(built_in) if folder.name == "lib" => {
                    join_libraries(built_in, folder)?;
                    continue;
                }
                Some(other) if other.origin != "built-in" => {
                    return Err(CheckError::Folder {
                        folder: folder.origin.clone(),
                        message: format!("`{}` is also in `{}`", folder.name, other.origin),
                        help: "rename one of the two folders".to_owned(),
                    });
                }
                Some(_) => replaced.push(folder.name.clone()),
                None => {}
            }
            folders.insert(folder.name.clone(), folder);
        }
    }
    Ok((folders, replaced))
}

fn checks_of(
    folders: &BTreeMap<String, PolicyFolder>,
    replaced: &[String],
    settings: &BTreeMap<String, CheckSettings>,
) -> Result<Checks, CheckError> {
    let libraries = Libraries::parse(folders.get("lib"))?;
    let mut checks = BTreeMap::new();
    for (name, folder) in folders.iter().filter(|(name, _)| !NOT_CHECKS.contains(&name.as_str())) {
        let mut check = load_one(folder, &libraries, analyse)?;
        check.replaces_built_in = replaced.contains(name);
        checks.insert(name.clone(), check);
    }
    let checks = Checks(checks);
    checks.hold_blockers()?;
    checks.hold_settings(settings)?;
    Ok(checks)
}

impl Checks {
    /// The checks in an order in which every check comes after those that it leaves subjects to.
    pub fn in_order(&self) -> Vec<&Check> {
        let mut ordered: Vec<&Check> = Vec::new();
        while ordered.len() < self.0.len() {
            let before = ordered.len();
            for check in self.0.values() {
                let done = |id: &String| ordered.iter().any(|other| other.id == *id);
                if !done(&check.id) && check.blockers().all(done) {
                    ordered.push(check);
                }
            }
            // `hold_blockers` has refused cycles; this only keeps a fault of ours from looping for ever.
            if ordered.len() == before {
                break;
            }
        }
        ordered
    }

    fn hold_blockers(&self) -> Result<(), CheckError> {
        for check in self.0.values() {
            for blocker in check.blockers() {
                let wrong = |message: String, help: String| {
                    Err(CheckError::Metadata {
                        place: check.place_of_blocker(blocker),
                        width: None,
                        message,
                        help,
                    })
                };
                let Some(other) = self.0.get(blocker) else {
                    let message = format!("`{}` is blocked by `{blocker}`, which does not exist", check.id);
                    return wrong(message, did_you_mean(blocker, self.0.keys().map(String::as_str)));
                };
                let same_subject = other.subject == check.subject;
                if !same_subject && (other.subject, check.subject) != (SubjectKind::System, SubjectKind::Account) {
                    let message = format!("`{}` is blocked by `{blocker}`, which judges other subjects", check.id);
                    return wrong(
                        message,
                        "name a check of the same subjects, or for accounts one of systems".to_owned(),
                    );
                }
            }
        }
        let ordered = self.in_order();
        match self
            .0
            .values()
            .find(|check| !ordered.iter().any(|other| other.id == check.id))
        {
            None => Ok(()),
            Some(check) => Err(CheckError::Metadata {
                place: check
                    .blockers()
                    .find(|blocker| !ordered.iter().any(|other| other.id == **blocker))
                    .map_or_else(|| check.place.clone(), |blocker| check.place_of_blocker(blocker)),
                width: None,
                message: format!("`{}` is blocked, over other checks, by itself", check.id),
                help: "one check of the circle must judge for itself: take its `blocked_by` away".to_owned(),
            }),
        }
    }

    fn hold_settings(&self, settings: &BTreeMap<String, CheckSettings>) -> Result<(), CheckError> {
        for (id, set) in settings {
            let wrong = |message: String, help: String| CheckError::Settings {
                place: set.place.clone(),
                message,
                help,
            };
            let Some(check) = self.0.get(id) else {
                let help = did_you_mean(id, self.0.keys().map(String::as_str));
                return Err(wrong(format!("there is no check `{id}`"), help));
            };
            for (name, value) in &set.params {
                let Some(param) = check.params.get(name) else {
                    let help = if check.params.is_empty() {
                        "it has no params".to_owned()
                    } else {
                        did_you_mean(name, check.params.keys().map(String::as_str))
                    };
                    return Err(wrong(format!("`{id}` has no param `{name}`"), help));
                };
                if !param.kind.admits(value) {
                    let message = format!("the param `{name}` of `{id}` is {}, not {value}", param.kind.word());
                    return Err(wrong(message, format!("its default is {}", param.default)));
                }
            }
        }
        Ok(())
    }
}

impl Check {
    /// The checks that it leaves subjects to.
    pub fn blockers(&self) -> impl Iterator<Item = &String> {
        self.skip.iter().filter_map(|reason| reason.blocked_by.as_ref())
    }

    /// Where the metadata names another check; where the package stands, if it is written in a way of its own.
    fn place_of_blocker(&self, blocker: &str) -> Place {
        let text = self.files.first().map_or("", |file| file.text.as_str());
        let metadata = text.lines().enumerate().take(self.place.line.saturating_sub(1));
        let found = metadata.filter_map(|(index, line)| {
            let (before, after) = line.split_once("blocked_by:")?;
            let written = after.trim_start().trim_start_matches(['"', '\'']);
            let rest = written.strip_prefix(blocker)?;
            let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let column = line.chars().count() - written.chars().count() + 1;
            (line.starts_with('#') && ends && !before.trim_start_matches('#').trim_start().starts_with('#'))
                .then_some((index + 1, column))
        });
        match found.into_iter().next() {
            Some((line, column)) => Place {
                line,
                column,
                ..self.place.clone()
            },
            None => self.place.clone(),
        }
    }
}

/// The packages under `lib/`, parsed once for all checks.
struct Libraries {
    packages: BTreeMap<String, Package>,
    files: BTreeMap<String, SourceFile>,
}

impl Libraries {
    fn parse(folder: Option<&PolicyFolder>) -> Result<Self, CheckError> {
        let mut libraries = Self {
            packages: BTreeMap::new(),
            files: BTreeMap::new(),
        };
        let files = folder.into_iter().flat_map(|folder| &folder.files);
        for (leaf, file) in files.filter(|(leaf, _)| leaf.as_str() != FOR_TESTS) {
            let package = Package::parse(file)?;
            let expected = format!("lib.{}", leaf.trim_end_matches(".rego"));
            if package.name != expected {
                return Err(wrong_package(&package, &expected));
            }
            libraries.packages.insert(expected.clone(), package);
            libraries.files.insert(expected, file.clone());
        }
        Ok(libraries)
    }

    /// The files that a check can reach, itself first.
    fn reached_from(&self, file: &SourceFile, analysis: &Analysis) -> Vec<SourceFile> {
        let reached = self.files.iter().filter(|(name, _)| analysis.libraries.contains(*name));
        std::iter::once(file)
            .chain(reached.map(|(_, file)| file))
            .cloned()
            .collect()
    }
}

fn wrong_package(package: &Package, expected: &str) -> CheckError {
    let message = format!("the package is `{}`", package.name);
    CheckError::Rego(RegoError::Refused {
        place: package.name_place.clone(),
        width: Some(package.name.chars().count()),
        message,
        help: format!("folder and package go by one name: `package {expected}`"),
    })
}

/// Loads one check alone, for whoever tests it, with the libraries beside it: `file` is its `check.rego` in a folder `name`.
/// `print` may stand in it.
///
/// # Errors
/// What is wrong with it.
pub fn load_alone(name: &str, file: &SourceFile, libraries: &[SourceFile]) -> Result<Check, CheckError> {
    let leaf = |file: &SourceFile| file.path.rsplit('/').next().unwrap_or_default().to_owned();
    let folder = |name: &str, files: &[&SourceFile]| PolicyFolder {
        name: name.to_owned(),
        origin: String::new(),
        files: files.iter().map(|file| (leaf(file), (*file).clone())).collect(),
    };
    let shared: Vec<&SourceFile> = libraries
        .iter()
        .filter(|file| !leaf(file).ends_with("_test.rego"))
        .collect();
    let load = || {
        let libraries = Libraries::parse(Some(&folder("lib", &shared)))?;
        load_one(&folder(name, &[file]), &libraries, analyse_for_tests)
    };
    load().map_err(|error| error.in_files(shared.iter().copied().chain([file])))
}

/// Works out what a check can look at.
type Analyse = fn(&Package, &BTreeMap<String, Package>, &Schema) -> Result<Analysis, RegoError>;

fn load_one(folder: &PolicyFolder, libraries: &Libraries, analyse: Analyse) -> Result<Check, CheckError> {
    let wrong = |message: String, help: String| CheckError::Folder {
        folder: format!("{}/{}", folder.origin, folder.name),
        message,
        help,
    };
    if !folder
        .name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        let help = "use a-z, 0-9 and _: the folder is the package and the check's id".to_owned();
        return Err(wrong(format!("`{}` cannot be a check's id", folder.name), help));
    }
    let Some(file) = folder.files.get("check.rego") else {
        return Err(wrong(
            "there is no `check.rego`".to_owned(),
            "each folder under a policy folder is one check".to_owned(),
        ));
    };
    let package = Package::parse(file)?;
    let expected = format!("checks.{}", folder.name);
    if package.name != expected {
        return Err(wrong_package(&package, &expected));
    }
    let block = package_metadata(file, &package).ok_or_else(|| CheckError::Metadata {
        place: package.place.clone(),
        width: None,
        message: "there is none".to_owned(),
        help: "a `# METADATA` comment stands right above `package`; policies/README.md describes it".to_owned(),
    })?;
    let metadata = metadata::read(&file.path, &block)?;
    let subject = subject_of(metadata.custom.subject);
    let schema = schema_of(subject, &metadata);
    let analysis = analyse(&package, &libraries.packages, &schema)?;
    let files = libraries.reached_from(file, &analysis);
    // Alone first: what the engine cannot schedule here would fail every rule of every check.
    Program::load(&files, EVALUATION_LIMIT)?;
    Joined {
        file: &file.path,
        block: &block,
        schema: &schema,
        analysis: &analysis,
        package: &package,
    }
    .check(folder, metadata, subject, files)
}

fn subject_of(word: SubjectWord) -> SubjectKind {
    match word {
        SubjectWord::Account => SubjectKind::Account,
        SubjectWord::Staff => SubjectKind::Staff,
        SubjectWord::System => SubjectKind::System,
        SubjectWord::Workspace => SubjectKind::Workspace,
    }
}

/// The published schema of a subject, with the check's own params in it.
fn schema_of(subject: SubjectKind, metadata: &Metadata) -> Schema {
    let file = format!("schemas/{}.schema.json", subject.word());
    let text = embedded(&file).unwrap_or("{}");
    let mut schema = Schema::from_json(&serde_json::from_str(text).unwrap_or_default());
    if let Shape::Record(fields) = &mut schema.shape {
        let params = metadata.custom.params.0.iter().map(|(name, param)| {
            let shape = match param.kind {
                super::ParamKind::Text => Shape::Text(None),
                super::ParamKind::Integer => Shape::Integer,
                super::ParamKind::Boolean => Shape::Boolean,
                super::ParamKind::TextList => Shape::List(Box::new(Schema::plain(Shape::Text(None)))),
            };
            (name.clone(), Schema::plain(shape))
        });
        fields.insert("params".to_owned(), Schema::plain(Shape::Record(params.collect())));
    }
    schema
}
