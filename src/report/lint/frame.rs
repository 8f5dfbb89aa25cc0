//! A place in a file, as the compiler of this language shows one: the line, and a mark under it.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::error::Place;
use crate::report::escape;

/// What is said of a place.
pub(super) struct Words<'a> {
    /// How bad it is.
    pub error: bool,
    /// The rule's id.
    pub id: &'a str,
    /// What is wrong.
    pub message: &'a str,
    /// Below the frame: what to do, and where to read about it.
    pub below: [(&'a str, &'a str); 2],
}

/// Draws the line of a place with a mark under so many characters of it. Everything in it may have been written by
/// anybody, so it is escaped before the mark is placed.
pub(super) fn frame(words: &Words<'_>, place: &Place, line: &str, width: usize, styled: bool) -> String {
    let (before, marked, behind) = apart(line, place.column.saturating_sub(1), width);
    let source = format!("{before}{marked}{behind}");
    // What a line says to a CI system may stand across the mark.
    let (source, span) = match escape::sentence(&source) {
        safe if safe == source => {
            let begin = before.len();
            (source, begin..begin + marked.len())
        }
        safe => {
            let safe = safe.into_owned();
            let all = 0..safe.len();
            (safe, all)
        }
    };
    let file = escape::terminal(&place.file).into_owned();
    let message = escape::sentence(words.message).into_owned();
    let level = if words.error { Level::ERROR } else { Level::WARNING };
    let snippet = Snippet::source(source)
        .line_start(place.line)
        .path(file)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(span));
    let mut group: Group<'_> = level.primary_title(message).id(words.id).element(snippet);
    for (label, text) in words.below {
        let level = if label == "help" { Level::HELP } else { Level::NOTE };
        group = group.element(level.message(escape::sentence(text).into_owned()));
    }
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(1000)
        .render(&[group])
}

/// A line before, under and behind the mark, each safe to show.
fn apart(line: &str, begin: usize, width: usize) -> (String, String, String) {
    let characters: Vec<char> = line.chars().collect();
    let begin = begin.min(characters.len());
    let end = (begin + width).min(characters.len());
    let part = |part: &[char]| {
        let text: String = part.iter().collect::<String>().replace('\t', "    ");
        escape::sentence(&text).into_owned()
    };
    let slice = |from: usize, to: usize| characters.get(from..to).unwrap_or_default();
    let marked = part(slice(begin, end));
    // At the end of a line there is nothing to mark but a blank.
    let marked = if marked.is_empty() { " ".to_owned() } else { marked };
    (part(slice(0, begin)), marked, part(slice(end, characters.len())))
}
