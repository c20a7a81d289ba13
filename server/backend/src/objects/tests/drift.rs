//! What went around the application is found, and nothing else.

use super::{Desk, typed};
use crate::{
    objects::{Difference, Drift},
    testing::{TestDb, on_each_database, remove_records},
};
use daybook_domain::{
    object::{Object, ObjectKind as K},
    ports::Objects as _,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

impl Desk {
    async fn drifts(&self) -> Vec<Drift> {
        self.objects
            .check_drift(self.house.workspace.id)
            .await
            .unwrap()
            .drifts
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
        let created = desk.house.events().await.into_iter();
        let created: Vec<_> = created
            .filter(|event| event.body.event_type == "company.created")
            .map(|event| event.sequence)
            .collect();
        let at = &desk.house.at;
        remove_records(&at.writer, desk.house.workspace.id, &created).await;
        let report = desk.objects.check_drift(desk.house.workspace.id).await.unwrap();
        assert_eq!((report.drifts, report.partly), (vec![], 2));
        desk.around("UPDATE object SET properties = replace(properties, 'vip', 'lost')")
            .await;
        assert_eq!(desk.drifts().await.len(), 1);
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
