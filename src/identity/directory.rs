//! The roster, by every key that names somebody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::staff::{Person, key};

/// Finds people by id and address. Every look-up is a hash map's.
#[derive(Debug)]
pub struct Directory<'a> {
    /// The people it was made of, in their order.
    pub people: &'a [Person],
    by_id: HashMap<String, usize>,
    by_key: HashMap<&'a str, usize>,
    by_email: HashMap<&'a str, Vec<usize>>,
    by_alias: HashMap<&'a str, Vec<usize>>,
    /// Domain -> the other domains that mean the same mailboxes.
    same_domain: HashMap<String, Vec<String>>,
}

/// Whom a reference in the project file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This person.
    One(usize),
    /// Nobody on the roster.
    Nobody,
    /// An address that several people share.
    Several,
}

impl<'a> Directory<'a> {
    /// Indexes people. `domain_aliases` is the project's: canonical domain -> its other names.
    pub fn of(people: &'a [Person], domain_aliases: &BTreeMap<String, Vec<String>>) -> Self {
        let mut directory = Directory {
            people,
            by_id: HashMap::new(),
            by_key: HashMap::new(),
            by_email: HashMap::new(),
            by_alias: HashMap::new(),
            same_domain: same_domains(domain_aliases),
        };
        for (index, person) in people.iter().enumerate() {
            if let Some(id) = person.id.as_deref().and_then(key::id_key) {
                directory.by_id.insert(id, index);
            }
            directory.by_key.insert(&person.key, index);
            for email in &person.email_keys {
                directory.by_email.entry(email).or_default().push(index);
            }
            for alias in &person.alias_keys {
                directory.by_alias.entry(alias).or_default().push(index);
            }
        }
        directory
    }

    /// Whom an employee id names.
    pub fn by_employee_id(&self, written: &str) -> Option<usize> {
        self.by_id.get(&key::id_key(written)?).copied()
    }

    /// Who has this work address; `address` is a key.
    pub fn by_email(&self, address: &str) -> &[usize] {
        self.by_email.get(address).map_or(&[], Vec::as_slice)
    }

    /// Who has this as another address; `address` is a key.
    pub fn by_alias(&self, address: &str) -> &[usize] {
        self.by_alias.get(address).map_or(&[], Vec::as_slice)
    }

    /// Who has the same mailbox at a domain declared to mean the same. Sorted.
    pub fn by_domain_alias(&self, address: &str) -> Vec<usize> {
        let Some((local, domain)) = address.rsplit_once('@') else {
            return Vec::new();
        };
        let others = self
            .same_domain
            .get(domain)
            .into_iter()
            .flatten()
            .map(|other| format!("{local}@{other}"));
        let found: BTreeSet<usize> = others
            .flat_map(|other| [self.by_email(&other), self.by_alias(&other)].concat())
            .collect();
        found.into_iter().collect()
    }

    /// Who has an address that the project file names: as a work address, else as another one, else at a domain declared
    /// to mean the same. `address` is a key.
    pub fn holders(&self, address: &str) -> Vec<usize> {
        let exact = [self.by_email(address), self.by_alias(address)];
        match exact.into_iter().find(|found| !found.is_empty()) {
            Some(found) => found.to_vec(),
            None => self.by_domain_alias(address),
        }
    }

    /// Everybody whom an address could mean, whichever way comes first. `address` is a key.
    pub fn anybody(&self, address: &str) -> BTreeSet<usize> {
        let exact = self.by_email(address).iter().chain(self.by_alias(address)).copied();
        exact.chain(self.by_domain_alias(address)).collect()
    }

    /// Whether two addresses are one mailbox; both are keys.
    pub fn is_same_mailbox(&self, one: &str, other: &str) -> bool {
        let parts = |address: &str| {
            address
                .rsplit_once('@')
                .map(|(local, domain)| (local.to_owned(), domain.to_owned()))
        };
        match (parts(one), parts(other)) {
            (Some((local, domain)), Some((same, of))) => {
                let others = self.same_domain.get(&domain);
                local == same && (domain == of || others.is_some_and(|others| others.contains(&of)))
            }
            _ => false,
        }
    }

    /// Whom a staff id or address in the project file names. An id wins, then a work address, then another address, then
    /// one at a domain declared to mean the same. An address that several share names none of them, even where it is the
    /// key of one who has no id.
    pub fn named(&self, written: &str) -> Found {
        if let Some(index) = self.by_employee_id(written) {
            return Found::One(index);
        }
        let address = key::address_key(written);
        let holders = address.as_deref().map_or(&[][..], |address| self.by_email(address));
        if holders.len() > 1 {
            return Found::Several;
        }
        if let Some(index) = self.by_key.get(written.trim()) {
            return Found::One(*index);
        }
        let found = address
            .as_deref()
            .map(|address| self.holders(address))
            .unwrap_or_default();
        match found.as_slice() {
            [] => Found::Nobody,
            [one] => Found::One(*one),
            _ => Found::Several,
        }
    }
}

/// Every domain of a group means every other one.
fn same_domains(aliases: &BTreeMap<String, Vec<String>>) -> HashMap<String, Vec<String>> {
    let mut same: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (canonical, others) in aliases {
        let group: BTreeSet<String> = std::iter::once(canonical)
            .chain(others)
            .filter_map(|domain| key::domain_key(domain))
            .collect();
        for domain in &group {
            let rest = group.iter().filter(|other| *other != domain).cloned();
            same.entry(domain.clone()).or_default().extend(rest);
        }
    }
    same.into_iter()
        .map(|(domain, others)| (domain, others.into_iter().collect()))
        .collect()
}
