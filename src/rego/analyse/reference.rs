//! References: `a.b["c"][d]`, held against the schema on the way down.

use regorus::unstable::{Expr, Span};

use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of, place, root, whole};
use super::super::path::{Look, Path, Step};
use super::super::schema::{Schema, Shape};
use super::meaning::{Constant, Literal, Meaning, hold};
use super::walk::Walk;
use crate::error::did_you_mean;

impl<'a> Walk<'a> {
    /// `a.b["c"][d]`: the first name decides what the rest means.
    pub fn reference(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        if let Some((library, rule)) = self.library_reference(expr) {
            return self.use_library(&library, &rule, root(expr));
        }
        let (below, field, index) = match expr {
            Expr::RefDot { refr, field, .. } => (
                refr,
                field.1.as_string().ok().map(|text| (text.to_string(), &field.0)),
                None,
            ),
            Expr::RefBrack { refr, index, .. } => {
                (refr, literal_text(index).map(|text| (text, index.span())), Some(index))
            }
            other => return self.expression(other),
        };
        let below = self.expression(below)?;
        let index = index.map(|index| self.index(index)).transpose()?;
        let Some(path) = below.path().cloned() else {
            return self.inside(&below, field, index);
        };
        let further = |path: Path| match below {
            Meaning::Read(_) => Meaning::Read(path),
            _ => Meaning::Place(path),
        };
        match (self.schema.at(&path).map(|schema| &schema.shape), field) {
            (Some(Shape::List(_)), None) => {
                self.reads.add(path.clone(), Look::Counted);
                Ok(further(path.then(Step::Each)))
            }
            (Some(Shape::Record(_)), Some((name, span))) => {
                let path = path.then(Step::Field(name));
                self.hold_path(&path, span)?;
                Ok(further(path))
            }
            (Some(Shape::Record(_)), None) => {
                if let Some(Meaning::Constants(names)) = &index {
                    for name in names {
                        self.hold_name(&path, name)?;
                    }
                }
                self.note_whole(expr, &path);
                self.reads.add(path, Look::Whole);
                Ok(Meaning::Value)
            }
            (Some(Shape::Any), _) => {
                self.reads.add(path, Look::Whole);
                Ok(Meaning::Value)
            }
            _ => {
                let message = format!("`{path}` has nothing below it that could be named so");
                Err(RegoError::refused(&whole(expr), message, "see the subject's schema"))
            }
        }
    }

    /// A field or an element of something computed.
    pub fn inside(
        &self,
        below: &Meaning,
        field: Option<(String, &Span)>,
        index: Option<Meaning>,
    ) -> Result<Meaning, RegoError> {
        match (below, field) {
            (Meaning::Fields(fields), Some((name, span))) => match fields.get(&name) {
                Some(meaning) => Ok(meaning.clone()),
                None => {
                    let help = did_you_mean(&name, fields.keys().map(String::as_str));
                    Err(RegoError::refused(span, format!("there is no `{name}` in it"), help))
                }
            },
            (Meaning::Fields(fields), None) => {
                // A lookup by a word: every key should be one of the words.
                if let Some(index) = index {
                    let keys = fields.keys().map(|name| Constant {
                        literal: Literal::Text(name.clone()),
                        place: self.package.place.clone(),
                    });
                    hold(self.schema, &index, &Meaning::Constants(keys.collect()))?;
                }
                Ok(below.element(self.schema))
            }
            (Meaning::Many(element), _) => {
                // `{"a", "b"}[x]` asks whether x is in it; `list[i]` takes an element.
                if let Some(index) = index {
                    hold(self.schema, &index, element)?;
                }
                Ok((**element).clone())
            }
            _ => Ok(Meaning::Value),
        }
    }

    /// `data.lib.x.rule`, or `x.rule` where `x` is an imported library, as library and rule.
    pub fn library_reference(&self, expr: &Expr) -> Option<(String, String)> {
        let names = names_of(expr)?;
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["data", "lib", library, rule] => Some((format!("lib.{library}"), (*rule).to_owned())),
            [alias, rule] if !self.scopes.is_local(alias) => match self.package.imports.get(*alias) {
                Some(Import::Library(library)) => Some((library.clone(), (*rule).to_owned())),
                _ => None,
            },
            _ => None,
        }
    }

    /// A path must be in the subject's schema.
    pub fn hold_path(&self, path: &Path, span: &Span) -> Result<(), RegoError> {
        let first = |length: usize| Path(path.0.iter().take(length).cloned().collect());
        let Some(wrong) = (1..=path.0.len()).find(|length| self.schema.at(&first(*length)).is_none()) else {
            return Ok(());
        };
        match path.0.get(wrong - 1) {
            Some(Step::Field(name)) => self.hold_name(
                &first(wrong - 1),
                &Constant {
                    literal: Literal::Text(name.clone()),
                    place: place(span),
                },
            ),
            _ => Ok(()),
        }
    }

    /// A name must be a field of the record at a path.
    pub fn hold_name(&self, above: &Path, name: &Constant) -> Result<(), RegoError> {
        let Literal::Text(written) = &name.literal else {
            return Ok(());
        };
        let known = self.schema.at(above).map(Schema::fields).unwrap_or_default();
        if known.contains(&written.as_str()) {
            return Ok(());
        }
        let help = if known.is_empty() {
            format!("`{above}` has no fields")
        } else {
            did_you_mean(written, known)
        };
        Err(RegoError::Refused {
            place: name.place.clone(),
            width: None,
            message: format!("`{above}` has no `{written}`"),
            help,
        })
    }

    pub fn use_library(&mut self, library: &str, rule: &str, span: &Span) -> Result<Meaning, RegoError> {
        let package = self.library(library, rule, span)?;
        self.visit(package, rule, span, None)
    }

    pub fn library(&self, library: &str, rule: &str, span: &Span) -> Result<&'a Package, RegoError> {
        let Some(package) = self.libraries.get(library) else {
            if library == "lib.test" {
                let help = "it makes documents for `_test.rego` files; a check judges the subject that it is given";
                return Err(RegoError::refused(span, "`lib.test` is for tests", help));
            }
            let message = format!("there is no library `{library}`");
            let help = did_you_mean(library, self.libraries.keys().map(String::as_str));
            return Err(RegoError::refused(span, message, help));
        };
        if package.rules.contains_key(rule) {
            return Ok(package);
        }
        let message = format!("the library `{library}` has no `{rule}`");
        Err(RegoError::refused(
            span,
            message,
            did_you_mean(rule, package.rules.keys().map(String::as_str)),
        ))
    }
}
