//! Where something undefined would mean one thing on OPA and another here.
//!
//! OPA moves the operands of a negated expression in front of the `not`: an undefined operand makes the whole
//! statement undefined, a silent pass. regorus makes the negation true. So under `not`, and as the element of a set,
//! only what is always defined is let through.

use regorus::unstable::{Expr, Ref, Rule, RuleHead};

use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of, whole};
use super::meaning::Meaning;
use super::walk::{DEPTH, Walk};

/// Builtins of the allow-list that have no answer for an empty collection.
const NO_ANSWER_FOR_NONE: [&str; 2] = ["max", "min"];

impl<'a> Walk<'a> {
    pub fn refuse_undefined_under_not(&mut self, expr: &'a Expr) -> Result<(), RegoError> {
        for operand in operands(expr) {
            if self.may_be_undefined(operand)? {
                let help = "bind it first: `x := …` on a line of its own, then `not … x …`";
                return Err(RegoError::refused(
                    &whole(operand),
                    "this may be undefined, and stands under `not`",
                    help,
                ));
            }
        }
        Ok(())
    }

    /// Whether an expression can be undefined on a total document.
    pub fn may_be_undefined(&mut self, expr: &'a Expr) -> Result<bool, RegoError> {
        // Rules that lead back to themselves are refused when they are walked; here they only must not go on for ever.
        if self.depth > DEPTH {
            return Ok(true);
        }
        let depth = self.depth;
        self.depth = depth + 1;
        let outcome = self.undefined_by_kind(expr);
        self.depth = depth;
        outcome
    }

    fn undefined_by_kind(&mut self, expr: &'a Expr) -> Result<bool, RegoError> {
        match expr {
            Expr::Var { span, .. } => self.name_may_be_undefined(span.text()),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference_may_be_undefined(expr),
            Expr::Call { fcn, params, .. } => {
                let name = names_of(fcn).unwrap_or_default().join(".");
                if self.is_ours(fcn, &name) || NO_ANSWER_FOR_NONE.contains(&name.as_str()) {
                    return Ok(true);
                }
                self.any_undefined(params)
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.any_undefined(items),
            Expr::Object { fields, .. } => self.any_undefined(fields.iter().flat_map(|(_, key, value)| [key, value])),
            Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } | Expr::BoolExpr { lhs, rhs, .. } => {
                self.any_undefined([lhs, rhs])
            }
            Expr::Membership { value, collection, .. } => self.any_undefined([value, collection]),
            Expr::UnaryExpr { expr, .. } => self.may_be_undefined(expr),
            _ => Ok(false),
        }
    }

    fn any_undefined(&mut self, all: impl IntoIterator<Item = &'a Ref<Expr>>) -> Result<bool, RegoError> {
        for expr in all {
            if self.may_be_undefined(expr)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn name_may_be_undefined(&mut self, name: &str) -> Result<bool, RegoError> {
        if self.scopes.is_local(name) || name == "input" {
            return Ok(false);
        }
        if self.package.rules.contains_key(name) {
            return self.rule_may_be_undefined(self.package, name);
        }
        match self.package.imports.get(name).cloned() {
            Some(Import::LibraryRule(library, rule)) => match self.libraries.get(&library) {
                Some(package) => self.rule_may_be_undefined(package, &rule),
                None => Ok(true),
            },
            Some(_) => Ok(false),
            // A wildcard, or a variable that would be bound by going through everything.
            None => Ok(true),
        }
    }

    /// A field of a record on a place is there; anything behind a list's index or a computed value may not be.
    fn reference_may_be_undefined(&mut self, expr: &'a Expr) -> Result<bool, RegoError> {
        if let Some((library, rule)) = self.library_reference(expr) {
            return match self.libraries.get(&library) {
                Some(package) => self.rule_may_be_undefined(package, &rule),
                None => Ok(true),
            };
        }
        match expr {
            Expr::RefBrack { index, .. } if literal_text(index).is_none() => Ok(true),
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => {
                let below = self.expression(refr)?;
                Ok(below.path().is_none() && !matches!(below, Meaning::Fields(_)) || self.may_be_undefined(refr)?)
            }
            _ => Ok(false),
        }
    }

    /// A rule always has a value if it has a default, is a set, or has no condition and a value that is always there.
    fn rule_may_be_undefined(&mut self, package: &'a Package, name: &str) -> Result<bool, RegoError> {
        for rule in package.rules.get(name).into_iter().flatten() {
            match rule.as_ref() {
                Rule::Default { .. }
                | Rule::Spec {
                    head: RuleHead::Set { .. },
                    ..
                } => return Ok(false),
                Rule::Spec {
                    head: RuleHead::Compr {
                        assign: Some(assign), ..
                    },
                    bodies,
                    ..
                } if bodies.is_empty() => {
                    if !self.elsewhere(package, |walk| walk.may_be_undefined(&assign.value))? {
                        return Ok(false);
                    }
                }
                Rule::Spec { .. } => {}
            }
        }
        Ok(true)
    }

    fn is_ours(&self, function: &Expr, name: &str) -> bool {
        self.library_reference(function).is_some()
            || self.package.rules.contains_key(name)
            || self.package.imports.contains_key(name)
    }
}

/// What a negated expression works on. The expression itself may be undefined: that is what `not` asks.
fn operands(expr: &Expr) -> Vec<&Ref<Expr>> {
    match expr {
        Expr::Call { params, .. } => params.iter().collect(),
        Expr::BoolExpr { lhs, rhs, .. }
        | Expr::BinExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs, rhs],
        Expr::Membership {
            key, value, collection, ..
        } => key.iter().chain([value, collection]).collect(),
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().collect(),
        Expr::Object { fields, .. } => fields.iter().flat_map(|(_, key, value)| [key, value]).collect(),
        Expr::RefBrack { refr, index, .. } => operands(refr).into_iter().chain([index]).collect(),
        Expr::RefDot { refr, .. } => operands(refr),
        _ => Vec::new(),
    }
}
