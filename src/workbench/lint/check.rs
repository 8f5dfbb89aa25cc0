//! A check: its words, its tests, what it reads, and the names in it.

use super::context::Context;
use super::{Failure, folder, rules, tested, words};
use crate::check::{Check, Places, load_alone};
use crate::finding::SubjectKind;
use crate::rego::lint::{Rows, engines, loops};
use crate::rego::{Package, package_metadata};

pub(super) fn lint(context: &mut Context<'_>) -> Result<(), Failure> {
    let Some(file) = context.unit.policies.first() else {
        return Ok(());
    };
    let check = load_alone(&context.unit.name, file, &context.unit.around)?;
    let package = Package::parse(file).map_err(|error| context.unit.explained(error))?;
    // What loads has its metadata.
    let Some(block) = package_metadata(file, &package) else {
        return Ok(());
    };
    let places = Places::of(file, &block);
    words::lint(context, &check, &places);
    reads(context, &check);
    uses(context, &check, &places);
    speed(context, &check);
    context.look_at_names();
    in_tests(context);
    folder::tests(context);
    tested::reasons(context, &check, &places)?;
    folder::readme_of_check(context, &check);
    Ok(())
}

fn reads(context: &mut Context<'_>, check: &Check) {
    for read in &check.whole_records {
        let path = &read.path;
        let fields = check
            .schema
            .at(path)
            .map(crate::rego::Schema::fields)
            .unwrap_or_default();
        let example = fields.first().map(|field| match path.0.is_empty() {
            true => format!(", such as `{field}`"),
            false => format!(", such as `{path}.{field}`"),
        });
        let why = match read.decides {
            true => "a reason waits for all that it reads",
            false => "a fact is not known where anything that it reads is not",
        };
        context.find(
            &rules::BROAD_READ,
            read.place.clone(),
            read.width,
            format!("this reads all of `{path}`"),
            format!("bind what is needed of it{}: {why}", example.unwrap_or_default()),
        );
    }
}

/// Params that nothing reads, and facts that nothing shows.
fn uses(context: &mut Context<'_>, check: &Check, places: &Places) {
    for name in check.params.keys() {
        let path = crate::rego::Path::parse(&format!("params.{name}"));
        if !check.reads.meets(&path) {
            let place = places.key(&format!("custom.params.{name}"));
            let help = format!(
                "read it as `input.params.{name}`, or delete it: whoever sets it expects that it does something"
            );
            context.find(
                &rules::UNUSED_PARAM,
                place,
                name.len(),
                format!("nothing reads the param `{name}`"),
                help,
            );
        }
    }
    for fact in &check.facts {
        let path = format!("facts.{}", fact.name);
        let words = check
            .fail
            .iter()
            .flat_map(|reason| [Some(&reason.message), reason.passes_if.as_ref()]);
        let shown = words
            .flatten()
            .flat_map(|words| words.paths())
            .any(|shown| shown.to_string() == path);
        let rule = context
            .policies
            .iter()
            .flat_map(|policy| policy.rules())
            .find(|rule| rule.name == path);
        if let (Some(rule), false) = (rule, shown) {
            let help = format!("name it in the message of a failure, `{{{path}}}`, or delete it");
            context.find(
                &rules::UNUSED_FACT,
                rule.place,
                path.len(),
                format!("no message shows the fact `{}`", fact.name),
                help,
            );
        }
    }
}

/// The lists of a document that grow with the company.
fn large(subject: SubjectKind) -> &'static [&'static str] {
    match subject {
        SubjectKind::Account => &[],
        SubjectKind::Staff => &["input.accounts"],
        SubjectKind::System => &["input.accounts", "input.roster.*"],
        SubjectKind::Workspace => &["input.identities", "input.exceptions", "input.roster.*"],
    }
}

fn speed(context: &mut Context<'_>, check: &Check) {
    let around: Vec<_> = context.around.iter().collect();
    let remarks = context
        .policies
        .iter()
        .flat_map(|policy| loops(policy, &around, large(check.subject)));
    let remarks = remarks.collect();
    context.remark(remarks);
}

/// The loader looks at the check; nobody looks at its tests.
pub(super) fn in_tests(context: &mut Context<'_>) {
    let others: Vec<_> = context
        .policies
        .iter()
        .chain(&context.around)
        .chain(&context.tests)
        .collect();
    let remarks = context
        .tests
        .iter()
        .flat_map(|test| engines(test, &others, &[], Rows::Total));
    let remarks = remarks.collect();
    context.remark(remarks);
}
