//! Connectors: one folder each, a manifest that says how to read and a normaliser that says what it means.
//!
//! The built-in ones are embedded in the binary; a project names folders with more. There is no list of connectors
//! anywhere: a folder with a `connector.yaml` is one, and its name is the connector's id.

mod asked;
mod check;
pub mod manifest;
mod status;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use crate::digest;
use crate::error::{Explain, Frame, Place, did_you_mean, said};
use crate::finding::Input;
use crate::rego::{RegoError, SourceFile, hold_normaliser};
use crate::yaml::{self, YamlError};
use manifest::Manifest;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/connectors");

const MANIFEST: &str = "connector.yaml";
const NORMALISER: &str = "normalise.rego";
const README: &str = "README.md";
const BUILT_IN_ORIGIN: &str = "built-in";

/// One connector, read and checked.
#[derive(Debug, Clone)]
pub struct Connector {
    /// The folder's name.
    pub id: String,
    /// `built-in`, or the folder as the project names it.
    pub origin: String,
    /// Digest of the manifest and the normaliser, lower-case hex.
    pub sha256: String,
    /// Whether it replaces a built-in of the same name.
    pub replaces_built_in: bool,
    /// How to read.
    pub manifest: Manifest,
    /// The manifest's file, as errors name it.
    pub manifest_file: String,
    /// What the answers mean.
    pub normaliser: SourceFile,
}

impl Connector {
    /// What a report says of it.
    pub fn input(&self) -> Input {
        Input {
            id: self.id.clone(),
            origin: self.origin.clone(),
            sha256: self.sha256.clone(),
            replaces_built_in: self.replaces_built_in,
        }
    }

    /// Where people read about it: the file beside its manifest, if there is one; of a built-in connector, in the
    /// sources of this program.
    pub fn readme(&self) -> Option<String> {
        let beside = Path::new(&self.manifest_file).with_file_name(README);
        let there = if self.origin == BUILT_IN_ORIGIN {
            BUILT_IN.get_file(Path::new(&self.id).join(README)).is_some()
        } else {
            beside.is_file()
        };
        there.then(|| beside.display().to_string())
    }
}

/// Reads one connector alone, from a folder of that name.
///
/// # Errors
/// What cannot be read, or does not keep the contract.
pub fn load_alone(name: &str, folder: &Path) -> Result<Connector, ConnectorError> {
    let shown = folder.display().to_string();
    if !folder.join(NORMALISER).is_file() {
        return Err(ConnectorError::NoNormaliser { folder: shown });
    }
    let (manifest, normaliser) = (read(&folder.join(MANIFEST))?, read(&folder.join(NORMALISER))?);
    connector(&shown, name, &shown, &manifest, &normaliser)
}

/// Every connector that a run knows, by id.
#[derive(Debug, Clone)]
pub struct Connectors {
    by_id: BTreeMap<String, Connector>,
}

impl Connectors {
    /// Reads the built-in connectors and those in sub-folders of `extra`, later ones replacing earlier.
    ///
    /// # Errors
    /// The first folder or file that cannot be read, or does not keep the contract.
    pub fn load(extra: &[PathBuf]) -> Result<Self, ConnectorError> {
        let mut by_id = BTreeMap::new();
        for folder in BUILT_IN.dirs() {
            let name = folder.path().to_string_lossy();
            let text = |file: &str| {
                folder
                    .get_file(folder.path().join(file))
                    .and_then(|file| file.contents_utf8())
            };
            let Some(manifest) = text(MANIFEST) else { continue };
            let normaliser = text(NORMALISER).ok_or_else(|| ConnectorError::NoNormaliser {
                folder: name.to_string(),
            })?;
            let connector = connector(
                &format!("connectors/{name}"),
                &name,
                BUILT_IN_ORIGIN,
                manifest,
                normaliser,
            )?;
            by_id.insert(connector.id.clone(), connector);
        }
        let built_in: Vec<String> = by_id.keys().cloned().collect();
        for folder in extra {
            for (name, path) in sub_folders(folder)? {
                let shown = path.display().to_string();
                if let Some(leaf) = [MANIFEST, NORMALISER]
                    .into_iter()
                    .find(|leaf| leads_outside(folder, &path.join(leaf)))
                {
                    return Err(ConnectorError::Outside {
                        file: format!("{shown}/{leaf}"),
                    });
                }
                let manifest = read(&path.join(MANIFEST))?;
                if !path.join(NORMALISER).is_file() {
                    return Err(ConnectorError::NoNormaliser { folder: shown });
                }
                let normaliser = read(&path.join(NORMALISER))?;
                let mut connector = connector(&shown, &name, &shown, &manifest, &normaliser)?;
                connector.replaces_built_in = built_in.contains(&name);
                by_id.insert(name, connector);
            }
        }
        Ok(Self { by_id })
    }

    /// A connector by its id.
    pub fn get(&self, id: &str) -> Option<&Connector> {
        self.by_id.get(id)
    }

    /// Every connector, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Connector> {
        self.by_id.values()
    }

    /// The connector that a source names.
    ///
    /// # Errors
    /// No connector has that name.
    pub fn named(&self, id: &str, place: &Place) -> Result<&Connector, ConnectorError> {
        self.get(id).ok_or_else(|| ConnectorError::Unknown {
            id: id.to_owned(),
            place: place.clone(),
            help: did_you_mean(id, self.by_id.keys().map(String::as_str)),
        })
    }
}

/// What is wrong with a connector's folder.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ConnectorError {
    #[error("{place}: there is no connector `{id}`")]
    Unknown { id: String, place: Place, help: String },
    #[error("reading the connector folder `{path}`: {message}")]
    Unreadable { path: String, message: String },
    #[error("the connector folder `{folder}` has no `{NORMALISER}`")]
    NoNormaliser { folder: String },
    #[error("`{file}` is a link that leads out of the connector folder")]
    Outside { file: String },
    #[error("there is no connector in `{folder}`")]
    Empty { folder: String },
    #[error("{place}: the package is `{found}`, not `{expected}`")]
    Package {
        place: Place,
        found: String,
        expected: String,
    },
    #[error(transparent)]
    Manifest(#[from] YamlError),
    #[error(transparent)]
    Normaliser(#[from] RegoError),
    #[error("{place}: {message}", place = .0.place, message = .0.title)]
    NotUtf8(Box<Frame>),
    #[error("{error}")]
    InFile {
        error: Box<ConnectorError>,
        frame: Box<Frame>,
    },
}

impl ConnectorError {
    /// The error beside its line, if the file of its place is among these.
    fn in_files(self, manifest: &SourceFile, normaliser: &SourceFile) -> Self {
        let frame = match &self {
            Self::Manifest(error) if error.place.file == manifest.path => {
                Some(Frame::new(error.message.clone(), &error.place, None, &manifest.text))
            }
            Self::Normaliser(error) => error.frame([normaliser]),
            Self::Package { place, found, expected } => {
                let title = format!("the package is `{found}`, not `{expected}`");
                Some(Frame::new(title, place, Some(found.chars().count()), &normaliser.text))
            }
            _ => None,
        };
        match frame {
            Some(frame) => Self::InFile {
                error: Box::new(self),
                frame: Box::new(frame),
            },
            None => self,
        }
    }
}

impl Explain for ConnectorError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { help, .. } => Some(help.clone()),
            Self::Unreadable { .. } => {
                Some("name a folder that holds one folder for each connector under `connectors:`".to_owned())
            }
            Self::NoNormaliser { .. } => {
                Some("add it: it says what the raw answers mean; connectors/README.md has its contract".to_owned())
            }
            Self::Outside { .. } => {
                Some("keep the file itself there, or name the folder that holds it under `connectors:`".to_owned())
            }
            Self::Empty { .. } => Some(format!(
                "put each connector into a folder of its own below it, with a `{MANIFEST}`"
            )),
            Self::Package { expected, .. } => Some(format!(
                "write `package {expected}`: folder, id and package are one name"
            )),
            Self::Manifest(error) => error.help(),
            Self::Normaliser(error) => error.help(),
            Self::NotUtf8(_) => Some("save the file as UTF-8".to_owned()),
            Self::InFile { error, .. } => error.help(),
        }
    }

    fn frame(&self) -> Option<&Frame> {
        match self {
            Self::NotUtf8(frame) | Self::InFile { frame, .. } => Some(frame),
            _ => None,
        }
    }
}

fn connector(
    folder: &str,
    name: &str,
    origin: &str,
    manifest: &str,
    normaliser: &str,
) -> Result<Connector, ConnectorError> {
    let file = |leaf: &str, text: &str| SourceFile {
        path: format!("{folder}/{leaf}"),
        text: text.to_owned(),
    };
    let (manifest, normaliser) = (file(MANIFEST, manifest), file(NORMALISER, normaliser));
    let parsed = held(&manifest, &normaliser, name, origin).map_err(|error| error.in_files(&manifest, &normaliser))?;
    Ok(Connector {
        id: name.to_owned(),
        origin: origin.to_owned(),
        sha256: digest::of_all([&manifest.text, &normaliser.text]),
        replaces_built_in: false,
        manifest: parsed,
        manifest_file: manifest.path,
        normaliser,
    })
}

/// The manifest, if both files keep the contract. The calls of the built-in normalisers are held by a test.
fn held(manifest: &SourceFile, normaliser: &SourceFile, name: &str, origin: &str) -> Result<Manifest, ConnectorError> {
    let parsed: Manifest = yaml::read(&manifest.path, &manifest.text)?;
    check::check(&manifest.path, name, &parsed)?;
    package_is_the_folder(normaliser, name)?;
    if origin != BUILT_IN_ORIGIN {
        hold_normaliser(normaliser)?;
    }
    Ok(parsed)
}

fn package_is_the_folder(file: &SourceFile, name: &str) -> Result<(), ConnectorError> {
    let expected = format!("connectors.{name}");
    let lines = file.text.lines().enumerate();
    let found = lines
        .filter_map(|(index, line)| Some((index + 1, line.strip_prefix("package ")?.trim())))
        .next();
    let (line, package) = found.unwrap_or((1, "missing"));
    let written = file.text.lines().nth(line - 1).unwrap_or_default();
    if package == expected {
        return Ok(());
    }
    let place = Place {
        file: file.path.clone(),
        line,
        column: written.find(package).map_or(1, |at| written[..at].chars().count() + 1),
    };
    Err(ConnectorError::Package {
        place,
        found: package.to_owned(),
        expected,
    })
}

/// The folders below `folder` that are connectors, by name.
fn sub_folders(folder: &Path) -> Result<BTreeMap<String, PathBuf>, ConnectorError> {
    let unreadable = |error: std::io::Error| ConnectorError::Unreadable {
        path: folder.display().to_string(),
        message: said(&error, "folder"),
    };
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.join(MANIFEST).is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            found.insert(name.to_owned(), path);
        }
    }
    if found.is_empty() {
        return Err(ConnectorError::Empty {
            folder: folder.display().to_string(),
        });
    }
    Ok(found)
}

/// Whether a file lies elsewhere than the folder that was named, which may itself be a link.
fn leads_outside(folder: &Path, file: &Path) -> bool {
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => !file.starts_with(folder),
        // What cannot be followed cannot be read either, and reading it says why.
        _ => false,
    }
}

fn read(path: &Path) -> Result<String, ConnectorError> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| ConnectorError::Unreadable {
        path: shown.clone(),
        message: said(&error, "file"),
    })?;
    Frame::utf8(&shown, bytes).map_err(|frame| ConnectorError::NotUtf8(Box::new(frame)))
}
