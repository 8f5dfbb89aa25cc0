//! Small shell scripts in the place of programs, and what becomes of what they print.

use std::fs;
use std::time::Instant;

use super::*;
use crate::collect::{CollectError, Request, collect};
use crate::connector::Connectors;
use crate::exit::Exit;
use crate::project::{From, Project};
use crate::snapshot::{Completeness, Mode, Snapshot};

const MANIFEST: &str = "connector: 1\nid: ledger\nkind: exec\nstreams:\n  people: {key: /id}\n  grants: {key: /id}\n\
    provides: {staff: [people], approvals: [grants]}\n";

const NORMALISER: &str = r#"package connectors.ledger

staff := [{
	"line": null, "id": person.id, "name": person.name, "emails": [person.mail], "aliases": [], "recorded_status": "here",
	"status": "current", "employment": "employee", "job_roles": [], "departments": [], "manager": null,
	"start_date": null, "last_day": null, "contract_end": null, "timezone": null,
} | some person in input.streams.people]

approvals := [{
	"line": null, "id": grant.id, "system": "crm", "person": grant.person, "roles": null, "state": "approved",
	"by": null, "approved_at": null, "expires_at": null,
} | some grant in input.streams.grants]
"#;

const PEOPLE: &str = r#"
echo '{"stream": "people", "row": {"id": "7", "name": "Ada Example", "mail": "ada@example.com"}}'
echo '{"stream": "people", "end": true, "rows": 1}'
"#;

const GRANTS: &str = r#"
echo '{"stream": "grants", "row": {"id": "T-1", "person": "ada@example.com"}}'
echo '{"stream": "grants", "end": true, "rows": 1}'
"#;

struct Place(tempfile::TempDir);

impl Place {
    /// A project whose only source runs this script.
    fn of(script: &str) -> Self {
        Self::with(script, "")
    }

    fn with(script: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("connectors/ledger");
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join("connector.yaml"), MANIFEST).unwrap();
        fs::write(home.join("normalise.rego"), NORMALISER).unwrap();
        fs::write(folder.path().join("export.sh"), script).unwrap();
        let project = format!(
            "rolecall: 1\norganisation: Acme\ntimezone: UTC\nconnectors: [connectors]\nsources:\n  \
             hr:\n    connector: ledger\n    from: {{run: [sh, export.sh]}}\n{more}"
        );
        fs::write(folder.path().join("rolecall.yaml"), project).unwrap();
        Self(folder)
    }

    fn project(&self) -> Project {
        Project::load(self.0.path()).unwrap()
    }

    fn collect(&self) -> Result<Snapshot, CollectError> {
        let project = self.project();
        let connectors = Connectors::load(&project.connectors)?;
        Ok(collect(&project, &connectors, &Request::default())?.snapshot)
    }

    /// Why the streams are not complete, `people` first.
    fn whys(&self) -> [(Completeness, String); 2] {
        let snapshot = self.collect().unwrap();
        let told = |index: usize| {
            let stream = &snapshot.sources[0].streams[index];
            (stream.state, stream.why.clone().unwrap_or_default())
        };
        [told(0), told(1)]
    }

    /// Runs the script within other limits than a user has.
    fn within(&self, limits: &Limits) -> Vec<Answer> {
        let project = self.project();
        let connectors = Connectors::load(&project.connectors).unwrap();
        let connector = connectors.get("ledger").unwrap();
        let source = &project.sources[0];
        let From::Run(words) = &source.from else {
            panic!("it runs a program")
        };
        let call = Call {
            source,
            connector,
            whole: &connector.manifest,
            words,
            folder: &project.folder,
        };
        run_within(&call, limits).unwrap().0
    }
}

fn missing(answers: &[Answer]) -> Vec<&str> {
    let whys = answers.iter().map(|answer| match &answer.body {
        Body::Missing(why) => why.as_str(),
        Body::Bytes(_) => panic!("it has a body"),
    });
    whys.collect()
}

/// The script runs, and both of its streams fail with this reason.
fn both_fail(script: &str, why: &str) {
    let whys = Place::of(script).whys();
    let expected = (Completeness::Failed, why.to_owned());
    assert_eq!(whys, [expected.clone(), expected], "{script}");
}

#[test]
fn what_a_program_prints_is_read() {
    let place = Place::of(&format!("{PEOPLE}{GRANTS}"));
    let snapshot = place.collect().unwrap();
    let source = &snapshot.sources[0];
    assert_eq!(source.mode, Mode::Live);
    assert_eq!(source.taken_at, Some(snapshot.taken_at));
    assert_eq!(snapshot.taken_at.subsec_nanosecond(), 0);
    assert_eq!(snapshot.staff[0].name.as_deref(), Some("Ada Example"));
    assert_eq!(snapshot.approvals[0].id, "T-1");
    for stream in &source.streams {
        assert_eq!(
            (stream.state, stream.requests, stream.retries),
            (Completeness::Complete, 1, 0)
        );
        assert!(stream.started_at.is_some() && stream.started_at <= stream.ended_at);
    }
}

#[test]
fn lines_of_two_streams_may_be_mixed_and_are_kept_as_they_were_printed() {
    let script = r#"
printf '%s\n' '{"stream":"grants","row":{"id":"T-1","person":"x"}}' '' '{"row": {"id": "7", "name": "A", "mail": "a@example.com"}, "stream": "people"}'
printf '%s\n' '{"stream": "people", "end": true, "rows": 1}'
printf '%s' '{"stream": "grants", "end": true, "rows": 1}'
"#;
    let place = Place::of(script);
    let answers = place.within(&usual());
    let bodies: Vec<&[u8]> = answers
        .iter()
        .map(|answer| match &answer.body {
            Body::Bytes(bytes) => bytes.as_slice(),
            Body::Missing(why) => panic!("{why}"),
        })
        .collect();
    assert_eq!(
        String::from_utf8_lossy(bodies[0]),
        "{\"row\": {\"id\": \"7\", \"name\": \"A\", \"mail\": \"a@example.com\"}, \"stream\": \"people\"}\n\
         {\"stream\": \"people\", \"end\": true, \"rows\": 1}\n"
    );
    assert!(bodies[1].ends_with(b"\"rows\": 1}\n"));
    assert_eq!(place.collect().unwrap().approvals.len(), 1);
}

fn usual() -> Limits {
    Limits {
        bytes: 1 << 20,
        time: Duration::from_secs(60),
    }
}

#[test]
fn a_stream_without_its_end_fails_alone() {
    let row = r#"echo '{"stream": "grants", "row": {"id": "T-1", "person": "x"}}'"#;
    let cases = [
        (String::new(), "the program did not say that this is the end"),
        (row.to_owned(), "the program did not say that this is the end"),
        (
            format!("{row}\necho '{{\"stream\": \"grants\", \"end\": true, \"rows\": 2}}'"),
            "1 rows, where the program says that it printed 2",
        ),
        (
            format!("{GRANTS}\n{row}"),
            "line 3: a line behind the end of the stream",
        ),
        (
            format!("{GRANTS}\necho '{{\"stream\": \"grants\", \"end\": true, \"rows\": 1}}'"),
            "line 3: a line behind the end of the stream",
        ),
        (
            r#"echo '{"stream": "grants", "end": false, "rows": 0}'"#.to_owned(),
            "line 1: it is neither a row nor an end that counts the rows",
        ),
        (
            r#"echo '{"stream": "grants", "hunter2": 1}'"#.to_owned(),
            "line 1: it is neither a row nor an end that counts the rows",
        ),
        (
            r#"echo '{"stream": "grants", "end": "hunter2"}'"#.to_owned(),
            "line 1: it is neither a row nor an end that counts the rows",
        ),
    ];
    for (grants, why) in cases {
        let [people, found] = Place::of(&format!("{PEOPLE}{grants}")).whys();
        assert_eq!(people.0, Completeness::Complete, "{grants}");
        assert_eq!(found, (Completeness::Failed, why.to_owned()), "{grants}");
    }
}

#[test]
fn a_line_that_belongs_nowhere_fails_every_stream_and_is_not_repeated() {
    let cases = [
        ("echo 'password: hunter2'", "this is not JSON"),
        (
            "printf '{\"stream\": \"people\", \"row\": {\"id\": \"\\377\"}}\\n'",
            "the text is not UTF-8",
        ),
        (
            "echo '{\"stream\": \"hunter2\", \"row\": {}}'",
            "the connector has no such stream",
        ),
        ("echo '{\"row\": {\"id\": 1}}'", "it is no record with a `stream`"),
        ("echo '{\"stream\": 7}'", "it is no record with a `stream`"),
        ("echo '[\"people\"]'", "it is no record with a `stream`"),
        (
            "echo '{\"stream\": \"people\", \"row\": {\"id\": \"1\", \"id\": \"2\"}}'",
            "the key is there twice",
        ),
        (
            "echo '{\"stream\": \"people\", \"stream\": \"grants\"}'",
            "the key is there twice",
        ),
        (
            "echo '{\"stream\": \"people\", \"row\": {\"id\"'",
            "the JSON is cut short",
        ),
    ];
    for (line, why) in cases {
        let script = format!("{PEOPLE}{GRANTS}{line}");
        both_fail(&script, &format!("line 5 of what the program printed: {why}"));
    }
    // The number counts blank lines too, as an editor does.
    both_fail(
        &format!("echo\n{PEOPLE}echo Hello"),
        "line 4 of what the program printed: this is not JSON",
    );
}

#[test]
fn a_program_that_failed_printed_nothing_that_counts() {
    both_fail(&format!("{PEOPLE}{GRANTS}exit 3"), "the program ended with status 3");
    both_fail("echo 'usage: export'; exit 64", "the program ended with status 64");
    both_fail(
        &format!("{PEOPLE}{GRANTS}kill -TERM $$"),
        "the program was ended by signal 15",
    );
    both_fail(
        "no-such-command-at-all 2>/dev/null",
        "the program ended with status 127",
    );
    let place = Place::of(&format!("{PEOPLE}{GRANTS}exit 3"));
    assert!(place.within(&usual()).iter().all(|answer| answer.status == 3));
    assert!(place.collect().unwrap().staff.is_empty());
}

#[test]
fn a_program_that_takes_too_long_is_stopped_with_what_it_started() {
    // A child in the background holds the output, and would write the file later.
    let scripts = [
        "sleep 3 && touch late\n",
        "(sleep 3; touch late) &\nwait\n",
        "(sleep 3; touch late) &\nexit 0\n",
        // The output is closed, and the program goes on.
        "exec >&-\nsleep 3\ntouch late\n",
    ];
    let places: Vec<Place> = scripts
        .iter()
        .map(|script| Place::of(&format!("{PEOPLE}{script}")))
        .collect();
    for place in &places {
        let limits = Limits {
            time: Duration::from_millis(300),
            ..usual()
        };
        let answers = place.within(&limits);
        assert_eq!(
            missing(&answers),
            ["the program was stopped: it had not ended after 300ms"; 2]
        );
    }
    std::thread::sleep(Duration::from_millis(3300));
    for place in &places {
        assert!(!place.0.path().join("late").exists());
    }
}

#[test]
fn the_project_says_how_long_a_program_may_take() {
    let place = Place::with("sleep 60", "    with: {deadline: 1s}\n");
    let begun = Instant::now();
    let [people, grants] = place.whys();
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(people.1, "the program was stopped: it had not ended after 1s");
    assert_eq!(people, grants);
}

#[test]
fn a_program_that_prints_without_end_is_stopped() {
    let place = Place::of("exec yes '{\"stream\": \"people\", \"row\": {}}'");
    let begun = Instant::now();
    let answers = place.within(&usual());
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(
        missing(&answers),
        ["the program was stopped: it printed more than 1 MiB"; 2]
    );
    assert!(answers.iter().all(|answer| answer.status != 0));
}

#[test]
fn a_program_reads_nothing_and_runs_in_the_projects_folder() {
    let place = Place::of(&format!("cat > read.txt\npwd > where.txt\n{PEOPLE}{GRANTS}"));
    place.collect().unwrap();
    let file = |name: &str| fs::read_to_string(place.0.path().join(name)).unwrap();
    assert_eq!(file("read.txt"), "");
    let there = Path::new(file("where.txt").trim()).canonicalize().unwrap();
    assert_eq!(there, place.0.path().canonicalize().unwrap());
}

#[cfg(unix)]
#[test]
fn a_program_is_found_from_the_projects_folder_on_and_needs_no_shell() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::of("");
    let script = place.0.path().join("my export");
    fs::write(
        &script,
        format!("#!/bin/sh\necho \"$#: $1\" > arguments.txt\n{PEOPLE}{GRANTS}"),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let file = place.0.path().join("rolecall.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("[sh, export.sh]", "['./my export', '$(touch here); *']"),
    )
    .unwrap();
    assert_eq!(place.collect().unwrap().staff.len(), 1);
    let arguments = fs::read_to_string(place.0.path().join("arguments.txt")).unwrap();
    assert_eq!(arguments, "1: $(touch here); *\n");
    assert!(!place.0.path().join("here").exists());
}

#[test]
fn a_program_that_cannot_be_started_is_an_error_without_its_arguments() {
    let place = Place::of("");
    let file = place.0.path().join("rolecall.yaml");
    let text = fs::read_to_string(&file).unwrap();
    for (program, why) in [
        ("no-such-program", "there is no such program"),
        ("./no/such/program", "there is no such program"),
        ("./export.sh", "it may not be run"),
    ] {
        fs::write(
            &file,
            text.replace("[sh, export.sh]", &format!("[{program}, not-a-token]")),
        )
        .unwrap();
        let error = place.collect().unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
        let found = error.to_string();
        let expected = format!("rolecall.yaml:6:3: source `hr`: running `{program}`: {why}");
        assert!(found.ends_with(&expected), "{found}");
        assert!(!found.contains("not-a-token"));
        assert!(error.help().unwrap().starts_with("name a program under"));
    }
}

#[test]
fn a_stream_that_the_source_does_not_take_is_not_kept() {
    let place = Place::with(&format!("{PEOPLE}{GRANTS}"), "    provides: [staff]\n");
    let snapshot = place.collect().unwrap();
    let names: Vec<&str> = snapshot.sources[0]
        .streams
        .iter()
        .map(|stream| stream.name.as_str())
        .collect();
    assert_eq!(names, ["people"]);
    assert_eq!(snapshot.sources[0].streams[0].state, Completeness::Complete);
    assert!(snapshot.approvals.is_empty());
    // Its lines are not looked at, either.
    let broken = Place::with(
        &format!("{PEOPLE}echo '{{\"stream\": \"grants\", \"end\": 7}}'"),
        "    provides: [staff]\n",
    );
    assert_eq!(
        broken.collect().unwrap().sources[0].streams[0].state,
        Completeness::Complete
    );
}
