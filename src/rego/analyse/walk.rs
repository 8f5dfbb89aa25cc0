//! The walk over rules and statements: what binds a variable, and what is read on the way.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, Query, Ref, Rule, RuleBody, RuleHead, Span};

use super::super::error::RegoError;
use super::super::package::{Package, names_of, place, root, whole, width};
use super::super::path::{Look, Path, ReadSet, Step};
use super::super::schema::{Schema, Shape};
use super::meaning::{self, Meaning, hold};
use super::scope::{Scope, Scopes, variables};
use crate::error::Place;

/// Rules that lean on each other, and expressions within each other, at most.
pub(super) const DEPTH: usize = 100;

/// A rule, and for a function what its arguments mean.
pub(super) type Visit = (String, String, Option<Vec<Meaning>>);

/// The walk's state: whose text it is in, what the variables stand for, what has been read.
pub(super) struct Walk<'a> {
    pub libraries: &'a BTreeMap<String, Package>,
    pub schema: &'a Schema,
    pub package: &'a Package,
    pub scopes: Scopes,
    pub reads: ReadSet,
    /// Rules being walked, to find recursion.
    pub path: Vec<(String, String)>,
    /// Expressions being walked.
    pub depth: usize,
    /// What every rule that was walked reads and means.
    pub known: BTreeMap<Visit, (ReadSet, Meaning)>,
    pub reached: BTreeSet<(String, String)>,
    /// Where a record is read whole.
    pub whole_records: BTreeMap<(Place, Path), usize>,
    /// Whether `print` may be called.
    pub may_print: bool,
}

impl<'a> Walk<'a> {
    pub fn new(own: &'a Package, libraries: &'a BTreeMap<String, Package>, schema: &'a Schema) -> Self {
        Self {
            libraries,
            schema,
            package: own,
            scopes: Scopes::default(),
            reads: ReadSet::default(),
            path: Vec::new(),
            depth: 0,
            known: BTreeMap::new(),
            reached: BTreeSet::new(),
            whole_records: BTreeMap::new(),
            may_print: false,
        }
    }

    /// What one rule reads, helpers included.
    pub fn rule_alone(&mut self, rule: &'a Rule) -> Result<ReadSet, RegoError> {
        self.reads = ReadSet::default();
        self.rule(rule, None)?;
        Ok(std::mem::take(&mut self.reads))
    }

    /// One definition of a rule or function; gives what it means.
    pub fn rule(&mut self, rule: &'a Rule, arguments: Option<&[Meaning]>) -> Result<Meaning, RegoError> {
        match rule {
            Rule::Default { value, .. } => Ok(self.reading(value)?),
            Rule::Spec { head, bodies, .. } => {
                let scopes = std::mem::take(&mut self.scopes);
                self.scopes.0.push(Scope::default());
                let outcome = self.definition(head, bodies, arguments);
                self.scopes = scopes;
                outcome
            }
        }
    }

    fn definition(
        &mut self,
        head: &'a RuleHead,
        bodies: &'a [RuleBody],
        arguments: Option<&[Meaning]>,
    ) -> Result<Meaning, RegoError> {
        if let (RuleHead::Func { args, .. }, Some(arguments)) = (head, arguments) {
            refuse_repeated(args.iter().map(AsRef::as_ref))?;
            for (parameter, meaning) in args.iter().zip(arguments) {
                self.bind(parameter, meaning.clone())?;
            }
        }
        let mut meanings = Vec::new();
        for body in bodies {
            if body.is_else {
                let help = "write a rule of its own for each case";
                return Err(RegoError::refused(
                    &body.span,
                    "`else` does not mean the same on every engine",
                    help,
                ));
            }
            self.scopes.0.push(Scope::default());
            self.statements(&body.query)?;
            meanings.push(match &body.assign {
                Some(assign) => self.reading(&assign.value)?,
                None => self.head(head)?,
            });
            self.scopes.0.pop();
        }
        if bodies.is_empty() {
            return self.head(head);
        }
        Ok(Meaning::all(meanings))
    }

    /// The key and value of a head are read whole; a set's key must not be undefined where OPA would skip the rule.
    fn head(&mut self, head: &'a RuleHead) -> Result<Meaning, RegoError> {
        let (name, value) = match head {
            RuleHead::Compr { refr, assign, .. } | RuleHead::Func { refr, assign, .. } => {
                (refr, assign.as_ref().map(|assign| &assign.value))
            }
            RuleHead::Set { refr, key, .. } => (refr, key.as_ref()),
        };
        self.indices(name)?;
        let is_set = matches!(head, RuleHead::Set { .. });
        let Some(value) = value else { return Ok(Meaning::Value) };
        if is_set && self.may_be_undefined(value)? {
            let help = "bind it in the body first: `x := …`, then `contains x`";
            return Err(RegoError::refused(
                &whole(value),
                "the element of a set may be undefined here",
                help,
            ));
        }
        let meaning = self.reading(value)?;
        match names_of(name).as_deref() {
            Some([_]) if is_set => Ok(Meaning::Many(Box::new(meaning))),
            Some([_]) => Ok(meaning),
            Some([_, field]) if !is_set => Ok(Meaning::Fields([(field.clone(), meaning)].into())),
            _ => Ok(Meaning::Value),
        }
    }

    /// Every index in the name of a rule is read: `p[input.a].b[input.c] := …`.
    fn indices(&mut self, name: &'a Expr) -> Result<(), RegoError> {
        match name {
            Expr::RefBrack { refr, index, .. } => {
                self.indices(refr)?;
                self.reading(index).map(|_| ())
            }
            Expr::RefDot { refr, .. } => self.indices(refr),
            _ => Ok(()),
        }
    }

    /// A body: statements in the order they stand in.
    pub fn statements(&mut self, query: &'a Query) -> Result<(), RegoError> {
        self.scopes.foresee(query);
        for statement in &query.stmts {
            if let Some(modifier) = statement.with_mods.first() {
                let help = "write the condition on the input itself; `with` is for tests";
                return Err(RegoError::refused(&modifier.span, "`with` outside a test", help));
            }
            self.statement(&statement.literal)?;
        }
        Ok(())
    }

    fn statement(&mut self, literal: &'a Literal) -> Result<(), RegoError> {
        match literal {
            Literal::SomeVars { vars, .. } => {
                vars.iter().for_each(|name| self.scopes.declare(name.text()));
                Ok(())
            }
            Literal::SomeIn {
                key, value, collection, ..
            } => {
                refuse_repeated(key.iter().chain([value]).map(AsRef::as_ref))?;
                let (index, element) = self.elements(collection)?;
                if let Some(key) = key {
                    self.bind(key, index)?;
                }
                self.bind(value, element)
            }
            Literal::Every {
                key,
                value,
                domain,
                query,
                ..
            } => {
                if key
                    .as_ref()
                    .is_some_and(|key| key.text() == value.text() && key.text() != "_")
                {
                    return Err(bound_twice(value, value.text()));
                }
                let (index, element) = self.elements(domain)?;
                self.scopes.0.push(Scope::default());
                if let Some(key) = key {
                    self.scopes.bind(key.text(), index);
                }
                self.scopes.bind(value.text(), element);
                self.scopes.0.push(Scope::default());
                let outcome = self.statements(query);
                self.scopes.0.pop();
                self.scopes.0.pop();
                outcome
            }
            Literal::Expr { expr, .. } => self.assertion(expr),
            Literal::NotExpr { expr, .. } => {
                self.refuse_undefined_under_not(expr)?;
                self.reading(expr).map(|_| ())
            }
        }
    }

    fn assertion(&mut self, expr: &'a Expr) -> Result<(), RegoError> {
        match expr {
            Expr::AssignExpr {
                op: AssignOp::ColEq,
                lhs,
                rhs,
                ..
            } => {
                refuse_repeated([lhs.as_ref()])?;
                let meaning = self.expression(rhs)?;
                self.bind(lhs, meaning)
            }
            Expr::AssignExpr {
                op: AssignOp::Eq,
                lhs,
                rhs,
                ..
            } => self.unify(lhs, rhs),
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                self.reading(expr)?;
                self.note_not_null(op, lhs, rhs)
            }
            other => self.reading(other).map(|_| ()),
        }
    }

    /// `a = b`: what nothing binds yet is bound by the other side, and both sides are read.
    fn unify(&mut self, lhs: &'a Expr, rhs: &'a Expr) -> Result<(), RegoError> {
        let open = |walk: &Self, side: &Expr| {
            matches!(side, Expr::Var { .. } | Expr::Array { .. })
                && variables(side).iter().any(|name| !walk.names_something(name))
        };
        let (pattern, other) = match (open(self, lhs), open(self, rhs)) {
            (true, false) => (lhs, rhs),
            (false, true) => (rhs, lhs),
            (false, false) => {
                let (left, right) = (self.reading(lhs)?, self.reading(rhs)?);
                return hold(self.schema, &left, &right);
            }
            (true, true) => {
                return Err(RegoError::refused(
                    root(lhs),
                    "nothing binds either side",
                    "bind one of them with `:=` first",
                ));
            }
        };
        let meaning = self.reading(other)?;
        self.bind(pattern, meaning)
    }

    /// `x != null`, and `login.state == "known"` for what is beside it.
    fn note_not_null(&mut self, op: &BoolOp, lhs: &'a Expr, rhs: &'a Expr) -> Result<(), RegoError> {
        for (side, other) in [(lhs, rhs), (rhs, lhs)] {
            let Meaning::Constants(constants) = self.expression(other)? else {
                continue;
            };
            let Some(path) = self.expression(side)?.path().cloned() else {
                continue;
            };
            let all = |literal: &meaning::Literal| constants.iter().all(|constant| constant.literal == *literal);
            if *op == BoolOp::Ne && all(&meaning::Literal::Null) {
                self.scopes.note_not_null(path);
            } else if *op == BoolOp::Eq
                && all(&meaning::Literal::Text("known".to_owned()))
                && path.0.last() == Some(&Step::Field("state".to_owned()))
            {
                let above = path.0.iter().take(path.0.len() - 1).cloned().collect();
                self.scopes.note_not_null(Path(above));
            }
        }
        Ok(())
    }

    /// The key and the element of what `some … in` and `every … in` go through.
    fn elements(&mut self, collection: &'a Expr) -> Result<(Meaning, Meaning), RegoError> {
        let meaning = self.expression(collection)?;
        let Some(path) = meaning.path().cloned() else {
            return Ok((Meaning::Value, meaning.element(self.schema)));
        };
        let schema = self.schema.at(&path);
        if schema.is_some_and(|schema| schema.nullable) {
            let help = "`x := list[_]` goes through it on every engine";
            let message = format!("`{path}` may be null, and going through null is an error on one engine only");
            return Err(RegoError::refused(&whole(collection), message, help));
        }
        match schema.map(|schema| &schema.shape) {
            Some(Shape::List(_)) => {
                self.reads.add(path.clone(), Look::Counted);
                let element = path.then(Step::Each);
                self.reads.add(element.clone(), Look::Handed);
                Ok((Meaning::Value, Meaning::Place(element)))
            }
            Some(Shape::Record(_) | Shape::Any) => {
                self.note_whole(collection, &path);
                self.reads.add(path, Look::Whole);
                Ok((Meaning::Value, Meaning::Value))
            }
            _ => {
                let message = format!("`{path}` is neither a list nor a record");
                Err(RegoError::refused(
                    &whole(collection),
                    message,
                    "there is nothing to go through here",
                ))
            }
        }
    }

    /// Binds a variable or a pattern. A plain variable takes a place over; a pattern reads it whole.
    pub fn bind(&mut self, target: &'a Expr, meaning: Meaning) -> Result<(), RegoError> {
        match target {
            Expr::Var { span, .. } => {
                if matches!(span.text(), "input" | "data") {
                    let message = format!("a variable is named `{}`", span.text());
                    return Err(RegoError::refused(span, message, "give it another name"));
                }
                if let Meaning::Place(path) = &meaning {
                    self.reads.add(path.clone(), Look::Handed);
                }
                self.scopes.bind(span.text(), meaning);
                Ok(())
            }
            Expr::Array { items, .. } => {
                let meaning = self.look_at(meaning);
                let element = meaning.element(self.schema);
                items.iter().try_for_each(|item| self.bind(item, element.clone()))
            }
            Expr::Object { span, .. } => {
                let help = "name the fields one by one: `x := record.field`";
                Err(RegoError::refused(
                    span,
                    "a record as a pattern fits other records on one engine only",
                    help,
                ))
            }
            literal => {
                let meaning = self.look_at(meaning);
                let written = self.reading(literal)?;
                hold(self.schema, &meaning, &written)
            }
        }
    }

    /// Reads whatever an expression stands for.
    pub fn reading(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        let meaning = self.expression(expr)?;
        if let Meaning::Place(path) = &meaning {
            self.note_whole(expr, path);
        }
        Ok(self.look_at(meaning))
    }

    /// Notes that a record is read whole here.
    pub fn note_whole(&mut self, expr: &Expr, path: &Path) {
        if matches!(self.schema.at(path).map(|at| &at.shape), Some(Shape::Record(_))) {
            let written = whole(expr);
            self.whole_records
                .insert((place(&written), path.clone()), width(&written));
        }
    }

    pub fn reading_all(&mut self, all: impl IntoIterator<Item = &'a Ref<Expr>>) -> Result<Vec<Meaning>, RegoError> {
        all.into_iter().map(|expr| self.reading(expr)).collect()
    }

    fn look_at(&mut self, meaning: Meaning) -> Meaning {
        if let Meaning::Place(path) = &meaning {
            self.reads.add(path.clone(), Look::Whole);
        }
        meaning.looked_at()
    }
}

/// regorus binds a name again where OPA compares.
fn refuse_repeated<'e>(patterns: impl IntoIterator<Item = &'e Expr>) -> Result<(), RegoError> {
    let mut seen = BTreeSet::new();
    for pattern in patterns {
        if let Some(name) = variables(pattern).into_iter().find(|name| !seen.insert(name.clone())) {
            return Err(bound_twice(root(pattern), &name));
        }
    }
    Ok(())
}

fn bound_twice(span: &Span, name: &str) -> RegoError {
    RegoError::refused(
        span,
        format!("`{name}` is bound twice at once"),
        "give it two names and compare them with `==`",
    )
}
