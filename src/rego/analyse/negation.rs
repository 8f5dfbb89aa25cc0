//! Where something undefined would mean one thing on OPA and another here.
//!
//! OPA moves the operands of a negated expression in front of the `not`: an undefined operand makes the whole
//! statement undefined, a silent pass. regorus makes the negation true. So under `not`, and as the element of a set,
//! only what is always defined is let through.

use regorus::unstable::{Expr, Ref, Rule, RuleHead, Span};

use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of, root};
use super::walk::{Meaning, Walk};

impl<'a> Walk<'a> {
    pub(super) fn refuse_undefined_under_not(&mut self, expr: &'a Expr) -> Result<(), RegoError> {
        let operands: Vec<&'a Ref<Expr>> = match expr {
            Expr::Call { params, .. } => params.iter().collect(),
            Expr::BoolExpr { lhs, rhs, .. }
            | Expr::BinExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs, rhs],
            Expr::Membership {
                key, value, collection, ..
            } => key.iter().chain([value, collection]).collect(),
            _ => Vec::new(),
        };
        match operands.into_iter().find(|operand| self.may_be_undefined(operand)) {
            None => Ok(()),
            Some(operand) => {
                let help = "bind it first: `x := …` on a line of its own, then `not … x …`";
                Err(RegoError::refused(
                    root(operand),
                    "this may be undefined, and stands under `not`",
                    help,
                ))
            }
        }
    }

    /// Whether an expression can be undefined on a total document.
    pub(super) fn may_be_undefined(&mut self, expr: &'a Expr) -> bool {
        match expr {
            Expr::Var { span, .. } => self.name_may_be_undefined(span),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference_may_be_undefined(expr),
            Expr::Call { params, fcn, .. } => {
                self.is_ours(fcn) || params.iter().any(|parameter| self.may_be_undefined(parameter))
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().any(|item| self.may_be_undefined(item)),
            Expr::Object { fields, .. } => fields
                .iter()
                .any(|(_, key, value)| self.may_be_undefined(key) || self.may_be_undefined(value)),
            Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } | Expr::BoolExpr { lhs, rhs, .. } => {
                self.may_be_undefined(lhs) || self.may_be_undefined(rhs)
            }
            Expr::UnaryExpr { expr, .. } => self.may_be_undefined(expr),
            _ => false,
        }
    }

    fn name_may_be_undefined(&self, span: &Span) -> bool {
        let name = span.text();
        if self.is_local(name) || name == "input" {
            return false;
        }
        if self.package.rules.contains_key(name) {
            return !is_total(self.package, name);
        }
        match self.package.imports.get(name) {
            Some(Import::LibraryRule(library, rule)) => {
                self.library(library).is_none_or(|package| !is_total(package, rule))
            }
            _ => false,
        }
    }

    /// A field of a record on a place is there; anything behind a list's index or a computed value may not be.
    fn reference_may_be_undefined(&mut self, expr: &'a Expr) -> bool {
        let library = names_of(expr).and_then(|names| match names.as_slice() {
            [data, lib, library, rule] if data == "data" && lib == "lib" => {
                Some((format!("lib.{library}"), rule.clone()))
            }
            [alias, rule] => match self.package.imports.get(alias) {
                Some(Import::Library(library)) => Some((library.clone(), rule.clone())),
                _ => None,
            },
            _ => None,
        });
        if let Some((library, rule)) = library {
            return self.library(&library).is_none_or(|package| !is_total(package, &rule));
        }
        let indexed = matches!(expr, Expr::RefBrack { index, .. } if literal_text(index).is_none());
        let below = match expr {
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => refr,
            _ => return false,
        };
        let below_is_place = matches!(self.expression(below), Ok(Meaning::Place(_)));
        indexed || !below_is_place || self.may_be_undefined(below)
    }

    fn is_ours(&self, function: &Expr) -> bool {
        let names = names_of(function).unwrap_or_default();
        match names.as_slice() {
            [name] => {
                self.package.rules.contains_key(name)
                    || self.own().rules.contains_key(name)
                    || self.package.imports.contains_key(name)
            }
            [first, ..] => first == "data" || self.package.imports.contains_key(first),
            [] => false,
        }
    }
}

/// Whether a rule always has a value: it has a default, it is a set, or it has no condition.
fn is_total(package: &Package, name: &str) -> bool {
    package
        .rules
        .get(name)
        .into_iter()
        .flatten()
        .any(|rule| match rule.as_ref() {
            Rule::Default { .. } => true,
            Rule::Spec {
                head: RuleHead::Set { .. },
                ..
            } => true,
            Rule::Spec {
                head: RuleHead::Compr { .. },
                bodies,
                ..
            } => bodies.is_empty(),
            Rule::Spec {
                head: RuleHead::Func { .. },
                ..
            } => false,
        })
}
