//! `rolecall lint`: the shipped folders are clean, and `docs/lint.md` says what is so: every rule has a section there, and
//! every example in it is looked at.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall::workbench::Units;
use rolecall::workbench::lint::{Linted, RULES, lint};

use crate::cases::repository;

fn look_at(paths: &[PathBuf]) -> Linted {
    lint(&Units::find(paths).unwrap_or_else(|error| panic!("{error}")))
}

/// Everything that was found, a line each.
fn said(linted: &Linted) -> String {
    let mut text = String::new();
    for finding in &linted.findings {
        let _ = writeln!(text, "{}: {}: {}", finding.place, finding.rule.id, finding.message);
    }
    for broken in &linted.broken {
        let _ = writeln!(text, "{}: {}", broken.folder, broken.error.explained());
    }
    text
}

#[test]
fn what_is_shipped_is_clean() {
    let linted = look_at(&["policies", "connectors"].map(|name| repository().join(name)));
    assert!(linted.units > 14, "{} folders", linted.units);
    assert_eq!(said(&linted), "");
}

/// An example of how it should be is an address of ours; what is shipped names the page that helps.
#[test]
fn no_link_of_a_shipped_check_is_a_placeholder() {
    let checks =
        rolecall::check::load(&[], &std::collections::BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"));
    for link in checks.0.values().flat_map(|check| &check.links) {
        let host = link
            .url
            .trim_start_matches("https://")
            .split('/')
            .next()
            .unwrap_or_default();
        let placeholder = ["example.com", "example.org", "example.net", "localhost"]
            .iter()
            .any(|name| host.ends_with(name));
        let reserved = [".example", ".test", ".invalid"]
            .iter()
            .any(|name| host.ends_with(name));
        assert!(!placeholder && !reserved, "{}", link.url);
    }
}

/// One example of `docs/lint.md`.
struct Example {
    rule: String,
    bad: bool,
    /// What it is a part of: `check`, `check_test`, `normalise`, `lib`, `recordings`.
    part: String,
    language: String,
    /// The part is not there at all.
    none: bool,
    text: String,
    line: usize,
}

fn page() -> String {
    fs::read_to_string(repository().join("docs/lint.md")).unwrap()
}

fn examples() -> Vec<Example> {
    let (page, mut found) = (page(), Vec::new());
    let (mut rule, mut bad, mut block): (String, bool, Option<Example>) = (String::new(), false, None);
    for (index, line) in page.lines().enumerate() {
        match (&mut block, line) {
            (Some(_), "```") => found.extend(block.take()),
            (Some(example), line) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (None, line) if line.starts_with("Bad:") => bad = true,
            (None, line) if line.starts_with("Good:") => bad = false,
            (None, line) => {
                if let Some(heading) = line.strip_prefix("### ") {
                    rule = heading.to_owned();
                } else if let (Some(info), false) = (line.strip_prefix("```"), rule.is_empty()) {
                    let mut words = info.split(' ').map(str::to_owned);
                    block = Some(Example {
                        rule: rule.clone(),
                        bad,
                        language: words.next().unwrap(),
                        part: words
                            .next()
                            .unwrap_or_else(|| panic!("line {}: which part is it?", index + 1)),
                        none: words.next().is_some(),
                        text: String::new(),
                        line: index + 2,
                    });
                }
            }
        }
    }
    found
}

#[test]
fn every_rule_has_a_section_and_every_section_a_rule() {
    let page = page();
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(sections, rules, "in the same order");
    let examples = examples();
    for rule in rules {
        let of = |bad: bool| {
            examples
                .iter()
                .any(|example| example.rule == rule && example.bad == bad)
        };
        assert!(of(true) && of(false), "{rule} has no bad or no good example");
    }
}

#[test]
fn every_example_is_what_it_says() {
    let mut wrong = Vec::new();
    for example in examples() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &example);
        let linted = look_at(&[folder.path().to_owned()]);
        let shown = said(&linted).replace(&folder.path().display().to_string(), "");
        let expected = match example.bad {
            true => vec![(example.rule.clone(), marked(folder.path(), &example))],
            false => Vec::new(),
        };
        let found: Vec<_> = linted
            .findings
            .iter()
            .map(|finding| {
                (
                    finding.rule.id.to_owned(),
                    (finding.place.file.clone(), finding.place.line),
                )
            })
            .collect();
        if found != expected || !linted.broken.is_empty() {
            wrong.push(format!(
                "docs/lint.md:{}: {}: expected {expected:?}, found\n{shown}",
                example.line, example.rule
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_broad_read_is_marked_whole_and_says_who_waits() {
    let text = "fail contains \"no_second_factor\" if {\n\tinput.account.mfa == \"no\"\n\tx := input.identity\n\tcount(x) > 0\n\tcount(input.staff.exit) > 0\n}\n\nfacts.system := input.system\n";
    let folder = tempfile::tempdir().unwrap();
    let example = Example {
        rule: "broad-read".to_owned(),
        bad: true,
        part: "check".to_owned(),
        language: "rego".to_owned(),
        none: false,
        text: text.to_owned(),
        line: 1,
    };
    build(folder.path(), &example);
    let linted = look_at(&[folder.path().to_owned()]);
    let found = linted.findings.iter().filter(|finding| finding.rule.id == "broad-read");
    let marked = |finding: &rolecall::workbench::lint::Finding| {
        let line = linted.texts[&finding.place.file]
            .lines()
            .nth(finding.place.line - 1)
            .unwrap();
        let of_line = line.chars().skip(finding.place.column - 1).take(finding.width);
        (of_line.collect::<String>(), finding.help.contains("a reason waits"))
    };
    let found: Vec<_> = found.map(marked).collect();
    let expected = [("x", true), ("input.staff.exit", true), ("input.system", false)];
    assert_eq!(
        found,
        expected.map(|(text, waits)| (text.to_owned(), waits)),
        "{}",
        said(&linted)
    );
}

/// The file and the line that an example marks.
fn marked(folder: &Path, example: &Example) -> (String, usize) {
    let mark = example
        .text
        .lines()
        .find(|line| line.trim_start().starts_with("#!"))
        .unwrap_or_else(|| panic!("{}: a bad example has a mark", example.rule));
    let mut words = mark.trim_start().trim_start_matches("#!").split_whitespace();
    let leaf = words.next();
    let wanted = words.next().unwrap_or("package ");
    let own = match example.part.as_str() {
        "check" => "policies/second_factor/check.rego",
        "check_test" => "policies/second_factor/check_test.rego",
        "lib" => "policies/lib/doors.rego",
        _ => "connectors/badges/normalise.rego",
    };
    let file = match leaf {
        Some("check.rego") => "policies/second_factor/check.rego",
        Some("normalise.rego") => "connectors/badges/normalise.rego",
        _ => own,
    };
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let line = match leaf {
        Some(_) => {
            text.lines()
                .position(|line| line.trim_start_matches(['#', ' ']).starts_with(wanted))
                .unwrap()
                + 1
        }
        None => text.lines().position(|line| line.trim_end().ends_with("#!")).unwrap() + 2,
    };
    (path.display().to_string(), line)
}

/// Makes the folder that an example is a part of.
fn build(root: &Path, example: &Example) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    match example.part.as_str() {
        "normalise" | "recordings" => build_connector(example, &write),
        _ => build_check(example, &write),
    }
}

const METADATA: [(&str, &str); 9] = [
    ("title", "title: Nobody should sign in without a second factor\n"),
    (
        "description",
        "description: Every account that can sign in has a second factor.\n",
    ),
    (
        "related_resources",
        "related_resources:\n  - ref: https://docs.example.com/second-factor\n    description: How to turn it on\n",
    ),
    ("subject", "  subject: account\n"),
    ("severity", "  severity: medium\n"),
    (
        "remediation",
        "  remediation:\n    summary: Have the person turn it on.\n    steps: [Ask the person to turn it on.]\n",
    ),
    ("pass", "  pass: \"{account.email} has a second factor\"\n"),
    (
        "fail",
        "  fail:\n    no_second_factor:\n      message: \"{account.email} has no second factor\"\n      passes_if: a second factor is turned on\n",
    ),
    ("controls", "  controls: {soc2: [CC6.1]}\n"),
];

/// The metadata of the example, and of what it leaves out what is in order.
fn metadata(example: &Example) -> String {
    let own = if example.language == "yaml" {
        example.text.as_str()
    } else {
        ""
    };
    let has = |key: &str| {
        own.lines()
            .any(|line| line.trim_start().split(':').next() == Some(key) && !line.starts_with("    "))
    };
    let (top, custom): (Vec<_>, Vec<_>) = METADATA.iter().partition(|(_, text)| !text.starts_with(' '));
    let left = |all: Vec<&(&str, &'static str)>| -> String {
        all.into_iter()
            .filter(|(key, _)| !has(key))
            .map(|(_, text)| *text)
            .collect()
    };
    let (before, mut own) = match own.starts_with("custom:") {
        true => (String::new(), own.to_owned()),
        false => (own.to_owned(), "custom:\n".to_owned()),
    };
    own.push_str(&left(custom));
    let yaml = format!("{}{before}{own}", left(top));
    yaml.lines().map(|line| format!("# {line}\n")).collect()
}

fn build_check(example: &Example, write: &dyn Fn(&str, &str)) {
    let yaml = example.language == "yaml";
    // The code and the param that an example of metadata names.
    let below = |key: &str| {
        let mut lines = example
            .text
            .lines()
            .skip_while(|line| line.trim_end() != format!("  {key}:"))
            .skip(1);
        lines
            .find(|line| !line.trim_start().starts_with('#'))
            .map(|line| line.trim().split(':').next().unwrap().to_owned())
    };
    let code = below("fail")
        .filter(|_| yaml)
        .unwrap_or_else(|| "no_second_factor".to_owned());
    let param = below("params").filter(|_| yaml && example.rule != "unused-param");
    let condition = param
        .as_ref()
        .map(|name| format!("\n\tinput.params.{name}"))
        .unwrap_or_default();
    let rules = match (example.part.as_str(), example.language.as_str()) {
        ("check", "rego") => example.text.clone(),
        ("lib", _) => {
            let uses = "\tdoors.signs_in(input.account)\n";
            format!(
                "import data.lib.doors\n\nfail contains \"{code}\" if {{\n\tinput.account.mfa == \"no\"\n{uses}}}\n"
            )
        }
        // A rule that ends with a quote: the engine's span of it does not.
        _ if condition.is_empty() => format!("fail contains \"{code}\" if input.account.mfa == \"no\"\n"),
        _ => format!("fail contains \"{code}\" if {{\n\tinput.account.mfa == \"no\"{condition}\n}}\n"),
    };
    let policy = format!(
        "# METADATA\n# scope: package\n{}package checks.second_factor\n\n{rules}",
        metadata(example)
    );
    write("policies/second_factor/check.rego", &policy);
    if example.part == "lib" {
        write(
            "policies/lib/doors.rego",
            &format!("# Doors.\npackage lib.doors\n\n{}", example.text),
        );
    }
    let header =
        "package checks.second_factor_test\n\nimport data.checks.second_factor as check\nimport data.lib.test\n";
    let given = |mfa: &str| {
        let params = param
            .as_ref()
            .map(|name| format!(", \"params\": {{\"{name}\": true}}"))
            .unwrap_or_default();
        format!("test.account({{\"account\": {{\"mfa\": \"{mfa}\", \"role_names\": [\"Sales\"]}}{params}}})")
    };
    let tests = match example.part.as_str() {
        "check_test" => example.text.clone(),
        _ => format!(
            "test_no_second_factor_is_found if {{\n\tw := {}\n\tcheck.fail == {{\"{code}\"}} with input as w\n}}\n\ntest_a_second_factor_passes if {{\n\tw := {}\n\tcheck.fail == set() with input as w\n}}\n",
            given("no"),
            given("yes")
        ),
    };
    if !(example.part == "check_test" && example.none) {
        write("policies/second_factor/check_test.rego", &format!("{header}\n{tests}"));
    }
    let readme = match example.language.as_str() {
        "markdown" => example.text.clone(),
        _ => named_in_code(&policy),
    };
    if !(example.language == "markdown" && example.none) {
        write("policies/second_factor/README.md", &readme);
    }
}

/// A README in which every word of a text stands in code.
fn named_in_code(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).collect();
    words.into_iter().map(|word| format!("`{word}`\n")).collect()
}

const MANIFEST: &str = "connector: 1
id: badges
kind: http
base: https://badges.example.com/v1
ok: {at: /ok, is: true}
auth:
  token: {kind: bearer}
streams:
  users: {path: /users, records: /users, key: /id}
  roles: {path: /roles, records: /roles, key: /id}
population: everybody with a badge
provides:
  accounts: [users]
";

fn build_connector(example: &Example, write: &dyn Fn(&str, &str)) {
    let usual = "accounts := [{\"id\": user.id} | some user in input.streams.users]\n";
    let rules = if example.part == "normalise" {
        example.text.as_str()
    } else {
        usual
    };
    write("connectors/badges/connector.yaml", MANIFEST);
    write(
        "connectors/badges/normalise.rego",
        &format!("# Badges.\npackage connectors.badges\n\n{rules}"),
    );
    let outputs = ["accounts", "unavailable", "notices"];
    let named = outputs
        .iter()
        .filter(|output| rules.lines().any(|line| line.starts_with(*output)));
    let named = named.filter(|output| example.rule != "untested-output" || **output == "accounts");
    let looks: String = named
        .map(|output| format!("\t{output} := badges.{output} with input as document\n\tcount({output}) == 0\n"))
        .collect();
    let document =
        "\tdocument := {\"streams\": {\"users\": [], \"roles\": []}, \"states\": {\"users\": \"complete\"}}\n";
    let tests = format!("test_nobody_has_no_account if {{\n{document}{looks}}}\n");
    let header = "package connectors.badges_test\n\nimport data.connectors.badges\n";
    write("connectors/badges/normalise_test.rego", &format!("{header}\n{tests}"));
    write("connectors/badges/README.md", "# badges\n");
    if !(example.part == "recordings" && example.none) {
        write("connectors/badges/recordings/usual/recording.json", "{}\n");
    }
}
