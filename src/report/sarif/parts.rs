//! Parts of SARIF that every log of ours has.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_sarif::sarif::{ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region};

/// What may stand in a path of an address as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'~');

/// What may not stand anywhere in an address as it is.
const NOT_IN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'[')
    .add(b']')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A file, by its path.
pub fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation::builder()
        .uri(utf8_percent_encode(path, IN_PATH).to_string())
        .build()
}

/// Where something begins; line and column count from 1.
pub fn region(line: usize, column: usize) -> Region {
    Region::builder()
        .start_line(number(line))
        .start_column(number(column))
        .build()
}

/// A piece of a file.
pub fn location(artifact: ArtifactLocation, region: Region) -> Location {
    let place = PhysicalLocation::builder()
        .artifact_location(artifact)
        .region(region)
        .build();
    Location::builder().physical_location(place).build()
}

/// An address that a reader may open: an https one, in a form that every reader takes for one.
pub fn https(link: &str) -> Option<String> {
    let rest = link.strip_prefix("https://")?;
    let host_ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    let (host, rest) = rest.split_at(host_ends);
    if host.is_empty() || !host.chars().all(is_host) {
        return None;
    }
    let encoded = |part| utf8_percent_encode(part, NOT_IN_ADDRESS);
    // A page has one fragment.
    let (before, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let fragment = fragment.replace('#', "%23");
    let mark = if rest.contains('#') { "#" } else { "" };
    Some(format!(
        "https://{}{}{mark}{}",
        encoded(host),
        encoded(before),
        encoded(&fragment)
    ))
}

/// Words without a form of their own.
pub fn plain(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// A message.
pub fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

/// A count as SARIF has it.
pub fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
