//! A check: its words, its tests, what it reads, and the names in it.

use super::context::Context;
use super::{Failure, folder, tested, words};
use crate::check::{Check, Places, load_alone};
use crate::finding::SubjectKind;
use crate::rego::lint::{Rows, engines, loops};
use crate::rego::{Package, package_metadata};

pub(super) fn lint(context: &mut Context<'_>) -> Result<(), Failure> {
    let Some(file) = context.unit.policies.first() else {
        return Ok(());
    };
    let check = load_alone(&context.unit.name, file, &context.unit.around)?;
    let package = Package::parse(file)?;
    if let Some(block) = package_metadata(file, &package) {
        words::lint(context, &check, &Places::of(file, &block));
    }
    reads(context, &check);
    speed(context, &check);
    context.look_at_names();
    in_tests(context);
    folder::tests(context);
    tested::reasons(context, &check)?;
    folder::readme_of_check(context, &check);
    Ok(())
}

fn reads(context: &mut Context<'_>, check: &Check) {
    for (place, path) in &check.whole_records {
        let fields = check
            .schema
            .at(path)
            .map(crate::rego::Schema::fields)
            .unwrap_or_default();
        let example = fields.first().map(|field| match path.0.is_empty() {
            true => (*field).to_owned(),
            false => format!("{path}.{field}"),
        });
        let help = match example {
            Some(example) => {
                format!("bind what is needed of it, such as `{example}`: a reason waits for all that it reads")
            }
            None => "bind what is needed of it: a reason waits for all that it reads".to_owned(),
        };
        let width = path.to_string().rsplit('.').next().unwrap_or_default().chars().count();
        context.find(
            "broad-read",
            place.clone(),
            width,
            format!("this reads all of `{path}`"),
            help,
        );
    }
    for name in check.params.keys() {
        let path = crate::rego::Path::parse(&format!("params.{name}"));
        if !check.reads.meets(&path)
            && let Some(place) = words::place_of(context, &format!("custom.params.{name}"))
        {
            let help = format!(
                "read it as `input.params.{name}`, or delete it: whoever sets it expects that it does something"
            );
            context.find(
                "unused-param",
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
                "unused-fact",
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
        SubjectKind::Workspace => &[
            "input.systems",
            "input.identities",
            "input.exceptions",
            "input.roster.*",
        ],
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
