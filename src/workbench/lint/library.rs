//! A library: rules that several checks share.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Unit, Units};
use super::check::in_tests;
use super::context::Context;
use super::{folder, rules};
use crate::rego::lint::Parsed;

/// Files of a library whose rules are for tests.
const FOR_TESTS: &str = "lib.test";

pub(super) fn lint(context: &mut Context<'_>, units: &Units) {
    context.look_at_names();
    in_tests(context);
    if !context.tests.is_empty() {
        folder::tests(context);
    }
    let users: Vec<&Unit> = units.users(context.unit).collect();
    // Asked for alone, a library is not known to be unused: the checks that use it were not looked at.
    if !users.is_empty() {
        unused(context, &users);
    }
}

fn unused(context: &mut Context<'_>, users: &[&Unit]) {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for file in users.iter().flat_map(|unit| &unit.policies) {
        if let Ok(parsed) = Parsed::new(file) {
            reached.extend(parsed.paths());
        }
    }
    let libraries: Vec<&Parsed> = context
        .policies
        .iter()
        .filter(|file| file.package() != FOR_TESTS)
        .collect();
    let uses: BTreeMap<String, BTreeSet<String>> = libraries.iter().flat_map(|file| file.paths_by_rule()).collect();
    let mut todo: Vec<String> = reached.iter().cloned().collect();
    while let Some(path) = todo.pop() {
        for used in uses.get(&path).into_iter().flatten() {
            if reached.insert(used.clone()) {
                todo.push(used.clone());
            }
        }
    }
    let mut found = Vec::new();
    for file in libraries {
        let mut seen = BTreeSet::new();
        for rule in file.rules() {
            let first = rule.name.split('.').next().unwrap_or_default().to_owned();
            let path = format!("data.{}.{first}", file.package());
            if !reached.contains(&path) && seen.insert(first.clone()) {
                found.push((rule.place, first));
            }
        }
    }
    for (place, name) in found {
        let help = "delete it, or keep it where it is used";
        context.find(
            &rules::UNUSED_LIBRARY_RULE,
            place,
            name.len(),
            format!("no check here uses `{name}`"),
            help,
        );
    }
}
