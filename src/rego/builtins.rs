//! The builtins that a policy may call: pure, bounded by their input, and the same on both engines.
//!
//! Left out on purpose: `walk` and `object.subset`, `strings.count` (regorus answers wrongly or panics),
//! `time.add_date` (another day at the end of a month), `numbers.range*` and `bits.*` (unbounded), everything that reaches outside, and `time.now_ns`: the time is `input.now`.

use regorus::unstable::Expr;

use super::error::RegoError;
use super::package::{literal_text, whole};

/// Name and number of arguments.
const ALLOWED: &[(&str, usize)] = &[
    ("abs", 1),
    ("array.concat", 2),
    ("array.reverse", 1),
    ("array.slice", 3),
    ("ceil", 1),
    ("concat", 2),
    ("contains", 2),
    ("count", 1),
    ("endswith", 2),
    ("floor", 1),
    ("format_int", 2),
    ("glob.match", 3),
    ("indexof", 2),
    ("indexof_n", 2),
    ("intersection", 1),
    ("is_array", 1),
    ("is_boolean", 1),
    ("is_null", 1),
    ("is_number", 1),
    ("is_object", 1),
    ("is_set", 1),
    ("is_string", 1),
    ("lower", 1),
    ("max", 1),
    ("min", 1),
    ("object.filter", 2),
    ("object.get", 3),
    ("object.keys", 1),
    ("object.remove", 2),
    ("object.union", 2),
    ("object.union_n", 1),
    ("product", 1),
    ("regex.match", 2),
    ("replace", 3),
    ("round", 1),
    ("sort", 1),
    ("split", 2),
    ("sprintf", 2),
    ("startswith", 2),
    ("strings.any_prefix_match", 2),
    ("strings.any_suffix_match", 2),
    ("strings.reverse", 1),
    ("substring", 3),
    ("sum", 1),
    ("time.date", 1),
    ("time.diff", 2),
    ("time.parse_duration_ns", 1),
    ("time.parse_rfc3339_ns", 1),
    ("time.weekday", 1),
    ("to_number", 1),
    ("trim", 2),
    ("trim_left", 2),
    ("trim_prefix", 2),
    ("trim_right", 2),
    ("trim_space", 1),
    ("trim_suffix", 2),
    ("type_name", 1),
    ("union", 1),
    ("upper", 1),
];

/// What a normaliser may call beside these: a check says what is so, a normaliser quotes what it could not understand.
const FOR_NORMALISERS: &[(&str, usize)] = &[("json.marshal", 1)];

/// How many arguments a builtin takes that a normaliser may call.
pub fn normaliser_arity(name: &str) -> Option<usize> {
    let own = FOR_NORMALISERS.iter().find(|(known, _)| *known == name);
    own.map(|(_, arity)| *arity).or_else(|| arity(name))
}

/// The names of those.
pub fn normaliser_names<'a>() -> impl Iterator<Item = &'a str> + Clone {
    names().chain(FOR_NORMALISERS.iter().map(|(name, _)| *name))
}

/// A width that nobody means: `%900000000d` is a text of 900 MB.
const WIDEST: usize = 3;

/// Refuses what makes a bounded builtin unbounded: the format of `sprintf` says how long its answer is, so it has to be
/// there to be read.
///
/// # Errors
/// A format that is computed, or that asks for a thousand characters or more.
pub fn hold_format(name: &str, format: Option<&Expr>) -> Result<(), RegoError> {
    let (true, Some(format)) = (name == "sprintf", format) else {
        return Ok(());
    };
    let Some(text) = literal_text(format) else {
        let help = "write the format as a text, and what varies in its list";
        return Err(RegoError::refused(
            &whole(format),
            "the format of `sprintf` is computed",
            help,
        ));
    };
    let mut digits = text.split('%').skip(1).map(|rest| {
        let rest = rest.trim_start_matches(|c: char| !c.is_numeric() && !c.is_alphabetic());
        rest.chars().take_while(|c| c.is_numeric()).count()
    });
    if digits.any(|digits| digits > WIDEST) {
        let help = "leave the width out, or make it smaller than 1000";
        return Err(RegoError::refused(
            &whole(format),
            "a width of a thousand characters or more",
            help,
        ));
    }
    Ok(())
}

/// How many arguments an allowed builtin takes.
pub fn arity(name: &str) -> Option<usize> {
    ALLOWED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, arity)| *arity)
}

/// Their names.
pub fn names<'a>() -> impl Iterator<Item = &'a str> + Clone {
    ALLOWED.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_lists_them() {
        let readme = include_str!("../../policies/README.md");
        let list = readme
            .split("### Builtins")
            .nth(1)
            .unwrap()
            .split("Left out")
            .next()
            .unwrap();
        let listed: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
        assert_eq!(listed, names().collect::<Vec<_>>());
    }
}
