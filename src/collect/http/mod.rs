//! Live systems over HTTP: GET only, read to the end or not at all.

mod address;
pub mod auth;
mod client;
mod limits;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::Timestamp;

use super::Contact;
use crate::connector::manifest::Manifest;
use crate::error::{Explain, Place};
use crate::progress::{Step, Watch};
use crate::project::SourceConfig;
use crate::recording::Answer;
use source::Source;

/// One source that is to be read, and everything that is in force for it.
pub(super) struct Call<'a> {
    pub(super) source: &'a SourceConfig,
    pub(super) manifest: &'a Manifest,
    pub(super) params: &'a BTreeMap<String, String>,
    pub(super) options: &'a BTreeMap<String, bool>,
    /// Ask every list for its first page only.
    pub(super) probe: bool,
    pub(super) watch: &'a dyn Watch,
}

/// One source, read.
pub(super) struct Read {
    pub(super) source: String,
    pub(super) answers: Vec<Answer>,
    pub(super) taken_at: Timestamp,
    pub(super) contact: Contact,
}

/// What a person must mend before a source can be asked.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum HttpError {
    #[error("{place}: source `{source_id}`: {message}")]
    Setting {
        place: Place,
        source_id: String,
        message: String,
        help: String,
    },
}

impl Explain for HttpError {
    fn help(&self) -> Option<String> {
        match self {
            Self::Setting { help, .. } => Some(help.clone()),
        }
    }
}

impl Call<'_> {
    /// An error at the source's place in the project.
    pub(super) fn wrong(&self, message: impl Into<String>, help: impl Into<String>) -> HttpError {
        HttpError::Setting {
            place: self.source.place.clone(),
            source_id: self.source.id.clone(),
            message: message.into(),
            help: help.into(),
        }
    }

    /// Every parameter that an address is made of is set.
    fn has_its_params(&self) -> Result<(), HttpError> {
        let mut declared = self.manifest.params.0.iter();
        let missing = declared.find(|(name, _)| {
            let set = self.params.get(&name.value).is_some_and(|value| !value.is_empty());
            !set && self.manifest.asks_with(&name.value)
        });
        let Some((name, param)) = missing else { return Ok(()) };
        let about = param.help.as_ref().map_or(String::new(), |help| format!(": {help}"));
        Err(self.wrong(
            format!("the parameter `{}` is not set", name.value),
            format!("add `params: {{{}: …}}`{about}", name.value),
        ))
    }

    fn saw(&self, step: &Step<'_>) {
        self.watch.saw(&self.source.id, step);
    }
}

/// Reads every source, all at the same time.
///
/// # Errors
/// What the project says wrongly, before anything is asked. What the network did not show is in the answers.
pub(super) fn read(calls: &[Call<'_>]) -> Result<Vec<Read>, HttpError> {
    let Some(first) = calls.first() else {
        return Ok(Vec::new());
    };
    let client = client::Client::new().map_err(|why| {
        let help = "look at the proxy in the environment and at the machine's list of certificate authorities";
        first.wrong(format!("there is no way onto the network: {why}"), help)
    })?;
    calls.iter().try_for_each(Call::has_its_params)?;
    let sources: Vec<Source> = calls
        .iter()
        .map(|call| Source::prepare(call, &client))
        .collect::<Result<_, _>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        first.wrong(
            format!("there is no way onto the network: {error}"),
            "look at the limits of open files and threads",
        )
    })?;
    let read = runtime.block_on(join_all(sources.into_iter().map(Source::read)));
    // A look-up of a host that hangs cannot be called off; nobody waits for it behind the deadline.
    runtime.shutdown_background();
    Ok(read)
}
