//! Whom an account might belong to, where nothing says so. Likeness never matches: it is put before a person.
//!
//! Names are compared only where a word is shared, found through an index, and never with more than
//! [`MOST_COMPARED`] people: the cost of an unmatched account does not grow with the roster.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Identity, State};
use crate::finding::Suggestion;
use crate::snapshot::{Account, AccountState};
use crate::staff::{Person, Status, key};

const MOST_SUGGESTED: usize = 3;
const MOST_COMPARED: usize = 40;
const MOST_WORDS: usize = 8;
const LONGEST_NAME: usize = 100;
/// Jaro-Winkler, in thousandths: "Jon Smith" and "John Smith" are 973, "Ada Smith" and "Bob Smith" 704.
const ALIKE: u32 = 880;

/// Whether an account needs suggestions: it may sign in, and nobody knows whose it is.
pub(super) fn wanted(account: &Account, identity: &Identity) -> bool {
    let may_sign_in = !matches!(account.state, AccountState::Inactive | AccountState::Deleted);
    may_sign_in && !matches!(identity.state, State::Matched | State::Classified)
}

/// The roster, by everything that may be alike.
pub(super) struct Likeness<'a> {
    people: &'a [Person],
    by_mailbox: HashMap<String, Vec<usize>>,
    by_local: HashMap<&'a str, Vec<usize>>,
    by_word: HashMap<String, Vec<usize>>,
    /// Each person's words, in one string.
    names: Vec<String>,
}

impl<'a> Likeness<'a> {
    pub(super) fn of(people: &'a [Person]) -> Self {
        let mut likeness = Likeness {
            people,
            by_mailbox: HashMap::new(),
            by_local: HashMap::new(),
            by_word: HashMap::new(),
            names: Vec::with_capacity(people.len()),
        };
        for (index, person) in people.iter().enumerate() {
            for address in person.email_keys.iter().chain(&person.alias_keys) {
                likeness.by_mailbox.entry(mailbox(address)).or_default().push(index);
                let local = address.rsplit_once('@').map_or("", |(local, _)| local);
                likeness.by_local.entry(local).or_default().push(index);
            }
            let words = words(person.name.as_deref().unwrap_or_default());
            likeness.names.push(joined(&words));
            for word in words {
                likeness.by_word.entry(word).or_default().push(index);
            }
        }
        likeness
    }

    /// At most three people, the likeliest first.
    pub(super) fn suggestions(&self, account: &Account, identity: &Identity) -> Vec<Suggestion> {
        if !wanted(account, identity) {
            return Vec::new();
        }
        let mut likely: BTreeMap<usize, (u32, String)> = BTreeMap::new();
        let mut suggest = |person: usize, score: u32, why: String| {
            let best = likely.entry(person).or_insert((score, why.clone()));
            if best.0 < score {
                *best = (score, why);
            }
        };
        for person in identity.candidates.iter().take(MOST_COMPARED) {
            let what = identity
                .mapping
                .as_deref()
                .or(identity.key.as_deref())
                .unwrap_or_default();
            suggest(*person, 2000, format!("{what} is theirs too"));
        }
        self.by_address(account, &mut suggest);
        self.by_name(account, &mut suggest);

        let mut ranked: Vec<(usize, (u32, String))> = likely.into_iter().collect();
        ranked.sort_by_key(|(person, (score, _))| {
            let left = self.people[*person].status == Status::Offboarded;
            (Reverse(*score), left, *person)
        });
        ranked
            .into_iter()
            .take(MOST_SUGGESTED)
            .map(|(person, (_, why))| self.suggestion(person, why))
            .collect()
    }

    fn suggestion(&self, person: usize, why: String) -> Suggestion {
        let person = &self.people[person];
        let why = if person.status == Status::Offboarded {
            format!("{why}; has left")
        } else {
            why
        };
        Suggestion {
            staff: person.key.clone(),
            name: person.name.clone(),
            email: person.email().map(str::to_owned),
            why,
        }
    }

    fn by_address(&self, account: &Account, suggest: &mut impl FnMut(usize, u32, String)) {
        let addresses = account
            .email
            .iter()
            .chain(&account.aliases)
            .filter_map(|email| key::address_key(email));
        for address in addresses.take(MOST_COMPARED) {
            for person in few(self.by_mailbox.get(&mailbox(&address))) {
                suggest(
                    *person,
                    1500,
                    format!("{address} is their mailbox but for a plus tag or dots"),
                );
            }
            let Some((local, domain)) = address.rsplit_once('@') else {
                continue;
            };
            for person in few(self.by_local.get(local)) {
                let email = self.people[*person].email().unwrap_or_default();
                suggest(
                    *person,
                    1200,
                    format!("their address is {email}: the same before the @, not at {domain}"),
                );
            }
        }
    }

    fn by_name(&self, account: &Account, suggest: &mut impl FnMut(usize, u32, String)) {
        let local = account
            .email
            .as_deref()
            .and_then(|email| email.rsplit_once('@'))
            .map_or("", |(local, _)| local);
        let local = local.split('+').next().unwrap_or_default();
        for (text, what) in [
            (account.name.as_deref().unwrap_or_default(), "the name"),
            (local, "the address"),
        ] {
            let words = words(text);
            let shared: BTreeSet<usize> = {
                // The rarest words first: they say most, and a common first name alone is not worth the comparison.
                let mut lists: Vec<&Vec<usize>> = words.iter().filter_map(|word| self.by_word.get(word)).collect();
                lists.sort_by_key(|people| people.len());
                lists.into_iter().flatten().take(MOST_COMPARED).copied().collect()
            };
            let ours = joined(&words);
            for person in shared {
                let theirs = &self.names[person];
                let alike = thousandths(strsim::jaro_winkler(&ours, theirs));
                if ours == *theirs {
                    suggest(person, 1000, format!("{what} is theirs"));
                } else if alike >= ALIKE {
                    suggest(person, alike.min(999), format!("{what} is like theirs"));
                }
            }
        }
    }
}

/// The lines to paste under `identities:`. Names and ids come from outside, so everything is quoted and escaped.
pub(super) fn paste(account: &Account, staff: &str) -> String {
    let account = quoted(&format!("{}:{}", account.system, account.id));
    format!("- account: {account}\n  staff: {}", quoted(staff))
}

/// A YAML double-quoted scalar without any character that could act on a terminal or be read another way.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        let invisible = letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if invisible => quoted.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Nothing, where so many are alike that it says nothing (`info@`).
fn few(people: Option<&Vec<usize>>) -> &[usize] {
    people.map_or(&[], |people| if people.len() > 20 { &[] } else { people.as_slice() })
}

/// The mailbox behind an address key: no plus tag; no dots at Gmail, which ignores them.
fn mailbox(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address.to_owned();
    };
    let local = local.split('+').next().unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
        _ => format!("{local}@{domain}"),
    }
}

/// The words of a name, sorted, so that "Example, Ada" is "Ada Example".
fn words(name: &str) -> BTreeSet<String> {
    let name: String = name.chars().take(LONGEST_NAME).collect();
    let slug = key::slug(&name).unwrap_or_default();
    slug.split('-')
        .filter(|word| word.chars().count() > 1)
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

fn joined(words: &BTreeSet<String>) -> String {
    words.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn thousandths(likeness: f64) -> u32 {
    // Jaro-Winkler lies between 0 and 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.0 to 1.0")]
    let thousandths = (likeness * 1000.0).round() as u32;
    thousandths
}
