//! Bytes to text: UTF-8, with or without a byte order mark, and nothing else.

use super::FileError;
use crate::error::Place;

/// The text of a file.
pub(super) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, FileError> {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let line = |end: usize| 1 + bytes.iter().take(end).filter(|byte| **byte == b'\n').count();
    let wrong = |line: usize, message: &str, help: String| FileError::Content {
        place: Place {
            file: file.to_owned(),
            line,
            column: 1,
        },
        message: message.to_owned(),
        help,
    };
    let convert = |from: &str| format!("save it as UTF-8, or convert it: iconv -f {from} -t UTF-8 FILE > NEW_FILE");
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(wrong(1, "the file is UTF-16, and UTF-8 is read", convert("UTF-16")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = line(error.valid_up_to());
        wrong(
            line,
            "the file is not UTF-8; it looks like Latin-1 (Windows-1252)",
            convert("WINDOWS-1252"),
        )
    })?;
    match text.find('\0') {
        Some(at) => Err(wrong(
            line(at),
            "there is a NUL byte in the file",
            "export the file again as UTF-8 text".to_owned(),
        )),
        None => Ok(text),
    }
}
