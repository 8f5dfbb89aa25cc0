//! Bodies: how far each definition of a rule gets.

use std::collections::BTreeSet;
use std::rc::Rc;

use regorus::Value;
use regorus::unstable::{Expr, LiteralStmt, Query, Rule, RuleBody, RuleHead, Span};

use super::super::package::{literal_text, place};
use super::super::unparse;
use super::ask::{Answer, Asker, Caller, Frame, Question};
use super::modules::{Modules, Target};
use super::{Definition, Outcome, Statement, names};
use crate::error::Place;

/// Definitions of one rule that are gone into, at most, those that hold before the others; of the rest it is said how they
/// fare and no more.
const MOST_DEFINITIONS: usize = 24;

/// Which definitions of a rule matter.
pub(super) enum Wanted {
    /// All of them.
    Every,
    /// Those of a set that give one of these.
    Codes(BTreeSet<Value>),
}

/// One explanation under way.
pub(super) struct Walk<'a> {
    pub modules: &'a Modules,
    asker: &'a Asker,
    input: Option<Value>,
    /// The values that pin tries down.
    pub pins: Vec<Value>,
    /// How many rules deep it is.
    pub depth: usize,
    /// Whether all that led here holds: then it is told why, too.
    pub holds: bool,
}

/// A body with what leads to it.
pub(super) struct Body<'r> {
    pub place: Place,
    pub head: String,
    pub text: String,
    pub frame: Frame,
    pub steps: Vec<Step<'r>>,
}

/// One statement of a body, or the value that its head gives.
pub(super) struct Step<'r> {
    pub place: Place,
    /// As written, on one line.
    pub text: String,
    /// As it is asked for.
    line: String,
    pub what: What<'r>,
    /// ` with input as w`, its own and that of the `every` around it.
    pub with: String,
}

/// What a step is.
pub(super) enum What<'r> {
    Statement(&'r LiteralStmt),
    Value(&'r Expr),
}

impl<'a> Walk<'a> {
    pub fn new(modules: &'a Modules, asker: &'a Asker, input: Option<serde_json::Value>) -> Self {
        asker.begin();
        Self {
            modules,
            asker,
            input: input.map(Value::from),
            pins: Vec::new(),
            depth: 0,
            holds: true,
        }
    }

    pub fn ask(&self, questions: &[Question]) -> Vec<Answer> {
        self.asker.ask(self.modules, questions, self.input.as_ref(), &self.pins)
    }

    /// How every wanted definition of a rule fares, reached from a place or from nowhere.
    pub fn definitions(&mut self, target: &Target, wanted: &Wanted, caller: Option<&Rc<Caller>>) -> Vec<Definition> {
        let modules = self.modules;
        let bodies = modules
            .definitions(target)
            .into_iter()
            .filter(|(_, rule)| wanted.holds(rule))
            .flat_map(|(file, rule)| bodies_of(file, rule, caller));
        self.fare(bodies.collect())
    }

    /// How bodies fare.
    pub fn fare(&mut self, bodies: Vec<Body<'_>>) -> Vec<Definition> {
        let mut questions = Vec::new();
        for body in &bodies {
            questions.extend((0..=body.steps.len()).map(|count| Question {
                frame: body.after(count),
                term: "true".to_owned(),
                with: String::new(),
            }));
        }
        let mut answers = self.ask(&questions).into_iter();
        let told: Vec<(Body<'_>, Vec<Answer>)> = bodies
            .into_iter()
            .map(|body| {
                let answers = answers.by_ref().take(body.steps.len() + 1).collect();
                (body, answers)
            })
            .collect();
        let holding = told
            .iter()
            .filter(|(_, answers)| fared(answers) == Fared::Holds)
            .count();
        let (mut ways_left, mut stops_left) = (MOST_DEFINITIONS, MOST_DEFINITIONS.saturating_sub(holding));
        let mut found = Vec::new();
        for (body, answers) in told {
            let fared = fared(&answers);
            let left = match fared {
                Fared::Holds => &mut ways_left,
                Fared::Stops(_) | Fared::NotTold => &mut stops_left,
            };
            let in_full = *left > 0;
            *left = left.saturating_sub(1);
            let (ways, more_ways) = match fared {
                Fared::Holds if in_full => self.ways(&body),
                _ => (Vec::new(), 0),
            };
            found.push(Definition {
                outcome: match fared {
                    Fared::Holds => Outcome::Holds,
                    Fared::NotTold => Outcome::NotTold,
                    Fared::Stops(count) => self.stops(&body, count, answers.get(count), in_full),
                },
                ways,
                more_ways,
                place: body.place,
                head: body.head,
                text: body.text,
            });
        }
        found
    }

    fn stops(&mut self, body: &Body<'_>, count: usize, answer: Option<&Answer>, in_full: bool) -> Outcome {
        let error = match answer {
            Some(Answer::Error(message)) => Some(message.clone()),
            _ => None,
        };
        let step = count
            .checked_sub(1)
            .and_then(|before| Some((before, body.steps.get(before)?)));
        let alone = |place: &Place, text: &str| Statement {
            place: place.clone(),
            text: text.to_owned(),
            error: error.clone(),
            tries: Vec::new(),
            more: 0,
        };
        Outcome::Stops(match step {
            Some((before, step)) if in_full => self.statement(&body.after(before), step, error),
            Some((_, step)) => alone(&step.place, &step.text),
            // What a function is given does not fit its parameters.
            None => alone(&body.place, &body.head),
        })
    }
}

/// How far a body gets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fared {
    Holds,
    /// Behind so many statements nothing is left.
    Stops(usize),
    NotTold,
}

/// A statement before which one could not be asked about need not be the first that stops.
fn fared(answers: &[Answer]) -> Fared {
    let stop = answers.iter().position(|answer| match answer {
        Answer::Values(values) => values.is_empty(),
        Answer::Error(_) | Answer::NotTold => true,
    });
    match (stop, stop.and_then(|at| answers.get(at))) {
        (Some(_), Some(Answer::NotTold)) => Fared::NotTold,
        (Some(at), _) => Fared::Stops(at),
        (None, _) if answers.is_empty() => Fared::NotTold,
        (None, _) => Fared::Holds,
    }
}

impl Wanted {
    fn holds(&self, rule: &Rule) -> bool {
        match (self, rule) {
            (
                Wanted::Codes(codes),
                Rule::Spec {
                    head: RuleHead::Set { key: Some(key), .. },
                    ..
                },
            ) => literal_text(key).is_none_or(|code| codes.contains(&Value::from(code))),
            _ => true,
        }
    }
}

impl Body<'_> {
    /// Where its first statements lead.
    pub fn after(&self, count: usize) -> Frame {
        let mut frame = self.frame.clone();
        for step in self.steps.iter().take(count) {
            frame.before.push(step.line.clone());
            if let What::Statement(statement) = step.what {
                let bound = names::bound_by(statement);
                // `some x` alone binds nothing; what mentions it next does.
                let used = names::used_by(statement);
                let declared = self.steps.iter().filter_map(|step| match step.what {
                    What::Statement(statement) => Some(names::declared_by(statement)),
                    What::Value(_) => None,
                });
                frame
                    .bound
                    .extend(declared.flatten().filter(|name| used.contains(name)));
                frame.bound.extend(bound);
            }
        }
        frame
    }
}

/// Every body of a definition; a default has none.
fn bodies_of<'r>(file: usize, rule: &'r Rule, caller: Option<&Rc<Caller>>) -> Vec<Body<'r>> {
    let Rule::Spec { head, bodies, span } = rule else {
        return Vec::new();
    };
    let mut bound = BTreeSet::new();
    let parameters = match head {
        RuleHead::Func { args, .. } => {
            args.iter().for_each(|arg| names::pattern(arg, &mut bound));
            Some(args.iter().map(|arg| unparse::expression(arg)).collect())
        }
        _ => None,
    };
    let frame = Frame {
        file,
        parameters,
        before: Vec::new(),
        bound,
        caller: caller.cloned(),
    };
    let body = |body: Option<&'r RuleBody>| {
        let written = unparse::head(head, body.and_then(|body| body.assign.as_ref()));
        let mut steps = body.map(|body| steps(&body.query, "")).unwrap_or_default();
        let value = match (body.and_then(|body| body.assign.as_ref()), head) {
            (Some(assign), _) => Some(assign.value.as_ref()),
            (None, RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. }) => {
                assign.as_ref().map(|assign| assign.value.as_ref())
            }
            (None, RuleHead::Set { key, .. }) => key.as_ref().map(|key| key.as_ref()),
        };
        let is_set = matches!(head, RuleHead::Set { .. });
        steps.extend(
            value
                .filter(|value| may_stop(value))
                .map(|value| value_step(value, is_set)),
        );
        let is_else = body.is_some_and(|body| body.is_else);
        let whole = body.map(|body| unparse::query(&body.query)).unwrap_or_default();
        let text = match body.map_or(0, |body| body.query.stmts.len()) {
            0 => written.clone(),
            1 => format!("{written} if {whole}"),
            _ => format!("{written} if {{ {whole} }}"),
        };
        Body {
            place: place(body.filter(|_| is_else).map_or(span, |body| &body.span)),
            head: written.clone(),
            text,
            frame: frame.clone(),
            steps,
        }
    };
    if bodies.is_empty() {
        return vec![body(None)];
    }
    bodies.iter().map(|one| body(Some(one))).collect()
}

/// The statements of a body. The engine takes none whose variables a later one binds.
pub(super) fn steps<'r>(query: &'r Query, with: &str) -> Vec<Step<'r>> {
    let step = |statement: &'r LiteralStmt| Step {
        place: place(&statement.span),
        text: as_written(&statement.span).unwrap_or_else(|| unparse::statement(statement)),
        line: format!("{}{with}", unparse::statement(statement)),
        what: What::Statement(statement),
        with: format!("{}{with}", unparse::with(&statement.with_mods)),
    };
    query.stmts.iter().map(step).collect()
}

fn value_step(value: &Expr, is_set: bool) -> Step<'_> {
    let text = unparse::expression(value);
    Step {
        place: place(super::super::package::root(value)),
        // A set may hold `false`; a rule whose value is `false` does not hold.
        line: if is_set { format!("__k := {text}") } else { text.clone() },
        text,
        what: What::Value(value),
        with: String::new(),
    }
}

/// Whether a head's value can be undefined or false.
fn may_stop(value: &Expr) -> bool {
    match value {
        Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Null { .. } => false,
        Expr::Bool { span, .. } => span.text() == "false",
        _ => true,
    }
}

/// The text of a span that is on one line. The engine's spans stop before a closing quote, and begin behind an opening one.
fn as_written(span: &Span) -> Option<String> {
    let text = span.source.contents();
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    let is_quote = |at: usize| matches!(text.as_bytes().get(at), Some(b'"' | b'`'));
    if is_quote(end) {
        end += 1;
    }
    if start > 0 && is_quote(start - 1) {
        start -= 1;
    }
    let written = text.get(start..end)?;
    (!written.contains('\n')).then(|| written.to_owned())
}
