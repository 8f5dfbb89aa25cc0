//! Putting questions to the engine: rules beside the policy, in files of their own.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::num::{NonZeroU32, NonZeroUsize};
use std::rc::Rc;
use std::time::{Duration, Instant};

use regorus::unstable::{Module, Ref};
use regorus::utils::limits::{ExecutionTimerConfig, PolicyLengthConfig};
use regorus::{Engine, LimitError, Value};

use super::super::error::RegoError;
use super::super::program::{Limits, guarded};
use super::super::source::SourceFile;
use super::modules::Modules;

/// How many times the limit of one question all questions of an explanation may take: a policy that loops does so in most
/// of them.
const MOST_LIMITS: u32 = 3;

/// Engines that one explanation may prepare: enough for any policy that a person can read.
const MOST_ENGINES: usize = 600;

/// Where a question is asked: behind some statements of a body, reached from another body or from nowhere.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The file.
    pub file: usize,
    /// The parameters, of a function.
    pub parameters: Option<Vec<String>>,
    /// The statements before.
    pub before: Vec<String>,
    /// The names that are bound there.
    pub bound: BTreeSet<String>,
    /// How it is reached.
    pub caller: Option<Rc<Caller>>,
}

/// The place from which a body is reached.
#[derive(Debug)]
pub(super) struct Caller {
    pub frame: Frame,
    /// What a function is given.
    pub arguments: Vec<String>,
    /// ` with input as w`, where the statement has it.
    pub with: String,
}

/// What is asked: the values of a term behind a frame.
pub(super) struct Question {
    pub frame: Frame,
    pub term: String,
    pub with: String,
}

/// What the engine says.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The values, none where nothing is left or the term is undefined.
    Values(BTreeSet<Value>),
    /// Evaluating it is an error.
    Error(String),
    /// It could not be asked.
    NotTold,
}

/// The engine with the policy in it, and how long it may take.
pub(super) struct Asker {
    engine: Engine,
    /// How long one question may take; one explanation may take a few times that.
    limit: Duration,
    prepared: Cell<usize>,
    begun: Cell<Instant>,
    /// Whether a question took too long: what is asked after it would, too.
    stopped: Cell<bool>,
}

impl Asker {
    pub fn new(files: &[SourceFile], limits: Limits) -> Result<Self, RegoError> {
        let mut engine = Engine::new();
        engine.set_strict_builtin_errors(true);
        // What a policy prints is for whoever runs it, not for whoever asks why.
        engine.set_gather_prints(true);
        for file in files {
            file.refuse_too_long()?;
            file.refuse_deep_nesting()?;
            guarded(&file.path, || engine.add_policy(file.path.clone(), file.text.clone()))?
                .map_err(|error| RegoError::from_parser(&file.path, &error))?;
        }
        // A statement of many lines becomes one.
        engine.set_policy_length_config(PolicyLengthConfig {
            max_col: NonZeroU32::MAX,
            max_file_bytes: NonZeroUsize::MAX,
            max_lines: NonZeroUsize::MAX,
        });
        engine.set_execution_timer_config(ExecutionTimerConfig {
            limit: limits.time,
            check_interval: NonZeroU32::MIN.saturating_add(63),
        });
        let path = files.first().map_or("", |file| file.path.as_str());
        guarded(path, || engine.eval_query("true".to_owned(), false))?
            .map_err(|error| RegoError::from_parser(path, &error))?;
        Ok(Self {
            engine,
            limit: limits.time,
            prepared: Cell::new(0),
            begun: Cell::new(Instant::now()),
            stopped: Cell::new(false),
        })
    }

    pub fn modules(&mut self) -> &[Ref<Module>] {
        self.engine.get_modules()
    }

    /// Begins another explanation.
    pub fn begin(&self) {
        self.prepared.set(0);
        self.begun.set(Instant::now());
        self.stopped.set(false);
    }

    /// Asks all questions at once; if that cannot be loaded, one after the other, so that one is lost and not all.
    pub fn ask(&self, modules: &Modules, questions: &[Question], input: Option<&Value>, pins: &[Value]) -> Vec<Answer> {
        if questions.is_empty() {
            return Vec::new();
        }
        if let Some(engine) = self.prepare(modules, questions, input, pins) {
            return self.answers(engine, modules, questions);
        }
        let alone = |question: &Question| {
            let one = std::slice::from_ref(question);
            let engine = self.prepare(modules, one, input, pins);
            engine.and_then(|engine| self.answers(engine, modules, one).pop())
        };
        if questions.len() == 1 {
            return vec![Answer::NotTold];
        }
        questions
            .iter()
            .map(|question| alone(question).unwrap_or(Answer::NotTold))
            .collect()
    }

    fn prepare(
        &self,
        modules: &Modules,
        questions: &[Question],
        input: Option<&Value>,
        pins: &[Value],
    ) -> Option<Engine> {
        if self.prepared.get() >= MOST_ENGINES {
            return None;
        }
        self.prepared.set(self.prepared.get() + 1);
        let mut engine = self.engine.clone();
        let mut rules: BTreeMap<usize, String> = BTreeMap::new();
        for (number, question) in questions.iter().enumerate() {
            write_question(modules, number, question, &mut rules);
        }
        for (file, rules) in rules {
            let of = modules.0.get(file)?;
            let text = format!(
                "package {}\n{}\n{rules}",
                of.package.join("."),
                of.import_lines.join("\n")
            );
            let path = format!("asked-{file}.rego");
            guarded(&path, || engine.add_policy(path.clone(), text)).ok()?.ok()?;
        }
        if !pins.is_empty() {
            let pins = Value::from(BTreeMap::from([(Value::from("pins"), Value::from(pins.to_vec()))]));
            let data = Value::from(BTreeMap::from([(Value::from("__asked"), pins)]));
            engine.add_data(data).ok()?;
        }
        if let Some(input) = input {
            engine.set_input(input.clone());
        }
        let ready = guarded("true", || engine.eval_query("true".to_owned(), false)).ok()?;
        ready.ok().map(|_| engine)
    }

    fn answers(&self, mut engine: Engine, modules: &Modules, questions: &[Question]) -> Vec<Answer> {
        let mut answer = |(number, question): (usize, &Question)| {
            let Some(of) = chain(&question.frame)
                .first()
                .and_then(|frame| modules.0.get(frame.file))
            else {
                return Answer::NotTold;
            };
            let path = format!("data.{}.{}", of.package.join("."), rule_name(number, 0));
            if self.stopped.get() || self.begun.get().elapsed() > self.limit * MOST_LIMITS {
                return Answer::NotTold;
            }
            match guarded(&path, || engine.eval_rule(path.clone())) {
                Ok(Ok(value)) => match value.as_set() {
                    Ok(values) => Answer::Values(values.iter().cloned().collect()),
                    Err(_) => Answer::Values(BTreeSet::new()),
                },
                // The engine's words have the time that it measured, which is another one each time.
                Ok(Err(error)) if matches!(error.downcast_ref(), Some(LimitError::TimeLimitExceeded { .. })) => {
                    self.stopped.set(true);
                    Answer::Error(format!("took longer than {} ms", self.limit.as_millis()))
                }
                Ok(Err(error)) => match RegoError::from_evaluation(&path, &format!("{error:#}")) {
                    RegoError::Evaluation { message, .. } => Answer::Error(message),
                    other => Answer::Error(other.to_string()),
                },
                Err(error) => Answer::Error(error.to_string()),
            }
        };
        questions.iter().enumerate().map(&mut answer).collect()
    }
}

/// The rule behind which a try stands: the variables have the values of this one.
pub(super) fn pinned(names: &[String], pin: usize) -> String {
    format!("[{}] == data.__asked.pins[{pin}]", names.join(", "))
}

/// The frames from the outermost to the one asked about.
fn chain(frame: &Frame) -> Vec<&Frame> {
    let mut frames = vec![frame];
    let mut at = frame;
    while let Some(caller) = &at.caller {
        at = &caller.frame;
        frames.push(at);
    }
    frames.reverse();
    frames
}

/// One rule a frame: the innermost gives the values of the term, each other one what the next gives it.
fn write_question(modules: &Modules, number: usize, question: &Question, rules: &mut BTreeMap<usize, String>) {
    let frames = chain(&question.frame);
    for (level, frame) in frames.iter().enumerate() {
        let mut body = frame.before.clone();
        match frames.get(level + 1) {
            None => body.push(format!("__v := {}{}", question.term, question.with)),
            Some(next) => {
                let package = modules
                    .0
                    .get(next.file)
                    .map(|file| file.package.join("."))
                    .unwrap_or_default();
                let (arguments, with) = match &next.caller {
                    Some(caller) => (caller.arguments.join(", "), caller.with.as_str()),
                    None => (String::new(), ""),
                };
                let call = match next.parameters {
                    Some(_) => format!("({arguments})"),
                    None => String::new(),
                };
                body.push(format!(
                    "__s := data.{package}.{}{call}{with}",
                    rule_name(number, level + 1)
                ));
                body.push("some __v in __s".to_owned());
            }
        }
        let (name, body) = (rule_name(number, level), body.join("\n\t"));
        let text = rules.entry(frame.file).or_default();
        // Writing to memory does not fail.
        let _ = match &frame.parameters {
            Some(parameters) => writeln!(text, "{name}({}) := {{__v |\n\t{body}\n}}\n", parameters.join(", ")),
            None => writeln!(text, "{name} contains __v if {{\n\t{body}\n}}\n"),
        };
    }
}

fn rule_name(number: usize, level: usize) -> String {
    format!("__asked_{number}_{level}")
}
