//! Every folder of `tests/cases/` is one case: a project, the commands that are run in it, and all that they answer.
//!
//! `tests/README.md` says what may stand in such a folder. There is no list of cases: a new folder is a new case, and
//! one without its `expected.snap` fails. A case with a `server.yaml` has a vendor's server of its own.

mod servers;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

use serde::Deserialize;
use servers::Servers;

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a case that are not part of its project.
const OF_THE_CASE: [&str; 5] = ["args", "case.yaml", "expected.snap", "expected.snap.new", SERVER];

/// What the case's server answers.
const SERVER: &str = "server.yaml";

/// The credential of every live source. It must be seen nowhere.
pub const CREDENTIAL: &str = "not-a-token";

/// `case.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    /// What the case shows.
    about: String,
    /// The project that it starts from: a folder of `tests/bases/` or of `examples/`.
    #[serde(default)]
    base: Option<String>,
    /// Files and folders of the base that the case does not have.
    #[serde(default)]
    delete: Vec<String>,
    /// Changes to the files.
    #[serde(default)]
    edit: BTreeMap<String, Vec<Edit>>,
    /// Changes after the first command.
    #[serde(default)]
    edit_after_first: BTreeMap<String, Vec<Edit>>,
    /// Changes before the last command.
    #[serde(default)]
    edit_before_last: BTreeMap<String, Vec<Edit>>,
    /// Variables of the environment.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// The fault is overcome: everything is as it is without it.
    #[serde(default)]
    overcome: bool,
}

/// A text that must be there, and what stands there instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    find: String,
    with: String,
}

/// One case, its project laid out in a folder of its own.
pub struct Case {
    pub name: String,
    folder: PathBuf,
    base: PathBuf,
    description: Description,
    place: tempfile::TempDir,
}

/// What became of a case.
pub struct Ran {
    pub name: String,
    /// Whether the fault that it shows is overcome.
    pub overcome: bool,
    /// Everything that the commands answered.
    pub transcript: String,
    /// The exit codes, in order.
    pub exits: Vec<Option<i32>>,
    /// The snapshot that was written, if one was.
    pub snapshot: Option<serde_json::Value>,
    folder: PathBuf,
    about: String,
}

impl Case {
    /// Every case, in order of name.
    pub fn all() -> Vec<Case> {
        let folder = repository().join("tests/cases");
        let mut names: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names.into_iter().map(|name| Case::lay_out(&folder, name)).collect()
    }

    /// One case, laid out anew.
    pub fn of(name: &str) -> Case {
        Case::lay_out(&repository().join("tests/cases"), name.to_owned())
    }

    fn lay_out(cases: &Path, name: String) -> Case {
        let folder = cases.join(&name);
        let description: Description = {
            let file = folder.join("case.yaml");
            let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        };
        let place = tempfile::tempdir().unwrap();
        let base = description.base.as_deref().unwrap_or("small");
        let bases = ["tests/bases", "examples"].map(|parent| repository().join(parent).join(base));
        let base = bases.into_iter().find(|base| base.is_dir());
        let base = base.unwrap_or_else(|| panic!("{name}: no such base"));
        copy(&base, place.path(), &[SERVER]);
        for gone in &description.delete {
            let path = place.path().join(gone);
            let removed = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            removed.unwrap_or_else(|error| panic!("{name}: deleting `{gone}`: {error}"));
        }
        copy(&folder, place.path(), &OF_THE_CASE);
        let case = Case {
            name,
            folder,
            base,
            description,
            place,
        };
        case.edit(&case.description.edit);
        case
    }

    /// Where its project is.
    pub fn project(&self) -> &Path {
        self.place.path()
    }

    fn edit(&self, edits: &BTreeMap<String, Vec<Edit>>) {
        for (file, edits) in edits {
            let path = self.place.path().join(file);
            let mut text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: `{file}`: {error}", self.name));
            for edit in edits {
                assert!(
                    text.contains(&edit.find),
                    "{}: `{file}` has no `{}`",
                    self.name,
                    edit.find
                );
                text = text.replace(&edit.find, &edit.with);
            }
            fs::write(&path, text).unwrap();
        }
    }

    /// What a file of the project holds.
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.place.path().join(name)).unwrap_or_default()
    }

    /// The commands: one argument a line, an empty line between two of them.
    fn commands(&self) -> Vec<Vec<String>> {
        let text =
            fs::read_to_string(self.folder.join("args")).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let repository = repository().display().to_string();
        let lines: Vec<String> = text.lines().map(|line| line.replace("{repo}", &repository)).collect();
        // A file without a line is one command without an argument.
        lines.split(String::is_empty).map(<[String]>::to_vec).collect()
    }

    /// Runs every command, and writes down everything that it did. Without its faults, the case's server is the base's.
    pub fn run(&self, faults: bool) -> Ran {
        let servers = self.servers(faults);
        let mut transcript = String::new();
        let mut exits = Vec::new();
        let commands = self.commands();
        for (position, arguments) in commands.iter().enumerate() {
            if position == 1 {
                self.edit(&self.description.edit_after_first);
            }
            if position > 0 && position + 1 == commands.len() {
                self.edit(&self.description.edit_before_last);
            }
            let before = files(self.place.path());
            let texts = texts(self.place.path());
            let output = self.command(servers.as_ref()).args(arguments).output().unwrap();
            writeln!(transcript, "$ rolecall {}", arguments.join(" ")).unwrap();
            let exit = output
                .status
                .code()
                .map_or("by a signal".to_owned(), |code| code.to_string());
            writeln!(transcript, "exit {exit}").unwrap();
            exits.push(output.status.code());
            for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                if !bytes.is_empty() {
                    writeln!(transcript, "--- {name}\n{}", String::from_utf8_lossy(bytes).trim_end()).unwrap();
                }
            }
            for written in files(self.place.path()).iter().filter(|file| !before.contains(file)) {
                writeln!(transcript, "--- wrote {written}").unwrap();
                // A project is written for people, who read it before anything else.
                if let Some((project, _)) = written.split_once(".yaml (mode") {
                    let text = fs::read_to_string(self.place.path().join(format!("{project}.yaml"))).unwrap();
                    writeln!(transcript, "{}", text.trim_end()).unwrap();
                }
            }
            for (changed, _) in texts.into_iter().filter(|(name, text)| self.text(name) != *text) {
                writeln!(transcript, "--- changed {changed}\n{}", self.text(&changed).trim_end()).unwrap();
            }
            for asked in servers.iter().flat_map(Servers::asked) {
                writeln!(transcript, "--- {asked}").unwrap();
            }
            transcript.push('\n');
        }
        let mut transcript = self.steady(&transcript);
        if let Some(servers) = &servers {
            transcript = servers.steady(&transcript);
        }
        let snapshot = fs::read(self.place.path().join("snapshot.json")).ok();
        Ran {
            name: self.name.clone(),
            overcome: self.description.overcome,
            transcript,
            exits,
            snapshot: snapshot.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
            folder: self.folder.clone(),
            about: self.description.about.clone(),
        }
    }

    /// What is read live and recorded, and what is read from that recording.
    pub fn replayed(&self) -> [serde_json::Value; 2] {
        let servers = self.servers(true);
        let read = |output: &str, how: &str| {
            let mut command = self.command(servers.as_ref());
            command
                .args(["collect", "--output", output, how, "rec"])
                .output()
                .unwrap();
            let bytes = fs::read(self.place.path().join(output)).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        };
        [read("live.json", "--record"), read("replayed.json", "--recording")]
    }

    fn command(&self, servers: Option<&Servers>) -> Command {
        let mut command = rolecall(self.place.path());
        for (name, value) in &self.description.env {
            command.env(name, servers.map_or(value.clone(), |servers| servers.fill(value)));
        }
        if let Some(servers) = servers {
            servers.surround(&mut command);
        }
        command
    }

    /// The servers, if the case has any, and their addresses in the project's files.
    fn servers(&self, faults: bool) -> Option<Servers> {
        let text = |folder: &Path| fs::read_to_string(folder.join(SERVER)).ok();
        let servers = Servers::start(
            self.place.path(),
            text(&self.folder).filter(|_| faults),
            text(&self.base),
        )?;
        for file in files(self.place.path()) {
            let path = self.place.path().join(file.split(" (mode").next().unwrap());
            if let Ok(text) = fs::read_to_string(&path) {
                fs::write(&path, servers.fill(&text)).unwrap();
            }
        }
        Some(servers)
    }

    /// The same on every machine: temporary folders and digests go.
    fn steady(&self, text: &str) -> String {
        let text = text
            .replace(&self.place.path().display().to_string(), "[CASE]")
            .replace(&repository().display().to_string(), "[REPO]");
        let mut steady = String::with_capacity(text.len());
        let mut hex = String::new();
        for character in text.chars().chain(['\n']) {
            if character.is_ascii_digit() || ('a'..='f').contains(&character) {
                hex.push(character);
                continue;
            }
            steady.push_str(if hex.len() == 64 { "[SHA256]" } else { &hex });
            hex.clear();
            steady.push(character);
        }
        steady.trim_end().to_owned()
    }
}

/// The program, in a folder, with nothing of this machine around it.
pub fn rolecall(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("TZ", "Pacific/Kiritimati")
        .env("LANG", "C.UTF-8")
        .env("TERM", "xterm-256color")
        .env("COLUMNS", "100");
    command
}

/// Every file below a folder, by its path from there and its mode.
fn files(folder: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let name = path.strip_prefix(folder).unwrap().display();
            found.push(format!("{name} (mode {mode:03o})"));
        }
    }
    found.sort();
    found
}

/// What people wrote, by name: a command that changes one of these files shows it.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let names = files(folder)
        .into_iter()
        .filter_map(|file| Some(file.split_once(" (mode")?.0.to_owned()));
    let written = names.filter(|name| name.ends_with(".yaml"));
    written
        .map(|name| (name.clone(), fs::read_to_string(folder.join(&name)).unwrap_or_default()))
        .collect()
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if without.contains(&entry.file_name().to_str().unwrap()) {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target, &[]);
        } else {
            fs::write(&target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// Works through a list on all processors; the answers come in the list's order.
pub fn in_parallel<T: Sync, A: Send>(list: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(2, |count| count.get()) * 2;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = list.get(position) else { break };
                    let answer = work(one);
                    answers.lock().unwrap().push((position, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap();
    answers.sort_by_key(|(position, _)| *position);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// What became of every case, each run once.
pub fn ran() -> &'static [Ran] {
    static RAN: OnceLock<Vec<Ran>> = OnceLock::new();
    RAN.get_or_init(|| in_parallel(&Case::all(), |case| case.run(true)))
}

#[test]
fn every_case_answers_as_it_did() {
    assert!(ran().len() > 50, "the cases are not where they were");
    let mut wrong = Vec::new();
    for case in ran() {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(&case.about);
        let transcript = &case.transcript;
        let asserted = AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!("expected", transcript)));
        if catch_unwind(asserted).is_err() {
            wrong.push(case.name.as_str());
        }
    }
    assert!(
        wrong.is_empty(),
        "these cases answer otherwise, or have no expected answer yet: {wrong:#?}"
    );
}

#[test]
fn no_case_ends_in_a_panic_or_without_help() {
    for case in Case::all() {
        let file = case.folder.join("expected.snap");
        let Ok(expected) = fs::read_to_string(&file) else {
            continue;
        };
        assert!(!expected.contains("panicked at"), "{}", case.name);
        assert!(!expected.contains("exit by a signal"), "{}", case.name);
        for run in expected.split("$ rolecall ").skip(1) {
            let wrong_usage = run.lines().nth(1) == Some("exit 2");
            // The command line's own errors end with a word on `--help`, or with the help itself.
            // `doctor` says it in a column.
            let in_a_column = |line: &str| line.trim_start().starts_with("help  ");
            // So does a frame, below the line that it marks.
            let in_a_frame = |line: &str| line.trim_start().starts_with("= help: ");
            // In a document it is a field or a line of a message, in an annotation such a line.
            let in_a_message = ["\"help\": \"", "\\nhelp: ", "%0Ahelp: "];
            let helps = run.contains("\nhelp: ")
                || in_a_message.iter().any(|mark| run.contains(mark))
                || run.lines().any(in_a_frame)
                || run.lines().any(in_a_column)
                || run.contains("try '--help'.")
                || run.contains("\nUsage: rolecall");
            assert!(
                !wrong_usage || helps,
                "{} says what is wrong, but not what to do next:\n{run}",
                case.name
            );
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let project = repository().join("examples/acme");
    let folder = tempfile::tempdir().unwrap();
    let answer = |zone: &str| {
        let mut command = rolecall(folder.path());
        command.env("TZ", zone).arg("check").arg("--project").arg(&project);
        command
            .args(["--format", "json", "--verdicts"])
            .output()
            .unwrap()
            .stdout
    };
    let once = answer("UTC");
    assert!(once.len() > 10_000);
    assert_eq!(once, answer("America/St_Johns"));
}

#[test]
fn a_snapshot_is_judged_as_its_sources_are() {
    let project = repository().join("examples/acme");
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = rolecall(folder.path())
            .args(arguments)
            .arg("--project")
            .arg(&project)
            .output()
            .unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), report)
    };
    assert_eq!(run(&["collect", "--output", "snapshot.json"]).0, Some(0));
    let (exit, fresh) = run(&["check", "--format", "json", "--verdicts"]);
    let (exit_later, later) = run(&["check", "--snapshot", "snapshot.json", "--format", "json", "--verdicts"]);
    assert_eq!((exit, exit_later), (Some(1), Some(1)));
    for part in [
        "verdict",
        "checks",
        "findings",
        "undecided",
        "verdicts",
        "notices",
        "as_of",
        "sources",
    ] {
        assert!(!fresh[part].is_null(), "the report has no `{part}`");
        assert_eq!(fresh[part], later[part], "{part}");
    }
    assert_eq!(fresh["snapshot"]["sha256"], later["snapshot"]["sha256"]);
}

#[test]
fn the_program_writes_nothing_beside_its_project() {
    let cases = Case::all();
    let case = cases.iter().find(|case| case.name == "clean").unwrap();
    let before = files(case.project());
    rolecall(case.project()).arg("check").output().unwrap();
    assert_eq!(before, files(case.project()));
}
