//! The words of a check: complete, and of use to whoever has to mend what it finds.

use super::context::Context;
use super::{controls, rules};
use crate::check::{Check, Places, Reason};
use crate::error::did_you_mean;
use crate::finding::SubjectKind;
use crate::rego::lint::{is_snake_case, snake_case};
use crate::rego::{Path, Step};

pub(super) fn lint(context: &mut Context<'_>, check: &Check, places: &Places) {
    description(context, check, places);
    if check.steps.is_empty() {
        let help = "add `steps`, in the order in which somebody takes them";
        context.find(
            &rules::REMEDIATION_STEPS,
            places.key("custom.remediation"),
            "remediation".len(),
            "there are no steps",
            help,
        );
    }
    for (kind, reasons) in [
        ("skip", &check.skip),
        ("fail", &check.fail),
        ("unknown", &check.unknown),
    ] {
        for reason in reasons {
            of_reason(context, check, places, kind, reason);
        }
    }
    for (name, param) in &check.params {
        if param.description.trim().is_empty() {
            let place = places.key(&format!("custom.params.{name}"));
            let help = "add a `description`: `rolecall docs` shows it to whoever may set it";
            context.find(
                &rules::PARAM_DESCRIPTION,
                place,
                name.len(),
                format!("nothing says what `{name}` does"),
                help,
            );
        }
    }
    let known = |id: &str| controls::framework(id);
    for (framework, ids) in &check.controls {
        let path = format!("custom.controls.{framework}");
        let Some(known) = known(framework) else {
            let message = format!("`{framework}` is no framework that is known");
            let help = did_you_mean(framework, controls::FRAMEWORKS.iter().map(|known| known.id));
            context.find(&rules::FRAMEWORK, places.key(&path), framework.len(), message, help);
            continue;
        };
        for (index, id) in ids.iter().enumerate() {
            if let Err(help) = known.holds(id) {
                let message = format!("`{id}` is no control of {}", known.name);
                context.find(
                    &rules::CONTROL,
                    places.value(&format!("{path}[{index}]")),
                    id.chars().count(),
                    message,
                    help,
                );
            }
        }
    }
}

fn description(context: &mut Context<'_>, check: &Check, places: &Places) {
    let text = check.description.trim();
    let begins = text.chars().next().is_some_and(|first| !first.is_lowercase());
    if begins && text.ends_with('.') && text.split_whitespace().count() > 2 {
        return;
    }
    let help = "say what has to be so, from a capital letter to a full stop";
    let place = places.value("description");
    let width = text.lines().next().unwrap_or_default().chars().count();
    context.find(
        &rules::DESCRIPTION,
        place,
        width,
        "the description is no sentence",
        help,
    );
}

fn of_reason(context: &mut Context<'_>, check: &Check, places: &Places, kind: &str, reason: &Reason) {
    let code = &reason.code;
    let path = format!("custom.{kind}.{code}");
    if check.subject != SubjectKind::Workspace && !reason.message.paths().any(|path| names_subject(check.subject, path))
    {
        let help = format!(
            "name it, as in `{}`: a list of findings is read without their headings",
            example(check.subject)
        );
        let place = places.value(&format!("{path}.message"));
        context.find(
            &rules::MESSAGE_SUBJECT,
            place,
            1,
            format!("the message of `{code}` does not name its subject"),
            help,
        );
    }
    if kind == "fail" && reason.passes_if.is_none() {
        let help = "add `passes_if`: what would have to be so, as `the account is deactivated`";
        context.find(
            &rules::PASSES_IF,
            places.key(&path),
            code.len(),
            format!("nothing says when `{code}` passes"),
            help,
        );
    }
    if let Some((message, help)) = name_of_code(&check.id, code) {
        context.find(&rules::CODE_NAME, places.key(&path), code.len(), message, help);
    }
}

/// Whether what a placeholder shows tells one subject from the next: of an account also who holds it.
fn names_subject(subject: SubjectKind, path: &Path) -> bool {
    let records: &[&str] = match subject {
        SubjectKind::Account => &["account", "staff", "identity"],
        SubjectKind::Staff => &["staff"],
        SubjectKind::System => &["system"],
        SubjectKind::Workspace => return true,
    };
    matches!(path.0.first(), Some(Step::Field(first)) if records.contains(&first.as_str()))
}

fn example(subject: SubjectKind) -> &'static str {
    match subject {
        SubjectKind::Account => "{account.email|account.key}",
        SubjectKind::Staff => "{staff.name}",
        SubjectKind::System | SubjectKind::Workspace => "{system.name}",
    }
}

/// What is wrong with the name of a code: it is read behind the check's id and the verdict, as
/// `user_identified: fail: unmatched`.
fn name_of_code(check: &str, code: &str) -> Option<(String, String)> {
    if !is_snake_case(code) {
        let help = format!("call it `{}`", snake_case(code));
        return Some((
            format!("the code `{code}` is not in lower case with `_` between its words"),
            help,
        ));
    }
    if code == check || code.starts_with(&format!("{check}_")) {
        let help = "the check's id stands before it everywhere: say what is so".to_owned();
        return Some((format!("the code `{code}` repeats the check's id"), help));
    }
    let verdicts = [
        "fail", "fails", "failed", "pass", "passes", "passed", "skip", "skipped", "unknown", "error",
    ];
    let first = code.split('_').next().unwrap_or_default();
    if verdicts.contains(&first) || verdicts.contains(&code) {
        let help = "the verdict stands before it everywhere: say what is so".to_owned();
        return Some((format!("the code `{code}` repeats a verdict"), help));
    }
    None
}
