//! Questions and answers without a terminal.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::Parser;

use super::*;
use crate::cli::{Cli, Command};
use crate::init::Who;
use crate::report::ask::AskError;

/// Somebody who gives these answers, one after the other, and remembers what they were told.
#[derive(Default)]
struct Scripted {
    answers: RefCell<Vec<&'static str>>,
    told: RefCell<Vec<String>>,
}

impl Scripted {
    fn of(answers: &[&'static str]) -> Self {
        Self {
            answers: RefCell::new(answers.iter().rev().copied().collect()),
            told: RefCell::default(),
        }
    }

    fn next(&self, question: &str) -> Result<&'static str, AskError> {
        self.told.borrow_mut().push(question.to_owned());
        let next = self.answers.borrow_mut().pop();
        next.ok_or_else(|| AskError::NoTerminal {
            question: question.to_owned(),
        })
    }

    fn told(&self, part: &str) -> bool {
        self.told.borrow().iter().any(|told| told.contains(part))
    }
}

impl Ask for Scripted {
    fn hint(&self, text: &str) {
        self.told.borrow_mut().push(text.to_owned());
    }
    fn text(
        &self,
        question: &str,
        default: Option<&str>,
        check: &mut dyn FnMut(&str) -> Result<(), String>,
    ) -> Result<String, AskError> {
        loop {
            let answer = match self.next(question)? {
                "" => default.unwrap_or_default(),
                answer => answer,
            };
            match check(answer) {
                Ok(()) => return Ok(answer.to_owned()),
                Err(wrong) => self.told.borrow_mut().push(wrong),
            }
        }
    }
    fn secret(&self, question: &str) -> Result<String, AskError> {
        self.next(question).map(str::to_owned)
    }
    fn choice(&self, question: &str, items: &[String]) -> Result<usize, AskError> {
        items.iter().for_each(|item| self.hint(item));
        let answer = self.next(question)?;
        Ok(items
            .iter()
            .position(|item| item.starts_with(answer))
            .unwrap_or_default())
    }
    fn confirm(&self, question: &str, default: bool) -> Result<bool, AskError> {
        Ok(match self.next(question)? {
            "" => default,
            answer => answer == "yes",
        })
    }
}

fn args(flags: &[&str]) -> InitArgs {
    let line = ["rolecall", "init"].into_iter().chain(flags.iter().copied());
    match Cli::try_parse_from(line).unwrap().command {
        Command::Init(args) => args,
        _ => panic!("another command"),
    }
}

fn roster() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/acme/roster.csv")
}

/// The connector that the tests answer for: one whose credential can be pasted.
fn connector(connectors: &Connectors) -> String {
    let mut found = init::of_accounts(connectors.iter()).into_iter();
    let found = found.find(|one| {
        let required = one
            .manifest
            .params
            .0
            .iter()
            .filter(|(_, param)| param.default.is_none());
        required.count() == 1 && init::way(one).is_some_and(|(_, auth)| init::is_one_secret(auth))
    });
    found.unwrap().id.clone()
}

fn gather(flags: &[&str], ask: Option<&dyn Ask>) -> Result<Gathered, CommandError> {
    let connectors = Connectors::load(&[]).unwrap();
    let id = connector(&connectors);
    let mut flags = flags.to_vec();
    flags.extend(["--connector", &id]);
    let args = args(&flags);
    let folder = tempfile::tempdir().unwrap();
    Interview::new(&args, &connectors, &folder.path().join(NAME), ask).gather()
}

#[test]
fn five_questions_are_enough() {
    let roster: &'static str = roster().display().to_string().leak();
    let person = Scripted::of(&["acme", "not-a-token", "", roster, ""]);
    let gathered = gather(
        &["--organisation", "Acme", "--timezone", "europe/berlin"],
        Some(&person),
    )
    .unwrap();
    assert!(person.answers.borrow().is_empty());
    let answers = &gathered.answers;
    assert_eq!(answers.timezone, "Europe/Berlin");
    assert_eq!(answers.access, Who::AllStaff);
    assert!(answers.critical);
    assert_eq!(gathered.people, Some(47));
    assert_eq!(answers.staff.file.as_deref(), Some(roster));
    // The token is in no answer that is written down; its name is the tenant's own.
    let name = format!("{}-acme", answers.accounts.connector);
    assert_eq!(gathered.secrets, [(name.clone(), "not-a-token".to_owned())]);
    assert!(!init::write(answers).contains("not-a-token"));
    assert_eq!(answers.accounts.auth.as_ref().unwrap().secret, Secret::Stored(name));
    assert!(person.told("Sales manager"), "the job roles of the roster are shown");
}

#[test]
fn what_cannot_be_is_asked_again() {
    let roster: &'static str = roster().display().to_string().leak();
    let person = Scripted::of(&[
        "acme.example.com",
        "",
        "acme",
        "",
        "no",
        "nowhere.csv",
        "/",
        "",
        roster,
        "Sales manger",
        "all_staff, Sales manager",
        ",",
        "sales manager, Controller",
    ]);
    let gathered = gather(&[], Some(&person)).unwrap();
    assert!(person.answers.borrow().is_empty());
    for told in [
        "letters, digits",
        "is empty",
        "there is no such file",
        "it is a directory",
        "a roster is needed",
        "did you mean `Sales manager`?",
        "write all_staff alone",
        "it names nobody",
    ] {
        assert!(person.told(told), "{told}: {:?}", person.told.borrow());
    }
    let answers = &gathered.answers;
    assert!(!answers.critical);
    assert_eq!(
        answers.access,
        Who::JobRoles(vec!["sales manager".to_owned(), "Controller".to_owned()])
    );
    let variable = format!("{}_TOKEN", answers.accounts.connector.to_ascii_uppercase());
    assert_eq!(answers.accounts.auth.as_ref().unwrap().secret, Secret::Env(variable));
    assert!(gathered.secrets.is_empty());
}

#[test]
fn a_flag_that_is_given_is_not_asked() {
    let roster = roster().display().to_string();
    let connectors = Connectors::load(&[]).unwrap();
    let id = connector(&connectors);
    let param = &connectors.get(&id).unwrap().manifest.params.0[0].0.value;
    for name in [param.clone(), format!("{id}.{param}")] {
        let value = format!("{name}=acme");
        let flags = [
            "--param",
            &value,
            "--token-env",
            "CRM",
            "--critical",
            "no",
            "--access",
            "all_staff",
            "--roster",
            &roster,
        ];
        let nobody = Scripted::default();
        for ask in [None, Some(&nobody as &dyn Ask)] {
            let gathered = gather(&flags, ask).unwrap();
            assert_eq!(gathered.answers.accounts.params, [(param.clone(), "acme".to_owned())]);
            assert_eq!(
                gathered.answers.accounts.auth.unwrap().secret,
                Secret::Env("CRM".to_owned())
            );
        }
        assert!(nobody.told.borrow().is_empty());
    }
}

#[test]
fn a_flag_that_cannot_be_meant_says_so() {
    let roster = roster().display().to_string();
    let given = ["--critical", "yes", "--access", "all_staff", "--roster", &roster];
    let table: [(&[&str], &str); 6] = [
        (&["--timezone", "Europe/Berln"], "there is no time zone `Europe/Berln`"),
        (&["--organisation", " "], "it is empty"),
        (&["--token-env", "not-a-token"], "it is no name of a variable"),
        (&["--roster", "/"], "it is a directory"),
        (&["--access", "Astronaut"], "nobody on the roster is `Astronaut`"),
        (
            &["--param", "colour=red"],
            "no chosen connector has a parameter `colour`",
        ),
    ];
    let connectors = Connectors::load(&[]).unwrap();
    let id = connector(&connectors);
    let param = format!("{}=acme", connectors.get(&id).unwrap().manifest.params.0[0].0.value);
    for (flags, expected) in table {
        let flag = flags[0];
        let mut all: Vec<&str> = given
            .chunks(2)
            .filter(|pair| pair[0] != flag)
            .flatten()
            .copied()
            .collect();
        all.extend(["--param", &param]);
        all.extend(flags);
        let error = gather(&all, None).err().unwrap();
        let words = error.explained().to_string();
        assert!(words.contains(expected) && words.contains(flag), "{words}");
        assert!(error.explained().help().is_some());
        assert!(
            !words.contains("not-a-token"),
            "what may be a secret is not repeated: {words}"
        );
    }
}

#[test]
fn where_nobody_is_all_open_questions_are_told_at_once() {
    let error = gather(&[], None).err().unwrap();
    let help = error.explained().help().unwrap();
    for flag in [
        "--param ",
        "--critical yes|no",
        "--roster PATH",
        "--access all_staff|ROLE,ROLE",
    ] {
        assert!(help.contains(flag), "{help}");
    }
}

#[test]
fn a_parameter_that_two_connectors_have_is_asked_for_by_its_whole_name() {
    let connectors = Connectors::load(&[]).unwrap();
    let id = connector(&connectors);
    let system = connectors.get(&id).unwrap();
    let (name, _) = system
        .manifest
        .params
        .0
        .iter()
        .find(|(_, param)| param.default.is_none())
        .unwrap();
    let name = name.value.as_str();
    let mut of_staff = init::of_staff(connectors.iter()).into_iter();
    let other = of_staff
        .find(|one| {
            one.manifest
                .params
                .0
                .iter()
                .any(|(own, param)| own.value == name && param.default.is_none())
        })
        .unwrap();
    let given = format!("{name}=acme");
    let flags = [
        "--param",
        &given,
        "--roster",
        &other.id,
        "--critical",
        "yes",
        "--access",
        "all_staff",
    ];
    let error = gather(&flags, None).err().unwrap();
    let help = error.explained().help().unwrap();
    assert!(help.contains(&format!("--param {}.{name}=…", other.id)), "{help}");
}
