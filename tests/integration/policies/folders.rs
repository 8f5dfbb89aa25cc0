//! What the loader makes of policy folders: what is found, replaced, left to each other and refused.

use std::collections::BTreeMap;

use rolecall::error::Place;
use rolecall::project::{CheckSettings, Period};
use serde_json::json;

use super::laws::{RULE, WORDS, check, load_files, load_from, mine, refused, write};

#[test]
fn a_folder_is_a_check_with_nothing_else_touched() {
    let checks = load_files(&[("mine/check.rego", &mine(WORDS, RULE))]).unwrap();
    let check = &checks.0["mine"];
    assert_eq!((check.id.as_str(), check.replaces_built_in), ("mine", false));
    assert!(checks.0.contains_key("user_identified"), "the built-in ones stay");
}

#[test]
fn a_folder_of_the_same_name_replaces_the_built_in_and_says_so() {
    let text = check("checks.user_identified", WORDS, RULE);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("user_identified/check.rego", &text)]);
    let checks = load_from(&[folder.path()], &BTreeMap::new()).unwrap();
    let check = &checks.0["user_identified"];
    assert!(check.replaces_built_in);
    assert_eq!(check.origin, folder.path().display().to_string());
    let codes: Vec<&str> = check.fail.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!(codes, ["is_active"]);
}

#[test]
fn what_a_policy_folder_may_not_be() {
    let good = mine(WORDS, RULE);
    type Files<'a> = Vec<(&'a str, &'a str)>;
    let cases: [(&str, Files<'_>, &str); 8] = [
        (
            "no check.rego",
            vec![("mine/chek.rego", good.as_str())],
            "reading the policy folder `one`: `mine/chek.rego` is read by nothing\nhelp: a check is one `check.rego` with tests in `…_test.rego`; what several share goes under `lib/`",
        ),
        (
            "a directory named check.rego",
            vec![("mine/check.rego/x.txt", "x")],
            "reading the policy folder `one/mine`: there is no `check.rego`\nhelp: each folder under a policy folder is one check",
        ),
        (
            "a name that can be no package",
            vec![("My-Check/check.rego", good.as_str())],
            "reading the policy folder `one/My-Check`: `My-Check` cannot be a check's id\nhelp: use a-z, 0-9 and _: the folder is the package and the check's id",
        ),
        (
            "nothing in it",
            vec![("README.md", "x")],
            "reading the policy folder `one`: it holds no check\nhelp: each check is a folder with a `check.rego` in it",
        ),
        (
            "a library of a name that is taken",
            vec![
                ("lib/access.rego", "package lib.access\n"),
                ("mine/check.rego", good.as_str()),
            ],
            "reading the policy folder `one/lib`: `access.rego` is also `built-in:policies/lib/access.rego`\nhelp: rename the library; a shared one cannot be replaced",
        ),
        (
            "a second file that nothing would read",
            vec![
                ("mine/check.rego", good.as_str()),
                ("mine/more.rego", "package checks.mine\n"),
            ],
            "reading the policy folder `one`: `mine/more.rego` is read by nothing\nhelp: a check is one `check.rego` with tests in `…_test.rego`; what several share goes under `lib/`",
        ),
        (
            "a folder in a folder",
            vec![
                ("mine/check.rego", good.as_str()),
                ("mine/sub/check.rego", good.as_str()),
            ],
            "reading the policy folder `one`: `mine/sub` holds policies that nothing reads\nhelp: a check is one folder with a `check.rego` in it, and holds no folders of policies",
        ),
        (
            "a policy beside the folders",
            vec![("mine/check.rego", good.as_str()), ("top.rego", good.as_str())],
            "reading the policy folder `one`: `top.rego` stands beside the folders, where nothing reads it\nhelp: put it into a folder of its own, as `check.rego`, or under `lib/`",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, files, expected) in cases {
        let said = refused(&files);
        if said != expected {
            wrong.push(format!("{what}\n  expected {expected:?}\n  said     {said:?}"));
        }
    }
    let missing = tempfile::tempdir().unwrap();
    let said = load_from(&[&missing.path().join("nowhere")], &BTreeMap::new()).unwrap_err();
    assert!(
        said.ends_with("there is no such folder\nhelp: name a folder that holds one folder per check"),
        "{said}"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_library_of_a_project_is_found() {
    let rules = "import data.lib.mine\n\nfail contains \"is_active\" if mine.is_active(input.account)";
    let library = "package lib.mine\n\nis_active(account) if account.state == \"active\"\n";
    let checks = load_files(&[("mine/check.rego", &mine(WORDS, rules)), ("lib/mine.rego", library)]).unwrap();
    assert_eq!(checks.0["mine"].files.len(), 2);
}

/// A check that leaves what is inactive to another one.
fn leaving_to(package: &str, blocker: &str) -> String {
    let words = format!("#   skip:\n#     is_left: {{message: left, blocked_by: {blocker}}}\n{WORDS}");
    let rules = format!("skip contains \"is_left\" if input.account.state == \"inactive\"\n\n{RULE}");
    check(package, &words, &rules)
}

#[test]
fn blockers_exist_and_form_no_circle() {
    let said = refused(&[("mine/check.rego", &leaving_to("checks.mine", "user_identifed"))]);
    assert_eq!(
        said,
        "one/mine/check.rego:13:44: in the metadata: `mine` is blocked by `user_identifed`, which does not exist\nhelp: did you mean `user_identified`?"
    );
    let said = refused(&[
        ("mine/check.rego", &leaving_to("checks.mine", "yours")),
        ("yours/check.rego", &leaving_to("checks.yours", "mine")),
    ]);
    assert_eq!(
        said,
        "one/mine/check.rego:13:44: in the metadata: `mine` is blocked, over other checks, by itself\nhelp: one check of the circle must judge for itself: take its `blocked_by` away"
    );
    let said = refused(&[("mine/check.rego", &leaving_to("checks.mine", "mine"))]);
    assert_eq!(
        said,
        "one/mine/check.rego:13:44: in the metadata: `mine` is blocked, over other checks, by itself\nhelp: one check of the circle must judge for itself: take its `blocked_by` away"
    );
}

#[test]
fn every_check_comes_after_those_that_it_leaves_subjects_to() {
    let checks = load_files(&[("a_first/check.rego", &leaving_to("checks.a_first", "user_identified"))]).unwrap();
    let order: Vec<&str> = checks.in_order().iter().map(|check| check.id.as_str()).collect();
    let at = |id: &str| order.iter().position(|other| *other == id).unwrap();
    assert!(at("user_identified") < at("a_first"), "{order:?}");
    assert!(at("user_identified") < at("offboarded_access_removed"), "{order:?}");
    assert!(at("offboarded_access_removed") < at("access_valid"), "{order:?}");
    assert!(at("access_control_configured") < at("access_valid"), "{order:?}");
}

#[test]
fn two_roots_may_not_hold_one_id() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for root in [&one, &two] {
        write(root.path(), &[("mine/check.rego", &mine(WORDS, RULE))]);
    }
    let said = load_from(&[one.path(), two.path()], &BTreeMap::new()).unwrap_err();
    assert_eq!(
        said,
        "reading the policy folder `two`: `mine` is also in `one`\nhelp: rename one of the two folders"
    );
}

#[test]
fn settings_are_held_against_the_checks() {
    let params = "#   params:\n#     days: {type: integer, default: 30}\n";
    let text = mine(
        &format!("{params}{WORDS}"),
        "fail contains \"is_active\" if input.params.days > 3",
    );
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("mine/check.rego", &text)]);
    let set = |id: &str, name: &str, value: serde_json::Value| {
        let settings = CheckSettings {
            enabled: true,
            severity: None,
            grace: None,
            critical: Period::WINDOW,
            params: [(name.to_owned(), value)].into(),
            links: Vec::new(),
            place: Place {
                file: "rolecall.yaml".to_owned(),
                line: 7,
                column: 3,
            },
        };
        load_from(&[folder.path()], &[(id.to_owned(), settings)].into())
    };
    assert!(set("mine", "days", json!(90)).is_ok());
    let cases = [
        (
            set("mien", "days", json!(1)),
            "rolecall.yaml:7:3: there is no check `mien`\nhelp: did you mean `mine`?",
        ),
        (
            set("mine", "day", json!(1)),
            "rolecall.yaml:7:3: `mine` has no param `day`\nhelp: did you mean `days`?",
        ),
        (
            set("mine", "days", json!("ninety")),
            "rolecall.yaml:7:3: the param `days` of `mine` is a whole number, not \"ninety\"\nhelp: its default is 30",
        ),
        (
            set("user_identified", "days", json!(1)),
            "rolecall.yaml:7:3: `user_identified` has no param `days`\nhelp: it has no params",
        ),
    ];
    for (said, expected) in cases {
        assert_eq!(said.unwrap_err(), expected);
    }
}

/// The project names a folder, and means what is in it: a link inside that leads elsewhere could have any file of the
/// machine read, and a line of it shown.
#[cfg(unix)]
#[test]
fn a_link_may_lead_to_the_folder_and_not_out_of_it() {
    use std::os::unix::fs::symlink;

    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("policies");
    write(&root, &[("mine/check.rego", &mine(WORDS, RULE))]);
    write(
        home.path(),
        &[("outside/check.rego", &check("checks.yours", WORDS, RULE))],
    );
    let load =
        |path: &std::path::Path| load_from(&[path], &BTreeMap::new()).map(|checks| checks.0.contains_key("mine"));

    symlink(&root, home.path().join("link")).unwrap();
    assert_eq!(load(&home.path().join("link")), Ok(true), "a link to the folder");
    assert_eq!(load(&root.join("../policies")), Ok(true), "a path with `..`");
    symlink(root.join("mine"), root.join("within")).unwrap();
    let said = load(&root).unwrap_err();
    assert!(
        said.contains("the package is `checks.mine`"),
        "a link within is followed: {said}"
    );
    std::fs::remove_file(root.join("within")).unwrap();

    let refusal = "is a link that leads out of the folder\nhelp: keep the file itself there, or name the folder that holds it under `policies:`";
    std::fs::create_dir(root.join("yours")).unwrap();
    symlink(home.path().join("outside/check.rego"), root.join("yours/check.rego")).unwrap();
    assert_eq!(
        load(&root).unwrap_err(),
        format!("reading the policy folder `one`: `yours/check.rego` {refusal}")
    );
    std::fs::remove_dir_all(root.join("yours")).unwrap();
    symlink("../outside", root.join("yours")).unwrap();
    assert_eq!(
        load(&root).unwrap_err(),
        format!("reading the policy folder `one`: `yours/check.rego` {refusal}")
    );
    std::fs::remove_file(root.join("yours")).unwrap();
    std::fs::create_dir(root.join("yours")).unwrap();
    symlink("check.rego", root.join("yours/check.rego")).unwrap();
    assert!(
        load(&root).unwrap_err().contains("yours/check.rego: "),
        "a link to itself"
    );
    std::fs::remove_dir_all(root.join("yours")).unwrap();
    symlink("nowhere", root.join("yours")).unwrap();
    assert_eq!(
        load(&root).unwrap_err(),
        "reading the policy folder `one`: `yours` cannot be followed: there is no such file or folder\nhelp: mend the link, or take it away"
    );
}

/// A path of another system's kind is a path like any other here.
#[cfg(unix)]
#[test]
fn a_share_of_another_system_is_no_folder_here() {
    for path in ["\\\\server\\share\\policies", "//127.0.0.1/share/policies"] {
        let said = load_from(&[std::path::Path::new(path)], &BTreeMap::new()).unwrap_err();
        assert!(said.contains("there is no such folder"), "{said}");
    }
}

#[test]
fn a_file_that_is_no_text_is_shown_with_its_byte() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("policies");
    write(&root, &[("mine/check.rego", "")]);
    std::fs::write(root.join("mine/check.rego"), b"# METADATA\n# title: caf\xe9 \xff\n").unwrap();
    let error = rolecall::check::load(&[root], &BTreeMap::new()).unwrap_err();
    let frame = rolecall::error::Explain::frame(&error).unwrap();
    assert_eq!(frame.line, "# title: caf\\xe9 \\xff");
    assert_eq!((frame.place.line, frame.place.column, frame.width), (2, 13, 4));
}
