//! Whether an expression may be undefined, as far as the text tells.
//!
//! What a body asks anywhere is there everywhere else in it: where it is not, the body does not hold on any engine. So
//! `is_string(row.id)` in a body makes `row.id` safe in its head and under its `not`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use regorus::unstable::{BoolOp, Expr, Literal, Query, Rule, RuleBody, RuleHead};

use super::super::package::{literal_text, names_of};
use super::super::tree::{in_statement, parts, value_of, written};
use super::engines::Rows;
use super::parsed::{Parsed, name_of};

/// Builtins that have no answer for an empty collection.
const NO_ANSWER_FOR_NONE: [&str; 2] = ["max", "min"];

/// Builtins that hold of nothing but a value of their kind.
const KINDS: [&str; 6] = [
    "is_string",
    "is_number",
    "is_boolean",
    "is_array",
    "is_object",
    "is_set",
];

/// What is known of the text around an expression.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Written forms of what is there.
    there: BTreeSet<String>,
    /// Of these, what is not null.
    not_null: BTreeSet<String>,
}

impl Known {
    /// The same, and what the statements of a query ask.
    pub fn with(&self, query: &Query, ours: &dyn Fn(&Expr) -> bool) -> Self {
        let mut known = self.clone();
        for statement in &query.stmts {
            match &statement.literal {
                Literal::NotExpr { .. } | Literal::SomeVars { .. } => {}
                Literal::Expr { expr, .. } => {
                    known.asks(expr);
                    known.implies(expr, ours);
                }
                _ => in_statement(statement).into_iter().for_each(|expr| known.asks(expr)),
            }
        }
        known
    }

    pub fn is_not_null(&self, expr: &Expr) -> bool {
        self.not_null.contains(&written(expr))
    }

    /// What is known where a case did not hold, so that its `else` is asked: of one that only asks whether something is
    /// null, that it is not.
    pub fn after(&self, query: &Query) -> Self {
        let mut known = self.clone();
        let [statement] = query.stmts.as_slice() else {
            return known;
        };
        if let Literal::Expr { expr, .. } = &statement.literal
            && let Expr::BoolExpr {
                op: BoolOp::Eq,
                lhs,
                rhs,
                ..
            } = expr.as_ref()
        {
            for (one, other) in [(lhs, rhs), (rhs, lhs)] {
                if matches!(other.as_ref(), Expr::Null { .. }) {
                    known.is_value(one);
                }
            }
        }
        known
    }

    /// Everything that is looked at to answer an expression.
    fn asks(&mut self, expr: &Expr) {
        if matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. } | Expr::Call { .. }) {
            self.there.insert(written(expr));
        }
        parts(expr).into_iter().for_each(|part| self.asks(part));
    }

    /// What holds where an expression does: `is_string(object.get(row, "id", null))` says that there is `row.id`.
    fn implies(&mut self, expr: &Expr, ours: &dyn Fn(&Expr) -> bool) {
        match expr {
            Expr::Call { fcn, params, .. } => {
                let name = names_of(fcn).unwrap_or_default().join(".");
                if let ([value], true) = (params.as_slice(), KINDS.contains(&name.as_str())) {
                    self.is_value(value);
                }
                // A predicate of the author's own was asked about it, and said yes.
                if ours(fcn) {
                    params.iter().for_each(|param| self.is_got(param));
                }
            }
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                for (one, other) in [(lhs, rhs), (rhs, lhs)] {
                    let unequal = *op == BoolOp::Ne && matches!(other.as_ref(), Expr::Null { .. });
                    let equal = *op == BoolOp::Eq && is_constant(other);
                    if unequal || equal {
                        self.is_value(one);
                    }
                }
                if counts_some(op, lhs, rhs) {
                    self.is_counted(lhs);
                }
            }
            Expr::Membership { value, collection, .. } => {
                if let Expr::Array { items, .. } | Expr::Set { items, .. } = collection.as_ref()
                    && items.iter().all(|item| is_constant(item))
                {
                    self.is_value(value);
                }
            }
            _ => {}
        }
    }

    /// Of `count(list) > 0`, that there is `list[0]`.
    fn is_counted(&mut self, expr: &Expr) {
        if let Expr::Call { params, .. } = expr
            && let Some(list) = params.first()
        {
            self.there.insert(format!("{}[0]", written(list)));
        }
    }

    fn is_value(&mut self, expr: &Expr) {
        self.not_null.insert(written(expr));
        if let Expr::Call { fcn, params, .. } = expr
            && names_of(fcn).is_some_and(|name| name.join(".") == "type_name")
        {
            params.iter().for_each(|param| self.is_value(param));
        }
        self.is_got(expr);
    }

    /// Of `object.get(row, "id", null)`, that there is `row.id`, and that it is not null.
    fn is_got(&mut self, expr: &Expr) {
        let Expr::Call { fcn, params, .. } = expr else { return };
        let is_get = names_of(fcn).is_some_and(|name| name.join(".") == "object.get");
        if let ([record, key, otherwise], true) = (params.as_slice(), is_get)
            && matches!(otherwise.as_ref(), Expr::Null { .. } | Expr::Bool { .. })
        {
            let field = match literal_text(key) {
                Some(name) => format!("{}[\"{name}\"]", written(record)),
                None => format!("{}[{}]", written(record), written(key)),
            };
            self.not_null.insert(field.clone());
            self.there.insert(field);
        }
    }
}

fn is_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. }
    )
}

/// Whether a comparison says that a count is not zero.
fn counts_some(op: &BoolOp, lhs: &Expr, rhs: &Expr) -> bool {
    let Expr::Call { fcn, .. } = lhs else { return false };
    let is_count = names_of(fcn).is_some_and(|name| name.join(".") == "count");
    let number: Option<u64> = match rhs {
        Expr::Number { span, .. } => span.text().parse().ok(),
        _ => None,
    };
    match (op, number) {
        (BoolOp::Gt | BoolOp::Ne, Some(0)) => is_count,
        (BoolOp::Gt | BoolOp::Ge | BoolOp::Eq, Some(number)) => is_count && number > 0,
        _ => false,
    }
}

/// What is always there: paths of `input` that every document has, with `*` for any name.
pub(super) struct Defined<'a> {
    pub file: &'a Parsed,
    pub others: &'a [&'a Parsed],
    pub total: &'a [&'a str],
    /// Whether a row has every field that is asked of it.
    pub rows: Rows,
    /// Rules that are being looked at, so that a circle ends.
    pub looking: RefCell<BTreeSet<(String, String)>>,
}

impl<'a> Defined<'a> {
    pub fn new(file: &'a Parsed, others: &'a [&'a Parsed], total: &'a [&'a str], rows: Rows) -> Self {
        Self {
            file,
            others,
            total,
            rows,
            looking: RefCell::default(),
        }
    }

    /// The first part of an expression that may be undefined and makes it so.
    pub fn gap<'e>(&self, expr: &'e Expr, known: &Known) -> Option<&'e Expr> {
        match expr {
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference_may_be_undefined(expr, known).then_some(expr),
            Expr::Var { .. } => self.name_may_be_undefined(expr).then_some(expr),
            Expr::Call { fcn, params, .. } => {
                if known.there.contains(&written(expr)) {
                    return None;
                }
                params
                    .iter()
                    .find_map(|param| self.gap(param, known))
                    .or_else(|| self.call_may_be_undefined(fcn).then_some(expr))
            }
            other => parts(other).into_iter().find_map(|part| self.gap(part, known)),
        }
    }

    fn name_may_be_undefined(&self, expr: &Expr) -> bool {
        match self.file.path_of(expr) {
            Some(path) => !self.is_total(&path) && self.path_may_be_undefined(&path),
            // A variable: whatever binds it has looked at it.
            None => false,
        }
    }

    fn reference_may_be_undefined(&self, expr: &Expr, known: &Known) -> bool {
        if known.there.contains(&written(expr)) {
            return false;
        }
        match names_of(expr).and_then(|_| self.file.path_of(expr)) {
            Some(path) => !self.is_total(&path) && self.path_may_be_undefined(&path),
            None => self.rows == Rows::AsTheyCame || names_of(expr).is_none(),
        }
    }

    /// Whether an expression is a part of `input` that every document has, found by a name that is computed.
    pub fn is_in_total(&self, expr: &Expr) -> bool {
        let Expr::RefBrack { refr, .. } = expr else {
            return false;
        };
        names_of(refr)
            .and_then(|_| self.file.path_of(refr))
            .is_some_and(|path| self.is_total(&format!("{path}.*")))
    }

    fn is_total(&self, path: &str) -> bool {
        let given: Vec<&str> = path.split('.').collect();
        self.total.iter().any(|total| {
            let wanted: Vec<&str> = total.split('.').collect();
            wanted.len() >= given.len()
                && wanted
                    .iter()
                    .zip(&given)
                    .all(|(one, other)| *one == "*" || *other == "*" || one == other)
        })
    }

    /// Whether `data.<package>.<rule>.<fields>` may be undefined; all other paths may.
    fn path_may_be_undefined(&self, path: &str) -> bool {
        let Some(below) = path.strip_prefix("data.") else {
            return true;
        };
        let found = std::iter::once(self.file)
            .chain(self.others.iter().copied())
            .find_map(|file| {
                let rest = below.strip_prefix(file.package())?;
                Some((file, rest.strip_prefix('.')?))
            });
        let Some((file, rest)) = found else {
            return true;
        };
        let mut names = rest.split('.');
        let rule = names.next().unwrap_or_default();
        self.rule_may_be_undefined(file, rule, &names.collect::<Vec<_>>())
    }

    /// The same questions, asked of another file.
    fn within<'b>(&'b self, file: &'b Parsed) -> Defined<'b> {
        Defined {
            file,
            others: self.others,
            total: self.total,
            rows: self.rows,
            looking: RefCell::new(self.looking.borrow().clone()),
        }
    }

    /// A rule always has a value if it has a default, is a set, or has no condition and a value that is always there.
    fn rule_may_be_undefined(&self, file: &Parsed, name: &str, fields: &[&str]) -> bool {
        let key = (file.package().to_owned(), name.to_owned());
        if !self.looking.borrow_mut().insert(key.clone()) {
            return true;
        }
        let within = self.within(file);
        let is_there = file.definitions(name).any(|rule| match rule {
            Rule::Default { .. } => fields.is_empty(),
            Rule::Spec { head, bodies, .. } => {
                let grows = matches!(head, RuleHead::Set { .. }) || names_of(name_of(rule)).is_none();
                grows && fields.is_empty() || within.ends_well(head, bodies, fields)
            }
        });
        self.looking.borrow_mut().remove(&key);
        !is_there
    }

    /// Whether the cases of one definition end in one that always holds, and every case has a value.
    fn ends_well(&self, head: &RuleHead, bodies: &[RuleBody], fields: &[&str]) -> bool {
        let none = Known::default();
        let (Some(last), false) = (bodies.last(), bodies.is_empty()) else {
            // A partial object is always there; `p[x] := y` has a name that is no plain one.
            let value = value_of(head, None);
            return value.is_none_or(|value| self.has(value, fields) && self.gap(value, &none).is_none());
        };
        let mut before = none.clone();
        let values = bodies.iter().all(|body| {
            let known = before.with(&body.query, &|function| self.file.path_of(function).is_some());
            before = before.after(&body.query);
            let value = value_of(head, Some(body));
            value.is_none_or(|value| self.gap(value, &known).is_none() && self.has(value, fields))
        });
        last.query.stmts.is_empty() && values
    }

    /// Whether a value is a record that has these fields.
    fn has(&self, value: &Expr, fields: &[&str]) -> bool {
        let Some((first, rest)) = fields.split_first() else {
            return true;
        };
        let Expr::Object { fields: written, .. } = value else {
            return false;
        };
        written
            .iter()
            .any(|(_, key, value)| literal_text(key).as_deref() == Some(*first) && self.has(value, rest))
    }

    /// A function of ours always has an answer if it has a default, or takes anything and has a case that always holds.
    fn call_may_be_undefined(&self, function: &Expr) -> bool {
        let name = names_of(function).unwrap_or_default().join(".");
        let path = self.file.path_of(function);
        let Some(path) = path.filter(|path| path.starts_with("data.")) else {
            return NO_ANSWER_FOR_NONE.contains(&name.as_str());
        };
        let found = std::iter::once(self.file)
            .chain(self.others.iter().copied())
            .find_map(|file| {
                let rest = path.strip_prefix("data.")?.strip_prefix(file.package())?;
                Some((file, rest.strip_prefix('.')?.to_owned()))
            });
        let Some((file, name)) = found else {
            return true;
        };
        let key = (file.package().to_owned(), name.clone());
        if !self.looking.borrow_mut().insert(key.clone()) {
            return true;
        }
        let within = self.within(file);
        let answers = file.definitions(&name).any(|rule| match rule {
            Rule::Default { .. } => true,
            Rule::Spec { head, bodies, .. } => {
                let anything = match head {
                    RuleHead::Func { args, .. } => args.iter().all(|arg| matches!(arg.as_ref(), Expr::Var { .. })),
                    _ => false,
                };
                anything && within.ends_well(head, bodies, &[])
            }
        });
        self.looking.borrow_mut().remove(&key);
        !answers
    }
}
