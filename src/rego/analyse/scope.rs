//! The variables of a rule: what they stand for, and whether anything binds them.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query};

use super::meaning::Meaning;
use crate::rego::Path;

/// The variables of one query.
#[derive(Default)]
pub(super) struct Scope {
    pub bound: BTreeMap<String, Meaning>,
    /// Declared by `some x`, and bound by nothing yet.
    pub declared: BTreeSet<String>,
    /// Names that a later statement of this query binds.
    pub later: BTreeSet<String>,
    /// Paths that are not null below here.
    pub not_null: BTreeSet<Path>,
}

/// What a name is in the scopes around it.
pub(super) enum Found<'s> {
    Bound(&'s Meaning),
    /// Declared in the innermost scope, or in one around it.
    Declared {
        here: bool,
    },
    Later,
    Nothing,
}

/// The scopes around an expression, the innermost last.
#[derive(Default)]
pub(super) struct Scopes(pub Vec<Scope>);

impl Scopes {
    pub fn find(&self, name: &str) -> Found<'_> {
        for (depth, scope) in self.0.iter().rev().enumerate() {
            if let Some(meaning) = scope.bound.get(name) {
                return Found::Bound(meaning);
            }
            if scope.declared.contains(name) {
                return Found::Declared { here: depth == 0 };
            }
            if scope.later.contains(name) {
                return Found::Later;
            }
        }
        Found::Nothing
    }

    pub fn is_local(&self, name: &str) -> bool {
        !matches!(self.find(name), Found::Nothing)
    }

    pub fn bind(&mut self, name: &str, meaning: Meaning) {
        if let Some(scope) = self.0.last_mut()
            && name != "_"
        {
            scope.later.remove(name);
            scope.declared.remove(name);
            scope.bound.insert(name.to_owned(), meaning);
        }
    }

    pub fn declare(&mut self, name: &str) {
        if let Some(scope) = self.0.last_mut() {
            scope.declared.insert(name.to_owned());
        }
    }

    /// Notes the names that the statements of a query bind.
    pub fn foresee(&mut self, query: &Query) {
        if let Some(scope) = self.0.last_mut() {
            scope.later = query.stmts.iter().flat_map(binds).collect();
        }
    }

    pub fn note_not_null(&mut self, path: Path) {
        if let Some(scope) = self.0.last_mut() {
            scope.not_null.insert(path);
        }
    }

    /// Whether a path, or the record that it is in, was said not to be null.
    pub fn is_not_null(&self, path: &Path) -> bool {
        self.0
            .iter()
            .any(|scope| scope.not_null.iter().any(|known| known.covers(path)))
    }
}

/// The variables of a pattern.
pub(super) fn variables(pattern: &Expr) -> Vec<String> {
    match pattern {
        Expr::Var { span, .. } if span.text() != "_" => vec![span.text().to_owned()],
        Expr::Array { items, .. } => items.iter().flat_map(|item| variables(item)).collect(),
        _ => Vec::new(),
    }
}

/// The names that a statement binds for the statements after it.
fn binds(statement: &LiteralStmt) -> Vec<String> {
    match &statement.literal {
        Literal::SomeIn { key, value, .. } => key.iter().chain([value]).flat_map(|target| variables(target)).collect(),
        Literal::Expr { expr, .. } => match expr.as_ref() {
            Expr::AssignExpr {
                op: AssignOp::ColEq,
                lhs,
                ..
            } => variables(lhs),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
