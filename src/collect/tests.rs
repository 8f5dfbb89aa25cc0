//! Projects to snapshots: every recording beside a connector, and the ways in which a recording is less than whole.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::connector::manifest::Kind;
use crate::error::Explain;
use crate::recording::Body;
use crate::snapshot;
use crate::snapshot::{Collection, Completeness};
use crate::streams::Extent;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn built_in(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors").join(path)
}

/// A project in `folder` with these sources.
fn project(folder: &Path, sources: &str) -> Project {
    let file = folder.join("rolecall.yaml");
    fs::write(
        &file,
        format!("rolecall: 1\norganisation: Acme\ntimezone: UTC\nsources:\n{sources}"),
    )
    .unwrap();
    Project::load(&file).unwrap_or_else(|error| panic!("{error}\n{:?}", error.help()))
}

fn run(project: &Project) -> Result<Snapshot, CollectError> {
    Ok(collect(project, &Connectors::load(&project.connectors)?, &Request::default())?.snapshot)
}

fn replay(project: &Project, connectors: &Connectors, recording: &Path) -> Result<Snapshot, CollectError> {
    let request = Request {
        recording: Some(recording),
        ..Request::default()
    };
    Ok(collect(project, connectors, &request)?.snapshot)
}

fn failure(project: &Project) -> String {
    let error = run(project).unwrap_err();
    assert_eq!(error.exit(), Exit::Usage);
    let folder = project.folder.display().to_string();
    format!("{error}\nhelp: {}", error.help().unwrap_or_default()).replace(&folder, "DIR")
}

/// The Pipedrive recording `full`, copied so that it can be broken.
fn pipedrive(folder: &Path) -> PathBuf {
    let to = folder.join("recording");
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(built_in("pipedrive/recordings/full")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    to
}

const PIPEDRIVE: &str =
    "  crm: {connector: pipedrive, from: {recording: recording}, params: {company: acme-example}}\n";

fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, serde_json::to_vec(&value).unwrap()).unwrap();
}

/// State and reason of a collection.
fn told(snapshot: &Snapshot, collection: Collection) -> (Completeness, String) {
    let provided = snapshot.sources.iter().flat_map(|source| &source.provides);
    let found = provided
        .into_iter()
        .find(|provided| provided.collection == collection)
        .unwrap();
    (found.state, found.why.clone().unwrap_or_default())
}

#[test]
fn every_recording_beside_a_connector_replays() {
    for connector in Connectors::load(&[]).unwrap().iter() {
        let recordings = built_in(&connector.id).join("recordings");
        let mut names: Vec<_> = fs::read_dir(&recordings)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        assert!(!names.is_empty(), "connectors/{} has no recordings", connector.id);
        for path in names {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let from = if connector.manifest.kind.value == Kind::File {
                let file = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
                format!("from: {{file: '{}'}}, as_of: 2026-11-23", file.display())
            } else {
                let options = if name == "permissions" {
                    ", options: {permissions: true}"
                } else {
                    ""
                };
                format!("from: {{recording: '{}'}}{options}", path.display())
            };
            let own = folder();
            let project = project(own.path(), &format!("  it: {{connector: {}, {from}}}\n", connector.id));
            let mut snapshot = run(&project).unwrap_or_else(|error| panic!("{} {name}: {error}", connector.id));
            // It changes with every edit of the connector, and says nothing of what the answers mean.
            snapshot.sources[0].connector_sha256 = "…".to_owned();
            insta::assert_json_snapshot!(format!("{}_{name}", connector.id), snapshot);
        }
    }
}

#[test]
fn a_recording_that_is_less_than_whole_is_incomplete_and_never_empty() {
    type Break = fn(&Path);
    let deep = |dir: &Path| fs::write(dir.join("users.json"), "[".repeat(100_000)).unwrap();
    let cases: [(&str, Break, &str); 31] = [
        (
            "no file",
            |dir| fs::remove_file(dir.join("users.json")).unwrap(),
            "`users`: `users.json`: there is no such file",
        ),
        (
            "not listed",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"]
                        .as_array_mut()
                        .unwrap()
                        .retain(|answer| answer["stream"] != "users");
                })
            },
            "`users`: there is no answer for `users`",
        ),
        (
            "login page",
            |dir| fs::write(dir.join("users.json"), "<html>secret</html>").unwrap(),
            "`users`: this is not JSON at $ (line 1, column 1)",
        ),
        (
            "empty",
            |dir| fs::write(dir.join("users.json"), "").unwrap(),
            "`users`: the text is empty (line 1, column 1)",
        ),
        (
            "null",
            |dir| fs::write(dir.join("users.json"), "null").unwrap(),
            "`users`: the answer has nothing at `/data`",
        ),
        (
            "{}",
            |dir| fs::write(dir.join("users.json"), "{}").unwrap(),
            "`users`: the answer has nothing at `/data`",
        ),
        (
            "data null",
            |dir| edit(&dir.join("users.json"), |body| body["data"] = json!(null)),
            "`users`: `/data` holds no list",
        ),
        (
            "no users",
            |dir| edit(&dir.join("users.json"), |body| body["data"] = json!([])),
            "`users`: 0 rows, and fewer than 1 cannot be true",
        ),
        (
            "success false",
            |dir| edit(&dir.join("users.json"), |body| body["success"] = json!(false)),
            "`users`: the answer says at `/success` that it failed",
        ),
        (
            "truncated",
            |dir| {
                let bytes = fs::read(dir.join("users.json")).unwrap();
                fs::write(dir.join("users.json"), &bytes[..bytes.len() / 2]).unwrap();
            },
            "the JSON is cut short",
        ),
        (
            "duplicate key",
            |dir| {
                fs::write(
                    dir.join("users.json"),
                    r#"{"data": [{"id": 1, "active_flag": false, "active_flag": true}]}"#,
                )
                .unwrap()
            },
            "`users`: the key is there twice at $.data[0].active_flag",
        ),
        (
            "large id",
            |dir| fs::write(dir.join("users.json"), r#"{"data": [{"id": 9007199254740993}]}"#).unwrap(),
            "beyond 2^53",
        ),
        ("depth bomb", deep, "nested more than 64 deep"),
        (
            "no id",
            |dir| {
                edit(&dir.join("users.json"), |body| {
                    body["data"][3].as_object_mut().unwrap().remove("id");
                })
            },
            "`users`: record 3 has nothing at `/id`, its key; normalise kept 7 of 8 rows",
        ),
        (
            "null id",
            |dir| edit(&dir.join("users.json"), |body| body["data"][3]["id"] = json!(null)),
            "record 3 has null at `/id`, its key",
        ),
        (
            "text among numbers",
            |dir| edit(&dir.join("users.json"), |body| body["data"][3]["id"] = json!("14")),
            "record 3 has at `/id` a text where",
        ),
        (
            "broken number",
            |dir| edit(&dir.join("users.json"), |body| body["data"][3]["id"] = json!(14.5)),
            "record 3 has at `/id` no text and no whole number",
        ),
        (
            "a row is no object",
            |dir| edit(&dir.join("users.json"), |body| body["data"][2] = json!(7)),
            "record 2 at `/data` is no object",
        ),
        (
            "twice, differently",
            |dir| {
                edit(&dir.join("users.json"), |body| {
                    let mut again = body["data"][1].clone();
                    again["active_flag"] = json!(false);
                    body["data"].as_array_mut().unwrap().push(again);
                })
            },
            "record 8 has the key `12` of an earlier record, and other values",
        ),
        (
            "server error",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["status"] = json!(500)
                })
            },
            "`users`: status 500",
        ),
        (
            "no content",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["status"] = json!(204)
                });
                fs::write(dir.join("users.json"), "").unwrap();
            },
            "status 204, and only 200 carries a list",
        ),
        (
            "a part",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["status"] = json!(206)
                });
            },
            "status 206, and only 200 carries a list",
        ),
        (
            "more items",
            |dir| {
                edit(&dir.join("users.json"), |body| {
                    body["additional_data"] = json!({"pagination": {"more_items_in_collection": true}})
                })
            },
            "`users`: cut short: the answer says that more follows",
        ),
        (
            "a next start",
            |dir| {
                edit(&dir.join("users.json"), |body| {
                    body["additional_data"] = json!({"pagination": {"next_start": 100}})
                })
            },
            "`users`: cut short: the answer says that more follows",
        ),
        (
            "a cursor",
            |dir| {
                edit(&dir.join("users.json"), |body| {
                    body["additional_data"] = json!({"next_cursor": "eyJ"})
                })
            },
            "`users`: cut short: the answer says that more follows",
        ),
        (
            "another path",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["request_path"] = json!("/users/find?term=a")
                })
            },
            "the answer is to `/users/find`, and the stream asks for `/users`",
        ),
        (
            "not the beginning",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["request_path"] = json!("/users?start=100")
                })
            },
            "the first answer begins at `start=100`, not at the beginning",
        ),
        (
            "the reader is not there",
            |dir| edit(&dir.join("me.json"), |body| body["data"]["id"] = json!(99)),
            "the credential's owner is not among the users",
        ),
        (
            "two readers",
            |dir| edit(&dir.join("users.json"), |body| body["data"][2]["is_you"] = json!(true)),
            "more than one user",
        ),
        (
            "a path that ends otherwise",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][1]["request_path"] = json!("/api/v1/user")
                })
            },
            "the answer is to `/api/v1/user`",
        ),
        (
            "reader is nobody",
            |dir| edit(&dir.join("me.json"), |body| body["data"]["access"] = json!([])),
            "is no account admin and may not see every user",
        ),
    ];
    for (name, damage, why) in cases {
        let own = folder();
        damage(&pipedrive(own.path()));
        let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (state, found) = told(&snapshot, Collection::Accounts);
        assert!(state.is_incomplete(), "{name}");
        assert!(found.contains(why), "{name}: {found}");
        assert!(!found.contains("secret"), "{name}");
    }
}

#[test]
fn the_role_catalogue_says_what_it_is_missing() {
    type Break = fn(&Path);
    let cases: [(&str, Break, Completeness, &str); 8] = [
        (
            "second page gone",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"].as_array_mut().unwrap().remove(3);
                })
            },
            Completeness::Partial,
            "`roles`: cut short: page 1 says there is more",
        ),
        (
            "no signal",
            |dir| {
                edit(&dir.join("roles.2.json"), |body| {
                    body.as_object_mut().unwrap().remove("additional_data");
                })
            },
            Completeness::Partial,
            "page 2 does not say whether it is the last",
        ),
        (
            "a word for a signal",
            |dir| {
                edit(&dir.join("roles.2.json"), |body| {
                    body["additional_data"]["pagination"]["more_items_in_collection"] = json!("no")
                })
            },
            Completeness::Partial,
            "is neither true nor false",
        ),
        (
            "empty and more",
            |dir| edit(&dir.join("roles.json"), |body| body["data"] = json!([])),
            Completeness::Partial,
            "an empty page that says there is more",
        ),
        (
            "refused",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"].as_array_mut().unwrap().remove(3);
                    index["answers"][2]["status"] = json!(403);
                })
            },
            Completeness::Unavailable,
            "`roles`: status 403 on /roles",
        ),
        (
            "refused on page 2",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][3]["status"] = json!(403)
                })
            },
            Completeness::Partial,
            "status 403 in the middle of the list",
        ),
        (
            "a wall",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"].as_array_mut().unwrap().remove(3);
                    index["answers"][2]["status"] = json!(403);
                });
                fs::write(dir.join("roles.json"), "<!doctype html>").unwrap();
            },
            Completeness::Partial,
            "`roles`: page 1: status 403",
        ),
        (
            "null is none, and users hold some",
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"].as_array_mut().unwrap().remove(3);
                });
                fs::write(dir.join("roles.json"), r#"{"success": true, "data": null}"#).unwrap();
            },
            Completeness::Partial,
            "3 of 3 ids that users hold are not in `roles`",
        ),
    ];
    for (name, damage, expected, why) in cases {
        let own = folder();
        damage(&pipedrive(own.path()));
        let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap();
        let (state, found) = told(&snapshot, Collection::Roles);
        assert_eq!(state, expected, "{name}: {found}");
        assert!(found.contains(why), "{name}: {found}");
        // The accounts do not need it.
        assert_eq!(
            told(&snapshot, Collection::Accounts).0,
            Completeness::Complete,
            "{name}"
        );
        let lacks = snapshot.sources[0]
            .unavailable
            .contains(&"account.role_names".to_owned());
        assert_eq!(lacks, expected != Completeness::Complete, "{name}");
    }
}

#[test]
fn of_an_account_that_came_with_different_values_nothing_is_known() {
    let own = folder();
    let recording = pipedrive(own.path());
    edit(&recording.join("users.json"), |body| {
        let mut again = body["data"][1].clone();
        again["active_flag"] = json!(false);
        again["access"] = json!([]);
        body["data"].as_array_mut().unwrap().push(again);
    });
    let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap();
    let found = |id: &str| snapshot.accounts.iter().find(|account| account.id == id).unwrap();
    assert_eq!(found("12").state, snapshot::AccountState::Unknown);
    assert_eq!(found("12").admin, snapshot::Admin::Unknown);
    assert_eq!(found("12").unread_roles.len(), 2);
    assert_eq!(found("13").state, snapshot::AccountState::Active);
}

#[cfg(unix)]
#[test]
fn a_body_is_no_link() {
    let own = folder();
    let recording = pipedrive(own.path());
    fs::rename(recording.join("users.json"), own.path().join("users.json")).unwrap();
    std::os::unix::fs::symlink(own.path().join("users.json"), recording.join("users.json")).unwrap();
    let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap();
    let (state, why) = told(&snapshot, Collection::Accounts);
    assert!(state.is_incomplete());
    assert!(why.contains("it is no plain file"), "{why}");
}

#[test]
fn an_answer_about_one_parent_is_none_about_another() {
    let own = folder();
    let to = own.path().join("recording");
    fs::create_dir(&to).unwrap();
    for entry in fs::read_dir(built_in("pipedrive/recordings/permissions")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    edit(&to.join("recording.json"), |index| {
        index["answers"][4]["request_path"] = index["answers"][5]["request_path"].clone();
    });
    let with = PIPEDRIVE.replace("params:", "options: {permissions: true}, params:");
    let snapshot = run(&project(own.path(), &with)).unwrap();
    let streams = &snapshot.sources[0].streams;
    let stream = streams.iter().find(|stream| stream.name == "permission_set").unwrap();
    assert!(stream.state.is_incomplete());
    assert!(
        stream
            .why
            .as_deref()
            .unwrap()
            .contains("the stream asks for `/permissionSets/{set}`")
    );
}

#[test]
fn a_path_may_have_the_base_before_it() {
    let own = folder();
    let recording = pipedrive(own.path());
    edit(&recording.join("recording.json"), |index| {
        index["answers"][1]["request_path"] = json!("/api/v1/users?limit=500")
    });
    let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap();
    assert_eq!(told(&snapshot, Collection::Accounts).0, Completeness::Complete);
}

#[test]
fn a_row_that_came_twice_word_for_word_is_one_row_and_said() {
    let own = folder();
    let recording = pipedrive(own.path());
    edit(&recording.join("users.json"), |body| {
        let again = body["data"][1].clone();
        body["data"].as_array_mut().unwrap().push(again);
    });
    let snapshot = run(&project(own.path(), PIPEDRIVE)).unwrap();
    assert_eq!(
        told(&snapshot, Collection::Accounts),
        (Completeness::Complete, String::new())
    );
    let notices = &snapshot.sources[0].notices;
    assert!(
        notices.contains(&"`users`: 1 rows came twice, word for word".to_owned()),
        "{notices:?}"
    );
}

#[test]
fn a_recording_that_cannot_be_meant_is_an_error() {
    type Break = fn(&Path);
    let index = |dir: &Path| dir.join("recording.json");
    let _ = index;
    let cases: [(Break, &str); 10] = [
        (
            |dir| fs::remove_dir_all(dir).unwrap(),
            "DIR/rolecall.yaml:5:3: source `crm`: reading the recording `DIR/recording`: `recording.json`: there is no such file\nhelp: name a folder with a `recording.json`",
        ),
        (
            |dir| fs::write(dir.join("recording.json"), "{").unwrap(),
            "reading `DIR/recording/recording.json`: the JSON is cut short",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["schema"] = json!("rolecall/recording/2")
                })
            },
            "is of the format `rolecall/recording/2`; this program reads `rolecall/recording/1`",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["connector"] = json!("hubspot")
                })
            },
            "is of the connector `hubspot`, not `pipedrive`",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["connector_version"] = json!(2)
                })
            },
            "was made with version 2 of the connector `pipedrive`; this is version 1",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["params"]["company"] = json!("other")
                })
            },
            "is of company `other`, not `acme-example`",
        ),
        (
            |dir| {
                edit(&dir.join("me.json"), |body| {
                    body["data"]["company_domain"] = json!("other")
                })
            },
            "is of company `other`, not `acme-example`",
        ),
        (
            |dir| {
                fs::create_dir(dir.join("sub")).unwrap();
                fs::copy(dir.join("me.json"), dir.join("sub/me.json")).unwrap();
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][0]["file"] = json!("sub/me.json")
                })
            },
            "names the body `sub/me.json`, which does not lie beside it",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][0]["file"] = json!("../me.json")
                })
            },
            "names the body `../me.json`, which does not lie beside it",
        ),
        (
            |dir| {
                edit(&dir.join("recording.json"), |index| {
                    index["answers"][0]["stream"] = json!("user")
                })
            },
            "an answer for the stream `user`, which the connector does not have\nhelp: did you mean `users`?",
        ),
    ];
    for (damage, expected) in cases {
        let own = folder();
        damage(&pipedrive(own.path()));
        let found = failure(&project(own.path(), PIPEDRIVE));
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn where_a_source_comes_from_must_fit_its_connector() {
    let cases = [
        (
            "  crm: {connector: pipedrive, from: live}\n",
            "the parameter `company` is not set\nhelp: add `params: {company: …}`: the part before .pipedrive.com",
        ),
        (
            "  crm: {connector: pipedirve, from: live}\n",
            "there is no connector `pipedirve`\nhelp: did you mean `pipedrive`?",
        ),
        (
            "  crm: {connector: roster, from: {recording: r}}\n",
            "the connector `roster` reads a file",
        ),
        (
            "  crm: {connector: pipedrive, from: {file: f.csv}}\n",
            "the connector `pipedrive` does not read files",
        ),
        (
            "  crm: {connector: pipedrive, from: live, params: {compnay: acme}}\n",
            "has no parameter `compnay`\nhelp: did you mean `company`?",
        ),
        (
            "  crm: {connector: pipedrive, from: live, params: {company: a.b}}\n",
            "`a.b` cannot be the parameter `company`",
        ),
        (
            "  crm: {connector: pipedrive, from: live, options: {permission: true}}\n",
            "has no option `permission`\nhelp: did you mean `permissions`?",
        ),
        (
            "  hr: {connector: roster, from: {file: f.csv}, params: {dates: dmx}}\n",
            "`dmx` cannot be the parameter `dates`\nhelp: did you mean `dmy`?",
        ),
    ];
    for (sources, expected) in cases {
        let own = folder();
        let found = failure(&project(own.path(), sources));
        assert!(found.contains(expected), "{sources}{found}");
    }
}

#[test]
fn a_recording_can_be_named_for_the_run() {
    let own = folder();
    let recording = pipedrive(own.path());
    let live = "  crm: {connector: pipedrive, from: live}\n";
    let connectors = Connectors::load(&[]).unwrap();
    let one = project(own.path(), live);
    assert_eq!(replay(&one, &connectors, &recording).unwrap().accounts.len(), 8);

    let two = project(
        own.path(),
        &format!("{live}  second: {{connector: pipedrive, from: live}}\n"),
    );
    let error = replay(&two, &connectors, &recording).unwrap_err();
    assert!(error.help().unwrap().contains("crm, second"), "{error}");

    let all = own.path().join("all");
    fs::create_dir(&all).unwrap();
    fs::rename(&recording, all.join("crm")).unwrap();
    assert_eq!(replay(&one, &connectors, &all).unwrap().systems[0].id, "crm");
    let error = replay(&two, &connectors, &all).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("there is no recording of the source `second` in it"),
        "{error}"
    );
}

#[test]
fn what_only_explains_the_answers_is_for_the_project_to_say() {
    let own = folder();
    let recording = built_in("okta/recordings/usual");
    let connectors = Connectors::load(&[]).unwrap();
    let suspended = |word: &str, org: &str| {
        let source = format!("  hr: {{connector: okta, params: {{org: {org}, suspended: {word}}}}}\n");
        replay(&project(own.path(), &source), &connectors, &recording)
    };
    let statuses = |word: &str| -> Vec<_> {
        let snapshot = suspended(word, "acme-example").unwrap();
        snapshot.staff.iter().map(|row| row.status).collect()
    };
    assert_ne!(statuses("on_leave"), statuses("offboarded"));
    let error = suspended("on_leave", "other").unwrap_err();
    assert!(
        error.to_string().contains("is of org `acme-example`, not `other`"),
        "{error}"
    );
}

#[test]
fn without_a_date_there_is_no_snapshot() {
    let own = folder();
    fs::write(own.path().join("people.csv"), "email\nada@example.com\n").unwrap();
    let found = failure(&project(
        own.path(),
        "  hr: {connector: roster, from: {file: people.csv}}\n",
    ));
    assert!(
        found.starts_with("DIR/rolecall.yaml: no source says when its data was taken\nhelp: give a source `as_of:"),
        "{found}"
    );
}

/// A connector for a product that nobody ever heard of, in a folder that the project names.
#[test]
fn a_folder_is_a_connector_without_recompiling() {
    let own = folder();
    let home = own.path().join("connectors/widgetbase");
    fs::create_dir_all(&home).unwrap();
    fs::write(
        home.join("connector.yaml"),
        "connector: 1\nid: widgetbase\nkind: http\nbase: https://api.widgetbase.example/v2\nauth: {key: {kind: bearer}}\n\
         streams:\n  members:\n    path: /members\n    records: /items\n    key: /handle\n    \
         page: {by: cursor, cursor: /next, param: after, total: /count}\nprovides: {accounts: [members]}\nfields: {account.mfa: [members]}\n",
    )
    .unwrap();
    fs::write(
        home.join("normalise.rego"),
        r#"package connectors.widgetbase

accounts := [{
	"id": member.handle, "employee_id": null, "name": null, "email": member.mail, "aliases": [],
	"state": object.get({"on": "active", "off": "inactive"}, member.power, "unknown"),
	"kind": "user", "access": "unknown", "admin": "unknown", "mfa": "yes", "reader": "unknown", "roles": [],
	"permissions": null, "created_at": null, "last_login": {"state": "unknown", "at": null},
} | some member in input.streams.members]

system := {"tenant": null, "reader": {"id": null, "sees_all": "yes"}}
"#,
    )
    .unwrap();
    let recording = own.path().join("recording");
    fs::create_dir(&recording).unwrap();
    let answer = |file: &str| json!({"stream": "members", "file": file, "status": 200});
    let index = json!({"schema": "rolecall/recording/1", "connector": "widgetbase", "connector_version": 1,
        "taken_at": "2026-11-23T12:00:00Z", "answers": [answer("a.json"), answer("b.json")]});
    fs::write(recording.join("recording.json"), index.to_string()).unwrap();
    let first =
        json!({"items": [{"handle": "w1", "mail": "ada@example.com", "power": "on"}], "next": "c1", "count": 2});
    fs::write(recording.join("a.json"), first.to_string()).unwrap();
    let second = |next: Value, count: u64| {
        let page =
            json!({"items": [{"handle": "w2", "mail": "ben@example.com", "power": "?"}], "next": next, "count": count});
        fs::write(recording.join("b.json"), page.to_string()).unwrap();
    };
    let file = own.path().join("rolecall.yaml");
    fs::write(
        &file,
        "rolecall: 1\norganisation: Acme\ntimezone: UTC\nconnectors: [connectors]\nsources:\n  \
         widgets: {connector: widgetbase, from: {recording: recording}}\n",
    )
    .unwrap();
    let project = Project::load(&file).unwrap();

    second(json!(null), 2);
    let snapshot = run(&project).unwrap();
    let states: Vec<_> = snapshot
        .accounts
        .iter()
        .map(|account| (account.id.as_str(), account.state))
        .collect();
    assert_eq!(
        states,
        [
            ("w1", snapshot::AccountState::Active),
            ("w2", snapshot::AccountState::Unknown)
        ]
    );
    assert_eq!(told(&snapshot, Collection::Accounts).0, Completeness::Complete);
    let connectors = Connectors::load(&project.connectors).unwrap();
    assert!(
        connectors
            .get("widgetbase")
            .unwrap()
            .origin
            .ends_with("connectors/widgetbase")
    );

    for (next, count, why) in [
        (json!("c1"), 2, "the list goes in a circle"),
        (json!("c2"), 2, "cut short: page 2 says there is more"),
        (json!(""), 3, "the total changed from 2 to 3 between pages"),
    ] {
        second(next, count);
        let (state, found) = told(&run(&project).unwrap(), Collection::Accounts);
        assert!(state.is_incomplete());
        assert!(found.contains(why), "{found}");
    }
}

#[test]
fn a_roster_moves_no_clock() {
    let own = folder();
    pipedrive(own.path());
    fs::write(own.path().join("roster.csv"), "email,status\nada@example.com,active\n").unwrap();
    let roster = "  hr: {connector: roster, from: {file: roster.csv}, as_of: 2027-01-01}\n";
    let both = run(&project(own.path(), &format!("{PIPEDRIVE}{roster}"))).unwrap();
    assert_eq!(both.taken_at.to_string(), "2026-11-23T12:00:00Z");
    let alone = run(&project(own.path(), roster)).unwrap();
    assert_eq!(alone.taken_at.to_string(), "2027-01-02T00:00:00Z");
}

#[test]
fn two_sources_of_one_tenant_are_refused() {
    let own = folder();
    pipedrive(own.path());
    let twice = format!("{PIPEDRIVE}{}", PIPEDRIVE.replace("crm:", "uk:"));
    assert_eq!(
        failure(&project(own.path(), &twice)),
        "DIR/rolecall.yaml:6:3: source `uk`: it reads the same pipedrive `acme-example` as the source `crm` \
         (DIR/rolecall.yaml:5:3)\nhelp: keep one source for each tenant; every account would be there twice"
    );
}

/// Everything that the answers come to, in words that can be compared.
fn all_of_it(recording: &Recording) -> String {
    let connectors = Connectors::load(&[]).unwrap();
    let manifest = &connectors.get(&recording.connector).unwrap().manifest;
    let options = manifest
        .options
        .0
        .iter()
        .map(|(name, _)| (name.value.clone(), true))
        .collect();
    format!(
        "{:#?}",
        crate::streams::read(manifest, &options, &recording.answers, Extent::Whole)
    )
}

#[test]
fn a_recording_that_is_written_again_says_the_same() {
    type Break = fn(&Path);
    let breaks: [Break; 5] = [
        |_| {},
        |file| fs::write(file, "{\"success\": true, \"success\": false, \"data\": []}").unwrap(),
        |file| fs::write(file, "<html>Sign in</html>").unwrap(),
        |file| fs::write(file, "{\"success\": true, \"data\": [{\"id\": 1}").unwrap(),
        |file| fs::remove_file(file).unwrap(),
    ];
    let mut seen = 0;
    let recordings = Connectors::load(&[]).unwrap();
    let folders = recordings
        .iter()
        .filter(|connector| connector.manifest.kind.value == Kind::Http)
        .flat_map(|connector| fs::read_dir(built_in(&connector.id).join("recordings")).unwrap())
        .map(|entry| entry.unwrap().path());
    for from in folders {
        for damage in breaks {
            let own = folder();
            let (first, again) = (own.path().join("first"), own.path().join("again"));
            fs::create_dir(&first).unwrap();
            for entry in fs::read_dir(&from).unwrap() {
                let path = entry.unwrap().path();
                fs::copy(&path, first.join(path.file_name().unwrap())).unwrap();
            }
            let index = Recording::open(&first).unwrap();
            let Body::Bytes(_) = &index.answers[0].body else {
                continue;
            };
            let file: Value = serde_json::from_slice(&fs::read(first.join(INDEX)).unwrap()).unwrap();
            damage(&first.join(file["answers"][0]["file"].as_str().unwrap()));
            let before = Recording::open(&first).unwrap();
            before.write(&again).unwrap();
            let after = Recording::open(&again).unwrap();
            assert_eq!(all_of_it(&before), all_of_it(&after), "{}", from.display());
            assert!(after.unread.is_empty());
            seen += 1;
        }
    }
    assert!(seen >= 15, "{seen}");
}

#[test]
fn a_recording_may_hold_more_than_the_source_takes() {
    let own = folder();
    pipedrive(own.path());
    let narrow = PIPEDRIVE.replace("params:", "provides: [roles], params:");
    let snapshot = run(&project(own.path(), &narrow)).unwrap();
    assert_eq!(told(&snapshot, Collection::Roles).0, Completeness::Complete);
    assert!(snapshot.sources[0].streams.iter().all(|stream| stream.name != "users"));
    assert!(snapshot.accounts.is_empty() && !snapshot.roles.is_empty());
}
