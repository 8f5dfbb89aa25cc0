//! Why a run could not decide, as results. Whoever reads results alone would take such a run for a clean one, and what
//! shows alerts closes those that the newest run does not have.

use std::collections::BTreeMap;

use serde_sarif::sarif::{
    PropertyBag, ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultLevel,
};

use super::parts::{message, number, plain};
use super::results::{at, no_links};
use crate::digest;
use crate::error::Place;
use crate::finding::Report;
use crate::report::escape::sentence;

/// The rule of all of them.
pub const RULE: &str = "rolecall_cannot_decide";
/// How many are shown; a notification says how many more there are.
const SHOWN: usize = 1_000;

/// The rule, which every log has: a reader can tell that it found nothing.
pub fn rule() -> ReportingDescriptor {
    let scores = [
        ("security-severity", "9.5"),
        ("problem.severity", "error"),
        ("precision", "very-high"),
    ];
    let scores = scores.map(|(name, value)| (name.to_owned(), value.into()));
    ReportingDescriptor::builder()
        .id(RULE)
        .short_description(plain("The run should be able to decide"))
        .full_description(plain(
            "Nothing can be said of some part of the workspace: a source is incomplete or too old, a population is not \
             proved, or a verdict is not known. Findings may be missing from this run.",
        ))
        .help(plain(
            "See to what each result says is missing, and run `rolecall check` again. Until then an alert that is gone is \
             not one that is mended.",
        ))
        .default_configuration(ReportingConfiguration::builder().level("error").build())
        .properties(
            PropertyBag::builder()
                .tags(vec!["security".to_owned()])
                .additional_properties(BTreeMap::from(scores))
                .build(),
        )
        .build()
}

/// One result a reason. `index` is where the rule stands.
pub fn results(report: &Report, index: usize) -> Vec<SarifResult> {
    let mut seen = BTreeMap::<String, usize>::new();
    let results = report.cannot_decide.iter().take(SHOWN).map(|why| {
        let of_reason = digest::of_all([RULE, &lasting(why)]);
        let count = seen.entry(of_reason.clone()).or_default();
        *count += 1;
        let print = format!("{of_reason}:{count}");
        let mut result = SarifResult::builder()
            .rule_id(RULE)
            .level(ResultLevel::Error)
            .message(message(&no_links(&format!("Cannot decide: {}", sentence(why)))))
            .locations(vec![at(&project(report))])
            .partial_fingerprints(BTreeMap::from([
                ("primaryLocationLineHash".to_owned(), print.clone()),
                ("rolecall/cannot_decide/1".to_owned(), print),
            ]))
            .suppressions(Vec::new())
            .build();
        result.rule_index = Some(number(index));
        result
    });
    results.collect()
}

/// The beginning of the project file, for what is written on no line of it.
pub fn project(report: &Report) -> Place {
    let project = &report.inputs.project;
    let file = std::path::Path::new(&project.origin).join(&project.id);
    Place {
        file: file.display().to_string(),
        line: 1,
        column: 1,
    }
}

/// What stays of a reason from run to run: which check or source it is about and what is wrong there, without counts and
/// times, and without what is said otherwise of one than of several.
fn lasting(why: &str) -> String {
    let begins = |word: &str| word.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next();
    let words = why.split_whitespace().filter(|word| !matches!(*word, "a" | "an"));
    let words = words.map(|word| match word {
        word if begins(word).is_some_and(|c| c.is_ascii_digit()) => "#",
        "are" => "i",
        "were" => "wa",
        "have" => "ha",
        word => word.trim_end_matches('s'),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_the_same_while_its_numbers_change() {
        let table = [
            (
                "`access_valid` has 13 verdicts that are unknown",
                "`access_valid` has 1 verdict that is unknown",
                true,
            ),
            (
                "`access_valid` has 1 verdict that is an error",
                "`access_valid` has 3 verdicts that are errors",
                true,
            ),
            (
                "`access_valid` has 1 verdict that is unknown",
                "`user_identified` has 1 verdict that is unknown",
                false,
            ),
            (
                "source crm: users were read to page 2 of 3 (2026-11-20T09:00:00Z)",
                "source crm: users were read to page 1 of 4 (2026-11-21T09:00:00Z)",
                true,
            ),
            ("source crm1: too old", "source crm2: too old", false),
            ("source crm: too old", "source crm: incomplete", false),
        ];
        for (one, other, same) in table {
            assert_eq!(lasting(one) == lasting(other), same, "{one}");
        }
    }
}
