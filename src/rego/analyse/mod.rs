//! What a check can look at, worked out from its text.
//!
//! An expression is a *place* (a path of `input` that nobody has looked at yet) or a *value*. A place is handed on by
//! `:=` to a plain variable, by `some … in` and `every … in`, by an index into a list, and by a plain parameter of a
//! function of ours. Whatever else meets a place reads it whole. So every reason gets the set of paths that its answer
//! can depend on, and nobody has to declare it.
//!
//! On the way the text is held against the subject's schema and against the constructs on which the engines differ.

mod call;
mod expression;
mod meaning;
mod negation;
mod reference;
mod scope;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Ref, Rule, RuleHead, Span};

use self::walk::Walk;
use super::error::RegoError;
use super::package::{Package, literal_text, name_of, names_of, place};
use super::path::{Path, ReadSet};
use super::schema::Schema;
use crate::error::Place;

/// The four things that the engine asks of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// Reasons not to judge a subject.
    Skip,
    /// Reasons why it fails.
    Fail,
    /// Reasons why it cannot be judged.
    Unknown,
    /// Values for messages.
    Facts,
}

impl Output {
    /// The name of the rule.
    pub const fn name(self) -> &'static str {
        match self {
            Output::Skip => "skip",
            Output::Fail => "fail",
            Output::Unknown => "unknown",
            Output::Facts => "facts",
        }
    }

    const ALL: [Output; 4] = [Output::Skip, Output::Fail, Output::Unknown, Output::Facts];
}

/// What one reason or fact reads.
#[derive(Debug, Clone)]
pub struct OutputReads {
    /// Which output.
    pub output: Output,
    /// The reason's code or the fact's name.
    pub code: String,
    /// Where it is first given.
    pub place: Place,
    /// What it can look at.
    pub reads: ReadSet,
}

/// A record that is read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeRecord {
    /// Where the text begins that reads it.
    pub place: Place,
    /// How many characters of that line it takes.
    pub width: usize,
    /// Which record.
    pub path: Path,
    /// Whether a reason reads it: what only a fact reads decides no verdict.
    pub decides: bool,
}

/// What the text of a check says about it.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// One entry per reason and fact, sorted by output and code.
    pub outputs: Vec<OutputReads>,
    /// The library packages that something in it uses.
    pub libraries: BTreeSet<String>,
    /// Where records are read whole; those in libraries too.
    pub whole_records: Vec<WholeRecord>,
}

/// Works out the read sets of a check and holds its text against the schema.
///
/// # Errors
/// [`RegoError::Refused`] at the first place that is wrong: an unknown path, word, function or construct, a computed
/// reason code, a rule that nothing reaches.
pub fn analyse(check: &Package, libraries: &BTreeMap<String, Package>, schema: &Schema) -> Result<Analysis, RegoError> {
    analysed(Walk::new(check, libraries, schema), check)
}

/// The same, for whoever tests a check: `print` may stand in it, and what it shows counts as read by nobody.
///
/// # Errors
/// As [`analyse`].
pub fn analyse_for_tests(
    check: &Package,
    libraries: &BTreeMap<String, Package>,
    schema: &Schema,
) -> Result<Analysis, RegoError> {
    let mut walk = Walk::new(check, libraries, schema);
    walk.may_print = true;
    analysed(walk, check)
}

fn analysed<'a>(mut walk: Walk<'a>, check: &'a Package) -> Result<Analysis, RegoError> {
    let mut found: BTreeMap<(Output, String), OutputReads> = BTreeMap::new();
    let mut whole_records: BTreeMap<(Place, Path), WholeRecord> = BTreeMap::new();
    for output in Output::ALL {
        for rule in check.rules.get(output.name()).into_iter().flatten() {
            let (code, span) = code_of(output, rule)?;
            let reads = walk.rule_alone(rule)?;
            for ((place, path), width) in std::mem::take(&mut walk.whole_records) {
                let read = whole_records
                    .entry((place.clone(), path.clone()))
                    .or_insert(WholeRecord {
                        place,
                        width,
                        path,
                        decides: false,
                    });
                read.decides |= output != Output::Facts;
            }
            let entry = found.entry((output, code.clone())).or_insert_with(|| OutputReads {
                output,
                code,
                place: place(&span),
                reads: ReadSet::default(),
            });
            entry.reads.join(&reads);
        }
    }
    refuse_unreached(check, &walk.reached)?;
    let libraries = walk
        .reached
        .iter()
        .map(|(package, _)| package.clone())
        .filter(|name| *name != check.name);
    Ok(Analysis {
        libraries: libraries.collect(),
        whole_records: whole_records.into_values().collect(),
        outputs: found.into_values().collect(),
    })
}

/// The literal code of a reason, or the name of a fact.
fn code_of(output: Output, rule: &Ref<Rule>) -> Result<(String, Span), RegoError> {
    let name = output.name();
    match (output, rule.as_ref()) {
        (
            Output::Facts,
            Rule::Spec {
                head: RuleHead::Compr { refr, span, .. },
                ..
            },
        ) => match names_of(refr).as_deref() {
            Some([_, fact]) => Ok((fact.clone(), span.clone())),
            _ => Err(RegoError::refused(
                span,
                "a fact is not named",
                "write `facts.<name> := …`",
            )),
        },
        (Output::Facts, other) => Err(RegoError::refused(
            name_of(other),
            "a fact is not named",
            "write `facts.<name> := …`",
        )),
        (
            _,
            Rule::Spec {
                head: RuleHead::Set {
                    key: Some(key), refr, ..
                },
                ..
            },
        ) if matches!(refr.as_ref(), Expr::Var { .. }) => {
            let help = format!("write one rule per reason: `{name} contains \"the_code\" if …`");
            literal_text(key)
                .map(|code| (code, key.span().clone()))
                .ok_or_else(|| RegoError::refused(key.span(), format!("a reason code of `{name}` is computed"), help))
        }
        (_, other) => {
            let help = format!("write `{name} contains \"the_code\" if …`");
            Err(RegoError::refused(
                name_of(other),
                format!("`{name}` is not a set of reason codes"),
                help,
            ))
        }
    }
}

/// A misspelt `fial` would otherwise pass for ever.
fn refuse_unreached(check: &Package, reached: &BTreeSet<(String, String)>) -> Result<(), RegoError> {
    for (name, rules) in &check.rules {
        let is_output = Output::ALL.iter().any(|output| output.name() == name);
        if is_output || reached.contains(&(check.name.clone(), name.clone())) {
            continue;
        }
        let Some(rule) = rules.first() else { continue };
        let outputs = Output::ALL.map(Output::name);
        let help = match crate::error::nearest(name, outputs) {
            Some(output) => format!("did you mean `{output}`?"),
            None => "use it in `skip`, `fail`, `unknown` or `facts`, or delete it".to_owned(),
        };
        return Err(RegoError::refused(
            name_of(rule),
            format!("nothing reaches the rule `{name}`"),
            help,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
