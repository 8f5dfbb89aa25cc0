//! How far each source can be relied on.

use jiff::{SignedDuration, Timestamp};

use super::SubjectError;
use crate::project::Project;
use crate::snapshot::{Collection, Comparison, Completeness, Snapshot, Source};
use crate::staff::Roster;

/// Why a collection of a source is not all there is; null where it is.
pub fn gap(source: &Source, collection: Collection) -> Option<String> {
    match source
        .provides
        .iter()
        .find(|provided| provided.collection == collection)
    {
        None => Some(format!("`{}` does not provide {}", source.id, collection.word())),
        Some(provided) if provided.state != Completeness::Complete => {
            let why = provided.why.as_deref().unwrap_or("it was not read to its end");
            Some(format!("{} of `{}`: {why}", collection.word(), source.id))
        }
        Some(_) => None,
    }
}

/// Why a source is too old for its `max_age`; null where it is not. An age that nobody stated is too old, and so is
/// one that lies after both `now` and the time at which everything was `collected`: it says nothing of how old the data is.
pub fn stale(source: &Source, project: &Project, now: Timestamp, collected: Timestamp) -> Option<String> {
    let config = project.sources.iter().find(|config| config.id == source.id)?;
    let max_age = config.max_age?;
    match source.taken_at {
        None => Some(format!(
            "`{}` has a max_age, but nobody stated when it was taken",
            source.id
        )),
        Some(taken) if now.duration_since(taken) > max_age => Some(format!(
            "`{}` was taken at {taken}, longer before {now} than its max_age of {max_age:#}: collect it again",
            source.id
        )),
        // A day that is wrong by a year would be fresh until then. A day alone ends up to a day ahead.
        Some(taken) if taken.duration_since(now.max(collected)) > max_age.max(SignedDuration::from_hours(24)) => {
            Some(format!(
                "`{}` says that it was taken at {taken}, which is after {}: how old it is is not known",
                source.id,
                now.max(collected)
            ))
        }
        Some(_) => None,
    }
}

/// Why a collection is not proved to be whole because of what it lost since an earlier snapshot; null where it is.
pub fn dropped(source: &Source, collection: Collection, earlier: Option<&Comparison>) -> Option<String> {
    earlier?.gap(&source.id, collection)
}

/// A source that is named for staff or approvals provides them.
pub fn hold_provided(snapshot: &Snapshot, project: &Project) -> Result<(), SubjectError> {
    let approvals = project
        .systems
        .iter()
        .filter_map(|system| Some((system.approvals.as_ref()?, &system.place)));
    let staff = project.staff.sources.iter().filter_map(|id| {
        let source = project.sources.iter().find(|source| source.id == *id)?;
        Some((id, &source.place))
    });
    let named = approvals.map(|(id, place)| (id, place, Collection::Approvals));
    for (id, place, collection) in named.chain(staff.map(|(id, place)| (id, place, Collection::Staff))) {
        let source = snapshot.sources.iter().find(|source| source.id == *id);
        let provides = |source: &Source| source.provides.iter().any(|provided| provided.collection == collection);
        if source.is_some_and(|source| !provides(source)) {
            return Err(SubjectError::NotProvided {
                place: Box::new(place.clone()),
                source_id: id.clone(),
                what: collection.word(),
            });
        }
    }
    Ok(())
}

/// Why the roster is not proved to hold everybody; null where it is.
pub fn roster_gap(
    snapshot: &Snapshot,
    project: &Project,
    roster: &Roster,
    now: Timestamp,
    earlier: Option<&Comparison>,
) -> Option<String> {
    // Whoever stood on a roster that is gone altogether is nobody now.
    let gone = || {
        let earlier = earlier?;
        let mut exceeded = earlier.exceeded();
        let gone = exceeded.find(|count| count.collection == Collection::Staff && count.now.is_none())?;
        Some(earlier.why(gone))
    };
    if roster.sources.is_empty() {
        return Some("no source provides staff".to_owned());
    }
    let of_source = |id: &String| {
        let Some(source) = snapshot.sources.iter().find(|source| source.id == *id) else {
            return Some(format!("`{id}` was not read"));
        };
        let empty = || {
            let empty = !snapshot.staff.iter().any(|row| row.source == *id);
            empty.then(|| format!("`{id}` has nobody on it"))
        };
        gap(source, Collection::Staff)
            .or_else(|| stale(source, project, now, snapshot.taken_at))
            .or_else(empty)
            .or_else(|| dropped(source, Collection::Staff, earlier))
    };
    roster.sources.iter().find_map(of_source).or_else(gone)
}
