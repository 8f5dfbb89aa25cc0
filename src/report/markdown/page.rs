//! A page that is written from the top, of which no part takes more than its share.

/// What is written of it.
#[derive(Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// One line.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// As many of these lines as fit so many bytes, and how many more there are.
    pub fn list(&mut self, share: usize, what: &str, lines: impl Iterator<Item = String>) {
        let more = self.some(share, lines);
        if more > 0 {
            self.line(&format!("- … and {more} more {what}, in the other formats"));
        }
    }

    /// The same, for the rows of a table.
    pub fn rows(&mut self, share: usize, columns: usize, rows: impl Iterator<Item = String>) {
        let more = self.some(share, rows);
        if more > 0 {
            let cells = " |".repeat(columns - 1);
            self.line(&format!("| … and {more} more, in the other formats |{cells}"));
        }
    }

    /// As many of these lines as fit so many bytes; how many do not.
    pub fn some(&mut self, share: usize, mut lines: impl Iterator<Item = String>) -> usize {
        let most = self.text.len() + share;
        while let Some(line) = lines.next() {
            if self.text.len() + line.len() >= most {
                return 1 + lines.count();
            }
            self.line(&line);
        }
        0
    }

    /// How long it is, in bytes.
    pub const fn len(&self) -> usize {
        self.text.len()
    }

    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }
}
