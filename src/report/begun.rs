//! What `init` says of the project that it wrote.

use std::io::{self, Write};

use super::escape;

/// A project that was just written.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Its file.
    pub file: String,
    /// How many people are on its roster; null where it was not read.
    pub people: Option<usize>,
    /// The files that credentials were put into.
    pub kept: Vec<String>,
    /// What is to be done before the next command, if anything.
    pub first: Vec<String>,
    /// The value of `--project`, where the next command needs it.
    pub project: Option<String>,
}

/// What there is now, and what comes next.
pub fn render(begun: &Begun, out: &mut impl Write) -> io::Result<()> {
    write!(out, "wrote {}", escape::sentence(&begun.file))?;
    match begun.people {
        Some(1) => writeln!(out, "; 1 row is on the roster")?,
        Some(people) => writeln!(out, "; {people} rows are on the roster")?,
        None => writeln!(out)?,
    }
    for file in &begun.kept {
        writeln!(out, "wrote {}: the credential, for you alone", escape::sentence(file))?;
    }
    let project = match &begun.project {
        Some(path) => format!(" --project {}", escape::sentence(path)),
        None => String::new(),
    };
    let first = match begun.first.as_slice() {
        [] => String::new(),
        first => format!("{}, then ", escape::sentence(&first.join(", "))),
    };
    writeln!(
        out,
        "next: {first}`rolecall doctor{project}`, and after that `rolecall check{project}`"
    )
}
