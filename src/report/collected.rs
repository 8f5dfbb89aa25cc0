//! What `collect` says beside the snapshot that it writes: how completely every source was read, and what is not complete.

use std::io::{self, Write};
use std::path::Path;

use super::escape;
use super::text::words::{count, mode, state};
use crate::snapshot::{Collection, Comparison, Mode, Snapshot, Source};

/// One line for each collection of each source, then what is not complete, then what fell away since an earlier snapshot.
pub fn render(snapshot: &Snapshot, earlier: Option<&Comparison>, path: &Path, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "wrote {}: {}, {}, {}, {}",
        escape::terminal(&path.display().to_string()),
        Collection::Accounts.counted(snapshot.accounts.len() as u64),
        Collection::Roles.counted(snapshot.roles.len() as u64),
        Collection::Staff.counted(snapshot.staff.len() as u64),
        Collection::Approvals.counted(snapshot.approvals.len() as u64),
    )?;
    table(&snapshot.sources, out)?;
    let mut say = |line: String| writeln!(out, "{}", escape::terminal(&line));
    for source in &snapshot.sources {
        for why in gaps(source) {
            say(format!("incomplete: `{}`: {why}", source.id))?;
        }
    }
    if let Some(earlier) = earlier {
        for count in earlier.drops() {
            say(match earlier.max_drop {
                Some(_) => format!("not proved: {}", earlier.why(count)),
                None => format!("notice: {}: look whether that is true", count.said()),
            })?;
        }
    }
    Ok(())
}

/// `pipedrive  47 accounts  complete  read live, 5 requests, 1 retry`.
fn table(sources: &[Source], out: &mut impl Write) -> io::Result<()> {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for source in sources {
        // Requests are the source's: one stream may serve several collections.
        let mut how = how(source);
        for provided in &source.provides {
            let number = match provided.kept == provided.rows {
                true => provided.collection.counted(provided.kept),
                false => format!("{} of {}", provided.kept, provided.collection.counted(provided.rows)),
            };
            rows.push([
                escape::terminal(&source.id).into_owned(),
                number,
                state(provided.state).to_owned(),
                std::mem::take(&mut how),
            ]);
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (source, number, state) = (width(0), width(1), width(2));
    for row in &rows {
        let line = format!(
            "  {:source$}  {:number$}  {:state$}  {}",
            row[0], row[1], row[2], row[3]
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn how(source: &Source) -> String {
    let requests = source.streams.iter().map(|stream| stream.requests).sum();
    let retries = source.streams.iter().map(|stream| stream.retries).sum();
    let mut how = mode(source.mode).to_owned();
    if source.mode != Mode::File {
        how.push_str(&format!(", {}", count(requests, "request", "requests")));
    }
    if retries > 0 {
        how.push_str(&format!(", {}", count(retries, "retry", "retries")));
    }
    how
}

/// Why a source is not complete: its collections first, then the streams that no collection speaks of.
fn gaps(source: &Source) -> Vec<String> {
    let unsaid = "it was not read to its end";
    let provides = source.provides.iter().filter(|provided| provided.state.is_incomplete());
    let mut gaps: Vec<String> = provides
        .map(|provided| {
            let why = provided.why.as_deref().unwrap_or(unsaid);
            format!("{}: {why}", provided.collection.word())
        })
        .collect();
    for stream in source.streams.iter().filter(|stream| stream.state.is_incomplete()) {
        let why = stream.why.as_deref().unwrap_or(unsaid);
        if !gaps.iter().any(|gap| gap.contains(why)) {
            gaps.push(format!("stream `{}`: {why}", stream.name));
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Completeness;

    /// A system, and a roster that was read from a file.
    fn sample() -> Snapshot {
        let mut snapshot: Snapshot = serde_json::from_str(include_str!("../snapshot/sample.json")).unwrap();
        let mut roster = snapshot.sources[0].clone();
        (roster.id, roster.mode) = ("roster".to_owned(), Mode::File);
        roster.provides.truncate(1);
        roster.provides[0].collection = Collection::Staff;
        snapshot.sources.push(roster);
        snapshot
    }

    fn shown(snapshot: &Snapshot, earlier: Option<&Comparison>) -> String {
        let mut out = Vec::new();
        render(snapshot, earlier, Path::new("snapshot.json"), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_collection_stands_on_a_line() {
        let mut snapshot = sample();
        let source = &mut snapshot.sources[0];
        source.mode = Mode::Live;
        source.provides[0].rows += 40;
        source.provides[0].state = Completeness::Partial;
        source.provides[0].why = Some("`users`: page 2: status 500".to_owned());
        source.streams[0].retries = 1;
        source.streams[0].state = Completeness::Failed;
        source.streams[0].why = Some("status 401".to_owned());
        insta::assert_snapshot!("collected", shown(&snapshot, None));
    }

    #[test]
    fn what_fell_away_is_said() {
        let (mut now, before) = (sample(), sample());
        now.sources[0].provides[0].kept = 0;
        let compare = |max_drop| Comparison::of(&now, (&before, String::new()), max_drop, "old").unwrap();
        let said = shown(&now, Some(&compare(None)));
        assert!(
            said.contains("\nnotice: `it` has 0 accounts, and had 2 on 2026-11-23: look whether"),
            "{said}"
        );
        let said = shown(&now, Some(&compare(Some(50))));
        assert!(
            said.contains("\nnot proved: `it` has 0 accounts, and had 2 on "),
            "{said}"
        );
    }

    #[test]
    fn nothing_from_outside_moves_the_terminal() {
        let mut snapshot = sample();
        snapshot.sources[0].id = "it\u{1b}[2J\n".to_owned();
        snapshot.sources[0].provides[0].state = Completeness::Failed;
        snapshot.sources[0].provides[0].why = Some("\u{202e}\r\nwrote".to_owned());
        let said = shown(&snapshot, None);
        assert!(!said.chars().any(|c| c != '\n' && escape::is_hidden(c)), "{said:?}");
        assert!(!said.contains("\nwrote"));
    }
}
