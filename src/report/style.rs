//! Colours and weights, by what they mean.

use anstyle::AnsiColor;

use crate::finding::{Severity, Verdict};

/// How a piece of text is set off.
#[derive(Debug, Clone, Copy)]
pub struct Style(anstyle::Style);

impl Style {
    /// Something that somebody has to act on.
    pub const ERROR: Style = Style(AnsiColor::Red.on_default().bold());
    /// Something to look at.
    pub const WARNING: Style = Style(AnsiColor::Yellow.on_default().bold());
    /// Something to know.
    pub const NOTE: Style = Style(AnsiColor::Cyan.on_default().bold());
    /// All is well, or how to make it so.
    pub const GOOD: Style = Style(AnsiColor::Green.on_default().bold());
    /// What the eye should find first.
    pub const STRONG: Style = Style(anstyle::Style::new().bold());
    /// What the eye may pass over.
    pub const DIM: Style = Style(anstyle::Style::new().dimmed());

    /// The text in this style, or as it is where styles are off. The text must have been escaped.
    pub fn paint(self, text: &str, styled: bool) -> String {
        if styled {
            format!("{}{text}{:#}", self.0, self.0)
        } else {
            text.to_owned()
        }
    }
}

impl From<Style> for anstyle::Style {
    fn from(style: Style) -> Self {
        style.0
    }
}

impl From<Severity> for Style {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Style::ERROR,
            Severity::Medium => Style::WARNING,
            Severity::Low => Style::NOTE,
        }
    }
}

impl From<Verdict> for Style {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Style::GOOD,
            Verdict::Fail | Verdict::Error => Style::ERROR,
            Verdict::Unknown => Style::WARNING,
            Verdict::NotApplicable | Verdict::Blocked => Style::DIM,
        }
    }
}
