//! How the judged project differs from its base project, exceptions aside: what whoever reviews the change has to look at.
//!
//! A connector's folder and the file of a source are part of a change as the project's own file is, and neither shows there:
//! a roster that a leaver was taken out of stands under the same path as before.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::CommandError;
use super::exceptions::Unread;
use crate::check::{self, Checks};
use crate::cli::FactsArgs;
use crate::connector::Connectors;
use crate::digest;
use crate::project::{From, Project};
use crate::recording::INDEX;

/// Folders in folders of a recording, at most: a link may lead round in a circle.
const DEPTH: usize = 8;

/// The parts that stand otherwise in the base project, in words.
///
/// # Errors
/// One of the two projects cannot be read any more.
pub fn differs(
    project: &Project,
    base: &Project,
    checks: &Checks,
    facts: &FactsArgs,
) -> Result<Vec<String>, CommandError> {
    let mut differs = keys(project, base)?;
    differs.extend(policies(base, checks));
    differs.extend(connectors(project, base));
    // Of a snapshot no source is read.
    if facts.snapshot.is_none() {
        differs.extend(contents(project, base, facts.recording.as_deref()));
    }
    Ok(differs)
}

/// The top-level keys whose values differ.
fn keys(project: &Project, base: &Project) -> Result<Vec<String>, CommandError> {
    let (ours, theirs) = (project.parts()?, base.parts().map_err(Unread)?);
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let changed = keys.into_iter().filter(|key| ours.get(*key) != theirs.get(*key));
    Ok(changed.map(|key| format!("`{key}`")).collect())
}

/// The checks whose policies differ.
fn policies(base: &Project, checks: &Checks) -> Vec<String> {
    // The base may stand alone, without its folders: it is asked for its exceptions.
    let Ok(before) = check::load(&base.policies, &base.checks) else {
        return vec!["its policies, as those of the base project do not load".to_owned()];
    };
    let digest = |checks: &Checks, id: &str| checks.0.get(id).map(|check| check.sha256.clone());
    let ids: BTreeSet<&String> = checks.0.keys().chain(before.0.keys()).collect();
    let changed = ids.into_iter().filter(|id| digest(checks, id) != digest(&before, id));
    changed.map(|id| format!("the policy of `{id}`")).collect()
}

/// The connectors of sources that differ. They are told of a snapshot too, which was made by them: the next one will be
/// made by what is changed.
fn connectors(project: &Project, base: &Project) -> Vec<String> {
    if project.connectors.is_empty() && base.connectors.is_empty() {
        return Vec::new(); // all are built in
    }
    let (ours, theirs) = match (
        Connectors::load(&project.connectors),
        Connectors::load(&base.connectors),
    ) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        // Where they are needed, the run ends with what is wrong with them.
        (Err(_), _) => return vec!["its connectors, as they do not load".to_owned()],
        (_, Err(_)) => return vec!["its connectors, as those of the base project do not load".to_owned()],
    };
    let used = project.sources.iter().chain(&base.sources);
    let used: BTreeSet<&str> = used.map(|source| source.connector.as_str()).collect();
    let digest = |of: &Connectors, id: &str| of.get(id).map(|connector| connector.sha256.clone());
    let changed = used.into_iter().filter(|id| digest(&ours, id) != digest(&theirs, id));
    changed.map(|id| format!("the connector `{id}`")).collect()
}

/// The sources that both projects have and whose files, recordings or programs differ; `recording` stands in the place of
/// recordings and programs of the run.
fn contents(project: &Project, base: &Project, recording: Option<&Path>) -> Vec<String> {
    let mut differs = Vec::new();
    for source in &project.sources {
        let id = &source.id;
        // Where one of the two has no such source, `sources` differs.
        let Some(before) = base.sources.iter().find(|before| before.id == *id) else {
            continue;
        };
        let is_replaced = recording.is_some_and(|folder| {
            [folder.join(id).join(INDEX), folder.join(INDEX)]
                .iter()
                .any(|index| index.is_file())
        });
        let of = |what: &str| format!("{what} of the source `{id}`");
        match (&source.from, &before.from) {
            (From::File(ours), From::File(theirs)) => {
                differs.extend(changed(ours, theirs).map(|how| of("the file") + how));
            }
            (From::Recording(ours), From::Recording(theirs)) if !is_replaced => {
                differs.extend(changed(ours, theirs).map(|how| of("the recording") + how));
            }
            (From::Run(ours), From::Run(theirs)) if !is_replaced && ours == theirs => {
                // A word that is no file of either is an argument, or a program of the machine.
                let pairs = ours
                    .iter()
                    .map(|word| (project.folder.join(word), base.folder.join(word)));
                let mut files = pairs.filter(|(ours, theirs)| ours.is_file() || theirs.is_file());
                differs.extend(
                    files
                        .find_map(|(ours, theirs)| changed(&ours, &theirs))
                        .map(|how| of("the program") + how),
                );
            }
            _ => {}
        }
    }
    differs
}

/// Whether two paths hold different things; what is to be added to that, in words. One that both read is the same.
fn changed(ours: &Path, theirs: &Path) -> Option<&'static str> {
    let is_one = matches!((ours.canonicalize(), theirs.canonicalize()), (Ok(ours), Ok(theirs)) if ours == theirs);
    if is_one {
        return None;
    }
    match (content(ours, DEPTH), content(theirs, DEPTH)) {
        (Ok(ours), Ok(theirs)) => (ours != theirs).then_some(""),
        (_, Err(_)) => Some(" (that of the base project cannot be read)"),
        (Err(_), Ok(_)) => Some(" (it cannot be read)"),
    }
}

/// The digest of a file, or of everything in a folder.
fn content(path: &Path, depth: usize) -> io::Result<String> {
    let is = fs::metadata(path)?;
    if is.is_file() {
        return digest::of_read(File::open(path)?);
    }
    if !is.is_dir() || depth == 0 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let names = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name()));
    let mut names: Vec<OsString> = names.collect::<io::Result<_>>()?;
    names.sort();
    let mut parts = Vec::new();
    for name in names {
        let inner: PathBuf = path.join(&name);
        parts.push(name.as_encoded_bytes().to_vec());
        parts.push(content(&inner, depth - 1)?.into_bytes());
    }
    Ok(digest::of_all(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: &str = "rolecall: 1\norganisation: Acme\ntimezone: Europe/Berlin\nsources:\n  \
        crm: {connector: crm, from: {recording: rec}}\n  \
        doors: {connector: doors, from: {run: [python3, export.py, --all]}}\n  \
        people: {connector: people, from: {file: people.csv}}\n  \
        shared: {connector: people, from: {file: ../shared.csv}}\n";

    fn loaded(folder: &Path) -> Project {
        fs::create_dir_all(folder.join("rec/page")).unwrap();
        for (file, text) in [
            ("rolecall.yaml", SOURCES),
            ("rec/recording.json", "{}"),
            ("rec/page/1.json", "[1]"),
            ("export.py", "print()"),
            ("people.csv", "id"),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
        Project::load(folder).unwrap()
    }

    #[test]
    fn what_a_source_reads_is_compared_by_what_it_holds() {
        let place = tempfile::tempdir().unwrap();
        let (ours, theirs) = (place.path().join("ours"), place.path().join("theirs"));
        fs::write(place.path().join("shared.csv"), "id").unwrap();
        let (project, base) = (loaded(&ours), loaded(&theirs));
        let differs = |recording: Option<&Path>| contents(&project, &base, recording);
        assert!(differs(None).is_empty());
        fs::write(ours.join("rec/page/1.json"), "[2]").unwrap();
        assert_eq!(differs(None), ["the recording of the source `crm`"]);
        fs::write(ours.join("export.py"), "print(1)").unwrap();
        fs::remove_file(theirs.join("people.csv")).unwrap();
        let file = "the file of the source `people` (that of the base project cannot be read)";
        let all = [
            "the recording of the source `crm`",
            "the program of the source `doors`",
            file,
        ];
        assert_eq!(differs(None), all);
        // A recording of the run stands in the place of those that it holds, and of no file.
        let other = place.path().join("other");
        fs::create_dir_all(other.join("crm")).unwrap();
        fs::write(other.join("crm").join(INDEX), "{}").unwrap();
        assert_eq!(differs(Some(&other)), all[1..]);
        // A file more is a difference, and so is its name.
        fs::write(ours.join("rec/page/1.json"), "[1]").unwrap();
        fs::rename(ours.join("rec/page/1.json"), ours.join("rec/page/2.json")).unwrap();
        assert_eq!(differs(None)[0], all[0]);
    }
}
