//! Many whole documents of a subject, made from its schema: the same ones at every run.

use rolecall::rego::Path;
use serde_json::{Map, Value as Json, json};

/// A field of a document, and every value that is tried there.
struct Field {
    pointer: String,
    values: Vec<Json>,
}

/// Texts that stand for ids and names. They are few, so that lists often share one.
const TEXTS: [&str; 5] = ["5", "p1", "sales-rep", "E-17", ""];

/// One value for a schema: the first of what it admits, null last.
fn plain(schema: &Json) -> Json {
    if let Some(alternatives) = schema["anyOf"].as_array() {
        return alternatives
            .iter()
            .find(|one| one["type"] != "null")
            .map_or(Json::Null, plain);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Json::Object(fields.map(|(name, field)| (name.clone(), plain(field))).collect())
        }
        Some("array") => json!([plain(&schema["items"])]),
        Some("string") => schema["enum"].get(0).cloned().unwrap_or_else(|| json!(TEXTS[0])),
        Some("integer") => json!(1),
        Some("boolean") => json!(true),
        _ => json!({}),
    }
}

/// The values that are tried for a schema, one after the other.
fn values(schema: &Json) -> Vec<Json> {
    if let Some(alternatives) = schema["anyOf"].as_array() {
        return alternatives.iter().flat_map(values).collect();
    }
    match schema["type"].as_str() {
        Some("null") => vec![Json::Null],
        Some("boolean") => vec![json!(true), json!(false)],
        Some("integer") => vec![json!(0), json!(1), json!(-39)],
        Some("string") => match schema["enum"].as_array() {
            Some(words) => words.clone(),
            None => TEXTS.iter().map(|text| json!(text)).collect(),
        },
        Some("array") => {
            let of = values(&schema["items"]);
            let mut lists = vec![json!([])];
            lists.extend(of.iter().map(|one| json!([one])));
            lists.extend(of.iter().zip(of.iter().skip(1)).map(|(one, other)| json!([one, other])));
            lists
        }
        _ => vec![plain(schema)],
    }
}

/// Every field of a document with the values to try, lists of records gone into as far as they reach in the document.
fn fields(schema: &Json, document: &Json, pointer: &str, found: &mut Vec<Field>) {
    match (schema["type"].as_str(), document) {
        (Some("object"), Json::Object(record)) => {
            for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                let pointer = format!("{pointer}/{name}");
                if let Some(value) = record.get(name) {
                    fields(field, value, &pointer, found);
                }
            }
        }
        (Some("array"), Json::Array(list)) => {
            found.push(Field {
                pointer: pointer.to_owned(),
                values: values(schema),
            });
            for (index, element) in list.iter().enumerate() {
                if element.is_object() {
                    fields(&schema["items"], element, &format!("{pointer}/{index}"), found);
                }
            }
        }
        _ => found.push(Field {
            pointer: pointer.to_owned(),
            values: values(schema),
        }),
    }
}

/// Small steps from a fixed start, so that every run tries the same.
struct Steps(u64);

impl Steps {
    /// splitmix64.
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap_or_default()
    }
}

/// Documents that differ from each base in every field on its own, and then, so many times, in several of the fields that
/// somebody looks at. Every other time the first value is taken, which is the empty one of a list: that is where mistakes are.
pub fn vary(
    schema: &Json,
    bases: &[Json],
    params: &[(&str, Vec<Json>)],
    looked_at: impl Fn(&Path) -> bool,
    several: usize,
) -> Vec<Json> {
    let mut documents: Vec<Json> = bases.to_vec();
    let mut steps = Steps(17);
    for base in bases {
        let mut all = Vec::new();
        fields(schema, base, "", &mut all);
        // What the subject is, what the time is and what is unavailable, no policy reads.
        all.retain(|field| {
            !["/subject", "/now", "/today", "/unavailable", "/params"].contains(&field.pointer.as_str())
        });
        let set = params.iter().map(|(name, values)| Field {
            pointer: format!("/params/{name}"),
            values: values.clone(),
        });
        all.extend(set);
        for field in &all {
            documents.extend(field.values.iter().map(|value| changed(base, &field.pointer, value)));
        }
        all.retain(|field| looked_at(&path(&field.pointer)));
        for _ in 0..several {
            let mut document = base.clone();
            for _ in 0..2 + steps.next(4) {
                let field = &all[steps.next(all.len())];
                let value = steps.next(2) * steps.next(field.values.len());
                document = changed(&document, &field.pointer, &field.values[value]);
            }
            documents.push(document);
        }
    }
    documents
}

/// `/rules/0/ticket` as `rules[].ticket`.
fn path(pointer: &str) -> Path {
    let mut text = String::new();
    for step in pointer.split('/').filter(|step| !step.is_empty()) {
        if step.bytes().all(|byte| byte.is_ascii_digit()) {
            text.push_str("[]");
        } else {
            text.push_str(if text.is_empty() { "" } else { "." });
            text.push_str(step);
        }
    }
    Path::parse(&text)
}

/// The document with one value replaced; a pointer that an earlier change has taken away changes nothing.
fn changed(document: &Json, pointer: &str, value: &Json) -> Json {
    let mut document = document.clone();
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value.clone();
    }
    keep_in_step(&mut document);
    document
}

/// Names run parallel to ids.
fn keep_in_step(document: &mut Json) {
    if let Some(account) = document.get_mut("account").and_then(Json::as_object_mut) {
        for (ids, names) in [
            ("role_ids", "role_names"),
            ("permission_set_ids", "permission_set_names"),
        ] {
            let copy = account.get(ids).cloned().unwrap_or_default();
            account.insert(names.to_owned(), copy);
        }
    }
}

/// A record merged over another, as deep as both are records.
pub fn merged(base: &Json, change: &Json) -> Json {
    match (base, change) {
        (Json::Object(base), Json::Object(change)) => {
            let mut all: Map<String, Json> = base.clone();
            for (name, value) in change {
                let below = all.get(name).map_or_else(|| value.clone(), |old| merged(old, value));
                all.insert(name.clone(), below);
            }
            Json::Object(all)
        }
        _ => change.clone(),
    }
}
