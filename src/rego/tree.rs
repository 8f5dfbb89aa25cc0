//! The syntax tree, gone through: the parts of an expression, and every expression and query of a rule.

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Rule, RuleBody, RuleHead, Span};

use super::package::literal_text;

/// One place where variables live: a body, or a comprehension with its terms.
pub(super) struct Region<'a> {
    pub query: &'a Query,
    /// What is computed from the query's variables.
    pub results: Vec<&'a Expr>,
}

/// The parts of an expression, without those of a query in it.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().map(AsRef::as_ref).collect(),
        Expr::Object { fields, .. } => fields
            .iter()
            .flat_map(|(_, key, value)| [key.as_ref(), value.as_ref()])
            .collect(),
        Expr::Call { fcn, params, .. } => std::iter::once(fcn).chain(params).map(AsRef::as_ref).collect(),
        Expr::UnaryExpr { expr, .. } => vec![expr.as_ref()],
        Expr::RefDot { refr, .. } => vec![refr.as_ref()],
        Expr::RefBrack { refr, index, .. } => vec![refr.as_ref(), index.as_ref()],
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs.as_ref(), rhs.as_ref()],
        Expr::Membership {
            key, value, collection, ..
        } => key.iter().chain([value, collection]).map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

/// The query of a comprehension, with its terms.
pub(super) fn comprehension(expr: &Expr) -> Option<Region<'_>> {
    match expr {
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => Some(Region {
            query,
            results: vec![term.as_ref()],
        }),
        Expr::ObjectCompr { key, value, query, .. } => Some(Region {
            query,
            results: vec![key.as_ref(), value.as_ref()],
        }),
        _ => None,
    }
}

/// The expressions that stand directly in a statement.
pub(super) fn in_statement(statement: &LiteralStmt) -> Vec<&Expr> {
    let mut found = match &statement.literal {
        Literal::SomeVars { .. } => Vec::new(),
        Literal::SomeIn {
            key, value, collection, ..
        } => key.iter().chain([value, collection]).map(AsRef::as_ref).collect(),
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => vec![expr.as_ref()],
        Literal::Every { domain, .. } => vec![domain.as_ref()],
    };
    found.extend(
        statement
            .with_mods
            .iter()
            .flat_map(|one| [one.refr.as_ref(), one.r#as.as_ref()]),
    );
    found
}

/// Visits an expression and everything in it, queries too.
pub(super) fn each_expression<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    parts(expr).into_iter().for_each(|part| each_expression(part, visit));
    if let Some(region) = comprehension(expr) {
        region.results.iter().for_each(|result| each_expression(result, visit));
        each_in_query(region.query, visit);
    }
}

/// Visits every expression of a query.
pub(super) fn each_in_query<'a>(query: &'a Query, visit: &mut dyn FnMut(&'a Expr)) {
    for statement in &query.stmts {
        for expr in in_statement(statement) {
            each_expression(expr, visit);
        }
        if let Literal::Every { query, .. } = &statement.literal {
            each_in_query(query, visit);
        }
    }
}

/// Visits every expression of a rule.
pub(super) fn each_in_rule<'a>(rule: &'a Rule, visit: &mut dyn FnMut(&'a Expr)) {
    match rule {
        Rule::Default { refr, args, value, .. } => {
            for expr in std::iter::once(refr).chain(args).chain([value]) {
                each_expression(expr, visit);
            }
        }
        Rule::Spec { head, bodies, .. } => {
            head_parts(head)
                .into_iter()
                .for_each(|part| each_expression(part, visit));
            for body in bodies {
                if let Some(assign) = &body.assign {
                    each_expression(&assign.value, visit);
                }
                each_in_query(&body.query, visit);
            }
        }
    }
}

/// Visits every statement of a rule, those of queries within others too, and says whether it is a body without braces.
pub(super) fn each_statement<'a>(rule: &'a Rule, visit: &mut dyn FnMut(&'a LiteralStmt, bool)) {
    let Rule::Spec { head, bodies, .. } = rule else { return };
    head_parts(head).into_iter().for_each(|part| statements_in(part, visit));
    for body in bodies {
        if let Some(assign) = &body.assign {
            statements_in(&assign.value, visit);
        }
        statements_of(&body.query, is_alone(&body.query), visit);
    }
}

/// Whether a body is one statement without braces: it begins where the statement does.
pub(super) fn is_alone(query: &Query) -> bool {
    let [only] = query.stmts.as_slice() else { return false };
    only.span.start == query.span.start
}

fn statements_of<'a>(query: &'a Query, alone: bool, visit: &mut dyn FnMut(&'a LiteralStmt, bool)) {
    for statement in &query.stmts {
        visit(statement, alone);
        in_statement(statement)
            .into_iter()
            .for_each(|expr| statements_in(expr, visit));
        if let Literal::Every { query, .. } = &statement.literal {
            statements_of(query, false, visit);
        }
    }
}

fn statements_in<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a LiteralStmt, bool)) {
    parts(expr).into_iter().for_each(|part| statements_in(part, visit));
    if let Some(region) = comprehension(expr) {
        region.results.iter().for_each(|result| statements_in(result, visit));
        statements_of(region.query, false, visit);
    }
}

/// The name, the arguments and the value of a head.
pub(super) fn head_parts(head: &RuleHead) -> Vec<&Expr> {
    match head {
        RuleHead::Compr { refr, assign, .. } => std::iter::once(refr.as_ref())
            .chain(assign.as_ref().map(|assign| assign.value.as_ref()))
            .collect(),
        RuleHead::Set { refr, key, .. } => std::iter::once(refr).chain(key).map(AsRef::as_ref).collect(),
        RuleHead::Func { refr, args, assign, .. } => std::iter::once(refr)
            .chain(args)
            .map(AsRef::as_ref)
            .chain(assign.as_ref().map(|assign| assign.value.as_ref()))
            .collect(),
    }
}

/// The value that a body gives: its own, or the head's.
pub(super) fn value_of<'a>(head: &'a RuleHead, body: Option<&'a RuleBody>) -> Option<&'a Expr> {
    if let Some(assign) = body.and_then(|body| body.assign.as_ref()) {
        return Some(&assign.value);
    }
    match head {
        // The value of an `else` without one is true; the head's belongs to the first body.
        _ if body.is_some_and(|body| body.is_else) => None,
        RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
            assign.as_ref().map(|assign| assign.value.as_ref())
        }
        RuleHead::Set { key, .. } => key.as_deref(),
    }
}

/// The variables that a statement binds, as far as they are plain or stand in a list.
pub(super) fn bound(statement: &LiteralStmt) -> Vec<&Span> {
    match &statement.literal {
        Literal::SomeIn { key, value, .. } => key.iter().chain([value]).flat_map(|one| pattern(one)).collect(),
        Literal::SomeVars { vars, .. } => vars.iter().collect(),
        Literal::Expr { expr, .. } => match expr.as_ref() {
            Expr::AssignExpr {
                op: AssignOp::ColEq,
                lhs,
                ..
            } => pattern(lhs),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The variables of a pattern.
pub(super) fn pattern(expr: &Expr) -> Vec<&Span> {
    match expr {
        Expr::Var { span, .. } if span.text() != "_" => vec![span],
        Expr::Array { items, .. } => items.iter().flat_map(|item| pattern(item)).collect(),
        Expr::Object { fields, .. } => fields.iter().flat_map(|(_, _, value)| pattern(value)).collect(),
        _ => Vec::new(),
    }
}

/// How an expression is written, in one form however its names are quoted and whatever blanks it has.
pub(super) fn written(expr: &Expr) -> String {
    let list = |all: Vec<&Expr>| all.into_iter().map(written).collect::<Vec<_>>().join(",");
    match expr {
        Expr::RefDot { refr, field, .. } => match field.1.as_string() {
            Ok(name) => format!("{}[\"{name}\"]", written(refr)),
            Err(_) => format!("{}.{}", written(refr), field.0.text()),
        },
        Expr::RefBrack { refr, index, .. } => match literal_text(index) {
            Some(name) => format!("{}[\"{name}\"]", written(refr)),
            None => format!("{}[{}]", written(refr), written(index)),
        },
        Expr::Call { fcn, params, .. } => {
            format!("{}({})", written(fcn), list(params.iter().map(AsRef::as_ref).collect()))
        }
        other => other.span().text().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
