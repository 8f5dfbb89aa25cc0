//! Expressions: literals, variables, comparisons, comprehensions.

use regorus::unstable::{BoolOp, Expr, Query, Ref, Span};

use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, place, root, whole};
use super::super::path::{Path, ReadSet};
use super::meaning::{Constant, Literal, Meaning, hold};
use super::scope::{Found, Scope, Scopes};
use super::walk::{DEPTH, Walk};

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
            Expr::Call { fcn, params, .. } => self.call(&whole(fcn), fcn, params),
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
            Expr::AssignExpr { .. } => Err(RegoError::refused(
                &whole(expr),
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
                return Err(RegoError::refused(&whole(expr), message, help));
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

    pub fn variable(&mut self, span: &Span) -> Result<Meaning, RegoError> {
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
    pub fn index(&mut self, index: &'a Expr) -> Result<Meaning, RegoError> {
        match index {
            Expr::Var { span, .. } if !self.names_something(span.text()) => {
                self.scopes.bind(span.text(), Meaning::Value);
                Ok(Meaning::Value)
            }
            other => self.reading(other),
        }
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
