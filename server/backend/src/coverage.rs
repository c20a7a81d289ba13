//! Recording can't be forgotten, wherever a change is made: every method of every port is in a table that says which
//! events it leaves, and is called to see that it does. A port or a method without a line fails here.
//!
//! Accounts, things, views, reports, webhooks, integrations, the monitoring, the portal and emails have their tables beside their other tests; the rest
//! stands below.

use crate::{
    accounts::tests::{House, granted, listed as accounts_listed},
    analytics::{Analytics, tests as usage},
    drift::CheckDrift,
    email::tests::listed as emails_listed,
    index::EventIndex,
    integrations::tests::listed as integrations_listed,
    monitoring::tests::listed as monitoring_listed,
    objects::{Objects, tests::listed as objects_listed},
    portal::tests::listed as portal_listed,
    reading::ReadLogs,
    reports::tests::listed as reports_listed,
    retention::RecordRetention,
    settings::GeneralSettings,
    store::EventStore,
    testing::TestDb,
    views::tests::listed as views_listed,
    webhooks::tests::listed as webhooks_listed,
};
use bytes::Bytes;
use daybook_domain::{
    Error,
    analytics::{UsageQuery, UsageType},
    catalogue::faults,
    event::Event,
    id::{HoldId, ImportId, ObjectId},
    log::{LogKind, LogScope},
    naming::Helpdesk,
    object::{
        Change, ColumnMeaning, ImportSettings, KindGranted, ManyTyped, ManyWay, Merge, ObjectKind,
        ObjectStatus, See, Typed,
    },
    permission::{ManageSettings, ViewAnalytics, ViewAuditLogs},
    ports::{
        Analytics as _, DriftChecks as _, Imports as _, Objects as _, Retentions as _, WorkspaceSettings as _,
    },
    query::LogQuery,
    regional::RegionalFormat,
    retention::HoldForm,
    seen::Tag,
    settings::WorkspaceForm,
    viewer::Granted,
};
use std::collections::BTreeSet;

enum Leaves {
    /// It only reads. That the log was read is recorded, and proven where that is done: reading.rs.
    Nothing,
    /// It changes what is no act of anybody's; why.
    NoEvent(&'static str),
    Events(&'static [&'static str]),
}
use Leaves::{Events, NoEvent, Nothing};

/// Ports whose methods have a table elsewhere, with its lines.
fn elsewhere(port: &str) -> Option<BTreeSet<&'static str>> {
    match port {
        "Account" | "ApiKeys" | "Gate" | "IdentityProviders" | "Impersonations" | "Roles"
        | "SignInPolicies" | "Users" => Some(accounts_listed().collect()),
        "Views" => Some(views_listed().collect()),
        "Reports" => Some(reports_listed().collect()),
        "Objects" => Some(objects_listed().collect()),
        "Webhooks" => Some(webhooks_listed().collect()),
        "Integrations" => Some(integrations_listed().collect()),
        "Monitoring" => Some(monitoring_listed().collect()),
        "Emails" => Some(emails_listed().collect()),
        "Portal" => Some(portal_listed().collect()),
        // What is given back is changed by the methods of the others, and tried with them: past/tests.rs.
        "PastStates" => Some(BTreeSet::from(["state_then", "restore_state"])),
        _ => None,
    }
}

const METHODS: &[(&str, &str, Leaves)] = &[
    ("AuditLogs", "list_events", Nothing),
    ("AuditLogs", "event", Nothing),
    ("AuditLogs", "opened", Nothing),
    ("AuditLogs", "compare", Nothing),
    ("AuditLogs", "agent_day", Nothing),
    ("AuditLogs", "activity", Nothing),
    ("AuditLogs", "trace", Nothing),
    ("AuditLogs", "overview", Nothing),
    ("AuditLogs", "event_types", Nothing),
    ("AuditLogs", "logs", Nothing),
    ("Exports", "export_progress", Nothing),
    // What is cancelled ends with `audit_logs.export_finished`: server/tests/it/export.rs.
    ("Exports", "cancel_export", Nothing),
    ("WorkspaceSettings", "settings", Nothing),
    (
        "WorkspaceSettings",
        "set_workspace",
        Events(&["workspace.updated"]),
    ),
    (
        "WorkspaceSettings",
        "set_helpdesk",
        Events(&["workspace.updated"]),
    ),
    ("WorkspaceSettings", "switch_log", Events(&["log.switched_on"])),
    (
        "WorkspaceSettings",
        "switch_courses",
        Events(&["workspace.updated"]),
    ),
    ("Analytics", "usage", Nothing),
    ("Analytics", "usage_of", Nothing),
    ("Analytics", "monthly_reports", Nothing),
    ("Analytics", "monthly_report", Nothing),
    (
        "Analytics",
        "refresh_monthly_report",
        Events(&["usage_report.refreshed"]),
    ),
    ("Analytics", "past_week", Nothing),
    ("Retentions", "retention", Nothing),
    ("Retentions", "set_retention", Events(&["retention.updated"])),
    ("Retentions", "purge_now", Events(&["retention.purge_requested"])),
    ("Retentions", "place_hold", Events(&["legal_hold.placed"])),
    ("Retentions", "release_hold", Events(&["legal_hold.released"])),
    ("Imports", "list_imports", Nothing),
    ("Imports", "import", Nothing),
    (
        "Imports",
        "check_import",
        NoEvent("it is tried: nothing is stored"),
    ),
    (
        "Imports",
        "run_import",
        Events(&["board.created", "data.imported"]),
    ),
    (
        "Imports",
        "drop_import",
        NoEvent("what came of the file is recorded already"),
    ),
    ("DriftChecks", "drift_check", Nothing),
    ("DriftChecks", "begin_drift_check", Events(&["drift.checked"])),
    // Beside the table of things, which calls those of one thing for every kind.
    ("Objects", "update_objects", Events(&["board.updated"])),
    ("Objects", "switch_objects", Events(&["board.deactivated"])),
    (
        "Objects",
        "merge_objects",
        Events(&["board.deleted", "board.merged"]),
    ),
    ("Objects", "delete_objects", Events(&["board.deleted"])),
];

/// Ports and their methods, read from the source.
fn methods() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut port = String::new();
    for line in include_str!("../../../app/domain/src/ports.rs").lines() {
        let name = |rest: &str| rest.split([':', '(', '<']).next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix("pub trait ") {
            port = name(rest);
        } else if let Some(rest) = line.trim_start().strip_prefix("async fn ") {
            found.insert((port.clone(), name(rest)));
        }
    }
    found
}

#[test]
fn every_method_of_every_port_has_a_line() {
    let there = methods();
    assert!(there.len() > 80, "{there:?}");
    let here: BTreeSet<_> = METHODS
        .iter()
        .map(|(port, method, _)| ((*port).to_owned(), (*method).to_owned()))
        .collect();
    let missing: Vec<_> = there
        .iter()
        .filter(|line| !here.contains(*line))
        .filter(|(port, method)| !elsewhere(port).is_some_and(|lines| lines.contains(method.as_str())))
        .collect();
    assert!(missing.is_empty(), "without a line: {missing:?}");
    let gone: Vec<_> = here.difference(&there).collect();
    assert!(gone.is_empty(), "a line for what isn't there: {gone:?}");
}

/// Everything that a method may need.
struct Scene {
    house: House,
    settings: GeneralSettings,
    retention: RecordRetention,
    objects: Objects,
    drift: CheckDrift,
    analytics: Analytics,
    admin: Granted<ManageSettings>,
    reader: Granted<ViewAuditLogs>,
    boards: KindGranted<Change>,
    one: ObjectId,
    other: ObjectId,
    import: ImportId,
    hold: HoldId,
}

impl Scene {
    async fn new() -> Self {
        let house = House::new(TestDb::sqlite().await).await;
        let (at, accounts) = (&house.at, &house.accounts);
        let (db, clock) = (at.db.clone(), at.clock.clone());
        let index = EventIndex::new(db.clone());
        let events = EventStore::new(db.clone(), index.clone(), clock.clone());
        let logs = ReadLogs::new(events.clone(), at.writer.clone(), clock.clone());
        let retention = RecordRetention::new(
            db.clone(),
            at.writer.clone(),
            index,
            events.clone(),
            accounts.clone(),
            clock.clone(),
        );
        let drift = CheckDrift::new(db.clone(), at.writer.clone(), clock.clone());
        let objects = Objects::new(db.clone(), accounts.clone(), logs, clock);
        let admin = granted(&house.ada, ManageSettings);
        let reader = granted(&house.ada, ViewAuditLogs);
        let boards = house.ada.grant_kind(ObjectKind::Board, Change).unwrap();
        let make = async |name: &str| {
            let typed = Typed::from([("name".to_owned(), vec![name.to_owned()])]);
            objects.create_object(&boards, &typed).await.unwrap().id
        };
        let (one, other) = (make("Dispatch").await, make("Despatch").await);
        let file = Bytes::from_static(b"Name\nNight desk\n");
        let import = objects.upload(&boards, "boards.csv", file).await.unwrap();
        let hold = retention
            .place_hold(&admin, &reader, hold("First"))
            .await
            .unwrap()
            .id;
        Self {
            settings: GeneralSettings::new(db, events, accounts.clone()),
            retention,
            objects,
            drift,
            analytics: usage::of(&house),
            admin,
            reader,
            boards,
            one,
            other,
            import,
            hold,
            house,
        }
    }

    async fn tried(&self) {
        let settings = ImportSettings {
            columns: vec![ColumnMeaning::Property("name".to_owned())],
            update: true,
            clear: false,
        };
        let tried = self
            .objects
            .check_import(&self.boards, self.import, settings)
            .await;
        tried.unwrap();
        self.worked().await;
    }

    /// What goes on after the answer is done.
    async fn worked(&self) {
        while self
            .objects
            .import(&self.boards, self.import)
            .await
            .unwrap()
            .state
            .is_at_work()
        {
            tokio::task::yield_now().await;
        }
    }

    /// What has to be there before the method does what it is for.
    async fn prepare(&self, method: &str) {
        if method == "run_import" {
            self.tried().await;
        }
        if method.ends_with("_report") {
            let used = usage::usage("x", "harbor", "ann", "2026-10-02T00:00:00Z");
            usage::append(&self.house, [used]).await;
            self.analytics.settle().await.unwrap();
        }
    }

    /// What reads figures, and the one method that changes something about them.
    async fn call_analytics(&self, method: &str) {
        let (analytics, general) = (&self.analytics, UsageType::General);
        let who = &granted(&self.house.ada, ViewAnalytics);
        let query = UsageQuery::new(general);
        let reports = analytics.monthly_reports(who, general, None).await.unwrap();
        let report = reports.first().map(|report| report.id);
        match method {
            "usage" => drop(analytics.usage(who, &query).await.unwrap()),
            "usage_of" => {
                let see = self.house.ada.grant_kind(ObjectKind::Company, See).unwrap();
                let nobody = analytics.usage_of(who, &see, self.one, &query).await;
                assert_eq!(nobody, Err(Error::NotFound));
            }
            "monthly_reports" => {}
            "monthly_report" => {
                let lines = analytics.monthly_report(who, report.unwrap(), 0, 10).await;
                assert_eq!(lines.unwrap().lines.len(), 2);
            }
            "refresh_monthly_report" => {
                let refreshed = analytics.refresh_monthly_report(who, report.unwrap()).await;
                drop(refreshed.unwrap());
            }
            "past_week" => drop(analytics.past_week(who, general).await.unwrap()),
            other => panic!("{other} is not called"),
        }
    }

    async fn call(&self, method: &str) {
        let (settings, retention, objects) = (&self.settings, &self.retention, &self.objects);
        let (admin, boards, both) = (&self.admin, &self.boards, [self.one, self.other]);
        let seen = settings.settings(admin).await.unwrap().seen.tag();
        match method {
            "settings" => drop(settings.settings(admin).await.unwrap()),
            "set_workspace" => settings.set_workspace(admin, &seen, workspace()).await.unwrap(),
            "set_helpdesk" => settings
                .set_helpdesk(admin, &seen, Helpdesk::Autotask)
                .await
                .unwrap(),
            "switch_log" => settings.switch_log(admin, LogKind::Billing, true).await.unwrap(),
            "switch_courses" => settings.switch_courses(admin, true).await.unwrap(),
            "retention" => drop(retention.retention(admin).await.unwrap()),
            "set_retention" => {
                let seen = Tag::default();
                let set = retention.set_retention(admin, LogKind::Billing, &seen, Some(90));
                drop(set.await.unwrap());
            }
            "purge_now" => retention.purge_now(admin).await.unwrap(),
            "place_hold" => {
                let placed = retention.place_hold(admin, &self.reader, hold("Second"));
                drop(placed.await.unwrap());
            }
            "release_hold" => drop(retention.release_hold(admin, self.hold).await.unwrap()),
            "list_imports" => drop(objects.list_imports(boards).await.unwrap()),
            "import" => drop(objects.import(boards, self.import).await.unwrap()),
            "check_import" => self.tried().await,
            "run_import" => {
                drop(objects.run_import(boards, self.import).await.unwrap());
                self.worked().await;
            }
            "drop_import" => objects.drop_import(boards, self.import).await.unwrap(),
            "drift_check" => drop(self.drift.drift_check(&self.reader).await.unwrap()),
            "begin_drift_check" => {
                let mut appended = self.house.at.writer.appended();
                appended.mark_unchanged();
                self.drift.begin_drift_check(&self.reader).await.unwrap();
                appended.changed().await.unwrap();
            }
            "update_objects" => {
                let urgent = (ManyWay::Set, vec!["high".to_owned()]);
                let typed = ManyTyped::from([("priority".to_owned(), urgent)]);
                let done = objects.update_objects(boards, &both[..1], &typed).await;
                assert_eq!(done.unwrap().changed, 1);
            }
            "switch_objects" => {
                let switched = objects.switch_objects(boards, &both[..1], ObjectStatus::Deactivated);
                assert_eq!(switched.await.unwrap().changed, 1);
            }
            "merge_objects" => {
                let asked = Merge {
                    stays: (self.one, 1),
                    goes: (self.other, 1),
                    kept: std::collections::BTreeMap::default(),
                };
                drop(objects.merge_objects(boards, &asked).await.unwrap());
            }
            "delete_objects" => {
                let done = objects.delete_objects(boards, &both[..1]).await;
                assert_eq!(done.unwrap().changed, 1);
            }
            other => self.call_analytics(other).await,
        }
    }
}

fn workspace() -> WorkspaceForm {
    WorkspaceForm {
        name: "Southdesk".to_owned(),
        zone: "UTC".to_owned(),
        format: RegionalFormat::Sweden,
    }
}

fn hold(name: &str) -> HoldForm {
    HoldForm {
        name: name.to_owned(),
        reason: "A case".to_owned(),
        log: LogScope::One(LogKind::Billing),
        query: LogQuery::default(),
    }
}

fn types(events: &[Event]) -> Vec<&str> {
    let mut types: Vec<_> = events
        .iter()
        .map(|event| event.body.event_type.as_str())
        .collect();
    types.sort_unstable();
    types
}

#[tokio::test]
async fn every_method_that_changes_something_leaves_its_events() {
    // Those of the log are called where what they read is recorded.
    let called = METHODS
        .iter()
        .filter(|(port, ..)| !matches!(*port, "AuditLogs" | "Exports"));
    for (_, method, leaves) in called {
        let scene = Scene::new().await;
        scene.prepare(method).await;
        let (count, before) = (scene.house.events().await.len(), scene.house.at.contents().await);
        scene.call(method).await;
        let events = scene.house.events_since(count).await;
        let changed = scene.house.at.contents().await != before;
        let expected = match leaves {
            Nothing => {
                assert!(!changed, "{method} changes something");
                &[][..]
            }
            NoEvent(why) => {
                assert!(changed, "{method} changes nothing, so “{why}” is no reason");
                &[]
            }
            // Looking for drift changes nothing but the log.
            Events(types) => {
                assert_eq!(
                    changed,
                    *method != "begin_drift_check",
                    "{method} was called and did nothing"
                );
                types
            }
        };
        assert_eq!(types(&events), expected, "{method}");
        for event in &events {
            assert_eq!(faults(&event.body), Vec::<String>::new(), "{method}");
        }
    }
}
