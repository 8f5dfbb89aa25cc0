//! The rules, once: id, level, and what each is about. `docs/lint.md` has a section for each, and a test holds the two
//! against each other.

/// How bad a finding is. Either kind makes `rolecall lint` end with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A verdict may be wrong, or nobody would notice if it were.
    Error,
    /// Harder to read, slower, or less helpful than it should be.
    Warning,
}

impl Level {
    /// The published word.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
        }
    }
}

/// One rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, in reports, in comments that ignore it, and as its section of `docs/lint.md`.
    pub id: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What has to be so, as a sentence.
    pub about: &'static str,
    /// Whether it is about a folder as a whole, so that a comment in any file of the folder ignores it.
    pub whole_folder: bool,
}

impl Rule {
    /// Where people read about it, below the root of this program's repository.
    pub fn page(&self) -> String {
        format!("docs/lint.md#{}", self.id)
    }

    /// A rule by its id.
    pub fn named(id: &str) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.id == id)
    }
}

const fn error(id: &'static str, about: &'static str) -> Rule {
    Rule {
        id,
        level: Level::Error,
        about,
        whole_folder: false,
    }
}

const fn warning(id: &'static str, about: &'static str) -> Rule {
    Rule {
        id,
        level: Level::Warning,
        about,
        whole_folder: false,
    }
}

const fn whole(rule: Rule) -> Rule {
    Rule {
        whole_folder: true,
        ..rule
    }
}

/// Every rule once, as a constant of its own: a misspelt one does not compile.
macro_rules! rules {
    ($($name:ident = $rule:expr;)*) => {
        $(pub(super) const $name: Rule = $rule;)*

        /// Every rule, in the order of `docs/lint.md`.
        pub static RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    // Words.
    DESCRIPTION = warning("description", "The description of a check is one whole sentence.");
    PASSES_IF = error("passes-if", "Every reason to fail says what would make it pass.");
    REMEDIATION_STEPS = error("remediation-steps", "A check says in steps how to mend what it finds.");
    MESSAGE_SUBJECT = warning("message-subject", "The message of a reason names its subject.");
    PARAM_DESCRIPTION = warning("param-description", "Every param says what it does.");
    FRAMEWORK = error("framework", "Controls stand under a framework that is known.");
    CONTROL = error("control", "Control ids are those of the framework.");
    CODE_NAME = warning(
        "code-name",
        "A code is a word of its own: snake_case, without the check's id or a verdict in it.",
    );
    // Tests.
    NO_TESTS = whole(error("no-tests", "Every check and every connector has tests."));
    UNTESTED_REASON = error("untested-reason", "Every reason has a failing and a passing test.");
    UNTESTED_OUTPUT = whole(error(
        "untested-output",
        "Every rule that a connector gives out is named by a test.",
    ));
    DUPLICATE_TEST = error("duplicate-test", "No test is there twice.");
    TODO_TEST = warning("todo-test", "No test is left for later.");
    TEST_NAME = warning("test-name", "The name of a test says what is so.");
    // What is read.
    BROAD_READ = warning("broad-read", "No record is read whole.");
    // Engines.
    UNDEFINED_UNDER_NOT = error(
        "undefined-under-not",
        "Nothing that may be undefined stands under `not`.",
    );
    UNDEFINED_ELEMENT = error(
        "undefined-element",
        "No element of a set or of a lookup may be undefined.",
    );
    UNDEFINED_BEFORE_ELSE = error(
        "undefined-before-else",
        "No value that an `else` follows may be undefined.",
    );
    NULL_ITERATION = error("null-iteration", "Nothing that may be null is gone through.");
    UNSAFE_BUILTIN = error(
        "unsafe-builtin",
        "Every builtin is there, pure, and alike on every engine.",
    );
    // Speed.
    NESTED_LOOP = warning("nested-loop", "No loop over a large list stands in another one.");
    // Names that nothing uses.
    UNREACHED_RULE = error("unreached-rule", "Every rule is reached from something that is read.");
    UNUSED_IMPORT = warning("unused-import", "Every import is used.");
    UNUSED_VARIABLE = warning("unused-variable", "Every variable is used.");
    UNUSED_ARGUMENT = warning("unused-argument", "Every argument is used.");
    UNUSED_PARAM = warning("unused-param", "Every param is read.");
    UNUSED_FACT = warning("unused-fact", "Every fact is shown in a message.");
    UNUSED_LIBRARY_RULE = warning(
        "unused-library-rule",
        "Every rule of a library is reached from a check.",
    );
    NAME_CASE = warning("name-case", "Names are in lower case, with `_` between words.");
    // The folder.
    NO_README = whole(warning("no-readme", "Every folder has a README.md."));
    README_GAP = whole(warning(
        "readme-gap",
        "The README names every code, fact, param and option.",
    ));
    NO_RECORDING = whole(warning("no-recording", "Every connector has a recording."));
    // Ignoring.
    IGNORE_WHY = error("ignore-why", "Whoever ignores a rule says why.");
    UNUSED_IGNORE = warning("unused-ignore", "Every comment that ignores a rule ignores something.");
}
