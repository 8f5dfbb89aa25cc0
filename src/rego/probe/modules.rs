//! The parsed files, and which rule a name means in each of them.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead};

use super::super::package::{literal_text, names_of};
use super::super::unparse;

/// One file.
pub(super) struct File {
    pub package: Vec<String>,
    /// Its imports as they are written, for files beside it.
    pub import_lines: Vec<String>,
    /// Imported paths by name.
    imports: BTreeMap<String, Vec<String>>,
    rules: Vec<Ref<Rule>>,
}

/// All files.
pub(super) struct Modules(pub Vec<File>);

/// A rule, or a part of what it gives: the path after its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub package: Vec<String>,
    pub names: Vec<String>,
}

impl Modules {
    pub fn new(modules: &[Ref<Module>]) -> Self {
        Self(modules.iter().map(|module| File::new(module)).collect())
    }

    /// The rule that an expression of a file refers to, or whose function it names; none of a local variable.
    pub fn target(&self, file: usize, expr: &Expr, is_local: impl Fn(&str) -> bool) -> Option<Target> {
        let names = fixed_names(expr);
        let (first, rest) = names.split_first()?;
        let of = self.0.get(file)?;
        let path: Vec<String> = match of.imports.get(first) {
            _ if is_local(first) => return None,
            Some(path) => path.iter().chain(rest).cloned().collect(),
            None if first == "data" => names,
            None => ["data".to_owned()]
                .into_iter()
                .chain(of.package.clone())
                .chain(names)
                .collect(),
        };
        let path = path.strip_prefix(["data".to_owned()].as_slice())?;
        let holds = |length: &usize| {
            let (package, names) = path.split_at(*length);
            self.0.iter().any(|file| file.package == package && file.defines(names))
        };
        let length = (1..path.len()).rev().find(holds)?;
        let (package, names) = path.split_at(length);
        Some(Target {
            package: package.to_vec(),
            names: names.to_vec(),
        })
    }

    /// Every definition of a rule, with its file.
    pub fn definitions(&self, target: &Target) -> Vec<(usize, &Ref<Rule>)> {
        let files = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, file)| file.package == target.package);
        let rules = files.flat_map(|(index, file)| file.rules.iter().map(move |rule| (index, rule)));
        rules.filter(|(_, rule)| is_of(rule, &target.names)).collect()
    }

    /// Whether a rule is a set of what its definitions give, such as `fail`.
    pub fn is_set(&self, target: &Target) -> bool {
        let set = |rule: &Rule| {
            matches!(
                rule,
                Rule::Spec {
                    head: RuleHead::Set { .. },
                    ..
                }
            )
        };
        self.definitions(target).iter().any(|(_, rule)| set(rule))
    }
}

impl File {
    fn new(module: &Module) -> Self {
        let mut imports = BTreeMap::new();
        for import in &module.imports {
            let path = names_of(&import.refr).unwrap_or_default();
            let alias = import.r#as.as_ref().map(|span| span.text().to_owned());
            if let Some(name) = alias.or_else(|| path.last().cloned())
                && path.first().is_some_and(|first| first != "rego")
            {
                imports.insert(name, path);
            }
        }
        Self {
            package: names_of(&module.package.refr).unwrap_or_default(),
            import_lines: module.imports.iter().filter_map(unparse::import).collect(),
            imports,
            rules: module.policy.clone(),
        }
    }

    /// Whether a name is one of its imports.
    pub fn imports(&self, name: &str) -> bool {
        self.imports.contains_key(name)
    }

    fn defines(&self, names: &[String]) -> bool {
        self.rules.iter().any(|rule| is_of(rule, names))
    }

    /// Whether a name is that of a rule of this file, as far as its first dot.
    pub fn has_rule(&self, name: &str) -> bool {
        let first = |rule: &Ref<Rule>| fixed_names(reference(rule)).first().is_some_and(|first| first == name);
        self.rules.iter().any(first)
    }
}

/// The names that a definition stands under.
pub(super) fn reference(rule: &Rule) -> &Expr {
    match rule {
        Rule::Spec {
            head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. },
            ..
        }
        | Rule::Default { refr, .. } => refr,
    }
}

/// Whether a definition is asked for: it, something below it, or something above it.
fn is_of(rule: &Rule, names: &[String]) -> bool {
    let own = fixed_names(reference(rule));
    !own.is_empty() && (names.starts_with(&own) || own.starts_with(names))
}

/// The names of a reference, as far as they are fixed.
pub(super) fn fixed_names(expr: &Expr) -> Vec<String> {
    fixed(expr).0
}

/// The same, and whether these are all.
fn fixed(expr: &Expr) -> (Vec<String>, bool) {
    let (below, last) = match expr {
        Expr::Var { span, .. } => return (vec![span.text().to_owned()], true),
        Expr::RefDot { refr, field, .. } => (refr, Some(field.0.text().to_owned())),
        Expr::RefBrack { refr, index, .. } => (refr, literal_text(index)),
        _ => return (Vec::new(), false),
    };
    let (mut names, whole) = fixed(below);
    let goes_on = whole && last.is_some();
    names.extend(last.filter(|_| whole));
    (names, goes_on)
}
