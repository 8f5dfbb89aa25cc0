//! The names that a statement binds: what needs them cannot do without it.

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt};

use super::super::tree::pattern;

/// The names that a statement binds.
pub(super) fn binds(statement: &LiteralStmt) -> Vec<String> {
    match &statement.literal {
        Literal::SomeVars { vars, .. } => vars.iter().map(|name| name.text().to_owned()).collect(),
        Literal::SomeIn { key, value, .. } => key
            .iter()
            .chain([value])
            .flat_map(|target| pattern_names(target))
            .collect(),
        Literal::Expr { expr, .. } => match expr.as_ref() {
            Expr::AssignExpr {
                op: AssignOp::ColEq,
                lhs,
                ..
            } => pattern_names(lhs),
            Expr::AssignExpr { lhs, rhs, .. } => pattern_names(lhs).into_iter().chain(pattern_names(rhs)).collect(),
            other => indices(other),
        },
        _ => Vec::new(),
    }
}

/// Variables that a reference may bind by going through something: `list[i]`.
fn indices(expr: &Expr) -> Vec<String> {
    match expr {
        Expr::RefBrack { refr, index, .. } => indices(refr).into_iter().chain(pattern_names(index)).collect(),
        Expr::RefDot { refr, .. } => indices(refr),
        Expr::BoolExpr { lhs, rhs, .. } => indices(lhs).into_iter().chain(indices(rhs)).collect(),
        Expr::Call { params, .. } => params.iter().flat_map(|param| indices(param)).collect(),
        Expr::Membership { value, collection, .. } => indices(value).into_iter().chain(indices(collection)).collect(),
        _ => Vec::new(),
    }
}

fn pattern_names(expr: &Expr) -> Vec<String> {
    pattern(expr).into_iter().map(|span| span.text().to_owned()).collect()
}
