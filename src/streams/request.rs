//! Whether an answer is one to the question that its stream asks.

use crate::connector::manifest::{Manifest, PageBy, StreamSpec};
use crate::recording::Answer;

/// Holds what was asked against the stream's path; of a first answer also that it is the list's beginning.
///
/// # Errors
/// What was asked for instead. An answer that does not say what was asked is taken at its word.
pub(super) fn asks_for(
    manifest: &Manifest,
    spec: &StreamSpec,
    parent: Option<&str>,
    first: bool,
    answer: &Answer,
) -> Result<(), String> {
    let (Some(asked), Some(template)) = (&answer.request_path, &spec.path) else {
        return Ok(());
    };
    let by = spec.page.as_ref().map_or(PageBy::None, |page| page.by.value);
    // Where an answer names the next address, only the first is ours.
    let elsewhere = !first && matches!(by, PageBy::NextUrl | PageBy::Link);
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let own = manifest
        .base
        .as_ref()
        .and_then(|base| path_of(&base.value))
        .unwrap_or_default();
    let below = path.trim_start_matches('/').strip_prefix(own);
    let below = below.filter(|_| !own.is_empty());
    let template = template.value.split('?').next().unwrap_or_default();
    let value = |name: &str| match &spec.each {
        Some(each) if each.name == name => parent,
        _ => None,
    };
    let fits = |path: &str| fits(template, path, &value);
    if !elsewhere && !fits(path) && !below.is_some_and(fits) {
        return Err(format!(
            "the answer is to `{path}`, and the stream asks for `{template}`"
        ));
    }
    let Some(page) = spec.page.as_ref().filter(|_| first) else {
        return Ok(());
    };
    let zero = page.first.unwrap_or(0).to_string();
    for (key, begins) in [
        (&page.start, zero.as_str()),
        (&page.page, zero.as_str()),
        (&page.param, ""),
    ] {
        let Some(key) = key else { continue };
        let found = query.split('&').filter_map(|pair| pair.split_once('='));
        if let Some((_, at)) = found
            .into_iter()
            .find(|(name, at)| name == key && *at != begins && !at.is_empty())
        {
            return Err(format!("the first answer begins at `{key}={at}`, not at the beginning"));
        }
    }
    Ok(())
}

/// The path of an address, without the slashes around it.
fn path_of(base: &str) -> Option<&str> {
    let (_, path) = base.split_once("://")?.1.split_once('/')?;
    Some(path.trim_end_matches('/'))
}

/// Whether a path is one that the template can become; `{name}` is one part of it.
fn fits<'a>(template: &str, path: &str, value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let (wanted, found): (Vec<&str>, Vec<&str>) = (parts(template), parts(path));
    wanted.len() == found.len()
        && wanted.iter().zip(&found).all(|(wanted, found)| {
            let name = wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            match name {
                // What is escaped in a path is not compared letter by letter.
                Some(name) => {
                    value(name).is_none_or(|value| value == *found || found.contains('%')) && !found.is_empty()
                }
                None => wanted.contains('{') || wanted == found,
            }
        })
}

fn parts(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}
