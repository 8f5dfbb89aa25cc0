//! Which systems a run judged: ids of accounts mean somebody only in the tenant that they are of.

/// One system, as the facts have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemRead {
    /// Its name in the project file.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// What the connector reads (`pipedrive`).
    pub product: String,
    /// Which tenant, where the facts say.
    pub tenant: Option<String>,
}
