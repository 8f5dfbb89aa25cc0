//! Keys: every row once, and no row that nobody could name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The rows of a stream by their keys.
#[derive(Default)]
pub(super) struct Keyed {
    rows: Vec<Value>,
    by_key: BTreeMap<(Option<String>, String), usize>,
    /// What the first key was: a number or a text.
    numbers: Option<bool>,
    lost: u64,
    repeated: u64,
    conflicting: BTreeSet<String>,
}

impl Keyed {
    /// Takes one row; whether its key is new.
    ///
    /// # Errors
    /// What is wrong with its key, said of "record 3". The row is kept if it has a key at all.
    pub(super) fn take(&mut self, pointer: Option<&str>, parent: Option<&str>, row: Value) -> Result<bool, String> {
        let shown = |row: Value| parent.map_or(row.clone(), |parent| super::of_parent(parent, &row));
        let Some(pointer) = pointer else {
            self.rows.push(shown(row));
            return Ok(true);
        };
        let found = row.pointer(pointer);
        let number = matches!(found, Some(Value::Number(_)));
        let Some(key) = found.and_then(text) else {
            self.lost += 1;
            let why = match found {
                None => format!("has nothing at `{pointer}`, its key"),
                Some(Value::Null) => format!("has null at `{pointer}`, its key"),
                Some(_) => format!("has at `{pointer}` no text and no whole number for a key"),
            };
            return Err(why);
        };
        let mixed = *self.numbers.get_or_insert(number) != number;
        let row = shown(row);
        match self.by_key.get(&(parent.map(str::to_owned), key.clone())) {
            Some(index) if self.rows.get(*index) == Some(&row) => {
                self.repeated += 1;
                return Ok(false);
            }
            Some(index) => {
                // The list moved while it was read. The later answer is the newer one.
                if let Some(place) = self.rows.get_mut(*index) {
                    *place = row;
                }
                self.conflicting.insert(key.clone());
                return Err(format!("has the key `{key}` of an earlier record, and other values"));
            }
            None => {
                self.by_key.insert((parent.map(str::to_owned), key), self.rows.len());
                self.rows.push(row);
            }
        }
        if mixed {
            return Err(format!(
                "has at `{pointer}` a {} where earlier records have the other",
                if number { "number" } else { "text" }
            ));
        }
        Ok(true)
    }

    /// Rows with different keys, rows without one, and rows that came again.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        (self.rows.len() as u64, self.lost, self.repeated)
    }

    /// The rows, and the keys that came with different values: which of them is true, nobody knows.
    pub(super) fn into_rows(self) -> (Vec<Value>, BTreeSet<String>) {
        (self.rows, self.conflicting)
    }
}

/// A key or id as text: a non-empty text, or a whole number in digits.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
