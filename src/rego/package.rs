//! One parsed Rego package: its rules by name, and what its imports mean.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Module, Ref, Rule, RuleHead, Span};

use super::builtins;
use super::error::RegoError;
use super::path::{Path, Step};
use super::source::SourceFile;
use crate::error::Place;

/// What an imported name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Import {
    /// A place of the subject's document.
    Input(Path),
    /// A library package, such as `lib.accounts`.
    Library(String),
    /// One rule or function of a library package.
    LibraryRule(String, String),
}

/// A parsed package.
#[derive(Debug)]
pub struct Package {
    /// Its name without `data.`, such as `checks.access_valid`.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// Where `package` stands.
    pub place: Place,
    /// Where its name stands.
    pub name_place: Place,
    /// Imported names.
    pub imports: BTreeMap<String, Import>,
    /// Rules and functions by the first part of their name.
    pub rules: BTreeMap<String, Vec<Ref<Rule>>>,
}

impl Package {
    /// Parses a file and sorts out its imports and rules.
    ///
    /// # Errors
    /// What the parser says; imports of anything but `input.…`, `data.lib.…` and `rego.v1`; an imported name used twice.
    pub fn parse(file: &SourceFile) -> Result<Self, RegoError> {
        let module = file.parse()?;
        let name = names_of(&module.package.refr).unwrap_or_default().join(".");
        let mut package = Self {
            name,
            file: file.path.clone(),
            place: place(&module.package.span),
            name_place: place(root(&module.package.refr)),
            imports: BTreeMap::new(),
            rules: BTreeMap::new(),
        };
        package.take_imports(&module)?;
        for rule in &module.policy {
            package.take_rule(rule)?;
        }
        Ok(package)
    }

    fn take_rule(&mut self, rule: &Ref<Rule>) -> Result<(), RegoError> {
        let (head, is_function) = match rule.as_ref() {
            Rule::Spec {
                head: RuleHead::Func { refr, .. },
                ..
            } => (refr, true),
            Rule::Spec {
                head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. },
                ..
            } => (refr, false),
            Rule::Default { refr, args, .. } => (refr, !args.is_empty()),
        };
        let first = root(head);
        let name = first.text();
        if self.imports.contains_key(name) {
            let message = format!("the rule `{name}` has the name of an import");
            return Err(RegoError::refused(
                first,
                message,
                "rename the rule, or import the path `as` another name",
            ));
        }
        refuse_builtin(first, name)?;
        if is_function && !matches!(head.as_ref(), Expr::Var { .. }) {
            let message = "a function has dots in its name";
            return Err(RegoError::refused(first, message, "one plain name is enough"));
        }
        let others = self.rules.entry(name.to_owned()).or_default();
        if others.first().is_some_and(|other| is_a_function(other) != is_function) {
            let message = format!("`{name}` is a function and a rule");
            return Err(RegoError::refused(first, message, "give one of them another name"));
        }
        others.push(rule.clone());
        Ok(())
    }

    fn take_imports(&mut self, module: &Module) -> Result<(), RegoError> {
        for import in &module.imports {
            let names = names_of(&import.refr).unwrap_or_default();
            let parts: Vec<&str> = names.iter().map(String::as_str).collect();
            let target = match parts.as_slice() {
                ["rego", "v1"] => continue,
                ["input", rest @ ..] if !rest.is_empty() => {
                    Import::Input(Path(rest.iter().map(|name| Step::Field((*name).to_owned())).collect()))
                }
                ["data", "lib", library] => Import::Library(format!("lib.{library}")),
                ["data", "lib", library, rule] => Import::LibraryRule(format!("lib.{library}"), (*rule).to_owned()),
                _ => {
                    let message = format!("`{}` cannot be imported", names.join("."));
                    let help = "a check sees `input.…` and `data.lib.…`, nothing else";
                    return Err(RegoError::refused(&import.span, message, help));
                }
            };
            let alias = import
                .r#as
                .as_ref()
                .map_or_else(|| names.last().cloned(), |span| Some(span.text().to_owned()));
            let alias = alias.unwrap_or_default();
            refuse_builtin(&import.span, &alias)?;
            if self.imports.insert(alias.clone(), target).is_some() {
                let message = format!("`{alias}` is imported twice");
                return Err(RegoError::refused(
                    &import.span,
                    message,
                    "rename one of them with `as`",
                ));
            }
        }
        Ok(())
    }
}

/// The first part of a rule's name, where it stands.
pub fn name_of(rule: &Rule) -> &Span {
    match rule {
        Rule::Spec {
            head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. },
            ..
        }
        | Rule::Default { refr, .. } => root(refr),
    }
}

fn is_a_function(rule: &Rule) -> bool {
    match rule {
        Rule::Spec { head, .. } => matches!(head, RuleHead::Func { .. }),
        Rule::Default { args, .. } => !args.is_empty(),
    }
}

/// The words that the grammar keeps for itself.
const KEYWORDS: [&str; 17] = [
    "as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input", "not", "null",
    "package", "some", "true", "with",
];

/// Whether a name is a word of the language, or a builtin's or the first part of one, on our list or not: as a package it
/// would be misread by somebody.
pub fn is_reserved(name: &str) -> bool {
    const OTHERS: [&str; 27] = [
        "all",
        "any",
        "base64",
        "base64url",
        "bits",
        "crypto",
        "graph",
        "graphql",
        "hex",
        "http",
        "io",
        "json",
        "net",
        "numbers",
        "opa",
        "print",
        "providers",
        "rand",
        "rego",
        "semver",
        "set",
        "trace",
        "units",
        "urlquery",
        "uuid",
        "walk",
        "yaml",
    ];
    let first = |known: &str| known.split('.').next() == Some(name);
    KEYWORDS.contains(&name) || OTHERS.contains(&name) || builtins::names().any(first)
}

/// A name of ours that is also a builtin's, or the first part of one, means one thing here and another on OPA.
fn refuse_builtin(span: &Span, name: &str) -> Result<(), RegoError> {
    let taken = |known: &str| known == name || known.split('.').next() == Some(name);
    if matches!(name, "input" | "data") || builtins::names().any(taken) {
        let message = format!("`{name}` has a meaning of its own");
        return Err(RegoError::refused(span, message, "give it another name"));
    }
    Ok(())
}

/// The place of a span. The engine counts a tab as four columns and begins a text behind its quote; editors do neither.
pub fn place(span: &Span) -> Place {
    let text = span.source.contents();
    let before = text.get(..span.start as usize).unwrap_or_default();
    let before = before.strip_suffix(['"', '`']).unwrap_or(before);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Place {
        file: span.source.file().clone(),
        // The engine's own line is that of an operator, where there is one.
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

/// How many characters of the first line a span takes, the quotes of a text included.
pub fn width(span: &Span) -> usize {
    let text = span.source.contents();
    let (start, end) = (span.start as usize, span.end as usize);
    let quote = |c: &char| matches!(c, '"' | '`');
    let before = text.get(..start).unwrap_or_default().chars().next_back().filter(quote);
    let after = text.get(end..).unwrap_or_default().chars().next().filter(quote);
    let inside = text.get(start..end).unwrap_or_default();
    let first = inside.lines().next().unwrap_or_default();
    let closed = after.is_some() && first.len() == inside.len();
    first.trim_end().chars().count() + usize::from(before.is_some()) + usize::from(before.is_some() && closed)
}

/// `a.b["c"]` as its names; none where a part is not a literal name.
pub fn names_of(expr: &Expr) -> Option<Vec<String>> {
    match expr {
        Expr::Var { span, .. } => Some(vec![span.text().to_owned()]),
        Expr::RefDot { refr, field, .. } => {
            let mut names = names_of(refr)?;
            names.push(field.1.as_string().ok()?.to_string());
            Some(names)
        }
        Expr::RefBrack { refr, index, .. } => {
            let mut names = names_of(refr)?;
            names.push(literal_text(index)?);
            Some(names)
        }
        _ => None,
    }
}

/// The text of a string literal.
pub fn literal_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|text| text.to_string())
        }
        _ => None,
    }
}

/// All of an expression.
pub fn whole(expr: &Expr) -> Span {
    let mut span = root(expr).clone();
    span.end = span.end.max(expr.span().end);
    span
}

/// Where an expression begins; the engine's own spans of references and calls begin at their last part.
pub fn root(expr: &Expr) -> &Span {
    match expr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root(refr),
        Expr::Call { fcn, .. } => root(fcn),
        other => other.span(),
    }
}
