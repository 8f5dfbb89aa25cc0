//! The folders of a new check and of a new connector: they load, and their tests pass, as written.
//!
//! Pure: a name in, texts out. Where they go is for `commands/new.rs`.

use crate::error::Explain;
use crate::rego::is_reserved;

/// What is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder with a `check.rego`.
    Check,
    /// A folder with a `connector.yaml`.
    Connector,
}

impl Kind {
    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Check => "check",
            Kind::Connector => "connector",
        }
    }

    /// The key of the project file that names folders of them, and the folder that is usual.
    pub const fn key(self) -> &'static str {
        match self {
            Kind::Check => "policies",
            Kind::Connector => "connectors",
        }
    }

    fn templates(self) -> &'static [Template] {
        match self {
            Kind::Check => CHECK,
            Kind::Connector => CONNECTOR,
        }
    }
}

/// One file of a new folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the folder.
    pub path: &'static str,
    /// What it is for, in a few words; none for those that belong to another one.
    pub about: Option<&'static str>,
    /// Its text.
    pub text: String,
}

/// The files of a new check or connector.
///
/// # Errors
/// A name that cannot be one.
pub fn files(kind: Kind, name: &str) -> Result<Vec<File>, NameError> {
    hold(kind, name)?;
    Ok(kind.templates().iter().map(|template| template.fill(name)).collect())
}

/// Longest name that fits a table.
const LONGEST: usize = 60;

/// A name that cannot be that of a check or a connector.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be the name of a {kind}: {why}", kind = .kind.word())]
pub struct NameError {
    kind: Kind,
    name: String,
    why: &'static str,
}

impl Explain for NameError {
    fn help(&self) -> Option<String> {
        Some(
            "use a-z, 0-9 and _, a letter first: it is the folder, the Rego package, and the id in every report"
                .to_owned(),
        )
    }
}

fn hold(kind: Kind, name: &str) -> Result<(), NameError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let why = if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        "it does not begin with a letter a-z"
    } else if !name.chars().all(fits) {
        "it holds something other than a-z, 0-9 and _"
    } else if name.len() > LONGEST {
        "it is longer than 60 characters"
    } else if is_reserved(name) {
        "it is a word of Rego"
    } else if matches!(name, "lib" | "schemas" | "test" | "checks" | "connectors") {
        "the word has a meaning of its own"
    } else if name.ends_with("_test") {
        "a package that ends in `_test` holds tests"
    } else {
        return Ok(());
    };
    Err(NameError {
        kind,
        name: name.to_owned(),
        why,
    })
}

/// A file whose text has `{{name}}` for the name, `{{words}}` for the name in words and `{{host}}` for the name in an
/// address.
struct Template {
    path: &'static str,
    about: Option<&'static str>,
    text: &'static str,
}

impl Template {
    fn fill(&self, name: &str) -> File {
        let mut words = name.replace('_', " ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let host = name.trim_end_matches('_').replace('_', "-");
        let text = self.text.replace("{{name}}", name);
        let text = text.replace("{{words}}", words.trim_end()).replace("{{host}}", &host);
        File {
            path: self.path,
            about: self.about,
            text,
        }
    }
}

macro_rules! template {
    ($kind:literal, $path:literal, $about:expr) => {
        Template {
            path: $path,
            about: $about,
            text: include_str!(concat!("templates/", $kind, "/", $path)),
        }
    };
}

const CHECK: &[Template] = &[
    template!("check", "check.rego", Some("its words, and under them its rules")),
    template!("check", "check_test.rego", Some("what it says of which account")),
    template!("check", "README.md", Some("what it judges, for people")),
];

const CONNECTOR: &[Template] = &[
    template!(
        "connector",
        "connector.yaml",
        Some("how to read: addresses, lists, pages")
    ),
    template!("connector", "normalise.rego", Some("what the answers mean")),
    template!("connector", "normalise_test.rego", Some("which answer means what")),
    template!("connector", "README.md", Some("what it reads, and what it cannot say")),
    template!(
        "connector",
        "recordings/usual/recording.json",
        Some("answers to try it with")
    ),
    template!("connector", "recordings/usual/me.json", None),
    template!("connector", "recordings/usual/users.json", None),
    template!("connector", "recordings/usual/users.2.json", None),
    template!("connector", "recordings/usual/roles.json", None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for kind in [Kind::Check, Kind::Connector] {
            for file in files(kind, "no_personal_email").unwrap() {
                assert!(!file.text.contains("{{"), "{}", file.path);
                assert!(file.text.ends_with('\n'), "{}", file.path);
            }
        }
        let check = files(Kind::Check, "no_personal_email").unwrap();
        assert!(
            check[0]
                .text
                .contains("title: \"No personal email in {system.name}\"\n")
        );
        let connector = files(Kind::Connector, "my_crm_").unwrap();
        assert!(connector[0].text.contains("base: https://my-crm.example.com/"));
    }

    #[test]
    fn names_that_cannot_be() {
        let why = |name: &str| files(Kind::Check, name).err().map(|error| error.why);
        for name in ["a", "no_personal_email", "mfa2", "x_", "counts", "policy", "crm"] {
            assert_eq!(why(name), None, "{name}");
        }
        let cases = [
            ("", "it does not begin with a letter a-z"),
            ("2fa", "it does not begin with a letter a-z"),
            ("_a", "it does not begin with a letter a-z"),
            ("Mine", "it does not begin with a letter a-z"),
            ("a-b", "it holds something other than a-z, 0-9 and _"),
            ("a/../b", "it holds something other than a-z, 0-9 and _"),
            ("a\n", "it holds something other than a-z, 0-9 and _"),
            ("größe", "it holds something other than a-z, 0-9 and _"),
            ("count", "it is a word of Rego"),
            ("object", "it is a word of Rego"),
            ("http", "it is a word of Rego"),
            ("input", "it is a word of Rego"),
            ("default", "it is a word of Rego"),
            ("import", "it is a word of Rego"),
            ("lib", "the word has a meaning of its own"),
            ("schemas", "the word has a meaning of its own"),
            ("mine_test", "a package that ends in `_test` holds tests"),
        ];
        for (name, expected) in cases {
            assert_eq!(why(name), Some(expected), "{name}");
        }
        assert_eq!(why(&"a".repeat(61)), Some("it is longer than 60 characters"));
        assert_eq!(why(&"a".repeat(60)), None);
    }
}
