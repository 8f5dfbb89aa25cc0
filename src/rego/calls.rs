//! What a normaliser calls. It sees a whole source and has no schema to be held against, but as with a check, what it says must
//! follow from its input alone, and must end.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Module, Rule, RuleHead, Span};

use super::builtins;
use super::error::RegoError;
use super::package::{name_of, names_of, whole};
use super::source::SourceFile;
use super::tree::{each_in_rule, each_statement};
use crate::error::nearest;

/// Holds the text of a normaliser: it parses, calls its own functions and pure builtins, and no function leads back to
/// itself.
///
/// # Errors
/// The first place that does not.
pub fn hold_normaliser(file: &SourceFile) -> Result<(), RegoError> {
    let module = file.parse()?;
    let own = Own::of(&module);
    let mut calls = Calls::default();
    for rule in &module.policy {
        calls.rule(rule);
        each_statement(rule, &mut |statement, _| {
            if let Some(modifier) = statement.with_mods.first() {
                let help = "write the condition on the input itself; `with` is for tests";
                let wrong = RegoError::refused(&modifier.span, "`with` outside a test", help);
                calls.wrong.get_or_insert(wrong);
            }
        });
    }
    for (_, name, span) in &calls.found {
        if !own.functions.contains(name) && builtins::normaliser_arity(name).is_none() {
            return Err(unknown(name, span, &own));
        }
    }
    if let Some(wrong) = calls.wrong.take() {
        return Err(wrong);
    }
    own.refuse_recursion(&calls)
}

/// Refuses functions of a file that lead back to themselves: the engine's stack would overflow.
///
/// # Errors
/// The first call that leads back.
pub(super) fn hold_recursion(module: &Module) -> Result<(), RegoError> {
    let mut calls = Calls::default();
    module.policy.iter().for_each(|rule| calls.rule(rule));
    Own::of(module).refuse_recursion(&calls)
}

fn unknown(name: &str, span: &Span, own: &Own) -> RegoError {
    let known = builtins::normaliser_names().chain(own.functions.iter().map(String::as_str));
    let help = match name {
        "time.now_ns" => "the time is `input.taken_at`".to_owned(),
        _ => match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "a normaliser may call its own functions and pure builtins; connectors/README.md lists them".to_owned()
            }
        },
    };
    RegoError::refused(
        span,
        format!("`{name}` is no function that a normaliser may call"),
        help,
    )
}

/// The functions of a package.
struct Own {
    functions: BTreeSet<String>,
}

impl Own {
    fn of(module: &Module) -> Self {
        let package = names_of(&module.package.refr).unwrap_or_default().join(".");
        let mut functions = BTreeSet::new();
        for rule in &module.policy {
            let is_function = match rule.as_ref() {
                Rule::Spec { head, .. } => matches!(head, RuleHead::Func { .. }),
                Rule::Default { args, .. } => !args.is_empty(),
            };
            if is_function {
                let name = name_of(rule).text();
                functions.insert(format!("data.{package}.{name}"));
                functions.insert(name.to_owned());
            }
        }
        Self { functions }
    }

    /// A function that leads back to itself would overflow the engine's stack; of rules it sees that itself.
    fn refuse_recursion(&self, calls: &Calls) -> Result<(), RegoError> {
        let leaf = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let mut called: BTreeMap<&str, Vec<(String, &Span)>> = BTreeMap::new();
        for (from, name, span) in &calls.found {
            if self.functions.contains(name) {
                called.entry(from).or_default().push((leaf(name), span));
            }
        }
        for (from, direct) in &called {
            for (name, span) in direct {
                let mut seen = BTreeSet::new();
                let mut open = vec![name.clone()];
                while let Some(next) = open.pop() {
                    if next == **from {
                        let message = format!("`{from}` leads back to itself");
                        let help = "a function may not need its own answer: go through a list with `some … in`";
                        return Err(RegoError::refused(span, message, help));
                    }
                    if seen.insert(next.clone()) {
                        let further = called.get(next.as_str()).into_iter().flatten();
                        open.extend(further.map(|(name, _)| name.clone()));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Every call, with the rule that it stands in.
#[derive(Default)]
struct Calls {
    within: String,
    found: Vec<(String, String, Span)>,
    /// The first format that may not be.
    wrong: Option<RegoError>,
}

impl Calls {
    fn rule(&mut self, rule: &Rule) {
        name_of(rule).text().clone_into(&mut self.within);
        each_in_rule(rule, &mut |expr| self.expression(expr));
    }

    fn expression(&mut self, expr: &Expr) {
        let Expr::Call { fcn, params, .. } = expr else { return };
        let name = names_of(fcn).unwrap_or_default().join(".");
        if let Err(error) = builtins::hold_format(&name, params.first().map(|format| &**format)) {
            self.wrong.get_or_insert(error);
        }
        self.found.push((self.within.clone(), name, whole(fcn)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    fn said(rules: &str) -> String {
        let file = SourceFile {
            path: "normalise.rego".to_owned(),
            text: format!("package connectors.crm\n\n{rules}\n"),
        };
        match hold_normaliser(&file) {
            Ok(()) => "nothing".to_owned(),
            Err(error) => {
                let frame = error.frame([&file]).unwrap();
                let marked: String = frame
                    .line
                    .chars()
                    .skip(frame.place.column - 1)
                    .take(frame.width)
                    .collect();
                format!("{error} ({marked}): {}", error.help().unwrap())
            }
        }
    }

    #[test]
    fn what_may_be_called() {
        for rules in [
            "x := count(input.streams.users)",
            "f(a) := lower(a)\n\nx contains f(u.name) if some u in input.streams.users",
            "f(a) := g(a)\n\ng(a) := lower(a)\n\nx := [f(u), g(u)] if some u in input.streams.users",
            "f(a) := a\n\nx := data.connectors.crm.f(1)",
            "x := json.marshal(input.params)",
        ] {
            assert_eq!(said(rules), "nothing", "{rules}");
        }
    }

    #[test]
    fn what_is_refused() {
        let cases = [
            (
                "accounts contains a if {\n\ta := http.send({\"url\": \"https://x.test\", \"method\": \"get\"})\n}",
                "normalise.rego:4:7: `http.send` is no function that a normaliser may call (http.send): a normaliser may call its own functions and pure builtins; connectors/README.md lists them",
            ),
            (
                "x := [y | y := numbers.range(1, 1e9)[_]]",
                "normalise.rego:3:16: `numbers.range` is no function that a normaliser may call (numbers.range): a normaliser may call its own functions and pure builtins; connectors/README.md lists them",
            ),
            (
                "x := time.now_ns()",
                "normalise.rego:3:6: `time.now_ns` is no function that a normaliser may call (time.now_ns): the time is `input.taken_at`",
            ),
            (
                "f(a) := coutn(a)\n\nx := f(1)",
                "normalise.rego:3:9: `coutn` is no function that a normaliser may call (coutn): did you mean `count`?",
            ),
            (
                "x := sprintf(\"%900000000d\", [1])",
                "normalise.rego:3:14: a width of a thousand characters or more (\"%900000000d\"): leave the width out, or make it smaller than 1000",
            ),
            (
                "f(a) := f(a)\n\nx := f(1)",
                "normalise.rego:3:9: `f` leads back to itself (f): a function may not need its own answer: go through a list with `some … in`",
            ),
            (
                "f(a) := g(a)\n\ng(a) := 1 if not data.connectors.crm.f(a)\n\nx := f(1)",
                "normalise.rego:3:9: `f` leads back to itself (g): a function may not need its own answer: go through a list with `some … in`",
            ),
            (
                "x := {y: z | some y; z := {w | w := walk(input)}}",
                "normalise.rego:3:37: `walk` is no function that a normaliser may call (walk): a normaliser may call its own functions and pure builtins; connectors/README.md lists them",
            ),
            (
                "deny[x] { x := 1 }",
                "normalise.rego:3:9: `if` keyword is required before rule body ({): write it in Rego version 1; `opa check` and `regal lint` show more",
            ),
        ];
        for (rules, expected) in cases {
            assert_eq!(said(rules), expected, "{rules}");
        }
    }
}
