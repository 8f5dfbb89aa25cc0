//! `sources:`: which connector reads what from where.

use super::load::{Context, ProjectError};
use super::{Condition, From, SourceConfig, file, values};
use crate::yaml::{Entries, OneOrMore, Shape, Spanned};

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
        place: context.place(id),
    })
}
