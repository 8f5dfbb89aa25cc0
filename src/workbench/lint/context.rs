//! One unit under the lens: its files, parsed, and what has been found so far.

use std::path::Path;

use super::super::Unit;
use super::{Failure, Finding, Rule, rules};
use crate::error::Place;
use crate::rego::lint::{Parsed, Remark, Topic, names, unused};
use crate::rego::{RegoError, SourceFile};

/// One unit, parsed.
pub(super) struct Context<'a> {
    pub unit: &'a Unit,
    pub policies: Vec<Parsed>,
    pub tests: Vec<Parsed>,
    pub around: Vec<Parsed>,
    findings: Vec<Finding>,
    /// Files beside the Rego that may hold comments, by path: the manifest of a connector.
    pub beside: Vec<SourceFile>,
}

impl<'a> Context<'a> {
    pub fn new(unit: &'a Unit) -> Result<Self, Failure> {
        let parse = |files: &[SourceFile]| {
            let parsed: Result<Vec<_>, RegoError> = files.iter().map(Parsed::new).collect();
            parsed.map_err(|error| Failure::from(unit.explained(error)))
        };
        Ok(Self {
            unit,
            policies: parse(&unit.policies)?,
            tests: parse(&unit.tests)?,
            around: parse(&unit.around)?,
            findings: Vec::new(),
            beside: Vec::new(),
        })
    }

    /// Adds a finding at a place.
    pub fn find(
        &mut self,
        rule: &'static Rule,
        place: Place,
        width: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Finding {
            rule,
            place,
            width: width.max(1),
            message: message.into(),
            help: help.into(),
        });
    }

    /// Adds what was remarked on a text.
    pub fn remark(&mut self, remarks: Vec<Remark>) {
        for remark in remarks {
            self.find(
                about(remark.topic),
                remark.place,
                remark.width,
                remark.message,
                remark.help,
            );
        }
    }

    /// Where the folder's policy names its package: the place of what is wrong with the folder as a whole.
    pub fn head(&self) -> (Place, usize) {
        match self.policies.first().or_else(|| self.tests.first()) {
            Some(file) => (file.place(), "package".len()),
            None => (
                Place {
                    file: self.unit.folder.display().to_string(),
                    line: 1,
                    column: 1,
                },
                1,
            ),
        }
    }

    /// Names, in policies and tests alike.
    pub fn look_at_names(&mut self) {
        let files = self.policies.iter().chain(&self.tests);
        let remarks = files.flat_map(|file| [unused(file), names(file)].concat()).collect();
        self.remark(remarks);
    }

    /// What the README of the folder says, if there is one.
    pub fn readme(&self) -> Option<String> {
        std::fs::read_to_string(Path::new(&self.unit.folder).join("README.md")).ok()
    }

    /// What was found, and the files in which comments may ignore it.
    pub fn finish(mut self) -> (Vec<Finding>, Vec<SourceFile>) {
        let mut files: Vec<SourceFile> = self.unit.policies.iter().chain(&self.unit.tests).cloned().collect();
        files.append(&mut self.beside);
        (self.findings, files)
    }
}

/// The rule under which a remark is reported.
fn about(topic: Topic) -> &'static Rule {
    match topic {
        Topic::UndefinedUnderNot => &rules::UNDEFINED_UNDER_NOT,
        Topic::UndefinedElement => &rules::UNDEFINED_ELEMENT,
        Topic::UndefinedBeforeElse => &rules::UNDEFINED_BEFORE_ELSE,
        Topic::NullIteration => &rules::NULL_ITERATION,
        Topic::UnsafeBuiltin => &rules::UNSAFE_BUILTIN,
        Topic::NestedLoop => &rules::NESTED_LOOP,
        Topic::UnusedImport => &rules::UNUSED_IMPORT,
        Topic::UnusedVariable => &rules::UNUSED_VARIABLE,
        Topic::UnusedArgument => &rules::UNUSED_ARGUMENT,
        Topic::NameCase => &rules::NAME_CASE,
    }
}
