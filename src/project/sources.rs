//! `sources:`: which connector reads what from where.

use super::load::{Context, ProjectError};
use super::{AuthConfig, Condition, From, NetworkConfig, SecretConfig, SecretPlace, SourceConfig, file, values};
use crate::yaml::{Entries, OneOrMore, Shape, Spanned, Text};

pub(super) fn resolve(context: &Context, sources: &Entries<file::Source>) -> Result<Vec<SourceConfig>, ProjectError> {
    let mut resolved = sources
        .0
        .iter()
        .map(|(id, source)| one(context, id, source))
        .collect::<Result<Vec<_>, _>>()?;
    resolved.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(resolved)
}

fn one(context: &Context, id: &Spanned<String>, source: &file::Source) -> Result<SourceConfig, ProjectError> {
    let is_file = matches!(source.from, file::From::File(_));
    // What only a file can have would otherwise be left unused in silence.
    fn for_files<T>(
        context: &Context,
        is_file: bool,
        key: &str,
        value: Option<&Spanned<T>>,
    ) -> Result<(), ProjectError> {
        match value {
            Some(value) if !is_file => Err(context.wrong(
                value,
                format!("`{key}` is for files, and this source is none"),
                format!("write `from: {{file: …}}`, or remove `{key}`"),
            )),
            _ => Ok(()),
        }
    }
    for_files(context, is_file, "columns", source.columns.as_ref())?;
    for_files(context, is_file, "values", source.values.as_ref())?;
    for_files(context, is_file, "where", source.conditions.as_ref())?;
    for_files(context, is_file, "as_of", source.as_of.as_ref())?;
    let max_age = |written: &Spanned<String>| {
        let duration = context.at(written, values::duration("max_age", &written.value))?;
        if duration.is_zero() {
            let message = format!("`max_age` is `{}`, and everything is older", written.value);
            return Err(context.wrong(written, message, "write how old the data may be: `2d`, `36h`, `1w`"));
        }
        Ok(duration)
    };
    let conditions = source.conditions.iter().flat_map(|conditions| &conditions.value.0);
    let words = |OneOrMore(words): &OneOrMore| words.clone();
    Ok(SourceConfig {
        id: context.at(id, values::id("source", &id.value))?,
        connector: context.at(&source.connector, values::id("connector", &source.connector.value.0))?,
        from: match &source.from {
            file::From::Recording(path) => From::Recording(values::path(context.folder, &path.0)),
            file::From::File(path) => From::File(values::path(context.folder, &path.0)),
            file::From::Run(words) if words.is_empty() => {
                return Err(context.wrong(id, "`run` names no program", "write `from: {run: [program, argument]}`"));
            }
            file::From::Run(words) => From::Run(words.iter().map(|Text(word)| word.clone()).collect()),
            file::From::Live => From::Live,
        },
        params: source.params.clone(),
        options: source.options.clone(),
        columns: source
            .columns
            .iter()
            .flat_map(|columns| &columns.value)
            .map(|(column, headers)| (column.clone(), words(headers)))
            .collect(),
        values: source
            .values
            .iter()
            .flat_map(|values| &values.value)
            .map(|(column, meanings)| {
                (
                    column.clone(),
                    meanings
                        .iter()
                        .map(|(meaning, said)| (meaning.clone(), words(said)))
                        .collect(),
                )
            })
            .collect(),
        conditions: conditions
            .map(|(column, is)| {
                let (words, negated) = match is {
                    Shape::Text(word) => (vec![word.clone()], false),
                    Shape::List(words) => (words.clone(), false),
                    Shape::Map(file::Not { not: OneOrMore(words) }) => (words.clone(), true),
                };
                if words.is_empty() {
                    let message = format!("the condition on `{}` names no words", column.value);
                    return Err(context.wrong(column, message, "write the words that the column may have"));
                }
                Ok(Condition {
                    column: column.value.clone(),
                    words,
                    negated,
                    place: context.place(column),
                })
            })
            .collect::<Result<_, _>>()?,
        max_age: source.max_age.as_ref().map(max_age).transpose()?,
        as_of: source
            .as_of
            .as_ref()
            .map(|written| context.at(written, values::instant("as_of", &written.value, &context.zone)))
            .transpose()?,
        provides: source.provides.as_ref().map(|words| {
            let words = words.iter();
            words.map(|word| (word.value.clone(), context.place(word))).collect()
        }),
        auth: source.auth.as_ref().map(|auth| self::auth(context, auth)).transpose()?,
        network: source
            .network
            .as_ref()
            .map(|with| network(context, with))
            .transpose()?
            .unwrap_or_default(),
        place: context.place(id),
    })
}

/// The words that say where a secret is.
const PLACES: [&str; 4] = ["env", "file", "command", "stored"];

fn auth(context: &Context, written: &Spanned<file::Auth>) -> Result<AuthConfig, ProjectError> {
    let [(way, keys)] = written.value.0.as_slice() else {
        let help = "keep one of them: `auth: {token: {env: CRM_TOKEN}}`";
        return Err(context.wrong(written, "`auth` needs one way to sign in", help));
    };
    let secret = match keys.0.as_slice() {
        [(word, value)] if PLACES.contains(&word.value.as_str()) => {
            let words = match value {
                Shape::Text(text) => vec![text.clone()],
                Shape::List(words) => words.clone(),
                Shape::Map(_) => Vec::new(),
            };
            SecretConfig::Whole(secret(context, word, &words)?)
        }
        parts => SecretConfig::Parts(
            parts
                .iter()
                .map(|(name, value)| Ok((name.value.clone(), part(context, name, value)?)))
                .collect::<Result<_, ProjectError>>()?,
        ),
    };
    Ok(AuthConfig {
        way: way.value.clone(),
        secret,
        place: context.place(way),
    })
}

fn part(
    context: &Context,
    name: &Spanned<String>,
    value: &Shape<Entries<OneOrMore>>,
) -> Result<SecretPlace, ProjectError> {
    // Who somebody is may stand here; how they prove it may not.
    let public = ["client_id", "username"].contains(&name.value.as_str());
    match value {
        Shape::Text(text) if public => Ok(SecretPlace::Plain(text.clone())),
        Shape::Map(entries) => match entries.0.as_slice() {
            [(word, OneOrMore(words))] => secret(context, word, words),
            _ => Err(context.wrong(
                name,
                format!("`{}` needs one place", name.value),
                "write `{env: NAME}`, for instance",
            )),
        },
        _ => Err(context.wrong(
            name,
            format!("`{}` may not stand in the project file", name.value),
            "say where it is: `{env: NAME}`, `{file: PATH}` or `{command: [program]}`",
        )),
    }
}

fn secret(context: &Context, word: &Spanned<String>, words: &[String]) -> Result<SecretPlace, ProjectError> {
    Ok(match (word.value.as_str(), words) {
        ("env", [name]) if is_variable(name) => SecretPlace::Env(name.clone()),
        ("env", _) => {
            let help = "name the variable that holds it, without `$`: `{env: CRM_TOKEN}`";
            return Err(context.wrong(word, "`env` is no name of a variable", help));
        }
        ("file", [path]) => SecretPlace::File(values::path(context.folder, path)),
        ("command", [_, ..]) => SecretPlace::Command(words.to_vec()),
        ("stored", [name]) => SecretPlace::Stored(context.at(word, values::id("stored credential", name))?),
        _ => {
            let message = format!("`{}` does not say where a secret is", word.value);
            let help = "write `{env: NAME}`, `{file: PATH}`, `{command: [program]}` or `{stored: NAME}`";
            return Err(context.wrong(word, message, help));
        }
    })
}

/// A secret that was pasted in the place of its name must not come back in an error.
fn is_variable(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(letters)
}

fn network(context: &Context, written: &Spanned<file::With>) -> Result<NetworkConfig, ProjectError> {
    let with = &written.value;
    let duration = |key: &str, written: &Option<Spanned<String>>| {
        let Some(written) = written else { return Ok(None) };
        let duration = context.at(written, values::duration(key, &written.value))?;
        if duration.is_zero() {
            return Err(context.wrong(
                written,
                format!("`{key}` leaves no time at all"),
                "write `30s`, for instance",
            ));
        }
        Ok(Some(duration))
    };
    let floor = |written: &Spanned<String>| {
        let percent = written.value.strip_suffix('%').and_then(|number| number.parse().ok());
        percent
            .filter(|percent| *percent <= 100)
            .ok_or_else(|| context.wrong(written, "`budget_floor` is no percentage", "write `budget_floor: 10%`"))
    };
    if let Some(limit) = with
        .max_body_mib
        .as_ref()
        .filter(|limit| !(1..=256).contains(&limit.value))
    {
        return Err(context.wrong(
            limit,
            "`max_body_mib` is not between 1 and 256",
            "write `max_body_mib: 64`",
        ));
    }
    Ok(NetworkConfig {
        base_url: with.base_url.clone(),
        token_url: with.token_url.clone(),
        timeout: duration("timeout", &with.timeout)?,
        deadline: duration("deadline", &with.deadline)?,
        retries: with.retries,
        max_body_mib: with.max_body_mib.as_ref().map(|limit| limit.value),
        budget_floor: with.budget_floor.as_ref().map(floor).transpose()?,
    })
}
