//! Of several employments in one source, the one that decides.

use jiff::Timestamp;

use super::Weighing;
use crate::snapshot::{RecordedStatus, Staff};
use crate::staff::standing::{Standing, Stated, Status};

/// One source's word on a person: its deciding row.
pub(super) struct Chosen<'a> {
    pub(super) row: &'a Staff,
    pub(super) stated: Stated,
    pub(super) standing: Standing,
    /// Whether the source has rows that cannot all be true.
    pub(super) conflict: bool,
}

impl Chosen<'_> {
    /// Whether it says anything of whether the employment lasts. A start does not, nor does an end that lies ahead.
    pub(super) fn says_something(&self) -> bool {
        self.stated.status != RecordedStatus::NotStated || self.standing.status == Status::Offboarded
    }

    /// A row without a status and without dates.
    fn is_silent(&self) -> bool {
        let stated = &self.stated;
        let dates = [stated.start, stated.last_day, stated.contract_end];
        stated.status == RecordedStatus::NotStated && dates.iter().all(Option::is_none)
    }

    /// Whether it begins after another employment was over. An exit is the end of the last day, so a first day that
    /// begins at that instant is the day after.
    fn begins_after(&self, other: &Standing) -> bool {
        let exit = other.exit.at;
        self.standing
            .started
            .is_some_and(|start| exit.is_some_and(|exit| start >= exit))
    }
}

impl Weighing<'_> {
    /// Of one source's rows, the employment that covers now, else the latest that has begun, else the next. Beside a row
    /// that says they left, only a later employment makes them staff again: a list of the jobs that somebody had, each
    /// `active`, brings no leaver back.
    pub(super) fn choose<'r>(&mut self, rows: &[&'r Staff], employments: &mut Vec<Standing>) -> Option<Chosen<'r>> {
        let mut weighed: Vec<Chosen> = rows
            .iter()
            .map(|row| {
                let stated = stated(row);
                let standing = self.stand(row, &stated);
                Chosen {
                    row,
                    stated,
                    standing,
                    conflict: false,
                }
            })
            .collect();
        employments.extend(weighed.iter().map(|one| one.standing.clone()));
        let left = |one: &Chosen| one.standing.status == Status::Offboarded;
        let present = |one: &Chosen| one.standing.status.is_employed() || one.standing.status == Status::Unknown;
        let exits: Vec<Standing> = weighed
            .iter()
            .filter(|one| left(one))
            .map(|one| one.standing.clone())
            .collect();
        let came_back = |one: &Chosen| exits.iter().all(|exit| one.begins_after(exit));
        if weighed.iter().any(|one| present(one) && came_back(one)) {
            weighed.retain(|one| !present(one) || came_back(one));
        } else {
            let conflict = weighed.iter().any(|one| present(one) && !one.is_silent());
            weighed.retain(|one| !present(one));
            if conflict {
                let source = &rows.first()?.source;
                self.remark(
                    "employment_conflict",
                    format!(
                        "`{source}` has a row that says they left, and one that says they are here and does not begin after that: they have left"
                    ),
                );
            }
            weighed.iter_mut().for_each(|one| one.conflict = conflict);
        }
        weighed.into_iter().max_by_key(|one| {
            let rank = match one.standing.status {
                _ if one.is_silent() => -1,
                status if status.is_employed() => 3,
                Status::Unknown => 2,
                Status::Offboarded => 1,
                _ => 0,
            };
            let begins = one.standing.started.map_or(i64::MIN, Timestamp::as_second);
            // Among employments that have not begun, the next one.
            let begins = if rank == 0 { begins.saturating_neg() } else { begins };
            let ends = one.standing.exit.at.map_or(i64::MAX, Timestamp::as_second);
            (rank, begins, ends, one.row.line)
        })
    }
}

fn stated(row: &Staff) -> Stated {
    Stated {
        status: row.status,
        start: row.start_date,
        last_day: row.last_day,
        contract_end: row.contract_end,
    }
}
