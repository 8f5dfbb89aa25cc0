//! How the facts were collected, and the digests of everything that the verdicts rest on.

use serde::Serialize;

use super::words::{Reasons, Time, Why, grouped, name};
use crate::finding::{self, Report, SourceSummary};
use crate::report::text::words::{held, mode, state};
use crate::snapshot;

/// How completely one source was read.
#[derive(Serialize)]
pub struct Source {
    id: String,
    connector: String,
    mode: &'static str,
    taken_at: Option<Time>,
    state: &'static str,
    /// `complete`, `warning` or `bad`: how it looks.
    tone: &'static str,
    contents: String,
    rows: String,
    kept: String,
    problems: Vec<Why>,
    undecides: bool,
    streams: Vec<Stream>,
    /// Whether any of its streams states how many rows there are, and when it was read.
    states_total: bool,
    states_time: bool,
}

/// How one stream of raw answers was read.
#[derive(Serialize)]
struct Stream {
    name: String,
    state: &'static str,
    requests: String,
    retries: String,
    pages: String,
    rows: String,
    total: Option<String>,
    distinct: String,
    duplicates: String,
    bytes: String,
    sha256: String,
    started_at: Option<Time>,
    /// From the first call to the last answer.
    took: Option<String>,
    why: Option<Why>,
}

/// What an earlier snapshot had.
#[derive(Serialize)]
pub struct Previous {
    sha256: String,
    taken_at: Time,
    max_drop: Option<u8>,
    counts: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    source: String,
    collection: &'static str,
    before: String,
    now: Option<String>,
    dropped: bool,
}

/// One file or folder that the verdicts depend on.
#[derive(Serialize)]
pub struct Input {
    kind: &'static str,
    id: String,
    origin: String,
    sha256: String,
    replaces_built_in: bool,
}

/// The facts that were judged.
#[derive(Serialize)]
pub struct Facts {
    sha256: String,
    taken_at: Time,
    mode: String,
    sources: Vec<Source>,
    previous: Option<Previous>,
}

impl Facts {
    pub fn of(report: &Report, reasons: &Reasons<'_>) -> Self {
        Self {
            sha256: name(&report.snapshot_sha256),
            taken_at: report.snapshot_taken_at.into(),
            mode: name(&report.snapshot_mode),
            sources: report
                .sources
                .iter()
                .map(|source| Source::of(source, reasons))
                .collect(),
            previous: report.previous.as_ref().map(Previous::of),
        }
    }
}

impl Source {
    fn of(source: &SourceSummary, reasons: &Reasons<'_>) -> Self {
        Self {
            id: name(&source.id),
            connector: name(&source.connector),
            mode: mode(source.mode),
            taken_at: source.taken_at.map(Time::from),
            state: state(source.state),
            tone: match (source.undecides, source.state) {
                (false, snapshot::Completeness::Complete) if source.problems.is_empty() => "complete",
                (false, _) => "warning",
                (true, _) => "bad",
            },
            contents: held(source),
            rows: grouped(source.rows),
            kept: grouped(source.kept),
            problems: source.problems.iter().map(|problem| reasons.why(problem)).collect(),
            undecides: source.undecides,
            streams: source
                .streams
                .iter()
                .map(|stream| Stream::of(stream, reasons))
                .collect(),
            states_total: source.streams.iter().any(|stream| stream.total.is_some()),
            states_time: source.streams.iter().any(|stream| stream.started_at.is_some()),
        }
    }
}

impl Stream {
    fn of(stream: &snapshot::Stream, reasons: &Reasons<'_>) -> Self {
        Self {
            name: name(&stream.name),
            state: state(stream.state),
            requests: grouped(stream.requests),
            retries: grouped(stream.retries),
            pages: grouped(stream.pages),
            rows: grouped(stream.rows),
            total: stream.total.map(grouped),
            distinct: grouped(stream.distinct),
            duplicates: grouped(stream.duplicates),
            bytes: grouped(stream.bytes),
            sha256: name(&stream.sha256),
            started_at: stream.started_at.map(Time::from),
            took: stream.started_at.zip(stream.ended_at).map(|(from, to)| {
                let seconds = to.duration_since(from).as_secs_f64();
                format!("{seconds:.1} s")
            }),
            why: stream.why.as_deref().map(|why| reasons.why(why)),
        }
    }
}

impl Previous {
    fn of(previous: &snapshot::Comparison) -> Self {
        let count = |count: &snapshot::Count| Count {
            source: name(&count.source),
            collection: count.collection.word(),
            before: grouped(count.before),
            now: count.now.map(grouped),
            dropped: count.dropped,
        };
        Self {
            sha256: name(&previous.sha256),
            taken_at: previous.taken_at.into(),
            max_drop: previous.max_drop,
            counts: previous.counts.iter().map(count).collect(),
        }
    }
}

impl Input {
    /// The project first, then policies and connectors.
    pub fn all(report: &Report) -> Vec<Self> {
        let inputs = &report.inputs;
        let mut all = vec![Self::of("Project", &inputs.project)];
        all.extend(report.base_project.iter().map(|input| Self::of("Base project", input)));
        all.extend(inputs.policies.iter().map(|input| Self::of("Policy", input)));
        all.extend(inputs.connectors.iter().map(|input| Self::of("Connector", input)));
        all
    }

    fn of(kind: &'static str, input: &finding::Input) -> Self {
        Self {
            kind,
            id: name(&input.id),
            origin: name(&input.origin),
            sha256: name(&input.sha256),
            replaces_built_in: input.replaces_built_in,
        }
    }
}
