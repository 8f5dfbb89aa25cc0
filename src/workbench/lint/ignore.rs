//! `# lint: ignore RULE WHY`: at the end of a finding's line or on the line above, and for what is wrong with a folder as
//! a whole anywhere in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Finding, RULES, Rule, rules};
use crate::error::{Place, did_you_mean};
use crate::rego::SourceFile;

/// One comment that ignores, or seems to.
struct Ignore {
    place: Place,
    width: usize,
    /// Whether it is written as it has to be.
    exact: bool,
    rule: String,
    why: bool,
    /// Its own line, where it stands behind something; else the first line below that is no comment, or below another
    /// such comment.
    target: usize,
}

const MARK: &str = "lint: ignore";

/// Takes away what comments in these files ignore; a comment without an effect is found. What a library reads is found
/// where checks use it: without `checks`, nobody knows whether such a comment has an effect.
pub(super) fn apply(findings: Vec<Finding>, files: &[SourceFile], checks: bool) -> Vec<Finding> {
    let mut left = findings;
    let mut told = Vec::new();
    for ignore in files.iter().flat_map(ignores) {
        if let Some(finding) = ignore.unreadable() {
            told.push(finding);
            continue;
        }
        let before = left.len();
        left.retain(|finding| !ignore.covers(finding));
        if before == left.len() && (checks || ignore.rule != "broad-read") {
            told.push(ignore.without_effect());
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
        if finding.rule.whole_folder {
            // What is wrong with a folder is said of its policy; a comment in any of its files will do.
            return folder(&finding.place) == folder(&self.place);
        }
        finding.place.file == self.place.file && finding.place.line == self.target
    }

    fn without_why(&self) -> Option<Finding> {
        if self.why {
            return None;
        }
        Some(self.finding(
            &rules::IGNORE_WHY,
            format!("`{}` is ignored, and nothing says why", self.rule),
            format!("write the reason behind it: `# {MARK} {} because …`", self.rule),
        ))
    }

    /// What is wrong with the words of it.
    fn unreadable(&self) -> Option<Finding> {
        let (message, help) = if !self.exact {
            (
                "this looks like a comment that ignores a rule, and ignores none".to_owned(),
                format!("write it as `# {MARK} RULE WHY`, or in other words if it is none"),
            )
        } else if self.rule.is_empty() {
            (
                "this ignores a rule, and does not say which".to_owned(),
                format!("name it: `# {MARK} RULE WHY`"),
            )
        } else if self.rule.contains(',') {
            (
                "a comment ignores one rule, and not several".to_owned(),
                format!("write a line for each: `# {MARK} RULE WHY`"),
            )
        } else {
            return None;
        };
        Some(self.finding(&rules::UNUSED_IGNORE, message, help))
    }

    fn without_effect(&self) -> Finding {
        let (message, help) = match Rule::named(&self.rule) {
            Some(_) => (
                format!("there is no `{}` here to ignore", self.rule),
                "delete the comment; it stands on the line of what it is about, or on the one above".to_owned(),
            ),
            None => (
                format!("there is no rule `{}`", self.rule),
                did_you_mean(&self.rule, RULES.iter().map(|rule| rule.id)),
            ),
        };
        self.finding(&rules::UNUSED_IGNORE, message, help)
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

/// A comment of a file, or one of YAML inside one of Rego.
struct Comment<'a> {
    line: usize,
    column: usize,
    /// From its `#` to the end of the line.
    text: &'a str,
    /// Whether nothing stands before it on its line.
    alone: bool,
    /// Whether it is one of YAML: there the next line counts, whatever it is.
    in_yaml: bool,
}

fn ignores(file: &SourceFile) -> Vec<Ignore> {
    let comments = comments(file);
    let marks = comments.iter().filter(|comment| written(comment.text).is_some());
    let marked: BTreeSet<usize> = marks.filter(|comment| comment.alone).map(|one| one.line).collect();
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for comment in &comments {
        let Some((exact, said)) = written(comment.text) else {
            continue;
        };
        let mut words = said.split_whitespace();
        let is_passed = |number: &usize| {
            let below = lines.get(number - 1).map_or("", |line| line.trim_start());
            *number <= lines.len()
                && (marked.contains(number) || (!comment.in_yaml && (below.starts_with('#') || below.is_empty())))
        };
        let skipped = (comment.line + 1..).take_while(is_passed).count();
        found.push(Ignore {
            place: Place {
                file: file.path.clone(),
                line: comment.line,
                column: comment.column,
            },
            width: comment.text.trim_end().chars().count(),
            exact,
            rule: words.next().unwrap_or_default().to_owned(),
            why: words.next().is_some(),
            target: match comment.alone {
                true => comment.line + 1 + skipped,
                false => comment.line,
            },
        });
    }
    found
}

/// The comments of a file. In the metadata of a policy those of YAML are meant, inside the comment that each line is.
fn comments(file: &SourceFile) -> Vec<Comment<'_>> {
    let lines = file.text.lines().enumerate();
    if !file.path.ends_with(".rego") {
        let found = lines.filter_map(|(index, line)| yaml(index + 1, 0, line));
        return found.collect();
    }
    let begins: BTreeMap<usize, usize> = file.comments().into_iter().collect();
    let (mut found, mut in_metadata) = (Vec::new(), false);
    for (index, line) in lines {
        let Some(column) = begins.get(&(index + 1)) else {
            in_metadata = false;
            continue;
        };
        let (before, text) = line.split_at(byte(line, column - 1));
        let alone = before.trim().is_empty();
        in_metadata = alone && (in_metadata || text.trim_start_matches('#').trim() == "METADATA");
        found.extend(match in_metadata {
            true => yaml(index + 1, before.chars().count() + 1, text.get(1..).unwrap_or_default()),
            false => Some(Comment {
                line: index + 1,
                column: *column,
                text,
                alone,
                in_yaml: false,
            }),
        });
    }
    found
}

/// The comment in a line of YAML that begins behind so many characters of its file's line.
fn yaml(line: usize, behind: usize, text: &str) -> Option<Comment<'_>> {
    let mut quote = None;
    let mut before = ' ';
    for (column, (at, c)) in text.char_indices().enumerate() {
        match quote {
            Some(open) if c == open && before != '\\' => quote = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => {
                let ahead = text.get(..at).unwrap_or_default();
                let alone = ahead.trim().is_empty();
                return Some(Comment {
                    line,
                    column: behind + column + 1,
                    text: text.get(at..).unwrap_or_default(),
                    alone,
                    in_yaml: true,
                });
            }
            None if matches!(c, '"' | '\'') && (before.is_whitespace() || "[{,:(".contains(before)) => quote = Some(c),
            None => {}
        }
        before = c;
    }
    None
}

/// The byte at which a character of a line begins.
fn byte(line: &str, character: usize) -> usize {
    line.char_indices().nth(character).map_or(line.len(), |(at, _)| at)
}

/// What stands behind the mark of a comment that ignores, and whether it is written as it has to be.
fn written(comment: &str) -> Option<(bool, &str)> {
    let text = comment.trim_start_matches('#').trim();
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if let Some(rest) = text.strip_prefix(MARK)
        && (rest.is_empty() || rest.starts_with(char::is_whitespace))
    {
        return Some((true, rest.trim()));
    }
    let rest = without_case(text, "lint")?.trim_start();
    let rest = rest.strip_prefix([':', '-']).unwrap_or(rest).trim_start();
    let rest = without_case(rest, "ignore")?;
    ends(rest).then(|| (false, rest.trim()))
}

fn without_case<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(word.len())?;
    begin.eq_ignore_ascii_case(word).then_some(rest)
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
    fn a_comment_behind_something_is_about_its_own_line() {
        let expected = [("a".to_owned(), true, 1), ("b".to_owned(), false, 2)];
        assert_eq!(
            targets("x := 1 # lint: ignore a why\ny := 2 # lint: ignore b\n\nz := 3"),
            expected
        );
        let metadata =
            "# METADATA\n# # it's prose\n# a: \"b # lint: ignore x\"\n# c: d # lint: ignore e it's so\npackage p";
        assert_eq!(targets(metadata), [("e".to_owned(), true, 4)]);
        let manifest = SourceFile {
            path: "connector.yaml".to_owned(),
            text: "a: it's # lint: ignore b why\n# lint: ignore c\n\nd: '# lint: ignore e'".to_owned(),
        };
        let found: Vec<_> = ignores(&manifest)
            .into_iter()
            .map(|one| (one.rule, one.target))
            .collect();
        assert_eq!(found, [("b".to_owned(), 1), ("c".to_owned(), 3)]);
    }

    #[test]
    fn a_mark_in_a_text_is_no_comment() {
        assert_eq!(
            targets("x := `\n# lint: ignore a why\n`\ny := \"# lint: ignore b\""),
            []
        );
        assert_eq!(targets("# write `# lint: ignore a why` above it\nx := 1"), []);
    }

    #[test]
    fn what_ignores_nothing_is_told_what_is_wrong_with_it() {
        let cases = [
            ("# lint:ignore a why", "looks like"),
            ("# LINT: ignore a why", "looks like"),
            ("# lint ignore a", "looks like"),
            ("# lint: ignore: a why", "looks like"),
            ("x := 1 # Lint: Ignore a why", "looks like"),
            ("# lint: ignore", "does not say which"),
            ("# lint: ignore a, b why", "one rule, and not several"),
            ("# lint: ignore a,b why", "one rule, and not several"),
            ("# lint: ignore control why", "there is no `control` here"),
            ("# lint: ignore contrl why", "there is no rule `contrl`"),
        ];
        for (text, expected) in cases {
            let file = SourceFile {
                path: "a.rego".to_owned(),
                text: text.to_owned(),
            };
            let found = apply(Vec::new(), &[file], true);
            let told: Vec<_> = found
                .iter()
                .map(|one| (one.rule.id, one.message.contains(expected)))
                .collect();
            assert_eq!(told, [("unused-ignore", true)], "{text}: {found:?}");
        }
        for text in ["# lint ignores this", "# lint: ignored", "# linting", "# lint"] {
            assert_eq!(targets(text), [], "{text}");
        }
    }

    #[test]
    fn in_metadata_the_next_line_counts() {
        assert_eq!(
            targets("# METADATA\n# # lint: ignore control why\n# custom: {}\npackage p\n"),
            [("control".to_owned(), true, 3)]
        );
    }
}
