//! What `collect` says beside the snapshot that it writes.

use std::io::{self, Write};
use std::path::Path;

use super::escape;
use crate::snapshot::Snapshot;

/// How much there is, and what is not complete.
pub fn render(snapshot: &Snapshot, path: &Path, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "wrote {}: {} accounts, {} roles, {} staff, {} approvals",
        escape::terminal(&path.display().to_string()),
        snapshot.accounts.len(),
        snapshot.roles.len(),
        snapshot.staff.len(),
        snapshot.approvals.len(),
    )?;
    for source in &snapshot.sources {
        let unsaid = "it was not read to its end";
        let gaps = source.provides.iter().filter(|provided| provided.state.is_incomplete());
        let mut lines: Vec<String> = gaps
            .map(|gap| gap.why.clone().unwrap_or_else(|| unsaid.to_owned()))
            .collect();
        // A stream that no collection is made of keeps a run from deciding as well.
        for stream in source.streams.iter().filter(|stream| stream.state.is_incomplete()) {
            let why = stream.why.as_deref().unwrap_or(unsaid);
            if !lines.iter().any(|line| line.contains(why)) {
                lines.push(format!("`{}`: {why}", stream.name));
            }
        }
        for line in lines {
            let line = format!("incomplete: `{}`: {line}", source.id);
            writeln!(out, "{}", escape::terminal(&line))?;
        }
    }
    Ok(())
}
