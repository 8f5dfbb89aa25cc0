//! What a source sets, held against what its connector knows: parameters, options and words.

use std::collections::{BTreeMap, BTreeSet};

use super::{CollectError, folded};
use crate::connector::Connector;
use crate::error::did_you_mean;
use crate::normalise::Words;
use crate::project::SourceConfig;
use crate::yaml::Spanned;

/// The parameters in force: the source's, then the manifest's defaults.
pub(super) fn params(connector: &Connector, source: &SourceConfig) -> Result<BTreeMap<String, String>, CollectError> {
    let wrong = |message: String, help: String| CollectError::Source {
        place: source.place.clone(),
        source_id: source.id.clone(),
        message,
        help,
    };
    let unknown = |what: &str, written: &str, known: Vec<&str>| {
        let help = if known.is_empty() {
            "leave it out".to_owned()
        } else {
            did_you_mean(written, known.iter().copied())
        };
        wrong(
            format!("the connector `{}` has no {what} `{written}`", connector.id),
            help,
        )
    };
    let declared = &connector.manifest.params.0;
    for (written, value) in &source.params {
        let Some((_, param)) = declared.iter().find(|(name, _)| name.value == *written) else {
            return Err(unknown(
                "parameter",
                written,
                declared.iter().map(|(name, _)| name.value.as_str()).collect(),
            ));
        };
        if let Some(help) = param.refuses(value) {
            return Err(wrong(format!("`{value}` cannot be the parameter `{written}`"), help));
        }
    }
    let known_options = &connector.manifest.options.0;
    if let Some(written) = source
        .options
        .keys()
        .find(|written| !known_options.iter().any(|(name, _)| name.value == **written))
    {
        return Err(unknown(
            "option",
            written,
            known_options.iter().map(|(name, _)| name.value.as_str()).collect(),
        ));
    }
    let defaults = declared
        .iter()
        .filter_map(|(name, param)| Some((name.value.clone(), param.default.clone()?)));
    let mut params: BTreeMap<String, String> = defaults.collect();
    params.extend(source.params.clone());
    Ok(params)
}

/// The connector without the collections that the source does not take, and without the streams that only they need; the
/// names of these streams.
pub(super) fn narrowed(connector: &Connector, source: &SourceConfig) -> Result<(Connector, Vec<String>), CollectError> {
    let mut connector = connector.clone();
    let Some(taken) = &source.provides else {
        return Ok((connector, Vec::new()));
    };
    let manifest = &mut connector.manifest;
    let known: Vec<String> = manifest.provides.0.iter().map(|(word, _)| word.value.clone()).collect();
    let wrong = taken.iter().find(|(word, _)| !known.contains(word));
    if wrong.is_some() || taken.is_empty() {
        let (word, place) = wrong.map_or(("nothing", &source.place), |(word, place)| (word.as_str(), place));
        return Err(CollectError::Source {
            place: place.clone(),
            source_id: source.id.clone(),
            message: format!("the connector `{}` does not provide `{word}`", connector.id),
            help: did_you_mean(word, known.iter().map(String::as_str)),
        });
    }
    let is_taken = |word: &str| taken.iter().any(|(taken, _)| taken == word);
    let (kept, left): (Vec<_>, Vec<_>) = std::mem::take(&mut manifest.provides.0)
        .into_iter()
        .partition(|(word, _)| is_taken(&word.value));
    let names = |provides: &[(Spanned<String>, Vec<Spanned<String>>)]| -> BTreeSet<String> {
        let streams = provides.iter().flat_map(|(_, streams)| streams);
        streams.map(|stream| stream.value.clone()).collect()
    };
    let needed: BTreeSet<String> = manifest
        .streams
        .0
        .iter()
        .filter_map(|(_, spec)| Some(spec.each.as_ref()?.of.value.clone()))
        .collect();
    let not_needed: BTreeSet<String> = &(&names(&left) - &names(&kept)) - &needed;
    manifest.streams.0.retain(|(name, _)| !not_needed.contains(&name.value));
    manifest.provides.0 = kept;
    Ok((connector, not_needed.into_iter().collect()))
}

pub(super) fn options(connector: &Connector, source: &SourceConfig) -> BTreeMap<String, bool> {
    let declared = connector.manifest.options.0.iter();
    declared
        .map(|(name, _)| {
            (
                name.value.clone(),
                connector.manifest.option(&name.value, &source.options),
            )
        })
        .collect()
}

/// Word -> meaning for each column that has words: the manifest's, then the project's.
pub(super) fn words(connector: &Connector, source: &SourceConfig) -> Result<Words, CollectError> {
    let wrong = |message: String, help: String| CollectError::Source {
        place: source.place.clone(),
        source_id: source.id.clone(),
        message,
        help,
    };
    let declared = &connector.manifest.values.0;
    let mut words = Words::new();
    for (column, meanings) in declared {
        let own = words.entry(column.value.clone()).or_default();
        for (meaning, spellings) in &meanings.0 {
            own.extend(spellings.0.iter().map(|word| (folded(word), meaning.value.clone())));
        }
    }
    for (column, meanings) in &source.values {
        let Some((_, known)) = declared.iter().find(|(name, _)| name.value == *column) else {
            let known: Vec<&str> = declared.iter().map(|(name, _)| name.value.as_str()).collect();
            let help = if known.is_empty() {
                "leave it out".to_owned()
            } else {
                did_you_mean(column, known.iter().copied())
            };
            return Err(wrong(
                format!("the connector `{}` has no words for a column `{column}`", connector.id),
                help,
            ));
        };
        let mut stated: BTreeMap<String, &String> = BTreeMap::new();
        for (meaning, spellings) in meanings {
            if !known.0.iter().any(|(name, _)| name.value == *meaning) {
                let known: Vec<&str> = known.0.iter().map(|(name, _)| name.value.as_str()).collect();
                return Err(wrong(
                    format!("`{column}` has no meaning `{meaning}`"),
                    did_you_mean(meaning, known.iter().copied()),
                ));
            }
            for word in spellings {
                if let Some(before) = stated.insert(folded(word), meaning)
                    && before != meaning
                {
                    return Err(wrong(
                        format!("the word `{word}` means both `{before}` and `{meaning}`"),
                        "keep one of them".to_owned(),
                    ));
                }
                words
                    .entry(column.clone())
                    .or_default()
                    .insert(folded(word), meaning.clone());
            }
        }
    }
    Ok(words)
}
