//! The names in statements: which are bound there, and which are used.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Literal, LiteralStmt, Query};

/// Every name that an expression uses, those inside of its comprehensions too.
pub(super) fn used(expr: &Expr, found: &mut BTreeSet<String>) {
    match expr {
        Expr::Var { span, .. } => {
            if span.text() != "_" {
                found.insert(span.text().to_owned());
            }
        }
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|item| used(item, found)),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            used(key, found);
            used(value, found);
        }),
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            used(term, found);
            used_in(query, found);
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            used(key, found);
            used(value, found);
            used_in(query, found);
        }
        Expr::Call { params, .. } => params.iter().for_each(|param| used(param, found)),
        Expr::UnaryExpr { expr, .. } => used(expr, found),
        Expr::RefDot { refr, .. } => used(refr, found),
        Expr::RefBrack { refr, index, .. } => {
            used(refr, found);
            used(index, found);
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => {
            used(lhs, found);
            used(rhs, found);
        }
        Expr::Membership {
            key, value, collection, ..
        } => {
            key.iter().for_each(|key| used(key, found));
            used(value, found);
            used(collection, found);
        }
        Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. } | Expr::Null { .. } => {}
    }
}

/// Every name that a statement uses, with what stands behind its `with`.
pub(super) fn used_by(statement: &LiteralStmt) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(statement, &mut found);
    found
}

fn used_in(query: &Query, found: &mut BTreeSet<String>) {
    query.stmts.iter().for_each(|statement| collect(statement, found));
}

fn collect(statement: &LiteralStmt, found: &mut BTreeSet<String>) {
    match &statement.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn {
            key, value, collection, ..
        } => {
            key.iter().for_each(|key| used(key, found));
            used(value, found);
            used(collection, found);
        }
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => used(expr, found),
        Literal::Every { domain, query, .. } => {
            used(domain, found);
            used_in(query, found);
        }
    }
    statement
        .with_mods
        .iter()
        .for_each(|modifier| used(&modifier.r#as, found));
}

/// The names that a statement binds for those after it.
pub(super) fn bound_by(statement: &LiteralStmt) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match &statement.literal {
        Literal::SomeIn { key, value, .. } => {
            key.iter().for_each(|key| used(key, &mut found));
            used(value, &mut found);
        }
        Literal::Expr { expr, .. } => {
            if let Expr::AssignExpr { lhs, .. } = expr.as_ref() {
                pattern(lhs, &mut found);
            }
        }
        _ => {}
    }
    found
}

/// The names of `some x, y`, which a later statement binds.
pub(super) fn declared_by(statement: &LiteralStmt) -> Vec<String> {
    match &statement.literal {
        Literal::SomeVars { vars, .. } => vars.iter().map(|name| name.text().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// The variables of a pattern: what its brackets hold, and nothing that is looked up.
pub(super) fn pattern(expr: &Expr, found: &mut BTreeSet<String>) {
    match expr {
        Expr::Var { .. } => used(expr, found),
        Expr::Array { items, .. } => items.iter().for_each(|item| pattern(item, found)),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| pattern(value, found)),
        _ => {}
    }
}
