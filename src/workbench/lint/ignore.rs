//! `# lint: ignore RULE WHY`: the line above a finding, and for what is wrong with a folder as a whole anywhere in it.

use std::path::Path;

use super::{Finding, RULES, Rule};
use crate::error::{Place, did_you_mean};
use crate::rego::SourceFile;

/// One comment that ignores.
struct Ignore {
    place: Place,
    width: usize,
    rule: String,
    why: bool,
    /// The first line below it that is no comment, or below another such comment.
    target: usize,
}

const MARK: &str = "lint: ignore";

/// Takes away what comments in these files ignore; a comment without an effect is found. What a library reads is found
/// where checks use it: without `checks`, nobody knows whether such a comment has an effect.
pub(super) fn apply(findings: Vec<Finding>, files: &[SourceFile], checks: bool) -> Vec<Finding> {
    let mut left = findings;
    let mut told = Vec::new();
    for ignore in files.iter().flat_map(ignores) {
        let before = left.len();
        left.retain(|finding| !ignore.covers(finding));
        if before == left.len() && (checks || ignore.rule != "broad-read") {
            told.extend(ignore.without_effect());
        }
        told.extend(ignore.without_why());
    }
    left.extend(told);
    left
}

impl Ignore {
    fn covers(&self, finding: &Finding) -> bool {
        if finding.rule.id != self.rule {
            return false;
        }
        let folder = |place: &Place| Path::new(&place.file).parent().map(Path::to_owned);
        if finding.rule.whole_file {
            // What is wrong with a folder is said of its policy; a comment in any of its files will do.
            return folder(&finding.place) == folder(&self.place);
        }
        finding.place.file == self.place.file && finding.place.line == self.target
    }

    fn without_why(&self) -> Option<Finding> {
        if self.why {
            return None;
        }
        let rule = Rule::named("ignore-why")?;
        Some(self.finding(
            rule,
            format!("`{}` is ignored, and nothing says why", self.rule),
            format!("write the reason behind it: `# {MARK} {} because …`", self.rule),
        ))
    }

    fn without_effect(&self) -> Option<Finding> {
        let rule = Rule::named("unused-ignore")?;
        let (message, help) = match Rule::named(&self.rule) {
            Some(_) => (
                format!("there is no `{}` here to ignore", self.rule),
                "delete the comment; it stands on the line above what it is about".to_owned(),
            ),
            None => (
                format!("there is no rule `{}`", self.rule),
                did_you_mean(&self.rule, RULES.iter().map(|rule| rule.id)),
            ),
        };
        Some(self.finding(rule, message, help))
    }

    fn finding(&self, rule: &'static Rule, message: String, help: String) -> Finding {
        Finding {
            rule,
            place: self.place.clone(),
            width: self.width,
            message,
            help,
        }
    }
}

fn ignores(file: &SourceFile) -> Vec<Ignore> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let Some(written) = said(trimmed) else { continue };
        let mut words = written.split_whitespace();
        // Inside a block of metadata the comment is one of YAML, in one of Rego.
        let in_metadata = trimmed.trim_start_matches('#').trim_start().starts_with('#');
        let is_passed = |below: &&str| {
            let below = below.trim_start();
            said(below).is_some() || (!in_metadata && (below.starts_with('#') || below.is_empty()))
        };
        let skipped = lines
            .iter()
            .skip(index + 1)
            .take_while(|below| is_passed(below))
            .count();
        let column = line.chars().count() - trimmed.chars().count() + 1;
        found.push(Ignore {
            place: Place {
                file: file.path.clone(),
                line: index + 1,
                column,
            },
            width: trimmed.chars().count(),
            rule: words.next().unwrap_or_default().to_owned(),
            why: words.next().is_some(),
            target: index + 2 + skipped,
        });
    }
    found
}

/// What stands behind the mark of a comment that ignores.
fn said(line: &str) -> Option<&str> {
    let comment = line.strip_prefix('#')?;
    let rest = comment.trim_start_matches(['#', ' ']).strip_prefix(MARK)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<(String, bool, usize)> {
        let file = SourceFile {
            path: "a.rego".to_owned(),
            text: text.to_owned(),
        };
        ignores(&file)
            .into_iter()
            .map(|one| (one.rule, one.why, one.target))
            .collect()
    }

    #[test]
    fn a_comment_is_about_the_next_line_that_is_no_comment() {
        let text = "# lint: ignore a it is so\n# lint: ignore b\n# what it does\nx := 1\n\t# lint: ignore c why\n\ty\n# lint: ignored\n";
        let expected = [("a", true, 4), ("b", false, 4), ("c", true, 6)];
        let expected = expected.map(|(rule, why, line)| (rule.to_owned(), why, line));
        assert_eq!(targets(text), expected);
    }

    #[test]
    fn in_metadata_the_next_line_counts() {
        assert_eq!(
            targets("# METADATA\n# # lint: ignore control why\n# custom: {}\npackage p\n"),
            [("control".to_owned(), true, 3)]
        );
    }
}
