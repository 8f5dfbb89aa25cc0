//! Where secrets come from: the environment, files, programs, and the user's own store.
//!
//! An error names the place and never what is there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::store;
use crate::error::{Place, did_you_mean, said};
use crate::project::{SecretConfig, SecretPlace};
use crate::strict_json;

/// How long a program may take to print a secret.
pub(super) const PROGRAM: Duration = Duration::from_secs(30);

/// No secret and no document of secrets is longer than this, in bytes.
const LONGEST: u64 = 64 * 1024;

/// A text this short is no secret, and taking it out of an answer would take the answer apart.
pub(super) const SHORTEST: usize = 4;

/// What a person must mend: a message that continues "source `x`: ", and what to do. Neither holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: String,
}

impl Fault {
    pub(super) fn new(message: impl Display, help: impl Display) -> Self {
        Self {
            message: message.to_string(),
            help: help.to_string(),
        }
    }
}

/// Looks a variable of the environment up.
pub(super) type Variables = Box<dyn Fn(&str) -> Option<OsString>>;

/// What is around a run: the variables of its environment, and the folder of its project.
pub(super) struct Surroundings {
    pub(super) variable: Variables,
    pub(super) folder: PathBuf,
}

impl Surroundings {
    /// Those of this process, for a project whose file is named by `place`.
    pub(super) fn of(place: &Place) -> Self {
        let folder = Path::new(&place.file).parent().unwrap_or(Path::new(""));
        Self {
            variable: Box::new(|name| std::env::var_os(name)),
            folder: folder.to_owned(),
        }
    }
}

/// The parts of one way to sign in, each checked.
#[derive(Debug)]
pub(super) struct Parts(BTreeMap<&'static str, SecretString>);

impl Parts {
    /// Reads the parts of these names.
    ///
    /// # Errors
    /// A part that is not where the project says, that is none of the way's, or that can be no secret.
    pub(super) fn read(
        names: &[&'static str],
        config: &SecretConfig,
        surroundings: &Surroundings,
    ) -> Result<Self, Fault> {
        match config {
            SecretConfig::Whole(place) => {
                let text = read(place, surroundings)?;
                let parts = names.iter().map(|name| {
                    let lone = names.len() == 1;
                    Ok((*name, part(name, lone, &text, &named(place))?))
                });
                Ok(Self(parts.collect::<Result<_, _>>()?))
            }
            SecretConfig::Parts(places) => {
                if let Some(stranger) = places.keys().find(|written| !names.contains(&written.as_str())) {
                    let help = did_you_mean(stranger, names.iter().copied());
                    return Err(Fault::new(
                        format!("this way to sign in has no part `{stranger}`"),
                        help,
                    ));
                }
                let parts = names.iter().map(|name| {
                    let place = places.get(*name).ok_or_else(|| {
                        let help = format!("write where it is: `{name}: {{env: NAME}}`, for instance");
                        Fault::new(format!("the part `{name}` is missing"), help)
                    })?;
                    let text = read(place, surroundings)?;
                    Ok((*name, part(name, true, &text, &named(place))?))
                });
                Ok(Self(parts.collect::<Result<_, _>>()?))
            }
        }
    }

    /// One of the parts that were read; nothing of a name that was not asked for.
    pub(super) fn get(&self, name: &str) -> SecretString {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

/// The place of one part, for people: "the variable `CRM_TOKEN`".
pub(super) fn named(place: &SecretPlace) -> String {
    match place {
        SecretPlace::Env(name) => format!("the variable `{name}`"),
        SecretPlace::File(path) => format!("the file `{}`", path.display()),
        SecretPlace::Command(words) => format!("the program `{}`", words.first().map_or("", String::as_str)),
        SecretPlace::Stored(name) => format!("the stored credential `{name}`"),
        SecretPlace::Plain(_) => "the project file".to_owned(),
    }
}

/// The whole text of a place, without the blanks around it.
pub(super) fn read(place: &SecretPlace, surroundings: &Surroundings) -> Result<SecretString, Fault> {
    let text = match place {
        SecretPlace::Env(name) => variable(name, surroundings)?,
        SecretPlace::File(path) => file(path)?,
        SecretPlace::Command(words) => program(words, &surroundings.folder, PROGRAM)?,
        SecretPlace::Stored(name) => store::read(&store::path(name, &*surroundings.variable)?, name)?,
        SecretPlace::Plain(text) => text.clone().into(),
    };
    let trimmed = text.expose_secret().trim();
    if trimmed.is_empty() {
        let help = "put the secret there, or name another place under `auth:`";
        return Err(Fault::new(format!("{} holds nothing", named(place)), help));
    }
    Ok(trimmed.into())
}

/// One part of a text: the text itself where it is alone, or what a JSON object holds under its name.
pub(super) fn part(name: &str, lone: bool, text: &SecretString, place: &str) -> Result<SecretString, Fault> {
    let written = text.expose_secret();
    let found = if written.starts_with('{') || !lone {
        match object(text) {
            None => {
                let help = format!("write `{{\"{name}\": \"…\"}}`, with a key for each part");
                return Err(Fault::new(format!("{place} holds no JSON object"), help));
            }
            Some(parts) => match parts.get(name) {
                Some(Value::String(value)) => SecretString::from(value.as_str()),
                _ => {
                    let help = format!("add the key `{name}`, a text");
                    return Err(Fault::new(format!("the JSON object in {place} has no `{name}`"), help));
                }
            },
        }
    } else {
        text.clone()
    };
    checked(name, found, place)
}

/// A document of secrets, if the text is one.
pub(super) fn object(text: &SecretString) -> Option<serde_json::Map<String, Value>> {
    match strict_json::parse(text.expose_secret().as_bytes()) {
        Ok(Value::Object(parts)) => Some(parts),
        _ => None,
    }
}

/// What was cut in two, pasted with its line end or left out can be no secret.
pub(super) fn checked(name: &str, secret: SecretString, place: &str) -> Result<SecretString, Fault> {
    let text = secret.expose_secret();
    let public = ["client_id", "username"].contains(&name);
    if text.chars().any(char::is_control) {
        let help = "put it there in one line, and nothing beside it";
        return Err(Fault::new(
            format!("`{name}` in {place} holds a line end or another control character"),
            help,
        ));
    }
    if text.is_empty() || (!public && text.len() < SHORTEST) {
        let help = "put the whole of it there";
        return Err(Fault::new(
            format!("`{name}` in {place} is too short to be a secret"),
            help,
        ));
    }
    Ok(secret)
}

fn variable(name: &str, surroundings: &Surroundings) -> Result<SecretString, Fault> {
    let value = (surroundings.variable)(name).ok_or_else(|| {
        let help = format!("set `{name}` in the environment of this run, or name another place under `auth:`");
        Fault::new(format!("the variable `{name}` is not set"), help)
    })?;
    value
        .into_string()
        .map(SecretString::from)
        .map_err(|_| Fault::new(format!("the variable `{name}` is no UTF-8"), "set it anew"))
}

/// A file's text. Who may read it is for its owner to say: what a container is given is often open to all in it.
pub(super) fn file(path: &Path) -> Result<SecretString, Fault> {
    let shown = path.display();
    let cannot = |error: &std::io::Error| {
        let help = "put the secret there, or name another place under `auth:`";
        Fault::new(format!("reading the file `{shown}`: {}", said(error, "file")), help)
    };
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot(&error))?;
    text(bytes, &format!("the file `{shown}`"))
}

fn text(bytes: Vec<u8>, place: &str) -> Result<SecretString, Fault> {
    if bytes.len() as u64 > LONGEST {
        let help = "name a place that holds the secret and nothing else";
        return Err(Fault::new(format!("{place} holds more than 64 KiB"), help));
    }
    String::from_utf8(bytes)
        .map(SecretString::from)
        .map_err(|_| Fault::new(format!("{place} holds no UTF-8"), "name a place that holds a text"))
}

/// What a program prints. It is started without a shell, in the project's folder; what it says on its standard error
/// reaches the person, and nobody answers its questions.
pub(super) fn program(words: &[String], folder: &Path, limit: Duration) -> Result<SecretString, Fault> {
    let Some((name, arguments)) = words.split_first() else {
        return Err(Fault::new(
            "no program is named",
            "write `command: [program, argument]`",
        ));
    };
    let place = format!("the program `{name}`");
    let wrong = |what: &str| {
        let help = "run it by hand in the project's folder, and see what it prints";
        Fault::new(format!("{place} {what}"), help)
    };
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let mut child = Command::new(found(name, folder))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| {
            let help = "name a program by its path, or as it is found on the PATH";
            Fault::new(format!("starting {place}: {}", said(&error, "program")), help)
        })?;
    let started = Instant::now();
    let (send, receive) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        // A thread of its own: reading cannot be given a time limit.
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.take(LONGEST + 1).read_to_end(&mut bytes);
            let _ = send.send(read.map(|_| bytes));
        });
    }
    let printed = receive.recv_timeout(limit);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if printed.is_ok() && started.elapsed() < limit => std::thread::sleep(Duration::from_millis(5)),
            _ => break None,
        }
    };
    let Some(status) = status else {
        // Nothing more can be done about a program that does not let itself be ended.
        let _ = child.kill();
        let _ = child.wait();
        return Err(wrong(&format!("did not end within {} seconds", limit.as_secs())));
    };
    if !status.success() {
        return Err(wrong(&match status.code() {
            Some(code) => format!("ended with code {code}"),
            None => "was ended by a signal".to_owned(),
        }));
    }
    match printed {
        Ok(Ok(bytes)) => text(bytes, &place),
        _ => Err(wrong("printed nothing that could be read")),
    }
}

/// A path starts from the project's folder, a bare name is looked up on the PATH.
fn found(name: &str, folder: &Path) -> PathBuf {
    let path = Path::new(name);
    if path.is_absolute() || path.components().count() < 2 {
        return path.to_owned();
    }
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.join(path)
}
