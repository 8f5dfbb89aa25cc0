//! Paths of a subject's document, and the sets of them that a policy reads.

use std::collections::BTreeMap;
use std::fmt;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field of a record.
    Field(String),
    /// Any element of a list; prints as `[]`.
    Each,
}

/// A path below `input`, such as `system.access.rules[].ticket`. The empty path is the whole document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Reads `a.b[].c`.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for part in text.split('.').filter(|part| !part.is_empty()) {
            let name = part.trim_end_matches("[]");
            steps.push(Step::Field(name.to_owned()));
            steps.extend(std::iter::repeat_n(Step::Each, (part.len() - name.len()) / 2));
        }
        Self(steps)
    }

    /// This path, one step further.
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether this path is `other` or lies above it.
    pub fn covers(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("input");
        }
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if index == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Each => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

/// How a policy looks at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Hands it on without looking: it must be there, and what it holds does not matter.
    Handed,
    /// Goes through a list: how many there are matters, not what they hold.
    Counted,
    /// Reads all of it.
    Whole,
}

/// Every path that a reason or a check can look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadSet(BTreeMap<Path, Look>);

impl ReadSet {
    /// Adds a path; the closer look wins.
    pub fn add(&mut self, path: Path, look: Look) {
        let entry = self.0.entry(path).or_insert(look);
        *entry = look.max(*entry);
    }

    /// Adds another set.
    pub fn join(&mut self, other: &ReadSet) {
        for (path, look) in &other.0 {
            self.add(path.clone(), *look);
        }
    }

    /// The paths that matter for the answer, each with how it is looked at, without those that another one covers.
    pub fn looked_at(&self) -> impl Iterator<Item = (&Path, Look)> {
        self.0
            .iter()
            .filter(|(path, look)| **look != Look::Handed && !self.covered(path))
            .map(|(path, look)| (path, *look))
    }

    /// All paths, those that are only handed on too.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Path, Look)> {
        self.0.iter().map(|(path, look)| (path, *look))
    }

    /// Whether something unavailable at `missing` can change what is looked at here.
    pub fn meets(&self, missing: &Path) -> bool {
        self.0.iter().any(|(path, look)| match look {
            Look::Handed => false,
            Look::Counted => missing.covers(path),
            Look::Whole => missing.covers(path) || path.covers(missing),
        })
    }

    fn covered(&self, path: &Path) -> bool {
        (0..path.0.len()).any(|length| {
            let above = Path(path.0.iter().take(length).cloned().collect());
            self.0.get(&above) == Some(&Look::Whole)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_they_are_read() {
        for text in ["account.state", "system.access.rules[].staff_roles[]", "approvals[].id"] {
            assert_eq!(Path::parse(text).to_string(), text);
        }
    }

    #[test]
    fn a_counted_list_does_not_meet_what_its_elements_hold() {
        let mut reads = ReadSet::default();
        reads.add(Path::parse("system.access.rules"), Look::Counted);
        assert!(!reads.meets(&Path::parse("system.access.rules[].system_roles")));
        assert!(reads.meets(&Path::parse("system.access")));
        reads.add(Path::parse("system.access.rules"), Look::Whole);
        assert!(reads.meets(&Path::parse("system.access.rules[].system_roles")));
    }

    #[test]
    fn what_a_wider_read_covers_is_not_listed() {
        let mut reads = ReadSet::default();
        reads.add(Path::parse("staff.exit"), Look::Whole);
        reads.add(Path::parse("staff.exit.at"), Look::Whole);
        reads.add(Path::parse("staff"), Look::Handed);
        let listed: Vec<_> = reads.looked_at().map(|(path, _)| path.to_string()).collect();
        assert_eq!(listed, ["staff.exit"]);
    }
}
