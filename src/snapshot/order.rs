//! The order of a snapshot's rows: the same facts give the same bytes.

use super::{Account, Approval, Role, Snapshot, Staff};

impl Snapshot {
    /// Puts every list into its order.
    pub fn sort(&mut self) {
        self.sources.sort_by(|a, b| a.id.cmp(&b.id));
        for source in &mut self.sources {
            source.provides.sort_by_key(|provided| provided.collection);
            source.provides.iter_mut().for_each(|provided| provided.dropped.sort());
            source.unavailable.sort();
            source.notices.sort();
        }
        self.systems.sort_by(|a, b| a.id.cmp(&b.id));
        self.roles.sort_by(|a, b| role(a).cmp(&role(b)));
        self.accounts.sort_by(|a, b| account(a).cmp(&account(b)));
        self.accounts.iter_mut().for_each(|account| account.roles.sort());
        // Stable, so that rows without a line stay in their file's order.
        self.staff.sort_by(|a, b| staff(a).cmp(&staff(b)));
        self.approvals.sort_by(|a, b| approval(a).cmp(&approval(b)));
    }

    /// The first row that is not in its place, or that is there twice: a hand has been at it.
    pub(super) fn disorder(&self) -> Option<String> {
        let strict = |name: &str, index: Option<usize>| index.map(|index| format!("{name}[{}]", index + 1));
        strict("sources", first(&self.sources, |a, b| a.id < b.id))
            .or_else(|| strict("systems", first(&self.systems, |a, b| a.id < b.id)))
            .or_else(|| strict("roles", first(&self.roles, |a, b| role(a) < role(b))))
            .or_else(|| strict("accounts", first(&self.accounts, |a, b| account(a) < account(b))))
            .or_else(|| strict("staff", first(&self.staff, |a, b| staff(a) <= staff(b))))
            .or_else(|| strict("approvals", first(&self.approvals, |a, b| approval(a) <= approval(b))))
            .or_else(|| {
                let unsorted = |account: &Account| !account.roles.is_sorted_by(|a, b| a < b);
                self.accounts
                    .iter()
                    .position(unsorted)
                    .map(|index| format!("accounts[{index}].roles"))
            })
    }
}

fn first<T>(rows: &[T], in_order: impl Fn(&T, &T) -> bool) -> Option<usize> {
    rows.windows(2)
        .position(|pair| if let [a, b] = pair { !in_order(a, b) } else { false })
}

fn role(row: &Role) -> impl Ord + '_ {
    (&row.system, row.kind, &row.id)
}

fn account(row: &Account) -> impl Ord + '_ {
    (&row.system, &row.id)
}

fn staff(row: &Staff) -> impl Ord + '_ {
    (&row.source, row.line, &row.id)
}

fn approval(row: &Approval) -> impl Ord + '_ {
    (&row.source, row.line, &row.id)
}
