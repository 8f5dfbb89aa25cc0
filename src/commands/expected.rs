//! `rolecall check --accept` and `--expect`: verdicts that are kept, and what differs from them.

use std::path::{Path, PathBuf};

use super::CommandError;
use super::error::OutputError;
use super::targets::Targets;
use crate::cli::{CheckArgs, Color};
use crate::error::Explain;
use crate::exit::Exit;
use crate::expected::{self, Expected};
use crate::finding::Report;
use crate::report::{self, Volume};

/// What is done with the verdicts of a run, in place of a report.
pub enum Purpose {
    /// They are kept in this file.
    Accept(PathBuf),
    /// They are held against these.
    Expect {
        /// What was accepted.
        accepted: Expected,
        /// Where it stands.
        file: PathBuf,
    },
}

impl Purpose {
    /// What the command line asks for; accepted verdicts are read at once.
    pub fn of(args: &CheckArgs) -> Result<Option<Self>, CommandError> {
        let snapshot = args.facts.snapshot.as_deref();
        if let Some(file) = &args.accept {
            return Ok(Some(Self::Accept(named(file.as_deref(), snapshot, "--accept")?)));
        }
        let Some(file) = &args.expect else {
            return Ok(None);
        };
        let file = named(file.as_deref(), snapshot, "--expect")?;
        let accepted = Expected::read(&file)?;
        Ok(Some(Self::Expect { accepted, file }))
    }

    /// Keeps the verdicts, or says what differs.
    pub fn serve(
        &self,
        report: &Report,
        args: &CheckArgs,
        targets: &Targets,
        color: Color,
        volume: Volume,
    ) -> Result<Exit, CommandError> {
        let now = Expected::of(report);
        match self {
            Self::Accept(file) => {
                let text = now.to_text().map_err(|error| OutputError(error.into()))?;
                report::save_text("accepted verdicts", &text, file)?;
                if volume != Volume::Quiet {
                    report::accepted(&now, file);
                }
                Ok(Exit::Clean)
            }
            Self::Expect { accepted, .. } => {
                let comparison = expected::compare(accepted, &now, &args.checks);
                match targets.plain()? {
                    (format, Some(file)) => report::save_comparison(&comparison, format, color.into(), file)?,
                    (format, None) => {
                        report::print_comparison(&comparison, format, color.into()).map_err(OutputError)?;
                    }
                }
                Ok(match (comparison.is_same(), comparison.is_empty()) {
                    (false, _) => Exit::Findings,
                    (true, true) => Exit::CannotDecide,
                    (true, false) => Exit::Clean,
                })
            }
        }
    }
}

/// The file that was named, or the one beside the snapshot: `snapshot.expected.json` for `snapshot.json`.
fn named(file: Option<&Path>, snapshot: Option<&Path>, flag: &'static str) -> Result<PathBuf, NoFile> {
    if let Some(file) = file {
        return Ok(file.to_owned());
    }
    let snapshot = snapshot.ok_or(NoFile { flag })?;
    let name = snapshot.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    Ok(snapshot.with_file_name(format!("{stem}.expected.json")))
}

/// Nothing says where accepted verdicts are.
#[derive(Debug, thiserror::Error)]
#[error("`{flag}` names no file, and there is no snapshot beside which one could be")]
struct NoFile {
    flag: &'static str,
}

impl Explain for NoFile {
    fn help(&self) -> Option<String> {
        Some(format!(
            "write `{0}=FILE`, or judge a snapshot: `--snapshot FILE {0}`",
            self.flag
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_beside_the_snapshot() {
        let table = [
            ("snapshot.json", "snapshot.expected.json"),
            ("a/b.v1.json", "a/b.v1.expected.json"),
            ("a/snapshot", "a/snapshot.expected.json"),
        ];
        for (snapshot, file) in table {
            assert_eq!(
                named(None, Some(Path::new(snapshot)), "--accept").unwrap(),
                Path::new(file)
            );
        }
        let chosen = named(Some(Path::new("x")), Some(Path::new("snapshot.json")), "--accept");
        assert_eq!(chosen.unwrap(), Path::new("x"));
        assert!(named(None, None, "--accept").is_err());
    }
}
