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
}

impl MetadataBlock {
    /// The line of the file where `key:` stands in the block; the block's first line if it stands nowhere.
    pub fn line_of(&self, key: &str) -> usize {
        let found = self.yaml.lines().position(|line| {
            let line = line.trim_start().trim_start_matches("- ");
            let name = line.split(':').next().unwrap_or_default().trim_matches(['"', '\'']);
            line.contains(':') && name == key
        });
        self.first_line + found.unwrap_or(0)
    }
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
    Some(MetadataBlock {
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
        assert_eq!((block.first_line, block.line_of("a")), (4, 7));
    }

    #[test]
    fn a_detached_block_is_none() {
        assert_eq!(block("# METADATA\n# title: x\n\npackage p\n"), None);
        assert_eq!(block("package p\n# METADATA\n# title: x\nx := 1\n"), None);
    }
}
