//! The parts of a statement whose values say why it does not hold.

use std::collections::BTreeSet;

use regorus::unstable::{AssignOp, Expr, Literal, Ref};

use super::super::unparse;
use super::body::{Step, What};
use super::modules::{File, Modules, Target};
use super::names;

/// One part of a statement.
pub(super) struct Operand<'r> {
    pub expr: &'r Expr,
    /// As it is written.
    pub text: String,
    /// The rule or function of ours that it leans on.
    pub target: Option<Target>,
    /// How its value is shown.
    pub shown: Shown,
}

/// How much a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Always,
    /// Where it is short: what a function of ours is given, which is looked at inside.
    Short,
    /// It is needed, and says nothing.
    Never,
}

/// Where operands are looked for.
pub(super) struct Scope<'s> {
    pub modules: &'s Modules,
    pub file: usize,
    /// Local names.
    pub bound: &'s BTreeSet<String>,
}

impl<'r> Scope<'_> {
    /// The operands of a step, each once, in the order of the text.
    pub fn operands(&self, step: &Step<'r>) -> Vec<Operand<'r>> {
        let mut found = Vec::new();
        match &step.what {
            What::Value(expr) => self.statement(expr, &mut found),
            What::Statement(statement) => match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { collection, .. } => self.collect(collection, Shown::Always, &mut found),
                Literal::Every { domain, .. } => self.collect(domain, Shown::Always, &mut found),
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.statement(expr, &mut found),
            },
        }
        found
    }

    /// What a statement says of itself, that it is false, need not be said again.
    fn statement(&self, expr: &'r Expr, found: &mut Vec<Operand<'r>>) {
        match expr {
            Expr::Call { fcn, params, .. } => {
                let target = self.target(fcn);
                if target.is_some() {
                    self.push(expr, target, Shown::Never, found);
                    params.iter().for_each(|param| self.collect(param, Shown::Short, found));
                } else {
                    params
                        .iter()
                        .for_each(|param| self.collect(param, Shown::Always, found));
                }
            }
            Expr::BoolExpr { lhs, rhs, .. } => {
                self.collect(lhs, Shown::Always, found);
                self.collect(rhs, Shown::Always, found);
                // Beside a set of reasons, the other side says which of them matter.
                for (side, other) in [(lhs, rhs), (rhs, lhs)] {
                    if self.target(side).is_some_and(|target| self.modules.is_set(&target)) {
                        self.push(other, None, Shown::Never, found);
                    }
                }
            }
            Expr::Membership { value, collection, .. } => {
                self.collect(expr, Shown::Always, found);
                if self
                    .target(collection)
                    .is_some_and(|target| self.modules.is_set(&target))
                {
                    self.push(value, None, Shown::Never, found);
                }
            }
            // A rule of ours by itself is looked at inside.
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } if self.target(expr).is_some() => {
                self.collect(expr, Shown::Never, found);
            }
            other => self.collect(other, Shown::Always, found),
        }
    }

    fn collect(&self, expr: &'r Expr, shown: Shown, found: &mut Vec<Operand<'r>>) {
        match expr {
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr, shown, found),
            Expr::Call { fcn, params, .. } => {
                let target = self.target(fcn);
                let inner = if target.is_some() { Shown::Short } else { Shown::Always };
                self.push(expr, target, shown, found);
                params.iter().for_each(|param| self.collect(param, inner, found));
            }
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => {
                self.push(expr, None, shown, found);
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                items.iter().for_each(|item| self.collect(item, shown, found));
            }
            Expr::Object { fields, .. } => fields
                .iter()
                .for_each(|(_, _, value)| self.collect(value, shown, found)),
            Expr::UnaryExpr { expr, .. } => self.collect(expr, shown, found),
            Expr::BinExpr { lhs, rhs, .. } | Expr::BoolExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => {
                self.collect(lhs, shown, found);
                self.collect(rhs, shown, found);
            }
            Expr::AssignExpr { op, lhs, rhs, .. } => {
                if *op == AssignOp::Eq {
                    self.collect(lhs, shown, found);
                }
                self.collect(rhs, shown, found);
            }
            Expr::Membership {
                key, value, collection, ..
            } => {
                key.iter().for_each(|key| self.collect(key, shown, found));
                self.collect(value, shown, found);
                self.collect(collection, shown, found);
            }
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
        }
    }

    fn reference(&self, expr: &'r Expr, shown: Shown, found: &mut Vec<Operand<'r>>) {
        let target = self.target(expr);
        if self.is_closed(expr) {
            self.push(expr, target, shown, found);
        }
        let mut at = expr;
        while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = at {
            if let Expr::RefBrack { index, .. } = at {
                self.collect(index, shown, found);
            }
            at = refr;
        }
        if matches!(at, Expr::Call { .. }) {
            self.collect(at, shown, found);
        }
    }

    fn push(&self, expr: &'r Expr, target: Option<Target>, shown: Shown, found: &mut Vec<Operand<'r>>) {
        let text = unparse::expression(expr);
        if text == "_" {
            return;
        }
        match found.iter_mut().find(|operand| operand.text == text) {
            Some(known) if known.shown == Shown::Never && known.target.is_none() => known.shown = shown,
            Some(_) => {}
            None => found.push(Operand {
                expr,
                text,
                target,
                shown,
            }),
        }
    }

    /// The rule of ours that an expression is, or the function that it calls, with what that is given. A set of reasons
    /// is none: it is there whether anything is in it or not.
    pub fn leans_on<'e>(&self, expr: &'e Expr) -> Option<(Target, &'e [Ref<Expr>])> {
        let (name, arguments) = match expr {
            Expr::Call { fcn, params, .. } => (fcn.as_ref(), params.as_slice()),
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => (expr, &[][..]),
            _ => return None,
        };
        let target = self.target(name).filter(|target| !self.modules.is_set(target))?;
        Some((target, arguments))
    }

    fn target(&self, expr: &Expr) -> Option<Target> {
        self.modules.target(self.file, expr, |name| self.bound.contains(name))
    }

    /// Whether every name in it is bound: a value can be asked for.
    fn is_closed(&self, expr: &Expr) -> bool {
        let mut used = BTreeSet::new();
        names::used(expr, &mut used);
        let of = self.modules.0.get(self.file);
        let known = |name: &str| matches!(name, "input" | "data") || of.is_some_and(|file| file.names(name));
        let in_package = |name: &str| of.is_some_and(|of| self.modules.0.iter().any(|file| file.shares(of, name)));
        used.iter()
            .all(|name| self.bound.contains(name) || known(name) || in_package(name))
    }
}

impl File {
    fn names(&self, name: &str) -> bool {
        self.imports(name) || self.has_rule(name)
    }

    /// Whether this file gives the package of another one a rule of a name.
    fn shares(&self, other: &File, name: &str) -> bool {
        self.package == other.package && self.has_rule(name)
    }
}
