//! The general settings on each database: what they change, what is refused, and what is recorded.

use super::GeneralSettings;
use crate::{
    accounts::tests::{House, conflict, field_of, granted, home, missing, types},
    index::EventIndex,
    recording,
    store::EventStore,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    account::Scope,
    event::Change,
    log::{LogKind, LogScope},
    naming::Helpdesk,
    object::ObjectKind,
    permission::{ManageSettings, Permission, ViewAuditLogs},
    ports::{ApiKeys, AuditLogs, Users, WorkspaceSettings},
    regional::RegionalFormat,
    seen::Tag,
    settings::WorkspaceForm,
    viewer::Granted,
};

fn form(name: &str, zone: &str) -> WorkspaceForm {
    WorkspaceForm {
        name: name.to_owned(),
        zone: zone.to_owned(),
        format: RegionalFormat::Germany,
    }
}

struct Desk {
    house: House,
    settings: GeneralSettings,
    events: EventStore,
    ada: Granted<ManageSettings>,
}

impl Desk {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let db = house.at.db.clone();
        let index = EventIndex::new(db.clone());
        let events = EventStore::new(db.clone(), index, house.at.clock.clone());
        Self {
            settings: GeneralSettings::new(db, events.clone(), house.accounts.clone()),
            events,
            ada: granted(&house.ada, ManageSettings),
            house,
        }
    }

    /// What somebody has seen who looks at the settings just now.
    async fn tag(&self) -> Tag {
        self.settings.settings(&self.ada).await.unwrap().seen.tag()
    }

    async fn has_tab(&self, log: LogKind) -> bool {
        let reader = granted(&self.house.ada, ViewAuditLogs);
        let tabs = self.events.logs(&reader).await.unwrap();
        tabs.iter().any(|(scope, _)| *scope == LogScope::One(log))
    }
}

#[tokio::test]
async fn a_name_and_a_zone_hold_for_who_comes_next() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (house, before) = (&desk.house, desk.house.events().await.len());
        desk.settings
            .set_workspace(
                &desk.ada,
                &desk.tag().await,
                form(" Northdesk test ", "Europe/Berlin"),
            )
            .await
            .unwrap();
        let known = desk.settings.settings(&desk.ada).await.unwrap();
        assert_eq!(
            (known.workspace.as_str(), known.zone.as_str()),
            ("Northdesk test", "Europe/Berlin")
        );
        // Saved once more is no change.
        desk.settings
            .set_workspace(
                &desk.ada,
                &desk.tag().await,
                form("Northdesk test", "Europe/Berlin"),
            )
            .await
            .unwrap();
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["workspace.updated"]);
        assert_eq!(events[0].body.changes.len(), 3);
        assert_eq!(
            events[0].body.changes[1],
            Change::new("regional_format", "en-GB", "de-DE")
        );

        let tom = house.user("Tom", "tom@northdesk.example", "Agent").await;
        let tom = house.browser(tom.id, 0).await.info();
        assert_eq!(
            (tom.workspace.as_str(), tom.zone.as_str(), tom.format),
            ("Northdesk test", "Europe/Berlin", RegionalFormat::Germany)
        );
        let invited = house.invite("Ida", "ida@northdesk.example", "Agent").await;
        let link = invited.secret.reveal().strip_prefix("/invite/").unwrap();
        let ida = house
            .accounts
            .accept_invitation(link, "quiet harbour, nine lamps lit".into(), &home())
            .await
            .unwrap();
        assert_eq!(house.browser(ida, 1).await.zone(), "Europe/Berlin");
        // Who was there keeps their own.
        let ada = house.browser(house.ada.user_id().unwrap(), 3).await;
        assert_eq!((ada.zone(), ada.format()), ("UTC", RegionalFormat::UnitedKingdom));
    })
    .await;
}

#[tokio::test]
async fn the_helpdesk_decides_what_agents_are_called() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (house, agent) = (&desk.house, ObjectKind::ServiceAgent);
        let key = house
            .accounts
            .create_api_key(&house.managing_keys(), "Reader", vec![Scope::EventsRead])
            .await
            .unwrap();
        let program = async || {
            let found = house
                .accounts
                .viewer_of_api_key(&key.secret.reveal().to_owned().into(), home())
                .await;
            found.unwrap().unwrap().0.naming().plural(agent)
        };
        let mara = house.ada.user_id().unwrap();
        assert_eq!(program().await, "Service agents");
        let before = house.events().await.len();
        for _ in 0..2 {
            let set = desk
                .settings
                .set_helpdesk(&desk.ada, &desk.tag().await, Helpdesk::ConnectWise)
                .await;
            set.unwrap();
        }
        let known = desk.settings.settings(&desk.ada).await.unwrap();
        assert_eq!(known.helpdesk, Helpdesk::ConnectWise);
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["workspace.updated"]);
        assert_eq!(
            events[0].body.changes,
            [Change::new("helpdesk_integration", "none", "connectwise")]
        );
        let info = house.browser(mara, 7).await.info();
        assert_eq!(info.naming.plural(agent), "Members");
        house.at.clock.advance_seconds(3);
        assert_eq!(program().await, "Members");
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_switched_on_has_a_tab_without_records() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let before = desk.house.events().await.len();
        assert!(!desk.has_tab(LogKind::Billing).await);
        for _ in 0..2 {
            let on = desk.settings.switch_log(&desk.ada, LogKind::Billing, true).await;
            on.unwrap();
        }
        assert!(desk.has_tab(LogKind::Billing).await);
        let logs = desk.settings.settings(&desk.ada).await.unwrap().logs;
        let on = logs.iter().filter(|tab| tab.switched_on).map(|tab| tab.log);
        assert_eq!(on.collect::<Vec<_>>(), [LogKind::Billing]);
        for _ in 0..2 {
            let off = desk.settings.switch_log(&desk.ada, LogKind::Billing, false).await;
            off.unwrap();
        }
        assert!(!desk.has_tab(LogKind::Billing).await);
        assert_eq!(
            types(&desk.house.events_since(before).await),
            ["log.switched_on", "log.switched_off"]
        );
    })
    .await;
}

#[tokio::test]
async fn what_can_t_be_set_is_refused_and_changes_nothing() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let before = desk.house.events().await.len();
        for (name, zone, field) in [
            (" ", "UTC", "workspace"),
            ("a\u{7}b", "UTC", "workspace"),
            ("Northdesk", "Middle/Earth", "zone"),
            ("Northdesk", "", "zone"),
        ] {
            let set = desk
                .settings
                .set_workspace(&desk.ada, &desk.tag().await, form(name, zone))
                .await;
            assert_eq!(field_of(set), field);
        }
        let core = desk.settings.switch_log(&desk.ada, LogKind::Access, false).await;
        assert_eq!(field_of(core), "log");
        assert_eq!(desk.house.events().await.len(), before);
        let known = desk.settings.settings(&desk.ada).await.unwrap();
        assert_eq!(
            (known.workspace.as_str(), known.zone.as_str()),
            ("Northdesk", "UTC")
        );
    })
    .await;
}

#[tokio::test]
async fn the_settings_are_changed_by_who_has_seen_them_as_they_are() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let opened = desk.tag().await;
        let renamed = desk
            .settings
            .set_workspace(&desk.ada, &opened, form("Southdesk", "UTC"))
            .await;
        renamed.unwrap();
        let before = desk.house.events().await.len();
        conflict(
            desk.settings
                .set_workspace(&desk.ada, &opened, form("Eastdesk", "UTC"))
                .await,
        );
        conflict(
            desk.settings
                .set_helpdesk(&desk.ada, &opened, Helpdesk::Autotask)
                .await,
        );
        assert_eq!(desk.house.events().await.len(), before);
        let known = desk.settings.settings(&desk.ada).await.unwrap();
        assert_eq!(
            (known.workspace.as_str(), known.helpdesk),
            ("Southdesk", Helpdesk::Nothing)
        );
        assert_eq!(known.seen.since(&opened), ["name", "regional_format"]);
    })
    .await;
}

#[tokio::test]
async fn who_lost_the_permission_is_refused_and_that_is_recorded() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let somebody = desk.house.someone_with(&[Permission::SettingsManage]).await;
        let granted = granted(&somebody, ManageSettings);
        let user = somebody.user_id().unwrap();
        let agent = desk.house.role("Agent").await;
        let managing = desk.house.managing_users();
        let seen = desk.house.user_tag(user).await;
        let moved = desk.house.accounts.set_user_role(&managing, user, &seen, agent);
        moved.await.unwrap();
        let set = desk
            .settings
            .set_workspace(&granted, &desk.tag().await, form("Theirs", "UTC"))
            .await;
        assert_eq!(missing(set), Permission::SettingsManage);
        assert_eq!(desk.house.last_event().await.body.event_type, "access.denied");
    })
    .await;
}

#[tokio::test]
async fn that_recording_begins_and_ends_is_recorded() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (house, before) = (&desk.house, desk.house.events().await.len());
        recording::started(&house.accounts, &house.at.writer, "0.1.0")
            .await
            .unwrap();
        recording::stopped(&house.accounts, &house.at.writer, "0.1.0")
            .await
            .unwrap();
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["recording.started", "recording.stopped"]);
        assert_eq!(events[0].body.summary.as_deref(), Some("Daybook 0.1.0 started"));
    })
    .await;
}
