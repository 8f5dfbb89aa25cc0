//! Parsed Rego, written again: each statement on one line, whatever its author's layout.

use regorus::unstable::{
    ArithOp, AssignOp, BinOp, BoolOp, Expr, Import, Literal, LiteralStmt, Query, Ref, RuleAssign, RuleHead,
    WithModifier,
};

use super::literal::quoted;
use super::package::names_of;

/// An expression.
pub fn expression(expr: &Expr) -> String {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().map(|text| quoted(text)).unwrap_or_default()
        }
        Expr::Number { span, .. } | Expr::Bool { span, .. } | Expr::Null { span, .. } | Expr::Var { span, .. } => {
            span.text().to_owned()
        }
        Expr::Array { items, .. } => format!("[{}]", all(items)),
        Expr::Set { items, .. } if items.is_empty() => "set()".to_owned(),
        Expr::Set { items, .. } => format!("{{{}}}", all(items)),
        Expr::Object { fields, .. } => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(_, key, value)| format!("{}: {}", apart(key), apart(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Expr::ArrayCompr { term, query: body, .. } => format!("[{} | {}]", apart(term), query(body)),
        Expr::SetCompr { term, query: body, .. } => format!("{{{} | {}}}", apart(term), query(body)),
        Expr::ObjectCompr {
            key,
            value,
            query: body,
            ..
        } => format!("{{{}: {} | {}}}", apart(key), apart(value), query(body)),
        Expr::Call { fcn, params, .. } => format!("{}({})", expression(fcn), all(params)),
        Expr::UnaryExpr { expr, .. } => format!("-{}", operand(expr)),
        Expr::RefDot { refr, field, .. } => format!("{}.{}", expression(refr), field.0.text()),
        Expr::RefBrack { refr, index, .. } => format!("{}[{}]", expression(refr), apart(index)),
        Expr::BinExpr { op, lhs, rhs, .. } => {
            let sign = match op {
                BinOp::Intersection => "&",
                BinOp::Union => "|",
            };
            format!("{} {sign} {}", operand(lhs), operand(rhs))
        }
        Expr::BoolExpr { op, lhs, rhs, .. } => {
            let sign = match op {
                BoolOp::Lt => "<",
                BoolOp::Le => "<=",
                BoolOp::Eq => "==",
                BoolOp::Ge => ">=",
                BoolOp::Gt => ">",
                BoolOp::Ne => "!=",
            };
            format!("{} {sign} {}", operand(lhs), operand(rhs))
        }
        Expr::ArithExpr { op, lhs, rhs, .. } => {
            let sign = match op {
                ArithOp::Add => "+",
                ArithOp::Sub => "-",
                ArithOp::Mul => "*",
                ArithOp::Div => "/",
                ArithOp::Mod => "%",
            };
            format!("{} {sign} {}", operand(lhs), operand(rhs))
        }
        Expr::AssignExpr { op, lhs, rhs, .. } => format!("{} {} {}", expression(lhs), assign(op), expression(rhs)),
        Expr::Membership {
            key, value, collection, ..
        } => {
            let key = key
                .as_ref()
                .map(|key| format!("{}, ", operand(key)))
                .unwrap_or_default();
            format!("{key}{} in {}", operand(value), operand(collection))
        }
    }
}

/// A statement with its `with`.
pub fn statement(statement: &LiteralStmt) -> String {
    format!("{}{}", literal_of(&statement.literal), with(&statement.with_mods))
}

/// ` with input as w`, as often as it is there.
pub fn with(modifiers: &[WithModifier]) -> String {
    let one = |modifier: &WithModifier| format!(" with {} as {}", expression(&modifier.refr), apart(&modifier.r#as));
    modifiers.iter().map(one).collect()
}

/// The statements of a body.
pub fn query(query: &Query) -> String {
    let statements: Vec<String> = query.stmts.iter().map(statement).collect();
    statements.join("; ")
}

/// The head of a rule, as far as `if`; where a body has a value of its own, after `else`, with that.
pub fn head(head: &RuleHead, own: Option<&RuleAssign>) -> String {
    match head {
        RuleHead::Compr {
            refr, assign: value, ..
        } => format!("{}{}", expression(refr), assigned(own.or(value.as_ref()))),
        RuleHead::Set { refr, key, .. } => {
            let key = key
                .as_ref()
                .map(|key| format!(" contains {}", expression(key)))
                .unwrap_or_default();
            format!("{}{key}", expression(refr))
        }
        RuleHead::Func {
            refr,
            args,
            assign: value,
            ..
        } => format!(
            "{}({}){}",
            expression(refr),
            all(args),
            assigned(own.or(value.as_ref()))
        ),
    }
}

/// An import, as a file begins with it; none where a part of it is no plain name.
pub fn import(import: &Import) -> Option<String> {
    let path = names_of(&import.refr)?.join(".");
    let alias = import
        .r#as
        .as_ref()
        .map(|alias| format!(" as {}", alias.text()))
        .unwrap_or_default();
    Some(format!("import {path}{alias}"))
}

fn assigned(value: Option<&RuleAssign>) -> String {
    let written = |value: &RuleAssign| format!(" {} {}", assign(&value.op), expression(&value.value));
    value.map(written).unwrap_or_default()
}

const fn assign(op: &AssignOp) -> &'static str {
    match op {
        AssignOp::Eq => "=",
        AssignOp::ColEq => ":=",
    }
}

fn literal_of(literal: &Literal) -> String {
    match literal {
        Literal::SomeVars { vars, .. } => {
            let names: Vec<&str> = vars.iter().map(|name| name.text()).collect();
            format!("some {}", names.join(", "))
        }
        Literal::SomeIn {
            key, value, collection, ..
        } => {
            let key = key
                .as_ref()
                .map(|key| format!("{}, ", expression(key)))
                .unwrap_or_default();
            format!("some {key}{} in {}", expression(value), operand(collection))
        }
        Literal::Expr { expr, .. } => expression(expr),
        Literal::NotExpr { expr, .. } => format!("not {}", expression(expr)),
        Literal::Every {
            key,
            value,
            domain,
            query: body,
            ..
        } => {
            let key = key.as_ref().map(|key| format!("{}, ", key.text())).unwrap_or_default();
            format!(
                "every {key}{} in {} {{ {} }}",
                value.text(),
                operand(domain),
                query(body)
            )
        }
    }
}

fn all(items: &[Ref<Expr>]) -> String {
    let items: Vec<String> = items.iter().map(|item| apart(item)).collect();
    items.join(", ")
}

/// Between commas and bars, an operator that is made of a comma or a bar needs brackets.
pub fn apart(expr: &Expr) -> String {
    match expr {
        Expr::Membership { .. } | Expr::BinExpr { .. } | Expr::AssignExpr { .. } => format!("({})", expression(expr)),
        plain => expression(plain),
    }
}

/// Beside an operator, another one needs brackets: what they bind to is no longer seen.
fn operand(expr: &Expr) -> String {
    match expr {
        Expr::BinExpr { .. }
        | Expr::BoolExpr { .. }
        | Expr::ArithExpr { .. }
        | Expr::AssignExpr { .. }
        | Expr::Membership { .. } => format!("({})", expression(expr)),
        plain => expression(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::SourceFile;
    use regorus::unstable::Rule;

    fn bodies(text: &str) -> Vec<String> {
        let file = SourceFile {
            path: "p.rego".to_owned(),
            text: format!("package p\n{text}\n"),
        };
        let module = file.parse().unwrap();
        let mut written = Vec::new();
        for rule in &module.policy {
            let Rule::Spec { head: top, bodies, .. } = rule.as_ref() else {
                continue;
            };
            written.push(head(top, None));
            written.extend(bodies.iter().flat_map(|body| body.query.stmts.iter().map(statement)));
        }
        written
    }

    /// What was written again means the same: it is parsed and written once more.
    #[test]
    fn statements_come_out_on_one_line_each() {
        let text = r#"f(x, _) := y if {
	y := [a |
		some i, a in x.list # why
		not a.b["c d"] in {"one", `two`}
	]
	count(y) - (1 - 2) > -3
	every k, v in {"a": (1 in [1]), "b": {n | n := x.n}} { k != v; v }
	some z
	x.list[z] = data.lib.t.g(({1} | {2}) & {2})
	z, 3 in {m: n | some m, n in x}
	data.q.r == set() with input as {"a": y} with data.q.s as 1
}"#;
        let first = bodies(text);
        let again = bodies(&format!("{} if {{\n{}\n}}", first[0], first[1..].join("\n")));
        assert_eq!(first, again);
        assert!(first.iter().all(|line| !line.contains('\n')), "{first:?}");
        assert_eq!(
            first[1],
            r#"y := [a | some i, a in x.list; not a.b["c d"] in {"one", "two"}]"#
        );
        assert_eq!(first[2], "(count(y) - (1 - 2)) > -3");
    }
}
