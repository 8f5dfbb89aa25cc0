//! What plain YAML is: one document of mappings with text keys, lists and values, each said once and in full.
//!
//! A pass over the parser's events, before anything is built from them. It refuses what YAML allows but people read
//! differently from machines, with a place and in words; it also bounds the depth, and with it the stack.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_saphyr::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle, Span};

use super::{DEPTH, YamlError};
use crate::error::Place;

/// A collection that is still open.
enum Open {
    List,
    /// The keys so far with their lines, and the key whose value comes next.
    Mapping {
        keys: BTreeMap<String, usize>,
        key: Option<String>,
    },
}

/// Refuses text that is not plain YAML.
pub(super) fn check(file: &str, text: &str) -> Result<(), YamlError> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    let mut open: Vec<Open> = Vec::new();
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            unreadable(
                Place {
                    file: file.to_owned(),
                    line: mark.line(),
                    column: mark.col() + 1,
                },
                error.kind(),
            )
        })?;
        let wrong = |message: String, help: &str| {
            Err(YamlError {
                place: start(file, &span),
                message,
                help: Some(help.to_owned()),
            })
        };
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return wrong(
                        "a second document begins here".to_owned(),
                        "keep one document in a file: remove the `---`",
                    );
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                return wrong(
                    "aliases (`*name`) are not read".to_owned(),
                    "write the value out, or put a text that begins with `*` in quotes",
                );
            }
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _)
                if anchor != 0 =>
            {
                return wrong(
                    "anchors (`&name`) are not read".to_owned(),
                    "write the value out, or put a text that begins with `&` in quotes",
                );
            }
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, _, Some(_))
            | Event::MappingStart(_, _, Some(_)) => {
                return wrong(
                    "tags (`!name`) are not read".to_owned(),
                    "remove the tag, or put a text that begins with `!` in quotes",
                );
            }
            Event::Scalar(value, style, ..) => scalar(file, &mut open, value, style, &span)?,
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                value_begins(file, &mut open, &span)?;
                open.push(match event {
                    Event::SequenceStart(..) => Open::List,
                    _ => Open::Mapping {
                        keys: BTreeMap::new(),
                        key: None,
                    },
                });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
            }
            _ => {}
        }
    }
    if documents == 0 {
        let place = Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
        };
        return Err(YamlError {
            place,
            message: "the file is empty".to_owned(),
            help: Some("write its keys, one a line".to_owned()),
        });
    }
    Ok(())
}

/// A key, which must be new, or a value, which must be there.
fn scalar(
    file: &str,
    open: &mut [Open],
    value: Cow<'_, str>,
    style: ScalarStyle,
    span: &Span,
) -> Result<(), YamlError> {
    let wrong = |message: String, help: String| {
        Err(YamlError {
            place: start(file, span),
            message,
            help: Some(help),
        })
    };
    match open.last_mut() {
        Some(Open::Mapping { keys, key: key @ None }) => {
            if value == "<<" && style == ScalarStyle::Plain {
                return wrong(
                    "merge keys (`<<`) are not read".to_owned(),
                    "write the keys out".to_owned(),
                );
            }
            if is_null(&value, style) {
                return wrong("a key must be a text".to_owned(), "put it in quotes".to_owned());
            }
            if let Some(line) = keys.insert(value.to_string(), span.start.line()) {
                return wrong(
                    format!("the key `{value}` is here twice"),
                    format!("it is already on line {line}: keep one of them"),
                );
            }
            *key = Some(value.into_owned());
            return Ok(());
        }
        _ if !is_null(&value, style) => {}
        Some(Open::Mapping { key: Some(key), .. }) => {
            return wrong(
                format!("`{key}` has no value"),
                format!("write a value, or leave `{key}` out; a text that reads `null` needs quotes"),
            );
        }
        _ => {
            return wrong(
                "there is no value here".to_owned(),
                "write a value, or leave the line out; a text that reads `null` needs quotes".to_owned(),
            );
        }
    }
    value_begins(file, open, span)
}

/// The spellings that YAML reads as no value.
fn is_null(value: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL")
}

/// A value takes its key; a collection in a key's place is refused.
fn value_begins(file: &str, open: &mut [Open], span: &Span) -> Result<(), YamlError> {
    match open.last_mut() {
        Some(Open::Mapping { key, .. }) if key.is_none() => Err(YamlError {
            place: start(file, span),
            message: "a key must be a text".to_owned(),
            help: Some("a text that begins with `[` or `{` needs quotes".to_owned()),
        }),
        Some(Open::Mapping { key, .. }) => {
            *key = None;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn start(file: &str, span: &Span) -> Place {
    Place {
        file: file.to_owned(),
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}

/// The parser's own errors: tabs have a help, the rest speaks for itself.
fn unreadable(place: Place, kind: &ErrorKind) -> YamlError {
    let help = match kind {
        ErrorKind::RecursionLimitExceeded => {
            let help = "nothing here needs that many: check the brackets and the indentation".to_owned();
            return YamlError {
                place,
                message: format!("more than {DEPTH} levels deep"),
                help: Some(help),
            };
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => "indent with spaces",
        _ => "check the indentation, the brackets and the quotes around this place",
    };
    YamlError {
        place,
        message: format!("not readable as YAML: {kind}"),
        help: Some(help.to_owned()),
    }
}
