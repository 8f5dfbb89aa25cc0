//! One parsed file, and what its names stand for. Unlike a [`super::super::Package`] it may import anything: tests
//! import the checks that they are about, and normalisers nothing.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead};

use super::super::error::RegoError;
use super::super::package::{names_of, place, root};
use super::super::source::SourceFile;
use super::super::tree::each_in_rule;
use crate::error::Place;

/// A parsed file.
#[derive(Debug)]
pub struct Parsed {
    pub(super) module: Module,
    pub(super) file: SourceFile,
    package: String,
    /// Imported names, and the whole path that each stands for.
    pub(super) imports: BTreeMap<String, Vec<String>>,
}

/// A rule by its name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The whole name, such as `facts.excess`.
    pub name: String,
    /// Where its head begins.
    pub place: Place,
}

impl Parsed {
    /// Parses a file.
    ///
    /// # Errors
    /// What the parser says.
    pub fn new(file: &SourceFile) -> Result<Self, RegoError> {
        let module = file.parse()?;
        let package = names_of(&module.package.refr).unwrap_or_default().join(".");
        let mut imports = BTreeMap::new();
        for import in &module.imports {
            let path = names_of(&import.refr).unwrap_or_default();
            let alias = match &import.r#as {
                Some(alias) => Some(alias.text().to_owned()),
                None => path.last().cloned(),
            };
            imports.extend(alias.map(|alias| (alias, path)));
        }
        Ok(Self {
            module,
            file: file.clone(),
            package,
            imports,
        })
    }

    /// Its package, without `data.`.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// Where the package is named.
    pub fn place(&self) -> Place {
        place(&self.module.package.span)
    }

    /// The file that it was made from.
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    /// Every definition of every rule, in the file's order.
    pub fn rules(&self) -> Vec<Named> {
        let named = |rule: &Ref<Rule>| Named {
            name: names_of(name_of(rule))
                .map_or_else(|| root(name_of(rule)).text().to_owned(), |names| names.join(".")),
            place: place(root(name_of(rule))),
        };
        self.module.policy.iter().map(named).collect()
    }

    /// The whole paths that anything in the file names: `input.params.days`, `data.lib.accounts.works_here`. An imported
    /// name stands for its path, a rule of the file's own for itself.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        for rule in &self.module.policy {
            each_in_rule(rule, &mut |expr| found.extend(self.path_of(expr)));
        }
        found
    }

    /// The same by the path of the rule that names them, as far as it goes by its first name.
    pub fn paths_by_rule(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for rule in &self.module.policy {
            let path = format!("data.{}.{}", self.package, root(name_of(rule)).text());
            let named = found.entry(path).or_default();
            each_in_rule(rule, &mut |expr| named.extend(self.path_of(expr)));
        }
        found
    }

    /// The rules, by their first name, that are reached from those that somebody reads.
    pub fn reached(&self, read: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
        let uses = self.paths_by_rule();
        let own = format!("data.{}.", self.package);
        let mut reached = BTreeSet::new();
        let rules = self.module.policy.iter();
        let names = rules.map(|rule| root(name_of(rule)).text().to_owned());
        let mut todo: Vec<String> = names.filter(|name| read(name)).collect();
        while let Some(name) = todo.pop() {
            if !reached.insert(name.clone()) {
                continue;
            }
            let used = uses.get(&format!("{own}{name}")).into_iter().flatten();
            todo.extend(used.filter_map(|path| Some(path.strip_prefix(&own)?.split('.').next()?.to_owned())));
        }
        reached
    }

    /// The whole path that a reference or a name stands for, as far as it is made of names.
    pub(super) fn path_of(&self, expr: &Expr) -> Option<String> {
        let names = leading_names(expr);
        let (first, rest) = names.split_first()?;
        let mut path = match (self.imports.get(first), first.as_str()) {
            (Some(path), _) => path.clone(),
            (None, "input" | "data") => vec![first.clone()],
            (None, _) if self.has_rule(first) => {
                let package = self.package.split('.').map(str::to_owned);
                std::iter::once("data".to_owned())
                    .chain(package)
                    .chain([first.clone()])
                    .collect()
            }
            _ => return None,
        };
        path.extend(rest.iter().cloned());
        Some(path.join("."))
    }

    pub(super) fn has_rule(&self, name: &str) -> bool {
        self.definitions(name).next().is_some()
    }

    /// The definitions of the rules whose name begins with this.
    pub(super) fn definitions<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Rule> {
        let named = move |rule: &&'a Ref<Rule>| root(name_of(rule)).text() == name;
        self.module.policy.iter().filter(named).map(AsRef::as_ref)
    }
}

/// The name in the head of a rule.
pub(super) fn name_of(rule: &Rule) -> &Expr {
    match rule {
        Rule::Spec { head, .. } => match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        },
        Rule::Default { refr, .. } => refr,
    }
}

/// The names that a reference begins with: of `a.b[x].c`, `a` and `b`.
fn leading_names(expr: &Expr) -> Vec<String> {
    match expr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => match names_of(expr) {
            Some(names) => names,
            None => leading_names(refr),
        },
        Expr::Var { span, .. } => vec![span.text().to_owned()],
        Expr::Call { fcn, .. } => leading_names(fcn),
        _ => Vec::new(),
    }
}
