//! `rolecall init`: the first `rolecall.yaml`, from flags and, at a terminal, from five questions.

use std::fs;
use std::path::{Path, PathBuf};

use super::CommandError;
use super::error::OutputError;
use crate::cli::InitArgs;
use crate::collect::store;
use crate::connector::Connectors;
use crate::error::{Explain, said};
use crate::exit::Exit;
use crate::init::{self, Secret};
use crate::project::Project;
use crate::report::{self, Volume, ask};

mod interview;
mod roster;
#[cfg(test)]
mod tests;
mod values;

use interview::{Ask, Gathered, Interview, Terminal};

/// The name of a project in its folder.
const NAME: &str = "rolecall.yaml";

/// Asks for what no flag says, writes the file whole or not at all, and says what comes next.
pub fn run(args: &InitArgs, volume: Volume) -> Result<Exit, CommandError> {
    let file = target(&args.path);
    writable(&file, args.force)?;
    let connectors = Connectors::load(&[])?;
    let terminal = ask::somebody_is_there().then_some(&Terminal as &dyn Ask);
    let gathered = Interview::new(args, &connectors, &file, terminal).gather()?;
    let text = init::write(&gathered.answers);
    // Whatever was answered, the next command must be able to read it.
    Project::from_bytes(&file, text.as_bytes())?;
    let mut kept = Vec::new();
    for (name, secret) in &gathered.secrets {
        kept.push(store::keep_secret(name, secret)?);
    }
    report::save_project(&text, &file, args.force)?;
    if volume != Volume::Quiet {
        report::begun(&begun(&gathered, &args.path, &file, kept)).map_err(OutputError)?;
    }
    Ok(Exit::Clean)
}

/// What a person must know of a project that was just written.
fn begun(gathered: &Gathered, path: &Path, file: &Path, kept: Vec<PathBuf>) -> report::Begun {
    let answers = &gathered.answers;
    let mut first = Vec::new();
    for source in [&answers.accounts, &answers.staff] {
        match source.auth.as_ref().map(|auth| &auth.secret) {
            Some(Secret::Env(variable)) => first.push(format!("set {variable}")),
            Some(Secret::Parts(parts)) => first.extend(parts.iter().map(|(_, variable)| format!("set {variable}"))),
            Some(Secret::Stored(name)) if !gathered.secrets.iter().any(|(kept, _)| kept == name) => {
                first.push(format!("`rolecall connect {}`", source.connector));
            }
            Some(Secret::Stored(_)) | None => {}
        }
    }
    first.dedup();
    let project = (path != Path::new(".")).then(|| path.display().to_string());
    report::Begun {
        file: file.display().to_string(),
        people: gathered.people,
        kept: kept.iter().map(|path| path.display().to_string()).collect(),
        first,
        project,
    }
}

/// The file that is meant: the path itself if it is written as one, else the `rolecall.yaml` of the folder.
fn target(path: &Path) -> PathBuf {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("yaml" | "yml")) && !path.is_dir() {
        return path.to_owned();
    }
    path.join(NAME)
}

fn writable(file: &Path, force: bool) -> Result<(), InitError> {
    let folder = values::folder_of(file);
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => {
            return Err(InitError::NoFolder {
                folder: folder.to_owned(),
                message: "it is a file, not a directory".to_owned(),
            });
        }
        Err(error) => {
            return Err(InitError::NoFolder {
                folder: folder.to_owned(),
                message: said(&error, "folder"),
            });
        }
    }
    // A link that leads nowhere is something as well.
    if fs::symlink_metadata(file).is_ok() && !force {
        return Err(InitError::There { file: file.to_owned() });
    }
    Ok(())
}

/// Why no project was written.
#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("writing {}: it is there already", file.display())]
    There { file: PathBuf },
    #[error("writing into the folder {}: {message}", folder.display())]
    NoFolder { folder: PathBuf, message: String },
    #[error("there is no terminal to ask at, and the flags leave open {}", .0.iter().map(|(what, _)| *what).collect::<Vec<_>>().join(", "))]
    Missing(Vec<(&'static str, String)>),
    #[error("`{flag}`: {message}")]
    Flag {
        flag: &'static str,
        message: String,
        help: String,
    },
}

impl Explain for InitError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::There { .. } => "to read one more system, paste what `rolecall connectors ID` shows into it; \
                                   `--force` replaces it"
                .to_owned(),
            Self::NoFolder { .. } => "make the folder first".to_owned(),
            Self::Missing(flags) => {
                let flags: Vec<&str> = flags.iter().map(|(_, flag)| flag.as_str()).collect();
                format!("give {}", flags.join(" "))
            }
            Self::Flag { help, .. } => help.clone(),
        })
    }
}
