//! The walk over rules, statements and expressions that follows places.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleAssign, RuleHead, Span};

use super::super::builtins;
use super::super::error::RegoError;
use super::super::package::{Import, Package, literal_text, names_of, root};
use super::super::path::{Look, Path, ReadSet, Step};
use super::super::schema::{Schema, Shape};
use crate::error::{did_you_mean, nearest};

/// What an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A path that nobody has looked at yet.
    Place(Path),
    /// Something computed; its inputs have been read.
    Value,
}

/// The walk's state: whose text it is in, what the variables stand for, what has been read.
pub(super) struct Walk<'a> {
    own: &'a Package,
    libraries: &'a BTreeMap<String, Package>,
    pub(super) schema: &'a Schema,
    pub(super) package: &'a Package,
    scopes: Vec<Scope>,
    reads: ReadSet,
    /// Rules being walked, to find recursion.
    path: Vec<(String, String)>,
    reached: BTreeSet<(String, String)>,
}

/// The variables of one query.
#[derive(Default)]
struct Scope {
    bound: BTreeMap<String, Meaning>,
    /// Names that a later statement of this query binds.
    later: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(own: &'a Package, libraries: &'a BTreeMap<String, Package>, schema: &'a Schema) -> Self {
        Self {
            own,
            libraries,
            schema,
            package: own,
            scopes: Vec::new(),
            reads: ReadSet::default(),
            path: Vec::new(),
            reached: BTreeSet::new(),
        }
    }

    /// Rules and functions that something used, by package and name.
    pub(super) fn reached(&self) -> &BTreeSet<(String, String)> {
        &self.reached
    }

    /// What one rule reads, helpers included.
    pub(super) fn rule_alone(&mut self, package: &'a Package, rule: &'a Ref<Rule>) -> Result<ReadSet, RegoError> {
        self.reads = ReadSet::default();
        self.package = package;
        self.rule(rule, None)?;
        Ok(std::mem::take(&mut self.reads))
    }

    fn rule(&mut self, rule: &'a Rule, arguments: Option<&[Meaning]>) -> Result<(), RegoError> {
        match rule {
            Rule::Default { value, .. } => self.reading(value),
            Rule::Spec { head, bodies, .. } => {
                let scopes = std::mem::take(&mut self.scopes);
                self.scopes.push(Scope::default());
                let outcome = self.head_and_bodies(head, bodies, arguments);
                self.scopes = scopes;
                outcome
            }
        }
    }

    fn head_and_bodies(
        &mut self,
        head: &'a RuleHead,
        bodies: &'a [regorus::unstable::RuleBody],
        arguments: Option<&[Meaning]>,
    ) -> Result<(), RegoError> {
        if let (RuleHead::Func { args, .. }, Some(arguments)) = (head, arguments) {
            for (parameter, meaning) in args.iter().zip(arguments) {
                self.bind(parameter, meaning.clone())?;
            }
        }
        for body in bodies {
            if body.is_else {
                let help = "write a rule of its own for each case";
                return Err(RegoError::refused(
                    &body.span,
                    "`else` does not mean the same on every engine",
                    help,
                ));
            }
            self.scopes.push(Scope::default());
            self.statements(&body.query)?;
            if let Some(RuleAssign { value, .. }) = &body.assign {
                self.reading(value)?;
            }
            self.head(head)?;
            self.scopes.pop();
        }
        if bodies.is_empty() { self.head(head) } else { Ok(()) }
    }

    /// The key and value of a head are read whole; a set's key must not be undefined where OPA would skip the rule.
    fn head(&mut self, head: &'a RuleHead) -> Result<(), RegoError> {
        let value = match head {
            RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
                assign.as_ref().map(|assign| &assign.value)
            }
            RuleHead::Set { key, .. } => key.as_ref(),
        };
        if let (RuleHead::Set { .. }, Some(key)) = (head, value)
            && self.may_be_undefined(key)
        {
            let help = "bind it in the body first: `x := …`, then `contains x`";
            return Err(RegoError::refused(
                root(key),
                "the element of a set may be undefined here",
                help,
            ));
        }
        match head {
            RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => {
                if let Expr::RefBrack { index, .. } = refr.as_ref() {
                    self.reading(index)?;
                }
            }
        }
        value.map_or(Ok(()), |value| self.reading(value))
    }

    /// A body: statements in the order they stand in.
    pub(super) fn statements(&mut self, query: &'a Query) -> Result<(), RegoError> {
        let later = query.stmts.iter().flat_map(binds).collect();
        if let Some(scope) = self.scopes.last_mut() {
            scope.later = later;
        }
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
                for name in vars {
                    self.set(name.text(), Meaning::Value);
                }
                Ok(())
            }
            Literal::SomeIn {
                key, value, collection, ..
            } => {
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
                let (index, element) = self.elements(domain)?;
                self.scopes.push(Scope::default());
                if let Some(key) = key {
                    self.set(key.text(), index);
                }
                self.set(value.text(), element);
                self.scopes.push(Scope::default());
                let outcome = self.statements(query);
                self.scopes.pop();
                self.scopes.pop();
                outcome
            }
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Expr::AssignExpr {
                    op: AssignOp::ColEq,
                    lhs,
                    rhs,
                    ..
                } => {
                    let meaning = self.expression(rhs)?;
                    self.bind(lhs, meaning)
                }
                other => self.reading(other),
            },
            Literal::NotExpr { expr, .. } => {
                self.refuse_undefined_under_not(expr)?;
                self.reading(expr)
            }
        }
    }

    /// The key and the element of what `some … in` and `every … in` go through.
    fn elements(&mut self, collection: &'a Ref<Expr>) -> Result<(Meaning, Meaning), RegoError> {
        let Meaning::Place(path) = self.expression(collection)? else {
            return Ok((Meaning::Value, Meaning::Value));
        };
        let schema = self.schema.at(&path);
        if schema.is_some_and(|schema| schema.nullable) {
            let help = "`x := list[_]` goes through it on every engine";
            let message = format!("`{path}` may be null, and going through null is an error on one engine only");
            return Err(RegoError::refused(root(collection), message, help));
        }
        match schema.map(|schema| &schema.shape) {
            Some(Shape::List(_)) => {
                self.reads.add(path.clone(), Look::Counted);
                let element = path.then(Step::Each);
                self.reads.add(element.clone(), Look::Handed);
                Ok((Meaning::Value, Meaning::Place(element)))
            }
            Some(Shape::Record(_) | Shape::Any) => {
                self.reads.add(path, Look::Whole);
                Ok((Meaning::Value, Meaning::Value))
            }
            _ => {
                let message = format!("`{path}` is neither a list nor a record");
                Err(RegoError::refused(
                    root(collection),
                    message,
                    "there is nothing to go through here",
                ))
            }
        }
    }

    /// Binds a variable or a pattern. A plain variable takes a place over; a pattern reads it whole.
    fn bind(&mut self, target: &'a Expr, meaning: Meaning) -> Result<(), RegoError> {
        match target {
            Expr::Var { span, .. } => {
                if let Meaning::Place(path) = &meaning {
                    self.reads.add(path.clone(), Look::Handed);
                }
                self.set(span.text(), meaning);
                Ok(())
            }
            pattern => {
                self.look_at(meaning);
                self.reading(pattern)
            }
        }
    }

    fn set(&mut self, name: &str, meaning: Meaning) {
        if let Some(scope) = self.scopes.last_mut()
            && name != "_"
        {
            scope.later.remove(name);
            scope.bound.insert(name.to_owned(), meaning);
        }
    }

    /// Reads whatever an expression stands for.
    pub(super) fn reading(&mut self, expr: &'a Expr) -> Result<(), RegoError> {
        let meaning = self.expression(expr)?;
        self.look_at(meaning);
        Ok(())
    }

    fn look_at(&mut self, meaning: Meaning) {
        if let Meaning::Place(path) = meaning {
            self.reads.add(path, Look::Whole);
        }
    }

    fn reading_all(&mut self, all: impl IntoIterator<Item = &'a Ref<Expr>>) -> Result<Meaning, RegoError> {
        for expr in all {
            self.reading(expr)?;
        }
        Ok(Meaning::Value)
    }

    pub(super) fn expression(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => Ok(Meaning::Value),
            Expr::Var { span, .. } => self.variable(span),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr),
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.reading_all(items),
            Expr::Object { fields, .. } => self.reading_all(fields.iter().flat_map(|(_, key, value)| [key, value])),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.comprehension(query, &[term])
            }
            Expr::ObjectCompr { key, value, query, .. } => self.comprehension(query, &[key, value]),
            Expr::Call { fcn, params, .. } => self.call(root(fcn), fcn, params),
            Expr::UnaryExpr { expr, .. } => self.reading_all([expr]),
            Expr::BoolExpr { lhs, rhs, .. } => {
                self.hold_words(lhs, rhs)?;
                self.reading_all([lhs, rhs])
            }
            Expr::BinExpr { lhs, rhs, .. } | Expr::ArithExpr { lhs, rhs, .. } => self.reading_all([lhs, rhs]),
            Expr::AssignExpr {
                op: AssignOp::Eq,
                lhs,
                rhs,
                ..
            } => {
                self.hold_words(lhs, rhs)?;
                self.reading_all([lhs, rhs])
            }
            Expr::AssignExpr { span, .. } => Err(RegoError::refused(
                span,
                "`:=` inside an expression",
                "bind it in a statement of its own",
            )),
            Expr::Membership {
                key, value, collection, ..
            } => {
                self.hold_words(value, collection)?;
                self.reading_all(key.iter().chain([value, collection]))
            }
        }
    }

    fn comprehension(&mut self, query: &'a Query, terms: &[&'a Ref<Expr>]) -> Result<Meaning, RegoError> {
        self.scopes.push(Scope::default());
        let outcome = self
            .statements(query)
            .and_then(|()| self.reading_all(terms.iter().copied()));
        self.scopes.pop();
        outcome
    }

    fn variable(&mut self, span: &Span) -> Result<Meaning, RegoError> {
        let name = span.text();
        for scope in self.scopes.iter().rev() {
            if let Some(meaning) = scope.bound.get(name) {
                return Ok(meaning.clone());
            }
            if scope.later.contains(name) {
                let message = format!("`{name}` is used above the statement that binds it");
                return Err(RegoError::refused(span, message, "move the binding up"));
            }
        }
        match name {
            "input" => return Ok(Meaning::Place(Path::default())),
            "data" => {
                let help = "name the library rule: `data.lib.<library>.<rule>`";
                return Err(RegoError::refused(span, "`data` is looked at as a whole", help));
            }
            _ => {}
        }
        if self.package.rules.contains_key(name) {
            return self.use_rule(self.package, name, span);
        }
        match self.package.imports.get(name).cloned() {
            Some(Import::Input(path)) => {
                self.hold_path(&path, span)?;
                Ok(Meaning::Place(path))
            }
            Some(Import::LibraryRule(library, rule)) => self.use_library(&library, &rule, span),
            Some(Import::Library(library)) => {
                let message = format!("the library `{library}` is used as a value");
                Err(RegoError::refused(span, message, "name one of its rules"))
            }
            // A variable that the statement itself binds, or the wildcard.
            None => Ok(Meaning::Value),
        }
    }

    /// `a.b["c"][d]`: the first name decides what the rest means.
    fn reference(&mut self, expr: &'a Expr) -> Result<Meaning, RegoError> {
        if let Some((library, rule)) = self.library_reference(expr) {
            let span = root(expr).clone();
            return self.use_library(&library, &rule, &span);
        }
        let (below, index) = match expr {
            Expr::RefDot { refr, .. } => (refr, None),
            Expr::RefBrack { refr, index, .. } => (refr, Some(index)),
            other => return self.expression(other),
        };
        let meaning = self.expression(below)?;
        let literal = match expr {
            Expr::RefDot { field, .. } => field.1.as_string().ok().map(|text| (text.to_string(), &field.0)),
            _ => index.and_then(|index| Some((literal_text(index)?, index.span()))),
        };
        let Meaning::Place(path) = meaning else {
            return index.map_or(Ok(Meaning::Value), |index| self.reading(index).map(|()| Meaning::Value));
        };
        let shape = self.schema.at(&path).map(|schema| &schema.shape);
        match (shape, literal) {
            (Some(Shape::List(_)), None) => {
                if let Some(index) = index {
                    self.reading(index)?;
                }
                self.reads.add(path.clone(), Look::Counted);
                Ok(Meaning::Place(path.then(Step::Each)))
            }
            (Some(Shape::Record(_)), Some((name, span))) => {
                let path = path.then(Step::Field(name));
                self.hold_path(&path, span)?;
                Ok(Meaning::Place(path))
            }
            (Some(Shape::Any), _) | (Some(Shape::Record(_)), None) => {
                self.reads.add(path, Look::Whole);
                index.map_or(Ok(Meaning::Value), |index| self.reading(index).map(|()| Meaning::Value))
            }
            _ => {
                let message = format!("`{path}` has nothing below it that could be named so");
                Err(RegoError::refused(root(expr), message, "see the subject's schema"))
            }
        }
    }

    /// `data.lib.x.rule`, or `x.rule` where `x` is an imported library, as library and rule.
    fn library_reference(&self, expr: &Expr) -> Option<(String, String)> {
        let names = names_of(expr)?;
        let parts: Vec<&str> = names.iter().map(String::as_str).collect();
        match parts.as_slice() {
            ["data", "lib", library, rule] => Some((format!("lib.{library}"), (*rule).to_owned())),
            [alias, rule] if !self.is_local(alias) => match self.package.imports.get(*alias) {
                Some(Import::Library(library)) => Some((library.clone(), (*rule).to_owned())),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn is_local(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.bound.contains_key(name))
    }

    /// A path must be in the subject's schema.
    fn hold_path(&self, path: &Path, span: &Span) -> Result<(), RegoError> {
        let Some(wrong) = (1..=path.0.len()).find(|length| {
            self.schema
                .at(&Path(path.0.iter().take(*length).cloned().collect()))
                .is_none()
        }) else {
            return Ok(());
        };
        let above = Path(path.0.iter().take(wrong - 1).cloned().collect());
        let Some(Step::Field(name)) = path.0.get(wrong - 1) else {
            return Ok(());
        };
        let known = self.schema.at(&above).map(Schema::fields).unwrap_or_default();
        let message = format!("`{above}` has no `{name}`");
        let help = if known.is_empty() {
            format!("`{above}` has no fields")
        } else {
            did_you_mean(name, known)
        };
        Err(RegoError::refused(span, message, help))
    }

    fn use_library(&mut self, library: &str, rule: &str, span: &Span) -> Result<Meaning, RegoError> {
        let Some(package) = self.libraries.get(library) else {
            let known: Vec<&str> = self.libraries.keys().map(String::as_str).collect();
            let message = format!("there is no library `{library}`");
            return Err(RegoError::refused(span, message, did_you_mean(library, known)));
        };
        if !package.rules.contains_key(rule) {
            let known: Vec<&str> = package.rules.keys().map(String::as_str).collect();
            let message = format!("the library `{library}` has no `{rule}`");
            return Err(RegoError::refused(span, message, did_you_mean(rule, known)));
        }
        self.use_rule(package, rule, span)
    }

    /// Everything that a rule reads is read by whoever uses it.
    fn use_rule(&mut self, package: &'a Package, name: &str, span: &Span) -> Result<Meaning, RegoError> {
        self.visit(package, name, span, None)
    }

    fn visit(
        &mut self,
        package: &'a Package,
        name: &str,
        span: &Span,
        arguments: Option<&[Meaning]>,
    ) -> Result<Meaning, RegoError> {
        let key = (package.name.clone(), name.to_owned());
        if self.path.contains(&key) {
            let message = format!("`{name}` leads back to itself");
            return Err(RegoError::refused(span, message, "a rule may not need its own answer"));
        }
        self.reached.insert(key.clone());
        self.path.push(key);
        let caller = std::mem::replace(&mut self.package, package);
        let scopes = std::mem::take(&mut self.scopes);
        for rule in package.rules.get(name).into_iter().flatten() {
            self.rule(rule, arguments)?;
        }
        self.scopes = scopes;
        self.package = caller;
        self.path.pop();
        Ok(Meaning::Value)
    }

    fn call(&mut self, span: &Span, function: &'a Expr, arguments: &'a [Ref<Expr>]) -> Result<Meaning, RegoError> {
        let names = names_of(function).unwrap_or_default();
        let name = names.join(".");
        let target = match self.library_reference(function) {
            Some((library, rule)) => {
                let package = self.libraries.get(&library);
                let Some(package) = package.filter(|package| package.rules.contains_key(&rule)) else {
                    return self.use_library(&library, &rule, root(function));
                };
                Some((package, rule))
            }
            None => self
                .package
                .rules
                .contains_key(&name)
                .then(|| (self.package, name.clone())),
        };
        if let Some((package, rule)) = target {
            return self.call_ours(span, package, &rule, arguments);
        }
        match (builtins::arity(&name), self.package.imports.get(&name)) {
            (Some(arity), _) if arity == arguments.len() => self.reading_all(arguments),
            (Some(arity), _) => {
                let message = format!("`{name}` takes {arity} arguments, not {}", arguments.len());
                Err(RegoError::refused(
                    span,
                    message,
                    "an answer is taken with `:=`, not with one more argument",
                ))
            }
            (None, Some(Import::LibraryRule(library, rule))) => {
                let (library, rule) = (library.clone(), rule.clone());
                match self
                    .libraries
                    .get(&library)
                    .filter(|package| package.rules.contains_key(&rule))
                {
                    Some(package) => self.call_ours(span, package, &rule, arguments),
                    None => self.use_library(&library, &rule, span),
                }
            }
            (None, _) => {
                let package = self.package;
                let known = builtins::names().chain(package.rules.keys().map(String::as_str));
                let help = match name.as_str() {
                    "time.now_ns" => "the time is `input.now`".to_owned(),
                    _ => match nearest(&name, known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a check may call its own functions, a library's, and pure builtins".to_owned(),
                    },
                };
                Err(RegoError::refused(
                    root(function),
                    format!("`{name}` is no function that a check may call"),
                    help,
                ))
            }
        }
    }

    fn call_ours(
        &mut self,
        span: &Span,
        package: &'a Package,
        rule: &str,
        arguments: &'a [Ref<Expr>],
    ) -> Result<Meaning, RegoError> {
        let parameters = package
            .rules
            .get(rule)
            .into_iter()
            .flatten()
            .find_map(|rule| match rule.as_ref() {
                Rule::Spec {
                    head: RuleHead::Func { args, .. },
                    ..
                } => Some(args.len()),
                _ => None,
            });
        match parameters {
            Some(count) if count == arguments.len() => {}
            Some(count) => {
                let message = format!("`{rule}` takes {count} arguments, not {}", arguments.len());
                return Err(RegoError::refused(
                    span,
                    message,
                    "an answer is taken with `:=`, not with one more argument",
                ));
            }
            None => {
                return Err(RegoError::refused(
                    span,
                    format!("`{rule}` is no function"),
                    "use it without brackets",
                ));
            }
        }
        let mut meanings = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let meaning = self.expression(argument)?;
            if let Meaning::Place(path) = &meaning {
                self.reads.add(path.clone(), Look::Handed);
            }
            meanings.push(meaning);
        }
        self.visit(package, rule, span, Some(&meanings))
    }

    pub(super) fn own(&self) -> &'a Package {
        self.own
    }

    pub(super) fn library(&self, name: &str) -> Option<&'a Package> {
        self.libraries.get(name)
    }
}

/// The names that a statement binds for the statements after it.
fn binds(statement: &LiteralStmt) -> Vec<String> {
    let targets: Vec<&Expr> = match &statement.literal {
        Literal::SomeIn { key, value, .. } => key.iter().chain([value]).map(AsRef::as_ref).collect(),
        Literal::Expr { expr, .. } => match expr.as_ref() {
            Expr::AssignExpr {
                op: AssignOp::ColEq,
                lhs,
                ..
            } => vec![lhs.as_ref()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let names = targets.into_iter().filter_map(|target| match target {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        _ => None,
    });
    names.filter(|name| name != "_").collect()
}
