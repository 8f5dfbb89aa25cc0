//! Loops over large lists within each other: 3,000 accounts times 3,000 members of staff are nine million turns.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, Expr, Literal, LiteralStmt, Query, Rule, RuleHead};

use super::super::package::{names_of, root, whole};
use super::super::tree::{bound, comprehension, each_in_rule, head_parts, in_statement, parts, pattern};
use super::parsed::{Parsed, name_of};
use super::{Remark, Topic};

/// Loops over large lists inside loops over large lists. `large` are the paths of the lists that grow with the company,
/// such as `input.streams.*` (any name in the place of a `*`); `others` are the files whose functions this one may call.
pub fn loops(file: &Parsed, others: &[&Parsed], large: &[&str]) -> Vec<Remark> {
    let mut walk = Walk {
        file,
        others,
        large,
        around: Vec::new(),
        known: BTreeSet::new(),
        remarks: Vec::new(),
    };
    for rule in &file.module.policy {
        let Rule::Spec { head, bodies, .. } = rule.as_ref() else {
            continue;
        };
        let arguments = arguments(head);
        walk.known.clone_from(&arguments);
        let mut names = BTreeMap::new();
        for body in bodies {
            walk.query(&body.query, &mut names);
            let own = body.assign.iter().map(|assign| assign.value.as_ref());
            for expr in head_parts(head).into_iter().chain(own) {
                walk.expression(expr, &mut names);
            }
            walk.around.clear();
            walk.known.clone_from(&arguments);
        }
        if bodies.is_empty() {
            head_parts(head)
                .into_iter()
                .for_each(|expr| walk.expression(expr, &mut names));
            walk.around.clear();
        }
    }
    let mut remarks = walk.remarks;
    remarks.dedup();
    remarks
}

struct Walk<'a> {
    file: &'a Parsed,
    others: &'a [&'a Parsed],
    large: &'a [&'a str],
    /// The lists that are being gone through, the innermost last.
    around: Vec<String>,
    /// The variables that have a value: an index that is none of them goes through its list.
    known: BTreeSet<String>,
    remarks: Vec<Remark>,
}

/// What plain variables stand for, where that is a path.
type Names = BTreeMap<String, String>;

impl<'a> Walk<'a> {
    fn query(&mut self, query: &'a Query, names: &mut Names) {
        give(query, &mut self.known);
        for statement in &query.stmts {
            for expr in in_statement(statement) {
                self.expression(expr, names);
            }
            if let Some((name, path)) = self.alias(statement, names) {
                names.insert(name, path);
            }
            for (collection, at) in self.gone_through(statement) {
                if let Some(list) = self.is_large(collection, names) {
                    self.enter(&list, at);
                }
            }
            if let Literal::Every {
                key,
                value,
                query,
                domain,
                ..
            } = &statement.literal
            {
                let (depth, known) = (self.around.len(), self.known.clone());
                if let Some(list) = self.is_large(domain, names) {
                    self.enter(&list, domain);
                }
                let own = key.iter().chain([value]);
                self.known.extend(own.map(|span| span.text().to_owned()));
                self.query(query, names);
                self.around.truncate(depth);
                self.known = known;
            }
        }
    }

    fn expression(&mut self, expr: &'a Expr, names: &mut Names) {
        if let Some(inner) = comprehension(expr) {
            let (depth, known) = (self.around.len(), self.known.clone());
            self.query(inner.query, names);
            for result in inner.results {
                self.expression(result, names);
            }
            self.around.truncate(depth);
            self.known = known;
            return;
        }
        if let Expr::Call { fcn, .. } = expr
            && !self.around.is_empty()
            && let Some(list) = self.goes_through(fcn, &mut BTreeSet::new())
        {
            let name = names_of(fcn).unwrap_or_default().join(".");
            let message = format!(
                "`{name}` goes through `{list}`, and is called in a loop over `{}`",
                self.outer()
            );
            let help = "make a lookup of the list once, `by_id[row.id] := row if some row in …`, and ask that";
            self.remarks
                .push(Remark::new(Topic::NestedLoop, &whole(expr), message, help));
        }
        parts(expr).into_iter().for_each(|part| self.expression(part, names));
    }

    /// A walk of its own through a file.
    fn of(&self, file: &'a Parsed, known: BTreeSet<String>) -> Self {
        Self {
            file,
            others: self.others,
            large: self.large,
            around: Vec::new(),
            known,
            remarks: Vec::new(),
        }
    }

    /// What a statement goes through: `some … in`, and an index that has no value yet, `[_]` or `[i]`. From there on it
    /// has one.
    fn gone_through(&mut self, statement: &'a LiteralStmt) -> Vec<(&'a Expr, &'a Expr)> {
        let mut found = Vec::new();
        if let Literal::SomeIn { collection, .. } = &statement.literal {
            found.push((collection.as_ref(), collection.as_ref()));
        }
        if let Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } = &statement.literal {
            self.indexes(expr, &mut found);
        }
        found
    }

    fn indexes(&mut self, expr: &'a Expr, found: &mut Vec<(&'a Expr, &'a Expr)>) {
        // From the left: of `a[i][j]`, `i` comes first.
        parts(expr).into_iter().for_each(|part| self.indexes(part, found));
        if let Expr::RefBrack { refr, index, .. } = expr
            && let Expr::Var { span, .. } = index.as_ref()
            && self.is_open(span.text())
        {
            found.push((refr.as_ref(), expr));
            if span.text() != "_" {
                self.known.insert(span.text().to_owned());
            }
        }
    }

    /// Whether nothing gives this name a value.
    fn is_open(&self, name: &str) -> bool {
        !self.known.contains(name)
            && !self.file.imports.contains_key(name)
            && !self.file.has_rule(name)
            && !matches!(name, "input" | "data")
    }

    fn outer(&self) -> String {
        self.around.last().cloned().unwrap_or_default()
    }

    fn enter(&mut self, list: &str, at: &Expr) {
        if !self.around.is_empty() {
            let message = format!("a loop over `{list}` inside a loop over `{}`", self.outer());
            let help = "make a lookup of the inner list once, `by_id[row.id] := row if some row in …`, and ask that";
            self.remarks
                .push(Remark::new(Topic::NestedLoop, &whole(at), message, help));
        }
        self.around.push(list.to_owned());
    }

    /// `rows := input.streams.users` gives a path another name.
    fn alias(&self, statement: &LiteralStmt, names: &Names) -> Option<(String, String)> {
        let Literal::Expr { expr, .. } = &statement.literal else {
            return None;
        };
        let Expr::AssignExpr {
            op: AssignOp::ColEq,
            lhs,
            rhs,
            ..
        } = expr.as_ref()
        else {
            return None;
        };
        Some((names_of(lhs)?.join("."), self.path(rhs, names)?))
    }

    fn path(&self, expr: &Expr, names: &Names) -> Option<String> {
        if let Some(path) = self.file.path_of(expr) {
            return Some(path);
        }
        let written = names_of(expr)?;
        let (first, rest) = written.split_first()?;
        let known = names.get(first)?;
        Some(
            std::iter::once(known.clone())
                .chain(rest.iter().cloned())
                .collect::<Vec<_>>()
                .join("."),
        )
    }

    /// The large list that an expression is made of, if it is made of one.
    fn is_large(&self, expr: &Expr, names: &Names) -> Option<String> {
        let named = || {
            let path = self.path(expr, names)?;
            self.large.iter().any(|large| fits(large, &path)).then_some(path)
        };
        if let Some(path) = named() {
            return Some(path);
        }
        match expr {
            // What is made of a large list is as long as that list, unless it was found in it by name.
            Expr::Call { fcn, params, .. }
                if names_of(fcn).is_some_and(|name| GROWING.contains(&name.join(".").as_str())) =>
            {
                params.iter().find_map(|param| self.is_large(param, names))
            }
            Expr::BinExpr { lhs, rhs, .. } => self.is_large(lhs, names).or_else(|| self.is_large(rhs, names)),
            // A rule of the file's own that is a list made of a large one.
            Expr::Var { span, .. } if !names.contains_key(span.text()) => self.rule_is_large(span.text()),
            _ => None,
        }
    }

    fn rule_is_large(&self, name: &str) -> Option<String> {
        self.file.definitions(name).find_map(|rule| {
            let Rule::Spec {
                head: RuleHead::Compr {
                    assign: Some(assign), ..
                },
                ..
            } = rule
            else {
                return None;
            };
            let inner = comprehension(&assign.value)?;
            let first = inner.query.stmts.first()?;
            let mut inside = self.of(self.file, BTreeSet::new());
            give(inner.query, &mut inside.known);
            let (collection, _) = inside.gone_through(first).into_iter().next()?;
            let path = self.file.path_of(collection)?;
            self.large
                .iter()
                .any(|large| fits(large, &path))
                .then(|| name.to_owned())
        })
    }

    /// The large list that a function goes through each time it is called.
    fn goes_through(&self, function: &Expr, seen: &mut BTreeSet<(String, String)>) -> Option<String> {
        let path = self.file.path_of(function)?;
        let (package, name) = path.strip_prefix("data.")?.rsplit_once('.')?;
        let file = std::iter::once(self.file)
            .chain(self.others.iter().copied())
            .find(|other| other.package() == package)?;
        self.function_goes_through(file, name, seen)
    }

    fn function_goes_through(
        &self,
        file: &'a Parsed,
        name: &str,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Option<String> {
        if !seen.insert((file.package().to_owned(), name.to_owned())) {
            return None;
        }
        for rule in file
            .module
            .policy
            .iter()
            .filter(|rule| root(name_of(rule)).text() == name)
        {
            let Rule::Spec {
                head: head @ RuleHead::Func { .. },
                bodies,
                ..
            } = rule.as_ref()
            else {
                continue;
            };
            let mut inside = self.of(file, arguments(head));
            // What a comprehension is in may have given its variables a value.
            bodies.iter().for_each(|body| give(&body.query, &mut inside.known));
            let mut found = None;
            let mut look = |expr: &'a Expr| {
                if found.is_some() {
                    return;
                }
                if let Some(inner) = comprehension(expr) {
                    found = inside.first_loop(inner.query);
                } else if let Expr::Call { fcn, .. } = expr {
                    found = inside.goes_through(fcn, seen);
                }
            };
            each_in_rule(rule, &mut look);
            if let Some(list) = found.or_else(|| bodies.iter().find_map(|body| inside.first_loop(&body.query))) {
                return Some(list);
            }
        }
        None
    }

    fn first_loop(&self, query: &'a Query) -> Option<String> {
        let none = Names::new();
        let mut found = None;
        let mut inside = self.of(self.file, self.known.clone());
        give(query, &mut inside.known);
        for statement in &query.stmts {
            let loops = inside.gone_through(statement);
            found = found.or_else(|| {
                loops
                    .iter()
                    .find_map(|(collection, _)| self.is_large(collection, &none))
            });
        }
        found
    }
}

/// The variables that a function is given.
fn arguments(head: &RuleHead) -> BTreeSet<String> {
    let RuleHead::Func { args, .. } = head else {
        return BTreeSet::new();
    };
    let variables = args.iter().flat_map(|argument| pattern(argument));
    variables.map(|span| span.text().to_owned()).collect()
}

/// Adds the variables that a query gives a value by its own statements, in whatever order. `some i` gives none.
fn give(query: &Query, known: &mut BTreeSet<String>) {
    for statement in &query.stmts {
        if let Literal::SomeVars { vars, .. } = &statement.literal {
            known.retain(|name| vars.iter().all(|span| span.text() != name));
        }
    }
    for statement in &query.stmts {
        if !matches!(statement.literal, Literal::SomeVars { .. }) {
            known.extend(bound(statement).into_iter().map(|span| span.text().to_owned()));
        }
        if let Literal::Expr { expr, .. } = &statement.literal
            && let Expr::AssignExpr {
                op: AssignOp::Eq,
                lhs,
                rhs,
                ..
            } = expr.as_ref()
        {
            let both = [lhs, rhs].into_iter().flat_map(|side| pattern(side));
            known.extend(both.map(|span| span.text().to_owned()));
        }
    }
}

/// Builtins whose answer is as long as what they are given.
const GROWING: [&str; 5] = ["array.concat", "array.reverse", "array.slice", "sort", "object.keys"];

/// Whether a path fits one of those with `*` in them.
fn fits(large: &str, path: &str) -> bool {
    let (wanted, given): (Vec<&str>, Vec<&str>) = (large.split('.').collect(), path.split('.').collect());
    wanted.len() == given.len()
        && wanted
            .iter()
            .zip(&given)
            .all(|(one, other)| *one == "*" || one == other)
}
