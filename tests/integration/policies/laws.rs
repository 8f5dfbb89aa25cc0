//! What the loader refuses of one check, by example: the whole error, and what it advises.

use std::collections::BTreeMap;
use std::path::Path;

use rolecall::check::{Checks, load};
use rolecall::error::Explain;
use rolecall::exit::Exit;
use rolecall::project::CheckSettings;

/// A check in order, with more words, and with its rules.
pub fn check(package: &str, words: &str, rules: &str) -> String {
    let metadata = "# METADATA\n# scope: package\n# title: Nobody signs in\n# description: Accounts are not active.\n# related_resources:\n#   - ref: https://docs.example.com/fix\n# custom:\n#   subject: account\n#   severity: low\n#   remediation:\n#     summary: Deactivate it.\n";
    format!("{metadata}{words}#   pass: \"{{account.email}} is {{account.state}}\"\npackage {package}\n\n{rules}\n")
}

pub const WORDS: &str = "#   fail:\n#     is_active:\n#       message: \"{account.email} is active\"\n";
pub const RULE: &str = "fail contains \"is_active\" if input.account.state == \"active\"";

pub fn mine(words: &str, rules: &str) -> String {
    check("checks.mine", words, rules)
}

/// Writes files below a folder.
pub fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

pub fn load_files(files: &[(&str, &str)]) -> Result<Checks, String> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    load_from(&[folder.path()], &BTreeMap::new())
}

/// The error and its help line, with the folders called `one`, `two` and so on.
pub fn load_from(roots: &[&Path], settings: &BTreeMap<String, CheckSettings>) -> Result<Checks, String> {
    let paths: Vec<_> = roots.iter().map(|root| root.to_path_buf()).collect();
    load(&paths, settings).map_err(|error| {
        assert_eq!(error.exit(), Exit::Usage, "{error}");
        let mut said = format!("{error}\nhelp: {}", error.help().unwrap_or_default());
        for (root, name) in roots.iter().zip(["one", "two"]) {
            said = said.replace(&root.display().to_string(), name);
        }
        said
    })
}

pub fn refused(files: &[(&str, &str)]) -> String {
    load_files(files).err().unwrap_or_else(|| panic!("accepted: {files:?}"))
}

#[test]
fn what_a_check_file_may_not_be() {
    let no_words = "package checks.mine\n\nfail contains \"a\" if input.account.state == \"active\"\n";
    let detached = mine(WORDS, RULE).replace("\npackage", "\n\npackage");
    let cases = [
        (
            "no metadata",
            no_words.to_owned(),
            "one/mine/check.rego:1:1: in the metadata: there is none\nhelp: a `# METADATA` comment stands right above `package`; policies/README.md describes it",
        ),
        (
            "metadata that an empty line sets apart",
            detached,
            "one/mine/check.rego:17:1: in the metadata: there is none\nhelp: a `# METADATA` comment stands right above `package`; policies/README.md describes it",
        ),
        (
            "a package of another name",
            check("checks.yours", WORDS, RULE),
            "one/mine/check.rego:16:9: the package is `checks.yours`\nhelp: folder and package go by one name: `package checks.mine`",
        ),
        (
            "a code without words",
            mine(
                WORDS,
                &format!("{RULE}\n\nfail contains \"is_invited\" if input.account.state == \"invited\""),
            ),
            "one/mine/check.rego:20:15: the metadata has no words for the fail code `is_invited`\nhelp: declare it under `fail:` in the metadata, with a message",
        ),
        (
            "a code that is nearly one with words",
            mine(WORDS, "fail contains \"is_actve\" if input.account.state == \"active\""),
            "one/mine/check.rego:18:15: the metadata has no words for the fail code `is_actve`\nhelp: did you mean `is_active`?",
        ),
        (
            "words without a code",
            mine(&format!("{WORDS}#     is_invited: {{message: it is invited}}\n"), RULE),
            "one/mine/check.rego:15:7: in the metadata: the fail code `is_invited` is never given\nhelp: write `fail contains \"is_invited\" if …`, or delete its words",
        ),
        (
            "words under the wrong verdict",
            mine(&WORDS.replace("fail:", "skip:"), RULE),
            "one/mine/check.rego:13:7: in the metadata: the skip code `is_active` is never given\nhelp: write `skip contains \"is_active\" if …`, or delete its words",
        ),
        (
            "a placeholder that the subject does not have",
            mine(&WORDS.replace("account.email", "account.emial"), RULE),
            "one/mine/check.rego:14:20: in the metadata: the subject has no `account.emial`\nhelp: did you mean `email`?",
        ),
        (
            "a placeholder that is a record",
            mine(&WORDS.replace("account.email", "account.created"), RULE),
            "one/mine/check.rego:14:20: in the metadata: `account.created` is a record\nhelp: name one of its fields",
        ),
        (
            "a placeholder of no fact",
            mine(&WORDS.replace("account.email", "facts.who"), RULE),
            "one/mine/check.rego:14:20: in the metadata: there is no fact `facts.who`\nhelp: write `facts.<name> := …` in Rego first",
        ),
        (
            "an unknown key",
            mine(WORDS, RULE).replace("#   severity: low", "#   severty: low"),
            "one/mine/check.rego:9:5: in the metadata: custom: unknown field `severty`, expected one of `subject`, `severity`, `controls`, `remediation`, `params`, `skip`, `fail`, `unknown`, `pass`\nhelp: did you mean `severity`?",
        ),
        (
            "an unknown severity",
            mine(WORDS, RULE).replace("severity: low", "severity: lo"),
            "one/mine/check.rego:9:15: in the metadata: custom.severity: unknown variant `lo`, expected one of `low`, `medium`, `high`, `critical`\nhelp: did you mean `low`?",
        ),
        (
            "a subject that there is not",
            mine(WORDS, RULE).replace("subject: account", "subject: acount"),
            "one/mine/check.rego:8:14: in the metadata: custom.subject: unknown variant `acount`, expected one of `account`, `staff`, `system`, `workspace`\nhelp: did you mean `account`?",
        ),
        (
            "a param whose default is of another type",
            mine(
                &format!("#   params:\n#     days: {{type: integer, default: soon}}\n{WORDS}"),
                RULE,
            ),
            "one/mine/check.rego:13:29: in the metadata: the default of `days` is not a whole number\nhelp: change the type or the default",
        ),
        (
            "a param of an unknown type",
            mine(
                &format!("#   params:\n#     days: {{type: intger, default: 3}}\n{WORDS}"),
                RULE,
            ),
            "one/mine/check.rego:13:20: in the metadata: custom.params.days.type: unknown variant `intger`, expected one of `text`, `integer`, `boolean`, `text_list`\nhelp: did you mean `integer`?",
        ),
        (
            "a param that nobody declared",
            mine(WORDS, "fail contains \"is_active\" if input.params.days > 3"),
            "one/mine/check.rego:18:43: `params` has no `days`\nhelp: `params` has no fields",
        ),
        (
            "no link",
            mine(WORDS, RULE).replace("# related_resources:\n#   - ref: https://docs.example.com/fix\n", ""),
            "one/mine/check.rego:2:3: in the metadata: there is no link\nhelp: name the page that says how to fix it, under `related_resources`",
        ),
        (
            "a link that nobody can follow",
            mine(WORDS, RULE).replace("https://docs.example.com/fix", "/pages/NCq"),
            "one/mine/check.rego:6:12: in the metadata: `/pages/NCq` is no https address\nhelp: links are shown to people: write them whole",
        ),
        (
            "a title that names one account",
            mine(WORDS, RULE).replace("Nobody signs in", "\"{account.email} signs in\""),
            "one/mine/check.rego:3:12: in the metadata: `{account.email}` stands in a title or a remediation\nhelp: these can only name the system: `{system.name}`",
        ),
        (
            "a check that can only pass",
            mine(
                "#   skip:\n#     gone: {message: gone}\n",
                "skip contains \"gone\" if input.account.state == \"deleted\"",
            ),
            "one/mine/check.rego:7:3: in the metadata: `mine` can never fail\nhelp: declare a code under `fail:` and give it in Rego",
        ),
        (
            "no rules at all",
            mine(WORDS, ""),
            "one/mine/check.rego:13:7: in the metadata: the fail code `is_active` is never given\nhelp: write `fail contains \"is_active\" if …`, or delete its words",
        ),
        (
            "no rules, and no words for any",
            mine("", ""),
            "one/mine/check.rego:7:3: in the metadata: `mine` can never fail\nhelp: declare a code under `fail:` and give it in Rego",
        ),
        (
            "an empty file",
            String::new(),
            "one/mine/check.rego:1:1: expecting `package` Missing package declaration.\nhelp: write it in Rego version 1; `opa check` and `regal lint` show more",
        ),
        (
            "the old language",
            mine(WORDS, "fail[\"is_active\"] { input.account.state == \"active\" }"),
            "one/mine/check.rego:18:19: `if` keyword is required before rule body\nhelp: write it in Rego version 1; `opa check` and `regal lint` show more",
        ),
        (
            "a rule that nobody defines",
            mine(WORDS, "fail contains \"is_active\" if nowhere == 1"),
            "one/mine/check.rego:18:30: nothing binds `nowhere`\nhelp: bind it first: `x := …`, or `some x in …`",
        ),
        (
            "rules that lead back to themselves",
            mine(
                WORDS,
                "fail contains \"is_active\" if even\n\neven if not odd\n\nodd if not even",
            ),
            "one/mine/check.rego:22:12: `even` leads back to itself\nhelp: a rule may not need its own answer",
        ),
        (
            "a huge range",
            mine(
                WORDS,
                "fail contains \"is_active\" if count(numbers.range(1, 1000000000)) > 1",
            ),
            "one/mine/check.rego:18:36: `numbers.range` is no function that a check may call\nhelp: a check may call its own functions, a library's, and pure builtins",
        ),
        (
            "a file that is too long",
            mine(WORDS, &format!("{RULE}\n{}", "# so it is\n".repeat(30_000))),
            "one/mine/check.rego:1:1: the file is longer than 256 KiB\nhelp: take it apart: what several checks share goes under `lib/`",
        ),
        (
            "a misspelt output",
            mine(WORDS, &RULE.replace("fail", "fial")),
            "one/mine/check.rego:18:1: nothing reaches the rule `fial`\nhelp: did you mean `fail`?",
        ),
        (
            "a misspelt path",
            mine(WORDS, &RULE.replace("account.state", "account.stat")),
            "one/mine/check.rego:18:44: `account` has no `stat`\nhelp: did you mean `state`?",
        ),
        (
            "a word that the schema does not have",
            mine(WORDS, &RULE.replace("\"active\"", "\"actve\"")),
            "one/mine/check.rego:18:53: `account.state` is never \"actve\"\nhelp: did you mean `active`?",
        ),
        (
            "brackets too deep",
            mine(WORDS, &format!("{RULE}\n\nx := {}1{}", "[".repeat(13), "]".repeat(13))),
            "one/mine/check.rego:20:18: brackets are nested 13 deep; 12 is the limit\nhelp: keep deep fixtures in a json file beside the policy",
        ),
        (
            "no Rego",
            mine(WORDS, "fail contains if"),
            "one/mine/check.rego:18:15: unexpected keyword `if`\nhelp: write it in Rego version 1; `opa check` and `regal lint` show more",
        ),
        (
            "a word used twice",
            mine(&format!("{WORDS}#     is_active: {{message: again}}\n"), RULE),
            "one/mine/check.rego:15:7: in the metadata: custom.fail: `is_active` is there twice\nhelp: the metadata of a check is described in policies/README.md",
        ),
    ];
    let mut wrong = Vec::new();
    for (what, text, expected) in cases {
        let said = refused(&[("mine/check.rego", &text)]);
        if said != expected {
            wrong.push(format!("{what}\n  expected {expected:?}\n  said     {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_check_that_the_readme_shows_loads() {
    let readme = super::read(&super::root().join("README.md"));
    let shown = readme
        .split("```rego\n")
        .find(|block| block.starts_with("# METADATA"))
        .unwrap();
    let text = shown.split("```").next().unwrap();
    let checks = load_files(&[("second_factor/check.rego", text)]).unwrap();
    let reason = &checks.0["second_factor"].fail[0];
    assert_eq!(reason.code, "no_second_factor");
    let unknowable: Vec<String> = reason.unknowable.iter().map(ToString::to_string).collect();
    assert_eq!(unknowable, ["account.mfa", "account.state"], "unknown, it is undecided");
}
