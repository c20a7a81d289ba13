//! What is rebuilt is what was there, what can't be known isn't made up, and what is given back is a change like any other.

use super::PastStates;
use crate::{
    accounts::tests::{
        House, accounts, conflict, field_of, granted, retention_tag, settings_tag, workspace_form,
    },
    demo,
    index::EventIndex,
    reading::ReadLogs,
    retention::RecordRetention,
    settings::GeneralSettings,
    store::EventStore,
    testing::{TestDb, drawn, on_each_database},
};
use daybook_domain::{
    Error as Told,
    account::{RoleForm, UserForm},
    compare::Point,
    id::{RoleId, UserId},
    log::LogKind,
    naming::Helpdesk,
    past::{PastState, PropertyThen, Subject, ValueThen},
    permission::{ManageSettings, Permission, ViewAuditLogs},
    ports::{
        PastStates as _, Retentions as _, Roles as _, SignInPolicies as _, Users as _, WorkspaceSettings as _,
    },
    settings::SignInPolicy,
    time::{Clock as _, TimeBound, Timestamp},
    viewer::Viewer,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A workspace, and what was set in it.
struct Desk {
    house: House,
    past: PastStates,
    settings: GeneralSettings,
    retention: RecordRetention,
}

fn past_of(at: &TestDb, settings: &GeneralSettings, retention: &RecordRetention) -> PastStates {
    let (db, clock) = (at.db.clone(), at.clock.clone());
    let events = EventStore::new(db.clone(), EventIndex::new(db.clone()), clock.clone());
    let logs = ReadLogs::new(events, at.writer.clone(), clock.clone());
    PastStates::new(db, logs, accounts(at), settings.clone(), retention.clone(), clock)
}

fn settings_of(at: &TestDb) -> (GeneralSettings, RecordRetention) {
    let (db, clock, writer) = (at.db.clone(), at.clock.clone(), at.writer.clone());
    let index = EventIndex::new(db.clone());
    let events = EventStore::new(db.clone(), index.clone(), clock.clone());
    (
        GeneralSettings::new(db.clone(), events.clone(), accounts(at)),
        RecordRetention::new(db, writer, index, events, accounts(at), clock),
    )
}

impl Desk {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let (settings, retention) = settings_of(&house.at);
        Self {
            past: past_of(&house.at, &settings, &retention),
            house,
            settings,
            retention,
        }
    }

    async fn at(&self, subject: Subject, at: Timestamp) -> PastState {
        self.then(subject, Point::At(TimeBound::At(at))).await.unwrap()
    }

    async fn then(&self, subject: Subject, point: Point) -> daybook_domain::Result<PastState> {
        let who = self.house.ada.grant_subject(subject).unwrap();
        self.past
            .state_then(&who, &granted(&self.house.ada, ViewAuditLogs), point)
            .await
    }

    async fn restore(
        &self,
        seen: &PastState,
        at: Timestamp,
        properties: &[&str],
    ) -> daybook_domain::Result<()> {
        let who = self.house.ada.grant_subject(seen.subject).unwrap();
        let reads = granted(&self.house.ada, ViewAuditLogs);
        let properties: Vec<_> = properties.iter().map(|&name| name.to_owned()).collect();
        let point = Point::At(TimeBound::At(at));
        self.past
            .restore_state(&who, &reads, point, &seen.seen, &properties)
            .await
    }

    async fn role(&self, name: &str, permissions: &[Permission]) -> RoleId {
        let who = self.house.managing_roles();
        self.house
            .accounts
            .create_role(&who, form(name, permissions))
            .await
            .unwrap()
            .id
    }

    fn now(&self) -> Timestamp {
        self.house.at.clock.now()
    }

    /// A minute later.
    fn later(&self) {
        self.house.at.clock.advance_seconds(60);
    }
}

fn form(name: &str, permissions: &[Permission]) -> RoleForm {
    RoleForm {
        name: name.to_owned(),
        description: String::new(),
        permissions: permissions.to_vec(),
    }
}

/// The values of then that are known and there.
fn known(state: &PastState) -> Option<Map<String, Value>> {
    let lines = state.then.as_ref()?.iter();
    let values = lines.filter_map(|line| match &line.then {
        ValueThen::Known(value) if !value.is_null() => Some((line.property.clone(), value.clone())),
        _ => None,
    });
    Some(values.collect())
}

/// The same of now.
fn now(state: &PastState) -> Option<Map<String, Value>> {
    let lines = state.then.as_ref()?.iter().filter(|line| !line.now.is_null());
    Some(
        lines
            .map(|line| (line.property.clone(), line.now.clone()))
            .collect(),
    )
}

fn line<'a>(state: &'a PastState, property: &str) -> &'a PropertyThen {
    let lines = state.then.as_ref().unwrap();
    lines.iter().find(|line| line.property == property).unwrap()
}

#[tokio::test]
async fn a_role_is_what_it_was_and_is_given_back() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let id = desk.role("Night shift", &[Permission::AuditLogsView]).await;
        let subject = Subject::Role(id);
        let made = desk.now();
        desk.later();
        let who = desk.house.managing_roles();
        let accounts = &desk.house.accounts;
        let more = [Permission::AuditLogsView, Permission::UsersManage];
        let seen = desk.house.role_tag(id).await;
        accounts
            .update_role(&who, id, &seen, form("Evenings", &more))
            .await
            .unwrap();
        let state = desk.at(subject, made).await;
        assert_eq!(
            known(&state).unwrap(),
            *json!({"name": "Night shift", "permissions": ["audit_logs.view"]})
                .as_object()
                .unwrap()
        );
        assert_eq!((state.name.as_str(), state.history.len()), ("Evenings", 2));
        // Only what is asked for is given back.
        desk.restore(&state, made, &["permissions"]).await.unwrap();
        let role = accounts.role(&who, id).await.unwrap();
        assert_eq!(role.name, "Evenings");
        assert_eq!(role.permissions, [Permission::AuditLogsView].into());
        assert_eq!(desk.house.last_event().await.body.event_type, "role.updated");
        // Who saw what isn't any more is told.
        conflict(desk.restore(&state, made, &["name"]).await);
        // Before it was made it wasn't there, and neither once it is gone.
        assert_eq!(desk.at(subject, made.plus_seconds(-60)).await.then, None);
        desk.later();
        accounts.delete_role(&who, id).await.unwrap();
        let gone = desk.then(subject, Point::Now).await.unwrap();
        assert_eq!(
            (gone.then, gone.is_here, gone.name.as_str()),
            (None, false, "Evenings")
        );
        let nothing = Subject::Role(RoleId(desk.house.workspace.id.0));
        assert_eq!(desk.then(nothing, Point::Now).await, Err(Told::NotFound));
    })
    .await;
}

/// The checks of a change hold for one that gives back: nobody hands out more than they have.
#[tokio::test]
async fn what_is_given_back_is_the_givers_to_give() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let id = desk.role("Powerful", &[Permission::ApiKeysManage]).await;
        let then = desk.now();
        desk.later();
        let accounts = &desk.house.accounts;
        let seen = desk.house.role_tag(id).await;
        accounts
            .update_role(&desk.house.managing_roles(), id, &seen, form("Powerful", &[]))
            .await
            .unwrap();
        let someone = desk
            .house
            .someone_with(&[Permission::RolesManage, Permission::AuditLogsView])
            .await;
        let seen = desk.at(Subject::Role(id), then).await.seen;
        let asked = async |who: &Viewer, properties: &[String]| {
            let reads = granted(who, ViewAuditLogs);
            let subject = who.grant_subject(Subject::Role(id)).unwrap();
            let point = Point::At(TimeBound::At(then));
            desk.past
                .restore_state(&subject, &reads, point, &seen, properties)
                .await
        };
        let refused = asked(&someone, &["permissions".to_owned()]).await;
        assert!(matches!(refused, Err(Told::Forbidden { .. })), "{refused:?}");
        assert_eq!(
            field_of(asked(&desk.house.ada, &["built_in".to_owned()]).await),
            "built_in"
        );
        assert!(someone.grant_subject(Subject::Workspace).is_err());
    })
    .await;
}

#[tokio::test]
async fn a_user_gets_back_what_is_not_their_own_to_set() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let house = &desk.house;
        let role = desk.role("Night shift", &[]).await;
        let gil = house.user("Gil", "gil@northdesk.example", "Night shift").await.id;
        let subject = Subject::User(gil);
        let then = desk.now();
        desk.later();
        let people = house.managing_users();
        let accounts = &house.accounts;
        let agent = house.role("Agent").await;
        let seen = house.user_tag(gil).await;
        accounts.set_user_role(&people, gil, &seen, agent).await.unwrap();
        let form = UserForm {
            name: "Gilbert".to_owned(),
            email: "gilbert@northdesk.example".to_owned(),
            phone: "+44 1234".to_owned(),
        };
        let seen = house.user_tag(gil).await;
        accounts.update_user(&people, gil, &seen, form).await.unwrap();
        accounts.deactivate_user(&people, gil).await.unwrap();
        let state = desk.at(subject, then).await;
        assert_eq!(line(&state, "role").then, ValueThen::Known(json!("Night shift")));
        assert_eq!(
            line(&state, "password").then,
            ValueThen::Secret { changed_since: false }
        );
        assert_eq!(line(&state, "password").now, Value::Null);
        for never in ["password", "time_zone"] {
            assert_eq!(field_of(desk.restore(&state, then, &[never]).await), never);
        }
        let all = ["role", "status", "name", "phone"];
        desk.restore(&state, then, &all).await.unwrap();
        let now = accounts.user(&people, gil).await.unwrap().user;
        assert_eq!(
            (now.name.as_str(), now.phone, now.email.as_str()),
            ("Gil", None, "gilbert@northdesk.example")
        );
        assert_eq!((now.role, now.status.name()), (role, "active"));
        // A role that is gone can't be given.
        let seen = house.user_tag(gil).await;
        accounts.set_user_role(&people, gil, &seen, agent).await.unwrap();
        accounts.delete_role(&house.managing_roles(), role).await.unwrap();
        let state = desk.at(subject, then).await;
        assert_eq!(field_of(desk.restore(&state, then, &["role"]).await), "role");
    })
    .await;
}

#[tokio::test]
async fn settings_are_given_back_by_their_own_checks() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let who = granted(&desk.house.ada, ManageSettings);
        let then = desk.now();
        desk.later();
        let seen = settings_tag(&desk.settings, &who).await;
        desk.settings
            .set_workspace(&who, &seen, workspace_form("Southdesk", "Europe/Berlin"))
            .await
            .unwrap();
        let seen = settings_tag(&desk.settings, &who).await;
        desk.settings
            .set_helpdesk(&who, &seen, Helpdesk::Autotask)
            .await
            .unwrap();
        let state = desk.at(Subject::Workspace, then).await;
        let all = ["name", "time_zone", "helpdesk_integration"];
        desk.restore(&state, then, &all).await.unwrap();
        let now = desk.settings.settings(&who).await.unwrap();
        assert_eq!(
            (now.workspace.as_str(), now.zone.as_str(), now.helpdesk),
            ("Northdesk", "UTC", Helpdesk::Nothing)
        );

        // Of the policy nothing was said before it was changed: it was what it is at first.
        let accounts = &desk.house.accounts;
        let policy = SignInPolicy {
            idle_minutes: 30,
            password_length: 20,
            ..SignInPolicy::default()
        };
        let seen = desk.house.policy_tag().await;
        accounts.set_sign_in_policy(&who, &seen, policy).await.unwrap();
        let state = desk.at(Subject::SignInPolicy, then).await;
        assert_eq!(line(&state, "networks").then, ValueThen::Known(json!([])));
        desk.restore(&state, then, &["session_idle_minutes"])
            .await
            .unwrap();
        let (now, _) = accounts.sign_in_policy(&who).await.unwrap();
        assert_eq!((now.idle_minutes, now.password_length), (720, 20));

        let retention = Subject::Retention(LogKind::Access);
        let seen = retention_tag(&desk.retention, &who, LogKind::Access).await;
        desk.retention
            .set_retention(&who, LogKind::Access, &seen, Some(30))
            .await
            .unwrap();
        let set = desk.now();
        let pending = desk.at(retention, set).await;
        assert!(matches!(
            line(&pending, "from").then,
            ValueThen::Known(Value::String(_))
        ));
        desk.house.at.clock.advance_seconds(25 * 60 * 60);
        let holds = desk.at(retention, desk.now()).await;
        assert_eq!(known(&holds).unwrap(), *json!({"days": 30}).as_object().unwrap());
        desk.restore(&holds, then, &["days"]).await.unwrap();
        let now = desk.at(retention, desk.now()).await;
        assert_eq!(known(&now).unwrap(), Map::new());
    })
    .await;
}

/// What was there before the log isn't made up.
#[tokio::test]
async fn what_the_log_does_not_say_is_said_to_be_unknown() {
    on_each_database(async |at| {
        let people = demo::people(1);
        let accounts = accounts(&at);
        let password = "brass lantern over quiet water";
        let workspace = accounts.found_demo(people, password.into()).await.unwrap();
        let ada = accounts.system_viewer(&workspace, "Test");
        let (settings, retention) = settings_of(&at);
        let past = past_of(&at, &settings, &retention);
        let who = granted(&ada, daybook_domain::permission::ManageRoles);
        let role = accounts.list_roles(&who).await.unwrap().pop().unwrap();
        let subject = ada.grant_subject(Subject::Role(role.id)).unwrap();
        let reads = granted(&ada, ViewAuditLogs);
        let then = at.clock.now();
        at.clock.advance_seconds(60);
        let form = RoleForm {
            name: role.name.clone(),
            description: "Changed.".to_owned(),
            permissions: role.permissions.iter().copied().collect(),
        };
        accounts
            .update_role(&who, role.id, &role.seen.tag(), form)
            .await
            .unwrap();
        let point = Point::At(TimeBound::At(then));
        let state = past.state_then(&subject, &reads, point).await.unwrap();
        // What it was before the first change is what that says; of the rest nothing is said.
        assert_eq!(
            line(&state, "description").then,
            ValueThen::Known(json!(role.description))
        );
        assert_eq!(line(&state, "permissions").then, ValueThen::Unknown);
        assert!(!line(&state, "permissions").differs());
        let restored = past
            .restore_state(&subject, &reads, point, &state.seen, &["permissions".to_owned()])
            .await;
        assert_eq!(field_of(restored), "permissions");
        let before = Point::At(TimeBound::At(then.plus_seconds(-3600)));
        assert_eq!(
            past.state_then(&subject, &reads, before).await.unwrap().then,
            None
        );
    })
    .await;
}

#[derive(Debug, Clone)]
enum Step {
    Role(&'static str, bool),
    GiveRole(bool),
    Switch,
    Workspace(&'static str),
    Policy(u32),
    Retention(Option<u32>),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (
            prop::sample::select(vec!["Desk lead", "Night shift"]),
            any::<bool>()
        )
            .prop_map(|(name, more)| Step::Role(name, more)),
        any::<bool>().prop_map(Step::GiveRole),
        Just(Step::Switch),
        prop::sample::select(vec!["Northdesk", "Southdesk"]).prop_map(Step::Workspace),
        prop::sample::select(vec![12_u32, 14, 20]).prop_map(Step::Policy),
        prop::sample::select(vec![None, Some(30), Some(90)]).prop_map(Step::Retention),
    ]
}

async fn take(desk: &Desk, role: RoleId, user: UserId, step: &Step) {
    let (house, accounts) = (&desk.house, &desk.house.accounts);
    let (people, roles) = (house.managing_users(), house.managing_roles());
    let who = granted(&house.ada, ManageSettings);
    match step {
        Step::Role(name, more) => {
            let permissions: &[_] = if *more { &[Permission::UsersManage] } else { &[] };
            let seen = house.role_tag(role).await;
            accounts
                .update_role(&roles, role, &seen, form(name, permissions))
                .await
                .unwrap();
        }
        Step::GiveRole(own) => {
            let given = if *own { role } else { house.role("Agent").await };
            let seen = house.user_tag(user).await;
            accounts.set_user_role(&people, user, &seen, given).await.unwrap();
        }
        Step::Switch => match accounts.user(&people, user).await.unwrap().user.status.name() {
            "active" => accounts.deactivate_user(&people, user).await.map(|_| ()).unwrap(),
            _ => accounts.reactivate_user(&people, user).await.map(|_| ()).unwrap(),
        },
        Step::Workspace(name) => {
            let seen = settings_tag(&desk.settings, &who).await;
            let form = workspace_form(name, "UTC");
            desk.settings.set_workspace(&who, &seen, form).await.unwrap();
        }
        Step::Policy(password_length) => {
            let policy = SignInPolicy {
                password_length: *password_length,
                ..SignInPolicy::default()
            };
            let seen = house.policy_tag().await;
            accounts.set_sign_in_policy(&who, &seen, policy).await.unwrap();
        }
        Step::Retention(days) => {
            let seen = retention_tag(&desk.retention, &who, LogKind::Billing).await;
            desk.retention
                .set_retention(&who, LogKind::Billing, &seen, *days)
                .await
                .unwrap();
        }
    }
}

/// Any run of changes: what is rebuilt for each moment is what was there.
#[tokio::test]
async fn what_was_is_rebuilt_for_every_moment() {
    let steps = &drawn(&prop::collection::vec(any_step(), 40));
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let role = desk.role("Desk lead", &[]).await;
        let user = desk.house.user("Gil", "gil@northdesk.example", "Agent").await.id;
        let subjects = [
            Subject::Role(role),
            Subject::Workspace,
            Subject::SignInPolicy,
            Subject::Retention(LogKind::Billing),
            Subject::User(user),
        ];
        let mut snapshots = Vec::new();
        for step in steps {
            desk.house.at.clock.advance_seconds(60 * 60);
            take(&desk, role, user, step).await;
            let mut of_now = Vec::new();
            for subject in subjects {
                let state = desk.then(subject, Point::Now).await.unwrap();
                of_now.push(now(&state));
            }
            snapshots.push((desk.now(), of_now));
        }
        for (at, of_then) in &snapshots {
            for (subject, was) in subjects.into_iter().zip(of_then) {
                let (mut then, mut was) = (known(&desk.at(subject, *at).await), was.clone());
                if let (Subject::User(_), Some(then), Some(was)) = (subject, &mut then, &mut was) {
                    // The log says what their role was called when they got it.
                    then.remove("role");
                    was.remove("role");
                }
                assert_eq!(then, was, "{subject:?} at {at}");
            }
        }
    })
    .await;
}
