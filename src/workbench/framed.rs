//! What is wrong with Rego, beside the line of the unit's file that it speaks of.

use super::find::Unit;
use super::run::Broken;
use crate::error::{Explain, Frame};
use crate::exit::Exit;
use crate::rego::RegoError;

/// An error of Rego with its line, where that is in a file of the unit.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
struct Framed {
    error: RegoError,
    frame: Option<Frame>,
}

impl Explain for Framed {
    fn help(&self) -> Option<String> {
        self.error.help()
    }

    fn frame(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }

    fn exit(&self) -> Exit {
        self.error.exit()
    }
}

impl Unit {
    /// An error about the files of this unit, those around it among them, as people are told it.
    pub fn explained(&self, error: RegoError) -> Broken {
        let files = self.policies.iter().chain(&self.tests).chain(&self.around);
        Box::new(Framed {
            frame: error.frame(files),
            error,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::UnitKind;
    use super::*;
    use crate::rego::{SourceFile, TestFile};

    #[test]
    fn an_error_in_a_test_file_has_its_line() {
        let test = SourceFile {
            path: "policies/a/check_test.rego".to_owned(),
            text: "package checks.a_test\n\ntest_x if {\n\tx := := 1\n}\n".to_owned(),
        };
        let error = TestFile::parse(&test).unwrap_err();
        let unit = Unit {
            kind: UnitKind::Check,
            name: "a".to_owned(),
            folder: PathBuf::from("policies/a"),
            root: PathBuf::from("policies"),
            policies: Vec::new(),
            tests: vec![test],
            around: Vec::new(),
        };
        let explained = unit.explained(error.clone());
        assert_eq!(explained.to_string(), error.to_string());
        assert_eq!(explained.help(), error.help());
        let frame = explained.frame().unwrap();
        assert_eq!((frame.place.line, frame.line.as_str()), (4, "\tx := := 1"));
        let elsewhere = error.at(|place| crate::error::Place {
            file: "another.rego".to_owned(),
            ..place.clone()
        });
        assert!(unit.explained(elsewhere).frame().is_none());
    }
}
