//! `staff:` and `identities:`: who works here, and who is who.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::load::{Context, ProjectError};
use super::{IdentityEntry, Is, NotStaffKind, Scope, StaffConfig, file, values};
use crate::error::did_you_mean;
use crate::yaml::{Entries, Spanned, Text};

pub(super) fn staff(context: &Context, staff: &file::Staff) -> Result<StaffConfig, ProjectError> {
    let mut sources: Vec<String> = Vec::new();
    for written in &staff.sources {
        let source = context.source(written)?;
        if sources.contains(&source) {
            let message = format!("the source `{source}` is here twice");
            return Err(context.wrong(written, message, "keep the first: the order is the order of trust"));
        }
        sources.push(source);
    }
    let texts = |texts: &[Text]| texts.iter().map(|Text(text)| text.clone()).collect();
    Ok(StaffConfig {
        sources,
        job_roles: groups(context, "job role", &staff.job_roles)?,
        domain_aliases: domains(context, &staff.domain_aliases)?,
        out_of_scope: Scope {
            staff: texts(&staff.out_of_scope.staff),
            departments: texts(&staff.out_of_scope.departments),
            staff_types: staff.out_of_scope.staff_types.iter().map(|kind| kind.word()).collect(),
        },
        date_implies_exit: staff.date_implies_exit.unwrap_or(true),
    })
}

/// Canonical names and their aliases: every word belongs to one group, so none can loop or chain.
fn groups(
    context: &Context,
    what: &str,
    written: &Entries<Vec<Spanned<Text>>>,
) -> Result<BTreeMap<String, Vec<String>>, ProjectError> {
    let mut meant: BTreeMap<String, (&str, u64)> = BTreeMap::new();
    let twice = |place: &Spanned<String>, canonical: &str, (other, line): (&str, u64)| {
        let word = &place.value;
        let (message, help) = if other == canonical {
            (
                format!("the {what} `{word}` is here twice"),
                format!("it is already on line {line}: remove it here"),
            )
        } else {
            (
                format!("the {what} `{word}` would mean both `{other}` and `{canonical}`"),
                format!("it already means `{other}` on line {line}: keep one of them"),
            )
        };
        context.wrong(place, message, help)
    };
    // The canonical names first: an alias that is one of them is the mistake, wherever it stands.
    for (canonical, _) in &written.0 {
        if canonical.value.trim().is_empty() {
            return Err(context.wrong(canonical, format!("a {what} has no name"), "write its name"));
        }
        let entry = (canonical.value.as_str(), canonical.referenced.line());
        if let Some(other) = meant.insert(values::fold(&canonical.value), entry) {
            return Err(twice(canonical, &canonical.value, other));
        }
    }
    for (canonical, aliases) in &written.0 {
        for alias in aliases {
            let entry = (canonical.value.as_str(), alias.referenced.line());
            if let Some(other) = meant.insert(values::fold(&alias.value.0), entry) {
                let place = Spanned::new(alias.value.0.clone(), alias.referenced);
                return Err(twice(&place, &canonical.value, other));
            }
        }
    }
    let texts = |aliases: &[Spanned<Text>]| aliases.iter().map(|alias| alias.value.0.clone()).collect();
    Ok(written
        .0
        .iter()
        .map(|(canonical, aliases)| (canonical.value.clone(), texts(aliases)))
        .collect())
}

/// Mail domains, in small letters.
fn domains(
    context: &Context,
    written: &Entries<Vec<Spanned<Text>>>,
) -> Result<BTreeMap<String, Vec<String>>, ProjectError> {
    let domain = |text: &str| {
        let odd = |c: char| c.is_whitespace() || c.is_control() || "@*/,:".contains(c);
        match text.contains(odd) || text.split('.').any(str::is_empty) {
            true => Err((
                format!("`{text}` is no mail domain"),
                "write a domain such as `acme.example`".to_owned(),
            )),
            false => Ok(()),
        }
    };
    for (canonical, aliases) in &written.0 {
        context.at(canonical, domain(&canonical.value))?;
        for alias in aliases {
            context.at(alias, domain(&alias.value.0))?;
        }
    }
    let folded = |aliases: Vec<String>| aliases.iter().map(|alias| values::fold(alias)).collect();
    let groups = groups(context, "domain", written)?;
    Ok(groups
        .into_iter()
        .map(|(canonical, aliases)| (values::fold(&canonical), folded(aliases)))
        .collect())
}

pub(super) fn identities(
    context: &Context,
    written: &[Spanned<file::Identity>],
) -> Result<Vec<IdentityEntry>, ProjectError> {
    let mut known: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut entries = Vec::new();
    for entry in written {
        let entry = identity(context, entry)?;
        // Ids are compared as they are, addresses as addresses.
        let account = if entry.account.contains('@') {
            values::fold(&entry.account)
        } else {
            entry.account.clone()
        };
        let line = entry.place.line as u64;
        if let Some(first) = known.insert((entry.system.clone(), account), line) {
            return Err(ProjectError::Wrong {
                message: format!("the account `{}:{}` has two entries", entry.system, entry.account),
                help: Some(format!("they are on lines {first} and {line}: keep one of them")),
                place: entry.place,
            });
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn identity(context: &Context, written: &Spanned<file::Identity>) -> Result<IdentityEntry, ProjectError> {
    let entry = &written.value;
    let key = &entry.account;
    let (system, account) = match key.value.0.split_once(':') {
        Some((system, account)) if !system.trim().is_empty() && !account.trim().is_empty() => {
            (system.trim(), account.trim())
        }
        _ => {
            let message = format!("the account `{}` names no system", key.value.0);
            return Err(context.wrong(key, message, "write it as `system:id` or `system:address`"));
        }
    };
    if !context.systems.contains(system) {
        let help = if context.systems.is_empty() || context.sources.contains(system) {
            format!("declare `{system}` under `systems:`")
        } else {
            did_you_mean(system, context.systems.iter().copied())
        };
        return Err(context.wrong(key, format!("there is no system `{system}`"), help));
    }
    let is = match (&entry.staff, &entry.not_staff, &entry.not_identified) {
        (Some(Text(staff)), None, None) => Is::Staff(staff.clone()),
        (None, Some(not_staff), None) => not_staff_is(context, not_staff)?,
        (None, None, Some(not_identified)) => Is::NotIdentified {
            reason: text(&not_identified.reason),
        },
        (None, None, None) => {
            let message = format!("nothing is said of the account `{}`", key.value.0);
            return Err(context.wrong(key, message, "add `staff`, `not_staff` or `not_identified`"));
        }
        _ => {
            let message = format!("the account `{}` is said to be two things", key.value.0);
            return Err(context.wrong(key, message, "keep one of `staff`, `not_staff` and `not_identified`"));
        }
    };
    Ok(IdentityEntry {
        system: system.to_owned(),
        account: account.to_owned(),
        is,
        place: context.place(written),
    })
}

fn not_staff_is(context: &Context, written: &file::NotStaff) -> Result<Is, ProjectError> {
    let date = |key: &str, written: &Option<Spanned<String>>| -> Result<Option<Date>, ProjectError> {
        written
            .as_ref()
            .map(|written| context.at(written, values::date(key, &written.value)))
            .transpose()
    };
    Ok(Is::NotStaff {
        kind: match written.kind {
            file::Kind::Service => NotStaffKind::Service,
            file::Kind::Shared => NotStaffKind::Shared,
            file::Kind::External => NotStaffKind::External,
        },
        owner: text(&written.owner),
        reason: text(&written.reason),
        until: date("until", &written.until)?,
        review_by: date("review_by", &written.review_by)?,
    })
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|Text(text)| text.clone())
}
