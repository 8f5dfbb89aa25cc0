//! A snapshot held against itself: what it says of its rows is true of its rows.

use std::collections::BTreeMap;

use super::{Collection, Completeness, Snapshot};

impl Snapshot {
    /// What does not add up, in words; null where all does. A row that was taken out or put in by hand is noticed.
    pub(super) fn does_not_add_up(&self) -> Option<String> {
        let mut rows: BTreeMap<(&str, Collection), u64> = BTreeMap::new();
        let source_of: BTreeMap<&str, &str> = self
            .systems
            .iter()
            .map(|system| (system.id.as_str(), system.source.as_str()))
            .collect();
        let known = |source: &str| self.sources.iter().any(|known| known.id == source);
        let of_system = |system: &str| source_of.get(system).copied().filter(|source| known(source));
        let accounts = self
            .accounts
            .iter()
            .map(|row| (of_system(&row.system), Collection::Accounts, &row.system));
        let roles = self
            .roles
            .iter()
            .map(|row| (of_system(&row.system), Collection::Roles, &row.system));
        let named = |source: &str| {
            self.sources
                .iter()
                .map(|known| known.id.as_str())
                .find(|known| *known == source)
        };
        let staff = self
            .staff
            .iter()
            .map(|row| (named(&row.source), Collection::Staff, &row.source));
        let approvals = self
            .approvals
            .iter()
            .map(|row| (named(&row.source), Collection::Approvals, &row.source));
        for (source, collection, said) in accounts.chain(roles).chain(staff).chain(approvals) {
            let Some(source) = source else {
                return Some(format!("a row is of `{said}`, which no source of it provides"));
            };
            *rows.entry((source, collection)).or_default() += 1;
        }
        if !self.sources.iter().any(|source| source.taken_at == Some(self.taken_at)) {
            return Some("no source was taken at its `taken_at`".to_owned());
        }
        self.sources.iter().find_map(|source| {
            let complete = source
                .provides
                .iter()
                .filter(|provided| provided.state == Completeness::Complete);
            complete.into_iter().find_map(|provided| {
                let there = rows
                    .get(&(source.id.as_str(), provided.collection))
                    .copied()
                    .unwrap_or(0);
                let accounted = provided.kept + provided.dropped.len() as u64;
                let (id, collection) = (&source.id, provided.collection.word());
                if there != provided.kept {
                    return Some(format!(
                        "`{id}` kept {} {collection}, and {there} are there",
                        provided.kept
                    ));
                }
                (accounted != provided.rows).then(|| {
                    format!(
                        "`{id}` read {} {collection}, and {accounted} are accounted for",
                        provided.rows
                    )
                })
            })
        })
    }
}
