//! Rules and functions that are used: walked once for each way to use them.

use std::collections::BTreeMap;

use regorus::unstable::{Expr, Ref, Rule, RuleHead, Span};

use super::super::builtins;
use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of};
use super::super::path::Look;
use super::super::schema::Shape;
use super::meaning::Meaning;
use super::walk::{DEPTH, Walk};
use crate::error::nearest;

impl<'a> Walk<'a> {
    /// Everything that a rule reads is read by whoever uses it.
    pub fn visit(
        &mut self,
        package: &'a Package,
        name: &str,
        span: &Span,
        arguments: Option<Vec<Meaning>>,
    ) -> Result<Meaning, RegoError> {
        let key = (package.name.clone(), name.to_owned());
        if self.path.contains(&key) {
            let message = format!("`{name}` leads back to itself");
            return Err(RegoError::refused(span, message, "a rule may not need its own answer"));
        }
        if self.path.len() > DEPTH {
            let message = format!("rules lean on each other more than {DEPTH} deep");
            return Err(RegoError::refused(span, message, "join some of them"));
        }
        self.reached.insert(key.clone());
        let visit = (key.0.clone(), key.1.clone(), arguments);
        if let Some((reads, meaning)) = self.known.get(&visit) {
            self.reads.join(reads);
            return Ok(meaning.clone());
        }
        self.path.push(key);
        let caller = std::mem::replace(&mut self.package, package);
        let scopes = std::mem::take(&mut self.scopes);
        let reads = std::mem::take(&mut self.reads);
        let depth = std::mem::take(&mut self.depth);
        let mut meanings = Vec::new();
        for rule in package.rules.get(name).into_iter().flatten() {
            meanings.push(self.rule(rule, visit.2.as_deref())?);
        }
        let own = std::mem::replace(&mut self.reads, reads);
        self.reads.join(&own);
        self.depth = depth;
        self.scopes = scopes;
        self.package = caller;
        self.path.pop();
        let meaning = joined(meanings);
        self.known.insert(visit, (own, meaning.clone()));
        Ok(meaning)
    }

    pub fn call(&mut self, span: &Span, function: &'a Expr, arguments: &'a [Ref<Expr>]) -> Result<Meaning, RegoError> {
        let name = names_of(function).unwrap_or_default().join(".");
        if self.scopes.is_local(name.split('.').next().unwrap_or_default()) {
            return Err(RegoError::refused(
                span,
                format!("`{name}` is a variable, not a function"),
                "give one of them another name",
            ));
        }
        let imported = match self.package.imports.get(&name) {
            Some(Import::LibraryRule(library, rule)) => Some((library.clone(), rule.clone())),
            _ => None,
        };
        if let Some((library, rule)) = self.library_reference(function).or(imported) {
            let package = self.library(&library, &rule, span)?;
            return self.call_ours(span, package, &rule, arguments);
        }
        if self.package.rules.contains_key(&name) {
            return self.call_ours(span, self.package, &name, arguments);
        }
        if name == "print" && self.may_print {
            let reads = self.reads.clone();
            self.reading_all(arguments)?;
            self.reads = reads;
            return Ok(Meaning::Value);
        }
        match builtins::arity(&name) {
            Some(arity) if arity == arguments.len() => {
                let meanings = self.reading_all(arguments)?;
                builtins::hold_format(&name, arguments.first().map(|format| &**format))?;
                self.hold_builtin(&name, arguments, &meanings)?;
                Ok(Meaning::Value)
            }
            Some(arity) => Err(wrong_count(span, &name, arity, arguments.len())),
            None => {
                let package = self.package;
                let known = builtins::names().chain(package.rules.keys().map(String::as_str));
                let help = match name.as_str() {
                    "time.now_ns" => "the time is `input.now`".to_owned(),
                    "print" => "it is for `rolecall test` only: take it away again".to_owned(),
                    _ => match nearest(&name, known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a check may call its own functions, a library's, and pure builtins".to_owned(),
                    },
                };
                Err(RegoError::refused(
                    span,
                    format!("`{name}` is no function that a check may call"),
                    help,
                ))
            }
        }
    }

    fn hold_builtin(&self, name: &str, arguments: &'a [Ref<Expr>], meanings: &[Meaning]) -> Result<(), RegoError> {
        match (name, meanings) {
            ("object.get", [record, Meaning::Constants(names), _]) => match record.path() {
                Some(path) if matches!(self.schema.at(path).map(|at| &at.shape), Some(Shape::Record(_))) => {
                    names.iter().try_for_each(|name| self.hold_name(path, name))
                }
                _ => Ok(()),
            },
            ("regex.match", [_, _]) => match arguments.first().map(|pattern| (pattern, literal_text(pattern))) {
                Some((written, Some(pattern))) if has_classes(&pattern) => {
                    let help = "write the characters out: `[0-9]` for `\\d`, `[A-Za-z0-9_]` for `\\w`";
                    Err(RegoError::refused(
                        written.span(),
                        "character classes mean other characters on other engines",
                        help,
                    ))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn call_ours(
        &mut self,
        span: &Span,
        package: &'a Package,
        rule: &str,
        arguments: &'a [Ref<Expr>],
    ) -> Result<Meaning, RegoError> {
        let parameters = package
            .rules
            .get(rule)
            .into_iter()
            .flatten()
            .find_map(|rule| match rule.as_ref() {
                Rule::Spec {
                    head: RuleHead::Func { args, .. },
                    ..
                } => Some(args.len()),
                _ => None,
            });
        match parameters {
            Some(count) if count == arguments.len() => {}
            Some(count) => return Err(wrong_count(span, rule, count, arguments.len())),
            None => {
                return Err(RegoError::refused(
                    span,
                    format!("`{rule}` is no function"),
                    "use it without brackets",
                ));
            }
        }
        let mut meanings = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let meaning = self.expression(argument)?;
            if let Meaning::Place(path) = &meaning {
                self.reads.add(path.clone(), Look::Handed);
            }
            meanings.push(meaning);
        }
        self.visit(package, rule, span, Some(meanings))
    }
}

/// Definitions of one name: dotted heads are fields of one record, anything else is one or the other.
fn joined(meanings: Vec<Meaning>) -> Meaning {
    if meanings.iter().all(|meaning| matches!(meaning, Meaning::Fields(_))) && meanings.len() > 1 {
        let mut fields = BTreeMap::new();
        for meaning in meanings {
            let Meaning::Fields(more) = meaning else { continue };
            for (name, meaning) in more {
                let meaning = match fields.remove(&name) {
                    Some(known) => Meaning::or(known, meaning),
                    None => meaning,
                };
                fields.insert(name, meaning);
            }
        }
        return Meaning::Fields(fields);
    }
    Meaning::all(meanings)
}

fn wrong_count(span: &Span, name: &str, takes: usize, given: usize) -> RegoError {
    let message = format!("`{name}` takes {takes} arguments, not {given}");
    RegoError::refused(
        span,
        message,
        "an answer is taken with `:=`, not with one more argument",
    )
}

/// Whether a pattern holds `\d`, `\pL`, `(?i)` and the like.
fn has_classes(pattern: &str) -> bool {
    let mut escaped = false;
    for character in pattern.chars() {
        if escaped && "dDwWsSbBpP".contains(character) {
            return true;
        }
        escaped = character == '\\' && !escaped;
    }
    pattern.contains("(?")
}
