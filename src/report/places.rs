//! Files as every form of a report names them.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// A file by its path from the root of the repository that the command runs in, or from the folder that it runs in where
/// that is in none; without `./` before it and with `/` between folders: what shows findings beside the lines of a change
/// knows no other. A file that lies elsewhere keeps the name that the user gave it.
pub fn relative(file: &str) -> String {
    static HERE: OnceLock<Option<Here>> = OnceLock::new();
    let here = HERE.get_or_init(|| Here::of(&std::env::current_dir().ok()?));
    let path = here.as_ref().and_then(|here| here.path_of(Path::new(file)));
    let path = path
        .unwrap_or_else(|| PathBuf::from(file))
        .display()
        .to_string()
        .replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}

/// Where the command runs. Both paths are free of links.
struct Here {
    folder: PathBuf,
    /// What paths are told from.
    root: PathBuf,
}

impl Here {
    fn of(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        // A worktree and a submodule have a file of that name.
        let root = folder.ancestors().find(|above| above.join(".git").exists());
        Some(Self {
            root: root.unwrap_or(&folder).to_owned(),
            folder,
        })
    }

    /// The path of a file from the root; null where it does not lie below.
    fn path_of(&self, file: &Path) -> Option<PathBuf> {
        let whole = self.folder.join(file);
        // The folder without links, but the name as it is: a link in the repository is what the repository knows.
        let named = whole
            .parent()
            .and_then(|folder| folder.canonicalize().ok())
            .and_then(|folder| Some(folder.join(whole.file_name()?)));
        let meant = || whole.canonicalize().ok();
        let below = |path: PathBuf| path.strip_prefix(&self.root).ok().map(Path::to_owned);
        let found = named.and_then(below).or_else(|| meant().and_then(below));
        // What is not there, or no path at all, is told as it is written.
        found.or_else(|| {
            let climbs = file.components().any(|part| part == Component::ParentDir);
            let prefix = self.folder.strip_prefix(&self.root).ok()?;
            (!file.is_absolute() && !climbs && !prefix.as_os_str().is_empty()).then(|| prefix.join(file))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_begins_at_the_root_of_the_repository() {
        use std::fs;
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("repo/access/policies")).unwrap();
        fs::create_dir_all(top.join("repo/other")).unwrap();
        for file in [
            "repo/access/rolecall.yaml",
            "repo/other/exceptions.yaml",
            "elsewhere.yaml",
        ] {
            fs::write(top.join(file), "").unwrap();
        }
        symlink(top.join("repo"), top.join("link")).unwrap();
        symlink(top.join("elsewhere.yaml"), top.join("repo/access/linked.yaml")).unwrap();
        let told = |here: &str, file: &str| {
            let file = file.replace("TOP", top.to_str().unwrap());
            let path = Here::of(&top.join(here)).unwrap().path_of(Path::new(&file));
            path.map(|path| path.display().to_string())
        };
        // In no repository: from the folder that the command runs in.
        let table = [
            ("repo/access", "rolecall.yaml", Some("rolecall.yaml")),
            ("repo/access", "./rolecall.yaml", Some("rolecall.yaml")),
            ("repo/access", "TOP/link/access/rolecall.yaml", Some("rolecall.yaml")),
            ("link/access", "TOP/repo/access/rolecall.yaml", Some("rolecall.yaml")),
            ("repo", "access/policies/../rolecall.yaml", Some("access/rolecall.yaml")),
            ("repo/access", "../other/exceptions.yaml", None),
        ];
        for (here, file, expected) in table {
            assert_eq!(told(here, file).as_deref(), expected, "{file} in {here}");
        }
        fs::create_dir(top.join("repo/.git")).unwrap();
        let table = [
            ("repo", "access/rolecall.yaml", Some("access/rolecall.yaml")),
            ("repo/access", "rolecall.yaml", Some("access/rolecall.yaml")),
            ("repo/access", "../other/exceptions.yaml", Some("other/exceptions.yaml")),
            ("link/access/policies", "../rolecall.yaml", Some("access/rolecall.yaml")),
            (
                "repo/access",
                "TOP/link/access/rolecall.yaml",
                Some("access/rolecall.yaml"),
            ),
            // A link is what the repository knows, wherever it leads.
            ("repo/access", "linked.yaml", Some("access/linked.yaml")),
            ("repo/access", "not/there.yaml", Some("access/not/there.yaml")),
            ("repo/access", "../../elsewhere.yaml", None),
            ("repo/access", "TOP/elsewhere.yaml", None),
        ];
        for (here, file, expected) in table {
            assert_eq!(told(here, file).as_deref(), expected, "{file} in {here}");
        }
    }
}
