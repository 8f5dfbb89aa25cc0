//! What a test may name: the engine says nothing of a package or a rule that is not there, and takes no function's place.
//!
//! Such a test holds for ever, or never; so it is refused, with its place.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead};

use super::super::error::RegoError;
use super::super::package::{name_of, names_of, root};
use super::super::tree::{each_in_rule, each_statement};
use crate::error::did_you_mean;

/// The packages of a suite, by name without `data.`: their rules, and which of these are functions.
struct Packages(BTreeMap<String, BTreeMap<String, bool>>);

/// Holds the files of tests against everything that is loaded with them.
///
/// # Errors
/// The first name that stands for nothing, or the first function that a `with` would take the place of.
pub fn hold(modules: &[Ref<Module>], tests: &BTreeSet<&str>) -> Result<(), RegoError> {
    let packages = Packages::of(modules);
    for module in modules {
        let file = module.package.span.source.file();
        if !tests.contains(file.as_str()) {
            continue;
        }
        hold_package(module, modules, tests)?;
        let imports = packages.imports(module)?;
        for rule in &module.policy {
            let mut wrong = None;
            each_statement(rule, &mut |statement, _| {
                for modifier in &statement.with_mods {
                    if let Err(error) = packages.hold_target(&modifier.refr, &imports) {
                        wrong.get_or_insert(error);
                    }
                }
            });
            each_in_rule(rule, &mut |expr| {
                if let Err(error) = packages.hold_reference(expr, &imports) {
                    wrong.get_or_insert(error);
                }
            });
            if let Some(wrong) = wrong {
                return Err(wrong);
            }
        }
    }
    Ok(())
}

/// Rules beside those of a policy would change what is tested.
fn hold_package(module: &Module, modules: &[Ref<Module>], tests: &BTreeSet<&str>) -> Result<(), RegoError> {
    let own = names_of(&module.package.refr);
    let policy = modules.iter().find(|other| {
        !tests.contains(other.package.span.source.file().as_str()) && names_of(&other.package.refr) == own
    });
    if policy.is_none() {
        return Ok(());
    }
    let name = own.unwrap_or_default().join(".");
    let message = format!("the tests stand in the package of the policy, `{name}`, and would add to it");
    let help = format!("write `package {name}_test`, and `import data.{name}`");
    Err(RegoError::refused(&module.package.span, message, help))
}

/// Imported names, each with what it stands for, `data.` left out.
type Imports = BTreeMap<String, Vec<String>>;

impl Packages {
    fn of(modules: &[Ref<Module>]) -> Self {
        let mut packages: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
        for module in modules {
            let name = names_of(&module.package.refr).unwrap_or_default().join(".");
            let rules = packages.entry(name).or_default();
            for rule in &module.policy {
                let is_function = match rule.as_ref() {
                    Rule::Spec { head, .. } => matches!(head, RuleHead::Func { .. }),
                    Rule::Default { args, .. } => !args.is_empty(),
                };
                rules.insert(name_of(rule).text().to_owned(), is_function);
            }
        }
        Self(packages)
    }

    fn imports(&self, module: &Module) -> Result<Imports, RegoError> {
        let mut imports = Imports::new();
        for import in &module.imports {
            let names = names_of(&import.refr).unwrap_or_default();
            let Some((first, path)) = names.split_first().filter(|(first, _)| *first == "data") else {
                continue;
            };
            debug_assert_eq!(first, "data");
            self.find(path)
                .map_err(|(message, help)| RegoError::refused(&import.span, message, help))?;
            let alias = import.r#as.as_ref().map(|span| span.text().to_owned());
            if let Some(alias) = alias.or_else(|| path.last().cloned()) {
                imports.insert(alias, path.to_vec());
            }
        }
        Ok(imports)
    }

    /// Whether a path leads to a function; an error where it leads to nothing.
    fn find(&self, path: &[String]) -> Result<bool, (String, String)> {
        for length in (1..=path.len()).rev() {
            let (package, rest) = path.split_at(length);
            let Some(rules) = self.0.get(&package.join(".")) else {
                continue;
            };
            return match rest.first() {
                None => Ok(false),
                Some(rule) => rules.get(rule).copied().ok_or_else(|| {
                    let message = format!("`{}` has no `{rule}`", package.join("."));
                    (message, did_you_mean(rule, rules.keys().map(String::as_str)))
                }),
            };
        }
        let written = path.join(".");
        let is_above = |package: &&String| package.starts_with(&format!("{written}."));
        if self.0.keys().any(|package| is_above(&package)) {
            return Ok(false);
        }
        let help = did_you_mean(&written, self.0.keys().map(String::as_str));
        Err((format!("there is no package `{written}` here"), help))
    }

    /// What a reference leads to, if it is one to a package: `alias.rule`, `data.package.rule`.
    fn path(expr: &Expr, imports: &Imports) -> Option<Vec<String>> {
        let mut known = expr;
        let names = loop {
            match names_of(known) {
                Some(names) => break names,
                // A computed name ends what the text tells.
                None => match known {
                    Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => known = refr,
                    _ => return None,
                },
            }
        };
        let (first, rest) = names.split_first()?;
        match imports.get(first) {
            Some(path) => Some(path.iter().chain(rest).cloned().collect()),
            None if first == "data" && !rest.is_empty() => Some(rest.to_vec()),
            None => None,
        }
    }

    fn hold_reference(&self, expr: &Expr, imports: &Imports) -> Result<(), RegoError> {
        if !matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. }) {
            return Ok(());
        }
        let Some(path) = Self::path(expr, imports) else {
            return Ok(());
        };
        let found = self.find(&path).map(drop);
        found.map_err(|(message, help)| RegoError::refused(root(expr), message, help))
    }

    /// `with` gives another input, another value to a rule, or another time.
    fn hold_target(&self, target: &Expr, imports: &Imports) -> Result<(), RegoError> {
        let names = names_of(target).unwrap_or_default();
        let first = names.first().map(String::as_str).unwrap_or_default();
        if first == "input" || names.join(".") == "time.now_ns" {
            return Ok(());
        }
        let refused = |message: String| {
            let help =
                "give another input, or another value to a rule: no engine of ours takes the place of a function";
            Err(RegoError::refused(root(target), message, help))
        };
        match Self::path(target, imports) {
            None => refused(format!(
                "`with` would take the place of `{}`, a function",
                names.join(".")
            )),
            Some(path) => match self.find(&path) {
                Ok(true) => refused(format!(
                    "`with` would take the place of `{}`, a function",
                    path.join(".")
                )),
                Ok(false) => Ok(()),
                Err((message, help)) => Err(RegoError::refused(root(target), message, help)),
            },
        }
    }
}
