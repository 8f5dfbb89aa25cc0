//! Which forms of a report go where.

use std::path::{Path, PathBuf};

use crate::cli::CheckArgs;
use crate::error::Explain;
use crate::report::{self, Format, ReportFormat};

/// The forms of one report, each with its file; and the one for the terminal, if any.
pub struct Targets {
    files: Vec<(ReportFormat, PathBuf)>,
    terminal: Option<ReportFormat>,
}

impl Targets {
    /// What the command line asks for. A file without a form takes what the terminal would have had; `-` is the terminal.
    ///
    /// # Errors
    /// Two answers would go to one place, one to two, or one to a folder that is not there.
    pub fn of(args: &CheckArgs) -> Result<Self, TargetError> {
        let mut files: Vec<(ReportFormat, PathBuf)> = Vec::new();
        let mut plain = None;
        let mut terminal = None;
        for target in &args.output {
            let file = target.file.clone();
            if target.format.is_none() && plain.replace(()).is_some() {
                return Err(TargetError::SecondPlain { file });
            }
            let format = target.format.unwrap_or(args.format);
            if file == Path::new("-") {
                if terminal.replace(format).is_some() {
                    return Err(TargetError::Twice { file });
                }
                continue;
            }
            if files.iter().any(|(_, other)| is_same(other, &file)) {
                return Err(TargetError::Twice { file });
            }
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let folder = folder.to_owned();
                return Err(TargetError::NoFolder { file, folder });
            }
            files.push((format, file));
        }
        // A file that was named alone is in place of the terminal, and forms beside it are not.
        let terminal = terminal.or_else(|| plain.is_none().then_some(args.format));
        Ok(Self { files, terminal })
    }

    /// The files, in the order in which they were named.
    pub fn files(&self) -> impl Iterator<Item = (ReportFormat, &Path)> {
        self.files.iter().map(|(format, file)| (*format, file.as_path()))
    }

    /// What goes to the terminal.
    pub const fn terminal(&self) -> Option<ReportFormat> {
        self.terminal
    }

    /// Whether a form needs every verdict of every subject.
    pub fn need_every_verdict(&self) -> bool {
        let forms = self.files.iter().map(|(format, _)| *format).chain(self.terminal);
        forms.into_iter().any(ReportFormat::needs_every_verdict)
    }

    /// The one place of an answer that has no other forms than text and JSON; null for the terminal.
    ///
    /// # Errors
    /// It was asked for in another form, or twice.
    pub fn plain(&self) -> Result<(Format, Option<&Path>), TargetError> {
        let (format, file) = match (&self.files[..], self.terminal) {
            ([], Some(format)) => (format, None),
            ([(format, file)], None) => (*format, Some(file.as_path())),
            _ => return Err(TargetError::OneForm),
        };
        match format {
            ReportFormat::Text => Ok((Format::Text, file)),
            ReportFormat::Json => Ok((Format::Json, file)),
            _ => Err(TargetError::OneForm),
        }
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    // `/dev/stderr` and its like take several answers, one after the other.
    let plain = !one.exists() || one.is_file();
    plain && report::resolved(one) == report::resolved(other)
}

/// Answers and files that do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("`--output` names `{}` twice", file.display())]
    Twice { file: PathBuf },
    #[error("`--output {}`: the report already goes to another file", file.display())]
    SecondPlain { file: PathBuf },
    #[error("`--output {}`: there is no folder `{}`", file.display(), folder.display())]
    NoFolder { file: PathBuf, folder: PathBuf },
    #[error("what differs from accepted verdicts is written as text or JSON, to one place")]
    OneForm,
}

impl Explain for TargetError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Twice { .. } => "give each form a file of its own".to_owned(),
            Self::SecondPlain { file } => format!("say which form is meant: `--output json={}`", file.display()),
            Self::NoFolder { .. } => "make the folder first".to_owned(),
            Self::OneForm => "write `--format text` or `--format json`, and at most one `--output FILE`".to_owned(),
        })
    }
}
