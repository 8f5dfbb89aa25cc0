//! A set of Rego files that is evaluated together.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::Duration;

use regorus::utils::limits::{ExecutionTimerConfig, LimitError};
use regorus::{Engine, Value};

use super::error::RegoError;
use super::source::SourceFile;

/// The engine goes down policies by recursion. With a stack of this size a long one is refused or judged, and never
/// overflows; only what is used of it is memory.
pub const STACK: usize = 512 << 20;

/// How long one evaluation may take. Loops are watched; a single builtin call is not.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wall clock per evaluation.
    pub time: Duration,
}

/// Rego files, loaded into one engine and prepared.
pub struct Program {
    engine: Engine,
    limits: Limits,
}

impl Program {
    /// Loads the files, each held against the nesting limit first, and has the engine analyse them together.
    ///
    /// # Errors
    /// What the parser or the engine's analysis says, with its place. One file that the engine cannot schedule
    /// would fail every rule of every file, so callers load each policy alone before they join them.
    pub fn load(files: &[SourceFile], limits: Limits) -> Result<Self, RegoError> {
        let mut engine = prepare(limits);
        for file in files {
            file.add_to(&mut engine)?;
        }
        // `true` makes the engine schedule every rule, so that what it cannot schedule is said now.
        let path = files.first().map_or("", |file| file.path.as_str());
        guarded(path, || engine.eval_query("true".to_owned(), false))?
            .map_err(|error| RegoError::from_parser(path, &error))?;
        Ok(Self { engine, limits })
    }

    /// Evaluates one reference on an input. Undefined is `None`; sets come back sorted, as lists.
    ///
    /// # Errors
    /// An evaluation error, the time limit, or a caught panic of the engine.
    pub fn evaluate(&mut self, query: &str, input: serde_json::Value) -> Result<Option<serde_json::Value>, RegoError> {
        let value = self.evaluate_value(query, Value::from(input))?;
        as_json(query, &value)
    }

    /// The value of one rule, named by its whole path; none where it is undefined. Cheaper than [`Program::evaluate`]
    /// where the same rules are asked of many documents.
    ///
    /// # Errors
    /// An evaluation error, the time limit, or a caught panic of the engine.
    pub fn rule(&mut self, path: &str, document: &Document) -> Result<Option<serde_json::Value>, RegoError> {
        self.engine.set_input(document.0.clone());
        let value = guarded(path, || self.engine.eval_rule(path.to_owned()))?;
        as_json(
            path,
            &value.map_err(|error| {
                timed(
                    path,
                    error.downcast_ref::<LimitError>(),
                    &format!("{error:#}"),
                    self.limits,
                )
            })?,
        )
    }

    fn evaluate_value(&mut self, query: &str, input: Value) -> Result<Value, RegoError> {
        self.engine.set_input(input);
        let results = guarded(query, || self.engine.eval_query(query.to_owned(), false))?;
        let results = results.map_err(|error| {
            timed(
                query,
                error.downcast_ref::<LimitError>(),
                &format!("{error:#}"),
                self.limits,
            )
        })?;
        let expression = results
            .result
            .into_iter()
            .next()
            .and_then(|row| row.expressions.into_iter().next());
        Ok(expression.map_or(Value::Undefined, |expression| expression.value))
    }
}

/// An engine without files.
pub(super) fn prepare(limits: Limits) -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    engine.set_execution_timer_config(ExecutionTimerConfig {
        limit: limits.time,
        check_interval: NonZeroU32::MIN.saturating_add(63),
    });
    engine
}

impl SourceFile {
    /// Has an engine parse the file, held against the limits first.
    pub(super) fn add_to(&self, engine: &mut Engine) -> Result<(), RegoError> {
        self.refuse_too_long()?;
        self.refuse_byte_order_mark()?;
        self.refuse_deep_nesting()?;
        guarded(&self.path, || engine.add_policy(self.path.clone(), self.text.clone()))?
            .map(drop)
            .map_err(|error| RegoError::from_parser(&self.path, &error))
    }
}

/// An error of an evaluation in our words. The engine's other limit is on the size of a pattern, and says so itself.
pub(super) fn timed(query: &str, limit: Option<&LimitError>, text: &str, limits: Limits) -> RegoError {
    match limit {
        Some(LimitError::TimeLimitExceeded { .. }) => RegoError::TimeLimit {
            query: query.to_owned(),
            limit_ms: limits.time.as_millis(),
        },
        _ => RegoError::from_evaluation(query, text),
    }
}

fn as_json(query: &str, value: &Value) -> Result<Option<serde_json::Value>, RegoError> {
    if *value == Value::Undefined {
        return Ok(None);
    }
    let failed = |error: serde_json::Error| RegoError::from_evaluation(query, &error.to_string());
    serde_json::to_value(value).map(Some).map_err(failed)
}

/// A document as the engine holds it. Cloning it, or joining parts of it, copies nothing.
#[derive(Debug, Clone)]
pub struct Document(Value);

impl Document {
    /// Takes a value over.
    pub fn new(value: serde_json::Value) -> Self {
        Self(Value::from(value))
    }

    /// The document as JSON, as any other engine can read it.
    ///
    /// # Errors
    /// Never in practice: it was made from JSON.
    pub fn to_json(&self) -> Result<serde_json::Value, RegoError> {
        Ok(as_json("input", &self.0)?.unwrap_or_default())
    }

    /// A record of parts.
    pub fn join<'a>(parts: impl IntoIterator<Item = (&'a str, Document)>) -> Self {
        let fields: BTreeMap<Value, Value> = parts
            .into_iter()
            .map(|(name, part)| (Value::from(name), part.0))
            .collect();
        Self(Value::from(fields))
    }
}

thread_local! {
    /// Set while a panic of the engine is expected to be caught, so that its message stays off the terminal.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the engine with its panics caught: two of its builtins have one, and an auditor's run must outlive them.
pub(super) fn guarded<T>(query: &str, run: impl FnOnce() -> T) -> Result<T, RegoError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                previous(info);
            }
        }));
    });
    GUARDED.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(run));
    GUARDED.set(false);
    outcome.map_err(|payload| RegoError::Panic {
        query: query.to_owned(),
        message: panic_message(payload.as_ref()),
    })
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn program(text: &str) -> Program {
        let file = SourceFile {
            path: "p.rego".to_owned(),
            text: text.to_owned(),
        };
        Program::load(
            &[file],
            Limits {
                time: Duration::from_secs(1),
            },
        )
        .unwrap()
    }

    #[test]
    fn sets_come_back_sorted() {
        let mut program = program("package p\nx contains input.v[_]");
        assert_eq!(
            program.evaluate("data.p.x", json!({"v": ["b", "a"]})).unwrap(),
            Some(json!(["a", "b"]))
        );
    }

    #[test]
    fn undefined_is_none() {
        let mut program = program("package p\nx := 1 if input.v");
        assert_eq!(program.evaluate("data.p.x", json!({"v": false})).unwrap(), None);
    }

    #[test]
    fn a_panic_of_the_engine_is_an_error() {
        let mut program = program("package p\nx := object.subset(input.v, [])");
        let error = program.evaluate("data.p.x", json!({"v": [1]})).unwrap_err();
        assert!(matches!(error, RegoError::Panic { .. }), "{error}");
    }

    #[test]
    fn an_endless_loop_ends() {
        let mut program = program(
            "package p\nx := count([1 | some a in input.v; some b in input.v; some c in input.v; some d in input.v])",
        );
        program.limits.time = Duration::from_millis(1000);
        let error = program
            .evaluate("data.p.x", json!({"v": (0..300).collect::<Vec<_>>()}))
            .unwrap_err();
        assert!(matches!(error, RegoError::TimeLimit { .. }), "{error}");
    }

    #[test]
    fn an_error_has_its_place() {
        let mut program = program("package p\n\nx := input.v + 1");
        let error = program.evaluate("data.p.x", json!({"v": null})).unwrap_err();
        assert!(error.to_string().starts_with("p.rego:3:"), "{error}");
    }

    #[test]
    fn a_pattern_is_bounded() {
        let mut large = program("package p\nx := regex.match(`((a{1000}){1000}){1000}`, input.v)");
        let error = large.evaluate("data.p.x", json!({"v": "a"})).unwrap_err();
        assert!(matches!(error, RegoError::Evaluation { .. }), "{error}");
        let mut endless = program("package p\nx := regex.match(`^(a+)+$`, input.v)");
        let text = format!("{}b", "a".repeat(100_000));
        assert_eq!(
            endless.evaluate("data.p.x", json!({"v": text})).unwrap(),
            Some(json!(false))
        );
    }
}
