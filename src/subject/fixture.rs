//! A small company to change in tests: one Pipedrive, one roster, nobody in either.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

use super::{Subject, Subjects, subjects};
use crate::error::Place;
use crate::project::*;
use crate::snapshot::*;

pub struct World {
    pub snapshot: Snapshot,
    pub project: Project,
    pub now: Timestamp,
}

/// Noon of 23 November 2026; days end in Berlin, where it is 13:00.
pub fn world() -> World {
    let sources = vec![
        source("pipedrive", &[Collection::Accounts, Collection::Roles]),
        source("roster", &[Collection::Staff]),
    ];
    let systems = vec![System {
        id: "pipedrive".into(),
        product: "pipedrive".into(),
        tenant: Some("acme".into()),
        source: "pipedrive".into(),
        reader: Reader {
            id: None,
            sees_all: YesNo::Yes,
        },
    }];
    let snapshot = Snapshot {
        schema: SCHEMA.into(),
        taken_at: time("2026-11-23T12:00:00Z"),
        tool: "rolecall test".into(),
        sources,
        systems,
        roles: vec![],
        accounts: vec![],
        staff: vec![],
        approvals: vec![],
    };
    let project = Project {
        file: "rolecall.yaml".into(),
        folder: ".".into(),
        sha256: String::new(),
        organisation: "Acme".into(),
        timezone_name: "Europe/Berlin".into(),
        timezone: TimeZone::get("Europe/Berlin").unwrap(),
        sources: vec![],
        systems: vec![system("pipedrive")],
        staff: StaffConfig {
            date_implies_exit: true,
            ..StaffConfig::default()
        },
        identities: vec![],
        calendar: Calendar::default(),
        checks: Default::default(),
        policies: vec![],
        connectors: vec![],
        exceptions: Vec::new(),
        exceptions_file: None,
    };
    World {
        snapshot,
        project,
        now: time("2026-11-23T12:00:00Z"),
    }
}

impl World {
    pub fn subjects(&self) -> Subjects {
        subjects(&self.snapshot, &self.project, self.now).unwrap()
    }

    /// The documents of the only account.
    pub fn only_account(&self) -> Value {
        let subjects = self.subjects();
        assert_eq!(subjects.accounts.len(), 1);
        document(&subjects.accounts[0])
    }

    /// The only member of staff.
    pub fn only_staff(&self) -> Value {
        let subjects = self.subjects();
        assert_eq!(subjects.staff.len(), 1, "{:#?}", subjects.staff);
        document(&subjects.staff[0])["staff"].clone()
    }

    pub fn notices(&self) -> Vec<String> {
        self.subjects().notices.into_iter().map(|notice| notice.code).collect()
    }

    pub fn source(&mut self, id: &str) -> &mut Source {
        self.snapshot.sources.iter_mut().find(|source| source.id == id).unwrap()
    }

    pub fn cut_short(&mut self, id: &str, collection: Collection) {
        let provided = self
            .source(id)
            .provides
            .iter_mut()
            .find(|one| one.collection == collection)
            .unwrap();
        provided.state = Completeness::Partial;
    }

    pub fn staff(mut self, rows: impl IntoIterator<Item = Staff>) -> Self {
        self.snapshot.staff.extend(rows);
        self
    }

    pub fn accounts(mut self, rows: impl IntoIterator<Item = Account>) -> Self {
        self.snapshot.accounts.extend(rows);
        self
    }

    pub fn entry(mut self, account: &str, is: Is) -> Self {
        let place = place(20 + self.project.identities.len());
        self.project.identities.push(IdentityEntry {
            system: "pipedrive".into(),
            account: account.into(),
            is,
            place,
        });
        self
    }

    pub fn rule(mut self, rule: AccessRule) -> Self {
        self.project.systems[0].access.push(rule);
        self
    }

    pub fn role(mut self, kind: RoleKind, id: &str, name: &str) -> Self {
        self.snapshot.roles.push(Role {
            system: "pipedrive".into(),
            id: id.into(),
            kind,
            name: name.into(),
            parent: None,
            active: YesNo::Yes,
            admin: Admin::None,
            scope: None,
            permissions: None,
        });
        self
    }

    /// Adds a second roster; the project trusts sources in the order given.
    pub fn rosters(mut self, order: &[&str]) -> Self {
        self.project.staff.sources = order.iter().map(|id| (*id).to_owned()).collect();
        for id in order.iter().filter(|id| **id != "roster") {
            self.snapshot.sources.push(source(id, &[Collection::Staff]));
        }
        self
    }

    pub fn approvals(mut self, rows: impl IntoIterator<Item = Approval>) -> Self {
        self.snapshot.sources.push(source("tickets", &[Collection::Approvals]));
        self.project.systems[0].approvals = Some("tickets".into());
        self.snapshot.approvals.extend(rows);
        self
    }
}

/// A subject's parts as one document, with what the evaluator adds.
pub fn document(subject: &Subject) -> Value {
    let mut document = Map::new();
    for (key, part) in &subject.parts {
        document.insert((*key).to_owned(), part.as_ref().clone());
    }
    document.insert("now".into(), "2026-11-23T12:00:00Z".into());
    document.insert("today".into(), "2026-11-23".into());
    document.insert("params".into(), Value::Object(Map::new()));
    document.insert("unavailable".into(), subject.unavailable.clone().into());
    Value::Object(document)
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn day(text: &str) -> Option<Date> {
    Some(text.parse().unwrap())
}

pub fn place(line: usize) -> Place {
    Place {
        file: "rolecall.yaml".into(),
        line,
        column: 5,
    }
}

pub fn source(id: &str, collections: &[Collection]) -> Source {
    let provides = collections.iter().map(|collection| Provided {
        collection: *collection,
        state: Completeness::Complete,
        rows: 1,
        kept: 1,
        dropped: vec![],
        why: None,
    });
    Source {
        id: id.into(),
        connector: id.into(),
        connector_sha256: String::new(),
        mode: Mode::Recording,
        taken_at: Some(time("2026-11-23T12:00:00Z")),
        provides: provides.collect(),
        unavailable: vec![],
        streams: vec![],
        notices: vec![],
    }
}

pub fn source_config(id: &str, hours: i64) -> SourceConfig {
    SourceConfig {
        id: id.into(),
        connector: id.into(),
        from: From::Live,
        params: Default::default(),
        options: Default::default(),
        columns: Default::default(),
        values: Default::default(),
        conditions: vec![],
        max_age: Some(jiff::SignedDuration::from_hours(hours)),
        as_of: None,
        provides: None,
        auth: None,
        network: Default::default(),
        place: place(2),
    }
}

pub fn system(id: &str) -> SystemConfig {
    SystemConfig {
        id: id.into(),
        name: None,
        critical: true,
        owner: None,
        access: vec![],
        approvals: None,
        plan: None,
        seats: None,
        connected: true,
        place: place(10),
    }
}

pub fn account(id: &str, email: &str) -> Account {
    Account {
        system: "pipedrive".into(),
        id: id.into(),
        employee_id: None,
        name: None,
        email: (!email.is_empty()).then(|| email.to_owned()),
        aliases: vec![],
        state: AccountState::Active,
        kind: AccountKind::User,
        access: Access::Some,
        admin: Admin::None,
        mfa: YesNo::Unknown,
        reader: YesNo::No,
        roles: vec![],
        unread_roles: Vec::new(),
        permissions: None,
        created_at: None,
        last_login: LastLogin {
            state: LoginState::Unknown,
            at: None,
        },
    }
}

/// A row of `roster`, current, without dates. An empty text is none.
pub fn staff(id: &str, name: &str, email: &str) -> Staff {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Staff {
        source: "roster".into(),
        line: Some(2),
        id: some(id),
        name: some(name),
        emails: some(email).into_iter().collect(),
        aliases: vec![],
        recorded_status: None,
        status: RecordedStatus::Current,
        employment: Employment::Employee,
        job_roles: vec!["Sales Rep".into()],
        departments: vec!["Sales".into()],
        manager: None,
        start_date: None,
        last_day: None,
        contract_end: None,
        timezone: None,
    }
}

pub fn ada() -> Staff {
    staff("E-17", "Ada Example", "ada@example.com")
}

pub fn leaver() -> Staff {
    Staff {
        status: RecordedStatus::Offboarded,
        last_day: day("2026-10-30"),
        ..ada()
    }
}

pub fn rule(name: &str) -> AccessRule {
    AccessRule {
        name: name.into(),
        all_staff: false,
        staff_roles: None,
        staff_types: None,
        departments: None,
        staff: None,
        system_roles: None,
        permission_sets: None,
        ticket: false,
        place: place(12),
    }
}

pub fn plain_role(text: &str) -> RoleRef {
    RoleRef {
        by: RoleRefKind::NameOrId,
        text: text.into(),
        place: place(14),
    }
}

pub fn service(owner: &str) -> Is {
    Is::NotStaff {
        kind: NotStaffKind::Service,
        owner: (!owner.is_empty()).then(|| owner.to_owned()),
        reason: Some("syncs deals".into()),
        until: None,
        review_by: None,
    }
}

pub fn approval(id: &str, person: &str) -> Approval {
    Approval {
        source: "tickets".into(),
        line: Some(2),
        id: id.into(),
        system: "pipedrive".into(),
        person: person.into(),
        roles: None,
        state: ApprovalState::Approved,
        by: Some("E-2".into()),
        approved_at: Some(time("2026-01-09T10:00:00Z")),
        expires_at: None,
    }
}
