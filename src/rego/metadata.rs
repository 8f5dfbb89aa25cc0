//! `# METADATA` blocks: the comment above `package`, found. Reading its YAML is for whoever knows its keys.

use super::package::Package;
use super::source::SourceFile;

/// The YAML of a `# METADATA` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataBlock {
    /// Its text, comment signs taken off.
    pub yaml: String,
    /// The line of the file that its first line stands on, counted from 1.
    pub first_line: usize,
    /// How many characters of each line are comment sign.
    signs: Vec<usize>,
}

impl MetadataBlock {
    /// Where the last of these keys stands, each looked for behind the one before it: line and column in the file. What
    /// stands nowhere is passed over; the block's first word, if all do.
    pub fn place_of(&self, keys: &[&str]) -> (usize, usize) {
        let at = keys.iter().fold(None, |at, key| {
            let behind = at.map_or((0, 0), |(line, column)| (line, column + 1));
            self.find(behind, |rest| is_key(rest, key)).or(at)
        });
        self.in_file(at.unwrap_or((0, 0)))
    }

    /// Where a text stands behind the last of these keys.
    pub fn place_behind(&self, keys: &[&str], text: &str) -> Option<(usize, usize)> {
        let (line, column) = self.place_of(keys);
        let behind = (line - self.first_line, column - self.sign(line - self.first_line));
        self.find(behind, |rest| rest.starts_with(text))
            .map(|at| self.in_file(at))
    }

    /// Where a key stands for the second time in the mapping that begins at a place of the file: in the column of the first,
    /// or on its line.
    pub fn second(&self, key: &str, (line, column): (usize, usize)) -> Option<(usize, usize)> {
        let mut from = (
            line.checked_sub(self.first_line)?,
            column.saturating_sub(self.sign(line - self.first_line)),
        );
        let mut first = None;
        while let Some(at) = self.find(from, |rest| is_key(rest, key)) {
            let found = self.in_file(at);
            match first {
                Some(first_line) if found.0 == first_line || found.1 == column => return Some(found),
                None if found.0 == line || found.1 == column => first = Some(found.0),
                _ => {}
            }
            from = (at.0, at.1 + 1);
        }
        None
    }

    /// The first place at or behind `(line, column)`, counted from nothing, at which a word begins that is meant.
    fn find(&self, behind: (usize, usize), is_meant: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
        let lines = self.yaml.lines().enumerate().skip(behind.0);
        lines.into_iter().find_map(|(number, line)| {
            let first = if number == behind.0 { behind.1 } else { 0 };
            let mut before = None;
            line.char_indices().enumerate().find_map(|(column, (at, c))| {
                let begins = !before.replace(c).is_some_and(|c: char| c.is_alphanumeric() || c == '_');
                (column >= first && begins && is_meant(&line[at..])).then_some((number, column))
            })
        })
    }

    fn in_file(&self, (line, column): (usize, usize)) -> (usize, usize) {
        (self.first_line + line, column + self.sign(line))
    }

    /// The column of the file at which the YAML of a line begins: the comment sign takes one or two.
    fn sign(&self, line: usize) -> usize {
        self.signs.get(line).copied().unwrap_or(2) + 1
    }
}

/// Whether a text begins with `key:`, in quotes or not.
fn is_key(text: &str, key: &str) -> bool {
    let text = text.strip_prefix(['"', '\'']).unwrap_or(text);
    let Some(rest) = text.strip_prefix(key) else {
        return false;
    };
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
    rest.strip_prefix(':')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// The block that stands immediately above `package`.
pub fn package_metadata(file: &SourceFile, package: &Package) -> Option<MetadataBlock> {
    let lines: Vec<&str> = file.text.lines().take(package.place.line.saturating_sub(1)).collect();
    let start = lines.iter().rposition(|line| line.trim_end() == "# METADATA")?;
    let block = lines.get(start + 1..)?;
    if !block.iter().all(|line| line.starts_with('#')) {
        return None;
    }
    let yaml: Vec<&str> = block
        .iter()
        .map(|line| line.strip_prefix("# ").unwrap_or_else(|| line.trim_start_matches('#')))
        .collect();
    let signs = block.iter().zip(&yaml).map(|(line, yaml)| line.len() - yaml.len());
    Some(MetadataBlock {
        signs: signs.collect(),
        yaml: yaml.join("\n"),
        first_line: start + 2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Option<MetadataBlock> {
        let file = SourceFile {
            path: "check.rego".to_owned(),
            text: text.to_owned(),
        };
        let package = Package::parse(&file).unwrap();
        package_metadata(&file, &package)
    }

    #[test]
    fn the_block_above_the_package_is_found_with_its_lines() {
        let block =
            block("# licence\n\n# METADATA\n# title: x\n# custom:\n#   fail:\n#     a: {}\npackage p\n").unwrap();
        assert_eq!(block.yaml, "title: x\ncustom:\n  fail:\n    a: {}");
        assert_eq!((block.first_line, block.place_of(&["a"])), (4, (7, 7)));
    }

    #[test]
    fn keys_are_found_behind_each_other() {
        let text = "# METADATA\n# title: \"fail: a: {é}\"\n# custom:\n#   skip:\n#     a: {message: s}\n#   fail:\n#     \"a\": {message: \"é {x.y}\"}\n#\n#   pass: x.y\npackage p\n";
        let block = block(text).unwrap();
        assert_eq!(block.place_of(&["custom", "skip", "a"]), (5, 7));
        assert_eq!(block.place_of(&["custom", "fail", "a"]), (7, 7));
        assert_eq!(block.place_of(&["custom", "fail", "a", "message"]), (7, 13));
        assert_eq!(block.place_behind(&["custom", "fail", "a"], "x.y"), Some((7, 26)));
        assert_eq!(block.place_behind(&["custom", "pass"], "x.y"), Some((9, 11)));
        assert_eq!(
            block.place_of(&["custom", "nothing"]),
            (3, 3),
            "what is not there is passed over"
        );
        assert_eq!(block.place_of(&["nothing"]), (2, 3));
    }

    #[test]
    fn the_second_of_two_keys_is_found_in_its_mapping() {
        let text = "# METADATA\n# custom:\n#   severity: low\n#   params:\n#     severity: {}\n#   \"severity\": high\n#   fail: {a: {b: 1}, b: 2, a: {}}\npackage p\n";
        let block = block(text).unwrap();
        assert_eq!(block.second("severity", (3, 5)), Some((6, 5)));
        assert_eq!(block.second("a", (7, 11)), Some((7, 29)));
        assert_eq!(block.second("params", (3, 5)), None);
        assert_eq!(block.second("a", (1, 1)), None);
    }

    #[test]
    fn a_detached_block_is_none() {
        assert_eq!(block("# METADATA\n# title: x\n\npackage p\n"), None);
        assert_eq!(block("package p\n# METADATA\n# title: x\nx := 1\n"), None);
    }
}
