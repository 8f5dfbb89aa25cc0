//! One snapshot held against an earlier one: whether a population fell away.
//!
//! A roster that lost half of its people is rarely a company that did. A drop is said; where somebody set the most that
//! may be lost, more than that is no proved population.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Collection, Snapshot};
use crate::error::Explain;

/// A collection that lost more than this share of its rows is worth a look, in percent.
const NOTABLE: u8 = 30;

/// The numbers of two snapshots, the earlier one's and this one's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// When the earlier one was taken.
    pub taken_at: Timestamp,
    /// Digest of the earlier one in its canonical form, lower-case hex.
    pub sha256: String,
    /// The share of its rows that a collection may lose, in percent; null where nobody set one.
    pub max_drop: Option<u8>,
    /// Every collection of the earlier one. Sorted by source and collection.
    pub counts: Vec<Count>,
    /// Rows that the earlier one's sources read, over all of their collections.
    rows: BTreeMap<String, u64>,
}

/// Rows kept of one collection of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The source's id.
    pub source: String,
    /// Which rows.
    pub collection: Collection,
    /// In the earlier snapshot.
    pub before: u64,
    /// In this one; null where it has no such source or collection.
    pub now: Option<u64>,
    /// The day of the earlier rows, in UTC.
    pub day: Date,
    /// Whether more was lost than may be (or than is usual, where nobody set how much may be).
    pub dropped: bool,
}

/// Why two snapshots cannot be compared.
#[derive(Debug, Clone, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum CompareError {
    #[error("comparing with the snapshot `{file}`: it was taken at {before}, after this one, which was taken at {now}")]
    Newer {
        file: String,
        before: Timestamp,
        now: Timestamp,
    },
    #[error("comparing with the snapshot `{file}`: its system `{system}` is {before}, and this one's is {now}")]
    OtherTenant {
        file: String,
        system: String,
        before: String,
        now: String,
    },
    #[error("comparing with the snapshot `{file}`: it has no source in common with this one")]
    NothingInCommon { file: String },
}

impl Explain for CompareError {
    fn help(&self) -> Option<String> {
        Some("give `--previous` an earlier snapshot of the same project".to_owned())
    }
}

impl Comparison {
    /// Holds a snapshot against an earlier one; `file` is what errors call the earlier one.
    ///
    /// # Errors
    /// They are not of the same systems, or not in this order.
    pub fn of(
        now: &Snapshot,
        (before, sha256): (&Snapshot, String),
        max_drop: Option<u8>,
        file: &str,
    ) -> Result<Self, CompareError> {
        if before.taken_at > now.taken_at {
            return Err(CompareError::Newer {
                file: file.to_owned(),
                before: before.taken_at,
                now: now.taken_at,
            });
        }
        same_tenants(now, before, file)?;
        let common = |id: &str| now.sources.iter().any(|source| source.id == id);
        if !before.sources.iter().any(|source| common(&source.id)) {
            return Err(CompareError::NothingInCommon { file: file.to_owned() });
        }
        let mut counts = Vec::new();
        for source in &before.sources {
            let taken = source.taken_at.unwrap_or(before.taken_at);
            let of_now = now.sources.iter().find(|other| other.id == source.id);
            for provided in &source.provides {
                let found = of_now.and_then(|source| {
                    let mut provides = source.provides.iter();
                    provides.find(|other| other.collection == provided.collection)
                });
                let found = found.map(|found| found.kept);
                counts.push(Count {
                    source: source.id.clone(),
                    collection: provided.collection,
                    before: provided.kept,
                    now: found,
                    day: taken.to_zoned_datetime(TimeZone::UTC).date(),
                    dropped: dropped(provided.kept, found.unwrap_or(0), max_drop.unwrap_or(NOTABLE)),
                });
            }
        }
        let rows = before.sources.iter().map(|source| {
            let rows = source.provides.iter().map(|provided| provided.rows).sum();
            (source.id.clone(), rows)
        });
        Ok(Self {
            taken_at: before.taken_at,
            sha256,
            max_drop,
            rows: rows.collect(),
            counts,
        })
    }

    /// The collections that lost more than they may, or than is usual.
    pub fn drops(&self) -> impl Iterator<Item = &Count> {
        self.counts.iter().filter(|count| count.dropped)
    }

    /// The collections that lost more than somebody said they may: none of them is proved to be whole.
    pub fn exceeded(&self) -> impl Iterator<Item = &Count> {
        self.drops().filter(|_| self.max_drop.is_some())
    }

    /// Why a collection is not proved to be whole, by its number of rows; null where it is, or nobody set what it may lose.
    pub fn gap(&self, source: &str, collection: Collection) -> Option<String> {
        let mut exceeded = self.exceeded();
        let found = exceeded.find(|count| count.source == source && count.collection == collection)?;
        Some(self.why(found))
    }

    /// Why a collection that lost more than it may is not proved to be whole.
    pub fn why(&self, count: &Count) -> String {
        match count.now {
            None | Some(0) => format!("{}: all of it is gone", count.said()),
            Some(_) => {
                let most = self.max_drop.unwrap_or(NOTABLE);
                format!("{}, a drop of more than {most} %", count.said())
            }
        }
    }

    /// Rows that a source of the earlier snapshot read, over all of its collections.
    pub fn rows(&self, source: &str) -> Option<u64> {
        self.rows.get(source).copied()
    }
}

impl Count {
    /// `` `roster` has 20 staff, and had 47 on 2026-11-01 ``.
    pub fn said(&self) -> String {
        let Count {
            source, before, day, ..
        } = self;
        match self.now {
            Some(now) => format!(
                "`{source}` has {}, and had {before} on {day}",
                self.collection.counted(now)
            ),
            None => format!(
                "`{source}` has no {} any more, and had {before} on {day}",
                self.collection.word()
            ),
        }
    }
}

/// Whether more than a share of the rows is gone. All of them is always more.
fn dropped(before: u64, now: u64, percent: u8) -> bool {
    let (before, now) = (u128::from(before), u128::from(now));
    let lost = before.saturating_sub(now);
    lost > 0 && (now == 0 || lost * 100 > before * u128::from(percent))
}

fn same_tenants(now: &Snapshot, before: &Snapshot, file: &str) -> Result<(), CompareError> {
    let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
    for system in &before.systems {
        let Some(other) = now.systems.iter().find(|other| other.id == system.id) else {
            continue;
        };
        let tenants = system.tenant.as_deref().zip(other.tenant.as_deref());
        if other.product != system.product || tenants.is_some_and(|(before, now)| !same(before, now)) {
            let shown = |product: &str, tenant: Option<&str>| match tenant {
                Some(tenant) => format!("`{tenant}` of `{product}`"),
                None => format!("one of `{product}`"),
            };
            return Err(CompareError::OtherTenant {
                file: file.to_owned(),
                system: system.id.clone(),
                before: shown(&system.product, system.tenant.as_deref()),
                now: shown(&other.product, other.tenant.as_deref()),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two sources.
    fn sample() -> Snapshot {
        let mut snapshot: Snapshot = serde_json::from_str(include_str!("sample.json")).unwrap();
        let mut second = snapshot.sources[0].clone();
        second.id = "second".to_owned();
        snapshot.sources.push(second);
        snapshot
    }

    fn compare(now: &Snapshot, before: &Snapshot, max_drop: Option<u8>) -> Result<Comparison, String> {
        let compared = Comparison::of(now, (before, String::new()), max_drop, "old.json");
        compared.map_err(|error| error.to_string())
    }

    #[test]
    fn how_much_is_a_drop() {
        for (before, now, percent, expected) in [
            (47, 47, 30, false),
            (47, 60, 0, false),
            (10, 7, 30, false),
            (100, 69, 30, true),
            (10, 9, 0, true),
            (10, 9, 10, false),
            (10, 1, 100, false),
            (10, 0, 100, true),
            (1, 0, 100, true),
            (0, 0, 0, false),
            (u64::MAX, u64::MAX / 2, 30, true),
        ] {
            assert_eq!(dropped(before, now, percent), expected, "{before} {now} {percent}");
        }
    }

    #[test]
    fn a_snapshot_lost_nothing_against_itself() {
        let snapshot = sample();
        let same = compare(&snapshot, &snapshot, Some(0)).unwrap();
        assert!(!same.counts.is_empty());
        assert_eq!(same.drops().count(), 0);
        let source = &snapshot.sources[0];
        let rows = source.provides.iter().map(|provided| provided.rows).sum();
        assert_eq!(same.rows(&source.id), Some(rows));
        assert_eq!(same.rows("nobody"), None);
    }

    #[test]
    fn what_is_gone_and_what_shrank_is_said() {
        let (mut now, before) = (sample(), sample());
        let gone = now.sources.remove(0);
        let shrunk = &mut now.sources[0];
        let collection = shrunk.provides[0].collection;
        shrunk.provides[0].kept = 0;
        let found = compare(&now, &before, None).unwrap();
        let drops: Vec<String> = found.drops().map(Count::said).collect();
        for provided in gone.provides.iter().filter(|provided| provided.kept > 0) {
            let words = format!("`{}` has no {} any more, and had ", gone.id, provided.collection.word());
            assert!(drops.iter().any(|said| said.starts_with(&words)), "{words}: {drops:?}");
        }
        let words = format!("`{}` has {}, and had ", now.sources[0].id, collection.counted(0));
        assert!(drops.iter().any(|said| said.starts_with(&words)), "{words}: {drops:?}");
        // Nobody said how much may be lost: it is said, and keeps nobody from deciding.
        assert_eq!(found.exceeded().count(), 0);
        assert_eq!(found.gap(&now.sources[0].id, collection), None);
        let found = compare(&now, &before, Some(100)).unwrap();
        let why = found.gap(&now.sources[0].id, collection).unwrap();
        assert!(why.ends_with(": all of it is gone"), "{why}");
        now.sources[0].provides[0].kept = 1;
        let found = compare(&now, &before, Some(49)).unwrap();
        let why = found.gap(&now.sources[0].id, collection).unwrap();
        assert!(why.ends_with(", a drop of more than 49 %"), "{why}");
        let found = compare(&now, &before, Some(50)).unwrap();
        assert_eq!(found.gap(&now.sources[0].id, collection), None);
    }

    #[test]
    fn snapshots_that_are_none_of_the_same_are_refused() {
        let (now, mut before) = (sample(), sample());
        before.systems[0].tenant = Some("somebody-else".to_owned());
        let error = compare(&now, &before, None).unwrap_err();
        assert!(error.contains("is `somebody-else` of `"), "{error}");

        let mut before = sample();
        before.systems[0].product = "other".to_owned();
        before.systems[0].tenant = None;
        let error = compare(&now, &before, None).unwrap_err();
        assert!(error.contains("is one of `other`"), "{error}");

        let mut before = sample();
        before.systems[0].tenant = before.systems[0].tenant.as_ref().map(|tenant| tenant.to_uppercase());
        assert!(compare(&now, &before, None).is_ok());

        let mut before = sample();
        before.taken_at += jiff::SignedDuration::from_secs(1);
        let error = compare(&now, &before, None).unwrap_err();
        assert!(error.contains("after this one"), "{error}");

        let mut before = sample();
        before.systems.clear();
        before.sources.retain_mut(|source| {
            source.id.push_str("_of_others");
            true
        });
        let error = compare(&now, &before, None).unwrap_err();
        assert!(error.ends_with("it has no source in common with this one"), "{error}");
    }
}
