//! What went around the application is found, whatever it is, and nothing else.

mod columns;
mod steps;

use super::{CheckDrift, FAMILIES};
use crate::{
    accounts::tests::{House, accounts, by_provider::ByProvider, granted, retention_tag},
    demo,
    index::EventIndex,
    retention::RecordRetention,
    settings::GeneralSettings,
    store::EventStore,
    testing::{TestDb, on_each_database, remove_records},
    views::SavedViews,
};
use daybook_domain::{
    account::{RoleForm, Scope},
    catalogue::{OwnType, faults},
    drift::{Difference, Drift, DriftState},
    id::{HoldId, RoleId},
    identity::ProviderForm,
    log::{LogKind, LogScope},
    permission::{ManageSettings, Permission, ViewAuditLogs},
    ports::{
        ApiKeys as _, DriftChecks as _, Retentions as _, Roles as _, SignInPolicies as _, Users as _,
        Views as _, WorkspaceSettings as _,
    },
    query::LogQuery,
    retention::HoldForm,
    settings::SignInPolicy,
    view::ViewForm,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A workspace and what can be set in it.
struct Desk {
    house: House,
    drift: CheckDrift,
    settings: GeneralSettings,
    retention: RecordRetention,
    views: SavedViews,
}

impl Desk {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let (db, clock, writer) = (
            house.at.db.clone(),
            house.at.clock.clone(),
            house.at.writer.clone(),
        );
        let index = EventIndex::new(db.clone());
        let events = EventStore::new(db.clone(), index.clone(), clock.clone());
        let accounts = house.accounts.clone();
        Self {
            drift: CheckDrift::new(db.clone(), writer.clone(), clock.clone()),
            settings: GeneralSettings::new(db.clone(), events.clone(), accounts.clone()),
            views: SavedViews::new(db.clone(), accounts.clone()),
            retention: RecordRetention::new(db, writer, index, events, accounts, clock),
            house,
        }
    }

    async fn drifts(&self) -> Vec<Drift> {
        let report = self.drift.check(self.house.workspace.id, |_| ()).await;
        report.unwrap().drifts
    }

    async fn around(&self, sql: &str) {
        self.house.at.db.write.execute_unprepared(sql).await.unwrap();
    }

    async fn role(&self, name: &str, permissions: &[Permission]) -> Option<RoleId> {
        let made = self
            .house
            .accounts
            .create_role(&self.house.managing_roles(), form(name, permissions))
            .await;
        made.ok().map(|role| role.id)
    }

    async fn hold(&self, name: &str) -> Option<HoldId> {
        let form = HoldForm {
            name: name.to_owned(),
            reason: "Court order".to_owned(),
            log: LogScope::All,
            query: LogQuery::parse("actor=mara").unwrap(),
        };
        let who = granted(&self.house.ada, ManageSettings);
        let reads = granted(&self.house.ada, ViewAuditLogs);
        let placed = self.retention.place_hold(&who, &reads, form).await;
        placed.ok().map(|hold| hold.id)
    }
}

fn form(name: &str, permissions: &[Permission]) -> RoleForm {
    RoleForm {
        name: name.to_owned(),
        description: String::new(),
        permissions: permissions.to_vec(),
    }
}

/// What is recorded by comparing it is checked, but for what has no life of its own in the log.
#[test]
fn everything_that_is_compared_is_checked() {
    // One begins with a sign-in, which is another record's kind, and goes by itself.
    const NOT: [&str; 1] = ["session"];
    let lives: Vec<_> = FAMILIES.iter().flat_map(|family| family.lives()).collect();
    let mut checked = BTreeSet::new();
    for of in OwnType::ALL {
        let (kind, _) = of.name().split_once('.').unwrap();
        let compared = of
            .row()
            .fields
            .iter()
            .any(|field| field.path.starts_with("changes."));
        if compared && !NOT.contains(&kind) {
            let life = lives.iter().find(|life| life.kind == kind);
            let life = life.unwrap_or_else(|| panic!("{of} is compared, and no family has it"));
            assert_eq!(life.log, of.row().log, "{of}");
            checked.insert(kind);
        }
    }
    let listed: BTreeSet<_> = lives.iter().map(|life| life.kind).collect();
    assert_eq!(checked, listed);
    for life in lives {
        for verb in life.made.iter().chain(life.ended) {
            assert!(OwnType::of(life.kind, verb).is_some(), "{}.{verb}", life.kind);
        }
    }
}

/// One of everything.
async fn furnish(desk: &Desk) {
    let house = &desk.house;
    let accounts = &house.accounts;
    house.user("Gil Moreau", "gil@northdesk.example", "Agent").await;
    house.user("Ida", "ida@northdesk.example", "Auditor").await;
    house.invite("Noor", "noor@northdesk.example", "Agent").await;
    desk.role("Night shift", &[Permission::AuditLogsView])
        .await
        .unwrap();
    desk.role("Day shift", &[Permission::AuditLogsView])
        .await
        .unwrap();
    let mut provider = ByProvider::new(house).await;
    let agent = house.role("Agent").await;
    let rules = |form: &mut ProviderForm| {
        form.role_claim = "groups".to_owned();
        form.role_rules = "desk = Agent".to_owned();
        form.default_role = Some(agent);
    };
    provider.change(rules).await;
    house.user("Una", "una@northdesk.example", "Agent").await;
    for who in ["gil", "ida", "una"] {
        provider.come(&format!("{who}@northdesk.example")).await.unwrap();
    }
    accounts
        .create_api_key(&house.managing_keys(), "Sync", vec![Scope::EventsRead])
        .await
        .unwrap();
    desk.hold("Case 7").await.unwrap();
    desk.hold("Case 8").await.unwrap();
    let who = granted(&house.ada, ManageSettings);
    for (log, days) in [(LogKind::Access, 900), (LogKind::Billing, 900)] {
        let seen = retention_tag(&desk.retention, &who, log).await;
        desk.retention
            .set_retention(&who, log, &seen, Some(days))
            .await
            .unwrap();
    }
    desk.settings
        .switch_log(&who, LogKind::Billing, true)
        .await
        .unwrap();
    let reads = granted(&house.ada, ViewAuditLogs);
    for name in ["Mine", "Other"] {
        let form = ViewForm {
            name: name.to_owned(),
            shared_with: None,
        };
        let query = LogQuery::parse("actor=mara").unwrap();
        let log = LogScope::One(LogKind::Access);
        desk.views.create_view(&reads, log, &query, form).await.unwrap();
    }
}

/// A row that comes or goes is found as well, and so is one that can't be read.
#[tokio::test]
async fn rows_that_come_and_go_are_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        furnish(&desk).await;
        desk.house.at.clock.advance_seconds(1);
        desk.around(
            "INSERT INTO role (workspace_id, id, name, name_key, description, permissions, created_at) \
             SELECT workspace_id, workspace_id, 'Back door', 'back door', '', '[]', 7 FROM role WHERE name = 'Agent'",
        )
        .await;
        desk.around("DELETE FROM legal_hold WHERE name = 'Case 7'").await;
        desk.around("DELETE FROM retention_policy WHERE log = 'access'").await;
        desk.around("UPDATE api_key SET scopes = 'damage'").await;
        let found: Vec<_> = desk
            .drifts()
            .await
            .into_iter()
            .map(|drift| (drift.thing.kind, drift.name, drift.difference))
            .collect();
        let found: Vec<_> = found
            .iter()
            .map(|(kind, name, difference)| (kind.as_str(), name.as_str(), difference.clone()))
            .collect();
        let days = Difference::Property {
            property: "days".to_owned(),
            stored: Value::Null,
            logged: json!(900),
        };
        assert_eq!(
            found[..3],
            [
                ("role", "Back door", Difference::NotLogged),
                ("api_key", "Sync", Difference::Unreadable),
                ("retention", "Access", days),
            ]
        );
        assert_eq!(found.last(), Some(&("legal_hold", "Case 7", Difference::NotStored)));
    })
    .await;
}

/// A role that is called something else changes nobody's, and neither does time that passes.
#[tokio::test]
async fn what_follows_without_a_record_is_no_drift() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let house = &desk.house;
        let role = desk
            .role("Night shift", &[Permission::AuditLogsView])
            .await
            .unwrap();
        house.user("Gil", "gil@northdesk.example", "Night shift").await;
        let seen = house.role_tag(role).await;
        house
            .accounts
            .update_role(&house.managing_roles(), role, &seen, form("Evenings", &[]))
            .await
            .unwrap();
        let who = granted(&house.ada, ManageSettings);
        let set = async |log, days| {
            let seen = retention_tag(&desk.retention, &who, log).await;
            desk.retention
                .set_retention(&who, log, &seen, days)
                .await
                .unwrap()
        };
        set(LogKind::Access, Some(30)).await;
        assert_eq!(desk.drifts().await, []);
        house.at.clock.advance_seconds(25 * 60 * 60);
        assert_eq!(desk.drifts().await, []);
        set(LogKind::Access, Some(7)).await;
        desk.retention.purge_now(&who).await.unwrap();
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// What is older than the log of it, or whose records are gone, can't be said to differ.
#[tokio::test]
async fn what_is_older_than_its_log_is_no_drift() {
    on_each_database(async |at| {
        let people = demo::people(1);
        let found = accounts(&at)
            .found_demo(people, "brass lantern over quiet water".into())
            .await;
        let workspace = found.unwrap().id;
        let drift = CheckDrift::new(at.db.clone(), at.writer.clone(), at.clock.clone());
        let report = drift.check(workspace, |_| ()).await.unwrap();
        assert_eq!(report.drifts, []);
        assert!(
            report.partly > 3,
            "the roles and people that came with it: {}",
            report.partly
        );
        // It isn't said when they began, but what is asked of them is known.
        let sql = "UPDATE workspace SET password_length = 1";
        at.db.write.execute_unprepared(sql).await.unwrap();
        assert_eq!(drift.check(workspace, |_| ()).await.unwrap().drifts.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn settings_whose_records_are_gone_are_no_drift() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let who = granted(&desk.house.ada, ManageSettings);
        let policy = SignInPolicy {
            idle_minutes: 30,
            ..SignInPolicy::default()
        };
        let accounts = &desk.house.accounts;
        let seen = desk.house.policy_tag().await;
        accounts.set_sign_in_policy(&who, &seen, policy).await.unwrap();
        let seen = retention_tag(&desk.retention, &who, LogKind::Activity).await;
        desk.retention
            .set_retention(&who, LogKind::Activity, &seen, Some(1))
            .await
            .unwrap();
        desk.house.at.clock.advance_seconds(30 * 24 * 60 * 60);
        let all = desk.house.events().await.len();
        let all: Vec<_> = (1..=i64::try_from(all).unwrap()).collect();
        remove_records(&desk.house.at.writer, desk.house.workspace.id, &all).await;
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// Who began a check may be gone before its end: it is recorded all the same, in their name.
#[tokio::test]
async fn a_check_outlives_the_session_it_was_begun_in() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let gil = desk.house.user("Otto", "otto@northdesk.example", "Auditor").await;
        let otto = desk.house.browser(gil.id, 1).await;
        let reads = granted(&otto, ViewAuditLogs);
        desk.house
            .accounts
            .deactivate_user(&desk.house.managing_users(), gil.id)
            .await
            .unwrap();
        let mut appended = desk.house.at.writer.appended();
        appended.mark_unchanged();
        desk.drift.begin_drift_check(&reads).await.unwrap();
        appended.changed().await.unwrap();
        let event = desk.house.last_event().await;
        assert_eq!(faults(&event.body), Vec::<String>::new());
        assert_eq!(event.body.event_type, "drift.checked");
        assert_eq!(event.body.actor.name.as_deref(), Some("Otto"));
        let finished = loop {
            match desk.drift.drift_check(&reads).await.unwrap().unwrap().state {
                DriftState::Running { .. } => tokio::task::yield_now().await,
                finished => break finished,
            }
        };
        assert!(
            matches!(finished, DriftState::Finished { found: 0, .. }),
            "{finished:?}"
        );
    })
    .await;
}
