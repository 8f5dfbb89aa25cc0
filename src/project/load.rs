//! `rolecall.yaml` from the disk to a [`Project`].

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::disk::{self, NAME};
use super::values::{self, Wrong};
use super::{CheckSettings, Period, Project, access, exceptions, file, people, period, sources};
use crate::digest;
use crate::error::{Explain, Place, did_you_mean};
use crate::finding::Link;
use crate::yaml::{self, Spanned, Text, Tree, YamlError};

/// The version of the grammar.
const VERSION: &str = "1";

/// Why there is no project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Nothing is there.
    #[error("cannot read the project {}: there is no such file or folder", path.display())]
    Missing {
        /// As the user named it.
        path: PathBuf,
    },
    /// The folder holds no project.
    #[error("cannot read the project {}: the folder has no `{NAME}`", folder.display())]
    NotInFolder {
        /// As the user named it.
        folder: PathBuf,
    },
    /// It is there, but it cannot be read.
    #[error("cannot read the project {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{place}: {message}")]
    Wrong {
        /// Where it stands.
        place: Place,
        /// What is wrong.
        message: String,
        /// What to do next.
        help: Option<String>,
    },
}

impl Explain for ProjectError {
    fn help(&self) -> Option<String> {
        match self {
            ProjectError::Missing { .. } => Some(format!("name a project file, or a folder with a `{NAME}`")),
            ProjectError::NotInFolder { .. } => Some(format!("create the `{NAME}`, or name the file itself")),
            ProjectError::Unreadable { .. } => Some("a project is a text file that you may read".to_owned()),
            ProjectError::Wrong { help, .. } => help.clone(),
        }
    }

    fn place(&self) -> Option<&Place> {
        match self {
            ProjectError::Wrong { place, .. } => Some(place),
            _ => None,
        }
    }
}

impl From<YamlError> for ProjectError {
    fn from(YamlError { place, message, help }: YamlError) -> Self {
        ProjectError::Wrong { place, message, help }
    }
}

impl Project {
    /// Reads a project file, or the `rolecall.yaml` of a folder.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or the first thing in it that is wrong.
    pub fn load(path: &Path) -> Result<Project, ProjectError> {
        let path = disk::find(path)?;
        let bytes = disk::bytes(&path)?;
        read(&path, &bytes, &disk::read)
    }

    /// Reads a project file's bytes; nothing on the disk is touched. Relative paths start from the folder of `path`.
    ///
    /// # Errors
    ///
    /// The first thing in it that is wrong; exceptions in a separate file are, as that is not there.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Project, ProjectError> {
        read(path, bytes, &|_| Err(io::Error::other("it is not at hand")))
    }

    /// The same, with the bytes of the separate file of exceptions, if the project names one.
    ///
    /// # Errors
    ///
    /// The first thing in them that is wrong.
    pub fn from_both(path: &Path, bytes: &[u8], exceptions: &[u8]) -> Result<Project, ProjectError> {
        read(path, bytes, &|_| Ok(exceptions.to_owned()))
    }

    /// What stands under each top-level key of the file as it is written, the exceptions and the version left out.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more, or is another one than was loaded.
    pub fn parts(&self) -> Result<BTreeMap<String, Tree>, ProjectError> {
        let bytes = disk::bytes(&self.file)?;
        if digest::of(&bytes) != self.sha256 {
            return Err(ProjectError::Unreadable {
                path: self.file.clone(),
                source: io::Error::other("it was changed while it was read"),
            });
        }
        parts(&self.file, &bytes)
    }
}

/// The parts of a project file's bytes, as [`Project::parts`] has them.
///
/// # Errors
///
/// They are no plain YAML.
pub fn parts(path: &Path, bytes: &[u8]) -> Result<BTreeMap<String, Tree>, ProjectError> {
    let text = disk::text(path, bytes)?;
    let Tree::Map(mut parts) = yaml::tree(&path.display().to_string(), text)? else {
        return Ok(BTreeMap::new());
    };
    for left_out in ["rolecall", "exceptions"] {
        parts.remove(left_out);
    }
    Ok(parts)
}

/// How the separate file of exceptions is read.
pub(super) type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

fn read(path: &Path, bytes: &[u8], file: ReadFile<'_>) -> Result<Project, ProjectError> {
    let text = disk::text(path, bytes)?;
    let name = path.display().to_string();
    version(&name, text, "project")?;
    resolve(path, &name, digest::of(bytes), yaml::read(&name, text)?, file)
}

/// What every part of the file is resolved against.
pub(super) struct Context<'a> {
    /// The file as the user named it.
    pub file: &'a str,
    /// Where relative paths start.
    pub folder: &'a Path,
    /// The organisation's zone.
    pub zone: TimeZone,
    /// The ids of the sources.
    pub sources: BTreeSet<&'a str>,
    /// The ids of the systems.
    pub systems: BTreeSet<&'a str>,
}

impl Context<'_> {
    pub fn place<T>(&self, value: &Spanned<T>) -> Place {
        yaml::place(self.file, value)
    }

    /// An error at a value.
    pub fn wrong<T>(&self, value: &Spanned<T>, message: impl Into<String>, help: impl Into<String>) -> ProjectError {
        ProjectError::Wrong {
            place: self.place(value),
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// Gives a failed value its place.
    pub fn at<T, V>(&self, value: &Spanned<T>, result: Result<V, Wrong>) -> Result<V, ProjectError> {
        result.map_err(|(message, help)| self.wrong(value, message, help))
    }

    /// The id of a source that exists.
    pub fn source(&self, written: &Spanned<String>) -> Result<String, ProjectError> {
        if self.sources.contains(written.value.as_str()) {
            return Ok(written.value.clone());
        }
        let help = match self.sources.is_empty() {
            true => "declare it under `sources:`".to_owned(),
            false => did_you_mean(&written.value, self.sources.iter().copied()),
        };
        Err(self.wrong(written, format!("there is no source `{}`", written.value), help))
    }
}

fn resolve(
    path: &Path,
    name: &str,
    sha256: String,
    file: file::File,
    read: ReadFile<'_>,
) -> Result<Project, ProjectError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let (timezone_name, timezone) =
        values::zone(&file.timezone.value.0).map_err(|(message, help)| ProjectError::Wrong {
            place: yaml::place(name, &file.timezone),
            message,
            help: Some(help),
        })?;
    let context = Context {
        file: name,
        folder,
        zone: timezone.clone(),
        sources: file.sources.0.iter().map(|(id, _)| id.value.as_str()).collect(),
        systems: file.systems.0.iter().map(|(id, _)| id.value.as_str()).collect(),
    };
    let (exceptions, exceptions_file) = exceptions::resolve(&context, file.exceptions.as_ref(), read)?;
    let paths = |paths: &[Text]| paths.iter().map(|Text(path)| values::path(folder, path)).collect();
    Ok(Project {
        sources: sources::resolve(&context, &file.sources)?,
        systems: access::resolve(&context, &file.systems)?,
        staff: people::staff(&context, &file.staff)?,
        identities: people::identities(&context, &file.identities)?,
        checks: file
            .checks
            .0
            .iter()
            .map(|(id, check)| Ok((id.value.clone(), settings(&context, id, check)?)))
            .collect::<Result<_, ProjectError>>()?,
        calendar: period::calendar(&context, file.calendar.as_ref())?,
        policies: paths(&file.policies),
        connectors: paths(&file.connectors),
        exceptions,
        exceptions_file,
        file: path.to_owned(),
        folder: folder.to_owned(),
        sha256,
        organisation: file.organisation.0.clone(),
        timezone_name,
        timezone,
    })
}

fn settings(context: &Context, id: &Spanned<String>, check: &file::Check) -> Result<CheckSettings, ProjectError> {
    let link = |link: &file::Link| {
        let url = &link.url.value.0;
        let host = url.strip_prefix("https://").unwrap_or_default();
        if host.is_empty() || host.starts_with('/') || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(context.wrong(
                &link.url,
                format!("the link `{url}` is no https address"),
                "write `https://…`",
            ));
        }
        Ok(Link {
            url: url.clone(),
            description: link.description.0.clone(),
        })
    };
    let grace = |written: &Spanned<String>| context.at(written, period::grace(&written.value));
    let critical = |written: &Spanned<String>| context.at(written, period::period("critical", &written.value));
    let window = check.critical.as_ref().map(critical).transpose()?;
    if let (None, Some(critical)) = (&check.grace, &check.critical) {
        return Err(context.wrong(
            critical,
            "`critical` has no effect without `grace`: a finding of this check is failing at once",
            "add `grace:`, the time in which a finding can be mended, or leave `critical` out",
        ));
    }
    Ok(CheckSettings {
        enabled: check.enabled.unwrap_or(true),
        severity: check.severity,
        grace: check.grace.as_ref().map(grace).transpose()?,
        critical: window.unwrap_or(Period::WINDOW),
        params: check.params.clone(),
        links: check.links.iter().map(link).collect::<Result<_, _>>()?,
        place: context.place(id),
    })
}

/// Refuses a file of another version; `what` it is: the project, the exceptions.
pub(super) fn version(name: &str, text: &str, what: &str) -> Result<(), ProjectError> {
    let wrong = |place, message, help: &str| {
        Err(ProjectError::Wrong {
            place,
            message,
            help: Some(help.to_owned()),
        })
    };
    match yaml::read::<file::Version>(name, text)?.rolecall {
        Some(version) if version.value == VERSION => Ok(()),
        Some(version) => wrong(
            yaml::place(name, &version),
            format!("version `{}` of the {what} file is not known", version.value),
            "write `rolecall: 1`, or use the release of rolecall that the file was written for",
        ),
        None => wrong(
            Place {
                file: name.to_owned(),
                line: 1,
                column: 1,
            },
            "`rolecall` is missing".to_owned(),
            "begin the file with `rolecall: 1`, the version of its grammar",
        ),
    }
}
