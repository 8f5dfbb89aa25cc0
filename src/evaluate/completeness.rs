//! How completely the sources were read, and what keeps a run as a whole from an answer.

use std::collections::BTreeSet;

use super::{Context, Evaluation};
use crate::finding::{CheckSummary, Judgement, SourceSummary, Verdict};
use crate::snapshot::{Completeness, Source};
use crate::subject::trust;

impl Context<'_> {
    /// How completely each source was read.
    pub(super) fn sources(&self) -> Vec<SourceSummary> {
        self.snapshot.sources.iter().map(|source| self.source(source)).collect()
    }

    fn source(&self, source: &Source) -> SourceSummary {
        let mut problems: Vec<String> = Vec::new();
        let mut undecides = false;
        for provided in source
            .provides
            .iter()
            .filter(|provided| provided.state != Completeness::Complete)
        {
            undecides |= provided.state.is_incomplete();
            problems.extend(trust::gap(source, provided.collection));
        }
        for stream in source.streams.iter().filter(|stream| stream.state.is_incomplete()) {
            undecides = true;
            let why = stream.why.as_deref().unwrap_or("it was not read to its end");
            let message = format!("stream `{}`: {why}", stream.name);
            if !problems.iter().any(|problem| problem.contains(why)) {
                problems.push(message);
            }
        }
        if let Some(stale) = trust::stale(source, self.project, self.now, self.snapshot.taken_at) {
            undecides = true;
            problems.push(stale);
        }
        for provided in &source.provides {
            let dropped = trust::dropped(source, provided.collection, self.earlier);
            undecides |= dropped.is_some();
            problems.extend(dropped);
        }
        let kept = source.provides.iter().map(|provided| provided.kept).sum();
        let worst = source.provides.iter().map(|provided| provided.state).max();
        SourceSummary {
            id: source.id.clone(),
            connector: source.connector.clone(),
            mode: source.mode,
            taken_at: source.taken_at,
            state: match worst.unwrap_or(Completeness::Complete) {
                // Something of it was read.
                Completeness::Failed if kept > 0 => Completeness::Partial,
                worst => worst,
            },
            rows: source.provides.iter().map(|provided| provided.rows).sum(),
            kept,
            collections: source
                .provides
                .iter()
                .map(|provided| (provided.collection, provided.kept))
                .collect(),
            unread: source
                .provides
                .iter()
                .filter(|provided| provided.state != Completeness::Complete && provided.rows == 0)
                .map(|provided| provided.collection)
                .collect(),
            streams: source.streams.clone(),
            problems,
            undecides,
        }
    }

    /// Every reason why the run as a whole gives no answer, one sentence each.
    pub(super) fn cannot_decide(
        &self,
        evaluation: &Evaluation,
        sources: &[SourceSummary],
        checks: &[CheckSummary],
        undecided: &[Judgement],
    ) -> Vec<String> {
        let mut why = Vec::new();
        if evaluation.ran.is_empty() {
            why.push("no check ran".to_owned());
        } else if evaluation.judged.is_empty() {
            why.push("nothing was judged".to_owned());
        }
        for config in &self.project.sources {
            match self.snapshot.sources.iter().find(|source| source.id == config.id) {
                None => why.push(format!(
                    "the snapshot lacks the source `{}`, which the project names",
                    config.id
                )),
                Some(source) if source.connector != config.connector => {
                    let (id, now, then) = (&config.id, &config.connector, &source.connector);
                    why.push(format!(
                        "`{id}` is read by `{now}` in the project, and was read by `{then}` in the snapshot"
                    ));
                }
                Some(_) => {}
            }
        }
        let open = sources
            .iter()
            .filter(|source| source.undecides)
            .flat_map(|source| &source.problems);
        why.extend(open.cloned());
        // What is gone altogether is no problem of a source that is there.
        let gone = self.earlier.into_iter().flat_map(|earlier| {
            let gone = earlier.exceeded().filter(|count| count.now.is_none());
            gone.map(|count| earlier.why(count))
        });
        why.extend(gone);
        // The rosters are read for every verdict: whoever they do not name is nobody's.
        why.extend(self.subjects.roster_gap.clone());
        why.extend(checks.iter().filter_map(|check| check.population.unproved.clone()));
        let mut seen = BTreeSet::new();
        why.retain(|sentence| seen.insert(sentence.clone()));
        let ids: BTreeSet<&str> = undecided.iter().map(|judgement| judgement.check.as_str()).collect();
        for id in ids {
            for (verdict, one, many) in [
                (Verdict::Unknown, "unknown", "unknown"),
                (Verdict::Error, "an error", "errors"),
            ] {
                let count = undecided
                    .iter()
                    .filter(|judgement| judgement.check == id && judgement.verdict == verdict)
                    .count();
                match count {
                    0 => {}
                    1 => why.push(format!("`{id}` has 1 verdict that is {one}")),
                    _ => why.push(format!("`{id}` has {count} verdicts that are {many}")),
                }
            }
        }
        why
    }
}
