//! The published types of `rolecall/explain/1`. Every field is always present; what is not there is null.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::super::json::Tool;
use crate::error;
use crate::explain::{Explained, Explanation, LeftTo, Missing, Person, Read, Told, Tried, Whose, probe};
use crate::finding;

/// Why one subject is judged as it is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Explanation")]
pub struct Document<'a> {
    /// `rolecall/explain/1`.
    #[schemars(extend("const" = super::SCHEMA))]
    schema: &'static str,
    /// What wrote it.
    tool: Tool,
    /// The organisation's name.
    organisation: &'a str,
    /// The time that the verdicts speak of.
    #[schemars(with = "String", extend("format" = "date-time"))]
    as_of: Timestamp,
    /// Every reason why the run as a whole gives no answer, one sentence each; empty where it gives one.
    cannot_decide: &'a [String],
    /// Which subject.
    subject: Subject<'a>,
    /// Whose it is; null for what is no account.
    identity: Option<Identity<'a>>,
    /// The keys of the accounts that are theirs, of a member of staff; empty for other subjects.
    accounts: &'a [String],
    /// What the checks say of it, sorted by id; those that were asked about.
    checks: Vec<Check<'a>>,
}

/// What is judged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedSubject")]
struct Subject<'a> {
    /// What it is.
    #[schemars(extend("enum" = ["account", "staff", "system", "workspace"]))]
    kind: &'static str,
    /// The stable key.
    id: &'a str,
    /// As people know it.
    name: Option<&'a str>,
    /// The address, of an account or a member of staff.
    email: Option<&'a str>,
    /// The system's id, of an account or a system.
    system: Option<&'a str>,
}

/// Whose an account is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedIdentity")]
struct Identity<'a> {
    /// How far it is known: `matched`, `classified`, `unmatched`, `ambiguous`, `stale_mapping` or `not_identified`.
    state: &'a str,
    /// Whose it is: `staff`, `service`, `shared`, `external` or `none`.
    class: &'a str,
    /// The rule that answered; `none` where none did.
    rule: &'a str,
    /// The key that the rule compared.
    key: Option<&'a str>,
    /// Whether rows that were not read could still say otherwise.
    open: bool,
    /// Whom it is matched to.
    staff: Option<Staff<'a>>,
    /// Whom it may belong to, where that is ambiguous.
    candidates: Vec<Staff<'a>>,
    /// Who answers for it, of a classified account.
    owner: Option<Staff<'a>>,
    /// Why it is classified, as written.
    reason: Option<&'a str>,
    /// The rules that were asked, in their order, up to the one that answered.
    tried: Vec<Rule<'a>>,
    /// People who might be meant, the likeliest first.
    suggestions: Vec<Suggestion<'a>>,
    /// The lines to paste under `identities:` for the likeliest suggestion.
    paste: Option<&'a str>,
}

/// A member of staff.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedStaff")]
struct Staff<'a> {
    /// Staff id, or address where the roster has no ids.
    id: &'a str,
    /// Their name.
    name: Option<&'a str>,
    /// Their address.
    email: Option<&'a str>,
    /// Whether they work here: `current`, `offboarded` and so on.
    status: Option<&'a str>,
}

/// One rule of identification.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IdentityRule")]
struct Rule<'a> {
    /// Which.
    rule: &'static str,
    /// Whether it answered.
    answered: bool,
    /// What came of it, in words.
    words: &'a str,
}

/// Somebody an account might belong to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedSuggestion")]
struct Suggestion<'a> {
    /// Staff id, or address where the roster has no ids.
    staff: &'a str,
    /// Their name.
    name: Option<&'a str>,
    /// Their address.
    email: Option<&'a str>,
    /// Why they are suggested.
    why: &'a str,
}

/// What one check says, and why.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedCheck")]
struct Check<'a> {
    /// Its id.
    id: &'a str,
    /// Its title, filled in.
    title: &'a str,
    /// `built-in`, or the project folder that it came from.
    origin: &'a str,
    /// The verdict, as a run of all enabled checks gives it.
    #[schemars(extend("enum" = ["pass", "fail", "not_applicable", "blocked", "unknown", "error"]))]
    verdict: &'static str,
    /// The words of the verdict: those of a pass, or of every reason that fired.
    messages: Vec<&'a str>,
    /// What is to be told beside the words: the error, or the check that it was left to.
    note: Option<&'a str>,
    /// The exception in force that accepts what it finds; null where none does. The verdict is `fail` all the same.
    accepted: Option<Accepted<'a>>,
    /// What the checks that it was left to say.
    left_to: Vec<Other<'a>>,
    /// Every reason that the check can give: skips first, then fails, then unknowns.
    reasons: Vec<Reason<'a>>,
    /// Every value that the check can look at, and nothing else. Sorted by path.
    read: Vec<Value<'a>>,
    /// What the check can look at and is not known. Sorted by path.
    missing: Vec<NotKnown<'a>>,
}

/// An exception that accepts what a check finds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Acceptance")]
struct Accepted<'a> {
    /// Why the risk is taken.
    reason: &'a str,
    /// Who took it: a staff id or an address.
    approved_by: &'a str,
    /// The last day of it.
    #[schemars(with = "String", extend("format" = "date"))]
    expires: Date,
    /// Where it was decided.
    ticket: Option<&'a str>,
}

/// What another check says.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OtherCheck")]
struct Other<'a> {
    /// Its id.
    check: &'a str,
    /// Its verdict; null where it did not run.
    verdict: Option<&'static str>,
    /// Its words.
    messages: &'a [String],
}

/// One reason that a check can give.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ExplainedReason")]
struct Reason<'a> {
    /// Under which rule it stands.
    #[schemars(extend("enum" = ["skip", "fail", "unknown"]))]
    kind: &'static str,
    /// Its code.
    code: &'a str,
    /// Its words, filled in; null where it did not fire.
    message: Option<&'a str>,
    /// What would make it pass; null where it did not fire, or does not say.
    passes_if: Option<&'a str>,
    /// Since when it is so, RFC 3339 or a date; null where it did not fire, or is not known.
    since: Option<&'a str>,
    /// `fired`; `not_fired`; `undecided`, because it looks at what is not known; `not_asked`, because another reason had
    /// answered before or the policy could not be evaluated.
    #[schemars(extend("enum" = ["fired", "not_fired", "undecided", "not_asked"]))]
    state: &'static str,
    /// The paths that keep it from being decided. Sorted.
    missing: &'a [String],
    /// The rules that give it: those that hold of one that fired, all of one that did not.
    definitions: Vec<Definition<'a>>,
}

/// One rule of a policy, on this subject.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyRule")]
struct Definition<'a> {
    /// Where it begins.
    place: Place<'a>,
    /// The whole rule, on one line; of an `every`, its body.
    text: &'a str,
    /// The rule without its body; of an `every`, the element that it is about.
    head: &'a str,
    /// `holds`; `stops`, at a statement that does not hold or cannot be evaluated; `not_told`, where the engine could not be asked.
    #[schemars(extend("enum" = ["holds", "stops", "not_told"]))]
    outcome: &'static str,
    /// The first statement that does not hold.
    stops_at: Option<Statement<'a>>,
    /// Of a rule that holds: the ways in which it does, the first few, by the variables that it binds.
    ways: Vec<Try<'a>>,
    /// How many more ways there are.
    more_ways: usize,
}

/// A statement that does not hold.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyStatement")]
struct Statement<'a> {
    /// Where it begins.
    place: Place<'a>,
    /// As it is written, on one line.
    text: &'a str,
    /// The engine's words, where evaluating it is an error.
    error: Option<&'a str>,
    /// Each way in which it was tried, the first few: once for each access rule, for instance.
    tries: Vec<Try<'a>>,
    /// How many more ways there were.
    more_tries: usize,
}

/// One way in which a statement was tried, or in which a rule holds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyTry")]
struct Try<'a> {
    /// What stands in it.
    values: Vec<Operand<'a>>,
    /// The rules that it leans on.
    inside: Vec<Definition<'a>>,
    /// Of an `every`: how many more elements there are of which it does not hold.
    more_inside: usize,
}

/// A part of a statement.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyValue")]
struct Operand<'a> {
    /// As it is written.
    text: &'a str,
    /// Its value as a Rego literal, a long record by its name alone; null where it is undefined.
    value: Option<&'a str>,
}

/// A place in a policy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PolicyPlace")]
struct Place<'a> {
    /// The file.
    file: &'a str,
    /// Counted from 1.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
}

/// A value that a check can look at.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReadValue")]
struct Value<'a> {
    /// Its path in the subject's document; an element of a list by its number, from 0.
    path: &'a str,
    /// Whether it is known.
    known: bool,
    /// What is there, of an element only what is looked at; null where it is not known, too.
    value: Option<&'a Json>,
    /// Whether only the number of its elements matters, which is then the value.
    counted: bool,
}

/// A path that is not known.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MissingPath")]
struct NotKnown<'a> {
    /// Of the subject's document.
    path: &'a str,
    /// Whether it was read, and says `unknown`.
    says_unknown: bool,
    /// Whether an answer waits for it.
    needed: bool,
    /// Why; null where that cannot be told.
    why: Option<&'a str>,
}

impl<'a> Document<'a> {
    /// The document of an explanation.
    pub fn of(explanation: &'a Explanation) -> Self {
        let subject = &explanation.subject;
        Self {
            schema: super::SCHEMA,
            tool: Tool::default(),
            organisation: &explanation.organisation,
            as_of: explanation.as_of,
            cannot_decide: &explanation.cannot_decide,
            subject: Subject {
                kind: subject.kind.word(),
                id: &subject.id,
                name: subject.name.as_deref(),
                email: subject.email.as_deref(),
                system: subject.system.as_deref(),
            },
            identity: explanation.whose.as_ref().map(identity),
            accounts: &explanation.accounts,
            checks: explanation.checks.iter().map(check).collect(),
        }
    }
}

fn identity(whose: &Whose) -> Identity<'_> {
    let note = &whose.note;
    Identity {
        state: &note.state,
        class: &note.class,
        rule: &note.rule,
        key: note.key.as_deref(),
        open: whose.open,
        staff: whose.person.as_ref().map(staff),
        candidates: whose.candidates.iter().map(staff).collect(),
        owner: whose.owner.as_ref().map(staff),
        reason: whose.reason.as_deref(),
        tried: whose.tried.iter().map(rule).collect(),
        suggestions: note.suggestions.iter().map(suggestion).collect(),
        paste: note.paste.as_deref(),
    }
}

fn staff(person: &Person) -> Staff<'_> {
    Staff {
        id: &person.id,
        name: person.name.as_deref(),
        email: person.email.as_deref(),
        status: person.status.as_deref(),
    }
}

fn rule(tried: &Tried) -> Rule<'_> {
    Rule {
        rule: tried.rule,
        answered: tried.answered,
        words: &tried.words,
    }
}

fn suggestion(suggestion: &finding::Suggestion) -> Suggestion<'_> {
    Suggestion {
        staff: &suggestion.staff,
        name: suggestion.name.as_deref(),
        email: suggestion.email.as_deref(),
        why: &suggestion.why,
    }
}

fn check(explained: &Explained) -> Check<'_> {
    let judgement = &explained.judgement;
    Check {
        id: &judgement.check,
        title: &explained.title,
        origin: &explained.origin,
        verdict: judgement.verdict.word(),
        messages: judgement.reasons.iter().map(|reason| reason.message.as_str()).collect(),
        note: judgement.note.as_deref(),
        accepted: explained.accepted.as_ref().map(accepted),
        left_to: explained.left_to.iter().map(other).collect(),
        reasons: explained.reasons.iter().map(reason).collect(),
        read: explained.read.iter().map(value).collect(),
        missing: explained.missing.iter().map(missing).collect(),
    }
}

fn accepted(exception: &finding::Exception) -> Accepted<'_> {
    Accepted {
        reason: &exception.reason,
        approved_by: &exception.approved_by,
        expires: exception.expires,
        ticket: exception.ticket.as_deref(),
    }
}

fn other(left: &LeftTo) -> Other<'_> {
    Other {
        check: &left.check,
        verdict: left.verdict.map(finding::Verdict::word),
        messages: &left.messages,
    }
}

fn reason(told: &Told) -> Reason<'_> {
    Reason {
        kind: told.kind,
        code: &told.code,
        message: told.message.as_deref(),
        passes_if: told.passes_if.as_deref(),
        since: told.since.as_deref(),
        state: told.state.word(),
        missing: &told.missing,
        definitions: told.definitions.iter().map(definition).collect(),
    }
}

fn definition(definition: &probe::Definition) -> Definition<'_> {
    let (outcome, stops_at) = match &definition.outcome {
        probe::Outcome::Holds => ("holds", None),
        probe::Outcome::Stops(at) => ("stops", Some(statement(at))),
        probe::Outcome::NotTold => ("not_told", None),
    };
    Definition {
        place: place(&definition.place),
        text: &definition.text,
        head: &definition.head,
        outcome,
        stops_at,
        ways: definition.ways.iter().map(one).collect(),
        more_ways: definition.more_ways,
    }
}

fn statement(statement: &probe::Statement) -> Statement<'_> {
    Statement {
        place: place(&statement.place),
        text: &statement.text,
        error: statement.error.as_deref(),
        tries: statement.tries.iter().map(one).collect(),
        more_tries: statement.more,
    }
}

fn one(one: &probe::Try) -> Try<'_> {
    Try {
        values: one
            .values
            .iter()
            .map(|named| Operand {
                text: &named.text,
                value: named.literal.as_deref(),
            })
            .collect(),
        inside: one.inside.iter().map(definition).collect(),
        more_inside: one.more_inside,
    }
}

fn place(place: &error::Place) -> Place<'_> {
    Place {
        file: &place.file,
        line: place.line,
        column: place.column,
    }
}

fn value(read: &Read) -> Value<'_> {
    Value {
        path: &read.path,
        known: read.value.is_some(),
        value: read.value.as_ref(),
        counted: read.counted,
    }
}

fn missing(missing: &Missing) -> NotKnown<'_> {
    NotKnown {
        path: &missing.path,
        says_unknown: missing.says_unknown,
        needed: missing.needed,
        why: missing.why.as_deref(),
    }
}
