//! Untrusted text on its way to a person.
//!
//! Names and addresses come from systems where anybody may write them, so they may hold what moves a terminal's cursor,
//! reverses the reading order or cannot be seen. Everything of that kind becomes a visible escape (`\x1b`, `\u202e`), in
//! a form that YAML also reads. Nothing here changes what is stored or compared: it is for display only.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

/// Longest name, address or id that is shown, in characters.
const NAME: usize = 200;
/// Longest sentence that is shown; a message holds several names.
const SENTENCE: usize = 2000;
/// How much of a line of a file is shown on either side of a piece of it.
const AROUND: usize = 500;
/// A space without width, in Markdown.
const NOTHING: &str = "&#8203;";
/// Longest block of lines that is shown.
const LINES: usize = 200;

/// A name, an address or an id for the terminal, on one line: at most 200 characters, then how many more there are.
pub fn terminal(text: &str) -> Cow<'_, str> {
    shown(text, NAME)
}

/// A sentence or a link for the terminal, on one line. It may hold untrusted names, and more of them than one.
pub fn sentence(text: &str) -> Cow<'_, str> {
    shown(text, SENTENCE)
}

/// Text of several lines for the terminal: line ends are kept, and each line is treated as a [`sentence`].
pub fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let more = text.lines().count().saturating_sub(LINES);
    let rest = (more > 0).then(|| Cow::Owned(format!("… and {more} more lines")));
    text.lines().take(LINES).map(sentence).chain(rest)
}

/// A line of a file for the terminal, and where a piece of it is then, in bytes; `from` counts characters from nothing.
/// A tab is four spaces. A line that is too long is cut, far from where the piece begins.
pub fn source(line: &str, from: usize, width: usize) -> (String, Range<usize>) {
    let start = from.saturating_sub(AROUND);
    let mut window: Vec<char> = line.chars().skip(start).take(from - start + AROUND + 1).collect();
    let is_cut = window.len() > from - start + AROUND;
    window.truncate(from - start + AROUND);
    let mut out = String::with_capacity(window.len());
    if start > 0 {
        out.push('…');
    }
    let mut ends_of: Vec<usize> = vec![out.len()];
    for (at, c) in window.iter().enumerate() {
        match c {
            '\t' => out.push_str("    "),
            // A command to a CI system, wherever it stands.
            '#' if is_command(window[at..].iter().copied()) => out.push_str("\\x23"),
            c => push(&mut out, *c),
        }
        ends_of.push(out.len());
    }
    let end = out.len();
    if is_cut {
        out.push('…');
    }
    let place = |at: usize| ends_of.get(at).copied().unwrap_or(end);
    (out, place(from - start)..place(from - start + width))
}

/// A sentence in Markdown, on one line: nothing in it is markup.
pub fn markdown(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut rest = text.chars().peekable();
    // What begins a heading, a list or a quotation does so at the beginning only.
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = (digits > 0 && [". ", ") "].iter().any(|mark| text[digits..].starts_with(mark))).then_some(digits);
    let mut at = 0;
    while let Some(c) = rest.next() {
        let in_a_word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let marks = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '#' => true,
            '_' => !(in_a_word(before.as_ref()) && in_a_word(rest.peek())),
            '-' | '+' | '=' => before.is_none(),
            _ => numbered == Some(at),
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
        at += c.len_utf8();
    }
    out
}

/// A sentence in Markdown for a comment or a summary on GitHub or GitLab: nothing in it is markup, and none of what they
/// make of plain text when it is rendered: no mention, no reference, no commit, no emoji, no link. A backslash does not
/// keep them from it; a space without width does, as an entity that a reader of the source sees.
pub fn comment(text: &str) -> String {
    let text = markdown(text.trim()); // blanks before it would be a block of code
    let mut out = String::with_capacity(text.len() + 32);
    let mut digits = 0;
    for (at, c) in text.char_indices() {
        // The number of a commit: seven hexadecimal digits or more.
        digits = if c.is_ascii_hexdigit() { digits + 1 } else { 0 };
        if digits == 7 {
            out.push_str(NOTHING);
            digits = 1;
        }
        out.push(c);
        let rest = &text[at + c.len_utf8()..];
        let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\\');
        let ends = |what: &str| {
            let begin = (at + c.len_utf8()).checked_sub(what.len());
            begin
                .and_then(|begin| text.get(begin..at + c.len_utf8()))
                .is_some_and(|end| end.eq_ignore_ascii_case(what))
        };
        let means = match c {
            '@' | '#' => true,
            '!' | '%' | '$' | '~' | '^' | '&' => rest.starts_with(|next: char| next.is_alphanumeric() || next == '"'),
            ':' => rest.starts_with("//") || rest.trim_start_matches(named).starts_with(':'),
            '-' => ends("gh-"),
            'w' | 'W' => rest.starts_with('.') && ends("www"),
            _ => false,
        };
        if means {
            out.push_str(NOTHING);
        }
    }
    out
}

/// A name or a path in Markdown, as code.
pub fn markdown_code(text: &str) -> String {
    let text = one_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A link in Markdown, under its address where it has no words.
pub fn markdown_link(words: &str, address: &str) -> String {
    let words = if words.trim().is_empty() { address } else { words };
    let mut target = String::with_capacity(address.len());
    for c in address.chars() {
        if c.is_whitespace() || is_hidden(c) || matches!(c, '<' | '>' | '\\') {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String cannot fail.
                let _ = write!(target, "%{byte:02X}");
            }
        } else {
            target.push(c);
        }
    }
    format!("[{}](<{target}>)", markdown(words))
}

fn one_line(text: &str) -> String {
    sentence(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}

/// Whether a character must not reach a terminal as it is: a control character, or one that nobody sees and that
/// changes how the text around it looks.
pub fn is_hidden(c: char) -> bool {
    // What will never be a character: XML has no form for some of these.
    let is_none = matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe;
    c.is_control()
        || is_none
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}'            // soft hyphen, grapheme joiner, Arabic letter mark
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' // Khmer vowels without a shape, Mongolian selectors
            | '\u{200b}'..='\u{200f}'                   // zero width, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202e}'                   // line and paragraph separators, bidirectional overrides
            | '\u{2800}' | '\u{110bd}' | '\u{110cd}'   // empty braille, number signs of Kaithi
            | '\u{13430}'..='\u{1343f}'                 // what joins hieroglyphs
            | '\u{2060}'..='\u{206f}'                   // word joiner, invisible operators, bidirectional isolates
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' // variation selectors, BOM, annotations
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' // shorthand and music format controls
            | '\u{e0000}'..='\u{e0fff}') // tags and further variation selectors
}

fn shown(text: &str, limit: usize) -> Cow<'_, str> {
    // Counting stops at the limit: a name of a megabyte costs no more than a short one, unless it is cut.
    let cut = text.char_indices().nth(limit).map(|(at, _)| at);
    let head = &text[..cut.unwrap_or(text.len())];
    if cut.is_none() && command(head, 0).is_none() && !head.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(head.len() + 32);
    let mut spoken = command(head, 0);
    for (at, c) in head.char_indices() {
        if spoken == Some(at) {
            let _ = write!(out, "\\x{:02x}", c as u32);
            spoken = command(head, at + 1);
        } else {
            push(&mut out, c);
        }
    }
    if let Some(at) = cut {
        let more = text[at..].chars().count();
        let _ = write!(out, "… ({more} more characters)");
    }
    Cow::Owned(out)
}

/// Whether a command to a CI system that reads this output begins here: `##[`, `##vso[`, `##teamcity[`. Such a system
/// takes it for one wherever it stands on a line.
pub fn is_command(rest: impl IntoIterator<Item = char>) -> bool {
    let mut rest = rest.into_iter();
    if (rest.next(), rest.next()) != (Some('#'), Some('#')) {
        return false;
    }
    let in_a_word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    rest.find(|c| !in_a_word(c)) == Some('[')
}

/// Where a text from `from` on speaks to a CI system that reads this output: with `::` at its beginning, or with one of
/// the other commands anywhere.
fn command(text: &str, from: usize) -> Option<usize> {
    let begins = text.len() - text.trim_start().len();
    if from <= begins && text[begins..].starts_with("::") {
        return Some(begins);
    }
    let mut marks = text[from..].match_indices("#").map(|(at, _)| from + at);
    marks.find(|at| is_command(text[*at..].chars()))
}

fn push(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = match (c, c as u32) {
        ('\n', _) => out.write_str("\\n"),
        ('\r', _) => out.write_str("\\r"),
        ('\t', _) => out.write_str("\\t"),
        (c, _) if !is_hidden(c) => out.write_char(c),
        (_, code @ 0..=0xff) => write!(out, "\\x{code:02x}"),
        (_, code @ 0x100..=0xffff) => write!(out, "\\u{code:04x}"),
        (_, code) => write!(out, "\\U{code:08x}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_becomes_visible() {
        let table = [
            ("Zoë Łukasz 李 🦊", "Zoë Łukasz 李 🦊"),
            ("e\u{301}a", "e\u{301}a"), // decomposed letters are names, too
            ("back\\slash", "back\\slash"),
            ("\x1b[2Jgone", "\\x1b[2Jgone"),
            (
                "\x1b]8;;https://evil.test\x07link\x1b]8;;\x07",
                "\\x1b]8;;https://evil.test\\x07link\\x1b]8;;\\x07",
            ),
            ("\x1b]52;c;cHduZWQ=\x07", "\\x1b]52;c;cHduZWQ=\\x07"),
            ("\u{9b}31m", "\\x9b31m"), // the one-byte form of ESC [
            ("real\rfake", "real\\rfake"),
            ("a\nerror: b\tc", "a\\nerror: b\\tc"),
            ("nul\0del\x7f", "nul\\x00del\\x7f"),
            ("\u{202e}gnp.exe", "\\u202egnp.exe"),
            ("a\u{200b}b\u{feff}c\u{2066}d", "a\\u200bb\\ufeffc\\u2066d"),
            ("tag\u{e0041}", "tag\\U000e0041"),
            ("\u{2028}next", "\\u2028next"),
            ("::error::gone", "\\x3a:error::gone"), // a command to the CI system, where a line begins with it
            (" ::stop-commands::x", " \\x3a:stop-commands::x"),
            ("a ##[error]b ##[c]", "a \\x23#[error]b \\x23#[c]"),
            ("::a ##[b]", "\\x3a:a \\x23#[b]"),
            ("checks::lib ## [x]", "checks::lib ## [x]"),
            // Azure DevOps and TeamCity, wherever it stands.
            (
                "##vso[task.complete result=Succeeded;]ok",
                "\\x23#vso[task.complete result=Succeeded;]ok",
            ),
            (
                "Ada ##teamcity[buildStatus status='SUCCESS']",
                "Ada \\x23#teamcity[buildStatus status='SUCCESS']",
            ),
            (
                "a##VSO[x]###vso[y]##a-b.c_1[",
                "a\\x23#VSO[x]#\\x23#vso[y]\\x23#a-b.c_1[",
            ),
            ("##\u{200b}vso[x]", "##\\u200bvso[x]"),
            ("## vso[x] #vso[x] ##vso (x) ##", "## vso[x] #vso[x] ##vso (x) ##"),
            (
                "\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{10ffff}",
                "\\ufffe\\uffff\\ufdd0\\U0001fffe\\U0010ffff",
            ),
            (
                "a\u{2800}\u{13430}\u{1343f}\u{110bd}\u{110cd}b",
                "a\\u2800\\U00013430\\U0001343f\\U000110bd\\U000110cdb",
            ),
            (
                "\u{fdf0}\u{fffd}\u{2801}\u{13440}\u{110bc}",
                "\u{fdf0}\u{fffd}\u{2801}\u{13440}\u{110bc}",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(terminal(text), expected, "{text:?}");
            assert_eq!(sentence(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_markup_in_markdown() {
        let table = [
            ("Zoë has left", "Zoë has left"),
            ("job_role_missing", "job_role_missing"),
            ("_so_ *so* `so`", "\\_so\\_ \\*so\\* \\`so\\`"),
            (
                "<img src=x> &amp; [a](b) | c",
                "\\<img src=x\\> \\&amp; \\[a\\](b) \\| c",
            ),
            ("# a", "\\# a"),
            ("- a - b", "\\- a - b"),
            ("12. a 3. b", "12\\. a 3. b"),
            ("6.1", "6.1"),
            ("one\ntwo ", "one two "),
            ("a\u{202e}b\x1b", "a\\\\u202eb\\\\x1b"),
        ];
        for (text, expected) in table {
            assert_eq!(markdown(text), expected, "{text:?}");
        }
        assert_eq!(markdown_code("a.b|c"), "`a.b|c`");
        assert_eq!(markdown_code("a``b`"), "``` a``b` ```");
        assert_eq!(
            markdown_link("a]b", "https://example.com/(x)>\u{200b}"),
            "[a\\]b](<https://example.com/(x)%3E%E2%80%8B>)"
        );
        assert_eq!(
            markdown_link("", "https://a.test/"),
            "[https://a.test/](<https://a.test/>)"
        );
    }

    #[test]
    fn nothing_means_anything_in_a_comment() {
        let table = [
            ("Zoë has left", "Zoë has left"),
            ("ask @org/team", "ask @&#8203;org/team"),
            (
                "fixes #12, org/a#3, GH-7",
                "fixes \\#&#8203;12, org/a\\#&#8203;3, GH-&#8203;7",
            ),
            (
                "!4 %5 $6 ~bug &7 100%",
                "!&#8203;4 %&#8203;5 \\$&#8203;6 \\~&#8203;bug \\&&#8203;7 100%",
            ),
            (
                "https://evil.test www.evil.test",
                "https:&#8203;//evil.test www&#8203;.evil.test",
            ),
            ("ada@example.com", "ada@&#8203;example.com"),
            (
                "deadbeef 0123456789abcdef",
                "deadbe&#8203;ef 012345&#8203;6789ab&#8203;cdef",
            ),
            (":smile: pipedrive:17", ":&#8203;smile: pipedrive:17"),
            ("2026-09-30", "2026-09-30"),
        ];
        for (text, expected) in table {
            assert_eq!(comment(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_its_count() {
        let fits = "n".repeat(200);
        assert_eq!(terminal(&fits), fits);
        let long = "ż".repeat(1_000_000);
        assert_eq!(
            terminal(&long),
            format!("{}… (999800 more characters)", "ż".repeat(200))
        );
        assert_eq!(
            sentence(&"a".repeat(2001)),
            format!("{}… (1 more characters)", "a".repeat(2000))
        );
    }

    #[test]
    fn lines_keep_their_ends_and_nothing_else() {
        let text = "line 1\r\nline\x1b[K 2\n\n  | ^";
        assert_eq!(
            lines(text).collect::<Vec<_>>(),
            ["line 1", "line\\x1b[K 2", "", "  | ^"]
        );
        let many = "x\n".repeat(250);
        assert_eq!(lines(&many).last().as_deref(), Some("… and 50 more lines"));
    }

    #[test]
    fn a_line_of_a_file_is_no_command_either() {
        let table = [
            ("x := \"##vso[task.complete]\"", "x := \"\\x23#vso[task.complete]\""),
            ("##teamcity[x] ##[y] ## z[", "\\x23#teamcity[x] \\x23#[y] ## z["),
        ];
        for (line, expected) in table {
            assert_eq!(source(line, 0, 1).0, expected);
        }
        // The mark stands where the piece does.
        let (line, at) = source("##vso[a] b", 9, 1);
        assert_eq!(&line[at], "b");
    }
}
