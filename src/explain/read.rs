//! The values that a check can look at for one subject.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::check::Check;
use crate::rego::{Cut, Look, Path, ReadSet, Step};
use crate::subject::Subject;

/// One value that was read, or one that could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Its path; an element of a list by its number, from 0.
    pub path: String,
    /// What is there; null where that is not known.
    pub value: Option<Json>,
    /// Whether only the number of elements matters, which is then the value.
    pub counted: bool,
}

/// Every value of a check's read set, sorted by path.
pub fn of(check: &Check, subject: &Subject, document: &Json) -> Vec<Read> {
    // Below a list, all that is read of an element stands together.
    let mut lists: BTreeMap<Path, ReadSet> = BTreeMap::new();
    let mut plain: Vec<(&Path, Look)> = Vec::new();
    for (path, look) in check.reads.looked_at() {
        match path.0.iter().position(|step| *step == Step::Each) {
            Some(at) => {
                let (list, element) = path.0.split_at(at);
                let below = Path(element.iter().skip(1).cloned().collect());
                lists.entry(Path(list.to_vec())).or_default().add(below, look);
            }
            None => plain.push((path, look)),
        }
    }
    let mut read = Vec::new();
    for (path, look) in plain {
        let value = at(document, path);
        match value.filter(|_| is_known(subject, path)) {
            None => read.push(not_known(path)),
            Some(value) if look == Look::Counted => {
                // Where its elements are read, they stand for their number, unless there are none.
                let count = value.as_array().map_or(0, Vec::len);
                if !lists.contains_key(path) || count == 0 {
                    read.push(Read {
                        path: path.to_string(),
                        value: Some(Json::from(count)),
                        counted: true,
                    });
                }
            }
            Some(value) => flat(&path.to_string(), value, subject, &mut read),
        }
    }
    for (path, below) in lists {
        if !is_known(subject, &path) {
            if !read.iter().any(|read| read.path == path.to_string()) {
                read.push(not_known(&path));
            }
            continue;
        }
        let cut = Cut::new(&below);
        let missing: Vec<Path> = missing_below(subject, &path)
            .into_iter()
            .filter(|missing| meets(&below, missing, path.0.len()))
            .collect();
        let elements: Vec<&Json> = at(document, &path)
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .collect();
        // Elements of which nothing is known have no values.
        let is_unknown = missing.iter().any(|missing| missing.0.len() == path.0.len() + 1);
        if is_unknown {
            read.extend(missing.iter().map(not_known));
            continue;
        }
        let known = |element: &Json| {
            let mut element = cut.apply(element);
            for missing in &missing {
                without(&mut element, missing.0.get(path.0.len() + 1..).unwrap_or_default());
            }
            element
        };
        if !elements.is_empty() && !elements.iter().any(|element| element.is_object()) {
            read.push(Read {
                path: path.to_string(),
                value: Some(elements.into_iter().map(known).collect()),
                counted: false,
            });
            read.extend(missing.iter().map(not_known));
            continue;
        }
        let elements = elements.into_iter().enumerate().map(|(number, element)| Read {
            path: format!("{path}[{number}]"),
            value: Some(known(element)),
            counted: false,
        });
        read.extend(elements);
        read.extend(missing.iter().map(not_known));
    }
    read.sort_by(|a, b| natural(&a.path).cmp(&natural(&b.path)));
    read
}

/// A value without what of it is not known: what stands there says nothing. The steps lead from the value.
pub(super) fn without(value: &mut Json, steps: &[Step]) {
    match steps.split_first() {
        None => {}
        Some((Step::Field(name), [])) => {
            if let Some(record) = value.as_object_mut() {
                record.remove(name);
            }
        }
        Some((Step::Field(name), rest)) => {
            if let Some(field) = value.get_mut(name) {
                without(field, rest);
            }
        }
        Some((Step::Each, rest)) => match value {
            Json::Array(elements) if rest.is_empty() => elements.clear(),
            Json::Array(elements) => elements.iter_mut().for_each(|element| without(element, rest)),
            Json::Object(fields) if rest.is_empty() => fields.clear(),
            Json::Object(fields) => fields.values_mut().for_each(|field| without(field, rest)),
            _ => {}
        },
    }
}

/// A document without what a subject's source did not say.
pub(super) fn known(mut document: Json, subject: &Subject) -> Json {
    for missing in &subject.unavailable {
        without(&mut document, &Path::parse(missing).0);
    }
    document
}

/// What of a subject is not known and lies below a path.
fn missing_below(subject: &Subject, path: &Path) -> Vec<Path> {
    let missing = subject.unavailable.iter().map(|missing| Path::parse(missing));
    missing
        .filter(|missing| missing.0.len() > path.0.len() && path.covers(missing))
        .collect()
}

/// A record as its fields, one by one.
fn flat(path: &str, value: &Json, subject: &Subject, read: &mut Vec<Read>) {
    if !is_known(subject, &Path::parse(path)) {
        read.push(not_known(&Path::parse(path)));
        return;
    }
    match value {
        Json::Object(fields) if !fields.is_empty() => {
            for (name, field) in fields {
                flat(&format!("{path}.{name}"), field, subject, read);
            }
        }
        plain => {
            let at = Path::parse(path);
            let missing = missing_below(subject, &at);
            let mut value = plain.clone();
            for missing in &missing {
                without(&mut value, missing.0.get(at.0.len()..).unwrap_or_default());
            }
            read.push(Read {
                path: path.to_owned(),
                value: Some(value),
                counted: false,
            });
            // An empty list lacks nothing.
            let is_empty = plain.as_array().is_some_and(Vec::is_empty);
            read.extend(missing.iter().filter(|_| !is_empty).map(not_known));
        }
    }
}

/// Whether a read set below a list looks at a path that goes through it.
fn meets(below: &ReadSet, missing: &Path, list: usize) -> bool {
    let rest = Path(missing.0.iter().skip(list + 1).cloned().collect());
    below.meets(&rest)
}

fn not_known(path: &Path) -> Read {
    Read {
        path: path.to_string(),
        value: None,
        counted: false,
    }
}

fn is_known(subject: &Subject, path: &Path) -> bool {
    let mut missing = subject.unavailable.iter();
    !missing.any(|missing| Path::parse(missing).covers(path))
}

fn at<'a>(document: &'a Json, path: &Path) -> Option<&'a Json> {
    path.0.iter().try_fold(document, |value, step| match step {
        Step::Field(name) => value.get(name),
        Step::Each => None,
    })
}

/// Numbers by their size: the tenth element after the ninth.
fn natural(path: &str) -> Vec<(u64, &str)> {
    let part = |part| (str::parse(part).unwrap_or(0), part);
    path.split(['.', '[', ']']).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_known_is_taken_out_of_lists_and_of_lists_in_lists() {
        let whole = json!({"accounts": [
            {"key": "crm:1", "class": "staff", "roles": [{"id": "5", "name": "admin"}, {"id": "6", "name": "user"}]},
            {"key": "crm:2", "class": "none", "roles": []}]});
        let table = [
            (
                "accounts[].class",
                json!({"accounts": [
                    {"key": "crm:1", "roles": [{"id": "5", "name": "admin"}, {"id": "6", "name": "user"}]},
                    {"key": "crm:2", "roles": []}]}),
            ),
            (
                "accounts[].roles[].name",
                json!({"accounts": [
                    {"key": "crm:1", "class": "staff", "roles": [{"id": "5"}, {"id": "6"}]},
                    {"key": "crm:2", "class": "none", "roles": []}]}),
            ),
            (
                "accounts[].roles[]",
                json!({"accounts": [
                    {"key": "crm:1", "class": "staff", "roles": []},
                    {"key": "crm:2", "class": "none", "roles": []}]}),
            ),
            ("accounts", json!({})),
            ("accounts[].nothing.there", whole.clone()),
        ];
        for (path, left) in table {
            let mut value = whole.clone();
            without(&mut value, &Path::parse(path).0);
            assert_eq!(value, left, "{path}");
        }
    }
}
