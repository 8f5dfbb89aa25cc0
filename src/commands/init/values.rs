//! What can be made of an answer.

use std::fs;
use std::path::Path;

use super::roster::Wrong;
use crate::connector::Connector;
use crate::connector::manifest::Param;
use crate::init::Who;

/// A connector in a list.
pub fn described(connector: &Connector) -> String {
    match &connector.manifest.population {
        Some(population) => format!("{}: {population}", connector.id),
        None => connector.id.clone(),
    }
}

/// Whether a value can be the parameter.
///
/// # Errors
/// What is wrong.
pub fn check_param(name: &str, param: &Param, value: &str) -> Result<(), Wrong> {
    if value.trim().is_empty() {
        let help = param.help.clone().unwrap_or_else(|| "write its value".to_owned());
        return Err((format!("`{name}` is empty"), help));
    }
    match param.refuses(value) {
        Some(help) => Err((format!("`{value}` cannot be `{name}`"), help)),
        None => Ok(()),
    }
}

/// Who is meant by `all_staff`, or by job roles with commas between them.
///
/// # Errors
/// What is wrong.
pub fn who(answer: &str) -> Result<Who, Wrong> {
    let roles: Vec<String> = answer
        .split(',')
        .map(|role| role.trim().to_owned())
        .filter(|role| !role.is_empty())
        .collect();
    match roles.as_slice() {
        [] => Err((
            "it names nobody".to_owned(),
            "write all_staff, or job roles with commas between them".to_owned(),
        )),
        [one] if one == "all_staff" => Ok(Who::AllStaff),
        roles if roles.iter().any(|role| role == "all_staff") => Err((
            "`all_staff` is everybody, with or without a job role".to_owned(),
            "write all_staff alone, or job roles alone".to_owned(),
        )),
        _ => Ok(Who::JobRoles(roles)),
    }
}

/// Whether this is the name of a variable, and not a secret in its place.
pub fn is_variable(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(letters)
}

/// Two organisations of one person have a name each for their credentials.
pub fn stored_name(connector: &Connector, params: &[(String, String)]) -> String {
    let letters = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let mut name = connector.id.clone();
    for (_, value) in params {
        name.push('-');
        name.extend(value.chars().map(letters));
    }
    name.truncate(100);
    name
}

/// The folder that a file is in, or would be.
pub fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// A path that was written in the working directory, as a file in another folder has to write it.
pub fn seen_from(folder: &Path, path: &Path) -> String {
    let here = |path: &Path| fs::canonicalize(path).ok();
    let (Some(folder), Some(whole)) = (here(folder), here(path)) else {
        return path.display().to_string();
    };
    if path.is_relative() && here(Path::new(".")).is_some_and(|here| here == folder) {
        return path.display().to_string();
    }
    let within = whole.strip_prefix(&folder).map(Path::to_path_buf);
    within.unwrap_or(whole).display().to_string()
}
