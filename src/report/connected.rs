//! What `connect` says: the address to open, what came back that was no answer, and the lines for the project.

use std::io::{self, Write};
use std::path::Path;

use super::escape;

/// A credential that was kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The connector's id.
    pub connector: &'a str,
    /// The connector's name for the way to sign in.
    pub way: &'a str,
    /// The credential's name in the store.
    pub name: &'a str,
    /// The file that holds it.
    pub path: &'a Path,
    /// What was allowed, in the system's words.
    pub scope: Option<&'a str>,
    /// Where the system says that its API is.
    pub api_domain: Option<&'a str>,
}

/// What a person does now. The address stands on a line of its own, whole.
pub fn open(address: &str, callback: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "open this address in a browser, and allow what it asks:")?;
    writeln!(out)?;
    writeln!(out, "  {}", escape::sentence(address))?;
    writeln!(out)?;
    writeln!(
        out,
        "the application's callback has to be {} exactly",
        escape::terminal(callback)
    )?;
    writeln!(out, "waiting for five minutes")
}

/// Something that came in and is not the answer.
pub fn ignored(why: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "ignored: {}; still waiting", escape::sentence(why))
}

/// The lines that the project needs.
pub fn kept(kept: &Kept<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = escape::terminal;
    writeln!(
        out,
        "stored `{}` in {}",
        shown(kept.name),
        escape::sentence(&kept.path.display().to_string())
    )?;
    if let Some(scope) = kept.scope {
        writeln!(out, "allowed: {}", shown(scope))?;
    }
    if let Some(domain) = kept.api_domain {
        writeln!(out, "the API is at {}", shown(domain))?;
    }
    writeln!(out)?;
    writeln!(out, "in rolecall.yaml:")?;
    writeln!(out)?;
    writeln!(out, "sources:")?;
    writeln!(out, "  {}:", shown(kept.name))?;
    writeln!(out, "    connector: {}", shown(kept.connector))?;
    writeln!(
        out,
        "    auth: {{{}: {{stored: {}}}}}",
        shown(kept.way),
        shown(kept.name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_escaped() {
        let mut out = Vec::new();
        let credential = Kept {
            connector: "crm",
            way: "oauth",
            name: "crm-2",
            path: Path::new("/home/ada/.config/rolecall/credentials/crm-2.json"),
            scope: Some("base,users:read\u{1b}[2J"),
            api_domain: Some("https://acme.example\nerror: x"),
        };
        kept(&credential, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        stored `crm-2` in /home/ada/.config/rolecall/credentials/crm-2.json
        allowed: base,users:read\x1b[2J
        the API is at https://acme.example\nerror: x

        in rolecall.yaml:

        sources:
          crm-2:
            connector: crm
            auth: {oauth: {stored: crm-2}}
        ");
    }
}
