//! Whether two runs are of the same tenants.
//!
//! An account's id, and so a finding's fingerprint, begins with the name that the project gives to its system. The account 17
//! of another tenant of the same name is somebody else.

use super::ReportedSystem;

/// A system that is another one in each of two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherTenant {
    /// Its name in the project file.
    pub system: String,
    /// What it was in the first, to be put after "is".
    pub before: String,
    /// What it is in the second.
    pub now: String,
}

impl OtherTenant {
    /// The first system of one name that is not one tenant of one product. A tenant that one of them does not tell is
    /// taken for the same.
    pub fn between(before: &[ReportedSystem], now: &[ReportedSystem]) -> Option<Self> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        before.iter().find_map(|before| {
            let now = now.iter().find(|now| now.id == before.id)?;
            let tenants = before.tenant.as_deref().zip(now.tenant.as_deref());
            let is_other = before.product != now.product || tenants.is_some_and(|(before, now)| !same(before, now));
            is_other.then(|| Self {
                system: before.id.clone(),
                before: shown(before),
                now: shown(now),
            })
        })
    }
}

fn shown(system: &ReportedSystem) -> String {
    match &system.tenant {
        Some(tenant) => format!("`{tenant}` of `{}`", system.product),
        None => format!("one of `{}`", system.product),
    }
}
