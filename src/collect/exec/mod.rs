//! Programs that print rows: started by the project file's word, never by a connector's or a recording's.
//!
//! A program is started without a shell, in the project's folder, and reads nothing. What it prints on standard output is
//! read to its end and split by stream; standard error is the user's terminal. Whatever goes wrong once it runs fails
//! every stream of the source, with the reason; what it printed is never repeated in one.

#[cfg(unix)]
mod interrupt;
mod process;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use self::process::{Limits, Stopped};
use crate::connector::Connector;
use crate::connector::manifest::Manifest;
use crate::error::{Explain, Place};
use crate::project::SourceConfig;
use crate::recording::{Answer, Body};
use crate::strict_json;

/// The largest output, in bytes.
const OUTPUT_LIMIT: usize = 256 << 20;

/// How long a program may take where the project does not say.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// Why a program could not be started.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ExecError {
    #[error("{place}: source `{source_id}`: running `{program}`: {message}")]
    Start {
        place: Place,
        source_id: String,
        program: String,
        message: String,
    },
}

impl Explain for ExecError {
    fn help(&self) -> Option<String> {
        Some("name a program under `from: {run: […]}`: by its path, or as it is found on the PATH".to_owned())
    }
}

/// One source that a program is run for.
pub(super) struct Call<'a> {
    pub(super) source: &'a SourceConfig,
    /// The connector as the source takes it: its streams are the ones that are kept.
    pub(super) connector: &'a Connector,
    /// The connector as it is: its program may print streams that this source does not take.
    pub(super) whole: &'a Manifest,
    /// The program and its arguments.
    pub(super) words: &'a [String],
    /// Where it runs.
    pub(super) folder: &'a Path,
}

/// Runs a program in the project's folder: one answer for each stream of the connector, and when it was started.
///
/// # Errors
/// The program cannot be started. What it did not print is in the answers.
pub(super) fn run(call: &Call<'_>) -> Result<(Vec<Answer>, Timestamp), ExecError> {
    let stated = call.source.network.deadline;
    let limits = Limits {
        bytes: OUTPUT_LIMIT,
        time: stated
            .and_then(|stated| Duration::try_from(stated).ok())
            .unwrap_or(DEADLINE),
    };
    run_within(call, &limits)
}

fn run_within(call: &Call<'_>, limits: &Limits) -> Result<(Vec<Answer>, Timestamp), ExecError> {
    let program = call.words.first().map(String::as_str).unwrap_or_default();
    let folder = match call.folder {
        folder if folder.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let arguments = call.words.get(1..).unwrap_or_default();
    let asked_at = Timestamp::now();
    let ended = process::run(&at(folder, program), arguments, folder, limits).map_err(|error| ExecError::Start {
        place: call.source.place.clone(),
        source_id: call.source.id.clone(),
        program: program.to_owned(),
        message: unstarted(&error),
    })?;
    let answered_at = Timestamp::now();
    let kept = call
        .connector
        .manifest
        .streams
        .0
        .iter()
        .map(|(name, _)| name.value.as_str());
    let known: BTreeSet<&str> = call
        .whole
        .streams
        .0
        .iter()
        .map(|(name, _)| name.value.as_str())
        .collect();
    let (status, printed) = match ended {
        Ok(ended) => match (split(&ended.printed, &known), ended.signal) {
            (_, Some(signal)) => (1, Err(format!("the program was ended by signal {signal}"))),
            // That it failed says more than what it printed on the way there.
            (Err(_), None) if ended.status != 0 => {
                let why = format!("the program ended with status {}", ended.status);
                (ended.status, Err(why))
            }
            (printed, None) => (ended.status, printed),
        },
        Err(stopped) => (1, Err(said(&stopped, limits))),
    };
    let mut printed = printed.map_err(Body::Missing);
    let answers = kept.map(|stream| Answer {
        stream: stream.to_owned(),
        status,
        body: match &mut printed {
            Ok(streams) => Body::Bytes(streams.remove(stream).unwrap_or_default()),
            Err(missing) => missing.clone(),
        },
        calls: 1,
        asked_at: Some(asked_at),
        answered_at: Some(answered_at),
        ..Answer::default()
    });
    // The time of the data is when the program began; whole seconds are enough for an age.
    let taken_at = Timestamp::from_second(asked_at.as_second()).unwrap_or(asked_at);
    Ok((answers.collect(), taken_at))
}

/// Where a program is: one that is named by a path is looked for from the project's folder on, any other on the PATH.
fn at(folder: &Path, program: &str) -> PathBuf {
    if program.contains(std::path::MAIN_SEPARATOR) || program.contains('/') {
        let path = folder.join(program);
        return std::path::absolute(&path).unwrap_or(path);
    }
    PathBuf::from(program)
}

/// The lines of each stream, as they were printed.
fn split(printed: &[u8], known: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut streams: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (number, line) in printed.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let wrong = |why: &str| format!("line {} of what the program printed: {why}", number + 1);
        let value = strict_json::parse(line).map_err(|error| wrong(&error.message))?;
        let stream = value.get("stream").and_then(|stream| stream.as_str());
        let stream = stream.ok_or_else(|| wrong("it is no record with a `stream`"))?;
        if !known.contains(stream) {
            return Err(wrong("the connector has no such stream"));
        }
        let lines = match streams.get_mut(stream) {
            Some(lines) => lines,
            None => streams.entry(stream.to_owned()).or_default(),
        };
        lines.extend_from_slice(line);
        lines.push(b'\n');
    }
    Ok(streams)
}

fn said(stopped: &Stopped, limits: &Limits) -> String {
    match stopped {
        Stopped::TooLong => format!(
            "the program was stopped: it had not ended after {:#}",
            jiff::SignedDuration::try_from(limits.time).unwrap_or(jiff::SignedDuration::MAX)
        ),
        Stopped::TooMuch => format!(
            "the program was stopped: it printed more than {} MiB",
            limits.bytes.div_ceil(1 << 20)
        ),
        Stopped::Unreadable(error) => format!(
            "what the program printed could not be read: {}",
            error.to_string().to_lowercase()
        ),
    }
}

fn unstarted(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such program".to_owned(),
        ErrorKind::PermissionDenied => "it may not be run".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
