//! Every connector folder keeps the contract. Its own tests run with those of the checks, in `tests/integration/policies.rs`.

use std::path::Path;

use super::*;

#[test]
fn every_built_in_folder_is_a_connector() {
    let connectors = Connectors::load(&[]).unwrap();
    let ids: Vec<_> = connectors.iter().map(|connector| connector.id.as_str()).collect();
    let folders = sub_folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("connectors")).unwrap();
    assert_eq!(ids, folders.keys().map(String::as_str).collect::<Vec<_>>());
    assert!(
        connectors
            .iter()
            .all(|connector| connector.origin == "built-in" && connector.sha256.len() == 64)
    );
}

/// A manifest that is right; cases change one line of it.
const MANIFEST_TEXT: &str = "connector: 1
id: widgets
kind: http
params: {company: {type: label}}
base: https://{company}.example.com
auth: {key: {kind: header, name: x-key}}
on: {5xx: retry}
options: {deep: {default: false}}
streams:
  users: {path: /users, records: /data, key: /id}
  sets: {path: '/sets/{user}', each: {of: users, as: user, take: /id}, on: {404: gone}, when: deep}
provides: {accounts: [users]}
fields: {account.mfa: never, account.permissions: [sets]}
";

fn refusal(from: &str, to: &str) -> String {
    assert!(MANIFEST_TEXT.contains(from), "{from}");
    let text = MANIFEST_TEXT.replace(from, to);
    match connector("c", "widgets", "c", &text, "package connectors.widgets\n") {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("{error} | {}", error.help().unwrap_or_default()),
    }
}

#[test]
fn what_a_manifest_cannot_mean_is_refused_with_its_place() {
    assert_eq!(refusal("never", "never"), "accepted");
    let cases = [
        (
            "connector: 1",
            "connector: 2",
            "c/connector.yaml:1:12: this program reads connectors of version 1, not 2",
        ),
        (
            "id: widgets",
            "id: gadgets",
            "c/connector.yaml:2:5: the connector `gadgets` lies in the folder `widgets`",
        ),
        (
            "kind: http",
            "kind: htpp",
            "c/connector.yaml:3:7: unknown word `htpp` | did you mean `http`?",
        ),
        (
            "streams:",
            "strems:",
            "c/connector.yaml:9:1: unknown key `strems` | did you mean `streams`?",
        ),
        (
            "base: https",
            "base: http",
            "c/connector.yaml:5:7: the address is not https",
        ),
        (
            "{company}.",
            "{compny}.",
            "c/connector.yaml:5:7: `{compny}` is no parameter | did you mean `company`?",
        ),
        (
            "{kind: header, name: x-key}",
            "{kind: header}",
            "c/connector.yaml:6:20: the keys do not fit this kind of auth | it needs `name`",
        ),
        (
            "{5xx: retry}",
            "{5yy: retry}",
            "c/connector.yaml:7:6: `5yy` is no status",
        ),
        ("{5xx: retry}", "{5xx: ignore}", "unknown action `ignore`"),
        ("{5xx: retry}", "{404: gone}", "`gone` is for streams with `each`"),
        (
            "{5xx: retry}",
            "{403: {html: stop}}",
            "these keys do not belong together",
        ),
        (
            "records: /data",
            "records: data",
            "c/connector.yaml:10:34: `data` is no JSON pointer",
        ),
        ("key: /id}", "key: /id~2}", "`/id~2` is no JSON pointer"),
        (
            "of: users",
            "of: user",
            "there is no stream above this one `user` | did you mean `users`?",
        ),
        (
            "when: deep",
            "when: deeep",
            "there is no option `deeep` | did you mean `deep`?",
        ),
        (
            "[users]",
            "[usrs]",
            "c/connector.yaml:12:23: there is no stream `usrs` | did you mean `users`?",
        ),
        (
            "accounts: ",
            "account: ",
            "there is no collection `account` | did you mean `accounts`?",
        ),
        ("[sets]", "[set]", "there is no stream `set` | did you mean `sets`?"),
        ("account.mfa", "acount.mfa", "`acount.mfa` is no path of a subject"),
        (
            "/users, records",
            "/users, page: {by: cursor}, records",
            "keys are missing for this way of paging | add `cursor` and `param`",
        ),
        ("key: /id}", "kye: /id}", "unknown key `kye` | did you mean `key`?"),
        (
            "path: /users",
            "path: users",
            "c/connector.yaml:10:17: a path begins with `/` | write `path: /users`",
        ),
        (
            "key: /id}",
            "key: /id, query: {org: '{compny}'}}",
            "c/connector.yaml:10:59: `{compny}` is no parameter | did you mean `company`?",
        ),
        (
            "key: /id}",
            "key: /id, headers: {x-org: '{user}'}}",
            "`{user}` is no parameter",
        ),
        (
            "key: /id}",
            "key: /id, headers: {X-HTTP-Method-Override: DELETE}}",
            "the header `X-HTTP-Method-Override` is none that a connector can send",
        ),
        (
            "/sets/{user}",
            "/sets",
            "c/connector.yaml:11:3: every row of `users` would be asked the same | write `{user}` into the `path`",
        ),
        (
            "provides:",
            "  rights: {path: '/rights/{set}', each: {of: sets, as: set, take: /record/id}}\nprovides:",
            "c/connector.yaml:12:46: `sets` has an `each` of its own",
        ),
        (
            "{404: gone}",
            "{401: fail, 4xx: unavailable}",
            "`4xx` would take status 429 for the system's word on the list",
        ),
        (
            "{5xx: retry}",
            "{4xx: unavailable}",
            "`4xx` would take status 401 for the system's word on the list",
        ),
        (
            "key: /id}",
            "page: {by: page, page: page}}",
            "without a `key`, nobody sees that two pages overlap",
        ),
        (
            "key: /id}",
            "key: /id, page: {by: page, page: page, limit: limit, size: 0}}",
            "a page of nothing, or no page at all",
        ),
        (
            "key: /id}",
            "key: /id, query: {limit: '5'}, page: {by: page, page: page, limit: limit, size: 9}}",
            "`limit` would be asked twice",
        ),
        (
            "key: /id}",
            "key: /id, if_absent: empty}",
            "c/connector.yaml:10:3: `if_absent: empty` would take any answer for an empty list",
        ),
    ];
    let wrong = cases.into_iter().filter_map(|(from, to, expected)| {
        let found = refusal(from, to);
        (!found.contains(expected)).then(|| format!("{found}\nnot: {expected}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>().join("\n"), "");
}

#[test]
fn a_folder_of_the_same_name_replaces_the_built_in_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("roster");
    std::fs::create_dir(&home).unwrap();
    let load = || Connectors::load(&[folder.path().to_owned()]);
    assert!(load().unwrap_err().to_string().starts_with("there is no connector in"));
    let built_in = |name: &str| BUILT_IN.get_file(format!("roster/{name}")).unwrap().contents();
    std::fs::write(home.join(MANIFEST), built_in(MANIFEST)).unwrap();
    assert!(load().unwrap_err().to_string().ends_with("has no `normalise.rego`"));
    std::fs::write(home.join(NORMALISER), "package connectors.rooster\n").unwrap();
    assert!(
        load()
            .unwrap_err()
            .to_string()
            .ends_with("the package is `connectors.rooster`, not `connectors.roster`")
    );
    std::fs::write(home.join(NORMALISER), built_in(NORMALISER)).unwrap();
    let connectors = load().unwrap();
    let input = connectors.get("roster").unwrap().input();
    assert!(input.replaces_built_in && input.origin.ends_with("roster") && input.origin != "built-in");
    assert!(!connectors.get("pipedrive").unwrap().replaces_built_in);
}

/// They are not held when they are loaded: this holds them.
#[test]
fn the_built_in_normalisers_call_nothing_that_a_project_may_not() {
    let connectors = Connectors::load(&[]).unwrap();
    for connector in connectors.iter() {
        let held = hold_normaliser(&connector.normaliser);
        assert!(held.is_ok(), "{}: {}", connector.id, held.unwrap_err());
    }
    assert!(connectors.iter().count() > 5);
}

#[cfg(unix)]
#[test]
fn a_file_may_not_lead_out_of_the_folder() {
    use std::os::unix::fs::symlink;

    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("connectors");
    std::fs::create_dir_all(root.join("roster")).unwrap();
    let built_in = |name: &str| BUILT_IN.get_file(format!("roster/{name}")).unwrap().contents();
    std::fs::write(root.join("roster").join(MANIFEST), built_in(MANIFEST)).unwrap();
    std::fs::write(home.path().join("elsewhere.rego"), built_in(NORMALISER)).unwrap();
    symlink("../../elsewhere.rego", root.join("roster").join(NORMALISER)).unwrap();
    let said = Connectors::load(std::slice::from_ref(&root)).unwrap_err().to_string();
    assert!(
        said.ends_with("roster/normalise.rego` is a link that leads out of the connector folder"),
        "{said}"
    );
    std::fs::remove_file(root.join("roster").join(NORMALISER)).unwrap();
    std::fs::write(root.join("roster").join(NORMALISER), built_in(NORMALISER)).unwrap();
    symlink(&root, home.path().join("link")).unwrap();
    assert!(Connectors::load(&[home.path().join("link")]).is_ok());
}

/// Everything that is wrong in one of the two files is shown beside its line, and the mark is under what is meant.
#[test]
fn errors_have_frames() {
    let manifest =
        "connector: 1\nid: crm\nkind: exec\nversion: 1\nstreams:\n  users: {}\nprovides:\n  accounts: [users]\n";
    let normaliser = "package connectors.crm\n\naccounts := []\n";
    let framed = |manifest: &[u8], normaliser: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("crm");
        std::fs::create_dir(&home).unwrap();
        std::fs::write(home.join(MANIFEST), manifest).unwrap();
        std::fs::write(home.join(NORMALISER), normaliser).unwrap();
        let error = Connectors::load(&[folder.path().to_owned()]).err()?;
        let frame = error.frame().unwrap_or_else(|| panic!("{error}"));
        let marked: String = frame
            .line
            .chars()
            .skip(frame.place.column - 1)
            .take(frame.width)
            .collect();
        let leaf = frame.place.file.rsplit('/').next().unwrap().to_owned();
        Some(format!("{leaf}:{}: {} ({marked})", frame.place.line, frame.title))
    };
    assert_eq!(framed(manifest.as_bytes(), normaliser.as_bytes()), None);
    let cases = [
        (
            manifest.replace("streams:", "steams:"),
            normaliser.to_owned(),
            "connector.yaml:5: unknown key `steams` (steams)",
        ),
        (
            manifest.replace("[users]", "[user]"),
            normaliser.to_owned(),
            "connector.yaml:8: there is no stream `user` (user)",
        ),
        (
            manifest.to_owned(),
            normaliser.replace("crm", "crn"),
            "normalise.rego:1: the package is `connectors.crn`, not `connectors.crm` (connectors.crn)",
        ),
        (
            manifest.to_owned(),
            format!("{normaliser}x := http.send({{}})\n"),
            "normalise.rego:4: `http.send` is no function that a normaliser may call (http.send)",
        ),
        (
            manifest.to_owned(),
            format!("{normaliser}x[y] {{ y := 1 }}\n"),
            "normalise.rego:4: `if` keyword is required before rule body ({)",
        ),
    ];
    for (manifest, normaliser, expected) in cases {
        let said = framed(manifest.as_bytes(), normaliser.as_bytes());
        assert_eq!(said.as_deref(), Some(expected));
    }
    let latin = framed(manifest.as_bytes(), b"package connectors.crm\n# caf\xe9\n");
    assert_eq!(
        latin.as_deref(),
        Some("normalise.rego:2: this is not UTF-8 text (\\xe9)")
    );
}
