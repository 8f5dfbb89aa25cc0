//! The ways in which a definition holds.

use std::rc::Rc;

use regorus::unstable::{Expr, Literal};

use super::super::unparse;
use super::ask::{Answer, Caller, Frame, Question, pinned};
use super::body::{Body, Step, Walk, Wanted, What};
use super::operands::Scope;
use super::statement::{DEPTH, known_by, short};
use super::{Definition, Named, Outcome, Try};

/// Ways that are told.
const MOST_WAYS: usize = 3;

impl Walk<'_> {
    /// The ways in which a body holds, by the variables that it binds; and how many more there are.
    pub fn ways(&mut self, body: &Body<'_>) -> (Vec<Try>, usize) {
        let frame = body.after(body.steps.len());
        let bound: Vec<String> = frame.bound.difference(&body.frame.bound).cloned().collect();
        let question = Question {
            frame: frame.clone(),
            term: format!("[{}]", bound.join(", ")),
            with: String::new(),
        };
        let Some(Answer::Values(ways)) = self.ask(&[question]).pop() else {
            return (Vec::new(), 0);
        };
        let mut told = Vec::new();
        for way in ways.iter().take(MOST_WAYS) {
            let mut frame = frame.clone();
            if ways.len() > 1 {
                frame.before.push(pinned(&bound, self.pins.len()));
                self.pins.push(way.clone());
            }
            let values = way.as_array().into_iter().flat_map(|way| way.iter());
            let values = bound.iter().zip(values).map(|(name, value)| Named {
                text: name.clone(),
                literal: Some(match short(value) {
                    Some(written) if value.as_object().is_err() => written,
                    _ => known_by(value),
                }),
            });
            told.push(Try {
                values: values.collect(),
                inside: self.leans_on(body, &frame),
                more_inside: 0,
            });
        }
        told.retain(|one| *one != Try::default());
        (told, ways.len().saturating_sub(MOST_WAYS))
    }

    /// Why the rules of ours hold, or do not, that the statements of a body name and nothing else.
    fn leans_on(&mut self, body: &Body<'_>, frame: &Frame) -> Vec<Definition> {
        if !self.holds || self.depth >= DEPTH {
            return Vec::new();
        }
        self.depth += 1;
        let mut inside = Vec::new();
        for step in &body.steps {
            let Some((expr, is_denied)) = claim(step) else { continue };
            let scope = Scope {
                modules: self.modules,
                file: frame.file,
                bound: &frame.bound,
            };
            let Some((target, arguments)) = scope.leans_on(expr) else {
                continue;
            };
            let caller = Rc::new(Caller {
                frame: frame.clone(),
                arguments: arguments.iter().map(|argument| unparse::expression(argument)).collect(),
                with: step.with.clone(),
            });
            let mut found = self.definitions(&target, &Wanted::Every, Some(&caller));
            if !is_denied {
                found.retain(|definition| definition.outcome == Outcome::Holds);
            }
            inside.extend(found);
        }
        self.depth -= 1;
        inside
    }
}

/// What a statement claims and nothing else, and whether it denies it.
fn claim<'r>(step: &Step<'r>) -> Option<(&'r Expr, bool)> {
    let What::Statement(statement) = step.what else {
        return None;
    };
    match &statement.literal {
        Literal::Expr { expr, .. } => Some((expr, false)),
        Literal::NotExpr { expr, .. } => Some((expr, true)),
        _ => None,
    }
}
