//! `rolecall connect`: a person allows an application of their own to read, and what it signs in with is stored.

use std::collections::BTreeMap;
use std::path::Path;

use super::CommandError;
use super::error::OutputError;
use crate::cli::ConnectArgs;
use crate::collect::authorize::{self, Authorization, Step};
use crate::collect::store;
use crate::connector::{Connector, Connectors};
use crate::error::{Explain, did_you_mean};
use crate::exit::Exit;
use crate::project::Project;
use crate::report::{self, ask};

/// What was given to `connect` and cannot be meant.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error("there is no connector `{id}`")]
    NoConnector { id: String, help: String },
    #[error("the variable `{name}` of `--client-secret-env` is not set, or holds no text")]
    NoVariable { name: String },
    #[error("`--client-secret-env` is no name of a variable")]
    NoName,
    #[error("the parameter `{name}` is given twice")]
    Twice { name: String },
}

impl Explain for ConnectError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::NoConnector { help, .. } => help.clone(),
            Self::NoVariable { name } => format!("set `{name}`, or leave `--client-secret-env` out to be asked"),
            Self::NoName => {
                "name the variable that holds the secret, not the secret: `--client-secret-env APP_SECRET`".to_owned()
            }
            Self::Twice { name } => format!("give `--param {name}=…` once"),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Usage
    }
}

/// Asks, waits and stores.
pub fn run(args: &ConnectArgs) -> Result<Exit, CommandError> {
    let connectors = known(args)?;
    let connector = named(&connectors, &args.connector)?;
    // Whatever can be wrong is found before anybody types a secret.
    authorize::way(connector)?;
    let mut params = BTreeMap::new();
    for (name, value) in &args.params {
        if params.insert(name.clone(), value.clone()).is_some() {
            return Err(ConnectError::Twice { name: name.clone() }.into());
        }
    }
    let name = args.name.as_deref().unwrap_or(&connector.id);
    store::prepare(name)?;
    let client_secret = client_secret(args)?;
    let asked = Authorization {
        connector,
        name,
        client_id: &args.client_id,
        client_secret: &client_secret,
        port: args.port,
        params: &params,
        authorize_url: args.authorize_url.as_deref(),
        token_url: args.token_url.as_deref(),
    };
    let connected = authorize::authorize(&asked, &|step| match step {
        Step::Open(address, callback) => report::open(address, callback),
        Step::Ignored(why) => report::ignored(why),
    })?;
    report::kept(&report::Kept {
        connector: &connector.id,
        way: &connected.way,
        name,
        path: &connected.path,
        scope: connected.scope.as_deref(),
        api_domain: connected.api_domain.as_deref(),
    })
    .map_err(OutputError)?;
    Ok(Exit::Clean)
}

/// The built-in connectors, and those of a project.
fn known(args: &ConnectArgs) -> Result<Connectors, CommandError> {
    let here = Path::new(".");
    let project = match &args.project {
        Some(path) => Some(Project::load(path)?),
        None if here.join("rolecall.yaml").is_file() => Some(Project::load(here)?),
        None => None,
    };
    let folders = project.map(|project| project.connectors).unwrap_or_default();
    Ok(Connectors::load(&folders)?)
}

fn named<'a>(connectors: &'a Connectors, id: &str) -> Result<&'a Connector, ConnectError> {
    connectors.get(id).ok_or_else(|| {
        // Only those that a person can allow are worth naming.
        let offered = connectors.iter().filter(|connector| authorize::way(connector).is_ok());
        let offered: Vec<&str> = offered.map(|connector| connector.id.as_str()).collect();
        ConnectError::NoConnector {
            id: id.to_owned(),
            help: did_you_mean(id, offered.iter().copied()),
        }
    })
}

fn client_secret(args: &ConnectArgs) -> Result<String, CommandError> {
    let Some(name) = &args.client_secret_env else {
        return Ok(ask::secret("client secret of the application")?);
    };
    // A secret that was pasted in the place of its name must not come back in an error.
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(letters) {
        return Err(ConnectError::NoName.into());
    }
    std::env::var(name).map_err(|_| ConnectError::NoVariable { name: name.clone() }.into())
}
