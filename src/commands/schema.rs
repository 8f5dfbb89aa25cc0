//! `rolecall schema`: the JSON Schemas.
//!
//! There is no list of them: a file of `docs/schemas` is a document of its name, and a file of `policies/schemas` is a
//! subject. Tests hold these files against the types that read and write the documents.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::CommandError;
use super::error::OutputError;
use crate::check;
use crate::cli::SchemaArgs;
use crate::error::{Explain, did_you_mean};
use crate::exit::Exit;
use crate::report;

static PUBLISHED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/docs/schemas");

/// Prints one, or says which there are.
pub fn run(args: &SchemaArgs) -> Result<Exit, CommandError> {
    let documents = documents();
    let Some(name) = &args.document else {
        report::print_schemas(&documents).map_err(OutputError)?;
        return Ok(Exit::Clean);
    };
    let text = documents.get(name).ok_or_else(|| NoSuchDocument {
        help: did_you_mean(name, documents.keys().map(String::as_str)),
        name: name.clone(),
    })?;
    match &args.output {
        Some(file) => report::save_text("schema", text, file)?,
        None => report::print_text(text).map_err(OutputError)?,
    }
    Ok(Exit::Clean)
}

/// The schemas by the documents' names.
fn documents() -> BTreeMap<String, &'static str> {
    let published = PUBLISHED.files().filter_map(|file| {
        let name = file.path().file_name()?.to_str()?.strip_suffix(".schema.json")?;
        Some((name.to_owned(), file.contents_utf8()?))
    });
    let subjects = check::subject_schemas().map(|(subject, text)| (format!("subject:{subject}"), text));
    published.chain(subjects).collect()
}

/// The command line names a document that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("there is no schema of a document `{name}`")]
struct NoSuchDocument {
    name: String,
    help: String,
}

impl Explain for NoSuchDocument {
    fn help(&self) -> Option<String> {
        Some(self.help.clone())
    }
}

#[cfg(test)]
mod tests {
    use crate::report::samples;
    use crate::{check, connector, project};

    /// What people write. What the program writes is held beside the types of each document.
    #[test]
    fn the_published_schemas_are_what_the_types_say() {
        samples::published("project.schema.json", &project::schema());
        samples::published("exceptions.schema.json", &project::exceptions_schema());
        samples::published("connector.schema.json", &connector::manifest::schema());
        samples::published("metadata.schema.json", &check::metadata_schema());
    }
}
