//! A connector: its manifest, its normaliser, its tests, its recordings.

use std::fs;

use super::check::in_tests;
use super::context::Context;
use super::{Failure, folder, rules};
use crate::connector::manifest::Kind;
use crate::connector::{Connector, load_alone};
use crate::rego::SourceFile;
use crate::rego::lint::{Rows, engines, loops};

/// The rules of a normaliser that somebody asks for.
const OUTPUTS: [&str; 9] = [
    "accounts",
    "system",
    "roles",
    "staff",
    "approvals",
    "incomplete",
    "unavailable",
    "dropped",
    "notices",
];

pub(super) fn lint(context: &mut Context<'_>) -> Result<(), Failure> {
    let connector = load_alone(&context.unit.name, &context.unit.folder)?;
    context.beside.extend(
        fs::read_to_string(&connector.manifest_file)
            .ok()
            .map(|text| SourceFile {
                path: connector.manifest_file.clone(),
                text,
            }),
    );
    normaliser(context, &connector);
    context.look_at_names();
    in_tests(context);
    folder::unreached(context, false, &|name| OUTPUTS.contains(&name));
    folder::unreached(context, true, &|name| {
        name.starts_with("test_") || name.starts_with("todo_test_")
    });
    folder::tests(context);
    outputs(context);
    recordings(context);
    let manifest = &connector.manifest;
    let params = manifest.params.0.iter().map(|(name, _)| ("param", name.value.as_str()));
    let options = manifest
        .options
        .0
        .iter()
        .map(|(name, _)| ("option", name.value.as_str()));
    folder::readme(context, &params.chain(options).collect::<Vec<_>>());
    Ok(())
}

fn normaliser(context: &mut Context<'_>, connector: &Connector) {
    let manifest = &connector.manifest;
    // What every document has, whatever the answers were.
    let mut total: Vec<String> = [
        "source",
        "columns",
        "values.*.*",
        "values.*",
        "params",
        "options",
        "streams",
        "states",
    ]
    .map(|name| format!("input.{name}"))
    .into();
    for (name, _) in &manifest.streams.0 {
        total.push(format!("input.streams.{}", name.value));
        total.push(format!("input.states.{}", name.value));
    }
    total.extend(
        manifest
            .params
            .0
            .iter()
            .map(|(name, _)| format!("input.params.{}", name.value)),
    );
    total.extend(
        manifest
            .options
            .0
            .iter()
            .map(|(name, _)| format!("input.options.{}", name.value)),
    );
    let total: Vec<&str> = total.iter().map(String::as_str).collect();
    let rows = match manifest.kind.value {
        Kind::File => Rows::Total,
        _ => Rows::AsTheyCame,
    };
    let mut remarks = Vec::new();
    for policy in &context.policies {
        remarks.extend(engines(policy, &[], &total, rows));
        remarks.extend(loops(policy, &[], &["input.streams.*"]));
    }
    context.remark(remarks);
}

/// Every rule that is given out is named by a test.
fn outputs(context: &mut Context<'_>) {
    let named: Vec<String> = context.tests.iter().flat_map(|test| test.paths()).collect();
    let mut found = Vec::new();
    for policy in &context.policies {
        for output in OUTPUTS {
            let path = format!("data.{}.{output}", policy.package());
            let rule = policy
                .rules()
                .into_iter()
                .find(|rule| rule.name.split('.').next() == Some(output));
            if let (Some(rule), false) = (rule, named.contains(&path)) {
                found.push((rule.place, output));
            }
        }
    }
    for (place, output) in found {
        let help = format!("add a test that looks at `{output}` for rows of each kind");
        context.find(
            &rules::UNTESTED_OUTPUT,
            place,
            output.len(),
            format!("no test looks at `{output}`"),
            help,
        );
    }
}

fn recordings(context: &mut Context<'_>) {
    let folder = context.unit.folder.join("recordings");
    let any = fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
    if !any {
        let (place, width) = context.head();
        let help = "put answers beside it under `recordings/<name>/`, written by hand with invented people";
        context.find(
            &rules::NO_RECORDING,
            place,
            width,
            format!("`{}` has no recording", context.unit.name),
            help,
        );
    }
}
