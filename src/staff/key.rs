//! The forms in which two spellings of one thing compare equal. What was written is kept beside them for display.

use unicode_normalization::UnicodeNormalization;

/// The key of an e-mail address: trimmed, NFC, lower case, its domain without a trailing dot and in ASCII (punycode).
/// Plus tags and dots stay: whether they matter is the mail server's business. Null for what is no address: no text with
/// a blank, and none that holds an address among other things, such as `Ada <ada@example.com>` or `mailto:…`.
pub fn address_key(written: &str) -> Option<String> {
    let text = folded(written);
    let foreign = |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>' | '|');
    if text.contains(foreign) || text.starts_with("mailto:") {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain_key(domain)?;
    (!local.is_empty()).then(|| format!("{local}@{domain}"))
}

/// The key of a mail domain: lower case, no trailing dot, ASCII (punycode) where it can be. Look-alike letters of
/// other scripts stay different.
pub fn domain_key(written: &str) -> Option<String> {
    let text = folded(written);
    // Punycode may hold what is not in its one form; other ASCII already is.
    let settled = text.is_ascii() && !text.contains("xn--");
    let ascii = if settled {
        text
    } else {
        idna::domain_to_ascii(&text).unwrap_or(text)
    };
    let domain = ascii.trim_end_matches('.');
    (!domain.is_empty()).then(|| domain.to_owned())
}

/// The key of an employee id: trimmed, NFC, lower case. Leading zeros stay.
pub fn id_key(written: &str) -> Option<String> {
    let text = folded(written);
    (!text.is_empty()).then_some(text)
}

/// The canonical form of a job role or department: NFC, lower case, every run of other characters than letters and
/// digits one `-`. `#` and `+` count as letters: `C`, `C#` and `C++` are three jobs. Null where nothing is left.
pub fn slug(written: &str) -> Option<String> {
    let mut slug = String::with_capacity(written.len());
    for letter in folded(written).chars() {
        if letter.is_alphanumeric() || matches!(letter, '#' | '+') {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    (!slug.is_empty()).then_some(slug)
}

/// A name as it compares with another: trimmed and in NFC, case kept.
pub fn plain(written: &str) -> String {
    written.trim().nfc().collect()
}

/// Lower-casing can leave NFC (`İ` becomes two characters), so NFC comes last as well as first.
fn folded(written: &str) -> String {
    let trimmed = written.trim();
    if trimmed.is_ascii() {
        return trimmed.to_ascii_lowercase();
    }
    trimmed.nfc().collect::<String>().to_lowercase().nfc().collect()
}
