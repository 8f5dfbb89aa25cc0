//! `systems:`: which matter, and who may use them.

use std::collections::BTreeMap;

use super::load::{Context, ProjectError};
use super::{AccessRule, RoleRef, RoleRefKind, SystemConfig, file, values};
use crate::yaml::{Entries, Shape, Spanned, Text};

pub(super) fn resolve(context: &Context, systems: &Entries<file::System>) -> Result<Vec<SystemConfig>, ProjectError> {
    let mut resolved = systems
        .0
        .iter()
        .map(|(id, system)| one(context, id, system))
        .collect::<Result<Vec<_>, _>>()?;
    resolved.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(resolved)
}

fn one(context: &Context, id: &Spanned<String>, system: &file::System) -> Result<SystemConfig, ProjectError> {
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    for rule in &system.access {
        let name = &rule.value.name;
        if let Some(line) = names.insert(values::fold(&name.value.0), name.referenced.line()) {
            let message = format!("two rules of `{}` have the name `{}`", id.value, name.value.0);
            return Err(context.wrong(
                name,
                message,
                format!("the first is on line {line}: give one another name"),
            ));
        }
    }
    Ok(SystemConfig {
        id: context.at(id, values::id("system", &id.value))?,
        name: text(&system.name),
        critical: system.critical,
        owner: text(&system.owner),
        access: system
            .access
            .iter()
            .map(|written| rule(context, written))
            .collect::<Result<_, _>>()?,
        approvals: system
            .approvals
            .as_ref()
            .map(|source| context.source(source))
            .transpose()?,
        plan: text(&system.plan),
        seats: system.seats,
        connected: context.sources.contains(id.value.as_str()),
        place: context.place(id),
    })
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|Text(text)| text.clone())
}

fn texts(texts: &Option<Vec<Text>>) -> Option<Vec<String>> {
    texts
        .as_ref()
        .map(|texts| texts.iter().map(|Text(text)| text.clone()).collect())
}

fn rule(context: &Context, written: &Spanned<file::Rule>) -> Result<AccessRule, ProjectError> {
    let rule = &written.value;
    let name = &rule.name.value.0;
    let all_staff = rule.all_staff.as_ref();
    let roles_or_people = if rule.staff_roles.is_some() {
        Some("staff_roles")
    } else {
        rule.staff.is_some().then_some("staff")
    };
    let narrowed = rule.staff_types.is_some() || rule.departments.is_some();
    match (all_staff, roles_or_people) {
        (Some(all @ Spanned { value: true, .. }), Some(key)) => {
            return Err(context.wrong(
                all,
                format!("the rule `{name}` can be read two ways: `all_staff: true` and `{key}`"),
                "keep one of the two; what both should allow is two rules",
            ));
        }
        (Some(all @ Spanned { value: false, .. }), None) if !narrowed => {
            return Err(context.wrong(
                all,
                format!("the rule `{name}` says `all_staff: false` and names nobody"),
                "say who: `all_staff: true`, `staff_roles`, `staff_types`, `departments` or `staff`",
            ));
        }
        _ => {}
    }
    let who = all_staff.is_some() || roles_or_people.is_some() || narrowed;
    let what = rule.system_roles.is_some() || rule.permission_sets.is_some();
    if !who && !what && rule.ticket.is_none() {
        return Err(context.wrong(
            written,
            format!("the rule `{name}` names nobody and nothing"),
            "say who (`all_staff: true`, `staff_roles`, …), what (`system_roles`, `permission_sets`) or `ticket: required`",
        ));
    }
    let roles = |roles: &Option<Vec<Spanned<Shape<file::Role>>>>| {
        roles
            .as_ref()
            .map(|roles| {
                roles
                    .iter()
                    .map(|written| role(context, written))
                    .collect::<Result<Vec<_>, _>>()
            })
            .transpose()
    };
    Ok(AccessRule {
        name: name.clone(),
        all_staff: all_staff.is_some_and(|all| all.value),
        staff_roles: texts(&rule.staff_roles),
        staff_types: rule
            .staff_types
            .as_ref()
            .map(|types| types.iter().map(|kind| kind.word()).collect()),
        departments: texts(&rule.departments),
        staff: texts(&rule.staff),
        system_roles: roles(&rule.system_roles)?,
        permission_sets: roles(&rule.permission_sets)?,
        ticket: rule.ticket.is_some(),
        place: context.place(written),
    })
}

fn role(context: &Context, written: &Spanned<Shape<file::Role>>) -> Result<RoleRef, ProjectError> {
    let (by, text) = match &written.value {
        Shape::Text(text) => (RoleRefKind::NameOrId, text.trim()),
        Shape::Map(file::Role {
            id: Some(Text(text)),
            name: None,
        }) => (RoleRefKind::Id, text.as_str()),
        Shape::Map(file::Role {
            id: None,
            name: Some(Text(text)),
        }) => (RoleRefKind::Name, text.as_str()),
        Shape::Map(_) | Shape::List(_) => {
            let help = "write `name`, `{name: …}` or `{id: …}`; each role is an entry of its own";
            return Err(context.wrong(written, "expected one role, by one name or id", help));
        }
    };
    if text.is_empty() {
        return Err(context.wrong(
            written,
            "expected a role, not an empty text",
            "write its name or its id",
        ));
    }
    Ok(RoleRef {
        by,
        text: text.to_owned(),
        place: context.place(written),
    })
}
