//! What went around the application is found, and nothing else.

use super::{Desk, typed};
use crate::testing::{TestDb, on_each_database, remove_records};
use daybook_domain::{
    catalogue::faults,
    drift::{Difference, Drift, DriftState},
    object::{Object, ObjectKind as K},
    permission::ViewAuditLogs,
    ports::{DriftChecks as _, Objects as _},
};
use daybook_entity::retention_policy;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

impl Desk {
    pub(super) async fn drifts(&self) -> Vec<Drift> {
        self.objects
            .check_drift(self.house.workspace.id, |_| ())
            .await
            .unwrap()
            .drifts
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

    async fn around(&self, sql: &str) {
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

        desk.around(
            "UPDATE object SET properties = replace(properties, 'vip', 'lost') WHERE kind = 'company'",
        )
        .await;
        desk.around("UPDATE object SET status = 'deactivated' WHERE kind = 'board'")
            .await;
        let found: Vec<_> = desk
            .drifts()
            .await
            .into_iter()
            .map(|drift| (drift.name, drift.difference))
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
        assert_eq!(desk.drifts().await[0].difference, Difference::NotStored);
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
        let report = desk
            .objects
            .check_drift(desk.house.workspace.id, |_| ())
            .await
            .unwrap();
        assert_eq!((report.drifts, report.partly), (vec![], 2));
        desk.around("UPDATE object SET properties = replace(properties, 'vip', 'lost')")
            .await;
        assert_eq!(desk.drifts().await.len(), 1);
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
        let found: Vec<_> = desk.drifts().await.into_iter().map(|drift| drift.id).collect();
        assert_eq!(found, [later.id, menu.id]);
    })
    .await;
}

/// Somebody asks for a check in the portal: it goes on in the background, and leaves a record.
#[tokio::test]
async fn a_check_is_asked_for_and_recorded() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let reads = desk.house.ada.grant(ViewAuditLogs).unwrap();
        let shown = async || desk.objects.drift_check(&reads).await.unwrap();
        assert_eq!(shown().await, None);
        desk.create(K::Menu, &[("name", "Old")]).await;
        desk.around("UPDATE object SET status = 'deactivated'").await;
        let mut appended = desk.house.at.writer.appended();
        appended.mark_unchanged();
        desk.objects.begin_drift_check(&reads).await.unwrap();
        appended.changed().await.unwrap();
        let event = desk.house.events().await.pop().unwrap();
        assert_eq!(faults(&event.body), Vec::<String>::new());
        assert_eq!(event.body.event_type, "drift.checked");
        assert_eq!(event.body.metadata["differences"], json!(1));
        assert_eq!(event.body.metadata["things"], json!(1));
        let finished = loop {
            let check = shown().await.unwrap();
            match check.state {
                DriftState::Running { .. } => tokio::task::yield_now().await,
                finished => break finished,
            }
        };
        assert!(
            matches!(finished, DriftState::Finished { found: 1, .. }),
            "{finished:?}"
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
        ("permissions", "files.view"),
    ]);
    prop_oneof![
        prop::sample::select(vec!["Aurora", "Kestrel", "Marble", "Quartz"]).prop_map(Step::Create),
        (0..4_usize, values).prop_map(|(thing, (property, value))| Step::Update(thing, property, value)),
        (0..4_usize).prop_map(Step::Switch),
        (0..4_usize).prop_map(Step::Delete),
    ]
}

/// Whatever is done through the application, the log says what is stored, at every step.
#[tokio::test]
async fn what_is_done_through_the_application_never_drifts() {
    let steps = prop::collection::vec(any_step(), 60);
    let steps = steps
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current();
    let desk = Desk::new(TestDb::sqlite().await).await;
    let who = desk.may_change(K::Company);
    let mut things: Vec<Object> = Vec::new();
    for step in steps {
        match step {
            // The name may be taken; then nothing happens.
            Step::Create(name) => things.extend(
                desk.objects
                    .create_object(&who, &typed(&[("name", name)]))
                    .await
                    .ok(),
            ),
            Step::Update(thing, property, value) => {
                if let Some(thing) = things.get_mut(thing) {
                    *thing = desk.update(thing, &[(property, value)]).await.unwrap();
                }
            }
            Step::Switch(thing) => {
                if let Some(thing) = things.get_mut(thing) {
                    *thing = match thing.status {
                        daybook_domain::object::ObjectStatus::Active => {
                            desk.objects.deactivate_object(&who, thing.id).await
                        }
                        daybook_domain::object::ObjectStatus::Deactivated => {
                            desk.objects.reactivate_object(&who, thing.id).await
                        }
                    }
                    .unwrap();
                }
            }
            Step::Delete(thing) if thing < things.len() => {
                let thing = things.remove(thing);
                desk.objects.delete_object(&who, thing.id).await.unwrap();
            }
            Step::Delete(_) => {}
        }
        assert_eq!(desk.drifts().await, []);
    }
    assert!(!things.is_empty());
}
