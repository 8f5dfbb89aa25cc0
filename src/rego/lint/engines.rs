//! Constructs that mean one thing on OPA and another here. In a check the loader refuses them; in a normaliser and in a
//! test nobody else looks. `faults.rs` records each.

use std::collections::BTreeSet;

use regorus::unstable::{Expr, Literal, Query, Rule, RuleHead};

use super::super::package::{names_of, root, whole};
use super::super::tree::{comprehension, in_statement, parts, value_of};
use super::defined::{Defined, Known};
use super::parsed::Parsed;
use super::{Remark, Topic};

/// Whether the rows of a document have every field, or only those that an answer happened to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Every field is there, and a list is a list: a file's columns.
    Total,
    /// As the answer had them.
    AsTheyCame,
}

/// Constructs on which the engines differ. `total` are the paths that every document has (`*` for any name); `others`
/// are the files whose rules this one may name.
pub fn engines(file: &Parsed, others: &[&Parsed], total: &[&str], rows: Rows) -> Vec<Remark> {
    let mut look = Look {
        defined: Defined::new(file, others, total, rows),
        file,
        rows,
        own_rows: BTreeSet::new(),
        remarks: Vec::new(),
    };
    for rule in &file.module.policy {
        look.own_rows.clear();
        match rule.as_ref() {
            Rule::Default { value, .. } => look.expression(value, &Known::default()),
            Rule::Spec { head, bodies, .. } => {
                let mut before = Known::default();
                for (index, body) in bodies.iter().enumerate() {
                    let known = before.with(&body.query, &|function| file.path_of(function).is_some());
                    before = before.after(&body.query);
                    look.query(&body.query, &known);
                    look.head(head, value_of(head, Some(body)), &known);
                    let followed = bodies.get(index + 1).is_some_and(|next| next.is_else);
                    if followed && matches!(head, RuleHead::Func { .. }) {
                        look.before_else(value_of(head, Some(body)), &known);
                    }
                }
                if bodies.is_empty() {
                    look.head(head, value_of(head, None), &Known::default());
                }
            }
        }
    }
    look.remarks.sort_by(|one, other| one.place.cmp(&other.place));
    look.remarks.dedup();
    look.remarks
}

struct Look<'a> {
    defined: Defined<'a>,
    file: &'a Parsed,
    rows: Rows,
    /// Variables of the rule that stand for rows that the file itself made.
    own_rows: BTreeSet<String>,
    remarks: Vec<Remark>,
}

/// Builtins that are not there, answer wrongly, or whose answer changes from run to run.
const BUILTINS: [(&str, &str); 10] = [
    (
        "walk",
        "this engine does not have it, and `[path, value] := walk(x)` finds nothing on its own",
    ),
    ("object.subset", "it panics here for an empty list"),
    ("strings.count", "it panics here for an empty text"),
    (
        "time.now_ns",
        "the answer would change from run to run: the time is in `input`",
    ),
    ("rand.intn", "the answer would change from run to run"),
    ("uuid.rfc4122", "the answer would change from run to run"),
    ("http.send", "nothing here reaches outside, and it is always undefined"),
    ("net.lookup_ip_addr", "nothing here reaches outside"),
    ("opa.runtime", "the answer depends on the machine"),
    ("time.add_date", "the engines differ at the end of a month"),
];

impl<'a> Look<'a> {
    /// Whether a function is one of the author's own.
    fn ours(&self) -> impl Fn(&Expr) -> bool + use<'a> {
        let file = self.file;
        move |function: &Expr| file.path_of(function).is_some()
    }

    fn query(&mut self, query: &'a Query, known: &Known) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::NotExpr { expr, .. } => self.negated(expr, known),
                Literal::SomeIn { collection, value, .. } => {
                    self.gone_through(collection, known);
                    // What the file itself made is as it made it.
                    if let (Expr::Var { span: list, .. }, Expr::Var { span, .. }) =
                        (collection.as_ref(), value.as_ref())
                        && self.file.has_rule(list.text())
                    {
                        self.own_rows.insert(span.text().to_owned());
                    }
                }
                Literal::Every { domain, query, .. } => {
                    self.gone_through(domain, known);
                    let known = known.with(query, &self.ours());
                    self.query(query, &known);
                }
                _ => {}
            }
            in_statement(statement)
                .into_iter()
                .for_each(|expr| self.expression(expr, known));
        }
    }

    fn expression(&mut self, expr: &'a Expr, known: &Known) {
        if let Some(inner) = comprehension(expr) {
            let known = known.with(inner.query, &self.ours());
            self.query(inner.query, &known);
            inner.results.iter().for_each(|result| self.expression(result, &known));
        }
        if let Expr::Call { fcn, .. } = expr {
            let name = names_of(fcn).unwrap_or_default().join(".");
            if let Some((_, why)) = BUILTINS.iter().find(|(builtin, _)| *builtin == name)
                && self.file.path_of(fcn).is_none()
            {
                let message = format!("`{name}` cannot be used: {why}");
                let help = "say it with other builtins; policies/README.md lists what a check may not use";
                self.remarks
                    .push(Remark::new(Topic::UnsafeBuiltin, root(fcn), message, help));
            }
        }
        parts(expr).into_iter().for_each(|part| self.expression(part, known));
    }

    /// The operands of what is negated; whether it holds is what `not` asks.
    fn negated(&mut self, expr: &'a Expr, known: &Known) {
        let operands: Vec<&Expr> = match expr {
            Expr::Call { params, .. } => params.iter().map(AsRef::as_ref).collect(),
            Expr::RefBrack { index, .. } => vec![index.as_ref()],
            Expr::BoolExpr { .. } | Expr::BinExpr { .. } | Expr::ArithExpr { .. } | Expr::Membership { .. } => {
                parts(expr)
            }
            _ => Vec::new(),
        };
        for operand in operands {
            if let Some(gap) = self.defined.gap(operand, known) {
                let message = format!("`{}` may be undefined, and stands under `not`", shown(gap));
                let help = "bind it in a statement of its own, `x := …`, and write `not … x …`; or give it a value with \
                            `object.get` or `default`";
                self.remarks
                    .push(Remark::new(Topic::UndefinedUnderNot, &whole(gap), message, help));
            }
        }
    }

    /// The element of a set, and the key and value of `p[key] := value`.
    fn head(&mut self, head: &'a RuleHead, value: Option<&'a Expr>, known: &Known) {
        let partial = match head {
            RuleHead::Set { .. } => true,
            RuleHead::Compr { refr, .. } => !computed_names(refr).is_empty(),
            RuleHead::Func { .. } => false,
        };
        let name = match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
        };
        self.expression(name, known);
        value.into_iter().for_each(|value| self.expression(value, known));
        if !partial {
            return;
        }
        for expr in computed_names(name).into_iter().chain(value) {
            if let Some(gap) = self.defined.gap(expr, known) {
                let message = format!(
                    "`{}` may be undefined, and is an element of `{}`",
                    shown(gap),
                    shown_name(name)
                );
                let help = "bind it in the body first, `x := …`, and name `x` in the head";
                self.remarks
                    .push(Remark::new(Topic::UndefinedElement, &whole(gap), message, help));
            }
        }
    }

    fn before_else(&mut self, value: Option<&'a Expr>, known: &Known) {
        if let Some(gap) = value.and_then(|value| self.defined.gap(value, known)) {
            let message = format!("`{}` may be undefined, and an `else` follows", shown(gap));
            let help = "bind it in the body first, `x := …`, so that the `else` answers on every engine";
            self.remarks
                .push(Remark::new(Topic::UndefinedBeforeElse, &whole(gap), message, help));
        }
    }

    fn gone_through(&mut self, collection: &'a Expr, known: &Known) {
        if self.may_be_null(collection, known) {
            let message = format!(
                "`{}` may be null, and going through null is an error here",
                shown(collection)
            );
            let help =
                "ask `is_array(…)` of it in the body, or write `x := list[_]`, which goes through null everywhere";
            self.remarks
                .push(Remark::new(Topic::NullIteration, &whole(collection), message, help));
        }
    }

    fn may_be_null(&self, expr: &Expr, known: &Known) -> bool {
        if known.is_not_null(expr) {
            return false;
        }
        match expr {
            Expr::Null { .. } => true,
            Expr::Call { fcn, params, .. } => {
                let name = names_of(fcn).unwrap_or_default().join(".");
                match (name.as_str(), params.as_slice()) {
                    ("object.get", [_, _, otherwise]) => matches!(otherwise.as_ref(), Expr::Null { .. }),
                    _ => self.gives_null(&name),
                }
            }
            Expr::Var { span, .. } => self.gives_null(span.text()),
            // What nothing says anything of may hold anything, null too.
            Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                let safe = match root_of(expr) {
                    Expr::Var { span, .. } => self.own_rows.contains(span.text()),
                    // An element of a literal, of which it is seen what it holds.
                    _ => true,
                };
                self.rows == Rows::AsTheyCame
                    && !safe
                    && !self.defined.is_in_total(expr)
                    && self.defined.gap(expr, &Known::default()).is_some()
            }
            _ => false,
        }
    }

    /// Whether a rule or function of the file has null among its values.
    fn gives_null(&self, name: &str) -> bool {
        self.file.definitions(name).any(|rule| match rule {
            Rule::Default { value, .. } => matches!(value.as_ref(), Expr::Null { .. }),
            Rule::Spec { head, bodies, .. } => {
                let is_null = |value: Option<&Expr>| matches!(value, Some(Expr::Null { .. }));
                is_null(value_of(head, None)) || bodies.iter().any(|body| is_null(value_of(head, Some(body))))
            }
        })
    }
}

/// The keys in the name of a rule that are no literals: `row.id` of `by_id[row.id]`.
fn computed_names(name: &Expr) -> Vec<&Expr> {
    match name {
        Expr::RefBrack { refr, index, .. } => {
            let mut found = computed_names(refr);
            if names_of(name).is_none() {
                found.push(index.as_ref());
            }
            found
        }
        Expr::RefDot { refr, .. } => computed_names(refr),
        _ => Vec::new(),
    }
}

/// What a reference begins with.
fn root_of(expr: &Expr) -> &Expr {
    match expr {
        Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => root_of(refr),
        other => other,
    }
}

fn shown(expr: &Expr) -> String {
    whole(expr).text().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown_name(name: &Expr) -> String {
    root(name).text().to_owned()
}
