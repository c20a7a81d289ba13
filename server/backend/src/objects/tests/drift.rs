//! What went around the application is found, and nothing else.

use super::{Desk, past::of_seed, typed};
use crate::testing::{TestDb, on_each_database, remove_records};
use daybook_domain::{
    catalogue::faults,
    drift::{Difference, Drift, DriftState},
    object::{Object, ObjectKind as K, ObjectStatus},
    permission::ViewAuditLogs,
    ports::{DriftChecks as _, Objects as _},
};
use daybook_entity::retention_policy;
use proptest::prelude::*;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

impl Desk {
    pub(super) async fn drifts(&self) -> Vec<Drift> {
        let report = self.drift.check(self.house.workspace.id, |_| ()).await;
        let mut drifts = report.unwrap().drifts;
        // Retentions are set around the application here, to have records removed.
        drifts.retain(|drift| drift.thing.kind != "retention");
        drifts
    }

    /// As the retention of a log removes records.
    async fn remove(&self, log: &str, days: &str, sequences: &[i64]) {
        let policy = retention_policy::ActiveModel {
            workspace_id: Set(self.house.workspace.id.0),
            log: Set(log.to_owned()),
            days: Set(days.parse().ok()),
            days_before: Set(None),
            effective_at: Set(0),
        };
        let insert = retention_policy::Entity::insert(policy);
        insert
            .exec_without_returning(&self.house.at.db.write)
            .await
            .unwrap();
        remove_records(&self.house.at.writer, self.house.workspace.id, sequences).await;
    }

    pub(super) async fn around(&self, sql: &str) {
        self.house.at.db.write.execute_unprepared(sql).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_around_the_application_is_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
        let id = board.id.to_string();
        let company = desk
            .create(
                K::Company,
                &[("name", "Harbor IT"), ("boards", &id), ("phone", "+44 1234")],
            )
            .await;
        desk.update(&company, &[("tags", "vip"), ("phone", "")])
            .await
            .unwrap();
        // What it refers to is called something else by now: that is no drift.
        desk.update(&board, &[("name", "Repairs")]).await.unwrap();
        let gone = desk.create(K::Menu, &[("name", "Old")]).await;
        desk.objects
            .delete_object(&desk.may_change(K::Menu), gone.id)
            .await
            .unwrap();
        assert_eq!(desk.drifts().await, []);

        let sql = "UPDATE object SET properties = replace(properties, 'vip', 'lost') WHERE kind = 'company'";
        desk.around(sql).await;
        desk.around("UPDATE object SET status = 'deactivated' WHERE kind = 'board'")
            .await;
        let found: Vec<_> = desk
            .drifts()
            .await
            .into_iter()
            .map(|drift| (drift.name, drift.difference))
            .filter(|(_, difference)| matches!(difference, Difference::Property { .. }))
            .collect();
        let differs = |property: &str, stored: Value, logged: Value| Difference::Property {
            property: property.to_owned(),
            stored,
            logged,
        };
        assert_eq!(
            found,
            [
                (
                    "Harbor IT".to_owned(),
                    differs("tags", json!(["lost"]), json!(["vip"]))
                ),
                (
                    "Repairs".to_owned(),
                    differs("status", json!("deactivated"), json!("active"))
                ),
            ]
        );
        desk.around("DELETE FROM object WHERE kind = 'company'").await;
        let drifts = desk.drifts().await;
        assert!(
            drifts
                .iter()
                .any(|drift| drift.difference == Difference::NotStored)
        );
    })
    .await;
}

/// Of the types in order, the sequences of their records.
async fn sequences(desk: &Desk, event_type: &str) -> Vec<i64> {
    let events = desk.house.events().await.into_iter();
    let of_type = events.filter(|event| event.body.event_type == event_type);
    of_type.map(|event| event.sequence).collect()
}

/// What can't be known any more isn't taken for a difference.
#[tokio::test]
async fn records_that_were_removed_are_no_drift() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let company = desk
            .create(K::Company, &[("name", "Harbor IT"), ("phone", "+44 1234")])
            .await;
        desk.create(K::Company, &[("name", "Aurora")]).await;
        desk.update(&company, &[("tags", "vip")]).await.unwrap();
        let created = sequences(&desk, "company.created").await;
        desk.remove("customer", "for ever", &created).await;
        let report = desk.drift.check(desk.house.workspace.id, |_| ()).await.unwrap();
        let of_things = report
            .drifts
            .iter()
            .filter(|drift| drift.thing.kind != "retention");
        assert_eq!((of_things.count(), report.partly), (0, 2));
        desk.around("UPDATE object SET properties = replace(properties, 'vip', 'lost')")
            .await;
        let of_tags = |drift: &Drift| match &drift.difference {
            Difference::Property { property, .. } => property == "tags",
            _ => false,
        };
        assert!(desk.drifts().await.iter().any(of_tags));
    })
    .await;
}

/// Under a legal hold a record stays while later ones go: then it isn't the last word.
#[tokio::test]
async fn a_record_that_is_held_is_not_the_last_word() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let company = desk
            .create(K::Company, &[("name", "Harbor IT"), ("tags", "vip")])
            .await;
        let menu = desk.create(K::Menu, &[("name", "Self-service")]).await;
        let gone = desk.create(K::Company, &[("name", "Aurora")]).await;
        desk.update(&company, &[("tags", "trial"), ("phone", "+44 1234")])
            .await
            .unwrap();
        desk.objects
            .delete_object(&desk.may_change(K::Company), gone.id)
            .await
            .unwrap();
        let clock = &desk.house.at.clock;
        clock.advance_seconds(30 * 24 * 60 * 60);
        let later = desk
            .create(K::Company, &[("name", "Kestrel"), ("tags", "schools")])
            .await;
        let mut later_words = sequences(&desk, "company.updated").await;
        later_words.extend(sequences(&desk, "company.deleted").await);
        desk.remove("customer", "7", &later_words).await;
        assert_eq!(desk.drifts().await, []);

        // What is younger than the retention is known, and so is what is in a log that keeps all.
        desk.around("UPDATE object SET properties = replace(properties, 'schools', 'lost')")
            .await;
        desk.around("UPDATE object SET status = 'deactivated' WHERE kind = 'menu'")
            .await;
        let found = desk.drifts().await.into_iter();
        let found: Vec<_> = found
            .filter(|drift| matches!(drift.difference, Difference::Property { .. }))
            .map(|drift| drift.thing.id)
            .collect();
        assert_eq!(found, [later.id.to_string(), menu.id.to_string()]);
    })
    .await;
}

/// Somebody asks for a check in the portal: it goes on in the background, and leaves a record.
#[tokio::test]
async fn a_check_is_asked_for_and_recorded() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let reads = desk.house.ada.grant(ViewAuditLogs).unwrap();
        let shown = async || desk.drift.drift_check(&reads).await.unwrap();
        assert_eq!(shown().await, None);
        desk.create(K::Menu, &[("name", "Old")]).await;
        desk.around("UPDATE object SET status = 'deactivated'").await;
        let mut appended = desk.house.at.writer.appended();
        appended.mark_unchanged();
        desk.drift.begin_drift_check(&reads).await.unwrap();
        appended.changed().await.unwrap();
        let event = desk.house.events().await.pop().unwrap();
        assert_eq!(faults(&event.body), Vec::<String>::new());
        assert_eq!(event.body.event_type, "drift.checked");
        let found = event.body.metadata["differences"].as_u64().unwrap();
        assert!(found > 0);
        let finished = loop {
            let check = shown().await.unwrap();
            match check.state {
                DriftState::Running { .. } => tokio::task::yield_now().await,
                finished => break finished,
            }
        };
        assert!(
            matches!(finished, DriftState::Finished { found: shown, .. } if shown == found),
            "{finished:?}"
        );
    })
    .await;
}

/// What a change of a column, or of what things are found by, is said to be.
const AROUND: &[(&str, &str)] = &[
    ("DELETE FROM object_reference", "object_reference"),
    ("UPDATE object SET name = 'X' WHERE kind = 'contact'", "name"),
    (
        "UPDATE object SET name_key = 'x' WHERE kind = 'contact'",
        "name_key",
    ),
    (
        "UPDATE object SET unique_key = 'x' WHERE kind = 'contact'",
        "unique_key",
    ),
    (
        "UPDATE object SET external_id = 'x' WHERE kind = 'contact'",
        "external_id",
    ),
    ("UPDATE object SET words = ' x' WHERE kind = 'contact'", "words"),
    (
        "UPDATE object SET status = 'deactivated' WHERE kind = 'contact'",
        "status",
    ),
    (
        "UPDATE object SET properties = replace(properties, '+44', '+49') WHERE kind = 'contact'",
        "phone",
    ),
    (
        "UPDATE posting SET value = 'lost' WHERE kind = 'company' AND property = 'tags'",
        "posting",
    ),
    (
        "DELETE FROM posting WHERE kind = 'menu' AND property <> ''",
        "posting",
    ),
    (
        "UPDATE posting SET value = 'lost' WHERE kind = 'menu' AND value = 'self'",
        "posting: words",
    ),
    (
        "UPDATE facet SET count = 7 WHERE kind = 'company' AND property = 'status'",
        "facet: status active",
    ),
    ("DELETE FROM posting WHERE kind = 'company'", "posting: words"),
    ("UPDATE object SET number = 70000 WHERE kind = 'board'", "posting"),
    ("DELETE FROM facet WHERE kind = 'contact'", "facet: status active"),
    (
        "DELETE FROM object_sort_key WHERE kind = 'menu' AND sorted_by = 'name'",
        "object_sort_key: name",
    ),
    (
        "UPDATE object_sort_key SET sorted_by = 'lost' WHERE kind = 'menu' AND sorted_by = 'changed'",
        "object_sort_key: changed",
    ),
];

/// Whatever lists show and find is checked, not only what a thing's page shows.
#[tokio::test]
async fn what_lists_show_and_find_is_checked() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let company = [("name", "Harbor IT"), ("tags", "vip")];
        let company = desk.create(K::Company, &company).await.id.to_string();
        let contact = [
            ("name", "Amina"),
            ("email", "amina@harbor.example"),
            ("phone", "+44 1234"),
            ("company", &company),
        ];
        desk.create(K::Contact, &contact).await;
        desk.create(K::Menu, &[("name", "Self-service")]).await;
        desk.create(K::Board, &[("name", "Dispatch")]).await;
        assert_eq!(desk.drifts().await, []);
        for (sql, expected) in AROUND {
            let said = |drifts: Vec<Drift>| {
                let whats = drifts.into_iter().map(|drift| match drift.difference {
                    Difference::Property { property, .. } => property,
                    Difference::Beside { what, .. } => what,
                    other => panic!("{other:?}"),
                });
                whats.filter(|what| what == expected).count()
            };
            let before = said(desk.drifts().await);
            desk.around(sql).await;
            assert!(said(desk.drifts().await) > before, "{sql}");
        }
        desk.around("UPDATE object SET properties = 'damage' WHERE kind = 'menu'")
            .await;
        let drifts = desk.drifts().await;
        assert!(
            drifts
                .iter()
                .any(|drift| drift.difference == Difference::Unreadable)
        );
    })
    .await;
}

#[derive(Debug, Clone)]
enum Step {
    Create(&'static str),
    Update(usize, &'static str, &'static str),
    Switch(usize),
    Delete(usize),
    Merge(usize, usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    let values = prop::sample::select(vec![
        ("tags", "vip, trial"),
        ("tags", ""),
        ("phone", "+49 30 111"),
        ("phone", "+49 30 222"),
        ("notes", "Call before 9."),
        ("custom", "Contract: 1"),
        ("custom", ""),
        (
            "custom",
            "Contract:= {\"id\": \"1\", \"name\": \"Harbor\"}\nSites:= [1, 2]",
        ),
        ("permissions", "files.view"),
    ]);
    prop_oneof![
        prop::sample::select(vec!["Aurora", "Kestrel", "Marble", "Quartz"]).prop_map(Step::Create),
        (0..4_usize, values).prop_map(|(thing, (property, value))| Step::Update(thing, property, value)),
        (0..4_usize).prop_map(Step::Switch),
        (0..4_usize).prop_map(Step::Delete),
        (0..4_usize, 0..4_usize).prop_map(|(stays, goes)| Step::Merge(stays, goes)),
    ]
}

/// Whatever is done through the application, the log says what is stored, at every step.
#[tokio::test]
async fn what_is_done_through_the_application_never_drifts() {
    let steps = prop::collection::vec(any_step(), 50);
    for seed in [1, 2, 3, 4] {
        let desk = Desk::new(TestDb::sqlite().await).await;
        let mut things: Vec<Object> = Vec::new();
        for step in of_seed(&steps, seed) {
            take(&desk, step, &mut things).await;
            assert_eq!(desk.drifts().await, []);
        }
        assert!(!things.is_empty());
    }
}

async fn take(desk: &Desk, step: Step, things: &mut Vec<Object>) {
    let who = desk.may_change(K::Company);
    match step {
        // The name may be taken; then nothing happens.
        Step::Create(name) => {
            let created = desk.objects.create_object(&who, &typed(&[("name", name)])).await;
            things.extend(created.ok());
        }
        Step::Update(thing, property, value) => {
            if let Some(thing) = things.get_mut(thing) {
                *thing = desk.update(thing, &[(property, value)]).await.unwrap();
            }
        }
        Step::Switch(thing) => {
            if let Some(thing) = things.get_mut(thing) {
                let switched = match thing.status {
                    ObjectStatus::Active => desk.objects.deactivate_object(&who, thing.id).await,
                    ObjectStatus::Deactivated => desk.objects.reactivate_object(&who, thing.id).await,
                };
                *thing = switched.unwrap();
            }
        }
        Step::Delete(thing) => {
            if thing < things.len() {
                let thing = things.remove(thing);
                desk.objects.delete_object(&who, thing.id).await.unwrap();
            }
        }
        Step::Merge(stays, goes) => {
            if stays != goes && stays.max(goes) < things.len() {
                things[stays] = desk.merge(&things[stays], &things[goes], &[]).await.unwrap();
                things.remove(goes);
            }
        }
    }
}
