//! Characters that nobody sees.

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

/// Whether a text says nothing: it is empty, or nobody sees any of it.
pub fn is_blank(text: &str) -> bool {
    // The empty pattern of Braille is a letter by its class, and a gap to the eye.
    text.chars()
        .all(|c| c.is_whitespace() || is_hidden(c) || c == '\u{2800}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_what_nobody_sees_says_nothing() {
        for blank in [
            "",
            " \t\n",
            "\u{200b}\u{feff}",
            "\u{3164}",
            "\u{2800} \u{a0}",
            "\u{e0041}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for says in ["-", "a\u{200b}", "…", "李", "🦊", "0"] {
            assert!(!is_blank(says), "{says:?}");
        }
    }
}
