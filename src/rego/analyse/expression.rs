//! Expressions: variables, references, literals, calls.

use regorus::unstable::{BoolOp, Expr, Query, Ref, Rule, RuleHead, Span};

use super::super::builtins;
use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of, place, root};
use super::super::path::{Look, Path, ReadSet, Step};
use super::super::schema::{Schema, Shape};
use super::meaning::{Constant, Literal, Meaning, hold};
use super::scope::{Found, Scope, Scopes};
use super::walk::{DEPTH, Walk};
use crate::error::{did_you_mean, nearest};

impl<'a> Walk<'a> {
    pub fn expression(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        if self.depth > DEPTH {
            return Err(RegoError::refused(
                root(expr),
                "this goes too deep",
                "take it apart into rules",
            ));
        }
        let depth = self.depth;
        self.depth = depth + 1;
        let outcome = self.of_kind(expr);
        self.depth = depth;
        outcome
    }

    fn of_kind(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        let constant = |literal| {
            Ok(Meaning::Constants(vec![Constant {
                literal,
                place: place(expr.span()),
            }]))
        };
        match expr {
            Expr::String { .. } | Expr::RawString { .. } => {
                constant(Literal::Text(literal_text(expr).unwrap_or_default()))
            }
            Expr::Number { .. } => constant(Literal::Number),
            Expr::Bool { .. } => constant(Literal::Boolean),
            Expr::Null { .. } => constant(Literal::Null),
            Expr::Var { span, .. } => self.variable(span),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr),
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                let elements = self.reading_all(items)?;
                Ok(Meaning::Many(Box::new(Meaning::all(elements))))
            }
            Expr::Object { fields, .. } => {
                let mut known = Some(std::collections::BTreeMap::new());
                for (_, key, value) in fields {
                    self.reading(key)?;
                    let meaning = self.reading(value)?;
                    match (literal_text(key), known.as_mut()) {
                        (Some(name), Some(known)) => drop(known.insert(name, meaning)),
                        _ => known = None,
                    }
                }
                Ok(known.map_or(Meaning::Value, Meaning::Fields))
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let elements = self.comprehension(query, &[term])?;
                Ok(Meaning::Many(Box::new(Meaning::all(elements))))
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.comprehension(query, &[key, value]).map(|_| Meaning::Value)
            }
            Expr::Call { fcn, params, .. } => self.call(root(fcn), fcn, params),
            Expr::UnaryExpr { expr, .. } => self.reading(expr).map(|_| Meaning::Value),
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                let (left, right) = (self.reading(lhs)?, self.reading(rhs)?);
                hold(self.schema, &left, &right)?;
                if !matches!(op, BoolOp::Eq | BoolOp::Ne) {
                    self.refuse_null_order([(lhs, &left), (rhs, &right)])?;
                }
                Ok(Meaning::Value)
            }
            Expr::ArithExpr { lhs, rhs, .. } => {
                let (left, right) = (self.reading(lhs)?, self.reading(rhs)?);
                self.refuse_null_order([(lhs, &left), (rhs, &right)])?;
                Ok(Meaning::Value)
            }
            Expr::BinExpr { lhs, rhs, .. } => {
                let (left, right) = (self.reading(lhs)?, self.reading(rhs)?);
                Ok(left.or(right))
            }
            Expr::AssignExpr { lhs, .. } => Err(RegoError::refused(
                root(lhs),
                "an assignment inside an expression",
                "bind it in a statement of its own",
            )),
            Expr::Membership {
                key, value, collection, ..
            } => {
                if let Some(key) = key {
                    self.reading(key)?;
                }
                let (value, collection) = (self.reading(value)?, self.reading(collection)?);
                hold(self.schema, &value, &collection.element(self.schema))?;
                Ok(Meaning::Value)
            }
        }
    }

    /// In Rego null is less than every number, so `days < 30` holds of what never was.
    fn refuse_null_order(&self, sides: [(&Ref<Expr>, &Meaning); 2]) -> Result<(), RegoError> {
        for (expr, meaning) in sides {
            let Some(path) = meaning.path() else { continue };
            if self.schema.at(path).is_some_and(|schema| schema.nullable) && !self.scopes.is_not_null(path) {
                let message = format!("`{path}` may be null, and null is less than every number");
                let help = format!("say `… != null` of `{path}` on a line above");
                return Err(RegoError::refused(root(expr), message, help));
            }
        }
        Ok(())
    }

    fn comprehension(&mut self, query: &'a Query, terms: &[&'a Ref<Expr>]) -> Result<Vec<Meaning>, RegoError> {
        self.scopes.0.push(Scope::default());
        let outcome = self
            .statements(query)
            .and_then(|()| self.reading_all(terms.iter().copied()));
        self.scopes.0.pop();
        outcome
    }

    fn variable(&mut self, span: &Span) -> Result<Meaning, RegoError> {
        let name = span.text();
        let unbound = || {
            let message = format!("nothing binds `{name}`");
            RegoError::refused(span, message, "bind it first: `x := …`, or `some x in …`")
        };
        match self.scopes.find(name) {
            Found::Bound(meaning) => return Ok(meaning.clone()),
            Found::Declared { .. } => return Err(unbound()),
            Found::Later => {
                let message = format!("`{name}` is used above the statement that binds it");
                return Err(RegoError::refused(span, message, "move the binding up"));
            }
            Found::Nothing => {}
        }
        match name {
            "input" => return Ok(Meaning::Place(Path::default())),
            "data" => {
                let help = "name the library rule: `data.lib.<library>.<rule>`";
                return Err(RegoError::refused(span, "`data` is looked at as a whole", help));
            }
            _ => {}
        }
        if self.package.rules.contains_key(name) {
            return self.visit(self.package, name, span, None);
        }
        match self.package.imports.get(name).cloned() {
            Some(Import::Input(path)) => {
                self.hold_path(&path, span)?;
                Ok(Meaning::Place(path))
            }
            Some(Import::LibraryRule(library, rule)) => self.use_library(&library, &rule, span),
            Some(Import::Library(library)) => {
                let message = format!("the library `{library}` is used as a value");
                Err(RegoError::refused(span, message, "name one of its rules"))
            }
            None => Err(unbound()),
        }
    }

    /// Whether a name stands for something already, so that it cannot be bound by meeting something else.
    pub fn names_something(&self, name: &str) -> bool {
        match self.scopes.find(name) {
            Found::Bound(_) | Found::Later => true,
            Found::Declared { here } => !here,
            Found::Nothing => {
                matches!(name, "input" | "data")
                    || self.package.rules.contains_key(name)
                    || self.package.imports.contains_key(name)
            }
        }
    }

    /// What stands in brackets; a variable that nothing binds is bound by going through everything.
    fn index(&mut self, index: &'a Expr) -> Result<Meaning, RegoError> {
        match index {
            Expr::Var { span, .. } if !self.names_something(span.text()) => {
                self.scopes.bind(span.text(), Meaning::Value);
                Ok(Meaning::Value)
            }
            other => self.reading(other),
        }
    }

    /// `a.b["c"][d]`: the first name decides what the rest means.
    fn reference(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        if let Some((library, rule)) = self.library_reference(expr) {
            return self.use_library(&library, &rule, root(expr));
        }
        let (below, field, index) = match expr {
            Expr::RefDot { refr, field, .. } => (
                refr,
                field.1.as_string().ok().map(|text| (text.to_string(), &field.0)),
                None,
            ),
            Expr::RefBrack { refr, index, .. } => {
                (refr, literal_text(index).map(|text| (text, index.span())), Some(index))
            }
            other => return self.expression(other),
        };
        let below = self.expression(below)?;
        let index = index.map(|index| self.index(index)).transpose()?;
        let Some(path) = below.path().cloned() else {
            return self.inside(&below, field, index);
        };
        let further = |path: Path| match below {
            Meaning::Read(_) => Meaning::Read(path),
            _ => Meaning::Place(path),
        };
        match (self.schema.at(&path).map(|schema| &schema.shape), field) {
            (Some(Shape::List(_)), None) => {
                self.reads.add(path.clone(), Look::Counted);
                Ok(further(path.then(Step::Each)))
            }
            (Some(Shape::Record(_)), Some((name, span))) => {
                let path = path.then(Step::Field(name));
                self.hold_path(&path, span)?;
                Ok(further(path))
            }
            (Some(Shape::Record(_)), None) => {
                if let Some(Meaning::Constants(names)) = &index {
                    for name in names {
                        self.hold_name(&path, name)?;
                    }
                }
                self.reads.add(path, Look::Whole);
                Ok(Meaning::Value)
            }
            (Some(Shape::Any), _) => {
                self.reads.add(path, Look::Whole);
                Ok(Meaning::Value)
            }
            _ => {
                let message = format!("`{path}` has nothing below it that could be named so");
                Err(RegoError::refused(root(expr), message, "see the subject's schema"))
            }
        }
    }

    /// A field or an element of something computed.
    fn inside(
        &self,
        below: &Meaning,
        field: Option<(String, &Span)>,
        index: Option<Meaning>,
    ) -> Result<Meaning, RegoError> {
        match (below, field) {
            (Meaning::Fields(fields), Some((name, span))) => match fields.get(&name) {
                Some(meaning) => Ok(meaning.clone()),
                None => {
                    let help = did_you_mean(&name, fields.keys().map(String::as_str));
                    Err(RegoError::refused(span, format!("there is no `{name}` in it"), help))
                }
            },
            (Meaning::Fields(fields), None) => {
                // A lookup by a word: every key should be one of the words.
                if let Some(index) = index {
                    let keys = fields.keys().map(|name| Constant {
                        literal: Literal::Text(name.clone()),
                        place: crate::error::Place {
                            file: self.package.file.clone(),
                            ..self.package.place.clone()
                        },
                    });
                    hold(self.schema, &index, &Meaning::Constants(keys.collect()))?;
                }
                Ok(below.element(self.schema))
            }
            (Meaning::Many(element), _) => {
                // `{"a", "b"}[x]` asks whether x is in it; `list[i]` takes an element.
                if let Some(index) = index {
                    hold(self.schema, &index, element)?;
                }
                Ok((**element).clone())
            }
            _ => Ok(Meaning::Value),
        }
    }

    /// `data.lib.x.rule`, or `x.rule` where `x` is an imported library, as library and rule.
    pub fn library_reference(&self, expr: &Expr) -> Option<(String, String)> {
        let names = names_of(expr)?;
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["data", "lib", library, rule] => Some((format!("lib.{library}"), (*rule).to_owned())),
            [alias, rule] if !self.scopes.is_local(alias) => match self.package.imports.get(*alias) {
                Some(Import::Library(library)) => Some((library.clone(), (*rule).to_owned())),
                _ => None,
            },
            _ => None,
        }
    }

    /// A path must be in the subject's schema.
    fn hold_path(&self, path: &Path, span: &Span) -> Result<(), RegoError> {
        let first = |length: usize| Path(path.0.iter().take(length).cloned().collect());
        let Some(wrong) = (1..=path.0.len()).find(|length| self.schema.at(&first(*length)).is_none()) else {
            return Ok(());
        };
        match path.0.get(wrong - 1) {
            Some(Step::Field(name)) => self.hold_name(
                &first(wrong - 1),
                &Constant {
                    literal: Literal::Text(name.clone()),
                    place: place(span),
                },
            ),
            _ => Ok(()),
        }
    }

    /// A name must be a field of the record at a path.
    fn hold_name(&self, above: &Path, name: &Constant) -> Result<(), RegoError> {
        let Literal::Text(written) = &name.literal else {
            return Ok(());
        };
        let known = self.schema.at(above).map(Schema::fields).unwrap_or_default();
        if known.contains(&written.as_str()) {
            return Ok(());
        }
        let help = if known.is_empty() {
            format!("`{above}` has no fields")
        } else {
            did_you_mean(written, known)
        };
        Err(RegoError::Refused {
            place: name.place.clone(),
            message: format!("`{above}` has no `{written}`"),
            help,
        })
    }

    fn use_library(&mut self, library: &str, rule: &str, span: &Span) -> Result<Meaning, RegoError> {
        let package = self.library(library, rule, span)?;
        self.visit(package, rule, span, None)
    }

    fn library(&self, library: &str, rule: &str, span: &Span) -> Result<&'a Package, RegoError> {
        let Some(package) = self.libraries.get(library) else {
            let message = format!("there is no library `{library}`");
            let help = did_you_mean(library, self.libraries.keys().map(String::as_str));
            return Err(RegoError::refused(span, message, help));
        };
        if package.rules.contains_key(rule) {
            return Ok(package);
        }
        let message = format!("the library `{library}` has no `{rule}`");
        Err(RegoError::refused(
            span,
            message,
            did_you_mean(rule, package.rules.keys().map(String::as_str)),
        ))
    }

    /// Everything that a rule reads is read by whoever uses it.
    fn visit(
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

    fn call(&mut self, span: &Span, function: &'a Expr, arguments: &'a [Ref<Expr>]) -> Result<Meaning, RegoError> {
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
        match builtins::arity(&name) {
            Some(arity) if arity == arguments.len() => {
                let meanings = self.reading_all(arguments)?;
                self.hold_builtin(span, &name, arguments, &meanings)?;
                Ok(Meaning::Value)
            }
            Some(arity) => Err(wrong_count(span, &name, arity, arguments.len())),
            None => {
                let package = self.package;
                let known = builtins::names().chain(package.rules.keys().map(String::as_str));
                let help = match name.as_str() {
                    "time.now_ns" => "the time is `input.now`".to_owned(),
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

    fn hold_builtin(
        &self,
        span: &Span,
        name: &str,
        arguments: &'a [Ref<Expr>],
        meanings: &[Meaning],
    ) -> Result<(), RegoError> {
        match (name, meanings) {
            ("object.get", [record, Meaning::Constants(names), _]) => match record.path() {
                Some(path) if matches!(self.schema.at(path).map(|at| &at.shape), Some(Shape::Record(_))) => {
                    names.iter().try_for_each(|name| self.hold_name(path, name))
                }
                _ => Ok(()),
            },
            ("regex.match", [_, _]) => match arguments.first().and_then(|pattern| literal_text(pattern)) {
                Some(pattern) if has_classes(&pattern) => {
                    let help = "write the characters out: `[0-9]` for `\\d`, `[A-Za-z0-9_]` for `\\w`";
                    Err(RegoError::refused(
                        span,
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

    /// Runs something as if in another package, with no variables around it and nothing read.
    pub fn elsewhere<T>(&mut self, package: &'a Package, run: impl FnOnce(&mut Self) -> T) -> T {
        let caller = std::mem::replace(&mut self.package, package);
        let scopes = std::mem::replace(&mut self.scopes, Scopes(vec![Scope::default()]));
        let reads: ReadSet = std::mem::take(&mut self.reads);
        let outcome = run(self);
        self.reads = reads;
        self.scopes = scopes;
        self.package = caller;
        outcome
    }
}

/// Definitions of one name: dotted heads are fields of one record, anything else is one or the other.
fn joined(meanings: Vec<Meaning>) -> Meaning {
    if meanings.iter().all(|meaning| matches!(meaning, Meaning::Fields(_))) && meanings.len() > 1 {
        let mut fields = std::collections::BTreeMap::new();
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
