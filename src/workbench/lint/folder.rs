//! What belongs into every folder: tests with names that say something, and a README that leaves nothing out.

use std::collections::BTreeSet;

use super::context::Context;
use super::rules;
use crate::check::Check;
use crate::rego::TestFile;
use crate::rego::lint::is_snake_case;

/// The tests of a unit, by what their names say.
pub(super) fn tests(context: &mut Context<'_>) {
    let files: Vec<TestFile> = context
        .unit
        .tests
        .iter()
        .filter_map(|file| TestFile::parse(file).ok())
        .collect();
    let rules: Vec<_> = files.into_iter().flat_map(|file| file.tests).collect();
    if !rules.iter().any(|test| !test.todo) {
        let (place, width) = context.head();
        let help = "write a `…_test.rego` beside it, with rules `test_…` that hold";
        context.find(
            &rules::NO_TESTS,
            place,
            width,
            format!("`{}` has no test", context.unit.name),
            help,
        );
    }
    for test in rules {
        if let Some(again) = test.again {
            let help = "give one of the two another name: such a test holds as soon as one of them does";
            context.find(
                &rules::DUPLICATE_TEST,
                again,
                test.name.len(),
                format!("`{}` is there twice", test.name),
                help,
            );
        }
        if test.todo {
            let help = "finish it, and call it `test_…`; or delete it";
            context.find(
                &rules::TODO_TEST,
                test.place.clone(),
                test.name.len(),
                format!("`{}` is not run", test.name),
                help,
            );
        }
        let says = test.name.trim_start_matches("todo_").trim_start_matches("test_");
        if !is_snake_case(says) || !says.contains('_') {
            let help = "say what is so, as `test_an_active_account_of_a_leaver_fails`";
            context.find(
                &rules::TEST_NAME,
                test.place,
                test.name.len(),
                format!("`{}` does not say what is so", test.name),
                help,
            );
        }
    }
}

/// Rules that nothing reaches: a misspelt one would be missed by nobody. `read` are the names that somebody asks for.
pub(super) fn unreached(context: &mut Context<'_>, in_tests: bool, read: &dyn Fn(&str) -> bool) {
    let files = if in_tests { &context.tests } else { &context.policies };
    let mut found = Vec::new();
    for file in files {
        let reached = file.reached(read);
        let mut seen = BTreeSet::new();
        for rule in file.rules() {
            let first = rule.name.split('.').next().unwrap_or_default().to_owned();
            if !reached.contains(&first) && seen.insert(first.clone()) {
                found.push((rule.place, first));
            }
        }
    }
    for (place, name) in found {
        let message = format!("nothing reaches the rule `{name}`");
        let help = if in_tests {
            "use it in a test, or delete it; a test is called `test_…`"
        } else {
            "use it in a rule that is read, or delete it; connectors/README.md lists those"
        };
        context.find(&rules::UNREACHED_RULE, place, name.len(), message, help);
    }
}

/// The README of a check names every code, fact and param.
pub(super) fn readme_of_check(context: &mut Context<'_>, check: &Check) {
    let reasons = check.skip.iter().chain(&check.fail).chain(&check.unknown);
    let mut names: Vec<(&str, &str)> = reasons.map(|reason| ("code", reason.code.as_str())).collect();
    names.extend(check.facts.iter().map(|fact| ("fact", fact.name.as_str())));
    names.extend(check.params.keys().map(|name| ("param", name.as_str())));
    readme(context, &names);
}

/// The README is there, and names these.
pub(super) fn readme(context: &mut Context<'_>, names: &[(&str, &str)]) {
    let (place, width) = context.head();
    let Some(text) = context.readme() else {
        let help = "write one: what it is for, what each word in it means, and what was decided where words leave room";
        context.find(
            &rules::NO_README,
            place,
            width,
            format!("`{}` has no README.md", context.unit.name),
            help,
        );
        return;
    };
    let code = code_of(&text);
    let missing = |name: &str| !code.contains(name);
    for (kind, name) in names.iter().filter(|(_, name)| missing(name)) {
        let help = format!("write there what it is, with `{name}` between backquotes");
        context.find(
            &rules::README_GAP,
            place.clone(),
            width,
            format!("README.md does not name the {kind} `{name}`"),
            help,
        );
    }
}

/// The words of a Markdown text that stand in code: between backquotes, and in blocks.
fn code_of(text: &str) -> BTreeSet<&str> {
    let mut words = BTreeSet::new();
    for (index, block) in text.split("```").enumerate() {
        // A span ends with its paragraph, so that one backquote alone does not turn the rest around.
        for paragraph in block.split("\n\n") {
            let parts = paragraph.split('`').enumerate();
            let code = parts.filter(|(part, _)| index % 2 == 1 || part % 2 == 1);
            for (_, part) in code {
                let found = part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                words.extend(found.filter(|word| !word.is_empty()));
            }
        }
    }
    words
}
