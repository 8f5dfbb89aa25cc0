//! Systems: as a part of an account's document, and as subjects.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::approvals::Approvals;
use super::catalogue::Catalogue;
use super::context::{Context, part, paths};
use super::document::{self, Counts};
use super::rules::{self, Columns, Known, Rules};
use super::trust;
use super::{Need, Subject, SubjectError};
use crate::finding::{Notice, SubjectKind, SubjectRef};
use crate::identity::Found;
use crate::project::SystemConfig;
use crate::snapshot::{AccountState, Admin, Collection, Source, System};
use crate::staff::Words;

/// One system, resolved once and shared by all its accounts.
pub struct SystemPart<'a> {
    pub id: &'a str,
    pub name: String,
    pub critical: bool,
    pub source: Option<&'a Source>,
    /// Why its accounts are not all there; null where they are.
    pub accounts_gap: Option<String>,
    pub approvals: Approvals<'a>,
    /// Indexes into the snapshot's accounts, sorted by key.
    pub accounts: Vec<usize>,
    pub document: Arc<Value>,
    /// The rules that name people, with the people's keys.
    pub naming_rules: Vec<(String, BTreeSet<String>)>,
    /// Paths of `system` that cannot be filled.
    pub unavailable: BTreeSet<String>,
    /// Whether rows that are still missing could say whose some account is.
    pub identities_open: bool,
}

impl SystemPart<'_> {
    /// Whether it may have accounts, or addresses of accounts, that nobody saw.
    pub fn hides_accounts(&self) -> bool {
        self.accounts_gap.is_some() || self.source.is_some_and(|source| source.lists("account.email"))
    }

    /// The paths of its accounts in a list that cannot be filled.
    pub fn listed_account_gaps(&self) -> impl Iterator<Item = String> {
        let missing = self.source.into_iter().flat_map(|source| &source.unavailable);
        missing
            .filter_map(|path| path.strip_prefix("account."))
            .map(|field| format!("accounts[].{field}"))
    }
}

/// Every system of the project and the snapshot, sorted by id.
pub fn systems<'a>(context: &Context<'a>, notices: &mut Vec<Notice>) -> Result<Vec<SystemPart<'a>>, SubjectError> {
    let configs: BTreeMap<&str, &SystemConfig> = context
        .project
        .systems
        .iter()
        .map(|one| (one.id.as_str(), one))
        .collect();
    let read: BTreeMap<&str, &System> = context
        .snapshot
        .systems
        .iter()
        .map(|one| (one.id.as_str(), one))
        .collect();
    let mut accounts: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, account) in context.snapshot.accounts.iter().enumerate() {
        accounts.entry(&account.system).or_default().push(index);
    }
    let ids: BTreeSet<&str> = configs
        .keys()
        .chain(read.keys())
        .chain(accounts.keys())
        .copied()
        .collect();
    let words = Words::of(&context.project.staff);
    let columns = Columns::of(context.snapshot, context.roster);
    let none = Catalogue::default();
    let mut parts = Vec::with_capacity(ids.len());
    for id in ids {
        let catalogue = context.catalogues.get(id).unwrap_or(&none);
        let roster_whole = context.roster_gap.is_none();
        let known = Known {
            catalogue,
            directory: context.directory,
            words: &words,
            columns: &columns,
            roster_whole,
        };
        let accounts = accounts.remove(id).unwrap_or_default();
        let found = Facts {
            id,
            config: configs.get(id).copied(),
            read: read.get(id).copied(),
            accounts,
        };
        parts.push(found.part(context, &known, notices)?);
    }
    Ok(parts)
}

/// What is known of one system.
struct Facts<'a> {
    id: &'a str,
    config: Option<&'a SystemConfig>,
    read: Option<&'a System>,
    accounts: Vec<usize>,
}

impl<'a> Facts<'a> {
    fn part(
        mut self,
        context: &Context<'a>,
        known: &Known<'_>,
        notices: &mut Vec<Notice>,
    ) -> Result<SystemPart<'a>, SubjectError> {
        let rules = match self.config {
            Some(config) => {
                notices.extend(owner_notice(config, known));
                rules::resolve(config, known, notices)?
            }
            None => Rules::default(),
        };
        let source = self
            .read
            .and_then(|system| context.sources.get(system.source.as_str()).copied());
        let accounts_gap = match source {
            Some(source) => trust::gap(source, Collection::Accounts)
                .or_else(|| trust::dropped(source, Collection::Accounts, context.earlier)),
            None => Some(format!("`{}` was not read", self.id)),
        };
        let configured = context.project.sources.iter().find(|source| source.id == self.id);
        let product = match (self.read, configured) {
            (Some(read), _) => read.product.as_str(),
            (None, Some(source)) => source.connector.as_str(),
            (None, None) => self.id,
        };
        let name = self.name(product, context);
        let critical = self.config.is_some_and(|config| config.critical);
        let connected = self.config.map_or(self.read.is_some(), |config| config.connected);
        let document = part(&document::System {
            id: self.id,
            name: &name,
            product,
            tenant: self.read.and_then(|read| read.tenant.as_deref()),
            critical,
            connected,
            access: document::AccessRules {
                tickets: self.config.is_some_and(|config| config.approvals.is_some()),
                rules: &rules.rules,
            },
            plan: self.config.and_then(|config| config.plan.as_deref()),
            seats: self.config.and_then(|config| config.seats),
            counts: self.counts(context),
        })?;

        let naming_rules = rules
            .rules
            .into_iter()
            .filter_map(|rule| Some((rule.name, rule.staff?.into_iter().collect())));
        let mut unavailable: BTreeSet<String> = rules.unavailable.iter().map(|path| (*path).to_owned()).collect();
        if accounts_gap.is_some() || source.is_some_and(|source| source.lists("account.state")) {
            unavailable.insert("counts".to_owned());
        }
        // An account of which nobody knows may be one administrator more.
        let unknown = |index: &usize| {
            let account = &context.snapshot.accounts[*index];
            let may_sign_in = !matches!(account.state, AccountState::Inactive | AccountState::Deleted);
            may_sign_in
                && (account.admin == Admin::Unknown
                    || account.admin == Admin::Full && account.state == AccountState::Unknown)
        };
        if source.is_some_and(|source| source.lists("account.admin")) || self.accounts.iter().any(unknown) {
            unavailable.insert("counts.full_admins".to_owned());
        }
        let open = |index: &usize| context.identity_open(&context.identities.accounts[*index], source);
        let identities_open = self.accounts.iter().any(open);
        self.accounts
            .sort_by(|a, b| context.account_keys[*a].cmp(&context.account_keys[*b]));
        Ok(SystemPart {
            id: self.id,
            name,
            critical,
            source,
            accounts_gap,
            approvals: Approvals::of(self.config, product, context, known.catalogue, notices),
            accounts: self.accounts,
            document,
            naming_rules: naming_rules.collect(),
            unavailable,
            identities_open,
        })
    }

    /// The configured name, else the product's; with the id where two tenants would have one name.
    fn name(&self, product: &str, context: &Context<'_>) -> String {
        if let Some(name) = self.config.and_then(|config| config.name.as_ref()) {
            return name.clone();
        }
        let mut letters = product.chars();
        let name: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect();
        let tenants = context
            .snapshot
            .systems
            .iter()
            .filter(|system| system.product == product)
            .count();
        if tenants > 1 {
            format!("{name} ({})", self.id)
        } else {
            name
        }
    }

    fn counts(&self, context: &Context<'_>) -> Counts {
        let mut counts = Counts::default();
        for account in self.accounts.iter().map(|index| &context.snapshot.accounts[*index]) {
            counts.accounts += 1;
            *match account.state {
                AccountState::Active => &mut counts.active,
                AccountState::Invited => &mut counts.invited,
                AccountState::Inactive => &mut counts.inactive,
                AccountState::Deleted => &mut counts.deleted,
                AccountState::Unknown => &mut counts.unknown,
            } += 1;
            let can_sign_in = matches!(account.state, AccountState::Active | AccountState::Invited);
            counts.full_admins += u64::from(account.admin == Admin::Full && can_sign_in);
        }
        counts
    }
}

/// Whoever answers for a system should work here.
fn owner_notice(config: &SystemConfig, known: &Known<'_>) -> Option<Notice> {
    let owner = config.owner.as_deref()?;
    let why = match known.directory.named(owner) {
        Found::One(person) if known.directory.people[person].status.is_employed() => return None,
        Found::One(_) => "who does not work here",
        Found::Several => "an address that several people share",
        Found::Nobody if known.roster_whole => "who is not on the roster",
        Found::Nobody => return None,
    };
    Some(Notice {
        code: "system_owner".to_owned(),
        message: format!("the owner of `{}` is {owner}, {why}", config.id),
        subject: Some(config.id.clone()),
        place: Some(config.place.clone()),
    })
}

/// Every system with its accounts, sorted by id.
pub fn system_subjects(
    context: &Context<'_>,
    systems: &[SystemPart<'_>],
    roster: &Arc<Value>,
    need: Need,
) -> Result<Vec<Subject>, SubjectError> {
    systems
        .iter()
        .map(|system| system_subject(context, system, roster, need))
        .collect()
}

fn system_subject(
    context: &Context<'_>,
    system: &SystemPart<'_>,
    roster: &Arc<Value>,
    need: Need,
) -> Result<Subject, SubjectError> {
    let approvals = &system.approvals;
    let mut unavailable: BTreeSet<String> = system.unavailable.iter().map(|path| format!("system.{path}")).collect();
    unavailable.extend(system.listed_account_gaps());
    if system.accounts_gap.is_some() {
        unavailable.insert("accounts".to_owned());
    }
    if system.identities_open {
        unavailable.extend(["class", "staff_id", "staff_status"].map(|field| format!("accounts[].{field}")));
    }
    unavailable.extend(context.roster_part_gaps());
    if approvals.gap.is_some() {
        unavailable.insert("approvals.count".to_owned());
    }
    let known = part(&document::ApprovalSource {
        configured: approvals.configured,
        complete: approvals.configured && approvals.gap.is_none(),
        count: approvals.count(),
    })?;
    let mut parts = vec![
        ("approvals", known),
        ("roster", roster.clone()),
        ("subject", part(&SubjectKind::System.word())?),
        ("system", system.document.clone()),
    ];
    if need.account_lists {
        let listed = |index: &usize| context.listed(*index, system.critical);
        let accounts: Vec<document::ListedAccount<'_>> = system.accounts.iter().map(listed).collect();
        parts.insert(0, ("accounts", part(&accounts)?));
    }
    Ok(Subject {
        of: SubjectRef {
            kind: SubjectKind::System,
            id: system.id.to_owned(),
            name: Some(system.name.clone()),
            email: None,
            system: Some(system.id.to_owned()),
        },
        parts,
        unavailable: paths(unavailable),
        identity: None,
    })
}
