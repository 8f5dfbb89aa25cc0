//! The servers of a case: the one that its sources read, and one that must never be asked.

use std::path::Path;
use std::process::Command;

use jiff::{SignedDuration, Timestamp};

use super::CREDENTIAL;
use crate::server::{self, Server};

/// No more of what a server was asked is written down.
const MANY: usize = 20;

/// The servers of a case, until it is over.
pub struct Servers {
    server: Server,
    elsewhere: Server,
    /// Beside the project: the authority that the server's certificate is signed by.
    authority: tempfile::NamedTempFile,
}

impl Servers {
    /// Starts them, if there is a script. The case's own routes come before those of its base, which answers what the
    /// case says nothing about.
    pub fn start(folder: &Path, own: Option<String>, base: Option<String>) -> Option<Servers> {
        if own.is_none() && base.is_none() {
            return None;
        }
        let elsewhere = Server::start(folder, base.as_deref().as_slice(), &[]);
        let scripts: Vec<&str> = own.as_deref().into_iter().chain(base.as_deref()).collect();
        let server = Server::start(folder, &scripts, &[("{elsewhere}", elsewhere.origin())]);
        let authority = tempfile::NamedTempFile::new().unwrap();
        server::write_authority(authority.path());
        Some(Servers {
            server,
            elsewhere,
            authority,
        })
    }

    /// A text with the addresses in it.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{server}", &self.server.origin())
            .replace("{host}", &self.server.host())
            .replace("{elsewhere}", &self.elsewhere.origin())
            .replace("{closed}", server::CLOSED)
    }

    /// The credential, and whom to trust.
    pub fn surround(&self, command: &mut Command) {
        command.env("CRM_TOKEN", CREDENTIAL);
        command.env("SSL_CERT_FILE", self.authority.path());
    }

    /// What they were asked since the last time; what is the same several times in a row is one line.
    pub fn asked(&self) -> Vec<String> {
        let mut lines: Vec<(String, usize)> = Vec::new();
        for (name, server) in [("the server", &self.server), ("ELSEWHERE", &self.elsewhere)] {
            for asked in server.asked() {
                let line = format!("{name} was asked {asked}");
                match lines.last_mut() {
                    Some((last, times)) if *last == line => *times += 1,
                    _ => lines.push((line, 1)),
                }
            }
        }
        let lines = lines.into_iter().take(MANY).map(|(line, times)| match times {
            1 => line,
            times => format!("{line}  ({times} times)"),
        });
        lines.collect()
    }

    /// A transcript without ports and without the times of this run.
    pub fn steady(&self, text: &str) -> String {
        let text = text
            .replace(&self.server.origin(), "[SERVER]")
            .replace(&self.elsewhere.origin(), "[ELSEWHERE]")
            .replace(&self.server.host(), "[HOST]");
        timeless(&text)
    }
}

/// Without moments of today, and without durations that no two runs share.
fn timeless(text: &str) -> String {
    let today = |word: &str| {
        let moment: Option<Timestamp> = word.parse().ok();
        moment.is_some_and(|moment| moment.duration_since(Timestamp::now()).abs() < SignedDuration::from_hours(1))
    };
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let steady = words.iter().enumerate().map(|(at, word)| {
            let (bare, end) = word.split_at(word.trim_end_matches([',', ';', ')', ':']).len());
            let milliseconds = words.get(at + 1).is_some_and(|unit| unit.starts_with("ms"));
            if today(bare) {
                format!("[NOW]{end}")
            } else if milliseconds && bare.parse::<u64>().is_ok() {
                "[SOME]".to_owned()
            } else {
                (*word).to_owned()
            }
        });
        steady.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}
