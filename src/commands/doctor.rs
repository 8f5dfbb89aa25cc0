//! `rolecall doctor`: asks every source for the beginning of everything, and says what a run would lack.

use jiff::Timestamp;

use super::CommandError;
use super::error::OutputError;
use crate::check;
use crate::cli::{Color, DoctorArgs};
use crate::collect::{self, Collected, Request};
use crate::connector::Connectors;
use crate::doctor::{self, Probe, Reading, Trouble};
use crate::exit::Exit;
use crate::project::{From, Project, SourceConfig};
use crate::report::{self, Progress, Volume};

/// Probes and reports. One source that fails keeps no other from being probed.
pub fn run(args: &DoctorArgs, color: Color, volume: Volume) -> Result<Exit, CommandError> {
    let project = Project::load(&args.project)?;
    let checks = check::load(&project.policies, &project.checks)?;
    checks.hold_exceptions(&project.exceptions)?;
    let connectors = Connectors::load(&project.connectors)?;
    let at = args.as_of.unwrap_or_else(Timestamp::now);
    let probes = {
        let progress = Progress::new(volume);
        let request = Request {
            probe: true,
            watch: &progress,
            ..Request::default()
        };
        let sources = project.sources.iter();
        sources
            .map(|source| probe(&project, &connectors, &request, source, at))
            .collect()
    };
    let examination = doctor::examine(&project, &connectors, &checks, probes, at);
    report::print_examination(&examination, args.format, color.into()).map_err(OutputError)?;
    Ok(examination.outcome)
}

/// Reads one source as if it were the only one.
fn probe(
    project: &Project,
    connectors: &Connectors,
    request: &Request<'_>,
    source: &SourceConfig,
    at: Timestamp,
) -> Probe {
    let mut alone = project.clone();
    alone.sources = vec![source.clone()];
    // A snapshot needs a time, and a file may keep its own to itself.
    let dateless = matches!(source.from, From::File(_)) && source.as_of.is_none();
    if dateless {
        alone.sources.iter_mut().for_each(|source| source.as_of = Some(at));
    }
    match collect::collect(&alone, connectors, request) {
        Err(error) => Probe::failed(&source.id, Trouble::of(&error)),
        Ok(Collected {
            mut snapshot,
            mut contacts,
            ..
        }) => {
            if dateless {
                snapshot.sources.iter_mut().for_each(|source| source.taken_at = None);
            }
            let contact = contacts.remove(&source.id);
            Probe {
                source: source.id.clone(),
                read: Ok(Reading { snapshot, contact }),
            }
        }
    }
}
