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
        let gaps = source.provides.iter().filter(|provided| provided.state.is_incomplete());
        for gap in gaps {
            let why = gap.why.as_deref().unwrap_or("it was not read to its end");
            let line = format!("incomplete: `{}`: {why}", source.id);
            writeln!(out, "{}", escape::terminal(&line))?;
        }
    }
    Ok(())
}
