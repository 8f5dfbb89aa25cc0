//! The five questions. A flag that is given is a question that is not asked; an answer that cannot be is asked again.

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;

use super::InitError;
use super::roster::{self, Wrong};
use super::values::{check_param, described, folder_of, is_variable, seen_from, stored_name, who};
use crate::cli::{InitArgs, YesOrNo};
use crate::commands::CommandError;
use crate::commands::connectors::named;
use crate::connector::{Connector, Connectors};
use crate::init::{self, Answers, Secret, SignIn, SourceAnswer, Who};
use crate::project;
use crate::report::ask::{self, AskError};
use crate::snapshot::Staff;

/// Whoever answers.
pub trait Ask {
    /// Something that helps with the next question.
    fn hint(&self, text: &str);
    /// A line of text that `check` accepts.
    fn text(
        &self,
        question: &str,
        default: Option<&str>,
        check: &mut dyn FnMut(&str) -> Result<(), String>,
    ) -> Result<String, AskError>;
    /// A secret; empty where there is none.
    fn secret(&self, question: &str) -> Result<String, AskError>;
    /// The position of one of several.
    fn choice(&self, question: &str, items: &[String]) -> Result<usize, AskError>;
    /// Yes or no.
    fn confirm(&self, question: &str, default: bool) -> Result<bool, AskError>;
}

/// A person at a terminal.
pub struct Terminal;

impl Ask for Terminal {
    fn hint(&self, text: &str) {
        ask::hint(text);
    }
    fn text(
        &self,
        question: &str,
        default: Option<&str>,
        check: &mut dyn FnMut(&str) -> Result<(), String>,
    ) -> Result<String, AskError> {
        ask::text(question, default, check)
    }
    fn secret(&self, question: &str) -> Result<String, AskError> {
        ask::secret_if_any(question)
    }
    fn choice(&self, question: &str, items: &[String]) -> Result<usize, AskError> {
        ask::choice(question, items)
    }
    fn confirm(&self, question: &str, default: bool) -> Result<bool, AskError> {
        ask::confirm(question, default)
    }
}

/// What was answered.
pub struct Gathered {
    /// What the file says.
    pub answers: Answers,
    /// Secrets that were pasted, with their names in the user's own store.
    pub secrets: Vec<(String, String)>,
    /// How many people are on the roster; null where it was not read.
    pub people: Option<usize>,
}

/// One run through the questions.
pub struct Interview<'a> {
    args: &'a InitArgs,
    connectors: &'a Connectors,
    project: &'a Path,
    ask: Option<&'a dyn Ask>,
    missing: Vec<(&'static str, String)>,
    secrets: Vec<(String, String)>,
    used: Vec<&'a str>,
}

impl<'a> Interview<'a> {
    /// For a project file that is to be written.
    pub fn new(args: &'a InitArgs, connectors: &'a Connectors, project: &'a Path, ask: Option<&'a dyn Ask>) -> Self {
        Self {
            args,
            connectors,
            project,
            ask,
            missing: Vec::new(),
            secrets: Vec::new(),
            used: Vec::new(),
        }
    }

    /// Every answer.
    ///
    /// # Errors
    /// A flag that cannot be meant, or what is left open where nobody can be asked.
    pub fn gather(mut self) -> Result<Gathered, CommandError> {
        let timezone = self.timezone()?;
        let organisation = self.organisation()?;
        let connector = self.connector()?;
        let accounts = match connector {
            Some(connector) => Some(self.live(connector, self.args.token_env.as_deref())?),
            None => None,
        };
        let critical = self.critical(connector)?;
        let staff = self.roster()?;
        let people = match &staff {
            Some(source) if source.file.is_some() => {
                Some(roster::people(self.connectors, self.project, source).map_err(|wrong| flag("--roster", wrong))?)
            }
            _ => None,
        };
        let access = self.access(people.as_deref())?;
        self.no_param_is_left()?;
        match (accounts, critical, staff, access) {
            (Some(accounts), Some(critical), Some(staff), Some(access)) if self.missing.is_empty() => Ok(Gathered {
                answers: Answers {
                    organisation,
                    timezone,
                    accounts,
                    critical,
                    access,
                    staff,
                },
                secrets: self.secrets,
                people: people.map(|people| people.len()),
            }),
            _ => Err(InitError::Missing(self.missing).into()),
        }
    }

    fn timezone(&self) -> Result<String, InitError> {
        let machine = || {
            let zone = TimeZone::try_system().ok();
            zone.and_then(|zone| zone.iana_name().map(str::to_owned))
        };
        match &self.args.timezone {
            Some(name) => project::timezone(name).map_err(|wrong| flag("--timezone", wrong)),
            None => Ok(machine()
                .and_then(|name| project::timezone(&name).ok())
                .unwrap_or_else(|| "UTC".to_owned())),
        }
    }

    fn organisation(&self) -> Result<String, InitError> {
        if let Some(name) = &self.args.organisation {
            return match name.trim() {
                "" => Err(flag(
                    "--organisation",
                    ("it is empty".to_owned(), "write its name".to_owned()),
                )),
                name => Ok(name.to_owned()),
            };
        }
        let folder = fs::canonicalize(folder_of(self.project)).ok();
        let name = folder.and_then(|folder| Some(folder.file_name()?.to_str()?.trim().to_owned()));
        Ok(name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "Our organisation".to_owned()))
    }

    /// Which product the accounts are of.
    fn connector(&mut self) -> Result<Option<&'a Connector>, CommandError> {
        let candidates = init::of_accounts(self.connectors.iter());
        if let Some(id) = &self.args.connector {
            let connector = named(self.connectors, id)?;
            if !candidates.iter().any(|candidate| candidate.id == connector.id) {
                let known: Vec<&str> = candidates.iter().map(|connector| connector.id.as_str()).collect();
                let wrong = (
                    format!("`{id}` reads no accounts over the network"),
                    format!("name one of {}", known.join(", ")),
                );
                return Err(flag("--connector", wrong).into());
            }
            return Ok(Some(connector));
        }
        match (candidates.as_slice(), self.ask) {
            ([one], _) => Ok(Some(one)),
            (several, Some(ask)) => {
                let items: Vec<String> = several.iter().map(|connector| described(connector)).collect();
                let chosen = ask.choice("Which system do people sign in to?", &items)?;
                Ok(several.get(chosen).copied())
            }
            (_, None) => {
                self.missing.push(("the connector", "--connector ID".to_owned()));
                Ok(None)
            }
        }
    }

    /// A source that is read over the network.
    fn live(&mut self, connector: &'a Connector, variable: Option<&str>) -> Result<SourceAnswer, CommandError> {
        let params = self.params(connector)?;
        let auth = self.sign_in(connector, &params, variable)?;
        Ok(SourceAnswer {
            connector: connector.id.clone(),
            file: None,
            params,
            auth,
        })
    }

    /// The connector's parameters: those that a flag sets, and those that it cannot do without.
    fn params(&mut self, connector: &'a Connector) -> Result<Vec<(String, String)>, CommandError> {
        let mut params = Vec::new();
        for (name, param) in &connector.manifest.params.0 {
            let name = name.value.as_str();
            let full = format!("{}.{name}", connector.id);
            let given =
                self.args.params.iter().rev().find(|(written, _)| {
                    *written == full || (written == name && !self.used.contains(&written.as_str()))
                });
            let value = match (given, self.ask) {
                (Some((written, value)), _) => {
                    self.used.push(written);
                    check_param(name, param, value).map_err(|wrong| flag("--param", wrong))?;
                    value.clone()
                }
                (None, _) if param.default.is_some() => continue,
                (None, Some(ask)) => {
                    param.help.iter().for_each(|help| ask.hint(&format!("{name}: {help}")));
                    let mut check = |answer: &str| check_param(name, param, answer).map_err(in_one_line);
                    ask.text(&format!("{} {name}", connector.id), None, &mut check)?
                }
                (None, None) => {
                    let own = if self.used.contains(&name) { full.as_str() } else { name };
                    self.missing.push(("a parameter", format!("--param {own}=…")));
                    continue;
                }
            };
            params.push((name.to_owned(), value));
        }
        Ok(params)
    }

    /// Where its credential is. What is pasted goes into the user's own store, under a name for this tenant alone.
    fn sign_in(
        &mut self,
        connector: &Connector,
        params: &[(String, String)],
        variable: Option<&str>,
    ) -> Result<Option<SignIn>, CommandError> {
        if variable.is_some_and(|name| !is_variable(name)) {
            // What stands there may be the secret itself: it is not repeated.
            let wrong = (
                "it is no name of a variable".to_owned(),
                "write the name of the variable that holds the credential, in capitals".to_owned(),
            );
            return Err(flag("--token-env", wrong).into());
        }
        let own = init::from_environment(connector, variable);
        let pasted = init::way(connector).filter(|(_, auth)| init::is_one_secret(auth));
        let (
            Some(ask),
            None,
            Some((way, auth)),
            Some(SignIn {
                secret: Secret::Env(default),
                ..
            }),
        ) = (self.ask, variable, pasted, &own)
        else {
            return Ok(own);
        };
        auth.help.iter().for_each(|help| ask.hint(&format!("{way}: {help}")));
        let question = format!("{} {way} (hidden; empty: read from {default} each time)", connector.id);
        let secret = ask.secret(&question)?;
        if secret.is_empty() {
            return Ok(own);
        }
        let name = stored_name(connector, params);
        self.secrets.push((name.clone(), secret));
        Ok(Some(SignIn {
            way: way.to_owned(),
            secret: Secret::Stored(name),
        }))
    }

    fn critical(&mut self, connector: Option<&Connector>) -> Result<Option<bool>, AskError> {
        match (self.args.critical, self.ask) {
            (Some(answer), _) => Ok(Some(answer == YesOrNo::Yes)),
            (None, Some(ask)) => {
                let name = connector.map_or("it", |connector| connector.id.as_str());
                ask.confirm(&format!("Is {name} a critical system?"), true).map(Some)
            }
            (None, None) => {
                self.missing
                    .push(("whether it is critical", "--critical yes|no".to_owned()));
                Ok(None)
            }
        }
    }

    /// Where the staff are.
    fn roster(&mut self) -> Result<Option<SourceAnswer>, CommandError> {
        let answer = match (&self.args.roster, self.ask) {
            (Some(answer), _) => answer.clone(),
            (None, Some(ask)) => {
                let live = init::of_staff(self.connectors.iter());
                let live: Vec<&str> = live.iter().map(|connector| connector.id.as_str()).collect();
                let or = if live.is_empty() {
                    String::new()
                } else {
                    format!(", or {}", live.join(", "))
                };
                let question = format!("Where is the staff roster? (a CSV, JSON or YAML file{or})");
                let mut check = |answer: &str| match self.staff_connector(answer) {
                    Some(_) => Ok(()),
                    None => {
                        let source = self.file(answer).map_err(in_one_line)?;
                        roster::people(self.connectors, self.project, &source).map_err(in_one_line)?;
                        Ok(())
                    }
                };
                ask.text(&question, None, &mut check)?
            }
            (None, None) => {
                self.missing.push(("the roster", "--roster PATH".to_owned()));
                return Ok(None);
            }
        };
        if let Some(connector) = self.staff_connector(&answer) {
            return self.live(connector, None).map(Some);
        }
        let mut source = self.file(&answer).map_err(|wrong| flag("--roster", wrong))?;
        if let Some(connector) = self.connectors.get(&source.connector) {
            source.params = self.params(connector)?;
        }
        Ok(Some(source))
    }

    /// The connector of that name, if it reads staff over the network and no file has that name.
    fn staff_connector(&self, answer: &str) -> Option<&'a Connector> {
        let mut live = init::of_staff(self.connectors.iter()).into_iter();
        live.find(|connector| connector.id == answer && !Path::new(answer).exists())
    }

    /// A source that is a file, as seen from the project's folder, with the connector that reads such files.
    fn file(&self, answer: &str) -> Result<SourceAnswer, Wrong> {
        let path = Path::new(answer);
        let wrong = |message: &str| (format!("`{answer}`: {message}"), "name a file that is there".to_owned());
        if answer.is_empty() {
            return Err((
                "a roster is needed: it says who works here".to_owned(),
                "name a file".to_owned(),
            ));
        }
        match fs::metadata(path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(wrong("it is a directory, not a file")),
            Err(error) => return Err(wrong(&crate::error::said(&error, "file"))),
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let reads = |connector: &&Connector| {
            let mut formats = connector.manifest.formats.iter();
            formats.any(|format| format.value.word() == ending.to_ascii_lowercase())
        };
        let files = init::of_staff_files(self.connectors.iter());
        let connector = files.iter().copied().find(reads).or_else(|| files.first().copied());
        let connector = connector.ok_or_else(|| wrong("no connector reads staff from a file"))?;
        Ok(SourceAnswer {
            connector: connector.id.clone(),
            file: Some(seen_from(folder_of(self.project), path)),
            params: Vec::new(),
            auth: None,
        })
    }

    /// Who may have an account. A job role that nobody on the roster holds is a slip.
    fn access(&mut self, people: Option<&[Staff]>) -> Result<Option<Who>, CommandError> {
        let check = |answer: &str| match who(answer)? {
            Who::AllStaff => Ok(Who::AllStaff),
            Who::JobRoles(roles) => {
                people.map_or(Ok(()), |people| roster::held(&roles, people))?;
                Ok(Who::JobRoles(roles))
            }
        };
        let answer = match (&self.args.access, self.ask) {
            (Some(answer), _) => answer.clone(),
            (None, Some(ask)) => {
                let roles = people.map(roster::job_roles).unwrap_or_default();
                let some: Vec<&str> = roles.iter().take(20).map(String::as_str).collect();
                let more = if roles.len() > some.len() { ", …" } else { "" };
                if !some.is_empty() {
                    ask.hint(&format!("job roles on the roster: {}{more}", some.join(", ")));
                }
                let question = "Who may have an account? (all_staff, or job roles: a, b)";
                ask.text(question, Some("all_staff"), &mut |answer| {
                    check(answer).map(drop).map_err(in_one_line)
                })?
            }
            (None, None) => {
                self.missing
                    .push(("who may have an account", "--access all_staff|ROLE,ROLE".to_owned()));
                return Ok(None);
            }
        };
        Ok(Some(check(&answer).map_err(|wrong| flag("--access", wrong))?))
    }

    /// A parameter that no connector has was meant for something.
    fn no_param_is_left(&self) -> Result<(), InitError> {
        // Where a question is open, so is which connector it could be of.
        let left = self
            .args
            .params
            .iter()
            .find(|(name, _)| !self.used.contains(&name.as_str()));
        match left {
            Some((name, _)) if self.missing.is_empty() => {
                let wrong = (
                    format!("no chosen connector has a parameter `{name}`"),
                    "`rolecall connectors ID` lists them".to_owned(),
                );
                Err(flag("--param", wrong))
            }
            _ => Ok(()),
        }
    }
}

fn flag(flag: &'static str, (message, help): Wrong) -> InitError {
    InitError::Flag { flag, message, help }
}

fn in_one_line((message, help): Wrong) -> String {
    format!("{message}; {help}")
}
