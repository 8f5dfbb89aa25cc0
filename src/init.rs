//! The first `rolecall.yaml` of an organisation: what a few answers say, written so that a person can go on from there.
//!
//! Pure: connectors and answers in, text out. Who asks, and where the text goes, is for `commands/init.rs`.

use std::fmt::Write as _;

use crate::connector::Connector;
use crate::connector::manifest::{Auth, AuthKind, Kind, ParamKind};
use crate::snapshot::Collection;
use crate::yaml;

/// Everything that the file says.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The organisation's name.
    pub organisation: String,
    /// The IANA name of its time zone.
    pub timezone: String,
    /// Where the accounts come from.
    pub accounts: SourceAnswer,
    /// Whether what they sign in to holds what matters.
    pub critical: bool,
    /// Who may have an account.
    pub access: Who,
    /// Where the staff come from.
    pub staff: SourceAnswer,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceAnswer {
    /// Its id, which is its connector's.
    pub connector: String,
    /// The file that it reads, as seen from the project's folder; null for a live source.
    pub file: Option<String>,
    /// Values for the connector's parameters, in the manifest's order.
    pub params: Vec<(String, String)>,
    /// How it signs in; null for files.
    pub auth: Option<SignIn>,
}

/// A way to sign in, and where its secrets are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The connector's name for the way.
    pub way: String,
    /// Where they are.
    pub secret: Secret,
}

/// Where the secrets of a source are. Never the secrets themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// One secret, in this variable of the environment.
    Env(String),
    /// In the user's own store, under this name.
    Stored(String),
    /// Several, each in a variable of the environment: part, variable.
    Parts(Vec<(&'static str, String)>),
}

/// Who may have an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Everybody on the roster.
    AllStaff,
    /// Whoever has one of these job roles.
    JobRoles(Vec<String>),
}

/// The connectors that read the accounts of a system over the network, the likeliest first: one that a person can allow
/// to read by hand is a product that people sign in to, and not a service between products.
pub fn of_accounts<'a>(connectors: impl Iterator<Item = &'a Connector>) -> Vec<&'a Connector> {
    let mut found = providing(connectors, Collection::Accounts, Kind::Http);
    let by_hand = |connector: &Connector| {
        let mut ways = connector.manifest.auth.0.iter();
        ways.any(|(_, auth)| auth.authorize_url.is_some())
    };
    found.sort_by_key(|connector| (!by_hand(connector), connector.id.clone()));
    found
}

/// The connectors that read staff over the network, by id.
pub fn of_staff<'a>(connectors: impl Iterator<Item = &'a Connector>) -> Vec<&'a Connector> {
    providing(connectors, Collection::Staff, Kind::Http)
}

/// The connectors that read staff from a file, by id.
pub fn of_staff_files<'a>(connectors: impl Iterator<Item = &'a Connector>) -> Vec<&'a Connector> {
    providing(connectors, Collection::Staff, Kind::File)
}

fn providing<'a>(
    connectors: impl Iterator<Item = &'a Connector>,
    collection: Collection,
    kind: Kind,
) -> Vec<&'a Connector> {
    let fits = |connector: &&Connector| {
        let manifest = &connector.manifest;
        manifest.kind.value == kind && manifest.provides().any(|(provided, _)| provided == collection)
    };
    connectors.filter(fits).collect()
}

/// The way to sign in that a new project uses: the first of the manifest that needs no program of the user's own.
pub fn way(connector: &Connector) -> Option<(&str, &Auth)> {
    let ways = connector
        .manifest
        .auth
        .0
        .iter()
        .map(|(name, auth)| (name.value.as_str(), auth));
    let mut ways = ways.filter(|(_, auth)| auth.kind.value != AuthKind::Command);
    ways.next()
}

/// Whether a way needs one secret that a person can paste.
pub fn is_one_secret(auth: &Auth) -> bool {
    match auth.kind.value {
        AuthKind::Header | AuthKind::Bearer => true,
        AuthKind::Basic => auth.username.is_some() || auth.password.is_some(),
        AuthKind::Oauth2Refresh | AuthKind::Oauth2ClientCredentials | AuthKind::JwtBearer | AuthKind::Command => false,
    }
}

/// How a source signs in whose secrets are in the environment; `variable` names the one, where there is one. What a
/// person allows by hand is never there: `rolecall connect` stores it.
pub fn from_environment(connector: &Connector, variable: Option<&str>) -> Option<SignIn> {
    let (way, auth) = way(connector)?;
    let id = connector.id.to_ascii_uppercase();
    let named = |ending: &str| variable.map_or_else(|| format!("{id}_{ending}"), str::to_owned);
    let secret = match auth.kind.value {
        _ if is_one_secret(auth) => Secret::Env(named("TOKEN")),
        AuthKind::Oauth2Refresh => Secret::Stored(connector.id.clone()),
        AuthKind::JwtBearer => Secret::Env(named("KEY")),
        AuthKind::Basic => Secret::Parts(vec![
            ("username", format!("{id}_USERNAME")),
            ("password", named("PASSWORD")),
        ]),
        _ => Secret::Parts(vec![
            ("client_id", format!("{id}_CLIENT_ID")),
            ("client_secret", named("CLIENT_SECRET")),
        ]),
    };
    Some(SignIn {
        way: way.to_owned(),
        secret,
    })
}

/// The project file.
pub fn write(answers: &Answers) -> String {
    let (accounts, staff) = (&answers.accounts, &answers.staff);
    let mut out = String::from(HEAD);
    line(
        &mut out,
        0,
        &format!("organisation: {}", yaml::text(&answers.organisation)),
    );
    line(
        &mut out,
        0,
        &format!("timezone: {}  # a day ends here", yaml::text(&answers.timezone)),
    );
    line(&mut out, 0, "\n# Where the facts come from.\nsources:");
    source(&mut out, accounts);
    if staff.connector != accounts.connector {
        source(&mut out, staff);
    }
    line(&mut out, 0, "\n# What people sign in to, and who may.\nsystems:");
    system(&mut out, &accounts.connector, answers.critical, &answers.access);
    line(
        &mut out,
        0,
        "\n# The rosters that say who works here, the most trusted first.\nstaff:",
    );
    line(&mut out, 2, &format!("sources: [{}]", yaml::text(&staff.connector)));
    let key = yaml::text(&format!("{}:bot@example.com", accounts.connector));
    let _ = write!(
        out,
        "\n# Accounts that no rule can match with the roster are explained here.\n\
         # identities:\n\
         #   - account: {key}\n\
         #     not_staff: {{kind: service, owner: ada@example.com, reason: copies invoices}}\n"
    );
    out
}

const HEAD: &str = "\
# What an organisation decides and no system can tell: which systems matter, and who may use them.
# docs/project.md of rolecall explains every key.
rolecall: 1
";

/// What a project says to use a connector, with what is still to be filled in.
pub fn paste(connector: &Connector) -> String {
    let manifest = &connector.manifest;
    let required = manifest.params.0.iter().filter(|(_, param)| param.default.is_none());
    let answer = SourceAnswer {
        connector: connector.id.clone(),
        file: (manifest.kind.value == Kind::File).then(|| {
            let ending = manifest.formats.first().map_or("csv", |format| format.value.word());
            format!("{}.{ending}", connector.id)
        }),
        params: required
            .map(|(name, param)| {
                let sample = match (param.one_of.first(), param.kind) {
                    (Some(word), _) => word.clone(),
                    (None, ParamKind::Url) => "https://example.com".to_owned(),
                    (None, ParamKind::Text | ParamKind::Label) => name.value.to_ascii_uppercase().replace('_', "-"),
                };
                (name.value.clone(), sample)
            })
            .collect(),
        auth: from_environment(connector, None),
    };
    let mut out = "sources:\n".to_owned();
    source(&mut out, &answer);
    if manifest.kind.value == Kind::Exec {
        line(&mut out, 4, "from: {run: [program, argument]}");
    }
    if manifest
        .provides()
        .any(|(provided, _)| provided == Collection::Accounts)
    {
        out.push_str("systems:\n");
        system(&mut out, &connector.id, true, &Who::AllStaff);
    }
    out
}

fn source(out: &mut String, source: &SourceAnswer) {
    let id = yaml::text(&source.connector);
    line(out, 2, &format!("{id}:"));
    line(out, 4, &format!("connector: {id}"));
    if let Some(file) = &source.file {
        line(out, 4, &format!("from: {{file: {}}}", yaml::text(file)));
    }
    if !source.params.is_empty() {
        line(out, 4, "params:");
        for (name, value) in &source.params {
            line(out, 6, &format!("{}: {}", yaml::text(name), yaml::text(value)));
        }
    }
    if let Some(SignIn { way, secret }) = &source.auth {
        line(out, 4, &format!("auth: {{{}: {}}}", yaml::text(way), place(secret)));
    }
    if source.file.is_some() {
        line(
            out,
            4,
            "# The day on which the file was exported, and how old it may be:",
        );
        line(out, 4, "# as_of: 2026-11-20");
        line(out, 4, "# max_age: 7d");
    } else {
        line(
            out,
            4,
            "# Older than this at the time of a run, and nothing is decided:",
        );
        line(out, 4, "# max_age: 2d");
    }
}

fn place(secret: &Secret) -> String {
    match secret {
        Secret::Env(variable) => format!("{{env: {}}}", yaml::text(variable)),
        Secret::Stored(name) => format!("{{stored: {}}}", yaml::text(name)),
        Secret::Parts(parts) => {
            let parts = parts
                .iter()
                .map(|(part, variable)| format!("{part}: {{env: {}}}", yaml::text(variable)));
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
    }
}

fn system(out: &mut String, id: &str, critical: bool, access: &Who) {
    line(out, 2, &format!("{}:", yaml::text(id)));
    line(out, 4, &format!("critical: {critical}"));
    line(
        out,
        4,
        "# An account is valid if one rule allows it; inside a rule every key must hold.",
    );
    line(out, 4, "access:");
    match access {
        Who::AllStaff => {
            line(out, 6, "- name: everybody on the roster");
            line(out, 8, "all_staff: true");
        }
        Who::JobRoles(roles) => {
            let roles: Vec<String> = roles.iter().map(|role| yaml::text(role)).collect();
            line(out, 6, "- name: by job role");
            line(out, 8, &format!("staff_roles: [{}]", roles.join(", ")));
        }
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{:indent$}{text}", "");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::connector::Connectors;
    use crate::project::{Project, SecretConfig, SecretPlace};

    fn connectors() -> Connectors {
        Connectors::load(&[]).unwrap()
    }

    fn load(text: &str) -> Project {
        Project::from_bytes(Path::new("rolecall.yaml"), text.as_bytes())
            .unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    fn answer(connector: &Connector, auth: Option<SignIn>, value: &str) -> SourceAnswer {
        let file = connector.manifest.kind.value == Kind::File;
        SourceAnswer {
            connector: connector.id.clone(),
            file: file.then(|| value.to_owned()),
            params: connector
                .manifest
                .params
                .0
                .iter()
                .map(|(name, _)| (name.value.clone(), value.to_owned()))
                .collect(),
            auth,
        }
    }

    /// Every connector of accounts with every connector of staff, every place of a secret, every rule, and values that
    /// would end a line, a list or a text.
    #[test]
    fn whatever_is_answered_is_a_project_that_says_so() {
        let connectors = connectors();
        let hostile = "a: \"b\"\n- c, d]} #\u{202e} 'e' null";
        let staff = [of_staff(connectors.iter()), of_staff_files(connectors.iter())].concat();
        let accounts = of_accounts(connectors.iter());
        assert!(!staff.is_empty() && !accounts.is_empty());
        let roles = vec![
            "Head of \"sales\", EMEA".to_owned(),
            "no".to_owned(),
            hostile.to_owned(),
        ];
        for (accounts, staff) in accounts
            .iter()
            .flat_map(|one| staff.iter().map(move |other| (one, other)))
        {
            for stored in [true, false] {
                for access in [Who::AllStaff, Who::JobRoles(roles.clone())] {
                    let signs_in = from_environment(accounts, Some("SECRET_OF_MINE")).map(|own| SignIn {
                        secret: if stored {
                            Secret::Stored(accounts.id.clone())
                        } else {
                            own.secret
                        },
                        ..own
                    });
                    let answers = Answers {
                        organisation: hostile.to_owned(),
                        timezone: "Europe/Berlin".to_owned(),
                        accounts: answer(accounts, signs_in, hostile),
                        critical: stored,
                        access: access.clone(),
                        staff: answer(staff, from_environment(staff, None), hostile),
                    };
                    let project = load(&write(&answers));
                    assert_eq!(project.organisation, hostile);
                    let source = project.sources.iter().find(|source| source.id == accounts.id).unwrap();
                    assert_eq!(source.params.len(), answers.accounts.params.len());
                    assert!(source.params.values().all(|value| value == hostile));
                    assert!(source.auth.is_some(), "{}", accounts.id);
                    let system = project.systems.first().unwrap();
                    assert_eq!((system.critical, system.connected), (stored, true));
                    let rule = system.access.first().unwrap();
                    assert_eq!(rule.all_staff, access == Who::AllStaff);
                    assert_eq!(rule.staff_roles.is_some(), access != Who::AllStaff);
                    if let Some(held) = &rule.staff_roles {
                        assert_eq!(*held, roles);
                    }
                    assert_eq!(project.staff.sources, std::slice::from_ref(&staff.id));
                }
            }
        }
    }

    #[test]
    fn every_connector_can_be_pasted() {
        for connector in connectors().iter() {
            let text = format!("rolecall: 1\norganisation: a\ntimezone: UTC\n{}", paste(connector));
            let project = load(&text);
            assert_eq!(project.sources.len(), 1);
            for (name, param) in &connector.manifest.params.0 {
                let set = project.sources[0].params.get(&name.value);
                assert_eq!(set.is_some(), param.default.is_none(), "{}", connector.id);
                assert_eq!(set.and_then(|value| param.refuses(value)), None, "{}", connector.id);
            }
        }
    }

    #[test]
    fn a_secret_is_named_after_its_source() {
        let connectors = connectors();
        let first = of_accounts(connectors.iter())[0];
        assert!(
            first
                .manifest
                .auth
                .0
                .iter()
                .any(|(_, auth)| auth.authorize_url.is_some())
        );
        let own = from_environment(first, None).unwrap();
        assert_eq!(
            own.secret,
            Secret::Env(format!("{}_TOKEN", first.id.to_ascii_uppercase()))
        );
        let answers = SourceAnswer {
            auth: Some(own),
            ..answer(first, None, "a")
        };
        let mut text = "rolecall: 1\norganisation: a\ntimezone: UTC\nsources:\n".to_owned();
        source(&mut text, &answers);
        let project = load(&text);
        let auth = project.sources[0].auth.clone().unwrap();
        assert!(matches!(auth.secret, SecretConfig::Whole(SecretPlace::Env(_))));
    }
}
