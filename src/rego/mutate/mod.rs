//! Small changes to a policy, one at a time: whoever tests it should notice each.
//!
//! A change is an edit of the text between two bytes, so that everything else, its lines too, stays as it is. Changes after
//! which the engine could not schedule the policy are not made: nobody could ship them.

mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use regorus::unstable::{ArithOp, BoolOp, Expr, Literal, LiteralStmt, Module, Query, Rule, RuleBody, RuleHead, Span};

use self::names::binds;
use super::error::RegoError;
use super::package::root;
use super::source::{SourceFile, whole};
use super::tree::is_alone;
use crate::error::Place;

/// One change to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Where it begins.
    pub place: Place,
    /// What is done, such as `drops this condition`.
    pub what: String,
    /// The line that is changed, as written.
    pub before: String,
    /// What stands there instead.
    pub after: String,
    /// The lines of the rule that it is part of: tests that reach none of them cannot notice.
    pub rule: Range<u32>,
    /// The whole file, changed.
    pub changed: SourceFile,
}

/// Every change to a policy that is worth making. `words` are lists of words of which a field holds one: a set of them is
/// widened by the others, and one is swapped for the next.
///
/// # Errors
/// What the parser says.
pub fn mutants(file: &SourceFile, words: &[Vec<String>]) -> Result<Vec<Mutant>, RegoError> {
    let module = file.parse()?;
    let mut finder = Finder {
        file,
        words,
        rule: 0..0,
        found: Vec::new(),
    };
    finder.module(&module);
    let mut mutants = finder.found;
    let mut seen = BTreeSet::new();
    mutants.retain(|mutant| mutant.changed.text != file.text && seen.insert(mutant.changed.text.clone()));
    mutants.sort_by_key(|mutant| (mutant.place.line, mutant.place.column));
    Ok(mutants)
}

struct Finder<'a> {
    file: &'a SourceFile,
    words: &'a [Vec<String>],
    rule: Range<u32>,
    found: Vec<Mutant>,
}

impl Finder<'_> {
    fn module(&mut self, module: &Module) {
        let starts: Vec<u32> = module.policy.iter().map(|rule| rule.span().line).collect();
        for (position, rule) in module.policy.iter().enumerate() {
            // A rule ends where the next begins; what stands between is empty or a comment.
            let next = starts.get(position + 1).copied().unwrap_or(u32::MAX);
            self.rule = rule.span().line..next.max(rule.span().line + 1);
            self.one_rule(rule);
        }
    }

    fn one_rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Default { value, .. } => self.value(value),
            Rule::Spec { head, bodies, .. } => {
                match head {
                    RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
                        assign.iter().for_each(|assign| self.value(&assign.value));
                    }
                    // The literal element of a set is its name: a reason's code.
                    RuleHead::Set { key, .. } => {
                        let computed = key.iter().filter(|key| !matches!(key.as_ref(), Expr::String { .. }));
                        computed.for_each(|key| self.value(key));
                    }
                }
                for body in bodies {
                    self.body(head, body);
                }
                if bodies.is_empty() {
                    self.unconditional(head);
                }
            }
        }
    }

    /// A rule without a condition is taken away by giving it one that never holds.
    fn unconditional(&mut self, head: &RuleHead) {
        let (RuleHead::Compr { span, .. } | RuleHead::Set { span, .. } | RuleHead::Func { span, .. }) = head;
        let end = self.whole(span).end;
        self.change(
            end..end,
            " if false".to_owned(),
            "takes this rule away",
            self.whole(span).start,
        );
    }

    fn body(&mut self, head: &RuleHead, body: &RuleBody) {
        let (RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. }) = head;
        let start = self.whole(root(refr)).start;
        if let Some(first) = body.query.stmts.first() {
            let alone = is_alone(&body.query);
            let (before, after) = if alone { ("{ false; ", " }") } else { ("false; ", "") };
            let whole = self.whole(&first.span);
            let text = format!("{before}{}{after}", self.text(whole.clone()));
            self.change(whole, text, "takes this rule away", start);
        }
        body.assign.iter().for_each(|assign| self.value(&assign.value));
        self.query(&body.query);
    }

    fn query(&mut self, query: &Query) {
        for (position, statement) in query.stmts.iter().enumerate() {
            let others = query.stmts.iter().enumerate().filter(|(other, _)| *other != position);
            let bound: BTreeSet<String> = others.flat_map(|(_, other)| binds(other)).collect();
            self.statement(query, statement, &bound);
        }
    }

    fn statement(&mut self, query: &Query, statement: &LiteralStmt, bound_elsewhere: &BTreeSet<String>) {
        let whole = self.whole(&statement.span);
        let text = self.text(whole.clone()).to_owned();
        // A name that only this statement binds is needed by others.
        let binds_for_others = binds(statement)
            .iter()
            .any(|name| !bound_elsewhere.contains(name) && self.is_used_elsewhere(query, &whole, name));
        if !binds_for_others {
            self.replace(whole.clone(), "true".to_owned(), "drops this condition");
        }
        match &statement.literal {
            Literal::NotExpr { expr, .. } => {
                if let Some(inner) = text.strip_prefix("not") {
                    self.replace(whole, inner.trim_start().to_owned(), "takes the `not` away");
                }
                self.expression(expr);
            }
            Literal::Every { domain, query, .. } => {
                self.value(domain);
                self.query(query);
            }
            Literal::SomeIn { collection, .. } => self.value(collection),
            Literal::SomeVars { .. } => {}
            Literal::Expr { expr, .. } => match expr.as_ref() {
                Expr::AssignExpr { rhs, .. } => self.value(rhs),
                // A comparison is negated by its operator.
                Expr::BoolExpr { .. } => self.expression(expr),
                Expr::Bool { .. } => {}
                _ => {
                    if statement.with_mods.is_empty() && !binds_for_others && binds(statement).is_empty() {
                        self.replace(whole, format!("not {text}"), "negates this condition");
                    }
                    self.expression(expr);
                }
            },
        }
    }

    /// A condition, and what stands in it.
    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                let (written, others) = swapped(op);
                let operator = self.behind(lhs, written);
                for (other, what) in others {
                    self.replace(operator.clone(), (*other).to_owned(), what);
                }
                self.value(lhs);
                self.value(rhs);
            }
            other => self.value(other),
        }
    }

    /// Literals and operators of a value.
    fn value(&mut self, expr: &Expr) {
        match expr {
            Expr::String { span, .. } | Expr::RawString { span, .. } => {
                let word = span.text().to_owned();
                let other = self.other_word(&word).unwrap_or_else(|| format!("not {word}"));
                let quoted = serde_json::Value::from(other).to_string();
                self.replace(self.whole(span), quoted, "swaps this word");
            }
            Expr::Number { span, .. } => {
                let number: Option<i64> = span.text().parse().ok();
                for other in number
                    .iter()
                    .flat_map(|number| [number.saturating_add(1), number.saturating_sub(1)])
                {
                    self.replace(self.whole(span), other.to_string(), "changes this number");
                }
            }
            Expr::Bool { span, value, .. } => {
                let other = if *value == regorus::Value::Bool(true) {
                    "false"
                } else {
                    "true"
                };
                self.replace(self.whole(span), other.to_owned(), "swaps true and false");
            }
            Expr::Set { items, .. } | Expr::Array { items, .. } => self.collection(expr, items),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| self.value(value)),
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.value(term);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.value(key);
                self.value(value);
                self.query(query);
            }
            Expr::Call { params, .. } => params.iter().for_each(|param| self.value(param)),
            Expr::UnaryExpr { expr, .. } => self.value(expr),
            Expr::BoolExpr { .. } => self.expression(expr),
            Expr::BinExpr { lhs, rhs, .. } => {
                self.value(lhs);
                self.value(rhs);
            }
            Expr::ArithExpr { op, lhs, rhs, .. } => {
                let (written, other) = match op {
                    ArithOp::Add => ("+", "-"),
                    ArithOp::Sub => ("-", "+"),
                    ArithOp::Mul => ("*", "/"),
                    ArithOp::Div => ("/", "*"),
                    ArithOp::Mod => ("%", "*"),
                };
                self.replace(self.behind(lhs, written), other.to_owned(), "swaps this operator");
                self.value(lhs);
                self.value(rhs);
            }
            Expr::Membership { value, collection, .. } => {
                self.value(value);
                self.value(collection);
            }
            Expr::RefBrack { refr, index, .. } => {
                self.value(refr);
                if !matches!(index.as_ref(), Expr::String { .. } | Expr::Var { .. }) {
                    self.value(index);
                }
            }
            Expr::RefDot { refr, .. } => self.value(refr),
            _ => {}
        }
    }

    /// A set or a list is narrowed by each element, and widened by the words that it leaves out.
    fn collection(&mut self, expr: &Expr, items: &[impl AsRef<Expr>]) {
        let literal = |item: &Expr| matches!(item, Expr::String { .. });
        let words: Vec<String> = items.iter().map(AsRef::as_ref).filter_map(text_of).collect();
        if words.len() != items.len() || words.is_empty() {
            items.iter().for_each(|item| self.value(item.as_ref()));
            return;
        }
        let is_set = matches!(expr, Expr::Set { .. });
        let ranges: Vec<Range<usize>> = items.iter().map(|item| self.whole(item.as_ref().span())).collect();
        if ranges.len() > 1 && items.iter().all(|item| literal(item.as_ref())) {
            for (position, range) in ranges.iter().enumerate() {
                let cut = match ranges.get(position + 1) {
                    Some(next) => range.start..next.start,
                    None => ranges.get(position - 1).map_or(range.start, |before| before.end)..range.end,
                };
                self.replace(cut, String::new(), "narrows this set");
            }
        }
        let known = self
            .words
            .iter()
            .find(|known| words.iter().all(|word| known.contains(word)));
        let missing: Vec<String> = known
            .into_iter()
            .flatten()
            .filter(|word| !words.contains(word))
            .cloned()
            .collect();
        if let Some(last) = ranges.last().filter(|_| is_set) {
            for word in missing {
                let what = format!("widens this set by `{word}`");
                let quoted = serde_json::Value::from(word).to_string();
                self.change(last.end..last.end, format!(", {quoted}"), &what, last.start);
            }
        }
        if let [only] = ranges.as_slice() {
            let other = words.first().and_then(|word| self.other_word(word));
            let quoted =
                serde_json::Value::from(other.unwrap_or_else(|| format!("not {}", words.concat()))).to_string();
            self.replace(only.clone(), quoted, "swaps this word");
        }
    }

    /// The word after this one, where a field holds one of several.
    fn other_word(&self, word: &str) -> Option<String> {
        let known = self.words.iter().find(|known| known.iter().any(|one| one == word))?;
        let at = known.iter().position(|one| one == word)?;
        known
            .get((at + 1) % known.len())
            .filter(|other| *other != word)
            .cloned()
    }

    /// Whether a name stands in a query outside one of its statements, or in the head of its rule.
    fn is_used_elsewhere(&self, query: &Query, statement: &Range<usize>, name: &str) -> bool {
        let part_of_a_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let bytes = self.file.text.as_bytes();
        let first = query.stmts.first().map_or(0, |first| self.whole(&first.span).start);
        // A head or a term stands before its body, within the rule.
        let line = usize::try_from(self.rule.start).unwrap_or(1);
        let rule = self
            .file
            .text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum::<usize>();
        let last = query.stmts.last().map_or(0, |last| self.whole(&last.span).end);
        let area = rule.min(first)..last;
        self.text(area.clone()).match_indices(name).any(|(at, _)| {
            let at = area.start + at;
            !statement.contains(&at)
                && !part_of_a_word(at.checked_sub(1).and_then(|before| bytes.get(before)))
                && !part_of_a_word(bytes.get(at + name.len()))
        })
    }

    /// Where the operator behind an operand stands. What the right one begins with, the engine's spans do not always tell.
    fn behind(&self, lhs: &Expr, operator: &str) -> Range<usize> {
        let left = self.end_of(lhs);
        let gap = self.text(left..self.file.text.len());
        let start = left + gap.find(operator).unwrap_or(0);
        start..start + operator.len()
    }

    fn end_of(&self, expr: &Expr) -> usize {
        self.whole(expr.span()).end
    }

    fn whole(&self, span: &Span) -> Range<usize> {
        whole(&self.file.text, span.start as usize..span.end as usize)
    }

    fn text(&self, range: Range<usize>) -> &str {
        self.file.text.get(range).unwrap_or_default()
    }

    fn replace(&mut self, range: Range<usize>, after: String, what: &str) {
        self.change(range.clone(), after, what, range.start);
    }

    fn change(&mut self, range: Range<usize>, after: String, what: &str, at: usize) {
        let text = &self.file.text;
        let (Some(head), Some(tail)) = (text.get(..range.start), text.get(range.end..)) else {
            return;
        };
        let changed = format!("{head}{after}{tail}");
        let upto = text.get(..at).unwrap_or_default();
        // The lines around a change are the same in both texts: what is cut off at both ends.
        let begins = head.rfind('\n').map_or(0, |end| end + 1);
        let ends = tail.find('\n').unwrap_or(tail.len());
        let lines = |whole: &str, kept: usize| {
            let line = whole.get(begins..whole.len() - (kept - ends)).unwrap_or_default();
            line.lines()
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ")
                .trim()
                .to_owned()
        };
        self.found.push(Mutant {
            place: Place {
                file: self.file.path.clone(),
                line: upto.matches('\n').count() + 1,
                column: upto.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
            },
            what: what.to_owned(),
            before: lines(text, tail.len()),
            after: lines(&changed, tail.len()),
            rule: self.rule.clone(),
            changed: SourceFile {
                path: self.file.path.clone(),
                text: changed,
            },
        });
    }
}

fn text_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { span, .. } => Some(span.text().to_owned()),
        _ => None,
    }
}

/// An operator as it is written, and those that take its place.
fn swapped(op: &BoolOp) -> (&'static str, &'static [(&'static str, &'static str)]) {
    const NEGATES: &str = "negates this comparison";
    const BOUNDARY: &str = "moves the boundary";
    match op {
        BoolOp::Eq => ("==", &[("!=", NEGATES)]),
        BoolOp::Ne => ("!=", &[("==", NEGATES)]),
        BoolOp::Lt => ("<", &[(">=", NEGATES), ("<=", BOUNDARY)]),
        BoolOp::Le => ("<=", &[(">", NEGATES), ("<", BOUNDARY)]),
        BoolOp::Gt => (">", &[("<=", NEGATES), (">=", BOUNDARY)]),
        BoolOp::Ge => (">=", &[("<", NEGATES), (">", BOUNDARY)]),
    }
}
