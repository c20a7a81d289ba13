//! Accounts on each database: who gets in, who may do what to whom, and what the log says of it.

mod api_keys;
pub(crate) mod by_provider;
mod departed;
mod impersonation;
mod list;
mod own;
mod policy;
mod profile;
mod recorded;
mod roles;
mod second_factor;
mod seen;
mod sessions;
mod set_up;
mod sign_in;
mod users;

pub(crate) use recorded::listed;

use super::{Accounts, Entering, NewSession, SetUp, Workspace};
use crate::{
    delivery::{http::Limits, sealed::Keyring},
    email::Mailing,
    oidc::tests::sender,
    testing::TestDb,
};
use daybook_domain::{
    Error as Told,
    account::{Invited, LinkWay, User, WithSecret},
    catalogue::{OWN_SOURCE, faults},
    event::Event,
    id::{RoleId, SessionId, UserId},
    log::LogKind,
    permission::{Grantable, ManageApiKeys, ManageRoles, ManageSettings, ManageUsers, Permission},
    ports::{Retentions, Roles, SignInPolicies, Users, WorkspaceSettings},
    regional::RegionalFormat,
    seen::Tag,
    settings::WorkspaceForm,
    time::Clock,
    viewer::{Granted, RequestContext, Viewer},
};
use daybook_entity::event;
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use std::net::IpAddr;

pub const PASSWORD: &str = "brass lantern over quiet water";
pub const OTHER_PASSWORD: &str = "seven copper kettles whistling";
/// Where Daybook is reached.
pub const ADDRESS: &str = "https://daybook.example";
/// What secrets are sealed with.
pub const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
pub const ADMIN_EMAIL: &str = "Ada@Northdesk.example";

pub fn from(ip: &str) -> RequestContext {
    RequestContext {
        ip: Some(ip.parse::<IpAddr>().unwrap()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64) Firefox/151.0".to_owned()),
        portal: None,
        correlation_id: "request-1".to_owned(),
    }
}

pub fn home() -> RequestContext {
    from("198.51.100.7")
}

/// A workspace with its first administrator, Ada, signed in.
pub struct House {
    pub at: TestDb,
    pub accounts: Accounts,
    pub workspace: Workspace,
    pub ada: Viewer,
}

/// Somebody with the link that was shown.
pub fn shown(invited: Invited) -> WithSecret<User> {
    let LinkWay::Shown { link, .. } = invited.way else {
        panic!("the link isn't shown");
    };
    WithSecret {
        thing: invited.user,
        secret: link,
    }
}

pub fn accounts(at: &TestDb) -> Accounts {
    Accounts::new(
        at.db.clone(),
        at.writer.clone(),
        at.clock.clone(),
        at.ids.clone(),
        Mailing::new(Some(ADDRESS.to_owned()), Keyring::new(KEY, []).unwrap()),
        sender(Limits::default()),
    )
}

pub fn form() -> SetUp {
    SetUp {
        workspace: "Northdesk".to_owned(),
        name: "Ada Lindqvist".to_owned(),
        email: ADMIN_EMAIL.to_owned(),
        password: PASSWORD.into(),
    }
}

impl House {
    pub async fn new(at: TestDb) -> Self {
        let accounts = accounts(&at);
        let ada = accounts.set_up(form(), &home()).await.unwrap();
        let workspace = accounts.workspace().await.unwrap().unwrap();
        let ada = signed_in(&at, &accounts, ada, 0).await;
        Self {
            at,
            accounts,
            workspace,
            ada,
        }
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<UserId, Told> {
        match self.accounts.sign_in(email, password.into(), &home()).await? {
            Entering::In(user) => Ok(user),
            Entering::CodeDue(_) => panic!("{email} is asked for a code"),
        }
    }

    /// A browser of a user, told apart by a number.
    pub async fn browser(&self, user: UserId, number: u8) -> Viewer {
        signed_in(&self.at, &self.accounts, user, number).await
    }

    pub async fn still_in(&self, viewer: &Viewer, number: u8) -> bool {
        let found = self
            .accounts
            .viewer_of_session(&token(viewer.user_id().unwrap(), number), home())
            .await;
        found.unwrap().is_some()
    }

    pub async fn user(&self, name: &str, email: &str, role: &str) -> User {
        let who = self.managing_users();
        self.accounts
            .create_user(&who, name, email, role, PASSWORD.into())
            .await
            .unwrap()
    }

    pub async fn invite(&self, name: &str, email: &str, role: &str) -> WithSecret<User> {
        let role = self.role(role).await;
        let invited = self
            .accounts
            .invite_user(&self.managing_users(), name, email, role)
            .await;
        shown(invited.unwrap())
    }

    pub async fn role(&self, name: &str) -> RoleId {
        let choices = self.accounts.role_choices(&self.managing_users()).await.unwrap();
        choices.iter().find(|(_, of)| of == name).unwrap().0
    }

    /// A user with a role of exactly these permissions, signed in.
    pub async fn someone_with(&self, permissions: &[Permission]) -> Viewer {
        let form = daybook_domain::account::RoleForm {
            name: "Somebody's role".to_owned(),
            description: String::new(),
            permissions: permissions.to_vec(),
        };
        self.accounts
            .create_role(&self.managing_roles(), form)
            .await
            .unwrap();
        let user = self
            .user("Some Body", "somebody@northdesk.example", "somebody's role")
            .await;
        self.browser(user.id, 0).await
    }

    fn system(&self) -> Viewer {
        self.accounts.system_viewer(&self.workspace, "Test")
    }

    /// What somebody has seen of a user who looks at them just now.
    pub async fn user_tag(&self, id: UserId) -> Tag {
        let who = granted(&self.system(), ManageUsers);
        self.accounts.user(&who, id).await.unwrap().user.seen.tag()
    }

    pub async fn role_tag(&self, id: RoleId) -> Tag {
        let who = granted(&self.system(), ManageRoles);
        self.accounts.role(&who, id).await.unwrap().seen.tag()
    }

    pub async fn policy_tag(&self) -> Tag {
        let who = granted(&self.system(), ManageSettings);
        self.accounts.sign_in_policy(&who).await.unwrap().1.tag()
    }

    pub fn managing_users(&self) -> Granted<ManageUsers> {
        self.ada.grant(ManageUsers).unwrap()
    }

    pub fn managing_roles(&self) -> Granted<ManageRoles> {
        self.ada.grant(ManageRoles).unwrap()
    }

    pub fn managing_keys(&self) -> Granted<ManageApiKeys> {
        self.ada.grant(ManageApiKeys).unwrap()
    }

    /// Every event, oldest first.
    pub async fn events(&self) -> Vec<Event> {
        events(&self.at).await
    }

    /// The events since there were `count`.
    pub async fn events_since(&self, count: usize) -> Vec<Event> {
        self.events().await.split_off(count)
    }

    pub async fn last_event(&self) -> Event {
        self.events().await.pop().unwrap()
    }
}

pub async fn events(at: &TestDb) -> Vec<Event> {
    let records: Vec<String> = event::Entity::find()
        .select_only()
        .column(event::Column::Record)
        .order_by_asc(event::Column::Sequence)
        .into_tuple()
        .all(&at.db.read)
        .await
        .unwrap();
    let events: Vec<Event> = records
        .iter()
        .map(|record| serde_json::from_str(record).unwrap())
        .collect();
    // Whatever a test is about: no event of our own may be other than the catalogue says.
    for event in events.iter().filter(|event| event.body.source == OWN_SOURCE) {
        assert_eq!(faults(&event.body), Vec::<String>::new());
    }
    events
}

pub fn types(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event.body.event_type.as_str())
        .collect()
}

/// The hash of the cookie of a user's browser.
pub fn token(user: UserId, number: u8) -> [u8; 32] {
    let mut token = [number; 32];
    token[..16].copy_from_slice(user.0.as_bytes());
    token
}

pub fn new_session(at: &TestDb, user: UserId, number: u8) -> NewSession {
    NewSession {
        token_hash: token(user, number),
        user_id: user,
        ip: home().ip,
        user_agent: home().user_agent,
        data: "{}".to_owned(),
        expires_at: at.clock.now().plus_seconds(12 * 3600),
        factor_vouched: false,
    }
}

async fn signed_in(at: &TestDb, accounts: &Accounts, user: UserId, number: u8) -> Viewer {
    assert!(
        accounts
            .insert_session(new_session(at, user, number))
            .await
            .unwrap()
    );
    accounts
        .viewer_of_session(&token(user, number), home())
        .await
        .unwrap()
        .unwrap()
}

/// The proof, for somebody who has the permission.
pub fn granted<P: Grantable>(viewer: &Viewer, permission: P) -> Granted<P> {
    viewer.grant(permission).unwrap()
}

pub fn field_of<T: std::fmt::Debug>(result: Result<T, Told>) -> String {
    match result {
        Err(Told::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

pub fn conflict<T: std::fmt::Debug>(result: Result<T, Told>) -> String {
    match result {
        Err(Told::Conflict { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

pub fn missing<T: std::fmt::Debug>(result: Result<T, Told>) -> Permission {
    match result {
        Err(Told::Forbidden { permission }) => permission,
        other => panic!("{other:?}"),
    }
}

pub fn session_of(viewer: &Viewer) -> SessionId {
    viewer.session_id().unwrap()
}

/// What somebody has seen of the general settings who looks at them just now.
pub(crate) async fn settings_tag(settings: &impl WorkspaceSettings, who: &Granted<ManageSettings>) -> Tag {
    settings.settings(who).await.unwrap().seen.tag()
}

/// The same of a log's retention.
pub(crate) async fn retention_tag(
    retention: &impl Retentions,
    who: &Granted<ManageSettings>,
    log: LogKind,
) -> Tag {
    let logs = retention.retention(who).await.unwrap().logs;
    let seen = logs.into_iter().find(|of| of.log == log).map(|of| of.seen);
    seen.unwrap_or_default().tag()
}

/// The workspace as it is filled in, its dates as at first.
pub(crate) fn workspace_form(name: &str, zone: &str) -> WorkspaceForm {
    WorkspaceForm {
        name: name.to_owned(),
        zone: zone.to_owned(),
        format: RegionalFormat::default(),
    }
}
