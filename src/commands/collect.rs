//! `rolecall collect`: every source of a project to one snapshot on disk.

use std::path::Path;

use super::earlier::Earlier;
use super::{CommandError, output};
use crate::cli::CollectArgs;
use crate::collect;
use crate::connector::Connectors;
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{self, Progress, Volume};

/// Collects and writes. A snapshot that is not complete, or lost more of a population than it may, is written all the same,
/// and says so.
pub fn run(args: &CollectArgs, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.project)?;
    let read = [&args.recording, &args.previous];
    let read: Vec<&Path> = read.into_iter().filter_map(|path| path.as_deref()).collect();
    output::hold(&args.output, &project, &read)?;
    if let Some(folder) = &args.record {
        output::hold_folder(folder, &project, &read)?;
    }
    let earlier = Earlier::read(args.previous.as_deref(), args.max_drop)?;
    let connectors = Connectors::load(&project.connectors)?;
    let snapshot = {
        let progress = Progress::new(volume);
        let request = collect::Request {
            recording: args.recording.as_deref(),
            record: args.record.as_deref(),
            watch: &progress,
            ..collect::Request::default()
        };
        collect::collect(&project, &connectors, &request)?.snapshot
    };
    snapshot.write(&args.output)?;
    // What was read is kept, even if it turns out that it cannot be compared.
    let earlier = earlier.map(|earlier| earlier.compare(&snapshot)).transpose();
    let known = earlier.as_ref().ok().and_then(Option::as_ref);
    if volume != Volume::Quiet {
        report::collected(&snapshot, known, &args.output);
    }
    let unproved = earlier?.is_some_and(|earlier| earlier.exceeded().next().is_some());
    let incomplete = snapshot.sources.iter().any(|source| {
        source.provides.iter().any(|provided| provided.state.is_incomplete())
            || source.streams.iter().any(|stream| stream.state.is_incomplete())
    });
    Ok(if incomplete || unproved {
        Exit::CannotDecide
    } else {
        Exit::Clean
    })
}
