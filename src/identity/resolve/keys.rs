//! Whom an account's own keys name: its employee id and its addresses.

use jiff::Timestamp;

use super::{About, nobody};
use crate::identity::{Class, Identity, Leaver, Rule, State};
use crate::staff::{Status, key};

impl About<'_> {
    pub(super) fn by_keys(&mut self) -> Identity {
        let address = self.account.email.as_deref().and_then(key::address_key);
        if let Some(id) = &self.account.employee_id
            && let Some(person) = self.directory.by_employee_id(id)
        {
            let by_email = address
                .as_deref()
                .map_or(&[][..], |address| self.directory.by_email(address));
            let conflict = !by_email.is_empty() && !by_email.contains(&person);
            if conflict {
                let id = id.trim();
                self.notice(
                    "identity_conflict",
                    format!("has employee id {id}, but somebody else's address: the id counts"),
                );
            }
            let (state, class, rule) = (State::Matched, Class::Staff, Rule::EmployeeId);
            return Identity {
                state,
                class,
                rule,
                key: Some(id.trim().to_owned()),
                person: Some(person),
                conflict,
                ..nobody()
            };
        }
        let directory = self.directory;
        if let Some(address) = &address {
            if let Some(found) = self.one_of(Rule::Email, address, directory.by_email(address)) {
                return found;
            }
            if let Some(found) = self.one_of(Rule::Alias, address, directory.by_alias(address)) {
                return found;
            }
        }
        for alias in self.account.aliases.iter().filter_map(|alias| key::address_key(alias)) {
            let found = self.with_address(&alias);
            if let Some(found) = self.one_of(Rule::Alias, &alias, &found) {
                return found;
            }
        }
        if let Some(address) = &address
            && let Some(found) = self.one_of(Rule::DomainAlias, address, &directory.by_domain_alias(address))
        {
            return found;
        }
        self.warn_of_mixed_scripts();
        nobody()
    }

    /// One candidate is a match. Of several, the only one who worked here when the account was made (a recycled
    /// address); otherwise it is ambiguous.
    fn one_of(&mut self, rule: Rule, key: &str, found: &[usize]) -> Option<Identity> {
        let base = Identity {
            rule,
            key: Some(key.to_owned()),
            ..nobody()
        };
        let matched = |person| Identity {
            state: State::Matched,
            class: Class::Staff,
            person: Some(person),
            ..base.clone()
        };
        match found {
            [] => None,
            [one] => {
                let found = matched(*one);
                self.warn_of_older_account(*one);
                Some(found)
            }
            several => {
                let made = self.account.created_at;
                let employed = |person: &&usize| made.is_some_and(|at| self.roster.people[**person].employed_at(at));
                let then: Vec<&usize> = several.iter().filter(employed).collect();
                Some(match then.as_slice() {
                    [one] => matched(**one),
                    _ => Identity {
                        state: State::Ambiguous,
                        candidates: several.to_vec(),
                        ..base
                    },
                })
            }
        }
    }

    /// Every key of the account that names somebody, and whom, without any judgement between several: in the order in
    /// which [`Self::by_keys`] asks them.
    pub(super) fn exact(&self) -> Vec<(String, Vec<usize>)> {
        let directory = self.directory;
        let mut keys = Vec::new();
        if let Some(id) = &self.account.employee_id {
            let person = directory.by_employee_id(id);
            keys.push((id.trim().to_owned(), person.into_iter().collect()));
        }
        let address = self.account.email.as_deref().and_then(key::address_key);
        if let Some(address) = &address {
            keys.push((address.clone(), directory.by_email(address).to_vec()));
            keys.push((address.clone(), directory.by_alias(address).to_vec()));
        }
        for alias in self.account.aliases.iter().filter_map(|alias| key::address_key(alias)) {
            let found = self.with_address(&alias);
            keys.push((alias, found));
        }
        if let Some(address) = address {
            let found = directory.by_domain_alias(&address);
            keys.push((address, found));
        }
        keys.retain(|(_, found)| !found.is_empty());
        keys
    }

    /// Who has an address, of work or another.
    fn with_address(&self, address: &str) -> Vec<usize> {
        let mut found = [self.directory.by_email(address), self.directory.by_alias(address)].concat();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether the account's own keys are those of somebody who has left, whom its entry takes it from. One that is
    /// mapped to a person whom its first key names as well is only told apart from others with that key.
    pub(super) fn leaver(&self, mapped: Option<usize>) -> Leaver {
        let keys = self.exact();
        let against: Vec<usize> = match (mapped, keys.first()) {
            (Some(person), Some((_, first))) if first.contains(&person) => Vec::new(),
            (Some(_), first) => first.map(|(_, found)| found.clone()).unwrap_or_default(),
            (None, _) => keys.into_iter().flat_map(|(_, found)| found).collect(),
        };
        let of = |status| {
            let mut found = against.iter().copied();
            found.find(|person| self.roster.people[*person].status == status)
        };
        match (of(Status::Offboarded), of(Status::Unknown)) {
            (Some(person), _) => Leaver::Yes(person),
            (None, Some(_)) => Leaver::Unknown,
            (None, None) => Leaver::No,
        }
    }

    /// Somebody who left does not escape by having their account declared nobody's.
    pub(super) fn warn_of_leaver(&mut self) {
        let Leaver::Yes(leaver) = self.leaver(None) else { return };
        let keys = self.exact();
        let key = keys.iter().find(|(_, found)| found.contains(&leaver));
        let key = key.map_or("its key", |(key, _)| key.as_str());
        let person = &self.roster.people[leaver];
        let message = format!(
            "is declared to be no member of staff's, but {key} is {}'s, who has left",
            person.label()
        );
        self.notice("reclassified_leaver", message);
    }

    /// Made before they came: it may be somebody else's whose address they were given.
    fn warn_of_older_account(&mut self, person: usize) {
        let (Some(made), Some(person)) = (self.account.created_at, self.roster.people.get(person)) else {
            return;
        };
        let after = |start: Timestamp| start > made;
        let mut employments = person.employments.iter();
        if !person.employments.is_empty() && employments.all(|one| one.started.is_some_and(after)) {
            let message = format!("was made before {} came, whose address it has", person.label());
            self.notice("account_older_than_employment", message);
        }
    }

    /// A Latin address with a Greek or Cyrillic letter in it looks like another one. It never matches it.
    fn warn_of_mixed_scripts(&mut self) {
        let Some(address) = &self.account.email else { return };
        let latin = |letter: char| letter.is_ascii_alphabetic();
        let alike = |letter: char| matches!(letter, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
        let mixed = address
            .split(['@', '.'])
            .any(|label| label.contains(latin) && label.contains(alike));
        if mixed {
            self.notice(
                "mixed_script_address",
                "has an address that mixes Latin with look-alike letters".to_owned(),
            );
        }
    }
}
