//! Patterns of subject ids: `*` stands for any text, everything else for itself.

/// What stands for any text.
pub const ANY: char = '*';

/// A pattern names at least this many letters or digits of an id in one piece, behind the system.
pub const LEAST: usize = 3;

/// Whether a text is a pattern.
pub fn is_pattern(text: &str) -> bool {
    text.contains(ANY)
}

/// Whether a pattern is of one system, and names enough of the id to mean some of its accounts.
pub fn is_narrow(pattern: &str) -> bool {
    let Some((system, id)) = pattern.split_once(':') else {
        return false;
    };
    // Pieces of a letter or two, however many, fit nearly every id that is long.
    let named = |piece: &str| piece.chars().filter(|c| c.is_alphanumeric()).count();
    !system.is_empty() && !is_pattern(system) && id.split(ANY).any(|piece| named(piece) >= LEAST)
}

/// Whether an id fits a pattern; without a `*`, whether it is that id.
pub fn fits(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split(ANY);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = id.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What every id that fits begins with.
pub fn beginning(pattern: &str) -> &str {
    pattern.split(ANY).next().unwrap_or_default()
}

/// Whether an id is possible that fits both.
pub fn meet(one: &str, other: &str) -> bool {
    if !is_pattern(one) {
        return fits(other, one);
    }
    if !is_pattern(other) {
        return fits(one, other);
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // reached[j]: what stands before the place in `a` meets the first j characters of `b`.
    let mut reached = vec![false; b.len() + 1];
    reached[0] = true;
    for (j, c) in b.iter().enumerate() {
        reached[j + 1] = reached[j] && *c == ANY;
    }
    for c in &a {
        let mut next = vec![false; b.len() + 1];
        for j in 0..=b.len() {
            let here = *c == ANY && reached[j];
            let along = j > 0 && {
                let d = b[j - 1];
                let same = (*c == d || d == ANY) && reached[j - 1];
                // A `*` takes what the other has there, or nothing.
                same || (*c == ANY && next[j - 1]) || (d == ANY && (reached[j] || next[j - 1]))
            };
            next[j] = here || along;
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_fits_as_it_is_and_as_a_pattern() {
        for (pattern, id, right) in [
            ("crm:17", "crm:17", true),
            ("crm:17", "crm:170", false),
            ("crm:bot-*", "crm:bot-1", true),
            ("crm:bot-*", "crm:bot-", true),
            ("crm:bot-*", "crm:a-bot-1", false),
            ("crm:*-bot", "crm:a-bot", true),
            ("crm:*-bot", "crm:a-bot-1", false),
            ("crm:a*b*c", "crm:axbxbc", true),
            ("crm:a*b*c", "crm:acb", false),
            ("crm:ab*ba", "crm:aba", false),
            ("crm:ab*ba", "crm:abba", true),
            ("crm:é*é", "crm:éxé", true),
        ] {
            assert_eq!(fits(pattern, id), right, "{pattern} {id}");
        }
    }

    #[test]
    fn what_is_of_no_system_or_names_hardly_anything_is_not_narrow() {
        for wide in [
            "*",
            "crm:*",
            "crm:ab*",
            "crm:a*b",
            "c*:abc",
            "*:abc",
            ":abc*",
            "abc*",
            "crm:---*",
            "crm:**a*",
            "crm:a*b*c",
            "crm:*1*2*3*",
            "crm:ab*cd",
        ] {
            assert!(!is_narrow(wide), "{wide}");
        }
        for narrow in ["crm:abc*", "crm:*abc", "crm:a*bcd", "crm:00Q*", "crm:a-b-c*"] {
            assert!(is_narrow(narrow), "{narrow}");
        }
    }

    /// Held against trying every id of a small alphabet.
    #[test]
    fn two_patterns_meet_where_some_id_fits_both() {
        let alphabet = ['a', 'b', '*'];
        let mut patterns = vec![String::new()];
        for length in 0..4 {
            let longer: Vec<String> = patterns
                .iter()
                .filter(|p| p.chars().count() == length)
                .cloned()
                .collect();
            patterns.extend(longer.iter().flat_map(|p| alphabet.map(|c| format!("{p}{c}"))));
        }
        let mut ids = vec![String::new()];
        for length in 0..8 {
            let longer: Vec<String> = ids.iter().filter(|id| id.len() == length).cloned().collect();
            ids.extend(longer.iter().flat_map(|id| ['a', 'b'].map(|c| format!("{id}{c}"))));
        }
        let fitting: Vec<Vec<bool>> = patterns
            .iter()
            .map(|p| ids.iter().map(|id| fits(p, id)).collect())
            .collect();
        for (one, first) in patterns.iter().zip(&fitting) {
            for (other, second) in patterns.iter().zip(&fitting) {
                let some = first.iter().zip(second).any(|(a, b)| *a && *b);
                assert_eq!(meet(one, other), some, "{one} {other}");
            }
        }
    }
}
