//! Finding policy folders, and loading what is in them.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::metadata::{self, Metadata, SubjectWord};
use super::template::showable;
use super::{Check, CheckError, Reason, Template};
use crate::error::{Place, did_you_mean};
use crate::finding::{Link, SubjectKind};
use crate::project::CheckSettings;
use crate::rego::{
    Analysis, Cut, Limits, MetadataBlock, Output, Package, Path, Program, ReadSet, RegoError, Schema, Shape,
    SourceFile, Step, analyse, package_metadata,
};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// How long a policy may take over one subject.
pub const EVALUATION_LIMIT: Limits = Limits {
    time: std::time::Duration::from_secs(2),
};

/// The folders of `policies/` that are no checks.
const NOT_CHECKS: [&str; 2] = ["lib", "schemas"];

/// Every check of a run, by id.
#[derive(Debug, Clone)]
pub struct Checks(pub BTreeMap<String, Check>);

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

/// Loads the built-in checks and those of extra folders, and holds the project's settings against them.
///
/// # Errors
/// The first thing wrong with any check, whether it is enabled or not: a check that does not load is a check that
/// nobody runs.
pub fn load(extra: &[PathBuf], settings: &BTreeMap<String, CheckSettings>) -> Result<Checks, CheckError> {
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
    let libraries = Libraries::parse(folders.get("lib"))?;
    let mut checks = BTreeMap::new();
    for (name, folder) in folders.iter().filter(|(name, _)| !NOT_CHECKS.contains(&name.as_str())) {
        let mut check = load_one(folder, &libraries)?;
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
                if !self.0.contains_key(blocker) {
                    return Err(CheckError::Metadata {
                        place: check.place.clone(),
                        message: format!("`{}` is blocked by `{blocker}`, which does not exist", check.id),
                        help: did_you_mean(blocker, self.0.keys().map(String::as_str)),
                    });
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
                place: check.place.clone(),
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
}

fn built_in() -> BTreeMap<String, PolicyFolder> {
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

fn on_disk(root: &FilePath) -> Result<Vec<PolicyFolder>, CheckError> {
    let shown = root.display().to_string();
    let wrong = |message: String, help: &str| CheckError::Folder {
        folder: shown.clone(),
        message,
        help: help.to_owned(),
    };
    let list = |folder: &FilePath| -> Result<Vec<PathBuf>, CheckError> {
        let entries = std::fs::read_dir(folder).map_err(|error| {
            wrong(
                format!("{}: {error}", folder.display()),
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
        if !path.is_dir() || name.starts_with('.') || name == "schemas" {
            continue;
        }
        let mut files = Vec::new();
        for file in list(&path)? {
            let leaf = file
                .file_name()
                .and_then(|leaf| leaf.to_str())
                .unwrap_or_default()
                .to_owned();
            if file.is_file() && leaf.ends_with(".rego") {
                let text = std::fs::read_to_string(&file)
                    .map_err(|error| wrong(format!("{}: {error}", file.display()), "a policy is utf-8 text"))?;
                files.push((
                    leaf,
                    SourceFile {
                        path: file.display().to_string(),
                        text,
                    },
                ));
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

fn rego_only(files: impl IntoIterator<Item = (String, SourceFile)>) -> BTreeMap<String, SourceFile> {
    let is_policy = |leaf: &str| leaf.ends_with(".rego") && !leaf.ends_with("_test.rego");
    files.into_iter().filter(|(leaf, _)| is_policy(leaf)).collect()
}

/// A project adds libraries; it cannot change what a built-in check means by replacing one under it.
fn join_libraries(known: &mut PolicyFolder, added: PolicyFolder) -> Result<(), CheckError> {
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
        for (leaf, file) in folder.into_iter().flat_map(|folder| &folder.files) {
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
        place: package.place.clone(),
        message,
        help: format!("folder and package go by one name: `package {expected}`"),
    })
}

fn load_one(folder: &PolicyFolder, libraries: &Libraries) -> Result<Check, CheckError> {
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
    let text = BUILT_IN
        .get_file(&file)
        .and_then(|file| file.contents_utf8())
        .unwrap_or("{}");
    let mut schema = Schema::from_json(&serde_json::from_str(text).unwrap_or_default());
    if let Shape::Record(fields) = &mut schema.shape {
        let params = metadata.custom.params.iter().map(|(name, param)| {
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

/// The two halves of a check, and what is needed to hold them against each other.
struct Joined<'a> {
    file: &'a str,
    block: &'a MetadataBlock,
    schema: &'a Schema,
    analysis: &'a Analysis,
    package: &'a Package,
}

impl Joined<'_> {
    fn check(
        &self,
        folder: &PolicyFolder,
        metadata: Metadata,
        subject: SubjectKind,
        files: Vec<SourceFile>,
    ) -> Result<Check, CheckError> {
        if metadata.scope.as_deref().is_some_and(|scope| scope != "package") {
            return Err(self.wrong(
                "scope",
                "the scope is not `package`".into(),
                "write `scope: package`".into(),
            ));
        }
        let custom = metadata.custom;
        for (name, param) in &custom.params {
            if !param.kind.admits(&param.default) {
                let message = format!("the default of `{name}` is not {}", param.kind.word());
                return Err(self.wrong(name, message, "change the type or the default".into()));
            }
        }
        let skip = custom
            .skip
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, None, None, words.blocked_by));
        let fail = custom
            .fail
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, words.passes_if, words.since, None));
        let unknown = custom
            .unknown
            .0
            .into_iter()
            .map(|(code, words)| (code, words.message, None, None, None));
        let mut reads = ReadSet::default();
        self.analysis
            .outputs
            .iter()
            .for_each(|output| reads.join(&output.reads));
        let check = Check {
            id: folder.name.clone(),
            title: self.title(&metadata.title, subject)?,
            description: metadata.description,
            subject,
            severity: custom.severity,
            controls: custom.controls,
            summary: self.title(&custom.remediation.summary, subject)?,
            steps: custom
                .remediation
                .steps
                .iter()
                .map(|step| self.title(step, subject))
                .collect::<Result<_, _>>()?,
            links: self.links(&metadata.related_resources)?,
            params: custom.params,
            skip: self.reasons(Output::Skip, skip)?,
            fail: self.reasons(Output::Fail, fail)?,
            unknown: self.reasons(Output::Unknown, unknown)?,
            facts: self.outputs(Output::Facts).map(|output| output.code.clone()).collect(),
            pass: self.template("pass", &custom.pass, false)?,
            cut: Cut::new(&reads),
            reads,
            sha256: digest(&files),
            files,
            origin: folder.origin.clone(),
            replaces_built_in: false,
            place: self.package.place.clone(),
        };
        if check.fail.is_empty() && check.unknown.is_empty() {
            let message = format!("`{}` can never fail", check.id);
            return Err(self.wrong(
                "custom",
                message,
                "declare a code under `fail:` and give it in Rego".into(),
            ));
        }
        Ok(check)
    }

    fn outputs(&self, output: Output) -> impl Iterator<Item = &crate::rego::OutputReads> {
        self.analysis.outputs.iter().filter(move |reads| reads.output == output)
    }

    /// Every code that Rego gives has words, and every code that has words is given.
    fn reasons(
        &self,
        output: Output,
        declared: impl Iterator<Item = (String, String, Option<String>, Option<String>, Option<String>)>,
    ) -> Result<Vec<Reason>, CheckError> {
        let declared: Vec<_> = declared.collect();
        let kind = output.name();
        for given in self.outputs(output) {
            if !declared.iter().any(|(code, ..)| *code == given.code) {
                let known = declared.iter().map(|(code, ..)| code.as_str());
                let help = match crate::error::nearest(&given.code, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("declare it under `{kind}:` in the metadata, with a message"),
                };
                let message = format!("the metadata has no words for the {kind} code `{}`", given.code);
                return Err(CheckError::Rego(RegoError::Refused {
                    place: given.place.clone(),
                    message,
                    help,
                }));
            }
        }
        let mut reasons = Vec::new();
        for (code, message, passes_if, since, blocked_by) in declared {
            let Some(given) = self.outputs(output).find(|given| given.code == code) else {
                let message = format!("the {kind} code `{code}` is never given");
                let help = format!("write `{kind} contains \"{code}\" if …`, or delete its words");
                return Err(self.wrong(&code, message, help));
            };
            let unknowable = given.reads.looked_at().flat_map(|(path, look)| match look {
                crate::rego::Look::Whole => self.schema.unknowable(path),
                _ => Vec::new(),
            });
            reasons.push(Reason {
                message: self.template(&code, &message, output == Output::Fail)?,
                passes_if: passes_if.map(|text| self.template(&code, &text, true)).transpose()?,
                since: since.map(|text| self.path(&code, &text)).transpose()?,
                blocked_by,
                unknowable: unknowable.collect(),
                reads: given.reads.clone(),
                code,
            });
        }
        Ok(reasons)
    }

    /// Facts are computed for failing subjects only, so only the words of a fail can name them.
    fn template(&self, key: &str, text: &str, facts: bool) -> Result<Template, CheckError> {
        let template = Template::parse(text)
            .map_err(|message| self.wrong(key, message, "write `{{` for a brace that is meant".into()))?;
        for path in template.paths() {
            if !facts && path.0.first() == Some(&Step::Field("facts".to_owned())) {
                let help = "only the words of a `fail` can: facts are computed for failing subjects".into();
                return Err(self.wrong(key, format!("`{path}` cannot be named here"), help));
            }
            self.hold(key, path)?;
        }
        Ok(template)
    }

    /// A title or a remediation speaks of a system, not of one subject.
    fn title(&self, text: &str, subject: SubjectKind) -> Result<Template, CheckError> {
        let template = self.template("title", text, false)?;
        let systemic = matches!(subject, SubjectKind::Account | SubjectKind::System);
        if let Some(path) = template
            .paths()
            .find(|path| !systemic || path.to_string() != "system.name")
        {
            let message = format!("`{{{path}}}` stands in a title or a remediation");
            return Err(self.wrong(
                "title",
                message,
                "these can only name the system: `{system.name}`".into(),
            ));
        }
        Ok(template)
    }

    fn path(&self, key: &str, text: &str) -> Result<Path, CheckError> {
        let path = Path::parse(text);
        self.hold(key, &path).map(|()| path)
    }

    /// A placeholder is a path of the subject that prints, or a fact.
    fn hold(&self, key: &str, path: &Path) -> Result<(), CheckError> {
        if let [Step::Field(facts), rest @ ..] = path.0.as_slice()
            && facts == "facts"
        {
            let names: Vec<&str> = self.outputs(Output::Facts).map(|output| output.code.as_str()).collect();
            return match rest {
                [Step::Field(name)] if names.contains(&name.as_str()) => Ok(()),
                _ => {
                    let help = match names.as_slice() {
                        [] => "write `facts.<name> := …` in Rego first".to_owned(),
                        names => did_you_mean(path.to_string().trim_start_matches("facts."), names.iter().copied()),
                    };
                    Err(self.wrong(key, format!("there is no fact `{path}`"), help))
                }
            };
        }
        match self.schema.at(path) {
            Some(schema) if showable(schema) => Ok(()),
            Some(_) => Err(self.wrong(key, format!("`{path}` is a record"), "name one of its fields".into())),
            None => {
                let above = Path(path.0.iter().take(path.0.len().saturating_sub(1)).cloned().collect());
                let known = self.schema.at(&above).map(Schema::fields).unwrap_or_default();
                let last = path.to_string();
                let last = last.rsplit('.').next().unwrap_or_default();
                let help = if known.is_empty() {
                    "see the subject's schema".into()
                } else {
                    did_you_mean(last, known)
                };
                Err(self.wrong(key, format!("the subject has no `{path}`"), help))
            }
        }
    }

    fn links(&self, resources: &[metadata::Resource]) -> Result<Vec<Link>, CheckError> {
        let mut links = Vec::new();
        for resource in resources {
            if !resource.url.starts_with("https://") || resource.url.contains(char::is_whitespace) {
                let message = format!("`{}` is no https address", resource.url);
                return Err(self.wrong(
                    "related_resources",
                    message,
                    "links are shown to people: write them whole".into(),
                ));
            }
            links.push(Link {
                url: resource.url.clone(),
                description: resource.description.clone(),
            });
        }
        if links.is_empty() {
            let message = "there is no link".to_owned();
            let help = "name the page that says how to fix it, under `related_resources`".to_owned();
            return Err(self.wrong("related_resources", message, help));
        }
        Ok(links)
    }

    fn wrong(&self, key: &str, message: String, help: String) -> CheckError {
        let place = Place {
            file: self.file.to_owned(),
            line: self.block.line_of(key),
            column: 3,
        };
        CheckError::Metadata { place, message, help }
    }
}

fn digest(files: &[SourceFile]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file.text.len().to_be_bytes());
        hasher.update(&file.text);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
