//! `rolecall collect`: every source of a project to one snapshot on disk.

use super::{CommandError, output};
use crate::cli::CollectArgs;
use crate::collect;
use crate::connector::Connectors;
use crate::exit::Exit;
use crate::project::Project;
use crate::report;

/// Collects and writes. A snapshot that is not complete is written all the same, and says so.
pub fn run(args: &CollectArgs) -> Result<Exit, CommandError> {
    let project = Project::load(&args.project)?;
    output::hold(&args.output, &project, args.recording.as_deref().as_slice())?;
    let connectors = Connectors::load(&project.connectors)?;
    let request = collect::Request {
        recording: args.recording.as_deref(),
        ..collect::Request::default()
    };
    let snapshot = collect::collect(&project, &connectors, &request)?.snapshot;
    snapshot.write(&args.output)?;
    report::collected(&snapshot, &args.output);
    let incomplete = snapshot.sources.iter().any(|source| {
        source.provides.iter().any(|provided| provided.state.is_incomplete())
            || source.streams.iter().any(|stream| stream.state.is_incomplete())
    });
    Ok(if incomplete { Exit::CannotDecide } else { Exit::Clean })
}
