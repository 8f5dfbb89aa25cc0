//! The statement that stops a body: its values, and what it leans on.

use std::collections::BTreeSet;
use std::rc::Rc;

use regorus::Value;
use regorus::unstable::{Expr, Literal, LiteralStmt, Query};

use super::super::literal::{literal, quoted};
use super::super::package::place;
use super::super::unparse;
use super::ask::{Answer, Caller, Frame, Question, pinned};
use super::body::{Body, Step, Walk, Wanted, What, steps};
use super::operands::{Operand, Scope, Shown};
use super::{Definition, Named, Outcome, Statement, Try, names};

/// Tries that are told, elements of an `every`, and values of one operand.
const MOST_TRIES: usize = 5;
/// Rules that are gone into, one from the other.
pub(super) const DEPTH: usize = 6;
/// A value that says something beside others, in characters.
const SHORT: usize = 60;
/// Fields by which a record is known.
const NAMES: [&str; 4] = ["name", "key", "id", "email"];

/// What was asked about one statement.
struct Asked<'s, 'r> {
    frame: &'s Frame,
    step: &'s Step<'r>,
    /// Local names that it uses.
    locals: Vec<String>,
    operands: Vec<Operand<'r>>,
    /// Pairs of the locals and the operand's value, for each operand.
    values: Vec<BTreeSet<Value>>,
    /// Whether the engine answered, for each operand: one that failed is not undefined.
    answered: Vec<bool>,
}

impl Walk<'_> {
    /// What is to be said of the statement that stops a body behind a frame.
    pub fn statement(&mut self, frame: &Frame, step: &Step<'_>, error: Option<String>) -> Statement {
        let mut told = Statement {
            place: step.place.clone(),
            text: step.text.clone(),
            error,
            tries: Vec::new(),
            more: 0,
        };
        let used = match &step.what {
            What::Statement(statement) => names::used_by(statement),
            What::Value(expr) => {
                let mut used = BTreeSet::new();
                names::used(expr, &mut used);
                used
            }
        };
        let scope = Scope {
            modules: self.modules,
            file: frame.file,
            bound: &frame.bound,
        };
        let mut asked = Asked {
            frame,
            step,
            locals: used.intersection(&frame.bound).cloned().collect(),
            operands: scope.operands(step),
            values: Vec::new(),
            answered: Vec::new(),
        };
        let mut answers = self.ask(&asked.questions()).into_iter().map(|answer| match answer {
            Answer::Values(values) => (values, true),
            Answer::Error(_) | Answer::NotTold => (BTreeSet::new(), false),
        });
        let (ways, _) = answers.next().unwrap_or_default();
        (asked.values, asked.answered) = answers.unzip();
        for way in ways.iter().take(MOST_TRIES) {
            told.tries.push(self.one(&asked, way, ways.len() > 1));
        }
        told.more = ways.len().saturating_sub(MOST_TRIES);
        told
    }

    fn one(&mut self, asked: &Asked<'_, '_>, way: &Value, is_one_of_many: bool) -> Try {
        let mut frame = asked.frame.clone();
        if is_one_of_many {
            frame.before.push(pinned(&asked.locals, self.pins.len()));
            self.pins.push(way.clone());
        }
        let (mut inside, mut more_inside) = (Vec::new(), 0);
        if self.depth < DEPTH {
            self.depth += 1;
            let holds = std::mem::replace(&mut self.holds, false);
            for (operand, values) in asked.operands.iter().zip(&asked.values) {
                inside.extend(self.lean(asked, &frame, operand, &of_way(values, way), way));
            }
            if let What::Statement(statement) = &asked.step.what
                && let Literal::Every { query, .. } = &statement.literal
            {
                let (elements, more) = self.elements(statement, query, &frame, &asked.step.with);
                inside.extend(elements);
                more_inside = more;
            }
            self.holds = holds;
            self.depth -= 1;
        }
        Try {
            values: asked.named(way, is_one_of_many),
            inside,
            more_inside,
        }
    }

    /// The definitions behind an operand, where they say why.
    fn lean(
        &mut self,
        asked: &Asked<'_, '_>,
        frame: &Frame,
        operand: &Operand<'_>,
        values: &[Value],
        way: &Value,
    ) -> Vec<Definition> {
        let Some(target) = &operand.target else {
            return Vec::new();
        };
        let arguments: Vec<String> = match operand.expr {
            Expr::Call { params, .. } => params.iter().map(|param| unparse::expression(param)).collect(),
            _ => Vec::new(),
        };
        // A function that is not given everything is not asked.
        let is_given = |argument: &String| {
            let known = asked
                .operands
                .iter()
                .zip(&asked.values)
                .find(|(other, _)| other.text == *argument);
            known.is_none_or(|(_, values)| !of_way(values, way).is_empty())
        };
        if !arguments.iter().all(is_given) {
            return Vec::new();
        }
        let value = values.first();
        let set = value
            .and_then(|value| value.as_set().ok())
            .filter(|_| self.modules.is_set(target));
        let set: Option<BTreeSet<Value>> = set.map(|set| set.iter().cloned().collect());
        let wanted = match (value, &set) {
            (None | Some(Value::Bool(false)), _) => Wanted::Every,
            (_, Some(set)) => match asked.wanted_codes(operand, set, way) {
                Some(codes) => Wanted::Codes(codes),
                None if set.is_empty() => Wanted::Every,
                None => Wanted::Codes(set.clone()),
            },
            // `not f(x)`: which definition of it holds.
            (Some(Value::Bool(true)), _) if asked.denies(operand) => Wanted::Every,
            _ => return Vec::new(),
        };
        let caller = Rc::new(Caller {
            frame: frame.clone(),
            arguments,
            with: asked.step.with.clone(),
        });
        let found = self.definitions(target, &wanted, Some(&caller));
        // Where one definition of a rule holds, the others do not matter.
        let holds = |head: &str| {
            let mut same = found.iter().filter(|definition| definition.head == head);
            same.any(|definition| definition.outcome == Outcome::Holds)
        };
        let any = found.iter().any(|definition| definition.outcome == Outcome::Holds);
        let matters = |definition: &Definition| match set {
            Some(_) => definition.outcome == Outcome::Holds || !holds(&definition.head),
            None => definition.outcome == Outcome::Holds || !any,
        };
        found.iter().filter(|definition| matters(definition)).cloned().collect()
    }

    /// The body of an `every`, for each element of which it does not hold: the first few, and how many more there are.
    fn elements(
        &mut self,
        statement: &LiteralStmt,
        query: &Query,
        frame: &Frame,
        with: &str,
    ) -> (Vec<Definition>, usize) {
        let Literal::Every { key, value, domain, .. } = &statement.literal else {
            return (Vec::new(), 0);
        };
        let names: Vec<String> = key.iter().chain([value]).map(|name| name.text().to_owned()).collect();
        let named: Vec<String> = names.iter().filter(|name| *name != "_").cloned().collect();
        let mut frame = frame.clone();
        frame.before.push(format!(
            "some {} in {}{with}",
            names.join(", "),
            unparse::expression(domain)
        ));
        frame.bound.extend(named.iter().cloned());
        let body: Vec<String> = query
            .stmts
            .iter()
            .map(|statement| format!("{}{with}", unparse::statement(statement)))
            .collect();
        let mut held = frame.clone();
        held.before.extend(body);
        let question = |frame| Question {
            frame,
            term: format!("[{}]", named.join(", ")),
            with: String::new(),
        };
        let answers = self.ask(&[question(frame.clone()), question(held)]);
        // Where the body cannot be evaluated, it is told of each element how it fares.
        let [Answer::Values(all), held] = answers.as_slice() else {
            return (Vec::new(), 0);
        };
        let held = match held {
            Answer::Values(held) => held.clone(),
            Answer::Error(_) | Answer::NotTold => BTreeSet::new(),
        };
        let mut found = Vec::new();
        let more = all.difference(&held).count().saturating_sub(MOST_TRIES);
        for element in all.difference(&held).take(MOST_TRIES) {
            let mut frame = frame.clone();
            frame.before.push(pinned(&named, self.pins.len()));
            self.pins.push(element.clone());
            let values = element.as_array().into_iter().flat_map(|element| element.iter());
            let parts: Vec<String> = named
                .iter()
                .zip(values)
                .map(|(name, value)| format!("{name} = {}", short(value).unwrap_or_else(|| known_by(value))))
                .collect();
            let body = Body {
                place: place(&statement.span),
                head: parts.join(", "),
                text: unparse::statement(statement),
                frame,
                steps: steps(query, with),
            };
            found.extend(self.fare(vec![body]));
        }
        (found, more)
    }
}

impl Asked<'_, '_> {
    /// First the ways to reach the statement, then each operand for each of them.
    fn questions(&self) -> Vec<Question> {
        let locals = format!("[{}]", self.locals.join(", "));
        let ways = Question {
            frame: self.frame.clone(),
            term: locals.clone(),
            with: String::new(),
        };
        let operand = |operand: &Operand<'_>| Question {
            frame: self.frame.clone(),
            term: format!("[{locals}, [{}]]", unparse::apart(operand.expr)),
            with: self.step.with.clone(),
        };
        std::iter::once(ways).chain(self.operands.iter().map(operand)).collect()
    }

    /// The values that one try of the statement meets.
    fn named(&self, way: &Value, is_one_of_many: bool) -> Vec<Named> {
        let mut named = Vec::new();
        let is_operand = |name: &str| {
            let mut operands = self.operands.iter();
            operands.any(|operand| operand.text == name && operand.shown == Shown::Always)
        };
        for (name, value) in self
            .locals
            .iter()
            .zip(way.as_array().into_iter().flat_map(|way| way.iter()))
        {
            if is_operand(name) {
                continue;
            }
            // A record says nothing that its fields in the statement do not, except which one it is.
            let written = match short(value).filter(|_| value.as_object().is_err()) {
                None if is_one_of_many => Some(known_by(value)),
                written => written,
            };
            named.extend(written.map(|written| Named {
                text: name.clone(),
                literal: Some(written),
            }));
        }
        let asked = self.operands.iter().zip(&self.values).zip(&self.answered);
        for ((operand, values), _) in asked.filter(|(_, answered)| **answered) {
            let values = of_way(values, way);
            let literals: Vec<String> = values.iter().map(literal).collect();
            let is_told = match operand.shown {
                Shown::Always => true,
                Shown::Short => {
                    let is_known = named.iter().any(|named| named.text == operand.text);
                    !is_known
                        && values
                            .iter()
                            .all(|value| short(value).is_some() && value.as_object().is_err())
                }
                Shown::Never => false,
            };
            if !is_told {
                continue;
            }
            let one = |literal| Named {
                text: operand.text.clone(),
                literal,
            };
            if literals.is_empty() {
                named.push(one(None));
            }
            let more = literals.len().saturating_sub(MOST_TRIES);
            named.extend(literals.into_iter().take(MOST_TRIES).map(|literal| one(Some(literal))));
            if more > 0 {
                named.push(one(Some(format!("… and {more} more"))));
            }
        }
        named
    }

    /// The elements of a set of reasons on which a comparison turns.
    fn wanted_codes(&self, operand: &Operand<'_>, own: &BTreeSet<Value>, way: &Value) -> Option<BTreeSet<Value>> {
        let value_of = |expr: &Expr| {
            let text = unparse::expression(expr);
            let position = self.operands.iter().position(|other| other.text == text)?;
            of_way(self.values.get(position)?, way).into_iter().next()
        };
        match self.expression()? {
            Expr::BoolExpr { lhs, rhs, .. } => {
                let other = if unparse::expression(lhs) == operand.text {
                    rhs
                } else {
                    lhs
                };
                let other = value_of(other)?;
                let other: BTreeSet<Value> = other.as_set().ok()?.iter().cloned().collect();
                let differ: BTreeSet<Value> = own.symmetric_difference(&other).cloned().collect();
                Some(if differ.is_empty() { own.clone() } else { differ })
            }
            Expr::Membership { value, .. } => Some([value_of(value)?].into()),
            _ => None,
        }
    }

    /// Whether the statement is `not` this operand.
    fn denies(&self, operand: &Operand<'_>) -> bool {
        match &self.step.what {
            What::Statement(statement) => match &statement.literal {
                Literal::NotExpr { expr, .. } => std::ptr::eq(expr.as_ref(), operand.expr),
                _ => false,
            },
            What::Value(_) => false,
        }
    }

    fn expression(&self) -> Option<&Expr> {
        match &self.step.what {
            What::Value(expr) => Some(expr),
            What::Statement(statement) => match &statement.literal {
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => Some(expr),
                _ => None,
            },
        }
    }
}

/// The values of an operand for one way.
fn of_way(pairs: &BTreeSet<Value>, way: &Value) -> Vec<Value> {
    let of = |pair: &Value| {
        let pair = pair.as_array().ok()?;
        let value = pair.get(1)?.as_array().ok()?.first()?.clone();
        (pair.first()? == way).then_some(value)
    };
    pairs.iter().filter_map(of).collect()
}

pub(super) fn short(value: &Value) -> Option<String> {
    Some(literal(value)).filter(|written| written.chars().count() <= SHORT)
}

/// A long record by its name.
pub(super) fn known_by(value: &Value) -> String {
    let named = NAMES.into_iter().find_map(|name| {
        let value = short(value.as_object().ok()?.get(&Value::from(name))?)?;
        Some(format!("{{{}: {value}, …}}", quoted(name)))
    });
    named.unwrap_or_else(|| "…".to_owned())
}
