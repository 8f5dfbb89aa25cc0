//! Comparisons of a place with words: a word that the schema does not have never holds, and Rego would not say so.

use regorus::unstable::{Expr, Ref, Rule, RuleHead, Span};

use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text};
use super::super::schema::Shape;
use super::walk::{Meaning, Walk};
use crate::error::did_you_mean;

impl<'a> Walk<'a> {
    /// Holds `place == "word"`, `"word" == place` and `place in {"word", …}` against the schema's words.
    pub(super) fn hold_words(&mut self, left: &'a Expr, right: &'a Expr) -> Result<(), RegoError> {
        for (place, other) in [(left, right), (right, left)] {
            let written = self.words_of(other);
            if written.is_empty() {
                continue;
            }
            let Meaning::Place(path) = self.expression(place)? else {
                continue;
            };
            let Some(Shape::Text(Some(known))) = self.schema.at(&path).map(|schema| &schema.shape) else {
                continue;
            };
            if let Some((word, span)) = written.iter().find(|(word, _)| !known.contains(word)) {
                let message = format!("`{path}` is never \"{word}\"");
                let help = did_you_mean(word, known.iter().map(String::as_str));
                return Err(RegoError::refused(span, message, help));
            }
        }
        Ok(())
    }

    /// The words of a literal, of a literal set or list, or of a rule that is one.
    fn words_of(&self, expr: &'a Expr) -> Vec<(String, Span)> {
        match expr {
            Expr::Array { items, .. } | Expr::Set { items, .. } => items
                .iter()
                .filter_map(|item| Some((literal_text(item)?, item.span().clone())))
                .collect(),
            Expr::Var { span, .. } if !self.is_local(span.text()) => match self.package.imports.get(span.text()) {
                Some(Import::LibraryRule(library, rule)) => self
                    .library(library)
                    .map(|package| self.constant(package, rule))
                    .unwrap_or_default(),
                _ => self.constant(self.package, span.text()),
            },
            literal => literal_text(literal)
                .map(|word| (word, literal.span().clone()))
                .into_iter()
                .collect(),
        }
    }

    fn constant(&self, package: &'a Package, name: &str) -> Vec<(String, Span)> {
        let rules: Vec<&Ref<Rule>> = package.rules.get(name).into_iter().flatten().collect();
        match rules.as_slice() {
            [rule] => match rule.as_ref() {
                Rule::Spec {
                    head: RuleHead::Compr {
                        assign: Some(assign), ..
                    },
                    bodies,
                    ..
                } if bodies.is_empty() => match assign.value.as_ref() {
                    value @ (Expr::Array { .. } | Expr::Set { .. } | Expr::String { .. }) => self.words_of(value),
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}
